//! Where keys and values stand in V8's hash tables.
//!
//! The file writes a table as an array whose edges are named by their slots; which slots are keys follows from how V8 lays a
//! table out: a few counters, perhaps buckets, then entries of equal length. Which kind of table it is, and how large, is
//! told by its own size: the kinds' sizes are never the same, on 8-byte and on 4-byte words (pointer compression) alike. A
//! size that fits none is a layout this program does not know, and nothing is said of its slots.
//!
//! Small integers leave no edge: an entry may have a key and no value in the file, or the other way round.

use crate::base::index::EdgeIx;
use crate::base::index::NodeIx;
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind};

/// What a table is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableKind {
    /// Of a `Map`.
    Map,
    /// Of a `Set`.
    Set,
    /// Of a `WeakMap` or a `WeakSet`.
    Weak,
    /// The properties of an object with many, or with some deleted.
    Properties,
}

/// What a slot of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A key, or a member of a set.
    Key,
    /// A value.
    Value,
}

/// How a table is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What it is for.
    pub kind: TableKind,
    first: u32,
    stride: u32,
    entries: u32,
}

impl Layout {
    /// The layout of the table of a collection: what an object's internal edge `table` leads to.
    pub fn of_collection(graph: &HeapGraph, table: NodeIx) -> Option<Self> {
        Self::find(graph, table, |slots| {
            // Three counters, then buckets, each for two entries (Map, Set); or entries at once, a power of two of them.
            let buckets = |of| power(slots.checked_sub(3)?, of);
            if let Some(buckets) = buckets(7) {
                return Some(Self::new(TableKind::Map, 3 + buckets, 3, 2 * buckets));
            }
            if let Some(buckets) = buckets(5) {
                return Some(Self::new(TableKind::Set, 3 + buckets, 2, 2 * buckets));
            }
            buckets(2).map(|entries| Self::new(TableKind::Weak, 3, 2, entries))
        })
    }

    /// The layout of a table of properties: what an object's internal edge `properties` leads to.
    pub fn of_properties(graph: &HeapGraph, table: NodeIx) -> Option<Self> {
        Self::find(graph, table, |slots| {
            [6, 5].into_iter().find_map(|first| {
                let entries = power(slots.checked_sub(first)?, 3)?;
                Some(Self::new(TableKind::Properties, first, 3, entries))
            })
        })
    }

    const fn new(kind: TableKind, first: u32, stride: u32, entries: u32) -> Self {
        Self {
            kind,
            first,
            stride,
            entries,
        }
    }

    /// Tries both lengths of a word; `by_slots` tells the layout by the number of slots.
    fn find(graph: &HeapGraph, table: NodeIx, by_slots: impl Fn(u32) -> Option<Self>) -> Option<Self> {
        if graph.kind(table) != NodeKind::Array {
            return None;
        }
        [8, 4]
            .into_iter()
            .find_map(|word| by_slots(slots(graph, table, word)?))
    }

    /// For how many entries there is room.
    pub const fn entries(self) -> u32 {
        self.entries
    }

    /// How many entries it has room for.
    pub const fn capacity(self) -> u32 {
        self.entries
    }

    /// The entry that `slot` belongs to, from 0, and what of it the slot holds; none for counters, buckets and links.
    pub fn place(self, slot: u32) -> Option<(u32, Part)> {
        let at = slot.checked_sub(self.first)?;
        let entry = at / self.stride;
        let part = match (at % self.stride, self.kind) {
            (0, _) => Part::Key,
            (1, TableKind::Map | TableKind::Weak | TableKind::Properties) => Part::Value,
            _ => return None,
        };
        (entry < self.entries).then_some((entry, part))
    }
}

/// For how many elements a sparse array's store has room, if `store` is one: a table of numbers to elements. Other stores of
/// the same size are told from it by their edges: only tables have one to their hidden class beside those to elements.
pub fn sparse_elements(graph: &HeapGraph, store: NodeIx) -> Option<u32> {
    let has_class = graph.node(store).follow(EdgeKind::Internal, "map").is_some();
    let find = |slots: u32| power(slots.checked_sub(4)?, 3);
    [8, 4]
        .into_iter()
        .find_map(|word| find(slots(graph, store, word)?))
        .filter(|_| has_class)
}

