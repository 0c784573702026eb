//! From each node the next one towards the root.

use rustc_hash::FxHashMap;

use super::Link;
use super::between::Between;
use crate::analysis::distances::{Distance, Reach};
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::query::name_key::NameKey;
use crate::snapshot::Snapshot;

/// The tree of shortest paths, grown where it is asked about: each node's parent is looked for once, so that the paths of
/// a million objects cost little more than their retainers.
pub(super) struct Nearest<'a> {
    snapshot: &'a Snapshot,
    between: Between<'a>,
    parents: FxHashMap<NodeIx, Option<Parent>>,
}

/// The node before another one on the shortest path to it, and the edge between them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parent {
    pub(super) node: NodeIx,
    pub(super) edge: EdgeIx,
}

impl<'a> Nearest<'a> {
    pub(super) fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            between: Between::new(snapshot.graph()),
            parents: FxHashMap::default(),
        }
    }

    /// What finds the edges between nodes.
    pub(super) fn between(&mut self) -> &mut Between<'a> {
        &mut self.between
    }

    /// Does a path lead to `node`?
    pub(super) fn is_reached(&self, node: NodeIx) -> bool {
        self.snapshot.distance(node).reach() != Reach::Unreachable
    }

    /// The shortest path from the root to `target`.
    pub(super) fn path_to(&mut self, target: NodeIx, task: &Task) -> Result<Vec<Link>, Cancelled> {
        let mut links = Vec::new();
        let mut node = target;
        loop {
            let parent = self.parent(node, task)?;
            links.push(Link {
                edge: parent.map(|parent| parent.edge),
                node,
            });
            match parent {
                Some(parent) => node = parent.node,
                None => break,
            }
        }
        links.reverse();
        Ok(links)
    }

    /// The node before `node`; none before the root and before what no path leads to.
    pub(super) fn parent(&mut self, node: NodeIx, task: &Task) -> Result<Option<Parent>, Cancelled> {
        if let Some(&known) = self.parents.get(&node) {
            return Ok(known);
        }
        let parent = self.find_parent(node, task)?;
        self.parents.insert(node, parent);
        Ok(parent)
    }

    fn find_parent(&mut self, node: NodeIx, task: &Task) -> Result<Option<Parent>, Cancelled> {
        let snapshot = self.snapshot;
        let root = snapshot.graph().root();
        if node == root || !self.is_reached(node) {
            return Ok(None);
        }
        if snapshot.distance(node).edges() == Some(1) {
            let edge = self.between.best(root, node);
            return Ok(edge.map(|edge| Parent { node: root, edge }));
        }
        let before = one_less(snapshot.distance(node));
        let mut best: Option<(NameKey<'_>, NodeIx)> = None;
        for (nth, head) in snapshot.retainers().heads(node).iter().enumerate() {
            task.check_at(nth)?;
            let source = head.target();
            if head.is_weak() || snapshot.distance(source) != before || source == root {
                continue;
            }
            if best.as_ref().is_some_and(|(_, node)| *node == source) {
                continue;
            }
            let name = NameKey::of_node(snapshot, source);
            if best.as_ref().is_none_or(|(least, _)| name < *least) {
                best = Some((name, source));
            }
        }
        Ok(best.and_then(|(_, source)| {
            let edge = self.between.best(source, node)?;
            Some(Parent { node: source, edge })
        }))
    }
}

/// The distance of the node before one at `distance`.
fn one_less(distance: Distance) -> Distance {
    match (distance.reach(), distance.edges()) {
        (Reach::User, Some(edges @ 1..)) => Distance::user(edges - 1),
        (Reach::System, Some(edges @ 1..)) => Distance::system(edges - 1),
        _ => Distance::NONE,
    }
}
