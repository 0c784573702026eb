//! What is being looked at: an object or a class, together with the snapshot in which it is one.

use crate::base::index::{ClassIx, NodeIx};

/// An open snapshot: given out once, never again after it is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SnapshotId(pub u32);

/// Something in a snapshot. Indices mean nothing without the snapshot they belong to, so above this floor they travel in this.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    /// The snapshot.
    pub snapshot: SnapshotId,
    /// What in it.
    pub what: What,
}

/// What a subject is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// A class.
    Class(ClassIx),
    /// An object.
    Object(NodeIx),
}
