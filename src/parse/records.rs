//! Records of an array into rows of columns: the innermost loop of loading.
//!
//! A thread reads two places of the array in turns, record by record: where a number begins depends on where the one before
//! it ends, which takes the processor a dozen cycles to find out, and the other place gives it something to do meanwhile.
//! (Measured on 36 million edges: 0.46 s with one place, 0.34 s with two.)

use super::integers::{Fault, MAX_FIELDS, Window, record};

/// How records of an array are read.
pub(super) trait Record: Sync {
    /// What a record says.
    type Row;

    /// Fields of a record: 1 to [`MAX_FIELDS`].
    fn width(&self) -> usize;
    /// The record at the start of `window` and how many bytes it takes, if it is of the usual form; `WIDE`: numbers of nine
    /// digits are usual.
    fn fast<const WIDE: bool>(&self, window: &Window) -> Option<(Self::Row, usize)>;
    /// The row of a record of any form, or what is wrong with it.
    fn slow(&self, values: &[u64]) -> Result<Self::Row, String>;
}

/// Columns, or a range of their rows, to be filled row by row.
pub(super) trait Columns: Sized + Send + Sync {
    /// What a record says.
    type Row;
    /// Where a row goes.
    type Slot;
    /// What is learnt while rows are stored.
    type Tally: Default + Send;

    /// How many rows there are.
    fn len(&self) -> usize;
    /// Takes the first `rows` rows away.
    fn take(&mut self, rows: usize) -> Self;
    /// Row by row.
    fn slots(self) -> impl ExactSizeIterator<Item = Self::Slot>;
    /// Writes `row`, which is row `at` of all.
    fn store(slot: Self::Slot, at: usize, row: Self::Row, tally: &mut Self::Tally);
}

/// The first `len` entries of `column`, which loses them.
#[expect(clippy::mut_mut, reason = "it is the slice that gets shorter")]
pub(super) fn take<'c, T>(column: &mut &'c mut [T], len: usize) -> &'c mut [T] {
    column.split_off_mut(..len).unwrap_or_default()
}

/// A share of an array: rows to fill from the records that begin at `byte`.
pub(super) struct Part<C> {
    pub(super) columns: C,
    pub(super) byte: usize,
    /// Which row of all is the first.
    pub(super) row: usize,
}

/// Fills `first` and `second` from `bytes`; also returns how many records needed the slow way. Positions of faults are
/// positions in `bytes`.
pub(super) fn read_pair<R: Record, C: Columns<Row = R::Row>, const WIDE: bool>(
    bytes: &[u8],
    reader: &R,
    mut first: Part<C>,
    second: Option<Part<C>>,
) -> Result<(C::Tally, usize), Fault> {
    let mut tally = C::Tally::default();
    let mut left = Cursor::new(bytes, &first);
    let mut slow = 0;
    if let Some(mut second) = second {
        let mut right = Cursor::new(bytes, &second);
        let both = first.columns.len().min(second.columns.len());
        let slots = first.columns.take(both).slots();
        for (slot, other) in slots.zip(second.columns.take(both).slots()) {
            left = left.read::<R, C, WIDE>(reader, slot, &mut tally)?;
            right = right.read::<R, C, WIDE>(reader, other, &mut tally)?;
        }
        for slot in second.columns.slots() {
            right = right.read::<R, C, WIDE>(reader, slot, &mut tally)?;
        }
        slow = right.slow;
    }
    for slot in first.columns.slots() {
        left = left.read::<R, C, WIDE>(reader, slot, &mut tally)?;
    }
    Ok((tally, slow + left.slow))
}

/// A place in the array that moves from record to record.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    rest: &'a [u8],
    /// Position of the end of `rest`.
    end: usize,
    row: usize,
    slow: usize,
}

impl<'a> Cursor<'a> {
    fn new<C>(bytes: &'a [u8], part: &Part<C>) -> Self {
        Self {
            rest: &bytes[part.byte..],
            end: bytes.len(),
            row: part.row,
            slow: 0,
        }
    }

    /// Reads a record and returns the place behind it. (By value: a cursor whose address is known lives in memory, and
    /// waiting for it there takes as long as reading a number.)
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "called, it takes a third longer")]
    fn read<R: Record, C: Columns<Row = R::Row>, const WIDE: bool>(
        self,
        reader: &R,
        slot: C::Slot,
        tally: &mut C::Tally,
    ) -> Result<Self, Fault> {
        let Self { rest, end, row, slow } = self;
        let fast = rest.first_chunk().and_then(|window| reader.fast::<WIDE>(window));
        let (used, slow) = if let Some((found, used)) = fast {
            C::store(slot, row, found, tally);
            (used, slow)
        } else {
            (read_slow::<R, C>(reader, rest, end, slot, row, tally)?, slow + 1)
        };
        let rest = &rest[used..];
        let row = row + 1;
        Ok(Self { rest, end, row, slow })
    }
}

/// Reads the record at the start of `rest`, which ends at position `end`, as row `row`; returns how many bytes it takes.
#[cold]
#[inline(never)]
fn read_slow<R: Record, C: Columns<Row = R::Row>>(
    reader: &R,
    rest: &[u8],
    end: usize,
    slot: C::Slot,
    row: usize,
    tally: &mut C::Tally,
) -> Result<usize, Fault> {
    let start = end - rest.len();
    let values = &mut [0; MAX_FIELDS][..reader.width()];
    let used = record(rest, values).map_err(|fault| Fault {
        at: start + fault.at,
        ..fault
    })?;
    let found = reader.slow(values).map_err(|what| Fault { at: start, what })?;
    C::store(slot, row, found, tally);
    Ok(used)
}
