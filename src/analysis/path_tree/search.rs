//! The search that finds the places: breadth first, in the order in which ways explain something.

use rustc_hash::FxHashMap;

use super::exports;
use super::labels::{self, Labels, Role};
use super::{Family, NOWHERE, PathTree, Place, PlaceIx, Source};
use crate::analysis::essential::is_user_root;
use crate::analysis::hash_tables::{Layout, TableKind, slot};
use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::memory::filled;
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeKind, HeapGraph, NodeKind};

/// Objects with more properties than this are tables for whatever comes: their properties' names are folded. (Not those of the
/// program's roots: a browser's window has a thousand.)
const MANY_PROPERTIES: usize = 256;
/// Objects with so many edges may have a table of properties, whose order is another in each process: of ways of equal length
/// the first by name is taken. (Larger tables are folded.)
const TABLE_OF_NAMES: std::ops::Range<usize> = 24..4096;
/// A list may be linked through so many steps that repeat.
const LONGEST_PERIOD: usize = 3;
/// What waits for a promise to be settled.
const REACTION: &str = "system / PromiseReaction";
/// Where less than this part of a table's room has entries that leave edges, what they are is not to be told by edges.
const SPARSE: u64 = 32;
/// Bytes of a slot, at most.
const LONGEST_WORD: u64 = 8;
/// So many slots one in the other are levels; more are a list.
const SLOT_LEVELS: u8 = 8;

/// The places of all nodes that a way leads to.
pub(super) fn run(source: Source<'_>, task: &Task) -> Result<PathTree, Cancelled> {
    let graph = source.graph;
    let mut search = Search {
        source,
        labels: Labels::new(graph),
        exports: exports::find(graph, task)?,
        places: Vec::new(),
        runs: Vec::new(),
        of: filled(graph.node_count(), NOWHERE),
        parts: BitSet::new(graph.node_count()),
        waiting: BitSet::new(graph.node_count()),
        by_step: FxHashMap::default(),
        next: Vec::new(),
        later: Vec::new(),
        open_parts: Vec::new(),
        steps: 0,
    };
    let root = graph.root();
    let class = search.labels.class(root);
    search.add(PlaceIx::new(0), labels::SLOT, class, Family::Root);
    search.occupy(root, PlaceIx::new(0));
    for seeds in seeds(graph) {
        for (holder, edge) in seeds {
            search.follow(holder, edge, Via::Object);
        }
        // What the engine's roots lead to has its own turns.
        search.next.retain(|&node| !is_gc_roots(graph, node));
        search.drain(task)?;
    }
    search.count_chains();
    Ok(PathTree {
        places: search.places,
        of: search.of,
        parts: search.parts,
        texts: search.labels.into_texts(),
    })
}

/// Where the search begins: the program's roots, then the embedder's, then the engine's, those that explain least last; of each
/// the node that the edge leaves.
fn seeds(graph: &HeapGraph) -> Vec<Vec<(NodeIx, EdgeIx)>> {
    let root = graph.root();
    let mut ranks: Vec<Vec<(NodeIx, EdgeIx)>> = vec![Vec::new(); 6];
    for edge in graph.edges(root) {
        let target = graph.head(edge).target();
        if is_gc_roots(graph, target) {
            ranks[2].push((root, edge));
            for edge in graph.edges(target) {
                let name = graph.raw_name(graph.head(edge).target());
                let rank = match name.as_str() {
                    Some("(Global handles)" | "(Eternal handles)" | "(Traced handles)") => 2,
                    Some("(Handle scope)" | "(Stack roots)" | "(Micro tasks)" | "(Relocatable)") => 4,
                    Some(
                        "(Internalized strings)"
                        | "(Compilation cache)"
                        | "(External strings)"
                        | "(Bootstrapper)"
                        | "(Startup object cache)"
                        | "(Read-only object cache)"
                        | "(Shareable object cache)"
                        | "(Code flusher)"
                        | "(Debugger)",
                    ) => 5,
                    _ => 3,
                };
                ranks[rank].push((target, edge));
            }
        } else {
            let rank = usize::from(!is_user_root(graph, target));
            ranks[rank].push((root, edge));
        }
    }
    ranks
}

/// Is `node` the one that all of the engine's roots hang from?
fn is_gc_roots(graph: &HeapGraph, node: NodeIx) -> bool {
    graph.kind(node) == NodeKind::Synthetic && graph.raw_name(node) == "(GC roots)"
}

