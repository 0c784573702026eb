//! Parts of a page that are no longer in it, by what holds them.

use std::collections::BTreeMap;

use super::candidate::{Candidate, Course, PathStep};
use super::survey::Survey;
use crate::analysis::series::{Sequences, Verdict};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::graph::{Detachedness, NodeKind};
use crate::query::trend::Series;
use crate::snapshot::Snapshot;

/// Fewer are no candidate.
const FEW: u64 = 5;
/// So many of them are kept as samples.
const SAMPLES: usize = 64;

/// What is out of the page in the last snapshot, by who holds it; with several, how many there were in each.
pub(super) fn find(
    series: &Series,
    survey: &Survey<'_>,
    sequences: Option<&Sequences>,
    task: &Task,
) -> Result<Vec<Candidate>, Cancelled> {
    let tops = topmost(survey.snapshot, task)?;
    if (tops.len() as u64) < FEW {
        return Ok(Vec::new());
    }
    let mut counts = Vec::with_capacity(series.len());
    let mut sizes = Vec::with_capacity(series.len());
    for snapshot in &series.snapshots {
        let tops = topmost(snapshot, task)?;
        counts.push(tops.len() as u64);
        sizes.push(tops.iter().map(|&node| snapshot.retained_size(node)).sum::<u64>());
    }
    let grew = sequences.is_some_and(|sequences| {
        sequences.steps() > 1 && sequences.judge(&counts, 2) == Verdict::GrewAtEveryStep
    });
    let holders = survey.holders(task)?;
    let mut by_holder: BTreeMap<(String, Option<NodeIx>), Vec<NodeIx>> = BTreeMap::new();
    for (nth, &node) in tops.iter().enumerate() {
        task.check_at(nth << 6)?;
        let held = holders.of(node);
        let name = held.binding.to_string();
        let holder = (!name.is_empty()).then_some(survey.snapshot.dominator(node));
        by_holder.entry((name, holder)).or_default().push(node);
    }
    // All together are the candidate; the way shown is that of those most of which are held by the same.
    let most = by_holder.iter().max_by_key(|(_, nodes)| nodes.len());
    let Some(((name, holder), _)) = most else {
        return Ok(Vec::new());
    };
    let samples: Vec<NodeIx> = tops.iter().rev().copied().take(SAMPLES).collect();
    let class = samples
        .first()
        .map(|&node| survey.snapshot.name(node).to_string());
    let of_holder = holder.map(|node| PathStep {
        edge: String::new(),
        class: survey.snapshot.name(node).to_string(),
        node: Some(node),
    });
    let of_entry = PathStep {
        edge: "[x]".to_owned(),
        class: class.unwrap_or_default(),
        node: samples.first().copied(),
    };
    Ok(vec![Candidate {
        course: Course::Detached { grew },
        name: name.clone(),
        path: of_holder.into_iter().chain([of_entry]).collect(),
        ends_in_entry: true,
        holders: by_holder.len() as u64,
        growth: sequences.map(|sequences| sequences.growth(&sizes)),
        counts,
        sizes,
        samples,
    }])
}

/// The parts that hang from no other part that is out of the page.
fn topmost(snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
    let graph = snapshot.graph();
    let is_detached = |node: NodeIx| {
        graph.kind(node) == NodeKind::Native && snapshot.detachedness(node) == Detachedness::Detached
    };
    let mut tops = Vec::new();
    for (nth, node) in graph.nodes().enumerate() {
        task.check_at(nth)?;
        if is_detached(node) && !is_detached(snapshot.dominator(node)) {
            tops.push(node);
        }
    }
    Ok(tops)
}
