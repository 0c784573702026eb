//! What became of the heap over any number of snapshots?
//!
//! [`FindTrend`] sets them beside each other once, by class, by holder (what grows, found by places: [`holders`]), by shape
//! and distance, or by collection. The rows of an answer sum to the total of every snapshot: what no row of its own
//! stands for is in the last one, *Everything else*.

mod classes;
mod collections;
mod columns;
mod holders;
pub(super) mod naming;
mod processes;
mod shapes;
mod shown;

use std::sync::Arc;

use columns::sort_rows;
pub use columns::{DEFAULT_ORDER, TrendColumn, sort_answer};
pub use processes::processes;
pub use shown::{TrendHead, TrendRows, Values, columns_of};

use super::Query;
use crate::analysis::path_tree::{PathTree, Source};
use crate::analysis::series::{Sequences, Verdict};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::NodeKind;
use crate::snapshot::Snapshot;

/// Snapshots, oldest first.
#[derive(Clone, Debug)]
pub struct Series {
    /// The snapshots.
    pub snapshots: Vec<Arc<Snapshot>>,
    /// Seconds from the first to each, if they are known.
    pub seconds: Option<Vec<f64>>,
}

/// Asks what became of the heap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FindTrend {
    /// What a row stands for.
    pub by: TrendBy,
}

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TrendBy {
    /// A class.
    Class,
    /// What holds its objects, told by the path to it.
    Holder,
    /// A class with the names of its properties, at a distance from the roots.
    Shape,
    /// A collection: a map, a set, an array, an object that serves as a table.
    Cache,
}

impl TrendBy {
    /// All of them, as they are offered.
    pub const ALL: [Self; 4] = [Self::Class, Self::Holder, Self::Shape, Self::Cache];

    /// What it is called above a choice.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Class => "Class",
            Self::Holder => "Holder",
            Self::Shape => "Shape at distance",
            Self::Cache => "Cache",
        }
    }
}

/// What became of the heap.
#[derive(Debug)]
pub struct Trend {
    /// What was asked about.
    pub series: Series,
    /// What a row stands for.
    pub by: TrendBy,
    /// Rows: what grew first, each by its growth; *Everything else* last.
    pub rows: Vec<TrendRow>,
    /// For each snapshot a number that is the same for those of one process.
    pub processes: Vec<usize>,
    /// Which snapshots follow each other.
    pub sequences: Sequences,
    /// Bytes of each snapshot.
    pub totals: Vec<u64>,
    /// What the rows sum to in each snapshot: the same, unless something is wrong.
    pub sums: Vec<u64>,
}

/// A row: the same thing in every snapshot.
#[derive(Clone, Debug, PartialEq)]
pub struct TrendRow {
    /// What it stands for, unmistakably: a class's name, a path.
    pub key: JsString,
    /// What people call it: `Cache of priceFor()`, `fetchRegistry`.
    pub name: JsString,
    /// The script or module that it belongs to, or whose else it is.
    pub owner: Option<JsString>,
    /// The path, a step an entry; empty for what has none.
    pub path: Vec<JsString>,
    /// For each step of the path one of its objects in the last snapshot.
    pub nodes: Vec<Option<NodeIx>>,
    /// Is the path's last step what the holder holds, and not the holder?
    pub ends_in_entry: bool,
    /// How its objects are marked.
    pub kind: NodeKind,
    /// How many objects (entries of a holder) in each snapshot.
    pub counts: Vec<u64>,
    /// Bytes in each snapshot.
    pub sizes: Vec<u64>,
    /// What it does over time.
    pub verdict: Verdict,
    /// Some of its objects in the snapshot of that place in the series.
    pub samples: Option<(usize, Vec<NodeIx>)>,
    /// What it is made of: rows that sum to it, or none.
    pub parts: Vec<Self>,
    /// Places beyond a growing holder that grew at every step as well: their numbers are in the holder's already, and are of what
    /// is first met there.
    pub descendants: Vec<Self>,
    /// Is it all that no other row stands for?
    pub is_rest: bool,
}

/// How many objects of a row are kept as samples.
pub(super) const SAMPLES: usize = 20;
/// The row of all that no other stands for.
const REST: &str = "Everything else";

impl TrendRow {
    fn new(key: JsString, kind: NodeKind, counts: Vec<u64>, sizes: Vec<u64>, verdict: Verdict) -> Self {
        Self {
            name: key.clone(),
            key,
            owner: None,
            path: Vec::new(),
            nodes: Vec::new(),
            ends_in_entry: false,
            kind,
            counts,
            sizes,
            verdict,
            samples: None,
            parts: Vec::new(),
            descendants: Vec::new(),
            is_rest: false,
        }
    }

    /// Did it grow at every step?
    pub fn grew(&self) -> bool {
        self.verdict == Verdict::GrewAtEveryStep
    }
}

impl Series {
    /// How many snapshots there are.
    pub fn len(&self) -> usize {
        self.snapshots.len()
    }

    /// Is there no snapshot?
    pub fn is_empty(&self) -> bool {
        self.snapshots.is_empty()
    }
}

impl Trend {
    /// By how many bytes a row grew: from the first to the last snapshot of each process.
    pub fn growth(&self, row: &TrendRow) -> i64 {
        self.sequences.growth(&row.sizes)
    }

