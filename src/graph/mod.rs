//! Floor 2: the heap as a graph: what the file says, with names for it.
//!
//! Nodes, edges, incoming edges, places in scripts. Nothing computed by a rule of its own (sizes that move, distances,
//! dominators, classes) may live here.

pub mod node_ref;
pub mod retainers;
pub mod visit;

use std::ops::Range;

use crate::base::coded::Coded;
use crate::base::index::{EdgeIx, Ix as _, NodeIx, StringIx};
use crate::base::memory::prefetch;
use crate::base::offsets::Offsets;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
pub use crate::parse::columns::{
    Columns, EdgeHead, Header, Locations, Place, Samples, TraceCall, TraceFunction, Traces,
};
pub use crate::parse::kind::{Detachedness, EdgeKind, NodeKind, NodeTag};
pub use crate::parse::strings::StringTable;

/// A heap: nodes, edges, strings.
#[derive(Debug)]
pub struct HeapGraph {
    columns: Columns,
    edge_names: Coded<EdgeIx>,
    /// The edges of each node.
    edges: Offsets<NodeIx>,
    last_object_id: ObjectId,
}

/// V8's id of an object: written `@123`, the same in all snapshots of one process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectId(pub u64);

impl std::fmt::Display for ObjectId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "@{}", self.0)
    }
}

/// What an edge is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EdgeName<'a> {
    /// Elements and hidden edges have a number.
    Index(i64),
    /// All others a text.
    Text(JsStr<'a>),
}

impl std::fmt::Display for EdgeName<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Index(index) => index.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl HeapGraph {
    /// The graph of a file's columns.
    pub fn new(mut columns: Columns, task: &Task) -> Result<Self, Cancelled> {
        let edge_names = Coded::build(std::mem::take(&mut columns.edges.names), task)?;
        let edges = Offsets::new(std::mem::take(&mut columns.nodes.first_edges));
        columns.nodes.self_sizes.shrink(task)?;
        let ids = &columns.nodes.ids;
        let mut last_object_id = 0;
        for node in crate::base::index::all::<NodeIx>(columns.nodes.tags.len()) {
            task.check_at(node.at())?;
            let id = ids.get(node);
            if id % 2 == 1 {
                last_object_id = id.max(last_object_id);
            }
        }
        Ok(Self {
            columns,
            last_object_id: ObjectId(last_object_id),
            edge_names,
            edges,
        })
    }

    /// Takes less memory from now on; look-ups take a little longer.
    pub fn pack(&mut self) {
        self.edges.pack();
    }

    /// The header's facts.
    pub fn header(&self) -> &Header {
        &self.columns.header
    }

    /// What was wrong in the file and was survived.
    pub fn problems(&self) -> &[crate::parse::error::Problem] {
        &self.columns.problems
    }

    /// The node everything hangs from.
    #[inline]
    pub fn root(&self) -> NodeIx {
        NodeIx::from_raw(self.columns.header.root)
    }

    /// The greatest odd id: what was allocated later, in the same process, has a greater one. (Native objects have even ids,
    /// which say nothing of time.)
    pub fn last_object_id(&self) -> ObjectId {
        self.last_object_id
    }

    /// How many nodes there are.
    #[inline]
    pub fn node_count(&self) -> usize {
        self.columns.nodes.tags.len()
    }

    /// How many edges there are.
    #[inline]
    pub fn edge_count(&self) -> usize {
        self.columns.edges.heads.len()
    }

