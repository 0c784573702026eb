//! What a filter leaves.

use std::borrow::Cow;

use super::owners;
use crate::analysis::class_totals::{self, ClassTotals};
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::filters::NodeFilter;
use crate::base::bits::BitSet;
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// The nodes that pass `filter`; none if all do.
pub(super) fn nodes(
    snapshot: &Snapshot,
    filter: NodeFilter,
    task: &Task,
) -> Result<Option<BitSet<NodeIx>>, Cancelled> {
    let (dom, distances) = (snapshot.dom(), snapshot.distances());
    let (graph, sizes) = (snapshot.graph(), snapshot.shallow_sizes());
    let owners = || {
        let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
        owners::build(snapshot, &order, task)
    };
    filter.members(graph, dom, distances, sizes, owners, task)
}

/// The totals of the classes of the nodes that pass `filter`.
pub(super) fn class_totals<'a>(
    snapshot: &'a Snapshot,
    filter: NodeFilter,
    task: &Task,
) -> Result<Cow<'a, [ClassTotals]>, Cancelled> {
    let Some(nodes) = nodes(snapshot, filter, task)? else {
        return Ok(Cow::Borrowed(snapshot.class_totals()));
    };
    let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
    let totals = class_totals::build(
        snapshot.classes(),
        snapshot.distances(),
        &order,
        snapshot.shallow_sizes(),
        snapshot.retained_sizes(),
        Some(&nodes),
        task,
    )?;
    Ok(Cow::Owned(totals))
}
