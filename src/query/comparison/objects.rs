//! The objects of a class that came, went, grew or shrank.

use rustc_hash::FxHashMap;

use super::{Compared, Pair, RowIx};
use crate::analysis::comparison::{InBase, InCurrent, delta};
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeKind, NodeKind};
use crate::query::folding::{self, Label};
use crate::query::{Direction, Query, entries, sort};
use crate::snapshot::Snapshot;

/// Asks for the objects of one class, or of what is there for the snapshots' sake, of which something became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedObjects {
    /// The class; none for all that is there for the snapshots' sake.
    pub row: Option<RowIx>,
    /// Is that left out of the class?
    pub cost_apart: bool,
}

/// The objects, and what is told of the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedList {
    /// Those that grew or shrank, then new ones, then those that are gone.
    pub objects: Vec<ChangedObject>,
    /// For each of the first [`MOST_NOTES`] what it is to what holds it.
    pub notes: Vec<Note>,
}

/// An object of which something became.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangedObject {
    /// Both have it, and its size changed.
    Resized(InCurrent, InBase),
    /// Only the current snapshot has it; or the base has it as an object of another class.
    Added(InCurrent, Option<InBase>),
    /// Only the base has it.
    Removed(InBase),
}

/// What an object is to what holds it, and how many it holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Note {
    /// What it is called where it hangs, and there it does.
    pub held: Option<(Label, NodeIx)>,
    /// How many entries more or fewer it has, if that is known.
    pub entries: Option<i64>,
}

/// So many objects have notes: more than anyone looks through.
pub const MOST_NOTES: usize = 100_000;

impl ChangedObject {
    /// The change of its size, in bytes.
    pub fn size_delta(self, pair: &Pair) -> i64 {
        match self {
            Self::Resized(InCurrent(now), InBase(before)) => {
                delta(pair.base.shallow_size(before), pair.current.shallow_size(now))
            }
            Self::Added(InCurrent(now), _) => delta(0, pair.current.shallow_size(now)),
            Self::Removed(InBase(before)) => delta(pair.base.shallow_size(before), 0),
        }
    }
}

impl Query for ChangedObjects {
    type Over = Compared;
    type Answer = ChangedList;

    /// The largest change first; new and removed objects by what they retain.
    fn run(&self, over: &Compared, task: &Task) -> Result<ChangedList, Cancelled> {
        let Pair { base, current } = &over.pair;
        let comparison = &over.comparison;
        let is_wanted = |row: Option<RowIx>, is_cost: bool| match self.row {
            None => is_cost,
            wanted => row == wanted && !(self.cost_apart && is_cost),
        };
        let of_current = |&InCurrent(node): &InCurrent| {
            is_wanted(
                comparison.row_of_current(current.class_of(node)),
                comparison.is_cost_in_current(InCurrent(node)),
            )
        };
        let of_base =
            |&node: &InBase| is_wanted(comparison.row_of_base(node), comparison.is_cost_in_base(node));
        let mut resized: Vec<(InCurrent, InBase)> = comparison
            .all_resized()
            .iter()
            .copied()
            .filter(|(now, _)| of_current(now))
            .collect();
        let mut added: Vec<InCurrent> = comparison.all_added().filter(of_current).collect();
        let mut removed: Vec<InBase> = comparison.all_removed().filter(of_base).collect();
        task.check()?;
        let id = |InCurrent(node): InCurrent| current.id(node).0;
        sort::by_number(
            &mut resized,
            Direction::Descending,
            |(now, before)| {
                ChangedObject::Resized(now, before)
                    .size_delta(&over.pair)
                    .unsigned_abs()
            },
            |run| sort::by_number(run, Direction::Ascending, |(now, _)| id(now), |_| ()),
        );
        sort::by_number(
            &mut added,
            Direction::Descending,
            |InCurrent(node)| current.retained_size(node),
            |run| sort::by_number(run, Direction::Ascending, id, |_| ()),
        );
        sort::by_number(
            &mut removed,
            Direction::Descending,
            |InBase(node)| base.retained_size(node),
            |run| {
                sort::by_number(run, Direction::Ascending, |InBase(node)| base.id(node).0, |_| ());
            },
        );
        task.check()?;
        let resized = resized
            .into_iter()
            .map(|(now, before)| ChangedObject::Resized(now, before));
        let added = added
            .into_iter()
            .map(|now| ChangedObject::Added(now, comparison.was(now)));
        let removed = removed.into_iter().map(ChangedObject::Removed);
        let objects: Vec<ChangedObject> = resized.chain(added).chain(removed).collect();
        Ok(ChangedList {
            notes: notes(&over.pair, &objects[..objects.len().min(MOST_NOTES)], task)?,
            objects,
        })
    }
}

