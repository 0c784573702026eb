//! Whether the ids of two snapshots mean the same objects.
//!
//! V8 numbers what it meets in the order in which it meets it, so that two runs of one program agree on most of what the engine
//! makes at its start: the share of ids that agree tells one process from two only roughly. What tells for sure is that within
//! one id space an id never comes to stand for a thing of another kind, a string for another text, or a function for another
//! name: there is no stretch of ids, however short, on which the two go different ways. Of two runs there always is one.

use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{HeapGraph, NodeKind, ObjectId};

use super::id_index::IdIndex;

/// What the objects that two snapshots have in common by id say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IdSpace {
    /// How many common ids were looked at.
    pub sampled: usize,
    /// How many of them have the same type and name in both snapshots.
    pub agreeing: usize,
    /// The share of them, 0 to 1; none if nothing was sampled.
    pub agreement: Option<f64>,
    /// The share, 0 to 1, on the stretch of ids where the fewest agree, of those that no program can make another thing of; none
    /// if there are too few of these.
    pub weakest: Option<f64>,
}

/// What follows for matching objects by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One id space: the same id is the same object.
    Comparable,
    /// Hard to say. Objects are not matched.
    Doubtful,
    /// Two id spaces: ids mean nothing to each other. (Two processes, or one whose ids were given out anew in between.)
    Separate,
}

/// How sure a [`Verdict`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// Many ids were looked at, and they leave no doubt.
    Sure,
    /// What was looked at leaves no doubt, but it is little.
    FewIds,
    /// The ids that were looked at do not decide it.
    Open,
}

impl Confidence {
    /// In words.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::FewIds => "likely, on few ids",
            Self::Open => "open",
        }
    }
}

/// Ids that are looked at, at most.
const SAMPLE: usize = 20_000;

/// The shares of agreeing ids that decide where nothing better does.
const COMPARABLE_FROM: f64 = 0.97;
const SEPARATE_UP_TO: f64 = 0.6;

/// The shares on the weakest stretch that decide. (Measured: 1 within an id space whatever happened between the snapshots, up to
/// 0.05 between two runs of one program.)
const STRETCH_HOLDS_FROM: f64 = 0.9;
const STRETCH_BREAKS_AT: f64 = 0.5;
/// With an unbroken stretch so many may have changed their names.
const HOLDING_FROM: f64 = 0.8;

/// Ids of a stretch, and the fewest that make one.
const STRETCH: usize = 256;
const LEAST_STRETCH: usize = 32;

/// From so many ids on there is nothing to add.
const MANY: usize = 1_000;

/// Strings with fewer UTF-16 units are alike too often by chance.
const TELLING_LENGTH: usize = 4;

/// What one common id says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    /// Of a thing that stays what it is: whether it did.
    Surely(bool),
    /// Of a thing that may change its name.
    Loosely(bool),
}

impl IdSpace {
    /// Samples the ids that `current` has in common with `base`, which `base_ids` indexes, evenly over their whole range.
    /// Only the engine's own objects are looked at (odd ids), and of them only those that tell something.
    pub fn measure(
        base: &HeapGraph,
        base_ids: &IdIndex,
        current: &HeapGraph,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut common: Vec<(ObjectId, NodeIx, NodeIx)> = Vec::new();
        // Ids count whose hash ends in so many zeros; one more as soon as the sample gets too large.
        let mut zeros = 0;
        for node in current.nodes() {
            task.check_at(node.at())?;
            let id = current.id(node);
            if id.0 & 1 == 0 || scattered(id).trailing_zeros() < zeros || !is_telling(current, node) {
                continue;
            }
            if let Some(in_base) = base_ids.find(id) {
                common.push((id, in_base, node));
            }
            if common.len() > SAMPLE {
                zeros += 1;
                common.retain(|&(id, ..)| scattered(id).trailing_zeros() >= zeros);
            }
        }
        common.sort_unstable_by_key(|&(id, ..)| id);
        let said: Vec<Said> = common
            .iter()
            .map(|&(_, in_base, node)| Said::of((base, in_base), (current, node)))
            .collect();
        let sure: Vec<bool> = said.iter().filter_map(|said| said.surely()).collect();
        let agreeing = said.iter().filter(|said| said.agrees()).count();
        Ok(Self {
            sampled: said.len(),
            agreeing,
            agreement: (!said.is_empty()).then(|| share(agreeing, said.len())),
            weakest: weakest(&sure),
        })
    }

