//! Many objects that are looked at together: what the Paths view is about.

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
    ObjectSet::found_by(selected(all))
}

/// Asks for all objects that these stand for.
pub(crate) fn selected(all: &[What]) -> Selected {
    let nodes = all.iter().filter_map(|what| match what {
        What::Object(node) => Some(*node),
        What::Class(_) => None,
    });
    let classes = all.iter().filter_map(|what| match what {
        What::Class(class) => Some(*class),
        What::Object(_) => None,
    });
    Selected {
        nodes: nodes.collect(),
        classes: classes.collect(),
    }
}
