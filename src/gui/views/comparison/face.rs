//! How the rows of a comparison by class are written and read out, and what they stand for.

use eframe::egui::Color32;

use super::heads::HEADS;
use super::rows::{Changes, Row, Side, told};
use crate::base::units::{counted, grouped, signed};
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts, icons};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::query::comparison::objects::{ChangedObject, Note};
use crate::query::comparison::parts::{ChangedPart, PartChange};
use crate::query::comparison::{ComparedRow, ComparisonColumn, RowOf};
use crate::query::folding::Label;
use crate::query::subject::{SnapshotId, What};
use crate::query::{Cell, Column as _};

impl Face for Changes {
    type Column = ComparisonColumn;

    fn heads(&self) -> &'static [Head<ComparisonColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, repeats: bool, tokens: &Tokens) {
        match row {
            Row::Class(row) => self.write_class(strip, row, tokens),
            Row::Apart(row) => {
                let quiet = tokens.text_subdued;
                strip.icon(Icon::SWAP, 14.0, quiet).space(6.0);
                strip.text(&self.class_name(row), fonts::body(), tokens.text);
                strip.space(8.0).text(APART, fonts::body(), quiet);
            }
            Row::Object(object, note) => {
                let (side, node) = told(*object);
                node_text::write_node(strip, self.snapshot(side), node, tokens);
                let (icon, text, color, ground) = self.badge(*object, tokens);
                strip.space(8.0).badge(icon, text, color, ground).space(8.0);
                strip.text(&self.was(*object), fonts::body(), tokens.text_subdued);
                strip.text(&self.note(side, note), fonts::body(), tokens.text_subdued);
            }
            Row::Part(part) => self.write_part(strip, part, tokens),
            Row::Edge(side, row) => node_text::write_held(strip, self.snapshot(*side), *row, tokens),
        }
        if repeats {
            node_text::write_repeats(strip, tokens);
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let head = &HEADS[at];
        let total = self.compared.pair.current.total_size();
        let delta = match row {
            Row::Class(row) | Row::Apart(row) => return self.class_value(row, head),
            Row::Object(object, _) => object.size_delta(&self.compared.pair),
            Row::Part(part) => part.retained_delta,
            Row::Edge(..) => return Value::None,
        };
        match head.by {
            ComparisonColumn::SizeDelta if head.is_extra => {
                Value::Growth(delta, total, self.compared.largest)
            }
            ComparisonColumn::SizeDelta => Value::Delta(delta),
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        match row {
            Row::Class(row) => (self.class_name(row), grew(row.sums.size_delta())),
            Row::Apart(row) => (
                format!("{}, {APART}", self.class_name(row)),
                grew(row.sums.size_delta()),
            ),
            Row::Object(object, note) => {
                let (side, node) = told(*object);
                let word = self
                    .badge(*object, Tokens::for_theme(eframe::egui::Theme::Dark, false))
                    .1;
                let note = self.note(side, note);
                let what = if note.is_empty() {
                    word.to_owned()
                } else {
                    format!("{word}, {note}")
                };
                let delta = object.size_delta(&self.compared.pair);
                (
                    node_text::spoken_node(self.snapshot(side), node),
                    format!("{what}, {}", grew(delta)),
                )
            }
            Row::Part(part) => {
                let label = part.label(&self.compared.pair).to_string();
                let what = match row.node() {
                    Some((side, node)) => node_text::spoken_node(self.snapshot(side), node),
                    None => "a number".to_owned(),
                };
                (
                    format!("{label}: {what}"),
                    format!("{}, {}", part_word(part.change), grew(part.retained_delta)),
                )
            }
            Row::Edge(side, row) => {
                let snapshot = self.snapshot(*side);
                let numbers = node_text::spoken_numbers(row.distance, snapshot.retained_size(row.node));
                (node_text::spoken_held(snapshot, *row), numbers)
            }
        }
    }

    fn copied(&self, row: &Row) -> String {
        match row.node() {
            None => self.spoken(row).0,
            Some((side, node)) => self.snapshot(side).id(node).to_string(),
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

/// Said of a part of a class that got another name.
const APART: &str = "a row of its own in DevTools";

/// A change of bytes in words.
pub(super) fn grew(delta: i64) -> String {
    match delta {
        0 => "of the same size".to_owned(),
        1.. => format!("grew by {} bytes", grouped(delta.unsigned_abs())),
        _ => format!("shrank by {} bytes", grouped(delta.unsigned_abs())),
    }
}

const fn part_word(change: PartChange) -> &'static str {
    match change {
        PartChange::Added => "added",
        PartChange::Removed => "removed",
        PartChange::Replaced => "replaced",
        PartChange::Resized => "retains more or less",
    }
}

impl Changes {
    fn class_name(&self, row: &ComparedRow) -> String {
        match row.of {
            RowOf::Class(ix) => self.compared.row(ix).name().to_string(),
            RowOf::Cost => "Cost of taking the snapshot".to_owned(),
            RowOf::Below(count) => format!("{} below the threshold", counted(count, "class", "classes")),
        }
    }

    /// What an object is to what holds it, and how many more it holds.
    fn note(&self, side: Side, note: &Note) -> String {
        let snapshot = self.snapshot(side);
        let held = note.held.map(|(label, holder)| {
            let text = label.text(snapshot).to_string();
            match label {
                Label::Entry { .. } => text,
                _ => format!("{text} of {}", node_text::spoken_name(snapshot, holder)),
            }
        });
        let entries = note.entries.map(|count| format!("{} entries", signed(count)));
        let both: Vec<String> = held.into_iter().chain(entries).collect();
        both.join(", ")
    }

    fn write_class(&self, strip: &mut Strip<'_>, row: &ComparedRow, tokens: &Tokens) {
        let name = self.class_name(row);
        let quiet = tokens.text_subdued;
        match row.of {
            RowOf::Class(ix) => {
                let (icon, tint) = icons::of_class(&name, tokens);
                strip.icon(icon, 14.0, tint).space(6.0);
                strip.text(&name, fonts::body(), tokens.text_strong);
                if let Some(former) = &self.compared.row(ix).former {
                    strip.space(8.0);
                    strip.text(&format!("was {former}"), fonts::body(), quiet);
                }
            }
            RowOf::Cost => {
                strip.icon(Icon::GEAR, 14.0, quiet).space(6.0);
                strip.text(&name, fonts::body(), tokens.text_strong);
                let more = if self.is_subtracted { "not counted" } else { "" };
                strip.space(8.0).text(more, fonts::body(), quiet);
            }
            RowOf::Below(_) => {
                strip.icon(Icon::FUNNEL, 14.0, quiet).space(6.0);
                strip.text(&name, fonts::body(), quiet);
            }
        }
    }

    fn write_part(&self, strip: &mut Strip<'_>, part: &ChangedPart, tokens: &Tokens) {
        let label = part.label(&self.compared.pair).to_string();
        strip.text(&label, fonts::code(), tokens.text_strong);
        strip.text(" : ", fonts::code(), tokens.text_subdued);
        if let Some((side, node)) = Row::Part(*part).node() {
            node_text::write_node(strip, self.snapshot(side), node, tokens);
        }
        let (icon, color, ground) = match (part.change, part.retained_delta > 0) {
            (PartChange::Added, _) => (Icon::PLUS, tokens.grow_text, tokens.grow_tint),
            (PartChange::Removed, _) => (Icon::MINUS, tokens.shrink_text, tokens.shrink_tint),
            (PartChange::Replaced, _) => (Icon::SWAP, tokens.text, tokens.bg_active),
            (PartChange::Resized, true) => (Icon::ARROW_UP_RIGHT, tokens.grow_text, tokens.grow_tint),
            (PartChange::Resized, false) => (Icon::ARROW_DOWN_RIGHT, tokens.shrink_text, tokens.shrink_tint),
        };
        let word = match part.change {
            PartChange::Resized if part.retained_delta > 0 => "retains more",
            PartChange::Resized => "retains less",
            change => part_word(change),
        };
        strip.space(8.0).badge(icon, word, color, ground);
    }

    /// The badge of an object: icon, word, colours.
    fn badge(&self, object: ChangedObject, tokens: &Tokens) -> (Icon, &'static str, Color32, Color32) {
        let grown = (tokens.grow_text, tokens.grow_tint);
        let shrunk = (tokens.shrink_text, tokens.shrink_tint);
        let (icon, word, (color, ground)) = match object {
            ChangedObject::Added(_, None) => (Icon::PLUS, "added", grown),
            ChangedObject::Added(_, Some(_)) => (Icon::SWAP, "other class", (tokens.text, tokens.bg_active)),
            ChangedObject::Removed(_) => (Icon::MINUS, "removed", shrunk),
            ChangedObject::Resized(..) if object.size_delta(&self.compared.pair) > 0 => {
                (Icon::ARROW_UP_RIGHT, "grew", grown)
            }
            ChangedObject::Resized(..) => (Icon::ARROW_DOWN_RIGHT, "shrank", shrunk),
        };
        (icon, word, color, ground)
    }

    /// `was Object, `: of which class an object was that is of another now.
    fn was(&self, object: ChangedObject) -> String {
        let ChangedObject::Added(_, Some(before)) = object else {
            return String::new();
        };
        let row = self.compared.comparison.row_of_base(before);
        row.map_or_else(String::new, |row| {
            let row = self.compared.row(row);
            let name = row
                .former
                .as_ref()
                .map_or_else(|| row.name(), |former| former.as_js());
            format!("was {name}, ")
        })
    }

    fn class_value(&self, row: &ComparedRow, head: &Head<ComparisonColumn>) -> Value {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let is_class = matches!(row.of, RowOf::Class(_));
        match (head.by, row.sums.changes) {
            (ComparisonColumn::BaseCount | ComparisonColumn::CurrentCount, _) if !is_class => Value::None,
            (ComparisonColumn::AddedCount, Some(changes)) => Value::Delta(signed(changes.added.count)),
            (ComparisonColumn::RemovedCount, Some(changes)) => Value::Delta(-signed(changes.removed.count)),
            (ComparisonColumn::GrownSize, Some(changes)) => {
                let count = changes.grown.count + changes.shrunk.count;
                let bytes = signed(changes.grown.size) - signed(changes.shrunk.size);
                Value::Objects(count, bytes)
            }
            (ComparisonColumn::SizeDelta, _) if head.is_extra => Value::Growth(
                row.sums.size_delta(),
                self.compared.pair.current.total_size(),
                self.compared.largest,
            ),
            (ComparisonColumn::ClassShare, _) if row.sums.base.size == 0 => Value::None,
            (ComparisonColumn::ClassShare, _) => {
                Value::Growth(row.sums.size_delta(), row.sums.base.size, row.sums.base.size)
            }
            _ => match head.by.cell(&self.compared, row) {
                Cell::Count(number) | Cell::Bytes(number) => Value::Number(number),
                Cell::CountDelta(delta) | Cell::BytesDelta(delta) => Value::Delta(delta),
                _ => Value::None,
            },
        }
    }
}

impl Subjects for Changes {
    fn what(&self, row: &Row) -> Option<What> {
        match row {
            Row::Class(ComparedRow {
                of: RowOf::Class(ix), ..
            }) => self.compared.current_class(*ix).map(What::Class),
            _ => row.node().map(|(_, node)| What::Object(node)),
        }
    }

    fn snapshot(&self, row: &Row) -> Option<SnapshotId> {
        Some(match row.node() {
            Some((Side::Base, _)) => self.sides.0,
            _ => self.sides.1,
        })
    }
}
