//! How the rows of the Callbacks are written.

use std::sync::Arc;

use super::rows::{CallbackTree, Row};
use crate::base::index::NodeIx;
use crate::base::units::{counted, grouped};
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::query::callbacks::{CallbackColumn, CallbackKind, CallbackRow};
use crate::query::object_set::ObjectSet;
use crate::query::subject::What;

/// The columns.
pub(super) const HEADS: &[Head<CallbackColumn>] = &[
    Head::new(CallbackColumn::Name, "Callback", "Callback", 0.0),
    Head::new(CallbackColumn::Function, "Function", "Function", 168.0),
    Head::new(CallbackColumn::Module, "Module", "Module", 216.0),
    Head::new(CallbackColumn::Count, "Count", "Number of callbacks", 80.0),
    Head::new(
        CallbackColumn::RetainedSize,
        "Retained, B",
        "Retained size in bytes",
        112.0,
    ),
];

const fn icon(kind: CallbackKind) -> Icon {
    match kind {
        CallbackKind::Listener => Icon::EYE,
        CallbackKind::Timer => Icon::CLOCK,
        CallbackKind::Reaction => Icon::HOURGLASS,
        CallbackKind::Function => Icon::FUNCTION,
        CallbackKind::Variable => Icon::BRACES,
    }
}

/// What a row is, before its name: "listener of Bus".
fn sort_of(row: &CallbackRow) -> String {
    let of = row.of.as_ref().map(|of| format!(" of {of}")).unwrap_or_default();
    match row.kind {
        CallbackKind::Variable => row.of.as_ref().map_or_else(String::new, ToString::to_string),
        kind => format!("{}{of}", kind.word()),
    }
}

impl CallbackTree {
    fn node(&self, row: Row) -> Option<NodeIx> {
        match row {
            // One of several stands for all.
            Row::Callback(callback) => self.callback(callback)?.members.first().copied(),
            Row::Member(node) => Some(node),
        }
    }
}

impl Face for CallbackTree {
    type Column = CallbackColumn;

    fn heads(&self) -> &'static [Head<CallbackColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, _repeats: bool, tokens: &Tokens) {
        match *row {
            Row::Callback(callback) => {
                let Some(row) = self.callback(callback) else {
                    return;
                };
                strip.icon(icon(row.kind), 14.0, tokens.kinds.function).space(6.0);
                let name = row.name.to_string();
                strip.text(&name, fonts::code(), tokens.text_strong).space(8.0);
                strip.text(&sort_of(row), fonts::body(), tokens.text_subdued);
            }
            Row::Member(node) => node_text::write_node(strip, &self.asker.snapshot, node, tokens),
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let by = HEADS[at].by;
        match *row {
            Row::Callback(callback) => {
                let Some(row) = self.callback(callback) else {
                    return Value::None;
                };
                let text = |text: Option<&_>| {
                    text.map_or(Value::None, |text| Value::Text(ToString::to_string(text)))
                };
                match by {
                    CallbackColumn::Function => text(row.function.as_ref()),
                    CallbackColumn::Module => text(row.module.as_ref()),
                    CallbackColumn::Count => Value::Number(row.count()),
                    CallbackColumn::RetainedSize => Value::Number(row.retained_size),
                    _ => Value::None,
                }
            }
            Row::Member(node) if by == CallbackColumn::RetainedSize => {
                Value::Number(self.asker.snapshot.retained_size(node))
            }
            Row::Member(_) => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        match *row {
            Row::Callback(callback) => {
                let Some(row) = self.callback(callback) else {
                    return Default::default();
                };
                let numbers = format!(
                    "{}, retained {} bytes",
                    counted(row.count(), "callback", "callbacks"),
                    grouped(row.retained_size)
                );
                (format!("{}, {}", row.name, sort_of(row)), numbers)
            }
            Row::Member(node) => {
                let snapshot = &*self.asker.snapshot;
                let numbers =
                    node_text::spoken_numbers(snapshot.distance(node), snapshot.retained_size(node));
                (node_text::spoken_node(snapshot, node), numbers)
            }
        }
    }

    fn copied(&self, row: &Row) -> String {
        match *row {
            Row::Callback(callback) => self
                .callback(callback)
                .map_or_else(String::new, |row| row.name.to_string()),
            Row::Member(node) => self.asker.snapshot.id(node).to_string(),
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for CallbackTree {
    fn what(&self, row: &Row) -> Option<What> {
        self.node(*row).map(What::Object)
    }

    fn has_many(&self, row: &Row) -> bool {
        matches!(row, Row::Callback(_))
    }

    fn many(&self, row: &Row) -> Option<ObjectSet> {
        Some(ObjectSet::of(match *row {
            Row::Callback(callback) => Arc::clone(&self.callback(callback)?.members),
            Row::Member(node) => [node].into(),
        }))
    }

    fn copying(&self, row: &Row) -> &'static str {
        match row {
            Row::Callback(_) => "Copy name",
            Row::Member(_) => "Copy @id",
        }
    }
}
