//! What would be freed if one reference were cut?
//!
//! If every way to an object leads over the reference, all that the object retains; else nothing: what the reference leads to
//! is reached all the same. That is exact, for any reference of the heap.

use rustc_hash::FxHashSet;

use super::{PathColumn, PathStep};
use crate::analysis::essential::{Essential, page_objects};
use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::columns;
use crate::query::folding::is_own_store;
use crate::query::{Cell, Query};
use crate::snapshot::Snapshot;

/// What cuts are told from.
pub struct Cuts<'a> {
    snapshot: &'a Snapshot,
    page_objects: BitSet<NodeIx>,
}

impl<'a> Cuts<'a> {
    /// Finds out which references count.
    pub fn new(snapshot: &'a Snapshot, task: &Task) -> Result<Self, Cancelled> {
        Ok(Self {
            snapshot,
            page_objects: page_objects(snapshot.graph(), task)?,
        })
    }

    /// What would be freed without `edge`, in bytes; nothing if other ways lead on to where it leads. That the object's own store
    /// of properties or elements has it too is the same reference.
    pub fn frees(&self, edge: EdgeIx, task: &Task) -> Result<Option<u64>, Cancelled> {
        let snapshot = self.snapshot;
        let rule = Essential {
            graph: snapshot.graph(),
            ephemerons: snapshot.ephemerons(),
            page_objects: &self.page_objects,
        };
        let target = snapshot.graph().head(edge).target();
        let is_only = is_only_way(snapshot, &rule, edge, task)?;
        Ok(is_only.then(|| snapshot.retained_size(target)))
    }
}

/// Asks of each step of some paths what cutting it would free.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutSteps {
    /// The steps.
    pub steps: Vec<PathStep>,
}

/// A step, and what would be freed without it in bytes; nothing if other ways lead on.
pub type CutStep = (PathStep, Option<u64>);

columns! {
    /// Columns of paths whose steps may be cut.
    pub enum CutColumn: |snapshot: Snapshot, row: CutStep| {
        /// Which path.
        Path: Number "path" "Path" = PathColumn::Path.cell(snapshot, &row.0);
        /// Which step of it.
        Step: Number "step" "Step" = PathColumn::Step.cell(snapshot, &row.0);
        /// What the edge is called.
        EdgeName: Text "edge_name" "Edge" = PathColumn::EdgeName.cell(snapshot, &row.0);
        /// The edge's type.
        EdgeType: Text "edge_type" "Edge type" = PathColumn::EdgeType.cell(snapshot, &row.0);
        /// V8's id of the node.
        Id: Number "id" "Id" = PathColumn::Id.cell(snapshot, &row.0);
        /// The node's displayed name.
        Name: Text "name" "Name" = PathColumn::Name.cell(snapshot, &row.0);
        /// The node's type.
        Type: Text "type" "Type" = PathColumn::Type.cell(snapshot, &row.0);
        /// What would go with the node.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(snapshot.retained_size(row.0.node));
        /// What would be freed without the step.
        Freed: Number "freed_size" "Cut frees" = Cell::of(row.0.edge, |_| Cell::Bytes(row.1.unwrap_or(0)));
    }
}

impl Query for CutSteps {
    type Over = Snapshot;
    type Answer = Vec<CutStep>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<CutStep>, Cancelled> {
        let cuts = Cuts::new(snapshot, task)?;
        let mut rows = Vec::with_capacity(self.steps.len());
        for &step in &self.steps {
            task.check()?;
            let frees = match step.edge {
                Some(edge) => cuts.frees(edge, task)?,
                None => None,
            };
            rows.push((step, frees));
        }
        Ok(rows)
    }
}

/// Does every way to the target of `edge` lead over `edge`? So it is if the source is the target's immediate dominator and
/// all other edges that count come from what the target itself dominates.
fn is_only_way(
    snapshot: &Snapshot,
    rule: &Essential<'_>,
    edge: EdgeIx,
    task: &Task,
) -> Result<bool, Cancelled> {
    let graph = snapshot.graph();
    let (source, target) = (graph.source(edge), graph.head(edge).target());
    if !rule.contains(source, edge) || snapshot.dominator(target) != source {
        return Ok(false);
    }
    // What is known to be below the target: each node is climbed over once, however many edges lead back.
    let mut below = FxHashSet::default();
    below.insert(target);
    let mut steps = 0;
    for (from, other) in snapshot.retainers().of(graph, target) {
        steps += 1;
        task.check_at(steps)?;
        let is_same = other == edge || from != source && is_own_store(graph, source, from);
        if is_same || !rule.contains(from, other) {
            continue;
        }
        let mut at = from;
        while below.insert(at) {
            steps += 1;
            task.check_at(steps)?;
            if at == source || at == graph.root() {
                return Ok(false);
            }
            at = snapshot.dominator(at);
        }
    }
    Ok(true)
}
