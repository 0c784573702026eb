//! A set of indices as one bit each.

use std::marker::PhantomData;

use super::index::Ix;

/// A fixed-size set of indices. Membership costs one load from memory eight times denser than a byte column, which is what
/// keeps graph searches inside the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BitSet<I> {
    words: Vec<u64>,
    len: usize,
    kind: PhantomData<fn() -> I>,
}

impl<I: Ix> BitSet<I> {
    /// The empty set over indices `0..len`.
    pub fn new(len: usize) -> Self {
        Self {
            words: vec![0; len.div_ceil(64)],
            len,
            kind: PhantomData,
        }
    }

    /// How many indices the set ranges over (not how many it holds).
    pub fn domain(&self) -> usize {
        self.len
    }

    /// Is `ix` in the set?
    #[inline]
    pub fn contains(&self, ix: I) -> bool {
        self.words[ix.at() >> 6] >> (ix.at() & 63) & 1 != 0
    }

    /// Adds `ix`; true if it was not there before.
    #[inline]
    pub fn insert(&mut self, ix: I) -> bool {
        let word = &mut self.words[ix.at() >> 6];
        let bit = 1 << (ix.at() & 63);
        let fresh = *word & bit == 0;
        *word |= bit;
        fresh
    }

    /// Removes `ix`.
    #[inline]
    pub fn remove(&mut self, ix: I) {
        self.words[ix.at() >> 6] &= !(1 << (ix.at() & 63));
    }

    /// How many indices are in the set.
    pub fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Does the set hold nothing?
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// The members in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = I> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                (rest != 0).then(|| {
                    let bit = rest.trailing_zeros() as usize;
                    rest &= rest - 1;
                    I::new((at << 6) + bit)
                })
            })
        })
    }

    /// Adds every member of `other`, which ranges over the same indices.
    pub fn union_with(&mut self, other: &Self) {
        for (word, &more) in self.words.iter_mut().zip(&other.words) {
            *word |= more;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::index::NodeIx;

    #[test]
    fn members_come_back_in_order_and_across_words() {
        let mut set = BitSet::<NodeIx>::new(200);
        for at in [130, 0, 63, 64, 199] {
            assert!(set.insert(NodeIx::new(at)));
        }
        assert!(!set.insert(NodeIx::new(63)));
        set.remove(NodeIx::new(64));
        assert_eq!(set.iter().map(Ix::at).collect::<Vec<_>>(), [0, 63, 130, 199]);
        assert_eq!((set.count(), set.contains(NodeIx::new(64))), (4, false));
    }
}
