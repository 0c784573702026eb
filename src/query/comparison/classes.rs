//! The rows of a comparison: classes, and what is gathered below them.

use super::{Compared, RowIx};
use crate::analysis::comparison::{Sum, Sums};
use crate::base::index::Ix as _;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::query::name_key::NameKey;
use crate::query::pattern::Pattern;
use crate::query::{Cell, Column as _, Direction, Order, Query, sort};

/// Asks for the classes of a comparison. All rows together sum to all changes, but for classes that the pattern leaves out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedClasses {
    /// Only classes whose name matches.
    pub pattern: Option<Pattern>,
    /// Also classes of which nothing was added or removed and nothing grew or shrank.
    pub unchanged: bool,
    /// Classes whose size changed by fewer bytes are gathered in one row.
    pub least: u64,
    /// Is what is there only for the snapshots' sake set apart in a row of its own?
    pub cost_apart: bool,
    /// Does an interface that got another name have two rows, as in DevTools: what there was of it is told where the classes
    /// of the current snapshot take it to be? (Where objects are matched.)
    pub renamed_apart: bool,
    /// How classes are sorted; equal ones by name.
    pub order: Order<ComparisonColumn>,
}

/// A row of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComparedRow {
    /// Whose row it is.
    pub of: RowOf,
    /// What there was, what there is, and what became of it.
    pub sums: Sums,
}

/// Whose row it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowOf {
    /// A class's.
    Class(RowIx),
    /// What is there only because snapshots were taken.
    Cost,
    /// So many classes that changed too little for rows of their own.
    Below(u64),
}

columns! {
    /// Columns of a comparison.
    pub enum ComparisonColumn: |over: Compared, row: ComparedRow| {
        /// The class name.
        Class: Text "class" "Class" = Cell::Text(name(over, row.of));
        /// How many the base has.
        BaseCount: Program "base_count" "Base count" = Cell::Count(row.sums.base.count);
        /// How many the current snapshot has.
        CurrentCount: Number "current_count" "Count" = Cell::Count(row.sums.current.count);
        /// How many only the current snapshot has.
        AddedCount: Number "added_count" "Added" = of_changes(row, |sums| Cell::Count(sums[0].count));
        /// How many only the base has.
        RemovedCount: Number "removed_count" "Removed" = of_changes(row, |sums| Cell::Count(sums[1].count));
        /// The change of how many.
        CountDelta: Number "count_delta" "Delta" = Cell::CountDelta(row.sums.count_delta());
        /// Their size in the base.
        BaseSize: Program "base_size" "Base size" = Cell::Bytes(row.sums.base.size);
        /// Their size in the current snapshot.
        CurrentSize: Number "current_size" "Size" = Cell::Bytes(row.sums.current.size);
        /// The size of what only the current snapshot has.
        AddedSize: Number "added_size" "Added size" = of_changes(row, |sums| Cell::Bytes(sums[0].size));
        /// The size of what only the base has.
        RemovedSize: Number "removed_size" "Removed size" = of_changes(row, |sums| Cell::Bytes(sums[1].size));
        /// What objects of both gained.
        GrownSize: Number "grown_size" "Grown" = of_changes(row, |sums| Cell::Bytes(sums[2].size));
        /// What objects of both lost.
        ShrunkSize: Number "shrunk_size" "Shrunk" = of_changes(row, |sums| Cell::Bytes(sums[3].size));
        /// The change of size.
        SizeDelta: Number "size_delta" "Size delta" = Cell::BytesDelta(row.sums.size_delta());
        /// How many objects of both gained.
        GrownCount: Program "grown_count" "Grown objects" = of_changes(row, |sums| Cell::Count(sums[2].count));
        /// How many objects of both lost.
        ShrunkCount: Program "shrunk_count" "Shrunk objects" = of_changes(row, |sums| Cell::Count(sums[3].count));
        /// Their size in the base as a share of it.
        BaseShare: Program "base_share" "% of base" = ratio(over.pair.base.total_size(), row.sums.base.size);
        /// Their size in the current snapshot as a share of it.
        CurrentShare: Program "current_share" "% of current" = ratio(over.pair.current.total_size(), row.sums.current.size);
        /// The change of size as a share of what they had in the base.
        ClassShare: Program "class_delta_share" "% of class" = signed_ratio(row.sums.base.size, row.sums.size_delta());
        /// The change of size as a share of the current snapshot.
        DeltaShare: Program "size_delta_share" "% of heap" = signed_ratio(over.pair.current.total_size(), row.sums.size_delta());
        /// What the class was called in the base, if otherwise.
        Former: Program "former_class" "Was" = former(over, row.of);
        /// How many it had in the base under that name.
        FormerCount: Program "former_count" "Were" = taken(over, row.of, |sum| Cell::Count(sum.count));
        /// Their size in the base.
        FormerSize: Program "former_size" "Were, B" = taken(over, row.of, |sum| Cell::Bytes(sum.size));
    }
}

