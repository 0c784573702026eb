//! Values of what is no object: numbers, `undefined` and its like, texts; and where a function stands.
//!
//! Files tell more of these the newer they are: numbers only if they were asked for, lengths of strings that were cut since
//! V8 15. What a file does not tell is not guessed.

use std::ops::RangeInclusive;

use rustc_hash::FxHashSet;

use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::node_ref::NodeRef;
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind};

/// The values that exist once in a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddball {
    /// `undefined`
    Undefined,
    /// `null`
    Null,
    /// `true`
    True,
    /// `false`
    False,
    /// What the engine writes where nothing is: a gap in an array, a deleted entry.
    Hole,
}

impl Oddball {
    const ALL: [Self; 5] = [Self::Undefined, Self::Null, Self::True, Self::False, Self::Hole];

    /// What a program writes for it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Undefined => "undefined",
            Self::Null => "null",
            Self::True => "true",
            Self::False => "false",
            Self::Hole => "hole",
        }
    }

    /// Which of them `node` is, if it is one. Newer files name it so, older ones in a string it leads to.
    pub fn of(graph: &HeapGraph, node: NodeIx) -> Option<Self> {
        if !matches!(graph.kind(node), NodeKind::Hidden | NodeKind::Native) {
            return None;
        }
        let named = |name: JsStr<'_>| Self::ALL.into_iter().find(|odd| name == odd.name());
        let name = graph.raw_name(node);
        if name == "system / Hole" {
            return Some(Self::Hole);
        }
        if name == "system / Oddball" {
            let mut edges = graph.node(node).edges();
            let text = edges
                .find(|edge| edge.kind() == EdgeKind::Hidden && edge.target().kind() == NodeKind::String)?;
            return named(text.target().raw_name());
        }
        named(name)
    }
}

/// The value of a number or of an oddball as a program writes it, if the file has it.
pub fn value(graph: &HeapGraph, node: NodeIx) -> Option<JsString> {
    if graph.kind(node) == NodeKind::Number {
        let value = graph.node(node).follow(EdgeKind::Internal, "value")?;
        return Some(value.raw_name().to_owned());
    }
    Oddball::of(graph, node).map(|odd| odd.name().into())
}

/// Whether a text is all of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// It is.
    Whole,
    /// V8 wrote only the beginning of it, or of one of its parts; the length in UTF-16 units is that of the whole string if
    /// the file tells.
    Cut(Option<u64>),
    /// It is the text of the string that this one is a piece of: which piece, the file does not tell.
    Parent,
    /// It is so long that its end was left out here.
    TooLong,
}

/// Up to so many UTF-16 units of a string V8 writes if it is not told otherwise.
const USUALLY_CUT_AT: usize = 1024;
/// Bytes of a string besides its units, with what fills up its last word.
const STRING_HEAD: RangeInclusive<u64> = 8..=31;
/// So many bytes of a text are put together at most.
const MOST: usize = 16 << 20;
/// So many parts are looked at at most: a damaged file may say that a string contains itself.
const MOST_PARTS: usize = 1 << 22;

/// The text of a string with all its parts.
pub fn full_text(graph: &HeapGraph, node: NodeIx, task: &Task) -> Result<(JsString, Extent), Cancelled> {
    let mut text = JsString::new();
    let mut extent = Extent::Whole;
    let mut stack = vec![node];
    let mut parents = FxHashSet::default();
    let mut seen = 0;
    while let Some(part) = stack.pop() {
        seen += 1;
        task.check_at(seen)?;
        if seen > MOST_PARTS || text.as_js().bytes().len() > MOST {
            extent = Extent::TooLong;
            break;
        }
        let cursor = graph.node(part);
        match graph.kind(part) {
            NodeKind::ConcatenatedString => {
                let piece = |name| cursor.follow(EdgeKind::Internal, name).map(NodeRef::ix);
                stack.extend(piece("second"));
                stack.extend(piece("first"));
            }
            NodeKind::SlicedString => {
                let parent = cursor.follow(EdgeKind::Internal, "parent");
                if let Some(parent) = parent.filter(|parent| parents.insert(parent.ix())) {
                    extent = Extent::Parent;
                    stack.push(parent.ix());
                }
            }
            _ => {
                // A thin string is one in front of another that has the same text.
                text.push(graph.raw_name(part));
                if extent == Extent::Whole && is_cut(cursor) {
                    extent = Extent::Cut(None);
                }
            }
        }
    }
    if extent == Extent::Cut(None) {
        extent = Extent::Cut(length(graph.node(node)));
    }
    Ok((text, extent))
}

