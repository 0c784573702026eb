//! Candidates of one snapshot: holders under which things have piled up, with what only these keep alive.

use std::sync::Arc;

use super::candidate::{Candidate, Course, PathStep};
use crate::analysis::accumulations::{self, Accumulation};
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::owners::Owners;
use crate::analysis::path_tree::PathTree;
use crate::analysis::path_tree::labels::is_slot;
use crate::analysis::path_tree::merged::{MergedIx, MergedTrees};
use crate::analysis::topmost;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeHead, EdgeKind, NodeKind};
use crate::query::owners;
use crate::query::trend::{Series, naming::Naming, path_trees};
use crate::snapshot::Snapshot;

/// What one snapshot tells.
pub(super) struct Found {
    pub(super) candidates: Vec<Candidate>,
    /// Whose each object is.
    pub(super) owners: Arc<Owners>,
}

/// So many piles are looked into: the program's own before others, the largest first.
const MOST: usize = 100;
/// Objects of a pile that are kept as samples.
const SAMPLES: usize = 64;

/// The piles of the only snapshot of `series`.
pub(super) fn find(series: &Series, task: &Task) -> Result<Found, Cancelled> {
    let trees = path_trees(series, task)?;
    let merged = MergedTrees::build(&trees, task)?;
    let snapshot = &series.snapshots[0];
    let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
    let owners = Arc::new(owners::build(snapshot, &order, task)?);
    let naming = Naming::with_owners(series, &merged, Arc::clone(&owners), task)?;
    let mut piles = accumulations::find(&merged, task)?;
    let is_programs = |pile: &Accumulation| {
        let mut steps = naming
            .nodes(pile.place, pile.counted.first().copied())
            .into_iter();
        steps.any(|node| {
            let owner = node.and_then(|node| owners.of(node));
            owner.is_some_and(|owner| !owners.package(owner).is_runtime())
        })
    };
    piles.sort_by_cached_key(|pile| (!is_programs(pile), std::cmp::Reverse(pile.size), pile.place));
    piles.truncate(MOST);
    let held = Held::find(snapshot, &order, &merged, &piles, task)?;
    let told = piles.iter().zip(held.sizes).zip(held.samples);
    let candidates = told.map(|((pile, size), samples)| {
        let entry = largest(&merged, &pile.counted);
        let path = naming.path(pile.place, entry);
        let mut nodes = naming.nodes(pile.place, entry);
        if let [.., holder, held] = &mut *nodes
            && entry.is_some()
            && let Some(&sample) = samples.first()
        {
            *held = naming_first(&merged, entry, *held, sample);
            *holder = holder_of(snapshot, &merged, pile.place, held.unwrap_or(sample)).or(*holder);
        }
        let holder = path.len().checked_sub(2).and_then(|at| nodes[at]);
        let count = match holder.zip(samples.first()) {
            Some((holder, &sample)) if pile.holders == 1 && entry.is_some() => {
                elements_like(snapshot, holder, sample).max(pile.count)
            }
            _ => pile.count,
        };
        Candidate {
            course: Course::Piled,
            name: naming.name(pile.place).to_string(),
            path: path
                .iter()
                .zip(nodes)
                .map(|(text, node)| PathStep::read(text, node))
                .collect(),
            ends_in_entry: entry.is_some(),
            holders: pile.holders,
            counts: vec![count],
            sizes: vec![size],
            growth: None,
            samples,
        }
    });
    Ok(Found {
        candidates: candidates.collect(),
        owners,
    })
}

/// How many elements of the array `holder` are of the class of `sample`: one that is first reached otherwise is an element too.
fn elements_like(snapshot: &Snapshot, holder: NodeIx, sample: NodeIx) -> u64 {
    let graph = snapshot.graph();
    if graph.kind(sample) != NodeKind::Object || graph.raw_name(holder) != "Array" {
        return 0;
    }
    let class = snapshot.class_of(sample);
    let heads = graph.heads(holder).iter();
    let is_like =
        |head: &&EdgeHead| head.kind() == EdgeKind::Element && snapshot.class_of(head.target()) == class;
    heads.filter(is_like).count() as u64
}

