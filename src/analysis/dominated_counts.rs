//! How many objects each object dominates.

use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};

use super::dominators::Dominators;

/// For every node the number of nodes in its part of the dominator tree, itself included: what would be freed with it, counted.
/// Leaves are taken off the tree until nothing but the root is left, so that no order of the tree need be kept.
pub fn build(dominators: &Dominators, root: NodeIx, task: &Task) -> Result<Vec<u32>, Cancelled> {
    let immediate = dominators.all();
    let mut counts = vec![1_u32; immediate.len()];
    let mut waiting_for = vec![0_u32; immediate.len()];
    for (at, dominator) in immediate.iter().enumerate() {
        task.check_at(at)?;
        waiting_for[dominator.at()] += 1;
    }
    for leaf in 0..immediate.len() {
        task.check_at(leaf)?;
        if waiting_for[leaf] != 0 {
            continue;
        }
        // Upwards as long as this was the last one the dominator waited for. Whoever was a leaf from the start is met by the
        // loop, whoever became one is met here, so no node is taken off twice.
        let mut node = NodeIx::new(leaf);
        while node != root {
            let dominator = immediate[node.at()];
            counts[dominator.at()] += counts[node.at()];
            waiting_for[dominator.at()] -= 1;
            if waiting_for[dominator.at()] != 0 {
                break;
            }
            waiting_for[dominator.at()] = u32::MAX;
            node = dominator;
        }
    }
    Ok(counts)
}
