use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::owner::{OwnerSide, edge_label};
use super::path::PathSide;
use super::*;
use crate::analysis::comparison::{Matching, Side};
use crate::analysis::distances::Reach;
use crate::analysis::dominator_order;
use crate::analysis::owners::Owners;
use crate::analysis::packages::Package;
use crate::analysis::testing::{Dice, Heap, random_heap};
use crate::base::task::Task;
use crate::graph::NodeKind;

fn side(heap: &Heap) -> Side<'_> {
    Side {
        graph: &heap.graph,
        dom: &heap.dom,
        shallow: &heap.shallow,
        classes: &heap.classes,
        own_cost: None,
    }
}

fn owners(heap: &Heap) -> Owners {
    let name = |node| heap.graph.raw_name(node).to_owned();
    Owners::build(
        &heap.graph,
        &heap.classes,
        &heap.dominators,
        heap.order.iter().map(|(node, _)| node),
        &heap.shallow,
        name,
        &Task::new(),
    )
    .unwrap()
}

fn compared(base: &Heap, current: &Heap, matching: Matching) -> Comparison {
    Comparison::build(side(base), side(current), matching, &Task::new()).unwrap()
}

fn by_owner(base: &Heap, current: &Heap, comparison: &Comparison) -> DeltaTree {
    let [before, now] = [owners(base), owners(current)];
    let orders =
        [base, current].map(|heap| dominator_order::top_down(&heap.dominators, &Task::new()).unwrap());
    let of = |heap, order, owners| OwnerSide {
        side: side(heap),
        dominators: &heap.dominators,
        order,
        retained: &heap.retained,
        owners,
    };
    owner::build(
        comparison,
        of(base, &orders[0], &before),
        of(current, &orders[1], &now),
        &Task::new(),
    )
    .unwrap()
}

fn by_path(base: &Heap, current: &Heap, comparison: &Comparison) -> DeltaTree {
    let of = |heap| PathSide {
        side: side(heap),
        distances: &heap.distances,
    };
    path::build(comparison, of(base), of(current), &Task::new()).unwrap()
}

/// How a place is called.
fn called(tree: &DeltaTree, comparison: &Comparison, ix: PlaceIx) -> String {
    match tree.place(ix).label {
        DeltaLabel::Total => "all".to_owned(),
        DeltaLabel::Group(text) => tree.text(text).to_string(),
        DeltaLabel::Step { edge, row, .. } => {
            let edge = edge
                .map(|edge| format!("{} ", tree.text(edge)))
                .unwrap_or_default();
            format!("{edge}{}", comparison.row(row).name())
        }
        DeltaLabel::WithoutNodes => "memory".to_owned(),
        DeltaLabel::OwnCost => "cost".to_owned(),
    }
}

/// The tree, a line a place: `  name count size`.
fn lines(tree: &DeltaTree, comparison: &Comparison) -> Vec<String> {
    let mut lines = Vec::new();
    let mut stack = vec![(DeltaTree::TOP, 0)];
    while let Some((ix, depth)) = stack.pop() {
        let place = tree.place(ix);
        let name = called(tree, comparison, ix);
        lines.push(format!(
            "{:depth$}{name} {:+} {:+}",
            "",
            place.count_delta(),
            place.size_delta()
        ));
        stack.extend(tree.children(ix).iter().rev().map(|&child| (child, depth + 1)));
    }
    lines
}

const BASE: &str = r#"
    root="":synthetic/0 #1 -shortcut:w-> window:object/8 #3
    window -f-> f:closure/32 #5 -internal:shared-> sf:code/40 #7 -internal:script-> "/app/node_modules/lodash/memoize.js":code/10 #9
    f -cache-> cache=Map:object/2000 #11 -internal:table-> t1=t:array/0 #13
    t1 -internal:1-> k1=Key:object/16 #15
    window -g-> g:closure/32 #17 -internal:shared-> sg:code/40 #19 -internal:script-> "/app/main.js":code/10 #21
    g -list-> list=List:object/24 #23 -head-> n1=Node:object/16 #25 -next-> n2=Node:object/16 #27
"#;
const CURRENT: &str = r#"
    root="":synthetic/0 #1 -shortcut:w-> window:object/8 #3
    window -f-> f:closure/32 #5 -internal:shared-> sf:code/40 #7 -internal:script-> "/app/node_modules/lodash/memoize.js":code/10 #9
    f -cache-> cache=Map:object/3000 #11 -internal:table-> t2=t:array/0 #51
    t2 -internal:1-> k1=Key:object/16 #15
    t2 -internal:2-> k2=Key:object/16 #53
    window -g-> g:closure/32 #17 -internal:shared-> sg:code/40 #19 -internal:script-> "/app/main.js":code/10 #21
    g -list-> list=List:object/24 #23 -head-> n1=Node:object/16 #25 -next-> n2=Node:object/16 #27 -next-> n3=Node:object/16 #55
