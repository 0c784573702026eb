//! Arrays of records: how one is cut into chunks that threads read at the same time, straight into the final columns.
//!
//! An array is passed over once, in waves of a few chunks. Commas tell records apart, and counting them costs next to nothing:
//! so the commas of each chunk of a wave are counted first, which says where the chunk's first record begins and which row of
//! the columns it is, and then the chunks are read while they are still in the cache. The first `]` is the array's end.

use std::ops::Range;

use rayon::prelude::*;

use super::error::LoadError;
use super::input::{Input, is_white};
use super::records::{Columns, Part, Record, read_pair};
use crate::base::task::Cancelled;

/// What was found in an array.
#[derive(Debug)]
pub(super) struct Found<T> {
    /// Rows that were stored.
    pub(super) rows: usize,
    /// Whole records in the file; those that found no room in the columns were passed over.
    pub(super) records: usize,
    /// Numbers after the last whole record.
    pub(super) rest: usize,
    /// The position after the `]`, or the file's end.
    pub(super) end: usize,
    /// Does the array end with a `]`?
    pub(super) closed: bool,
    /// What was learnt while rows were stored.
    pub(super) tallies: Vec<T>,
}

/// How many records of `width` numbers columns should have room for: as many as the header says, but never more than the
/// bytes from `start` on can hold. (What a header says is never enough to reserve memory.)
pub(super) fn room(input: &Input<'_>, start: usize, width: usize, said: Option<u64>) -> usize {
    let possible = most(input.from(start).len(), width);
    let said = said.and_then(|said| usize::try_from(said).ok());
    said.map_or(possible, |said| said.min(possible))
}

/// The same for an array that no header tells of: as many as the bytes up to its end can hold.
pub(super) fn room_to_close(input: &Input<'_>, start: usize, width: usize) -> Result<usize, Cancelled> {
    let rest = input.from(start);
    let mut len = 0;
    for block in rest.chunks(BLOCK) {
        input.task.check()?;
        // No array of numbers goes on behind one of these.
        match memchr::memchr3(b']', b'"', 0, block) {
            Some(close) => return Ok(most(len + close, width)),
            None => len += block.len(),
        }
    }
    Ok(most(len, width))
}

/// How many bytes are looked at between two questions whether to go on.
const BLOCK: usize = 16 << 20;

/// How many records of `width` numbers `bytes` bytes can hold.
const fn most(bytes: usize, width: usize) -> usize {
    // A number takes two bytes at least, its comma included; the last record lacks one.
    bytes / (2 * width) + 1
}

/// Reads the array of `section`, whose first record may begin at `start` (after the `[`), into `columns`.
pub(super) fn read<R: Record, C: Columns<Row = R::Row>>(
    input: &Input<'_>,
    section: &str,
    start: usize,
    reader: &R,
    columns: C,
) -> Result<Found<C::Tally>, LoadError> {
    let mut split = Split {
        input,
        width: reader.width(),
        columns,
        commas: 0,
        byte: start,
        row: 0,
        close: None,
    };
    let (mut rows, mut tallies) = (0, Vec::new());
    let mut at = start;
    let mut wide = false;
    while split.close.is_none() && at < input.bytes.len() {
        let before = split.row;
        let (parts, end) = split.wave(at);
        rows += parts.iter().map(|part| part.columns.len()).sum::<usize>();
        let slow = read_parts(input, section, reader, parts, wide, &mut tallies)?;
        wide |= slow * 8 > split.row - before;
        input.consumed(at..end)?;
        at = end;
    }
    Ok(Found {
        rows,
        records: split.row,
        rest: split.numbers() - split.row * split.width,
        end: at,
        closed: split.close.is_some(),
        tallies,
    })
}

/// An array on its way to being cut into chunks.
struct Split<'i, 'f, C> {
    input: &'i Input<'f>,
    width: usize,
    /// Columns of the rows that are still to come.
    columns: C,
    /// Commas seen.
    commas: usize,
    /// Where the next record begins, and which it is.
    byte: usize,
    row: usize,
    /// The array's end.
    close: Option<usize>,
}

