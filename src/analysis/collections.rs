//! The collections of a heap: what holds many things by key or by number, how many, and for how many there is room.
//!
//! Rooms are read off the size of the store that V8 gives a collection. Entries are counted by the edges of the store; small
//! integers, `true`, `undefined` and their like leave none, so that the answer may be a range. What narrows it is known of
//! V8: a table is never filled less than to a quarter once it has grown, an array never less than to half.

use rustc_hash::FxHashSet;

use super::hash_tables::{self, Layout, Part, TableKind, slot};
use super::owner_claims::globals;
use super::string_map::StringSet;
use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind};

/// What kind of collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CollectionKind {
    /// A `Map`.
    Map,
    /// A `Set`.
    Set,
    /// A `WeakMap`.
    WeakMap,
    /// A `WeakSet`.
    WeakSet,
    /// An object whose properties or numbered elements the engine keeps in a table: one used as a map.
    Dictionary,
    /// An array.
    Array,
    /// An array of the engine's that is no program's collection's store.
    Engine,
}

impl CollectionKind {
    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Map => "Map",
            Self::Set => "Set",
            Self::WeakMap => "WeakMap",
            Self::WeakSet => "WeakSet",
            Self::Dictionary => "dictionary",
            Self::Array => "Array",
            Self::Engine => "engine table",
        }
    }

    /// Are entries pairs of a key and a value, both of them objects or values?
    pub const fn has_keys(self) -> bool {
        matches!(self, Self::Map | Self::WeakMap)
    }

    /// Do entries go when nothing else holds their keys?
    pub const fn is_weak(self) -> bool {
        matches!(self, Self::WeakMap | Self::WeakSet)
    }
}

/// How many entries: the same number twice where that is certain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// At least so many.
    pub least: u64,
    /// At most so many.
    pub most: u64,
}

impl Entries {
    /// Exactly so many.
    pub const fn exactly(count: u64) -> Self {
        Self {
            least: count,
            most: count,
        }
    }

    /// Is the number certain?
    pub const fn is_exact(self) -> bool {
        self.least == self.most
    }

    /// Those of both together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            least: self.least + other.least,
            most: self.most + other.most,
        }
    }
}

/// A collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Collection {
    /// The object.
    pub node: NodeIx,
    /// What it is.
    pub kind: CollectionKind,
    /// The engine's array in which it keeps its entries.
    pub store: NodeIx,
    /// How many entries.
    pub entries: Entries,
    /// For how many there is room.
    pub capacity: u64,
}

/// Arrays with less room are no collections here: there are millions, and nothing is kept in them for long.
const LEAST_ARRAY: u64 = 64;
/// Objects of fewer properties are records, even if the engine keeps them in a table.
const LEAST_PROPERTIES: u64 = 8;
/// Tables of the engine's own of fewer bytes are not worth a row.
const LEAST_ENGINE_SIZE: u64 = 16 << 10;

/// All collections, in the order of the edges that lead to their stores; the engine's own tables last.
pub fn find(graph: &HeapGraph, task: &Task) -> Result<Vec<Collection>, Cancelled> {
    let names = ["table", "elements", "properties"].map(|name| StringSet::equal(graph.strings(), name));
    let is_store = |name| names.iter().any(|names| names.contains(name));
    let edges = graph.internal_edges_named(is_store, task)?;
    let mut survey = Survey {
        graph,
        word: word_size(graph, &edges, &names[1]),
        globals: globals(graph, task)?,
        slots: Vec::new(),
    };
    let mut found = Vec::new();
    let mut stores = BitSet::new(graph.node_count());
    for (nth, &edge) in edges.iter().enumerate() {
        task.check_at(nth)?;
        let store = graph.head(edge).target();
        if graph.kind(store) != NodeKind::Array {
            continue;
        }
        let name = graph.edge_name_ix(edge);
        let is = |at: usize| name.is_some_and(|name| names[at].contains(name));
        let collection = if is(0) {
            survey.table(edge, store, task)?
        } else if is(1) {
            survey.elements(edge, store, task)?
        } else {
            survey.properties(edge, store, task)?
        };
        // An iterator has the table of the collection it goes through.
        let is_first = stores.insert(store);
        found.extend(collection.filter(|_| is_first));
    }
    for node in graph.nodes() {
        task.check_at(node.at())?;
        if graph.kind(node) == NodeKind::Array
            && graph.self_size(node) >= LEAST_ENGINE_SIZE
            && !stores.contains(node)
        {
            let slots = graph.self_size(node) / survey.word;
            let least = graph.heads(node).len() as u64;
            found.push(Collection {
                node,
                kind: CollectionKind::Engine,
                store: node,
                entries: Entries {
                    least,
                    most: slots.max(least),
                },
                capacity: slots,
            });
        }
    }
    Ok(found)
}

