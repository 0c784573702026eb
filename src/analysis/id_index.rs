//! Finding nodes by V8's ids, many at a time.

use rustc_hash::FxHashMap;

use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{HeapGraph, ObjectId};

/// Which node has which id; for a single look-up use [`HeapGraph::find`].
///
/// V8 numbers its own objects with odd ids in the order in which it first meets them, so that in most heaps they fill a good
/// part of the range and a table can be addressed by them. All other ids are kept in a map.
#[derive(Debug)]
pub struct IdIndex {
    /// For id `2 * at + 1` the raw index of the node, or [`NO_NODE`].
    odd: Vec<u32>,
    others: FxHashMap<u64, NodeIx>,
}

const NO_NODE: u32 = u32::MAX;

/// Table entries a node at most, so that a heap with a few huge ids needs no huge table.
const SPREAD: usize = 4;

impl IdIndex {
    /// Indexes all nodes of `graph`. Of nodes with the same id, which no engine writes, the first in the file is found.
    pub fn build(graph: &HeapGraph, task: &Task) -> Result<Self, Cancelled> {
        let limit = graph.node_count() * SPREAD;
        let mut slots = 0;
        for node in graph.nodes() {
            task.check_at(node.at())?;
            if let Some(slot) = slot(graph.id(node)).filter(|&slot| slot < limit) {
                slots = slots.max(slot + 1);
            }
        }
        let mut index = Self {
            odd: vec![NO_NODE; slots],
            others: FxHashMap::default(),
        };
        for node in graph.nodes() {
            task.check_at(node.at())?;
            let id = graph.id(node);
            match slot(id).and_then(|slot| index.odd.get_mut(slot)) {
                Some(entry) if *entry == NO_NODE => *entry = node.raw(),
                Some(_) => {}
                None => {
                    index.others.entry(id.0).or_insert(node);
                }
            }
        }
        Ok(index)
    }

    /// The node of that id.
    pub fn find(&self, id: ObjectId) -> Option<NodeIx> {
        match slot(id).and_then(|slot| self.odd.get(slot)) {
            Some(&NO_NODE) => None,
            Some(&raw) => Some(NodeIx::from_raw(raw)),
            None => self.others.get(&id.0).copied(),
        }
    }
}

/// The place of an odd id in the table.
fn slot(id: ObjectId) -> Option<usize> {
    (id.0 & 1 == 1).then(|| usize::try_from(id.0 >> 1).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Heap;

    #[test]
    fn every_kind_of_id_is_found() {
        let heap = Heap::of("a #1\nb #4\nc #7\nd #999999999999\ne #18446744073709551615\nf #7\ng #0");
        let index = IdIndex::build(&heap.graph, &Task::new()).unwrap();
        let find = |id| {
            index
                .find(ObjectId(id))
                .map(|node| heap.graph.raw_name(node).to_string())
        };
        for (id, name) in [
            (0, "g"),
            (1, "a"),
            (4, "b"),
            (7, "c"),
            (999_999_999_999, "d"),
            (u64::MAX, "e"),
        ] {
            assert_eq!(find(id).as_deref(), Some(name));
        }
        for id in [2, 3, 5, 9, 11, 1_000_001] {
            assert_eq!(find(id), None);
        }
    }
}
