//! The names of `WeakMap` pairs.
//!
//! V8 writes the value of a `WeakMap` entry as an edge of the map's table *and* as an edge of the key, both with a name such as
//! `12 / part of key (Session @31) -> value (Object @77) pair in WeakMap (table @9)`. The value lives as long as both do.
//! Nothing but the recognition of these names and edges may live here; what follows from them is each rule's own affair.

use memchr::memmem::Finder;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, Ix as _, NodeIx, StringIx, to_u32};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::graph::{HeapGraph, ObjectId};

/// All `WeakMap` edges of a graph.
#[derive(Debug)]
pub struct Ephemerons {
    /// The edges, ascending.
    edges: Vec<EdgeIx>,
    /// The pair of each edge.
    pairs: Vec<u32>,
    /// Those edges that are the table's half of their pair, ascending.
    table_halves: Vec<EdgeIx>,
    /// What has such edges.
    sources: BitSet<NodeIx>,
    /// What a table's half leads to.
    values: BitSet<NodeIx>,
    only_halves: FxHashSet<(NodeIx, NodeIx)>,
}

/// What the name of a `WeakMap` edge tells.
#[derive(Clone, Copy)]
struct Name {
    /// The table's id.
    table: ObjectId,
    /// A number that both edges of one pair share: it stands for the name without its leading index.
    pair: u32,
}

impl Ephemerons {
    /// Finds the names that say so, and the edges of such names.
    pub fn build(graph: &HeapGraph, task: &Task) -> Result<Self, Cancelled> {
        let mut found = Self {
            edges: Vec::new(),
            pairs: Vec::new(),
            table_halves: Vec::new(),
            sources: BitSet::new(graph.node_count()),
            values: BitSet::new(graph.node_count()),
            only_halves: FxHashSet::default(),
        };
        let names = names_of_pairs(graph, task)?;
        if names.is_empty() {
            return Ok(found);
        }
        let mut named = BitSet::<StringIx>::new(graph.strings().len());
        for &(ix, _) in &names {
            named.insert(ix);
        }
        task.check()?;
        let is_pair = |name: StringIx| name.at() < named.domain() && named.contains(name);
        let edges = graph.internal_edges_named(is_pair, task)?;
        found.classify(graph, &edges, &names, task)?;
        found.forget_otherwise_held(graph, task)?;
        Ok(found)
    }

    /// Tells the tables' halves among `edges` from the keys'.
    fn classify(
        &mut self,
        graph: &HeapGraph,
        edges: &[EdgeIx],
        names: &[(StringIx, Name)],
        task: &Task,
    ) -> Result<(), Cancelled> {
        // Edges come in the order of their sources.
        let mut nodes = graph.nodes().peekable();
        for (at, &edge) in edges.iter().enumerate() {
            task.check_at(at)?;
            while nodes
                .next_if(|&node| graph.edge_range(node).end <= edge.at())
                .is_some()
            {}
            let ix = StringIx::from_raw(graph.edge_name_raw(edge));
            let (Some(&source), Ok(name)) = (nodes.peek(), names.binary_search_by_key(&ix, |name| name.0))
            else {
                continue;
            };
            let Name { table, pair } = names[name].1;
            self.sources.insert(source);
            self.edges.push(edge);
            self.pairs.push(pair);
            if table == graph.id(source) {
                let value = graph.head(edge).target();
                self.table_halves.push(edge);
                self.values.insert(value);
                self.only_halves.insert((source, value));
            }
        }
        Ok(())
    }

    /// Leaves of `only_halves` the tables and values that no other edge joins.
    fn forget_otherwise_held(&mut self, graph: &HeapGraph, task: &Task) -> Result<(), Cancelled> {
        let mut tables: Vec<NodeIx> = self.only_halves.iter().map(|&(table, _)| table).collect();
        tables.sort_unstable();
        tables.dedup();
        for table in tables {
            task.check()?;
            for edge in graph.edges(table) {
                let head = graph.head(edge);
                let counts = !head.is_weak() && (table == graph.root() || !head.is_shortcut());
                if counts && self.values.contains(head.target()) && !self.is_tables_half(edge) {
                    self.only_halves.remove(&(table, head.target()));
                }
            }
        }
        Ok(())
    }

    /// Does a table's half of a pair lead to `node`? (To few nodes one does: loops ask this once a node.)
    #[inline]
    pub fn is_value(&self, node: NodeIx) -> bool {
        self.values.contains(node)
    }

    /// Does `source` lead to `target` by nothing but the table's half of a pair? (Edges that are
    /// not essential for other reasons do not count.)
    #[inline]
    pub fn is_only_half(&self, source: NodeIx, target: NodeIx) -> bool {
        self.has_edges(source) && self.only_halves.contains(&(source, target))
    }

