//! Which objects are kept alive in the same way: held from the same places.
//!
//! An object's way of being held is its place (the steps of the shortest way to it) and the other places from which it is held
//! by references that count. Those are neither on the shortest way itself nor beyond the object: what hangs from an object does
//! not hold it (the items of an order that know their order). Nor are they code and hidden classes, unless it is one itself.
//!
//! Made after the *similar retention* of dotMemory, which compares two ways of each object; here all references to it count, and
//! places fold indices and ids.

use rustc_hash::FxHashMap;

use super::ephemerons::Ephemerons;
use super::path_tree::{Family, PathTree, PlaceIx};
use crate::base::index::{Ix as _, NodeIx, to_u32};
use crate::base::task::{Cancelled, Task};
use crate::graph::retainers::Retainers;
use crate::graph::{EdgeHead, HeapGraph, NodeKind};

crate::index! {
    /// One way of being held: its number in [`Ways`].
    WayIx
}

/// What ways of being held are told from.
#[derive(Clone, Copy, Debug)]
pub struct Held<'a> {
    /// The graph.
    pub graph: &'a HeapGraph,
    /// Its incoming edges.
    pub retainers: &'a Retainers,
    /// Its `WeakMap` edges.
    pub ephemerons: &'a Ephemerons,
    /// The places of its objects.
    pub tree: &'a PathTree,
}

/// The ways in which some objects are held, each once, in the order in which they were met.
#[derive(Debug, Default)]
pub struct Ways {
    numbers: FxHashMap<Box<[u32]>, WayIx>,
    ways: Vec<Box<[u32]>>,
}

impl Held<'_> {
    /// Puts into `way` the places from which `node` is held: its own first, the others sorted. Nothing if no way that counts
    /// leads to it.
    fn write(&self, node: NodeIx, way: &mut Vec<u32>) {
        way.clear();
        let Some(own) = self.tree.of(node) else { return };
        way.push(own.raw());
        let is_engine = self.tree.place(own).family == Family::Engine;
        let mut last = None;
        for head in self.retainers.heads(node) {
            if let Some(place) = self.other(*head)
                && last != Some(place)
                && (is_engine || self.tree.place(place).family != Family::Engine)
                && !self.is_on_way(place, own)
                && !self.is_on_way(own, place)
            {
                last = Some(place);
                way.push(place.raw());
            }
        }
        way[1..].sort_unstable();
        way.dedup();
    }

    /// The place from which the edge `head`, which comes from its target, holds on, if it does. The table of a `WeakMap` does
    /// not: its values are held by their keys.
    fn other(&self, head: EdgeHead) -> Option<PlaceIx> {
        let source = head.target();
        let is_weak_table = self.ephemerons.has_edges(source) && self.graph.kind(source) == NodeKind::Array;
        if head.is_weak() || is_weak_table {
            None
        } else {
            self.tree.of(source)
        }
    }

    /// Is `place` on the way to `beyond`, or that itself?
    fn is_on_way(&self, place: PlaceIx, beyond: PlaceIx) -> bool {
        let mut at = beyond;
        // Numbers of places only get smaller on the way to the root.
        while at > place {
            at = self.tree.place(at).parent;
        }
        at == place
    }
}

