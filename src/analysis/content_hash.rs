//! What objects look like to a person who opens them: hashes by which the contents of two can be told apart.
//!
//! Level 0 is what a node is by itself: its type, its class, of a text or a number the value. Each further level adds the names
//! of its properties, elements and variables with what they lead to, one level lower. Objects that are equal on level 2 hold
//! the same texts, and objects of the same classes that hold the same texts. What leaves no trace in the file (small integers)
//! or no value (other numbers, unless they were asked for) does not tell objects apart.

use super::classes::ClassTable;
use super::names::PROTO;
use super::owner_claims::follow;
use super::shapes::mixed;
use super::string_map::StringSet;
use crate::base::index::{EdgeIx, NodeIx, StringIx};
use crate::graph::{EdgeKind, HeapGraph, NodeKind};

/// What hashes contents.
#[derive(Debug)]
pub struct ContentHash<'a> {
    graph: &'a HeapGraph,
    classes: &'a ClassTable,
    proto: StringSet,
    value: StringSet,
    shared: StringSet,
    first: StringSet,
    second: StringSet,
}

/// Of so many edges at most the contents are looked at.
const MOST_EDGES: usize = 64;

impl<'a> ContentHash<'a> {
    /// Looks up the names that matter.
    pub fn new(graph: &'a HeapGraph, classes: &'a ClassTable) -> Self {
        let strings = graph.strings();
        Self {
            graph,
            classes,
            proto: StringSet::equal(strings, PROTO),
            value: StringSet::equal(strings, "value"),
            shared: StringSet::equal(strings, "shared"),
            first: StringSet::equal(strings, "first"),
            second: StringSet::equal(strings, "second"),
        }
    }

    /// The hash of `node` on that level, 0 to 2.
    pub fn of(&self, node: NodeIx, level: u32) -> u64 {
        match self.graph.kind(node) {
            NodeKind::ConcatenatedString => return self.rope(node),
            // Which piece of the other string it is, the file does not tell: none is like another.
            NodeKind::SlicedString => return mixed((u64::from(node.raw()) << 1) | 1),
            _ => {}
        }
        let mut hash = self.own(node);
        if level == 0 || self.is_value(node) {
            return hash;
        }
        for edge in self.graph.edges(node).take(MOST_EDGES) {
            if let Some(name) = self.shown(edge) {
                let target = self.graph.head(edge).target();
                // A sum: the order of properties does not matter.
                hash = hash.wrapping_add(mixed(name ^ mixed(self.of(target, level - 1))));
            }
        }
        hash
    }

    /// The hash of a joined string: of its pieces in their order, of the first ones of very many.
    fn rope(&self, node: NodeIx) -> u64 {
        let mut hash = 0;
        let mut stack = vec![node];
        for _ in 0..MOST_EDGES {
            let Some(piece) = stack.pop() else { break };
            if self.graph.kind(piece) != NodeKind::ConcatenatedString {
                hash = mixed(hash ^ self.own(piece));
                continue;
            }
            let piece_of = |names| follow(self.graph, piece, EdgeKind::Internal, names);
            stack.extend(piece_of(&self.second));
            stack.extend(piece_of(&self.first));
        }
        hash
    }

    /// Is `node` all there is to it?
    fn is_value(&self, node: NodeIx) -> bool {
        matches!(
            self.graph.kind(node),
            NodeKind::String
                | NodeKind::Number
                | NodeKind::Symbol
                | NodeKind::BigInt
                | NodeKind::Hidden
                | NodeKind::Code
        )
    }

    /// What `node` is by itself.
    fn own(&self, node: NodeIx) -> u64 {
        let graph = self.graph;
        let kind = graph.kind(node);
        let what = match kind {
            NodeKind::Number => {
                let value = graph.edges(node).find(|&edge| {
                    graph
                        .edge_name_ix(edge)
                        .is_some_and(|name| self.value.contains(name))
                });
                value.map_or(0, |value| graph.name_ix(graph.head(value).target()).raw())
            }
            NodeKind::Object | NodeKind::Native => self.classes.of(node).raw(),
            NodeKind::Array => 0,
            _ => graph.name_ix(node).raw(),
        };
        let size = if kind == NodeKind::String {
            graph.self_size(node)
        } else {
            0
        };
        mixed(((kind as u64) << 56) ^ (u64::from(what) << 20) ^ size)
    }

