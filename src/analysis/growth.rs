//! What grows from snapshot to snapshot, found by places: no ids are needed, so the snapshots may be of several processes.
//!
//! A place is a *growing holder* if it was there in every snapshot and what it holds became more at every step. Of growing
//! things inside each other only the topmost is told, unless one inside has a cause of its own: its holders are as many as
//! before, and hold ever more. What does not count as growth: what comes and goes by turns (a bounded cache), what was filled
//! once, what slows down (a warm-up), and what the engine makes for itself (code, hidden classes, tables of strings).

use super::path_tree::Family;
use super::path_tree::labels::{MAP_KEY, MAP_VALUE, PROPERTY_NAME, is_slot};
use super::path_tree::merged::{MergedIx, MergedTrees, Numbers};
use super::series::{Sequences, Verdict};
use crate::base::bits::BitSet;
use crate::base::index::Ix as _;
use crate::base::task::{Cancelled, Task};

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
/// Places are the same, whatever the first steps to them, if so many steps before them are.
const SUFFIXES: [usize; 6] = [8, 6, 5, 4, 3, 2];

/// A place that holds ever more.
#[derive(Clone, Debug)]
pub struct GrowingHolder {
    /// The place; several, where the first steps to it differ from snapshot to snapshot.
    pub places: Vec<MergedIx>,
    /// What became more under it; empty if its objects themselves became larger.
    pub entries: Vec<MergedIx>,
    /// How many entries there are in each snapshot, of the class of which most were added; of objects that became larger
    /// themselves how many entries they have room for, or how many objects there are.
    pub counts: Vec<u64>,
    /// Which of them are counted: the class of which most were added.
    pub counted: Vec<MergedIx>,
    /// Do the holder's own bytes belong to what grows: is it a list, a map, a table?
    pub is_collection: bool,
}

impl GrowingHolder {
    /// With nothing in it so far.
    fn of(places: &[MergedIx]) -> Self {
        Self {
            places: places.to_vec(),
            entries: Vec::new(),
            counted: Vec::new(),
            counts: Vec::new(),
            is_collection: false,
        }
    }
}

/// The growing holders, in the order of the places.
pub fn find(
    trees: &MergedTrees<'_>,
    sequences: &Sequences,
    task: &Task,
) -> Result<Vec<GrowingHolder>, Cancelled> {
    let count = trees.all().len();
    let mut search = Search {
        trees,
        sequences,
        excluded: BitSet::new(count),
        engine: BitSet::new(count),
        growing: BitSet::new(count),
        told: BitSet::new(count),
        found: Vec::new(),
    };
    for (at, place) in trees.all().enumerate() {
        task.check_at(at)?;
        search.inherit(place);
        search.look_at(&[place]);
    }
    for steps in SUFFIXES {
        for places in search.alike(steps, task)? {
            search.look_at(&places);
        }
        for (at, place) in trees.all().enumerate() {
            task.check_at(at)?;
            search.inherit(place);
        }
    }
    Ok(search.topmost())
}

struct Search<'a> {
    trees: &'a MergedTrees<'a>,
    sequences: &'a Sequences,
    /// Places under roots that only list what is alive elsewhere.
    excluded: BitSet<MergedIx>,
    /// Places beyond code and hidden classes: what is met there first is there by chance.
    engine: BitSet<MergedIx>,
    /// Entries that became more, and all beyond them.
    growing: BitSet<MergedIx>,
    /// Places of holders that were found.
    told: BitSet<MergedIx>,
    found: Vec<GrowingHolder>,
}

/// Children of a place that are counted together.
struct Group {
    part: u32,
    members: Vec<MergedIx>,
    counts: Vec<u64>,
    sizes: Vec<u64>,
}

