//! Objects that became ever more though no single place holds them: a few of them in each of many.
//!
//! Looked for only in what stays without the growing holders, so nothing is told twice, and only where a class became more
//! there. What is found is known by its class, the names of its properties and its distance, and keeps its share of the heap as
//! a growing holder does.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::super::naming::Naming;
use super::super::shapes::{Shape, ShapeNames, class_and_properties};
use super::super::{SAMPLES, Series, TrendRow};
use super::members::Members;
use super::shares::Shared;
use crate::analysis::growth;
use crate::analysis::path_tree::merged::{MergedIx, MergedTrees};
use crate::analysis::path_tree::{Family, PathTree, PlaceIx};
use crate::analysis::series::{Sequences, Verdict};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::NodeKind;

/// So many more at every step.
const MANY: u64 = 20;
/// Their own bytes are at least such a part of the growth of the whole heap.
const LEAST_PART: i64 = 100;

/// Objects of one class and shape at one distance, in all heaps.
pub(super) struct Scattered {
    /// How many there are in each heap.
    pub(super) counts: Vec<u64>,
    /// In each heap, in file order.
    nodes: Vec<Vec<NodeIx>>,
    growth: i64,
}

/// What became more at every step of what the roots alone keep alive; what grew most first, `most` at most.
pub(super) fn find(
    series: &Series,
    merged: &MergedTrees<'_>,
    shared: &[Shared],
    sequences: &Sequences,
    most: usize,
    task: &Task,
) -> Result<Vec<Scattered>, Cancelled> {
    // Of a single step, what came in many places is how a program warms up.
    if sequences.steps() < 2 {
        return Ok(Vec::new());
    }
    let grows = |counts: &[u64]| {
        sequences.judge(counts, 1) == Verdict::GrewAtEveryStep && sequences.rises(counts, MANY)
    };
    let classes = shared.iter().map(|shared| shared.classes_kept.len()).max();
    let is_wanted: Vec<bool> = (0..classes.unwrap_or(0))
        .map(|class| {
            let count = |shared: &Shared| shared.classes_kept.get(class).copied().unwrap_or(0);
            grows(&shared.iter().map(count).collect::<Vec<u64>>())
        })
        .collect();
    if !is_wanted.contains(&true) {
        return Ok(Vec::new());
    }
    let heaps: Vec<usize> = (0..series.len()).collect();
    let groups: Vec<FxHashMap<Shape, Vec<NodeIx>>> = heaps
        .par_iter()
        .map(|&heap| of_shapes(series, merged, &shared[heap], heap, &is_wanted, task))
        .collect::<Result<_, _>>()?;
    let mut shapes: Vec<Shape> = groups
        .last()
        .into_iter()
        .flat_map(|last| last.keys().copied())
        .collect();
    shapes.sort_unstable();
    let totals: Vec<u64> = series
        .snapshots
        .iter()
        .map(|snapshot| snapshot.total_size())
        .collect();
    let least = sequences.growth(&totals).max(0) / LEAST_PART;
    let mut found = Vec::new();
    for shape in shapes {
        let nodes: Vec<&[NodeIx]> = groups
            .iter()
            .map(|groups| groups.get(&shape).map_or(&[][..], Vec::as_slice))
            .collect();
        let counts: Vec<u64> = nodes.iter().map(|nodes| nodes.len() as u64).collect();
        let size = |(nodes, snapshot): (&&[NodeIx], &std::sync::Arc<crate::snapshot::Snapshot>)| {
            nodes.iter().map(|&node| snapshot.shallow_size(node)).sum()
        };
        let sizes: Vec<u64> = nodes.iter().zip(&series.snapshots).map(size).collect();
        let growth = sequences.growth(&sizes);
        if grows(&counts) && growth >= least {
            found.push(Scattered {
                counts,
                nodes: nodes.into_iter().map(<[NodeIx]>::to_vec).collect(),
                growth,
            });
        }
    }
    found.sort_by_key(|scattered| std::cmp::Reverse(scattered.growth));
    found.truncate(most);
    Ok(found)
}

/// The objects of the wanted classes that stay without the growing holders, by what they look like and how far they are.
fn of_shapes(
    series: &Series,
    merged: &MergedTrees<'_>,
    shared: &Shared,
    heap: usize,
    is_wanted: &[bool],
    task: &Task,
) -> Result<FxHashMap<Shape, Vec<NodeIx>>, Cancelled> {
    let snapshot = &series.snapshots[heap];
    let tree = &merged.trees()[heap];
    let numbers = merged.numbers_of_texts(heap);
    let left_out = growth::left_out(tree);
    let mut names = ShapeNames::new(snapshot.graph());
    let mut groups: FxHashMap<Shape, Vec<NodeIx>> = FxHashMap::default();
    for node in shared.by_roots.iter() {
        task.check_at(node.at())?;
        if snapshot.graph().kind(node) != NodeKind::Object || tree.is_part(node) {
            continue;
        }
        let Some(at) = tree.of(node) else { continue };
        let place = tree.place(at);
        let is_program = place.family == Family::Program && !left_out.contains(at);
        if is_program && is_wanted[numbers[place.class as usize] as usize] {
            let shape = names.shape(snapshot, node, task)?;
            groups.entry(shape).or_default().push(node);
        }
    }
    Ok(groups)
}

