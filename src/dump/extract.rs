//! A small file of some objects: what they retain, and what keeps them alive.
//!
//! Written are, of each object, all that it dominates and a shortest way to it from the root; the parts whose sizes count for
//! one of these; and, without what is behind them, the objects that what it retains refers to. The latter hang from a node of
//! their own, so that nothing seems to retain them that did not before.

use std::io::Write;

use super::Fault;
use super::writer::{self, Part, Written};
use crate::analysis::distances::Reach;
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::names::PLAIN_OBJECT;
use crate::base::bits::BitSet;
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::graph::{EdgeKind, NodeKind};
use crate::snapshot::Snapshot;

/// Writes the part of `snapshot` that tells of `targets` to `out`.
pub fn extract(
    snapshot: &Snapshot,
    targets: &[NodeIx],
    out: &mut impl Write,
    task: &Task,
) -> Result<Written, Fault> {
    let part = part(snapshot, targets, task)?;
    writer::write(snapshot.graph(), &part, out, task)
}

fn part(snapshot: &Snapshot, targets: &[NodeIx], task: &Task) -> Result<Part, Cancelled> {
    let graph = snapshot.graph();
    let mut part = Part::nothing(graph);
    let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
    // What a node dominates stands behind it, up to a known position.
    let mut end = 0;
    for (at, (node, behind)) in order.iter().enumerate() {
        task.check_at(at)?;
        if at >= end && targets.contains(&node) {
            end = behind as usize;
        }
        if at < end {
            part.members.insert(node);
        }
    }
    let retained: Vec<NodeIx> = part.members.iter().collect();
    for &target in targets {
        way_to_root(snapshot, target, &mut part, task)?;
    }
    parts_of_members(snapshot, &mut part, task)?;
    // Without the user roots sizes would be other ones.
    let of_root = graph.heads(graph.root()).iter().map(|head| head.target());
    for node in of_root.filter(|&node| graph.kind(node) != NodeKind::Synthetic) {
        if !part.members.contains(node) {
            part.leaves.insert(node);
        }
    }
    let of_way: Vec<NodeIx> = part.members.iter().collect();
    for &node in &retained {
        for head in graph.heads(node).iter().filter(|head| !head.is_weak()) {
            hold(&mut part, head.target());
        }
    }
    // Plain objects are told apart by their properties.
    let plain =
        |node: &NodeIx| graph.kind(*node) == NodeKind::Object && graph.raw_name(*node) == PLAIN_OBJECT;
    for node in of_way.into_iter().filter(plain) {
        for head in graph
            .heads(node)
            .iter()
            .filter(|head| head.kind() == EdgeKind::Property)
        {
            hold(&mut part, head.target());
        }
    }
    Ok(part)
}

/// Writes `node` without what is behind it, if it is not written yet.
fn hold(part: &mut Part, node: NodeIx) {
    if !part.members.contains(node) && part.leaves.insert(node) {
        part.held.insert(node);
    }
}

/// Adds a shortest way from the root to `target`.
fn way_to_root(snapshot: &Snapshot, target: NodeIx, part: &mut Part, task: &Task) -> Result<(), Cancelled> {
    let root = snapshot.graph().root();
    let mut node = target;
    part.members.insert(root);
    // Each step is one nearer, or up the dominator tree; where these lead in a circle, as they may in files that are damaged,
    // up the tree alone.
    let mut seen = BitSet::<NodeIx>::new(snapshot.graph().node_count());
    let mut goes_up = false;
    while node != root {
        task.check()?;
        part.members.insert(node);
        goes_up |= !seen.insert(node);
        let distance = snapshot.distance(node);
        let nearer = |source: &NodeIx| {
            if goes_up {
                return false;
            }
            let from = snapshot.distance(*source);
            from.reach() == distance.reach()
                && distance.reach() != Reach::Unreachable
                && from
                    .edges()
                    .zip(distance.edges())
                    .is_some_and(|(from, to)| from + 1 == to)
        };
        let retainers = snapshot.retainers().heads(node).iter();
        let sources = retainers.filter(|head| !head.is_weak()).map(|head| head.target());
        node = sources
            .filter(nearer)
            .min()
            .unwrap_or_else(|| snapshot.dominator(node));
    }
    Ok(())
}