impl Search<'_> {
    /// What lies beyond something excluded, growing or the engine's is so too.
    fn inherit(&mut self, at: MergedIx) {
        let place = self.trees.place(at);
        if at != place.parent {
            for set in [&mut self.excluded, &mut self.engine, &mut self.growing] {
                if set.contains(place.parent) {
                    set.insert(at);
                }
            }
        }
        let class = self.trees.text(place.class).as_str();
        let edge = self.trees.text(place.edge).as_str();
        if place.family == Family::Root && lists_only(class) || is_of_loading(edge, class) {
            self.excluded.insert(at);
        }
        if place.family == Family::Engine && is_of_code(class) {
            self.engine.insert(at);
        }
    }

    /// Groups of places to which the same last `steps` steps lead, and not the same ones before.
    fn alike(&self, steps: usize, task: &Task) -> Result<Vec<Vec<MergedIx>>, Cancelled> {
        let mut keyed: Vec<(u64, MergedIx)> = Vec::new();
        for (nth, place) in self.trees.all().enumerate() {
            task.check_at(nth)?;
            let is_told = self.told.contains(place) || self.excluded.contains(place);
            if self.trees.place(place).family != Family::Root && !is_told {
                keyed.push((self.suffix(place, steps), place));
            }
        }
        keyed.sort_unstable();
        let groups = keyed.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1);
        let mut groups: Vec<Vec<MergedIx>> = groups
            .map(|group| group.iter().map(|&(_, place)| place).collect())
            .collect();
        groups.sort_unstable();
        Ok(groups)
    }

    /// A hash of the last `steps` steps to a place.
    fn suffix(&self, mut at: MergedIx, steps: usize) -> u64 {
        use std::hash::{Hash as _, Hasher as _};
        let mut hasher = rustc_hash::FxHasher::default();
        for _ in 0..steps {
            let place = self.trees.place(at);
            (place.edge, place.class).hash(&mut hasher);
            at = place.parent;
        }
        hasher.finish()
    }

    /// Sees whether the places, which are one, hold ever more.
    fn look_at(&mut self, at: &[MergedIx]) {
        let any = |set: &BitSet<MergedIx>| at.iter().any(|&place| set.contains(place));
        if any(&self.excluded) || at.len() > 1 && any(&self.told) {
            return;
        }
        let counts = self.sum(at, |numbers| numbers.count);
        let has_own_cause = self.is_constant(&counts);
        let is_inside = at.iter().any(|&place| self.is_inside(place));
        let mut holders: Vec<(i64, GrowingHolder)> = Vec::new();
        // A single object holds what it holds for one reason; of several each may be another list.
        let is_single = counts.iter().all(|&count| count <= 1);
        for group in self.groups(at, Family::Program) {
            if !self.existed(&counts) || !self.grows(at, &group) {
                continue;
            }
            for &member in &group.members {
                self.growing.insert(member);
            }
            // Values say more than keys, and anything more than the names of properties.
            let says = i64::from(group.part != MAP_KEY) + i64::from(!self.is_names(&group));
            let weight = self
                .sequences
                .growth(&group.counts)
                .saturating_mul(4)
                .saturating_add(says);
            let is_known = |(_, known): &(i64, GrowingHolder)| is_single || known.counts == group.counts;
            if !holders.iter().any(is_known) {
                let counts = group.counts.clone();
                holders.push((
                    0,
                    GrowingHolder {
                        counts,
                        ..GrowingHolder::of(at)
                    },
                ));
            }
            let known = holders
                .iter_mut()
                .find(|(_, known)| is_single || known.counts == group.counts);
            let Some((most, holder)) = known else { continue };
            holder.entries.extend(&group.members);
            if weight > *most {
                *most = weight;
                holder.is_collection = self.is_collection(at, &group);
                holder.counts = group.counts;
                holder.counted = group.members;
            }
        }
        // The bytes of the holders themselves are counted once.
        let heaviest = holders.iter().map(|&(weight, _)| weight).max();
        let mut is_counted = false;
        for (weight, holder) in &mut holders {
            holder.is_collection &= Some(*weight) == heaviest && !is_counted;
            is_counted |= holder.is_collection;
        }
        let found: Vec<GrowingHolder> = if holders.is_empty() && has_own_cause && !is_inside {
            self.larger(at).into_iter().collect()
        } else if !is_inside || has_own_cause {
            holders.into_iter().map(|(_, holder)| holder).collect()
        } else {
            Vec::new()
        };
        for holder in &found {
            for &place in at {
                self.told.insert(place);
                if holder.entries.is_empty() {
                    self.growing.insert(place);
                }
            }
        }
        self.found.extend(found);
    }

    /// The holders that were found, but those inside what was found to grow only later, by a shorter way to it.
    fn topmost(mut self) -> Vec<GrowingHolder> {
        let found = std::mem::take(&mut self.found);
        let is_topmost = |holder: &GrowingHolder| {
            holder.entries.is_empty()
                || !holder.places.iter().any(|&place| self.is_inside(place))
                || self.is_constant(&self.sum(&holder.places, |numbers| numbers.count))
        };
        found.into_iter().filter(is_topmost).collect()
    }

    /// Does the place lie in or beyond entries that became more?
    fn is_inside(&self, mut at: MergedIx) -> bool {
        loop {
            if self.growing.contains(at) {
                return true;
            }
            let above = self.trees.place(at).parent;
            if above == at {
                return false;
            }
            at = above;
        }
    }

    /// For each heap the sum over places.
    fn sum(&self, places: &[MergedIx], of: impl Fn(&Numbers) -> u64) -> Vec<u64> {
        let mut sums = vec![0; self.trees.heaps()];
        for &place in places {
            for (sum, numbers) in sums.iter_mut().zip(self.trees.numbers(place)) {
                *sum += of(numbers);
            }
        }
        sums
    }

    fn is_names(&self, group: &Group) -> bool {
        group
            .members
            .iter()
            .all(|&member| self.trees.place(member).edge == PROPERTY_NAME)
    }

    /// The children of the places, as far as they are of that family, whose objects count together: those of one class, keys and
    /// values of maps apart.
    fn groups(&self, at: &[MergedIx], family: Family) -> Vec<Group> {
        let mut children: Vec<(u32, u32, MergedIx)> = Vec::new();
        for &holder in at {
            let class_of_holder = self.trees.place(holder).class;
            for child in self.trees.children(holder) {
                let place = self.trees.place(child);
                let continues = place.is_chain && place.class == class_of_holder;
                if place.family == family && !continues {
                    let is_part = place.edge == MAP_KEY || place.edge == MAP_VALUE;
                    children.push((place.class, if is_part { place.edge } else { 0 }, child));
                }
            }
        }
        children.sort_unstable();
        let groups = children.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).map(|group| {
            let members: Vec<MergedIx> = group.iter().map(|&(.., child)| child).collect();
            Group {
                part: group[0].1,
                counts: self.sum(&members, |numbers| numbers.chained),
                sizes: self.sum(&members, |numbers| numbers.size_beyond),
                members,
            }
        });
        groups.collect()
    }

    /// Did a place exist whenever there was something to see: in every snapshot, or (of more than two) in all but the first?
    fn existed(&self, counts: &[u64]) -> bool {
        self.sequences
            .all()
            .iter()
            .filter(|sequence| sequence.len() > 1)
            .all(|sequence| {
                let skipped = usize::from(sequence.len() > 2);
                sequence.iter().skip(skipped).all(|&at| counts[at] > 0)
            })
    }

    fn grows(&self, holder: &[MergedIx], group: &Group) -> bool {
        let sequences = self.sequences;
        if sequences.judge(&group.counts, 1) != Verdict::GrewAtEveryStep {
            return false;
        }
        // Of a single step, that something came where nothing was is no growth.
        if sequences.steps() == 1 && group.counts.contains(&0) {
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
    fn is_even(&self, counts: &[u64]) -> bool {
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
    fn is_constant(&self, counts: &[u64]) -> bool {
        self.sequences
            .all()
            .iter()
            .filter(|sequence| sequence.len() > 1)
            .all(|sequence| {
                let first = counts[sequence[0]];
                first > 0 && sequence.iter().all(|&at| counts[at] == first)
            })
    }

    fn is_collection(&self, holder: &[MergedIx], group: &Group) -> bool {
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
    fn depth(&self, at: MergedIx) -> usize {
        let above = self.trees.place(at).parent;
        match (at.at(), above.at()) {
            (0, _) => 0,
            (_, 0) => 1,
            _ => 2,
        }
    }

    /// The places as a holder whose objects, as many as ever, became larger themselves.
    fn larger(&self, at: &[MergedIx]) -> Option<GrowingHolder> {
        let is_own = |place: &MergedIx| {
            self.trees.place(*place).family == Family::Program && !self.engine.contains(*place)
        };
        if !at.iter().all(is_own) {
            return None;
        }
        let sizes = self.sum(at, |numbers| numbers.size);
        let capacities = self.sum(at, |numbers| numbers.capacity);
        let sequences = self.sequences;
        let is_trend = sequences.steps() > 1;
        let least = if is_trend {
            GROWN_BYTES
        } else {
            GROWN_BYTES_AT_ONCE
        };
        // Once is no trend: it has to be a good part of what there was.
        let is_much = is_trend || sequences.growth(&sizes).unsigned_abs() * 4 > sizes[0];
        if !is_much || !sequences.climbs(&sizes, least) {
            return None;
        }
        let has_entries = sequences.growth(&capacities) > 0;
        Some(GrowingHolder {
            places: at.to_vec(),
            entries: Vec::new(),
            counted: Vec::new(),
            counts: if has_entries {
                capacities
            } else {
                self.sum(at, |numbers| numbers.count)
            },
            is_collection: true,
        })
    }
}

/// Roots under which the engine lists what is alive elsewhere, or keeps what it may throw away.
pub(super) fn lists_only(root: Option<&str>) -> bool {
    matches!(
        root,
        Some(
            "(Internalized strings)"
                | "(External strings)"
                | "(Compilation cache)"
                | "(Code flusher)"
                | "(Startup object cache)"
                | "(Read-only object cache)"
                | "(Shareable object cache)"
                | "(Read-only roots)"
                | "(Weak collections)"
                | "(Retain maps)"
        )
    )
}

/// Is the class one of code or of hidden classes?
fn is_of_code(class: Option<&str>) -> bool {
    class.is_some_and(|class| {
        matches!(class, "(object shape)" | "(compiled code)" | "system / Map")
            || class.starts_with("system / Feedback")
            || class.starts_with("system / Shared")
    })
}

/// What a runtime keeps of the modules it has loaded: more come as parts of a program are used for the first time.
pub(super) fn is_of_loading(edge: Option<&str>, class: Option<&str>) -> bool {
    matches!(class, Some("BuiltinModule" | "NativeModule")) || edge == Some("moduleLoadList")
}

#[cfg(test)]
mod tests;
