//! Which nodes are detached from the DOM.

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::{Detachedness, EdgeKind, HeapGraph, NodeKind};

/// The DOM state of every node, after it was passed on from those the file knows of, and which nodes were renamed by it.
#[derive(Debug)]
pub struct DomStates {
    attached: BitSet<NodeIx>,
    detached: BitSet<NodeIx>,
    renamed: BitSet<NodeIx>,
}

/// What the name of a detached native node begins with.
pub const DETACHED_PREFIX: &str = "Detached ";

impl DomStates {
    /// Passes the states of the file on: all attached nodes first, then the detached ones; native nodes hand their state to
    /// what they hold, a state of the file wins over an inherited one. A file without the field (Node up to 14) tells
    /// detached native nodes by their names.
    pub fn build(graph: &HeapGraph, task: &Task) -> Result<Self, Cancelled> {
        let n = graph.node_count();
        let mut states = Self {
            attached: BitSet::new(n),
            detached: BitSet::new(n),
            renamed: BitSet::new(n),
        };
        if !graph.header().has_detachedness {
            for node in graph.nodes() {
                task.check_at(node.at())?;
                if graph.kind(node) == NodeKind::Native && graph.raw_name(node).starts_with(DETACHED_PREFIX) {
                    states.detached.insert(node);
                }
            }
            return Ok(states);
        }
        let mut visited = BitSet::new(n);
        let (mut attached, mut detached) = (Vec::new(), Vec::new());
        for node in graph.nodes() {
            task.check_at(node.at())?;
            let state = graph.tag(node).detachedness();
            let seeds = match state {
                Detachedness::Unknown => continue,
                Detachedness::Attached => &mut attached,
                Detachedness::Detached => &mut detached,
            };
            // Whoever is given a state by the file keeps it, whatever its kind.
            states.set(node, state);
            visited.insert(node);
            if graph.kind(node) == NodeKind::Native {
                seeds.push(node);
            }
        }
        states.close(graph, Detachedness::Attached, attached, &mut visited, task)?;
        states.close(graph, Detachedness::Detached, detached, &mut visited, task)?;
        Ok(states)
    }

    /// Hands `state` from the native nodes `queue` on to the native nodes they hold.
    fn close(
        &mut self,
        graph: &HeapGraph,
        state: Detachedness,
        mut queue: Vec<NodeIx>,
        visited: &mut BitSet<NodeIx>,
        task: &Task,
    ) -> Result<(), Cancelled> {
        let mut steps = 0;
        while let Some(node) = queue.pop() {
            steps += 1;
            task.check_at(steps)?;
            if state == Detachedness::Detached {
                self.renamed.insert(node);
            }
            for head in graph.heads(node) {
                let target = head.target();
                if matches!(head.kind(), EdgeKind::Hidden | EdgeKind::Weak) || !visited.insert(target) {
                    continue;
                }
                if graph.kind(target) == NodeKind::Native {
                    self.set(target, state);
                    queue.push(target);
                }
            }
        }
        Ok(())
    }

    fn set(&mut self, node: NodeIx, state: Detachedness) {
        match state {
            Detachedness::Attached => self.attached.insert(node),
            Detachedness::Detached => self.detached.insert(node),
            Detachedness::Unknown => false,
        };
    }

    /// The state of `node`.
    pub fn of(&self, node: NodeIx) -> Detachedness {
        if self.detached.contains(node) {
            Detachedness::Detached
        } else if self.attached.contains(node) {
            Detachedness::Attached
        } else {
            Detachedness::Unknown
        }
    }

    /// Is `node` detached?
    pub fn is_detached(&self, node: NodeIx) -> bool {
        self.detached.contains(node)
    }

    /// Does the name of `node` gain the prefix [`DETACHED_PREFIX`]?
    pub fn is_renamed(&self, node: NodeIx) -> bool {
        self.renamed.contains(node)
    }

    /// The raw name of `node` with its prefix, if it has one: what all rules that speak of names mean.
    pub fn name<'a>(&self, graph: &'a HeapGraph, node: NodeIx) -> std::borrow::Cow<'a, [u8]> {
        let raw: JsStr<'a> = graph.raw_name(node);
        if self.is_renamed(node) {
            std::borrow::Cow::Owned([DETACHED_PREFIX.as_bytes(), raw.bytes()].concat())
        } else {
            std::borrow::Cow::Borrowed(raw.bytes())
        }
    }

    /// As [`DomStates::name`], owned.
    pub fn owned_name(&self, graph: &HeapGraph, node: NodeIx) -> JsString {
        JsString::from_wtf8(self.name(graph, node).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::analysis::testing::Heap;

    #[test]
    fn a_state_of_the_file_wins_over_an_inherited_one() {
        let heap = Heap::of(
            "root:synthetic/0 -e-> doc:native !attached -e-> lost:native !detached -e-> below:native\n\
             doc -e-> inner:native -e-> js:object -e-> beyond:native\n\
             root -e-> closure:closure !detached -e-> shadow:native",
        );
        assert_eq!(
            heap.named(|node| heap.dom.is_detached(node)),
            ["lost", "below", "closure"]
        );
        assert_eq!(heap.named(|node| heap.dom.is_renamed(node)), ["lost", "below"]);
    }
}