/// The length of a string in UTF-16 units, where the file tells.
fn length(string: NodeRef<'_>) -> Option<u64> {
    let length = string.follow(EdgeKind::Internal, "length")?;
    let digits = length.follow(EdgeKind::Internal, "value")?;
    digits.raw_name().as_str()?.parse().ok()
}

/// Did V8 write only the beginning of a string? The file says so, or the string is as long as V8 writes at most and its own
/// size is not that of so many units.
fn is_cut(string: NodeRef<'_>) -> bool {
    if string.follow(EdgeKind::Internal, "truncated").is_some() {
        return true;
    }
    let text = string.raw_name();
    let units = text.utf16_len();
    if units < USUALLY_CUT_AT || length(string) == Some(units as u64) {
        return false;
    }
    let wide = text.utf16().any(|unit| unit > 0xFF);
    let least = if wide { 2 * units } else { units } as u64;
    !string
        .self_size()
        .checked_sub(least)
        .is_some_and(|rest| STRING_HEAD.contains(&rest))
}

/// The script that holds the function `closure`, and its name there.
pub fn script_name(graph: &HeapGraph, closure: NodeIx) -> Option<JsString> {
    const SCRIPT: [&str; 2] = ["script", "script_or_debug_info"];
    let to_script = |from: NodeRef<'_>| {
        SCRIPT
            .iter()
            .find_map(|name| Some(from.follow(EdgeKind::Internal, name)?.ix()))
    };
    let shared = graph.node(closure).follow(EdgeKind::Internal, "shared")?;
    let mut script = graph.node(to_script(shared)?);
    // A function that is being debugged has its script behind one more object.
    if let Some(behind) = to_script(script) {
        script = graph.node(behind);
    }
    if let Some(name) = script.follow(EdgeKind::Internal, "name")
        && name.kind() == NodeKind::String
    {
        return Some(name.raw_name().to_owned());
    }
    let name = script.raw_name();
    let is_own = !name.is_empty() && !name.starts_with("system");
    is_own.then(|| name.to_owned())
}

/// What a property edge does besides holding a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accessor {
    /// It leads to the function that reads the property.
    Getter,
    /// It leads to the function that writes the property.
    Setter,
}

