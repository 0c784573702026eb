//! The rows of the Summary: classes, under them objects, under them what those hold.

use crate::analysis::class_totals::ClassTotals;
use crate::analysis::filters::NodeFilter;
use crate::base::index::{ClassIx, EdgeIx, NodeIx};
use crate::base::units::grouped;
use crate::gui::cx::Asker;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::Tokens;
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::edges::{EdgeColumn, EdgeRow};
use crate::query::instances::{Instances, ObjectColumn};
use crate::query::object::Object;
use crate::query::pattern::Pattern;
use crate::query::subject::What;
use crate::query::summary::{Summary, SummaryAnswer, SummaryColumn};

/// The tree of a frame: who is asked, and for what.
#[derive(Clone)]
pub(super) struct Classes {
    pub(super) asker: Asker,
    pub(super) pattern: Option<Pattern>,
    pub(super) filter: NodeFilter,
    pub(super) order: Order<SummaryColumn>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    Class(ClassTotals),
    Object(NodeIx),
    Edge(EdgeRow),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    Class(ClassIx),
    Object(NodeIx),
    Edge(EdgeIx),
}

pub(super) enum Level {
    Classes(Slot<Summary>),
    Objects(ClassIx, Slot<Instances>),
    Edges(NodeIx, Slot<Object>),
}

/// The columns.
pub(super) const HEADS: &[Head<SummaryColumn>] = &[
    head(SummaryColumn::Class, "Class", "Class", 0.0, false),
    head(
        SummaryColumn::Distance,
        "Distance",
        "Distance from the roots",
        80.0,
        false,
    ),
    head(SummaryColumn::Count, "Count", "Number of objects", 80.0, false),
    head(
        SummaryColumn::ShallowSize,
        "Shallow size, B",
        "Shallow size in bytes",
        112.0,
        false,
    ),
    head(
        SummaryColumn::ShallowSize,
        "% of heap",
        "Shallow size as a share of the heap",
        104.0,
        true,
    ),
    head(
        SummaryColumn::RetainedSize,
        "Retained, B",
        "Retained size in bytes",
        112.0,
        false,
    ),
    head(
        SummaryColumn::RetainedSize,
        "% of heap",
        "Retained size as a share of the heap",
        104.0,
        true,
    ),
];

const fn head(
    by: SummaryColumn,
    title: &'static str,
    name: &'static str,
    width: f32,
    is_extra: bool,
) -> Head<SummaryColumn> {
    Head {
        by,
        title,
        name,
        width,
        is_extra,
    }
}

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn classes() -> Self {
        Self::Classes(Slot::new(Lane::Frame))
    }

    /// The classes, if this is their level and they are known.
    pub(super) fn answer(&self) -> Option<&SummaryAnswer> {
        match self {
            Self::Classes(slot) => slot.latest(),
            Self::Objects(..) | Self::Edges(..) => None,
        }
    }
}

impl Row {
    /// The object that the row stands for, if it stands for one.
    const fn node(&self) -> Option<NodeIx> {
        match self {
            Self::Class(_) => None,
            Self::Object(node) => Some(*node),
            Self::Edge(row) => Some(row.node),
        }
    }
}

impl Classes {
    /// How objects are sorted when classes are sorted so.
    fn object_order(&self) -> Order<ObjectColumn> {
        let by = match self.order.by {
            SummaryColumn::Class | SummaryColumn::ClassKey => ObjectColumn::Name,
            SummaryColumn::Distance | SummaryColumn::Reach => ObjectColumn::Distance,
            SummaryColumn::ShallowSize => ObjectColumn::ShallowSize,
            SummaryColumn::RetainedSize => ObjectColumn::RetainedSize,
            SummaryColumn::Count => return Instances::DEFAULT_ORDER,
        };
        Order {
            by,
            direction: self.order.direction,
        }
    }

    /// How edges are sorted when classes are sorted so.
    fn edge_order(&self) -> Order<EdgeColumn> {
        let by = match self.order.by {
            SummaryColumn::Class | SummaryColumn::ClassKey => EdgeColumn::EdgeName,
            SummaryColumn::Distance | SummaryColumn::Reach => EdgeColumn::Distance,
            SummaryColumn::ShallowSize => EdgeColumn::ShallowSize,
            SummaryColumn::RetainedSize => EdgeColumn::RetainedSize,
            SummaryColumn::Count => return Object::DEFAULT_ORDER,
        };
        Order {
            by,
            direction: self.order.direction,
        }
    }
}

impl Branches for Classes {
    type Row = Row;
    type Key = Key;
    type Level = Level;

    fn key(&self, row: &Row) -> Key {
        match row {
            Row::Class(totals) => Key::Class(totals.class),
            Row::Object(node) => Key::Object(*node),
            Row::Edge(row) => Key::Edge(row.edge),
        }
    }

    fn can_open(&self, row: &Row) -> bool {
        row.node()
            .is_none_or(|node| !self.asker.snapshot.graph().edge_range(node).is_empty())
    }

    fn repeats(&self, row: &Row, ancestors: &[Row]) -> bool {
        row.node()
            .is_some_and(|node| ancestors.iter().any(|above| above.node() == Some(node)))
    }

