//! Strings that are kept whole by slices of them, under each the slices.

use super::face::spoken_text;
use crate::base::index::NodeIx;
use crate::base::units::{counted, grouped};
use crate::gui::cx::Asker;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::object_set::ObjectSet;
use crate::query::passing::Passing;
use crate::query::pattern::Pattern;
use crate::query::strings::sliced::{SlicedColumn, SlicedRow, SlicedStrings, SlicesOf};
use crate::query::subject::What;

/// The tree of a frame: who is asked, and for what.
#[derive(Clone)]
pub(super) struct SliceTree {
    pub(super) asker: Asker,
    pub(super) only: Option<Passing>,
    /// Is it still looked for what passes the window's filter?
    pub(super) is_waiting: bool,
    pub(super) pattern: Option<Pattern>,
    pub(super) order: Order<SlicedColumn>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    Whole(SlicedRow),
    Slice(NodeIx),
}

pub(super) enum Level {
    Wholes(Slot<SlicedStrings>),
    Slices(NodeIx, Slot<SlicesOf>),
}

/// The columns.
pub(super) const HEADS: &[Head<SlicedColumn>] = &[
    Head::new(SlicedColumn::Value, "Whole text", "Whole text", 0.0),
    Head::new(SlicedColumn::Length, "Length", "Length in UTF-16 units", 88.0),
    Head::new(SlicedColumn::Slices, "Slices", "Number of slices", 80.0),
    Head::new(
        SlicedColumn::HasOnlySlices,
        "Only slices",
        "Nothing else holds it: it would go if the slices were copies",
        96.0,
    ),
    Head::new(
        SlicedColumn::ShallowSize,
        "Shallow size, B",
        "Shallow size in bytes",
        112.0,
    ),
    Head::new(SlicedColumn::HeldBy, "Slices held by", "Slices held by", 216.0),
];

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn wholes() -> Self {
        Self::Wholes(Slot::new(Lane::Frame))
    }

    /// The strings, if this is their level and they are known.
    pub(super) fn answer(&self) -> Option<&[SlicedRow]> {
        match self {
            Self::Wholes(slot) => slot.latest().map(Vec::as_slice),
            Self::Slices(..) => None,
        }
    }
}

impl Row {
    const fn node(&self) -> NodeIx {
        match self {
            Self::Whole(row) => row.whole,
            Self::Slice(node) => *node,
        }
    }
}

impl Branches for SliceTree {
    type Row = Row;
    type Key = NodeIx;
    type Level = Level;

    fn key(&self, row: &Row) -> NodeIx {
        row.node()
    }

    fn can_open(&self, row: &Row) -> bool {
        matches!(row, Row::Whole(_))
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, row: &Row) -> Level {
        Level::Slices(row.node(), Slot::new(Lane::Frame))
    }

    fn ask(&self, level: &mut Level) -> Asked {
        if self.is_waiting {
            return Asked {
                is_waiting: true,
                ..Asked::default()
            };
        }
        match level {
            Level::Wholes(slot) => {
                let question = SlicedStrings {
                    only: self.only.clone(),
                    pattern: self.pattern.clone(),
                    order: self.order,
                };
                self.asker.ask(slot, &question)
            }
            Level::Slices(whole, slot) => {
                let whole = *whole;
                self.asker.ask(slot, &SlicesOf { whole })
            }
        }
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Wholes(slot) => slot.latest().map(Vec::len),
            Level::Slices(_, slot) => slot.latest().map(Vec::len),
        };
        len.unwrap_or(0) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level {
            Level::Wholes(slot) => slot.latest()?.get(at).copied().map(Row::Whole),
            Level::Slices(_, slot) => slot.latest()?.get(at).copied().map(Row::Slice),
        }
    }

    fn find(&self, level: &Level, key: NodeIx) -> Option<u64> {
        let at = match level {
            Level::Wholes(slot) => slot.latest()?.iter().position(|row| row.whole == key),
            Level::Slices(_, slot) => slot.latest()?.binary_search(&key).ok(),
        };
        at.map(|at| at as u64)
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match level {
            Level::Wholes(_) if self.pattern.is_some() => "No string that slices lead to has that in it",
            Level::Wholes(_) => "No string is sliced",
            Level::Slices(..) => "No slices",
        }
    }

    fn page(&self, level: &Level) -> u64 {
        match level {
            Level::Wholes(_) => u64::MAX,
            Level::Slices(..) => 100,
        }
    }
}

impl Face for SliceTree {
    type Column = SlicedColumn;

    fn heads(&self) -> &'static [Head<SlicedColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, _repeats: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Whole(row) => {
                strip.icon(Icon::QUOTES, 14.0, tokens.kinds.string).space(6.0);
                let text = format!("\"{}\"", snapshot.name(row.whole));
                strip.text(&text, fonts::body(), tokens.text_strong);
            }
            Row::Slice(node) => node_text::write_node(strip, snapshot, *node, tokens),
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let snapshot = &*self.asker.snapshot;
        let by = HEADS[at].by;
        match row {
            Row::Whole(row) => match by {
                SlicedColumn::Length => Value::Number(row.length(snapshot)),
                SlicedColumn::Slices => Value::Number(row.slices),
                SlicedColumn::HasOnlySlices => {
                    Value::Text(if row.has_only_slices { "yes" } else { "no" }.to_owned())
                }
                SlicedColumn::ShallowSize => Value::Number(snapshot.shallow_size(row.whole)),
                SlicedColumn::HeldBy => {
                    let held_by = row.held_by(snapshot);
                    Value::Text(held_by.map_or_else(String::new, |by| by.to_string()))
                }
                SlicedColumn::Value | SlicedColumn::RetainedSize => Value::None,
            },
            Row::Slice(node) if by == SlicedColumn::ShallowSize => {
                Value::Number(snapshot.shallow_size(*node))
            }
            Row::Slice(_) => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Whole(row) => {
                let slices = counted(row.slices, "slice", "slices");
                let bytes = grouped(snapshot.shallow_size(row.whole));
                let text = spoken_text(&snapshot.name(row.whole).to_string());
                (text, format!("{slices}, {bytes} bytes"))
            }
            Row::Slice(node) => {
                let retained = snapshot.retained_size(*node);
                let numbers = node_text::spoken_numbers(snapshot.distance(*node), retained);
                (node_text::spoken_node(snapshot, *node), numbers)
            }
        }
    }

    fn copied(&self, row: &Row) -> String {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Whole(row) => snapshot.name(row.whole).to_string(),
            Row::Slice(node) => snapshot.id(*node).to_string(),
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for SliceTree {
    fn what(&self, row: &Row) -> Option<What> {
        Some(What::Object(row.node()))
    }

    fn has_many(&self, row: &Row) -> bool {
        matches!(row, Row::Whole(_))
    }

    fn many(&self, row: &Row) -> Option<ObjectSet> {
        Some(match row {
            Row::Whole(row) => ObjectSet::found_by(SlicesOf { whole: row.whole }),
            Row::Slice(node) => ObjectSet::of([*node].into()),
        })
    }

    fn copying(&self, row: &Row) -> &'static str {
        match row {
            Row::Whole(_) => "Copy text",
            Row::Slice(_) => "Copy @id",
        }
    }
}
