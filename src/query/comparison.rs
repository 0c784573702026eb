//! What changed between two snapshots?
//!
//! [`Compare`] sets them against each other once; what is shown of the result are questions about it: [`ComparedClasses`] for
//! the rows, [`ChangedObjects`] for the objects of one of them.

use std::sync::Arc;

use super::name_key::NameKey;
use super::pattern::Pattern;
use super::{Cell, Direction, Order, Query, sort};
use crate::analysis::comparison::{
    Changes, ComparedClass, Comparison, InBase, InCurrent, RowIx, Side, Subject, Sum, delta,
};
use crate::analysis::id_space::{IdSpace, Verdict};
use crate::base::index::ClassIx;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::columns;
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
pub struct Compare;

/// Two snapshots, compared.
#[derive(Debug)]
pub struct Compared {
    /// The snapshots.
    pub pair: Pair,
    /// What became of their classes.
    pub comparison: Comparison,
    /// What became of all classes together; none if objects could not be matched.
    pub changes: Option<Changes>,
    /// The change of size that all rows sum to, in bytes.
    pub rows_delta: i64,
}

/// Asks for the classes of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedClasses {
    /// Only classes whose name matches.
    pub pattern: Option<Pattern>,
    /// Also classes of which nothing was added or removed and nothing grew or shrank.
    pub unchanged: bool,
    /// How classes are sorted; equal ones by name.
    pub order: Order<ComparisonColumn>,
}

/// Asks for the objects of one class that only one of the snapshots has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedObjects {
    /// The class.
    pub row: RowIx,
}

/// An object that only one of the snapshots has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangedObject {
    /// Only the current snapshot has it.
    Added(InCurrent),
    /// Only the base has it.
    Removed(InBase),
}

columns! {
    /// Columns of a comparison.
    pub enum ComparisonColumn: |over: Compared, row: RowIx| {
        /// The class name.
        Class: Text "class" "Class" = Cell::Text(name(over.row(*row)).to_owned());
        /// How many the base has.
        BaseCount: Program "base_count" "Base count" = Cell::Count(over.row(*row).base.count);
        /// How many the current snapshot has.
        CurrentCount: Number "current_count" "Count" = Cell::Count(over.row(*row).current.count);
        /// How many only the current snapshot has.
        AddedCount: Number "added_count" "New" = added(over.row(*row), |sum| Cell::Count(sum.count));
        /// How many only the base has.
        RemovedCount: Number "removed_count" "Deleted" = removed(over.row(*row), |sum| Cell::Count(sum.count));
        /// The change of how many.
        CountDelta: Number "count_delta" "Delta" = Cell::CountDelta(count_delta(over.row(*row)));
        /// Their size in the base.
        BaseSize: Program "base_size" "Base size" = Cell::Bytes(over.row(*row).base.size);
        /// Their size in the current snapshot.
        CurrentSize: Number "current_size" "Size" = Cell::Bytes(over.row(*row).current.size);
        /// The size of what only the current snapshot has.
        AddedSize: Number "added_size" "New size" = added(over.row(*row), |sum| Cell::Bytes(sum.size));
        /// The size of what only the base has.
        RemovedSize: Number "removed_size" "Deleted size" = removed(over.row(*row), |sum| Cell::Bytes(sum.size));
        /// What objects of both gained.
        GrownSize: Number "grown_size" "Grown" = Cell::of(over.row(*row).changes, |changes| Cell::Bytes(changes.grown_size));
        /// What objects of both lost.
        ShrunkSize: Number "shrunk_size" "Shrunk" = Cell::of(over.row(*row).changes, |changes| Cell::Bytes(changes.shrunk_size));
        /// The change of size.
        SizeDelta: Number "size_delta" "Size delta" = Cell::BytesDelta(size_delta(over.row(*row)));
    }
}

/// How memory that has no objects is called.
const WITHOUT_NODES: &str = "(native memory without objects)";

fn name(row: &ComparedClass) -> JsStr<'_> {
    match &row.subject {
        Subject::Class(class) => class.name.as_js(),
        Subject::WithoutNodes => WITHOUT_NODES.into(),
    }
}

fn added(row: &ComparedClass, cell: impl FnOnce(Sum) -> Cell) -> Cell {
    Cell::of(row.changes.map(|changes| changes.added), cell)
}

fn removed(row: &ComparedClass, cell: impl FnOnce(Sum) -> Cell) -> Cell {
    Cell::of(row.changes.map(|changes| changes.removed), cell)
}

fn count_delta(row: &ComparedClass) -> i64 {
    delta(row.base.count, row.current.count)
}

