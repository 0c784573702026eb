//! The heap for petgraph: its traits over the columns as they lie in memory, nothing copied.
//!
//! Every algorithm of petgraph runs on a [`Directed`] view, and on parts of one through petgraph's own adaptors
//! ([`EdgeFiltered`], [`NodeFiltered`](petgraph::visit::NodeFiltered), [`Reversed`](petgraph::visit::Reversed)). What this
//! program does over tens of millions of edges it does with searches of its own, which need no map of visited nodes by hash;
//! the views are for tests against another implementation, and for whoever uses the library.
//!
//! ```
//! use heapatlas::base::task::Task;
//! use heapatlas::graph::{HeapGraph, retainers::Retainers, visit::Directed};
//! use petgraph::visit::{Bfs, Walker as _};
//!
//! let bytes = heapatlas::fixture::heap("root:synthetic/0 -m-> map -v-> value:string/24\nmap -weak:key-> key");
//! let task = Task::new();
//! let columns = heapatlas::parse::read_bytes(&bytes, "tiny".as_ref(), &task)?;
//! let graph = HeapGraph::new(columns, &task)?;
//! let retainers = Retainers::build(&graph, &task)?;
//! let view = Directed::new(&graph, &retainers).without_weak();
//! assert_eq!(Bfs::new(&view, graph.root()).iter(&view).count(), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::iter::{Copied, Enumerate, Map};
use std::ops::Range;
use std::slice;

use fixedbitset::FixedBitSet;
use petgraph::Direction;
use petgraph::visit::{
    Data, EdgeCount, EdgeFiltered, EdgeRef, GraphBase, GraphProp, GraphRef, IntoEdgeReferences, IntoEdges,
    IntoEdgesDirected, IntoNeighbors, IntoNeighborsDirected, IntoNodeIdentifiers, IntoNodeReferences,
    NodeCompactIndexable, NodeCount, NodeIndexable, VisitMap, Visitable,
};

use super::retainers::Retainers;
use super::{EdgeHead, EdgeKind, HeapGraph};
use crate::base::index::{EdgeIx, Ix as _, NodeIx};

/// A heap that can be walked both ways.
#[derive(Clone, Copy, Debug)]
pub struct Directed<'a> {
    graph: &'a HeapGraph,
    retainers: &'a Retainers,
}

/// A [`Directed`] view of some edges only.
pub type Part<'a> = EdgeFiltered<Directed<'a>, fn(Link) -> bool>;

/// An edge with both its ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    edge: EdgeIx,
    source: NodeIx,
    target: NodeIx,
    kind: EdgeKind,
}

impl<'a> Directed<'a> {
    /// A view of `graph`; `retainers` must be its own.
    pub fn new(graph: &'a HeapGraph, retainers: &'a Retainers) -> Self {
        Self { graph, retainers }
    }

    /// The part of the heap that weak edges do not join.
    pub fn without_weak(self) -> Part<'a> {
        EdgeFiltered(self, |link| link.kind != EdgeKind::Weak)
    }
}

impl EdgeRef for Link {
    type NodeId = NodeIx;
    type EdgeId = EdgeIx;
    type Weight = EdgeKind;

    fn source(&self) -> NodeIx {
        self.source
    }

    fn target(&self) -> NodeIx {
        self.target
    }

    fn weight(&self) -> &EdgeKind {
        &self.kind
    }

    fn id(&self) -> EdgeIx {
        self.edge
    }
}

impl GraphBase for Directed<'_> {
    type NodeId = NodeIx;
    type EdgeId = EdgeIx;
}

impl GraphRef for Directed<'_> {}

impl GraphProp for Directed<'_> {
    type EdgeType = petgraph::Directed;
}

impl Data for Directed<'_> {
    type NodeWeight = ();
    type EdgeWeight = EdgeKind;
}

impl NodeCount for Directed<'_> {
    fn node_count(&self) -> usize {
        self.graph.node_count()
    }
}

impl EdgeCount for Directed<'_> {
    fn edge_count(&self) -> usize {
        self.graph.edge_count()
    }
}

impl NodeIndexable for Directed<'_> {
    fn node_bound(&self) -> usize {
        self.graph.node_count()
    }

    fn to_index(&self, node: NodeIx) -> usize {
        node.at()
    }

    fn from_index(&self, at: usize) -> NodeIx {
        NodeIx::new(at)
    }
}

impl NodeCompactIndexable for Directed<'_> {}

