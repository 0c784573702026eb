//! The rows of a comparison by class: classes, under them the objects of which something became, under these what changed in
//! them, or what they hold.

use std::sync::Arc;

use crate::analysis::comparison::{InBase, InCurrent, RowIx};
use crate::base::index::{EdgeIx, NodeIx};
use crate::gui::cx::Asker;
use crate::gui::widgets::outline::{Asked, Branches};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::comparison::objects::{ChangedObject, ChangedObjects, Note};
use crate::query::comparison::parts::{ChangedPart, ChangedParts};
use crate::query::comparison::{Compared, ComparedClasses, ComparedRow, ComparisonColumn, RowOf};
use crate::query::edges::EdgeRow;
use crate::query::object::Object;
use crate::query::pattern::Pattern;
use crate::query::subject::SnapshotId;
use crate::snapshot::Snapshot;

/// The tree of a frame: the comparison, who is asked about it, and for what.
#[derive(Clone)]
pub(super) struct Changes {
    pub(super) asker: Asker,
    pub(super) compared: Arc<Compared>,
    /// The names of base and current snapshot among the open ones.
    pub(super) sides: (SnapshotId, SnapshotId),
    pub(super) pattern: Option<Pattern>,
    pub(super) unchanged: bool,
    pub(super) least: u64,
    pub(super) is_subtracted: bool,
    pub(super) order: Order<ComparisonColumn>,
}

/// In which of the snapshots an object is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Base,
    Current,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    Class(ComparedRow),
    /// A part of a class that got another name: a row of its own in DevTools.
    Apart(ComparedRow),
    Object(ChangedObject, Note),
    Part(ChangedPart),
    Edge(Side, EdgeRow),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    Class(RowOf),
    Apart(RowOf),
    Object(Side, NodeIx),
    Edge(Side, EdgeIx),
}

pub(super) enum Level {
    Classes(Slot<ComparedClasses>),
    Objects(Option<RowIx>, Slot<ChangedObjects>),
    Parts(ChangedParts, Slot<ChangedParts>),
    Edges(Side, NodeIx, Slot<Object>),
}

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn classes() -> Self {
        Self::Classes(Slot::new(Lane::Frame))
    }

    /// The rows of the top, if they are known.
    pub(super) fn classes_known(&self) -> Option<&[ComparedRow]> {
        match self {
            Self::Classes(slot) => slot.latest().map(Vec::as_slice),
            Self::Objects(..) | Self::Parts(..) | Self::Edges(..) => None,
        }
    }
}

impl Changes {
    /// How many rows DevTools has for the class, if it took over objects that had another name.
    fn apart_len(&self, class: Option<RowIx>) -> usize {
        let taken = class.map_or(0, |ix| self.compared.row(ix).taken.len());
        if taken > 0 { taken + 1 } else { 0 }
    }

    /// Of these rows that number `at`: what the class has under its own name, then what it took over.
    fn apart(&self, class: RowIx, at: usize) -> Option<ComparedRow> {
        let row = self.compared.row(class);
        let taken = || {
            row.taken
                .iter()
                .map(|taken| (taken.from, taken.sums.without(taken.cost)))
        };
        let (of, sums) = match at.checked_sub(1) {
            None => (
                class,
                taken().fold(row.sums.without(row.cost), |sums, (_, part)| sums.without(part)),
            ),
            Some(at) => taken().nth(at)?,
        };
        Some(ComparedRow {
            of: RowOf::Class(of),
            sums,
        })
    }

    pub(super) fn snapshot(&self, side: Side) -> &Arc<Snapshot> {
        match side {
            Side::Base => &self.compared.pair.base,
            Side::Current => &self.compared.pair.current,
        }
    }
}

/// Where an object is looked at, and what became of it in a word.
pub(super) const fn told(object: ChangedObject) -> (Side, NodeIx) {
    match object {
        ChangedObject::Resized(InCurrent(node), _) | ChangedObject::Added(InCurrent(node), _) => {
            (Side::Current, node)
        }
        ChangedObject::Removed(InBase(node)) => (Side::Base, node),
    }
}

/// The same object in both, if both have it.
const fn both(object: ChangedObject) -> Option<ChangedParts> {
    match object {
        ChangedObject::Resized(now, before) | ChangedObject::Added(now, Some(before)) => {
            Some(ChangedParts { now, before })
        }
        ChangedObject::Added(_, None) | ChangedObject::Removed(_) => None,
    }
}

impl Row {
    pub(super) fn node(&self) -> Option<(Side, NodeIx)> {
        match self {
            Self::Class(_) | Self::Apart(_) => None,
            Self::Object(object, _) => Some(told(*object)),
            Self::Part(part) => {
                let side = if part.now.is_some() {
                    Side::Current
                } else {
                    Side::Base
                };
                let row = part.row()?;
                Some((side, row.node.or(row.key)?))
            }
            Self::Edge(side, row) => Some((*side, row.node)),
        }
    }

