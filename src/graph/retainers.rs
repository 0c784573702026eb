//! Incoming edges.
//!
//! Each is kept as its kind and source in one word, not as an edge ordinal: the dominator algorithm, which reads all of them,
//! then needs no second look-up, and the few views that want the edge itself find it among the edges of its source.

use std::iter;

use super::{EdgeHead, HeapGraph};
use crate::base::csr::{Csr, prefix_sums};
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::memory::{filled, in_large_pages};
use crate::base::task::{Cancelled, Task};

/// The graph turned round: for each node the edges that lead to it, in **descending** file order, which is the order in which
/// equal rows of the Retainers view stand.
#[derive(Debug)]
pub struct Retainers {
    incoming: Csr<NodeIx, EdgeHead>,
}

impl Retainers {
    /// Turns `graph` round: a counting sort of its edges by target.
    pub fn build(graph: &HeapGraph, task: &Task) -> Result<Self, Cancelled> {
        let mut offsets = in_large_pages(vec![0_u32; graph.node_count() + 1]);
        for (at, head) in graph.all_heads().iter().enumerate() {
            task.check_at(at)?;
            offsets[head.target().at()] += 1;
        }
        prefix_sums(&mut offsets);
        // Each row is filled from its end, so that a pass in file order leaves it in descending order. The next free place of
        // a row is kept in the entry of the row after it, and ends up where that row's offset belongs: at this row's start.
        let mut items = filled(graph.edge_count(), EdgeHead::default());
        let mut next = offsets;
        next.remove(0);
        for node in graph.nodes() {
            task.check_at(node.at())?;
            for head in graph.heads(node) {
                let slot = &mut next[head.target().at()];
                *slot -= 1;
                items[*slot as usize] = EdgeHead::new(head.kind(), node.raw());
            }
        }
        next.push(crate::base::index::to_u32(items.len()));
        Ok(Self {
            incoming: Csr::from_parts(next, items),
        })
    }

    /// How many edges lead to `node`, weak ones included.
    #[inline]
    pub fn count(&self, node: NodeIx) -> usize {
        self.incoming.range(node).len()
    }

    /// Kinds and **sources** (as [`EdgeHead::target`]) of the edges that lead to `node`, in descending file order.
    #[inline]
    pub fn heads(&self, node: NodeIx) -> &[EdgeHead] {
        self.incoming.row(node)
    }

    /// The edges that lead to `node`, with their sources, in descending file order. Each source's edges are searched through
    /// once.
    pub fn of<'a>(
        &'a self,
        graph: &'a HeapGraph,
        node: NodeIx,
    ) -> impl Iterator<Item = (NodeIx, EdgeIx)> + 'a {
        let mut rest = self.heads(node);
        let mut groups = iter::from_fn(move || {
            let source = rest.first()?.target();
            let len = rest.iter().take_while(|head| head.target() == source).count();
            rest = &rest[len..];
            Some(source)
        });
        iter::from_fn(move || groups.next()).flat_map(move |source| {
            graph
                .edges(source)
                .rev()
                .filter(move |&edge| graph.head(edge).target() == node)
                .map(move |edge| (source, edge))
        })
    }
}
