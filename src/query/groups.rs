//! The Summary grouped otherwise than by class: by type, by script or module, by package, by native context.

use std::sync::Arc;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::instances::{ObjectColumn, sort_objects};
use super::name_key::NameKey;
use super::pattern::Pattern;
use super::{Cell, Direction, Order, Query, filtered, owners, sort};
use crate::analysis::distances::Distance;
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::filters::NodeFilter;
use crate::analysis::group_totals;
use crate::analysis::native_contexts::{Attribution, NativeContexts};
use crate::analysis::owners::Owners;
use crate::analysis::packages::Package;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::graph::{HeapGraph, NodeKind, NodeTag};
use crate::snapshot::Snapshot;

/// Asks for the groups with members: nodes of shallow size above 0 that pass the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Groups {
    /// What makes a group.
    pub by: Grouping,
    /// Only these nodes count as members.
    pub filter: NodeFilter,
    /// Only groups whose name matches.
    pub pattern: Option<Pattern>,
    /// How groups are sorted; equal ones by number.
    pub order: Order<GroupColumn>,
}

/// What makes a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Grouping {
    /// V8's type.
    Kind,
    /// The script or module that owns the node (see [`Owners`]).
    Owner,
    /// The package of that script or module: the program's own (`mine`), installed ones, the runtime.
    Package,
    /// The native context.
    NativeContext,
}

/// Asks for the members of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupMembers {
    /// What makes a group.
    pub by: Grouping,
    /// The group.
    pub key: GroupKey,
    /// Only these nodes.
    pub filter: NodeFilter,
    /// How they are sorted.
    pub order: Order<ObjectColumn>,
}

crate::index! {
    /// A group: its number among those of one [`Grouping`] of one snapshot.
    GroupKey
}

/// The groups, and what they come to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupsAnswer {
    /// One row a group.
    pub rows: Vec<GroupRow>,
    /// What the groups are called: what the columns look up.
    pub labels: Arc<GroupLabels>,
    /// How many objects the rows count.
    pub count: u64,
    /// Their shallow sizes together, in bytes.
    pub shallow_size: u64,
}

/// What the groups of a [`Grouping`] are called, by [`GroupKey`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupLabels(Vec<JsString>);

/// A group and what it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupRow {
    /// The group.
    pub key: GroupKey,
    /// How many objects.
    pub count: u64,
    /// The distance of the nearest.
    pub distance: Distance,
    /// Their shallow sizes together, in bytes.
    pub shallow_size: u64,
    /// The retained sizes, in bytes, of those that no other of the group dominates.
    pub retained_size: u64,
}

columns! {
    /// Columns of groups.
    pub enum GroupColumn: |labels: GroupLabels, row: GroupRow| {
        /// What the group is called.
        Name: Text "group" "Group" = Cell::Text(labels.of(row.key).clone());
        /// How many objects.
        Count: Number "count" "Count" = Cell::Count(row.count);
        /// The distance of the nearest.
        Distance: Number "distance" "Distance" = Cell::Distance(row.distance);
        /// Which roots reach the nearest.
        Reach: Program "reach" "Reach" = Cell::reach(row.distance);
        /// Their own sizes together.
        ShallowSize: Number "shallow_size" "Shallow size" = Cell::Bytes(row.shallow_size);
        /// What would go with them.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.retained_size);
    }
}

impl GroupLabels {
    /// What `key` is called.
    pub fn of(&self, key: GroupKey) -> &JsString {
        &self.0[key.at()]
    }
}

impl Groups {
    /// The heaviest first.
    pub const DEFAULT_ORDER: Order<GroupColumn> = Order::descending(GroupColumn::RetainedSize);

    /// Asks for all groups in the default order.
    pub fn by(by: Grouping) -> Self {
        Self {
            by,
            filter: NodeFilter::All,
            pattern: None,
            order: Self::DEFAULT_ORDER,
        }
    }
}

impl Query for Groups {
    type Over = Snapshot;
    type Answer = GroupsAnswer;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<GroupsAnswer, Cancelled> {
        let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
        let division = Division::new(snapshot, self.by, &order, task)?;
        let labels = division.labels(snapshot);
        let passing = filtered::nodes(snapshot, self.filter, task)?;
        let groups = group_totals::Groups {
            count: labels.0.len(),
            of: |node| division.of(node),
            prefetch: |node| division.prefetch(node),
        };
        let totals = group_totals::build(
            &groups,
            snapshot.distances(),
            &order,
            snapshot.shallow_sizes(),
            snapshot.retained_sizes(),
            passing.as_ref(),
            task,
        )?;
        let mut rows: Vec<GroupRow> = totals
            .into_iter()
            .map(|total| GroupRow {
                key: GroupKey::new(total.group),
                count: total.count,
                distance: total.distance,
                shallow_size: total.shallow_size,
                retained_size: total.retained_size,
            })
            .collect();
        if let Some(pattern) = &self.pattern {
            rows.retain(|row| pattern.matches(labels.of(row.key).as_js()));
        }
        sort_groups(&labels, &mut rows, self.order);
        task.check()?;
        Ok(GroupsAnswer {
            count: rows.iter().map(|row| row.count).sum(),
            shallow_size: rows.iter().map(|row| row.shallow_size).sum(),
            rows,
            labels: Arc::new(labels),
        })
    }
}

