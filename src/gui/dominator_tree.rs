//! Trees of what would go with an object, split by what it immediately dominates; by class where that is asked for.

use crate::base::index::{ClassIx, NodeIx};
use crate::base::units::grouped;
use crate::gui::cx::Asker;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::gui::workspace::Pending;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::dominated_classes::{DominatedClass, DominatedClasses};
use crate::query::dominators::{Dominated, DominatedColumn, DominatedRow};
use crate::query::passing::Passing;
use crate::query::subject::What;

/// The tree of a frame: who is asked, and how rows are grouped.
#[derive(Clone)]
pub(crate) struct DominatorTree {
    /// Who is asked.
    pub(crate) asker: Asker,
    /// How its levels are sorted.
    pub(crate) order: Order<DominatedColumn>,
    /// Are the objects under an object grouped by class?
    pub(crate) by_class: bool,
    /// What passes the window's filter: only what holds some of it has a row, and is counted by it.
    pub(crate) only: Result<Option<Passing>, Pending>,
    /// Objects that are not among these stand back.
    pub(crate) marked: Option<Passing>,
}

/// An object, or the objects of a class that one object dominates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Row {
    /// An object.
    Object(DominatedRow),
    /// Objects of a class.
    Class(NodeIx, DominatedClass),
}

/// What tells a row from its siblings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// The object.
    Object(NodeIx),
    /// The class.
    Class(ClassIx),
}

/// What stands under a row.
pub(crate) enum Level {
    /// What an object dominates; of one class if that is said.
    Objects(NodeIx, Option<ClassIx>, Slot<Dominated>),
    /// The same by class.
    Classes(NodeIx, Slot<DominatedClasses>),
}

/// The columns.
pub(crate) const HEADS: &[Head<DominatedColumn>] = &[
    Head::new(DominatedColumn::Name, "Object", "Object", 0.0),
    Head::new(
        DominatedColumn::Count,
        "Objects",
        "Objects that would go with it",
        96.0,
    ),
    Head::new(
        DominatedColumn::ShallowSize,
        "Shallow size, B",
        "Shallow size in bytes",
        112.0,
    ),
    Head::new(
        DominatedColumn::RetainedSize,
        "Retained, B",
        "Retained size in bytes",
        112.0,
    ),
    Head::new(
        DominatedColumn::RetainedSize,
        "% of heap",
        "Retained size as a share of the heap",
        104.0,
    )
    .extra(),
];

impl Level {
    /// What `node` dominates, not asked for yet.
    pub(crate) const fn of(node: NodeIx, by_class: bool) -> Self {
        if by_class {
            Self::Classes(node, Slot::new(Lane::Frame))
        } else {
            Self::Objects(node, None, Slot::new(Lane::Frame))
        }
    }
}

impl Branches for DominatorTree {
    type Row = Row;
    type Key = Key;
    type Level = Level;

    fn key(&self, row: &Row) -> Key {
        match row {
            Row::Object(row) => Key::Object(row.node),
            Row::Class(_, row) => Key::Class(row.class),
        }
    }

    fn can_open(&self, row: &Row) -> bool {
        match row {
            Row::Object(row) => row.count > 1,
            Row::Class(..) => true,
        }
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, row: &Row) -> Level {
        match row {
            Row::Object(row) => Level::of(row.node, self.by_class),
            Row::Class(node, row) => Level::Objects(*node, Some(row.class), Slot::new(Lane::Frame)),
        }
    }

    fn ask(&self, level: &mut Level) -> Asked {
        let only = match &self.only {
            Ok(only) => only.clone(),
            Err(pending) => return pending.asked(),
        };
        match level {
            Level::Objects(node, class, slot) => {
                let question = Dominated {
                    node: *node,
                    class: *class,
                    only,
                    order: self.order,
                };
                self.asker.ask(slot, &question)
            }
            Level::Classes(node, slot) => {
                let question = DominatedClasses {
                    node: *node,
                    only,
                    order: self.order,
                };
                self.asker.ask(slot, &question)
            }
        }
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Objects(_, _, slot) => slot.latest().map(Vec::len),
            Level::Classes(_, slot) => slot.latest().map(Vec::len),
        };
        len.unwrap_or(0) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level {
            Level::Objects(_, _, slot) => slot.latest()?.get(at).copied().map(Row::Object),
            Level::Classes(node, slot) => Some(Row::Class(*node, slot.latest()?.get(at).copied()?)),
        }
    }

    fn find(&self, level: &Level, key: Key) -> Option<u64> {
        let at = match (level, key) {
            (Level::Objects(_, _, slot), Key::Object(node)) => {
                slot.latest()?.iter().position(|row| row.node == node)
            }
            (Level::Classes(_, slot), Key::Class(class)) => {
                slot.latest()?.iter().position(|row| row.class == class)
            }
            _ => None,
        };
        at.map(|at| at as u64)
    }

    fn nothing(&self, _level: &Level) -> &'static str {
        match self.only {
            Ok(Some(_)) => "Nothing that passes the filter hangs from it alone",
            _ => "Nothing hangs from it alone",
        }
    }

    fn page(&self, _level: &Level) -> u64 {
        100
    }
}

impl Face for DominatorTree {
    type Column = DominatedColumn;

    fn heads(&self) -> &'static [Head<DominatedColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, _repeats: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Object(row) => node_text::write_node(strip, snapshot, row.node, tokens),
            Row::Class(_, row) => {
                node_text::write_class(strip, snapshot, row.class, tokens);
                let count = format!("× {}", grouped(row.members));
                strip
                    .space(6.0)
                    .text(&count, fonts::number(), tokens.text_subdued);
            }
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let snapshot = &*self.asker.snapshot;
        let (count, shallow, retained) = match row {
            Row::Object(row) => (
                u64::from(row.count),
                snapshot.shallow_size(row.node),
                row.held_size,
            ),
            Row::Class(_, row) => (row.count, row.shallow_size, row.retained_size),
        };
        match (HEADS[at].by, HEADS[at].is_extra) {
            (DominatedColumn::Count, _) => Value::Number(count),
            (DominatedColumn::ShallowSize, _) => Value::Number(shallow),
            (DominatedColumn::RetainedSize, false) => Value::Number(retained),
            (DominatedColumn::RetainedSize, true) => Value::Share(retained, snapshot.total_size()),
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Object(row) => {
                let numbers = node_text::spoken_numbers(snapshot.distance(row.node), row.held_size);
                (node_text::spoken_node(snapshot, row.node), numbers)
            }
            Row::Class(_, row) => (
                snapshot.classes().class(row.class).name.to_string(),
                format!(
                    "{} objects, retained {} bytes",
                    grouped(row.members),
                    grouped(row.retained_size)
                ),
            ),
        }
    }

    fn copied(&self, row: &Row) -> String {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Object(row) => snapshot.id(row.node).to_string(),
            Row::Class(_, row) => snapshot.classes().class(row.class).name.to_string(),
        }
    }

    fn is_dim(&self, row: &Row) -> bool {
        match (row, &self.marked) {
            (Row::Object(row), Some(marked)) => !marked.contains(row.node),
            _ => false,
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for DominatorTree {
    fn what(&self, row: &Row) -> Option<What> {
        Some(match row {
            Row::Object(row) => What::Object(row.node),
            Row::Class(_, row) => What::Class(row.class),
        })
    }
}