/// Adds the nodes whose sizes count for members.
fn parts_of_members(snapshot: &Snapshot, part: &mut Part, task: &Task) -> Result<(), Cancelled> {
    let graph = snapshot.graph();
    let root = graph.root();
    let is_owner = |node: &NodeIx| *node != root && graph.kind(*node) != NodeKind::Synthetic;
    let mut stack: Vec<NodeIx> = part.members.iter().filter(is_owner).collect();
    let mut seen = 0;
    while let Some(node) = stack.pop() {
        seen += 1;
        task.check_at(seen)?;
        for head in graph.heads(node).iter().filter(|head| !head.is_weak()) {
            let target = head.target();
            let counts_elsewhere = graph.self_size(target) > 0 && snapshot.shallow_size(target) == 0;
            if counts_elsewhere && part.members.insert(target) {
                stack.push(target);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::fixture;
    use crate::graph::ObjectId;

    const HEAP: &str = r#"
        root:synthetic/0 -shortcut:global-> window:object/16 #3 -cache-> cache=Map:object/32 #5 -internal:table-> table="":array/160 #7
        table -internal:0-> s1=Session:object/48 #9 @1:9:1 -user-> user=User:object/24 #11 -name-> name="ada":string/16 #13
        table -internal:1-> s2=Session:object/48 #15 @1:9:1 -shared-> shared=Shared:object/64 #17 -deep-> deep:object/8 #19
        s1 -shared-> shared
        s1 -internal:elements-> own="":array/100 #21
        root -element:1-> roots="(GC roots)":synthetic/0 #23
    "#;

    #[test]
    fn what_an_object_retains_and_what_keeps_it() {
        let task = Task::new();
        let whole = Snapshot::from_bytes(&fixture::heap(HEAP), Path::new("whole"), &task).unwrap();
        let target = whole.find(ObjectId(9)).unwrap();
        let mut out = Vec::new();
        extract(&whole, &[target], &mut out, &task).unwrap();
        let part = Snapshot::from_bytes(&out, Path::new("part"), &task).unwrap();
        assert_eq!(part.problems(), []);
        for id in [3, 5, 9, 11, 13, 17] {
            let (there, here) = (
                whole.find(ObjectId(id)).unwrap(),
                part.find(ObjectId(id)).unwrap(),
            );
            assert_eq!(part.name(here), whole.name(there));
            assert_eq!(part.shallow_size(here), whole.shallow_size(there), "@{id}");
            // What is only referred to hangs from a root of its own.
            if id != 17 {
                assert_eq!(part.distance(here), whole.distance(there), "@{id}");
            }
            let class =
                |snapshot: &Snapshot, node| snapshot.classes().class(snapshot.class_of(node)).name.clone();
            assert_eq!(class(&part, here), class(&whole, there));
        }
        for id in [9, 11, 13] {
            let (there, here) = (
                whole.find(ObjectId(id)).unwrap(),
                part.find(ObjectId(id)).unwrap(),
            );
            assert_eq!(part.retained_size(here), whole.retained_size(there), "@{id}");
        }
        for id in [15, 19, 23] {
            assert_eq!(part.find(ObjectId(id)), None, "@{id}");
        }
    }

    #[test]
    fn the_way_to_the_root_ends_where_distances_and_dominators_disagree() {
        // A root that is named by a weak edge is near all the same, and is dominated by what is behind it.
        let heap = r#"
            root:synthetic/0 #1 -weak:global-> window:object/16 #3 -to-> x:object/32 #5 -back-> window
            root -element:1-> roots="(GC roots)":synthetic/0 #7 -element:1-> x -of-> last:object/64 #9
        "#;
        let task = Task::new();
        let whole = Snapshot::from_bytes(&fixture::heap(heap), Path::new("whole"), &task).unwrap();
        let find = |id| whole.find(ObjectId(id)).unwrap();
        let (window, x) = (find(3), find(5));
        assert!(whole.distance(window) < whole.distance(x));
        assert_eq!(whole.dominator(window), x);
        for id in [3, 5, 9] {
            let mut out = Vec::new();
            extract(&whole, &[find(id)], &mut out, &task).unwrap();
            let part = Snapshot::from_bytes(&out, Path::new("part"), &task).unwrap();
            assert_eq!(part.problems(), []);
            let here = part.find(ObjectId(id)).unwrap();
            assert_eq!(part.retained_size(here), whole.retained_size(find(id)), "@{id}");
        }
    }
}
