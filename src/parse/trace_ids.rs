//! One field of the section `nodes`, read by itself: the ids of the calls that allocated them.

use super::arrays;
use super::error::LoadError;
use super::input::Input;
use super::integers::{Window, last, number};
use super::records::{Columns, Record, take};
use super::tokens::Fault;

/// For each of `nodes` nodes the field `position` of `width`, from the `[` at `start` on.
pub(super) fn read(
    input: &Input<'_>,
    start: usize,
    width: usize,
    position: usize,
    nodes: usize,
) -> Result<Vec<u32>, Fault> {
    let mut ids = vec![0; nodes];
    let record = IdRecord { width, position };
    let found = arrays::read(
        input,
        super::nodes::SECTION,
        start + 1,
        &record,
        IdSlice(&mut ids),
    );
    match found {
        Ok(_) => Ok(ids),
        Err(LoadError::Cancelled(cancelled)) => Err(Fault::Cancelled(cancelled)),
        // The section was read before, and did not fail then.
        Err(error) => Err(Fault::At(super::nodes::SECTION, start, error.to_string())),
    }
}

/// Reads one field of a record.
struct IdRecord {
    width: usize,
    position: usize,
}

impl Record for IdRecord {
    type Row = u32;

    fn width(&self) -> usize {
        self.width
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the innermost loop")]
    fn fast<const WIDE: bool>(&self, window: &Window) -> Option<(u32, usize)> {
        // Records of more fields do not fit the window.
        if self.width > 7 {
            return None;
        }
        let (mut at, mut id) = (0, 0);
        for field in 0..self.width {
            let (value, end) = if field + 1 == self.width {
                last::<WIDE>(window, at)?
            } else {
                number::<WIDE>(window, at)?
            };
            if field == self.position {
                id = value;
            }
            at = end;
        }
        Some((id, at))
    }

    fn slow(&self, values: &[u64]) -> Result<u32, String> {
        Ok(u32::try_from(values[self.position]).unwrap_or(u32::MAX))
    }
}

/// Ids to fill.
struct IdSlice<'c>(&'c mut [u32]);

impl<'c> Columns for IdSlice<'c> {
    type Row = u32;
    type Slot = &'c mut u32;
    type Tally = ();

    fn len(&self) -> usize {
        self.0.len()
    }

    fn take(&mut self, rows: usize) -> Self {
        Self(take(&mut self.0, rows))
    }

    fn slots(self) -> impl ExactSizeIterator<Item = &'c mut u32> {
        self.0.iter_mut()
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the innermost loop")]
    fn store(slot: &'c mut u32, _at: usize, row: u32, _tally: &mut ()) {
        *slot = row;
    }
}