/// The length of a word in bytes: 4 with pointer compression. An `Array` object has four words.
fn word_size(graph: &HeapGraph, edges: &[EdgeIx], elements: &StringSet) -> u64 {
    const ENOUGH: usize = 64;
    const LOOKED_AT: usize = 1 << 16;
    let (mut small, mut seen) = (0, 0);
    let is_elements = |edge: &&EdgeIx| {
        graph
            .edge_name_ix(**edge)
            .is_some_and(|name| elements.contains(name))
    };
    for &edge in edges.iter().filter(is_elements).take(LOOKED_AT) {
        if seen == ENOUGH {
            break;
        }
        let owner = graph.source(edge);
        if graph.raw_name(owner) == "Array" {
            seen += 1;
            small += usize::from(graph.self_size(owner) == 16);
        }
    }
    if 2 * small > seen { 4 } else { 8 }
}

/// What looks at collections one after another.
struct Survey<'a> {
    graph: &'a HeapGraph,
    word: u64,
    globals: FxHashSet<NodeIx>,
    /// Entries that left an edge, with what it leads to.
    slots: Vec<(u32, Part)>,
}

impl Survey<'_> {
    /// A `Map`, `Set`, `WeakMap` or `WeakSet`.
    fn table(&mut self, edge: EdgeIx, store: NodeIx, task: &Task) -> Result<Option<Collection>, Cancelled> {
        let Some(layout) = Layout::of_collection(self.graph, store) else {
            return Ok(None);
        };
        let node = self.graph.source(edge);
        let name = self.graph.raw_name(node);
        if self.graph.kind(node) != NodeKind::Object || name.ends_with("Iterator") {
            return Ok(None);
        }
        let kind = match layout.kind {
            TableKind::Map => CollectionKind::Map,
            TableKind::Set => CollectionKind::Set,
            TableKind::Weak if name == "WeakSet" => CollectionKind::WeakSet,
            TableKind::Weak => CollectionKind::WeakMap,
            TableKind::Properties => return Ok(None),
        };
        let capacity = u64::from(layout.entries());
        let pairs = self.read(store, layout, task)?;
        let seen = Seen::of(&self.slots);
        let entries = if layout.kind == TableKind::Weak {
            Entries::exactly(seen.entries.max(pairs))
        } else {
            seen.in_table(capacity)
        };
        Ok(Some(Collection {
            node,
            kind,
            store,
            entries,
            capacity,
        }))
    }

    /// An object whose properties stand in a table.
    fn properties(
        &mut self,
        edge: EdgeIx,
        store: NodeIx,
        task: &Task,
    ) -> Result<Option<Collection>, Cancelled> {
        let Some(layout) = Layout::of_properties(self.graph, store) else {
            return Ok(None);
        };
        let capacity = u64::from(layout.entries());
        if capacity < LEAST_PROPERTIES {
            return Ok(None);
        }
        let node = self.graph.source(edge);
        if self.graph.kind(node) != NodeKind::Object || self.globals.contains(&node) {
            return Ok(None);
        }
        self.read(store, layout, task)?;
        // Names are texts or symbols: each leaves an edge.
        let count = self.slots.iter().filter(|&&(_, part)| part == Part::Key).count() as u64;
        let is_map = count >= LEAST_PROPERTIES && !is_prototype(self.graph, node);
        Ok(is_map.then_some(Collection {
            node,
            kind: CollectionKind::Dictionary,
            store,
            entries: Entries::exactly(count),
            capacity,
        }))
    }

    /// An array, or an object with numbered elements.
    fn elements(&self, edge: EdgeIx, store: NodeIx, task: &Task) -> Result<Option<Collection>, Cancelled> {
        let slots = (self.graph.self_size(store) / self.word).saturating_sub(2);
        if slots < LEAST_ARRAY {
            return Ok(None);
        }
        let node = self.graph.source(edge);
        if self.graph.kind(node) != NodeKind::Object || self.globals.contains(&node) {
            return Ok(None);
        }
        let (mut count, mut end) = (0_u64, 0_u64);
        for (nth, edge) in self.graph.edges(node).enumerate() {
            task.check_at(nth)?;
            if self.graph.head(edge).kind() == EdgeKind::Element {
                count += 1;
                end = end.max(u64::from(self.graph.edge_name_raw(edge)) + 1);
            }
        }
        let kind = if self.graph.raw_name(node) == "Array" {
            CollectionKind::Array
        } else {
            CollectionKind::Dictionary
        };
        let (entries, capacity) = match hash_tables::sparse_elements(self.graph, store) {
            Some(capacity) if end > slots || count > 0 => {
                (in_sparse_table(count, u64::from(capacity)), u64::from(capacity))
            }
            // An object used as a map by number has gaps; an array's may be numbers.
            _ if kind == CollectionKind::Dictionary && count > 0 => (Entries::exactly(count), slots),
            _ => (in_array(count, end, slots), slots),
        };
        Ok(Some(Collection {
            node,
            kind,
            store,
            entries,
            capacity,
        }))
    }

    /// Reads which entries of a table left edges; the number of pairs that have no slot is returned.
    fn read(&mut self, store: NodeIx, layout: Layout, task: &Task) -> Result<u64, Cancelled> {
        self.slots.clear();
        let mut pairs = 0;
        for (nth, edge) in self.graph.edges(store).enumerate() {
            task.check_at(nth)?;
            if !matches!(self.graph.head(edge).kind(), EdgeKind::Internal | EdgeKind::Weak) {
                continue;
            }
            if let Some(slot) = slot(self.graph, edge) {
                self.slots.extend(layout.place(slot));
            } else {
                let is_class = self.graph.edge_name(edge) == EdgeName::Text("map".into());
                pairs += u64::from(!is_class);
            }
        }
        if !self.slots.is_sorted() {
            self.slots.sort_unstable();
        }
        Ok(pairs)
    }
}

