//! A picture of what keeps objects alive: a graph small enough to look at.
//!
//! Of a few objects, the best ways to each, object by object; of many, their merged paths, the heaviest branches first, with
//! what else the objects are held from. What does not fit is summed up in nodes that say how many more there are.

mod layout;
mod merging;
mod objects;
pub mod svg;

use std::sync::Arc;

use petgraph::graph::{DiGraph, NodeIndex};

use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::graph::NodeKind;
use crate::query::Query;
use crate::query::object_set::Objects;
use crate::query::places::Places;
use crate::snapshot::Snapshot;

/// Asks for the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The objects.
    pub objects: Objects,
    /// The places of the snapshot that is asked about.
    pub places: Places,
}

/// What is drawn: nodes stand in columns by their way from the root, which is node 0. Nothing if no path leads to any object.
pub type RetainingGraph = DiGraph<Vertex, Reference>;

/// What is drawn as a box.
#[derive(Clone, Debug, PartialEq)]
pub struct Vertex {
    /// An object that it stands for; none for what is summed up.
    pub node: Option<NodeIx>,
    /// Its kind.
    pub kind: NodeKind,
    /// What it is called.
    pub title: String,
    /// What it comes to.
    pub note: String,
    /// Is it one of the objects asked about, or a place where they are?
    pub is_asked: bool,
    /// In which column it stands.
    pub column: u32,
    /// In which row, as a fraction where it stands between two.
    pub row: f32,
}

/// What is drawn as a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// How it is called.
    pub name: String,
    /// Is it beside the ways from the root?
    pub is_beside: bool,
}

/// So many objects are drawn one by one.
const FEW: usize = 6;
/// So many boxes at most, those that sum up apart.
const MOST: usize = 80;

impl Query for Picture {
    type Over = Snapshot;
    type Answer = Arc<RetainingGraph>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Arc<RetainingGraph>, Cancelled> {
        let mut drawn = if self.objects.nodes().len() <= FEW {
            objects::draw(snapshot, self.objects.nodes(), task)?
        } else {
            merging::draw(snapshot, self, task)?
        };
        layout::place(&mut drawn);
        Ok(Arc::new(drawn.graph))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Drawing the graph")
    }
}

/// A graph as it is put together. Nodes come after the one they hang from.
#[derive(Debug, Default)]
struct Drawn {
    graph: RetainingGraph,
    /// The node each hangs from; the root's is its own.
    parents: Vec<NodeIndex>,
}

impl Drawn {
    /// Adds a node that hangs from `parent` by a reference called `name`.
    fn add(&mut self, parent: Option<NodeIndex>, name: String, vertex: Vertex) -> NodeIndex {
        let column = parent.map_or(0, |parent| self.graph[parent].column + 1);
        let at = self.graph.add_node(Vertex { column, ..vertex });
        self.parents.push(parent.unwrap_or(at));
        if let Some(parent) = parent {
            self.refer(parent, at, name, false);
        }
        at
    }

    /// Adds a reference, unless there is one of that name.
    fn refer(&mut self, from: NodeIndex, to: NodeIndex, name: String, is_beside: bool) {
        let mut known = self.graph.edges_connecting(from, to);
        if known.all(|edge| edge.weight().name != name && !is_beside) {
            self.graph.add_edge(from, to, Reference { name, is_beside });
        }
    }
}

#[cfg(test)]
mod tests;
