//! Columns: how the rows of an answer are named, typed and read.

use crate::analysis::distances::{Distance, Reach};
use crate::base::text::JsString;
use crate::graph::ObjectId;

/// A column of an answer's rows: a closed enum for each question. Headers, alignment, number formats, JSON, CSV and copying
/// all follow from it. Declared with [`columns!`](crate::columns).
pub trait Column: Copy + Eq + std::fmt::Debug + Send + Sync + 'static {
    /// What the question was about: rows hold indices, texts are looked up here.
    type Over: ?Sized;
    /// A row of the answer.
    type Row;
    /// All columns in the order of the CSV.
    const ALL: &'static [Self];

    /// The name in JSON and CSV, which people script against.
    fn key(self) -> &'static str;
    /// The header that people read, with the unit where there is one.
    fn title(self) -> &'static str;
    /// For whom it is, and how it is set.
    fn face(self) -> Face;
    /// The cell of `row`.
    fn cell(self, over: &Self::Over, row: &Self::Row) -> Cell;

    /// Are its cells numbers (right-aligned)?
    fn is_number(self) -> bool {
        self.face() == Face::Number
    }

    /// Is it left out of tables that people read, because another column says it for them?
    fn is_for_programs(self) -> bool {
        self.face() == Face::Program
    }
}

/// For whom a column is, and how it is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Face {
    /// Texts, set from the left.
    Text,
    /// Numbers, set from the right.
    Number,
    /// For JSON and CSV only.
    Program,
}

/// A cell's value.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Does not apply.
    None,
    /// Text.
    Text(JsString),
    /// A text of this program's own, such as an edge's type.
    Word(&'static str),
    /// An object.
    Id(ObjectId),
    /// A size in bytes.
    Bytes(u64),
    /// A change of size in bytes.
    BytesDelta(i64),
    /// How many.
    Count(u64),
    /// How many, where only bounds are known: at least, at most. Programs read the first number alone.
    Range(u64, u64),
    /// A change of how many.
    CountDelta(i64),
    /// A number that is not grouped: an ordinal, a step.
    Plain(u64),
    /// How many edges from the roots; programs read the number alone, as [`Cell::reach`] has a column of its own.
    Distance(Distance),
    /// A share: 0 to 1.
    Ratio(f64),
    /// Yes or no.
    Flag(bool),
    /// Several values.
    List(Vec<Self>),
    /// Values that have names, for programs.
    Record(Vec<(&'static str, Self)>),
}

impl Cell {
    /// The word of the contract for how a node is reached.
    pub fn reach(distance: Distance) -> Self {
        Self::Word(match distance.reach() {
            Reach::User => "user",
            Reach::System => "system",
            Reach::Unreachable => "unreachable",
        })
    }

    /// `cell` of the value, or none.
    pub fn of<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::None, cell)
    }
}

/// Declares the columns of an answer as a closed enum with its [`Column`], one column a line: its
/// [`Face`], its key, its title and how a cell is read. The order is that of the CSV.
#[macro_export]
macro_rules! columns {
    (
        $(#[$meta:meta])*
        pub enum $name:ident: |$over:ident: $Over:ty, $row:ident: $Row:ty| {
            $( $(#[$doc:meta])* $variant:ident: $face:ident $key:literal $title:literal = $cell:expr; )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $( $(#[$doc])* $variant, )+
        }

        impl $crate::query::Column for $name {
            type Over = $Over;
            type Row = $Row;
            const ALL: &'static [Self] = &[$( Self::$variant ),+];

            fn key(self) -> &'static str {
                match self { $( Self::$variant => $key ),+ }
            }

            fn title(self) -> &'static str {
                match self { $( Self::$variant => $title ),+ }
            }

            fn face(self) -> $crate::query::column::Face {
                match self { $( Self::$variant => $crate::query::column::Face::$face ),+ }
            }

            fn cell(self, $over: &$Over, $row: &$Row) -> $crate::query::Cell {
                match self { $( Self::$variant => $cell ),+ }
            }
        }
    };
}
