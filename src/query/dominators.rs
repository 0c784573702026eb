//! What would go with an object, split by what it immediately dominates?

use super::name_key::NameKey;
use super::nodes::NodeColumn;
use super::passing::{Passing, passes};
use super::{Cell, Direction, Order, Query, sort};
use crate::analysis::dominator_order::DominatorOrder;
use crate::base::index::{ClassIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::columns;
use crate::snapshot::Snapshot;

/// Asks what an object immediately dominates. With the object's own size their retained sizes sum to its retained size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dominated {
    /// The object.
    pub node: NodeIx,
    /// Only objects of this class.
    pub class: Option<ClassIx>,
    /// Only what holds some of these, counted by these alone.
    pub only: Option<Passing>,
    /// How the rows are sorted; equal ones by id.
    pub order: Order<DominatedColumn>,
}

/// An object and what it dominates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DominatedRow {
    /// The object.
    pub node: NodeIx,
    /// How many objects would go with it, itself included; of those that are asked about.
    pub count: u32,
    /// Their shallow sizes together, in bytes: its retained size, if all are asked about.
    pub held_size: u64,
}

columns! {
    /// Columns of the dominator tree.
    pub enum DominatedColumn: |snapshot: Snapshot, row: DominatedRow| {
        /// V8's id.
        Id: Number "id" "Id" = NodeColumn::Id.cell(snapshot, &row.node);
        /// Its displayed name.
        Name: Text "name" "Name" = NodeColumn::Name.cell(snapshot, &row.node);
        /// Its type.
        Type: Text "type" "Type" = NodeColumn::Type.cell(snapshot, &row.node);
        /// Its class.
        Class: Text "class" "Class" = NodeColumn::Class.cell(snapshot, &row.node);
        /// How many objects would go with it, itself included.
        Count: Number "count" "Objects" = Cell::Count(u64::from(row.count));
        /// Its own size.
        ShallowSize: Number "shallow_size" "Shallow size" = NodeColumn::ShallowSize.cell(snapshot, &row.node);
        /// What would go with it.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.held_size);
    }
}

impl Dominated {
    /// Heaviest first.
    pub const DEFAULT_ORDER: Order<DominatedColumn> = Order::descending(DominatedColumn::RetainedSize);

    /// Asks what `node` dominates, heaviest first.
    pub fn by(node: NodeIx) -> Self {
        Self {
            node,
            class: None,
            only: None,
            order: Self::DEFAULT_ORDER,
        }
    }
}

