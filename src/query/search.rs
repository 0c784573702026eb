//! Where is something of that name?

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::Query;
use super::name_key::flat_name_ix;
use super::pattern::Pattern;
use crate::base::bits::BitSet;
use crate::base::index::{Ix, NodeIx, StringIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::ObjectId;
use crate::snapshot::Snapshot;

/// Asks for objects by their displayed names: nodes of shallow size above 0, in file order. Rows have the columns of
/// [`ObjectColumn`](super::instances::ObjectColumn).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// What is looked for.
    pub wanted: Wanted,
}

/// What a search is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The object of that id.
    Id(ObjectId),
    /// Names that match.
    Name(Pattern),
}

impl Wanted {
    /// The id, if `text` is one: `@123`.
    pub fn id(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('@')?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        is_number
            .then(|| digits.parse().ok())?
            .map(|id| Self::Id(ObjectId(id)))
    }
}

impl Query for Search {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        match &self.wanted {
            Wanted::Id(id) => Ok(snapshot.find(*id).into_iter().collect()),
            Wanted::Name(pattern) => by_name(snapshot, pattern, task),
        }
    }
}

/// Most names stand in the string table, which holds each text once: those are matched there, and only names that are put
/// together node by node.
fn by_name(snapshot: &Snapshot, pattern: &Pattern, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
    let graph = snapshot.graph();
    let strings = graph.strings();
    let mut matching = BitSet::<StringIx>::new(strings.len());
    let matches = in_file_order(strings.len(), task, |ix: StringIx| {
        pattern.matches(strings.get(ix))
    })?;
    for ix in matches {
        matching.insert(ix);
    }
    in_file_order(graph.node_count(), task, |node: NodeIx| {
        snapshot.shallow_size(node) != 0
            && match flat_name_ix(snapshot, node) {
                Some(name) if name.at() < matching.domain() => matching.contains(name),
                _ => pattern.matches(snapshot.name(node).as_js()),
            }
    })
}

/// All indices below `len` of which `holds` says yes, looked at on all threads.
fn in_file_order<I: Ix>(
    len: usize,
    task: &Task,
    holds: impl Fn(I) -> bool + Sync,
) -> Result<Vec<I>, Cancelled> {
    let checked = |at: usize| match task.check_at(at) {
        Ok(()) => Some(I::new(at)).filter(|&ix| holds(ix)),
        Err(Cancelled) => None,
    };
    let found = (0..len).into_par_iter().filter_map(checked).collect();
    task.check()?;
    Ok(found)
}