impl ComparedClasses {
    /// All classes with all they have, by `order`.
    pub fn all(order: Order<ComparisonColumn>) -> Self {
        Self {
            pattern: None,
            unchanged: true,
            least: 0,
            cost_apart: false,
            renamed_apart: false,
            order,
        }
    }
}

/// What a row is called.
fn name(over: &Compared, of: RowOf) -> JsString {
    match of {
        RowOf::Class(row) => over.row(row).name().to_owned(),
        RowOf::Cost => "(cost of taking the snapshot)".into(),
        RowOf::Below(1) => "(1 class below the threshold)".into(),
        RowOf::Below(count) => format!("({count} classes below the threshold)").into(),
    }
}

fn former(over: &Compared, of: RowOf) -> Cell {
    match of {
        RowOf::Class(row) => Cell::of(over.row(row).former.clone(), Cell::Text),
        RowOf::Cost | RowOf::Below(_) => Cell::None,
    }
}

/// A cell of what the base has of a class under another name.
fn taken(over: &Compared, of: RowOf, cell: impl FnOnce(Sum) -> Cell) -> Cell {
    let RowOf::Class(row) = of else {
        return Cell::None;
    };
    let taken = over.row(row).taken.iter().map(|taken| taken.sums.base);
    Cell::of(taken.reduce(Sum::and), cell)
}

/// What there is of each class: with `renamed_apart` as DevTools tells it.
fn sums(over: &Compared, cost_apart: bool, renamed_apart: bool) -> Vec<Sums> {
    let without = |sums: Sums, cost| if cost_apart { sums.without(cost) } else { sums };
    let rows = || over.comparison.rows();
    let mut all: Vec<Sums> = rows().map(|(_, row)| without(row.sums, row.cost)).collect();
    if renamed_apart && over.is_matched() {
        for (ix, row) in rows() {
            for taken in &row.taken {
                let part = without(taken.sums, taken.cost);
                all[ix.at()] = all[ix.at()].without(part);
                all[taken.from.at()] = all[taken.from.at()].and(part);
            }
        }
    }
    all
}

/// A cell of what was added, removed, what grew and what shrank.
fn of_changes(row: &ComparedRow, cell: impl FnOnce([Sum; 4]) -> Cell) -> Cell {
    Cell::of(row.sums.changes, |changes| {
        cell([changes.added, changes.removed, changes.grown, changes.shrunk])
    })
}

