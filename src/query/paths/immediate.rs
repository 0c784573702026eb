//! Who keeps many objects alive? The nearest dominator of each that says something, grouped by class.
//!
//! Passed on the way up are other objects of the set, the engine's own objects, and what only serves whoever holds it: arrays,
//! maps, sets, objects without a class, the parts of well-known caches. Where these lead to no single object, the nearest that
//! is not the engine's is told.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::analysis::retained_sets::{self, SetTree};
use crate::analysis::set_dominators;
use crate::base::bits::BitSet;
use crate::base::csr::Csr;
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::columns;
use crate::query::folding::is_internal;
use crate::query::name_key::NameKey;
use crate::query::object_set::Objects;
use crate::query::{Cell, Query};
use crate::snapshot::Snapshot;

/// Asks for the immediate dominators of objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImmediateDominators {
    /// The objects.
    pub objects: Objects,
}

/// The dominators, grouped by class: those that keep most alive first.
#[derive(Debug)]
pub struct Dominating {
    /// The classes.
    pub classes: Vec<DominatingClass>,
    dominators: Vec<Dominator>,
    members: Csr<DominatorIx, NodeIx>,
    /// What would be freed with all the objects, in bytes.
    pub retained_size: u64,
}

crate::index! {
    /// A dominator: its place in [`Dominating`]; those of a class stand together.
    DominatorIx
}

/// Dominators of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DominatingClass {
    /// The class.
    pub class: ClassIx,
    /// The first of them.
    pub first: DominatorIx,
    /// How many they are.
    pub dominators: u64,
    /// Their shallow sizes together, in bytes.
    pub dominator_size: u64,
    /// How many of the objects they dominate.
    pub count: u64,
    /// The shallow sizes of those together, in bytes.
    pub shallow_size: u64,
    /// What would be freed with exactly those, in bytes.
    pub retained_size: u64,
}

/// One dominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dominator {
    /// It; the root where no single object keeps the others.
    pub node: NodeIx,
    /// How many of the objects it dominates.
    pub count: u64,
    /// The shallow sizes of those together, in bytes.
    pub shallow_size: u64,
    /// What would be freed with exactly those, in bytes.
    pub retained_size: u64,
}

columns! {
    /// Columns of dominators grouped by class.
    pub enum DominatingColumn: |snapshot: Snapshot, row: DominatingClass| {
        /// Their class.
        Class: Text "class" "Dominators" = Cell::Text(class_name(snapshot, row));
        /// How many they are.
        Dominators: Number "dominators" "Number" = Cell::Count(row.dominators);
        /// Their own sizes together.
        DominatorSize: Number "dominator_size" "Their size" = Cell::Bytes(row.dominator_size);
        /// How many of the objects they dominate.
        Count: Number "count" "Objects" = Cell::Count(row.count);
        /// The sizes of those together.
        ShallowSize: Number "shallow_size" "Shallow size" = Cell::Bytes(row.shallow_size);
        /// What would be freed with those.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.retained_size);
    }
}

/// What stands for the root: that there is no single dominator.
pub const NO_SINGLE: &str = "(no single object)";

/// Classes of objects that serve whoever holds them.
const SERVING: [&str; 13] = [
    "Array",
    "Map",
    "Set",
    "WeakMap",
    "WeakSet",
    "Object",
    "Hash",
    "MapCache",
    "ListCache",
    "SetCache",
    "Stack",
    "LRUCache",
    "(array)",
];

fn class_name(snapshot: &Snapshot, row: &DominatingClass) -> crate::base::text::JsString {
    if row.class == snapshot.class_of(snapshot.graph().root()) {
        NO_SINGLE.into()
    } else {
        snapshot.classes().class(row.class).name.clone()
    }
}

impl Dominating {
    /// The dominators of a class, those that keep most alive first.
    pub fn of_class(&self, class: &DominatingClass) -> impl ExactSizeIterator<Item = DominatorIx> + use<> {
        let first = class.first.at();
        (first..first + usize::try_from(class.dominators).unwrap_or(0)).map(DominatorIx::new)
    }

