//! Whether the ids of two snapshots mean the same objects.

use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{HeapGraph, NodeKind, ObjectId};

use super::id_index::IdIndex;

/// What the objects that two snapshots have in common by id say: of the same process most are the same thing in both, of two
/// processes an id stands now for this and now for that.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IdSpace {
    /// How many common ids were looked at.
    pub sampled: usize,
    /// The share of them, 0 to 1, with the same type and name in both snapshots; none if nothing was sampled.
    pub agreement: Option<f64>,
}

/// What follows for matching objects by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One process: the same id is the same object.
    Comparable,
    /// Hard to say: too few agree for one process, too many for two. Objects are not matched.
    Doubtful,
    /// Two processes: ids mean nothing to each other.
    Separate,
}

/// Ids that are looked at, at most.
const SAMPLE: usize = 20_000;

const COMPARABLE_FROM: f64 = 0.97;
const SEPARATE_UP_TO: f64 = 0.6;

/// Strings with fewer UTF-16 units are alike too often by chance.
const TELLING_LENGTH: usize = 4;

impl IdSpace {
    /// Samples the ids that `current` has in common with `base`, which `base_ids` indexes, evenly over their whole range.
    /// Only the engine's own objects are looked at (odd ids), and of them only those that tell something: what the engine
    /// makes at its start has the same ids and names in every process.
    #[expect(clippy::cast_precision_loss, reason = "a share of some thousand")]
    pub fn measure(
        base: &HeapGraph,
        base_ids: &IdIndex,
        current: &HeapGraph,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut common: Vec<(NodeIx, NodeIx)> = Vec::new();
        // Ids count whose hash ends in so many zeros; one more as soon as the sample gets too large.
        let mut zeros = 0;
        for node in current.nodes() {
            task.check_at(node.at())?;
            let id = current.id(node);
            if id.0 & 1 == 0 || scattered(id).trailing_zeros() < zeros || !is_telling(current, node) {
                continue;
            }
            if let Some(in_base) = base_ids.find(id) {
                common.push((in_base, node));
            }
            if common.len() > SAMPLE {
                zeros += 1;
                common.retain(|&(_, node)| scattered(current.id(node)).trailing_zeros() >= zeros);
            }
        }
        let agree = common.iter().filter(|&&(in_base, node)| {
            base.kind(in_base) == current.kind(node) && base.raw_name(in_base) == current.raw_name(node)
        });
        let agree = agree.count();
        Ok(Self {
            sampled: common.len(),
            agreement: (!common.is_empty()).then(|| agree as f64 / common.len() as f64),
        })
    }

    /// What follows for matching objects by id.
    pub fn verdict(self) -> Verdict {
        match self.agreement {
            Some(agreement) if agreement >= COMPARABLE_FROM => Verdict::Comparable,
            Some(agreement) if agreement <= SEPARATE_UP_TO => Verdict::Separate,
            _ => Verdict::Doubtful,
        }
    }
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
