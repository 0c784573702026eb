//! Bursts of allocation that stay: where in a timeline much more was allocated than around it and is still there, which
//! functions and classes that was, and whether bursts come at a steady pace, as load does.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Timeline;
use crate::base::index::{ClassIx, Ix as _};
use crate::base::task::{Cancelled, Task};
use crate::base::units;
use crate::graph::ObjectId;
use crate::query::Query;
use crate::snapshot::Snapshot;

/// Asks for the bursts of a snapshot's timeline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindBursts {
    /// The timeline.
    pub timeline: Arc<Timeline>,
}

/// What stays of bursts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bursts {
    /// The bursts, oldest first.
    pub bursts: Vec<Burst>,
    /// Microseconds from one to the next, where they come at a steady pace.
    pub period: Option<u64>,
    /// What stays of all bursts together: classes, most bytes first.
    pub classes: Vec<Left<ClassIx>>,
    /// And functions that allocated it, by their places among the functions of the file's calls; empty without stacks.
    pub functions: Vec<Left<u32>>,
}

impl Bursts {
    /// How many there are, and how often they come: `3 bursts that stay, one about every 150 ms`.
    pub fn lead(&self) -> String {
        let count = units::counted(self.bursts.len() as u64, "burst that stays", "bursts that stay");
        match self.period {
            Some(period) => format!("{count}, one about every {}", units::human_duration(period)),
            None => count,
        }
    }
}

/// A burst.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burst {
    /// Its first sample.
    pub from: usize,
    /// Its last sample.
    pub to: usize,
    /// When its first sample begins: the time of the one before, in microseconds.
    pub start: u64,
    /// When it ends.
    pub end: u64,
    /// Objects of it that are alive.
    pub live_count: u64,
    /// Their bytes.
    pub live_size: u64,
}

/// What one class, or one function, left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left<K> {
    /// Which.
    pub of: K,
    /// How many objects stay of each burst.
    pub counts: Vec<u64>,
    /// Bytes that stay of all bursts.
    pub size: u64,
}

/// A burst has at least this many times the bytes of a usual sample.
const TIMES_USUAL: u64 = 4;
/// And at least this share of all that stayed, in percent.
const LEAST_SHARE: u64 = 2;
/// And at least so many bytes.
const LEAST_SIZE: u64 = 4096;
/// And at least one part in so many of what the burst in the middle has.
const LEAST_PART: u64 = 4;
/// A quiet sample between two that are not does not end a burst.
const QUIET: usize = 1;
/// From so many bursts on a pace can be told.
const PACE: usize = 3;

/// The bursts of a timeline. The first sample holds what was there before, and is none.
pub fn bursts(timeline: &Timeline) -> Vec<Burst> {
    let moments = &timeline.moments;
    let mut sizes: Vec<u64> = moments.iter().skip(1).map(|moment| moment.live_size).collect();
    sizes.sort_unstable();
    // A quarter of the samples has less than usual: those within bursts may be many.
    let usual = sizes.get(sizes.len() / 4).copied().unwrap_or(0);
    let total = timeline.live_size();
    let least = (usual * TIMES_USUAL)
        .max(total * LEAST_SHARE / 100)
        .max(LEAST_SIZE);
    let mut bursts: Vec<Burst> = Vec::new();
    for (at, moment) in moments.iter().enumerate().skip(1) {
        if moment.live_size < least {
            continue;
        }
        match bursts.last_mut() {
            Some(burst) if at - burst.to <= 1 + QUIET => {
                burst.to = at;
                burst.end = moment.time;
            }
            _ => bursts.push(Burst {
                from: at,
                to: at,
                start: moments[at - 1].time,
                end: moment.time,
                live_count: 0,
                live_size: 0,
            }),
        }
    }
    for burst in &mut bursts {
        let within = &moments[burst.from..=burst.to];
        burst.live_count = within.iter().map(|moment| moment.live_count).sum();
        burst.live_size = within.iter().map(|moment| moment.live_size).sum();
    }
    // What is small beside the others is none of them.
    let mut sizes: Vec<u64> = bursts.iter().map(|burst| burst.live_size).collect();
    sizes.sort_unstable();
    let middle = sizes.get(sizes.len() / 2).copied().unwrap_or(0);
    bursts.retain(|burst| burst.live_size * LEAST_PART >= middle);
    // What never pauses is a steady stream, no burst.
    let busy: usize = bursts.iter().map(|burst| burst.to - burst.from + 1).sum();
    if busy * 3 > (moments.len().saturating_sub(1)) * 2 {
        bursts.clear();
    }
    bursts
}