    /// What is known of one.
    pub fn dominator(&self, ix: DominatorIx) -> &Dominator {
        &self.dominators[ix.at()]
    }

    /// Those of the objects that it dominates, in file order.
    pub fn members(&self, ix: DominatorIx) -> &[NodeIx] {
        self.members.row(ix)
    }
}

impl Query for ImmediateDominators {
    type Over = Snapshot;
    type Answer = Arc<Dominating>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Arc<Dominating>, Cancelled> {
        let objects = self.objects.nodes();
        let ends = ends(snapshot, objects, task)?;
        // Dominators by class, so that those of a class are neighbours.
        let mut nodes = ends.clone();
        nodes.sort_unstable();
        nodes.dedup();
        nodes.sort_by_key(|&node| (snapshot.class_of(node), node));
        let numbers: FxHashMap<NodeIx, u32> = nodes.iter().copied().zip(0..).collect();
        let mut sets = SetTree::default();
        let (mut class_sets, mut own_sets) = (Vec::new(), Vec::with_capacity(nodes.len()));
        for (at, &node) in nodes.iter().enumerate() {
            task.check_at(at)?;
            if at == 0 || snapshot.class_of(nodes[at - 1]) != snapshot.class_of(node) {
                class_sets.push(sets.add(0));
            }
            own_sets.push(sets.add(class_sets[class_sets.len() - 1]));
        }
        let pairs = objects.iter().zip(&ends).map(|(&node, end)| (node, numbers[end]));
        let pairs: Vec<(NodeIx, u32)> = pairs.collect();
        let in_sets: Vec<(NodeIx, u32)> = pairs
            .iter()
            .map(|&(node, at)| (node, own_sets[at as usize]))
            .collect();
        let sizes = retained_sets::build(
            snapshot.graph(),
            snapshot.ephemerons(),
            snapshot.shallow_sizes(),
            &sets,
            &in_sets,
            task,
        )?;
        let mut dominators: Vec<Dominator> = nodes
            .iter()
            .zip(&own_sets)
            .map(|(&node, &set)| Dominator {
                node,
                count: 0,
                shallow_size: 0,
                retained_size: sizes[set as usize],
            })
            .collect();
        for &(node, at) in &pairs {
            let dominator = &mut dominators[at as usize];
            dominator.count += 1;
            dominator.shallow_size += snapshot.shallow_size(node);
        }
        Ok(Arc::new(sorted(
            snapshot,
            &dominators,
            &pairs,
            &class_sets,
            &sizes,
        )))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Climbing the dominator tree")
    }
}

/// Where the climb from each of `objects` ends.
fn ends(snapshot: &Snapshot, objects: &[NodeIx], task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
    let (graph, root) = (snapshot.graph(), snapshot.graph().root());
    let mut serving: BitSet<ClassIx> = BitSet::new(snapshot.classes().len());
    for at in 0..snapshot.classes().len() {
        let class = ClassIx::new(at);
        let name = &snapshot.classes().class(class).name;
        if SERVING.iter().any(|&known| name.as_js() == known) {
            serving.insert(class);
        }
    }
    let is_passed = |node: NodeIx| serving.contains(snapshot.class_of(node)) || is_internal(graph, node);
    let is_engines = |node: NodeIx| is_internal(graph, node);
    let mut ends = set_dominators::outside(snapshot.dominators(), root, objects, is_passed, task)?;
    if ends.contains(&root) {
        let nearest = set_dominators::outside(snapshot.dominators(), root, objects, is_engines, task)?;
        for (end, nearest) in ends.iter_mut().zip(nearest) {
            if *end == root {
                *end = nearest;
            }
        }
    }
    Ok(ends)
}

