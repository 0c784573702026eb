//! The rows of the Strings: texts, under each who holds its strings, and the strings themselves.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::analysis::duplicate_strings::GroupIx;
use crate::base::index::NodeIx;
use crate::base::units::grouped;
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
use crate::query::instances::{Instances, ObjectColumn};
use crate::query::pattern::Pattern;
use crate::query::string_holders::{Hold, HolderColumn, HolderRow, StringHolders};
use crate::query::strings::{StringColumn, StringMembers, Strings, StringsAnswer, Texts, Which};
use crate::query::subject::What;
use crate::snapshot::Snapshot;

/// The tree of a frame: who is asked, and for what.
#[derive(Clone)]
pub(super) struct TextTree {
    pub(super) asker: Asker,
    /// None while the strings are being grouped.
    pub(super) known: Option<Arc<Known>>,
    pub(super) which: Which,
    pub(super) pattern: Option<Pattern>,
    pub(super) order: Order<StringColumn>,
}

/// The texts of a snapshot, and by what those are held that were on the screen.
pub(super) struct Known {
    texts: Texts,
    held_by: Mutex<FxHashMap<GroupIx, String>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    Text(GroupIx),
    /// Who holds the strings of a text.
    HeldBy(GroupIx),
    /// The strings of a text.
    Strings(GroupIx),
    Holder(HolderRow),
    String(NodeIx),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    Text(GroupIx),
    HeldBy,
    Strings,
    Holder(Hold),
    String(NodeIx),
}

pub(super) enum Level {
    Texts(Slot<Strings>),
    Parts(GroupIx),
    Holders(GroupIx, Slot<StringHolders>),
    Strings(GroupIx, Slot<StringMembers>),
}

/// The columns.
pub(super) const HEADS: &[Head<StringColumn>] = &[
    head(StringColumn::Value, "Text", "Text", 0.0),
    head(StringColumn::Length, "Length", "Length in UTF-16 units", 88.0),
    head(StringColumn::Count, "Count", "Number of strings", 80.0),
    head(
        StringColumn::ShallowSize,
        "Shallow size, B",
        "Shallow size in bytes",
        112.0,
    ),
    head(
        StringColumn::WastedSize,
        "Wasted, B",
        "Bytes that all but the largest take",
        96.0,
    ),
    head(StringColumn::HeldBy, "Held by", "Held by", 216.0),
];

/// How many texts are remembered of which it is known by what they are held.
const REMEMBERED: usize = 4096;
/// So much of a text is read out.
const SPOKEN: usize = 200;

const fn head(by: StringColumn, title: &'static str, name: &'static str, width: f32) -> Head<StringColumn> {
    Head {
        by,
        title,
        name,
        width,
        is_extra: false,
    }
}

impl Known {
    pub(super) fn new(texts: Texts) -> Self {
        Self {
            texts,
            held_by: Mutex::default(),
        }
    }

    /// By what most strings of `text` are held. It is found by looking at the edges of some objects, so only once.
    fn held_by(&self, snapshot: &Snapshot, text: GroupIx) -> String {
        let mut known = self.held_by.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(held_by) = known.get(&text) {
            return held_by.clone();
        }
        let hold = self.texts.row(text).hold(snapshot);
        let held_by = hold.map_or_else(String::new, |hold| hold.text(snapshot).to_string());
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(text, held_by.clone());
        held_by
    }
}

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn texts() -> Self {
        Self::Texts(Slot::new(Lane::Frame))
    }

    /// The texts, if this is their level and they are known.
    pub(super) fn answer(&self) -> Option<&StringsAnswer> {
        match self {
            Self::Texts(slot) => slot.latest(),
            Self::Parts(_) | Self::Holders(..) | Self::Strings(..) => None,
        }
    }
}

impl TextTree {
    /// How strings are sorted when texts are sorted so.
    fn string_order(&self) -> Order<ObjectColumn> {
        match self.order.by {
            StringColumn::ShallowSize => Order {
                by: ObjectColumn::ShallowSize,
                direction: self.order.direction,
            },
            _ => Instances::DEFAULT_ORDER,
        }
    }

    /// How those who hold them are sorted then.
    fn holder_order(&self) -> Order<HolderColumn> {
        let by = match self.order.by {
            StringColumn::Value | StringColumn::HeldBy => HolderColumn::EdgeName,
            StringColumn::Count => HolderColumn::Count,
            _ => return StringHolders::DEFAULT_ORDER,
        };
        Order {
            by,
            direction: self.order.direction,
        }
    }

    fn holder(&self, row: &HolderRow) -> NodeIx {
        self.asker.snapshot.graph().source(row.sample)
    }

    fn text(&self, text: GroupIx) -> String {
        let first = self.known.as_ref().map(|known| known.texts.row(text).first);
        first.map_or_else(String::new, |first| self.asker.snapshot.name(first).to_string())
    }

