//! Distances from the roots.
//!
//! Two searches, breadth first: from the user roots, whose distance is 1, then from the root to what only the engine holds.
//! Weak edges are not followed, nor some edges of the engine that would make everything near to everything, and a `WeakMap`
//! value is reached from the second of the two edges that lead to it.

use rustc_hash::FxHashSet;

use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::memory::in_large_pages;
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeName, HeapGraph, NodeKind};

use super::ephemerons::Ephemerons;
use super::essential::is_user_root;
use super::string_map::StringSet;

/// How a node is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// From the program's own roots: windows, global objects. (Also from the root itself in files that name no user root.)
    User,
    /// From the engine's roots only.
    System,
    /// By no edge that counts.
    Unreachable,
}

/// How far a node is from the roots: the number of edges, and which roots.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Distance(u32);

impl Distance {
    /// Not reached.
    pub const NONE: Self = Self(0);

    /// `edges` from a user root.
    pub const fn user(edges: u32) -> Self {
        Self(edges * 2 + 1)
    }

    /// `edges` from the root of the second search.
    pub const fn system(edges: u32) -> Self {
        Self(edges * 2 + 2)
    }

    /// Which roots reach the node.
    pub const fn reach(self) -> Reach {
        match (self.0, self.0 & 1) {
            (0, _) => Reach::Unreachable,
            (_, 1) => Reach::User,
            _ => Reach::System,
        }
    }

    /// How many edges, if the node is reached.
    pub const fn edges(self) -> Option<u32> {
        if self.0 == 0 { None } else { Some((self.0 - 1) / 2) }
    }

    /// The number DevTools sorts by: −5 for unreachable, the edges from a user root, 100 000 000 more from a system root.
    pub fn sort_key(self) -> i64 {
        match (self.reach(), self.edges()) {
            (Reach::User, Some(edges)) => i64::from(edges),
            (Reach::System, Some(edges)) => 100_000_000 + i64::from(edges),
            _ => -5,
        }
    }

    /// The form kept in columns.
    pub const fn raw(self) -> u32 {
        self.0
    }

    /// From the form kept in columns.
    pub const fn from_raw(raw: u32) -> Self {
        Self(raw)
    }
}

impl PartialOrd for Distance {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Distance {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.sort_key().cmp(&other.sort_key())
    }
}

/// How often at most roots are searched again: a file may name one a million times that has a million edges.
const REPEATS: usize = 256;

/// The distance of every node.
#[derive(Debug)]
pub struct Distances {
    of: Packed<NodeIx>,
}

impl Distances {
    /// The distance of `node`.
    #[inline]
    pub fn of(&self, node: NodeIx) -> Distance {
        Distance(u32::try_from(self.of.get(node)).unwrap_or_default())
    }

    /// Searches breadth first from the user roots, then from the root.
    ///
    /// `ignored` nodes are not entered from any edge (the "ignore this retainer" of the Retainers view); the roots' own
    /// children are not subject to it.
    pub fn build(
        graph: &HeapGraph,
        ephemerons: &Ephemerons,
        ignored: Option<&BitSet<NodeIx>>,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut search = Search::new(graph, ephemerons, ignored, task)?;
        let root = graph.root();
        let seeds = graph
            .heads(root)
            .iter()
            .map(|head| head.target())
            .filter(|&node| is_user_root(graph, node));
        let (mut first, mut repeats) = (Vec::new(), 0);
        for node in seeds {
            if search.reached.insert(node) {
                search.of[node.at()] = Distance::user(1).0;
                first.push(node);
            } else if ephemerons.has_edges(node) && repeats < REPEATS {
                // A root that is named twice is searched twice: the second time finds the second halves of its own pairs.
                repeats += 1;
                first.push(node);
            }
        }
        let has_user_roots = !first.is_empty();
        search.run(first, Distance::user(1), task)?;
        // The root's own distance is set whatever the first search found.
        let start = if has_user_roots {
            Distance::system(0)
        } else {
            Distance::user(0)
        };
        search.reached.insert(root);
        search.of[root.at()] = start.0;
        search.run(vec![root], start, task)?;
        let of = search.of;
        Ok(Self {
            of: Packed::build(of.len(), |at| u64::from(of[at]), task)?,
        })
    }
}

/// A breadth-first search in the order of a queue, level by level. A bit set tells who is reached: it stays in the cache where
/// the distances do not.
struct Search<'a> {
    graph: &'a HeapGraph,
    ephemerons: &'a Ephemerons,
    ignored: Option<&'a BitSet<NodeIx>>,
    /// Nodes with edges that need a closer look than "is it weak".
    special: BitSet<NodeIx>,
    reached: BitSet<NodeIx>,
    of: Vec<u32>,
    /// `WeakMap` pairs of which one half was met: the value is reached from whichever half comes second.
    half_met: FxHashSet<u32>,
}

