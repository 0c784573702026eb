//! Rows that are edges: what Containment, an object's view and its retainers have in common.

use super::name_key::NameKey;
use super::nodes::NodeColumn;
use super::{Cell, Direction, Order, sort};
use crate::analysis::distances::Distance;
use crate::analysis::names;
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::text::{JsStr, JsString};
use crate::columns;
use crate::graph::EdgeName;
use crate::snapshot::Snapshot;

/// An edge and the node at its far end: the target of an outgoing edge, the source of a retaining one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EdgeRow {
    /// The edge.
    pub edge: EdgeIx,
    /// The node at its far end.
    pub node: NodeIx,
    /// How far that node is from the roots, as this view counts.
    pub distance: Distance,
}

columns! {
    /// Everything a row can say of an edge.
    pub enum EdgeColumn: |snapshot: Snapshot, row: EdgeRow| {
        /// What the edge is called.
        EdgeName: Text "edge_name" "Edge" = Cell::Text(edge_name(snapshot, row.edge));
        /// The edge's type.
        EdgeType: Text "edge_type" "Edge type" = Cell::Word(snapshot.graph().head(row.edge).kind().name());
        /// V8's id of the node.
        Id: Number "id" "Id" = NodeColumn::Id.cell(snapshot, &row.node);
        /// The node's displayed name.
        Name: Text "name" "Name" = NodeColumn::Name.cell(snapshot, &row.node);
        /// The node's type.
        Type: Text "type" "Type" = NodeColumn::Type.cell(snapshot, &row.node);
        /// How far the node is from the roots.
        Distance: Number "distance" "Distance" = Cell::Distance(row.distance);
        /// Which roots reach the node.
        Reach: Program "reach" "Reach" = Cell::reach(row.distance);
        /// The node's own size.
        ShallowSize: Number "shallow_size" "Shallow size" = NodeColumn::ShallowSize.cell(snapshot, &row.node);
        /// What would go with the node.
        RetainedSize: Number "retained_size" "Retained size" = NodeColumn::RetainedSize.cell(snapshot, &row.node);
    }
}

/// What `edge` is called; elements, hidden edges and numbered shortcuts by their number.
pub fn edge_name(snapshot: &Snapshot, edge: EdgeIx) -> JsString {
    match names::edge(snapshot.graph(), edge) {
        EdgeName::Text(text) => text.to_owned(),
        EdgeName::Index(index) => index.to_string().into(),
    }
}

/// How a view of edges sorts beyond what all such views share.
pub(super) struct EdgeSort<'a> {
    /// What is looked at.
    pub(super) snapshot: &'a Snapshot,
    /// The number by which a row's distance is sorted.
    pub(super) distance: &'a dyn Fn(EdgeRow) -> i64,
    /// Which of two rows that are alike comes first: the one earlier (ascending) or later in the file.
    pub(super) tie: Direction,
}

impl EdgeSort<'_> {
    /// Sorts `rows`: names with retained sizes for ties, distances with names, sizes and all others with edge names.
    pub(super) fn sort(&self, rows: &mut [EdgeRow], order: Order<EdgeColumn>) {
        let (snapshot, way) = (self.snapshot, order.direction);
        let by_tie = |run: &mut [EdgeRow]| {
            sort::by_number(run, self.tie, |row| row.edge.at() as u64, |_| ());
        };
        let by_edge_name = |run: &mut [EdgeRow]| self.by_edge_name(run, Direction::Ascending, by_tie);
        match order.by {
            EdgeColumn::EdgeName => self.by_edge_name(rows, way, |run| {
                let retained = |row: EdgeRow| snapshot.retained_size(row.node);
                sort::by_number(run, Direction::Descending, retained, by_tie);
            }),
            EdgeColumn::EdgeType => {
                let kind = |row: EdgeRow| NameKey::of(snapshot.graph().head(row.edge).kind().name().into());
                sort::by_text(rows, way, kind, by_edge_name);
            }
            EdgeColumn::Id => sort::by_number(rows, way, |row| snapshot.id(row.node).0, by_edge_name),
            EdgeColumn::Name => {
                sort::by_text(
                    rows,
                    way,
                    |row| NameKey::of_node(snapshot, row.node),
                    by_edge_name,
                );
            }
            EdgeColumn::Type => {
                let kind = |row: EdgeRow| NameKey::of(JsStr::from(snapshot.graph().kind_name(row.node)));
                sort::by_text(rows, way, kind, by_edge_name);
            }
            EdgeColumn::Distance | EdgeColumn::Reach => {
                let distance = |row| sort::signed((self.distance)(row));
                sort::by_number(rows, way, distance, |run| {
                    let name = |row: EdgeRow| NameKey::of_node(snapshot, row.node);
                    sort::by_text(run, Direction::Ascending, name, by_tie);
                });
            }
            EdgeColumn::ShallowSize => {
                sort::by_number(rows, way, |row| snapshot.shallow_size(row.node), by_edge_name);
            }
            EdgeColumn::RetainedSize => {
                sort::by_number(rows, way, |row| snapshot.retained_size(row.node), by_edge_name);
            }
        }
    }

    /// Texts before numbers (after them if descending), numbers as texts too, and `__proto__` at the end either way.
    fn by_edge_name(&self, rows: &mut [EdgeRow], way: Direction, then: impl Fn(&mut [EdgeRow])) {
        let graph = self.snapshot.graph();
        let group = |row: EdgeRow| match (names::edge(graph, row.edge), way) {
            (EdgeName::Text(text), _) if text == "__proto__" => 2,
            (EdgeName::Text(_), Direction::Ascending) | (EdgeName::Index(_), Direction::Descending) => 0,
            _ => 1,
        };
        let index_key = |row: EdgeRow| match names::edge(graph, row.edge) {
            EdgeName::Index(index) => key_of_digits(index),
            EdgeName::Text(_) => None,
        };
        sort::by_number(rows, Direction::Ascending, group, |run| {
            if run.iter().all(|&row| index_key(row).is_some()) {
                sort::by_number(run, way, |row| index_key(row).unwrap_or_default(), &then);
                return;
            }
            let name = |row: EdgeRow| NameKey::of_edge(names::edge(graph, row.edge));
            sort::by_text(run, way, name, &then);
        });
    }
}

