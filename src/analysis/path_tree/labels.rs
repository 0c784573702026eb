//! How the steps of a path are called, so that two heaps of one program call the same step the same.
//!
//! A step is an edge and the class it leads to. Slots of arrays and tables, ids and digits say nothing of the place in the
//! program: they are folded. What two heaps call differently for no reason of the program's (inferred interfaces, addresses
//! of windows, whether a string is flat) is left out.

use rustc_hash::FxHashMap;

use crate::analysis::class_names;
use crate::analysis::hash_tables::{Layout, Part, TableKind, slot};
use crate::analysis::string_map::StringMap;
use crate::base::index::{EdgeIx, NodeIx, StringIx, to_u32};
use crate::base::text::{JsStr, JsString};
use crate::graph::{HeapGraph, NodeKind, NodeTag};

/// An element, or a slot of which no more is known.
pub const SLOT: u32 = 0;
/// A key in a `Map`.
pub const MAP_KEY: u32 = 1;
/// A value in a `Map`.
pub const MAP_VALUE: u32 = 2;
/// A member of a `Set`.
pub const SET_ENTRY: u32 = 3;
/// A value in a `WeakMap`: held by its key.
pub const WEAK_VALUE: u32 = 4;
/// The name of a property of an object whose properties are a table.
pub const PROPERTY_NAME: u32 = 5;

/// The texts of the labels above, in their order.
const FIXED: [&str; 6] = [
    "[x]",
    "key of Map entry",
    "value of Map entry",
    "Set entry",
    "value of WeakMap entry",
    "name of property",
];

/// Does the label stand for any number of slots?
pub const fn is_slot(edge: u32) -> bool {
    (edge as usize) < FIXED.len()
}

/// What an edge's name says of the way on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing.
    None,
    /// To an array that belongs to the object.
    Store,
    /// From a function to its variables.
    Context,
    /// From variables to those of the function around.
    Previous,
    /// To the memory of a buffer.
    Buffer,
    /// To a half of a joined string.
    Half,
    /// To what the engine keeps for itself: ways through it explain nothing.
    Engine,
    /// To the prototype, to what a getter works out, to what Node runs at the moment: ways that are there by chance.
    Detour,
}

impl Role {
    fn of(name: &[u8]) -> Self {
        match name {
            b"elements" | b"properties" | b"table" | b"parameters_and_registers" => Self::Store,
            b"context" => Self::Context,
            b"previous" => Self::Previous,
            b"backing_store" => Self::Buffer,
            b"first" | b"second" => Self::Half,
            b"__proto__" | b"execution_async_resources" => Self::Detour,
            _ if name.starts_with(b"get ") || name.starts_with(b"set ") => Self::Detour,
            b"map"
            | b"shared"
            | b"code"
            | b"feedback_cell"
            | b"initial_map"
            | b"prototype_info"
            | b"dependent_code"
            | b"descriptors"
            | b"transitions"
            | b"transition"
            | b"native_context"
            | b"scope_info"
            | b"script"
            | b"script_or_debug_info"
            | b"constructor"
            | b"back_pointer"
            | b"constructor_or_back_pointer"
            | b"raw_outer_scope_info_or_feedback_metadata"
            | b"name_or_scope_info"
            | b"instance_descriptors"
            | b"own_descriptors"
            | b"dispatch_handle"
            | b"feedback_vector" => Self::Engine,
            _ => Self::None,
        }
    }
}

/// The names of one heap's steps: each text is looked at once.
pub(super) struct Labels<'a> {
    graph: &'a HeapGraph,
    roles: StringMap<Role>,
    edges: StringMap<u32>,
    classes: StringMap<u32>,
    functions: StringMap<u32>,
    kinds: [u32; NodeTag::CODES as usize],
    numbers: FxHashMap<JsString, u32>,
}

/// In place of a text that was not looked at so far.
const UNKNOWN: u32 = u32::MAX;

const SYSTEM: &[u8] = b"system / ";

impl<'a> Labels<'a> {
    pub(super) fn new(graph: &'a HeapGraph) -> Self {
        let strings = graph.strings();
        let mut roles = StringMap::filled(strings, Role::None);
        for ix in strings.indices() {
            let role = Role::of(strings.get(ix).bytes());
            if role != Role::None {
                roles.set(ix, role);
            }
        }
        let mut labels = Self {
            graph,
            roles,
            edges: StringMap::filled(strings, UNKNOWN),
            classes: StringMap::filled(strings, UNKNOWN),
            functions: StringMap::filled(strings, UNKNOWN),
            kinds: [UNKNOWN; NodeTag::CODES as usize],
            numbers: FxHashMap::default(),
        };
        for text in FIXED {
            labels.number(text.into());
        }
        labels
    }

    /// All texts, by their numbers.
    pub(super) fn into_texts(self) -> Vec<JsString> {
        let mut texts: Vec<(JsString, u32)> = self.numbers.into_iter().collect();
        texts.sort_unstable_by_key(|&(_, number)| number);
        texts.into_iter().map(|(text, _)| text).collect()
    }

