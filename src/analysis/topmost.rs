//! Members of groups that no other member of their group dominates: those whose retained sizes may be summed up.

use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};

use super::dominator_order::DominatorOrder;

/// How many rounds ahead the columns that `group_of` reads are asked for.
const AHEAD: usize = 32;

/// Calls `visit` with the group and the node of each member that no other member of its group dominates, dominators first.
/// `group_of` gives the group of a node, below `groups`, none if it is no member; `prefetch` brings near what it reads.
pub fn each(
    order: &DominatorOrder,
    groups: usize,
    group_of: impl Fn(NodeIx) -> Option<usize>,
    prefetch: impl Fn(NodeIx),
    mut visit: impl FnMut(usize, NodeIx),
    task: &Task,
) -> Result<(), Cancelled> {
    // In preorder, what a member dominates ends at a known position; up to there the group needs no other member counted.
    let mut covered_until = vec![0_u32; groups];
    for (position, (node, end)) in order.iter().enumerate() {
        task.check_at(position)?;
        if let Some(later) = order.node(position + AHEAD) {
            prefetch(later);
        }
        let Some(group) = group_of(node) else {
            continue;
        };
        if covered_until[group] as usize <= position {
            covered_until[group] = end;
            visit(group, node);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Dice, Heap, random_heap};
    use crate::base::index::Ix as _;

    #[test]
    fn members_are_visited_unless_one_of_their_group_is_above_them() {
        for seed in 0..40 {
            let mut dice = Dice::new(seed);
            let nodes = 2 + dice.roll(40);
            let heap = Heap::of(&random_heap(&mut dice, nodes));
            let groups: Vec<Option<usize>> = heap
                .graph
                .nodes()
                .map(|_| usize::try_from(dice.roll(4)).unwrap().checked_sub(1))
                .collect();
            let group_of = |node: NodeIx| groups[node.at()];
            let mut visited = Vec::new();
            let note = |group, node| visited.push((node, group));
            each(&heap.order, 3, group_of, |_| (), note, &Task::new()).unwrap();
            visited.sort_unstable();
            let is_topmost = |node: NodeIx| {
                let mut above = node;
                while above != heap.graph.root() {
                    above = heap.dominators.of(above);
                    if above != node && group_of(above) == group_of(node) {
                        return false;
                    }
                }
                true
            };
            let slow: Vec<(NodeIx, usize)> = heap
                .graph
                .nodes()
                .filter(|&node| is_topmost(node))
                .filter_map(|node| Some((node, group_of(node)?)))
                .collect();
            assert_eq!(visited, slow, "seed {seed}");
        }
    }
}
