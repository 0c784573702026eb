//! Piles of a recording that bursts of allocation left: each load that the program serves adds to them, and what it added stays.
//!
//! One snapshot does not tell when its piles grew; a recording does. What was left by several bursts, the latest of them at the
//! end of the recording, and by each about as much, is likely to go on. A cache that is being filled looks the same until it
//! is full: so what has a limit, and what earlier loads left nothing of, is no alarm.

use rustc_hash::FxHashMap;

use super::candidate::{Candidate, Course};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::graph::ObjectId;
use crate::query::Query as _;
use crate::query::timeline::bursts::{Bursts, FindBursts};
use crate::query::timeline::{FindTimeline, Timeline};
use crate::snapshot::Snapshot;

/// What bursts left of a pile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Burst {
    /// How many bursts left some of it.
    pub(super) bursts: usize,
    /// Microseconds from one burst to the next, where they come at a steady pace.
    pub(super) period: Option<u64>,
    /// How many things the burst left that left fewest.
    pub(super) least: u64,
    /// And the one that left most.
    pub(super) most: u64,
    /// The function that allocated most of what was looked at: its place among the functions of the file.
    pub(super) function: Option<u32>,
    /// Did every burst leave about as much, and was no load before or after them without a trace?
    pub(super) goes_on: bool,
}

/// Fewer bursts may be the start of the program.
const SEVERAL: usize = 3;

/// Marks those of `piles` that bursts left, if the snapshot is a recording.
pub(super) fn mark(snapshot: &Snapshot, piles: &mut [Candidate], task: &Task) -> Result<(), Cancelled> {
    if snapshot.graph().samples().times.is_empty() {
        return Ok(());
    }
    let timeline = FindTimeline.run(snapshot, task)?;
    let question = FindBursts { timeline };
    let bursts = question.run(snapshot, task)?;
    for pile in piles {
        if let Some(burst) = of(snapshot, &question.timeline, &bursts, pile) {
            pile.course = Course::Burst(burst);
        }
    }
    Ok(())
}

/// What bursts left of `pile`, if most of it is of them.
fn of(snapshot: &Snapshot, timeline: &Timeline, bursts: &Bursts, pile: &Candidate) -> Option<Burst> {
    let ranges: Vec<(ObjectId, ObjectId)> = bursts
        .bursts
        .iter()
        .map(|burst| timeline.ids(burst.from, burst.to))
        .collect();
    let is_left = |node: &&NodeIx| {
        let id = snapshot.id(**node);
        ranges.iter().any(|range| range.0 < id && id <= range.1)
    };
    let left = pile.samples.iter().filter(is_left).count();
    let class = snapshot.class_of(*pile.samples.first()?);
    let counts = &bursts.classes.iter().find(|left| left.of == class)?.counts;
    let all: u64 = counts.iter().sum();
    if left * 4 < pile.samples.len() * 3 || all * 2 < pile.count() {
        return None;
    }
    let first = counts.iter().position(|&count| count > 0)?;
    let within = &counts[first..];
    let (least, most) = (*within.iter().min()?, *within.iter().max()?);
    Some(Burst {
        bursts: within.iter().filter(|&&count| count > 0).count(),
        period: bursts.period,
        least,
        most,
        function: most_frequent(snapshot, &pile.samples),
        goes_on: within.len() >= SEVERAL && least * 2 >= most && !is_turned_over(timeline, bursts),
    })
}

/// Did something allocate as much as a burst, before the first that stays, and left nothing? Or did bursts that stay end, and what
/// came after them left nothing?
fn is_turned_over(timeline: &Timeline, bursts: &Bursts) -> bool {
    let (Some(first), Some(last)) = (bursts.bursts.first(), bursts.bursts.last()) else {
        return false;
    };
    let allocated = |from: usize, to: usize| {
        let within = timeline.moments.get(from..=to).unwrap_or_default();
        within.iter().map(|moment| moment.allocated).sum::<u64>()
    };
    let mut sizes: Vec<u64> = bursts
        .bursts
        .iter()
        .map(|burst| allocated(burst.from, burst.to))
        .collect();
    sizes.sort_unstable();
    let usual = sizes[sizes.len() / 2];
    let is_gone = |from: usize, to: usize| {
        let within = timeline.moments.get(from..to).unwrap_or_default();
        within.iter().any(|moment| moment.allocated * 2 >= usual.max(1))
    };
    is_gone(1, first.from) || is_gone(last.to + 1, timeline.moments.len())
}

/// The function that allocated most of `nodes`; of several the first in the file.
fn most_frequent(snapshot: &Snapshot, nodes: &[NodeIx]) -> Option<u32> {
    let traces = snapshot.graph().traces();
    let mut counts: FxHashMap<u32, usize> = FxHashMap::default();
    for &node in nodes {
        if let Some(call) = traces.call_of(node) {
            *counts.entry(traces.calls()[call as usize].function).or_default() += 1;
        }
    }
    let most = counts
        .into_iter()
        .max_by_key(|&(function, count)| (count, std::cmp::Reverse(function)))?;
    ((most.0 as usize) < traces.functions().len()).then_some(most.0)
}

/// What a function of the file is called.
pub(super) fn function_name(snapshot: &Snapshot, function: u32) -> Option<String> {
    let graph = snapshot.graph();
    let function = graph.traces().functions().get(function as usize)?;
    let name = graph.strings().get(function.name).to_string_lossy().into_owned();
    (!name.is_empty()).then_some(name)
}
