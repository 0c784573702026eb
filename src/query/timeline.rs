//! What was allocated when, and is still there: the bars of an allocation timeline.

pub mod bursts;

use std::sync::Arc;

use super::passing::Passing;
use super::{Cell, Query};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::columns;
use crate::graph::ObjectId;
use crate::snapshot::Snapshot;

/// Asks for the samples of a timeline with what was allocated before each of them and is alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindTimeline;

/// A timeline: at least the last is there if the file has any samples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// One a sample, oldest first. What was there before the recording began is counted in the first.
    pub moments: Vec<Moment>,
}

/// A sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// Microseconds since the recording began.
    pub time: u64,
    /// The last id that was handed out before it. Ids above that of the sample before were handed out since that sample.
    pub last_id: u64,
    /// How many ids were handed out: objects that were allocated, or where V8 gives ids only to what it finds alive at a sample,
    /// that were alive then.
    pub allocated: u64,
    /// How many objects with these ids are in the snapshot.
    pub live_count: u64,
    /// Their shallow sizes together, in bytes.
    pub live_size: u64,
}

/// Asks how much of what was allocated before each sample, and is alive, is of some objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindParts {
    /// The timeline.
    pub timeline: Arc<Timeline>,
    /// The objects.
    pub only: Passing,
}

/// A part of what is alive of a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// How many objects it is.
    pub count: u64,
    /// Their shallow sizes together, in bytes.
    pub size: u64,
}

/// V8 gives objects every second id.
const ID_STEP: u64 = 2;

impl Timeline {
    /// The sample that an id is counted in, if it was handed out before the last.
    pub fn moment_of(&self, id: ObjectId) -> Option<usize> {
        let at = self.moments.partition_point(|moment| moment.last_id < id.0);
        (at < self.moments.len()).then_some(at)
    }

    /// The ids of the samples `from` to `to`, both included: above the first, up to the second. Samples outside are taken for the
    /// nearest.
    pub fn ids(&self, from: usize, to: usize) -> (ObjectId, ObjectId) {
        let last = |at: usize| {
            self.moments
                .get(at)
                .or(self.moments.last())
                .map_or(0, |of| of.last_id)
        };
        let after = from.checked_sub(1).map_or(0, last);
        (ObjectId(after), ObjectId(last(to)))
    }

    /// What was allocated while it was recorded and is alive, in bytes: all samples but the first.
    pub fn live_size(&self) -> u64 {
        self.moments.iter().skip(1).map(|moment| moment.live_size).sum()
    }

    /// Microseconds from the first sample to the last.
    pub fn duration(&self) -> u64 {
        match (self.moments.first(), self.moments.last()) {
            (Some(first), Some(last)) => last.time.saturating_sub(first.time),
            _ => 0,
        }
    }
}

columns! {
    /// Columns of a timeline.
    pub enum MomentColumn: |_over: (), row: Moment| {
        /// When, in milliseconds since the recording began.
        Time: Number "time_ms" "Time, ms" = Cell::Plain(row.time / 1000);
        /// The last id handed out by then.
        LastId: Number "last_id" "Last id" = Cell::Id(ObjectId(row.last_id));
        /// How many ids were handed out since the sample before.
        Allocated: Number "allocated_count" "Allocated" = Cell::Count(row.allocated);
        /// How many of these objects are alive.
        LiveCount: Number "live_count" "Live count" = Cell::Count(row.live_count);
        /// Their bytes.
        LiveSize: Number "live_size" "Live size" = Cell::Bytes(row.live_size);
    }
}

impl Query for FindTimeline {
    type Over = Snapshot;
    type Answer = Arc<Timeline>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Arc<Timeline>, Cancelled> {
        let samples = snapshot.graph().samples();
        let mut last = 0;
        let moments = samples.times.iter().zip(&samples.last_ids);
        let moments = moments.map(|(&time, &last_id)| {
            let allocated = (last_id - last) / ID_STEP;
            last = last_id;
            Moment {
                time,
                last_id,
                allocated,
                ..Moment::default()
            }
        });
        let mut timeline = Timeline {
            moments: moments.collect(),
        };
        if timeline.moments.is_empty() {
            return Ok(Arc::new(timeline));
        }
        for (moment, part) in parts(snapshot, &timeline, |_| true, task)?
            .into_iter()
            .enumerate()
        {
            timeline.moments[moment].live_count = part.count;
            timeline.moments[moment].live_size = part.size;
        }
        Ok(Arc::new(timeline))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Summing up the timeline")
    }
}

impl Query for FindParts {
    type Over = Snapshot;
    /// One a moment.
    type Answer = Vec<Part>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<Part>, Cancelled> {
        parts(snapshot, &self.timeline, |node| self.only.contains(node), task)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Summing up the timeline")
    }
}