    fn open(&self, row: &Row) -> Level {
        match row {
            Row::Class(totals) => Level::Objects(totals.class, Slot::new(Lane::Frame)),
            Row::Object(node) => Level::Edges(*node, Slot::new(Lane::Frame)),
            Row::Edge(row) => Level::Edges(row.node, Slot::new(Lane::Frame)),
        }
    }

    fn ask(&self, level: &mut Level) -> Asked {
        match level {
            Level::Classes(slot) => {
                let question = Summary {
                    pattern: self.pattern.clone(),
                    filter: self.filter,
                    order: self.order,
                };
                self.asker.ask(slot, &question)
            }
            Level::Objects(class, slot) => {
                let question = Instances {
                    class: *class,
                    filter: self.filter,
                    order: self.object_order(),
                };
                self.asker.ask(slot, &question)
            }
            Level::Edges(node, slot) => {
                let question = Object {
                    node: *node,
                    order: self.edge_order(),
                };
                self.asker.ask(slot, &question)
            }
        }
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Classes(slot) => slot.latest().map(|answer| answer.rows.len()),
            Level::Objects(_, slot) => slot.latest().map(Vec::len),
            Level::Edges(_, slot) => slot.latest().map(Vec::len),
        };
        len.unwrap_or(0) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level {
            Level::Classes(slot) => slot.latest()?.rows.get(at).copied().map(Row::Class),
            Level::Objects(_, slot) => slot.latest()?.get(at).copied().map(Row::Object),
            Level::Edges(_, slot) => slot.latest()?.get(at).copied().map(Row::Edge),
        }
    }

    fn find(&self, level: &Level, key: Key) -> Option<u64> {
        let at = match (level, key) {
            (Level::Classes(slot), Key::Class(class)) => slot
                .latest()?
                .rows
                .iter()
                .position(|totals| totals.class == class),
            (Level::Objects(_, slot), Key::Object(node)) => {
                slot.latest()?.iter().position(|&row| row == node)
            }
            (Level::Edges(_, slot), Key::Edge(edge)) => {
                slot.latest()?.iter().position(|row| row.edge == edge)
            }
            _ => None,
        };
        at.map(|at| at as u64)
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match level {
            Level::Classes(_) => "No class has that in its name",
            Level::Objects(..) => "No objects",
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

impl Face for Classes {
    type Column = SummaryColumn;

    fn heads(&self) -> &'static [Head<SummaryColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, repeats: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Class(totals) => {
                node_text::write_class(strip, snapshot, totals.class, tokens);
            }
            Row::Object(node) => node_text::write_node(strip, snapshot, *node, tokens),
            Row::Edge(row) => node_text::write_held(strip, snapshot, *row, tokens),
        }
        if repeats {
            node_text::write_repeats(strip, tokens);
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let snapshot = &*self.asker.snapshot;
        let (distance, count, shallow, retained) = match row {
            Row::Class(totals) => (
                totals.distance,
                Some(totals.count),
                totals.shallow_size,
                totals.retained_size,
            ),
            Row::Object(node) | Row::Edge(EdgeRow { node, .. }) => (
                snapshot.distance(*node),
                None,
                snapshot.shallow_size(*node),
                snapshot.retained_size(*node),
            ),
        };
        match (HEADS[at].by, HEADS[at].is_extra) {
            (SummaryColumn::Distance, _) => node_text::distance(distance),
            (SummaryColumn::Count, _) => count.map_or(Value::None, Value::Number),
            (SummaryColumn::ShallowSize, false) => Value::Number(shallow),
            (SummaryColumn::ShallowSize, true) => Value::Share(shallow, snapshot.total_size()),
            (SummaryColumn::RetainedSize, false) => Value::Number(retained),
            (SummaryColumn::RetainedSize, true) => Value::Share(retained, snapshot.total_size()),
            (SummaryColumn::Class | SummaryColumn::ClassKey | SummaryColumn::Reach, _) => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        let of_node = |node| node_text::spoken_numbers(snapshot.distance(node), snapshot.retained_size(node));
        match row {
            Row::Class(totals) => {
                let numbers = node_text::spoken_numbers(totals.distance, totals.retained_size);
                let name = snapshot.classes().class(totals.class).name.to_string();
                let noun = if totals.count == 1 { "object" } else { "objects" };
                (name, format!("{} {noun}, {numbers}", grouped(totals.count)))
            }
            Row::Object(node) => (node_text::spoken_node(snapshot, *node), of_node(*node)),
            Row::Edge(row) => (node_text::spoken_held(snapshot, *row), of_node(row.node)),
        }
    }

    fn copied(&self, row: &Row) -> String {
        let snapshot = &*self.asker.snapshot;
        match row {
            Row::Class(totals) => snapshot.classes().class(totals.class).name.to_string(),
            Row::Object(node) | Row::Edge(EdgeRow { node, .. }) => snapshot.id(*node).to_string(),
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for Classes {
    fn what(&self, row: &Row) -> Option<What> {
        Some(match row {
            Row::Class(totals) => What::Class(totals.class),
            Row::Object(node) => What::Object(*node),
            Row::Edge(row) => What::Object(row.node),
        })
    }
}
