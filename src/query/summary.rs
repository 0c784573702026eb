//! What classes of objects are there, and what do they weigh?

use rustc_hash::FxHashMap;

use super::name_key::NameKey;
use super::pattern::Pattern;
use super::{Cell, Order, Query, filtered, sort};
use crate::analysis::class_totals::ClassTotals;
use crate::analysis::filters::NodeFilter;
use crate::base::index::ClassIx;
use crate::base::task::{Cancelled, Task};
use crate::columns;
use crate::query::Direction;
use crate::snapshot::Snapshot;

/// Asks for the classes with members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// Only classes whose name matches.
    pub pattern: Option<Pattern>,
    /// Only these nodes count as members.
    pub filter: NodeFilter,
    /// How classes are sorted; equal ones by retained size or name, as in DevTools.
    pub order: Order<SummaryColumn>,
}

/// The classes, and what they come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryAnswer {
    /// One row a class.
    pub rows: Vec<ClassTotals>,
    /// How many objects the rows count.
    pub count: u64,
    /// Their shallow sizes together, in bytes.
    pub shallow_size: u64,
}

columns! {
    /// Columns of the Summary.
    pub enum SummaryColumn: |snapshot: Snapshot, row: ClassTotals| {
        /// The class name.
        Class: Text "class" "Class" = Cell::Text(snapshot.classes().class(row.class).name.clone());
        /// What tells classes of one name apart.
        ClassKey: Program "class_key" "Class key" = Cell::Text(snapshot.classes().class(row.class).key());
        /// How many objects.
        Count: Number "count" "Count" = Cell::Count(row.count);
        /// The distance of the nearest.
        Distance: Number "distance" "Distance" = Cell::Distance(row.distance);
        /// Which roots reach the nearest.
        Reach: Program "reach" "Reach" = Cell::reach(row.distance);
        /// Their own sizes together.
        ShallowSize: Number "shallow_size" "Shallow size" = Cell::Bytes(row.shallow_size);
        /// What would go with them.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.retained_size);
    }
}

impl Summary {
    /// The order in which DevTools shows them first.
    pub const DEFAULT_ORDER: Order<SummaryColumn> = Order::descending(SummaryColumn::RetainedSize);
}

impl Default for Summary {
    fn default() -> Self {
        Self {
            pattern: None,
            filter: NodeFilter::All,
            order: Self::DEFAULT_ORDER,
        }
    }
}