    /// A number for the name of `edge` if it counts as content.
    fn shown(&self, edge: EdgeIx) -> Option<u64> {
        let graph = self.graph;
        let kind = graph.head(edge).kind();
        let name = graph.edge_name_raw(edge);
        let is_named = |names: &StringSet| names.contains(StringIx::from_raw(name));
        let counts = match kind {
            EdgeKind::Property => !is_named(&self.proto),
            EdgeKind::Element | EdgeKind::Context => true,
            // A function is what its code is.
            EdgeKind::Internal => is_named(&self.shared),
            _ => false,
        };
        counts.then_some(((kind as u64) << 40) ^ u64::from(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Heap;

    /// On which level the first two nodes called `Item` differ.
    fn differ_on(text: &str) -> Option<u32> {
        let heap = Heap::of(&format!("root:synthetic/0 -shortcut:w-> w:object/8\n{text}"));
        let hash = ContentHash::new(&heap.graph, &heap.classes);
        let is_item = |node: &NodeIx| heap.graph.raw_name(*node) == "Item";
        let [a, b, ..] = heap.graph.nodes().filter(is_item).collect::<Vec<_>>()[..] else {
            panic!("two items")
        };
        (0..=2).find(|&level| hash.of(a, level) != hash.of(b, level))
    }

    #[test]
    fn texts_and_classes_tell_contents_apart() {
        let two = |first: &str, second: &str| {
            differ_on(&format!(
                "a=Item:object -x-> {first}\nb=Item:object -x-> {second}"
            ))
        };
        assert_eq!(two("t=one:string", "u=one:string"), None);
        assert_eq!(two("t=one:string", "u=two:string"), Some(1));
        assert_eq!(two("t=one:string/16", "u=one:string/24"), Some(1));
        assert_eq!(two("t=One:object", "u=Two:object"), Some(1));
        assert_eq!(
            two("t=P:object -y-> s=1:string", "u=P:object -y-> r=2:string"),
            Some(2)
        );
        assert_eq!(two("t=P:object -z-> p:object", "u=P:object -z-> p"), None);
        assert_eq!(two("t=n:number", "u=n:number"), None);
        assert_eq!(
            two(
                "t=n:number -internal:value-> s=1:string",
                "u=n:number -internal:value-> r=2:string"
            ),
            Some(1)
        );
    }

    #[test]
    fn joined_strings_are_their_pieces() {
        let rope = |name: &str, second: &str| {
            format!(
                "{name}=r:concatenated_string -internal:first-> a=one:string\n{name} -internal:second-> {second}:string\n"
            )
        };
        let items = "a1=Item:object -x-> r\nb1=Item:object -x-> s";
        assert_eq!(
            differ_on(&format!("{items}\n{}{}", rope("r", "two"), rope("s", "two"))),
            None
        );
        assert_eq!(
            differ_on(&format!("{items}\n{}{}", rope("r", "two"), rope("s", "other"))),
            Some(1)
        );
        let slices =
            "r=p:sliced_string -internal:parent-> whole:string\ns=p:sliced_string -internal:parent-> whole";
        assert_eq!(differ_on(&format!("{items}\n{slices}")), Some(1));
    }

    #[test]
    fn the_order_of_properties_does_not() {
        let text = "a=Item:object -x-> s=1:string\na -y-> t=2:string\nb=Item:object -y-> t\nb -x-> s";
        assert_eq!(differ_on(text), None);
        let swapped = "a=Item:object -x-> s=1:string\na -y-> t=2:string\nb=Item:object -y-> s\nb -x-> t";
        assert_eq!(differ_on(swapped), Some(1));
    }
}
