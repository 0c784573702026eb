//! The rules of places on tiny heaps, and a slow and obvious twin on random ones.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use super::merged::{MergedIx, MergedTrees};
use super::*;
use crate::analysis::essential::is_user_root;
use crate::analysis::testing::{Dice, Heap, random_heap};
use crate::graph::{EdgeKind, NodeKind};

fn tree(heap: &Heap) -> PathTree {
    let ephemerons = Ephemerons::build(&heap.graph, &Task::new()).unwrap();
    let source = Source {
        graph: &heap.graph,
        ephemerons: &ephemerons,
        shallow: &heap.shallow,
    };
    PathTree::build(source, &Task::new()).unwrap()
}

/// The places as `edge class/edge class …` with how many objects there are, without the root.
fn places(tree: &PathTree) -> BTreeMap<String, u64> {
    let mut texts = vec![String::new()];
    let mut found = BTreeMap::new();
    for place in &tree.places()[1..] {
        let step = format!("{} {}", tree.text(place.edge), tree.text(place.class));
        let above = &texts[place.parent.at()];
        let text = if above.is_empty() {
            step
        } else {
            format!("{above} / {step}")
        };
        found.insert(text.clone(), place.count);
        texts.push(text);
    }
    found
}

fn shown(text: &str) -> Vec<String> {
    let heap = Heap::of(text);
    places(&tree(&heap))
        .into_iter()
        .map(|(place, count)| format!("{place}: {count}"))
        .collect()
}

#[test]
fn slots_are_folded_and_objects_counted_where_they_are_met_first() {
    assert_eq!(
        shown(
            "root:synthetic/0 -shortcut:g-> g=global:object -list-> l=Array:object -element:0-> a=Item:object -of-> one=Detail:object
            l -element:1-> b=Item:object -of-> two=Detail:object
            l -internal:elements-> e=\"(object elements)\":array -internal:0-> a
            b -of2-> one
            e -internal:1-> b"
        ),
        [
            "g global: 1",
            "g global / list Array: 1",
            "g global / list Array / [x] Item: 2",
            "g global / list Array / [x] Item / of Detail: 2",
        ]
    );
}

#[test]
fn steps_through_tables_and_contexts_are_the_objects_own() {
    assert_eq!(
        shown(
            r#"root:synthetic/0 -shortcut:g-> g=global:object -m-> m=Map:object/32 -internal:table-> t="":array/152
            t -internal:8-> key=Key:object
            t -internal:9-> value=Value:object
            g -f-> f=run:closure -internal:context-> c="system / Context":object -internal:previous-> d="system / Context":object
            c -context:inner-> inner=Inner:object
            d -context:user42-> outer=Outer:object"#
        ),
        [
            "g global: 1",
            "g global / f run(): 1",
            "g global / f run() / inner Inner: 1",
            "g global / f run() / user# Outer: 1",
            "g global / m Map: 1",
            "g global / m Map / key of Map entry Key: 1",
            "g global / m Map / value of Map entry Value: 1",
        ]
    );
}

#[test]
fn a_linked_list_is_one_place_and_a_rope_one_string() {
    let heap = Heap::of(
        "root:synthetic/0 -shortcut:g-> g=global:object -head-> a=Link:object -next-> b=Link:object -next-> c=Link:object -next-> d=Link:object
        g -log-> r1=x:concatenated_string/20 -internal:first-> r2=y:concatenated_string/20 -internal:first-> s:string/16
        r2 -internal:second-> t:string/24",
    );
    let tree = tree(&heap);
    assert_eq!(
        places(&tree).into_iter().collect::<Vec<_>>(),
        [
            ("g global".to_owned(), 1),
            ("g global / head Link".to_owned(), 1),
            ("g global / head Link / next Link".to_owned(), 3),
            ("g global / log (string)".to_owned(), 1),
        ]
    );
    let place = |class: &str| {
        tree.places()
            .iter()
            .find(|place| tree.text(place.class) == class)
            .unwrap()
    };
    assert_eq!(place("(string)").size, 80);
    let first = tree
        .places()
        .iter()
        .find(|place| tree.text(place.edge) == "head")
        .unwrap();
    assert_eq!((first.count, first.chained), (1, 3));
}

