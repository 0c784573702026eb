//! What changed between two snapshots?
//!
//! [`Compare`] sets them against each other once; what is shown of the result are questions about it: [`ComparedClasses`] for
//! the rows, [`ChangedObjects`](objects::ChangedObjects) for the objects of one of them,
//! [`ChangedParts`](parts::ChangedParts) for what one of these holds, [`DeltaBy`](deltas::DeltaBy) for what the bytes hang from.

pub mod classes;
pub mod deltas;
pub mod objects;
pub mod parts;

use std::sync::Arc;

pub use self::classes::{ComparedClasses, ComparedRow, ComparisonColumn, RowOf};
use super::{Order, Query};
use crate::analysis::comparison::{ComparedClass, Comparison, Matching, RowIx, Side, Subject, Sums, delta};
use crate::analysis::id_space::{IdSpace, Verdict};
use crate::analysis::own_cost;
use crate::base::bits::BitSet;
use crate::base::index::{ClassIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// Two snapshots.
#[derive(Clone, Debug)]
pub struct Pair {
    /// The older one.
    pub base: Arc<Snapshot>,
    /// The newer one.
    pub current: Arc<Snapshot>,
}

/// Asks what changed from base to current.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compare {
    /// What is compared with what.
    pub matching: Matching,
}

/// Two snapshots, compared.
#[derive(Debug)]
pub struct Compared {
    /// The snapshots.
    pub pair: Pair,
    /// What became of their classes.
    pub comparison: Comparison,
    /// All rows together.
    pub all: Sums,
    /// What is there only because snapshots were taken, all rows together.
    pub cost: Sums,
    /// Was it asked for classes only?
    pub matching: Matching,
    /// The largest change of size of a class, either way, in bytes.
    pub largest: u64,
}

impl Compare {
    /// Objects with objects, where that can be.
    pub const BY_IDS: Self = Self {
        matching: Matching::ByIds,
    };
}

impl Pair {
    fn side<'a>(snapshot: &'a Snapshot, own_cost: Option<&'a BitSet<NodeIx>>) -> Side<'a> {
        Side {
            graph: snapshot.graph(),
            dom: snapshot.dom(),
            shallow: snapshot.shallow_sizes(),
            classes: snapshot.classes(),
            own_cost,
        }
    }
}

impl Compared {
    /// The row `ix`.
    pub fn row(&self, ix: RowIx) -> &ComparedClass {
        self.comparison.row(ix)
    }

    /// Are objects of the two snapshots matched?
    pub fn is_matched(&self) -> bool {
        self.comparison.is_matched()
    }

    /// Did the taking of snapshots leave anything behind that changed?
    pub fn has_cost(&self) -> bool {
        self.cost.have_changed()
    }

    /// The class of that row in the current snapshot, if it has members there: a pass over its classes.
    pub fn current_class(&self, ix: RowIx) -> Option<ClassIx> {
        let Subject::Class(class) = &self.row(ix).subject else {
            return None;
        };
        let current = &self.pair.current;
        let mut totals = current.class_totals().iter();
        let same = totals.find(|totals| current.classes().class(totals.class) == class)?;
        Some(same.class)
    }

    /// The change of total size.
    pub fn size_delta(&self) -> i64 {
        delta(self.pair.base.total_size(), self.pair.current.total_size())
    }

    /// The order that tells most: as in DevTools by what was added; by the change of size if objects were not matched.
    pub fn default_order(&self) -> Order<ComparisonColumn> {
        Order::descending(if self.is_matched() {
            ComparisonColumn::AddedSize
        } else {
            ComparisonColumn::SizeDelta
        })
    }

    /// Why objects could not be matched, if they could not.
    pub fn problem(&self) -> Option<String> {
        let space = self.comparison.id_space();
        let what = match space.verdict() {
            Verdict::Comparable => return None,
            Verdict::Separate => {
                "the ids of the two snapshots mean different objects, as those of different processes do"
            }
            Verdict::Doubtful => {
                "it cannot be told whether the ids of the two snapshots mean the same objects"
            }
        };
        Some(format!(
            "{what} ({}): objects cannot be matched, and only the counts and sizes of each side are compared",
            evidence(space)
        ))
    }
}

/// What the ids of two snapshots say.
pub fn evidence(space: IdSpace) -> String {
    let Some(agreement) = space.agreement else {
        return "they have no telling ids in common".to_owned();
    };
    let ids = crate::base::units::counted(space.sampled as u64, "id", "ids");
    format!(
        "of {ids} that both have, {:.1} % name the same thing",
        agreement * 100.0
    )
}

impl Query for Compare {
    type Over = Pair;
    type Answer = Arc<Compared>;

    fn run(&self, pair: &Pair, task: &Task) -> Result<Arc<Compared>, Cancelled> {
        let cost = |snapshot: &Snapshot| {
            own_cost::find(
                snapshot.graph(),
                snapshot.retainers(),
                snapshot.dominators(),
                task,
            )
        };
        let (before, now) = rayon::join(|| cost(&pair.base), || cost(&pair.current));
        let (before, now) = (before?, now?);
        let base = Pair::side(&pair.base, before.as_ref());
        let current = Pair::side(&pair.current, now.as_ref());
        let comparison = Comparison::build(base, current, self.matching, task)?;
        let none = Sums {
            changes: comparison.is_matched().then(Default::default),
            ..Sums::default()
        };
        let sum = |of: fn(&ComparedClass) -> Sums| {
            let rows = comparison.rows().map(|(_, row)| of(row));
            rows.fold(none, Sums::and)
        };
        let changes = comparison
            .rows()
            .map(|(_, row)| row.sums.size_delta().unsigned_abs());
        Ok(Arc::new(Compared {
            largest: changes.max().unwrap_or(0),
            all: sum(|row| row.sums),
            cost: sum(|row| row.cost),
            comparison,
            pair: pair.clone(),
            matching: self.matching,
        }))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Comparing snapshots")
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::query::testing::{ask, snapshot};

    pub(super) const BASE: &str = "
        root:synthetic/0 #1 -shortcut:w-> window:object/8 #3 -element:1-> kept=Session:object/16 #5
        window -element:2-> gone=Session:object/32 #7
        window -element:3-> grows=Buffer:object/100 #9
        window -element:4-> same=Map:object/8 #11
    ";
    pub(super) const CURRENT: &str = "
        root:synthetic/0 #1 -shortcut:w-> window:object/8 #3 -element:1-> kept=Session:object/16 #5
        window -element:2-> new=Session:object/48 #21 -element:1-> newer=Session:object/64 #23
        window -element:3-> grows=Buffer:object/150 #9
        window -element:4-> same=Map:object/8 #11
    ";

    pub(super) fn compared_by(base: &str, current: &str, matching: Matching) -> Arc<Compared> {
        let pair = Pair {
            base: Arc::new(snapshot(base)),
            current: Arc::new(snapshot(current)),
        };
        ask(&Compare { matching }, &pair)
    }

    pub(super) fn compared(base: &str, current: &str) -> Arc<Compared> {
        compared_by(base, current, Matching::ByIds)
    }
}
