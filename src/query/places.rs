//! Where in the program every object is: the places of a heap, as paths for many objects need them.

use std::sync::Arc;

use super::Query;
use crate::analysis::path_tree::{PathTree, Source};
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// Asks for the places of all objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindPlaces;

/// The places of a snapshot. Shared: a clone is the same, and nothing else is equal.
#[derive(Clone, Debug)]
pub struct Places(Arc<PathTree>);

impl Places {
    /// The tree.
    pub fn tree(&self) -> &PathTree {
        &self.0
    }
}

impl PartialEq for Places {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Places {}

impl Query for FindPlaces {
    type Over = Snapshot;
    type Answer = Places;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Places, Cancelled> {
        let source = Source {
            graph: snapshot.graph(),
            ephemerons: snapshot.ephemerons(),
            shallow: snapshot.shallow_sizes(),
        };
        PathTree::build(source, task).map(|tree| Places(Arc::new(tree)))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Following all references from the roots")
    }
}
