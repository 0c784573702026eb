//! Objects of one class and one shape at one distance from the roots: what a loop makes, again and again, in one place.
//!
//! The shape of an object are the names of its own properties, whatever their order. An object of very many is one used as a
//! map: its shape is `dict`, or each would be a shape of its own.

use rustc_hash::FxHashMap;

use super::classes::ClassTable;
use super::distances::{Distance, Distances, Reach};
use super::names::{PROTO, property_name};
use super::string_map::StringSet;
use crate::base::index::{ClassIx, Ix as _, NodeIx, StringIx, to_u32};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::{EdgeKind, HeapGraph, NodeKind};

/// An object with more properties is a dictionary.
pub const MOST_PROPERTIES: usize = 30;

/// A shape: a hash of the names that it is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape(u64);

impl Shape {
    /// That of objects with more than [`MOST_PROPERTIES`].
    pub const DICTIONARY: Self = Self(u64::MAX);
}

/// Objects of one class, shape and distance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShapeGroup {
    /// Their class.
    pub class: ClassIx,
    /// Their shape.
    pub shape: Shape,
    /// Their distance.
    pub distance: Distance,
    /// How many.
    pub count: u64,
    /// Their shallow sizes together, in bytes.
    pub shallow_size: u64,
    /// The first of them in the file.
    pub first: NodeIx,
}

/// All objects of a heap, grouped.
#[derive(Debug)]
pub struct ShapeGroups {
    /// The groups, in the order of their first members.
    pub all: Vec<ShapeGroup>,
    /// For each object that is in a group, in file order, the group's number.
    of: Vec<u32>,
}

/// Tells which nodes are objects of a program, and their shapes.
#[derive(Debug)]
pub struct Shapes<'a> {
    graph: &'a HeapGraph,
    proto: StringSet,
    engine: StringSet,
}

impl<'a> Shapes<'a> {
    /// Looks up the names that matter.
    pub fn new(graph: &'a HeapGraph) -> Self {
        Self {
            graph,
            proto: StringSet::equal(graph.strings(), PROTO),
            engine: StringSet::matching(graph.strings(), |name| {
                name == "system" || name.starts_with("system / ")
            }),
        }
    }

    /// Is `node` an object that a program has made?
    #[inline]
    pub fn is_object(&self, node: NodeIx) -> bool {
        self.graph.kind(node) == NodeKind::Object && !self.engine.contains(self.graph.name_ix(node))
    }

    /// The shape of `node`.
    pub fn of(&self, node: NodeIx) -> Shape {
        let mut count = 0;
        let mut sum = 0_u64;
        for (edge, head) in self.graph.edges(node).zip(self.graph.heads(node)) {
            if head.kind() != EdgeKind::Property {
                continue;
            }
            let name = self.graph.edge_name_raw(edge);
            if self.proto.contains(StringIx::from_raw(name)) {
                continue;
            }
            count += 1;
            if count > MOST_PROPERTIES {
                return Shape::DICTIONARY;
            }
            sum = sum.wrapping_add(mixed(u64::from(name) + 1));
        }
        // The sum of no names and the mark of dictionaries are no sums of names, for all that matters.
        Shape(sum & (u64::MAX >> 1))
    }

    /// The names of the properties of `node`, sorted; none of a dictionary.
    pub fn names(&self, node: NodeIx) -> Option<Vec<JsString>> {
        let mut names = Vec::new();
        for edge in self.graph.edges(node) {
            if let Some(name) = property_name(self.graph, edge) {
                if names.len() == MOST_PROPERTIES {
                    return None;
                }
                names.push(name.to_owned());
            }
        }
        names.sort_by(|a, b| a.as_js().cmp_utf16(b.as_js()));
        Some(names)
    }
}

