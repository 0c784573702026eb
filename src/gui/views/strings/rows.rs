//! The rows of the Strings: texts, under each who holds its strings, and the strings themselves.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::analysis::duplicate_strings::GroupIx;
use crate::base::index::NodeIx;
use crate::gui::cx::Asker;
use crate::gui::widgets::outline::{Asked, Branches};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::instances::{Instances, ObjectColumn};
use crate::query::pattern::Pattern;
use crate::query::string_holders::{Hold, HolderColumn, HolderRow, StringHolders};
use crate::query::strings::{StringColumn, StringMembers, Strings, StringsAnswer, Texts, Which};
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
    pub(super) texts: Texts,
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

/// How many texts are remembered of which it is known by what they are held.
const REMEMBERED: usize = 4096;

impl Known {
    pub(super) fn new(texts: Texts) -> Self {
        Self {
            texts,
            held_by: Mutex::default(),
        }
    }

    /// By what most strings of `text` are held. It is found by looking at the edges of some objects, so only once.
    pub(super) fn held_by(&self, snapshot: &Snapshot, text: GroupIx) -> String {
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

impl Row {
    /// Is it an object that stands elsewhere too?
    pub(super) const fn is_object(&self) -> bool {
        matches!(self, Self::Holder(_) | Self::String(_))
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
