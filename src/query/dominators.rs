//! What would go with an object, split by what it immediately dominates?

use super::name_key::NameKey;
use super::nodes::NodeColumn;
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
    /// How the rows are sorted; equal ones by id.
    pub order: Order<DominatedColumn>,
}

/// An object and how many it dominates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DominatedRow {
    /// The object.
    pub node: NodeIx,
    /// How many objects would go with it, itself included.
    pub count: u32,
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
        RetainedSize: Number "retained_size" "Retained size" = NodeColumn::RetainedSize.cell(snapshot, &row.node);
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
        let mut rows = Vec::new();
        // In this order everything an object dominates comes right behind it, up to a known place.
        for (place, (node, end)) in (0..).zip(order.iter()) {
            let is_wanted = |node| self.class.is_none_or(|class| snapshot.class_of(node) == class);
            if dominators.of(node) == self.node && node != self.node && is_wanted(node) {
                let count = end - place;
                rows.push(DominatedRow { node, count });
            }
        }
        sort_dominated(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(rows)
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
            sort::by_number(rows, way, |row| snapshot.retained_size(row.node), by_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Column as _;
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
    fn a_leaf_dominates_nothing() {
        let snapshot = snapshot(HEAP);
        assert_eq!(ask(&Dominated::by(named(&snapshot, "more")), &snapshot), []);
    }
}