impl Query for GroupMembers {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let division = match self.by {
            Grouping::Owner => {
                let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
                Division::Owner(owners::build(snapshot, &order, task)?)
            }
            Grouping::Package => {
                let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
                Division::packages(owners::build(snapshot, &order, task)?)
            }
            Grouping::Kind => Division::Kind(snapshot.graph()),
            Grouping::NativeContext => Division::contexts(snapshot, task)?,
        };
        let passing = filtered::nodes(snapshot, self.filter, task)?;
        let passes = |node| passing.as_ref().is_none_or(|passing| passing.contains(node));
        let is_member =
            |node| snapshot.shallow_size(node) != 0 && division.of(node) == self.key.at() && passes(node);
        let nodes = (0..snapshot.graph().node_count())
            .into_par_iter()
            .map(NodeIx::new);
        let mut rows: Vec<NodeIx> = nodes.filter(|&node| is_member(node)).collect();
        sort_objects(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(rows)
    }
}

/// All nodes, divided into numbered groups.
enum Division<'a> {
    /// By the code of the type.
    Kind(&'a HeapGraph),
    /// 0 is nobody's.
    Owner(Owners),
    /// 0 is nobody's; then the packages, and of each owner the number of its package.
    Package(Owners, Vec<Package>, Vec<usize>),
    /// 0 is no context's, 1 what is shared.
    NativeContext(NativeContexts),
}

impl<'a> Division<'a> {
    fn new(
        snapshot: &'a Snapshot,
        by: Grouping,
        order: &DominatorOrder,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        match by {
            Grouping::Kind => Ok(Self::Kind(snapshot.graph())),
            Grouping::Owner => owners::build(snapshot, order, task).map(Self::Owner),
            Grouping::Package => owners::build(snapshot, order, task).map(Self::packages),
            Grouping::NativeContext => Self::contexts(snapshot, task),
        }
    }

    fn packages(owners: Owners) -> Self {
        let mut packages: Vec<Package> = owners.all().map(|owner| owners.package(owner).clone()).collect();
        packages.sort_unstable();
        packages.dedup();
        let number = |owner| {
            packages
                .binary_search(owners.package(owner))
                .map_or(0, |at| at + 1)
        };
        let of = owners.all().map(number).collect();
        Self::Package(owners, packages, of)
    }

    fn contexts(snapshot: &Snapshot, task: &Task) -> Result<Self, Cancelled> {
        let (graph, dom) = (snapshot.graph(), snapshot.dom());
        NativeContexts::build(graph, dom, snapshot.shallow_sizes(), task).map(Self::NativeContext)
    }

    fn of(&self, node: NodeIx) -> usize {
        match self {
            Self::Kind(graph) => usize::from(graph.tag(node).code()),
            Self::Owner(owners) => owners.of(node).map_or(0, |owner| owner.at() + 1),
            Self::Package(owners, _, of) => owners.of(node).map_or(0, |owner| of[owner.at()]),
            Self::NativeContext(contexts) => match contexts.of(node) {
                Attribution::None => 0,
                Attribution::Shared => 1,
                Attribution::Context(context) => {
                    let at = contexts.contexts().binary_search(&context);
                    at.map_or(0, |at| at + 2)
                }
            },
        }
    }

    fn prefetch(&self, node: NodeIx) {
        if let Self::Owner(owners) | Self::Package(owners, ..) = self {
            owners.prefetch(node);
        }
    }

    fn labels(&self, snapshot: &Snapshot) -> GroupLabels {
        let labels: Vec<JsString> = match self {
            Self::Kind(graph) => {
                let known = NodeKind::ALL.iter().filter(|&&kind| kind != NodeKind::Other);
                let others = graph.header().other_kinds.iter().map(String::as_str);
                let names = known.map(|kind| kind.name()).chain(others);
                let names = names.chain(std::iter::repeat(NodeKind::Other.name()));
                names
                    .take(usize::from(NodeTag::CODES))
                    .map(JsString::from)
                    .collect()
            }
            Self::Owner(owners) => {
                let names = owners.all().map(|owner| owners.name(owner).to_owned());
                std::iter::once("(no script)".into()).chain(names).collect()
            }
            Self::Package(_, packages, _) => {
                let names = packages.iter().map(|package| package.to_string().into());
                std::iter::once("(no script)".into()).chain(names).collect()
            }
            Self::NativeContext(contexts) => {
                let names = contexts.contexts().iter().map(|&context| snapshot.name(context));
                let others = ["(no native context)", "(shared)"].map(JsString::from);
                others.into_iter().chain(names).collect()
            }
        };
        GroupLabels(labels)
    }
}