fn size_delta(row: &ComparedClass) -> i64 {
    delta(row.base.size, row.current.size)
}

impl Pair {
    fn side(snapshot: &Snapshot) -> Side<'_> {
        Side {
            graph: snapshot.graph(),
            dom: snapshot.dom(),
            shallow: snapshot.shallow_sizes(),
        }
    }
}

impl Compared {
    /// The row `ix`.
    pub fn row(&self, ix: RowIx) -> &ComparedClass {
        self.comparison.row(ix)
    }

    /// Whether objects of the two snapshots could be matched.
    pub fn is_matched(&self) -> bool {
        self.comparison.id_space().verdict() == Verdict::Comparable
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
        let IdSpace { agreement, sampled } = self.comparison.id_space();
        let share = agreement.map_or_else(
            || "the snapshots have no telling ids in common".to_owned(),
            |agreement| {
                format!(
                    "of {sampled} ids that both have, {:.1} % name the same thing",
                    agreement * 100.0
                )
            },
        );
        let what = match self.comparison.id_space().verdict() {
            Verdict::Comparable => return None,
            Verdict::Separate => "the snapshots are of different processes",
            Verdict::Doubtful => "it cannot be told whether the snapshots are of one process",
        };
        Some(format!(
            "{what} ({share}): objects cannot be matched, and only the counts and sizes of each side are compared"
        ))
    }
}

impl Query for Compare {
    type Over = Pair;
    type Answer = Arc<Compared>;

    fn run(&self, pair: &Pair, task: &Task) -> Result<Arc<Compared>, Cancelled> {
        let (base, current) = (Pair::side(&pair.base), Pair::side(&pair.current));
        let comparison = Comparison::build(base, current, pair.current.classes(), task)?;
        let rows = || comparison.rows().map(|(_, row)| row);
        let changes = rows().try_fold(Changes::default(), |sum, row| Some(sum.and(row.changes?)));
        Ok(Arc::new(Compared {
            changes,
            rows_delta: rows().map(size_delta).sum(),
            comparison,
            pair: pair.clone(),
        }))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Comparing snapshots")
    }
}

impl Query for ComparedClasses {
    type Over = Compared;
    type Answer = Vec<RowIx>;

    fn run(&self, over: &Compared, task: &Task) -> Result<Vec<RowIx>, Cancelled> {
        let is_wanted = |row: &ComparedClass| {
            (self.unchanged || has_changed(row))
                && self
                    .pattern
                    .as_ref()
                    .is_none_or(|pattern| pattern.matches(name(row)))
        };
        let rows = over.comparison.rows().filter(|(_, row)| is_wanted(row));
        let mut rows: Vec<RowIx> = rows.map(|(ix, _)| ix).collect();
        sort_rows(over, &mut rows, self.order);
        task.check()?;
        Ok(rows)
    }
}

impl Query for ChangedObjects {
    type Over = Compared;
    type Answer = Vec<ChangedObject>;

    /// New objects first, then deleted ones, each heaviest first.
    fn run(&self, over: &Compared, task: &Task) -> Result<Vec<ChangedObject>, Cancelled> {
        let Pair { base, current } = &over.pair;
        let mut added: Vec<InCurrent> = over.comparison.added(self.row, current.classes()).collect();
        let mut removed: Vec<InBase> = over.comparison.removed(self.row).collect();
        sort::by_number(
            &mut added,
            Direction::Descending,
            |InCurrent(node)| current.retained_size(node),
            |run| {
                sort::by_number(
                    run,
                    Direction::Ascending,
                    |InCurrent(node)| current.id(node).0,
                    |_| (),
                );
            },
        );
        sort::by_number(
            &mut removed,
            Direction::Descending,
            |InBase(node)| base.retained_size(node),
            |run| {
                sort::by_number(run, Direction::Ascending, |InBase(node)| base.id(node).0, |_| ());
            },
        );
        task.check()?;
        let added = added.into_iter().map(ChangedObject::Added);
        Ok(added
            .chain(removed.into_iter().map(ChangedObject::Removed))
            .collect())
    }
}

/// Has anything become of the members of `row`, as far as can be told?
fn has_changed(row: &ComparedClass) -> bool {
    match row.changes {
        Some(changes) => {
            changes.added.count + changes.removed.count + changes.grown_size + changes.shrunk_size > 0
        }
        None => row.base != row.current,
    }
}

