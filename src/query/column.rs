//! Columns: how the rows of an answer are named, typed and read.

use crate::base::text::JsString;
use crate::graph::ObjectId;

/// A column of an answer's rows: a closed enum for each question. Headers, alignment, number formats, JSON, CSV and copying
/// all follow from it.
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
    /// Are its cells numbers (right-aligned)?
    fn is_number(self) -> bool;
    /// The cell of `row`.
    fn cell(self, over: &Self::Over, row: &Self::Row) -> Cell;
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
    /// A change of how many.
    CountDelta(i64),
    /// A number that is not grouped: an ordinal, a distance.
    Plain(u64),
    /// Yes or no.
    Flag(bool),
    /// Several values.
    List(Vec<Self>),
}

impl Cell {
    /// A distance in edges; none for what is not reached.
    pub fn edges(distance: crate::analysis::distances::Distance) -> Self {
        distance
            .edges()
            .map_or(Self::None, |edges| Self::Plain(u64::from(edges)))
    }

    /// The word of the contract for how a node is reached.
    pub fn reach(distance: crate::analysis::distances::Distance) -> Self {
        use crate::analysis::distances::Reach;
        Self::Word(match distance.reach() {
            Reach::User => "user",
            Reach::System => "system",
            Reach::Unreachable => "unreachable",
        })
    }
}
