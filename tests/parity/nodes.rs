//! Every node, and the figures of the whole heap.

use heapatlas::analysis::detachedness::DomStates;
use heapatlas::graph::ObjectId;
use heapatlas::query::Column as _;
use heapatlas::query::nodes::{NodeColumn, Nodes};
use heapatlas::query::stats::{Stats, StatsColumn};
use serde_json::Value;

use super::golden::{self, array, ask, devtools_distance, number, text};

#[test]
fn every_node_agrees() {
    golden::each("nodes", |golden, snapshot| {
        let nodes = &golden.json["nodes"];
        let column = |name: &str| array(&nodes[name]);
        let texts = column("texts");
        let text_of = |index: &Value| text(&texts[usize::try_from(number(index)).expect("an index")]);
        let graph = snapshot.graph();
        assert_eq!(nodes["count"], graph.node_count());
        for name in ["id", "name", "type", "class_name", "dominator_id"] {
            assert_eq!(
                column(name).len(),
                graph.node_count(),
                "{name} of {}",
                golden.name
            );
        }
        let detached = nodes["detachedness"].as_array();
        for (at, node) in graph.nodes().enumerate() {
            let id = snapshot.id(node);
            let number = |name: &str| number(&column(name)[at]);
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
            let state = detached.map_or(0, |column| golden::number(&column[at]));
            assert_eq!(
                DomStates::of(snapshot.dom(), node) as u64,
                state,
                "detachedness of {id}"
            );
        }
        graph.node_count()
    });
}

#[test]
fn the_statistics_agree() {
    golden::each("stats", |golden, snapshot| {
        let theirs = &golden.json["stats"];
        let ours = ask(&Stats, snapshot);
        let mut compared = 0;
        for (column, value) in StatsColumn::ALL
            .iter()
            .zip(golden::line(snapshot, &ours, StatsColumn::ALL))
        {
            // DevTools counts texts that it has added to the table itself.
            if *column != StatsColumn::StringCount {
                assert_eq!(value, theirs[column.key()], "{} of {}", column.key(), golden.name);
                compared += 1;
            }
        }
        assert_eq!(ours.total, number(&golden.json["total_size"]), "{}", golden.name);
        assert_eq!(compared + 1, theirs.as_object().expect("figures by name").len());
        compared
    });
}

#[test]
fn a_sample_of_nodes_is_every_nth() {
    golden::each("nodes", |golden, snapshot| {
        let ids = array(&golden.json["nodes"]["id"]);
        let rows = ask(
            &Nodes {
                sample: Some(50),
                ..Nodes::default()
            },
            snapshot,
        );
        for (nth, node) in rows.iter().enumerate() {
            let ours = &golden::line(snapshot, node, &[NodeColumn::Id])[0];
            assert_eq!(*ours, ids[nth * ids.len() / rows.len()], "{}", golden.name);
        }
        rows.len()
    });
}
