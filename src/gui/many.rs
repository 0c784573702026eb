//! Many objects that are looked at together: what the Paths view is about.

use std::sync::Arc;

use crate::base::index::ClassIx;
use crate::query::object_set::{ObjectSet, Selected};
use crate::query::subject::{SnapshotId, What};

/// Objects of a snapshot, and what they are called together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Many {
    /// The snapshot.
    pub(crate) snapshot: SnapshotId,
    /// What finds them.
    pub(crate) set: ObjectSet,
    /// What they are called: the class, or the row that stands for them.
    pub(crate) title: String,
}

/// The set of all objects that these stand for.
pub(crate) fn set_of(all: &[What]) -> ObjectSet {
    let nodes = all.iter().filter_map(|what| match what {
        What::Object(node) => Some(*node),
        What::Class(_) => None,
    });
    let classes = all.iter().filter_map(|what| match what {
        What::Class(class) => Some(*class),
        What::Object(_) => None,
    });
    let classes: Vec<ClassIx> = classes.collect();
    let nodes: Arc<[_]> = nodes.collect();
    ObjectSet::found_by(Selected { nodes, classes })
}
