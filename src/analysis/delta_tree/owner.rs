//! The change along the dominator tree, whose it is on top: package, module, holder, and what hangs from it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{DeltaLabel, DeltaTree, PlaceIx, Planting, TextIx, Which};
use crate::analysis::comparison::{Comparison, InBase, Side};
use crate::analysis::dominators::Dominators;
use crate::analysis::names;
use crate::analysis::owners::{OwnerIx, Owners};
use crate::analysis::packages::Package;
use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::memory::filled;
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::graph::{EdgeKind, EdgeName, HeapGraph};

/// What this needs to know of a snapshot.
#[derive(Clone, Copy, Debug)]
pub struct OwnerSide<'a> {
    /// What every comparison needs.
    pub side: Side<'a>,
    /// The dominator tree.
    pub dominators: &'a Dominators,
    /// All nodes, each after its immediate dominator.
    pub order: &'a [NodeIx],
    /// Retained sizes in bytes.
    pub retained: &'a Packed<NodeIx>,
    /// Whose each object is.
    pub owners: &'a Owners,
}

/// Objects that retain one in so many of all bytes, and at least so many bytes, have places of their own.
const LARGE_SHARE: u64 = 4000;
const LARGE: u64 = 1024;

/// What is nobody's.
const NOBODY: &str = "(no script)";

/// Objects with more properties than that are tables: what they hold has no names of its own.
const MOST_NAMES: usize = 256;

/// The change from `base` to `current` along their dominator trees.
pub fn build(
    comparison: &Comparison,
    base: OwnerSide<'_>,
    current: OwnerSide<'_>,
    task: &Task,
) -> Result<DeltaTree, Cancelled> {
    let mut planting = Planting::new();
    let large = |side: OwnerSide<'_>| {
        let total = side.retained.get(side.side.graph.root());
        (total / LARGE_SHARE).max(LARGE)
    };
    let large = large(base).max(large(current));
    let [both_in_base, both_in_current] = if comparison.is_matched() {
        both_have(base, current, large, task)?
    } else {
        [base, current].map(|side| BitSet::new(side.side.graph.node_count()))
    };
    for (which, side, both) in [
        (Which::Base, base, &both_in_base),
        (Which::Current, current, &both_in_current),
    ] {
        let mut sower = Sower {
            comparison,
            which,
            of: side,
            large,
            both,
            names: FxHashMap::default(),
            groups: FxHashMap::default(),
            planting: &mut planting,
        };
        sower.name_large(task)?;
        sower.sow(task)?;
    }
    let extra = |side: OwnerSide<'_>| side.side.graph.header().extra_native_bytes;
    planting.put_without_nodes(extra(base), extra(current));
    task.check()?;
    Ok(planting.grow(comparison))
}

/// Objects that both snapshots have and that are large in one of them, as nodes of either.
fn both_have(
    base: OwnerSide<'_>,
    current: OwnerSide<'_>,
    large: u64,
    task: &Task,
) -> Result<[BitSet<NodeIx>; 2], Cancelled> {
    let mut wanted = FxHashSet::default();
    for of in [base, current] {
        for node in of.side.graph.nodes() {
            task.check_at(node.at())?;
            if of.retained.get(node) >= large {
                wanted.insert(of.side.graph.id(node).0);
            }
        }
    }
    let find = |of: OwnerSide<'_>| -> Result<Vec<(u64, NodeIx)>, Cancelled> {
        let graph = of.side.graph;
        let mut found = Vec::new();
        for node in graph.nodes() {
            task.check_at(node.at())?;
            let id = graph.id(node).0;
            if wanted.contains(&id) {
                found.push((id, node));
            }
        }
        found.sort_unstable();
        Ok(found)
    };
    let (before, now) = (find(base)?, find(current)?);
    let marked = |of: OwnerSide<'_>, found: &[(u64, NodeIx)], others: &[(u64, NodeIx)]| {
        let mut both = BitSet::new(of.side.graph.node_count());
        for &(id, node) in found {
            if others.binary_search_by_key(&id, |&(id, _)| id).is_ok() {
                both.insert(node);
            }
        }
        both
    };
    Ok([marked(base, &before, &now), marked(current, &now, &before)])
}

/// Puts the objects of one snapshot in their places.
struct Sower<'a, 'p> {
    comparison: &'a Comparison,
    which: Which,
    of: OwnerSide<'a>,
    large: u64,
    /// Objects that the other snapshot has too, and that are large in one of them.
    both: &'a BitSet<NodeIx>,
    /// What large objects are called where they hang.
    names: FxHashMap<NodeIx, TextIx>,
    groups: FxHashMap<Option<u32>, PlaceIx>,
    planting: &'p mut Planting,
}

impl Sower<'_, '_> {
    fn is_large(&self, node: NodeIx) -> bool {
        self.of.retained.get(node) >= self.large
    }

