//! Columns of 64-bit numbers in as few bytes as their values need.

use std::marker::PhantomData;

use rustc_hash::FxHashMap;

use super::index::{Ix, to_u32};
use super::memory::{filled, prefetch};
use super::task::{Cancelled, Task};

/// A column of `u64` that stores 1, 2, 4 or 8 bytes an entry and keeps the few values that do not fit in a map beside it.
///
/// Sizes, distances and class numbers of a heap are nearly all below 65 535; ids below 2³². The narrow width is chosen
/// when the column is built, from the values themselves, so that a column of large values never ends up in the map.
#[derive(Clone, Debug)]
pub struct Packed<I> {
    base: Base,
    wide: FxHashMap<u32, u64>,
    kind: PhantomData<fn(I)>,
}

#[derive(Clone, Debug)]
enum Base {
    Byte(Vec<u8>),
    Half(Vec<u16>),
    Word(Vec<u32>),
    Full(Vec<u64>),
}

/// An entry of the map is worth this many bytes, its spare room included.
const WIDE_COST: usize = 32;

impl<I: Ix> Packed<I> {
    /// The column whose entry `at` is `value(at)`; `value` is called twice for each entry.
    pub fn build(len: usize, value: impl Fn(usize) -> u64, task: &Task) -> Result<Self, Cancelled> {
        Self::scatter(len, (0..len).map(|at| (I::new(at), value(at))), task)
    }

    /// The column of `len` entries that `entries` gives in any order, each once (an entry not given is 0); `entries` is gone
    /// through twice.
    pub fn scatter(
        len: usize,
        entries: impl Iterator<Item = (I, u64)> + Clone,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let (mut over_byte, mut over_half, mut over_word) = (0, 0, 0);
        for (nth, (_, v)) in entries.clone().enumerate() {
            task.check_at(nth)?;
            over_byte += usize::from(v >= u64::from(u8::MAX));
            over_half += usize::from(v >= u64::from(u16::MAX));
            over_word += usize::from(v >= u64::from(u32::MAX));
        }
        let mut wide = FxHashMap::default();
        let base = if len + over_byte * WIDE_COST <= 2 * len + over_half * WIDE_COST && over_byte * 64 <= len
        {
            Base::Byte(fill(len, entries, u8::MAX, &mut wide, task)?)
        } else if over_half * WIDE_COST <= 2 * len {
            Base::Half(fill(len, entries, u16::MAX, &mut wide, task)?)
        } else if over_word * WIDE_COST <= 4 * len {
            Base::Word(fill(len, entries, u32::MAX, &mut wide, task)?)
        } else {
            Base::Full(fill(len, entries, u64::MAX, &mut wide, task)?)
        };
        Ok(Self {
            base,
            wide,
            kind: PhantomData,
        })
    }

    /// The column of 32-bit values `words` where entry `u32::MAX` stands for the value `wide` holds for it: the form in
    /// which a reader that sees each number once builds a column.
    pub fn from_words(words: Vec<u32>, wide: FxHashMap<u32, u64>, task: &Task) -> Result<Self, Cancelled> {
        let many = wide.len() * WIDE_COST > 4 * words.len();
        let column = Self {
            base: Base::Word(words),
            wide,
            kind: PhantomData,
        };
        if many {
            Self::build(column.len(), |at| column.get(I::new(at)), task)
        } else {
            Ok(column)
        }
    }

    /// Stores the column anew, as narrow as its values allow.
    pub fn shrink(&mut self, task: &Task) -> Result<(), Cancelled> {
        let len = self.len();
        *self = Self::build(len, |at| self.get(I::new(at)), task)?;
        Ok(())
    }

    /// How many entries the column has.
    pub fn len(&self) -> usize {
        match &self.base {
            Base::Byte(v) => v.len(),
            Base::Half(v) => v.len(),
            Base::Word(v) => v.len(),
            Base::Full(v) => v.len(),
        }
    }

    /// Has the column no entries?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entry of `ix`.
    #[expect(
        clippy::inline_always,
        reason = "some hundred million calls while a heap of 1 GB opens: 4 % of its time when they are calls"
    )]
    #[inline(always)]
    pub fn get(&self, ix: I) -> u64 {
        match &self.base {
            Base::Byte(v) => match v[ix.at()] {
                u8::MAX => self.wide_at(ix),
                value => u64::from(value),
            },
            Base::Half(v) => match v[ix.at()] {
                u16::MAX => self.wide_at(ix),
                value => u64::from(value),
            },
            Base::Word(v) => match v[ix.at()] {
                u32::MAX => self.wide_at(ix),
                value => u64::from(value),
            },
            Base::Full(v) => match v[ix.at()] {
                u64::MAX => self.wide_at(ix),
                value => value,
            },
        }
    }

    /// Brings the entry of `ix` near.
    #[inline]
    pub fn prefetch(&self, ix: I) {
        match &self.base {
            Base::Byte(v) => prefetch(v, ix.at()),
            Base::Half(v) => prefetch(v, ix.at()),
            Base::Word(v) => prefetch(v, ix.at()),
            Base::Full(v) => prefetch(v, ix.at()),
        }
    }

    #[cold]
    fn wide_at(&self, ix: I) -> u64 {
        self.wide.get(&to_u32(ix.at())).copied().unwrap_or_default()
    }

    /// All entries in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = u64> + '_ {
        (0..self.len()).map(|at| self.get(I::new(at)))
    }
}

/// A column of `T`, where values that do not fit are `escape` and stand in `wide`.
fn fill<I: Ix, T: TryFrom<u64> + PartialEq + Copy + Default>(
    len: usize,
    entries: impl Iterator<Item = (I, u64)>,
    escape: T,
    wide: &mut FxHashMap<u32, u64>,
    task: &Task,
) -> Result<Vec<T>, Cancelled> {
    let mut column = filled(len, T::default());
    for (nth, (ix, value)) in entries.enumerate() {
        task.check_at(nth)?;
        column[ix.at()] = match T::try_from(value) {
            Ok(narrow) if narrow != escape => narrow,
            _ => {
                wide.insert(to_u32(ix.at()), value);
                escape
            }
        };
    }
    Ok(column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::index::NodeIx;

    fn column(values: &[u64]) -> Packed<NodeIx> {
        Packed::build(values.len(), |at| values[at], &Task::new()).unwrap()
    }

    #[test]
    fn every_width_gives_its_values_back() {
        let small: Vec<u64> = (0..100).collect();
        let mut one_wide = small.clone();
        one_wide[7] = u64::MAX;
        one_wide[8] = u64::from(u16::MAX);
        let words: Vec<u64> = (0..100).map(|v| v * 100_000).collect();
        let full: Vec<u64> = (0..100).map(|v| v << 40).collect();
        for values in [small, one_wide, words, full] {
            assert_eq!(column(&values).iter().collect::<Vec<_>>(), values);
        }
    }

    #[test]
    fn a_column_of_large_values_is_not_kept_in_the_map() {
        let values: Vec<u64> = (0..1000).map(|v| v << 40).collect();
        assert!(column(&values).wide.is_empty());
    }
}