impl VisitMap<NodeIx> for FixedBitSet {
    fn visit(&mut self, node: NodeIx) -> bool {
        !self.put(node.at())
    }

    fn is_visited(&self, node: &NodeIx) -> bool {
        self.contains(node.at())
    }

    fn unvisit(&mut self, node: NodeIx) -> bool {
        let was_visited = self.contains(node.at());
        self.set(node.at(), false);
        was_visited
    }
}

impl Visitable for Directed<'_> {
    type Map = FixedBitSet;

    fn visit_map(&self) -> FixedBitSet {
        FixedBitSet::with_capacity(self.graph.node_count())
    }

    fn reset_map(&self, map: &mut FixedBitSet) {
        map.clear();
        map.grow(self.graph.node_count());
    }
}

/// Nodes at the far ends of a node's edges.
pub type Neighbors<'a> = Map<Copied<slice::Iter<'a, EdgeHead>>, fn(EdgeHead) -> NodeIx>;

impl<'a> IntoNeighbors for Directed<'a> {
    type Neighbors = Neighbors<'a>;

    fn neighbors(self, node: NodeIx) -> Neighbors<'a> {
        self.graph.heads(node).iter().copied().map(EdgeHead::target)
    }
}

impl<'a> IntoNeighborsDirected for Directed<'a> {
    type NeighborsDirected = Neighbors<'a>;

    fn neighbors_directed(self, node: NodeIx, direction: Direction) -> Neighbors<'a> {
        match direction {
            Direction::Outgoing => self.neighbors(node),
            Direction::Incoming => self.retainers.heads(node).iter().copied().map(EdgeHead::target),
        }
    }
}

/// All nodes in file order.
pub type NodeIdentifiers = Map<Range<usize>, fn(usize) -> NodeIx>;

impl IntoNodeIdentifiers for Directed<'_> {
    type NodeIdentifiers = NodeIdentifiers;

    fn node_identifiers(self) -> NodeIdentifiers {
        (0..self.graph.node_count()).map(NodeIx::new)
    }
}

impl IntoNodeReferences for Directed<'_> {
    type NodeRef = (NodeIx, ());
    type NodeReferences = Map<NodeIdentifiers, fn(NodeIx) -> (NodeIx, ())>;

    fn node_references(self) -> Self::NodeReferences {
        self.node_identifiers().map(|node| (node, ()))
    }
}

/// Outgoing edges of a node.
#[derive(Clone, Debug)]
pub struct Edges<'a> {
    source: NodeIx,
    first: usize,
    heads: Enumerate<slice::Iter<'a, EdgeHead>>,
}

impl Iterator for Edges<'_> {
    type Item = Link;

    fn next(&mut self) -> Option<Link> {
        let (nth, head) = self.heads.next()?;
        Some(Link {
            edge: EdgeIx::new(self.first + nth),
            source: self.source,
            target: head.target(),
            kind: head.kind(),
        })
    }
}

impl<'a> IntoEdges for Directed<'a> {
    type Edges = Edges<'a>;

    fn edges(self, node: NodeIx) -> Edges<'a> {
        Edges {
            source: node,
            first: self.graph.edge_range(node).start,
            heads: self.graph.heads(node).iter().enumerate(),
        }
    }
}

/// Edges of a node in one direction.
pub type EdgesDirected<'a> = Box<dyn Iterator<Item = Link> + 'a>;

impl<'a> IntoEdgesDirected for Directed<'a> {
    type EdgesDirected = EdgesDirected<'a>;

    fn edges_directed(self, node: NodeIx, direction: Direction) -> EdgesDirected<'a> {
        match direction {
            Direction::Outgoing => Box::new(self.edges(node)),
            Direction::Incoming => Box::new(self.retainers.of(self.graph, node).map(
                move |(source, edge)| Link {
                    edge,
                    source,
                    target: node,
                    kind: self.graph.head(edge).kind(),
                },
            )),
        }
    }
}

/// All edges, node after node.
#[derive(Debug)]
pub struct EdgeReferences<'a> {
    view: Directed<'a>,
    rest: NodeIdentifiers,
    edges: Option<Edges<'a>>,
}

impl Iterator for EdgeReferences<'_> {
    type Item = Link;

    fn next(&mut self) -> Option<Link> {
        loop {
            if let Some(link) = self.edges.as_mut().and_then(Iterator::next) {
                return Some(link);
            }
            self.edges = Some(self.view.edges(self.rest.next()?));
        }
    }
}

