//! Where rows begin: in four bytes a row for passes over all of them, in two for good.

use std::marker::PhantomData;
use std::ops::Range;

use rustc_hash::FxHashMap;

use super::index::{Ix, to_u32};
use super::memory::{filled, prefetch};

/// Ascending offsets of rows that lie end to end: row `r` is `offsets[r]..offsets[r + 1]`.
///
/// They are made plain, and can be packed once the searches through everything are over: then each is kept as its distance from
/// the beginning of its block of rows, and the few that are too far from it, behind a row of very many items, in a map.
#[derive(Clone, Debug)]
pub struct Offsets<R> {
    form: Form,
    kind: PhantomData<fn(R)>,
}

#[derive(Clone, Debug)]
enum Form {
    Plain(Vec<u32>),
    Packed {
        blocks: Vec<u32>,
        within: Vec<u16>,
        far: FxHashMap<u32, u32>,
    },
}

/// Rows that share a block.
const BLOCK: usize = 32;

/// In place of a distance: look in the map.
const FAR: u16 = u16::MAX;

impl<R: Ix> Offsets<R> {
    /// From plain offsets, which must ascend from 0: one more than there are rows.
    pub fn new(offsets: Vec<u32>) -> Self {
        Self {
            form: Form::Plain(offsets),
            kind: PhantomData,
        }
    }

    /// Halves the memory; look-ups take a little longer then.
    pub fn pack(&mut self) {
        let Form::Plain(offsets) = &self.form else {
            return;
        };
        let mut far = FxHashMap::default();
        let mut within = filled(offsets.len(), FAR);
        let blocks = offsets.iter().step_by(BLOCK).copied().collect();
        for (block, (narrow, plain)) in within.chunks_mut(BLOCK).zip(offsets.chunks(BLOCK)).enumerate() {
            for (at, (narrow, &offset)) in narrow.iter_mut().zip(plain).enumerate() {
                match u16::try_from(offset - plain[0]) {
                    Ok(distance) if distance != FAR => *narrow = distance,
                    _ => {
                        far.insert(to_u32(block * BLOCK + at), offset);
                    }
                }
            }
        }
        self.form = Form::Packed { blocks, within, far };
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match &self.form {
            Form::Plain(offsets) => offsets.len().saturating_sub(1),
            Form::Packed { within, .. } => within.len().saturating_sub(1),
        }
    }

    /// The items of `row`.
    #[inline]
    pub fn range(&self, row: R) -> Range<usize> {
        self.at(row.at())..self.at(row.at() + 1)
    }

    /// The first item of `row`, or of a later row if it has none.
    #[inline]
    pub fn start(&self, row: R) -> usize {
        self.at(row.at())
    }

    /// The row that `item` belongs to: a binary search.
    pub fn row_of(&self, item: usize) -> R {
        let (mut low, mut high) = (0, self.rows());
        while high - low > 1 {
            let middle = low.midpoint(high);
            if self.at(middle) <= item {
                low = middle;
            } else {
                high = middle;
            }
        }
        R::new(low)
    }

    /// Brings near what [`Offsets::range`] of `row` reads.
    #[inline]
    pub fn prefetch(&self, row: R) {
        match &self.form {
            Form::Plain(offsets) => prefetch(offsets, row.at()),
            Form::Packed { within, .. } => prefetch(within, row.at()),
        }
    }

    #[expect(
        clippy::inline_always,
        reason = "some hundred million calls while a heap of 1 GB opens: 5 % of its time when they are calls"
    )]
    #[inline(always)]
    fn at(&self, row: usize) -> usize {
        match &self.form {
            Form::Plain(offsets) => offsets[row] as usize,
            Form::Packed { blocks, within, far } => match within[row] {
                FAR => in_map(far, row),
                distance => blocks[row / BLOCK] as usize + usize::from(distance),
            },
        }
    }
}

#[cold]
fn in_map(far: &FxHashMap<u32, u32>, row: usize) -> usize {
    far.get(&to_u32(row)).copied().unwrap_or_default() as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::index::NodeIx;

    #[test]
    fn rows_of_every_length_are_found_again() {
        let lengths: Vec<u32> = (0..1000_u32)
            .map(|row| match row {
                40 | 41 | 700 => 70_000,
                63 => 65_535,
                96 => 65_534,
                _ => row % 7 * (row % 3),
            })
            .collect();
        let mut plain = vec![0];
        for length in &lengths {
            plain.push(plain[plain.len() - 1] + length);
        }
        let mut packed = Offsets::<NodeIx>::new(plain.clone());
        packed.pack();
        for offsets in [packed, Offsets::new(plain.clone())] {
            assert_eq!(offsets.rows(), lengths.len());
            for row in 0..lengths.len() {
                let range = plain[row] as usize..plain[row + 1] as usize;
                assert_eq!(offsets.range(NodeIx::new(row)), range, "row {row}");
                assert_eq!(offsets.start(NodeIx::new(row)), range.start);
                for item in range.clone().take(2).chain(range.last()) {
                    assert_eq!(offsets.row_of(item), NodeIx::new(row), "item {item}");
                }
            }
        }
    }

    #[test]
    fn no_rows_are_no_rows() {
        let mut none = Offsets::<NodeIx>::new(vec![0]);
        assert_eq!(none.rows(), 0);
        none.pack();
        assert_eq!(none.rows(), 0);
    }
}
