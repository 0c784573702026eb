//! The dominator tree: from objects to the root, and from dominators to what they dominate.

use heapatlas::query::dominators::{Dominated, DominatedColumn};
use heapatlas::snapshot::Snapshot;
use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Value, json};

use super::golden::{self, Golden, array, ask, node, number, text};

#[test]
fn the_chains_of_dominators_agree() {
    golden::each("dominators", |golden, snapshot| {
        let mut compared = 0;
        for (id, theirs) in golden::members(&golden.json["dominators"]) {
            let root = snapshot.graph().root();
            let mut last = node(snapshot, id);
            let mut ours = vec![json!(snapshot.id(last).0)];
            while last != root {
                last = snapshot.dominator(last);
                ours.push(json!(snapshot.id(last).0));
            }
            assert_eq!(&ours, array(theirs), "dominators of @{id} in {}", golden.name);
            compared += ours.len();
        }
        compared
    });
}

/// What the chains' members dominate, as follows from the dominators and sizes that the golden has of all nodes.
#[test]
fn what_is_dominated_agrees() {
    golden::each("dominators", |golden, snapshot| {
        let tree = Tree::read(golden);
        let chains = golden::members(&golden.json["dominators"]).flat_map(|(_, chain)| array(chain));
        let mut asked = FxHashSet::default();
        let mut compared = 0;
        for id in chains.map(number).filter(|&id| asked.insert(id)) {
            let what = format!("what @{id} dominates in {}", golden.name);
            compared += golden::assert_rows(&dominated(snapshot, id), &tree.children(id), &what);
        }
        compared
    });
}

fn dominated(snapshot: &Snapshot, id: u64) -> Vec<Vec<Value>> {
    let columns = [
        DominatedColumn::Id,
        DominatedColumn::Type,
        DominatedColumn::Class,
        DominatedColumn::Count,
        DominatedColumn::ShallowSize,
        DominatedColumn::RetainedSize,
    ];
    let rows = ask(&Dominated::by(node(snapshot, &id.to_string())), snapshot);
    rows.iter()
        .map(|row| golden::line(snapshot, row, &columns))
        .collect()
}

/// The dominator tree of a golden.
struct Tree<'a> {
    nodes: &'a Value,
    children: FxHashMap<u64, Vec<usize>>,
    /// How many nodes each dominates, itself counted.
    counts: Vec<u64>,
}

impl<'a> Tree<'a> {
    fn read(golden: &'a Golden) -> Self {
        let nodes = &golden.json["nodes"];
        let ids: Vec<u64> = array(&nodes["id"]).iter().map(number).collect();
        let dominators: Vec<u64> = array(&nodes["dominator_id"]).iter().map(number).collect();
        let mut children: FxHashMap<u64, Vec<usize>> = FxHashMap::default();
        let mut order = Vec::new();
        for (at, (id, dominator)) in ids.iter().zip(&dominators).enumerate() {
            if id == dominator {
                order.push(at);
            } else {
                children.entry(*dominator).or_default().push(at);
            }
        }
        assert_eq!(order.len(), 1, "only the root dominates itself");
        let mut next = 0;
        while let Some(&at) = order.get(next) {
            order.extend(children.get(&ids[at]).into_iter().flatten());
            next += 1;
        }
        assert_eq!(order.len(), ids.len(), "the root dominates everything");
        let mut counts = vec![1; ids.len()];
        for &at in order.iter().rev() {
            let below = children.get(&ids[at]).into_iter().flatten();
            counts[at] += below.map(|&child| counts[child]).sum::<u64>();
        }
        Self {
            nodes,
            children,
            counts,
        }
    }

    /// Rows of what the node immediately dominates, in the order of the library: DevTools has no view of them.
    fn children(&self, id: u64) -> Vec<Vec<Value>> {
        let cell = |column: &str, at: usize| &array(&self.nodes[column])[at];
        let word = |column: &str, at: usize| {
            let index = usize::try_from(number(cell(column, at))).expect("an index");
            text(&array(&self.nodes["texts"])[index])
        };
        let mut children = self.children.get(&id).cloned().unwrap_or_default();
        children.sort_by_key(|&at| {
            let size = number(cell("retained_size", at));
            (std::cmp::Reverse(size), number(cell("id", at)))
        });
        let row = |at: usize| {
            vec![
                cell("id", at).clone(),
                word("type", at).into(),
                word("class_name", at).into(),
                self.counts[at].into(),
                cell("self_size", at).clone(),
                cell("retained_size", at).clone(),
            ]
        };
        children.into_iter().map(row).collect()
    }
}
