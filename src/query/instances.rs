//! Which objects belong to a class?

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::nodes::NodeColumn;
use super::{Order, Query, filtered, sort};
use crate::analysis::filters::NodeFilter;
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::columns;
use crate::query::Direction;
use crate::query::name_key::NameKey;
use crate::snapshot::Snapshot;

/// Asks for the members of a class: its nodes of shallow size above 0 that pass the filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instances {
    /// The class.
    pub class: ClassIx,
    /// Only these nodes.
    pub filter: NodeFilter,
    /// How they are sorted; equal ones by retained size or id, as in DevTools.
    pub order: Order<ObjectColumn>,
}

columns! {
    /// What lists of objects say of each.
    pub enum ObjectColumn: |snapshot: Snapshot, node: NodeIx| {
        /// V8's id.
        Id: Number "id" "Id" = NodeColumn::Id.cell(snapshot, node);
        /// Its type.
        Type: Text "type" "Type" = NodeColumn::Type.cell(snapshot, node);
        /// Its displayed name.
        Name: Text "name" "Name" = NodeColumn::Name.cell(snapshot, node);
        /// Its class.
        Class: Text "class" "Class" = NodeColumn::Class.cell(snapshot, node);
        /// Its own size.
        ShallowSize: Number "shallow_size" "Shallow size" = NodeColumn::ShallowSize.cell(snapshot, node);
        /// What would go with it.
        RetainedSize: Number "retained_size" "Retained size" = NodeColumn::RetainedSize.cell(snapshot, node);
        /// How far it is from the roots.
        Distance: Number "distance" "Distance" = NodeColumn::Distance.cell(snapshot, node);
        /// Which roots reach it.
        Reach: Program "reach" "Reach" = NodeColumn::Reach.cell(snapshot, node);
    }
}

impl Instances {
    /// The order in which DevTools shows them first.
    pub const DEFAULT_ORDER: Order<ObjectColumn> = Order::descending(ObjectColumn::RetainedSize);

    /// Asks for all members of `class` in the default order.
    pub fn of(class: ClassIx) -> Self {
        Self {
            class,
            filter: NodeFilter::All,
            order: Self::DEFAULT_ORDER,
        }
    }
}

impl Query for Instances {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let mut rows = members(snapshot, self.class, self.filter, task)?;
        sort_objects(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(rows)
    }
}

/// The members of `class` that pass `filter`, in file order.
pub fn members(
    snapshot: &Snapshot,
    class: ClassIx,
    filter: NodeFilter,
    task: &Task,
) -> Result<Vec<NodeIx>, Cancelled> {
    let passing = filtered::nodes(snapshot, filter, task)?;
    let passes = |node| passing.as_ref().is_none_or(|passing| passing.contains(node));
    let (classes, sizes) = (snapshot.classes(), snapshot.shallow_sizes());
    let rows = (0..snapshot.graph().node_count())
        .into_par_iter()
        .map(NodeIx::new)
        .filter(|&node| classes.of(node) == class && sizes.get(node) != 0 && passes(node))
        .collect();
    task.check()?;
    Ok(rows)
}

/// Sorts objects: by sizes, names and ids with ids for ties, by distance with retained sizes for ties.
pub(super) fn sort_objects(snapshot: &Snapshot, rows: &mut [NodeIx], order: Order<ObjectColumn>) {
    let by_id = |run: &mut [NodeIx]| {
        sort::by_number(run, Direction::Ascending, |node| snapshot.id(node).0, |_| ());
    };
    let by_retained = |run: &mut [NodeIx]| {
        sort::by_number(
            run,
            Direction::Descending,
            |node| snapshot.retained_size(node),
            by_id,
        );
    };
    let way = order.direction;
    match order.by {
        ObjectColumn::Id => sort::by_number(rows, way, |node| snapshot.id(node).0, |_| ()),
        ObjectColumn::Type => {
            let kind = |node| NameKey::of(JsStr::from(snapshot.graph().kind_name(node)));
            sort::by_text(rows, way, kind, by_id);
        }
        ObjectColumn::Name => sort::by_text(rows, way, |node| NameKey::of_node(snapshot, node), by_id),
        ObjectColumn::Class => {
            let class = |node| NameKey::of_class(snapshot, snapshot.class_of(node));
            sort::by_text(rows, way, class, by_id);
        }
        ObjectColumn::ShallowSize => sort::by_number(rows, way, |node| snapshot.shallow_size(node), by_id),
        ObjectColumn::RetainedSize => sort::by_number(rows, way, |node| snapshot.retained_size(node), by_id),
        ObjectColumn::Distance | ObjectColumn::Reach => {
            let distance = |node| sort::signed(snapshot.distance(node).sort_key());
            sort::by_number(rows, way, distance, by_retained);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{ask, lines, named, snapshot};

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:object/8 -element:1-> s1=beta:string/20 #21
        window -element:2-> s2=alpha:string/20 #11 -element:3-> s3=gamma:string/40 #31
        s3 -internal:x-> s4=delta:string/0 #41
        s2 -internal:y-> s5=alpha:string/20 #13
    ";

    #[test]
    fn members_stand_as_in_devtools() {
        let snapshot = snapshot(HEAP);
        let class = snapshot.class_of(named(&snapshot, "beta"));
        let ids = |order| {
            let question = Instances {
                order,
                ..Instances::of(class)
            };
            lines(&snapshot, &ask(&question, &snapshot), &[ObjectColumn::Id]).join(" ")
        };
        // The one of size 0 is no member.
        assert_eq!(ids(Instances::DEFAULT_ORDER), "@11 @31 @13 @21");
        assert_eq!(ids(Order::ascending(ObjectColumn::Name)), "@11 @13 @21 @31");
        assert_eq!(ids(Order::descending(ObjectColumn::Name)), "@31 @21 @11 @13");
        assert_eq!(
            ids(Order::descending(ObjectColumn::ShallowSize)),
            "@31 @11 @13 @21"
        );
        assert_eq!(ids(Order::ascending(ObjectColumn::Distance)), "@11 @21 @31 @13");
        assert_eq!(ids(Order::descending(ObjectColumn::Id)), "@31 @21 @13 @11");
        assert_eq!(ids(Order::ascending(ObjectColumn::Class)), "@11 @13 @21 @31");
    }

    #[test]
    fn a_filter_leaves_what_passes() {
        let snapshot = snapshot(HEAP);
        let question = Instances {
            filter: NodeFilter::DuplicatedStrings,
            ..Instances::of(snapshot.class_of(named(&snapshot, "beta")))
        };
        assert_eq!(
            lines(&snapshot, &ask(&question, &snapshot), &[ObjectColumn::Id]),
            ["@11", "@13"]
        );
    }
}
