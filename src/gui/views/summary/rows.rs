//! The rows of the Summary: classes or other groups, under them objects, under them what those hold.

use std::sync::Arc;

use crate::analysis::class_totals::ClassTotals;
use crate::analysis::filters::NodeFilter;
use crate::analysis::owners::Owners;
use crate::base::index::{ClassIx, EdgeIx, NodeIx};
use crate::gui::cx::Asker;
use crate::gui::widgets::outline::{Asked, Branches};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::edges::{EdgeColumn, EdgeRow};
use crate::query::groups::{
    FindGroups, GroupColumn, GroupKey, GroupLabels, GroupMembers, GroupRow, Grouping, SortGroups,
};
use crate::query::instances::{Instances, ObjectColumn};
use crate::query::object::Object;
use crate::query::pattern::Pattern;
use crate::query::summary::{Summary, SummaryColumn};

/// The tree of a frame: who is asked, and for what.
#[derive(Clone)]
pub(super) struct SummaryTree {
    pub(super) asker: Asker,
    /// What makes a group; none is the class.
    pub(super) by: Option<Grouping>,
    /// What groups are called, once they are known.
    pub(super) labels: Option<Arc<GroupLabels>>,
    /// Whose objects are, once that is known.
    pub(super) owners: Option<Arc<Owners>>,
    pub(super) pattern: Option<Pattern>,
    pub(super) filter: NodeFilter,
    pub(super) order: Order<SummaryColumn>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    Class(ClassTotals),
    Group(GroupRow),
    Object(NodeIx),
    Edge(EdgeRow),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    Class(ClassIx),
    Group(GroupKey),
    Object(NodeIx),
    Edge(EdgeIx),
}

pub(super) enum Level {
    Classes(Slot<Summary>),
    Groups(Grouping, Slot<FindGroups>, Slot<SortGroups>),
    Objects(ClassIx, Slot<Instances>),
    Members(Grouping, GroupKey, Slot<GroupMembers>),
    Edges(NodeIx, Slot<Object>),
}

/// What the rows at the top come to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    pub(super) rows: usize,
    pub(super) count: u64,
    pub(super) shallow_size: u64,
}

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn top(by: Option<Grouping>) -> Self {
        match by {
            None => Self::Classes(Slot::new(Lane::Frame)),
            Some(by) => Self::Groups(by, Slot::new(Lane::Frame), Slot::new(Lane::Frame)),
        }
    }

    /// What the rows come to, if this is the top of the tree and they are known.
    pub(super) fn sum(&self) -> Option<Sum> {
        match self {
            Self::Classes(slot) => slot.latest().map(|answer| Sum {
                rows: answer.rows.len(),
                count: answer.count,
                shallow_size: answer.shallow_size,
            }),
            Self::Groups(_, _, slot) => slot.latest().map(|answer| Sum {
                rows: answer.rows.len(),
                count: answer.count,
                shallow_size: answer.shallow_size,
            }),
            Self::Objects(..) | Self::Members(..) | Self::Edges(..) => None,
        }
    }

    /// What the groups of this level are called, if that is known.
    pub(super) fn labels(&self) -> Option<Arc<GroupLabels>> {
        match self {
            Self::Groups(_, _, slot) => slot.latest().map(|answer| Arc::clone(&answer.labels)),
            _ => None,
        }
    }
}

impl Row {
    /// The object that the row stands for, if it stands for one.
    const fn node(&self) -> Option<NodeIx> {
        match self {
            Self::Class(_) | Self::Group(_) => None,
            Self::Object(node) => Some(*node),
            Self::Edge(row) => Some(row.node),
        }
    }
}

impl SummaryTree {
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

    /// How other groups are sorted when classes are sorted so.
    fn group_order(&self) -> Order<GroupColumn> {
        let by = match self.order.by {
            SummaryColumn::Class | SummaryColumn::ClassKey => GroupColumn::Name,
            SummaryColumn::Distance | SummaryColumn::Reach => GroupColumn::Distance,
            SummaryColumn::Count => GroupColumn::Count,
            SummaryColumn::ShallowSize => GroupColumn::ShallowSize,
            SummaryColumn::RetainedSize => GroupColumn::RetainedSize,
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

impl Branches for SummaryTree {
    type Row = Row;
    type Key = Key;
    type Level = Level;

    fn key(&self, row: &Row) -> Key {
        match row {
            Row::Class(totals) => Key::Class(totals.class),
            Row::Group(group) => Key::Group(group.key),
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
            Row::Group(group) => match self.by {
                Some(by) => Level::Members(by, group.key, Slot::new(Lane::Frame)),
                None => Level::top(None),
            },
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
            Level::Groups(by, all, slot) => {
                let find = FindGroups {
                    by: *by,
                    filter: self.filter,
                };
                let asked = self.asker.ask(all, &find);
                let Some(groups) = all.latest().cloned() else {
                    return asked;
                };
                let question = SortGroups {
                    groups,
                    pattern: self.pattern.clone(),
                    order: self.group_order(),
                };
                self.asker.ask(slot, &question)
            }
            Level::Members(by, key, slot) => {
                let question = GroupMembers {
                    by: *by,
                    key: *key,
                    filter: self.filter,
                    order: self.object_order(),
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
            Level::Groups(_, _, slot) => slot.latest().map(|answer| answer.rows.len()),
            Level::Objects(_, slot) => slot.latest().map(Vec::len),
            Level::Members(_, _, slot) => slot.latest().map(Vec::len),
            Level::Edges(_, slot) => slot.latest().map(Vec::len),
        };
        len.unwrap_or(0) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level {
            Level::Classes(slot) => slot.latest()?.rows.get(at).copied().map(Row::Class),
            Level::Groups(_, _, slot) => slot.latest()?.rows.get(at).copied().map(Row::Group),
            Level::Objects(_, slot) => slot.latest()?.get(at).copied().map(Row::Object),
            Level::Members(_, _, slot) => slot.latest()?.get(at).copied().map(Row::Object),
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
            (Level::Groups(_, _, slot), Key::Group(key)) => {
                slot.latest()?.rows.iter().position(|row| row.key == key)
            }
            (Level::Members(_, _, slot), Key::Object(node)) => {
                slot.latest()?.iter().position(|&row| row == node)
            }
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
            Level::Classes(_) | Level::Groups(..) if self.pattern.is_none() => "No object passes the filter",
            Level::Classes(_) => "No class has that in its name",
            Level::Groups(..) => "Nothing has that in its name",
            Level::Objects(..) | Level::Members(..) => "No objects",
            Level::Edges(..) => "Holds nothing",
        }
    }

    fn page(&self, level: &Level) -> u64 {
        match level {
            Level::Classes(_) | Level::Groups(..) => u64::MAX,
            Level::Objects(..) | Level::Members(..) | Level::Edges(..) => 100,
        }
    }
}
