//! The rows of a tree, copied once for a worker who writes them: to find text in them, or to export them.

use super::outline::{Outline, Path};
use super::tree::Face;
use crate::base::task::{Cancelled, Task};

/// The rows of all open levels, also those that are not shown yet.
pub(crate) struct Gathered<F: Face> {
    /// How they are written.
    pub(crate) face: F,
    levels: Vec<Level<F>>,
}

struct Level<F: Face> {
    /// The way to it.
    path: Path<F::Key>,
    rows: Vec<F::Row>,
    /// Levels under rows of this one: where the row stands, and which level.
    open: Vec<(usize, usize)>,
}

/// Where a row stands: which level, and where in it.
pub(crate) type Spot = (usize, usize);

/// More rows are not copied.
const MOST: usize = 4_000_000;

impl<F: Face> Gathered<F> {
    /// Copies the rows of `outline`: 16 to 48 bytes each.
    pub(crate) fn new(face: &F, outline: &Outline<F>) -> Self {
        let mut levels: Vec<Level<F>> = Vec::new();
        let mut left = MOST;
        // The levels above the one at hand, outermost first.
        let mut above: Vec<usize> = Vec::new();
        for (path, level) in outline.levels() {
            above.truncate(path.len());
            let count = usize::try_from(face.len(level)).unwrap_or(usize::MAX).min(left);
            left -= count;
            let rows = (0..count as u64).filter_map(|at| face.row(level, at)).collect();
            let number = levels.len();
            if let (Some(&parent), Some(step)) = (above.last(), path.last())
                && let Some(parent) = levels.get_mut(parent)
            {
                let under = usize::try_from(step.at()).unwrap_or(usize::MAX);
                parent.open.push((under, number));
            }
            above.push(number);
            levels.push(Level {
                path,
                rows,
                open: Vec::new(),
            });
        }
        Self {
            face: face.quiet(),
            levels,
        }
    }

    /// The row at `spot`, and the way to its level.
    pub(super) fn row(&self, (level, at): Spot) -> Option<(&Path<F::Key>, &F::Row)> {
        let level = self.levels.get(level)?;
        Some((&level.path, level.rows.get(at)?))
    }

    /// Calls `visit` with each row in the order in which they stand on the screen: where, how deep (from 0), and the row.
    pub(crate) fn each<E: From<Cancelled>>(
        &self,
        task: &Task,
        mut visit: impl FnMut(Spot, usize, &F::Row) -> Result<(), E>,
    ) -> Result<(), E> {
        // Levels that are not through yet: which, from which row on, and which of those under it comes next.
        let mut ahead = vec![(0, 0, 0)];
        while let Some((number, mut at, next)) = ahead.pop() {
            let Some(level) = self.levels.get(number) else {
                continue;
            };
            let under = level.open.get(next);
            let end = under.map_or(level.rows.len(), |(row, _)| (row + 1).min(level.rows.len()));
            while at < end {
                task.check_at(at)?;
                visit((number, at), level.path.len(), &level.rows[at])?;
                at += 1;
            }
            if let Some(&(_, below)) = under {
                ahead.push((number, at, next + 1));
                ahead.push((below, 0, 0));
            }
        }
        Ok(())
    }
}