impl Query for Summary {
    type Over = Snapshot;
    type Answer = SummaryAnswer;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<SummaryAnswer, Cancelled> {
        let mut rows = filtered::class_totals(snapshot, self.filter, task)?.into_owned();
        if let Some(pattern) = &self.pattern {
            rows.retain(|row| pattern.matches(snapshot.classes().class(row.class).name.as_js()));
        }
        sort_classes(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(SummaryAnswer {
            count: rows.iter().map(|row| row.count).sum(),
            shallow_size: rows.iter().map(|row| row.shallow_size).sum(),
            rows,
        })
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Summing up classes")
    }
}

/// Sorts classes: by sizes and counts with names for ties, by names and distances with retained sizes; what is alike then
/// keeps the order in which the classes first appear in the file.
fn sort_classes(snapshot: &Snapshot, rows: &mut [ClassTotals], order: Order<SummaryColumn>) {
    // Class numbers are handed out by first appearance among all nodes, rows stand by first appearance among the counted.
    let place: FxHashMap<ClassIx, u64> = (0..).zip(rows.iter()).map(|(at, row)| (row.class, at)).collect();
    let by_place = |run: &mut [ClassTotals]| {
        sort::by_number(
            run,
            Direction::Ascending,
            |row| place.get(&row.class).copied().unwrap_or(0),
            |_| (),
        );
    };
    let name = |row: ClassTotals| NameKey::of_class(snapshot, row.class);
    let by_name = |run: &mut [ClassTotals]| sort::by_text(run, Direction::Ascending, name, by_place);
    let by_retained = |run: &mut [ClassTotals]| {
        sort::by_number(run, Direction::Descending, |row| row.retained_size, by_place);
    };
    let way = order.direction;
    match order.by {
        SummaryColumn::Class | SummaryColumn::ClassKey => sort::by_text(rows, way, name, by_retained),
        SummaryColumn::Count => sort::by_number(rows, way, |row| row.count, by_name),
        SummaryColumn::Distance | SummaryColumn::Reach => {
            sort::by_number(
                rows,
                way,
                |row| sort::signed(row.distance.sort_key()),
                by_retained,
            );
        }
        SummaryColumn::ShallowSize => sort::by_number(rows, way, |row| row.shallow_size, by_name),
        SummaryColumn::RetainedSize => sort::by_number(rows, way, |row| row.retained_size, by_name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Column as _;
    use crate::query::pattern::Syntax;
    use crate::query::testing::{ask, lines, snapshot};

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:object/8 -a-> m1=Map:object/32 -k-> k1=key:string/16
        window -b-> m2=Map:object/32 -k-> k2=KEY:string/24
        window -c-> Set:object/88
        window -d-> (keys):object/64
        root -element:1-> odd:code/64
    ";

    fn classes(question: &Summary, snapshot: &Snapshot) -> Vec<String> {
        lines(snapshot, &ask(question, snapshot).rows, &[SummaryColumn::Class])
    }

    #[test]
    fn classes_stand_as_in_devtools() {
        let snapshot = snapshot(HEAP);
        let answer = ask(&Summary::default(), &snapshot);
        assert_eq!(
            lines(&snapshot, &answer.rows, SummaryColumn::ALL),
            [
                "window ,window 1 1 user 8 264",
                "Map ,Map 2 2 user 64 104",
                "Set ,Set 1 2 user 88 88",
                "(compiled code) ,(compiled code) 1 1 user 64 64",
                "(keys) ,(keys) 1 2 user 64 64",
                "(string) ,(string) 2 3 user 40 40",
            ]
        );
        assert_eq!((answer.count, answer.shallow_size), (8, 328));
    }

    #[test]
    fn every_column_sorts() {
        let snapshot = snapshot(HEAP);
        let sorted = |order| {
            classes(
                &Summary {
                    order,
                    ..Summary::default()
                },
                &snapshot,
            )
            .join(" ")
        };
        assert_eq!(
            sorted(Order::ascending(SummaryColumn::Class)),
            "(compiled code) (keys) (string) Map Set window"
        );
        assert_eq!(
            sorted(Order::descending(SummaryColumn::Count)),
            "(string) Map (compiled code) (keys) Set window"
        );
        assert_eq!(
            sorted(Order::ascending(SummaryColumn::Distance)),
            "window (compiled code) Map Set (keys) (string)"
        );
        assert_eq!(
            sorted(Order::descending(SummaryColumn::ShallowSize)),
            "Set (compiled code) (keys) Map (string) window"
        );
    }

    #[test]
    fn text_and_filter_narrow_it() {
        let snapshot = snapshot(HEAP);
        let pattern = Some(Pattern::new("S", Syntax::Substring, false).unwrap());
        let by_text = Summary {
            pattern,
            ..Summary::default()
        };
        assert_eq!(classes(&by_text, &snapshot), ["Set", "(keys)", "(string)"]);
        let filter = NodeFilter::DuplicatedStrings;
        assert_eq!(
            classes(
                &Summary {
                    filter,
                    ..Summary::default()
                },
                &snapshot
            ),
            [""; 0]
        );
    }

    #[test]
    fn work_that_is_called_off_ends() {
        let snapshot = snapshot(HEAP);
        let task = Task::new();
        task.cancel();
        assert_eq!(Summary::default().run(&snapshot, &task), Err(Cancelled));
    }
}
