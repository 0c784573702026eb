//! Many objects: the heaviest branches of their merged paths.

use std::collections::BinaryHeap;

use petgraph::graph::NodeIndex;
use rustc_hash::FxHashMap;

use super::{Drawn, MOST, Picture, Vertex};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::units::{counted, human_bytes};
use crate::graph::NodeKind;
use crate::query::Query as _;
use crate::query::paths::merged::{BranchIx, MergedPaths, MergedTree};
use crate::snapshot::Snapshot;

/// So many objects of a branch are looked at for what else holds them, and so many references to each.
const LOOKED_AT: usize = 64;

pub(super) fn draw(snapshot: &Snapshot, picture: &Picture, task: &Task) -> Result<Drawn, Cancelled> {
    let question = MergedPaths {
        objects: picture.objects.clone(),
        places: picture.places.clone(),
    };
    let tree = question.run(snapshot, task)?;
    let mut drawn = Drawn::default();
    let mut boxes: FxHashMap<BranchIx, NodeIndex> = FxHashMap::default();
    // Heaviest first; of equal ones the first by number, so that a branch comes after the one it hangs from.
    let mut open = BinaryHeap::new();
    if !tree.branches().is_empty() {
        open.push((u64::MAX, std::cmp::Reverse(BranchIx::new(0))));
    }
    while boxes.len() < MOST
        && let Some((_, std::cmp::Reverse(ix))) = open.pop()
    {
        task.check()?;
        let branch = tree.branch(ix);
        let parent = (branch.depth > 0).then(|| boxes[&branch.parent]);
        let at = drawn.add(parent, branch.edge.to_string(), vertex(snapshot, &tree, ix));
        boxes.insert(ix, at);
        let under = tree.under(ix).iter();
        open.extend(under.map(|&ix| (tree.branch(ix).retained_size, std::cmp::Reverse(ix))));
    }
    let mut drawn_branches: Vec<BranchIx> = boxes.keys().copied().collect();
    drawn_branches.sort_unstable();
    for &ix in &drawn_branches {
        let rest = tree.under(ix).iter().filter(|ix| !boxes.contains_key(ix));
        let (mut more, mut count) = (0, 0);
        for &hidden in rest {
            more += 1;
            count += tree.branch(hidden).count;
        }
        if more > 0 {
            let vertex = Vertex {
                node: None,
                kind: NodeKind::Synthetic,
                title: format!("{more} more"),
                note: counted(count, "object", "objects"),
                is_asked: false,
                column: 0,
                row: 0.0,
            };
            drawn.add(Some(boxes[&ix]), String::new(), vertex);
        }
    }
    beside(
        snapshot,
        picture,
        &tree,
        &boxes,
        &drawn_branches,
        &mut drawn,
        task,
    )?;
    Ok(drawn)
}

/// Draws from where else the objects of a branch are held, where that is in the picture.
fn beside(
    snapshot: &Snapshot,
    picture: &Picture,
    tree: &MergedTree,
    boxes: &FxHashMap<BranchIx, NodeIndex>,
    drawn_branches: &[BranchIx],
    drawn: &mut Drawn,
    task: &Task,
) -> Result<(), Cancelled> {
    let places = picture.places.tree();
    let of_place: FxHashMap<_, BranchIx> = drawn_branches
        .iter()
        .map(|&ix| (tree.branch(ix).place, ix))
        .collect();
    for &ix in drawn_branches {
        task.check()?;
        let ends = tree.ends(ix).iter().take(LOOKED_AT);
        let holders = ends.flat_map(|&node| snapshot.retainers().heads(node).iter().take(LOOKED_AT));
        let holders: Vec<NodeIx> = holders
            .filter(|head| !head.is_weak())
            .map(|head| head.target())
            .collect();
        for holder in holders {
            let from = places.of(holder).and_then(|place| of_place.get(&place));
            if let Some(&from) = from.filter(|&&from| from != ix && from != tree.branch(ix).parent) {
                drawn.refer(boxes[&from], boxes[&ix], String::new(), true);
            }
        }
    }
    Ok(())
}

fn vertex(snapshot: &Snapshot, tree: &MergedTree, ix: BranchIx) -> Vertex {
    let branch = tree.branch(ix);
    let (count, size) = (
        counted(branch.count, "object", "objects"),
        human_bytes(branch.retained_size),
    );
    Vertex {
        node: Some(branch.sample),
        kind: snapshot.graph().kind(branch.sample),
        title: if ix.at() == 0 {
            "GC roots".to_owned()
        } else {
            branch.class.to_string()
        },
        note: format!("{count} · {size}"),
        is_asked: branch.here > 0,
        column: 0,
        row: 0.0,
    }
}
