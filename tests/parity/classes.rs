//! Classes: the Summary, whole and under each filter, and the objects of some classes.

use heapatlas::analysis::filters::NodeFilter;
use heapatlas::base::index::{ClassIx, Ix as _};
use heapatlas::graph::ObjectId;
use heapatlas::query::instances::{Instances, ObjectColumn};
use heapatlas::query::summary::{Summary, SummaryColumn};
use heapatlas::snapshot::Snapshot;
use rustc_hash::FxHashSet;
use serde_json::Value;

use super::golden::{self, Golden, array, ask, number, rows, text};

const COLUMNS: [SummaryColumn; 6] = [
    SummaryColumn::ClassKey,
    SummaryColumn::Class,
    SummaryColumn::Count,
    SummaryColumn::Distance,
    SummaryColumn::ShallowSize,
    SummaryColumn::RetainedSize,
];
// Where some of them stand.
const KEY: usize = 0;
const NAME: usize = 1;
const COUNT: usize = 2;
const SHALLOW_SIZE: usize = 4;
const RETAINED_SIZE: usize = 5;

#[test]
fn the_summary_agrees() {
    golden::each("summary", |golden, snapshot| {
        assert_classes(golden, snapshot, NodeFilter::All, &golden.json["summary"])
    });
}

#[test]
fn the_summary_agrees_under_each_filter() {
    let mut not_empty = FxHashSet::default();
    golden::each("filters", |golden, snapshot| {
        let mut compared = 0;
        for (name, theirs) in golden::members(&golden.json["filters"]) {
            let filter = filter(name);
            let rows = assert_classes(golden, snapshot, filter, theirs);
            if rows > 0 {
                not_empty.insert(std::mem::discriminant(&filter));
            }
            compared += rows;
        }
        compared
    });
    assert_eq!(
        not_empty.len(),
        6,
        "each filter should leave something of some golden"
    );
}

#[test]
fn the_objects_of_classes_agree() {
    golden::each("instances", |golden, snapshot| {
        let mut compared = 0;
        for (key, theirs) in golden::members(&golden.json["instances"]) {
            let what = format!("class {key} in {}", golden.name);
            let ours = ask(&Instances::of(class(snapshot, key)), snapshot);
            assert_eq!(ours.len() as u64, number(&theirs["total"]), "{what}");
            let ids = array(&theirs["ids"]);
            assert_eq!(
                ids.len(),
                ours.len().min(200),
                "a golden holds the first 200 objects of {what}"
            );
            for (nth, (node, id)) in ours.iter().zip(ids).enumerate() {
                let [ours] = &golden::line(snapshot, node, &[ObjectColumn::Id])[..] else {
                    panic!("one column, one cell");
                };
                assert_eq!(ours, id, "row {nth} of {what}");
                compared += 1;
            }
        }
        compared
    });
}

fn filter(name: &str) -> NodeFilter {
    match name {
        "duplicated-strings" => NodeFilter::DuplicatedStrings,
        "retained-by-detached-dom" => NodeFilter::RetainedByDetachedDom,
        "retained-by-console" => NodeFilter::RetainedByConsole,
        "retained-by-event-handlers" => NodeFilter::RetainedByEventHandlers,
        "retained-by-contexts" => NodeFilter::RetainedByContexts,
        other => {
            let range = other
                .strip_prefix("allocated-between=")
                .and_then(|ids| ids.split_once(".."));
            let (after, through) = range.unwrap_or_else(|| panic!("no filter is called {name}"));
            let id = |text: &str| ObjectId(text.parse().expect("an id is a number"));
            NodeFilter::AllocatedBetween {
                after: id(after),
                through: id(through),
            }
        }
    }
}

fn class(snapshot: &Snapshot, key: &str) -> ClassIx {
    let classes = snapshot.classes().all().iter().enumerate();
    let mut found = classes.filter(|(_, class)| class.key().to_string() == key);
    let (at, _) = found.next().unwrap_or_else(|| panic!("no class {key}"));
    assert!(found.next().is_none(), "two classes {key}");
    ClassIx::new(at)
}

/// Compares the rows of the Summary in their order, and what it says of them together.
fn assert_classes(golden: &Golden, snapshot: &Snapshot, filter: NodeFilter, theirs: &Value) -> usize {
    let what = format!("the Summary of {} ({filter:?})", golden.name);
    let answer = ask(
        &Summary {
            filter,
            ..Summary::default()
        },
        snapshot,
    );
    let lines = answer
        .rows
        .iter()
        .map(|row| golden::line(snapshot, row, &COLUMNS));
    // DevTools loses members of classes whose equal names stand under different string numbers: those are left out.
    let mut ours: Vec<_> = lines.filter(|row| !golden.is_quirk(&row[KEY])).collect();
    let mut theirs = rows(theirs);
    theirs.retain(|row| !golden.is_quirk(&row[KEY]));
    // Rows equal in size and name stand by key in the golden, by first appearance here.
    let is_tied = |a: &Vec<Value>, b: &Vec<Value>| a[RETAINED_SIZE] == b[RETAINED_SIZE] && a[NAME] == b[NAME];
    for tied in ours.chunk_by_mut(is_tied) {
        tied.sort_by_cached_key(|row| text(&row[KEY]).encode_utf16().collect::<Vec<_>>());
    }
    let compared = golden::assert_rows(&ours, &theirs, &what);
    if ours.len() == answer.rows.len() {
        let sum = |column: usize| theirs.iter().map(|row| number(&row[column])).sum::<u64>();
        assert_eq!(answer.count, sum(COUNT), "count of {what}");
        assert_eq!(answer.shallow_size, sum(SHALLOW_SIZE), "shallow size of {what}");
    }
    compared
}