    fn both(&self) -> Option<ChangedParts> {
        match self {
            Self::Object(object, _) => both(*object),
            Self::Part(part) => part.both().map(|(now, before)| ChangedParts { now, before }),
            Self::Class(_) | Self::Apart(_) | Self::Edge(..) => None,
        }
    }
}

impl Branches for Changes {
    type Row = Row;
    type Key = Key;
    type Level = Level;

    fn key(&self, row: &Row) -> Key {
        match row {
            Row::Class(row) => Key::Class(match row.of {
                RowOf::Below(_) => RowOf::Below(0),
                of => of,
            }),
            Row::Apart(row) => Key::Apart(row.of),
            Row::Object(object, _) => {
                let (side, node) = told(*object);
                Key::Object(side, node)
            }
            Row::Part(part) => {
                let side = if part.now.is_some() {
                    Side::Current
                } else {
                    Side::Base
                };
                let edge = part.row().map_or(EdgeIx::from_raw(u32::MAX), |row| row.edge);
                Key::Edge(side, edge)
            }
            Row::Edge(side, row) => Key::Edge(*side, row.edge),
        }
    }

    fn can_open(&self, row: &Row) -> bool {
        match (row, row.node()) {
            (Row::Class(row), _) => {
                self.compared.is_matched() && !matches!(row.of, RowOf::Below(_)) && row.sums.have_changed()
            }
            (_, Some((side, node))) => !self.snapshot(side).graph().edge_range(node).is_empty(),
            _ => false,
        }
    }

    fn repeats(&self, row: &Row, ancestors: &[Row]) -> bool {
        row.node()
            .is_some_and(|node| ancestors.iter().any(|above| above.node() == Some(node)))
    }

    fn open(&self, row: &Row) -> Level {
        let slot = || Slot::new(Lane::Frame);
        if let Some(parts) = row.both() {
            return Level::Parts(parts, Slot::new(Lane::Frame));
        }
        match (row, row.node()) {
            (Row::Class(row), _) => {
                let ix = match row.of {
                    RowOf::Class(ix) => Some(ix),
                    RowOf::Cost | RowOf::Below(_) => None,
                };
                Level::Objects(ix, Slot::new(Lane::Frame))
            }
            (_, Some((side, node))) => Level::Edges(side, node, slot()),
            _ => Level::Objects(None, Slot::new(Lane::Frame)),
        }
    }

    fn ask(&self, level: &mut Level) -> Asked {
        match level {
            Level::Classes(slot) => {
                let question = ComparedClasses {
                    pattern: self.pattern.clone(),
                    unchanged: self.unchanged,
                    least: self.least,
                    cost_apart: true,
                    renamed_apart: false,
                    order: self.order,
                };
                self.asker.ask_about(&self.compared, slot, &question)
            }
            Level::Objects(row, slot) => {
                let question = ChangedObjects {
                    row: *row,
                    cost_apart: true,
                };
                self.asker.ask_about(&self.compared, slot, &question)
            }
            Level::Parts(question, slot) => self.asker.ask_about(&self.compared, slot, question),
            Level::Edges(side, node, slot) => {
                self.asker
                    .ask_about(self.snapshot(*side), slot, &Object::of(*node))
            }
        }
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Classes(slot) => slot.latest().map(Vec::len),
            Level::Objects(class, slot) => slot
                .latest()
                .map(|list| self.apart_len(*class) + list.objects.len()),
            Level::Parts(_, slot) => slot.latest().map(Vec::len),
            Level::Edges(_, _, slot) => slot.latest().map(Vec::len),
        };
        len.unwrap_or(0) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level {
            Level::Classes(slot) => slot.latest()?.get(at).copied().map(Row::Class),
            Level::Objects(class, slot) => {
                let list = slot.latest()?;
                let apart = self.apart_len(*class);
                if let Some(class) = class.filter(|_| at < apart) {
                    return self.apart(class, at).map(Row::Apart);
                }
                let at = at - apart;
                let note = list.notes.get(at).copied().unwrap_or_default();
                Some(Row::Object(*list.objects.get(at)?, note))
            }
            Level::Parts(_, slot) => slot.latest()?.get(at).copied().map(Row::Part),
            Level::Edges(side, _, slot) => Some(Row::Edge(*side, slot.latest()?.get(at).copied()?)),
        }
    }

    fn find(&self, level: &Level, key: Key) -> Option<u64> {
        (0..self.len(level)).find(|&at| self.row(level, at).is_some_and(|row| self.key(&row) == key))
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match level {
            Level::Classes(_) => "Nothing changed",
            Level::Objects(..) => "No object was added or removed, and none grew or shrank",
            Level::Parts(..) => "Nothing it holds was added, removed or replaced",
            Level::Edges(..) => "Holds nothing",
        }
    }

    fn page(&self, level: &Level) -> u64 {
        match level {
            Level::Classes(_) => u64::MAX,
            Level::Objects(..) | Level::Parts(..) | Level::Edges(..) => 100,
        }
    }
}
