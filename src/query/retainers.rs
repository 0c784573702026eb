//! Who holds an object?

use std::sync::Arc;

use super::edges::{EdgeColumn, EdgeRow, EdgeSort};
use super::{Direction, Order, Query};
use crate::analysis::distances::{Distance, Reach};
use crate::analysis::ignored_retainers::IgnoredRetainers;
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// Asks for the edges that hold an object: all but weak ones and those of the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retainers {
    /// The object.
    pub node: NodeIx,
    /// Retainers left out of account, with the distances without them (see [`Ignore`]).
    pub ignoring: Option<Arc<IgnoredRetainers>>,
    /// How the edges are sorted.
    pub order: Order<EdgeColumn>,
}

/// Asks how far everything is from the roots when some nodes are ignored; the answer is part of the questions that follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ignore {
    /// The ignored nodes.
    pub nodes: Vec<NodeIx>,
}

/// How many levels [`chain`] opens at most.
pub const CHAIN_LEVELS: usize = 20;

/// Where distances of what is not reached begin when rows are sorted.
const BEYOND_REACH: i64 = 200_000_000;

impl Retainers {
    /// The order in which DevTools shows them first.
    pub const DEFAULT_ORDER: Order<EdgeColumn> = Order::ascending(EdgeColumn::Distance);

    /// Asks for all retainers of `node` in the default order.
    pub fn of(node: NodeIx) -> Self {
        Self {
            node,
            ignoring: None,
            order: Self::DEFAULT_ORDER,
        }
    }

    fn distance(&self, snapshot: &Snapshot, node: NodeIx) -> Distance {
        match &self.ignoring {
            Some(ignoring) => ignoring.distance(node),
            None => snapshot.distance(node),
        }
    }
}

impl Query for Retainers {
    type Over = Snapshot;
    type Answer = Vec<EdgeRow>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<EdgeRow>, Cancelled> {
        let graph = snapshot.graph();
        let broken = self.ignoring.as_ref().map(|ignoring| {
            ignoring.broken_pairs(graph, snapshot.retainers(), snapshot.ephemerons(), self.node)
        });
        let is_broken = |edge: EdgeIx| broken.as_ref().is_some_and(|broken| broken.contains(&edge));
        let mut rows = Vec::with_capacity(snapshot.retainers().count(self.node));
        for (nth, (node, edge)) in snapshot.retainers().of(graph, self.node).enumerate() {
            task.check_at(nth)?;
            if graph.head(edge).is_weak() || node == graph.root() {
                continue;
            }
            let distance = if is_broken(edge) {
                Distance::NONE
            } else {
                self.distance(snapshot, node)
            };
            rows.push(EdgeRow { edge, node, distance });
        }
        // What is not reached stands at the end, what was near before it was cut off first.
        let distance = |row: EdgeRow| match row.distance.reach() {
            Reach::Unreachable if is_broken(row.edge) => BEYOND_REACH,
            Reach::Unreachable => BEYOND_REACH + snapshot.distance(row.node).sort_key().max(0),
            Reach::User | Reach::System => row.distance.sort_key(),
        };
        let sort = EdgeSort {
            snapshot,
            distance: &distance,
            tie: Direction::Descending,
        };
        sort.sort(&mut rows, self.order);
        Ok(rows)
    }
}

impl Query for Ignore {
    type Over = Snapshot;
    type Answer = Arc<IgnoredRetainers>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Arc<IgnoredRetainers>, Cancelled> {
        IgnoredRetainers::build(snapshot.graph(), snapshot.ephemerons(), &self.nodes, task).map(Arc::new)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Measuring distances")
    }
}

