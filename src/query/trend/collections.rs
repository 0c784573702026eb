//! Rows by collection: the caches of every snapshot, as [`caches`] finds, counts and names them.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::{SAMPLES, Series, TrendRow, judge_sizes};
use crate::analysis::caches::{CacheKey, Limit};
use crate::analysis::collections::Entries;
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::series::{Sequences, Verdict};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::query::{caches, owners};
use crate::snapshot::Snapshot;

/// The caches of one snapshot.
struct Listed {
    list: caches::CacheList,
    /// For each cache the bytes that it retains and no other cache in it does.
    sizes: Vec<u64>,
    /// The places of the caches in the list.
    by_key: FxHashMap<CacheKey, usize>,
}

/// A row for each cache that any of the snapshots has. Bytes are what its collections retain, less what is in the rows of
/// caches among their entries; entries are those that `caches` tells.
pub(super) fn rows(series: &Series, sequences: &Sequences, task: &Task) -> Result<Vec<TrendRow>, Cancelled> {
    let listed: Vec<Listed> = series
        .snapshots
        .par_iter()
        .map(|snapshot| listed(snapshot, task))
        .collect::<Result<_, _>>()?;
    let mut rows = Vec::new();
    for (heap, own) in listed.iter().enumerate() {
        for (nth, found) in own.list.all().iter().enumerate() {
            task.check_at(nth)?;
            let key = &found.cache.key;
            // Each in the last snapshot that has it.
            let is_later = |later: &Listed| later.by_key.contains_key(key);
            if !listed[heap + 1..].iter().any(is_later) {
                rows.push(row(series, &listed, heap, found, sequences));
            }
        }
    }
    Ok(rows)
}

fn listed(snapshot: &Snapshot, task: &Task) -> Result<Listed, Cancelled> {
    let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
    let owners = owners::build(snapshot, &order, task)?;
    let list = caches::find(snapshot, &owners, &order, task)?;
    let all = list.all().iter().enumerate();
    let sizes = apart(snapshot, &list, &order, task)?;
    Ok(Listed {
        by_key: all.map(|(nth, found)| (found.cache.key.clone(), nth)).collect(),
        sizes,
        list,
    })
}

/// The bytes of each cache without those of caches in it: each node counts for the nearest collection that dominates it.
fn apart(
    snapshot: &Snapshot,
    list: &caches::CacheList,
    order: &DominatorOrder,
    task: &Task,
) -> Result<Vec<u64>, Cancelled> {
    let mut cache_of: FxHashMap<NodeIx, usize> = FxHashMap::default();
    for (nth, found) in list.all().iter().enumerate() {
        for instance in &found.cache.instances {
            cache_of.insert(instance.node, nth);
        }
    }
    let mut sizes = vec![0; list.all().len()];
    // The collections around the node under way, each with the position behind the last node that it dominates.
    let mut around: Vec<(usize, usize)> = Vec::new();
    for (position, (node, end)) in order.iter().enumerate() {
        task.check_at(position)?;
        while around.last().is_some_and(|&(_, end)| end <= position) {
            around.pop();
        }
        if let Some(&cache) = cache_of.get(&node) {
            around.push((cache, end as usize));
        }
        if let Some(&(cache, _)) = around.last() {
            sizes[cache] += snapshot.shallow_size(node);
        }
    }
    Ok(sizes)
}

fn row(
    series: &Series,
    listed: &[Listed],
    heap: usize,
    found: &caches::Found,
    sequences: &Sequences,
) -> TrendRow {
    let key = &found.cache.key;
    let in_each = || {
        listed
            .iter()
            .map(|listed| (listed, listed.by_key.get(key).copied()))
    };
    let entries: Vec<Entries> = in_each()
        .map(|(listed, nth)| nth.map_or(Entries::exactly(0), |nth| listed.list.all()[nth].cache.entries))
        .collect();
    let sizes: Vec<u64> = in_each()
        .map(|(listed, nth)| nth.map_or(0, |nth| listed.sizes[nth]))
        .collect();
    // Where numbers of entries are not certain, these are the most that there may be.
    let is_exact = entries.iter().all(|entries| entries.is_exact());
    let counts: Vec<u64> = entries.iter().map(|entries| entries.most).collect();
    let by_count = if is_exact {
        sequences.judge(&counts, 2)
    } else {
        Verdict::Steady
    };
    let verdict = match by_count {
        Verdict::Steady => judge_sizes(&sizes, sequences),
        _ => by_count,
    };
    // What is written round and round, or goes with its keys, is full one day.
    let is_limited = matches!(found.cache.limit, Some(Limit::Ring(_) | Limit::Weak));
    let verdict = if is_limited {
        verdict.max(Verdict::Diffuse)
    } else {
        verdict
    };
    let first = &found.cache.instances[0];
    let kind = series.snapshots[heap].graph().kind(first.node);
    let mut row = TrendRow::new(written(key), kind, counts, sizes, verdict);
    // What the engine keeps for itself hangs from no variable.
    let name = if is_empty(&key.binding) {
        &key.kind
    } else {
        &key.binding
    };
    row.name = name.clone();
    row.owner.clone_from(&key.module);
    let instances = found.cache.instances.iter();
    row.samples = Some((
        heap,
        instances.take(SAMPLES).map(|instance| instance.node).collect(),
    ));
    row
}

/// The key in one line: `server.js → Router → routes → Map`.
fn written(key: &CacheKey) -> JsString {
    let steps = [
        key.module.as_ref(),
        key.owner.as_ref(),
        Some(&key.binding),
        Some(&key.kind),
    ];
    let mut text = JsString::default();
    let said = steps.into_iter().flatten().filter(|step| !is_empty(step));
    for (nth, step) in said.enumerate() {
        if nth > 0 {
            text.push_str(" → ");
        }
        text.push(step.as_js());
    }
    text
}

fn is_empty(text: &JsString) -> bool {
    text.as_js().bytes().is_empty()
}
