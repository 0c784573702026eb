//! Displayed names of nodes.

use std::borrow::Cow;

use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::json_text::push_quoted;
use crate::base::text::{JsStr, JsString};
use crate::graph::{EdgeKind, HeapGraph, NodeKind};

use super::detachedness::DomStates;
use super::ropes::Ropes;

/// UTF-16 units after which a joined string is long enough to be shown.
const JOINED_LIMIT: usize = 1024;

/// UTF-16 units that the preview of a plain object may have, its braces and separators counted in part (see
/// [`plain_object`]).
const PREVIEW_LIMIT: usize = 100;

/// The raw name of objects made by literals and by `new Object()`.
pub const PLAIN_OBJECT: &str = "Object";

/// The property that no list of properties shows.
pub const PROTO: &str = "__proto__";

/// The displayed name of `node`: joined strings put together, plain objects shown by their properties, a detached DOM node
/// with its prefix. For the names of many nodes use a [`NameReader`].
pub fn displayed(graph: &HeapGraph, dom: &DomStates, node: NodeIx) -> JsString {
    JsString::from_wtf8(NameReader::new(graph, dom).read(node).into_owned())
}

/// Reads displayed names one after the other; remembers what keeps a whole pass over nested joined strings linear.
#[derive(Debug)]
pub struct NameReader<'a> {
    graph: &'a HeapGraph,
    dom: &'a DomStates,
    ropes: Ropes,
    beginnings: Ropes,
}

impl<'a> NameReader<'a> {
    /// A reader that has read nothing yet.
    pub fn new(graph: &'a HeapGraph, dom: &'a DomStates) -> Self {
        Self {
            graph,
            dom,
            ropes: Ropes::new(JOINED_LIMIT),
            beginnings: Ropes::new(1),
        }
    }

    /// The displayed name of `node` (WTF-8); borrowed where it stands in the file as it is.
    pub fn read(&mut self, node: NodeIx) -> Cow<'a, [u8]> {
        match self.graph.kind(node) {
            NodeKind::ConcatenatedString => {
                let text = self.ropes.text(self.graph, self.dom, node);
                Cow::Owned(text.into_bytes())
            }
            NodeKind::Object if self.graph.raw_name(node) == PLAIN_OBJECT => {
                Cow::Owned(plain_object(self.graph, node).into_bytes())
            }
            _ => self.dom.name(self.graph, node),
        }
    }

    /// Is the displayed name of `node` empty? Finds out without putting a long one together.
    pub fn is_empty(&mut self, node: NodeIx) -> bool {
        match self.graph.kind(node) {
            NodeKind::ConcatenatedString => {
                let beginning = self.beginnings.text(self.graph, self.dom, node);
                beginning.as_js().is_empty()
            }
            _ => self.read(node).is_empty(),
        }
    }
}

/// The preview `{first, second, …, last}` of a plain object: its properties taken in turn from the front and from the back,
/// until there is no more room.
///
/// As DevTools has it: an edge that is no property is passed over without a change of turns, and the dots stand whenever
/// edges of any kind are left between the two ends.
fn plain_object(graph: &HeapGraph, node: NodeIx) -> JsString {
    let edges = graph.edge_range(node);
    let (mut front, mut back) = (edges.start, edges.end);
    let mut start = Half::default();
    let mut end = Half::default();
    let mut from_back = false;
    while front < back {
        let edge = EdgeIx::new(if from_back { back - 1 } else { front });
        let property = property_name(graph, edge).map(formatted_property);
        if let Some(property) = &property {
            let units = JsStr::from_wtf8(property).utf16_len();
            // One more for each brace.
            if start.units > 0 && start.units + end.units + units + 2 > PREVIEW_LIMIT {
                break;
            }
        }
        if from_back {
            back -= 1;
        } else {
            front += 1;
        }
        if let Some(property) = property {
            let half = if from_back { &mut end } else { &mut start };
            half.push(property);
            from_back = !from_back;
        }
    }
    let mut text = JsString::from("{");
    for piece in &start.pieces {
        text.push(JsStr::from_wtf8(piece));
    }
    if front < back {
        text.push_str(", …");
    }
    if end.units > 0 {
        text.push_str(SEPARATOR);
    }
    for piece in end.pieces.iter().rev() {
        text.push(JsStr::from_wtf8(piece));
    }
    text.push_str("}");
    text
}

const SEPARATOR: &str = ", ";

/// The properties of one end of a preview, from the outside inwards, with what separates them.
#[derive(Default)]
struct Half<'a> {
    pieces: Vec<Cow<'a, [u8]>>,
    units: usize,
}

impl<'a> Half<'a> {
    fn push(&mut self, property: Cow<'a, [u8]>) {
        if self.units > 0 {
            self.pieces.push(Cow::Borrowed(SEPARATOR.as_bytes()));
            self.units += SEPARATOR.len();
        }
        self.units += JsStr::from_wtf8(&property).utf16_len();
        self.pieces.push(property);
    }
}

/// The name of `edge` if it is a property that lists of properties show.
pub fn property_name(graph: &HeapGraph, edge: EdgeIx) -> Option<JsStr<'_>> {
    if graph.head(edge).kind() != EdgeKind::Property {
        return None;
    }
    let name = graph.strings().get(graph.edge_name_ix(edge)?);
    (name != PROTO).then_some(name)
}

/// A property's name as lists of properties show it: quoted as in JSON if it holds a character that would confuse.
pub fn formatted_property(name: JsStr<'_>) -> Cow<'_, [u8]> {
    if name.bytes().iter().any(|byte| b",'\"{}".contains(byte)) {
        let mut quoted = Vec::with_capacity(name.bytes().len() + 2);
        push_quoted(&mut quoted, name);
        Cow::Owned(quoted)
    } else {
        Cow::Borrowed(name.bytes())
    }
}