/// What is alive of each moment, of the objects that count.
fn parts(
    snapshot: &Snapshot,
    timeline: &Timeline,
    counts: impl Fn(NodeIx) -> bool,
    task: &Task,
) -> Result<Vec<Part>, Cancelled> {
    let mut parts = vec![Part::default(); timeline.moments.len()];
    for node in snapshot.graph().nodes() {
        task.check_at(node.at())?;
        let id = snapshot.id(node);
        // Native objects have even ids, which say nothing of time.
        if id.0.is_multiple_of(2) || !counts(node) {
            continue;
        }
        if let Some(at) = timeline.moment_of(id) {
            parts[at].count += 1;
            parts[at].size += snapshot.shallow_size(node);
        }
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::Path;

    use super::*;
    use crate::analysis::filters::NodeFilter;
    use crate::analysis::testing::Dice;
    use crate::fixture::Fixture;
    use crate::query::Column as _;
    use crate::query::passing::FindPassing;
    use crate::query::testing::{ask, lines};

    #[test]
    fn bytes_are_counted_in_the_first_sample_that_has_the_id() {
        let heap = Fixture::new(
            "root:synthetic/0 #1 -shortcut:w-> a:object/8 #5 -x-> b:object/24 #7\nb -y-> c:object/10 #11\n\
             c -y-> late:object/99 #21\nc -z-> native:native/50 #8\nc -w-> d:object/1 #13",
        )
        .member("samples", "[0,5, 1000,5, 2500,11, 4000,13, 5000,13]");
        let snapshot =
            Snapshot::from_bytes(&heap.bytes(), Path::new("t.heaptimeline"), &Task::new()).unwrap();
        let timeline = ask(&FindTimeline, &snapshot);
        assert_eq!(
            lines(&(), &timeline.moments, MomentColumn::ALL),
            [
                "0 @5 2 2 8",
                "1 @5 0 0 0",
                "2 @11 3 2 34",
                "4 @13 1 1 1",
                "5 @13 0 0 0"
            ]
        );
        assert_eq!(timeline.live_size(), 35);
        let filter = NodeFilter::AllocatedBetween {
            after: ObjectId(5),
            through: ObjectId(11),
        };
        let only = ask(&FindPassing { filter }, &snapshot).unwrap();
        let parts = FindParts {
            timeline: Arc::clone(&timeline),
            only,
        };
        let parts: Vec<_> = ask(&parts, &snapshot)
            .iter()
            .map(|part| (part.count, part.size))
            .collect();
        assert_eq!(parts, [(0, 0), (0, 0), (2, 34), (0, 0), (0, 0)]);
        assert_eq!(timeline.ids(1, 2), (ObjectId(5), ObjectId(11)));
        assert_eq!(timeline.ids(0, 9), (ObjectId(0), ObjectId(13)));
        assert_eq!(timeline.moment_of(ObjectId(21)), None);
        assert_eq!(timeline.duration(), 5000);
    }

    #[test]
    fn random_recordings_agree_with_a_slow_twin() {
        for seed in 0..40 {
            let mut dice = Dice::new(seed);
            let mut text = "root:synthetic/0 #1 -shortcut:w-> n0:object/8 #3\n".to_owned();
            let mut nodes = vec![(3, 8)];
            for at in 1..40_u64 {
                let (id, size) = (5 + at * 3 + dice.roll(3), dice.roll(50));
                let _ = writeln!(text, "n0 -e{at}-> n{at}:object/{size} #{id}");
                nodes.push((id, size));
            }
            let mut last_ids: Vec<u64> = (0..dice.roll(9)).map(|_| dice.roll(140)).collect();
            last_ids.sort_unstable();
            let samples: Vec<String> = (0..)
                .zip(&last_ids)
                .map(|(at, id)| format!("{},{id}", at * 1000))
                .collect();
            let bytes = Fixture::new(&text)
                .member("samples", &format!("[{}]", samples.join(",")))
                .bytes();
            let snapshot = Snapshot::from_bytes(&bytes, Path::new("t"), &Task::new()).unwrap();
            let fast = ask(&FindTimeline, &snapshot);
            // Each object of an odd id in the first sample that has reached it.
            nodes.push((1, 0));
            let slow: Vec<(u64, u64)> = (0..last_ids.len())
                .map(|at| {
                    let is_first =
                        |id: u64| last_ids[at] >= id && last_ids[..at].iter().all(|&last| last < id);
                    let within = nodes.iter().filter(|(id, _)| id % 2 == 1 && is_first(*id));
                    within.fold((0, 0), |(count, size), (_, own)| (count + 1, size + own))
                })
                .collect();
            let fast: Vec<(u64, u64)> = fast
                .moments
                .iter()
                .map(|of| (of.live_count, of.live_size))
                .collect();
            assert_eq!(fast, slow, "seed {seed}");
        }
    }

    #[test]
    fn files_without_samples_have_none() {
        let snapshot = crate::query::testing::snapshot("root -a-> b");
        assert_eq!(*ask(&FindTimeline, &snapshot), Timeline::default());
    }
}
