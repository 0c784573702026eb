//! What a file holds, as columns: the result of this floor.

use super::error::Problem;
use super::kind::{EdgeKind, NodeTag};
use super::strings::StringTable;
use crate::base::index::{Ix as _, NodeIx, StringIx};
use crate::base::packed::Packed;

/// A snapshot's facts, checked: every edge's target is a node, counts add up, offsets ascend.
#[derive(Debug)]
pub struct Columns {
    /// The header's facts.
    pub header: Header,
    /// One entry a node in each column.
    pub nodes: NodeColumns,
    /// One entry an edge in each column.
    pub edges: EdgeColumns,
    /// The string table.
    pub strings: StringTable,
    /// Where functions and constructors stand in their scripts.
    pub locations: Locations,
    /// Which calls allocated which nodes; nothing unless the file was recorded with stacks.
    pub traces: Traces,
    /// When which ids were handed out; nothing unless the file is of a recording.
    pub samples: Samples,
    /// What was wrong and was survived.
    pub problems: Vec<Problem>,
}

/// What the header says, apart from the layout, which ends here.
#[derive(Clone, Debug, Default)]
pub struct Header {
    /// The node everything hangs from.
    pub root: u32,
    /// Names of node types this program does not know, in the order of the file; see [`NodeTag`].
    pub other_kinds: Vec<String>,
    /// Does the file say of nodes whether they are detached?
    pub has_detachedness: bool,
    /// Memory that V8 knows of but that has no node, in bytes.
    pub extra_native_bytes: u64,
    /// Functions in the allocation tables; above 0 only in timelines recorded with stacks.
    pub trace_function_count: u64,
    /// Names of the node fields, in file order: tells producers apart.
    pub node_fields: Vec<String>,
}

/// Node columns, each `node_count` long, in file order.
#[derive(Debug)]
pub struct NodeColumns {
    /// Kind and detachedness.
    pub tags: Vec<NodeTag>,
    /// Names, as indices into the string table. May point past its end if the file was cut.
    pub names: Vec<StringIx>,
    /// V8's ids.
    pub ids: Packed<NodeIx>,
    /// Own sizes in bytes, as in the file.
    pub self_sizes: Packed<NodeIx>,
    /// Where each node's edges begin; one more entry than there are nodes, the last is the edge count.
    pub first_edges: Vec<u32>,
}

/// Edge columns, each `edge_count` long, in file order (edges of one node lie together).
#[derive(Debug)]
pub struct EdgeColumns {
    /// Kind and target.
    pub heads: Vec<EdgeHead>,
    /// A string index, or for indexed kinds a number.
    pub names: Vec<u32>,
}

/// An edge's kind (3 bits) and target (29 bits) in one word: what every search over the graph reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct EdgeHead(u32);

impl EdgeHead {
    /// Packs kind and target; the target must be below [`NodeIx::LIMIT`].
    #[inline]
    pub const fn new(kind: EdgeKind, target: u32) -> Self {
        Self((kind as u32) << 29 | target)
    }

    /// The word it is kept in.
    #[inline]
    pub(super) const fn raw(self) -> u32 {
        self.0
    }

    /// From the word it is kept in.
    #[inline]
    pub(super) const fn from_raw(raw: u32) -> Self {
        Self(raw)
    }

    /// The edge's type.
    #[inline]
    pub const fn kind(self) -> EdgeKind {
        EdgeKind::ALL[(self.0 >> 29) as usize]
    }

    /// Where the edge leads.
    #[inline]
    pub const fn target(self) -> NodeIx {
        NodeIx::from_raw(self.0 & ((1 << 29) - 1))
    }

    /// Is the edge weak? Cheaper than asking for the kind.
    #[inline]
    pub const fn is_weak(self) -> bool {
        self.0 >> 29 == EdgeKind::Weak as u32
    }

    /// Is the edge a shortcut?
    #[inline]
    pub const fn is_shortcut(self) -> bool {
        self.0 >> 29 == EdgeKind::Shortcut as u32
    }
}

/// A place in a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// V8's script id.
    pub script_id: u32,
    /// Line, from 0.
    pub line: u32,
    /// Column, from 0.
    pub column: u32,
}

/// Places of nodes: of a function its own, of an object its constructor's.
#[derive(Debug, Default)]
pub struct Locations {
    nodes: Vec<NodeIx>,
    place_of: Vec<u32>,
    places: Vec<Place>,
}

