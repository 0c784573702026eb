//! What does an object hold?

use super::edges::{EdgeColumn, EdgeRow, EdgeSort};
use super::{Direction, Order, Query};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::columns;
use crate::snapshot::Snapshot;

/// Asks for an object's outgoing edges, weak and hidden ones included: also the rows of Containment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// The object.
    pub node: NodeIx,
    /// How its edges are sorted.
    pub order: Order<EdgeColumn>,
}

columns! {
    /// What is written of each edge.
    pub enum OutgoingColumn: |snapshot: Snapshot, row: EdgeRow| {
        /// What the edge is called.
        EdgeName: Text "edge_name" "Edge" = EdgeColumn::EdgeName.cell(snapshot, row);
        /// The edge's type.
        EdgeType: Text "edge_type" "Edge type" = EdgeColumn::EdgeType.cell(snapshot, row);
        /// V8's id of the target.
        Id: Number "id" "Id" = EdgeColumn::Id.cell(snapshot, row);
        /// The target's displayed name.
        Name: Text "name" "Name" = EdgeColumn::Name.cell(snapshot, row);
        /// The target's type.
        Type: Text "type" "Type" = EdgeColumn::Type.cell(snapshot, row);
        /// The target's own size.
        ShallowSize: Number "shallow_size" "Shallow size" = EdgeColumn::ShallowSize.cell(snapshot, row);
        /// What would go with the target.
        RetainedSize: Number "retained_size" "Retained size" = EdgeColumn::RetainedSize.cell(snapshot, row);
    }
}

impl Object {
    /// The order in which DevTools shows them first.
    pub const DEFAULT_ORDER: Order<EdgeColumn> = Order::descending(EdgeColumn::RetainedSize);

    /// Asks for the edges of `node` in the default order.
    pub fn of(node: NodeIx) -> Self {
        Self {
            node,
            order: Self::DEFAULT_ORDER,
        }
    }

    /// Asks for the children of the root, where Containment begins.
    pub fn root(snapshot: &Snapshot) -> Self {
        Self::of(snapshot.graph().root())
    }
}

impl Query for Object {
    type Over = Snapshot;
    type Answer = Vec<EdgeRow>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<EdgeRow>, Cancelled> {
        let graph = snapshot.graph();
        let row = |edge| {
            let node = graph.head(edge).target();
            EdgeRow {
                edge,
                node,
                distance: snapshot.distance(node),
            }
        };
        let mut rows: Vec<EdgeRow> = graph.edges(self.node).map(row).collect();
        task.check()?;
        let sort = EdgeSort {
            snapshot,
            distance: &|row| row.distance.sort_key(),
            tie: Direction::Ascending,
        };
        sort.sort(&mut rows, self.order);
        Ok(rows)
    }
}
