//! Retained sizes: what would be freed with a node.

use crate::base::bits::BitSet;
use crate::base::index::NodeIx;
use crate::base::memory::in_large_pages;
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::graph::HeapGraph;

use super::dominators::NumberedTree;

/// Retained size of every node in bytes: its shallow size and those of all it dominates.
pub fn build(
    graph: &HeapGraph,
    tree: &NumberedTree,
    shallow: &Packed<NodeIx>,
    task: &Task,
) -> Result<Packed<NodeIx>, Cancelled> {
    let mut sizes: Vec<u64> = in_large_pages(Vec::with_capacity(tree.order.len()));
    for (number, &node) in tree.order.iter().enumerate() {
        task.check_at(number)?;
        if let Some(&later) = tree.order.get(number + 32) {
            shallow.prefetch(later);
        }
        sizes.push(shallow.get(node));
    }
    for number in (1..sizes.len()).rev() {
        task.check_at(number)?;
        sizes[tree.immediate[number] as usize] += sizes[number];
    }
    // Nodes that no essential path reaches hold nothing but themselves, and the root holds them.
    let mut unreached = Vec::new();
    if tree.order.len() < graph.node_count() {
        let mut in_tree = BitSet::<NodeIx>::new(graph.node_count());
        for &node in &tree.order {
            in_tree.insert(node);
        }
        unreached.extend(
            graph
                .nodes()
                .filter(|&node| !in_tree.contains(node))
                .map(|node| (node, shallow.get(node))),
        );
        sizes[0] += unreached.iter().map(|&(_, size)| size).sum::<u64>();
    }
    let reached = tree.order.iter().copied().zip(sizes.iter().copied());
    let all = reached.chain(unreached.iter().copied());
    Packed::scatter(graph.node_count(), all, task)
}
