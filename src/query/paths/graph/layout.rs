//! Where the boxes stand: columns by the way from the root, rows so that what hangs from a box is beside it.

use petgraph::graph::NodeIndex;

use super::Drawn;

/// Gives each box its row. Every box that nothing hangs from has one of its own; the others stand in the middle of what hangs from
/// them, so that no two of a column meet.
pub(super) fn place(drawn: &mut Drawn) {
    let count = drawn.graph.node_count();
    let mut under: Vec<Vec<NodeIndex>> = vec![Vec::new(); count];
    for (at, parent) in drawn.parents.iter().enumerate().skip(1) {
        under[parent.index()].push(NodeIndex::new(at));
    }
    let mut next = 0.0;
    let mut stack: Vec<NodeIndex> = drawn.graph.node_indices().take(1).collect();
    while let Some(at) = stack.pop() {
        if under[at.index()].is_empty() {
            drawn.graph[at].row = next;
            next += 1.0;
        }
        stack.extend(under[at.index()].iter().rev());
    }
    for at in (0..count).rev() {
        if let (Some(first), Some(last)) = (under[at].first(), under[at].last()) {
            let middle = f32::midpoint(drawn.graph[*first].row, drawn.graph[*last].row);
            drawn.graph[NodeIndex::new(at)].row = middle;
        }
    }
}
