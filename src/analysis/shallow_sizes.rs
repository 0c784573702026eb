//! Shallow sizes: the parts of an object count for the object.
//!
//! V8 keeps an object's elements, properties and hidden parts in nodes of their own. Such a node (*ownable*: hidden, an array,
//! or the data of an external string) gives its size to the one node that leads to it, if there is only one; through other
//! ownable nodes too. What two nodes share keeps its size.

use rustc_hash::FxHashMap;

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::memory::in_large_pages;
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::graph::{HeapGraph, NodeKind};

use super::detachedness::DomStates;
use super::essential::is_user_root;

/// Shallow size of every node in bytes (their sum is that of the sizes in the file).
///
/// A graph without user roots, as captured with the engine's internals exposed, keeps the sizes of the file.
pub fn build(graph: &HeapGraph, dom: &DomStates, task: &Task) -> Result<Packed<NodeIx>, Cancelled> {
    let n = graph.node_count();
    let root = graph.root();
    if !graph
        .heads(root)
        .iter()
        .any(|head| is_user_root(graph, head.target()))
    {
        return Packed::build(n, |at| graph.self_size(NodeIx::new(at)), task);
    }
    let ownable = ownable_nodes(graph, dom, task)?;
    let mut owners = Owners {
        graph,
        ownable: &ownable,
        of: in_large_pages(vec![NONE; n]),
        changed: Vec::new(),
    };
    owners.propagate(task)?;
    let mut slots = owners.of;

    // An ownable node's slot holds its owner; the slot of any other node, unused so far, now sums up what it is given.
    let taker = |slot: u32| {
        let owner = (slot != NONE && slot != MANY).then(|| NodeIx::from_raw(slot - 1))?;
        (owner != root && graph.kind(owner) != NodeKind::Synthetic).then_some(owner)
    };
    let mut large: FxHashMap<NodeIx, u64> = FxHashMap::default();
    for node in ownable.iter() {
        task.check_at(node.at())?;
        if let Some(owner) = taker(slots[node.at()]) {
            let size = graph.self_size(node);
            let sum = &mut slots[owner.at()];
            match u32::try_from(u64::from(*sum) + size) {
                Ok(small) => *sum = small,
                Err(_) => *large.entry(owner).or_default() += size,
            }
        }
    }
    let size = |at| {
        let node = NodeIx::new(at);
        let (slot, own) = (slots[at], graph.self_size(node));
        match ownable.contains(node) {
            true if taker(slot).is_some() => 0,
            true => own,
            false if large.is_empty() => own + u64::from(slot),
            false => own + u64::from(slot) + large.get(&node).copied().unwrap_or_default(),
        }
    };
    Packed::build(n, size, task)
}

/// No owner found yet. (A slot holds one more than the owner's index, so that it may begin as nothing.)
const NONE: u32 = 0;
/// More than one owner.
const MANY: u32 = u32::MAX;

fn ownable_nodes(graph: &HeapGraph, dom: &DomStates, task: &Task) -> Result<BitSet<NodeIx>, Cancelled> {
    let mut ownable = BitSet::new(graph.node_count());
    for node in graph.nodes() {
        task.check_at(node.at())?;
        let is = match graph.kind(node) {
            NodeKind::Hidden | NodeKind::Array => true,
            NodeKind::Native => {
                graph.raw_name(node) == "system / ExternalStringData" && !dom.is_renamed(node)
            }
            _ => false,
        };
        if is {
            ownable.insert(node);
        }
    }
    Ok(ownable)
}

/// The search for owners: each ownable node goes from none to one to many, so it changes at most twice.
struct Owners<'a> {
    graph: &'a HeapGraph,
    ownable: &'a BitSet<NodeIx>,
    of: Vec<u32>,
    changed: Vec<NodeIx>,
}

impl Owners<'_> {
    fn propagate(&mut self, task: &Task) -> Result<(), Cancelled> {
        for node in self.graph.nodes() {
            task.check_at(node.at())?;
            if !self.ownable.contains(node) {
                self.give(node, node.raw() + 1);
            }
        }
        let mut steps = 0;
        while let Some(node) = self.changed.pop() {
            steps += 1;
            task.check_at(steps)?;
            self.give(node, self.of[node.at()]);
        }
        Ok(())
    }

    /// Offers `owner` to the ownable nodes that `node` leads to.
    fn give(&mut self, node: NodeIx, owner: u32) {
        for head in self.graph.heads(node) {
            let target = head.target();
            if !self.ownable.contains(target) || head.is_weak() {
                continue;
            }
            let held = &mut self.of[target.at()];
            if *held != owner && *held != MANY {
                *held = if *held == NONE { owner } else { MANY };
                self.changed.push(target);
            }
        }
    }
}
