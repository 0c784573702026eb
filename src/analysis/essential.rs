//! Which edges count for domination.
//!
//! An edge is *essential* unless it is weak, leads to its own source, is a shortcut of a node other than the root, is the
//! table's half of a `WeakMap` pair, or leads from a node that is no page object to one that is. *Page objects* are what the
//! program's own globals reach: what only they hold must not seem held by the engine.

use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeKind, HeapGraph, NodeKind};

use super::ephemerons::Ephemerons;

/// The rule of essential edges, for one edge at a time. (Searches over the whole graph apply it in their own loops.)
#[derive(Clone, Copy, Debug)]
pub struct Essential<'a> {
    /// The graph.
    pub graph: &'a HeapGraph,
    /// Its `WeakMap` edges.
    pub ephemerons: &'a Ephemerons,
    /// Its page objects.
    pub page_objects: &'a BitSet<NodeIx>,
}

impl Essential<'_> {
    /// Does `edge`, which leaves `source`, count?
    pub fn contains(&self, source: NodeIx, edge: EdgeIx) -> bool {
        let head = self.graph.head(edge);
        let target = head.target();
        let from_root = source == self.graph.root();
        let foreign = self.page_objects.contains(target) && !self.page_objects.contains(source);
        !head.is_weak()
            && target != source
            && (from_root || !head.is_shortcut() && !foreign)
            && !(self.ephemerons.has_edges(source) && self.ephemerons.is_tables_half(edge))
    }
}

/// The name of the synthetic node under which Chromium hangs documents.
pub const DOCUMENT_TREES: &str = "(Document DOM trees)";

/// Is `node`, a child of the root, a root of the program's own?
pub fn is_user_root(graph: &HeapGraph, node: NodeIx) -> bool {
    graph.kind(node) != NodeKind::Synthetic || graph.raw_name(node) == DOCUMENT_TREES
}

/// Where page objects begin: targets of the root's shortcuts, and the documents' node.
pub fn page_seeds(graph: &HeapGraph) -> impl Iterator<Item = NodeIx> + '_ {
    graph.heads(graph.root()).iter().filter_map(|head| {
        let target = head.target();
        let documents = head.kind() == EdgeKind::Element
            && graph.kind(target) == NodeKind::Synthetic
            && graph.raw_name(target) == DOCUMENT_TREES;
        (head.is_shortcut() || documents).then_some(target)
    })
}

/// Adds to `members` all that `seeds` reach over edges that are not weak.
pub fn close(
    graph: &HeapGraph,
    members: &mut BitSet<NodeIx>,
    seeds: Vec<NodeIx>,
    task: &Task,
) -> Result<(), Cancelled> {
    let mut stack = seeds;
    stack.retain(|&seed| members.insert(seed));
    let mut steps = 0;
    while let Some(node) = stack.pop() {
        steps += 1;
        task.check_at(steps)?;
        for head in graph.heads(node) {
            if !head.is_weak() && members.insert(head.target()) {
                stack.push(head.target());
            }
        }
    }
    Ok(())
}

/// The page objects of `graph`.
pub fn page_objects(graph: &HeapGraph, task: &Task) -> Result<BitSet<NodeIx>, Cancelled> {
    let mut members = BitSet::new(graph.node_count());
    close(graph, &mut members, page_seeds(graph).collect(), task)?;
    Ok(members)
}