/// Is `edge` half of an accessor property? V8 writes both functions as properties `get x` and `set x`. The text is the name
/// of the property.
pub fn accessor(graph: &HeapGraph, edge: EdgeIx) -> Option<(Accessor, JsStr<'_>)> {
    let head = graph.head(edge);
    let EdgeName::Text(name) = graph.edge_name(edge) else {
        return None;
    };
    let is_function = graph.kind(head.target()) == NodeKind::Closure
        || graph.raw_name(head.target()) == "system / FunctionTemplateInfo";
    if head.kind() != EdgeKind::Property || !is_function {
        return None;
    }
    [("get ", Accessor::Getter), ("set ", Accessor::Setter)]
        .into_iter()
        .find_map(|(prefix, accessor)| {
            let rest = name.bytes().strip_prefix(prefix.as_bytes())?;
            (!rest.is_empty()).then(|| (accessor, JsStr::from_wtf8(rest)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Heap;

    fn last(text: &str) -> (Heap, NodeIx) {
        let heap = Heap::of(&format!("\"\":synthetic\n{text}"));
        let node = heap.graph.nodes().nth(1).unwrap();
        (heap, node)
    }

    fn value_of(text: &str) -> Option<String> {
        let (heap, node) = last(text);
        value(&heap.graph, node).map(|text| text.to_string())
    }

    fn text_of(text: &str) -> (String, Extent) {
        let (heap, node) = last(text);
        let (text, extent) = full_text(&heap.graph, node, &Task::new()).unwrap();
        (text.to_string(), extent)
    }

    #[test]
    fn numbers_and_oddballs_have_values() {
        assert_eq!(
            value_of("n=\"heap number\":number -internal:value-> \"1.5\":string").as_deref(),
            Some("1.5")
        );
        assert_eq!(value_of("n=\"heap number\":number"), None);
        assert_eq!(value_of("n=undefined:hidden").as_deref(), Some("undefined"));
        assert_eq!(value_of("n=null:native").as_deref(), Some("null"));
        assert_eq!(value_of("n=\"system / Hole\":native").as_deref(), Some("hole"));
        assert_eq!(
            value_of("n=\"system / Oddball\":hidden -internal:map-> m:hidden\nn -hidden:1-> true:string")
                .as_deref(),
            Some("true")
        );
        assert_eq!(value_of("n=true:object"), None);
        assert_eq!(value_of("n=system:hidden"), None);
    }

    #[test]
    fn ropes_are_put_together_to_their_end() {
        let long = "x".repeat(900);
        let rope = format!(
            "r=\"(concatenated string)\":concatenated_string -internal:first-> a=\"{long}\":string/920\n\
             r -internal:second-> s=\"(concatenated string)\":concatenated_string -internal:first-> a\n\
             s -internal:second-> z:string"
        );
        assert_eq!(text_of(&rope), (format!("{long}{long}z"), Extent::Whole));
        let ring = "r=r:concatenated_string -internal:first-> r\nr -internal:second-> r";
        assert_eq!(text_of(ring), (String::new(), Extent::TooLong));
    }

    #[test]
    fn what_v8_cut_is_told() {
        let long = "x".repeat(1024);
        assert_eq!(text_of(&format!("s=\"{long}\":string/1040")).1, Extent::Whole);
        assert_eq!(text_of(&format!("s=\"{long}\":string/5000")).1, Extent::Cut(None));
        assert_eq!(
            text_of(
                "s=abc:string -internal:truncated-> b=bool:number\n\
                 s -internal:length-> n=int:number -internal:value-> \"5000\":string"
            ),
            ("abc".to_owned(), Extent::Cut(Some(5000)))
        );
        assert_eq!(
            text_of("s=\"(sliced string)\":sliced_string -internal:parent-> whole:string"),
            ("whole".to_owned(), Extent::Parent)
        );
        let ring = "s=\"(sliced string)\":sliced_string -internal:parent-> s";
        assert_eq!(text_of(ring), (String::new(), Extent::Parent));
    }

    #[test]
    fn scripts_are_found_behind_functions() {
        let script = |shared: &str| {
            let (heap, node) = last(&format!("f:closure -internal:shared-> s:code\n{shared}"));
            script_name(&heap.graph, node).map(|name| name.to_string())
        };
        assert_eq!(
            script("s -internal:script-> \"a.js\":code").as_deref(),
            Some("a.js")
        );
        assert_eq!(
            script("s -internal:script_or_debug_info-> d=\"system / DebugInfo\":code -internal:script-> \"b.js\":code")
                .as_deref(),
            Some("b.js")
        );
        assert_eq!(
            script("s -internal:script-> n=\"system / Script / c.j\":code -internal:name-> \"c.js\":string")
                .as_deref(),
            Some("c.js")
        );
        assert_eq!(script("s -internal:script-> n=\"system / Script\":code"), None);
        assert_eq!(script(""), None);
    }

    #[test]
    fn accessors_are_told_from_properties() {
        let (heap, node) = last(
            "o:object -\"get size\"-> f:closure\no -\"set size\"-> f\no -\"get \"-> f\no -\"get it\"-> x:object\no -size-> f",
        );
        let found: Vec<_> = heap
            .graph
            .edges(node)
            .map(|edge| accessor(&heap.graph, edge).map(|(accessor, name)| (accessor, name.to_string())))
            .collect();
        let size = || "size".to_owned();
        assert_eq!(
            found,
            [
                Some((Accessor::Getter, size())),
                Some((Accessor::Setter, size())),
                None,
                None,
                None
            ]
        );
    }
}