/// The slots of an array on words of that length: two words of every array are its map and its length.
fn slots(graph: &HeapGraph, array: NodeIx, word: u64) -> Option<u32> {
    let size = graph.self_size(array);
    size.is_multiple_of(word)
        .then(|| u32::try_from((size / word).checked_sub(2)?).ok())?
}

/// `slots / each` if that is a power of two above 1 without a rest.
fn power(slots: u32, each: u32) -> Option<u32> {
    let count = slots / each;
    (slots.is_multiple_of(each) && count > 1 && count.is_power_of_two()).then_some(count)
}

/// The slot of an array that `edge` leaves: its number, or its name if that is a number.
pub fn slot(graph: &HeapGraph, edge: EdgeIx) -> Option<u32> {
    match graph.edge_name(edge) {
        EdgeName::Index(index) => u32::try_from(index).ok(),
        EdgeName::Text(text) => {
            let digits = text.bytes();
            let is_number = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
            is_number.then(|| text.as_str()?.parse().ok())?
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Heap;

    /// The layouts of an array of that many bytes, as a collection's and as an object's.
    fn layouts(size: u64) -> [Option<Layout>; 2] {
        let heap = Heap::of(&format!("root:synthetic -internal:table-> t:array/{size}"));
        let table = heap.graph.nodes().next_back().unwrap();
        [
            Layout::of_collection(&heap.graph, table),
            Layout::of_properties(&heap.graph, table),
        ]
    }

    fn collection(size: u64) -> Option<(TableKind, u32, u32)> {
        layouts(size)[0].map(|layout| (layout.kind, layout.first, layout.entries))
    }

    #[test]
    fn sizes_tell_layouts_apart() {
        // Eight-byte words, then four-byte ones.
        assert_eq!(collection(264), Some((TableKind::Map, 7, 8)));
        assert_eq!(collection(200), Some((TableKind::Set, 7, 8)));
        assert_eq!(collection(104), Some((TableKind::Weak, 3, 4)));
        assert_eq!(collection(244), Some((TableKind::Map, 11, 16)));
        assert_eq!(collection(52), Some((TableKind::Weak, 3, 4)));
        assert_eq!(collection(0), None);
        assert_eq!(collection(16), None);
        assert_eq!(collection(272), None);
        let properties = |size| layouts(size)[1].map(|layout| (layout.first, layout.entries));
        assert_eq!(properties(832), Some((6, 32)));
        assert_eq!(properties(3128), Some((5, 128)));
        assert_eq!(properties(264), None);
    }

    #[test]
    fn no_size_fits_two_kinds() {
        for word in [8, 4] {
            for log in 1..24 {
                let count = 1_u64 << log;
                let expected = [
                    (TableKind::Map, 3 + 7 * count),
                    (TableKind::Set, 3 + 5 * count),
                    (TableKind::Weak, 3 + 2 * count),
                ];
                for (kind, slots) in expected {
                    let found = collection((slots + 2) * word).map(|(kind, ..)| kind);
                    assert_eq!(found, Some(kind), "{count} of {word}");
                }
            }
        }
    }

    #[test]
    fn slots_are_keys_values_or_neither() {
        let map = layouts(264)[0].unwrap();
        let places: Vec<_> = (6..11).map(|slot| map.place(slot)).collect();
        assert_eq!(
            places,
            [
                None,
                Some((0, Part::Key)),
                Some((0, Part::Value)),
                None,
                Some((1, Part::Key))
            ]
        );
        assert_eq!(map.place(29), Some((7, Part::Value)));
        assert_eq!(map.place(31), None);
        let set = layouts(200)[0].unwrap();
        assert_eq!((set.place(7), set.place(8)), (Some((0, Part::Key)), None));
    }

    #[test]
    fn slots_are_read_from_names() {
        let heap = Heap::of(
            "a:synthetic -internal:12-> b\na -weak:7-> b\na -element:3-> b\na -internal:map-> b\na -internal:\"\"-> b",
        );
        let edges = heap.graph.edges(heap.graph.root());
        let slots: Vec<_> = edges.map(|edge| slot(&heap.graph, edge)).collect();
        assert_eq!(slots, [Some(12), Some(7), Some(3), None, None]);
    }
}
