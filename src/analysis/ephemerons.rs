//! The names of `WeakMap` pairs.
//!
//! V8 writes the value of a `WeakMap` entry as an edge of the map's table *and* as an edge of the key, both with a name such as
//! `12 / part of key (Session @31) -> value (Object @77) pair in WeakMap (table @9)`. The value lives as long as both do.
//! Nothing but the recognition of these names and edges may live here; what follows from them is each rule's own affair.

use regex::bytes::Regex;
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
        for node in graph.nodes() {
            task.check_at(node.at())?;
            let mut edges = graph.edges(node);
            let holds = edges.any(|edge| {
                let name = StringIx::from_raw(graph.edge_name_raw(edge));
                graph.head(edge).kind() == EdgeKind::Internal
                    && name.at() < named.domain()
                    && named.contains(name)
            });
            if holds {
                sources.insert(node);
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
    let form = r"^[0-9]+( / part of key \((?s-u:.)*? @[0-9]+\) -> value \((?s-u:.)* @[0-9]+\) pair in WeakMap \(table @([0-9]+)\))$";
    let form = Regex::new(form).expect("the pattern is fixed and valid");
    let mut numbers: FxHashMap<&[u8], u32> = FxHashMap::default();
    let mut pairs = FxHashMap::default();
    for ix in graph.strings().indices() {
        task.check_at(ix.at())?;
        let name = graph.strings().get(ix);
        if !may_name_a_pair(name) {
            continue;
        }
        let Some((_, [shared, table])) = form.captures(name.bytes()).map(|found| found.extract()) else {
            continue;
        };
        let Some(table) = std::str::from_utf8(table)
            .ok()
            .and_then(|digits| digits.parse().ok())
        else {
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

/// A quick test that nearly all names fail: a digit first, a bracket last, and no line terminator anywhere (in the rule a
/// name ends at one).
fn may_name_a_pair(name: JsStr<'_>) -> bool {
    let bytes = name.bytes();
    let line_ends = |window: &[u8]| matches!(window, [b'\n' | b'\r', ..] | [0xE2, 0x80, 0xA8 | 0xA9]);
    bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes.last() == Some(&b')')
        && memchr::memmem::find(bytes, b" / part of key (").is_some()
        && !bytes.windows(3).any(line_ends)
}