/// What there is to say of each of `objects`.
fn notes(pair: &Pair, objects: &[ChangedObject], task: &Task) -> Result<Vec<Note>, Cancelled> {
    let in_current = objects.iter().map(|object| match object {
        ChangedObject::Resized(InCurrent(now), _) | ChangedObject::Added(InCurrent(now), _) => Some(*now),
        ChangedObject::Removed(_) => None,
    });
    let in_base = objects.iter().map(|object| match object {
        ChangedObject::Removed(InBase(before)) => Some(*before),
        _ => None,
    });
    let now = holders(&pair.current, in_current.flatten(), task)?;
    let before = holders(&pair.base, in_base.flatten(), task)?;
    let mut notes = Vec::with_capacity(objects.len());
    for object in objects {
        task.check()?;
        notes.push(match object {
            ChangedObject::Resized(InCurrent(node), InBase(was)) => Note {
                held: now.get(node).copied(),
                entries: match (
                    entry_count(&pair.base, *was, task)?,
                    entry_count(&pair.current, *node, task)?,
                ) {
                    (Some(before), Some(now)) => Some(delta(before, now)).filter(|&delta| delta != 0),
                    _ => None,
                },
            },
            ChangedObject::Added(InCurrent(node), _) => Note {
                held: now.get(node).copied(),
                entries: None,
            },
            ChangedObject::Removed(InBase(node)) => Note {
                held: before.get(node).copied(),
                entries: None,
            },
        });
    }
    Ok(notes)
}

/// For each of `nodes` one of the edges that hold it, told as people see it, and what it leaves: a property, variable or element
/// rather than a link of the engine, the first in the file of those. The edges of each holder are gone through once.
fn holders(
    snapshot: &Snapshot,
    nodes: impl Iterator<Item = NodeIx>,
    task: &Task,
) -> Result<FxHashMap<NodeIx, (Label, NodeIx)>, Cancelled> {
    let graph = snapshot.graph();
    let rank = |kind: EdgeKind, source: NodeIx| match kind {
        EdgeKind::Property | EdgeKind::Context | EdgeKind::Element => 0,
        EdgeKind::Internal if graph.kind(source) == NodeKind::Array => 1,
        EdgeKind::Internal => 2,
        _ => 3,
    };
    // Who holds which, by holder.
    let mut wanted: Vec<(NodeIx, NodeIx)> = Vec::new();
    for (nth, node) in nodes.enumerate() {
        task.check_at(nth)?;
        let heads = snapshot
            .retainers()
            .heads(node)
            .iter()
            .filter(|head| !head.is_weak());
        let best = heads.min_by_key(|head| (rank(head.kind(), head.target()), head.target()));
        wanted.extend(best.map(|head| (head.target(), node)));
    }
    wanted.sort_unstable();
    wanted.dedup();
    let mut found = FxHashMap::default();
    let mut steps = 0;
    for held in wanted.chunk_by(|a, b| a.0 == b.0) {
        let source = held[0].0;
        let mut edges: Vec<Option<EdgeIx>> = vec![None; held.len()];
        for edge in graph.edges(source) {
            steps += 1;
            task.check_at(steps)?;
            let head = graph.head(edge);
            if head.is_weak() {
                continue;
            }
            if let Ok(at) = held.binary_search(&(source, head.target())) {
                let better = edges[at]
                    .is_none_or(|before| rank(head.kind(), source) < rank(graph.head(before).kind(), source));
                if better {
                    edges[at] = Some(edge);
                }
            }
        }
        for (&(_, target), edge) in held.iter().zip(edges) {
            steps += 1;
            task.check_at(steps)?;
            if let Some(edge) = edge {
                let told = folding::beyond(snapshot, edge).unwrap_or((Label::Edge(edge), source));
                found.insert(target, told);
            }
        }
    }
    Ok(found)
}