    /// What follows for matching objects by id.
    pub fn verdict(self) -> Verdict {
        let Some(agreement) = self.agreement else {
            return Verdict::Doubtful;
        };
        match self.weakest {
            Some(weakest) if weakest <= STRETCH_BREAKS_AT => Verdict::Separate,
            Some(weakest) if weakest >= STRETCH_HOLDS_FROM && agreement >= HOLDING_FROM => {
                Verdict::Comparable
            }
            None if agreement >= COMPARABLE_FROM => Verdict::Comparable,
            _ if agreement <= SEPARATE_UP_TO => Verdict::Separate,
            _ => Verdict::Doubtful,
        }
    }

    /// How sure that is.
    pub fn confidence(self) -> Confidence {
        match (self.verdict(), self.weakest) {
            (Verdict::Doubtful, _) => Confidence::Open,
            (_, Some(_)) if self.sampled >= MANY => Confidence::Sure,
            _ => Confidence::FewIds,
        }
    }
}

impl Said {
    fn of((base, before): (&HeapGraph, NodeIx), (current, now): (&HeapGraph, NodeIx)) -> Self {
        let (kind_before, kind_now) = (base.kind(before), current.kind(now));
        let is_alike = kind_before == kind_now && base.raw_name(before) == current.raw_name(now);
        let is_built = |kind| matches!(kind, NodeKind::ConcatenatedString | NodeKind::SlicedString);
        // Joined strings become plain ones, objects get another constructor, arrays another use.
        let stays = !is_built(kind_before)
            && !is_built(kind_now)
            && (kind_before != kind_now || matches!(kind_now, NodeKind::String | NodeKind::Closure));
        if stays {
            Self::Surely(is_alike)
        } else {
            Self::Loosely(is_alike)
        }
    }

    const fn surely(self) -> Option<bool> {
        match self {
            Self::Surely(agrees) => Some(agrees),
            Self::Loosely(_) => None,
        }
    }

    const fn agrees(self) -> bool {
        match self {
            Self::Surely(agrees) | Self::Loosely(agrees) => agrees,
        }
    }
}

/// The share that agrees on the stretch where the fewest do.
fn weakest(sure: &[bool]) -> Option<f64> {
    let length = sure.len().min(STRETCH);
    if length < LEAST_STRETCH {
        return None;
    }
    let mut agreeing = sure[..length].iter().filter(|&&agrees| agrees).count();
    let mut fewest = agreeing;
    for at in length..sure.len() {
        agreeing = agreeing + usize::from(sure[at]) - usize::from(sure[at - length]);
        fewest = fewest.min(agreeing);
    }
    Some(share(fewest, length))
}

