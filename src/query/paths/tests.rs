//! Paths on tiny heaps, and against searches of another hand on random ones.

use std::fmt::Write as _;

use super::*;
use crate::analysis::essential::{self, Essential};
use crate::base::index::Ix as _;
use crate::graph::visit::Directed;
use crate::query::Column as _;
use crate::query::object_set::Objects;
use crate::query::owners::FindOwners;
use crate::query::paths::merged::{BranchColumn, BranchIx, MergedPaths, MergedTree, Told};
use crate::query::places::FindPlaces;
use crate::query::testing::{ask, lines, named, snapshot};
use std::sync::Arc;

const HEAP: &str = "
    root:synthetic/0 -shortcut:w-> window:object/8 -cache-> cache:Map/8 -internal:table-> table:array/8
    table -internal:3-> leaf:Leaf/8
    table -internal:4-> leaf2:Leaf/8
    window -list-> list:Array/8 -element:7-> leaf
    window -weak:w-> leaf
    root -element:1-> engine:synthetic/0 -x-> leaf
    engine -y-> inner:code/8
    window -weak:lost-> lost:object/8
";

fn paths(snapshot: &Snapshot, names: &[&str], count: usize) -> PathsAnswer {
    let targets = names.iter().map(|name| named(snapshot, name)).collect();
    ask(&Paths { targets, count }, snapshot)
}

/// `1: root > w window > …`, one line a path.
fn shown(snapshot: &Snapshot, answer: &PathsAnswer) -> Vec<String> {
    let cells = lines(snapshot, &answer.steps, &[PathColumn::EdgeName, PathColumn::Name]);
    let mut shown: Vec<String> = Vec::new();
    for (step, cell) in answer.steps.iter().zip(cells) {
        match shown.last_mut() {
            Some(path) if step.step > 0 => path.extend([" > ", &cell]),
            _ => shown.push(cell),
        }
    }
    shown
}

#[test]
fn the_first_path_is_a_shortest_one() {
    let snapshot = snapshot(HEAP);
    let answer = paths(&snapshot, &["leaf", "leaf2", "lost", "inner", "root"], 1);
    assert_eq!(
        shown(&snapshot, &answer),
        [
            "- root > w window > list list > 7 leaf",
            "- root > w window > cache cache > table table > 4 leaf2",
            "- root > 1 engine > y inner",
            "- root",
        ]
    );
    assert_eq!((answer.paths, answer.unreachable), (4, 1));
    assert_eq!(answer.steps[4].path, 2);
}

#[test]
fn further_paths_are_the_next_shortest_and_those_of_the_engine_come_last() {
    let snapshot = snapshot(HEAP);
    let answer = paths(&snapshot, &["leaf"], 9);
    assert_eq!(
        shown(&snapshot, &answer),
        [
            "- root > w window > list list > 7 leaf",
            "- root > w window > cache cache > table table > 3 leaf",
            "- root > 1 engine > x leaf",
        ]
    );
    assert_eq!(shown(&snapshot, &paths(&snapshot, &["leaf"], 2)).len(), 2);
}

#[test]
fn merged_paths_count_and_weigh_exactly() {
    let snapshot = snapshot(HEAP);
    let targets = ["leaf", "leaf2", "lost"]
        .map(|name| named(&snapshot, name))
        .to_vec();
    let tree = merged(&snapshot, targets);
    let told = Told {
        owners: ask(&FindOwners, &snapshot),
        tree: Arc::clone(&tree),
    };
    let columns = &BranchColumn::ALL[..5];
    assert_eq!(
        lines(&told, &tree.rows(), columns),
        [
            "0 (root) 2 16 0",
            "1 w :: window 2 16 0",
            "2 cache :: (Map) 2 16 0",
            "3 [x] :: (Leaf) 2 16 2",
        ]
    );
    assert_eq!(tree.unreachable, 1);
}

