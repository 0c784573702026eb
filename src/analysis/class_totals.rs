//! What the Summary says of each class.

use crate::base::bits::BitSet;
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};

use super::classes::ClassTable;
use super::distances::{Distance, Distances};
use super::dominator_order::DominatorOrder;
use super::group_totals::{self, GroupTotals, Groups};

/// Sums over the members of a class: nodes of shallow size above 0 that pass the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClassTotals {
    /// The class.
    pub class: ClassIx,
    /// How many members it has (at least one).
    pub count: u64,
    /// The least distance of a member, as [`Distance`] is ordered: a member that nothing reaches makes it "unreachable".
    pub distance: Distance,
    /// Sum of shallow sizes in bytes.
    pub shallow_size: u64,
    /// Sum of the retained sizes, in bytes, of members that no other member dominates.
    pub retained_size: u64,
}

/// Totals of all classes with members, in the order in which their first members stand in the file. Members are the nodes of
/// `filter`, if there is one, with a shallow size above 0.
pub fn build(
    classes: &ClassTable,
    distances: &Distances,
    order: &DominatorOrder,
    shallow: &Packed<NodeIx>,
    retained: &Packed<NodeIx>,
    filter: Option<&BitSet<NodeIx>>,
    task: &Task,
) -> Result<Vec<ClassTotals>, Cancelled> {
    let class_of = |node| classes.of(node).at();
    let prefetch = |node| classes.prefetch(node);
    let groups = Groups {
        count: classes.len(),
        of: class_of,
        prefetch,
    };
    let totals = group_totals::build(&groups, distances, order, shallow, retained, filter, task)?;
    let total = |total: GroupTotals| ClassTotals {
        class: ClassIx::new(total.group),
        count: total.count,
        distance: total.distance,
        shallow_size: total.shallow_size,
        retained_size: total.retained_size,
    };
    Ok(totals.into_iter().map(total).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Dice, Heap, random_heap};

    /// As the rules read, one class and one member at a time.
    fn slow(heap: &Heap, filter: Option<&BitSet<NodeIx>>) -> Vec<ClassTotals> {
        let is_member = |class: ClassIx, node: NodeIx| {
            heap.classes.of(node) == class
                && heap.shallow.get(node) > 0
                && filter.is_none_or(|filter| filter.contains(node))
        };
        let is_covered = |class: ClassIx, node: NodeIx| {
            let mut above = node;
            while above != heap.graph.root() {
                above = heap.dominators.of(above);
                if above != node && is_member(class, above) {
                    return true;
                }
            }
            false
        };
        let mut totals: Vec<ClassTotals> = Vec::new();
        for first in heap.graph.nodes() {
            let class = heap.classes.of(first);
            if totals.iter().any(|total| total.class == class) || !is_member(class, first) {
                continue;
            }
            let members: Vec<NodeIx> = heap
                .graph
                .nodes()
                .filter(|&node| is_member(class, node))
                .collect();
            totals.push(ClassTotals {
                class,
                count: members.len() as u64,
                distance: members.iter().map(|&node| heap.distances.of(node)).min().unwrap(),
                shallow_size: members.iter().map(|&node| heap.shallow.get(node)).sum(),
                retained_size: members
                    .iter()
                    .filter(|&&node| !is_covered(class, node))
                    .map(|&node| heap.retained.get(node))
                    .sum(),
            });
        }
        totals
    }

    #[test]
    fn totals_are_those_of_the_slow_way() {
        for seed in 0..100 {
            let mut dice = Dice::new(seed);
            let nodes = 2 + dice.roll(50);
            let heap = Heap::of(&random_heap(&mut dice, nodes));
            let mut half = BitSet::new(heap.graph.node_count());
            for node in heap.graph.nodes().filter(|_| dice.roll(2) == 0) {
                half.insert(node);
            }
            for filter in [None, Some(&half)] {
                let totals = build(
                    &heap.classes,
                    &heap.distances,
                    &heap.order,
                    &heap.shallow,
                    &heap.retained,
                    filter,
                    &Task::new(),
                );
                assert_eq!(totals.unwrap(), slow(&heap, filter), "seed {seed}");
            }
        }
    }
}
