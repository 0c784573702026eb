//! What would be freed with each of many sets of nodes at once, exactly.
//!
//! The sets are nested: they make a tree in which a set holds all members of those below it, as the merged paths of a thousand
//! objects do. A set retains a node if no path from the root to the node avoids the set; if a set retains a node, so do all
//! sets above it, so that for each node it is enough to know the *smallest* set that retains it. That set is found for all
//! nodes in one search: a member's is the set it was put in; any other node's is the smallest one that holds those of all its
//! predecessors. (For a set of one object the result is the object's retained size.)

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx, to_u32};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::graph::HeapGraph;

use super::ephemerons::Ephemerons;
use super::essential::{Essential, page_objects};

/// Nested sets: set 0 holds all others.
#[derive(Clone, Debug)]
pub struct SetTree {
    parents: Vec<u32>,
    depths: Vec<u32>,
}

/// No set: the search was not here yet.
const UNSEEN: u32 = u32::MAX;
/// No set: something outside all of them keeps the node.
const FREE: u32 = u32::MAX - 1;

impl Default for SetTree {
    fn default() -> Self {
        Self {
            parents: vec![0],
            depths: vec![0],
        }
    }
}

impl SetTree {
    /// Adds a set below `parent` and gives its number.
    pub fn add(&mut self, parent: u32) -> u32 {
        self.parents.push(parent);
        self.depths.push(self.depths[parent as usize] + 1);
        to_u32(self.parents.len() - 1)
    }

    /// The smallest set that holds both.
    fn join(&self, mut a: u32, mut b: u32) -> u32 {
        match (a, b) {
            (UNSEEN, other) | (other, UNSEEN) => return other,
            (FREE, _) | (_, FREE) => return FREE,
            _ => {}
        }
        while a != b {
            if self.depths[a as usize] < self.depths[b as usize] {
                std::mem::swap(&mut a, &mut b);
            }
            a = self.parents[a as usize];
        }
        a
    }
}

/// Retained size in bytes of each set of `sets`; `members` says in which (smallest) set a node is.
pub fn build(
    graph: &HeapGraph,
    ephemerons: &Ephemerons,
    shallow: &Packed<NodeIx>,
    sets: &SetTree,
    members: &[(NodeIx, u32)],
    task: &Task,
) -> Result<Vec<u64>, Cancelled> {
    let page_objects = page_objects(graph, task)?;
    let rule = Essential {
        graph,
        ephemerons,
        page_objects: &page_objects,
    };
    let smallest = smallest_sets(&rule, sets, members, task)?;
    let mut sizes = vec![0_u64; sets.parents.len()];
    for node in graph.nodes() {
        task.check_at(node.at())?;
        if let Some(size) = sizes.get_mut(smallest[node.at()] as usize) {
            *size += shallow.get(node);
        }
    }
    for set in (1..sizes.len()).rev() {
        sizes[sets.parents[set] as usize] += sizes[set];
    }
    Ok(sizes)
}

/// The smallest set that retains each node.
fn smallest_sets(
    rule: &Essential<'_>,
    sets: &SetTree,
    members: &[(NodeIx, u32)],
    task: &Task,
) -> Result<Vec<u32>, Cancelled> {
    let graph = rule.graph;
    let mut smallest = vec![UNSEEN; graph.node_count()];
    let mut is_member = BitSet::new(graph.node_count());
    for &(node, set) in members {
        smallest[node.at()] = sets.join(smallest[node.at()], set);
        is_member.insert(node);
    }
    // What needs no set comes first: most of the heap is then settled before the sets' own parts are searched.
    let mut stack = orphans(rule, task)?;
    stack.push(graph.root());
    let mut reached = BitSet::new(graph.node_count());
    let mut reached_members = Vec::new();
    for &node in &stack {
        reached.insert(node);
        if !is_member.contains(node) {
            smallest[node.at()] = FREE;
        }
    }
    let mut steps = 0;
    while let Some(node) = stack.pop().or_else(|| reached_members.pop()) {
        steps += 1;
        task.check_at(steps)?;
        for edge in graph.edges(node) {
            let target = graph.head(edge).target();
            if !rule.contains(node, edge) {
                continue;
            }
            if is_member.contains(target) {
                if reached.insert(target) {
                    reached_members.push(target);
                }
                continue;
            }
            let joined = sets.join(smallest[target.at()], smallest[node.at()]);
            if joined != smallest[target.at()] {
                smallest[target.at()] = joined;
                stack.push(target);
            }
        }
    }
    Ok(smallest)
}

/// Nodes to which no essential edge leads: they count as held by the root.
fn orphans(rule: &Essential<'_>, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
    let graph = rule.graph;
    let mut held = BitSet::new(graph.node_count());
    for node in graph.nodes() {
        task.check_at(node.at())?;
        for edge in graph.edges(node).filter(|&edge| rule.contains(node, edge)) {
            held.insert(graph.head(edge).target());
        }
    }
    let root = graph.root();
    Ok(graph
        .nodes()
        .filter(|&node| node != root && !held.contains(node))
        .collect())
}
