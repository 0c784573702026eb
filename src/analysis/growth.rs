//! What grows from snapshot to snapshot, found by places: no ids are needed, so the snapshots may be of several processes.
//!
//! A place is a *growing holder* if it was there in every snapshot and what it holds became more at every step. Of growing
//! things inside each other only the topmost is told, unless one inside has a cause of its own: its holders are as many as
//! before, and hold ever more. What does not count as growth: what comes and goes by turns (a bounded cache), what was filled
//! once, what slows down (a warm-up), and what the engine makes for itself (code, hidden classes, tables of strings).

use super::path_tree::Family;
use super::path_tree::labels::{MAP_KEY, MAP_VALUE, is_slot};
use super::path_tree::merged::{MergedIx, MergedTrees, Numbers};
use super::series::{Sequences, Verdict};
use crate::base::bits::BitSet;
use crate::base::index::Ix as _;
use crate::base::task::{Cancelled, Task};

/// So many more objects at every step are growth in any case.
const MANY: u64 = 20;
/// So many more bytes at every step are, if there are more objects at all.
const HEAVY: u64 = 64 << 10;
/// Fewer may be chance, unless each of at least two steps adds nearly the same; so many altogether at least.
const FEW_ALTOGETHER: u64 = 6;
/// So many bytes more make an object that grows itself.
const GROWN_BYTES: u64 = 8 << 10;
/// With two snapshots alone there is no trend to be seen: more is asked of a single step.
const GROWN_BYTES_AT_ONCE: u64 = 64 << 10;

/// A place that holds ever more.
#[derive(Clone, Debug)]
pub struct GrowingHolder {
    /// The place.
    pub place: MergedIx,
    /// What became more under it; empty if its objects themselves became larger.
    pub entries: Vec<MergedIx>,
    /// How many entries there are in each snapshot, of the class of which most were added; of objects that became larger
    /// themselves how many entries they have room for, or how many objects there are.
    pub counts: Vec<u64>,
    /// Do the holder's own bytes belong to what grows: is it a list, a map, a table?
    pub is_collection: bool,
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
        found: Vec::new(),
    };
    for (at, place) in trees.all().enumerate() {
        task.check_at(at)?;
        search.look_at(place);
    }
    Ok(search.found)
}

struct Search<'a> {
    trees: &'a MergedTrees<'a>,
    sequences: &'a Sequences,
    /// Places under roots that only list what is alive elsewhere.
    excluded: BitSet<MergedIx>,
    /// Places beyond something of the engine's.
    engine: BitSet<MergedIx>,
    /// Entries that became more, and all beyond them.
    growing: BitSet<MergedIx>,
    found: Vec<GrowingHolder>,
}

/// Children of a place that are counted together.
struct Group {
    class: u32,
    part: u32,
    members: Vec<MergedIx>,
    counts: Vec<u64>,
    sizes: Vec<u64>,
}

