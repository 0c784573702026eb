//! Which nodes are there? All of them, or some spread evenly over the file.

use super::{Cell, Query};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::columns;
use crate::graph::Detachedness;
use crate::snapshot::Snapshot;

/// Asks for nodes in file order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nodes {
    /// How many, evenly spaced; all if none (or if there are no more).
    pub sample: Option<usize>,
}

columns! {
    /// Everything a row can say of a node.
    pub enum NodeColumn: |snapshot: Snapshot, node: NodeIx| {
        /// Its position in the file.
        Ordinal: Number "ordinal" "Ordinal" = Cell::Plain(node.at() as u64);
        /// V8's id.
        Id: Number "id" "Id" = Cell::Id(snapshot.id(*node));
        /// Its type.
        Type: Text "type" "Type" = Cell::Text(snapshot.graph().kind_name(*node).into());
        /// Its displayed name.
        Name: Text "name" "Name" = Cell::Text(snapshot.name(*node));
        /// Its class.
        Class: Text "class" "Class" = Cell::Text(snapshot.classes().class(snapshot.class_of(*node)).name.clone());
        /// Its own size.
        ShallowSize: Number "shallow_size" "Shallow size" = Cell::Bytes(snapshot.shallow_size(*node));
        /// What would go with it.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(snapshot.retained_size(*node));
        /// How far it is from the roots.
        Distance: Number "distance" "Distance" = Cell::Distance(snapshot.distance(*node));
        /// Which roots reach it.
        Reach: Program "reach" "Reach" = Cell::reach(snapshot.distance(*node));
        /// Its immediate dominator.
        DominatorId: Number "dominator_id" "Dominator" = Cell::Id(snapshot.id(snapshot.dominator(*node)));
        /// Is it detached from the DOM?
        Detached: Text "detached" "Detached" = Cell::Flag(snapshot.detachedness(*node) == Detachedness::Detached);
    }
}

impl Query for Nodes {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let count = snapshot.graph().node_count();
        let wanted = self.sample.map_or(count, |sample| sample.min(count));
        let mut rows = Vec::with_capacity(wanted);
        for nth in 0..wanted {
            task.check_at(nth)?;
            rows.push(NodeIx::new(nth * count / wanted));
        }
        Ok(rows)
    }
}