/// Sorts by any column, equal rows by name, then in the order of the comparison.
fn sort_rows(over: &Compared, rows: &mut [RowIx], order: Order<ComparisonColumn>) {
    let key = |ix| NameKey::of(name(over.row(ix)));
    if order.by == ComparisonColumn::Class {
        sort::by_text(rows, order.direction, key, <[RowIx]>::sort_unstable);
        return;
    }
    let number = |ix: RowIx| {
        use super::Column as _;
        match order.by.cell(over, &ix) {
            Cell::Bytes(number) | Cell::Count(number) => number,
            Cell::BytesDelta(number) | Cell::CountDelta(number) => sort::signed(number),
            _ => 0,
        }
    };
    sort::by_number(rows, order.direction, number, |run| {
        sort::by_text(run, Direction::Ascending, key, <[RowIx]>::sort_unstable);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Column as _;
    use crate::query::testing::{ask, lines, snapshot};

    const BASE: &str = "
        root:synthetic/0 #1 -shortcut:w-> window:object/8 #3 -element:1-> kept=Session:object/16 #5
        window -element:2-> gone=Session:object/32 #7
        window -element:3-> grows=Buffer:object/100 #9
        window -element:4-> same=Map:object/8 #11
    ";
    const CURRENT: &str = "
        root:synthetic/0 #1 -shortcut:w-> window:object/8 #3 -element:1-> kept=Session:object/16 #5
        window -element:2-> new=Session:object/48 #21 -element:1-> newer=Session:object/64 #23
        window -element:3-> grows=Buffer:object/150 #9
        window -element:4-> same=Map:object/8 #11
    ";

    fn compared(base: &str, current: &str) -> Arc<Compared> {
        let pair = Pair {
            base: Arc::new(snapshot(base)),
            current: Arc::new(snapshot(current)),
        };
        ask(&Compare, &pair)
    }

    fn rows(over: &Compared, unchanged: bool, order: Order<ComparisonColumn>) -> Vec<RowIx> {
        ask(
            &ComparedClasses {
                pattern: None,
                unchanged,
                order,
            },
            over,
        )
    }

    #[test]
    fn rows_tell_what_became_of_each_class() {
        let over = compared(BASE, CURRENT);
        assert!(over.is_matched(), "{:?}", over.comparison.id_space());
        let rows = rows(&over, false, over.default_order());
        assert_eq!(
            lines(&*over, &rows, ComparisonColumn::ALL),
            [
                "Session 2 3 2 1 1 48 128 112 32 0 0 80",
                "Buffer 1 1 0 0 0 100 150 0 0 50 0 50"
            ]
        );
        assert_eq!((over.size_delta(), over.problem()), (130, None));
    }

    #[test]
    fn every_column_sorts_and_names_break_ties() {
        let over = compared(BASE, CURRENT);
        let classes = |order| lines(&*over, &rows(&over, true, order), &[ComparisonColumn::Class]).join(" ");
        assert_eq!(
            classes(Order::ascending(ComparisonColumn::Class)),
            "Buffer Map Session window"
        );
        assert_eq!(
            classes(Order::descending(ComparisonColumn::SizeDelta)),
            "Session Buffer Map window"
        );
        assert_eq!(
            classes(Order::ascending(ComparisonColumn::CountDelta)),
            "Buffer Map window Session"
        );
        assert_eq!(
            classes(Order::descending(ComparisonColumn::BaseSize)),
            "Buffer Session Map window"
        );
    }

    #[test]
    fn new_objects_stand_before_deleted_ones() {
        let over = compared(BASE, CURRENT);
        let row = rows(&over, true, over.default_order())[0];
        let ids: Vec<_> = ask(&ChangedObjects { row }, &over)
            .into_iter()
            .map(|object| match object {
                ChangedObject::Added(InCurrent(node)) => format!("+{}", over.pair.current.id(node)),
                ChangedObject::Removed(InBase(node)) => format!("-{}", over.pair.base.id(node)),
            })
            .collect();
        assert_eq!(ids, ["+@21", "+@23", "-@7"]);
    }

    #[test]
    fn different_processes_are_not_matched() {
        let other = CURRENT
            .replace("Session", "Order")
            .replace("Buffer", "Queue")
            .replace("Map", "Set");
        let over = compared(BASE, &other);
        assert!(!over.is_matched());
        let rows = rows(&over, false, over.default_order());
        assert_eq!(
            lines(&*over, &rows[..2], ComparisonColumn::ALL),
            [
                "Queue 0 1 - - 1 0 150 - - - - 150",
                "Order 0 3 - - 3 0 128 - - - - 128"
            ]
        );
        assert!(over.problem().is_some());
    }
}