impl Search<'_> {
    fn look_at(&mut self, at: MergedIx) {
        let place = *self.trees.place(at);
        if at != place.parent {
            for set in [&mut self.excluded, &mut self.engine, &mut self.growing] {
                if set.contains(place.parent) {
                    set.insert(at);
                }
            }
        }
        if place.family == Family::Root && lists_only(self.trees.text(place.class).as_str()) {
            self.excluded.insert(at);
        }
        if place.family == Family::Engine {
            self.engine.insert(at);
        }
        if self.excluded.contains(at) {
            return;
        }
        let counts: Vec<u64> = self
            .trees
            .numbers(at)
            .iter()
            .map(|numbers| numbers.count)
            .collect();
        let has_own_cause = self.is_constant(&counts);
        let mut holder: Option<GrowingHolder> = None;
        let mut most = 0;
        for group in self.groups(at) {
            if !self.existed(&counts) || !self.grows(at, &group) {
                continue;
            }
            let growth = self.sequences.growth(&group.counts);
            for &member in &group.members {
                self.growing.insert(member);
            }
            let holder = holder.get_or_insert_with(|| GrowingHolder {
                place: at,
                entries: Vec::new(),
                counts: Vec::new(),
                is_collection: false,
            });
            holder.entries.extend(&group.members);
            if growth > most {
                most = growth;
                holder.counts.clone_from(&group.counts);
                holder.is_collection = self.is_collection(at, &group);
            }
        }
        let is_inside = self.growing.contains(at);
        match holder {
            Some(holder) if !is_inside || has_own_cause => self.found.push(holder),
            Some(_) => {}
            None if has_own_cause && place.family == Family::Program => {
                self.found.extend(self.larger(at));
                if self.found.last().is_some_and(|last| last.place == at) {
                    self.growing.insert(at);
                }
            }
            None => {}
        }
    }

    /// The children of `at` whose objects count together: those of one class, keys and values of maps apart.
    fn groups(&self, at: MergedIx) -> Vec<Group> {
        let class_of_holder = self.trees.place(at).class;
        let mut groups: Vec<Group> = Vec::new();
        for child in self.trees.children(at) {
            let place = self.trees.place(child);
            let continues = place.is_chain && place.class == class_of_holder;
            if place.family != Family::Program || continues {
                continue;
            }
            let part = if place.edge == MAP_KEY || place.edge == MAP_VALUE {
                place.edge
            } else {
                0
            };
            let numbers = self.trees.numbers(child);
            let known = groups
                .iter_mut()
                .find(|group| (group.class, group.part) == (place.class, part));
            match known {
                Some(group) => {
                    group.members.push(child);
                    for (at, numbers) in numbers.iter().enumerate() {
                        group.counts[at] += numbers.chained;
                        group.sizes[at] += numbers.size_beyond;
                    }
                }
                None => groups.push(Group {
                    class: place.class,
                    part,
                    members: vec![child],
                    counts: numbers.iter().map(|numbers| numbers.chained).collect(),
                    sizes: numbers.iter().map(|numbers| numbers.size_beyond).collect(),
                }),
            }
        }
        groups
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

    fn grows(&self, holder: MergedIx, group: &Group) -> bool {
        let sequences = self.sequences;
        if sequences.judge(&group.counts, 1) != Verdict::GrewAtEveryStep {
            return false;
        }
        let growth = sequences.growth(&group.counts);
        if sequences.rises(&group.counts, MANY) {
            return true;
        }
        if self.engine.contains(holder) {
            return false;
        }
        if sequences.rises(&group.sizes, HEAVY) {
            return true;
        }
        let enough = i64::try_from(FEW_ALTOGETHER).is_ok_and(|enough| growth >= enough);
        enough && sequences.steps() > 1 && self.is_even(&group.counts)
    }

    /// Does each step add about as much as the others?
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
                least > 0 && most <= least * 2
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

    fn is_collection(&self, holder: MergedIx, group: &Group) -> bool {
        let is_own = self.trees.place(holder).family == Family::Program && self.depth(holder) > 1;
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

    /// `at` as a holder whose objects, as many as ever, became larger themselves.
    fn larger(&self, at: MergedIx) -> Option<GrowingHolder> {
        if self.growing.contains(at) {
            return None;
        }
        let numbers = self.trees.numbers(at);
        let of = |of: fn(&Numbers) -> u64| numbers.iter().map(of).collect::<Vec<u64>>();
        let (sizes, capacities) = (of(|numbers| numbers.size), of(|numbers| numbers.capacity));
        let sequences = self.sequences;
        let least = if sequences.steps() > 1 {
            GROWN_BYTES
        } else {
            GROWN_BYTES_AT_ONCE
        };
        if self.engine.contains(at) || !sequences.climbs(&sizes, least) {
            return None;
        }
        let is_table = sequences.growth(&capacities) > 0;
        Some(GrowingHolder {
            place: at,
            entries: Vec::new(),
            counts: if is_table {
                capacities
            } else {
                of(|numbers| numbers.count)
            },
            is_collection: true,
        })
    }
}

/// Roots under which the engine lists what is alive elsewhere, or keeps what it may throw away.
fn lists_only(root: Option<&str>) -> bool {
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
