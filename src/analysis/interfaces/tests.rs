use std::fmt::Write as _;

use super::*;
use crate::analysis::names;
use crate::analysis::testing::{Dice, Heap, random_heap};
use crate::base::index::NodeIx;

fn shown(definitions: &[InterfaceDefinition]) -> Vec<String> {
    definitions
        .iter()
        .map(|definition| definition.name.to_string())
        .collect()
}

/// A heap of plain objects, one for each list of properties.
fn objects(lists: &[&[&str]]) -> Heap {
    let mut text = String::from("\"\":synthetic\n");
    for (at, list) in lists.iter().enumerate() {
        writeln!(text, "o{at}=Object:object").unwrap();
        for property in *list {
            writeln!(text, "o{at} -\"{property}\"-> \"\"").unwrap();
        }
    }
    Heap::of(&text)
}

fn classes(heap: &Heap) -> Vec<String> {
    let nodes = heap.graph.nodes().skip(1);
    nodes
        .map(|node| heap.classes.class(heap.classes.of(node)).name.to_string())
        .collect()
}

#[test]
fn two_objects_make_an_interface() {
    let heap = objects(&[
        &["a", "b"],
        &["b", "a"],
        &["a", "b"],
        &["c"],
        &[],
        &["c", "__proto__"],
        &["d"],
    ]);
    assert_eq!(shown(heap.classes.interfaces()), ["{a, b}", "{c}"]);
    assert_eq!(
        classes(&heap),
        ["{a, b}", "{a, b}", "{a, b}", "{c}", "Object", "{c}", "Object"]
    );
}

#[test]
fn the_interface_with_most_properties_wins_then_the_earlier() {
    let heap = objects(&[
        &["a"],
        &["a"],
        &["a"],
        &["b", "a"],
        &["b", "a"],
        &["a", "c"],
        &["a", "c"],
        &["a", "b", "c", "d"],
        &["d", "c", "a"],
        &["c", "b"],
    ]);
    assert_eq!(shown(heap.classes.interfaces()), ["{a}", "{b, a}", "{a, c}"]);
    assert_eq!(classes(&heap)[7..], ["{b, a}", "{a, c}", "Object"]);
}

#[test]
fn an_interface_needs_one_object_in_a_thousand() {
    let mut lists: Vec<&[&str]> = vec![&[]; 1995];
    lists.extend([&["a"][..], &["a"], &["b"], &["b"], &["b"]]);
    assert_eq!(shown(objects(&lists).classes.interfaces()), ["{b}", "{a}"]);
    lists.push(&[]);
    assert_eq!(shown(objects(&lists).classes.interfaces()), ["{b}"]);
}

#[test]
fn names_are_cut() {
    let (long, rest) = ("x".repeat(119), "y".repeat(3));
    let heap = objects(&[&[&long], &[&long, "y"], &[&long, &rest], &[&long, &rest]]);
    assert_eq!(shown(heap.classes.interfaces()), [format!("{{{long}}}")]);
    let (long, rest) = ("x".repeat(117), "y".repeat(2));
    let heap = objects(&[&[&long, &rest], &[&long, &rest], &[&long, "yyy"]]);
    assert_eq!(shown(heap.classes.interfaces()), [format!("{{{long}, yy}}")]);
    assert_eq!(classes(&heap)[2], "Object");
}

#[test]
fn dictionaries_are_matched_by_all_their_properties() {
    let keys: Vec<String> = (0..5000).map(|at| format!("key{at}")).collect();
    let mut keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    keys.push("late");
    let heap = objects(&[
        &keys,
        &["late", "key3"],
        &["late", "key3"],
        &keys[..70],
        &keys[..70],
    ]);
    assert_eq!(shown(heap.classes.interfaces())[1..], ["{late, key3}"]);
    assert_eq!(classes(&heap)[0], classes(&heap)[3]);
    let other = objects(&[&["late", "key4999"], &["late", "key4999"]]);
    let foreign = ClassTableOf(&heap, other.classes.interfaces());
    assert_eq!(foreign.name(NodeIx::new(1)), "{late, key4999}");
    assert_eq!(foreign.name(NodeIx::new(4)), "Object");
}

/// A heap's classes by another heap's definitions.
struct ClassTableOf<'a>(&'a Heap, &'a [InterfaceDefinition]);

impl ClassTableOf<'_> {
    fn name(&self, node: NodeIx) -> String {
        let Self(heap, definitions) = self;
        let table = crate::analysis::classes::ClassTable::build_with(
            &heap.graph,
            &heap.dom,
            definitions,
            &Task::new(),
        );
        let table = table.unwrap();
        table.class(table.of(node)).name.to_string()
    }
}

/// The class of `node` as the rule reads: all definitions tried.
fn slow(heap: &Heap, node: NodeIx) -> String {
    let has: Vec<JsStr<'_>> = heap
        .graph
        .edges(node)
        .filter_map(|edge| names::property_name(&heap.graph, edge))
        .collect();
    let fits = |definition: &&InterfaceDefinition| {
        definition
            .properties
            .iter()
            .all(|property| has.contains(&property.as_js()))
    };
    let distinct = |definition: &InterfaceDefinition| {
        let mut properties: Vec<&[u8]> = definition
            .properties
            .iter()
            .map(|property| property.as_js().bytes())
            .collect();
        properties.sort_unstable();
        properties.dedup();
        properties.len()
    };
    let fitting = heap.classes.interfaces().iter().filter(fits);
    // Of several maxima `max_by_key` takes the last.
    let best = fitting.rev().max_by_key(|definition| distinct(definition));
    best.map_or("Object".to_owned(), |definition| definition.name.to_string())
}

#[test]
fn matching_agrees_with_trying_everything() {
    for seed in 0..100 {
        let mut dice = Dice::new(seed);
        let nodes = 2 + dice.roll(80);
        let heap = Heap::of(&random_heap(&mut dice, nodes));
        for node in heap.graph.nodes() {
            let is_plain = heap.graph.raw_name(node) == names::PLAIN_OBJECT;
            if is_plain && heap.graph.kind(node) == crate::graph::NodeKind::Object {
                assert_eq!(
                    heap.classes.class(heap.classes.of(node)).name.to_string(),
                    slow(&heap, node)
                );
            }
        }
    }
}
