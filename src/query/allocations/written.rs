//! All levels of a tree of allocations, one row below the other: for those who read it at once.

use super::{AllocationColumn, AllocationRow, FindAllocations, Of};
use crate::analysis::call_tree::{CallTree, Known};
use crate::base::task::{Cancelled, Task};
use crate::query::{Order, Query};

/// Asks for all levels below `of`, each row followed by those below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllLevels {
    /// Where to begin.
    pub of: Of,
    /// How each level is sorted.
    pub order: Order<AllocationColumn>,
    /// Rows of fewer bytes are left out, with those below them: alive ones, where these are known.
    pub least: u64,
    /// At most so many rows.
    pub most: usize,
}

impl Query for AllLevels {
    type Over = CallTree;
    type Answer = Vec<AllocationRow>;

    fn run(&self, tree: &CallTree, task: &Task) -> Result<Vec<AllocationRow>, Cancelled> {
        let level = |of: &Of, depth: u32| {
            let (of, order) = (of.clone(), self.order);
            let mut rows = FindAllocations {
                of: of.clone(),
                order,
            }
            .run(tree, task)?;
            rows.retain(|row| self.weight(tree, row) >= self.least);
            let below = move |row: AllocationRow| {
                let of = match (&of, row.call) {
                    (_, Some(call)) => Of::Calls(Some(call)),
                    (Of::Callers(path), None) => {
                        Of::Callers(path.iter().copied().chain([row.function]).collect())
                    }
                    _ => Of::Callers(vec![row.function]),
                };
                let depth = Some(depth);
                (AllocationRow { depth, ..row }, of)
            };
            Ok(rows.into_iter().rev().map(below).collect::<Vec<_>>())
        };
        let mut rows = Vec::new();
        // The last is the next row; those below it are put on top of it.
        let mut pending = level(&self.of, 0)?;
        while let Some((row, below)) = pending.pop() {
            if rows.len() >= self.most {
                break;
            }
            rows.push(row);
            if row.has_more {
                pending.extend(level(&below, row.depth.unwrap_or(0) + 1)?);
            }
        }
        Ok(rows)
    }
}

impl AllLevels {
    fn weight(&self, tree: &CallTree, row: &AllocationRow) -> u64 {
        match tree.known() {
            Known::Sampled => row.sums.size,
            Known::All if self.order.by == AllocationColumn::Size => row.sums.size,
            Known::All | Known::Alive => row.sums.live_size,
        }
    }
}