    /// How many strings have that text, and their shallow sizes together.
    fn weight(&self, text: GroupIx) -> (u64, u64) {
        let row = self.known.as_ref().map(|known| known.texts.row(text));
        row.map_or((0, 0), |row| (row.count, row.shallow_size))
    }
}

impl Branches for TextTree {
    type Row = Row;
    type Key = Key;
    type Level = Level;

    fn key(&self, row: &Row) -> Key {
        match row {
            Row::Text(text) => Key::Text(*text),
            Row::HeldBy(_) => Key::HeldBy,
            Row::Strings(_) => Key::Strings,
            Row::Holder(row) => Key::Holder(row.hold),
            Row::String(node) => Key::String(*node),
        }
    }

    fn can_open(&self, row: &Row) -> bool {
        matches!(row, Row::Text(_) | Row::HeldBy(_) | Row::Strings(_))
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, row: &Row) -> Level {
        match *row {
            Row::HeldBy(text) => Level::Holders(text, Slot::new(Lane::Frame)),
            Row::Strings(text) => Level::Strings(text, Slot::new(Lane::Frame)),
            Row::Text(text) => Level::Parts(text),
            Row::Holder(_) | Row::String(_) => Level::texts(),
        }
    }

    fn leads_on(&self, row: &Row) -> bool {
        matches!(row, Row::Text(_))
    }

    fn unfolds(&self, row: &Row, _depth: usize) -> bool {
        matches!(row, Row::HeldBy(_))
    }

    fn ask(&self, level: &mut Level) -> Asked {
        let Some(known) = &self.known else {
            return Asked {
                is_waiting: true,
                ..Asked::default()
            };
        };
        let texts = known.texts.clone();
        match level {
            Level::Texts(slot) => {
                let question = Strings {
                    texts,
                    which: self.which,
                    pattern: self.pattern.clone(),
                    order: self.order,
                };
                self.asker.ask(slot, &question)
            }
            Level::Parts(_) => Asked::default(),
            Level::Holders(text, slot) => {
                let question = StringHolders {
                    texts,
                    text: *text,
                    order: self.holder_order(),
                };
                self.asker.ask(slot, &question)
            }
            Level::Strings(text, slot) => {
                let question = StringMembers {
                    texts,
                    text: *text,
                    order: self.string_order(),
                };
                self.asker.ask(slot, &question)
            }
        }
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Texts(slot) => slot.latest().map(|answer| answer.rows.len()),
            Level::Parts(_) => Some(2),
            Level::Holders(_, slot) => slot.latest().map(Vec::len),
            Level::Strings(_, slot) => slot.latest().map(Vec::len),
        };
        len.unwrap_or(0) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level {
            Level::Texts(slot) => slot.latest()?.rows.get(at).copied().map(Row::Text),
            Level::Parts(text) => [Row::HeldBy(*text), Row::Strings(*text)].get(at).copied(),
            Level::Holders(_, slot) => slot.latest()?.get(at).copied().map(Row::Holder),
            Level::Strings(_, slot) => slot.latest()?.get(at).copied().map(Row::String),
        }
    }

    fn find(&self, level: &Level, key: Key) -> Option<u64> {
        let at = match (level, key) {
            (Level::Texts(slot), Key::Text(text)) => slot.latest()?.rows.iter().position(|&row| row == text),
            (Level::Parts(_), Key::HeldBy) => Some(0),
            (Level::Parts(_), Key::Strings) => Some(1),
            (Level::Holders(_, slot), Key::Holder(hold)) => {
                slot.latest()?.iter().position(|row| row.hold == hold)
            }
            (Level::Strings(_, slot), Key::String(node)) => {
                slot.latest()?.iter().position(|&row| row == node)
            }
            _ => None,
        };
        at.map(|at| at as u64)
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match level {
            Level::Texts(_) if self.pattern.is_some() => "No text has that in it",
            Level::Texts(_) if self.which == Which::Duplicates => "No text is there twice",
            Level::Texts(_) | Level::Parts(_) | Level::Strings(..) => "No strings",
            Level::Holders(..) => "Nothing holds it, except weak references and roots if there are any",
        }
    }

    fn page(&self, level: &Level) -> u64 {
        match level {
            Level::Texts(_) => u64::MAX,
            Level::Parts(_) | Level::Holders(..) | Level::Strings(..) => 100,
        }
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
        let by = HEADS[at].by;
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

    fn spoken(&self, row: &Row) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        let counted = |text: GroupIx| {
            let (count, bytes) = self.weight(text);
            let noun = if count == 1 { "string" } else { "strings" };
            format!("{} {noun}, {} bytes", grouped(count), grouped(bytes))
        };
        match row {
            Row::Text(text) => {
                let shown: String = self.text(*text).chars().take(SPOKEN).collect();
                (format!("\"{shown}\""), counted(*text))
            }
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

    fn copying(&self, row: &Row) -> &'static str {
        match row {
            Row::Text(_) => "Copy text",
            Row::HeldBy(_) | Row::Strings(_) => "Copy name",
            Row::Holder(_) | Row::String(_) => "Copy @id",
        }
    }
}
