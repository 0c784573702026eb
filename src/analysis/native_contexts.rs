//! Which native context (realm: a window's or a frame's world of built-in objects) a node belongs to.

use rustc_hash::FxHashMap;

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx, StringIx, to_u32};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::graph::{EdgeKind, HeapGraph};

use super::detachedness::{DETACHED_PREFIX, DomStates};
use super::string_map::StringSet;

/// Whose a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attribution {
    /// That native context's alone.
    Context(NodeIx),
    /// Reached from several native contexts.
    Shared,
    /// Reached from none.
    None,
}

/// The native context of every node.
///
/// A native context owns itself, and an object whose map says which native context made it is that one's. From there
/// ownership spreads over all edges but shortcuts and weak ones; what is reached from two owners is shared, and so is what it
/// leads to.
#[derive(Debug)]
pub struct NativeContexts {
    contexts: Vec<NodeIx>,
    /// [`NOBODY`], [`SEVERAL`], or [`FIRST`] and the position in `contexts`.
    of: Packed<NodeIx>,
    sizes: Vec<u64>,
}

const NOBODY: u32 = 0;
const SEVERAL: u32 = 1;
const FIRST: u32 = 2;

const NAME: &str = "system / NativeContext";
const NAME_WITH_ORIGIN: &str = "system / NativeContext / ";

impl NativeContexts {
    /// Attributes every node of `graph` and sums up shallow sizes: linear in nodes and edges.
    pub fn build(
        graph: &HeapGraph,
        dom: &DomStates,
        shallow: &Packed<NodeIx>,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let contexts = contexts(graph, dom, task)?;
        let mut owners = vec![NOBODY; graph.node_count()];
        let fixed = seed(graph, &contexts, &mut owners, task)?;
        spread(graph, &fixed, &mut owners, task)?;
        let mut sizes = vec![0; contexts.len() + FIRST as usize];
        for node in graph.nodes() {
            task.check_at(node.at())?;
            sizes[owners[node.at()] as usize] += shallow.get(node);
        }
        Ok(Self {
            contexts,
            of: Packed::build(owners.len(), |at| u64::from(owners[at]), task)?,
            sizes,
        })
    }

    /// All native contexts in file order.
    pub fn contexts(&self) -> &[NodeIx] {
        &self.contexts
    }

    /// All native contexts in file order, each with the sum of the shallow sizes, in bytes, of what is its own.
    pub fn sizes(&self) -> impl ExactSizeIterator<Item = (NodeIx, u64)> + '_ {
        let sizes = self.sizes[FIRST as usize..].iter().copied();
        self.contexts.iter().copied().zip(sizes)
    }

    /// The sum of the shallow sizes, in bytes, of what several native contexts share.
    pub fn shared_size(&self) -> u64 {
        self.sizes[SEVERAL as usize]
    }

    /// The sum of the shallow sizes, in bytes, of what is no native context's.
    pub fn unattributed_size(&self) -> u64 {
        self.sizes[NOBODY as usize]
    }

    /// Whose `node` is.
    pub fn of(&self, node: NodeIx) -> Attribution {
        let owner = u32::try_from(self.of.get(node)).unwrap_or_default();
        match owner {
            NOBODY => Attribution::None,
            SEVERAL => Attribution::Shared,
            owner => Attribution::Context(self.contexts[(owner - FIRST) as usize]),
        }
    }
}

/// All nodes whose name, `Detached ` before it or not, is a native context's.
fn contexts(graph: &HeapGraph, dom: &DomStates, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
    let is_bare = |name: JsStr<'_>| name == NAME || name.starts_with(NAME_WITH_ORIGIN);
    let bare = StringSet::matching(graph.strings(), is_bare);
    let detached = StringSet::matching(graph.strings(), |name| {
        let rest = name.bytes().strip_prefix(DETACHED_PREFIX.as_bytes());
        rest.is_some_and(|rest| is_bare(JsStr::from_wtf8(rest)))
    });
    let mut contexts = Vec::new();
    for node in graph.nodes() {
        task.check_at(node.at())?;
        let name = graph.name_ix(node);
        if bare.contains(name) || detached.contains(name) && !dom.is_renamed(node) {
            contexts.push(node);
        }
    }
    Ok(contexts)
}

/// Gives owners to the nodes that say themselves whose they are; these are the result.
fn seed(
    graph: &HeapGraph,
    contexts: &[NodeIx],
    owners: &mut [u32],
    task: &Task,
) -> Result<BitSet<NodeIx>, Cancelled> {
    let mut fixed = BitSet::new(graph.node_count());
    for (at, &context) in contexts.iter().enumerate() {
        owners[context.at()] = to_u32(at) + FIRST;
        fixed.insert(context);
    }
    let map = StringSet::equal(graph.strings(), "map");
    let native_context = StringSet::equal(graph.strings(), "native_context");
    // Millions of objects share some thousand maps.
    let mut owner_by_map: FxHashMap<NodeIx, u32> = FxHashMap::default();
    for node in graph.nodes() {
        task.check_at(node.at())?;
        let Some(map_of_node) = follow(graph, node, &map) else {
            continue;
        };
        let owner = *owner_by_map.entry(map_of_node).or_insert_with(|| {
            let meta_map = follow(graph, map_of_node, &map);
            let context = meta_map.and_then(|meta_map| follow(graph, meta_map, &native_context));
            let position = context.and_then(|context| contexts.binary_search(&context).ok());
            position.map_or(NOBODY, |at| to_u32(at) + FIRST)
        });
        if owner != NOBODY && fixed.insert(node) {
            owners[node.at()] = owner;
        }
    }
    Ok(fixed)
}

