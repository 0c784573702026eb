//! How much are several objects and classes, taken together?

use super::Query;
use super::object_set::Selected;
use crate::analysis::retained_sets::{self, SetTree};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// Asks what some objects and all members of some classes come to; what is in both counts once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// Which.
    pub of: Selected,
}

/// What the objects come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TogetherAnswer {
    /// How many objects.
    pub count: u64,
    /// Sum of their shallow sizes in bytes.
    pub shallow_size: u64,
    /// What would go if all of them went, in bytes: exact, and often more than each by itself would free.
    pub retained_size: u64,
}

impl Query for Together {
    type Over = Snapshot;
    type Answer = TogetherAnswer;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<TogetherAnswer, Cancelled> {
        let members: Vec<(NodeIx, u32)> = self
            .of
            .run(snapshot, task)?
            .into_iter()
            .map(|node| (node, 0))
            .collect();
        let mut answer = TogetherAnswer::default();
        for (nth, &(node, _)) in members.iter().enumerate() {
            task.check_at(nth)?;
            answer.count += 1;
            answer.shallow_size += snapshot.shallow_size(node);
        }
        answer.retained_size = match *members {
            [] => 0,
            [(node, _)] => snapshot.retained_size(node),
            _ => {
                let sizes = retained_sets::build(
                    snapshot.graph(),
                    snapshot.ephemerons(),
                    snapshot.shallow_sizes(),
                    &SetTree::default(),
                    &members,
                    task,
                )?;
                sizes.first().copied().unwrap_or_default()
            }
        };
        Ok(answer)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Adding up the selection")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::index::ClassIx;
    use crate::query::testing::{ask, named, snapshot};

    #[test]
    fn what_is_shared_counts_for_the_set() {
        let snapshot = snapshot(
            "root:synthetic/0 -shortcut:w-> window:object/8 -a-> a=Item:object/10 -x-> shared=Part:object/100
            window -b-> b=Item:object/20 -x-> shared
            window -c-> c=Other:object/40 -x-> own=Own:object/7
            window -d-> d=Item:object/0",
        );
        let graph = snapshot.graph();
        let items: Vec<NodeIx> = graph
            .nodes()
            .filter(|&node| graph.raw_name(node) == "Item")
            .collect();
        let class = snapshot.class_of(items[0]);
        let come_to = |nodes: &[NodeIx], classes: &[ClassIx]| {
            let of = Selected {
                nodes: nodes.into(),
                classes: classes.to_vec(),
            };
            let question = Together { of };
            let answer = ask(&question, &snapshot);
            (answer.count, answer.shallow_size, answer.retained_size)
        };
        let other = named(&snapshot, "Other");
        assert_eq!(come_to(&[items[0]], &[]), (1, 10, 10));
        assert_eq!(come_to(&items[..2], &[]), (2, 30, 130));
        assert_eq!(come_to(&[], &[class]), (2, 30, 130));
        assert_eq!(come_to(&[items[0], items[0], other], &[class]), (3, 70, 177));
        assert_eq!(come_to(&[], &[]), (0, 0, 0));
    }
}
