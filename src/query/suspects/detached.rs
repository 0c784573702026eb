//! Parts of a page that are no longer in it, by what holds them.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::candidate::{Candidate, Course, PathStep};
use crate::analysis::holders::Holders;
use crate::analysis::series::{Sequences, Verdict};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::graph::{Detachedness, NodeKind};
use crate::query::trend::Series;
use crate::snapshot::Snapshot;

/// Fewer trees are no candidate.
const FEW: usize = 5;
/// So many of them are kept as samples.
const SAMPLES: usize = 64;

/// What is out of the page in the last snapshot; with several, how many trees there were in each.
pub(super) fn find(
    series: &Series,
    holders: &Holders<'_>,
    sequences: Option<&Sequences>,
    task: &Task,
) -> Result<Option<Candidate>, Cancelled> {
    let Some(last) = series.snapshots.last() else {
        return Ok(None);
    };
    let trees = Trees::find(last, task)?;
    if trees.tops.len() < FEW {
        return Ok(None);
    }
    let mut counts = Vec::with_capacity(series.len());
    let mut sizes = Vec::with_capacity(series.len());
    for snapshot in &series.snapshots[..series.len() - 1] {
        let trees = Trees::find(snapshot, task)?;
        counts.push(trees.tops.len() as u64);
        sizes.push(trees.size);
    }
    counts.push(trees.tops.len() as u64);
    sizes.push(trees.size);
    let grew = sequences.is_some_and(|sequences| {
        sequences.steps() > 1 && sequences.judge(&counts, 2) == Verdict::GrewAtEveryStep
    });
    // The way shown is that of those most of which are held by the same.
    let mut by_name: BTreeMap<String, Vec<NodeIx>> = BTreeMap::new();
    for (nth, &node) in trees.tops.iter().enumerate().take(1 << 12) {
        task.check_at(nth << 6)?;
        by_name
            .entry(holders.of(node).binding.to_string())
            .or_default()
            .push(node);
    }
    let Some((name, nodes)) = by_name.into_iter().max_by_key(|(_, nodes)| nodes.len()) else {
        return Ok(None);
    };
    let step = |edge: &str, node: NodeIx| PathStep {
        edge: edge.to_owned(),
        class: last.name(node).to_string(),
        node: Some(node),
    };
    let sample = nodes[0];
    Ok(Some(Candidate {
        course: Course::Detached { grew },
        name,
        path: vec![step("", last.dominator(sample)), step("", sample)],
        ends_in_entry: true,
        holders: 1,
        growth: sequences.map(|sequences| sequences.growth(&sizes)),
        counts,
        sizes,
        samples: nodes.into_iter().rev().take(SAMPLES).collect(),
    }))
}

/// The trees of parts that are out of the page.
struct Trees {
    /// Of each tree the part nearest to the roots.
    tops: Vec<NodeIx>,
    /// Their bytes, with all that only they keep alive.
    size: u64,
}

impl Trees {
    fn find(snapshot: &Snapshot, task: &Task) -> Result<Self, Cancelled> {
        let graph = snapshot.graph();
        // Other native objects of a runtime are no parts of a page: theirs are called `<div>`, `Detached <div>`.
        let is_part = |node: NodeIx| {
            graph.kind(node) == NodeKind::Native
                && snapshot.detachedness(node) == Detachedness::Detached
                && snapshot.name(node).to_string().contains('<')
                && !graph.raw_name(node).to_string_lossy().contains("::")
        };
        let mut parts: Vec<NodeIx> = Vec::new();
        for (nth, node) in graph.nodes().enumerate() {
            task.check_at(nth)?;
            if is_part(node) {
                parts.push(node);
            }
        }
        let among: FxHashSet<NodeIx> = parts.iter().copied().collect();
        let mut seen: FxHashSet<NodeIx> = FxHashSet::default();
        let mut found = Self {
            tops: Vec::new(),
            size: 0,
        };
        let mut queue = Vec::new();
        for (nth, &part) in parts.iter().enumerate() {
            task.check_at(nth)?;
            if !among.contains(&snapshot.dominator(part)) {
                found.size += snapshot.retained_size(part);
            }
            if !seen.insert(part) {
                continue;
            }
            let mut top = part;
            queue.push(part);
            while let Some(node) = queue.pop() {
                if snapshot.distance(node) < snapshot.distance(top) {
                    top = node;
                }
                for head in graph.heads(node) {
                    let next = head.target();
                    if among.contains(&next) && seen.insert(next) {
                        queue.push(next);
                    }
                }
                for head in snapshot.retainers().heads(node) {
                    let next = head.target();
                    if among.contains(&next) && seen.insert(next) {
                        queue.push(next);
                    }
                }
            }
            found.tops.push(top);
        }
        Ok(found)
    }
}
