//! The rows of a comparison: classes, under them the objects that only one of the snapshots has, under them what those hold.

use std::sync::Arc;

use crate::analysis::comparison::{InBase, InCurrent, RowIx};
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::units::{grouped, signed};
use crate::gui::cx::Asker;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts, icons};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::job::{Lane, Slot};
use crate::query::comparison::{ChangedObject, ChangedObjects, Compared, ComparedClasses, ComparisonColumn};
use crate::query::edges::EdgeRow;
use crate::query::object::Object;
use crate::query::pattern::Pattern;
use crate::query::subject::{SnapshotId, What};
use crate::query::{Cell, Column as _, Order};
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
    Class(RowIx),
    Object(Side, NodeIx),
    Edge(Side, EdgeRow),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    Class(RowIx),
    Object(Side, NodeIx),
    Edge(EdgeIx),
}

pub(super) enum Level {
    Classes(Slot<ComparedClasses>),
    Objects(RowIx, Slot<ChangedObjects>),
    Edges(Side, NodeIx, Slot<Object>),
}

/// The columns.
pub(super) const HEADS: &[Head<ComparisonColumn>] = &[
    Head::new(ComparisonColumn::Class, "Class", "Class", 0.0),
    Head::new(
        ComparisonColumn::BaseCount,
        "# base",
        "Number of objects in the base",
        72.0,
    ),
    Head::new(
        ComparisonColumn::CurrentCount,
        "# current",
        "Number of objects in the current snapshot",
        80.0,
    ),
    Head::new(ComparisonColumn::AddedCount, "New", "Number of new objects", 72.0),
    Head::new(
        ComparisonColumn::RemovedCount,
        "Deleted",
        "Number of deleted objects",
        72.0,
    ),
    Head::new(
        ComparisonColumn::CountDelta,
        "# delta",
        "Change of the number of objects",
        72.0,
    ),
    Head::new(
        ComparisonColumn::AddedSize,
        "Alloc., B",
        "Size of new objects in bytes",
        96.0,
    ),
    Head::new(
        ComparisonColumn::RemovedSize,
        "Freed, B",
        "Size of deleted objects in bytes",
        96.0,
    ),
    Head::new(
        ComparisonColumn::GrownSize,
        "Grown, B",
        "Bytes that objects of both gained",
        88.0,
    ),
    Head::new(
        ComparisonColumn::SizeDelta,
        "Size delta, B",
        "Change of size in bytes",
        112.0,
    ),
    Head::new(
        ComparisonColumn::SizeDelta,
        "% of heap",
        "Change of size as a share of the heap",
        104.0,
    )
    .extra(),
];

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn classes() -> Self {
        Self::Classes(Slot::new(Lane::Frame))
    }

    /// The rows of the top, if they are known.
    pub(super) fn classes_known(&self) -> Option<&[RowIx]> {
        match self {
            Self::Classes(slot) => slot.latest().map(Vec::as_slice),
            Self::Objects(..) | Self::Edges(..) => None,
        }
    }
}

impl Changes {
    fn snapshot(&self, side: Side) -> &Arc<Snapshot> {
        match side {
            Side::Base => &self.compared.pair.base,
            Side::Current => &self.compared.pair.current,
        }
    }

    fn class_name(&self, row: RowIx) -> String {
        match ComparisonColumn::Class.cell(&self.compared, &row) {
            Cell::Text(text) => text.to_string(),
            _ => String::new(),
        }
    }
}

impl Row {
    const fn node(&self) -> Option<(Side, NodeIx)> {
        match self {
            Self::Class(_) => None,
            Self::Object(side, node) => Some((*side, *node)),
            Self::Edge(side, row) => Some((*side, row.node)),
        }
    }
}

impl Branches for Changes {
    type Row = Row;
    type Key = Key;
    type Level = Level;

    fn key(&self, row: &Row) -> Key {
        match row {
            Row::Class(row) => Key::Class(*row),
            Row::Object(side, node) => Key::Object(*side, *node),
            Row::Edge(_, row) => Key::Edge(row.edge),
        }
    }

    fn can_open(&self, row: &Row) -> bool {
        match row.node() {
            None => self.compared.is_matched(),
            Some((side, node)) => !self.snapshot(side).graph().edge_range(node).is_empty(),
        }
    }

    fn repeats(&self, row: &Row, ancestors: &[Row]) -> bool {
        row.node()
            .is_some_and(|node| ancestors.iter().any(|above| above.node() == Some(node)))
    }

    fn open(&self, row: &Row) -> Level {
        match row {
            Row::Class(row) => Level::Objects(*row, Slot::new(Lane::Frame)),
            Row::Object(side, node) => Level::Edges(*side, *node, Slot::new(Lane::Frame)),
            Row::Edge(side, row) => Level::Edges(*side, row.node, Slot::new(Lane::Frame)),
        }
    }

