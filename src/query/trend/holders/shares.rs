//! What each growing holder keeps alive in one snapshot, and where the rest is.

use rustc_hash::FxHashMap;

use super::super::source;
use super::members::Members;
use crate::analysis::leak_shares::{Keeper, LeakShares, split};
use crate::analysis::path_tree::Family;
use crate::analysis::path_tree::merged::MergedTrees;
use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// In place of a class: the parts of objects (tables, elements) that are no objects themselves.
pub(in crate::query::trend) const PARTS: u32 = u32::MAX;

/// The heap of one snapshot, shared out.
pub(super) struct Shared {
    /// For each growing holder what it keeps.
    pub(super) groups: Vec<GroupSum>,
    /// For each place of the snapshot's tree the bytes there that stay without the growing holders: the program's.
    pub(super) kept: Vec<u64>,
    /// What stays without the growing holders.
    pub(super) by_roots: BitSet<NodeIx>,
    /// For each text of the merged trees how many objects of that class among it are the program's.
    pub(super) classes_kept: Vec<u64>,
    /// The engine's bytes that stay, by family of things.
    pub(super) engine: [(u64, u64); 3],
}

/// The engine's families, in the order of [`Shared::engine`].
pub(super) const ENGINE: [&str; 3] = ["(compiled code)", "(object shape)", "(system)"];

/// What a group keeps.
#[derive(Clone, Default)]
pub(super) struct GroupSum {
    /// Its share in bytes.
    pub(super) size: u64,
    /// The same by class, ascending.
    pub(super) classes: Vec<ClassSum>,
}

/// A class among what a group keeps.
#[derive(Clone, Copy)]
pub(super) struct ClassSum {
    /// The class: a text of the merged trees, or [`PARTS`].
    pub(super) class: u32,
    /// How many objects.
    pub(super) count: u64,
    /// Its share in bytes.
    pub(super) size: u64,
}

impl Shared {
    pub(super) fn build(
        snapshot: &Snapshot,
        merged: &MergedTrees<'_>,
        heap: usize,
        members: &[Members],
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let tree = &merged.trees()[heap];
        let graph = snapshot.graph();
        let mut groups = vec![GroupSum::default(); members.len()];
        let nodes: Vec<&[NodeIx]> = members.iter().map(|members| members.nodes.as_slice()).collect();
        let shares = LeakShares::build(source(snapshot), &nodes, task)?;
        let mut kept = vec![0_u64; tree.len()];
        let mut engine = [(0_u64, 0_u64); 3];
        let numbers = merged.numbers_of_texts(heap);
        let mut by_roots = BitSet::new(graph.node_count());
        let texts = numbers.iter().max().map_or(0, |&last| last as usize + 1);
        let mut classes_kept = vec![0_u64; texts];
        let mut classes: FxHashMap<(usize, u32), (u64, u64)> = FxHashMap::default();
        for node in graph.nodes() {
            task.check_at(node.at())?;
            let size = snapshot.shallow_size(node);
            let Some(at) = tree.of(node) else { continue };
            let place = tree.place(at);
            match shares.keeper(node) {
                Keeper::Nobody => {}
                Keeper::Roots if place.family == Family::Program => {
                    kept[at.at()] += size;
                    by_roots.insert(node);
                    if !tree.is_part(node) {
                        classes_kept[numbers[place.class as usize] as usize] += 1;
                    }
                }
                Keeper::Roots => {
                    let sum = &mut engine[engine_family(graph.kind(node))];
                    sum.0 += 1;
                    sum.1 += size;
                }
                Keeper::Groups(mask) => {
                    let class = if tree.is_part(node) {
                        PARTS
                    } else {
                        numbers[place.class as usize]
                    };
                    for (nth, part) in split(size, mask) {
                        groups[nth].size += part;
                        let sum = classes.entry((nth, class)).or_default();
                        sum.0 += 1;
                        sum.1 += part;
                    }
                }
            }
        }
        let mut classes: Vec<((usize, u32), (u64, u64))> = classes.into_iter().collect();
        classes.sort_unstable();
        for ((nth, class), (count, size)) in classes {
            groups[nth].classes.push(ClassSum { class, count, size });
        }
        Ok(Self {
            groups,
            kept,
            by_roots,
            classes_kept,
            engine,
        })
    }
}

fn engine_family(kind: crate::graph::NodeKind) -> usize {
    use crate::graph::NodeKind;
    match kind {
        NodeKind::Code => 0,
        NodeKind::ObjectShape => 1,
        _ => 2,
    }
}
