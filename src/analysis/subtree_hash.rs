//! Copies: objects that are equal with all that hangs from them alone, so that all but one could go.
//!
//! Each node gets a hash of itself and of everything it dominates by its own references, from the leaves up. What it refers to
//! but does not hold alone counts by identity: two objects that share a third one may be copies, two that refer to different
//! ones are none, however alike those are. Texts and numbers count by value, hidden classes not at all. References back to the
//! node itself or the two above it count as such.
//!
//! What is found is equal as far as the file tells (small integers leave no trace in it); not all copies are found.

use crate::base::index::{Ix as _, NodeIx};
use crate::base::memory::filled;
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeKind, HeapGraph, NodeKind};

use super::dominator_order::bottom_up;
use super::dominators::Dominators;
use super::shapes::mixed;
use super::string_map::StringSet;

/// The hash of every node with what hangs from it.
#[derive(Debug)]
pub struct SubtreeHashes {
    of: Vec<u64>,
}

/// In place of what refers back.
const ITSELF: u64 = 1;
const ONE_UP: u64 = 2;
const TWO_UP: u64 = 3;

impl SubtreeHashes {
    /// One pass over the nodes, dominated ones first, and over their edges.
    pub fn build(graph: &HeapGraph, dominators: &Dominators, task: &Task) -> Result<Self, Cancelled> {
        let immediate = dominators.all();
        let order = bottom_up(immediate, task)?;
        let rules = Rules {
            graph,
            classes: StringSet::matching(graph.strings(), |name| {
                name == "system / Map" || name.starts_with("system / Map ")
            }),
            value: StringSet::equal(graph.strings(), "value"),
        };
        let mut of = filled(graph.node_count(), 0_u64);
        for (at, &node) in order.iter().enumerate() {
            task.check_at(at)?;
            graph.prefetch_edges(&order, at);
            let mut hash = rules.own(node);
            if !rules.is_value(node) {
                let above = immediate[node.at()];
                for (edge, head) in graph.edges(node).zip(graph.heads(node)) {
                    let target = head.target();
                    if head.is_weak() || rules.is_class(target) {
                        continue;
                    }
                    let what = if target == node {
                        ITSELF
                    } else if rules.is_value(target) {
                        rules.own(target)
                    } else if immediate[target.at()] == node {
                        of[target.at()]
                    } else if target == above {
                        ONE_UP
                    } else if target == immediate[above.at()] {
                        TWO_UP
                    } else {
                        mixed(u64::from(target.raw())) | (1 << 63)
                    };
                    let name = ((head.kind() as u64) << 40) ^ u64::from(graph.edge_name_raw(edge));
                    // A sum: the order of references does not matter.
                    hash = hash.wrapping_add(mixed(name ^ mixed(what)));
                }
            }
            of[node.at()] = hash;
        }
        Ok(Self { of })
    }

    /// The hash of `node`.
    #[inline]
    pub fn of(&self, node: NodeIx) -> u64 {
        self.of[node.at()]
    }
}

struct Rules<'a> {
    graph: &'a HeapGraph,
    classes: StringSet,
    value: StringSet,
}