impl Ways {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.ways.len()
    }

    /// Are there none?
    pub fn is_empty(&self) -> bool {
        self.ways.is_empty()
    }

    /// The place of the objects held in that way, and the others they are held from.
    pub fn places(&self, way: WayIx) -> (PlaceIx, impl ExactSizeIterator<Item = PlaceIx> + '_) {
        let places = &self.ways[way.at()];
        (
            PlaceIx::from_raw(places[0]),
            places[1..].iter().copied().map(PlaceIx::from_raw),
        )
    }

    /// Finds the way of each of `nodes`, in their order; none for what no way leads to.
    pub fn add(
        &mut self,
        held: &Held<'_>,
        nodes: &[NodeIx],
        task: &Task,
    ) -> Result<Vec<Option<WayIx>>, Cancelled> {
        let mut way = Vec::new();
        let mut found = Vec::with_capacity(nodes.len());
        for (nth, &node) in nodes.iter().enumerate() {
            task.check_at(nth)?;
            held.write(node, &mut way);
            found.push(match self.numbers.get(&way[..]) {
                _ if way.is_empty() => None,
                Some(&known) => Some(known),
                None => {
                    let number = WayIx::from_raw(to_u32(self.ways.len()));
                    self.numbers.insert(way.clone().into(), number);
                    self.ways.push(way.clone().into());
                    Some(number)
                }
            });
        }
        Ok(found)
    }

    /// All objects of the heap that are held in one of these ways, in file order, each with the number of its way. What an
    /// object keeps in arrays of the engine's is no object of its own.
    pub fn all_held(&self, held: &Held<'_>, task: &Task) -> Result<Vec<(NodeIx, WayIx)>, Cancelled> {
        let mut is_meant = vec![false; held.tree.len()];
        for way in &self.ways {
            is_meant[way[0] as usize] = true;
        }
        let mut way = Vec::new();
        let mut found = Vec::new();
        for node in held.graph.nodes() {
            task.check_at(node.at())?;
            let is_candidate = held.tree.of(node).is_some_and(|place| is_meant[place.at()]);
            if !is_candidate || held.tree.is_part(node) {
                continue;
            }
            held.write(node, &mut way);
            if let Some(&number) = self.numbers.get(&way[..]) {
                found.push((node, number));
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::path_tree::Source;
    use crate::analysis::testing::{Dice, Heap, random_heap};

    fn tree_of(heap: &Heap, ephemerons: &Ephemerons) -> PathTree {
        let source = Source {
            graph: &heap.graph,
            ephemerons,
            shallow: &heap.shallow,
        };
        PathTree::build(source, &Task::new()).unwrap()
    }

    fn held<'a>(heap: &'a Heap, ephemerons: &'a Ephemerons, tree: &'a PathTree) -> Held<'a> {
        Held {
            graph: &heap.graph,
            retainers: &heap.retainers,
            ephemerons,
            tree,
        }
    }

    fn named(heap: &Heap, name: &str) -> Vec<NodeIx> {
        let graph = &heap.graph;
        graph
            .nodes()
            .filter(|&node| graph.raw_name(node) == name)
            .collect()
    }

    #[test]
    fn what_else_holds_an_object_makes_the_difference() {
        let heap = Heap::of(
            "root:synthetic/0 -shortcut:w-> window:object/8 -list-> list=Array:object/8 -element:0-> s0=Session:object/8
            list -element:1-> s1=Session:object/8
            list -element:2-> s2=Session:object/8
            list -element:3-> s3=Session:object/8
            s0 -user-> user=User:object/8 -session-> s0
            window -state-> state=State:object/8 -last-> s2
            state -weak:w-> s3
            s1 -map-> hidden=map:object_shape/8 -p-> s3",
        );
        let ephemerons = Ephemerons::build(&heap.graph, &Task::new()).unwrap();
        let tree = tree_of(&heap, &ephemerons);
        let held = held(&heap, &ephemerons, &tree);
        let sessions = named(&heap, "Session");
        let mut ways = Ways::default();
        let found = ways.add(&held, &sessions, &Task::new()).unwrap();
        assert_eq!(
            found,
            [Some(0), Some(0), Some(1), Some(0)].map(|way| way.map(WayIx::new))
        );
        let (own, others) = ways.places(WayIx::new(1));
        assert_eq!(tree.of(sessions[0]), Some(own));
        assert_eq!(
            others.collect::<Vec<_>>(),
            [tree.of(named(&heap, "State")[0]).unwrap()]
        );
        let mut one = Ways::default();
        one.add(&held, &sessions[..1], &Task::new()).unwrap();
        let alike: Vec<NodeIx> = one
            .all_held(&held, &Task::new())
            .unwrap()
            .into_iter()
            .map(|(node, _)| node)
            .collect();
        assert_eq!(alike, [sessions[0], sessions[1], sessions[3]]);
    }

    /// The places from which `node` is held, by looking at all edges of the heap and walking to the root.
    fn slow(heap: &Heap, tree: &PathTree, node: NodeIx) -> Vec<PlaceIx> {
        let Some(own) = tree.of(node) else {
            return Vec::new();
        };
        let before = |place: PlaceIx| {
            let mut way = vec![place];
            while way[way.len() - 1].at() != 0 {
                way.push(tree.place(way[way.len() - 1]).parent);
            }
            way
        };
        let mut others = Vec::new();
        for source in heap.graph.nodes() {
            for edge in heap.graph.edges(source) {
                let head = heap.graph.head(edge);
                let Some(place) = tree.of(source) else { continue };
                let is_engine = |place| tree.place(place).family == Family::Engine;
                if head.target() == node
                    && !head.is_weak()
                    && (is_engine(own) || !is_engine(place))
                    && !before(own).contains(&place)
                    && !before(place).contains(&own)
                    && !others.contains(&place)
                {
                    others.push(place);
                }
            }
        }
        others.sort_unstable();
        [vec![own], others].concat()
    }

    #[test]
    fn ways_agree_with_looking_at_everything() {
        for seed in 0..60 {
            let mut dice = Dice::new(seed);
            let nodes = 2 + dice.roll(40);
            let heap = Heap::of(&random_heap(&mut dice, nodes));
            let ephemerons = Ephemerons::build(&heap.graph, &Task::new()).unwrap();
            let tree = tree_of(&heap, &ephemerons);
            let held = held(&heap, &ephemerons, &tree);
            let all: Vec<NodeIx> = heap.graph.nodes().collect();
            let mut ways = Ways::default();
            let found = ways.add(&held, &all, &Task::new()).unwrap();
            for (&node, way) in all.iter().zip(&found) {
                let told = way.map_or_else(Vec::new, |way| {
                    let (own, others) = ways.places(way);
                    [own].into_iter().chain(others).collect()
                });
                assert_eq!(told, slow(&heap, &tree, node), "seed {seed} {node:?}");
            }
            let counted: Vec<(NodeIx, WayIx)> = all
                .iter()
                .zip(found)
                .filter(|(node, _)| !tree.is_part(**node))
                .filter_map(|(&node, way)| Some((node, way?)))
                .collect();
            assert_eq!(
                ways.all_held(&held, &Task::new()).unwrap(),
                counted,
                "seed {seed}"
            );
        }
    }
}
