//! What is asked of each object of the inspector: what is inside it, sorted as its rows are.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::analysis::hash_tables::{Layout, TableKind};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeKind, NodeKind};
use crate::gui::node_text;
use crate::query::edges::EdgeColumn;
use crate::query::folding::is_internal;
use crate::query::inspect::{Inspect, InspectRow, Inspected, Section, SectionKind};
use crate::query::{Direction, Order, Query};
use crate::snapshot::Snapshot;

/// Asks what is inside an object, each section sorted: by retained size, or as the object has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Contents {
    pub(super) node: NodeIx,
    pub(super) order: Order<EdgeColumn>,
}

/// What is inside an object.
pub(super) struct Inside {
    pub(super) inspected: Inspected,
    /// Have its entries keys? Those of a `Set` have none.
    pub(super) has_keys: bool,
    /// `{sku, requestId}`; empty for what has no properties.
    pub(super) shape: String,
}

/// Names in a shape.
const MOST_NAMES: usize = 8;

impl Inside {
    pub(super) fn section(&self, kind: SectionKind) -> Option<&Section> {
        self.inspected
            .sections
            .iter()
            .find(|section| section.kind == kind)
    }
}

impl Query for Contents {
    type Over = Snapshot;
    type Answer = Arc<Inside>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Arc<Inside>, Cancelled> {
        let mut inspected = Inspect { node: self.node }.run(snapshot, task)?;
        let shape = shape(snapshot, self.node, &inspected);
        for section in &mut inspected.sections {
            task.check()?;
            // The last prototype has an accessor of the name by which prototypes are found.
            if section.kind == SectionKind::Prototypes {
                let is_own = |node| !is_internal(snapshot.graph(), node);
                section.rows.retain(|row| row.node.is_some_and(is_own));
            }
            sort(snapshot, &mut section.rows, self.order);
        }
        inspected.sections.retain(|section| !section.rows.is_empty());
        Ok(Arc::new(Inside {
            inspected,
            has_keys: has_keys(snapshot, self.node),
            shape,
        }))
    }
}

fn sort(snapshot: &Snapshot, rows: &mut [InspectRow], order: Order<EdgeColumn>) {
    let retained = |row: &InspectRow| row.node.map_or(0, |node| snapshot.retained_size(node));
    match (order.by, order.direction) {
        (EdgeColumn::RetainedSize, Direction::Ascending) => rows.sort_by_key(retained),
        (EdgeColumn::RetainedSize, Direction::Descending) => rows.sort_by_key(|row| Reverse(retained(row))),
        (_, Direction::Ascending) => {}
        (_, Direction::Descending) => rows.reverse(),
    }
}

fn has_keys(snapshot: &Snapshot, node: NodeIx) -> bool {
    let graph = snapshot.graph();
    let table = graph.node(node).follow(EdgeKind::Internal, "table");
    let layout = table.and_then(|table| Layout::of_collection(graph, table.ix()));
    layout.is_some_and(|layout| layout.kind != TableKind::Set)
}

fn shape(snapshot: &Snapshot, node: NodeIx, inspected: &Inspected) -> String {
    let properties = inspected
        .sections
        .iter()
        .find(|section| section.kind == SectionKind::Properties);
    let Some(properties) = properties.filter(|_| snapshot.graph().kind(node) == NodeKind::Object) else {
        return String::new();
    };
    let first = properties.rows.iter().take(MOST_NAMES);
    let mut names: Vec<String> = first
        .map(|row| node_text::edge_text(snapshot, row.edge, false))
        .collect();
    if properties.rows.len() > MOST_NAMES {
        names.push("…".to_owned());
    }
    format!("{{{}}}", names.join(", "))
}
