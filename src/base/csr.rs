//! Compressed rows: for each index of one kind, a slice of items.

use std::ops::Range;

use super::index::{Ix, to_u32};
use super::memory::prefetch;
use super::offsets::Offsets;

/// Rows of items stored end to end. At most `u32::MAX` items.
#[derive(Clone, Debug)]
pub struct Csr<R, T> {
    offsets: Offsets<R>,
    items: Vec<T>,
}

impl<R: Ix, T: Copy + Default> Csr<R, T> {
    /// From finished columns; `offsets`, one more than there are rows, must ascend from 0 to `items.len()`.
    pub fn from_parts(offsets: Vec<u32>, items: Vec<T>) -> Self {
        debug_assert_eq!(
            offsets.last().map(|&end| end as usize),
            Some(items.len()),
            "offsets must end at the items' end"
        );
        Self {
            offsets: Offsets::new(offsets),
            items,
        }
    }

    /// Groups `(row, item)` pairs by row with a counting sort; items of a row keep the order of `pairs`.
    pub fn group(rows: usize, pairs: impl Iterator<Item = (R, T)> + Clone) -> Self {
        let mut offsets = vec![0_u32; rows + 1];
        for (row, _) in pairs.clone() {
            offsets[row.at() + 1] += 1;
        }
        for at in 0..rows {
            offsets[at + 1] += offsets[at];
        }
        let mut next = offsets.clone();
        let mut items = vec![T::default(); offsets[rows] as usize];
        for (row, item) in pairs {
            items[next[row.at()] as usize] = item;
            next[row.at()] += 1;
        }
        Self::from_parts(offsets, items)
    }

    /// Takes less memory from now on; look-ups take a little longer.
    pub fn pack(&mut self) {
        self.offsets.pack();
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.offsets.rows()
    }

    /// All items, row after row.
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Where row `row` lies among the items.
    #[inline]
    pub fn range(&self, row: R) -> Range<usize> {
        self.offsets.range(row)
    }

    /// Brings near where `row` lies.
    #[inline]
    pub fn prefetch_range(&self, row: R) {
        self.offsets.prefetch(row);
    }

    /// Brings near the first items of `row`; where it lies is read for that.
    #[inline]
    pub fn prefetch_row(&self, row: R) {
        prefetch(&self.items, self.offsets.start(row));
    }

    /// The items of `row`.
    #[inline]
    pub fn row(&self, row: R) -> &[T] {
        &self.items[self.range(row)]
    }
}

/// Turns counts into offsets in place: `counts[r]` becomes the sum of all counts before `r`, and the last entry the total.
/// `counts` must have one spare entry at its end. `None` if the total does not fit 32 bits.
pub fn prefix_sums(counts: &mut [u32]) -> Option<u32> {
    let mut sum = 0_usize;
    for count in counts.iter_mut() {
        let here = *count as usize;
        *count = u32::try_from(sum).is_ok().then(|| to_u32(sum))?;
        sum += here;
    }
    u32::try_from(sum).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::index::NodeIx;

    #[test]
    fn grouping_keeps_the_order_within_a_row() {
        let pairs = [(2, 'x'), (0, 'a'), (2, 'y'), (0, 'b')].map(|(row, item)| (NodeIx::new(row), item));
        let csr = Csr::group(4, pairs.into_iter());
        assert_eq!(csr.row(NodeIx::new(0)), ['a', 'b']);
        assert_eq!(csr.row(NodeIx::new(1)), [' '; 0]);
        assert_eq!(csr.row(NodeIx::new(2)), ['x', 'y']);
        assert_eq!(csr.rows(), 4);
    }

    #[test]
    fn prefix_sums_end_with_the_total() {
        let mut counts = [3, 0, 2, 0];
        assert_eq!(prefix_sums(&mut counts), Some(5));
        assert_eq!(counts, [0, 3, 3, 5]);
    }
}
