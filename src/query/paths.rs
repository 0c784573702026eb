//! Why is an object alive? The ways from the root to it.
//!
//! The first path of an object is a shortest one by the distances that all views show, from a user root if one reaches it.
//! Where several nodes are equally near, the one the Retainers view shows first is taken. Weak edges are no part of paths (the
//! root's own excepted, where they make a user root).
//!
//! Further paths are the next shortest ones that visit no node twice; the search for them is bounded (see `detours.rs`).

mod between;
pub mod cut;
mod detours;
pub mod dot;
pub mod graph;
pub mod immediate;
pub mod merged;
mod nearest;
pub mod similar;

use super::edges::edge_name;
use super::nodes::NodeColumn;
use super::{Cell, Query};
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::columns;
use crate::snapshot::Snapshot;
use nearest::Nearest;

/// Asks for the shortest paths from the root to objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The objects.
    pub targets: Vec<NodeIx>,
    /// How many paths to each.
    pub count: usize,
}

/// The steps of all paths, one after another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathsAnswer {
    /// The steps, each path from the root to its object.
    pub steps: Vec<PathStep>,
    /// How many paths there are.
    pub paths: u64,
    /// Objects that no path leads to.
    pub unreachable: u64,
}

/// A step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathStep {
    /// Which path, from 1.
    pub path: u32,
    /// How many edges from the root.
    pub step: u32,
    /// The edge that leads here; the root has none.
    pub edge: Option<EdgeIx>,
    /// Where it leads.
    pub node: NodeIx,
}

columns! {
    /// Columns of paths.
    pub enum PathColumn: |snapshot: Snapshot, row: PathStep| {
        /// Which path.
        Path: Number "path" "Path" = Cell::Plain(u64::from(row.path));
        /// Which step of it.
        Step: Number "step" "Step" = Cell::Plain(u64::from(row.step));
        /// What the edge is called.
        EdgeName: Text "edge_name" "Edge" = Cell::of(row.edge, |edge| Cell::Text(edge_name(snapshot, edge)));
        /// The edge's type.
        EdgeType: Text "edge_type" "Edge type" = Cell::of(row.edge, |edge| {
            Cell::Word(snapshot.graph().head(edge).kind().name())
        });
        /// V8's id of the node.
        Id: Number "id" "Id" = NodeColumn::Id.cell(snapshot, &row.node);
        /// The node's displayed name.
        Name: Text "name" "Name" = NodeColumn::Name.cell(snapshot, &row.node);
        /// The node's type.
        Type: Text "type" "Type" = NodeColumn::Type.cell(snapshot, &row.node);
    }
}

/// An edge on the way to an object, and the node it leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link {
    edge: Option<EdgeIx>,
    node: NodeIx,
}

impl Query for Paths {
    type Over = Snapshot;
    type Answer = PathsAnswer;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<PathsAnswer, Cancelled> {
        let mut answer = PathsAnswer::default();
        let mut nearest = Nearest::new(snapshot);
        for &target in &self.targets {
            task.check()?;
            if !nearest.is_reached(target) {
                answer.unreachable += 1;
            } else if self.count == 1 {
                answer.add(nearest.path_to(target, task)?.into_iter());
            } else {
                for path in detours::find(snapshot, nearest.between(), target, self.count, task)? {
                    answer.add(path.into_iter());
                }
            }
        }
        Ok(answer)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for paths")
    }
}

impl PathsAnswer {
    /// Appends a path, given from the root on.
    fn add(&mut self, links: impl Iterator<Item = Link>) {
        self.paths += 1;
        let path = u32::try_from(self.paths).unwrap_or(u32::MAX);
        self.steps.extend((0..).zip(links).map(|(step, link)| PathStep {
            path,
            step,
            edge: link.edge,
            node: link.node,
        }));
    }
}

#[cfg(test)]
mod tests;
