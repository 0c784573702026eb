//! What would go with an object, split by the classes of what it immediately dominates?

use rustc_hash::FxHashMap;

use super::dominators::{Dominated, DominatedColumn};
use super::name_key::NameKey;
use super::passing::Passing;
use super::{Direction, Order, Query, sort};
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// Asks for the classes of what an object immediately dominates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DominatedClasses {
    /// The object.
    pub node: NodeIx,
    /// Only what holds some of these, counted by these alone.
    pub only: Option<Passing>,
    /// How the rows are sorted; equal ones by name.
    pub order: Order<DominatedColumn>,
}

/// The objects of one class that an object immediately dominates. What they retain does not overlap: no one of them dominates
/// another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DominatedClass {
    /// The class.
    pub class: ClassIx,
    /// How many objects of it.
    pub members: u64,
    /// How many objects would go with them, themselves included.
    pub count: u64,
    /// Sum of their shallow sizes in bytes.
    pub shallow_size: u64,
    /// Sum of their retained sizes in bytes; of what is asked about alone.
    pub retained_size: u64,
}

impl Query for DominatedClasses {
    type Over = Snapshot;
    type Answer = Vec<DominatedClass>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<DominatedClass>, Cancelled> {
        let objects = Dominated {
            only: self.only.clone(),
            ..Dominated::by(self.node)
        };
        let objects = objects.run(snapshot, task)?;
        let mut places: FxHashMap<ClassIx, usize> = FxHashMap::default();
        let mut rows: Vec<DominatedClass> = Vec::new();
        for (nth, object) in objects.iter().enumerate() {
            task.check_at(nth)?;
            let class = snapshot.class_of(object.node);
            let place = *places.entry(class).or_insert_with(|| {
                rows.push(DominatedClass {
                    class,
                    members: 0,
                    count: 0,
                    shallow_size: 0,
                    retained_size: 0,
                });
                rows.len() - 1
            });
            let row = &mut rows[place];
            row.members += 1;
            row.count += u64::from(object.count);
            row.shallow_size += snapshot.shallow_size(object.node);
            row.retained_size += object.held_size;
        }
        sort_rows(snapshot, &mut rows, self.order);
        Ok(rows)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Splitting by class")
    }
}

fn sort_rows(snapshot: &Snapshot, rows: &mut [DominatedClass], order: Order<DominatedColumn>) {
    let name = |row: DominatedClass| NameKey::of_class(snapshot, row.class);
    let by_class = |run: &mut [DominatedClass]| {
        sort::by_number(run, Direction::Ascending, |row| row.class.at() as u64, |_| ());
    };
    let by_name = |run: &mut [DominatedClass]| sort::by_text(run, Direction::Ascending, name, by_class);
    let way = order.direction;
    match order.by {
        DominatedColumn::Id | DominatedColumn::Name | DominatedColumn::Type | DominatedColumn::Class => {
            sort::by_text(rows, way, name, by_class);
        }
        DominatedColumn::Count => sort::by_number(rows, way, |row| row.count, by_name),
        DominatedColumn::ShallowSize => sort::by_number(rows, way, |row| row.shallow_size, by_name),
        DominatedColumn::RetainedSize => sort::by_number(rows, way, |row| row.retained_size, by_name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{ask, named, snapshot};

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:object/8 -a-> a1=A:object/16 -x-> b2=B:object/4
        window -b-> b1=B:object/100
        window -c-> a2=A:object/20
    ";

    #[test]
    fn what_is_dominated_is_summed_by_class() {
        let snapshot = snapshot(HEAP);
        let rows = |order| {
            let node = named(&snapshot, "window");
            let question = DominatedClasses {
                node,
                only: None,
                order,
            };
            let row = |row: &DominatedClass| {
                let name = snapshot.classes().class(row.class).name.to_string();
                let DominatedClass {
                    members,
                    count,
                    shallow_size,
                    retained_size,
                    ..
                } = row;
                format!("{name} {members} {count} {shallow_size} {retained_size}")
            };
            ask(&question, &snapshot).iter().map(row).collect::<Vec<_>>()
        };
        assert_eq!(rows(Dominated::DEFAULT_ORDER), ["B 1 1 100 100", "A 2 3 36 40"]);
        assert_eq!(rows(Order::descending(DominatedColumn::Count))[0], "A 2 3 36 40");
        assert_eq!(rows(Order::ascending(DominatedColumn::Name))[0], "A 2 3 36 40");
    }

    #[test]
    fn the_objects_of_one_class_can_be_asked_for() {
        let snapshot = snapshot(HEAP);
        let class = snapshot.class_of(named(&snapshot, "A"));
        let question = Dominated {
            class: Some(class),
            ..Dominated::by(named(&snapshot, "window"))
        };
        let rows = ask(&question, &snapshot);
        let sizes: Vec<u64> = rows.iter().map(|row| snapshot.shallow_size(row.node)).collect();
        assert_eq!(sizes, [16, 20], "they retain as much: by id");
    }
}
