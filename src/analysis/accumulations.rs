//! Places that hold many things, found in one heap: what may be a leak if it goes on, and what is large in any case.
//!
//! One snapshot cannot tell what grows. It can tell where things have piled up: under a holder with many entries of one
//! class, in a long list, or in a single object that has become large itself (a text, a buffer, a table of numbers). Of
//! holders inside each other's entries the one is told that has more entries for each holder; what only a few of the entries
//! lead to has a cause of its own.

use super::growth::{is_of_loading, lists_only};
use super::path_tree::Family;
use super::path_tree::labels::{MAP_KEY, MAP_VALUE, PROPERTY_NAME, is_slot};
use super::path_tree::merged::{MergedIx, MergedTrees, Numbers};
use crate::base::bits::BitSet;
use crate::base::index::Ix as _;
use crate::base::task::{Cancelled, Task};

/// Fewer entries of one class, for each holder, are no pile.
const MANY: u64 = 24;
/// An object of fewer bytes is not large.
const LARGE: u64 = 24 << 10;
/// Tables with room for fewer numbers are not told.
const MANY_NUMBERS: u64 = 512;

/// A place that holds many things, or objects that are large themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accumulation {
    /// The place of the holders.
    pub place: MergedIx,
    /// How many holders there are.
    pub holders: u64,
    /// Places of all that belongs to the pile; empty if the holders are large themselves.
    pub entries: Vec<MergedIx>,
    /// Those of the class that is counted.
    pub counted: Vec<MergedIx>,
    /// How many are counted; of numbers, which leave no trace, for how many there is room.
    pub count: u64,
    /// Bytes of the entries and all that is first reached through them, or of the holders themselves.
    pub size: u64,
    /// Does it hold its entries by number or key, and not by a name?
    pub is_collection: bool,
}

/// The piles of the first heap, in the order of the places.
pub fn find(trees: &MergedTrees<'_>, task: &Task) -> Result<Vec<Accumulation>, Cancelled> {
    let places = trees.all().len();
    let mut excluded = BitSet::new(places);
    // For each place the pile in whose entries it lies.
    let mut inside: Vec<Option<usize>> = vec![None; places];
    let mut piles: Vec<Pile> = Vec::new();
    for (nth, at) in trees.all().enumerate() {
        task.check_at(nth)?;
        let place = trees.place(at);
        let above = place.parent;
        let (edge, class) = (trees.text(place.edge).as_str(), trees.text(place.class).as_str());
        let is_listed = place.family == Family::Root && lists_only(class);
        if excluded.contains(above) || is_listed || is_of_loading(edge, class) {
            excluded.insert(at);
            continue;
        }
        inside[at.at()] = inside[at.at()].or(inside[above.at()]);
        if place.family == Family::Engine {
            continue;
        }
        let mut outer = inside[at.at()];
        while let Some(pile) = outer.filter(|&pile| !piles[pile].is_told) {
            outer = piles[pile].outer;
        }
        for found in at_place(trees, at) {
            if let Some(pile) = outer.filter(|&pile| !has_own_cause(&found, &piles[pile].told)) {
                if !says_more(&found, &piles[pile].told) {
                    continue;
                }
                piles[pile].is_told = false;
            }
            let entries = if found.entries.is_empty() {
                &[at][..]
            } else {
                &found.entries[..]
            };
            for entry in entries {
                inside[entry.at()] = Some(piles.len());
            }
            piles.push(Pile {
                told: found,
                outer,
                is_told: true,
            });
        }
    }
    let told = piles.into_iter().filter(|pile| pile.is_told);
    Ok(told.map(|pile| pile.told).collect())
}

/// An accumulation, as long as it is not known whether it is told.
struct Pile {
    told: Accumulation,
    /// The one in whose entries it lies.
    outer: Option<usize>,
    is_told: bool,
}

/// Is `inner`, which lies among the entries of `outer`, something that only one or a few of these lead to, and no part of each?
const fn has_own_cause(inner: &Accumulation, outer: &Accumulation) -> bool {
    inner.holders.saturating_mul(4) < outer.count
}

