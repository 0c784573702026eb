//! Rows by class.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::{SAMPLES, Series, TrendRow, judge_sizes};
use crate::analysis::classes::ClassTable;
use crate::analysis::series::Sequences;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::NodeKind;
use crate::snapshot::Snapshot;

/// How many, and how many bytes.
#[derive(Clone, Copy, Default)]
struct Sum {
    count: u64,
    size: u64,
    first: Option<NodeIx>,
}

/// A row for each class name. Interfaces are those of the last snapshot, so that plain objects are called the same in all;
/// classes that only their constructors' places tell apart are one row, as those places differ from process to process.
pub(super) fn rows(series: &Series, sequences: &Sequences, task: &Task) -> Result<Vec<TrendRow>, Cancelled> {
    let Some(last) = series.snapshots.last() else {
        return Ok(Vec::new());
    };
    let sums: Vec<FxHashMap<JsString, Sum>> = series
        .snapshots
        .par_iter()
        .map(|snapshot| {
            if std::sync::Arc::ptr_eq(snapshot, last) {
                return sums(snapshot, snapshot.classes(), task);
            }
            let interfaces = last.classes().interfaces();
            let classes = ClassTable::build_with(snapshot.graph(), snapshot.dom(), interfaces, task)?;
            sums(snapshot, &classes, task)
        })
        .collect::<Result<_, _>>()?;
    let mut names: Vec<&JsString> = sums.iter().flat_map(FxHashMap::keys).collect();
    names.sort_unstable_by(|a, b| a.as_js().bytes().cmp(b.as_js().bytes()));
    names.dedup();
    let mut rows = Vec::with_capacity(names.len());
    for name in names {
        let of = |of: fn(Sum) -> u64| -> Vec<u64> {
            sums.iter()
                .map(|sums| sums.get(name).copied().map_or(0, of))
                .collect()
        };
        let (counts, sizes) = (of(|sum| sum.count), of(|sum| sum.size));
        let verdict = judge_sizes(&sizes, sequences);
        let seen = sums
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, sums)| Some((at, sums.get(name)?.first?)));
        let kind = seen.map_or(NodeKind::Other, |(at, node)| {
            series.snapshots[at].graph().kind(node)
        });
        rows.push(TrendRow::new(name.clone(), kind, counts, sizes, verdict));
    }
    samples(last, &mut rows, series.len() - 1, task)?;
    Ok(rows)
}

fn sums(
    snapshot: &Snapshot,
    classes: &ClassTable,
    task: &Task,
) -> Result<FxHashMap<JsString, Sum>, Cancelled> {
    let mut by_class = vec![Sum::default(); classes.len()];
    for node in snapshot.graph().nodes() {
        task.check_at(node.at())?;
        let size = snapshot.shallow_size(node);
        if size != 0 {
            let sum = &mut by_class[classes.of(node).at()];
            sum.count += 1;
            sum.size += size;
            sum.first.get_or_insert(node);
        }
    }
    let mut by_name: FxHashMap<JsString, Sum> = FxHashMap::default();
    for (class, sum) in classes
        .all()
        .iter()
        .zip(by_class)
        .filter(|(_, sum)| sum.count > 0)
    {
        let known = by_name.entry(class.name.clone()).or_default();
        known.count += sum.count;
        known.size += sum.size;
        known.first = known.first.or(sum.first);
    }
    Ok(by_name)
}

/// Gives each row its last objects in the file, which are as a rule the newest.
fn samples(last: &Snapshot, rows: &mut [TrendRow], at: usize, task: &Task) -> Result<(), Cancelled> {
    let by_name: FxHashMap<JsString, usize> = rows
        .iter()
        .enumerate()
        .map(|(row, found)| (found.key.clone(), row))
        .collect();
    let row_of: Vec<Option<usize>> = last
        .classes()
        .all()
        .iter()
        .map(|class| by_name.get(&class.name).copied())
        .collect();
    for node in last.graph().nodes().rev() {
        task.check_at(node.at())?;
        if last.shallow_size(node) == 0 {
            continue;
        }
        if let Some(row) = row_of[last.class_of(node).at()] {
            let (_, nodes) = rows[row].samples.get_or_insert_with(|| (at, Vec::new()));
            if nodes.len() < SAMPLES {
                nodes.push(node);
            }
        }
    }
    Ok(())
}