/// From what an edge is followed.
#[derive(Clone, Copy)]
enum Via {
    /// An object itself.
    Object,
    /// The variables of a function.
    Variables,
    /// An array that belongs to an object.
    Store(Option<Layout>),
}

struct Search<'a> {
    source: Source<'a>,
    labels: Labels<'a>,
    /// Names of exported variables, by their cells.
    exports: FxHashMap<NodeIx, NodeIx>,
    places: Vec<Place>,
    /// How many places of the same label stand one in the other up to each.
    runs: Vec<u8>,
    of: Vec<u32>,
    parts: BitSet<NodeIx>,
    /// Nodes to which an edge of `later` leads.
    waiting: BitSet<NodeIx>,
    by_step: FxHashMap<(PlaceIx, u32, u32), PlaceIx>,
    next: Vec<NodeIx>,
    /// Edges that are followed when nothing else is left.
    later: Vec<(NodeIx, EdgeIx)>,
    /// Parts of the object under way whose own edges are still to be followed.
    open_parts: Vec<(NodeIx, Via)>,
    steps: usize,
}

impl Search<'_> {
    /// Goes on until nothing more is reached.
    fn drain(&mut self, task: &Task) -> Result<(), Cancelled> {
        let mut level = Vec::new();
        loop {
            level.clear();
            std::mem::swap(&mut level, &mut self.next);
            if level.is_empty() {
                if self.later.is_empty() {
                    return Ok(());
                }
                for (holder, edge) in std::mem::take(&mut self.later) {
                    self.steps += 1;
                    task.check_at(self.steps)?;
                    self.place(holder, edge, Via::Object);
                }
                continue;
            }
            for (at, &node) in level.iter().enumerate() {
                self.source.graph.prefetch_edges(&level, at);
                self.expand(node, task)?;
            }
        }
    }

    /// Follows all edges of an object and of its parts.
    fn expand(&mut self, node: NodeIx, task: &Task) -> Result<(), Cancelled> {
        self.follow_all(node, Via::Object, task)?;
        while let Some((part, via)) = self.open_parts.pop() {
            self.follow_all(part, via, task)?;
        }
        Ok(())
    }

    fn follow_all(&mut self, node: NodeIx, via: Via, task: &Task) -> Result<(), Cancelled> {
        let graph = self.source.graph;
        let edges = graph.edges(node);
        if let Via::Store(layout) = via {
            self.count_entries(node, layout);
        }
        if TABLE_OF_NAMES.contains(&edges.len()) && graph.kind(node) == NodeKind::Object {
            let mut sorted: Vec<EdgeIx> = edges.collect();
            sorted.sort_by_key(|&edge| self.rank(edge));
            for edge in sorted {
                self.follow(node, edge, via);
            }
            return task.check();
        }
        for edge in edges {
            self.steps += 1;
            task.check_at(self.steps)?;
            self.follow(node, edge, via);
        }
        Ok(())
    }

    /// Where `edge` comes in an order that is the same in every process: by its name.
    fn rank(&self, edge: EdgeIx) -> &[u8] {
        let graph = self.source.graph;
        graph
            .edge_name_ix(edge)
            .map_or(&[], |name| graph.strings().get(name).bytes())
    }

    /// Goes over `edge`, which leaves `holder`, if that leads to something new: at once or later.
    fn follow(&mut self, holder: NodeIx, edge: EdgeIx, via: Via) {
        let Source {
            graph, ephemerons, ..
        } = self.source;
        let head = graph.head(edge);
        let target = head.target();
        // The root's weak edges count where they make a root of the program's, as they do for the distances.
        let is_weak = head.is_weak() && !(holder == graph.root() && is_user_root(graph, target));
        if is_weak
            || self.of[target.at()] != NOWHERE
            || ephemerons.has_edges(holder) && ephemerons.is_tables_half(edge)
        {
            return;
        }
        if self.is_detour(edge, target) {
            if self.waiting.insert(target) {
                self.later.push((holder, edge));
            }
            return;
        }
        match self.part(holder, edge, via) {
            Some(via) => self.take_part(holder, target, via),
            None => self.place(holder, edge, via),
        }
    }

    /// Does the way go through what the engine keeps for itself?
    fn is_detour(&self, edge: EdgeIx, target: NodeIx) -> bool {
        let graph = self.source.graph;
        match graph.kind(target) {
            NodeKind::Code | NodeKind::ObjectShape => true,
            _ => matches!(
                (graph.head(edge).kind(), self.labels.role(edge)),
                (EdgeKind::Internal, Role::Engine) | (_, Role::Detour)
            ),
        }
    }

    /// What of `holder` it is that `edge` leads to, if it is a part of it.
    fn part(&self, holder: NodeIx, edge: EdgeIx, via: Via) -> Option<Via> {
        let graph = self.source.graph;
        let head = graph.head(edge);
        let target = head.target();
        if head.kind() != EdgeKind::Internal || graph.kind(holder) == NodeKind::Synthetic {
            return None;
        }
        let is_context = || graph.raw_name(target).starts_with("system / Context");
        match (self.labels.role(edge), via) {
            (Role::Store, Via::Object) => {
                let is_array = graph.kind(target) == NodeKind::Array;
                let name = graph.edge_name(edge);
                let is_named = |text: &str| name == crate::graph::EdgeName::Text(text.into());
                if is_array && is_named("table") {
                    return Some(Via::Store(Layout::of_collection(graph, target)));
                }
                if is_array && is_named("properties") {
                    return Some(Via::Store(Layout::of_properties(graph, target)));
                }
                let is_store = is_array || graph.raw_name(target) == "system / PropertyArray";
                is_store.then_some(Via::Store(None))
            }
            (Role::Context, Via::Object) => {
                (graph.kind(holder) == NodeKind::Closure && is_context()).then_some(Via::Variables)
            }
            (Role::Previous, Via::Variables) => is_context().then_some(Via::Variables),
            (Role::Buffer, Via::Object) => (graph.kind(target) == NodeKind::Native).then_some(Via::Object),
            (Role::Half, _) => {
                let is_string = |node| {
                    matches!(
                        graph.kind(node),
                        NodeKind::String | NodeKind::ConcatenatedString | NodeKind::SlicedString
                    )
                };
                (graph.kind(holder) == NodeKind::ConcatenatedString && is_string(target))
                    .then_some(Via::Object)
            }
            _ => None,
        }
    }

    /// Counts `part` for the place of `holder`.
    fn take_part(&mut self, holder: NodeIx, part: NodeIx, via: Via) {
        let at = self.of[holder.at()];
        self.of[part.at()] = at;
        self.parts.insert(part);
        let place = &mut self.places[at as usize];
        place.size += self.source.shallow.get(part);
        match via {
            // What is in it is counted when its edges are followed.
            Via::Store(_) => {}
            // Of a joined string, the joints: as many as there were pieces put together.
            _ if self.source.graph.kind(part) == NodeKind::ConcatenatedString => place.capacity += 1,
            _ => {}
        }
        self.open_parts.push((part, via));
    }

    /// Counts the entries of a table or an array that belongs to an object.
    fn count_entries(&mut self, store: NodeIx, layout: Option<Layout>) {
        let graph = self.source.graph;
        // Its bytes may be reckoned as its object's own already.
        let size = graph.self_size(store);
        let (entries, room) = if let Some(layout) = layout {
            let edges = graph.edges(store);
            let places = edges.filter_map(|edge| Some(layout.place(slot(graph, edge)?)?.0));
            let mut entries: Vec<u32> = places.collect();
            entries.sort_unstable();
            entries.dedup();
            (entries.len() as u64, u64::from(layout.capacity()))
        } else {
            let is_internal = |edge| graph.head(edge).kind() == EdgeKind::Internal;
            let is_slot = |&edge: &EdgeIx| !is_internal(edge) || slot(graph, edge).is_some();
            let slots = graph.edges(store).filter(is_slot).count();
            (slots as u64, size / LONGEST_WORD)
        };
        // Keys of weak tables live elsewhere: however many there are, the table is not why.
        let is_weak = layout.is_some_and(|layout| layout.kind == TableKind::Weak);
        let place = &mut self.places[self.of[store.at()] as usize];
        if is_weak {
            place.tables += size;
        } else if entries > 0 && entries >= room / SPARSE {
            place.entries += entries;
            place.tables += size;
        } else if layout.is_some() {
            place.capacity += room;
        }
    }

    /// Counts what `edge` leads to, and goes on from there in the next round.
    fn place(&mut self, holder: NodeIx, edge: EdgeIx, via: Via) {
        let graph = self.source.graph;
        let target = graph.head(edge).target();
        if self.of[target.at()] != NOWHERE {
            return;
        }
        let above = PlaceIx::from_raw(self.of[holder.at()]);
        let label = self.label(holder, above, edge, via);
        let class = self.labels.class(target);
        let place = self.step(above, label, class, target);
        self.occupy(target, place);
        self.next.push(target);
    }

    fn label(&mut self, holder: NodeIx, above: PlaceIx, edge: EdgeIx, via: Via) -> u32 {
        let Source {
            graph, ephemerons, ..
        } = self.source;
        if let Via::Store(layout) = via {
            return self.labels.in_store(edge, layout);
        }
        if graph.kind(holder) == NodeKind::Synthetic && !graph.head(edge).is_shortcut() {
            return labels::SLOT;
        }
        if let Some(&name) = self.exports.get(&graph.head(edge).target()) {
            return self.labels.name(graph.name_ix(name));
        }
        match graph.head(edge).kind() {
            EdgeKind::Property
                if self.places[above.at()].parent.at() != 0
                    && graph.edge_range(holder).len() > MANY_PROPERTIES =>
            {
                labels::SLOT
            }
            EdgeKind::Internal if ephemerons.has_edges(holder) && ephemerons.pair(edge).is_some() => {
                labels::WEAK_VALUE
            }
            _ => self.labels.edge(edge),
        }
    }

    /// The place one step on from `above`.
    fn step(&mut self, above: PlaceIx, edge: u32, class: u32, node: NodeIx) -> PlaceIx {
        if let Some(&known) = self.by_step.get(&(above, edge, class)) {
            return known;
        }
        let family = self.family(node);
        if let Some(link) = self.earlier_link(above, edge, class, self.is_engines(node)) {
            self.places[link.at()].is_chain = true;
            self.by_step.insert((above, edge, class), link);
            return link;
        }
        let place = self.add(above, edge, class, family);
        self.by_step.insert((above, edge, class), place);
        place
    }

    /// The place of an earlier link of a list whose next link the step would lead to.
    fn earlier_link(&self, above: PlaceIx, edge: u32, class: u32, is_engines: bool) -> Option<PlaceIx> {
        let is_same = |place: PlaceIx| {
            let place = &self.places[place.at()];
            (place.edge, place.class) == (edge, class)
        };
        if labels::is_slot(edge) && above.at() == 0 {
            return None;
        }
        if labels::is_slot(edge) {
            // The engine's own lists have no names for the way to the next link.
            let levels = if is_engines { 0 } else { SLOT_LEVELS };
            return (is_same(above) && self.runs[above.at()] >= levels).then_some(above);
        }
        let mut place = above;
        for _ in 0..LONGEST_PERIOD {
            if place.at() == 0 {
                return None;
            }
            if is_same(place) {
                return Some(place);
            }
            place = self.places[place.at()].parent;
        }
        None
    }

    fn add(&mut self, parent: PlaceIx, edge: u32, class: u32, family: Family) -> PlaceIx {
        let run = self.places.get(parent.at()).map_or(0, |above| {
            let same = (above.edge, above.class) == (edge, class);
            if same {
                self.runs[parent.at()].saturating_add(1)
            } else {
                0
            }
        });
        self.runs.push(run);
        self.places.push(Place {
            parent,
            edge,
            class,
            family,
            is_chain: false,
            count: 0,
            chained: 0,
            size: 0,
            capacity: 0,
            entries: 0,
            tables: 0,
        });
        PlaceIx::new(self.places.len() - 1)
    }

    fn occupy(&mut self, node: NodeIx, place: PlaceIx) {
        self.of[node.at()] = place.raw();
        let place = &mut self.places[place.at()];
        place.count += 1;
        place.size += self.source.shallow.get(node);
        if self.source.graph.kind(node) == NodeKind::ConcatenatedString {
            place.capacity += 1;
        }
    }

    fn family(&self, node: NodeIx) -> Family {
        let graph = self.source.graph;
        match graph.kind(node) {
            NodeKind::Synthetic => Family::Root,
            // Who waits for a promise does so for the program's reasons.
            _ if graph.raw_name(node) == REACTION => Family::Program,
            _ if self.is_engines(node) => Family::Engine,
            _ => Family::Program,
        }
    }

    /// Is `node` something that the engine made for itself?
    fn is_engines(&self, node: NodeIx) -> bool {
        let graph = self.source.graph;
        match graph.kind(node) {
            NodeKind::Hidden | NodeKind::Array | NodeKind::Code | NodeKind::ObjectShape => true,
            NodeKind::Object => labels::is_system(graph.raw_name(node)),
            _ => false,
        }
    }

    /// Says of the place of a list's first link how many more there are.
    fn count_chains(&mut self) {
        for at in (1..self.places.len()).rev() {
            let Place {
                parent,
                class,
                is_chain,
                count,
                ..
            } = self.places[at];
            let first = &mut self.places[parent.at()];
            if is_chain && first.class == class {
                first.chained += count;
            }
        }
    }
}