#[test]
fn the_engines_ways_and_roots_come_last() {
    assert_eq!(
        shown(
            r#"root:synthetic/0 -element:1-> gc="(GC roots)":synthetic/0 -element:1-> st="(Internalized strings)":synthetic/0 -element:1-> name:string
            gc -element:2-> h="(Global handles)":synthetic/0 -element:7-> held=Held:object -far-> x=Far:object -far-> name
            root -shortcut:g-> g=global:object -internal:map-> map:object_shape -internal:back-> by=Behind:object
            g -p-> p=One:object -q-> q=Two:object -r-> by"#
        ),
        [
            "[x] (GC roots): 1",
            "[x] (GC roots) / [x] (Global handles): 1",
            "[x] (GC roots) / [x] (Global handles) / [x] Held: 1",
            "[x] (GC roots) / [x] (Global handles) / [x] Held / far Far: 1",
            "[x] (GC roots) / [x] (Global handles) / [x] Held / far Far / far (string): 1",
            "[x] (GC roots) / [x] (Internalized strings): 1",
            "g global: 1",
            "g global / map (object shape): 1",
            "g global / p One: 1",
            "g global / p One / q Two: 1",
            "g global / p One / q Two / r Behind: 1",
        ]
    );
}

/// The same search, with whole paths as texts: no folding of parts, as the random heaps have none; engine's ways last.
fn twin(heap: &Heap) -> BTreeMap<String, u64> {
    let graph = &heap.graph;
    let step_text = |edge, node, via_part: bool| {
        let from_root = graph.source(edge) == graph.root() && graph.head(edge).kind() != EdgeKind::Shortcut;
        let name = if via_part || from_root || graph.head(edge).kind().is_indexed() {
            "[x]".to_owned()
        } else {
            graph
                .edge_name(edge)
                .to_string()
                .replace(|c: char| c.is_ascii_digit(), "#")
        };
        let class = match graph.kind(node) {
            NodeKind::Closure => format!("{}()", graph.raw_name(node)),
            NodeKind::Code => "(compiled code)".to_owned(),
            NodeKind::String => "(string)".to_owned(),
            _ if graph.raw_name(node).is_empty() => "(array)".to_owned(),
            _ => graph.raw_name(node).to_string(),
        };
        format!("{name} {class}")
    };
    let is_detour = |edge, node| {
        let name = graph.edge_name(edge).to_string();
        let kind = graph.head(edge).kind();
        graph.kind(node) == NodeKind::Code
            || kind == EdgeKind::Internal && (name == "map" || name == "native_context")
            || name == "__proto__"
    };
    let is_part = |holder: NodeIx, edge, node, via_part: bool| {
        let name = graph.edge_name(edge).to_string();
        let is_store = name == "elements" && graph.kind(node) == NodeKind::Array;
        graph.head(edge).kind() == EdgeKind::Internal
            && is_store
            && !via_part
            && holder != graph.root()
            && holder != node
    };
    let mut path_of: Vec<Option<Vec<String>>> = vec![None; graph.node_count()];
    path_of[graph.root().at()] = Some(Vec::new());
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut queue: VecDeque<NodeIx> = VecDeque::new();
    let mut later: VecDeque<(Vec<String>, crate::base::index::EdgeIx)> = VecDeque::new();
    let mut waiting = vec![false; graph.node_count()];
    let enter = |path: &[String],
                 via_part: bool,
                 edge,
                 path_of: &mut Vec<Option<Vec<String>>>,
                 counts: &mut BTreeMap<String, u64>| {
        let node = graph.head(edge).target();
        let step = step_text(edge, node, via_part);
        let mut path = path.to_vec();
        // A step that was made within the last three is a further link of a list.
        let same = path.iter().rev().take(3).position(|before| *before == step);
        match same {
            Some(back) if !step.starts_with("[x] ") => path.truncate(path.len() - back),
            _ => {
                let run = path.iter().rev().take_while(|before| **before == step).count();
                let is_engine = matches!(
                    graph.kind(node),
                    NodeKind::Hidden | NodeKind::Array | NodeKind::Code
                ) || graph.kind(node) == NodeKind::Object
                    && graph.raw_name(node).starts_with("system / ");
                if run <= if is_engine { 0 } else { 8 } {
                    path.push(step);
                }
            }
        }
        *counts.entry(path.join(" / ")).or_default() += 1;
        path_of[node.at()] = Some(path);
    };
    let mut ranks: Vec<Vec<crate::base::index::EdgeIx>> = vec![Vec::new(); 2];
    for edge in graph.edges(graph.root()) {
        let target = graph.head(edge).target();
        ranks[usize::from(graph.kind(target) == NodeKind::Synthetic)].push(edge);
    }
    let mut expand = |node: NodeIx,
                      edges: Vec<crate::base::index::EdgeIx>,
                      path_of: &mut Vec<Option<Vec<String>>>,
                      counts: &mut BTreeMap<String, u64>,
                      queue: &mut VecDeque<NodeIx>,
                      later: &mut VecDeque<(Vec<String>, crate::base::index::EdgeIx)>| {
        let path = path_of[node.at()].clone().unwrap();
        let mut parts: Vec<NodeIx> = Vec::new();
        let mut open: VecDeque<(NodeIx, Vec<crate::base::index::EdgeIx>, bool)> =
            VecDeque::from([(node, edges, false)]);
        while let Some((holder, edges, via_part)) = open
            .pop_front()
            .or_else(|| parts.pop().map(|part| (part, graph.edges(part).collect(), true)))
        {
            for edge in edges {
                let head = graph.head(edge);
                let target = head.target();
                let is_root = graph.source(edge) == graph.root() && is_user_root(graph, target);
                if head.is_weak() && !is_root || path_of[target.at()].is_some() {
                    continue;
                }
                if is_detour(edge, target) {
                    if !std::mem::replace(&mut waiting[target.at()], true) {
                        later.push_back((path.clone(), edge));
                    }
                } else if is_part(holder, edge, target, via_part) {
                    path_of[target.at()] = Some(path.clone());
                    parts.push(target);
                } else {
                    enter(&path, via_part, edge, path_of, counts);
                    queue.push_back(target);
                }
            }
        }
    };
    for seeds in ranks {
        expand(
            graph.root(),
            seeds,
            &mut path_of,
            &mut counts,
            &mut queue,
            &mut later,
        );
        loop {
            while let Some(node) = queue.pop_front() {
                let edges = graph.edges(node).collect();
                expand(node, edges, &mut path_of, &mut counts, &mut queue, &mut later);
            }
            if later.is_empty() {
                break;
            }
            for (path, edge) in std::mem::take(&mut later) {
                let target = graph.head(edge).target();
                if path_of[target.at()].is_none() {
                    enter(&path, false, edge, &mut path_of, &mut counts);
                    queue.push_back(target);
                }
            }
        }
    }
    counts
}