impl<'a> IntoEdgeReferences for Directed<'a> {
    type EdgeRef = Link;
    type EdgeReferences = EdgeReferences<'a>;

    fn edge_references(self) -> EdgeReferences<'a> {
        EdgeReferences {
            view: self,
            rest: self.node_identifiers(),
            edges: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use petgraph::algo::dominators::simple_fast;
    use petgraph::algo::{astar, dijkstra};
    use petgraph::visit::{Bfs, EdgeFiltered, Reversed, Walker as _};

    use super::*;
    use crate::base::task::Task;

    /// Two ways to `leaf`: a short one over a weak edge, a long one; `lost` is held weakly only.
    const HEAP: &str = "
        root:synthetic/0 -e-> a -e-> b -e-> c -e-> leaf:string/24
        a -weak:w-> leaf
        root -e-> d -e-> c
        d -weak:w-> lost
    ";

    fn with_view(check: impl FnOnce(&HeapGraph, Directed<'_>)) {
        let task = Task::new();
        let bytes = crate::fixture::heap(HEAP);
        let columns = crate::parse::read_bytes(&bytes, "tiny".as_ref(), &task).unwrap();
        let graph = HeapGraph::new(columns, &task).unwrap();
        let retainers = Retainers::build(&graph, &task).unwrap();
        check(&graph, Directed::new(&graph, &retainers));
    }

    fn named(graph: &HeapGraph, name: &str) -> NodeIx {
        graph.nodes().find(|&node| graph.raw_name(node) == name).unwrap()
    }

    fn names(graph: &HeapGraph, nodes: impl IntoIterator<Item = NodeIx>) -> Vec<String> {
        let name = |node| graph.raw_name(node).to_string();
        nodes.into_iter().map(name).collect()
    }

    #[test]
    fn a_search_goes_where_the_filter_lets_it() {
        with_view(|graph, view| {
            assert_eq!(Bfs::new(view, graph.root()).iter(view).count(), 7);
            let strong = view.without_weak();
            let reached = names(graph, Bfs::new(&strong, graph.root()).iter(&strong));
            assert_eq!(reached, ["root", "a", "d", "b", "c", "leaf"]);
        });
    }

    #[test]
    fn shortest_paths_agree_with_or_without_a_filter() {
        with_view(|graph, view| {
            let (root, leaf) = (graph.root(), named(graph, "leaf"));
            assert_eq!(dijkstra(view, root, None, |_| 1)[&leaf], 2);
            let strong = view.without_weak();
            let (cost, path) = astar(&strong, root, |node| node == leaf, |_| 1, |_| 0).unwrap();
            assert_eq!(
                (cost, names(graph, path)),
                (3, ["root", "d", "c", "leaf"].map(String::from).to_vec())
            );
            let not_by_d = EdgeFiltered::from_fn(view, |link| {
                *link.weight() != EdgeKind::Weak && link.source() != named(graph, "d")
            });
            assert_eq!(dijkstra(&not_by_d, root, None, |_| 1)[&leaf], 4);
        });
    }

    #[test]
    fn dominators_of_another_hand() {
        with_view(|graph, view| {
            let strong = view.without_weak();
            let dominators = simple_fast(&strong, graph.root());
            let immediate = |name| dominators.immediate_dominator(named(graph, name)).unwrap();
            assert_eq!(immediate("leaf"), named(graph, "c"));
            assert_eq!(immediate("c"), graph.root());
            assert_eq!(dominators.immediate_dominator(named(graph, "lost")), None);
        });
    }

    #[test]
    fn backwards_is_the_same_graph_turned_round() {
        with_view(|graph, view| {
            let mut forwards: Vec<_> = view
                .edge_references()
                .map(|link| (link.id(), link.source(), link.target()))
                .collect();
            let mut backwards: Vec<_> = view
                .node_identifiers()
                .flat_map(|node| view.edges_directed(node, Direction::Incoming))
                .map(|link| (link.id(), link.source(), link.target()))
                .collect();
            forwards.sort_unstable();
            backwards.sort_unstable();
            assert_eq!(forwards, backwards);
            assert_eq!(forwards.len(), view.edge_count());
            let leaf = named(graph, "leaf");
            let up = names(graph, Bfs::new(Reversed(view), leaf).iter(Reversed(view)));
            assert_eq!(up.last().map(String::as_str), Some("root"));
        });
    }
}
