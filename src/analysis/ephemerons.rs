//! The names of `WeakMap` pairs.
//!
//! V8 writes the value of a `WeakMap` entry as an edge of the map's table *and* as an edge of the key, both with a name such as
//! `12 / part of key (Session @31) -> value (Object @77) pair in WeakMap (table @9)`. The value lives as long as both do.
//! Nothing but the recognition of these names and edges may live here; what follows from them is each rule's own affair.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, Ix as _, NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::graph::{EdgeKind, HeapGraph, ObjectId};

/// What the name of a `WeakMap` edge tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The table's id.
    pub table: ObjectId,
    /// A number that both edges of one pair share: it stands for the name without its leading index.
    pub number: u32,
}

/// All `WeakMap` edges of a graph.
#[derive(Debug)]
pub struct Ephemerons {
    pairs: FxHashMap<StringIx, Pair>,
    sources: BitSet<NodeIx>,
    only_halves: FxHashSet<(NodeIx, NodeIx)>,
}

impl Ephemerons {
    /// Finds the names that say so, and the nodes with edges of such names.
    pub fn build(graph: &HeapGraph, task: &Task) -> Result<Self, Cancelled> {
        let pairs = pairs_by_name(graph, task)?;
        let mut sources = BitSet::new(graph.node_count());
        if pairs.is_empty() {
            return Ok(Self {
                pairs,
                sources,
                only_halves: FxHashSet::default(),
            });
        }
        let mut named = BitSet::<StringIx>::new(graph.strings().len());
        for ix in graph.strings().indices().filter(|ix| pairs.contains_key(ix)) {
            named.insert(ix);
        }
        task.check()?;
        let mut ends = graph.first_edges()[1..].iter().enumerate();
        let mut source = ends.next();
        let is_pair = |name: StringIx| name.at() < named.domain() && named.contains(name);
        for edge in graph.internal_edges_named(is_pair, task)? {
            // Edges come in the order of their sources.
            while let Some((node, &end)) = source {
                if edge.raw() < end {
                    sources.insert(NodeIx::new(node));
                    break;
                }
                source = ends.next();
            }
        }
        let mut found = Self {
            pairs,
            sources,
            only_halves: FxHashSet::default(),
        };
        found.only_halves = found.find_only_halves(graph, task)?;
        Ok(found)
    }

    /// Pairs of a table and a value that no edge but the table's half of a pair joins.
    fn find_only_halves(
        &self,
        graph: &HeapGraph,
        task: &Task,
    ) -> Result<FxHashSet<(NodeIx, NodeIx)>, Cancelled> {
        let mut only = FxHashSet::default();
        for table in self.sources.iter() {
            task.check()?;
            let target = |edge: &EdgeIx| graph.head(*edge).target();
            let counts = |edge: &EdgeIx| {
                let head = graph.head(*edge);
                !head.is_weak() && (table == graph.root() || !head.is_shortcut())
            };
            let edges = || graph.edges(table).filter(counts);
            let (halves, others): (Vec<_>, Vec<_>) =
                edges().partition(|&edge| self.is_tables_half(graph, table, edge));
            only.extend(halves.iter().map(|edge| (table, target(edge))));
            for edge in &others {
                only.remove(&(table, target(edge)));
            }
        }
        Ok(only)
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

    /// The pair that `edge` belongs to.
    pub fn pair(&self, graph: &HeapGraph, edge: EdgeIx) -> Option<Pair> {
        let internal = graph.head(edge).kind() == EdgeKind::Internal;
        internal
            .then(|| {
                self.pairs
                    .get(&StringIx::from_raw(graph.edge_name_raw(edge)))
                    .copied()
            })
            .flatten()
    }

    /// Is `edge`, which leaves `source`, the table's half of a pair? (The value is put down to the key's half.)
    pub fn is_tables_half(&self, graph: &HeapGraph, source: NodeIx, edge: EdgeIx) -> bool {
        self.pair(graph, edge)
            .is_some_and(|pair| pair.table == graph.id(source))
    }
}

fn pairs_by_name(graph: &HeapGraph, task: &Task) -> Result<FxHashMap<StringIx, Pair>, Cancelled> {
    let mut numbers: FxHashMap<&[u8], u32> = FxHashMap::default();
    let mut pairs = FxHashMap::default();
    for ix in graph.strings().indices() {
        task.check_at(ix.at())?;
        let name = graph.strings().get(ix);
        let Some((shared, table)) = parse_name(name) else {
            continue;
        };
        let fresh = crate::base::index::to_u32(numbers.len());
        let number = *numbers.entry(shared).or_insert(fresh);
        pairs.insert(
            ix,
            Pair {
                table: ObjectId(table),
                number,
            },
        );
    }
    Ok(pairs)
}

/// Takes a name `N / part of key (K @N) -> value (V @N) pair in WeakMap (table @N)` apart: what follows the leading number, and
/// the table's id. `K` and `V` are any text without a line terminator.
fn parse_name(name: JsStr<'_>) -> Option<(&[u8], u64)> {
    let bytes = name.bytes();
    let shared = &bytes[bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()..];
    let rest = shared
        .strip_prefix(b" / part of key (")
        .filter(|_| shared.len() < bytes.len())?;
    let (rest, table) = strip_number(rest.strip_suffix(b")")?)?;
    let (rest, _) = strip_number(rest.strip_suffix(b") pair in WeakMap (table @")?)?;
    let rest = rest.strip_suffix(b" @")?;
    let middle = b") -> value (";
    let key_ends = |at: usize| strip_number(&rest[..at]).is_some_and(|(key, _)| key.ends_with(b" @"));
    memchr::memmem::find_iter(rest, middle)
        .any(key_ends)
        .then_some(())?;
    let line_ends = |window: &[u8]| matches!(window, [0xE2, 0x80, 0xA8 | 0xA9]);
    let one_line = memchr::memchr2(b'\n', b'\r', rest).is_none() && !rest.windows(3).any(line_ends);
    one_line.then_some((shared, table))
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

    #[test]
    fn names_of_pairs_are_told_from_others() {
        let pair = "12 / part of key (Session @31) -> value (a) -> value (b @77) pair in WeakMap (table @9)";
        assert_eq!(
            parse_name(
                pair.replacen(") -> value (b", " @1) -> value (b", 1)
                    .as_str()
                    .into()
            )
            .map(|(_, table)| table),
            Some(9)
        );
        let pair = "12 / part of key (Session @31) -> value (Object @77) pair in WeakMap (table @9)";
        assert_eq!(parse_name(pair.into()), Some((&pair.as_bytes()[2..], 9)));
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
            assert_eq!(parse_name(other.into()), None, "{other:?}");
        }
    }
}
