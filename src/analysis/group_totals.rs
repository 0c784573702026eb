//! Sums over groups of nodes: what the Summary says of classes, for any other way of grouping.

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx, to_u32};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};

use super::distances::{Distance, Distances};
use super::dominator_order::DominatorOrder;
use super::topmost;

/// A way of grouping nodes.
#[derive(Clone, Copy, Debug)]
pub struct Groups<G, P> {
    /// How many groups there are.
    pub count: usize,
    /// The group of a node, below `count`.
    pub of: G,
    /// Brings near what `of` reads.
    pub prefetch: P,
}

/// Sums over the members of a group: nodes of shallow size above 0 that pass the filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupTotals {
    /// The group's number.
    pub group: usize,
    /// How many members it has (at least one).
    pub count: u64,
    /// The least distance of a member, as [`Distance`] is ordered: a member that nothing reaches makes it "unreachable".
    pub distance: Distance,
    /// Sum of shallow sizes in bytes.
    pub shallow_size: u64,
    /// Sum of the retained sizes, in bytes, of members that no other member dominates.
    pub retained_size: u64,
}

/// Totals of all groups with members, in the order in which their first members stand in the file. Members are the nodes of
/// `filter`, if there is one, with a shallow size above 0.
pub fn build(
    groups: &Groups<impl Fn(NodeIx) -> usize, impl Fn(NodeIx)>,
    distances: &Distances,
    order: &DominatorOrder,
    shallow: &Packed<NodeIx>,
    retained: &Packed<NodeIx>,
    filter: Option<&BitSet<NodeIx>>,
    task: &Task,
) -> Result<Vec<GroupTotals>, Cancelled> {
    let passes = |node| filter.is_none_or(|filter| filter.contains(node));
    let mut totals = Vec::new();
    let mut row_of: Vec<Option<u32>> = vec![None; groups.count];
    for node in (0..order.len()).map(NodeIx::new) {
        task.check_at(node.at())?;
        let size = shallow.get(node);
        if size == 0 || !passes(node) {
            continue;
        }
        let group = (groups.of)(node);
        let distance = distances.of(node);
        let row = *row_of[group].get_or_insert_with(|| {
            totals.push(GroupTotals {
                group,
                count: 0,
                distance,
                shallow_size: 0,
                retained_size: 0,
            });
            to_u32(totals.len() - 1)
        });
        let total = &mut totals[row as usize];
        total.count += 1;
        total.distance = total.distance.min(distance);
        total.shallow_size += size;
    }
    let group_of = |node| (shallow.get(node) != 0 && passes(node)).then(|| (groups.of)(node));
    let prefetch = |node| {
        (groups.prefetch)(node);
        shallow.prefetch(node);
    };
    let sum = |group: usize, node| {
        if let Some(row) = row_of[group] {
            totals[row as usize].retained_size += retained.get(node);
        }
    };
    topmost::each(order, groups.count, group_of, prefetch, sum, task)?;
    Ok(totals)
}
