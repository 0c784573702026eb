//! Texts that begin alike: families, under each its texts, which open like all others.

use crate::analysis::duplicate_strings::GroupIx;
use crate::base::units::{counted, grouped};
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
use crate::query::pattern::Pattern;
use crate::query::strings::StringColumn;
use crate::query::strings::families::{
    Families, FamilyColumn, FamilyIx, FamilyList, FamilyRow, FamilyStrings, FamilyTexts,
};
use crate::query::subject::What;

use super::rows::{self, TextTree};

/// The tree of a frame: who is asked, and for what.
#[derive(Clone)]
pub(super) struct FamilyTree {
    /// Who knows the texts.
    pub(super) texts: TextTree,
    /// None while families are looked for.
    pub(super) list: Option<FamilyList>,
    pub(super) pattern: Option<Pattern>,
    pub(super) order: Order<FamilyColumn>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    Family(FamilyIx),
    /// A text, and what stands under it.
    Text(rows::Row),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    Family(FamilyIx),
    Text(rows::Key),
}

pub(super) enum Level {
    Families(Slot<Families>),
    Texts(FamilyIx, Slot<FamilyTexts>),
    UnderText(rows::Level),
}

/// The columns.
pub(super) const HEADS: &[Head<FamilyColumn>] = &[
    Head::new(FamilyColumn::Prefix, "Begins with", "Begins with", 0.0),
    Head::new(FamilyColumn::Texts, "Texts", "Number of different texts", 80.0),
    Head::new(FamilyColumn::Count, "Count", "Number of strings", 80.0),
    Head::new(
        FamilyColumn::ShallowSize,
        "Shallow size, B",
        "Shallow size in bytes",
        112.0,
    ),
    Head::new(FamilyColumn::HeldBy, "Held by", "Held by", 216.0),
];

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn families() -> Self {
        Self::Families(Slot::new(Lane::Frame))
    }

    /// The families, if this is their level and they are known.
    pub(super) fn answer(&self) -> Option<&[FamilyIx]> {
        match self {
            Self::Families(slot) => slot.latest().map(Vec::as_slice),
            Self::Texts(..) | Self::UnderText(_) => None,
        }
    }
}

impl FamilyTree {
    pub(super) fn family(&self, family: FamilyIx) -> Option<&FamilyRow> {
        self.list.as_ref()?.row(family)
    }

    fn prefix(&self, family: FamilyIx) -> String {
        self.family(family)
            .map_or_else(String::new, |row| format!("\"{}…\"", row.prefix))
    }
}

const fn text(text: GroupIx) -> Row {
    Row::Text(rows::Row::Text(text))
}

impl Branches for FamilyTree {
    type Row = Row;
    type Key = Key;
    type Level = Level;

    fn key(&self, row: &Row) -> Key {
        match row {
            Row::Family(family) => Key::Family(*family),
            Row::Text(row) => Key::Text(self.texts.key(row)),
        }
    }

    fn can_open(&self, row: &Row) -> bool {
        match row {
            Row::Family(_) => true,
            Row::Text(row) => self.texts.can_open(row),
        }
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, row: &Row) -> Level {
        match row {
            Row::Family(family) => Level::Texts(*family, Slot::new(Lane::Frame)),
            Row::Text(row) => Level::UnderText(self.texts.open(row)),
        }
    }

    fn leads_on(&self, row: &Row) -> bool {
        matches!(row, Row::Text(row) if self.texts.leads_on(row))
    }

    fn unfolds(&self, row: &Row, depth: usize) -> bool {
        matches!(row, Row::Text(row) if self.texts.unfolds(row, depth))
    }