/// The target of the first internal edge of `node` with a name of `names`.
fn follow(graph: &HeapGraph, node: NodeIx, names: &StringSet) -> Option<NodeIx> {
    let mut edges = graph.edges(node);
    let edge = edges.find(|&edge| {
        graph.head(edge).kind() == EdgeKind::Internal
            && names.contains(StringIx::from_raw(graph.edge_name_raw(edge)))
    })?;
    Some(graph.head(edge).target())
}

/// Hands owners on to nodes that are not fixed: each goes from nobody to one owner to several, so it changes at most twice.
fn spread(
    graph: &HeapGraph,
    fixed: &BitSet<NodeIx>,
    owners: &mut [u32],
    task: &Task,
) -> Result<(), Cancelled> {
    let mut changed: Vec<NodeIx> = fixed.iter().collect();
    let mut steps = 0;
    while let Some(node) = changed.pop() {
        steps += 1;
        task.check_at(steps)?;
        let owner = owners[node.at()];
        for head in graph.heads(node) {
            let target = head.target();
            let held = owners[target.at()];
            if head.is_weak()
                || head.is_shortcut()
                || held == owner
                || held == SEVERAL
                || fixed.contains(target)
            {
                continue;
            }
            owners[target.at()] = if held == NOBODY { owner } else { SEVERAL };
            changed.push(target);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::{Dice, Heap, random_heap};

    fn build(heap: &Heap) -> NativeContexts {
        NativeContexts::build(&heap.graph, &heap.dom, &heap.shallow, &Task::new()).unwrap()
    }

    #[test]
    fn ownership_starts_at_contexts_and_maps_and_stops_where_two_meet() {
        let heap = Heap::of(
            "root:synthetic/0 -shortcut:g-> c1=\"system / NativeContext\":hidden/1 -e-> own:object/2 -e-> both:object/4\n\
             root -e-> c2=\"Detached system / NativeContext / file:\":hidden/8 -e-> both -e-> below:object/16\n\
             c2 -weak:w-> nobody:object/32\n\
             own -e-> mapped:object/64 -internal:map-> map:object_shape/128 -internal:map-> meta:object_shape/256\n\
             meta -internal:native_context-> c2\n\
             root -e-> nobody\n\
             other=\"system / NativeContextual\":hidden/512",
        );
        let contexts = build(&heap);
        let of = |attribution| heap.named(|node| contexts.of(node) == attribution);
        let [first, second] = contexts.contexts() else {
            panic!("two contexts")
        };
        assert_eq!(
            of(Attribution::Context(*first)),
            ["system / NativeContext", "own"]
        );
        assert_eq!(
            of(Attribution::Context(*second)),
            ["Detached system / NativeContext / file:", "mapped", "map", "meta"]
        );
        assert_eq!(of(Attribution::Shared), ["both", "below"]);
        assert_eq!(
            of(Attribution::None),
            ["root", "nobody", "system / NativeContextual"]
        );
        assert_eq!(
            contexts.sizes().map(|(_, size)| size).collect::<Vec<_>>(),
            [3, 8 + 64 + 128 + 256]
        );
        assert_eq!(
            (contexts.shared_size(), contexts.unattributed_size()),
            (20, 32 + 512)
        );
    }

    #[test]
    fn the_fixpoint_is_that_of_repeated_passes() {
        for seed in 0..100 {
            let mut dice = Dice::new(seed);
            let nodes = 2 + dice.roll(60);
            let heap = Heap::of(&random_heap(&mut dice, nodes));
            let found = contexts(&heap.graph, &heap.dom, &Task::new()).unwrap();
            let mut owners = vec![NOBODY; heap.graph.node_count()];
            let fixed = seed_of(&heap, &found, &mut owners);
            loop {
                let before = owners.clone();
                for node in heap.graph.nodes() {
                    for head in heap.graph.heads(node) {
                        let (from, to) = (owners[node.at()], &mut owners[head.target().at()]);
                        let counts = !head.is_weak() && !head.is_shortcut();
                        if counts && from != NOBODY && from != *to && !fixed.contains(head.target()) {
                            *to = if *to == NOBODY { from } else { SEVERAL };
                        }
                    }
                }
                if before == owners {
                    break;
                }
            }
            let built = build(&heap);
            assert!(
                built.of.iter().eq(owners.into_iter().map(u64::from)),
                "seed {seed}"
            );
        }
    }

    fn seed_of(heap: &Heap, contexts: &[NodeIx], owners: &mut [u32]) -> BitSet<NodeIx> {
        seed(&heap.graph, contexts, owners, &Task::new()).unwrap()
    }
}
