//! Rows by shape at a distance: objects of one class with the same property names, so many steps from the roots.
//!
//! Many alike near the roots, made in a loop, are the sign of a list or a registry that nobody empties.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::{SAMPLES, Series, TrendRow, judge_sizes};
use crate::analysis::names::property_name;
use crate::analysis::series::Sequences;
use crate::analysis::string_map::StringMap;
use crate::base::index::{Ix as _, NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::{EdgeKind, HeapGraph, NodeKind};
use crate::snapshot::Snapshot;

/// More properties than this are a table's: their names say nothing of a shape.
const MANY_PROPERTIES: usize = 30;
/// So many of a shape's property names are written out.
const SHOWN_PROPERTIES: usize = 8;
/// A shape that no snapshot has so often is left to the rest.
const FEW: u64 = 10;

/// A class with property names, at a distance: hashes of the texts, which are the same in every heap.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Shape {
    class: u64,
    properties: u64,
    distance: u32,
}

/// What there is of a shape.
#[derive(Default)]
struct Sum {
    count: u64,
    size: u64,
    samples: Vec<NodeIx>,
}

/// A row for each shape at each distance.
pub(super) fn rows(series: &Series, sequences: &Sequences, task: &Task) -> Result<Vec<TrendRow>, Cancelled> {
    let sums: Vec<FxHashMap<Shape, Sum>> = series
        .snapshots
        .par_iter()
        .map(|snapshot| sums(snapshot, task))
        .collect::<Result<_, _>>()?;
    let mut shapes: Vec<Shape> = sums
        .iter()
        .flat_map(|sums| {
            sums.iter()
                .filter(|(_, sum)| sum.count >= FEW)
                .map(|(&shape, _)| shape)
        })
        .collect();
    shapes.sort_unstable();
    shapes.dedup();
    let mut rows = Vec::with_capacity(shapes.len());
    for shape in shapes {
        let of = |of: fn(&Sum) -> u64| -> Vec<u64> {
            sums.iter().map(|sums| sums.get(&shape).map_or(0, of)).collect()
        };
        let (counts, sizes) = (of(|sum| sum.count), of(|sum| sum.size));
        let Some((at, sum)) = sums
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, sums)| Some((at, sums.get(&shape)?)))
        else {
            continue;
        };
        let snapshot = &series.snapshots[at];
        let Some(&first) = sum.samples.first() else {
            continue;
        };
        let name = class_and_properties(snapshot, first);
        let distance = snapshot.distance(first).edges();
        let at_distance = distance.map_or_else(String::new, |edges| format!(" at distance {edges}"));
        let mut key = name.clone();
        key.push_str(&at_distance);
        let verdict = judge_sizes(&sizes, sequences);
        let mut row = TrendRow::new(key, NodeKind::Object, counts, sizes, verdict);
        row.name = name;
        row.owner = distance.map(|edges| JsString::from(format!("distance {edges}")));
        row.samples = Some((at, sum.samples.clone()));
        rows.push(row);
    }
    Ok(rows)
}

/// Tells what objects of a heap look like.
pub(super) struct ShapeNames<'a> {
    graph: &'a HeapGraph,
    /// For each string the number of its text, or 0.
    hashes: StringMap<u64>,
    steps: usize,
}

impl<'a> ShapeNames<'a> {
    pub(super) fn new(graph: &'a HeapGraph) -> Self {
        Self {
            graph,
            hashes: StringMap::filled(graph.strings(), 0),
            steps: 0,
        }
    }

    fn hash(&mut self, name: StringIx) -> u64 {
        let known = self.hashes.get(name);
        if known != 0 {
            return known;
        }
        let found = text_hash(self.graph.strings().get(name));
        self.hashes.set(name, found);
        found
    }

    /// What `node`, an object of `snapshot`, looks like, and how far it is.
    pub(super) fn shape(
        &mut self,
        snapshot: &Snapshot,
        node: NodeIx,
        task: &Task,
    ) -> Result<Shape, Cancelled> {
        let graph = self.graph;
        let (mut properties, mut count) = (0_u64, 0);
        for (edge, head) in graph.edges(node).zip(graph.heads(node)) {
            self.steps += 1;
            task.check_at(self.steps)?;
            if head.kind() == EdgeKind::Property
                && let Some(name) = graph.edge_name_ix(edge)
            {
                properties = properties.wrapping_add(self.hash(name));
                count += 1;
            }
        }
        Ok(Shape {
            class: self.hash(graph.name_ix(node)),
            properties: if count > MANY_PROPERTIES { 0 } else { properties },
            distance: snapshot.distance(node).raw(),
        })
    }
}

fn sums(snapshot: &Snapshot, task: &Task) -> Result<FxHashMap<Shape, Sum>, Cancelled> {
    let graph = snapshot.graph();
    let mut names = ShapeNames::new(graph);
    let mut sums: FxHashMap<Shape, Sum> = FxHashMap::default();
    for node in graph.nodes() {
        task.check_at(node.at())?;
        let size = snapshot.shallow_size(node);
        if graph.kind(node) != NodeKind::Object || size == 0 {
            continue;
        }
        let sum = sums.entry(names.shape(snapshot, node, task)?).or_default();
        sum.count += 1;
        sum.size += size;
        // The last ones in the file: as a rule the newest.
        if sum.samples.len() == SAMPLES {
            sum.samples.remove(0);
        }
        sum.samples.push(node);
    }
    Ok(sums)
}

/// A number for a text; the same in every heap, never 0.
fn text_hash(text: JsStr<'_>) -> u64 {
    use std::hash::{BuildHasher as _, BuildHasherDefault};
    let hasher = BuildHasherDefault::<rustc_hash::FxHasher>::default();
    let mixed = hasher.hash_one(text.bytes()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed ^ mixed >> 29) | 1
}

/// The class of `node` and the names of its properties: `Session {id, user}`.
pub(super) fn class_and_properties(snapshot: &Snapshot, node: NodeIx) -> JsString {
    let mut name = snapshot.graph().raw_name(node).to_owned();
    name.push(written(snapshot, node).as_js());
    name
}

/// The names of the properties of `node`, sorted: ` {component, method, …}`.
fn written(snapshot: &Snapshot, node: NodeIx) -> JsString {
    let graph = snapshot.graph();
    let mut names: Vec<JsStr<'_>> = graph
        .edges(node)
        .filter(|&edge| graph.head(edge).kind() == EdgeKind::Property)
        .filter_map(|edge| property_name(graph, edge))
        .filter(|name| *name != "__proto__")
        .collect();
    names.sort_unstable_by(|a, b| a.cmp_utf16(*b));
    if names.len() > MANY_PROPERTIES {
        return " {table of properties}".into();
    }
    let mut text = JsString::from(" {");
    for (nth, name) in names.iter().take(SHOWN_PROPERTIES).enumerate() {
        text.push_str(if nth > 0 { ", " } else { "" });
        text.push(*name);
    }
    text.push_str(if names.len() > SHOWN_PROPERTIES {
        ", …}"
    } else {
        "}"
    });
    text
}