/// Does `inner`, which lies among the entries of `outer`, tell more of where things pile up: has it more of them in each of its
/// holders, and most of the bytes?
fn says_more(inner: &Accumulation, outer: &Accumulation) -> bool {
    let each = |pile: &Accumulation| pile.count / pile.holders.max(1);
    !inner.entries.is_empty() && each(inner) > each(outer) && inner.size.saturating_mul(2) > outer.size
}

/// The piles at a place: of several holders there each class of entries is a pile, as they are hardly the same holders'.
fn at_place(trees: &MergedTrees<'_>, at: MergedIx) -> Vec<Accumulation> {
    let Some(numbers) = trees.numbers(at).first() else {
        return Vec::new();
    };
    let holder = trees.place(at);
    let mut children: Vec<(u32, u32, MergedIx)> = Vec::new();
    for child in trees.children(at) {
        let place = trees.place(child);
        let continues = place.is_chain && place.class == holder.class;
        if place.family == Family::Program && !continues {
            let is_part = place.edge == MAP_KEY || place.edge == MAP_VALUE;
            children.push((place.class, if is_part { place.edge } else { 0 }, child));
        }
    }
    children.sort_unstable();
    let sum = |members: &[(u32, u32, MergedIx)], of: fn(&Numbers) -> u64| -> u64 {
        let numbers = members
            .iter()
            .filter_map(|&(.., child)| trees.numbers(child).first());
        numbers.map(of).sum()
    };
    let holders = numbers.count.max(1);
    let groups = children.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1));
    let many: Vec<&[(u32, u32, MergedIx)]> = groups
        .filter(|group| sum(group, |numbers| numbers.chained) >= MANY * holders)
        .collect();
    if many.is_empty() {
        let count = numbers.capacity.max(numbers.entries).max(holders);
        let is_large = numbers.size >= LARGE * holders || count >= MANY_NUMBERS * holders;
        let is_told = is_large && holder.family == Family::Program && at.at() != 0;
        let large = || Accumulation {
            place: at,
            holders,
            entries: Vec::new(),
            counted: Vec::new(),
            count,
            size: numbers.size,
            is_collection: false,
        };
        return is_told.then(large).into_iter().collect();
    }
    // Values say more than keys, and anything more than the names of properties.
    let weight = |group: &[(u32, u32, MergedIx)]| {
        let is_name = group
            .iter()
            .all(|&(.., child)| trees.place(child).edge == PROPERTY_NAME);
        let says = u64::from(group[0].1 != MAP_KEY) + u64::from(!is_name);
        sum(group, |numbers| numbers.chained)
            .saturating_mul(4)
            .saturating_add(says)
    };
    let pile = |counted: &[(u32, u32, MergedIx)], all: &[&[(u32, u32, MergedIx)]]| {
        let entries: Vec<MergedIx> = all.iter().copied().flatten().map(|&(.., child)| child).collect();
        let sizes = entries.iter().filter_map(|&entry| trees.numbers(entry).first());
        Accumulation {
            place: at,
            holders,
            count: sum(counted, |numbers| numbers.chained),
            size: sizes.map(|numbers| numbers.size_beyond).sum(),
            is_collection: counted
                .iter()
                .all(|&(.., entry)| is_slot(trees.place(entry).edge)),
            counted: counted.iter().map(|&(.., child)| child).collect(),
            entries,
        }
    };
    let is_no_name = |group: &[(u32, u32, MergedIx)]| {
        group
            .iter()
            .any(|&(.., child)| trees.place(child).edge != PROPERTY_NAME)
    };
    let are_parts = many.iter().any(|group| group[0].1 != 0);
    if holders > 1 && !are_parts {
        // Names of properties are told by what these hold.
        let has_others = many.iter().any(|group| is_no_name(group));
        let told = many.iter().filter(|group| !has_others || is_no_name(group));
        return told.map(|group| pile(group, &[group])).collect();
    }
    let best = many.iter().rev().max_by_key(|group| weight(group));
    best.map(|best| pile(best, &many)).into_iter().collect()
}
