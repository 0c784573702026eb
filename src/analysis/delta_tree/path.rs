//! The change along the shortest retaining paths: what each step is called, and of which class it is.

use super::owner::{edge_label, is_table};
use super::{DeltaLabel, DeltaTree, PlaceIx, Planting, TextIx, Which};
use crate::analysis::comparison::{Comparison, InBase, Side};
use crate::analysis::distances::{Distances, Reach};
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::memory::filled;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::graph::{EdgeKind, HeapGraph, NodeKind};

/// What this needs to know of a snapshot.
#[derive(Clone, Copy, Debug)]
pub struct PathSide<'a> {
    /// What every comparison needs.
    pub side: Side<'a>,
    /// Distances from the roots.
    pub distances: &'a Distances,
}

/// What the program's own roots do not reach.
const ENGINE: &str = "(held by the engine only)";
const UNREACHED: &str = "(not reached from the roots)";

/// The change from `base` to `current` along the shortest paths from their roots.
pub fn build(
    comparison: &Comparison,
    base: PathSide<'_>,
    current: PathSide<'_>,
    task: &Task,
) -> Result<DeltaTree, Cancelled> {
    let mut planting = Planting::new();
    for (which, of) in [(Which::Base, base), (Which::Current, current)] {
        let mut sower = Sower {
            comparison,
            which,
            of,
            labels: [(); 2].map(|()| vec![None; of.side.graph.strings().len()]),
            slot: None,
            planting: &mut planting,
        };
        sower.sow(task)?;
    }
    let extra = |of: PathSide<'_>| of.side.graph.header().extra_native_bytes;
    planting.put_without_nodes(extra(base), extra(current));
    task.check()?;
    Ok(planting.grow(comparison))
}

/// Nodes from the nearest to the farthest, those of the program before those of the engine, equally near ones in file order.
fn nearest_first(graph: &HeapGraph, distances: &Distances, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
    let key = |node| {
        let distance = distances.of(node);
        let edges = distance.edges().unwrap_or(0) as usize;
        match distance.reach() {
            Reach::User => 2 * edges,
            Reach::System => 2 * edges + 1,
            Reach::Unreachable => 1,
        }
    };
    // Even numbers are the program's: a counting sort, then those first.
    let mut counts: Vec<u32> = Vec::new();
    for node in graph.nodes() {
        task.check_at(node.at())?;
        let key = key(node);
        if key >= counts.len() {
            counts.resize(key + 1, 0);
        }
        counts[key] += 1;
    }
    let mut starts = vec![0; counts.len()];
    let mut next = 0;
    for parity in [0, 1] {
        for key in (parity..counts.len()).step_by(2) {
            starts[key] = next;
            next += counts[key];
        }
    }
    let mut order = filled(graph.node_count(), NodeIx::from_raw(0));
    for node in graph.nodes() {
        task.check_at(node.at())?;
        let slot = &mut starts[key(node)];
        order[*slot as usize] = node;
        *slot += 1;
    }
    Ok(order)
}

/// Puts the objects of one snapshot in their places.
struct Sower<'a, 'p> {
    comparison: &'a Comparison,
    which: Which,
    of: PathSide<'a>,
    /// What edges of a name are called, by the name's number: properties, and all others.
    labels: [Vec<Option<TextIx>>; 2],
    /// What places of tables are called.
    slot: Option<TextIx>,
    planting: &'p mut Planting,
}

/// In place of a place: not known so far.
const UNKNOWN: PlaceIx = PlaceIx::from_raw(u32::MAX);

