//! What keeps each object of a set alive: its nearest dominator that says something.
//!
//! From an object one climbs the dominator tree over what is passed: other objects of the set (a list's links dominate each
//! other), and what only serves whoever holds it. Each node is climbed over once, however many objects are below it.
//!
//! After the immediate dominators of Eclipse MAT.

use super::dominators::Dominators;
use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::memory::filled;
use crate::base::task::{Cancelled, Task};

/// Not climbed so far.
const UNKNOWN: u32 = u32::MAX;

/// The nearest dominator of each of `members` that is neither one of them nor `passed`, in their order; the root's own is the
/// root. Where all up to the root are passed it is the root.
pub fn outside(
    dominators: &Dominators,
    root: NodeIx,
    members: &[NodeIx],
    passed: impl Fn(NodeIx) -> bool,
    task: &Task,
) -> Result<Vec<NodeIx>, Cancelled> {
    let count = dominators.all().len();
    let mut is_member = BitSet::new(count);
    for (nth, &member) in members.iter().enumerate() {
        task.check_at(nth)?;
        is_member.insert(member);
    }
    // Of each node that was climbed over, where the climb from it ended.
    let mut ends = filled(count, UNKNOWN);
    let mut climbed = Vec::new();
    let mut found = Vec::with_capacity(members.len());
    let mut steps = 0;
    for &member in members {
        let mut at = member;
        let end = loop {
            steps += 1;
            task.check_at(steps)?;
            let known = ends[at.at()];
            if known != UNKNOWN {
                break NodeIx::from_raw(known);
            }
            climbed.push(at);
            let above = dominators.of(at);
            if above == root || !is_member.contains(above) && !passed(above) {
                break above;
            }
            at = above;
        };
        for node in climbed.drain(..) {
            ends[node.at()] = end.raw();
        }
        found.push(end);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Dice, Heap, random_heap};

    #[test]
    fn the_climb_ends_where_step_by_step_it_does() {
        for seed in 0..60 {
            let mut dice = Dice::new(seed);
            let nodes = 2 + dice.roll(50);
            let heap = Heap::of(&random_heap(&mut dice, nodes));
            let root = heap.graph.root();
            let roll = |dice: &mut Dice| {
                heap.graph
                    .nodes()
                    .filter(|_| dice.roll(3) == 0)
                    .collect::<Vec<_>>()
            };
            let (members, passed) = (roll(&mut dice), roll(&mut dice));
            let passes = |node: NodeIx| passed.contains(&node);
            let found = outside(&heap.dominators, root, &members, passes, &Task::new()).unwrap();
            let slow: Vec<NodeIx> = members
                .iter()
                .map(|&member| {
                    let mut above = heap.dominators.of(member);
                    while above != root && (members.contains(&above) || passed.contains(&above)) {
                        above = heap.dominators.of(above);
                    }
                    above
                })
                .collect();
            assert_eq!(found, slow, "seed {seed}");
        }
    }
}
