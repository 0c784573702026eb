//! A few objects, with the best ways to each.

use petgraph::graph::NodeIndex;
use rustc_hash::FxHashMap;

use super::{Drawn, MOST, Vertex};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::base::units::human_bytes;
use crate::query::Query as _;
use crate::query::folding;
use crate::query::paths::Paths;
use crate::snapshot::Snapshot;

/// Ways to each object.
const WAYS: usize = 4;

pub(super) fn draw(snapshot: &Snapshot, objects: &[NodeIx], task: &Task) -> Result<Drawn, Cancelled> {
    let question = Paths {
        targets: objects.to_vec(),
        count: WAYS,
    };
    let answer = question.run(snapshot, task)?;
    let mut drawn = Drawn::default();
    let mut boxes: FxHashMap<NodeIx, NodeIndex> = FxHashMap::default();
    for path in answer.steps.chunk_by(|a, b| a.path == b.path) {
        task.check()?;
        let steps: Vec<_> = path.iter().map(|step| (step.edge, step.node)).collect();
        let mut before: Option<NodeIndex> = None;
        for step in folding::folded(snapshot, &steps) {
            let name = step
                .label
                .map_or_else(String::new, |label| label.text(snapshot).to_string());
            let at = match boxes.get(&step.node) {
                Some(&known) => {
                    if let Some(before) = before {
                        // A way of equal length may come round from farther on.
                        let is_beside = drawn.graph[known].column <= drawn.graph[before].column;
                        drawn.refer(before, known, name, is_beside);
                    }
                    known
                }
                None if boxes.len() >= MOST => break,
                None => {
                    let at = drawn.add(before, name, vertex(snapshot, step.node, objects));
                    boxes.insert(step.node, at);
                    at
                }
            };
            before = Some(at);
        }
    }
    Ok(drawn)
}

fn vertex(snapshot: &Snapshot, node: NodeIx, objects: &[NodeIx]) -> Vertex {
    let is_root = node == snapshot.graph().root();
    let size = human_bytes(snapshot.retained_size(node));
    Vertex {
        node: Some(node),
        kind: snapshot.graph().kind(node),
        title: if is_root {
            "GC roots".to_owned()
        } else {
            snapshot.name(node).to_string()
        },
        note: format!("{} · retains {size}", snapshot.id(node)),
        is_asked: objects.contains(&node),
        column: 0,
        row: 0.0,
    }
}
