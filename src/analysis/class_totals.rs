//! What the Summary says of each class.

use crate::base::bits::BitSet;
use crate::base::index::{ClassIx, NodeIx};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};

use super::classes::ClassTable;
use super::distances::{Distance, Distances};
use super::dominators::Dominators;

/// Sums over the members of a class: nodes of shallow size above 0 that pass the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassTotals {
    /// The class.
    pub class: ClassIx,
    /// How many members it has (at least one).
    pub count: u64,
    /// The least distance of a member.
    pub distance: Distance,
    /// Sum of shallow sizes in bytes.
    pub shallow_size: u64,
    /// Sum of the retained sizes, in bytes, of members that no other member dominates.
    pub retained_size: u64,
}

/// Totals of all classes with members, in the order in which their first members stand in the file.
pub fn build(
    _classes: &ClassTable,
    _distances: &Distances,
    _dominators: &Dominators,
    _shallow: &Packed<NodeIx>,
    _retained: &Packed<NodeIx>,
    _filter: Option<&BitSet<NodeIx>>,
    _task: &Task,
) -> Result<Vec<ClassTotals>, Cancelled> {
    unimplemented!()
}
