//! What would go with an object, split by what it immediately dominates?

use super::name_key::NameKey;
use super::nodes::NodeColumn;
use super::{Cell, Direction, Order, Query, sort};
use crate::analysis::dominated_counts;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::columns;
use crate::snapshot::Snapshot;

/// Asks what an object immediately dominates. With the object's own size their retained sizes sum to its retained size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dominated {
    /// The object.
    pub node: NodeIx,
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
            order: Self::DEFAULT_ORDER,
        }
    }
}

impl Query for Dominated {
    type Over = Snapshot;
    type Answer = Vec<DominatedRow>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<DominatedRow>, Cancelled> {
        let dominated = snapshot.dominators().dominated(self.node);
        if dominated.is_empty() {
            return Ok(Vec::new());
        }
        let counts = dominated_counts::build(snapshot.dominators(), snapshot.graph().root(), task)?;
        let row = |node: NodeIx| DominatedRow {
            node,
            count: counts[node.at()],
        };
        let mut rows: Vec<DominatedRow> = dominated.into_iter().map(row).collect();
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
