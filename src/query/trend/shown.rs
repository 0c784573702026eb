//! The rows of a trend as they are shown: which of them, in which order, as which numbers.

use super::{Trend, TrendRow, sort_rows};
use crate::base::task::{Cancelled, Task};
use crate::query::column::Face;
use crate::query::{Cell, Column, Direction, Order, Query};

/// Asks for the rows of a trend: their places in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TrendRows {
    /// Only rows that grew at every step.
    pub growing: bool,
    /// How bytes are shown, and so sorted.
    pub values: Values,
    /// How rows are sorted; *Everything else* stays last.
    pub order: Order<TrendHead>,
}

/// How the bytes of a snapshot are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Values {
    /// As they are.
    Absolute,
    /// By how many they are more than in the first snapshot of the process.
    SinceFirst,
    /// By how many they are more than in the snapshot of the process before.
    PerStep,
}

/// A column of a trend on the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TrendHead {
    /// What the row stands for.
    What,
    /// Its bytes as a line.
    Line,
    /// Its bytes in the snapshot whose column is the one of that number.
    At(u8),
    /// By how many bytes it grew.
    Growth,
    /// By how many in an hour.
    PerHour,
    /// Its part of the last heap.
    Share,
    /// What it does over time.
    Verdict,
}

/// So many snapshots have columns of their own.
const COLUMNS: usize = 12;

const KEYS: [&str; COLUMNS] = [
    "size_1", "size_2", "size_3", "size_4", "size_5", "size_6", "size_7", "size_8", "size_9", "size_10",
    "size_11", "size_12",
];

/// Which of `count` snapshots have columns: all, or of many the first and the last ones.
pub fn columns_of(count: usize) -> Vec<usize> {
    let last = count.saturating_sub(COLUMNS.min(count)) + 1;
    if count <= COLUMNS {
        (0..count).collect()
    } else {
        std::iter::once(0).chain(last..count).collect()
    }
}

impl Values {
    /// All of them, as they are offered.
    pub const ALL: [Self; 3] = [Self::Absolute, Self::SinceFirst, Self::PerStep];

    /// What it is called above a choice.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Absolute => "Absolute",
            Self::SinceFirst => "Since first",
            Self::PerStep => "Per step",
        }
    }

    /// The number of the snapshot at `at` of a series; none where there is nothing to compare it with.
    pub fn of(self, over: &Trend, series: &[u64], at: usize) -> Option<i64> {
        let own = i64::try_from(series[at]).unwrap_or(i64::MAX);
        let before = match self {
            Self::Absolute => return Some(own),
            Self::SinceFirst => over.sequences.first_of(at)?,
            Self::PerStep => over.sequences.before(at)?,
        };
        Some(own.saturating_sub(i64::try_from(series[before]).unwrap_or(i64::MAX)))
    }
}

impl Column for TrendHead {
    type Over = Trend;
    type Row = TrendRow;
    const ALL: &'static [Self] = &[
        Self::What,
        Self::Line,
        Self::At(0),
        Self::At(1),
        Self::At(2),
        Self::At(3),
        Self::At(4),
        Self::At(5),
        Self::At(6),
        Self::At(7),
        Self::At(8),
        Self::At(9),
        Self::At(10),
        Self::At(11),
        Self::Growth,
        Self::PerHour,
        Self::Share,
        Self::Verdict,
    ];

    fn key(self) -> &'static str {
        match self {
            Self::What => "what",
            Self::Line => "sizes",
            Self::At(at) => KEYS[usize::from(at) % COLUMNS],
            Self::Growth => "growth",
            Self::PerHour => "per_hour",
            Self::Share => "share",
            Self::Verdict => "verdict",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::What => "What",
            Self::Line => "Trend",
            Self::At(_) => "Bytes",
            Self::Growth => "Growth, B",
            Self::PerHour => "Per hour",
            Self::Share => "% of heap",
            Self::Verdict => "Verdict",
        }
    }

    fn face(self) -> Face {
        match self {
            Self::What | Self::Line | Self::Verdict => Face::Text,
            _ => Face::Number,
        }
    }

    fn cell(self, over: &Trend, row: &TrendRow) -> Cell {
        match self {
            Self::What => Cell::Text(row.name.clone()),
            Self::Line => Cell::List(row.sizes.iter().map(|&size| Cell::Bytes(size)).collect()),
            Self::At(at) => {
                let at = columns_of(row.sizes.len()).get(usize::from(at)).copied();
                Cell::of(at, |at| Cell::Bytes(row.sizes[at]))
            }
            Self::Growth | Self::PerHour => Cell::BytesDelta(over.growth(row)),
            Self::Share => Cell::Bytes(row.sizes.last().copied().unwrap_or(0)),
            Self::Verdict => Cell::Word(row.verdict.text()),
        }
    }
}

impl TrendRows {
    /// What grew most first.
    pub const DEFAULT_ORDER: Order<TrendHead> = Order::descending(TrendHead::Growth);
}

impl Query for TrendRows {
    type Over = Trend;
    type Answer = Vec<u32>;

    fn run(&self, over: &Trend, task: &Task) -> Result<Vec<u32>, Cancelled> {
        let wanted = |&at: &u32| !self.growing || over.rows[at as usize].grew();
        let mut rows: Vec<u32> = (0..crate::base::index::to_u32(over.rows.len()))
            .filter(wanted)
            .collect();
        task.check()?;
        let columns = columns_of(over.totals.len());
        let number = |row: &TrendRow| match self.order.by {
            TrendHead::At(at) => {
                let at = columns.get(usize::from(at)).copied().unwrap_or(0);
                self.values.of(over, &row.sizes, at).unwrap_or(i64::MIN)
            }
            TrendHead::Line | TrendHead::Share => {
                i64::try_from(row.sizes.last().copied().unwrap_or(0)).unwrap_or(i64::MAX)
            }
            TrendHead::Verdict => -(row.verdict as i64),
            TrendHead::What | TrendHead::Growth | TrendHead::PerHour => over.growth(row),
        };
        let text = self.order.by == TrendHead::What;
        sort_rows(
            over,
            &mut rows,
            |row| (text.then(|| row.name.clone()), i128::from(number(row))),
            self.order.direction == Direction::Descending,
        );
        Ok(rows)
    }
}