    fn number(&mut self, text: JsString) -> u32 {
        let next = to_u32(self.numbers.len());
        *self.numbers.entry(text).or_insert(next)
    }

    /// What the name of `edge` says of the way on.
    pub(super) fn role(&self, edge: EdgeIx) -> Role {
        let name = self.graph.edge_name_ix(edge);
        name.map_or(Role::None, |name| self.roles.get(name))
    }

    /// The label of `edge`, which leaves an object itself.
    pub(super) fn edge(&mut self, edge: EdgeIx) -> u32 {
        match self.graph.edge_name_ix(edge) {
            Some(name) => self.name(name),
            None => SLOT,
        }
    }

    /// The label of a step of that name.
    pub(super) fn name(&mut self, name: StringIx) -> u32 {
        let known = self.edges.get(name);
        if known != UNKNOWN {
            return known;
        }
        let text = without_digits(self.graph.strings().get(name));
        let number = match text.as_js().bytes() {
            b"#" | b"" => SLOT,
            _ => self.number(text),
        };
        self.edges.set(name, number);
        number
    }

    /// The label of `edge`, which leaves a store of the layout `layout`.
    pub(super) fn in_store(&self, edge: EdgeIx, layout: Option<Layout>) -> u32 {
        let place = || layout?.place(slot(self.graph, edge)?);
        match (layout.map(|layout| layout.kind), place()) {
            (Some(TableKind::Map), Some((_, Part::Key))) => MAP_KEY,
            (Some(TableKind::Map), Some((_, Part::Value))) => MAP_VALUE,
            (Some(TableKind::Set), Some(_)) => SET_ENTRY,
            (Some(TableKind::Weak), Some((_, Part::Value))) => WEAK_VALUE,
            (Some(TableKind::Properties), Some((_, Part::Key))) => PROPERTY_NAME,
            _ => SLOT,
        }
    }

    /// The label of the class of `node`.
    pub(super) fn class(&mut self, node: NodeIx) -> u32 {
        let kind = self.graph.kind(node);
        let name = self.graph.name_ix(node);
        match kind {
            NodeKind::Object
            | NodeKind::Native
            | NodeKind::Hidden
            | NodeKind::Array
            | NodeKind::Synthetic => {
                let known = self.classes.get(name);
                if known != UNKNOWN {
                    return known;
                }
                let text = plain_class(self.graph.strings().get(name));
                let number = self.number(text);
                self.classes.set(name, number);
                number
            }
            NodeKind::Closure => {
                let known = self.functions.get(name);
                if known != UNKNOWN {
                    return known;
                }
                let mut text = without_digits(self.graph.strings().get(name));
                text.push_str("()");
                let number = self.number(text);
                self.functions.set(name, number);
                number
            }
            _ => {
                let code = usize::from(self.graph.tag(node).code());
                if self.kinds[code] == UNKNOWN {
                    let text = match kind {
                        NodeKind::ConcatenatedString | NodeKind::SlicedString => "(string)".into(),
                        NodeKind::Number => "(number)".into(),
                        _ => class_names::of_kind(kind, self.graph.kind_name(node)).unwrap_or_default(),
                    };
                    self.kinds[code] = self.number(text);
                }
                self.kinds[code]
            }
        }
    }
}

/// `text` with every run of digits as `#`.
fn without_digits(text: JsStr<'_>) -> JsString {
    let mut kept = Vec::with_capacity(text.bytes().len());
    for &byte in text.bytes() {
        match byte {
            b'0'..=b'9' if kept.last() == Some(&b'#') => {}
            b'0'..=b'9' => kept.push(b'#'),
            other => kept.push(other),
        }
    }
    JsStr::from_wtf8(&kept).to_owned()
}

/// The class of an object or of something of the engine's, by its name: of windows and global objects without their
/// addresses, of elements their tag, of the engine's own without what is said of the single one.
fn plain_class(name: JsStr<'_>) -> JsString {
    let bytes = name.bytes();
    let first_part = |from: usize| {
        let rest = &bytes[from..];
        let end = rest.windows(3).position(|three| three == b" / ");
        JsStr::from_wtf8(&bytes[..end.map_or(bytes.len(), |end| from + end)]).to_owned()
    };
    if bytes.is_empty() {
        return "(array)".into();
    }
    if bytes.starts_with(SYSTEM) {
        return first_part(SYSTEM.len());
    }
    if bytes.starts_with(b"Window") || bytes.starts_with(b"global ") {
        return first_part(0);
    }
    JsStr::from_wtf8(&class_names::of_name(name)).to_owned()
}

/// Is the text of a class one of the engine's own objects?
pub(in crate::analysis) fn is_system(class: JsStr<'_>) -> bool {
    class.bytes().starts_with(SYSTEM)
}
