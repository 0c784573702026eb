//! The nodes in an order in which whatever a node dominates comes right behind it.

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::memory::filled;
use crate::base::task::{Cancelled, Task};

use super::dominators::{Dominators, NumberedTree};

/// All nodes in preorder of the dominator tree: a node, then all it dominates, then the next. What one node dominates is
/// thus a range of positions. The root is at position 0.
#[derive(Debug)]
pub struct DominatorOrder {
    nodes: Vec<NodeIx>,
    /// For each position the one behind the last node it dominates.
    ends: Vec<u32>,
}

impl DominatorOrder {
    /// From a finished dominator tree alone.
    pub fn from_dominators(dominators: &Dominators, task: &Task) -> Result<Self, Cancelled> {
        let immediate = dominators.all();
        let bottom_up = bottom_up(immediate, task)?;
        let top_down = bottom_up.iter().rev().map(|node| node.at());
        Self::lay_out(top_down, |node| immediate[node].at(), NodeIx::new, task)
    }

    /// From the tree as it is numbered while a snapshot loads; `node_count` counts also the nodes that it does not hold, which
    /// the root dominates directly.
    pub fn from_numbered(tree: &NumberedTree, node_count: usize, task: &Task) -> Result<Self, Cancelled> {
        let numbered = tree.order.len();
        let mut others = Vec::new();
        if numbered < node_count {
            let mut held = BitSet::new(node_count);
            for &node in &tree.order {
                held.insert(node);
            }
            others.extend(
                (0..node_count)
                    .map(NodeIx::new)
                    .filter(|&node| !held.contains(node)),
            );
        }
        let parent = |number: usize| tree.immediate.get(number).map_or(0, |&parent| parent as usize);
        let node = |number: usize| match tree.order.get(number) {
            Some(&node) => node,
            None => others[number - numbered],
        };
        Self::lay_out(0..numbered + others.len(), parent, node, task)
    }

    /// Places every node from a way of naming them by keys `0..n`: `top_down` gives all keys, each after its parent's, the
    /// root's first.
    fn lay_out(
        top_down: impl ExactSizeIterator<Item = usize> + DoubleEndedIterator + Clone,
        parent: impl Fn(usize) -> usize,
        node: impl Fn(usize) -> NodeIx,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        /// How many nodes a subtree has, and the first position in it that is still free.
        #[derive(Clone)]
        struct Subtree {
            size: u32,
            free: u32,
        }
        let count = top_down.len();
        let mut subtrees = filled(count, Subtree { size: 1, free: 0 });
        for (at, key) in top_down.clone().skip(1).rev().enumerate() {
            task.check_at(at)?;
            subtrees[parent(key)].size += subtrees[key].size;
        }
        let mut nodes = filled(count, NodeIx::from_raw(0));
        let mut ends = filled(count, 0);
        for (at, key) in top_down.enumerate() {
            task.check_at(at)?;
            let size = subtrees[key].size;
            // The root's subtree begins where it itself is told to begin.
            let slot = &mut subtrees[parent(key)].free;
            let start = *slot;
            *slot += if at == 0 { 0 } else { size };
            subtrees[key].free = start + 1;
            nodes[start as usize] = node(key);
            ends[start as usize] = start + size;
        }
        Ok(Self { nodes, ends })
    }

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Are there no nodes?
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The node at `position`, if there are so many.
    pub fn node(&self, position: usize) -> Option<NodeIx> {
        self.nodes.get(position).copied()
    }

    /// All nodes in order, each with the position behind the last node that it dominates. The position of a node is its
    /// place in this iteration.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (NodeIx, u32)> + '_ {
        self.nodes.iter().copied().zip(self.ends.iter().copied())
    }
}

/// All nodes, each after its immediate dominator, otherwise in file order: for passes that read columns beside the tree, which
/// lie in that order.
pub fn top_down(dominators: &Dominators, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
    let immediate = dominators.all();
    let mut is_listed = BitSet::new(immediate.len());
    let mut order = Vec::with_capacity(immediate.len());
    let mut way = Vec::new();
    for at in 0..immediate.len() {
        task.check_at(at)?;
        let mut node = NodeIx::new(at);
        while is_listed.insert(node) {
            way.push(node);
            node = immediate[node.at()];
        }
        order.extend(way.drain(..).rev());
    }
    Ok(order)
}

/// All nodes, each after those it dominates; the root comes last.
pub(super) fn bottom_up(immediate: &[NodeIx], task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
    // How many of those a node dominates directly have not been listed yet; for the root one more, itself.
    let mut waiting = vec![0_u32; immediate.len()];
    for (at, dominator) in immediate.iter().enumerate() {
        task.check_at(at)?;
        waiting[dominator.at()] += 1;
    }
    let mut listed = Vec::with_capacity(immediate.len());
    let mut root = None;
    for leaf in 0..immediate.len() {
        task.check_at(leaf)?;
        // From each leaf upwards, as far as nothing else is waited for. A node that is waited for is listed from its last
        // child, so that the pass skips it.
        if waiting[leaf] != 0 {
            continue;
        }
        let mut node = NodeIx::new(leaf);
        loop {
            waiting[node.at()] = LISTED;
            listed.push(node);
            node = immediate[node.at()];
            waiting[node.at()] -= 1;
            if immediate[node.at()] == node {
                root = Some(node);
                break;
            }
            if waiting[node.at()] != 0 {
                break;
            }
        }
    }
    listed.extend(root.or_else(|| (!immediate.is_empty()).then(|| immediate[0])));
    Ok(listed)
}

const LISTED: u32 = u32::MAX;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Dice, Heap, random_heap};

    #[test]
    fn what_a_node_dominates_comes_right_behind_it() {
        for seed in 0..60 {
            let mut dice = Dice::new(seed);
            let nodes = 1 + dice.roll(40);
            let heap = Heap::of(&random_heap(&mut dice, nodes.max(2)));
            let by_nodes = DominatorOrder::from_dominators(&heap.dominators, &Task::new()).unwrap();
            for order in [&heap.order, &by_nodes] {
                check(&heap, order);
            }
        }
    }

    #[test]
    fn a_node_comes_after_its_dominator() {
        for seed in 0..60 {
            let mut dice = Dice::new(seed);
            let nodes = 2 + dice.roll(40);
            let heap = Heap::of(&random_heap(&mut dice, nodes));
            let order = top_down(&heap.dominators, &Task::new()).unwrap();
            let mut sorted = order.clone();
            sorted.sort_unstable();
            assert!(sorted.into_iter().eq(heap.graph.nodes()), "every node once");
            for (at, &node) in order.iter().enumerate().skip(1) {
                assert!(order[..at].contains(&heap.dominators.of(node)), "seed {seed}");
            }
        }
    }

    fn check(heap: &Heap, order: &DominatorOrder) {
        let nodes: Vec<NodeIx> = order.iter().map(|(node, _)| node).collect();
        let mut sorted = nodes.clone();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(heap.graph.nodes()), "every node once");
        for (position, (node, end)) in order.iter().enumerate() {
            let dominates = |mut inner: NodeIx| {
                while inner != node && inner != heap.graph.root() {
                    inner = heap.dominators.of(inner);
                }
                inner == node
            };
            for (at, &inner) in nodes.iter().enumerate() {
                assert_eq!(dominates(inner), (position..end as usize).contains(&at));
            }
        }
    }
}