impl Query for Dominated {
    type Over = Snapshot;
    type Answer = Vec<DominatedRow>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<DominatedRow>, Cancelled> {
        let dominators = snapshot.dominators();
        let order = DominatorOrder::from_dominators(dominators, task)?;
        let is_wanted = |node| self.class.is_none_or(|class| snapshot.class_of(node) == class);
        let mut rows = Vec::new();
        // In this order everything an object dominates comes right behind it, up to a known place.
        let mut inside: Option<(DominatedRow, u32)> = None;
        for (place, (node, end)) in (0..).zip(order.iter()) {
            if let Some((row, _)) = inside.take_if(|(_, end)| *end == place) {
                rows.extend((row.count > 0).then_some(row));
            }
            if dominators.of(node) == self.node && node != self.node && is_wanted(node) {
                let row = DominatedRow {
                    node,
                    count: 0,
                    held_size: 0,
                };
                if self.only.is_some() {
                    inside = Some((row, end));
                } else {
                    let (count, held_size) = (end - place, snapshot.retained_size(node));
                    rows.push(DominatedRow {
                        count,
                        held_size,
                        ..row
                    });
                }
            }
            if let Some((row, _)) = &mut inside
                && passes(self.only.as_ref(), node)
            {
                row.count += 1;
                row.held_size += snapshot.shallow_size(node);
            }
        }
        if let Some((row, _)) = inside {
            rows.extend((row.count > 0).then_some(row));
        }
        sort_dominated(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(rows)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Splitting by dominator")
    }
}

fn sort_dominated(snapshot: &Snapshot, rows: &mut [DominatedRow], order: Order<DominatedColumn>) {
    let by_id = |run: &mut [DominatedRow]| {
        sort::by_number(run, Direction::Ascending, |row| snapshot.id(row.node).0, |_| ());
    };
    let way = order.direction;
    match order.by {
        DominatedColumn::Id => sort::by_number(rows, way, |row| snapshot.id(row.node).0, |_| ()),
        DominatedColumn::Name => {
            sort::by_text(rows, way, |row| NameKey::of_node(snapshot, row.node), by_id);
        }
        DominatedColumn::Type => {
            let kind = |row: DominatedRow| NameKey::of(JsStr::from(snapshot.graph().kind_name(row.node)));
            sort::by_text(rows, way, kind, by_id);
        }
        DominatedColumn::Class => {
            sort::by_text(
                rows,
                way,
                |row| NameKey::of_class(snapshot, snapshot.class_of(row.node)),
                by_id,
            );
        }
        DominatedColumn::Count => sort::by_number(rows, way, |row| u64::from(row.count), by_id),
        DominatedColumn::ShallowSize => {
            sort::by_number(rows, way, |row| snapshot.shallow_size(row.node), by_id);
        }
        DominatedColumn::RetainedSize => {
            sort::by_number(rows, way, |row| row.held_size, by_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::filters::NodeFilter;
    use crate::graph::ObjectId;
    use crate::query::Column as _;
    use crate::query::passing::FindPassing;
    use crate::query::testing::{ask, lines, named, snapshot};

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:object/8 -a-> a:object/10 -x-> shared:object/1000
        window -b-> b:object/20 -x-> shared
        b -own-> own:object/100 -more-> more:object/1
    ";

    #[test]
    fn the_rows_sum_to_what_the_object_retains() {
        let snapshot = snapshot(HEAP);
        let window = named(&snapshot, "window");
        let rows = ask(&Dominated::by(window), &snapshot);
        assert_eq!(
            lines(&snapshot, &rows, DominatedColumn::ALL),
            [
                "@7 shared object shared 1 1000 1000",
                "@9 b object b 3 20 121",
                "@5 a object a 1 10 10",
            ]
        );
        let sum: u64 = rows.iter().map(|row| snapshot.retained_size(row.node)).sum();
        assert_eq!(
            sum + snapshot.shallow_size(window),
            snapshot.retained_size(window)
        );
    }

    #[test]
    fn every_column_sorts() {
        let snapshot = snapshot(HEAP);
        let node = named(&snapshot, "window");
        let names = |order| {
            let rows = ask(
                &Dominated {
                    order,
                    ..Dominated::by(node)
                },
                &snapshot,
            );
            lines(&snapshot, &rows, &[DominatedColumn::Name]).join(" ")
        };
        assert_eq!(names(Order::ascending(DominatedColumn::Name)), "a b shared");
        assert_eq!(names(Order::descending(DominatedColumn::Class)), "shared b a");
        assert_eq!(names(Order::descending(DominatedColumn::Count)), "b a shared");
        assert_eq!(
            names(Order::ascending(DominatedColumn::ShallowSize)),
            "a b shared"
        );
        assert_eq!(names(Order::ascending(DominatedColumn::Id)), "a shared b");
        assert_eq!(names(Order::ascending(DominatedColumn::Type)), "a shared b");
    }

    #[test]
    fn what_passes_a_filter_is_counted_where_it_hangs() {
        let snapshot = snapshot(
            "root:synthetic/0 -shortcut:w-> window:object/8 #3 -a-> old:object/10 #5 -x-> new:object/100 #21
            window -b-> fresh:object/20 #23 -y-> aged:object/7 #7
            window -c-> none:object/40 #9",
        );
        let filter = NodeFilter::AllocatedBetween {
            after: ObjectId(9),
            through: ObjectId(99),
        };
        let question = Dominated {
            only: ask(&FindPassing { filter }, &snapshot),
            ..Dominated::by(named(&snapshot, "window"))
        };
        let rows = ask(&question, &snapshot);
        let columns = [
            DominatedColumn::Name,
            DominatedColumn::Count,
            DominatedColumn::RetainedSize,
        ];
        assert_eq!(lines(&snapshot, &rows, &columns), ["old 1 100", "fresh 1 20"]);
        // The slow way: every object that passes, under the row above it.
        let held: u64 = rows.iter().map(|row| row.held_size).sum();
        assert_eq!(held, question.only.unwrap().shallow_size());
    }

    #[test]
    fn a_leaf_dominates_nothing() {
        let snapshot = snapshot(HEAP);
        assert_eq!(ask(&Dominated::by(named(&snapshot, "more")), &snapshot), []);
    }
}