#[test]
fn branches_are_called_as_the_program_calls_them() {
    let snapshot = snapshot(
        r#"root:synthetic/0 -element:1-> roots="(GC roots)":synthetic/0 -element:1-> stack="(Stack roots)":synthetic/0 -element:0-> a
        root -shortcut:w-> window:native/8 -app1-> f=start2:closure/8 -internal:context-> c="system / Context":object/8
        c -context:sessions-> map=Map:object/32 -internal:table-> t="":array/152 -internal:9-> a=Session:object/10
        t -internal:12-> b=Session:object/10
        stack -element:1-> lone=Session:object/10
        a -next-> c1=Link:object/1 -next-> c2=Link:object/1 -next-> c3=Link:object/1"#,
    );
    let graph = snapshot.graph();
    let rows = |name: &str| {
        let targets = graph
            .nodes()
            .filter(|&node| graph.raw_name(node) == name)
            .collect();
        let tree = merged(&snapshot, targets);
        let row = |(ix, depth): &(BranchIx, u32)| {
            let branch = tree.branch(*ix);
            format!(
                "{depth} {} {} {}",
                branch.label(),
                branch.count,
                branch.retained_size
            )
        };
        tree.rows().iter().map(row).collect::<Vec<_>>()
    };
    assert_eq!(
        rows("Session"),
        [
            "0 (root) 3 33",
            "1 w :: window 2 23",
            "2 app1 :: start2() 2 23",
            "3 sessions :: Map 2 23",
            "4 value of Map entry :: Session 2 23",
            "1 [x] :: (GC roots) 1 10",
            "2 [x] :: (Stack roots) 1 10",
            "3 [x] :: Session 1 10",
        ]
    );
    // All links of a list are at one place.
    assert_eq!(rows("Link").last().unwrap(), "5 next :: Link 3 3");
}

/// The merged paths of these objects.
fn merged(snapshot: &Snapshot, targets: Vec<NodeIx>) -> Arc<MergedTree> {
    let question = MergedPaths {
        objects: Objects::new(targets),
        places: ask(&FindPlaces, snapshot),
    };
    ask(&question, snapshot)
}

#[test]
fn graphs_for_graphviz_hold_each_object_once() {
    let snapshot = snapshot(HEAP);
    let answer = paths(&snapshot, &["leaf", "leaf2"], 2);
    let part = dot::part_of_heap(&answer.steps);
    assert_eq!((part.node_count(), part.edge_count()), (7, 7));
    let text = dot::of_paths(&snapshot, &answer.steps);
    assert!(
        text.starts_with("digraph {") && text.contains(r#"label="leaf\n@9 · retains 8"#),
        "{text}"
    );
    let targets = vec![named(&snapshot, "leaf")];
    let tree = dot::of_tree(&merged(&snapshot, targets));
    assert!(tree.contains("[x] :: (Leaf)\\n1 object "), "{tree}");
}

/// A reproducible heap of `nodes` nodes with arbitrary edges.
fn random_heap(seed: u64, nodes: u64) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let mut text = String::from("n0:synthetic/0 -shortcut:w-> n1:object/8\n");
    for _ in 0..nodes * 2 {
        let (from, to) = (random(nodes), random(nodes - 1) + 1);
        let kind = ["property:p", "property:q", "internal:i", "weak:v"][usize::try_from(random(4)).unwrap()];
        if from != 0 {
            writeln!(text, "n{from}:object/{from} -{kind}-> n{to}:object/{to}").unwrap();
        }
    }
    text
}

#[test]
fn first_paths_are_as_long_as_petgraph_finds() {
    for seed in 0..40 {
        let snapshot = snapshot(&random_heap(seed, 14));
        let graph = snapshot.graph();
        let view = Directed::new(graph, snapshot.retainers()).without_weak();
        let lengths = petgraph::algo::dijkstra(&view, graph.root(), None, |_| 1_u32);
        for target in graph.nodes() {
            let answer = ask(
                &Paths {
                    targets: vec![target],
                    count: 1,
                },
                &snapshot,
            );
            let length = answer.steps.last().map(|step| step.step);
            assert_eq!(length, lengths.get(&target).copied(), "seed {seed} {target:?}");
        }
    }
}

/// All simple paths from the root to `target`, by trying everything.
fn all_simple_paths(snapshot: &Snapshot, target: NodeIx) -> Vec<usize> {
    let graph = snapshot.graph();
    let mut found = Vec::new();
    let mut open = vec![vec![graph.root()]];
    while let Some(path) = open.pop() {
        let last = path[path.len() - 1];
        if last == target {
            found.push(path.len() - 1);
            continue;
        }
        let mut next: Vec<NodeIx> = graph
            .heads(last)
            .iter()
            .filter(|head| !head.is_weak())
            .map(|head| head.target())
            .collect();
        next.sort_unstable();
        next.dedup();
        open.extend(
            next.into_iter()
                .filter(|node| !path.contains(node))
                .map(|node| [&path[..], &[node]].concat()),
        );
    }
    found.sort_unstable();
    found
}

