//! Rows by holder: what grows, with all that it alone keeps alive; beside it the large holders that do not.
//!
//! Growing holders are found by places ([`growth`]); their bytes are what they share out of the heap ([`leak_shares`]), exact
//! to the byte. What stays alive without them is told by the places that hold most of it. So no byte is in two rows.

mod descendants;
mod members;
mod others;
mod scattered;
mod shares;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::naming::Naming;
use super::{Series, TrendRow, path_trees};
use crate::analysis::growth::{self, GrowingHolder};
use crate::analysis::leak_shares;
use crate::analysis::path_tree::merged::{MergedIx, MergedTrees};
use crate::analysis::series::{Sequences, Verdict};
use crate::base::task::{Cancelled, Task};
use members::Members;
pub(super) use shares::PARTS;
use shares::{ClassSum, Shared};

/// The growing holders, and the large ones of what else there is.
pub(super) fn rows(series: &Series, sequences: &Sequences, task: &Task) -> Result<Vec<TrendRow>, Cancelled> {
    let trees = path_trees(series, task)?;
    let merged = MergedTrees::build(&trees, task)?;
    let mut growing = growth::find(&merged, sequences, task)?;
    growing.sort_by_key(|holder| std::cmp::Reverse(growth_beyond(&merged, holder, sequences)));
    growing.truncate(leak_shares::GROUPS);
    let heaps: Vec<usize> = (0..series.len()).collect();
    let mut members: Vec<Vec<Members>> = heaps
        .par_iter()
        .map(|&heap| members::find(&series.snapshots[heap], &merged, heap, &growing, task))
        .collect::<Result<_, _>>()?;
    keep_those_that_last(&mut growing, &mut members, sequences);
    let mut shared = share_out(series, &merged, &members, task)?;
    let most = leak_shares::GROUPS - growing.len();
    let scattered = scattered::find(series, &merged, &shared, sequences, most, task)?;
    if !scattered.is_empty() {
        for (heap, members) in members.iter_mut().enumerate() {
            members.extend(scattered.iter().map(|scattered| scattered.members(heap)));
        }
        shared = share_out(series, &merged, &members, task)?;
    }
    let naming = Naming::new(series, &merged, task)?;
    let mut rows: Vec<TrendRow> = Vec::new();
    for nth in 0..growing.len() {
        let members: Vec<&Members> = members.iter().map(|members| &members[nth]).collect();
        rows.push(row(nth, &growing, &members, &shared, &naming, sequences));
    }
    for (nth, scattered) in scattered.iter().enumerate() {
        let nth = growing.len() + nth;
        if let Some(mut row) = scattered.row(series, &naming) {
            row.sizes = shared.iter().map(|shared| shared.groups[nth].size).collect();
            row.parts = parts(nth, &shared, &naming, sequences);
            row.samples = members
                .last()
                .map(|last| (series.len() - 1, last[nth].samples.clone()));
            rows.push(row);
        }
    }
    rows.append(&mut others::rows(
        series, &merged, &shared, &naming, sequences, task,
    )?);
    Ok(rows)
}

/// Each heap, shared out to the groups of members.
fn share_out(
    series: &Series,
    merged: &MergedTrees<'_>,
    members: &[Vec<Members>],
    task: &Task,
) -> Result<Vec<Shared>, Cancelled> {
    let heaps: Vec<usize> = (0..series.len()).collect();
    heaps
        .par_iter()
        .map(|&heap| Shared::build(&series.snapshots[heap], merged, heap, &members[heap], task))
        .collect()
}

/// By how many bytes what a holder holds became more, as far as the places tell.
fn growth_beyond(merged: &MergedTrees<'_>, holder: &GrowingHolder, sequences: &Sequences) -> i64 {
    let beyond = |place: MergedIx| -> Vec<u64> {
        merged
            .numbers(place)
            .iter()
            .map(|numbers| numbers.size_beyond)
            .collect()
    };
    if holder.entries.is_empty() {
        return holder
            .places
            .iter()
            .map(|&place| sequences.growth(&beyond(place)))
            .sum();
    }
    holder
        .entries
        .iter()
        .map(|&entry| sequences.growth(&beyond(entry)))
        .sum()
}

