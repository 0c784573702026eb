//! Paths as graphs for Graphviz.

use petgraph::dot::{Config, Dot};
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap;

use super::PathStep;
use super::merged::{BranchIx, MergedTree};
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::units;
use crate::query::edges::edge_name;
use crate::snapshot::Snapshot;

/// Labels are cut to this many characters.
const LONGEST_LABEL: usize = 60;

const NO_LABELS: &[Config] = &[Config::NodeNoLabel, Config::EdgeNoLabel];

/// The part of the heap that paths lead through: each object and each edge once.
pub fn part_of_heap(steps: &[PathStep]) -> DiGraph<NodeIx, EdgeIx> {
    let mut part = DiGraph::new();
    let mut places: FxHashMap<NodeIx, NodeIndex> = FxHashMap::default();
    let mut before = None;
    for step in steps {
        let place = *places
            .entry(step.node)
            .or_insert_with(|| part.add_node(step.node));
        if let (Some(edge), Some(before)) = (step.edge, before)
            && !part
                .edges_connecting(before, place)
                .any(|known| *known.weight() == edge)
        {
            part.add_edge(before, place, edge);
        }
        before = Some(place);
    }
    part
}

/// The paths as a graph in which objects occur once, in the language of Graphviz.
pub fn of_paths(snapshot: &Snapshot, steps: &[PathStep]) -> String {
    let part = part_of_heap(steps);
    let node_label = |_, (_, &node): (NodeIndex, &NodeIx)| {
        let size = units::human_bytes(snapshot.retained_size(node));
        let name = snapshot.name(node).to_string();
        label(&[&name, &format!("{} · retains {size}", snapshot.id(node))])
    };
    let edge_label = |_, edge: petgraph::graph::EdgeReference<'_, EdgeIx>| {
        label(&[&edge_name(snapshot, *edge.weight()).to_string()])
    };
    // Labels are attributes of this file's own; the weights are never written.
    format!(
        "{:?}",
        Dot::with_attr_getters(&part, NO_LABELS, &edge_label, &node_label)
    )
}

/// The merged paths as a tree, in the language of Graphviz.
pub fn of_tree(tree: &MergedTree) -> String {
    let mut graph: DiGraph<BranchIx, ()> = DiGraph::new();
    for (at, branch) in tree.branches().iter().enumerate() {
        let place = graph.add_node(BranchIx::new(at));
        if branch.depth > 0 {
            graph.add_edge(NodeIndex::new(branch.parent.at()), place, ());
        }
    }
    let node_label = |_, (_, &branch): (NodeIndex, &BranchIx)| {
        let branch = tree.branch(branch);
        let size = units::human_bytes(branch.retained_size);
        let step = branch.label().to_string();
        label(&[
            &step,
            &format!("{} · {size}", units::counted(branch.count, "object", "objects")),
        ])
    };
    let edge_label = |_, _: petgraph::graph::EdgeReference<'_, ()>| String::new();
    format!(
        "{:?}",
        Dot::with_attr_getters(&graph, NO_LABELS, &edge_label, &node_label)
    )
}

/// `label="…"` of these lines.
pub(super) fn label(lines: &[&str]) -> String {
    let mut attribute = "label=\"".to_owned();
    for (nth, line) in lines.iter().enumerate() {
        if nth > 0 {
            attribute.push_str("\\n");
        }
        for (at, c) in line.chars().enumerate() {
            match c {
                _ if at == LONGEST_LABEL => {
                    attribute.push('…');
                    break;
                }
                '"' => attribute.push_str("\\\""),
                '\\' => attribute.push_str("\\\\"),
                c if c.is_control() => attribute.push(' '),
                c => attribute.push(c),
            }
        }
    }
    attribute.push('"');
    attribute
}
