//! Pictures of tiny heaps.

use std::fmt::Write as _;

use super::*;
use crate::query::places::FindPlaces;
use crate::query::testing::{ask, snapshot};

fn picture(text: &str, name: &str) -> Arc<RetainingGraph> {
    let snapshot = snapshot(text);
    let graph = snapshot.graph();
    let nodes = graph
        .nodes()
        .filter(|&node| graph.raw_name(node) == name)
        .collect();
    let question = Picture {
        objects: Objects::new(nodes),
        places: ask(&FindPlaces, &snapshot),
    };
    ask(&question, &snapshot)
}

fn titles(graph: &RetainingGraph) -> Vec<String> {
    let title = |vertex: &Vertex| format!("{} {} {}", vertex.column, vertex.title, vertex.note);
    graph.node_weights().map(title).collect()
}

#[test]
fn a_few_objects_are_drawn_with_all_their_ways() {
    let graph = picture(
        r#"root:synthetic/0 -shortcut:w-> window:native/8 -a-> a=Store:object/8 -items-> list=Array:object/8
        list -internal:elements-> e="":array/16 -internal:0-> item=Item:object/8
        window -last-> item"#,
        "Item",
    );
    let told: Vec<&str> = graph.node_weights().map(|vertex| &*vertex.title).collect();
    assert_eq!(told, ["GC roots", "window", "Item", "Store", "Array"]);
    let references: Vec<&str> = graph.edge_weights().map(|edge| &*edge.name).collect();
    assert_eq!(references, ["w", "last", "a", "items", "[0]"]);
    let item = graph.node_weights().nth(2).unwrap();
    assert!(item.is_asked && item.column == 2);
}

/// A heap whose stores have so many items each, all of which one list has too.
fn stores(stores: usize, items: usize) -> String {
    let mut text = "root:synthetic/0 -shortcut:w-> window:native/8 -all-> all=List:object/8\n".to_owned();
    for store in 0..stores {
        for item in 0..items {
            writeln!(
                text,
                "window -s{store}x-> s{store}=Store{store}x:object/8 -i-> l{store}=Items:object/8"
            )
            .unwrap();
            writeln!(
                text,
                "l{store} -element:{item}-> i{store}_{item}=Item:object/8 -x-> y:object/1"
            )
            .unwrap();
            writeln!(text, "s{store} -at-> g{store}_{item}=Item:object/8").unwrap();
        }
    }
    text
}

#[test]
fn many_objects_are_drawn_as_branches_and_what_is_left_is_summed_up() {
    let few = picture(&stores(2, 5), "Item");
    let told = titles(&few);
    assert!(
        told.contains(&"0 GC roots 20 objects · 161\u{a0}B".to_owned()),
        "{told:?}"
    );
    let many = picture(&stores(60, 2), "Item");
    let more: Vec<String> = titles(&many)
        .into_iter()
        .filter(|title| title.contains(" more "))
        .collect();
    assert!(!more.is_empty(), "{:?}", titles(&many));
    assert!(many.node_count() <= 2 * MOST);
}

#[test]
fn boxes_of_a_column_do_not_meet() {
    let graph = picture(&stores(12, 4), "Item");
    for a in graph.node_indices() {
        for b in graph.node_indices().filter(|&b| b > a) {
            let (a, b) = (&graph[a], &graph[b]);
            let apart = (a.row - b.row).abs() >= 1.0;
            assert!(a.column != b.column || apart, "{a:?} {b:?}");
        }
    }
}

#[test]
fn names_cannot_become_markup() {
    let graph = picture(
        r#"root:synthetic/0 -shortcut:w-> window:native/8 -"<b>&"-> a="<script>":object/8"#,
        "<script>",
    );
    let svg = svg::write(&graph);
    assert!(
        svg.contains("&lt;script&gt;") && svg.contains("&lt;b&gt;&amp;") && !svg.contains("<script>"),
        "{svg}"
    );
    assert!(svg::write_dot(&graph).contains("<script>"));
}
