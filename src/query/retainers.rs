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
        let broken = self
            .ignoring
            .as_ref()
            .map(|ignoring| ignoring.broken_pairs(graph, snapshot.retainers(), self.node));
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
        IgnoredRetainers::build(snapshot.graph(), &self.nodes, task).map(Arc::new)
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