/// With a single step to judge by, leaves out holders that swap what they hold: half of what is there at one moment is gone at
/// the next, so nothing piles up. Ids tell, so only within a process. (Over more steps a queue that is filled faster than it
/// is emptied shows as what it is.)
fn keep_those_that_last(
    growing: &mut Vec<GrowingHolder>,
    members: &mut [Vec<Members>],
    sequences: &Sequences,
) {
    if sequences.steps() > 1 {
        return;
    }
    let lasts = |nth: usize| {
        let pairs = sequences
            .within_processes()
            .flat_map(|sequence| sequence.windows(2));
        pairs.into_iter().all(|pair| {
            let (before, after) = (&members[pair[0]][nth].entry_ids, &members[pair[1]][nth].entry_ids);
            let still = before.iter().filter(|id| after.binary_search(id).is_ok()).count();
            before.len() < 10 || still * 2 >= before.len()
        })
    };
    let kept: Vec<bool> = (0..growing.len()).map(lasts).collect();
    let mut at = kept.iter();
    growing.retain(|_| at.next().copied().unwrap_or(false));
    for members in members {
        let mut at = kept.iter();
        members.retain(|_| at.next().copied().unwrap_or(false));
    }
}

/// The row of the growing holder that is group `nth`.
fn row(
    nth: usize,
    growing: &[GrowingHolder],
    members: &[&Members],
    shared: &[Shared],
    naming: &Naming<'_>,
    sequences: &Sequences,
) -> TrendRow {
    let holder = &growing[nth];
    let sizes: Vec<u64> = shared.iter().map(|shared| shared.groups[nth].size).collect();
    let growth_of = |&entry: &MergedIx| {
        let counts: Vec<u64> = naming
            .merged
            .numbers(entry)
            .iter()
            .map(|numbers| numbers.chained)
            .collect();
        (sequences.growth(&counts), std::cmp::Reverse(entry))
    };
    let entry = holder.counted.iter().copied().max_by_key(growth_of);
    // The place above the entry that is shown; of several the last has the newest objects.
    let place = entry.map_or(holder.places[holder.places.len() - 1], |entry| {
        naming.merged.place(entry).parent
    });
    let path = naming.path(place, entry);
    let counts = holder
        .counts
        .iter()
        .zip(members)
        .map(|(&count, members)| count.max(members.entries));
    let mut row = TrendRow::new(
        naming.key(&path),
        naming.kind(place),
        counts.collect(),
        sizes,
        Verdict::GrewAtEveryStep,
    );
    row.name = naming.name(place);
    row.path = path;
    row.nodes = naming.nodes(place, entry);
    row.ends_in_entry = entry.is_some();
    let newest = members
        .iter()
        .enumerate()
        .rev()
        .find(|(_, members)| !members.samples.is_empty());
    row.samples = newest.map(|(heap, members)| (heap, members.samples.clone()));
    row.owner = naming.owner(place);
    row.parts = parts(nth, shared, naming, sequences);
    row.descendants = descendants::rows(nth, growing, naming, sequences);
    row
}

/// What a growing holder keeps alive, by class; the holder's own tables apart.
fn parts(nth: usize, shared: &[Shared], naming: &Naming<'_>, sequences: &Sequences) -> Vec<TrendRow> {
    let mut classes: Vec<u32> = shared
        .iter()
        .flat_map(|shared| shared.groups[nth].classes.iter().map(|sum| sum.class))
        .collect();
    classes.sort_unstable();
    classes.dedup();
    let mut rows: Vec<TrendRow> = Vec::new();
    for class in classes {
        let of = |of: fn(&ClassSum) -> u64| -> Vec<u64> {
            let sum = |shared: &Shared| {
                let classes = &shared.groups[nth].classes;
                classes
                    .binary_search_by_key(&class, |sum| sum.class)
                    .map_or(0, |at| of(&classes[at]))
            };
            shared.iter().map(sum).collect()
        };
        let (counts, sizes) = (of(|sum| sum.count), of(|sum| sum.size));
        let verdict = super::judge_sizes(&sizes, sequences);
        let (name, kind) = naming.class(class);
        rows.push(TrendRow::new(name, kind, counts, sizes, verdict));
    }
    super::sort(&mut rows, sequences);
    rows
}