/// A number made from another one so that sums of such rarely meet: the finisher of a 64-bit hash (splitmix64).
#[inline]
pub const fn mixed(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// Objects in no group.
const NO_GROUP: u32 = u32::MAX;

impl ShapeGroups {
    /// Groups the objects of shallow size above 0 that something reaches.
    pub fn build(
        shapes: &Shapes<'_>,
        classes: &ClassTable,
        distances: &Distances,
        shallow: &Packed<NodeIx>,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut groups = Self {
            all: Vec::new(),
            of: Vec::new(),
        };
        let mut by_key: FxHashMap<(ClassIx, u32, Shape), u32> = FxHashMap::default();
        for node in shapes.graph.nodes() {
            task.check_at(node.at())?;
            if !shapes.is_object(node) {
                continue;
            }
            let (distance, size) = (distances.of(node), shallow.get(node));
            if size == 0 || distance.reach() == Reach::Unreachable {
                groups.of.push(NO_GROUP);
                continue;
            }
            let (class, shape) = (classes.of(node), shapes.of(node));
            let all = &mut groups.all;
            let group = *by_key.entry((class, distance.raw(), shape)).or_insert_with(|| {
                all.push(ShapeGroup {
                    class,
                    shape,
                    distance,
                    count: 0,
                    shallow_size: 0,
                    first: node,
                });
                to_u32(all.len() - 1)
            });
            let known = &mut all[group as usize];
            known.count += 1;
            known.shallow_size += size;
            groups.of.push(group);
        }
        Ok(groups)
    }

    /// Makes one group of each of `sets`, with the nearest distance and the first member of all; no group is in two of them.
    pub fn join(&mut self, sets: &[Vec<u32>], task: &Task) -> Result<(), Cancelled> {
        let mut becomes: Vec<u32> = (0..to_u32(self.all.len())).collect();
        for set in sets {
            let (first, others) = set.split_at(set.len().min(1));
            for (&into, &from) in first.iter().cycle().zip(others) {
                let other = self.all[from as usize];
                becomes[from as usize] = into;
                let group = &mut self.all[into as usize];
                group.count += other.count;
                group.shallow_size += other.shallow_size;
                group.first = group.first.min(other.first);
                if other.distance.sort_key() < group.distance.sort_key() {
                    group.distance = other.distance;
                }
                self.all[from as usize].count = 0;
            }
        }
        let mut number = vec![NO_GROUP; self.all.len()];
        let mut kept = 0;
        for (at, group) in self.all.iter().enumerate() {
            if group.count > 0 {
                number[at] = kept;
                kept += 1;
            }
        }
        self.all.retain(|group| group.count > 0);
        for (nth, group) in self.of.iter_mut().enumerate() {
            task.check_at(nth)?;
            if *group != NO_GROUP {
                *group = number[becomes[*group as usize] as usize];
            }
        }
        Ok(())
    }

    /// The members of the groups `wanted`, in file order.
    pub fn members(
        &self,
        shapes: &Shapes<'_>,
        wanted: &[u32],
        task: &Task,
    ) -> Result<Vec<Vec<NodeIx>>, Cancelled> {
        let mut place = vec![NO_GROUP; self.all.len()];
        let mut members: Vec<Vec<NodeIx>> = Vec::with_capacity(wanted.len());
        for (at, &group) in wanted.iter().enumerate() {
            place[group as usize] = to_u32(at);
            members.push(Vec::with_capacity(
                usize::try_from(self.all[group as usize].count).unwrap_or(0),
            ));
        }
        let mut groups = self.of.iter();
        for node in shapes.graph.nodes() {
            task.check_at(node.at())?;
            if !shapes.is_object(node) {
                continue;
            }
            let group = groups.next().copied().unwrap_or(NO_GROUP);
            let place = place.get(group as usize).copied().unwrap_or(NO_GROUP);
            if let Some(members) = members.get_mut(place as usize) {
                members.push(node);
            }
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::analysis::testing::{Dice, Heap, random_heap};

    fn groups(heap: &Heap) -> (Shapes<'_>, ShapeGroups) {
        let shapes = Shapes::new(&heap.graph);
        let built = ShapeGroups::build(
            &shapes,
            &heap.classes,
            &heap.distances,
            &heap.shallow,
            &Task::new(),
        );
        (shapes, built.unwrap())
    }

    #[test]
    fn names_make_a_shape_in_any_order() {
        let heap = Heap::of(
            "root:synthetic/0 -shortcut:w-> w:object/8 -1-> a=Item:object/16 -x-> v:string\na -y-> v
            w -2-> b=Item:object/16 -y-> v\nb -x-> v\nb -__proto__-> w
            w -3-> c=Item:object/16 -x-> v
            w -4-> d=\"system / Odd\":object/16 -x-> v",
        );
        let (shapes, groups) = groups(&heap);
        let found: Vec<_> = groups
            .all
            .iter()
            .map(|group| {
                let names = shapes.names(group.first).unwrap();
                let names: Vec<_> = names.iter().map(ToString::to_string).collect();
                (
                    heap.graph.raw_name(group.first).to_string(),
                    names.join(" "),
                    group.count,
                )
            })
            .collect();
        let row = |class: &str, names: &str, count| (class.to_owned(), names.to_owned(), count);
        assert_eq!(
            found,
            [row("w", "1 2 3 4", 1), row("Item", "x y", 2), row("Item", "x", 1)]
        );
    }

    #[test]
    fn objects_of_many_properties_are_one_shape() {
        use std::fmt::Write as _;
        let mut text =
            "root:synthetic/0 -shortcut:w-> w:object/8 -1-> a=Item:object/16\nw -2-> b=Item:object/16\n"
                .to_owned();
        for at in 0..31 {
            writeln!(text, "a -a{at}-> w\nb -b{at}-> w").unwrap();
        }
        let heap = Heap::of(&text);
        let (shapes, groups) = groups(&heap);
        assert_eq!(
            groups.all.last().map(|group| (group.shape, group.count)),
            Some((Shape::DICTIONARY, 2))
        );
        assert_eq!(shapes.names(groups.all[1].first), None);
    }

    #[test]
    fn groups_are_those_of_lists_of_names() {
        for seed in 0..40 {
            let mut dice = Dice::new(seed);
            let nodes = 3 + dice.roll(60);
            let heap = Heap::of(&random_heap(&mut dice, nodes));
            let (shapes, groups) = groups(&heap);
            let mut slow: BTreeMap<_, Vec<NodeIx>> = BTreeMap::new();
            for node in heap.graph.nodes() {
                let distance = heap.distances.of(node);
                if heap.graph.kind(node) == NodeKind::Object
                    && !heap.graph.raw_name(node).starts_with("system / ")
                    && heap.shallow.get(node) > 0
                    && distance != Distance::NONE
                {
                    let names: Vec<String> = shapes
                        .names(node)
                        .unwrap()
                        .iter()
                        .map(ToString::to_string)
                        .collect();
                    let class = heap.classes.class(heap.classes.of(node)).key().to_string();
                    slow.entry((class, names, distance.raw())).or_default().push(node);
                }
            }
            let wanted: Vec<u32> = (0..to_u32(groups.all.len())).collect();
            let mut fast = groups.members(&shapes, &wanted, &Task::new()).unwrap();
            for (group, members) in groups.all.iter().zip(&fast) {
                let size: u64 = members.iter().map(|&node| heap.shallow.get(node)).sum();
                assert_eq!((group.count, group.shallow_size), (members.len() as u64, size));
                assert_eq!(members[0], group.first);
            }
            fast.sort();
            let mut slow: Vec<_> = slow.into_values().collect();
            slow.sort();
            assert_eq!(fast, slow, "seed {seed}");
        }
    }
}
