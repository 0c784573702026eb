//! The edge between two nodes that says most to a person.

use rustc_hash::FxHashMap;

use crate::base::index::{EdgeIx, NodeIx};
use crate::graph::{EdgeKind, HeapGraph};

/// Finds edges between nodes. The edges of nodes with many of them are sorted out once, so that a million objects of one
/// array do not cost a million passes over it.
pub(super) struct Between<'a> {
    graph: &'a HeapGraph,
    hubs: FxHashMap<NodeIx, FxHashMap<NodeIx, EdgeIx>>,
}

/// A node with more edges than this is a hub.
const HUB: usize = 64;

impl<'a> Between<'a> {
    pub(super) fn new(graph: &'a HeapGraph) -> Self {
        Self {
            graph,
            hubs: FxHashMap::default(),
        }
    }

    /// The best edge from `source` to `target`: a property, variable or element before the engine's own links, then the first
    /// in the file. Weak ones only from the root.
    pub(super) fn best(&mut self, source: NodeIx, target: NodeIx) -> Option<EdgeIx> {
        let graph = self.graph;
        if graph.heads(source).len() <= HUB {
            return usable_edges(graph, source)
                .filter(|&edge| graph.head(edge).target() == target)
                .min_by_key(|&edge| rank(graph, edge));
        }
        let hub = self.hubs.entry(source).or_insert_with(|| {
            let mut best: FxHashMap<NodeIx, EdgeIx> = FxHashMap::default();
            for edge in usable_edges(graph, source) {
                let slot = best.entry(graph.head(edge).target()).or_insert(edge);
                if rank(graph, edge) < rank(graph, *slot) {
                    *slot = edge;
                }
            }
            best
        });
        hub.get(&target).copied()
    }
}

fn usable_edges(graph: &HeapGraph, source: NodeIx) -> impl Iterator<Item = EdgeIx> + '_ {
    let from_root = source == graph.root();
    graph
        .edges(source)
        .filter(move |&edge| from_root || !graph.head(edge).is_weak())
}

fn rank(graph: &HeapGraph, edge: EdgeIx) -> u8 {
    match graph.head(edge).kind() {
        EdgeKind::Property => 0,
        EdgeKind::Context => 1,
        EdgeKind::Element => 2,
        EdgeKind::Shortcut => 3,
        EdgeKind::Internal => 4,
        EdgeKind::Hidden => 5,
        EdgeKind::Other => 6,
        EdgeKind::Weak => 7,
    }
}