/// A number that sorts as the decimal digits of `index` do as a text (`10` before `9`), for indices of at most ten digits:
/// elements of an array, of which there may be a million, are sorted without their texts.
fn key_of_digits(index: i64) -> Option<u64> {
    const MOST: u32 = 10;
    let index = u64::try_from(index).ok()?;
    let digits = index.checked_ilog10().unwrap_or_default() + 1;
    let padding = MOST.checked_sub(digits)?;
    Some((index * 10_u64.pow(padding)) << 4 | u64::from(digits))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::object::Object;
    use crate::query::testing::{ask, lines, named, snapshot};

    #[test]
    fn keys_of_digits_sort_as_texts() {
        let mut numbers = vec![
            0,
            1,
            9,
            10,
            11,
            19,
            99,
            100,
            101,
            110,
            999,
            1000,
            4_294_967_295,
            9_999_999_999,
        ];
        numbers.sort_by_key(|&number| key_of_digits(number));
        assert!(numbers.is_sorted_by_key(ToString::to_string), "{numbers:?}");
        assert_eq!((key_of_digits(-1), key_of_digits(10_000_000_000)), (None, None));
    }

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:object/8 -element:10-> e10:object/10
        window -element:2-> e2:object/10 -x-> far:object/100
        window -__proto__-> proto:object/10
        window -b-> b1:object/30
        window -a-> a1:object/20
        window -weak:a-> far
        root -element:1-> far
    ";

    fn names(order: Order<EdgeColumn>) -> String {
        let snapshot = snapshot(HEAP);
        let node = named(&snapshot, "window");
        let rows = ask(&Object { node, order }, &snapshot);
        lines(&snapshot, &rows, &[EdgeColumn::Name]).join(" ")
    }

    #[test]
    fn containment_begins_with_what_weighs_most() {
        assert_eq!(names(Object::DEFAULT_ORDER), "far b1 a1 e10 e2 proto");
    }

    #[test]
    fn edge_names_have_an_order_of_their_own() {
        assert_eq!(
            names(Order::ascending(EdgeColumn::EdgeName)),
            "far a1 b1 e10 e2 proto"
        );
        assert_eq!(
            names(Order::descending(EdgeColumn::EdgeName)),
            "e2 e10 b1 far a1 proto"
        );
    }

    #[test]
    fn numbered_shortcuts_stand_with_the_elements() {
        let snapshot = snapshot(
            r#"root:synthetic/0 -shortcut:w-> window:object/8 -shortcut:"07 / x"-> seven:object/10
            window -z-> z:object/10
            window -element:6-> six:object/10"#,
        );
        let node = named(&snapshot, "window");
        let order = Order::ascending(EdgeColumn::EdgeName);
        let rows = ask(&Object { node, order }, &snapshot);
        assert_eq!(lines(&snapshot, &rows, &[EdgeColumn::EdgeName]), ["z", "6", "7"]);
    }

    #[test]
    fn every_column_sorts() {
        assert_eq!(
            names(Order::ascending(EdgeColumn::EdgeType)),
            "e10 e2 a1 b1 proto far"
        );
        assert_eq!(names(Order::ascending(EdgeColumn::Id)), "e10 e2 far proto b1 a1");
        assert_eq!(
            names(Order::descending(EdgeColumn::Name)),
            "proto far e2 e10 b1 a1"
        );
        assert_eq!(
            names(Order::ascending(EdgeColumn::Type)),
            "a1 far b1 e10 e2 proto"
        );
        assert_eq!(
            names(Order::ascending(EdgeColumn::Distance)),
            "far a1 b1 e10 e2 proto"
        );
        assert_eq!(
            names(Order::descending(EdgeColumn::ShallowSize)),
            "far b1 a1 e10 e2 proto"
        );
    }
}
