//! How rows are sorted.

use std::cmp::Ordering;

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

impl Direction {
    /// `ordering`, turned round if descending.
    pub fn apply(self, ordering: Ordering) -> Ordering {
        match self {
            Self::Ascending => ordering,
            Self::Descending => ordering.reverse(),
        }
    }

    /// The other one.
    #[must_use]
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }
}

/// By which column, and which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Order<C> {
    /// The column.
    pub by: C,
    /// The way.
    pub direction: Direction,
}

impl<C> Order<C> {
    /// Smallest first.
    pub const fn ascending(by: C) -> Self {
        Self {
            by,
            direction: Direction::Ascending,
        }
    }

    /// Largest first.
    pub const fn descending(by: C) -> Self {
        Self {
            by,
            direction: Direction::Descending,
        }
    }
}