    fn ask(&self, level: &mut Level) -> Asked {
        match level {
            Level::Classes(slot) => {
                let question = ComparedClasses {
                    pattern: self.pattern.clone(),
                    unchanged: self.unchanged,
                    order: self.order,
                };
                self.asker.ask_about(&self.compared, slot, &question)
            }
            Level::Objects(row, slot) => {
                self.asker
                    .ask_about(&self.compared, slot, &ChangedObjects { row: *row })
            }
            Level::Edges(side, node, slot) => {
                self.asker
                    .ask_about(self.snapshot(*side), slot, &Object::of(*node))
            }
        }
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Classes(slot) => slot.latest().map(Vec::len),
            Level::Objects(_, slot) => slot.latest().map(Vec::len),
            Level::Edges(_, _, slot) => slot.latest().map(Vec::len),
        };
        len.unwrap_or(0) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level {
            Level::Classes(slot) => slot.latest()?.get(at).copied().map(Row::Class),
            Level::Objects(_, slot) => slot.latest()?.get(at).copied().map(of_changed),
            Level::Edges(side, _, slot) => Some(Row::Edge(*side, slot.latest()?.get(at).copied()?)),
        }
    }

    fn find(&self, level: &Level, key: Key) -> Option<u64> {
        let at = match (level, key) {
            (Level::Classes(slot), Key::Class(row)) => slot.latest()?.iter().position(|&at| at == row),
            (Level::Objects(_, slot), Key::Object(side, node)) => slot
                .latest()?
                .iter()
                .position(|&changed| of_changed(changed) == Row::Object(side, node)),
            (Level::Edges(_, _, slot), Key::Edge(edge)) => {
                slot.latest()?.iter().position(|row| row.edge == edge)
            }
            _ => None,
        };
        at.map(|at| at as u64)
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match level {
            Level::Classes(_) => "Nothing changed",
            Level::Objects(..) => "No object is new or deleted; some of those in both grew or shrank",
            Level::Edges(..) => "Holds nothing",
        }
    }

    fn page(&self, level: &Level) -> u64 {
        match level {
            Level::Classes(_) => u64::MAX,
            Level::Objects(..) | Level::Edges(..) => 100,
        }
    }
}

const fn of_changed(changed: ChangedObject) -> Row {
    match changed {
        ChangedObject::Added(InCurrent(node)) => Row::Object(Side::Current, node),
        ChangedObject::Removed(InBase(node)) => Row::Object(Side::Base, node),
    }
}

impl Face for Changes {
    type Column = ComparisonColumn;

    fn heads(&self) -> &'static [Head<ComparisonColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, repeats: bool, tokens: &Tokens) {
        match row {
            Row::Class(row) => {
                let name = self.class_name(*row);
                let (icon, tint) = icons::of_class(&name, tokens);
                strip.icon(icon, 14.0, tint).space(6.0);
                strip.text(&name, fonts::body(), tokens.text_strong);
            }
            Row::Object(side, node) => {
                node_text::write_node(strip, self.snapshot(*side), *node, tokens);
                let (icon, text, color) = match side {
                    Side::Current => (Icon::PLUS, "new", tokens.grow_text),
                    Side::Base => (Icon::MINUS, "deleted", tokens.shrink_text),
                };
                strip.space(8.0).icon(icon, 11.0, color).space(3.0);
                strip.text(text, fonts::badge(), color);
            }
            Row::Edge(side, row) => node_text::write_held(strip, self.snapshot(*side), *row, tokens),
        }
        if repeats {
            node_text::write_repeats(strip, tokens);
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let head = &HEADS[at];
        match row {
            Row::Class(row) => match head.by.cell(&self.compared, row) {
                Cell::Count(count) => Value::Number(count),
                Cell::Bytes(bytes) => Value::Number(bytes),
                Cell::BytesDelta(delta) if head.is_extra => {
                    Value::DeltaShare(delta, self.compared.pair.current.total_size())
                }
                Cell::CountDelta(delta) | Cell::BytesDelta(delta) => Value::Delta(delta),
                _ => Value::None,
            },
            Row::Object(side, node) => {
                let size = self.snapshot(*side).shallow_size(*node);
                match (head.by, side) {
                    (ComparisonColumn::AddedSize, Side::Current)
                    | (ComparisonColumn::RemovedSize, Side::Base) => Value::Number(size),
                    _ => Value::None,
                }
            }
            Row::Edge(..) => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        match row {
            Row::Class(row) => {
                let cell = ComparisonColumn::SizeDelta.cell(&self.compared, row);
                let delta = match cell {
                    Cell::BytesDelta(delta) => delta,
                    _ => 0,
                };
                let said = match delta {
                    0 => "of the same size".to_owned(),
                    1.. => format!("grew by {} bytes", grouped(delta.unsigned_abs())),
                    _ => format!("shrank by {} bytes", grouped(delta.unsigned_abs())),
                };
                (self.class_name(*row), said)
            }
            Row::Object(side, node) => {
                let snapshot = self.snapshot(*side);
                let what = match side {
                    Side::Base => "deleted",
                    Side::Current => "new",
                };
                let size = i64::try_from(snapshot.shallow_size(*node)).unwrap_or(i64::MAX);
                let size = if *side == Side::Base { -size } else { size };
                (
                    node_text::spoken_node(snapshot, *node),
                    format!("{what}, {} bytes", signed(size)),
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

impl Subjects for Changes {
    fn what(&self, row: &Row) -> Option<What> {
        match row {
            Row::Class(row) => self.compared.current_class(*row).map(What::Class),
            Row::Object(_, node) | Row::Edge(_, EdgeRow { node, .. }) => Some(What::Object(*node)),
        }
    }

    fn snapshot(&self, row: &Row) -> Option<SnapshotId> {
        Some(match row.node() {
            Some((Side::Base, _)) => self.sides.0,
            _ => self.sides.1,
        })
    }
}
