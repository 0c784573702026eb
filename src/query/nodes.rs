//! Which nodes are there? All of them, or some spread evenly over the file.

use super::{Cell, Query, filtered};
use crate::analysis::filters::NodeFilter;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::columns;
use crate::graph::Detachedness;
use crate::snapshot::Snapshot;

/// Asks for nodes in file order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nodes {
    /// Which.
    pub filter: NodeFilter,
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
        let passing: Option<Vec<NodeIx>> =
            filtered::nodes(snapshot, self.filter, task)?.map(|nodes| nodes.iter().collect());
        let count = passing.as_ref().map_or(snapshot.graph().node_count(), Vec::len);
        let wanted = self.sample.map_or(count, |sample| sample.min(count));
        let mut rows = Vec::with_capacity(wanted);
        for nth in 0..wanted {
            task.check_at(nth)?;
            let at = nth * count / wanted;
            rows.push(passing.as_ref().map_or(NodeIx::new(at), |nodes| nodes[at]));
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::ObjectId;
    use crate::query::Column as _;
    use crate::query::testing::{ask, lines, snapshot};

    #[test]
    fn a_sample_is_spread_evenly() {
        let snapshot = snapshot("root:synthetic/0 -a-> a -b-> b -c-> c -d-> d -e-> e -f-> f");
        let ordinals = |sample| {
            let filter = NodeFilter::All;
            let question = Nodes { filter, sample };
            lines(&snapshot, &ask(&question, &snapshot), &[NodeColumn::Ordinal])
        };
        assert_eq!(ordinals(Some(3)), ["0", "2", "4"]);
        assert_eq!(ordinals(Some(5)), ["0", "1", "2", "4", "5"]);
        assert_eq!(ordinals(Some(99)), ordinals(None));
        assert_eq!(ordinals(Some(0)), [""; 0]);
    }

    #[test]
    fn a_sample_of_what_passes_is_of_that_alone() {
        let snapshot = snapshot("root:synthetic/0 #1 -a-> a #3 -b-> b #5 -c-> c #7 -d-> d #9");
        let filter = NodeFilter::AllocatedBetween {
            after: ObjectId(3),
            through: ObjectId(9),
        };
        let ids = |sample| {
            let rows = ask(&Nodes { filter, sample }, &snapshot);
            lines(&snapshot, &rows, &[NodeColumn::Id])
        };
        assert_eq!(ids(None), ["@5", "@7", "@9"]);
        assert_eq!(ids(Some(2)), ["@5", "@7"]);
    }

    #[test]
    fn a_node_is_described_by_every_key_of_the_contract() {
        let snapshot =
            snapshot("root:synthetic/0 -shortcut:w-> window:native/16 #7 !detached -p-> o:object/32 #9");
        let rows = ask(&Nodes::default(), &snapshot);
        assert_eq!(
            NodeColumn::ALL
                .iter()
                .map(|column| column.key())
                .collect::<Vec<_>>()
                .join(" "),
            "ordinal id type name class shallow_size retained_size distance reach dominator_id detached"
        );
        assert_eq!(
            lines(&snapshot, &rows, NodeColumn::ALL),
            [
                "0 @1 synthetic root (synthetic) 0 48 0 system @1 false",
                "1 @7 native Detached window Detached window 16 48 1 user @1 true",
                "2 @9 object o o 32 32 2 user @7 false",
            ]
        );
    }
}
