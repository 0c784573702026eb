//! The large holders of what stays without the growing ones.

use super::super::naming::{Naming, kind_of_class};
use super::super::{Series, TrendRow, judge_sizes};
use super::shares::{ENGINE, Shared};
use crate::analysis::path_tree::merged::{MergedIx, MergedTrees};
use crate::analysis::series::{Sequences, Verdict};
use crate::base::index::Ix as _;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;

/// A holder is large from this part of the heap on.
const LARGE: u64 = 100;
/// Of a holder whose largest part has this many tenths, the part is the holder.
const TENTHS: u64 = 7;
/// So many rows at most.
const ROWS: usize = 40;

/// Rows for the places that hold most of what the growing holders do not keep, none beyond another; and for the engine's own.
pub(super) fn rows(
    series: &Series,
    merged: &MergedTrees<'_>,
    shared: &[Shared],
    naming: &Naming<'_>,
    sequences: &Sequences,
    task: &Task,
) -> Result<Vec<TrendRow>, Cancelled> {
    let heaps = merged.heaps();
    // Bytes that stay, of each place and all beyond it, in each heap.
    let mut beyond = vec![0_u64; merged.all().len() * heaps];
    for (heap, shared) in shared.iter().enumerate() {
        task.check()?;
        let tree = &merged.trees()[heap];
        let mut kept = shared.kept.clone();
        for at in (1..kept.len()).rev() {
            kept[tree.places()[at].parent.at()] += kept[at];
        }
        for place in merged.all() {
            beyond[place.at() * heaps + heap] =
                merged.members(place, heap).map(|member| kept[member.at()]).sum();
        }
    }
    let of = |place: MergedIx| &beyond[place.at() * heaps..][..heaps];
    let largest = |place: MergedIx| of(place).iter().max().copied().unwrap_or(0);
    let total = series
        .snapshots
        .iter()
        .map(|snapshot| snapshot.total_size())
        .max()
        .unwrap_or(0);
    let least = (total / LARGE).max(1);
    let mut found: Vec<MergedIx> = Vec::new();
    let mut open = vec![MergedIx::new(0)];
    while let Some(place) = open.pop() {
        let size = largest(place);
        if size < least {
            continue;
        }
        let children: Vec<MergedIx> = merged.children(place).collect();
        let most = children.iter().map(|&child| largest(child)).max().unwrap_or(0);
        let is_root = place.at() == 0 || merged.place(place).parent.at() == 0;
        if is_root || most.saturating_mul(10) >= size.saturating_mul(TENTHS) {
            open.extend(children);
        } else {
            found.push(place);
        }
    }
    found.sort_by_key(|&place| (std::cmp::Reverse(largest(place)), place));
    found.truncate(ROWS);
    let mut rows = Vec::new();
    for place in found {
        let sizes = of(place).to_vec();
        let counts = merged
            .numbers(place)
            .iter()
            .map(|numbers| numbers.count)
            .collect();
        let path = naming.path(place, None);
        let verdict = not_growing(judge_sizes(&sizes, sequences));
        let mut row = TrendRow::new(naming.key(&path), naming.kind(place), counts, sizes, verdict);
        row.name = naming.name(place);
        row.owner = naming.owner(place);
        row.path = path;
        row.samples = naming.sample(place).map(|node| (heaps - 1, vec![node]));
        rows.push(row);
    }
    for (nth, name) in ENGINE.into_iter().enumerate() {
        let counts: Vec<u64> = shared.iter().map(|shared| shared.engine[nth].0).collect();
        let sizes: Vec<u64> = shared.iter().map(|shared| shared.engine[nth].1).collect();
        if sizes.iter().all(|&size| size == 0) {
            continue;
        }
        let verdict = not_growing(judge_sizes(&sizes, sequences));
        let mut row = TrendRow::new(JsString::from(name), kind_of_class(name), counts, sizes, verdict);
        row.owner = Some("engine".into());
        rows.push(row);
    }
    Ok(rows)
}

/// What no cause of growth was found for is no growth at every step, as this program uses the words: what the engine makes as it
/// runs, and changes too small or too uneven.
fn not_growing(verdict: Verdict) -> Verdict {
    verdict.max(Verdict::Diffuse)
}