impl<'a> Search<'a> {
    fn new(
        graph: &'a HeapGraph,
        ephemerons: &'a Ephemerons,
        ignored: Option<&'a BitSet<NodeIx>>,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut special = BitSet::new(graph.node_count());
        let native_context = StringSet::equal(graph.strings(), NATIVE_CONTEXT);
        let map_descriptors = StringSet::equal(graph.strings(), MAP_DESCRIPTORS);
        for node in graph.nodes() {
            task.check_at(node.at())?;
            let odd = match graph.kind(node) {
                NodeKind::Hidden => native_context.contains(graph.name_ix(node)),
                NodeKind::Array => map_descriptors.contains(graph.name_ix(node)),
                _ => false,
            };
            if odd || ephemerons.has_edges(node) {
                special.insert(node);
            }
        }
        Ok(Self {
            graph,
            ephemerons,
            ignored,
            special,
            reached: BitSet::new(graph.node_count()),
            of: in_large_pages(vec![0; graph.node_count()]),
            half_met: FxHashSet::default(),
        })
    }

    /// Goes on from `level`, whose nodes are `at` from the roots.
    fn run(&mut self, mut level: Vec<NodeIx>, at: Distance, task: &Task) -> Result<(), Cancelled> {
        let mut next = Vec::new();
        let mut distance = at.0;
        let mut steps = 0;
        while !level.is_empty() {
            distance += 2;
            for (at, &node) in level.iter().enumerate() {
                steps += 1;
                task.check_at(steps)?;
                self.graph.prefetch_edges(&level, at);
                if self.ignored.is_some() || self.special.contains(node) {
                    self.expand_special(node, distance, &mut next);
                    continue;
                }
                for head in self.graph.heads(node) {
                    let target = head.target();
                    if !head.is_weak() && self.reached.insert(target) {
                        self.of[target.at()] = distance;
                        next.push(target);
                    }
                }
            }
            level.clear();
            std::mem::swap(&mut level, &mut next);
        }
        Ok(())
    }

    /// Goes on from a node whose edges need a closer look to those of its targets that are `distance` from the roots.
    fn expand_special(&mut self, node: NodeIx, distance: u32, next: &mut Vec<NodeIx>) {
        let graph = self.graph;
        let is = |kind, name| graph.kind(node) == kind && graph.raw_name(node) == name;
        let is_native_context = is(NodeKind::Hidden, NATIVE_CONTEXT);
        let is_descriptors = is(NodeKind::Array, MAP_DESCRIPTORS);
        // An array of descriptors is no table of a `WeakMap`, whatever its edges are called.
        let has_pairs = !is_descriptors && self.ephemerons.has_edges(node);
        for edge in graph.edges(node) {
            let head = graph.head(edge);
            let target = head.target();
            if head.is_weak()
                || self.reached.contains(target)
                || self.ignored.is_some_and(|ignored| ignored.contains(target))
                || is_native_context && graph.edge_name(edge) == EdgeName::Text("sloppy_function_map".into())
                || is_descriptors && self.is_unfollowed_descriptor(edge)
                || has_pairs && self.is_first_half(edge)
            {
                continue;
            }
            self.reached.insert(target);
            self.of[target.at()] = distance;
            next.push(target);
        }
    }

    /// Is `edge`, which leaves an array of descriptors, one that is not followed: number 4 and each third after it?
    fn is_unfollowed_descriptor(&self, edge: EdgeIx) -> bool {
        let number = match self.graph.edge_name(edge) {
            EdgeName::Index(index) => Some(index),
            EdgeName::Text(text) => text.leading_integer(),
        };
        number.is_some_and(|number| number >= 2 && number % 3 == 1)
    }

    /// Is `edge` half of a pair whose other half was not met so far?
    fn is_first_half(&mut self, edge: EdgeIx) -> bool {
        let Some(pair) = self.ephemerons.pair(edge) else {
            return false;
        };
        let is_first = self.half_met.insert(pair);
        if !is_first {
            self.half_met.remove(&pair);
        }
        is_first
    }
}

const NATIVE_CONTEXT: &str = "system / NativeContext";
const MAP_DESCRIPTORS: &str = "(map descriptors)";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Heap;

    #[test]
    fn edges_of_descriptor_arrays_are_judged_by_their_index_alone() {
        let heap = Heap::of(
            r#""":synthetic -shortcut:w-> w:object -d-> d="(map descriptors)":array
            d -internal:"5 / part of key (k @7) -> value (v @9) pair in WeakMap (table @11)"-> reached:object
            d -internal:"4 / part of key (k @7) -> value (u @9) pair in WeakMap (table @11)"-> every_third:object
            d -internal:7-> first_is_4:object
            w -internal:"5 / part of key (k @7) -> value (t @9) pair in WeakMap (table @11)"-> half:object"#,
        );
        let reached = heap.named(|node| heap.distances.of(node) == Distance::user(3));
        assert_eq!(reached, ["reached"]);
    }
}
