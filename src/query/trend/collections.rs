//! Rows by collection: places that serve as containers, with their entries.

use super::naming::Naming;
use super::{Series, TrendRow, judge_sizes, path_trees};
use crate::analysis::path_tree::Family;
use crate::analysis::path_tree::labels::{MAP_KEY, MAP_VALUE, is_slot};
use crate::analysis::path_tree::merged::{MergedIx, MergedTrees};
use crate::analysis::series::{Sequences, Verdict};
use crate::base::bits::BitSet;
use crate::base::index::Ix as _;
use crate::base::task::{Cancelled, Task};

/// Fewer entries in every snapshot, and it is left to the rest.
const FEW_ENTRIES: u64 = 8;

/// A row for each place whose objects have many entries: bytes of the entries with all first reached through them, less what
/// is in the rows of collections among them.
pub(super) fn rows(series: &Series, sequences: &Sequences, task: &Task) -> Result<Vec<TrendRow>, Cancelled> {
    let trees = path_trees(series, task)?;
    let merged = MergedTrees::build(&trees, task)?;
    let naming = Naming::new(series, &merged, task)?;
    let heaps = merged.heaps();
    let mut is_row = BitSet::new(merged.all().len());
    let mut counts_of = Vec::new();
    for place in merged.all() {
        task.check_at(place.at())?;
        if let Some(counts) = entries(&merged, place) {
            is_row.insert(place);
            counts_of.push((place, counts));
        }
    }
    let mut sizes = vec![0_u64; merged.all().len() * heaps];
    for &(place, _) in &counts_of {
        for (heap, numbers) in merged.numbers(place).iter().enumerate() {
            sizes[place.at() * heaps + heap] = numbers.size_beyond;
        }
    }
    for &(place, _) in counts_of.iter().rev() {
        let mut above = merged.place(place).parent;
        while above.at() != 0 && !is_row.contains(above) {
            above = merged.place(above).parent;
        }
        if is_row.contains(above) {
            for (heap, numbers) in merged.numbers(place).iter().enumerate() {
                let size = &mut sizes[above.at() * heaps + heap];
                *size = size.saturating_sub(numbers.size_beyond);
            }
        }
    }
    let mut rows = Vec::with_capacity(counts_of.len());
    for (place, counts) in counts_of {
        let sizes = sizes[place.at() * heaps..][..heaps].to_vec();
        let path = naming.path(place, None);
        let by_count = sequences.judge(&counts, 2);
        let verdict = if by_count == Verdict::Steady {
            judge_sizes(&sizes, sequences)
        } else {
            by_count
        };
        let mut row = TrendRow::new(naming.key(&path), naming.kind(place), counts, sizes, verdict);
        row.name = naming.name(place);
        row.owner = naming.owner(place);
        row.samples = naming.sample(place).map(|node| (heaps - 1, vec![node]));
        row.path = path;
        rows.push(row);
    }
    Ok(rows)
}

/// How many entries the objects of a place have in each heap, if they serve as containers: of maps their values.
fn entries(merged: &MergedTrees<'_>, place: MergedIx) -> Option<Vec<u64>> {
    if merged.place(place).family != Family::Program || place.at() == 0 {
        return None;
    }
    let of_kind = |wanted: &dyn Fn(u32) -> bool| -> Vec<u64> {
        let mut counts = vec![0; merged.heaps()];
        for child in merged.children(place) {
            let is_entry = merged.place(child).family != Family::Root && wanted(merged.place(child).edge);
            for (count, numbers) in counts.iter_mut().zip(merged.numbers(child)) {
                *count += if is_entry { numbers.count } else { 0 };
            }
        }
        counts
    };
    let kinds = [
        of_kind(&|edge| edge == MAP_KEY),
        of_kind(&|edge| edge == MAP_VALUE),
        of_kind(&|edge| is_slot(edge) && edge != MAP_KEY && edge != MAP_VALUE),
    ];
    let counts: Vec<u64> = (0..merged.heaps())
        .map(|heap| kinds.iter().map(|counts| counts[heap]).max().unwrap_or(0))
        .collect();
    let capacities: Vec<u64> = merged
        .numbers(place)
        .iter()
        .map(|numbers| numbers.capacity)
        .collect();
    let is_container = counts.iter().any(|&count| count >= FEW_ENTRIES);
    let holds_numbers = capacities.iter().any(|&capacity| capacity >= 2 * FEW_ENTRIES);
    match (is_container, holds_numbers) {
        (true, _) => Some(counts),
        (false, true) => Some(capacities),
        (false, false) => None,
    }
}