    fn ask(&self, level: &mut Level) -> Asked {
        let Some(list) = self.list.clone() else {
            return Asked {
                is_waiting: true,
                ..Asked::default()
            };
        };
        match level {
            Level::Families(slot) => {
                let question = Families {
                    list,
                    pattern: self.pattern.clone(),
                    order: self.order,
                };
                self.texts.asker.ask(slot, &question)
            }
            Level::Texts(family, slot) => {
                let family = *family;
                self.texts.asker.ask(slot, &FamilyTexts { list, family })
            }
            Level::UnderText(level) => self.texts.ask(level),
        }
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Families(slot) => slot.latest().map(Vec::len),
            Level::Texts(_, slot) => slot.latest().map(Vec::len),
            Level::UnderText(level) => return self.texts.len(level),
        };
        len.unwrap_or(0) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let place = usize::try_from(at).ok()?;
        match level {
            Level::Families(slot) => slot.latest()?.get(place).copied().map(Row::Family),
            Level::Texts(_, slot) => slot.latest()?.get(place).copied().map(text),
            Level::UnderText(level) => self.texts.row(level, at).map(Row::Text),
        }
    }

    fn find(&self, level: &Level, key: Key) -> Option<u64> {
        let at = match (level, key) {
            (Level::Families(slot), Key::Family(family)) => {
                slot.latest()?.iter().position(|&known| known == family)
            }
            (Level::Texts(_, slot), Key::Text(rows::Key::Text(text))) => {
                slot.latest()?.iter().position(|&known| known == text)
            }
            (Level::UnderText(level), Key::Text(key)) => return self.texts.find(level, key),
            _ => None,
        };
        at.map(|at| at as u64)
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match level {
            Level::Families(_) if self.pattern.is_some() => "No family of texts begins like that",
            Level::Families(_) => "No 24 texts begin alike",
            Level::Texts(..) => "No texts",
            Level::UnderText(level) => self.texts.nothing(level),
        }
    }

    fn page(&self, level: &Level) -> u64 {
        match level {
            Level::Families(_) => u64::MAX,
            Level::Texts(..) => 100,
            Level::UnderText(level) => self.texts.page(level),
        }
    }
}

impl Face for FamilyTree {
    type Column = FamilyColumn;

    fn heads(&self) -> &'static [Head<FamilyColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, repeats: bool, tokens: &Tokens) {
        match row {
            Row::Family(family) => {
                strip.icon(Icon::QUOTES, 14.0, tokens.kinds.string).space(6.0);
                strip.text(&self.prefix(*family), fonts::body(), tokens.text_strong);
            }
            Row::Text(row) => self.texts.write(strip, row, repeats, tokens),
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let by = HEADS[at].by;
        match row {
            Row::Family(family) => {
                let Some(row) = self.family(*family) else {
                    return Value::None;
                };
                match by {
                    FamilyColumn::Texts => Value::Number(row.texts),
                    FamilyColumn::Count => Value::Number(row.count),
                    FamilyColumn::ShallowSize => Value::Number(row.shallow_size),
                    FamilyColumn::HeldBy => {
                        let held_by = row.held_by.as_ref();
                        Value::Text(held_by.map_or_else(String::new, ToString::to_string))
                    }
                    FamilyColumn::Prefix | FamilyColumn::RetainedSize => Value::None,
                }
            }
            Row::Text(row) => match by {
                FamilyColumn::Count => self.texts.cell(row, StringColumn::Count),
                FamilyColumn::ShallowSize => self.texts.cell(row, StringColumn::ShallowSize),
                FamilyColumn::HeldBy => self.texts.cell(row, StringColumn::HeldBy),
                FamilyColumn::Texts | FamilyColumn::Prefix | FamilyColumn::RetainedSize => Value::None,
            },
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        match row {
            Row::Family(family) => {
                let numbers = self.family(*family).map(|row| {
                    let texts = counted(row.texts, "text", "texts");
                    let strings = counted(row.count, "string", "strings");
                    format!("{texts}, {strings}, {} bytes", grouped(row.shallow_size))
                });
                (self.prefix(*family), numbers.unwrap_or_default())
            }
            Row::Text(row) => self.texts.spoken(row),
        }
    }

    fn copied(&self, row: &Row) -> String {
        match row {
            Row::Family(family) => self
                .family(*family)
                .map_or_else(String::new, |row| row.prefix.to_string()),
            Row::Text(row) => self.texts.copied(row),
        }
    }

    fn quiet(&self) -> Self {
        Self {
            texts: self.texts.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for FamilyTree {
    fn what(&self, row: &Row) -> Option<What> {
        match row {
            // One of several stands for all.
            Row::Family(family) => self.family(*family).map(|row| What::Object(row.first)),
            Row::Text(row) => self.texts.what(row),
        }
    }

    fn has_many(&self, row: &Row) -> bool {
        match row {
            Row::Family(_) => true,
            Row::Text(row) => self.texts.has_many(row),
        }
    }

    fn many(&self, row: &Row) -> Option<ObjectSet> {
        match row {
            Row::Family(family) => Some(ObjectSet::found_by(FamilyStrings {
                list: self.list.clone()?,
                family: *family,
            })),
            Row::Text(row) => self.texts.many(row),
        }
    }

    fn copying(&self, row: &Row) -> &'static str {
        match row {
            Row::Family(_) => "Copy beginning",
            Row::Text(row) => self.texts.copying(row),
        }
    }
}
