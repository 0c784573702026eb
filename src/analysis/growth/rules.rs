//! What it takes for a place to be called growing.

use super::{Group, GrowingHolder, Search};
use crate::analysis::path_tree::Family;
use crate::analysis::path_tree::labels::is_slot;
use crate::analysis::path_tree::merged::MergedIx;
use crate::analysis::series::Verdict;
use crate::base::index::Ix as _;

/// So many more objects at every step are growth in any case.
const MANY: u64 = 20;
/// So many more bytes at every step are, if there are more objects at all.
const HEAVY: u64 = 64 << 10;
/// Fewer may be chance, unless each of at least two steps adds nearly the same; so many a step, and so many altogether.
const FEW: u64 = 4;
const FEW_ALTOGETHER: u64 = 12;
/// So many bytes more make an object that grows itself.
const GROWN_BYTES: u64 = 8 << 10;
/// With two snapshots alone there is no trend to be seen: more is asked of a single step.
const GROWN_BYTES_AT_ONCE: u64 = 12 << 10;
/// Tables of integers that are swapped have no more room than this times that of the first table that was full…
const SWAPPED_ROOM: u64 = 4;
/// … and those that are larger by so many bytes are no small caches.
const SWAPPED_BYTES: u64 = 32 << 10;

impl Search<'_> {
    /// Did a place exist whenever there was something to see: in every snapshot, or (of more than two) in all but the first?
    pub(super) fn existed(&self, counts: &[u64]) -> bool {
        self.sequences
            .all()
            .iter()
            .filter(|sequence| sequence.len() > 1)
            .all(|sequence| {
                let skipped = usize::from(sequence.len() > 2);
                sequence.iter().skip(skipped).all(|&at| counts[at] > 0)
            })
    }

    pub(super) fn grows(&self, holder: &[MergedIx], group: &Group) -> bool {
        let sequences = self.sequences;
        if sequences.judge(&group.counts, 1) != Verdict::GrewAtEveryStep {
            return false;
        }
        // Of a single step, that something came where nothing was is no growth.
        if sequences.steps() == 1 && group.counts.contains(&0) {
            return false;
        }
        // Texts that nothing but a root holds are names that the engine keeps.
        let is_root = |&place: &MergedIx| self.trees.place(place).family == Family::Root;
        if holder.iter().all(is_root) && group.members.iter().all(|&member| self.is_string(member)) {
            return false;
        }
        let growth = sequences.growth(&group.counts);
        let is_beyond_code = holder.iter().any(|&place| self.engine.contains(place));
        if sequences.rises(&group.counts, MANY) && !(is_beyond_code && sequences.steps() == 1) {
            return true;
        }
        if is_beyond_code {
            return false;
        }
        if sequences.rises(&group.sizes, HEAVY) {
            return true;
        }
        let enough = i64::try_from(FEW_ALTOGETHER).is_ok_and(|enough| growth >= enough);
        enough && sequences.steps() > 1 && sequences.rises(&group.counts, FEW) && self.is_even(&group.counts)
    }

    /// Does each step add about as much as the others, and all together a good part of what there was?
    pub(super) fn is_even(&self, counts: &[u64]) -> bool {
        self.sequences
            .all()
            .iter()
            .filter(|sequence| sequence.len() > 1)
            .all(|sequence| {
                let rises = || {
                    sequence
                        .windows(2)
                        .map(|pair| counts[pair[1]].saturating_sub(counts[pair[0]]))
                };
                let (least, most) = (rises().min().unwrap_or(0), rises().max().unwrap_or(0));
                let growth = rises().sum::<u64>();
                least > 0 && most * 2 <= least * 3 && growth * 3 >= counts[sequence[0]]
            })
    }

    /// Are there as many in all snapshots of each sequence, and at least one?
    pub(super) fn is_constant(&self, counts: &[u64]) -> bool {
        self.sequences
            .all()
            .iter()
            .filter(|sequence| sequence.len() > 1)
            .all(|sequence| {
                let first = counts[sequence[0]];
                first > 0 && sequence.iter().all(|&at| counts[at] == first)
            })
    }

    pub(super) fn is_collection(&self, holder: &[MergedIx], group: &Group) -> bool {
        let is_own = holder
            .iter()
            .all(|&place| self.trees.place(place).family == Family::Program && self.depth(place) > 1);
        is_own
            && group
                .members
                .iter()
                .all(|&member| is_slot(self.trees.place(member).edge))
    }

    /// How many steps from the root, up to 2.
    pub(super) fn depth(&self, at: MergedIx) -> usize {
        let above = self.trees.place(at).parent;
        match (at.at(), above.at()) {
            (0, _) => 0,
            (_, 0) => 1,
            _ => 2,
        }
    }

    /// The places as a holder whose objects, as many as ever, became larger themselves.
    pub(super) fn larger(&self, at: &[MergedIx]) -> Option<GrowingHolder> {
        let is_own = |place: &MergedIx| {
            self.trees.place(*place).family == Family::Program
                && !self.engine.contains(*place)
                && !self.is_of_cpp(*place)
        };
        if !at.iter().all(is_own) {
            return None;
        }
        // A table whose entries leave edges tells by these how full it is: what is swapped leaves its room larger than ever.
        let own = self.sum(at, |numbers| numbers.size.saturating_sub(numbers.tables));
        let counts = if self.becomes_larger(&own) {
            let capacities = self.sum(at, |numbers| numbers.capacity);
            let has_entries = self.sequences.growth(&capacities) > 0;
            if has_entries {
                let is_table = !at.iter().all(|&place| self.is_string(place));
                if is_table && !self.outgrows_swapping(&capacities, &own) {
                    return None;
                }
                capacities
            } else {
                self.made_by_the_engine(at)
                    .unwrap_or_else(|| self.sum(at, |numbers| numbers.count))
            }
        } else {
            // What is in the tables may be met first elsewhere.
            let entries = self.sum(at, |numbers| numbers.entries);
            let is_filled = self.sequences.judge(&entries, 1) == Verdict::GrewAtEveryStep
                && self.sequences.rises(&entries, MANY)
                && self.becomes_larger(&self.sum(at, |numbers| numbers.tables));
            is_filled.then_some(entries)?
        };
        Some(GrowingHolder {
            counts,
            is_collection: true,
            ..GrowingHolder::of(at)
        })
    }

    /// How many of the engine's own things the objects lead to (cells, proxies), if they became many more: of the class of which
    /// most were added.
    fn made_by_the_engine(&self, at: &[MergedIx]) -> Option<Vec<u64>> {
        let groups = self.groups(at, Family::Engine).into_iter();
        let many = groups.filter(|group| {
            let is_code = group.members.iter().any(|&member| self.engine.contains(member));
            !is_code && self.sequences.rises(&group.counts, MANY)
        });
        let counts = many.map(|group| group.counts);
        counts.max_by_key(|counts| self.sequences.growth(counts))
    }

    /// Does the room in tables of integers grow by more than it may for a few that are swapped? A table is made larger for what
    /// was deleted from it: as many entries as once filled a table may later be in one of four times its room.
    fn outgrows_swapping(&self, capacities: &[u64], sizes: &[u64]) -> bool {
        let sequences = self.sequences;
        let mut series = sequences.all().iter().filter(|sequence| sequence.len() > 1);
        let is_much = sequences.growth(sizes).unsigned_abs() >= SWAPPED_BYTES;
        is_much
            || series.all(|sequence| {
                let (first, last) = (sequence[0], sequence[sequence.len() - 1]);
                capacities[last] > capacities[first].saturating_mul(SWAPPED_ROOM)
            })
    }

    /// Is it an object of the runtime's own C++ code, as a browser's tables are? No JavaScript name has two colons.
    fn is_of_cpp(&self, place: MergedIx) -> bool {
        let class = self.trees.text(self.trees.place(place).class);
        memchr::memmem::find(class.bytes(), b"::").is_some()
    }

    fn is_string(&self, place: MergedIx) -> bool {
        self.trees.text(self.trees.place(place).class) == "(string)"
    }

    /// Do the bytes of objects, as many as ever, climb?
    fn becomes_larger(&self, sizes: &[u64]) -> bool {
        let sequences = self.sequences;
        let is_trend = sequences.steps() > 1;
        let least = if is_trend {
            GROWN_BYTES
        } else {
            GROWN_BYTES_AT_ONCE
        };
        // Once is no trend: it has to be a good part of what there was.
        let is_much = is_trend || sequences.growth(sizes).unsigned_abs() * 4 > sizes[0];
        is_much && sequences.climbs(sizes, least)
    }

    /// Is the group one list that hangs by a single slot: as many first links as ever, and ever more links?
    pub(super) fn is_single_list(&self, group: &Group) -> bool {
        let firsts = self.sum(&group.members, |numbers| numbers.count);
        let is_named = |&member: &MergedIx| !is_slot(self.trees.place(member).edge);
        let is_single = self.is_constant(&firsts) && firsts.iter().all(|&count| count == 1);
        is_single && group.members.iter().all(is_named)
    }
}
