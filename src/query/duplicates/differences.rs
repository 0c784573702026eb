//! What differs among objects that are alike?

use rustc_hash::FxHashMap;

use super::{DuplicateIx, DuplicateKind, DuplicateLists, spread};
use crate::analysis::content_hash::ContentHash;
use crate::analysis::names::property_name;
use crate::analysis::shapes::MOST_PROPERTIES;
use crate::base::index::{EdgeIx, Ix as _, NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::query::Query;
use crate::snapshot::Snapshot;

/// Asks how many different values the properties of the objects of a row have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Differences {
    /// All of the snapshot that is asked about.
    pub lists: DuplicateLists,
    /// Which list.
    pub kind: DuplicateKind,
    /// The row in it.
    pub group: DuplicateIx,
}

/// A property of objects that are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its name.
    pub name: StringIx,
    /// How many of the objects have it (with a value that leaves a trace in the file).
    pub count: u64,
    /// How many different values.
    pub distinct: u64,
    /// The reference to the most frequent value; of several to the first.
    pub sample: EdgeIx,
    /// How often that value is there.
    pub repeated: u64,
}

/// Objects that are looked at, at most.
const MOST: usize = 1 << 16;
/// How deep values are compared.
const LEVELS: u32 = 1;

impl Query for Differences {
    type Over = Snapshot;
    type Answer = Vec<Difference>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<Difference>, Cancelled> {
        let contents = ContentHash::new(snapshot.graph(), snapshot.classes());
        let Some(row) = self.lists.rows(self.kind).get(self.group.at()) else {
            return Ok(Vec::new());
        };
        let members = spread(&row.members, MOST);
        compare(snapshot, &contents, &members, task)
    }
}

/// The properties of `objects` in the order of their first appearance.
fn compare(
    snapshot: &Snapshot,
    contents: &ContentHash<'_>,
    objects: &[NodeIx],
    task: &Task,
) -> Result<Vec<Difference>, Cancelled> {
    let graph = snapshot.graph();
    let mut order: Vec<StringIx> = Vec::new();
    let mut values: FxHashMap<StringIx, FxHashMap<u64, (u64, EdgeIx)>> = FxHashMap::default();
    for (nth, &node) in objects.iter().enumerate() {
        if nth.is_multiple_of(1 << 10) {
            task.check()?;
        }
        for edge in graph.edges(node) {
            let Some(name) = property_name(graph, edge).and(graph.edge_name_ix(edge)) else {
                continue;
            };
            let known = values.entry(name).or_insert_with(|| {
                order.push(name);
                FxHashMap::default()
            });
            let value = contents.of(graph.head(edge).target(), LEVELS);
            known.entry(value).or_insert((0, edge)).0 += 1;
        }
    }
    let difference = |name: StringIx| {
        let values = values.get(&name)?;
        let most = values
            .values()
            .max_by_key(|&&(count, edge)| (count, std::cmp::Reverse(edge)))?;
        Some(Difference {
            name,
            count: values.values().map(|&(count, _)| count).sum(),
            distinct: values.len() as u64,
            sample: most.1,
            repeated: most.0,
        })
    };
    Ok(order.into_iter().filter_map(difference).collect())
}

/// The names of the properties that differ among `objects`, a few.
pub(super) fn differing(
    snapshot: &Snapshot,
    contents: &ContentHash<'_>,
    objects: &[NodeIx],
) -> Vec<JsString> {
    let all = compare(snapshot, contents, objects, &Task::new()).unwrap_or_default();
    let differing = all.into_iter().filter(|found| found.distinct > 1);
    let names = differing.map(|found| snapshot.graph().strings().get(found.name).to_owned());
    names.take(MOST_PROPERTIES).collect()
}