    /// Finds out what large objects are called by what dominates them.
    fn name_large(&mut self, task: &Task) -> Result<(), Cancelled> {
        let graph = self.of.side.graph;
        let mut steps = 0;
        for node in graph.nodes() {
            task.check_at(node.at())?;
            if !self.is_large(node) {
                continue;
            }
            for edge in graph.edges(node) {
                steps += 1;
                task.check_at(steps)?;
                let target = graph.head(edge).target();
                if self.of.dominators.of(target) == node
                    && target != node
                    && self.is_large(target)
                    && !self.names.contains_key(&target)
                {
                    let name = self.planting.text(JsStr::from(&*edge_label(graph, node, edge)));
                    self.names.insert(target, name);
                }
            }
        }
        Ok(())
    }

    fn sow(&mut self, task: &Task) -> Result<(), Cancelled> {
        let Side { graph, shallow, .. } = self.of.side;
        let mut places = filled(graph.node_count(), DeltaTree::TOP);
        for (position, &node) in self.of.order.iter().enumerate() {
            task.check_at(position)?;
            let size = shallow.get(node);
            let above = self.of.dominators.of(node);
            let owner = self.of.owners.of(node);
            let parent = if above == node || self.of.owners.of(above) != owner || above == graph.root() {
                self.group(owner.map(OwnerIx::raw))
            } else {
                places[above.at()]
            };
            let place = if self.of.side.own_cost.is_some_and(|cost| cost.contains(node)) {
                self.planting.under(DeltaTree::TOP, DeltaLabel::OwnCost)
            } else if size == 0 {
                parent
            } else {
                self.place(parent, node)
            };
            places[node.at()] = place;
            if size > 0 {
                self.planting.put(place, self.which, node, size);
            }
        }
        Ok(())
    }

    fn place(&mut self, parent: PlaceIx, node: NodeIx) -> PlaceIx {
        let row = match self.which {
            Which::Base => self.comparison.row_of_base(InBase(node)),
            Which::Current => self.comparison.row_of_current(self.of.side.classes.of(node)),
        };
        let Some(row) = row else { return parent };
        let in_both = self.both.contains(node);
        if !in_both && !self.is_large(node) {
            return self.planting.unnamed_step(parent, row);
        }
        let id = self.of.side.graph.id(node).0;
        let name = self.names.get(&node).copied();
        if in_both {
            // Called as in the base: an object that both have is one place, whatever it is called now.
            let known = self.planting.by_id.get(&(parent, id)).copied();
            let place = known.unwrap_or_else(|| self.planting.step(parent, name, row, Some(id)));
            self.planting.by_id.insert((parent, id), place);
            return place;
        }
        self.planting.step(parent, name, row, None)
    }

    /// The place of a module, under that of its package.
    fn group(&mut self, owner: Option<u32>) -> PlaceIx {
        if let Some(&known) = self.groups.get(&owner) {
            return known;
        }
        let owners = self.of.owners;
        let place = match owner.map(OwnerIx::from_raw) {
            None => {
                let text = self.planting.text(NOBODY.into());
                self.planting.under(DeltaTree::TOP, DeltaLabel::Group(text))
            }
            Some(owner) => {
                let path = owners.path(owner).to_string();
                let package = Package::of(&path).to_string();
                let text = self.planting.text((&*package).into());
                let package = self.planting.under(DeltaTree::TOP, DeltaLabel::Group(text));
                let text = self.planting.text(owners.path(owner));
                self.planting.under(package, DeltaLabel::Group(text))
            }
        };
        self.groups.insert(owner, place);
        place
    }
}

/// Is `node` used as a table, its properties being keys? A global object is not, however many names it has.
pub(super) fn is_table(graph: &HeapGraph, node: NodeIx) -> bool {
    graph.edge_range(node).len() > MOST_NAMES && {
        let mut roots = graph.heads(graph.root()).iter();
        !roots.any(|head| head.is_shortcut() && head.target() == node)
    }
}

/// What `edge` of `source` is called on paths: places of lists and tables all alike.
pub(super) fn edge_label(graph: &HeapGraph, source: NodeIx, edge: EdgeIx) -> String {
    const PLACE: &str = "[…]";
    let kind = graph.head(edge).kind();
    match names::edge(graph, edge) {
        EdgeName::Index(_) => PLACE.to_owned(),
        EdgeName::Text(text) if kind == EdgeKind::Property => {
            let text = text.to_string_lossy();
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            if is_number || is_table(graph, source) {
                PLACE.to_owned()
            } else {
                format!(".{text}")
            }
        }
        EdgeName::Text(text) => {
            let text = text.to_string_lossy();
            let is_slot = text.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
            if is_slot {
                PLACE.to_owned()
            } else {
                text.into_owned()
            }
        }
    }
}
