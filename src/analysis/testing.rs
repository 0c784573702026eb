//! Tiny heaps with everything computed, for the tests of this floor.

use std::fmt::Write as _;
use std::path::Path;

use super::classes::ClassTable;
use super::depth_first::DepthFirst;
use super::detachedness::DomStates;
use super::distances::Distances;
use super::dominator_order::DominatorOrder;
use super::dominators::{Dominators, NumberedTree};
use super::ephemerons::Ephemerons;
use super::owners::Owners;
use super::{retained_sizes, shallow_sizes};
use crate::base::index::NodeIx;
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::fixture;
use crate::graph::HeapGraph;
use crate::graph::retainers::Retainers;
use crate::parse;

/// A heap and what is known of it.
pub(super) struct Heap {
    pub(super) graph: HeapGraph,
    pub(super) dom: DomStates,
    pub(super) retainers: Retainers,
    pub(super) distances: Distances,
    pub(super) shallow: Packed<NodeIx>,
    pub(super) dominators: Dominators,
    pub(super) order: DominatorOrder,
    pub(super) retained: Packed<NodeIx>,
    pub(super) classes: ClassTable,
}

impl Heap {
    /// The heap in the notation of [`fixture`].
    pub(super) fn of(text: &str) -> Self {
        Self::of_bytes(&fixture::heap(text))
    }

    /// The heap of a file.
    pub(super) fn of_bytes(bytes: &[u8]) -> Self {
        let task = &Task::new();
        let columns = parse::read_bytes(bytes, Path::new("test"), task).unwrap();
        let graph = HeapGraph::new(columns, task).unwrap();
        let dom = DomStates::build(&graph, task).unwrap();
        let retainers = Retainers::build(&graph, task).unwrap();
        let ephemerons = Ephemerons::build(&graph, task).unwrap();
        let distances = Distances::build(&graph, &ephemerons, None, task).unwrap();
        let shallow = shallow_sizes::build(&graph, &dom, task).unwrap();
        let depth_first = DepthFirst::build(&graph, &ephemerons, task).unwrap();
        let tree = NumberedTree::build(&graph, depth_first, &retainers, &ephemerons, task).unwrap();
        let retained = retained_sizes::build(&graph, &tree, &shallow, task).unwrap();
        let classes = ClassTable::build(&graph, &dom, task).unwrap();
        Self {
            dominators: tree.by_node(graph.node_count(), graph.root(), task).unwrap(),
            order: DominatorOrder::from_numbered(&tree, graph.node_count(), task).unwrap(),
            graph,
            dom,
            retainers,
            distances,
            shallow,
            retained,
            classes,
        }
    }

    /// Raw names of the nodes for which `is` holds, in file order.
    /// Whose its nodes are.
    pub(super) fn owners(&self) -> Result<Owners, Cancelled> {
        Owners::build(
            &self.graph,
            &self.classes,
            &self.dominators,
            self.order.iter().map(|(node, _)| node),
            &self.shallow,
            |node| self.graph.raw_name(node).to_owned(),
            &Task::new(),
        )
    }

    pub(super) fn named(&self, is: impl Fn(NodeIx) -> bool) -> Vec<String> {
        let nodes = self.graph.nodes().filter(|&node| is(node));
        nodes.map(|node| self.graph.raw_name(node).to_string()).collect()
    }
}

/// A source of numbers that is the same each time.
pub(crate) struct Dice(u64);

impl Dice {
    /// Begins the series `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `sides`.
    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    /// One of `choices`.
    pub(super) fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let at = self.roll(choices.len() as u64);
        choices[usize::try_from(at).unwrap()]
    }
}

/// The text of a heap of `nodes` nodes of few names and all kinds, with edges of all kinds from anywhere to anywhere.
pub(super) fn random_heap(dice: &mut Dice, nodes: u64) -> String {
    let kinds = [
        "object", "object", "native", "hidden", "array", "closure", "string", "code",
    ];
    let names = [
        "Object",
        "Object",
        "Map",
        "Array",
        "\"system / NativeContext\"",
        "\"\"",
    ];
    let edges = [
        "property:a",
        "property:b",
        "property:c",
        "property:d",
        "property:__proto__",
        "internal:map",
        "internal:native_context",
        "internal:elements",
        "weak:w",
        "shortcut:s",
        "hidden:1",
        "element:2",
        "context:x",
    ];
    let mut text = String::from("n0=\"\":synthetic/0 -shortcut:s-> n1\n");
    for at in 1..nodes {
        let (kind, name) = (dice.pick(&kinds), dice.pick(&names));
        let size = dice.roll(4) * 8;
        let (line, detached) = (dice.roll(3), dice.roll(9));
        write!(text, "n{at}={name}:{kind}/{size}").unwrap();
        if line == 0 {
            write!(text, " @1:{line}:{}", dice.roll(2)).unwrap();
        }
        text += match detached {
            0 => " !attached\n",
            1 => " !detached\n",
            _ => "\n",
        };
    }
    for _ in 0..nodes * 2 {
        let (from, to) = (dice.roll(nodes), dice.roll(nodes));
        writeln!(text, "n{from} -{}-> n{to}", dice.pick(&edges)).unwrap();
    }
    text
}