/// What stands for the things held on the path: the first link of a list says more than the last.
fn naming_first(
    merged: &MergedTrees<'_>,
    entry: Option<MergedIx>,
    first: Option<NodeIx>,
    sample: NodeIx,
) -> Option<NodeIx> {
    let by_name = entry.is_some_and(|entry| !is_slot(merged.place(entry).edge));
    if by_name { first } else { Some(sample) }
}

/// So many references to a thing held are looked at.
const REFERENCES: usize = 64;

/// The object at `place` that holds `node`, itself or by its elements or table.
fn holder_of(snapshot: &Snapshot, merged: &MergedTrees<'_>, place: MergedIx, node: NodeIx) -> Option<NodeIx> {
    let tree: &PathTree = &merged.trees()[0];
    let members: Vec<_> = merged.members(place, 0).collect();
    let is_there = |node: NodeIx| tree.of(node).is_some_and(|at| members.contains(&at));
    let holders = |node: NodeIx| {
        let heads = snapshot.retainers().heads(node).iter().take(REFERENCES);
        heads.filter(|head| !head.is_weak()).map(|head| head.target())
    };
    let direct = holders(node).find(|&holder| is_there(holder))?;
    if !tree.is_part(direct) {
        return Some(direct);
    }
    let owner = holders(direct).find(|&holder| is_there(holder) && !tree.is_part(holder));
    Some(owner.unwrap_or(direct))
}

/// Of several places that count together the one with the most.
fn largest(merged: &MergedTrees<'_>, places: &[MergedIx]) -> Option<MergedIx> {
    let count = |&place: &MergedIx| merged.numbers(place).first().map_or(0, |numbers| numbers.chained);
    places
        .iter()
        .copied()
        .max_by_key(|place| (count(place), std::cmp::Reverse(*place)))
}

/// What the piles hold.
struct Held {
    /// What would go with what a pile holds (with the holders, where they are collections), in bytes.
    sizes: Vec<u64>,
    /// Some of what is counted, the latest first.
    samples: Vec<Vec<NodeIx>>,
}

/// No pile's.
const NO_PILE: u8 = u8::MAX;

impl Held {
    fn find(
        snapshot: &Snapshot,
        order: &DominatorOrder,
        merged: &MergedTrees<'_>,
        piles: &[Accumulation],
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let tree: &PathTree = &merged.trees()[0];
        let mut pile_of = vec![NO_PILE; tree.len()];
        let mut counted = vec![false; tree.len()];
        // The outer piles of those inside each other have their entries last: what is inside stays theirs.
        for (pile, nth) in piles.iter().zip(0_u8..NO_PILE) {
            let is_whole = pile.entries.is_empty() || pile.is_collection;
            let holder = is_whole.then_some(pile.place);
            for &place in pile.entries.iter().chain(&holder) {
                for member in merged.members(place, 0) {
                    pile_of[member.at()] = nth;
                }
            }
            for &place in &pile.counted {
                for member in merged.members(place, 0) {
                    counted[member.at()] = true;
                }
            }
        }
        let group = |node: NodeIx| {
            let pile = pile_of[tree.of(node)?.at()];
            (pile != NO_PILE).then_some(usize::from(pile))
        };
        let mut sizes = vec![0; piles.len()];
        let add = |pile: usize, node| sizes[pile] += snapshot.retained_size(node);
        topmost::each(order, piles.len(), group, |_| (), add, task)?;
        let mut samples = vec![Vec::new(); piles.len()];
        for (nth, node) in snapshot.graph().nodes().rev().enumerate() {
            task.check_at(nth)?;
            let Some(pile) = group(node) else { continue };
            let is_counted = tree.of(node).is_some_and(|place| counted[place.at()]);
            let wanted = is_counted || piles[pile].counted.is_empty();
            if wanted && samples[pile].len() < SAMPLES && !tree.is_part(node) {
                samples[pile].push(node);
            }
        }
        Ok(Self { sizes, samples })
    }
}