/// Microseconds from one burst to the next, if they all are about as far apart.
pub fn period(bursts: &[Burst]) -> Option<u64> {
    if bursts.len() < PACE {
        return None;
    }
    let mut gaps: Vec<u64> = bursts
        .windows(2)
        .map(|pair| pair[1].start.saturating_sub(pair[0].start))
        .collect();
    gaps.sort_unstable();
    let middle = gaps[gaps.len() / 2];
    let (first, last) = (gaps[0], gaps[gaps.len() - 1]);
    (first * 4 >= middle * 3 && last * 4 <= middle * 5 && middle > 0).then_some(middle)
}

impl Query for FindBursts {
    type Over = Snapshot;
    type Answer = Bursts;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Bursts, Cancelled> {
        let bursts = bursts(&self.timeline);
        if bursts.is_empty() {
            return Ok(Bursts::default());
        }
        let ranges: Vec<(ObjectId, ObjectId)> = bursts
            .iter()
            .map(|burst| self.timeline.ids(burst.from, burst.to))
            .collect();
        let traces = snapshot.graph().traces();
        let (mut classes, mut functions) = (FxHashMap::default(), FxHashMap::default());
        for node in snapshot.graph().nodes() {
            task.check_at(node.at())?;
            let id = snapshot.id(node);
            let size = snapshot.shallow_size(node);
            if id.0.is_multiple_of(2) || size == 0 {
                continue;
            }
            let after = ranges.partition_point(|range| range.1 < id);
            if ranges.get(after).is_none_or(|range| id <= range.0) {
                continue;
            }
            add(&mut classes, snapshot.class_of(node), after, bursts.len(), size);
            if let Some(call) = traces.call_of(node) {
                let function = traces.calls()[call as usize].function;
                add(&mut functions, function, after, bursts.len(), size);
            }
        }
        Ok(Bursts {
            period: period(&bursts),
            classes: sorted(classes),
            functions: sorted(functions),
            bursts,
        })
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for bursts")
    }
}

/// What there is to say of bursts: how many, how often, what stays of them, who allocated it. Nothing if there are none.
pub fn told(snapshot: &Snapshot, bursts: &Bursts) -> Vec<String> {
    if bursts.bursts.is_empty() {
        return Vec::new();
    }
    let size: u64 = bursts.bursts.iter().map(|burst| burst.live_size).sum();
    let mut told = vec![format!(
        "{}: {} are alive",
        bursts.lead(),
        units::human_bytes(size)
    )];
    let strings = snapshot.graph().strings();
    let each = |counts: &[u64]| {
        let counts: Vec<String> = counts.iter().take(SHOWN_COUNTS).map(u64::to_string).collect();
        counts.join(", ")
    };
    for left in bursts.classes.iter().take(SHOWN) {
        let name = &snapshot.classes().class(left.of).name;
        let size = units::human_bytes(left.size);
        told.push(format!(
            "  {name}: {size}, objects of each burst: {}",
            each(&left.counts)
        ));
    }
    for left in bursts.functions.iter().take(SHOWN) {
        let functions = snapshot.graph().traces().functions();
        let name = functions
            .get(left.of as usize)
            .map(|function| strings.get(function.name));
        let name = match name {
            None => "a function that the file does not have".into(),
            Some(name) if name.is_empty() => "an anonymous function".into(),
            Some(name) => name.to_string_lossy(),
        };
        let size = units::human_bytes(left.size);
        told.push(format!(
            "  allocated by {name}: {size}, objects of each burst: {}",
            each(&left.counts)
        ));
    }
    told
}