/// What is in a chunk.
struct Counted {
    commas: usize,
    close: Option<usize>,
}

impl<C: Columns> Split<'_, '_, C> {
    /// The parts of the wave of chunks that begins at `at`, and where the wave ends.
    fn wave(&mut self, at: usize) -> (Vec<Part<C>>, usize) {
        let chunks = self.input.wave(at);
        let counts: Vec<Counted> = chunks.par_iter().map(|chunk| self.count(chunk)).collect();
        let mut parts = Vec::with_capacity(chunks.len());
        let mut end = at;
        for (chunk, counted) in chunks.into_iter().zip(counts) {
            self.commas += counted.commas;
            if let Some(close) = counted.close {
                self.close = Some(close);
                parts.extend(self.cut(close, self.numbers() / self.width));
                return (parts, close + 1);
            }
            end = chunk.end;
            if let Some((byte, row)) = self.next_record(end) {
                parts.extend(self.cut(byte, row));
            }
        }
        (parts, end)
    }

    fn count(&self, chunk: &Range<usize>) -> Counted {
        let bytes = &self.input.bytes[chunk.clone()];
        let close = memchr::memchr(b']', bytes);
        let inside = &bytes[..close.unwrap_or(bytes.len())];
        Counted {
            commas: memchr::memchr_iter(b',', inside).count(),
            close: close.map(|close| chunk.start + close),
        }
    }

    /// Whole numbers seen. In a file that ends within the array the last one may be cut, so that it counts only if a comma
    /// follows.
    fn numbers(&self) -> usize {
        let last = self.close.is_some_and(|close| {
            let mut inside = self.input.bytes[self.byte.min(close)..close].iter();
            self.commas > 0 || inside.any(|&byte| !is_white(byte))
        });
        self.commas + usize::from(last)
    }

    /// The first beginning of a record at or after `at`, before which all commas have been counted, and which record it is.
    /// `None` if none is near: then the records before `at` are left to the next chunk.
    fn next_record(&self, at: usize) -> Option<(usize, usize)> {
        let rest = self.input.from(at);
        if rest.is_empty() {
            return Some((at, self.commas / self.width));
        }
        let near = &rest[..rest.len().min(self.input.chunk)];
        let missing = self.width - self.commas % self.width;
        let comma = memchr::memchr2_iter(b',', b']', near)
            .take_while(|&found| near[found] == b',')
            .nth(missing - 1)?;
        Some((at + comma + 1, self.commas / self.width + 1))
    }

    /// Cuts off the records up to number `row`, which begins at `byte`.
    fn cut(&mut self, byte: usize, row: usize) -> Option<Part<C>> {
        let rows = (row - self.row).min(self.columns.len());
        let part = Part {
            columns: self.columns.take(rows),
            byte: self.byte,
            row: self.row,
        };
        (self.byte, self.row) = (byte, row);
        (rows > 0).then_some(part)
    }
}

/// Reads all parts, two by two; returns how many records needed the slow way.
fn read_parts<R: Record, C: Columns<Row = R::Row>>(
    input: &Input<'_>,
    section: &str,
    reader: &R,
    parts: Vec<Part<C>>,
    wide: bool,
    tallies: &mut Vec<C::Tally>,
) -> Result<usize, LoadError> {
    let mut pairs = Vec::with_capacity(parts.len().div_ceil(2));
    let mut parts = parts.into_iter();
    while let Some(first) = parts.next() {
        pairs.push((first, parts.next()));
    }
    let bytes = input.bytes;
    let read = |(first, second)| {
        if wide {
            read_pair::<R, C, true>(bytes, reader, first, second)
        } else {
            read_pair::<R, C, false>(bytes, reader, first, second)
        }
    };
    // All are run and the first fault of the file is told, whichever thread meets one first.
    let results: Vec<_> = pairs.into_par_iter().map(read).collect();
    let mut slow = 0;
    for result in results {
        let (tally, slow_here) = result.map_err(|fault| input.malformed(section, fault.at, fault.what))?;
        tallies.push(tally);
        slow += slow_here;
    }
    Ok(slow)
}
