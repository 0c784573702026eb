//! What grows from snapshot to snapshot, found by places: no ids are needed, so the snapshots may be of several processes.
//!
//! A place is a *growing holder* if it was there in every snapshot and what it holds became more at every step. Of growing
//! things inside each other only the topmost is told, unless one inside has a cause of its own: its holders are as many as
//! before, and hold ever more. What does not count as growth: what comes and goes by turns (a bounded cache), what was filled
//! once, what slows down (a warm-up), and what the engine makes for itself (code, hidden classes, tables of strings).

mod rules;

use super::path_tree::labels::{MAP_KEY, MAP_VALUE, PROPERTY_NAME, is_system};
use super::path_tree::merged::{MergedIx, MergedTrees, Numbers};
use super::path_tree::{Family, PathTree, PlaceIx};
use super::series::Sequences;
use crate::base::bits::BitSet;
use crate::base::index::Ix as _;
use crate::base::task::{Cancelled, Task};

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
    /// Is it a list of links that hangs by a single slot, which has a cause of its own wherever that is?
    is_single_list: bool,
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
            is_single_list: false,
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
        let mut lists: Vec<GrowingHolder> = Vec::new();
        // A single object holds what it holds for one reason; of several each may be another list.
        let is_single = counts.iter().all(|&count| count <= 1);
        for group in self.groups(at, Family::Program) {
            if !self.existed(&counts) || !self.grows(at, &group) {
                continue;
            }
            for &member in &group.members {
                self.growing.insert(member);
            }
            if self.is_single_list(&group) {
                lists.push(GrowingHolder {
                    // What the engine links is a part of the object that it does so for.
                    is_collection: self.is_system(&group),
                    entries: group.members.clone(),
                    counted: group.members,
                    counts: group.counts,
                    is_single_list: true,
                    ..GrowingHolder::of(at)
                });
                continue;
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
        let mut found: Vec<GrowingHolder> =
            if holders.is_empty() && lists.is_empty() && has_own_cause && (is_single || !is_inside) {
                self.larger(at).into_iter().collect()
            } else if !is_inside || has_own_cause {
                holders.into_iter().map(|(_, holder)| holder).collect()
            } else {
                Vec::new()
            };
        found.append(&mut lists);
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
                || holder.is_single_list
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

    /// Are they things of the engine's, by their class?
    fn is_system(&self, group: &Group) -> bool {
        let class = |&member: &MergedIx| self.trees.text(self.trees.place(member).class);
        group.members.iter().map(class).all(is_system)
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

/// The places of one heap in which no growth is looked for: under roots that only list what is alive elsewhere, and what a
/// runtime keeps of the modules it has loaded.
pub fn left_out(tree: &PathTree) -> BitSet<PlaceIx> {
    let mut left_out = BitSet::new(tree.len());
    for (at, place) in tree.places().iter().enumerate() {
        let (edge, class) = (tree.text(place.edge).as_str(), tree.text(place.class).as_str());
        let is_list = place.family == Family::Root && lists_only(class);
        if is_list || is_of_loading(edge, class) || left_out.contains(place.parent) {
            left_out.insert(PlaceIx::new(at));
        }
    }
    left_out
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