/// Classes, and functions, that are named.
const SHOWN: usize = 3;
/// Bursts whose counts are told.
const SHOWN_COUNTS: usize = 12;

fn add<K: std::hash::Hash + Eq + Copy>(
    left: &mut FxHashMap<K, Left<K>>,
    of: K,
    burst: usize,
    bursts: usize,
    size: u64,
) {
    let entry = left.entry(of).or_insert_with(|| Left {
        of,
        counts: vec![0; bursts],
        size: 0,
    });
    entry.counts[burst] += 1;
    entry.size += size;
}

/// Most bytes first; equal ones by what they are.
fn sorted<K: Ord + Copy>(left: FxHashMap<K, Left<K>>) -> Vec<Left<K>> {
    let mut sorted: Vec<Left<K>> = left.into_values().collect();
    sorted.sort_by_key(|left| (std::cmp::Reverse(left.size), left.of));
    sorted
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::path::Path;

    use super::super::{FindTimeline, Moment};
    use super::*;
    use crate::analysis::testing::Dice;
    use crate::fixture::Fixture;
    use crate::query::testing::ask;

    /// A timeline with a sample each 50 ms.
    fn timeline(sizes: &[u64]) -> Timeline {
        let moments = (0..).zip(sizes).map(|(at, &live_size)| Moment {
            time: at * 50_000,
            last_id: 1000 + at * 100,
            live_size,
            live_count: live_size / 100,
            ..Moment::default()
        });
        Timeline {
            moments: moments.collect(),
        }
    }

    fn found(sizes: &[u64]) -> Vec<(usize, usize)> {
        let bursts = bursts(&timeline(sizes));
        bursts.iter().map(|burst| (burst.from, burst.to)).collect()
    }

    #[test]
    fn bursts_stand_out_and_stay_whole() {
        let sizes = [
            9_000_000, 0, 50, 30_000, 35_000, 0, 0, 80, 0, 31_000, 0, 34_000, 0, 0, 0, 60_000, 0, 0,
        ];
        assert_eq!(found(&sizes), [(3, 4), (9, 11), (15, 15)]);
        let bursts = bursts(&timeline(&sizes));
        assert_eq!((bursts[0].start, bursts[0].end), (100_000, 200_000));
        assert_eq!((bursts[0].live_size, bursts[0].live_count), (65_000, 650));
        assert_eq!(period(&bursts), Some(300_000));
    }

    #[test]
    fn a_steady_stream_and_small_things_are_none() {
        assert_eq!(found(&[9_000_000, 30_000, 29_000, 31_000, 30_500, 28_000]), []);
        assert_eq!(found(&[9_000_000, 0, 0, 4000, 0, 0, 0, 4000, 0, 0]), []);
        assert_eq!(found(&[9_000_000]), []);
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn two_bursts_or_a_limp_have_no_pace() {
        let sizes = |gaps: &[usize]| {
            let mut sizes = vec![0; 2];
            for &gap in gaps {
                sizes.extend(vec![0; gap]);
                sizes.push(50_000);
            }
            sizes.extend([0; 4]);
            sizes
        };
        let pace = |gaps: &[usize]| period(&bursts(&timeline(&sizes(gaps))));
        assert_eq!(pace(&[3, 5]), None);
        assert_eq!(pace(&[3, 5, 5, 5]), Some(300_000));
        assert_eq!(pace(&[3, 3, 9, 4]), None);
    }

    /// The rules once more, each as it is said, without regard to time.
    fn slow(sizes: &[u64]) -> Vec<(usize, usize)> {
        let later = || sizes.iter().skip(1).copied();
        // So many samples have less: those that come to a quarter.
        let usual = later().find(|&size| {
            let below = later().filter(|&other| other < size).count();
            let equal = later().filter(|&other| other == size).count();
            (below..below + equal).contains(&(later().count() / 4))
        });
        let share = later().sum::<u64>() * LEAST_SHARE / 100;
        let least = [usual.unwrap_or(0) * TIMES_USUAL, share, LEAST_SIZE];
        let is_loud = |at: usize| at > 0 && least.iter().all(|&least| sizes[at] >= least);
        // Two loud samples are of one burst if never more than one quiet sample lies between them.
        let loud: Vec<usize> = (0..sizes.len()).filter(|&at| is_loud(at)).collect();
        let starts = |at: usize| is_loud(at) && !(1..=1 + QUIET).any(|back| at > back && is_loud(at - back));
        let ends =
            |at: usize| is_loud(at) && !(1..=1 + QUIET).any(|on| at + on < sizes.len() && is_loud(at + on));
        let firsts = loud.iter().copied().filter(|&at| starts(at));
        let lasts = loud.iter().copied().filter(|&at| ends(at));
        let all: Vec<(usize, usize)> = firsts.zip(lasts).collect();
        let size = |&(from, to): &(usize, usize)| sizes[from..=to].iter().sum::<u64>();
        let middle = |of: u64| {
            let below = all.iter().filter(|burst| size(burst) < of).count();
            let upto = all.iter().filter(|burst| size(burst) <= of).count();
            (below..upto).contains(&(all.len() / 2))
        };
        let middle = all.iter().map(size).find(|&of| middle(of)).unwrap_or(0);
        let kept = all
            .iter()
            .copied()
            .filter(|burst| size(burst) * LEAST_PART >= middle);
        let kept: Vec<_> = kept.collect();
        let busy: usize = kept.iter().map(|(from, to)| to - from + 1).sum();
        if busy * 3 > later().count() * 2 {
            Vec::new()
        } else {
            kept
        }
    }

    #[test]
    fn random_timelines_agree_with_a_slow_twin() {
        let mut met = 0;
        for seed in 0..300 {
            let mut dice = Dice::new(seed);
            let count = dice.roll(40);
            let loudness = 1 + dice.roll(9);
            let sizes: Vec<u64> = (0..count)
                .map(|_| match dice.roll(loudness) {
                    0 => dice.roll(60_000),
                    1 => dice.roll(9000),
                    _ => dice.roll(300),
                })
                .collect();
            let fast = found(&sizes);
            met += fast.len();
            assert_eq!(fast, slow(&sizes), "seed {seed}: {sizes:?}");
        }
        assert!(met > 100, "{met} bursts alone");
    }

    #[test]
    fn what_stays_is_told_by_class() {
        let mut text = "root:synthetic/0 #1 -shortcut:w-> list:object/8 #3\n".to_owned();
        for (at, id) in [(0, 101), (1, 103), (2, 201), (3, 203), (4, 205), (5, 301)] {
            let _ = writeln!(text, "list -e{at}-> leak{at}=Leak:object/5000 #{id}");
        }
        let _ = writeln!(text, "list -x-> other:object/8 #105");
        let bytes = Fixture::new(&text)
            .member(
                "samples",
                "[0,3, 50000,99, 100000,110, 150000,110, 200000,110, 250000,210, 300000,210, 350000,210, 400000,302, 450000,302,500000,302]",
            )
            .bytes();
        let snapshot = Snapshot::from_bytes(&bytes, Path::new("t"), &Task::new()).unwrap();
        let timeline = ask(&FindTimeline, &snapshot);
        let bursts = ask(&FindBursts { timeline }, &snapshot);
        let named = |left: &Left<ClassIx>| {
            let name = &snapshot.classes().class(left.of).name;
            format!("{name} {:?} {}", left.counts, left.size)
        };
        let classes: Vec<_> = bursts.classes.iter().map(named).collect();
        assert_eq!(classes, ["Leak [2, 3, 1] 30000", "other [1, 0, 0] 8"]);
        assert_eq!(bursts.period, Some(150_000));
        assert!(bursts.functions.is_empty());
    }
}