#[expect(clippy::cast_precision_loss, reason = "a share of some thousand")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// A hash of `id` all of whose bits are as good as random.
fn scattered(id: ObjectId) -> u64 {
    let mixed = (id.0 ^ id.0 >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ mixed >> 32
}

fn is_telling(graph: &HeapGraph, node: NodeIx) -> bool {
    match graph.kind(node) {
        NodeKind::Synthetic | NodeKind::Code | NodeKind::Hidden => false,
        NodeKind::String | NodeKind::ConcatenatedString | NodeKind::SlicedString => {
            graph.raw_name(node).utf16_len() >= TELLING_LENGTH
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::analysis::testing::Heap;

    fn measure(base: &str, current: &str) -> (IdSpace, Verdict) {
        let task = &Task::new();
        let (base, current) = (Heap::of(base), Heap::of(current));
        let ids = IdIndex::build(&base.graph, task).unwrap();
        let space = IdSpace::measure(&base.graph, &ids, &current.graph, task).unwrap();
        (space, space.verdict())
    }

    /// Objects with odd ids from 1, of which every `other`th has another name.
    fn objects(count: usize, other: usize) -> String {
        let mut text = String::new();
        for at in 0..count {
            let name = if at % other == other - 1 { "other" } else { "same" };
            writeln!(text, "n{at}={name}:object #{}", at * 2 + 1).unwrap();
        }
        text
    }

    #[test]
    fn agreement_decides() {
        let base = objects(1000, 10_000);
        for (other, agreement, verdict) in [
            (1000, 0.999, Verdict::Comparable),
            (34, 0.971, Verdict::Comparable),
            (25, 0.96, Verdict::Doubtful),
            (3, 0.667, Verdict::Doubtful),
            (2, 0.5, Verdict::Separate),
        ] {
            let (space, found) = measure(&base, &objects(1000, other));
            assert_eq!((space.sampled, found), (1000, verdict));
            assert!((space.agreement.unwrap() - agreement).abs() < 1e-9);
        }
    }

    /// Strings with odd ids from 1; those from `from` to `to` have texts of their own.
    fn strings(count: usize, own: std::ops::Range<usize>, run: &str) -> String {
        let mut text = String::new();
        for at in 0..count {
            let whose = if own.contains(&at) { run } else { "engine" };
            writeln!(text, "n{at}=\"{whose} text {at}\":string #{}", at * 2 + 1).unwrap();
        }
        text
    }

    #[test]
    fn one_short_stretch_that_goes_another_way_tells_two_runs() {
        let (a, b) = (strings(5000, 3000..3300, "a"), strings(5000, 3000..3300, "b"));
        let (space, verdict) = measure(&a, &b);
        assert!(space.agreement.unwrap() > 0.9, "{space:?}");
        assert_eq!((space.weakest, verdict), (Some(0.0), Verdict::Separate));
        let (space, verdict) = measure(&a, &strings(5000, 3000..3010, "b"));
        assert_eq!(verdict, Verdict::Separate, "{space:?}");
        let (space, verdict) = measure(&a, &a);
        assert_eq!((space.weakest, verdict), (Some(1.0), Verdict::Comparable));
        assert_eq!(space.confidence(), Confidence::Sure);
    }

    #[test]
    fn what_changes_its_name_is_no_other_thing() {
        let heap = |name: &str, kind: &str| {
            let mut text = strings(600, 0..0, "");
            for at in 600..700 {
                writeln!(text, "n{at}={name}:{kind} #{}", at * 2 + 1).unwrap();
            }
            text
        };
        let (space, verdict) = measure(&heap("Before", "object"), &heap("After", "object"));
        assert!(space.agreement.unwrap() < 0.9, "{space:?}");
        assert_eq!((space.weakest, verdict), (Some(1.0), Verdict::Comparable));
        let (_, verdict) = measure(
            &heap("\"(concatenated string)\"", "concatenated_string"),
            &heap("flat", "string"),
        );
        assert_eq!(verdict, Verdict::Comparable);
        let (_, verdict) = measure(&heap("Before", "object"), &heap("Before", "closure"));
        assert_eq!(verdict, Verdict::Doubtful);
    }

    #[test]
    fn only_what_tells_is_looked_at() {
        let base = "a:synthetic #1\nb:code #3\nc:hidden #5\nabc:string #7\nd:object #8\nabcd:string #9\ne:object #11";
        let (space, verdict) = measure(base, base);
        assert_eq!((space.sampled, verdict), (2, Verdict::Comparable));
        let (space, verdict) = measure(base, "x:object #13");
        assert_eq!(
            (space.sampled, space.agreement, verdict),
            (0, None, Verdict::Doubtful)
        );
    }

    #[test]
    fn large_heaps_are_sampled_over_their_whole_range() {
        let (space, verdict) = measure(&objects(70_000, 100_000), &objects(70_000, 2));
        assert!((SAMPLE / 4..=SAMPLE).contains(&space.sampled), "{space:?}");
        assert_eq!(verdict, Verdict::Separate);
        assert!((space.agreement.unwrap() - 0.5).abs() < 0.02, "{space:?}");
    }
}
