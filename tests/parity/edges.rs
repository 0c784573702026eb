//! Edges of some objects: Retainers, with and without ignored ones, and Containment.

use std::sync::Arc;

use heapatlas::analysis::distances::Reach;
use heapatlas::analysis::ignored_retainers::IgnoredRetainers;
use heapatlas::query::edges::{EdgeColumn, EdgeRow};
use heapatlas::query::object::Object;
use heapatlas::query::retainers::{Ignore, Retainers};
use heapatlas::snapshot::Snapshot;
use serde_json::Value;

use super::golden::{self, array, ask, node, rows};

const COLUMNS: [EdgeColumn; 8] = [
    EdgeColumn::EdgeName,
    EdgeColumn::EdgeType,
    EdgeColumn::Id,
    EdgeColumn::Name,
    EdgeColumn::Type,
    EdgeColumn::Distance,
    EdgeColumn::ShallowSize,
    EdgeColumn::RetainedSize,
];
/// Where the distance stands among them.
const DISTANCE: usize = 5;

/// From here on distances of DevTools are those of retainers that nothing reaches.
const BEYOND_REACH: i64 = 200_000_000;

#[test]
fn the_retainers_agree() {
    golden::each("retainers", |golden, snapshot| {
        let mut compared = 0;
        for (id, theirs) in golden::members(&golden.json["retainers"]) {
            let question = Retainers::of(node(snapshot, id));
            let what = format!("retainers of @{id} in {}", golden.name);
            compared += assert_retainers(&question, snapshot, theirs, &what);
        }
        compared
    });
}

#[test]
fn the_retainers_agree_while_some_are_ignored() {
    let mut cut_off = 0;
    golden::each("ignored", |golden, snapshot| {
        let mut compared = 0;
        for case in array(&golden.json["ignored"]) {
            let id = |value: &Value| node(snapshot, &value.to_string());
            let nodes = array(&case["ignore"]).iter().map(id).collect();
            let question = Retainers {
                ignoring: Some(ask(&Ignore { nodes }, snapshot)),
                ..Retainers::of(id(&case["id"]))
            };
            let what = format!(
                "retainers of @{} without {} in {}",
                case["id"], case["ignore"], golden.name
            );
            compared += assert_retainers(&question, snapshot, &case["rows"], &what);
            cut_off += ask(&question, snapshot)
                .iter()
                .filter(|row| row.distance.reach() == Reach::Unreachable)
                .filter(|row| snapshot.distance(row.node).reach() != Reach::Unreachable)
                .count();
        }
        compared
    });
    assert!(
        cut_off > 0,
        "no golden has a retainer that only ignored ones reach"
    );
}

#[test]
fn containment_agrees() {
    golden::each("containment", |golden, snapshot| {
        let root = snapshot.id(snapshot.graph().root()).0;
        assert_eq!(golden.json["root_id"], root, "root of {}", golden.name);
        let mut compared = 0;
        for (id, theirs) in golden::members(&golden.json["containment"]) {
            let is_root = *id == root.to_string();
            let question = if is_root {
                Object::root(snapshot)
            } else {
                Object::of(node(snapshot, id))
            };
            let ours = lines(snapshot, &ask(&question, snapshot), None);
            let what = format!("edges of @{id} in {}", golden.name);
            compared += golden::assert_rows(&ours, &rows(theirs), &what);
        }
        compared
    });
}

fn assert_retainers(question: &Retainers, snapshot: &Snapshot, theirs: &Value, what: &str) -> usize {
    let answer = ask(question, snapshot);
    let theirs = rows(theirs);
    let mut ours = lines(snapshot, &answer, question.ignoring.as_ref());
    // Listed difference: DevTools has numbers by which it sorts retainers that nothing reaches; here they have no distance. The
    // order agrees all the same.
    for ((line, row), theirs) in ours.iter_mut().zip(&answer).zip(&theirs) {
        if theirs[DISTANCE].as_i64() >= Some(BEYOND_REACH) && row.distance.reach() == Reach::Unreachable {
            line[DISTANCE] = theirs[DISTANCE].clone();
        }
    }
    golden::assert_rows(&ours, &theirs, what)
}

/// Rows as the golden has them: the columns, and whether the node is ignored.
fn lines(snapshot: &Snapshot, rows: &[EdgeRow], ignoring: Option<&Arc<IgnoredRetainers>>) -> Vec<Vec<Value>> {
    let line = |row: &EdgeRow| {
        let mut line = golden::line(snapshot, row, &COLUMNS);
        let is_ignored = ignoring.is_some_and(|ignoring| ignoring.contains(row.node));
        line.push(u64::from(is_ignored).into());
        line
    };
    rows.iter().map(line).collect()
}