/// Does a class make objects with `node` as their prototype?
fn is_prototype(graph: &HeapGraph, node: NodeIx) -> bool {
    let constructor = graph.node(node).follow(EdgeKind::Property, "constructor");
    let prototype = constructor.and_then(|function| function.follow(EdgeKind::Property, "prototype"));
    prototype.is_some_and(|prototype| prototype.ix() == node)
}

/// What the edges of a table tell of its entries.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    /// Entries of which a key or a value left an edge.
    entries: u64,
    /// Those of which the key did not.
    without_key: u64,
    /// One more than the last of them.
    end: u64,
}

impl Seen {
    /// `slots` are sorted.
    fn of(slots: &[(u32, Part)]) -> Self {
        let mut seen = Self::default();
        for entry in slots.chunk_by(|a, b| a.0 == b.0) {
            seen.entries += 1;
            seen.without_key += u64::from(entry.iter().all(|&(_, part)| part == Part::Value));
            seen.end = u64::from(entry[0].0) + 1;
        }
        seen
    }

    /// Entries of the table of a `Map` or `Set` with room for `capacity`.
    fn in_table(self, capacity: u64) -> Entries {
        let least = if capacity > 4 { capacity / 4 } else { 0 };
        // Keys are usually all of one sort: gaps between them are then deleted entries, not numbers.
        let is_of_one_sort = self.without_key == 0 || self.without_key == self.entries;
        let has_gaps = self.end > self.entries;
        if self.entries >= least && self.entries > 0 && (is_of_one_sort || !has_gaps) {
            return Entries::exactly(self.entries);
        }
        Entries {
            least: least.max(self.entries),
            most: capacity.max(self.entries),
        }
    }
}

/// Entries of the table of a sparse array: it is at most two thirds full.
fn in_sparse_table(count: u64, capacity: u64) -> Entries {
    if count >= capacity / 4 {
        return Entries::exactly(count);
    }
    Entries {
        least: capacity / 4,
        most: (2 * capacity).div_ceil(3),
    }
}

/// Entries of an array with `slots` slots, of which `count` left edges, the last of them just before `end`.
fn in_array(count: u64, end: u64, slots: u64) -> Entries {
    if count == 0 {
        return Entries {
            least: slots.saturating_sub(16) / 2,
            most: slots,
        };
    }
    Entries {
        least: count,
        most: end.max(count),
    }
}

#[cfg(test)]
mod tests;