impl Rules<'_> {
    /// Does `node` count by its value?
    fn is_value(&self, node: NodeIx) -> bool {
        matches!(
            self.graph.kind(node),
            NodeKind::String | NodeKind::Number | NodeKind::BigInt
        )
    }

    /// Is it a hidden class?
    fn is_class(&self, node: NodeIx) -> bool {
        matches!(self.graph.kind(node), NodeKind::ObjectShape | NodeKind::Hidden)
            && self.classes.contains(self.graph.name_ix(node))
    }

    /// What `node` is by itself.
    fn own(&self, node: NodeIx) -> u64 {
        let graph = self.graph;
        let kind = graph.kind(node);
        let mut hash = mixed(((kind as u64) << 56) ^ (u64::from(graph.name_ix(node).raw()) << 24));
        hash = mixed(hash ^ graph.self_size(node));
        if kind == NodeKind::SlicedString {
            // Which piece of the other string it is, the file does not tell.
            hash = mixed(hash ^ u64::from(node.raw()));
        }
        if kind == NodeKind::Number {
            let value = graph.edges(node).find(|&edge| {
                graph.head(edge).kind() == EdgeKind::Internal
                    && graph
                        .edge_name_ix(edge)
                        .is_some_and(|name| self.value.contains(name))
            });
            let value = value.map(|edge| graph.name_ix(graph.head(edge).target()).raw());
            hash = mixed(hash ^ u64::from(value.unwrap_or(0)));
        }
        hash
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Dice, Heap, random_heap};

    fn hashes(heap: &Heap) -> SubtreeHashes {
        SubtreeHashes::build(&heap.graph, &heap.dominators, &Task::new()).unwrap()
    }

    fn are_copies(text: &str) -> bool {
        let heap = Heap::of(&format!("root:synthetic/0 -shortcut:w-> w:object/8\n{text}"));
        let hashes = hashes(&heap);
        let is_item = |node: &NodeIx| heap.graph.raw_name(*node) == "Item";
        let [a, b, ..] = heap.graph.nodes().filter(is_item).collect::<Vec<_>>()[..] else {
            panic!("two items")
        };
        hashes.of(a) == hashes.of(b)
    }

    #[test]
    fn copies_are_equal_down_to_what_they_share() {
        let both = |a: &str, b: &str| {
            are_copies(&format!(
                "w -a-> a=Item:object -x-> {a}\nw -b-> b=Item:object -x-> {b}"
            ))
        };
        assert!(both("p=P:object -y-> s=1:string", "q=P:object -y-> r=1:string"));
        assert!(!both("p=P:object -y-> s=1:string", "q=P:object -y-> r=2:string"));
        assert!(!both("p=P:object/16", "q=P:object/24"));
        assert!(both("p=P:object", "p"));
        assert!(!both("p=P:object\nw -p-> p", "q=P:object\nw -q-> q"));
        assert!(both("p=P:object -up-> a", "q=P:object -up-> b"));
        assert!(both(
            "p=P:object -internal:map-> m1=\"system / Map\":object_shape/80",
            "q=P:object -internal:map-> m2=\"system / Map\":object_shape/88"
        ));
    }

    /// What the hash stands for, written out: the slow way.
    fn text_of(heap: &Heap, node: NodeIx, depth: u32) -> String {
        let graph = &heap.graph;
        let own = |node: NodeIx| {
            format!(
                "{:?} {} {}",
                graph.kind(node),
                graph.raw_name(node),
                graph.self_size(node)
            )
        };
        let is_value = |node| {
            matches!(
                graph.kind(node),
                NodeKind::String | NodeKind::Number | NodeKind::BigInt
            )
        };
        if is_value(node) || depth == 0 {
            return own(node);
        }
        let above = heap.dominators.of(node);
        let mut parts: Vec<String> = graph
            .edges(node)
            .filter(|&edge| graph.head(edge).kind() != EdgeKind::Weak)
            .map(|edge| {
                let target = graph.head(edge).target();
                let what = if target == node {
                    "itself".to_owned()
                } else if is_value(target) {
                    own(target)
                } else if heap.dominators.of(target) == node {
                    text_of(heap, target, depth - 1)
                } else if target == above {
                    "up".to_owned()
                } else if target == heap.dominators.of(above) {
                    "up up".to_owned()
                } else {
                    format!("#{}", target.raw())
                };
                format!("{:?} {} ({what})", graph.head(edge).kind(), graph.edge_name(edge))
            })
            .collect();
        parts.sort();
        format!("{} [{}]", own(node), parts.join(", "))
    }

    #[test]
    fn hashes_agree_with_subtrees_written_out() {
        let mut copies = 0;
        for seed in 0..60 {
            let mut dice = Dice::new(seed);
            let nodes = 3 + dice.roll(60);
            let heap = Heap::of(&random_heap(&mut dice, nodes));
            let hashes = hashes(&heap);
            // The root dominates itself.
            let all: Vec<NodeIx> = heap.graph.nodes().skip(1).collect();
            for &a in &all {
                for &b in &all {
                    let is_same = text_of(&heap, a, 99) == text_of(&heap, b, 99);
                    copies += usize::from(is_same && a != b);
                    assert_eq!(hashes.of(a) == hashes.of(b), is_same, "seed {seed}: {a:?} {b:?}");
                }
            }
        }
        assert!(copies > 50, "{copies}");
    }
}
