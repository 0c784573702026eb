//! The rows of the Callbacks: what is alike, under each what there is of it.

use std::sync::Arc;

use crate::base::index::NodeIx;
use crate::gui::cx::Asker;
use crate::gui::widgets::outline::{Asked, Branches};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::callbacks::{
    CallbackColumn, CallbackIx, CallbackKind, CallbackList, CallbackRow, Callbacks,
};
use crate::query::pattern::Pattern;

/// The tree of a frame: who is asked, and for what.
#[derive(Clone)]
pub(super) struct CallbackTree {
    pub(super) asker: Asker,
    /// None while callbacks are looked for.
    pub(super) list: Option<CallbackList>,
    pub(super) kind: Option<CallbackKind>,
    pub(super) pattern: Option<Pattern>,
    /// None is the program's own first.
    pub(super) order: Option<Order<CallbackColumn>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    Callback(CallbackIx),
    Member(NodeIx),
}

pub(super) enum Level {
    Callbacks(Slot<Callbacks>),
    /// What there is of one.
    Members(Arc<[NodeIx]>),
}

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn callbacks() -> Self {
        Self::Callbacks(Slot::new(Lane::Frame))
    }

    /// The callbacks, if this is their level and they are known.
    pub(super) fn answer(&self) -> Option<&[CallbackIx]> {
        match self {
            Self::Callbacks(slot) => slot.latest().map(Vec::as_slice),
            Self::Members(_) => None,
        }
    }
}

impl CallbackTree {
    /// What is known of a row.
    pub(super) fn callback(&self, callback: CallbackIx) -> Option<&CallbackRow> {
        self.list.as_ref()?.row(callback)
    }
}

impl Branches for CallbackTree {
    type Row = Row;
    type Key = Row;
    type Level = Level;

    fn key(&self, row: &Row) -> Row {
        *row
    }

    fn can_open(&self, row: &Row) -> bool {
        matches!(row, Row::Callback(_))
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, row: &Row) -> Level {
        let members = match row {
            Row::Callback(callback) => self.callback(*callback).map(|row| Arc::clone(&row.members)),
            Row::Member(_) => None,
        };
        Level::Members(members.unwrap_or_else(|| Arc::from([])))
    }

    fn ask(&self, level: &mut Level) -> Asked {
        match level {
            Level::Callbacks(slot) => {
                let Some(list) = self.list.clone() else {
                    return Asked {
                        is_waiting: true,
                        ..Asked::default()
                    };
                };
                let question = Callbacks {
                    list,
                    kind: self.kind,
                    pattern: self.pattern.clone(),
                    order: self.order,
                };
                self.asker.ask(slot, &question)
            }
            Level::Members(_) => Asked::default(),
        }
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Callbacks(slot) => slot.latest().map_or(0, Vec::len),
            Level::Members(members) => members.len(),
        };
        len as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level {
            Level::Callbacks(slot) => slot.latest()?.get(at).copied().map(Row::Callback),
            Level::Members(members) => members.get(at).copied().map(Row::Member),
        }
    }

    fn find(&self, level: &Level, key: Row) -> Option<u64> {
        let at = match (level, key) {
            (Level::Callbacks(slot), Row::Callback(callback)) => {
                slot.latest()?.iter().position(|&known| known == callback)
            }
            // They stand in file order.
            (Level::Members(members), Row::Member(node)) => members.binary_search(&node).ok(),
            _ => None,
        };
        at.map(|at| at as u64)
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match level {
            Level::Callbacks(_) if self.pattern.is_some() => "No callback has that in its names",
            Level::Callbacks(_) => "There are none",
            Level::Members(_) => "Nothing",
        }
    }

    fn page(&self, level: &Level) -> u64 {
        match level {
            Level::Callbacks(_) => u64::MAX,
            Level::Members(_) => 100,
        }
    }
}
