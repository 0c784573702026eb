//! What grew beyond a growing holder: places that are told with it, and not for themselves.

use std::collections::VecDeque;

use super::super::TrendRow;
use super::super::naming::Naming;
use crate::analysis::growth::GrowingHolder;
use crate::analysis::path_tree::Family;
use crate::analysis::path_tree::merged::{MergedIx, Numbers};
use crate::analysis::series::{Sequences, Verdict};

/// So many rows at most.
const ROWS: usize = 24;
/// So many places at most are looked at.
const LOOKED_AT: usize = 4096;
/// A place with less than this part of the holder's growth is not told.
const LEAST_PART: i64 = 100;

/// Rows for the places beyond the entries of the holder number `nth` whose objects became more at every step; what grew most
/// first. What is an entry of another holder is told there.
pub(super) fn rows(
    nth: usize,
    growing: &[GrowingHolder],
    naming: &Naming<'_>,
    sequences: &Sequences,
) -> Vec<TrendRow> {
    let holder = &growing[nth];
    let is_told = |place: MergedIx| growing.iter().any(|other| other.entries.contains(&place));
    let merged = naming.merged;
    let series = |place: MergedIx, of: fn(&Numbers) -> u64| -> Vec<u64> {
        merged.numbers(place).iter().map(of).collect()
    };
    let bytes = |place| sequences.growth(&series(place, |numbers| numbers.size_beyond));
    let all: i64 = holder.entries.iter().map(|&entry| bytes(entry)).sum();
    let mut open: VecDeque<MergedIx> = holder.entries.iter().copied().collect();
    let mut found: Vec<(i64, MergedIx, Vec<u64>)> = Vec::new();
    let mut looked_at = 0;
    while let Some(above) = open.pop_front() {
        for place in merged.children(above) {
            looked_at += 1;
            if looked_at > LOOKED_AT || merged.place(place).family != Family::Program {
                continue;
            }
            let counts = series(place, |numbers| numbers.chained);
            let growth = bytes(place);
            if sequences.judge(&counts, 1) != Verdict::GrewAtEveryStep
                || growth.saturating_mul(LEAST_PART) < all
                || is_told(place)
            {
                continue;
            }
            found.push((growth, place, counts));
            open.push_back(place);
        }
    }
    found.sort_by_key(|&(growth, place, _)| (std::cmp::Reverse(growth), place));
    found.truncate(ROWS);
    let row = |(_, place, counts)| {
        let path = naming.path(place, None);
        let sizes = series(place, |numbers| numbers.size_beyond);
        let mut row = TrendRow::new(
            naming.key(&path),
            naming.kind(place),
            counts,
            sizes,
            Verdict::GrewAtEveryStep,
        );
        row.name = naming.name(place);
        row.path = path;
        row
    };
    found.into_iter().map(row).collect()
}