#[expect(clippy::cast_precision_loss, reason = "a share is shown with a few digits")]
fn ratio(of: u64, part: u64) -> Cell {
    if of == 0 {
        Cell::None
    } else {
        Cell::Ratio(part as f64 / of as f64)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share is shown with a few digits")]
fn signed_ratio(of: u64, part: i64) -> Cell {
    if of == 0 {
        Cell::None
    } else {
        Cell::Ratio(part as f64 / of as f64)
    }
}

impl Query for ComparedClasses {
    type Over = Compared;
    type Answer = Vec<ComparedRow>;

    /// Classes, then the cost of the snapshots if it is set apart and there is any, then what is below the threshold.
    fn run(&self, over: &Compared, task: &Task) -> Result<Vec<ComparedRow>, Cancelled> {
        let mut rows = Vec::new();
        let mut below: Option<(u64, Sums)> = None;
        let all = sums(over, self.cost_apart, self.renamed_apart);
        for ((ix, row), sums) in over.comparison.rows().zip(all) {
            let matches = |pattern: &Pattern| pattern.matches(row.name());
            if sums.is_empty()
                || !(self.unchanged || sums.have_changed())
                || !self.pattern.as_ref().is_none_or(matches)
            {
                continue;
            }
            if sums.size_delta().unsigned_abs() < self.least {
                below = Some(match below {
                    None => (1, sums),
                    Some((count, others)) => (count + 1, others.and(sums)),
                });
            } else {
                rows.push(ComparedRow {
                    of: RowOf::Class(ix),
                    sums,
                });
            }
        }
        sort_rows(over, &mut rows, self.order);
        if self.cost_apart && over.has_cost() {
            rows.push(ComparedRow {
                of: RowOf::Cost,
                sums: over.cost,
            });
        }
        rows.extend(below.map(|(count, sums)| ComparedRow {
            of: RowOf::Below(count),
            sums,
        }));
        task.check()?;
        Ok(rows)
    }
}

/// Sorts by any column, equal rows by name, then in the order of the comparison.
fn sort_rows(over: &Compared, rows: &mut [ComparedRow], order: Order<ComparisonColumn>) {
    let class = |row: ComparedRow| match row.of {
        RowOf::Class(ix) => Some(ix),
        RowOf::Cost | RowOf::Below(_) => None,
    };
    let key = |row: ComparedRow| {
        class(row).map_or_else(|| NameKey::of("".into()), |ix| NameKey::of(over.row(ix).name()))
    };
    let in_order = |run: &mut [ComparedRow]| run.sort_unstable_by_key(|&row| class(row));
    if matches!(order.by, ComparisonColumn::Class | ComparisonColumn::Former) {
        sort::by_text(rows, order.direction, key, in_order);
        return;
    }
    let number = |row: ComparedRow| match order.by.cell(over, &row) {
        Cell::Bytes(number) | Cell::Count(number) => number,
        Cell::BytesDelta(number) | Cell::CountDelta(number) => sort::signed(number),
        Cell::Ratio(share) => sort::signed(millionths(share)),
        _ => match order.by {
            ComparisonColumn::ClassShare => new_before_others(row),
            _ => 0,
        },
    };
    sort::by_number(rows, order.direction, number, |run| {
        sort::by_text(run, Direction::Ascending, key, in_order);
    });
}

/// What a class that was not there has grown by is more than any share.
fn new_before_others(row: ComparedRow) -> u64 {
    match row.sums.size_delta() {
        0 => sort::signed(0),
        _ => u64::MAX,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a number that is too large is as large as can be"
)]
fn millionths(share: f64) -> i64 {
    (share * 1e12) as i64
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::comparison::Matching;
    use crate::query::comparison::tests::{BASE, CURRENT, compared, compared_by};
    use crate::query::testing::{ask, lines};

    /// The columns that the command line promises.
    fn promised() -> &'static [ComparisonColumn] {
        &ComparisonColumn::ALL[..13]
    }

    fn rows(over: &Compared, unchanged: bool, order: Order<ComparisonColumn>) -> Vec<ComparedRow> {
        let question = ComparedClasses {
            unchanged,
            ..ComparedClasses::all(order)
        };
        ask(&question, over)
    }

    #[test]
    fn rows_tell_what_became_of_each_class() {
        let over = compared(BASE, CURRENT);
        assert!(over.is_matched(), "{:?}", over.comparison.id_space());
        let rows = rows(&over, false, over.default_order());
        assert_eq!(
            lines(&*over, &rows, promised()),
            [
                "Session 2 3 2 1 1 48 128 112 32 0 0 80",
                "Buffer 1 1 0 0 0 100 150 0 0 50 0 50"
            ]
        );
        assert_eq!(lines(&*over, &rows[1..], &[ComparisonColumn::GrownCount]), ["1"]);
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
        assert_eq!(
            classes(Order::descending(ComparisonColumn::ClassShare)),
            "Session Buffer Map window"
        );
    }

    #[test]
    fn small_changes_are_gathered_and_sums_stay_exact() {
        let over = compared(BASE, CURRENT);
        let question = ComparedClasses {
            least: 60,
            unchanged: false,
            ..ComparedClasses::all(over.default_order())
        };
        let rows = ask(&question, &over);
        assert_eq!(
            lines(
                &*over,
                &rows,
                &[ComparisonColumn::Class, ComparisonColumn::SizeDelta]
            ),
            ["Session 80", "(1 class below the threshold) 50"]
        );
        let sum: i64 = rows.iter().map(|row| row.sums.size_delta()).sum();
        assert_eq!(sum, over.size_delta());
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
            lines(&*over, &rows[..2], promised()),
            [
                "Queue 0 1 - - 1 0 150 - - - - 150",
                "Order 0 3 - - 3 0 128 - - - - 128"
            ]
        );
        assert!(over.problem().is_some());
    }

    #[test]
    fn classes_can_be_compared_though_objects_could_be() {
        let over = compared_by(BASE, CURRENT, Matching::ByClass);
        assert_eq!((over.is_matched(), over.problem()), (false, None));
        let rows = rows(&over, false, over.default_order());
        assert_eq!(
            lines(&*over, &rows, promised())[0],
            "Session 2 3 - - 1 48 128 - - - - 80"
        );
    }

    const STREAM: &str = "
        window -s-> HeapSnapshotStream:object/500 #91 -c-> Session:object/30 #93
    ";

    fn named_rows(over: &Arc<Compared>, cost_apart: bool) -> Vec<String> {
        let question = ComparedClasses {
            unchanged: false,
            cost_apart,
            ..ComparedClasses::all(over.default_order())
        };
        let shown = [
            ComparisonColumn::Class,
            ComparisonColumn::AddedCount,
            ComparisonColumn::SizeDelta,
        ];
        lines(&**over, &ask(&question, &**over), &shown)
    }

    #[test]
    fn the_cost_of_the_snapshot_is_set_apart() {
        let over = compared(BASE, &(CURRENT.to_owned() + STREAM));
        assert_eq!(
            named_rows(&over, false),
            ["HeapSnapshotStream 1 500", "Session 3 110", "Buffer 0 50"]
        );
        assert_eq!(
            named_rows(&over, true),
            [
                "Session 2 80",
                "Buffer 0 50",
                "(cost of taking the snapshot) 2 530"
            ]
        );
        let back = compared(&(BASE.to_owned() + STREAM), CURRENT);
        assert_eq!(named_rows(&back, true)[2], "(cost of taking the snapshot) 0 -530");
        let kept = compared(&(BASE.to_owned() + STREAM), &(CURRENT.to_owned() + STREAM));
        assert_eq!(named_rows(&kept, true), ["Session 2 80", "Buffer 0 50"]);
    }
}