impl Sower<'_, '_> {
    fn sow(&mut self, task: &Task) -> Result<(), Cancelled> {
        let Side { graph, shallow, .. } = self.of.side;
        let order = nearest_first(graph, self.of.distances, task)?;
        let mut places = filled(graph.node_count(), UNKNOWN);
        let mut steps = 0;
        for node in order {
            steps += 1;
            task.check_at(steps)?;
            if places[node.at()] == UNKNOWN {
                let top = self.top(node);
                places[node.at()] = self.place(top, node, None);
            }
            let place = places[node.at()];
            let size = shallow.get(node);
            if size > 0 {
                self.planting.put(place, self.which, node, size);
            }
            let distance = self.of.distances.of(node);
            let Some(next) = distance.edges().map(|edges| edges + 1) else {
                continue;
            };
            for (edge, head) in graph.edges(node).zip(graph.heads(node)) {
                steps += 1;
                task.check_at(steps)?;
                let target = head.target();
                if head.is_weak() || places[target.at()] != UNKNOWN {
                    continue;
                }
                let there = self.of.distances.of(target);
                if there.edges() == Some(next) && there.reach() == distance.reach() {
                    places[target.at()] = self.place(place, target, Some((node, edge)));
                }
            }
        }
        Ok(())
    }

    /// Where a node hangs that no nearer one leads to.
    fn top(&mut self, node: NodeIx) -> PlaceIx {
        let text = match self.of.distances.of(node).reach() {
            Reach::User => return DeltaTree::TOP,
            Reach::System => ENGINE,
            Reach::Unreachable => UNREACHED,
        };
        let text = self.planting.text(text.into());
        self.planting.under(DeltaTree::TOP, DeltaLabel::Group(text))
    }

    fn place(&mut self, parent: PlaceIx, node: NodeIx, way: Option<(NodeIx, EdgeIx)>) -> PlaceIx {
        let Side { graph, shallow, .. } = self.of.side;
        if self.of.side.own_cost.is_some_and(|cost| cost.contains(node)) {
            return self.planting.under(DeltaTree::TOP, DeltaLabel::OwnCost);
        }
        if shallow.get(node) == 0 {
            // A part of what holds it, or one of the engine's groups of roots.
            if graph.kind(node) != NodeKind::Synthetic || node == graph.root() {
                return parent;
            }
            let text = self.planting.text(graph.raw_name(node));
            return self.planting.under(parent, DeltaLabel::Group(text));
        }
        let row = match self.which {
            Which::Base => self.comparison.row_of_base(InBase(node)),
            Which::Current => self.comparison.row_of_current(self.of.side.classes.of(node)),
        };
        let Some(row) = row else { return parent };
        let edge = way.map(|(source, edge)| self.label(source, edge));
        self.planting.step(parent, edge, row, None)
    }

    fn label(&mut self, source: NodeIx, edge: EdgeIx) -> TextIx {
        let graph = self.of.side.graph;
        let is_property = graph.head(edge).kind() == EdgeKind::Property;
        // What a property is called depends on how many others there are; all others are called alike everywhere.
        let known = match graph.edge_name_ix(edge) {
            Some(name) if !(is_property && is_table(graph, source)) => {
                self.labels[usize::from(is_property)].get_mut(name.at())
            }
            _ => Some(&mut self.slot),
        };
        if let Some(&mut Some(known)) = known {
            return known;
        }
        let text = self.planting.text(JsStr::from(&*edge_label(graph, source, edge)));
        if let Some(slot) = known {
            *slot = Some(text);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Heap;

    #[test]
    fn the_programs_nodes_come_first_and_near_ones_before_far_ones() {
        let heap = Heap::of(
            "root:synthetic/0 -shortcut:w-> a:object -x-> b:object -y-> c:object\n\
             root -element:1-> roots:synthetic/0 -z-> engine:object -z-> inner:object\nroots -c-> c",
        );
        let order = nearest_first(&heap.graph, &heap.distances, &Task::new()).unwrap();
        let names: Vec<String> = order
            .iter()
            .map(|&node| heap.graph.raw_name(node).to_string())
            .collect();
        let at = |name: &str| names.iter().position(|other| other == name).unwrap();
        assert!(at("a") < at("b") && at("b") < at("c"));
        assert!(at("c") < at("engine") && at("engine") < at("inner"));
    }
}
