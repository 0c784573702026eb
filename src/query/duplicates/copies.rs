//! Objects that are equal with all that hangs from them alone.

use std::cmp::Reverse;

use super::{DuplicateRow, Survey, spread};
use crate::analysis::distances::Reach;
use crate::analysis::shapes::Shapes;
use crate::analysis::subtree_hash::SubtreeHashes;
use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};

/// Rows that are shown at most.
const ROWS: usize = 500;
/// Dominators that are looked at to find the object that a copy is a part of.
const MOST_STEPS: usize = 6;

/// The rows, what could be saved of most first.
pub(super) fn find(survey: &Survey<'_>, task: &Task) -> Result<Vec<DuplicateRow>, Cancelled> {
    let snapshot = survey.snapshot;
    let graph = snapshot.graph();
    let shapes = Shapes::new(graph);
    let hashes = SubtreeHashes::build(graph, snapshot.dominators(), task)?;
    // Objects from which something hangs: two levels at least.
    let mut copies: Vec<(u64, NodeIx)> = Vec::new();
    for node in graph.nodes() {
        task.check_at(node.at())?;
        let retained = snapshot.retained_size(node);
        if retained > snapshot.shallow_size(node)
            && shapes.is_object(node)
            && snapshot.distance(node).reach() != Reach::Unreachable
        {
            // Two references to one thing are hashed as those to two equal ones: what is retained tells.
            copies.push((hashes.of(node) ^ crate::analysis::shapes::mixed(retained), node));
        }
    }
    drop(hashes);
    task.check()?;
    rayon::slice::ParallelSliceMut::par_sort_unstable(&mut *copies);
    task.check()?;
    let mut is_copy: BitSet<NodeIx> = BitSet::new(graph.node_count());
    let runs = || copies.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1);
    for &(_, node) in runs().flatten() {
        is_copy.insert(node);
    }
    // Parts of copies are saved with them.
    let is_part = |node: NodeIx| {
        let mut at = node;
        for _ in 0..MOST_STEPS {
            at = snapshot.dominator(at);
            if at == graph.root() {
                return false;
            }
            if shapes.is_object(at) {
                return is_copy.contains(at);
            }
        }
        false
    };
    let mut found: Vec<(u64, Vec<NodeIx>)> = Vec::new();
    for (nth, run) in runs().enumerate() {
        task.check_at(nth)?;
        let whole: Vec<NodeIx> = run
            .iter()
            .map(|&(_, node)| node)
            .filter(|&node| !is_part(node))
            .collect();
        if whole.len() > 1 {
            let wasted = (whole.len() as u64 - 1) * snapshot.retained_size(whole[0]);
            found.push((wasted, whole));
        }
    }
    found.sort_by_key(|(wasted, nodes)| (Reverse(*wasted), nodes[0]));
    found.truncate(ROWS);
    let mut rows = Vec::with_capacity(found.len());
    for (wasted_size, members) in found {
        task.check()?;
        let first = members[0];
        let distances = members.iter().map(|&node| snapshot.distance(node));
        let home = survey.holders.home(first).or_else(|| survey.owners.of(first));
        rows.push(DuplicateRow {
            class: snapshot.class_of(first),
            shape: shapes.names(first),
            distance: distances.min().unwrap_or(snapshot.distance(first)),
            shallow_size: members.iter().map(|&node| snapshot.shallow_size(node)).sum(),
            retained_size: members.iter().map(|&node| snapshot.retained_size(node)).sum(),
            wasted_size,
            distinct: 1,
            compared: members.len() as u64,
            differing: Vec::new(),
            held_by: survey.held_by(&spread(&members, 256)),
            package: home.map(|owner| survey.owners.package(owner).clone()),
            members: members.into(),
        });
    }
    Ok(rows)
}