impl Scattered {
    /// Them as members of a group, in one heap.
    pub(super) fn members(&self, heap: usize) -> Members {
        let nodes = self.nodes[heap].clone();
        Members {
            samples: nodes.iter().rev().take(SAMPLES).copied().collect(),
            nodes,
            entries: self.counts[heap],
            ..Members::default()
        }
    }

    /// Their row, whose bytes and parts are still to be told.
    pub(super) fn row(&self, series: &Series, naming: &Naming<'_>) -> Option<TrendRow> {
        let last = series.len() - 1;
        let snapshot = &series.snapshots[last];
        let nodes = &self.nodes[last];
        let &newest = nodes.last()?;
        let mut name = class_and_properties(snapshot, newest);
        let above = common_place(naming.merged, last, nodes);
        let mut path = naming.path(above, None);
        path.push(JsString::from(format!("… → {name}")));
        let mut of_steps = naming.nodes(above, None);
        of_steps.push(Some(newest));
        if let Some(distance) = snapshot.distance(newest).edges() {
            name.push_str(&format!(" at distance {distance}"));
        }
        let mut row = TrendRow::new(
            naming.key(&path),
            NodeKind::Object,
            self.counts.clone(),
            Vec::new(),
            Verdict::GrewAtEveryStep,
        );
        row.name = name;
        row.owner = naming.owner(above);
        row.path = path;
        row.nodes = of_steps;
        row.ends_in_entry = true;
        Some(row)
    }
}

/// The last place through which all ways to `nodes` of the heap number `heap` lead.
fn common_place(merged: &MergedTrees<'_>, heap: usize, nodes: &[NodeIx]) -> MergedIx {
    let tree: &PathTree = &merged.trees()[heap];
    // Parents have smaller numbers: of two places the larger one goes up until they meet.
    let meet = |a: PlaceIx, b: PlaceIx| {
        let (mut a, mut b) = (a, b);
        while a != b {
            if a > b {
                a = tree.place(a).parent;
            } else {
                b = tree.place(b).parent;
            }
        }
        a
    };
    let places = nodes.iter().filter_map(|&node| tree.of(node));
    let mut place = places
        .map(|at| tree.place(at).parent)
        .reduce(meet)
        .unwrap_or(PlaceIx::new(0));
    let mut number = vec![None; tree.len()];
    for at in merged.all() {
        for member in merged.members(at, heap) {
            number[member.at()] = Some(at);
        }
    }
    loop {
        if let Some(known) = number[place.at()] {
            return known;
        }
        place = tree.place(place).parent;
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::sync::Arc;

    use crate::query::testing::{ask, snapshot};
    use crate::query::trend::{FindTrend, Series, Trend, TrendBy};

    /// Ten lists with names of their own, each with `each` items; and a list that is as long as `list`.
    fn heap(each: usize, list: usize) -> String {
        let mut text = String::from("root:synthetic/0 #1 -shortcut:w-> w:object/8 #3\n");
        let mut id = 101;
        for at in 0..10 {
            writeln!(
                text,
                "w -list{}-> l{at}=Array:object/16 #{}",
                char::from(b'a' + at),
                11 + 2 * u32::from(at)
            )
            .unwrap();
            for item in 0..each {
                writeln!(text, "l{at} -element:{item}-> i{at}x{item}=Item:object/40 #{id} -v-> v{at}x{item}=\"{id}\":string/24 #{}", id + 2).unwrap();
                id += 4;
            }
        }
        writeln!(text, "w -growing-> g=Array:object/16 #51").unwrap();
        for item in 0..list {
            writeln!(
                text,
                "g -element:{item}-> t{item}=Ticket:object/40 #{}",
                100_001 + 2 * item
            )
            .unwrap();
        }
        text
    }

    fn trend(heaps: &[String]) -> Arc<Trend> {
        let snapshots = heaps.iter().map(|text| Arc::new(snapshot(text))).collect();
        let series = Series {
            snapshots,
            seconds: None,
        };
        ask(&FindTrend { by: TrendBy::Holder }, &series)
    }

    fn growing(trend: &Trend) -> Vec<String> {
        let rows = trend.rows.iter().filter(|row| row.grew());
        rows.map(|row| format!("{} | {} | {:?} {:?}", row.name, row.key, row.counts, row.sizes))
            .collect()
    }

    #[test]
    fn a_few_in_each_of_many_places_are_told_by_what_they_look_like() {
        let found = trend(&[heap(2, 5), heap(5, 5), heap(8, 5)]);
        assert_eq!(
            growing(&found),
            ["Item {v} at distance 3 | w → … → Item {v} | [20, 50, 80] [1280, 3200, 5120]"]
        );
        assert_eq!(found.sums, found.totals);
        assert_eq!(
            growing(&trend(&[heap(2, 5), heap(5, 5)])),
            Vec::<String>::new(),
            "a single step"
        );
        assert_eq!(
            growing(&trend(&[heap(2, 5), heap(5, 5), heap(5, 5)])),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_a_holder_explains_is_not_told_again() {
        let found = trend(&[heap(2, 30), heap(2, 60), heap(2, 90)]);
        let names: Vec<String> = found
            .rows
            .iter()
            .filter(|row| row.grew())
            .map(|row| row.name.to_string())
            .collect();
        assert_eq!(names, ["growing"]);
        assert_eq!(found.sums, found.totals);
    }
}
