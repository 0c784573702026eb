//! The rows of the Duplicates: groups, under each what differs among its objects, and the objects.

use crate::base::index::{Ix as _, NodeIx};
use crate::gui::cx::Asker;
use crate::gui::widgets::outline::{Asked, Branches};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::duplicates::differences::{Difference, Differences};
use crate::query::duplicates::{
    DuplicateColumn, DuplicateIx, DuplicateKind, DuplicateLists, DuplicateRow, Duplicates,
};
use crate::query::pattern::Pattern;

/// The tree of a frame: who is asked, and for what.
#[derive(Clone)]
pub(super) struct DuplicateTree {
    pub(super) asker: Asker,
    /// None while duplicates are looked for.
    pub(super) lists: Option<DuplicateLists>,
    pub(super) kind: DuplicateKind,
    pub(super) pattern: Option<Pattern>,
    /// None is what tells most first.
    pub(super) order: Option<Order<DuplicateColumn>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    Group(DuplicateKind, DuplicateIx),
    /// The properties of the objects of a group.
    Properties(DuplicateKind, DuplicateIx),
    /// The objects of a group.
    Objects(DuplicateKind, DuplicateIx),
    Property(Difference),
    Object(NodeIx),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    Group(DuplicateIx),
    Properties,
    Objects,
    Property(Difference),
    Object(NodeIx),
}

pub(super) enum Level {
    Groups(Slot<Duplicates>),
    Parts(DuplicateKind, DuplicateIx),
    Properties(DuplicateKind, DuplicateIx, Slot<Differences>),
    Objects(DuplicateKind, DuplicateIx),
    /// Rows under which nothing can be.
    None,
}

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn groups() -> Self {
        Self::Groups(Slot::new(Lane::Frame))
    }

    /// The groups, if this is their level and they are known.
    pub(super) fn answer(&self) -> Option<&[DuplicateIx]> {
        match self {
            Self::Groups(slot) => slot.latest().map(Vec::as_slice),
            _ => None,
        }
    }
}

impl DuplicateTree {
    /// What is known of a group.
    pub(super) fn group(&self, kind: DuplicateKind, group: DuplicateIx) -> Option<&DuplicateRow> {
        self.lists.as_ref()?.rows(kind).get(group.at())
    }
}

impl Branches for DuplicateTree {
    type Row = Row;
    type Key = Key;
    type Level = Level;

    fn key(&self, row: &Row) -> Key {
        match *row {
            Row::Group(_, group) => Key::Group(group),
            Row::Properties(..) => Key::Properties,
            Row::Objects(..) => Key::Objects,
            Row::Property(property) => Key::Property(property),
            Row::Object(node) => Key::Object(node),
        }
    }

    fn can_open(&self, row: &Row) -> bool {
        matches!(row, Row::Group(..) | Row::Properties(..) | Row::Objects(..))
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, row: &Row) -> Level {
        match *row {
            Row::Group(kind, group) => Level::Parts(kind, group),
            Row::Properties(kind, group) => Level::Properties(kind, group, Slot::new(Lane::Frame)),
            Row::Objects(kind, group) => Level::Objects(kind, group),
            Row::Property(_) | Row::Object(_) => Level::None,
        }
    }

    fn leads_on(&self, row: &Row) -> bool {
        matches!(row, Row::Group(..))
    }

    fn unfolds(&self, row: &Row, _depth: usize) -> bool {
        matches!(row, Row::Properties(..))
    }

    fn ask(&self, level: &mut Level) -> Asked {
        let waiting = Asked {
            is_waiting: true,
            ..Asked::default()
        };
        match level {
            Level::Groups(slot) => {
                let Some(lists) = &self.lists else { return waiting };
                let question = Duplicates {
                    lists: lists.clone(),
                    kind: self.kind,
                    pattern: self.pattern.clone(),
                    order: self.order,
                };
                self.asker.ask(slot, &question)
            }
            Level::Properties(kind, group, slot) => {
                let Some(lists) = &self.lists else { return waiting };
                let question = Differences {
                    lists: lists.clone(),
                    kind: *kind,
                    group: *group,
                };
                self.asker.ask(slot, &question)
            }
            Level::Parts(..) | Level::Objects(..) | Level::None => Asked::default(),
        }
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Groups(slot) => slot.latest().map(Vec::len),
            Level::Parts(..) => Some(2),
            Level::Properties(_, _, slot) => slot.latest().map(Vec::len),
            Level::Objects(kind, group) => self.group(*kind, *group).map(|group| group.members.len()),
            Level::None => None,
        };
        len.unwrap_or(0) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level {
            Level::Groups(slot) => {
                let group = slot.latest()?.get(at).copied()?;
                Some(Row::Group(self.kind, group))
            }
            Level::Parts(kind, group) => {
                let parts = [Row::Properties(*kind, *group), Row::Objects(*kind, *group)];
                parts.get(at).copied()
            }
            Level::Properties(_, _, slot) => slot.latest()?.get(at).copied().map(Row::Property),
            Level::Objects(kind, group) => {
                let members = &self.group(*kind, *group)?.members;
                members.get(at).copied().map(Row::Object)
            }
            Level::None => None,
        }
    }

    fn find(&self, level: &Level, key: Key) -> Option<u64> {
        let at = match (level, key) {
            (Level::Groups(slot), Key::Group(group)) => {
                slot.latest()?.iter().position(|&known| known == group)
            }
            (Level::Parts(..), Key::Properties) => Some(0),
            (Level::Parts(..), Key::Objects) => Some(1),
            (Level::Properties(_, _, slot), Key::Property(property)) => slot
                .latest()?
                .iter()
                .position(|known| known.name == property.name),
            // They stand in file order.
            (Level::Objects(kind, group), Key::Object(node)) => {
                self.group(*kind, *group)?.members.binary_search(&node).ok()
            }
            _ => None,
        };
        at.map(|at| at as u64)
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match level {
            Level::Groups(_) if self.pattern.is_some() => "No class and no property has that in its name",
            Level::Groups(_) => "No objects are alike",
            _ => "No properties with a value that leaves a trace in the file",
        }
    }

    fn page(&self, level: &Level) -> u64 {
        match level {
            Level::Groups(_) => u64::MAX,
            _ => 100,
        }
    }
}