impl Locations {
    /// `nodes` must ascend without repetition; `place_of[i]` is the index in `places` of `nodes[i]`'s place.
    pub fn from_parts(nodes: Vec<NodeIx>, place_of: Vec<u32>, places: Vec<Place>) -> Self {
        debug_assert!(nodes.is_sorted(), "locations must be sorted by node");
        Self {
            nodes,
            place_of,
            places,
        }
    }

    /// How many nodes have a place.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Has no node a place?
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The place of `node`, if the file gives one.
    pub fn of(&self, node: NodeIx) -> Option<Place> {
        self.place_index(node).map(|at| self.places[at as usize])
    }

    /// The index in [`Locations::places`] of the place of `node`.
    pub fn place_index(&self, node: NodeIx) -> Option<u32> {
        self.nodes.binary_search(&node).ok().map(|at| self.place_of[at])
    }

    /// Nodes with a place and the index of the place, ascending by node: for passes over all nodes.
    pub fn iter(&self) -> impl Iterator<Item = (NodeIx, u32)> + '_ {
        self.nodes.iter().copied().zip(self.place_of.iter().copied())
    }

    /// All distinct places.
    pub fn places(&self) -> &[Place] {
        &self.places
    }
}

/// A function that allocated something or called one that did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceFunction {
    /// Its name.
    pub name: StringIx,
    /// The name of its script.
    pub script: StringIx,
    /// V8's script id.
    pub script_id: u32,
    /// Line, from 1; 0 if not known.
    pub line: u32,
    /// Column, from 1; 0 if not known.
    pub column: u32,
}

impl TraceFunction {
    /// Where it stands, counted from 0; none if the line is not known.
    pub fn place(&self) -> Option<Place> {
        self.line.checked_sub(1).map(|line| Place {
            script_id: self.script_id,
            line,
            column: self.column.saturating_sub(1),
        })
    }
}

/// A call that allocated something, or that called one that did: what was allocated while this way to it was being taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TraceCall {
    /// The place of its caller, which is less than its own; none at the beginning.
    pub caller: Option<u32>,
    /// Its function; one the file does not have if it is too large.
    pub function: u32,
    /// How many objects it allocated itself while it was recorded, dead ones included.
    pub count: u64,
    /// Their sizes together, in bytes.
    pub size: u64,
}

/// Where nodes were allocated: a tree of calls, and the call of each node.
#[derive(Debug, Default)]
pub struct Traces {
    /// For each node one more than the place of its call, 0 for none.
    of_nodes: Option<Packed<NodeIx>>,
    functions: Vec<TraceFunction>,
    calls: Vec<TraceCall>,
}

impl Traces {
    /// `of_nodes` holds one more than the place of each node's call, 0 for none. Callers stand before those they call.
    pub fn from_parts(
        of_nodes: Packed<NodeIx>,
        functions: Vec<TraceFunction>,
        calls: Vec<TraceCall>,
    ) -> Self {
        Self {
            of_nodes: Some(of_nodes),
            functions,
            calls,
        }
    }

    /// Has no node a stack?
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// The functions, in the order of the file; the first is the beginning, which is none.
    pub fn functions(&self) -> &[TraceFunction] {
        &self.functions
    }

    /// The calls, callers before those they call.
    pub fn calls(&self) -> &[TraceCall] {
        &self.calls
    }

    /// The place in [`Traces::calls`] of the call that allocated `node`, if it was recorded.
    #[inline]
    pub fn call_of(&self, node: NodeIx) -> Option<u32> {
        let places = self.of_nodes.as_ref().filter(|places| node.at() < places.len())?;
        u32::try_from(places.get(node).checked_sub(1)?).ok()
    }

    /// The calls that allocated `node`, by their places, innermost first, without the beginning, which is no function; none if that
    /// was not recorded. A function that the file does not have is none.
    pub fn stack(&self, node: NodeIx) -> impl Iterator<Item = (u32, Option<TraceFunction>)> + '_ {
        let mut next = self.call_of(node);
        std::iter::from_fn(move || {
            let at = next?;
            let call = self.calls[at as usize];
            next = Some(call.caller?);
            Some((at, self.functions.get(call.function as usize).copied()))
        })
    }
}

/// Moments of a recording and the last id that was handed out by then: what was allocated when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Samples {
    /// Microseconds since the recording began.
    pub times: Vec<u64>,
    /// The last id handed out by each, ascending.
    pub last_ids: Vec<u64>,
}