fn sort_groups(labels: &GroupLabels, rows: &mut [GroupRow], order: Order<GroupColumn>) {
    let by_key = |run: &mut [GroupRow]| {
        sort::by_number(run, Direction::Ascending, |row| u64::from(row.key.raw()), |_| ());
    };
    let way = order.direction;
    match order.by {
        GroupColumn::Name => sort::by_text(rows, way, |row| NameKey::of(labels.of(row.key).as_js()), by_key),
        GroupColumn::Count => sort::by_number(rows, way, |row| row.count, by_key),
        GroupColumn::Distance | GroupColumn::Reach => {
            sort::by_number(rows, way, |row| sort::signed(row.distance.sort_key()), by_key);
        }
        GroupColumn::ShallowSize => sort::by_number(rows, way, |row| row.shallow_size, by_key),
        GroupColumn::RetainedSize => sort::by_number(rows, way, |row| row.retained_size, by_key),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Column as _;
    use crate::query::pattern::Syntax;
    use crate::query::testing::{ask, lines, snapshot};

    const HEAP: &str = r#"
        root:synthetic/0 -shortcut:w-> window:object/8 -f-> f:closure/32 -internal:shared-> s:code/40 -internal:script-> "/a/main.js":code/100
        f -cache-> cache:object/16 #51 -entry-> entry:object/24 #53 -text-> text:string/20
        window -own-> own:object/4 #55
        window -c-> c="system / NativeContext":native/64 -x-> of=of:object/2 #57
    "#;

    fn groups(question: &Groups) -> Vec<String> {
        let answer = ask(question, &snapshot(HEAP));
        lines(&*answer.labels, &answer.rows, GroupColumn::ALL)
    }

    #[test]
    fn by_type_owner_and_context() {
        assert_eq!(
            groups(&Groups::by(Grouping::Kind)),
            [
                "object 5 1 user 54 310",
                "closure 1 2 user 32 232",
                "code 2 3 user 140 140",
                "native 1 2 user 64 66",
                "string 1 5 user 20 20",
            ]
        );
        assert_eq!(
            groups(&Groups::by(Grouping::Owner)),
            ["(no script) 4 1 user 78 310", "main.js 6 2 user 232 232"]
        );
        assert_eq!(
            groups(&Groups::by(Grouping::Package)),
            ["(no script) 4 1 user 78 310", "mine 6 2 user 232 232"]
        );
        assert_eq!(
            groups(&Groups::by(Grouping::NativeContext)),
            [
                "(no native context) 8 1 user 244 310",
                "system / NativeContext 2 2 user 66 66"
            ]
        );
    }

    #[test]
    fn filtered_and_sorted() {
        let names = |order, text: &str| {
            let pattern = Some(Pattern::new(text, Syntax::Substring, false).unwrap());
            let question = Groups {
                pattern,
                order,
                ..Groups::by(Grouping::Kind)
            };
            let answer = ask(&question, &snapshot(HEAP));
            lines(&*answer.labels, &answer.rows, &[GroupColumn::Name]).join(" ")
        };
        assert_eq!(
            names(Order::ascending(GroupColumn::Name), "O"),
            "closure code object"
        );
        assert_eq!(
            names(Order::ascending(GroupColumn::Count), "o"),
            "closure code object"
        );
        assert_eq!(
            names(Order::ascending(GroupColumn::Distance), "o"),
            "object closure code"
        );
        assert_eq!(
            names(Order::descending(GroupColumn::ShallowSize), "o"),
            "code object closure"
        );
    }

    #[test]
    fn members_of_each_group_are_as_many_as_it_says() {
        let snapshot = snapshot(HEAP);
        for by in [
            Grouping::Kind,
            Grouping::Owner,
            Grouping::Package,
            Grouping::NativeContext,
        ] {
            for row in ask(&Groups::by(by), &snapshot).rows {
                let members = GroupMembers {
                    by,
                    key: row.key,
                    filter: NodeFilter::All,
                    order: Order::descending(ObjectColumn::RetainedSize),
                };
                let members = ask(&members, &snapshot);
                let size: u64 = members.iter().map(|&node| snapshot.shallow_size(node)).sum();
                assert_eq!(
                    (members.len() as u64, size),
                    (row.count, row.shallow_size),
                    "{by:?} {row:?}"
                );
            }
        }
    }
}
