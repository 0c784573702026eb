//! Cursors: a node or an edge together with its graph, for code that is not a hot loop.

use super::{Detachedness, EdgeKind, EdgeName, HeapGraph, NodeKind, ObjectId};
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::text::JsStr;

/// A node of a graph.
#[derive(Clone, Copy, Debug)]
pub struct NodeRef<'a> {
    graph: &'a HeapGraph,
    ix: NodeIx,
}

/// An edge of a graph.
#[derive(Clone, Copy, Debug)]
pub struct EdgeRef<'a> {
    graph: &'a HeapGraph,
    ix: EdgeIx,
}

impl HeapGraph {
    /// A cursor at `ix`.
    pub fn node(&self, ix: NodeIx) -> NodeRef<'_> {
        NodeRef { graph: self, ix }
    }

    /// A cursor at `ix`.
    pub fn edge(&self, ix: EdgeIx) -> EdgeRef<'_> {
        EdgeRef { graph: self, ix }
    }
}

impl<'a> NodeRef<'a> {
    /// Its index.
    pub fn ix(self) -> NodeIx {
        self.ix
    }

    /// V8's id.
    pub fn id(self) -> ObjectId {
        self.graph.id(self.ix)
    }

    /// Its type.
    pub fn kind(self) -> NodeKind {
        self.graph.kind(self.ix)
    }

    /// Its name as in the file.
    pub fn raw_name(self) -> JsStr<'a> {
        self.graph.raw_name(self.ix)
    }

    /// What the file says of its place in the DOM.
    pub fn detachedness(self) -> Detachedness {
        self.graph.tag(self.ix).detachedness()
    }

    /// Its own size in bytes, as in the file.
    pub fn self_size(self) -> u64 {
        self.graph.self_size(self.ix)
    }

    /// Its edges in file order.
    pub fn edges(self) -> impl ExactSizeIterator<Item = EdgeRef<'a>> + Clone {
        let graph = self.graph;
        graph.edges(self.ix).map(move |ix| graph.edge(ix))
    }

    /// The target of its first edge of that kind and name.
    pub fn follow(self, kind: EdgeKind, name: &str) -> Option<Self> {
        self.edges()
            .find(|edge| edge.kind() == kind && edge.name() == EdgeName::Text(JsStr::from(name)))
            .map(EdgeRef::target)
    }
}

impl<'a> EdgeRef<'a> {
    /// Its index.
    pub fn ix(self) -> EdgeIx {
        self.ix
    }

    /// Its type.
    pub fn kind(self) -> EdgeKind {
        self.graph.head(self.ix).kind()
    }

    /// What it is called.
    pub fn name(self) -> EdgeName<'a> {
        self.graph.edge_name(self.ix)
    }

    /// Where it leads.
    pub fn target(self) -> NodeRef<'a> {
        self.graph.node(self.graph.head(self.ix).target())
    }

    /// Where it comes from.
    pub fn source(self) -> NodeRef<'a> {
        self.graph.node(self.graph.source(self.ix))
    }
}
