//! Incoming edges.
//!
//! Each is kept as its kind and source in one word, not as an edge ordinal: the dominator algorithm, which reads all of them,
//! then needs no second look-up, and the few views that want the edge itself find it among the edges of its source.

use std::iter;

use super::{EdgeHead, HeapGraph};
use crate::base::csr::{Csr, prefix_sums};
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::memory::{filled, in_large_pages, prefetch};
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
        let all = graph.all_heads();
        for (at, head) in all.iter().enumerate() {
            task.check_at(at)?;
            if let Some(later) = all.get(at + 24) {
                prefetch(&offsets, later.target().at());
            }
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
            for (edge, head) in graph.edge_range(node).zip(graph.heads(node)) {
                if let Some(later) = all.get(edge + 24) {
                    prefetch(&next, later.target().at());
                }
                if let Some(later) = all.get(edge + 12) {
                    prefetch(&items, next[later.target().at()].wrapping_sub(1) as usize);
                }
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

    /// Takes less memory from now on; look-ups take a little longer.
    pub fn pack(&mut self) {
        self.incoming.pack();
    }

    /// How many edges lead to `node`, weak ones included.
    #[inline]
    pub fn count(&self, node: NodeIx) -> usize {
        self.incoming.range(node).len()
    }

    /// Brings near what [`Retainers::heads`] will read some rounds after `at` of a loop over `nodes` from the last to the
    /// first, [`AHEAD`](Self::AHEAD) rounds ahead.
    #[inline]
    pub fn prefetch(&self, nodes: &[NodeIx], at: usize) {
        if let Some(&node) = nodes.get(at.wrapping_sub(2 * Self::AHEAD)) {
            self.incoming.prefetch_range(node);
        }
        if let Some(&node) = nodes.get(at.wrapping_sub(Self::AHEAD)) {
            self.incoming.prefetch_row(node);
        }
    }

    /// See [`Retainers::prefetch`].
    pub const AHEAD: usize = 16;

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
