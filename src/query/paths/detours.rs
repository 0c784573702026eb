//! The next shortest paths to one object.
//!
//! A best-first search from the object towards the root: what is known of a way so far is its length and, by the distances,
//! the least it still has to go, so that ways come out shortest first. Two ways differ in a node, not only in which of several
//! edges joins two nodes, and none visits a node twice.
//!
//! The search is bounded: of each node the [`NEAREST_RETAINERS`] nearest retainers are followed, and after [`LIMIT`] ways
//! begun it gives what it has.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Link;
use super::between::Between;
use crate::analysis::distances::Reach;
use crate::analysis::essential::is_user_root;
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::query::Direction;
use crate::query::name_key::NameKey;
use crate::query::sort;
use crate::snapshot::Snapshot;

/// How many retainers of a node are followed.
pub(super) const NEAREST_RETAINERS: usize = 200;
/// How many ways are begun.
pub(super) const LIMIT: usize = 200_000;

/// A way by the engine's roots comes after all ways by the program's own.
const BY_THE_ENGINE: u64 = 1 << 32;

/// A way from a node to the object: the node, and the way of the next one.
#[derive(Clone, Copy)]
struct Way {
    node: NodeIx,
    next: Option<usize>,
    length: u64,
}

struct Search<'a> {
    snapshot: &'a Snapshot,
    ways: Vec<Way>,
    /// Least length in all, then the longest so far, then the first begun.
    open: BinaryHeap<Reverse<(u64, Reverse<u64>, usize)>>,
}

/// Up to `count` paths from the root to `target`, shortest first.
pub(super) fn find(
    snapshot: &Snapshot,
    between: &mut Between<'_>,
    target: NodeIx,
    count: usize,
    task: &Task,
) -> Result<Vec<Vec<Link>>, Cancelled> {
    let mut search = Search {
        snapshot,
        ways: Vec::new(),
        open: BinaryHeap::new(),
    };
    search.begin(target, None);
    let mut found = Vec::new();
    while found.len() < count
        && let Some(Reverse((.., way))) = search.open.pop()
    {
        task.check()?;
        if search.ways[way].node == snapshot.graph().root() {
            found.push(search.links(way, between));
        } else if search.ways.len() < LIMIT {
            search.extend(way, task)?;
        }
    }
    Ok(found)
}

impl Search<'_> {
    fn begin(&mut self, node: NodeIx, next: Option<usize>) {
        let length = next.map_or(0, |next| self.ways[next].length + 1);
        let at_least = length + self.rest(node, next);
        self.open
            .push(Reverse((at_least, Reverse(length), self.ways.len())));
        self.ways.push(Way { node, next, length });
    }

    /// The least a way still has to go from `node`; for the root, whether it ends at a root of the program's own.
    fn rest(&self, node: NodeIx, next: Option<usize>) -> u64 {
        let graph = self.snapshot.graph();
        let distance = self.snapshot.distance(node);
        let edges = u64::from(distance.edges().unwrap_or(0));
        let by_the_engine = match next {
            Some(next) if node == graph.root() => {
                distance.reach() == Reach::System && !is_user_root(graph, self.ways[next].node)
            }
            _ => distance.reach() == Reach::System,
        };
        if by_the_engine {
            edges + BY_THE_ENGINE
        } else {
            edges
        }
    }

    /// Begins all ways that are `way` with one more node before it.
    fn extend(&mut self, way: usize, task: &Task) -> Result<(), Cancelled> {
        let snapshot = self.snapshot;
        let (graph, node) = (snapshot.graph(), self.ways[way].node);
        let mut before = Vec::new();
        for (nth, head) in snapshot.retainers().heads(node).iter().enumerate() {
            task.check_at(nth)?;
            let source = head.target();
            // The root's weak edges count where they make a user root, as they do for the distances.
            let follows = !head.is_weak() || source == graph.root() && is_user_root(graph, node);
            if follows && snapshot.distance(source).reach() != Reach::Unreachable {
                before.push(source);
            }
        }
        before.sort_unstable();
        before.dedup();
        before.retain(|&source| !self.visits(way, source));
        sort::by_number(
            &mut before,
            Direction::Ascending,
            |source| self.rest(source, Some(way)),
            |run| {
                let name = |source| NameKey::of_node(snapshot, source);
                sort::by_text(run, Direction::Ascending, name, |run| {
                    run.sort_unstable_by(|a, b| b.cmp(a));
                });
            },
        );
        for &source in before.iter().take(NEAREST_RETAINERS) {
            self.begin(source, Some(way));
        }
        Ok(())
    }

    /// Is `node` on `way`?
    fn visits(&self, way: usize, node: NodeIx) -> bool {
        self.along(way).any(|on_the_way| on_the_way == node)
    }

    /// The nodes of a way, from its first to the object.
    fn along(&self, way: usize) -> impl Iterator<Item = NodeIx> + '_ {
        let mut at = Some(way);
        std::iter::from_fn(move || {
            let way = self.ways[at?];
            at = way.next;
            Some(way.node)
        })
    }

    fn links(&self, way: usize, between: &mut Between<'_>) -> Vec<Link> {
        let mut before = None;
        self.along(way)
            .map(|node| {
                let edge = before.and_then(|before| between.best(before, node));
                before = Some(node);
                Link { edge, node }
            })
            .collect()
    }
}
