//! Objects along a linked list, or down a tree: of one class and shape, held in one way, each a little farther from the roots.
//!
//! What hangs from the links of a list (timers, promises that wait, a list of one's own) has a distance for every link; by
//! distance alone each would stand for itself.

use super::distances::Reach;
use super::shapes::{ShapeGroup, ShapeGroups};
use crate::base::index::{NodeIx, to_u32};
use crate::base::task::{Cancelled, Task};

/// From one link of a list to the next lead at most so many edges.
const MOST_EDGES: u32 = 4;
/// So many distances make a run.
const LEAST: usize = 4;

/// Which groups belong together: sets of numbers of groups, each in the order of their distances. `held_as` tells how an
/// object is held; objects of one run are held alike, as far as the first of each distance tells.
pub fn find<K: Ord>(
    groups: &ShapeGroups,
    held_as: impl Fn(NodeIx) -> K,
    task: &Task,
) -> Result<Vec<Vec<u32>>, Cancelled> {
    let group = |at: u32| &groups.all[at as usize];
    let edges = |at: u32| group(at).distance.edges().unwrap_or(0);
    let kind = |group: &ShapeGroup| {
        let is_system = group.distance.reach() == Reach::System;
        (group.class, group.shape, is_system)
    };
    let mut all: Vec<u32> = (0..to_u32(groups.all.len())).collect();
    all.sort_unstable_by_key(|&at| (kind(group(at)), edges(at)));
    let continues = |a: u32, b: u32| kind(group(a)) == kind(group(b)) && edges(b) - edges(a) <= MOST_EDGES;
    let mut found = Vec::new();
    let mut asked = 0;
    for near in all.chunk_by(|&a, &b| continues(a, b)) {
        if near.len() < LEAST {
            continue;
        }
        let mut alike = Vec::with_capacity(near.len());
        for &at in near {
            task.check_at(asked)?;
            asked += 1;
            alike.push((held_as(group(at).first), edges(at), at));
        }
        alike.sort_unstable();
        let runs = alike.chunk_by(|a, b| a.0 == b.0 && continues(a.2, b.2));
        let long = runs.filter(|run| run.len() >= LEAST);
        found.extend(long.map(|run| run.iter().map(|&(.., at)| at).collect::<Vec<u32>>()));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::analysis::shapes::Shapes;
    use crate::analysis::testing::Heap;

    /// The runs of a heap as distances, and what groups there are with them joined: count, nearest distance and first member.
    fn told(heap: &Heap, by: fn(&Heap, NodeIx) -> u64) -> (Vec<Vec<u32>>, Vec<String>) {
        let (shapes, task) = (Shapes::new(&heap.graph), Task::new());
        let built = ShapeGroups::build(&shapes, &heap.classes, &heap.distances, &heap.shallow, &task);
        let mut groups = built.unwrap();
        let runs = find(&groups, |node| by(heap, node), &task).unwrap();
        let distance = |at: &u32| groups.all[*at as usize].distance.edges().unwrap();
        let distances = runs
            .iter()
            .map(|run| run.iter().map(distance).collect())
            .collect();
        groups.join(&runs, &task).unwrap();
        let wanted: Vec<u32> = (0..to_u32(groups.all.len())).collect();
        let members = groups.members(&shapes, &wanted, &task).unwrap();
        for (group, members) in groups.all.iter().zip(&members) {
            let size: u64 = members.iter().map(|&node| heap.shallow.get(node)).sum();
            assert_eq!((group.count, group.shallow_size), (members.len() as u64, size));
            assert_eq!(members[0], group.first);
            assert!(
                members
                    .iter()
                    .all(|&node| heap.distances.of(node).sort_key() >= group.distance.sort_key())
            );
        }
        let row = |group: &ShapeGroup| {
            let name = heap.graph.raw_name(group.first);
            format!("{name} {} {}", group.count, group.distance.edges().unwrap())
        };
        (distances, groups.all.iter().map(row).collect())
    }

    /// Ten links, of which each holds a job.
    fn list() -> String {
        let mut text = "root:synthetic/0 -shortcut:w-> w:object/8 -next-> l0=Link:closure/16\n".to_owned();
        for at in 0..10 {
            writeln!(
                text,
                "l{at} -job-> j{at}=Job:object/24\nl{at} -next-> l{}=Link:closure/16",
                at + 1
            )
            .unwrap();
        }
        text
    }

    #[test]
    fn what_hangs_from_the_links_of_a_list_is_one_group() {
        let heap = Heap::of(&list());
        let (runs, rows) = told(&heap, |_, _| 0);
        assert_eq!(runs, [(3..13).collect::<Vec<u32>>()]);
        assert_eq!(rows, ["w 1 1", "Job 10 3"]);
    }

    #[test]
    fn what_is_held_otherwise_is_another_group() {
        let heap = Heap::of(&list());
        // The first four in one way, the others in another.
        let (runs, rows) = told(&heap, |heap, node| {
            u64::from(heap.distances.of(node).edges() > Some(6))
        });
        assert_eq!(runs, [vec![3, 4, 5, 6], vec![7, 8, 9, 10, 11, 12]]);
        assert_eq!(rows, ["w 1 1", "Job 4 3", "Job 6 7"]);
    }

    #[test]
    fn three_distances_and_gaps_are_no_run() {
        let mut text = "root:synthetic/0 -shortcut:w-> w:object/8 -a-> n0:closure/16\n".to_owned();
        for at in 0..30 {
            writeln!(text, "n{at} -a-> n{}:closure/16", at + 1).unwrap();
            if at < 3 || at % 7 == 0 {
                writeln!(text, "n{at} -job-> j{at}=Job:object/24").unwrap();
            }
        }
        let (runs, rows) = told(&Heap::of(&text), |_, _| 0);
        assert!(runs.is_empty());
        assert_eq!(rows.len(), 1 + 3 + 4);
    }
}