#[test]
fn further_paths_are_all_simple_paths_in_order_of_length() {
    for seed in 0..40 {
        let snapshot = snapshot(&random_heap(seed, 9));
        for target in snapshot.graph().nodes() {
            let answer = ask(
                &Paths {
                    targets: vec![target],
                    count: usize::MAX,
                },
                &snapshot,
            );
            let steps = answer.steps.iter().zip(
                answer.steps[1.min(answer.steps.len())..]
                    .iter()
                    .map(Some)
                    .chain([None]),
            );
            let ends = steps.filter(|(step, next)| next.is_none_or(|next| next.path != step.path));
            let lengths: Vec<usize> = ends.map(|(step, _)| step.step as usize).collect();
            assert_eq!(
                lengths,
                all_simple_paths(&snapshot, target),
                "seed {seed} {target:?}"
            );
        }
    }
}

#[test]
fn one_objects_merged_size_is_its_retained_size_and_a_sets_is_what_only_it_holds() {
    for seed in 0..60 {
        let snapshot = snapshot(&random_heap(seed, 16));
        let graph = snapshot.graph();
        let reached = graph.nodes().skip(1).filter(|&node| {
            !ask(
                &Paths {
                    targets: vec![node],
                    count: 1,
                },
                &snapshot,
            )
            .steps
            .is_empty()
        });
        let targets: Vec<NodeIx> = reached
            .filter(|node| (node.at() as u64 + seed).is_multiple_of(3))
            .collect();
        for &target in &targets {
            let tree = merged(&snapshot, vec![target]);
            assert_eq!(
                tree.branches()[0].retained_size,
                snapshot.retained_size(target),
                "seed {seed} {target:?}"
            );
        }
        if targets.is_empty() {
            continue;
        }
        let free = kept_without(&snapshot, &targets);
        let lost = graph
            .nodes()
            .filter(|node| !free.contains(node) && !is_unreached(&snapshot, *node));
        let exact: u64 = lost.map(|node| snapshot.shallow_size(node)).sum();
        let tree = merged(&snapshot, targets);
        assert_eq!(tree.branches()[0].retained_size, exact, "seed {seed}");
        for (at, branch) in tree.branches().iter().enumerate() {
            let those = tree.beyond(BranchIx::new(at));
            let free = kept_without(&snapshot, &those);
            let lost = graph
                .nodes()
                .filter(|node| !free.contains(node) && !is_unreached(&snapshot, *node));
            let exact: u64 = lost.map(|node| snapshot.shallow_size(node)).sum();
            let told = (branch.count, branch.retained_size);
            assert_eq!(told, (those.len() as u64, exact), "seed {seed} branch {at}");
        }
    }
}

/// What is still reached, from the root and from what nothing leads to, if `targets` are gone.
fn kept_without(snapshot: &Snapshot, targets: &[NodeIx]) -> Vec<NodeIx> {
    let graph = snapshot.graph();
    let page_objects = essential::page_objects(graph, &Task::new()).unwrap();
    let rule = Essential {
        graph,
        ephemerons: snapshot.ephemerons(),
        page_objects: &page_objects,
    };
    let held_by = |source: NodeIx| -> Vec<NodeIx> {
        let edges = graph.edges(source).filter(|&edge| rule.contains(source, edge));
        edges.map(|edge| graph.head(edge).target()).collect()
    };
    let held: Vec<NodeIx> = graph.nodes().flat_map(held_by).collect();
    let mut kept: Vec<NodeIx> = graph
        .nodes()
        .filter(|&node| node == graph.root() || !held.contains(&node))
        .filter(|node| !targets.contains(node))
        .collect();
    let mut at = 0;
    while at < kept.len() {
        for node in held_by(kept[at]) {
            if !targets.contains(&node) && !kept.contains(&node) {
                kept.push(node);
            }
        }
        at += 1;
    }
    kept
}

/// Is `node` part of a cycle that nothing else holds?
fn is_unreached(snapshot: &Snapshot, node: NodeIx) -> bool {
    !kept_without(snapshot, &[]).contains(&node)
}

#[test]
fn what_nothing_reaches_has_no_paths_even_in_a_circle() {
    let snapshot = snapshot(
        "root:synthetic/0 -shortcut:w-> w:object/8 -weak:x-> a:object/8 -b-> b:object/8 -a-> a\nb -self-> b",
    );
    let targets = vec![named(&snapshot, "a"), named(&snapshot, "b")];
    let tree = merged(&snapshot, targets);
    assert_eq!((tree.unreachable, tree.rows().len()), (2, 0));
    assert_eq!(paths(&snapshot, &["a", "b"], 3).unreachable, 2);
}
