//! Our numbers against DevTools' own, for every snapshot in `tests/data`: each node, each row, each figure.
//!
//! What DevTools' engine printed lies beside this file; README.md says how it was made and what a file holds. Deliberate
//! differences are listed in `docs/devtools-differences.md`; nothing else may differ.

mod golden;

use golden::{Golden, devtools_distance, text};
use heapatlas::analysis::detachedness::DomStates;
use heapatlas::graph::ObjectId;
use heapatlas::snapshot::Snapshot;
use serde_json::Value;

/// Runs `check` on every golden of a snapshot; a failure names the file.
fn on_every_golden(check: impl Fn(&Golden, &Snapshot)) {
    let names = golden::names();
    assert!(names.len() > 10, "the goldens were not found");
    for name in names {
        let golden = Golden::read(&name);
        let snapshot = golden.open();
        check(&golden, &snapshot);
    }
}

#[test]
fn every_node_agrees() {
    on_every_golden(|golden, snapshot| {
        let nodes = &golden.json["nodes"];
        let column = |name: &str| {
            nodes[name]
                .as_array()
                .unwrap_or_else(|| panic!("no column {name}"))
        };
        let texts = column("texts");
        let text_of = |index: &Value| {
            text(
                &texts[index
                    .as_u64()
                    .map_or(usize::MAX, |at| usize::try_from(at).expect("small"))],
            )
        };
        let graph = snapshot.graph();
        assert_eq!(golden.json["nodes"]["count"], graph.node_count());
        let detached = nodes["detachedness"].as_array();
        for (at, node) in graph.nodes().enumerate() {
            let id = snapshot.id(node);
            let number = |name: &str| {
                column(name)[at]
                    .as_u64()
                    .unwrap_or_else(|| panic!("{name} of {id} is no number"))
            };
            assert_eq!(id, ObjectId(number("id")), "id of node {at}");
            assert_eq!(
                graph.kind_name(node),
                text_of(&column("type")[at]),
                "type of {id}"
            );
            assert_eq!(
                snapshot.shallow_size(node),
                number("self_size"),
                "shallow size of {id}"
            );
            assert_eq!(
                snapshot.retained_size(node),
                number("retained_size"),
                "retained size of {id}"
            );
            assert_eq!(
                devtools_distance(snapshot.distance(node)),
                column("distance")[at],
                "distance of {id}"
            );
            assert_eq!(
                snapshot.id(snapshot.dominator(node)),
                ObjectId(number("dominator_id")),
                "dominator of {id}"
            );
            let class = &snapshot.classes().class(snapshot.class_of(node)).name;
            assert_eq!(
                class.to_string(),
                text_of(&column("class_name")[at]),
                "class of {id}"
            );
            if !column("name")[at].is_null() {
                assert_eq!(
                    snapshot.name(node).to_string(),
                    text_of(&column("name")[at]),
                    "name of {id}"
                );
            }
            let state = detached.map_or(0, |column| column[at].as_u64().expect("a state is a number"));
            assert_eq!(
                DomStates::of(snapshot.dom(), node) as u64,
                state,
                "detachedness of {id}"
            );
        }
    });
}

#[test]
fn the_summary_agrees() {
    on_every_golden(|golden, snapshot| {
        let rows = Golden::class_rows(&golden.json["summary"]);
        golden::assert_class_rows(&Golden::totals(snapshot, snapshot.class_totals()), &rows, golden);
    });
}

#[test]
fn the_statistics_agree() {
    on_every_golden(|golden, snapshot| {
        let stats = &golden.json["stats"];
        let ours = snapshot.statistics();
        let graph = snapshot.graph();
        // Not `string_count`: DevTools counts texts that it has added to the table itself.
        let figures = [
            ("node_count", graph.node_count() as u64),
            ("edge_count", graph.edge_count() as u64),
            ("total_size", ours.total),
            ("v8_heap_size", ours.v8_heap()),
            ("native_size", ours.native),
            ("code_size", ours.code),
            ("string_size", ours.strings),
            ("js_array_size", ours.js_arrays),
            ("typed_array_size", ours.typed_arrays),
            ("system_size", ours.system),
            ("other_js_size", ours.other_js()),
            ("other_native_size", ours.other_native()),
        ];
        for (key, figure) in figures {
            assert_eq!(stats[key].as_u64(), Some(figure), "{key} of {}", golden.name);
        }
    });
}