/// What opens by itself when an object is selected: its first retainer, the first retainer of that, and so on towards the
/// roots while there is a way to them.
pub fn chain(
    snapshot: &Snapshot,
    node: NodeIx,
    ignoring: Option<&Arc<IgnoredRetainers>>,
    task: &Task,
) -> Result<Vec<EdgeRow>, Cancelled> {
    let mut chain = Vec::new();
    let mut question = Retainers {
        ignoring: ignoring.cloned(),
        ..Retainers::of(node)
    };
    while chain.len() < CHAIN_LEVELS {
        let Some(first) = question.run(snapshot, task)?.into_iter().next() else {
            break;
        };
        chain.push(first);
        if first.distance.reach() == Reach::Unreachable || first.distance.sort_key() <= 1 {
            break;
        }
        question.node = first.node;
    }
    Ok(chain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{ask, lines, named, snapshot};

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:object/8 -cache-> cache:object/8 -item-> item:object/8
        window -list-> list:object/8 -first-> first:object/8 -item-> item
        cache -also-> item
        cache -weak:again-> item
        root -element:9-> item2:code/8 -item-> item
        root -element:5-> item
    ";

    fn rows(question: &Retainers, snapshot: &Snapshot) -> Vec<String> {
        use EdgeColumn::{Distance, EdgeName, Name, Reach};
        lines(
            snapshot,
            &ask(question, snapshot),
            &[EdgeName, Name, Distance, Reach],
        )
    }

    #[test]
    fn the_nearest_come_first_and_later_edges_before_earlier() {
        let snapshot = snapshot(HEAP);
        let item = named(&snapshot, "item");
        assert_eq!(
            rows(&Retainers::of(item), &snapshot),
            [
                "item item2 1 user",
                "also cache 2 user",
                "item cache 2 user",
                "item first 3 user"
            ]
        );
    }

    #[test]
    fn ignored_retainers_and_what_only_they_reach_come_last() {
        let snapshot = snapshot(HEAP);
        let item = named(&snapshot, "item");
        let nodes = vec![named(&snapshot, "cache"), named(&snapshot, "list")];
        let ignoring = Some(ask(&Ignore { nodes }, &snapshot));
        let question = Retainers {
            ignoring,
            ..Retainers::of(item)
        };
        assert_eq!(
            rows(&question, &snapshot),
            [
                "item item2 1 user",
                "also cache - unreachable",
                "item cache - unreachable",
                "item first - unreachable"
            ]
        );
        assert_eq!(question, question.clone());
        assert_ne!(question, Retainers::of(item));
    }

    #[test]
    fn a_pair_whose_key_is_cut_off_is_broken() {
        let snapshot = snapshot(
            r#"
            root:synthetic/0 -shortcut:w-> window:object/8 -k-> holder:object/8 -key-> key:object/8
            window -map-> map:object/8 -internal:table-> table:array/8 #51
            key -internal:"3 / part of key (key @7) -> value (value @99) pair in WeakMap (table @51)"-> value:object/8
            table -internal:"4 / part of key (key @7) -> value (value @99) pair in WeakMap (table @51)"-> value
            "#,
        );
        let value = named(&snapshot, "value");
        let nodes = vec![named(&snapshot, "holder")];
        let ignoring = Some(ask(&Ignore { nodes }, &snapshot));
        let all = ask(&Retainers::of(value), &snapshot);
        assert!(
            all.iter().all(|row| row.distance.reach() == Reach::User),
            "{all:?}"
        );
        let cut = ask(
            &Retainers {
                ignoring,
                ..Retainers::of(value)
            },
            &snapshot,
        );
        assert_eq!(cut.len(), 2);
        assert!(cut.iter().all(|row| row.distance == Distance::NONE), "{cut:?}");
    }

    #[test]
    fn the_chain_ends_at_the_roots() {
        let snapshot = snapshot(HEAP);
        let names = |name, ignored: &[&str]| {
            let nodes = ignored.iter().map(|name| named(&snapshot, name)).collect();
            let ignoring = ask(&Ignore { nodes }, &snapshot);
            let chain = chain(&snapshot, named(&snapshot, name), Some(&ignoring), &Task::new()).unwrap();
            lines(&snapshot, &chain, &[EdgeColumn::Name]).join(" ")
        };
        assert_eq!(names("item", &[]), "item2");
        assert_eq!(names("first", &[]), "list window");
        assert_eq!(names("first", &["window"]), "list window");
        assert_eq!(names("first", &["list"]), "list");
    }
}
