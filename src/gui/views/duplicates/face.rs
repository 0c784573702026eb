//! How the rows of the Duplicates are written.

use std::sync::Arc;

use super::rows::{DuplicateTree, Row};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::units::grouped;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::value_text::{spoken_value, write_value};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::query::duplicates::differences::Difference;
use crate::query::duplicates::{DuplicateColumn, DuplicateRow};
use crate::query::object_set::ObjectSet;
use crate::query::subject::What;

/// The columns.
pub(super) const HEADS: &[Head<DuplicateColumn>] = &[
    Head::new(
        DuplicateColumn::Class,
        "Class and properties",
        "Class and properties",
        0.0,
    ),
    Head::new(
        DuplicateColumn::Distance,
        "Distance",
        "Distance from the roots",
        72.0,
    ),
    Head::new(DuplicateColumn::Count, "Count", "Number of objects", 80.0),
    Head::new(
        DuplicateColumn::Distinct,
        "Contents",
        "Number of different contents",
        80.0,
    ),
    Head::new(
        DuplicateColumn::ShallowSize,
        "Shallow size, B",
        "Shallow size in bytes",
        104.0,
    ),
    Head::new(
        DuplicateColumn::RetainedSize,
        "Retained, B",
        "Retained size in bytes",
        104.0,
    ),
    Head::new(
        DuplicateColumn::WastedSize,
        "Wasted, B",
        "Bytes that one of each content would save",
        96.0,
    ),
    Head::new(DuplicateColumn::HeldBy, "Held by", "Held by", 176.0),
];

impl DuplicateTree {
    fn object(&self, row: &Row) -> Option<NodeIx> {
        match *row {
            // One of several stands for all.
            Row::Group(kind, group) | Row::Objects(kind, group) => {
                self.group(kind, group)?.members.first().copied()
            }
            Row::Properties(..) => None,
            Row::Property(property) => Some(self.asker.snapshot.graph().head(property.sample).target()),
            Row::Object(node) => Some(node),
        }
    }

    fn write_group(&self, strip: &mut Strip<'_>, row: &DuplicateRow, tokens: &Tokens) {
        node_text::write_class(strip, &self.asker.snapshot, row.class, tokens);
        // The class of a plain object is its properties.
        let class = &self.asker.snapshot.classes().class(row.class).name;
        if !class.as_js().starts_with("{") {
            let shape = row.shape_text().to_string();
            strip.space(8.0).text(&shape, fonts::code(), tokens.text_subdued);
        }
    }

    fn write_property(&self, strip: &mut Strip<'_>, property: Difference, tokens: &Tokens) {
        let name = self.name(property);
        let color = if property.distinct > 1 {
            tokens.text_strong
        } else {
            tokens.text_subdued
        };
        strip.text(&name, fonts::code(), color).space(8.0);
        let differs = Self::differs(property);
        strip
            .text(&differs, fonts::body(), tokens.text_subdued)
            .space(8.0);
        write_value(
            strip,
            &self.asker.snapshot,
            self.object(&Row::Property(property)),
            tokens,
        );
    }

    fn name(&self, property: Difference) -> String {
        self.asker
            .snapshot
            .graph()
            .strings()
            .get(property.name)
            .to_string()
    }

    /// `always`, or how many values, and how often the most frequent one.
    fn differs(property: Difference) -> String {
        if property.distinct == 1 {
            return "always".to_owned();
        }
        let (values, times) = (grouped(property.distinct), grouped(property.repeated));
        format!("{values} values, {times} times")
    }
}

impl Face for DuplicateTree {
    type Column = DuplicateColumn;

