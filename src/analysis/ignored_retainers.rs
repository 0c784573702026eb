//! Distances when some retainers are left out of account ("Ignore this retainer").

use rustc_hash::FxHashSet;

use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::HeapGraph;
use crate::graph::retainers::Retainers;

use super::distances::{Distance, Distances, Reach};
use super::ephemerons::Ephemerons;

/// A set of ignored nodes, and how far all others are from the roots without them. Equal sets are equal.
#[derive(Debug)]
pub struct IgnoredRetainers {
    ignored: BitSet<NodeIx>,
    distances: Distances,
}

impl IgnoredRetainers {
    /// Searches the graph again without entering `nodes`. (User roots are reached all the same.)
    pub fn build(
        graph: &HeapGraph,
        ephemerons: &Ephemerons,
        nodes: &[NodeIx],
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut ignored = BitSet::new(graph.node_count());
        for &node in nodes {
            ignored.insert(node);
        }
        let distances = Distances::build(graph, ephemerons, Some(&ignored), task)?;
        Ok(Self { ignored, distances })
    }

    /// Is `node` one of the ignored?
    pub fn contains(&self, node: NodeIx) -> bool {
        self.ignored.contains(node)
    }

    /// How far `node` is from the roots without the ignored nodes.
    pub fn distance(&self, node: NodeIx) -> Distance {
        self.distances.of(node)
    }

    /// Edges to `node` that keep nothing alive any more though their source may still be reached: halves of `WeakMap` pairs of
    /// which the other half starts at a node that is not.
    pub fn broken_pairs(
        &self,
        graph: &HeapGraph,
        retainers: &Retainers,
        ephemerons: &Ephemerons,
        node: NodeIx,
    ) -> FxHashSet<EdgeIx> {
        let with_pair = |(source, edge)| Some((source, edge, ephemerons.pair(edge)?));
        let halves: Vec<(NodeIx, EdgeIx, u32)> = retainers.of(graph, node).filter_map(with_pair).collect();
        let cut_off = |source| self.distance(source).reach() == Reach::Unreachable;
        let broken: FxHashSet<u32> = halves
            .iter()
            .filter(|&&(source, ..)| cut_off(source))
            .map(|&(.., number)| number)
            .collect();
        halves
            .into_iter()
            .filter(|(.., number)| broken.contains(number))
            .map(|(_, edge, _)| edge)
            .collect()
    }
}

impl PartialEq for IgnoredRetainers {
    fn eq(&self, other: &Self) -> bool {
        self.ignored == other.ignored
    }
}

impl Eq for IgnoredRetainers {}