    /// Has `node` edges that belong to pairs? (Few nodes have: loops ask this once a node.)
    #[inline]
    pub fn has_edges(&self, node: NodeIx) -> bool {
        self.sources.contains(node)
    }

    /// The number of the pair that `edge` belongs to: its other edge has the same.
    pub fn pair(&self, edge: EdgeIx) -> Option<u32> {
        let at = self.edges.binary_search(&edge).ok()?;
        Some(self.pairs[at])
    }

    /// Is `edge` the table's half of a pair? (The value is put down to the key's half.)
    pub fn is_tables_half(&self, edge: EdgeIx) -> bool {
        self.table_halves.binary_search(&edge).is_ok()
    }
}

/// Strings that are names of pairs, ascending.
fn names_of_pairs(graph: &HeapGraph, task: &Task) -> Result<Vec<(StringIx, Name)>, Cancelled> {
    let parser = NameParser::new();
    let mut numbers: FxHashMap<&[u8], u32> = FxHashMap::default();
    let mut names = Vec::new();
    for ix in graph.strings().indices() {
        task.check_at(ix.at())?;
        let Some((shared, table)) = parser.parse(graph.strings().get(ix)) else {
            continue;
        };
        let fresh = to_u32(numbers.len());
        let pair = *numbers.entry(shared).or_insert(fresh);
        let table = ObjectId(table);
        names.push((ix, Name { table, pair }));
    }
    Ok(names)
}

struct NameParser {
    middle: Finder<'static>,
}

impl NameParser {
    fn new() -> Self {
        Self {
            middle: Finder::new(b") -> value ("),
        }
    }

    /// Takes a name `N / part of key (K @N) -> value (V @N) pair in WeakMap (table @N)` apart: what follows the leading
    /// number, and the table's id. `K` and `V` are any text without a line terminator.
    fn parse<'a>(&self, name: JsStr<'a>) -> Option<(&'a [u8], u64)> {
        let bytes = name.bytes();
        let shared = &bytes[bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()..];
        let rest = shared
            .strip_prefix(b" / part of key (")
            .filter(|_| shared.len() < bytes.len())?;
        let (rest, table) = strip_number(rest.strip_suffix(b")")?)?;
        let (rest, _) = strip_number(rest.strip_suffix(b") pair in WeakMap (table @")?)?;
        let rest = rest.strip_suffix(b" @")?;
        let key_ends = |at: usize| strip_number(&rest[..at]).is_some_and(|(key, _)| key.ends_with(b" @"));
        self.middle.find_iter(rest).any(key_ends).then_some(())?;
        let line_ends = |window: &[u8]| matches!(window, [0xE2, 0x80, 0xA8 | 0xA9]);
        let one_line = memchr::memchr2(b'\n', b'\r', rest).is_none() && !rest.windows(3).any(line_ends);
        one_line.then_some((shared, table))
    }
}

/// `bytes` without the decimal number at its end, and the number.
fn strip_number(bytes: &[u8]) -> Option<(&[u8], u64)> {
    let digits = bytes
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (rest, number) = bytes.split_at(bytes.len() - digits);
    Some((rest, std::str::from_utf8(number).ok()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(name: &str) -> Option<(&[u8], u64)> {
        NameParser::new().parse(name.into())
    }

    #[test]
    fn names_of_pairs_are_told_from_others() {
        let pair = "12 / part of key (Session @31) -> value (a) -> value (b @77) pair in WeakMap (table @9)";
        assert_eq!(
            parse(&pair.replacen(") -> value (b", " @1) -> value (b", 1)).map(|(_, table)| table),
            Some(9)
        );
        let pair = "12 / part of key (Session @31) -> value (Object @77) pair in WeakMap (table @9)";
        assert_eq!(parse(pair), Some((&pair.as_bytes()[2..], 9)));
        for other in [
            " / part of key (S @31) -> value (O @77) pair in WeakMap (table @9)",
            "1 / part of key (S @31) -> value (O @77) pair in WeakMap (table @)",
            "1 / part of key (S) -> value (O @77) pair in WeakMap (table @9)",
            "1 / part of key (S @31) -> value (O) pair in WeakMap (table @9)",
            "1 / part of key (S @31) -> value (O @77) pair in WeakMap (table @9) ",
            "1 / part of key (S\n @31) -> value (O @77) pair in WeakMap (table @9)",
            "1 / part of key (S\u{2028} @31) -> value (O @77) pair in WeakMap (table @9)",
            "12",
            "",
        ] {
            assert_eq!(parse(other), None, "{other:?}");
        }
    }
}
