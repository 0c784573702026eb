//! The objects of the growing holders in one snapshot: who they are, and how many entries the holders have in truth.

use super::super::SAMPLES;
use crate::analysis::growth::GrowingHolder;
use crate::analysis::hash_tables::{Layout, Part, slot};
use crate::analysis::leak_shares::split;
use crate::analysis::path_tree::PathTree;
use crate::analysis::path_tree::labels::{MAP_KEY, MAP_VALUE};
use crate::analysis::path_tree::merged::MergedTrees;
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeKind, EdgeName};
use crate::snapshot::Snapshot;

/// The objects of one growing holder.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    /// Entries, and the holders themselves where they are collections: what the holder's share is reckoned from.
    pub(super) nodes: Vec<NodeIx>,
    /// Ids of the counted entries, ascending.
    pub(super) entry_ids: Vec<u64>,
    /// Some of the newest entries.
    pub(super) samples: Vec<NodeIx>,
    /// How many entries the holders have, those included that are met first elsewhere.
    pub(super) entries: u64,
}

/// The members of each growing holder in the heap number `heap`.
pub(super) fn find(
    snapshot: &Snapshot,
    merged: &MergedTrees<'_>,
    heap: usize,
    growing: &[GrowingHolder],
    task: &Task,
) -> Result<Vec<Members>, Cancelled> {
    let tree = &merged.trees()[heap];
    let graph = snapshot.graph();
    // Of which groups, as bits, the objects of a place are entries, counted entries, or holders.
    let mut entry_of = vec![0_u64; tree.len()];
    let mut counted_of = vec![0_u64; tree.len()];
    let mut holder_of = vec![0_u64; tree.len()];
    for (nth, holder) in growing.iter().enumerate() {
        let mark = |column: &mut Vec<u64>, places: &[_]| {
            for &place in places {
                for member in merged.members(place, heap) {
                    column[member.at()] |= 1 << nth;
                }
            }
        };
        mark(&mut entry_of, &holder.entries);
        mark(&mut counted_of, &holder.counted);
        if holder.is_collection {
            mark(&mut holder_of, &holder.places);
        }
    }
    let rules: Vec<Option<Counting>> = growing
        .iter()
        .map(|holder| Counting::of(merged, heap, holder))
        .collect();
    let mut found = vec![Members::default(); growing.len()];
    let mut targets: Vec<Vec<NodeIx>> = vec![Vec::new(); growing.len()];
    for (step, node) in graph.nodes().rev().enumerate() {
        task.check_at(step)?;
        let Some(place) = tree.of(node) else { continue };
        let place = place.at();
        for (nth, _) in split(0, entry_of[place] | holder_of[place]) {
            let members = &mut found[nth];
            members.nodes.push(node);
            let is_object = !tree.is_part(node);
            let is_grown = growing[nth].entries.is_empty();
            if is_object && counted_of[place] >> nth & 1 != 0 {
                members.entry_ids.push(snapshot.id(node).0);
            }
            let is_sample = is_grown || counted_of[place] >> nth & 1 != 0;
            if is_object && is_sample && members.samples.len() < SAMPLES {
                members.samples.push(node);
            }
            if holder_of[place] >> nth & 1 != 0
                && let Some(rule) = &rules[nth]
            {
                rule.collect(snapshot, tree, node, &mut targets[nth]);
            }
        }
    }
    for (members, mut targets) in found.iter_mut().zip(targets) {
        members.entry_ids.sort_unstable();
        targets.sort_unstable();
        targets.dedup();
        members.entries = targets.len() as u64;
    }
    Ok(found)
}

/// What counts as an entry of a collection.
struct Counting {
    /// The class of the entries: a text of the heap's own tree.
    class: u32,
    /// Which part of a map's entries; none for all else.
    part: Option<Part>,
}

impl Counting {
    fn of(merged: &MergedTrees<'_>, heap: usize, holder: &GrowingHolder) -> Option<Self> {
        let &first = holder.counted.first()?;
        let place = merged.place(first);
        let numbers = merged.numbers_of_texts(heap);
        let class = numbers.iter().position(|&number| number == place.class)?;
        Some(Self {
            class: crate::base::index::to_u32(class),
            part: match place.edge {
                MAP_KEY => Some(Part::Key),
                MAP_VALUE => Some(Part::Value),
                _ => None,
            },
        })
    }

    /// Adds the entries to which edges of `node`, a collection or a part of one, lead.
    fn collect(&self, snapshot: &Snapshot, tree: &PathTree, node: NodeIx, into: &mut Vec<NodeIx>) {
        let graph = snapshot.graph();
        let layout = self.part.and_then(|_| Layout::of_collection(graph, node));
        let is_part = |edge: EdgeIx| match self.part {
            None => true,
            Some(part) => {
                let place = || layout?.place(slot(graph, edge)?);
                place().is_some_and(|(_, found)| found == part)
            }
        };
        let is_part_of_one = tree.is_part(node);
        for (edge, head) in graph.edges(node).zip(graph.heads(node)) {
            let target = head.target();
            let is_entry = || {
                let place = tree.of(target)?;
                Some(!tree.is_part(target) && tree.place(place).class == self.class)
            };
            let is_way = is_part_of_one
                || match head.kind() {
                    EdgeKind::Element | EdgeKind::Hidden => true,
                    EdgeKind::Property => graph.edge_name(edge) != EdgeName::Text("__proto__".into()),
                    _ => false,
                };
            if is_way && is_entry() == Some(true) && is_part(edge) {
                into.push(target);
            }
        }
    }
}
