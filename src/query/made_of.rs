//! What are some objects made of: bytes by category?

use super::Query;
use super::passing::Passing;
use crate::analysis::statistics::Statistics;
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// Asks for the categories of these objects alone; those of all are [`Snapshot::statistics`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MadeOf {
    /// Which objects.
    pub only: Passing,
}

impl Query for MadeOf {
    type Over = Snapshot;
    type Answer = Statistics;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Statistics, Cancelled> {
        let size = |node| {
            if self.only.contains(node) {
                snapshot.shallow_size(node)
            } else {
                0
            }
        };
        Statistics::of_some(snapshot.graph(), snapshot.dom(), size, snapshot.retainers(), task)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::filters::NodeFilter;
    use crate::graph::ObjectId;
    use crate::query::passing::FindPassing;
    use crate::query::testing::{ask, snapshot};

    #[test]
    fn only_what_passes_is_counted() {
        let snapshot = snapshot(
            "root:synthetic/0 -shortcut:w-> a:object/8 #11 -x-> b:string/24 #13\na -y-> c:string/32 #15\na -z-> d:object/4 #17",
        );
        let filter = NodeFilter::AllocatedBetween {
            after: ObjectId(13),
            through: ObjectId(99),
        };
        let only = ask(&FindPassing { filter }, &snapshot).unwrap();
        let made_of = ask(&MadeOf { only }, &snapshot);
        assert_eq!((made_of.total, made_of.strings, made_of.other_js()), (36, 32, 4));
    }
}