/// How many entries, elements or properties `node` has, if that is what it is for.
fn entry_count(snapshot: &Snapshot, node: NodeIx, task: &Task) -> Result<Option<u64>, Cancelled> {
    let graph = snapshot.graph();
    let entries = entries::of(graph, snapshot.ephemerons(), node, task)?.len() as u64;
    if entries > 0 {
        return Ok(Some(entries));
    }
    let count = |kind| {
        let heads = graph.heads(node).iter();
        heads.filter(|head| head.kind() == kind).count() as u64
    };
    if graph.kind(node) != NodeKind::Object || graph.node(node).follow(EdgeKind::Internal, "table").is_some()
    {
        return Ok(None);
    }
    let elements = count(EdgeKind::Element);
    Ok(Some(if elements > 0 {
        elements
    } else {
        count(EdgeKind::Property)
    })
    .filter(|&count| count > 0))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::query::comparison::tests::{BASE, CURRENT, compared};
    use crate::query::testing::ask;

    fn list(base: &str, current: &str, class: &str) -> Vec<String> {
        let over = compared(base, current);
        let row = over
            .comparison
            .rows()
            .find(|(_, row)| row.name() == class)
            .unwrap()
            .0;
        let question = ChangedObjects {
            row: Some(row),
            cost_apart: false,
        };
        let answer = ask(&question, &over);
        let Pair { base, current } = &over.pair;
        let line = |(object, note): (&ChangedObject, &Note)| {
            let (snapshot, text) = match object {
                ChangedObject::Resized(InCurrent(now), _) => (current, format!("~{}", current.id(*now))),
                ChangedObject::Added(InCurrent(now), was) => {
                    let was = was.map(|_| "!").unwrap_or_default();
                    (current, format!("+{}{was}", current.id(*now)))
                }
                ChangedObject::Removed(InBase(before)) => (base, format!("-{}", base.id(*before))),
            };
            let held = note.held.map_or_else(String::new, |(label, holder)| {
                format!(" {} of {}", label.text(snapshot), snapshot.name(holder))
            });
            let entries = note
                .entries
                .map_or_else(String::new, |count| format!(" {count:+}"));
            format!("{text}{held}{entries}")
        };
        answer.objects.iter().zip(&answer.notes).map(line).collect()
    }

    #[test]
    fn new_objects_stand_before_removed_ones() {
        assert_eq!(
            list(BASE, CURRENT, "Session"),
            ["+@21 [2] of window", "+@23 [1] of Session", "-@7 [2] of window"]
        );
        assert_eq!(list(BASE, CURRENT, "Buffer"), ["~@9 [3] of window"]);
    }

    #[test]
    fn what_they_are_and_how_many_they_hold_is_told() {
        let heap = |entries: u32| {
            let mut text = String::from(
                "root:synthetic/0 #1 -shortcut:w-> window:object/8 #3 -context:cache-> map=Map:object/32 #5\n",
            );
            writeln!(text, "map -internal:table-> t:array/152 #{}", 900 + entries).unwrap();
            for at in 0..entries {
                writeln!(
                    text,
                    "t -internal:{}-> k{at}=Key:object/8 #{}",
                    5 + 3 * at,
                    101 + 2 * at
                )
                .unwrap();
            }
            text
        };
        let grown = heap(3).replace("Map:object/32", "Map:object/64");
        assert_eq!(list(&heap(1), &grown, "Map"), ["~@5 cache of window +2"]);
        assert_eq!(
            list(&heap(1), &grown, "Key"),
            [
                "+@103 key of Map entry 1 of Map",
                "+@105 key of Map entry 2 of Map"
            ]
        );
    }

    #[test]
    fn objects_of_another_class_are_told_from_new_ones() {
        let text = |class: &str| {
            format!(
                "root:synthetic/0 #1 -shortcut:w-> window:object/8 #3 -a-> a={class}:object/16 #5\nwindow -b-> Kept:object/8 #7"
            )
        };
        let mut many = String::new();
        for at in 0..100 {
            write!(many, "\nwindow -k{at}-> k{at}=K:object/8 #{}", 101 + 2 * at).unwrap();
        }
        let [base, current] = ["Before", "After"].map(|class| text(class) + &many);
        assert_eq!(list(&base, &current, "After"), ["+@5! a of window"]);
        assert_eq!(list(&base, &current, "Before"), ["-@5 a of window"]);
    }
}
