//! Which objects pass a filter? Found once, and handed to the questions that look at these only.

use std::sync::Arc;

use super::{Query, filtered};
use crate::analysis::filters::NodeFilter;
use crate::base::bits::BitSet;
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// Asks for the objects that pass a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindPassing {
    /// The filter.
    pub filter: NodeFilter,
}

/// The objects of a snapshot that pass a filter. Shared: a clone is the same, and nothing else is equal.
#[derive(Clone, Debug)]
pub struct Passing(Arc<Found>);

#[derive(Debug)]
struct Found {
    nodes: BitSet<NodeIx>,
    count: u64,
    shallow_size: u64,
}

impl PartialEq for Passing {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Passing {}

impl Passing {
    /// Is `node` one of them?
    #[inline]
    pub fn contains(&self, node: NodeIx) -> bool {
        self.0.nodes.contains(node)
    }

    /// All of them.
    pub(super) fn nodes(&self) -> &BitSet<NodeIx> {
        &self.0.nodes
    }

    /// How many there are with a shallow size above 0: those that the Summary counts.
    pub fn count(&self) -> u64 {
        self.0.count
    }

    /// Their shallow sizes together, in bytes.
    pub fn shallow_size(&self) -> u64 {
        self.0.shallow_size
    }
}

impl Query for FindPassing {
    type Over = Snapshot;
    /// None for [`NodeFilter::All`].
    type Answer = Option<Passing>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Option<Passing>, Cancelled> {
        let Some(nodes) = filtered::nodes(snapshot, self.filter, task)? else {
            return Ok(None);
        };
        let (mut count, mut shallow_size) = (0, 0);
        for (nth, node) in nodes.iter().enumerate() {
            task.check_at(nth)?;
            let size = snapshot.shallow_size(node);
            count += u64::from(size > 0);
            shallow_size += size;
        }
        Ok(Some(Passing(Arc::new(Found {
            nodes,
            count,
            shallow_size,
        }))))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Filtering objects")
    }
}

/// Is `node` among `only`, or are all?
#[inline]
pub(super) fn passes(only: Option<&Passing>, node: NodeIx) -> bool {
    only.is_none_or(|only| only.contains(node))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::ObjectId;
    use crate::query::testing::{ask, named, snapshot};

    #[test]
    fn what_passes_is_counted_as_the_summary_counts() {
        let snapshot = snapshot(
            "root:synthetic/0 -shortcut:w-> a:object/8 #11 -x-> b:object/24 #13\nb -y-> none:object/0 #15",
        );
        let filter = NodeFilter::AllocatedBetween {
            after: ObjectId(11),
            through: ObjectId(15),
        };
        let passing = ask(&FindPassing { filter }, &snapshot).unwrap();
        assert_eq!((passing.count(), passing.shallow_size()), (1, 24));
        assert!(passing.contains(named(&snapshot, "none")) && !passing.contains(named(&snapshot, "a")));
        let all = FindPassing {
            filter: NodeFilter::All,
        };
        assert!(ask(&all, &snapshot).is_none());
    }
}
