//! Columns of 32-bit values most of which recur, in half the bytes.

use std::marker::PhantomData;

use super::index::{Ix, to_u32};
use super::memory::filled;
use super::task::{Cancelled, Task};

/// A read-only column of `u32` in which each of the 65 535 most frequent values is a 16-bit code, and the others stand in
/// a list beside it. Names of edges are like that: a few thousand property names, and small array indices. A column that is not
/// like that is kept as it is.
#[derive(Debug)]
pub struct Coded<I> {
    form: Form,
    kind: PhantomData<fn(I)>,
}

#[derive(Debug)]
enum Form {
    Plain(Vec<u32>),
    Codes {
        codes: Vec<u16>,
        values: Vec<u32>,
        rare: Rare,
    },
}

/// Values without a code: for each block of entries, the places within it, ascending, and the values.
#[derive(Debug, Default)]
struct Rare {
    starts: Vec<u32>,
    places: Vec<u16>,
    values: Vec<u32>,
}

/// Entries of a column that share a block of [`Rare`].
const BLOCK: usize = 1 << 12;

/// Entries that are looked at between two questions whether to go on.
const CHECKED: usize = 1 << 16;

/// The code of values that have none.
const RARE: u16 = u16::MAX;

/// Bytes a value without a code takes.
const RARE_COST: usize = 6;

/// Values from here on get no code: their frequencies are not worth a table.
const COUNTED: usize = 1 << 22;

impl<I: Ix> Coded<I> {
    /// Codes `column`, if that makes it smaller.
    pub fn build(column: Vec<u32>, task: &Task) -> Result<Self, Cancelled> {
        let mut counts = vec![0_u32; COUNTED.min(column.len() + usize::from(RARE))];
        let bound = counts.len();
        for values in column.chunks(CHECKED) {
            task.check()?;
            for &value in values {
                if let Some(count) = counts.get_mut(value as usize) {
                    *count = count.saturating_add(1);
                }
            }
        }
        let mut values: Vec<u32> = (0..to_u32(bound))
            .filter(|&value| counts[value as usize] > 0)
            .collect();
        if values.len() >= usize::from(RARE) {
            values.sort_unstable_by_key(|&value| (std::cmp::Reverse(counts[value as usize]), value));
            values.truncate(usize::from(RARE));
        }
        let coded: usize = values.iter().map(|&value| counts[value as usize] as usize).sum();
        let rare_count = column.len() - coded;
        if values.len() * 4 + rare_count * RARE_COST >= column.len() * 2 {
            return Ok(Self {
                form: Form::Plain(column),
                kind: PhantomData,
            });
        }
        let mut code_of = vec![RARE; bound];
        for (code, &value) in (0..RARE).zip(&values) {
            code_of[value as usize] = code;
        }
        let mut rare = Rare::default();
        rare.places.reserve_exact(rare_count);
        rare.values.reserve_exact(rare_count);
        let mut codes = filled(column.len(), RARE);
        for (codes, values) in codes.chunks_mut(BLOCK).zip(column.chunks(BLOCK)) {
            task.check()?;
            rare.starts.push(to_u32(rare.values.len()));
            for (place, (code, &value)) in (0..RARE).zip(codes.iter_mut().zip(values)) {
                *code = code_of.get(value as usize).copied().unwrap_or(RARE);
                if *code == RARE {
                    rare.places.push(place);
                    rare.values.push(value);
                }
            }
        }
        rare.starts.push(to_u32(rare.values.len()));
        Ok(Self {
            form: Form::Codes { codes, values, rare },
            kind: PhantomData,
        })
    }

    /// The value of `ix`.
    #[inline]
    pub fn get(&self, ix: I) -> u32 {
        match &self.form {
            Form::Plain(column) => column[ix.at()],
            Form::Codes { codes, values, rare } => match codes[ix.at()] {
                RARE => rare.get(ix.at()),
                code => values[usize::from(code)],
            },
        }
    }
}

