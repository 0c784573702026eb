//! How the rows of the Strings are written.

use super::rows::{Row, TextTree};
use crate::analysis::duplicate_strings::GroupIx;
use crate::base::index::NodeIx;
use crate::base::units::grouped;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::query::instances::Instances;
use crate::query::object_set::ObjectSet;
use crate::query::string_holders::HolderRow;
use crate::query::strings::{StringColumn, StringMembers};
use crate::query::subject::What;

/// The columns.
pub(super) const HEADS: &[Head<StringColumn>] = &[
    Head::new(StringColumn::Value, "Text", "Text", 0.0),
    Head::new(StringColumn::Length, "Length", "Length in UTF-16 units", 88.0),
    Head::new(StringColumn::Count, "Count", "Number of strings", 80.0),
    Head::new(
        StringColumn::ShallowSize,
        "Shallow size, B",
        "Shallow size in bytes",
        112.0,
    ),
    Head::new(
        StringColumn::WastedSize,
        "Wasted, B",
        "Bytes that all but the largest take",
        96.0,
    ),
    Head::new(StringColumn::HeldBy, "Held by", "Held by", 216.0),
];

/// So much of a text is read out.
const SPOKEN: usize = 200;

/// A text as it is read out.
pub(super) fn spoken_text(text: &str) -> String {
    let shown: String = text.chars().take(SPOKEN).collect();
    format!("\"{shown}\"")
}

impl TextTree {
    fn holder(&self, row: &HolderRow) -> NodeIx {
        self.asker.snapshot.graph().source(row.sample)
    }

    fn text(&self, text: GroupIx) -> String {
        let first = self.known.as_ref().map(|known| known.texts.row(text).first);
        first.map_or_else(String::new, |first| self.asker.snapshot.name(first).to_string())
    }

    /// What stands in the column `by` of `row`.
    pub(super) fn cell(&self, row: &Row, by: StringColumn) -> Value {
        match (row, &self.known) {
            (Row::Text(text), Some(known)) => {
                let row = known.texts.row(*text);
                match by {
                    StringColumn::Length => Value::Number(row.length),
                    StringColumn::Count => Value::Number(row.count),
                    StringColumn::ShallowSize => Value::Number(row.shallow_size),
                    StringColumn::WastedSize => Value::Number(row.wasted_size),
                    StringColumn::HeldBy => Value::Text(known.held_by(&self.asker.snapshot, *text)),
                    StringColumn::Value | StringColumn::RetainedSize => Value::None,
                }
            }
            (Row::Strings(text), _) => match by {
                StringColumn::Count => Value::Number(self.weight(*text).0),
                StringColumn::ShallowSize => Value::Number(self.weight(*text).1),
                _ => Value::None,
            },
            (Row::Holder(row), _) if by == StringColumn::Count => Value::Number(row.count),
            (Row::String(node), _) if by == StringColumn::ShallowSize => {
                Value::Number(self.asker.snapshot.shallow_size(*node))
            }
            _ => Value::None,
        }
    }

    /// How many strings have that text, and their shallow sizes together.
    fn weight(&self, text: GroupIx) -> (u64, u64) {
        let row = self.known.as_ref().map(|known| known.texts.row(text));
        row.map_or((0, 0), |row| (row.count, row.shallow_size))
    }
}

impl Face for TextTree {
    type Column = StringColumn;

    fn heads(&self) -> &'static [Head<StringColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, _repeats: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Text(text) => {
                strip.icon(Icon::QUOTES, 14.0, tokens.kinds.string).space(6.0);
                let text = format!("\"{}\"", self.text(*text));
                strip.text(&text, fonts::body(), tokens.text_strong);
            }
            Row::HeldBy(_) => {
                strip.text("Held by", fonts::body(), tokens.text_subdued);
            }
            Row::Strings(_) => {
                strip.text("Strings", fonts::body(), tokens.text_subdued);
            }
            Row::Holder(row) => {
                let name = row.hold.name.text(snapshot.graph()).to_string();
                strip.text(&name, fonts::code(), tokens.text_strong).space(6.0);
                strip.text("in", fonts::body(), tokens.text_subdued).space(6.0);
                node_text::write_class(strip, snapshot, row.hold.class, tokens);
                let sample = snapshot.id(self.holder(row)).to_string();
                strip.space(6.0).text(&sample, fonts::id(), tokens.text_subdued);
            }
            Row::String(node) => node_text::write_node(strip, snapshot, *node, tokens),
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        self.cell(row, HEADS[at].by)
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        let counted = |text: GroupIx| {
            let (count, bytes) = self.weight(text);
            let noun = if count == 1 { "string" } else { "strings" };
            format!("{} {noun}, {} bytes", grouped(count), grouped(bytes))
        };
        match row {
            Row::Text(text) => (spoken_text(&self.text(*text)), counted(*text)),
            Row::HeldBy(_) => ("Held by".to_owned(), "by name and class".to_owned()),
            Row::Strings(text) => ("Strings".to_owned(), counted(*text)),
            Row::Holder(row) => {
                let class = snapshot.classes().class(row.hold.class).name.to_string();
                let name = row.hold.name.text(snapshot.graph()).to_string();
                let noun = if row.count == 1 { "reference" } else { "references" };
                (
                    format!("{name} in {class}"),
                    format!("{} {noun}", grouped(row.count)),
                )
            }
            Row::String(node) => {
                let retained = snapshot.retained_size(*node);
                let numbers = node_text::spoken_numbers(snapshot.distance(*node), retained);
                (node_text::spoken_node(snapshot, *node), numbers)
            }
        }
    }

    fn copied(&self, row: &Row) -> String {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Text(text) => self.text(*text),
            Row::HeldBy(_) | Row::Strings(_) => self.spoken(row).0,
            Row::Holder(row) => snapshot.id(self.holder(row)).to_string(),
            Row::String(node) => snapshot.id(*node).to_string(),
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for TextTree {
    fn what(&self, row: &Row) -> Option<What> {
        Some(What::Object(match row {
            // One of several stands for all.
            Row::Text(text) => self.known.as_ref()?.texts.row(*text).first,
            Row::HeldBy(_) | Row::Strings(_) => return None,
            Row::Holder(row) => self.holder(row),
            Row::String(node) => *node,
        }))
    }

    fn has_many(&self, row: &Row) -> bool {
        matches!(row, Row::Text(_) | Row::HeldBy(_) | Row::Strings(_))
    }

    fn many(&self, row: &Row) -> Option<ObjectSet> {
        Some(match *row {
            Row::Text(text) | Row::HeldBy(text) | Row::Strings(text) => ObjectSet::found_by(StringMembers {
                texts: self.known.as_ref()?.texts.clone(),
                text,
                order: Instances::DEFAULT_ORDER,
            }),
            Row::Holder(row) => ObjectSet::of([self.holder(&row)].into()),
            Row::String(node) => ObjectSet::of([node].into()),
        })
    }

    fn copying(&self, row: &Row) -> &'static str {
        match row {
            Row::Text(_) => "Copy text",
            Row::HeldBy(_) | Row::Strings(_) => "Copy name",
            Row::Holder(_) | Row::String(_) => "Copy @id",
        }
    }
}