    /// All nodes in file order.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = NodeIx> + DoubleEndedIterator + Clone + use<> {
        crate::base::index::all(self.node_count())
    }

    /// The string table.
    pub fn strings(&self) -> &StringTable {
        &self.columns.strings
    }

    /// Places of functions and constructors.
    pub fn locations(&self) -> &Locations {
        &self.columns.locations
    }

    /// Which calls allocated which nodes.
    pub fn traces(&self) -> &Traces {
        &self.columns.traces
    }

    /// When which ids were handed out, if the file is of a recording.
    pub fn samples(&self) -> &Samples {
        &self.columns.samples
    }

    /// Kind and detachedness of `node`, as in the file.
    #[inline]
    pub fn tag(&self, node: NodeIx) -> NodeTag {
        self.columns.nodes.tags[node.at()]
    }

    /// All tags in node order, for hot loops.
    pub fn tags(&self) -> &[NodeTag] {
        &self.columns.nodes.tags
    }

    /// The kind of `node`.
    #[inline]
    pub fn kind(&self, node: NodeIx) -> NodeKind {
        self.tag(node).kind()
    }

    /// V8's name of the type of `node`.
    pub fn kind_name(&self, node: NodeIx) -> &str {
        let tag = self.tag(node);
        let others = &self.columns.header.other_kinds;
        match tag.kind() {
            NodeKind::Other => {
                let at = usize::from(tag.code() - NodeKind::Other as u8);
                others.get(at).map_or(NodeKind::Other.name(), String::as_str)
            }
            kind => kind.name(),
        }
    }

    /// The name of `node` as a string index (see [`HeapGraph::raw_name`]).
    #[inline]
    pub fn name_ix(&self, node: NodeIx) -> StringIx {
        self.columns.nodes.names[node.at()]
    }

    /// The name of `node` as in the file, before any renaming.
    #[inline]
    pub fn raw_name(&self, node: NodeIx) -> JsStr<'_> {
        self.columns.strings.get(self.name_ix(node))
    }

    /// V8's id of `node`.
    #[inline]
    pub fn id(&self, node: NodeIx) -> ObjectId {
        ObjectId(self.columns.nodes.ids.get(node))
    }

    /// Own size of `node` in bytes, as in the file (see [`crate::analysis`] for the shallow size that is shown).
    #[inline]
    pub fn self_size(&self, node: NodeIx) -> u64 {
        self.columns.nodes.self_sizes.get(node)
    }

    /// Edges of `node`, as a range of ordinals.
    #[inline]
    pub fn edge_range(&self, node: NodeIx) -> Range<usize> {
        self.edges.range(node)
    }

    /// Edges of `node`, in file order.
    pub fn edges(
        &self,
        node: NodeIx,
    ) -> impl ExactSizeIterator<Item = EdgeIx> + DoubleEndedIterator + Clone + use<> {
        self.edge_range(node).map(EdgeIx::new)
    }

    /// Kinds and targets of the edges of `node`, in file order: what searches read.
    #[inline]
    pub fn heads(&self, node: NodeIx) -> &[EdgeHead] {
        &self.columns.edges.heads[self.edge_range(node)]
    }

    /// Brings near what [`HeapGraph::heads`] will read some rounds after `at` of a loop over `nodes`.
    #[inline]
    pub fn prefetch_edges(&self, nodes: &[NodeIx], at: usize) {
        const ROW: usize = 16;
        const EDGES: usize = 8;
        if let Some(node) = nodes.get(at + ROW) {
            self.edges.prefetch(*node);
        }
        if let Some(node) = nodes.get(at + EDGES) {
            prefetch(&self.columns.edges.heads, self.edges.start(*node));
        }
    }

    /// Kinds and targets of all edges.
    pub fn all_heads(&self) -> &[EdgeHead] {
        &self.columns.edges.heads
    }

    /// Brings near what [`HeapGraph::edge_range`] of `node` reads.
    #[inline]
    pub fn prefetch_edge_range(&self, node: NodeIx) {
        self.edges.prefetch(node);
    }

    /// Kind and target of `edge`.
    #[inline]
    pub fn head(&self, edge: EdgeIx) -> EdgeHead {
        self.columns.edges.heads[edge.at()]
    }

    /// The name of `edge` as it stands in the file: a string index, or for indexed kinds a number.
    #[inline]
    pub fn edge_name_raw(&self, edge: EdgeIx) -> u32 {
        self.edge_names.get(edge)
    }

    /// The string that names `edge`, if it is named by one.
    #[inline]
    pub fn edge_name_ix(&self, edge: EdgeIx) -> Option<StringIx> {
        (!self.head(edge).kind().is_indexed()).then(|| StringIx::from_raw(self.edge_name_raw(edge)))
    }

    /// What `edge` is called in the file; lists of edges show [`names::edge`](crate::analysis::names::edge).
    pub fn edge_name(&self, edge: EdgeIx) -> EdgeName<'_> {
        match self.edge_name_ix(edge) {
            Some(ix) => EdgeName::Text(self.columns.strings.get(ix)),
            None => EdgeName::Index(i64::from(self.edge_name_raw(edge))),
        }
    }

    /// Edges of kind `internal` whose names `wanted` accepts, ascending: a pass over the names of all edges.
    pub fn internal_edges_named(
        &self,
        wanted: impl Fn(StringIx) -> bool,
        task: &Task,
    ) -> Result<Vec<EdgeIx>, Cancelled> {
        let wanted = |name| wanted(StringIx::from_raw(name));
        let mut found = self.edge_names.find(wanted, task)?;
        found.retain(|&edge| self.head(edge).kind() == EdgeKind::Internal);
        Ok(found)
    }

    /// The node that `edge` leaves: a binary search.
    pub fn source(&self, edge: EdgeIx) -> NodeIx {
        self.edges.row_of(edge.at())
    }

    /// The node of that id: a pass over all ids.
    pub fn find(&self, id: ObjectId) -> Option<NodeIx> {
        self.nodes().find(|&node| self.id(node) == id)
    }
}
