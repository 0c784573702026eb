//! Displayed names of nodes.

use std::borrow::Cow;

use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::json_text::push_quoted;
use crate::base::text::{JsStr, JsString};
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind};

use super::detachedness::DomStates;
use super::ropes::Ropes;

/// UTF-16 units that the preview of a plain object may have, its braces and separators counted in part (see
/// [`plain_object`]).
const PREVIEW_LIMIT: usize = 100;

/// The raw name of objects made by literals and by `new Object()`.
pub const PLAIN_OBJECT: &str = "Object";

/// The property that no list of properties shows.
pub const PROTO: &str = "__proto__";

/// The displayed name of `node`: joined strings put together, plain objects shown by their properties, a detached DOM node
/// with its prefix.
pub fn displayed(graph: &HeapGraph, dom: &DomStates, ropes: &Ropes, node: NodeIx) -> JsString {
    JsString::from_wtf8(read(graph, dom, ropes, node).into_owned())
}

/// As [`displayed`] (WTF-8), borrowed where the name stands in the file as it is.
pub fn read<'a>(graph: &'a HeapGraph, dom: &DomStates, ropes: &Ropes, node: NodeIx) -> Cow<'a, [u8]> {
    match graph.kind(node) {
        NodeKind::ConcatenatedString => Cow::Owned(ropes.text(graph, dom, node).into_bytes()),
        NodeKind::Object if graph.raw_name(node) == PLAIN_OBJECT => {
            Cow::Owned(plain_object(graph, node).into_bytes())
        }
        _ => dom.name(graph, node),
    }
}

/// Is the displayed name of `node` empty?
pub fn is_empty(graph: &HeapGraph, dom: &DomStates, ropes: &Ropes, node: NodeIx) -> bool {
    match graph.kind(node) {
        NodeKind::ConcatenatedString => ropes.is_empty(graph, dom, node),
        _ => read(graph, dom, ropes, node).is_empty(),
    }
}

/// What `edge` is called where edges are listed: a shortcut whose name begins with an integer goes by that number.
pub fn edge(graph: &HeapGraph, edge: EdgeIx) -> EdgeName<'_> {
    match graph.edge_name(edge) {
        EdgeName::Text(text) if graph.head(edge).kind() == EdgeKind::Shortcut => text
            .leading_integer()
            .map_or(EdgeName::Text(text), EdgeName::Index),
        name => name,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Heap;
    use crate::base::task::Task;

    /// The displayed name of the last node of the heap.
    fn last(text: &str) -> String {
        let heap = Heap::of(&format!("\"\":synthetic\n{text}"));
        let node = heap.graph.nodes().next_back().unwrap();
        let ropes = Ropes::build(&heap.graph, &heap.dom, &Task::new()).unwrap();
        displayed(&heap.graph, &heap.dom, &ropes, node).to_string()
    }

    /// The preview of an object with these properties, given as the edges of the notation.
    fn preview(edges: &[&str]) -> String {
        let lines: Vec<String> = edges.iter().map(|edge| format!("o -{edge}-> \"\"")).collect();
        last(&format!("o=Object:object\n{}", lines.join("\n")))
    }

    #[test]
    fn most_names_are_those_of_the_file() {
        assert_eq!(last("Map:object"), "Map");
        assert_eq!(last("Object:closure"), "Object");
        assert_eq!(last("\"<div>\":native !detached"), "Detached <div>");
        assert_eq!(last("x:object !detached"), "x");
    }

    #[test]
    fn plain_objects_show_their_properties() {
        assert_eq!(preview(&[]), "{}");
        assert_eq!(preview(&["a", "b", "c"]), "{a, b, c}");
        assert_eq!(preview(&["a", "__proto__"]), "{a}");
        assert_eq!(preview(&["internal:map", "a", "element:0", "b"]), "{a, b}");
        assert_eq!(
            preview(&[r#""a, b""#, r#""\"""#, r#""\uD800'""#]),
            r#"{"a, b", "\"", "\ud800'"}"#
        );
    }

    #[test]
    fn long_previews_leave_out_the_middle() {
        let long = |letter: &str| letter.repeat(40);
        let (first, last) = (long("a"), long("c"));
        assert_eq!(
            preview(&[&first, &long("b"), &last]),
            format!("{{{first}, …, {last}}}")
        );
        assert_eq!(preview(&[&first, "b", "c"]), format!("{{{first}, b, c}}"));
        let (whole, other) = ("w".repeat(200), "d".repeat(200));
        assert_eq!(preview(&[&whole]), format!("{{{whole}}}"));
        assert_eq!(preview(&[&whole, &other]), format!("{{{whole}, …}}"));
        assert_eq!(preview(&[&whole, "internal:map"]), format!("{{{whole}}}"));
        // 100 units with both braces are room enough, 101 are not.
        let (x, y) = ("x".repeat(49), "y".repeat(49));
        assert_eq!(preview(&[&x, &y]), format!("{{{x}, {y}}}"));
        assert_eq!(preview(&[&x, &format!("{y}z")]), format!("{{{x}, …}}"));
    }

    #[test]
    fn joined_strings_are_put_together() {
        assert_eq!(
            last(
                "ab:string\ncd:string\nleft=x:concatenated_string -internal:first-> ab\n\
                 left -internal:second-> cd\nwhole=y:concatenated_string -internal:second-> ab\n\
                 whole -property:first-> cd\nwhole -internal:first-> left"
            ),
            "abcdab"
        );
        assert_eq!(
            last("ab:string\nc=x:concatenated_string -internal:second-> ab"),
            "ab"
        );
    }

    #[test]
    fn shortcuts_go_by_the_number_they_begin_with() {
        let heap = Heap::of(
            r#""":synthetic
            w:object -shortcut:"2 / https://a.example"-> w
            w -shortcut:bound_this-> w
            w -"2 / x"-> w
            w -shortcut:" -07a"-> w
            w -hidden:3-> w"#,
        );
        let edges = heap.graph.edges(heap.graph.nodes().next_back().unwrap());
        let names: Vec<String> = edges.map(|ix| edge(&heap.graph, ix).to_string()).collect();
        assert_eq!(names, ["2", "bound_this", "2 / x", "-7", "3"]);
    }

    #[test]
    fn a_joined_string_ends_with_the_part_that_reaches_the_limit() {
        let big = "é".repeat(1023);
        let rope = |first: &str| {
            format!(
                "a=\"{first}\":string\nb=\"bb\":string\nc=\"cc\":string\n\
                 r=x:concatenated_string -internal:first-> a\ns=y:concatenated_string -internal:first-> r\n\
                 r -internal:second-> b\ns -internal:second-> c"
            )
        };
        assert_eq!(last(&rope(&big)), format!("{big}bb"));
        assert_eq!(last(&rope(&format!("{big}é"))), format!("{big}é"));
        assert_eq!(last(&rope("ab")), "abbbcc");
    }

    #[test]
    fn a_string_that_contains_itself_ends() {
        let cyclic = "a:string\nr=x:concatenated_string -internal:first-> r\nr -internal:second-> a";
        assert_eq!(
            last(&format!("{cyclic}\ns=y:concatenated_string -internal:first-> r")),
            "a"
        );
        let growing = "a:string\nr=x:concatenated_string -internal:first-> a\nr -internal:second-> r";
        assert_eq!(last(growing), "a".repeat(1024));
    }
}
