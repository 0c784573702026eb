//! Sorting rows: each key is read once a row, the next key only where rows are equal in the last.
//!
//! How a question sorts is said in its own file by nesting these two; no question's own order may live here.

use rayon::slice::ParallelSliceMut as _;

use super::Direction;
use super::name_key::NameKey;

/// From here on sorting is shared out to all threads.
const MANY: usize = 20_000;

/// Sorts `rows` by a number; `then` sorts each run of rows that have it in common.
pub(super) fn by_number<R: Copy + Send>(
    rows: &mut [R],
    direction: Direction,
    number: impl Fn(R) -> u64,
    then: impl Fn(&mut [R]),
) {
    let mut keyed: Vec<(u64, R)> = match direction {
        Direction::Ascending => rows.iter().map(|&row| (number(row), row)).collect(),
        Direction::Descending => rows.iter().map(|&row| (!number(row), row)).collect(),
    };
    if keyed.len() < MANY {
        keyed.sort_unstable_by_key(|&(key, _)| key);
    } else {
        keyed.par_sort_unstable_by_key(|&(key, _)| key);
    }
    put_back(rows, &keyed, |a, b| a == b, then);
}

/// Sorts `rows` by a text; `then` sorts each run of rows that have it in common.
pub(super) fn by_text<'a, R: Copy + Send>(
    rows: &mut [R],
    direction: Direction,
    text: impl Fn(R) -> NameKey<'a>,
    then: impl Fn(&mut [R]),
) {
    let mut keyed: Vec<(NameKey<'a>, R)> = rows.iter().map(|&row| (text(row), row)).collect();
    let compare = |a: &(NameKey<'_>, R), b: &(NameKey<'_>, R)| direction.apply(a.0.cmp(&b.0));
    if keyed.len() < MANY {
        keyed.sort_unstable_by(compare);
    } else {
        keyed.par_sort_unstable_by(compare);
    }
    put_back(rows, &keyed, |a, b| a == b, then);
}

/// A signed number in the form [`by_number`] sorts: the order is kept.
pub(super) fn signed(value: i64) -> u64 {
    value.cast_unsigned() ^ (1 << 63)
}

fn put_back<K, R: Copy>(
    rows: &mut [R],
    keyed: &[(K, R)],
    same: impl Fn(&K, &K) -> bool,
    then: impl Fn(&mut [R]),
) {
    for (slot, &(_, row)) in rows.iter_mut().zip(keyed) {
        *slot = row;
    }
    let mut start = 0;
    for run in keyed.chunk_by(|a, b| same(&a.0, &b.0)) {
        if run.len() > 1 {
            then(&mut rows[start..start + run.len()]);
        }
        start += run.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_are_sorted_by_the_next_key_only() {
        let mut rows = [(1_u64, 3_u64), (2, 1), (1, 1), (2, 9), (1, 2)];
        by_number(
            &mut rows,
            Direction::Descending,
            |row| row.0,
            |run| by_number(run, Direction::Ascending, |row| row.1, |_| ()),
        );
        assert_eq!(rows, [(2, 1), (2, 9), (1, 1), (1, 2), (1, 3)]);
    }

    #[test]
    fn signed_numbers_keep_their_order() {
        let mut numbers = [3, -5, 100_000_000, 0, i64::MIN];
        by_number(&mut numbers, Direction::Ascending, signed, |_| ());
        assert_eq!(numbers, [i64::MIN, -5, 0, 3, 100_000_000]);
    }
}