/// The dominators in their order: classes and those of a class by what they keep alive, then by name and by file order.
fn sorted(
    snapshot: &Snapshot,
    dominators: &[Dominator],
    pairs: &[(NodeIx, u32)],
    class_sets: &[u32],
    sizes: &[u64],
) -> Dominating {
    let class_of = |at: usize| snapshot.class_of(dominators[at].node);
    let mut order: Vec<usize> = (0..dominators.len()).collect();
    let runs: Vec<&mut [usize]> = order.chunk_by_mut(|&a, &b| class_of(a) == class_of(b)).collect();
    let mut classes: Vec<(DominatingClass, Vec<usize>)> = Vec::with_capacity(runs.len());
    for (run, &set) in runs.into_iter().zip(class_sets) {
        run.sort_by_key(|&at| std::cmp::Reverse((dominators[at].retained_size, dominators[at].count)));
        let sum = |of: fn(&Dominator) -> u64| run.iter().map(|&at| of(&dominators[at])).sum();
        let own = run.iter().map(|&at| snapshot.shallow_size(dominators[at].node));
        let class = DominatingClass {
            class: class_of(run[0]),
            first: DominatorIx::new(0),
            dominators: run.len() as u64,
            dominator_size: own.sum(),
            count: sum(|one| one.count),
            shallow_size: sum(|one| one.shallow_size),
            retained_size: sizes[set as usize],
        };
        classes.push((class, run.to_vec()));
    }
    classes.sort_by_cached_key(|(class, _)| {
        let weight = std::cmp::Reverse((class.retained_size, class.count));
        (weight, NameKey::of_class(snapshot, class.class), class.class)
    });
    let mut places = vec![DominatorIx::new(0); dominators.len()];
    let mut all = Vec::with_capacity(dominators.len());
    for (class, run) in &mut classes {
        class.first = DominatorIx::new(all.len());
        for &at in &*run {
            places[at] = DominatorIx::new(all.len());
            all.push(dominators[at]);
        }
    }
    let members = pairs.iter().map(|&(node, at)| (places[at as usize], node));
    Dominating {
        classes: classes.into_iter().map(|(class, _)| class).collect(),
        members: Csr::group(all.len(), members),
        dominators: all,
        retained_size: sizes.first().copied().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Column as _;
    use crate::query::testing::{ask, lines, snapshot};

    fn told(text: &str, name: &str) -> Vec<String> {
        let snapshot = snapshot(text);
        let graph = snapshot.graph();
        let nodes = graph
            .nodes()
            .filter(|&node| graph.raw_name(node) == name)
            .collect();
        let objects = Objects::new(nodes);
        let answer = ask(&ImmediateDominators { objects }, &snapshot);
        lines(&snapshot, &answer.classes, DominatingColumn::ALL)
    }

    #[test]
    fn what_only_serves_is_passed() {
        let heap = "root:synthetic/0 -shortcut:w-> window:native/8 -a-> a=Store:object/16 -items-> list=Array:object/32
            list -internal:elements-> e=\"\":array/64 -internal:0-> i0=Item:object/100
            e -internal:1-> i1=Item:object/50 -next-> i2=Item:object/25 -x-> x=Own:object/5
            window -b-> b=Store:object/16 -items-> map=Map:object/32 -internal:table-> t=\"\":array/64 -internal:3-> i3=Item:object/10
            window -other-> other=Other:object/8 -i-> i3";
        assert_eq!(
            told(heap, "Item"),
            ["Store 1 16 3 175 180", "window 1 8 1 10 10"],
            "the last is held by two stores"
        );
    }

    #[test]
    fn where_no_single_object_keeps_them_the_nearest_is_told() {
        let heap = "root:synthetic/0 -shortcut:w-> window:native/8 -a-> list=Array:object/32 -element:0-> item=Item:object/100
            root -shortcut:v-> other:native/8 -b-> list
            window -c-> shared=Shared:object/8
            other -c-> shared";
        assert_eq!(told(heap, "Item"), ["Array 1 32 1 100 100"]);
        assert_eq!(told(heap, "Shared"), ["(no single object) 1 0 1 8 8"]);
    }
}
