//! Which objects belong to a class?

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::nodes::NodeColumn;
use super::{Order, Query, sort};
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::columns;
use crate::query::Direction;
use crate::query::name_key::NameKey;
use crate::snapshot::Snapshot;

/// Asks for the members of a class: its nodes of shallow size above 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instances {
    /// The class.
    pub class: ClassIx,
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
            order: Self::DEFAULT_ORDER,
        }
    }
}

impl Query for Instances {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let mut rows = members(snapshot, self.class, task)?;
        sort_objects(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(rows)
    }
}

/// The members of `class` in file order.
pub fn members(snapshot: &Snapshot, class: ClassIx, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
    let (classes, sizes) = (snapshot.classes(), snapshot.shallow_sizes());
    let rows = (0..snapshot.graph().node_count())
        .into_par_iter()
        .map(NodeIx::new)
        .filter(|&node| classes.of(node) == class && sizes.get(node) != 0)
        .collect();
    task.check()?;
    Ok(rows)
}

/// Sorts objects: by sizes, names and ids with ids for ties, by distance with retained sizes for ties.
fn sort_objects(snapshot: &Snapshot, rows: &mut [NodeIx], order: Order<ObjectColumn>) {
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
