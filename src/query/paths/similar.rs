//! Which objects are kept alive in the same way as these?
//!
//! Two are if they are at the same place and are held from the same other places
//! ([`retention`](crate::analysis::retention)).

use std::cmp::Reverse;
use std::sync::Arc;

use crate::analysis::path_tree::{PathTree, PlaceIx};
use crate::analysis::retained_sets::{self, SetTree};
use crate::analysis::retention::{Held, WayIx, Ways};
use crate::base::csr::Csr;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::query::object_set::Objects;
use crate::query::places::{FindPlaces, Places};
use crate::query::{Cell, Query};
use crate::snapshot::Snapshot;

/// Asks in which ways objects are held, and which objects of the heap are held in the same ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Similar {
    /// The objects.
    pub objects: Objects,
    /// The places of the snapshot that is asked about.
    pub places: Places,
}

/// The ways, those that keep most alive first.
#[derive(Debug)]
pub struct SimilarWays {
    /// The ways.
    pub rows: Vec<SimilarRow>,
    members: Csr<WayIx, NodeIx>,
    /// What would be freed with all objects held in any of these ways, in bytes.
    pub retained_size: u64,
    /// Of the objects asked about, those that no path leads to.
    pub unreachable: u64,
}

/// A way of being held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SimilarRow {
    /// The way: its number in the answer.
    pub way: WayIx,
    /// The steps of the shortest way to its objects.
    pub path: JsString,
    /// From where else they are held: the last steps of the ways there.
    pub others: Vec<JsString>,
    /// How many of the objects asked about are held so.
    pub count: u64,
    /// How many objects of the heap are.
    pub alike: u64,
    /// What would be freed with all of those, in bytes.
    pub retained_size: u64,
}

columns! {
    /// Columns of ways of being held.
    pub enum SimilarColumn: |_over: (), row: SimilarRow| {
        /// The shortest way.
        Path: Text "path" "Shortest way" = Cell::Text(row.path.clone());
        /// From where else they are held.
        Others: Text "also_held_from" "Also held from" = Cell::List(row.others.iter().cloned().map(Cell::Text).collect());
        /// How many of those asked about.
        Count: Number "count" "Of these" = Cell::Count(row.count);
        /// How many in the heap.
        Alike: Number "alike_count" "In the heap" = Cell::Count(row.alike);
        /// What would be freed with those.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.retained_size);
    }
}

impl SimilarWays {
    /// All objects of the heap that are held in that way, in file order.
    pub fn members(&self, way: WayIx) -> &[NodeIx] {
        self.members.row(way)
    }
}

fn held<'a>(snapshot: &'a Snapshot, tree: &'a PathTree) -> Held<'a> {
    Held {
        graph: snapshot.graph(),
        retainers: snapshot.retainers(),
        ephemerons: snapshot.ephemerons(),
        tree,
    }
}

impl Query for Similar {
    type Over = Snapshot;
    type Answer = Arc<SimilarWays>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Arc<SimilarWays>, Cancelled> {
        let tree = self.places.tree();
        let held = held(snapshot, tree);
        let mut ways = Ways::default();
        let found = ways.add(&held, self.objects.nodes(), task)?;
        let mut alike = ways.all_held(&held, task)?;
        // What an object keeps in arrays of the engine's is nobody's like, but was asked about.
        let own = self.objects.nodes().iter().zip(&found);
        let parts = own.filter(|(node, _)| tree.is_part(**node));
        alike.extend(parts.filter_map(|(&node, way)| Some((node, (*way)?))));
        let mut rows: Vec<SimilarRow> = (0..ways.len())
            .map(|at| {
                let (own, others) = ways.places(WayIx::new(at));
                SimilarRow {
                    way: WayIx::new(at),
                    path: path(tree, own, usize::MAX),
                    others: others.map(|other| path(tree, other, LAST_STEPS)).collect(),
                    count: 0,
                    alike: 0,
                    retained_size: 0,
                }
            })
            .collect();
        let mut sets = SetTree::default();
        let numbers: Vec<u32> = rows.iter().map(|_| sets.add(0)).collect();
        for &way in found.iter().flatten() {
            rows[way.at()].count += 1;
        }
        let mut members = Vec::with_capacity(alike.len());
        for (nth, &(node, way)) in alike.iter().enumerate() {
            task.check_at(nth)?;
            rows[way.at()].alike += 1;
            members.push((node, numbers[way.at()]));
        }
        let mut retained_size = 0;
        if !members.is_empty() {
            let sizes = retained_sets::build(
                snapshot.graph(),
                snapshot.ephemerons(),
                snapshot.shallow_sizes(),
                &sets,
                &members,
                task,
            )?;
            retained_size = sizes[0];
            for (row, &set) in rows.iter_mut().zip(&numbers) {
                row.retained_size = sizes[set as usize];
            }
        }
        let by_way = alike.iter().map(|&(node, way)| (way, node));
        let members = Csr::group(rows.len(), by_way);
        rows.sort_by_key(|row| Reverse((row.retained_size, row.count)));
        Ok(Arc::new(SimilarWays {
            rows,
            members,
            retained_size,
            unreachable: found.iter().filter(|way| way.is_none()).count() as u64,
        }))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for what is held in the same way")
    }
}

