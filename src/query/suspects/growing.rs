//! Candidates of several snapshots: holders that grew at every step; and, as notes, the large ones that did not.

use super::candidate::{Candidate, Course, PathStep};
use crate::analysis::series::Sequences;
use crate::base::task::{Cancelled, Task};
use crate::query::Query as _;
use crate::query::trend::{FindTrend, Series, Trend, TrendBy, TrendRow};

/// What several snapshots tell.
pub(super) struct Found {
    pub(super) candidates: Vec<Candidate>,
    pub(super) sequences: Sequences,
    /// By how many bytes the whole heap grew.
    pub(super) growth: i64,
    /// What has to be said of the snapshots, if anything.
    pub(super) problem: Option<String>,
}

/// A holder that did not grow is worth a note from this part of the heap on: one of so many.
const LARGE_PART: u64 = 10;

/// The growing holders, and the large ones that stayed as they are.
pub(super) fn find(series: &Series, task: &Task) -> Result<Found, Cancelled> {
    let trend = FindTrend { by: TrendBy::Holder }.run(series, task)?;
    let steps = trend.sequences.steps();
    let least = trend.last_total() / LARGE_PART;
    let mut candidates = Vec::new();
    for row in &trend.rows {
        task.check()?;
        let is_large = row.sizes.last().is_some_and(|&size| size > least);
        if row.is_rest {
            continue;
        }
        if row.grew() {
            candidates.push(candidate(&trend, row, Course::Grew { steps }));
        } else if is_large && row.nodes.iter().any(Option::is_some) {
            candidates.push(candidate(&trend, row, Course::Steady));
        }
    }
    Ok(Found {
        candidates,
        growth: trend.total_growth(),
        problem: trend.problem(),
        sequences: trend.sequences.clone(),
    })
}

fn candidate(trend: &Trend, row: &TrendRow, course: Course) -> Candidate {
    let last = trend.series.len() - 1;
    let samples = row.samples.as_ref().filter(|(heap, _)| *heap == last);
    let steps = row.path.iter().zip(&row.nodes);
    Candidate {
        course,
        name: row.name.to_string(),
        path: steps.map(|(text, &node)| PathStep::read(text, node)).collect(),
        ends_in_entry: row.ends_in_entry,
        holders: 1,
        counts: row.counts.clone(),
        sizes: row.sizes.clone(),
        growth: Some(trend.growth(row)),
        samples: samples.map(|(_, nodes)| nodes.clone()).unwrap_or_default(),
    }
}