#[test]
fn agrees_with_whole_paths_as_texts() {
    for seed in 0..150 {
        let mut dice = Dice::new(seed);
        let nodes = 2 + dice.roll(60);
        let heap = Heap::of(&random_heap(&mut dice, nodes));
        let tree = tree(&heap);
        assert_eq!(places(&tree), twin(&heap), "seed {seed}");
        let counted: u64 = tree.places().iter().map(|place| place.count).sum();
        let parts = heap.graph.nodes().filter(|&node| tree.is_part(node)).count() as u64;
        let placed = heap.graph.nodes().filter(|&node| tree.of(node).is_some()).count() as u64;
        assert_eq!(counted + parts, placed, "seed {seed}");
        let sizes: u64 = tree.places().iter().map(|place| place.size).sum();
        let expected: u64 = heap
            .graph
            .nodes()
            .filter(|&node| tree.of(node).is_some())
            .map(|node| heap.shallow.get(node))
            .sum();
        assert_eq!(sizes, expected, "seed {seed}");
        assert_eq!(tree.beyond(|place| place.count)[0], counted, "seed {seed}");
    }
}

#[test]
fn names_that_come_and_go_are_entries_of_a_table() {
    let users = |names: &[&str]| {
        let mut text = String::from(
            "root:synthetic/0 -shortcut:g-> g=global:object -users-> u=Object:object -size-> n=Size:object\n",
        );
        for name in names {
            writeln!(text, "u -{name}-> {name}=User:object").unwrap();
        }
        Heap::of(&text)
    };
    let first = users(&["ada", "bob", "cai", "dee", "eli", "fay", "gus", "hal", "ivy"]);
    let second = users(&[
        "jan", "kim", "lea", "mia", "ned", "oda", "pia", "quy", "ria", "sam",
    ]);
    let trees = [tree(&first), tree(&second)];
    let merged = MergedTrees::build(&trees, &Task::new()).unwrap();
    let text = |at: MergedIx| {
        let place = merged.place(at);
        format!("{} {}", merged.text(place.edge), merged.text(place.class))
    };
    let users = merged.all().find(|&at| text(at) == "[x] User").unwrap();
    let counts: Vec<u64> = merged
        .numbers(users)
        .iter()
        .map(|numbers| numbers.count)
        .collect();
    assert_eq!(counts, [9, 10]);
    assert_eq!(
        merged.place(users).parent,
        merged.all().find(|&at| text(at) == "users Object").unwrap()
    );
}
