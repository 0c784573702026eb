//! What would go with an object, split by the class of what it immediately dominates?

use rayon::iter::{IndexedParallelIterator as _, IntoParallelRefIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::instances::{ObjectColumn, sort_objects};
use super::name_key::NameKey;
use super::{Cell, Direction, Order, Query, sort};
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::columns;
use crate::snapshot::Snapshot;

/// Asks for the classes of what an object immediately dominates. With the object's own size their retained sizes sum to its
/// retained size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DominatedClasses {
    /// The object.
    pub node: NodeIx,
    /// How the rows are sorted; equal ones by class number.
    pub order: Order<DominatedClassColumn>,
}

/// Asks for what an object immediately dominates of one class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DominatedMembers {
    /// The object.
    pub node: NodeIx,
    /// The class.
    pub class: ClassIx,
    /// How they are sorted.
    pub order: Order<ObjectColumn>,
}

/// What an object immediately dominates of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DominatedClass {
    /// The class.
    pub class: ClassIx,
    /// How many objects.
    pub count: u64,
    /// Their shallow sizes together, in bytes.
    pub shallow_size: u64,
    /// Their retained sizes together, in bytes.
    pub retained_size: u64,
}

columns! {
    /// Columns of dominated classes.
    pub enum DominatedClassColumn: |snapshot: Snapshot, row: DominatedClass| {
        /// The class name.
        Class: Text "class" "Class" = Cell::Text(snapshot.classes().class(row.class).name.clone());
        /// How many objects.
        Count: Number "count" "Count" = Cell::Count(row.count);
        /// Their own sizes together.
        ShallowSize: Number "shallow_size" "Shallow size" = Cell::Bytes(row.shallow_size);
        /// What would go with them.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.retained_size);
    }
}

impl DominatedClasses {
    /// The heaviest first.
    pub const DEFAULT_ORDER: Order<DominatedClassColumn> =
        Order::descending(DominatedClassColumn::RetainedSize);

    /// Asks what `node` dominates by class, heaviest first.
    pub fn by(node: NodeIx) -> Self {
        Self {
            node,
            order: Self::DEFAULT_ORDER,
        }
    }
}

impl Query for DominatedClasses {
    type Over = Snapshot;
    type Answer = Vec<DominatedClass>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<DominatedClass>, Cancelled> {
        let mut rows: Vec<DominatedClass> = Vec::new();
        let mut row_of: FxHashMap<ClassIx, usize> = FxHashMap::default();
        let children = children_where(snapshot, self.node, |_| true, task)?;
        for (nth, child) in children.into_iter().enumerate() {
            task.check_at(nth)?;
            let class = snapshot.class_of(child);
            let row = *row_of.entry(class).or_insert_with(|| {
                rows.push(DominatedClass {
                    class,
                    count: 0,
                    shallow_size: 0,
                    retained_size: 0,
                });
                rows.len() - 1
            });
            rows[row].count += 1;
            rows[row].shallow_size += snapshot.shallow_size(child);
            rows[row].retained_size += snapshot.retained_size(child);
        }
        sort_classes(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(rows)
    }
}

impl Query for DominatedMembers {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let is_of_class = |child| snapshot.class_of(child) == self.class;
        let mut rows = children_where(snapshot, self.node, is_of_class, task)?;
        sort_objects(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(rows)
    }
}

/// What `node` immediately dominates and of which `is` says yes, in file order.
fn children_where(
    snapshot: &Snapshot,
    node: NodeIx,
    is: impl Fn(NodeIx) -> bool + Sync,
    task: &Task,
) -> Result<Vec<NodeIx>, Cancelled> {
    let immediate = snapshot.dominators().all().par_iter().enumerate();
    let children = immediate
        .filter(|&(at, &above)| above == node && NodeIx::new(at) != node && !task.is_cancelled())
        .map(|(at, _)| NodeIx::new(at))
        .filter(|&child| is(child));
    let children = children.collect();
    task.check()?;
    Ok(children)
}

fn sort_classes(snapshot: &Snapshot, rows: &mut [DominatedClass], order: Order<DominatedClassColumn>) {
    let by_class = |run: &mut [DominatedClass]| {
        sort::by_number(
            run,
            Direction::Ascending,
            |row| u64::from(row.class.raw()),
            |_| (),
        );
    };
    let way = order.direction;
    match order.by {
        DominatedClassColumn::Class => {
            sort::by_text(rows, way, |row| NameKey::of_class(snapshot, row.class), by_class);
        }
        DominatedClassColumn::Count => sort::by_number(rows, way, |row| row.count, by_class),
        DominatedClassColumn::ShallowSize => sort::by_number(rows, way, |row| row.shallow_size, by_class),
        DominatedClassColumn::RetainedSize => sort::by_number(rows, way, |row| row.retained_size, by_class),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Column as _;
    use crate::query::testing::{ask, lines, named, snapshot};

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:object/8 -a-> a=Map:object/10 -x-> shared:object/1000
        window -b-> b=Map:object/20 #21 -x-> shared
        b -own-> own:string/100
        window -n-> none:string/0
    ";

    #[test]
    fn the_rows_sum_to_what_the_object_retains() {
        let snapshot = snapshot(HEAP);
        let window = named(&snapshot, "window");
        let rows = ask(&DominatedClasses::by(window), &snapshot);
        assert_eq!(
            lines(&snapshot, &rows, DominatedClassColumn::ALL),
            ["shared 1 1000 1000", "Map 2 30 130", "(string) 1 0 0"]
        );
        let sum: u64 = rows.iter().map(|row| row.retained_size).sum();
        assert_eq!(sum + 8, snapshot.retained_size(window));
    }

    #[test]
    fn every_column_sorts_and_rows_have_members() {
        let snapshot = snapshot(HEAP);
        let node = named(&snapshot, "window");
        let sorted = |order| {
            let rows = ask(&DominatedClasses { node, order }, &snapshot);
            lines(&snapshot, &rows, &[DominatedClassColumn::Class]).join(" ")
        };
        assert_eq!(
            sorted(Order::ascending(DominatedClassColumn::Class)),
            "(string) Map shared"
        );
        assert_eq!(
            sorted(Order::descending(DominatedClassColumn::Count)),
            "Map shared (string)"
        );
        assert_eq!(
            sorted(Order::ascending(DominatedClassColumn::ShallowSize)),
            "(string) Map shared"
        );
        let class = snapshot.class_of(named(&snapshot, "Map"));
        let order = Order::descending(ObjectColumn::RetainedSize);
        let members = ask(&DominatedMembers { node, class, order }, &snapshot);
        assert_eq!(
            lines(&snapshot, &members, &[ObjectColumn::RetainedSize]),
            ["120", "10"]
        );
        let root = snapshot.graph().root();
        assert_eq!(ask(&DominatedClasses::by(root), &snapshot).len(), 1);
    }
}
