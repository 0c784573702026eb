//! Incoming edges.

use super::HeapGraph;
use crate::base::csr::{Csr, prefix_sums};
use crate::base::index::{EdgeIx, Ix, NodeIx, to_u32};
use crate::base::task::{Cancelled, Task};

/// The graph turned round: for each node the edges that lead to it, in **descending** file order, which is the order in which
/// equal rows of the Retainers view stand.
#[derive(Debug)]
pub struct Retainers {
    incoming: Csr<NodeIx, u32>,
}

impl Retainers {
    /// Turns `graph` round: a counting sort of its edges by target.
    pub fn build(graph: &HeapGraph, task: &Task) -> Result<Self, Cancelled> {
        let mut offsets = vec![0_u32; graph.node_count() + 1];
        for (at, head) in graph.all_heads().iter().enumerate() {
            task.check_at(at)?;
            offsets[head.target().at()] += 1;
        }
        prefix_sums(&mut offsets);
        // Each row is filled from its end, so that a pass in file order leaves it in descending order: `offsets` is first
        // shifted to the rows' ends and walks back to their starts.
        let mut items = vec![0_u32; graph.edge_count()];
        let mut next: Vec<u32> = offsets[1..].to_vec();
        for (at, head) in graph.all_heads().iter().enumerate() {
            task.check_at(at)?;
            let slot = &mut next[head.target().at()];
            *slot -= 1;
            items[*slot as usize] = to_u32(at);
        }
        Ok(Self {
            incoming: Csr::from_parts(offsets, items),
        })
    }

    /// How many edges lead to `node`, weak ones included.
    #[inline]
    pub fn count(&self, node: NodeIx) -> usize {
        self.incoming.range(node).len()
    }

    /// The edges that lead to `node`, in descending file order.
    pub fn of(
        &self,
        node: NodeIx,
    ) -> impl ExactSizeIterator<Item = EdgeIx> + DoubleEndedIterator + Clone + '_ {
        self.incoming.row(node).iter().map(|&raw| EdgeIx::from_raw(raw))
    }
}