    fn heads(&self) -> &'static [Head<DuplicateColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, _repeats: bool, tokens: &Tokens) {
        let subdued = tokens.text_subdued;
        match *row {
            Row::Group(kind, group) => {
                if let Some(row) = self.group(kind, group) {
                    self.write_group(strip, row, tokens);
                }
            }
            Row::Properties(..) => {
                strip.text("Properties", fonts::body(), subdued);
            }
            Row::Objects(..) => {
                strip.text("Objects", fonts::body(), subdued);
            }
            Row::Property(property) => self.write_property(strip, property, tokens),
            Row::Object(node) => node_text::write_node(strip, &self.asker.snapshot, node, tokens),
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let snapshot = &*self.asker.snapshot;
        let by = HEADS[at].by;
        match *row {
            Row::Group(kind, group) => {
                let Some(row) = self.group(kind, group) else {
                    return Value::None;
                };
                match by {
                    DuplicateColumn::Distance => node_text::distance(row.distance),
                    DuplicateColumn::Count => Value::Number(row.count()),
                    DuplicateColumn::Distinct if row.compared < row.count() => {
                        Value::Range(row.distinct, row.most_distinct())
                    }
                    DuplicateColumn::Distinct => Value::Number(row.distinct),
                    DuplicateColumn::ShallowSize => Value::Number(row.shallow_size),
                    DuplicateColumn::RetainedSize => Value::Number(row.retained_size),
                    DuplicateColumn::WastedSize => Value::Number(row.wasted_size),
                    DuplicateColumn::HeldBy => {
                        let held_by = row.held_by.as_ref();
                        held_by.map_or(Value::None, |held_by| Value::Text(held_by.to_string()))
                    }
                    _ => Value::None,
                }
            }
            Row::Objects(kind, group) if by == DuplicateColumn::Count => {
                let count = self.group(kind, group).map(DuplicateRow::count);
                count.map_or(Value::None, Value::Number)
            }
            Row::Property(property) => match by {
                DuplicateColumn::Count => Value::Number(property.count),
                DuplicateColumn::Distinct => Value::Number(property.distinct),
                _ => Value::None,
            },
            Row::Object(node) => match by {
                DuplicateColumn::Distance => node_text::distance(snapshot.distance(node)),
                DuplicateColumn::ShallowSize => Value::Number(snapshot.shallow_size(node)),
                DuplicateColumn::RetainedSize => Value::Number(snapshot.retained_size(node)),
                _ => Value::None,
            },
            Row::Properties(..) | Row::Objects(..) => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        match *row {
            Row::Group(kind, group) => {
                let Some(row) = self.group(kind, group) else {
                    return Default::default();
                };
                let class = &snapshot.classes().class(row.class).name;
                let has_no_names = row.shape.as_ref().is_some_and(Vec::is_empty);
                let name = if has_no_names || class.as_js().starts_with("{") {
                    class.to_string()
                } else {
                    format!("{class} with {}", row.shape_text())
                };
                let numbers = node_text::spoken_numbers(row.distance, row.retained_size);
                let noun = if row.distinct == 1 { "content" } else { "contents" };
                (
                    name,
                    format!(
                        "{} objects, {} {noun}, wasted {} bytes, {numbers}",
                        grouped(row.count()),
                        grouped(row.distinct),
                        grouped(row.wasted_size),
                    ),
                )
            }
            Row::Properties(..) => ("Properties".to_owned(), "by what differs".to_owned()),
            Row::Objects(kind, group) => {
                let count = self.group(kind, group).map_or(0, DuplicateRow::count);
                ("Objects".to_owned(), format!("{} objects", grouped(count)))
            }
            Row::Property(property) => {
                let value = spoken_value(snapshot, self.object(row));
                (
                    self.name(property),
                    format!("{}: {value}", Self::differs(property)),
                )
            }
            Row::Object(node) => {
                let numbers =
                    node_text::spoken_numbers(snapshot.distance(node), snapshot.retained_size(node));
                (node_text::spoken_node(snapshot, node), numbers)
            }
        }
    }

    fn copied(&self, row: &Row) -> String {
        match *row {
            Row::Object(node) => self.asker.snapshot.id(node).to_string(),
            _ => self.spoken(row).0,
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for DuplicateTree {
    fn what(&self, row: &Row) -> Option<What> {
        self.object(row).map(What::Object)
    }

    fn has_many(&self, row: &Row) -> bool {
        matches!(row, Row::Group(..) | Row::Objects(..))
    }

    fn many(&self, row: &Row) -> Option<ObjectSet> {
        Some(ObjectSet::of(match *row {
            Row::Group(kind, group) | Row::Objects(kind, group) => {
                Arc::clone(&self.lists.as_ref()?.rows(kind).get(group.at())?.members)
            }
            _ => [self.object(row)?].into(),
        }))
    }

    fn copying(&self, row: &Row) -> &'static str {
        match row {
            Row::Object(_) => "Copy @id",
            _ => "Copy name",
        }
    }
}