"#;

#[test]
fn growth_is_told_by_package_module_and_holder() {
    let (base, current) = (Heap::of(BASE), Heap::of(CURRENT));
    let comparison = compared(&base, &current, Matching::ByIds);
    let tree = by_owner(&base, &current, &comparison);
    assert_eq!(
        lines(&tree, &comparison),
        [
            "all +2 +1032",
            " node_modules/lodash +1 +1016",
            "  /app/node_modules/lodash/memoize.js +1 +1016",
            "   .f Function +1 +1016",
            "    .cache Map +1 +1016",
            "     Key +1 +16",
            " mine +1 +16",
            "  /app/main.js +1 +16",
            "   Function +1 +16",
            "    List +1 +16",
            "     Node +1 +16",
        ]
    );
    let by_class = by_owner(&base, &current, &compared(&base, &current, Matching::ByClass));
    assert_eq!(by_class.place(DeltaTree::TOP).size_delta(), 1032);
}

#[test]
fn growth_is_told_by_path() {
    let (base, current) = (Heap::of(BASE), Heap::of(CURRENT));
    let comparison = compared(&base, &current, Matching::ByClass);
    assert_eq!(
        lines(&by_path(&base, &current, &comparison), &comparison),
        [
            "all +2 +1032",
            " window +2 +1032",
            "  .f Function +1 +1016",
            "   .cache Map +1 +1016",
            "    […] Key +1 +16",
            "  .g Function +1 +16",
            "   .list List +1 +16",
            "    .head Node +1 +16",
            "     .next Node +1 +16",
        ]
    );
}

#[test]
fn a_long_list_is_one_place() {
    let list = |length: usize| {
        let mut text = String::from("root=\"\":synthetic/0 -shortcut:w-> n0=Node:object/2000\n");
        for at in 1..length {
            writeln!(text, "n{} -next-> n{at}=Node:object/2000", at - 1).unwrap();
        }
        Heap::of(&text)
    };
    let (base, current) = (list(300), list(5000));
    let comparison = compared(&base, &current, Matching::ByClass);
    for tree in [
        by_owner(&base, &current, &comparison),
        by_path(&base, &current, &comparison),
    ] {
        assert!(tree.len() <= 5, "{:?}", lines(&tree, &comparison));
        assert_eq!(tree.place(DeltaTree::TOP).count_delta(), 4700);
    }
}

/// Checks that each place's change is that of its own objects and of the places below it.
fn adds_up(tree: &DeltaTree, base: &Heap, current: &Heap) {
    for at in 0..tree.len() {
        let ix = PlaceIx::new(at);
        let place = tree.place(ix);
        let below: i64 = tree
            .children(ix)
            .iter()
            .map(|&child| tree.place(child).size_delta())
            .sum();
        let own = delta(place.own_base.size, place.own_current.size);
        assert_eq!(place.size_delta(), own + below);
        assert!(
            tree.children(ix)
                .iter()
                .all(|&child| tree.place(child).parent == ix)
        );
    }
    let total = |heap: &Heap| heap.retained.get(heap.graph.root());
    let top = tree.place(DeltaTree::TOP);
    assert_eq!((top.base.size, top.current.size), (total(base), total(current)));
}

/// What changed itself at each place that is called so, from the top.
fn own_changes(tree: &DeltaTree, comparison: &Comparison) -> BTreeMap<String, i64> {
    let mut found = BTreeMap::new();
    for at in 0..tree.len() {
        let (mut ix, mut way) = (PlaceIx::new(at), String::new());
        let place = tree.place(ix);
        while ix != DeltaTree::TOP {
            way = format!("/{}{way}", called(tree, comparison, ix));
            ix = tree.place(ix).parent;
        }
        *found.entry(way).or_default() += delta(place.own_base.size, place.own_current.size);
    }
    found.retain(|_, &mut change| change != 0);
    found
}