impl<I: Ix> Coded<I> {
    /// The entries whose values `wanted` accepts, ascending. `wanted` is asked once for each frequent value.
    pub fn find(&self, wanted: impl Fn(u32) -> bool, task: &Task) -> Result<Vec<I>, Cancelled> {
        let mut found = Vec::new();
        let Form::Codes { codes, values, rare } = &self.form else {
            for start in (0..self.len()).step_by(CHECKED) {
                task.check()?;
                let block = start..(start + CHECKED).min(self.len());
                found.extend(block.map(I::new).filter(|&ix| wanted(self.get(ix))));
            }
            return Ok(found);
        };
        let mut is_wanted: Vec<bool> = values.iter().map(|&value| wanted(value)).collect();
        is_wanted.resize(usize::from(RARE) + 1, false);
        let some_coded = is_wanted.contains(&true);
        for (block, codes) in codes.chunks(BLOCK).enumerate() {
            task.check_at(block * BLOCK)?;
            let before = found.len();
            let entry = |place: usize| I::new(block * BLOCK + place);
            if some_coded {
                let coded = codes.iter().enumerate();
                let coded = coded.filter(|&(_, &code)| is_wanted[usize::from(code)]);
                found.extend(coded.map(|(place, _)| entry(place)));
            }
            let rare = rare.block(block).filter(|&(_, value)| wanted(value));
            found.extend(rare.map(|(place, _)| entry(usize::from(place))));
            found[before..].sort_unstable_by_key(|ix| ix.at());
        }
        Ok(found)
    }

    fn len(&self) -> usize {
        match &self.form {
            Form::Plain(column) => column.len(),
            Form::Codes { codes, .. } => codes.len(),
        }
    }
}

impl Rare {
    /// Places and values of a block of entries.
    fn block(&self, block: usize) -> impl Iterator<Item = (u16, u32)> + '_ {
        let range = self.starts[block] as usize..self.starts[block + 1] as usize;
        let places = self.places[range.clone()].iter().copied();
        places.zip(self.values[range].iter().copied())
    }

    #[cold]
    fn get(&self, at: usize) -> u32 {
        let block = self.starts[at / BLOCK] as usize..self.starts[at / BLOCK + 1] as usize;
        let place = self.places[block.clone()].partition_point(|&place| usize::from(place) < at % BLOCK);
        self.values[block][place]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::index::EdgeIx;

    #[test]
    fn every_form_gives_its_values_back() {
        let few: Vec<u32> = (0..5000).map(|at| at % 7 * 1000).collect();
        let mut with_rare = few.clone();
        with_rare[3] = u32::MAX;
        with_rare[4] = 70_000;
        let distinct: Vec<u32> = (0..5000_u32).map(|at| at.wrapping_mul(900_000_001)).collect();
        let many: Vec<u32> = (0..2_000_000)
            .map(|at| if at % 20 == 0 { at } else { at % 50 })
            .collect();
        for column in [few, with_rare, distinct, many, Vec::new()] {
            let coded = Coded::<EdgeIx>::build(column.clone(), &Task::new()).unwrap();
            let back: Vec<u32> = (0..column.len()).map(|at| coded.get(EdgeIx::new(at))).collect();
            assert_eq!(back, column);
            let odd: Vec<usize> = coded
                .find(|value| value % 2 == 1, &Task::new())
                .unwrap()
                .into_iter()
                .map(Ix::at)
                .collect();
            assert!(
                odd.iter()
                    .copied()
                    .eq((0..column.len()).filter(|&at| column[at] % 2 == 1))
            );
        }
    }

    #[test]
    fn a_column_of_few_values_is_coded_and_one_of_many_is_not() {
        let is_coded = |column| {
            let coded = Coded::<EdgeIx>::build(column, &Task::new()).unwrap();
            matches!(coded.form, Form::Codes { .. })
        };
        assert!(is_coded((0..5000).map(|at| at % 7).collect()));
        assert!(!is_coded(
            (0..5000_u32).map(|at| at.wrapping_mul(900_000_001)).collect()
        ));
    }
}