    /// By how many bytes all grew.
    pub fn total_growth(&self) -> i64 {
        self.sequences.growth(&self.totals)
    }

    /// Bytes of the last snapshot: what shares are of.
    pub fn last_total(&self) -> u64 {
        self.totals.last().copied().unwrap_or(0)
    }

    /// A growth as bytes an hour, if the times are known; of one process only.
    pub fn per_hour(&self, growth: i64) -> Option<f64> {
        let seconds = self.series.seconds.as_ref()?;
        let [sequence] = self.sequences.all() else {
            return None;
        };
        let (&first, &last) = (sequence.first()?, sequence.last()?);
        let span = seconds[last] - seconds[first];
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        (span > 0.0).then(|| growth as f64 * 3600.0 / span)
    }

    /// What has to be said of the snapshots, if anything.
    pub fn problem(&self) -> Option<String> {
        let count = self.processes.iter().max().map_or(0, |last| last + 1);
        let ids_of = |sequence: &Vec<usize>| -> Vec<u64> {
            sequence
                .iter()
                .map(|&at| self.series.snapshots[at].graph().last_object_id().0)
                .collect()
        };
        if count > 1 && count == self.series.len() {
            return Some(
                "no two of the snapshots are known to be of one process: they are compared in the order given".into(),
            );
        }
        if count > 1 {
            return Some(format!(
                "the snapshots are of {count} processes: each is judged for itself, and growth is that of all together"
            ));
        }
        let is_ordered = self
            .sequences
            .all()
            .iter()
            .all(|sequence| ids_of(sequence).is_sorted());
        (!is_ordered).then(|| "by the ids of their objects, the snapshots were taken in another order".into())
    }

    /// Are the snapshots of one process?
    pub fn is_one_process(&self) -> bool {
        self.processes.iter().all(|&process| process == 0)
    }
}

impl Query for FindTrend {
    type Over = Series;
    type Answer = Arc<Trend>;

    fn run(&self, series: &Series, task: &Task) -> Result<Arc<Trend>, Cancelled> {
        let processes = processes(&series.snapshots, task)?;
        let sequences = Sequences::of_processes(&processes);
        let mut rows = match self.by {
            TrendBy::Class => classes::rows(series, &sequences, task)?,
            TrendBy::Holder => holders::rows(series, &sequences, task)?,
            TrendBy::Shape => shapes::rows(series, &sequences, task)?,
            TrendBy::Cache => collections::rows(series, &sequences, task)?,
        };
        sort(&mut rows, &sequences);
        let totals: Vec<u64> = series
            .snapshots
            .iter()
            .map(|snapshot| snapshot.total_size())
            .collect();
        rows.extend(rest(&rows, &totals, &sequences));
        let sum = |at: usize| rows.iter().map(|row: &TrendRow| row.sizes[at]).sum();
        Ok(Arc::new(Trend {
            sums: (0..series.len()).map(sum).collect(),
            series: series.clone(),
            by: self.by,
            rows,
            processes,
            sequences,
            totals,
        }))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for what grew")
    }
}

/// What grew at every step first, then by growth, then by the last size; equal ones by key.
fn sort(rows: &mut [TrendRow], sequences: &Sequences) {
    rows.sort_by(|a, b| {
        let rank = |row: &TrendRow| {
            (
                row.grew(),
                sequences.growth(&row.sizes),
                row.sizes.last().copied(),
            )
        };
        rank(b)
            .cmp(&rank(a))
            .then_with(|| a.key.as_js().bytes().cmp(b.key.as_js().bytes()))
    });
}

/// The row of all that `rows` do not stand for.
fn rest(rows: &[TrendRow], totals: &[u64], sequences: &Sequences) -> Option<TrendRow> {
    let mut sizes = totals.to_vec();
    for row in rows {
        for (left, size) in sizes.iter_mut().zip(&row.sizes) {
            *left = left.saturating_sub(*size);
        }
    }
    let counts = vec![0; totals.len()];
    let verdict = judge_sizes(&sizes, sequences).max(Verdict::Diffuse);
    sizes.iter().any(|&size| size > 0).then(|| TrendRow {
        is_rest: true,
        ..TrendRow::new(REST.into(), NodeKind::Other, counts, sizes, verdict)
    })
}

/// What bytes do over time: changes of less than a thousandth of the row and 1 kB are next to nothing.
fn judge_sizes(sizes: &[u64], sequences: &Sequences) -> Verdict {
    let largest = sizes.iter().max().copied().unwrap_or(0);
    sequences.judge(sizes, (largest / 1000).max(1024))
}

/// The path trees of all snapshots.
pub(super) fn path_trees(series: &Series, task: &Task) -> Result<Vec<PathTree>, Cancelled> {
    use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
    let snapshots = series.snapshots.par_iter();
    snapshots
        .map(|snapshot| PathTree::build(source(snapshot), task))
        .collect()
}

pub(super) fn source(snapshot: &Snapshot) -> Source<'_> {
    Source {
        graph: snapshot.graph(),
        ephemerons: snapshot.ephemerons(),
        shallow: snapshot.shallow_sizes(),
    }
}