/// The same by path, the slow and obvious way: every node looks for the node that leads to it.
fn slow_paths(heap: &Heap, class_name: impl Fn(NodeIx) -> String) -> BTreeMap<String, i64> {
    let graph = &heap.graph;
    let mut order: Vec<NodeIx> = graph.nodes().collect();
    let far = |node: NodeIx| heap.distances.of(node);
    let rank = |node: &NodeIx| match (far(*node).reach(), far(*node).edges()) {
        (Reach::User, edges) => (0, edges.unwrap_or(0)),
        (Reach::System, edges) => (1, edges.unwrap_or(0)),
        (Reach::Unreachable, _) => (1, 0),
    };
    order.sort_by_key(|node| (rank(node), *node));
    let mut ways: BTreeMap<NodeIx, Vec<String>> = BTreeMap::new();
    let mut sizes = BTreeMap::new();
    for &node in &order {
        let lead = order
            .iter()
            .take_while(|&&before| before != node)
            .find_map(|&before| {
                let distance = far(before);
                let is_before = distance.reach() == far(node).reach()
                    && distance.reach() != Reach::Unreachable
                    && distance.edges().map(|edges| edges + 1) == far(node).edges();
                let leads = |&edge: &crate::base::index::EdgeIx| {
                    graph.head(edge).target() == node && !graph.head(edge).is_weak()
                };
                is_before.then(|| graph.edges(before).find(leads).map(|edge| (before, edge)))?
            });
        let (mut way, label) = match lead {
            Some((before, edge)) => (ways[&before].clone(), Some(edge_label(graph, before, edge))),
            None => match far(node).reach() {
                Reach::User => (Vec::new(), None),
                Reach::System => (vec!["(held by the engine only)".to_owned()], None),
                Reach::Unreachable => (vec!["(not reached from the roots)".to_owned()], None),
            },
        };
        let size = heap.shallow.get(node);
        if size > 0 {
            let label = label.map(|label| format!("{label} ")).unwrap_or_default();
            let step = format!("{label}{}", class_name(node));
            if way.last() != Some(&step) {
                way.push(step);
            }
        } else if graph.kind(node) == NodeKind::Synthetic && node != graph.root() {
            way.push(graph.raw_name(node).to_string());
        }
        let text = way.iter().fold(String::new(), |text, step| text + "/" + step);
        *sizes.entry(text).or_default() += i64::try_from(size).unwrap();
        ways.insert(node, way);
    }
    sizes
}

#[test]
fn paths_are_those_of_a_slow_search() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let nodes = 2 + dice.roll(30);
        let (base, current) = (
            Heap::of(&random_heap(&mut dice, nodes)),
            Heap::of(&random_heap(&mut dice, nodes + 3)),
        );
        let comparison = compared(&base, &current, Matching::ByClass);
        let tree = by_path(&base, &current, &comparison);
        adds_up(&tree, &base, &current);
        let row_name = |row: RowIx| comparison.row(row).name().to_string();
        let mut expected = slow_paths(&current, |node| {
            row_name(comparison.row_of_current(current.classes.of(node)).unwrap())
        });
        let before = slow_paths(&base, |node| {
            row_name(comparison.row_of_base(InBase(node)).unwrap())
        });
        for (way, size) in before {
            *expected.entry(way).or_default() -= size;
        }
        expected.retain(|_, &mut change| change != 0);
        assert_eq!(own_changes(&tree, &comparison), expected, "seed {seed}");
    }
}

#[test]
fn packages_get_what_their_modules_own() {
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let nodes = 2 + dice.roll(30);
        let mut heap = || {
            let mut text = random_heap(&mut dice, nodes);
            for (at, script) in ["/app/a.js", "/app/node_modules/p/b.js", "node:c"]
                .iter()
                .enumerate()
            {
                writeln!(
                    text,
                    "n1 -f{at}-> f{at}:closure/8 -internal:shared-> s{at}:code/8"
                )
                .unwrap();
                writeln!(text, "s{at} -internal:script-> \"{script}\":code/8").unwrap();
                writeln!(text, "f{at} -own-> n{}", dice.roll(nodes)).unwrap();
            }
            Heap::of(&text)
        };
        let (base, current) = (heap(), heap());
        for matching in [Matching::ByIds, Matching::ByClass] {
            let comparison = compared(&base, &current, matching);
            let tree = by_owner(&base, &current, &comparison);
            adds_up(&tree, &base, &current);
            let mut expected: BTreeMap<String, i64> = BTreeMap::new();
            for (heap, sign) in [(&base, -1), (&current, 1)] {
                let owners = owners(heap);
                for node in heap.graph.nodes() {
                    let package = match owners.of(node) {
                        Some(owner) => Package::of(&owners.path(owner).to_string()).to_string(),
                        None => "(no script)".to_owned(),
                    };
                    *expected.entry(package).or_default() +=
                        sign * i64::try_from(heap.shallow.get(node)).unwrap();
                }
            }
            expected.retain(|_, &mut change| change != 0);
            let mut found: BTreeMap<String, i64> = tree
                .children(DeltaTree::TOP)
                .iter()
                .map(|&ix| (called(&tree, &comparison, ix), tree.place(ix).size_delta()))
                .collect();
            found.retain(|_, &mut change| change != 0);
            assert_eq!(found, expected, "seed {seed}");
        }
    }
}