/// Asks for all objects of the heap that are held in the same way as one of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alike {
    /// These.
    pub nodes: Arc<[NodeIx]>,
}

impl Query for Alike {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let places = FindPlaces.run(snapshot, task)?;
        let held = held(snapshot, places.tree());
        let mut ways = Ways::default();
        ways.add(&held, &self.nodes, task)?;
        let alike = ways.all_held(&held, task)?;
        Ok(alike
            .into_iter()
            .map(|(node, _)| node)
            .chain(self.nodes.iter().copied())
            .collect())
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for what is held in the same way")
    }
}

/// Of other ways only the end is told.
const LAST_STEPS: usize = 3;

/// The last `most` steps of the way to `place`, as it reads: `global → sessions: Map → value of Map entry: Session`.
fn path(tree: &PathTree, place: PlaceIx, most: usize) -> JsString {
    let mut way = Vec::new();
    let mut at = place;
    while at.at() != 0 && way.len() < most {
        way.push(at);
        at = tree.place(at).parent;
    }
    let mut text: JsString = match (way.is_empty(), at.at()) {
        (true, _) => "(root)".into(),
        (false, 0) => JsString::new(),
        (false, _) => "… → ".into(),
    };
    for (nth, &at) in way.iter().rev().enumerate() {
        let place = tree.place(at);
        if nth > 0 {
            text.push_str(" → ");
        }
        if place.parent.at() != 0 {
            text.push(tree.text(place.edge));
            text.push_str(": ");
        }
        text.push(tree.text(place.class));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Column as _;
    use crate::query::testing::{ask, lines, named, snapshot};

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:native/8 -list-> list=Array:object/8 -element:0-> s0=Session:object/10
        list -element:1-> s1=Session:object/20 -own-> own:object/5
        list -element:2-> s2=Session:object/30
        window -state-> state=State:object/8 -last-> s2
        window -weak:x-> lost=Session:object/1";

    #[test]
    fn ways_count_what_was_asked_for_and_what_is_alike() {
        let snapshot = snapshot(HEAP);
        let places = ask(&FindPlaces, &snapshot);
        let graph = snapshot.graph();
        let is_session = |&node: &NodeIx| graph.raw_name(node) == "Session";
        let sessions: Vec<NodeIx> = graph.nodes().filter(is_session).collect();
        let rows = |nodes: Vec<NodeIx>| {
            let objects = Objects::new(nodes);
            let places = places.clone();
            let answer = ask(&Similar { objects, places }, &snapshot);
            let mut told = lines(&(), &answer.rows, SimilarColumn::ALL);
            told.push(format!("{} {}", answer.retained_size, answer.unreachable));
            told
        };
        let one = "window → list: Array → [x]: Session";
        assert_eq!(
            rows(sessions.clone()),
            [
                format!("{one}  2 2 35"),
                format!("{one} window → state: State 1 1 30"),
                "65 1".to_owned()
            ]
        );
        let first = named(&snapshot, "Session");
        assert_eq!(rows(vec![first]), [format!("{one}  1 2 35"), "35 0".to_owned()]);
        let nodes = [first].into();
        let alike = Objects::new(ask(&Alike { nodes }, &snapshot));
        assert_eq!(alike.nodes(), &sessions[..2]);
    }
}
