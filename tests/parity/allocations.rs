//! Allocation timelines: bytes by sample, and functions by what they allocated.
//!
//! The goldens are in `alloc`: what DevTools' engine gives as the samples, as the Allocation perspective, and as stacks; `tree` sums
//! up its tree of calls from the top. Of scripts' addresses only the last part is kept.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::sync::Arc;

use heapatlas::analysis::call_tree::CallTree;
use heapatlas::query::allocation_stack::AllocationStack;
use heapatlas::query::allocations::{AllocationColumn, AllocationRow, FindAllocations, FindCalls, Of};
use heapatlas::query::timeline::FindTimeline;
use heapatlas::query::{Cell, Column as _, Query as _};
use heapatlas::{base::task::Task, snapshot::Snapshot};
use serde_json::{Value, json};

use super::golden::{self, array, number, text};

/// Recordings, with what DevTools says of them.
const RECORDINGS: [&str; 2] = ["chromium-page", "chromium-tracked"];

fn each(check: impl Fn(&Value, &Snapshot)) {
    for name in RECORDINGS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/alloc");
        let golden = fs::read(folder.join(format!("{name}.json"))).unwrap();
        check(&serde_json::from_slice(&golden).unwrap(), &golden::open(name));
    }
}

fn ask(of: Of, tree: &CallTree) -> Vec<AllocationRow> {
    let order = FindAllocations::DEFAULT_ORDER;
    FindAllocations { of, order }.run(tree, &Task::new()).unwrap()
}

fn calls(snapshot: &Snapshot) -> Arc<CallTree> {
    FindCalls::default().run(snapshot, &Task::new()).unwrap()
}

#[test]
fn samples_agree() {
    each(|golden, snapshot| {
        let timeline = FindTimeline.run(snapshot, &Task::new()).unwrap();
        let ours: Vec<u64> = timeline.moments.iter().map(|moment| moment.live_size).collect();
        assert_eq!(json!(ours), golden["samples"]["sizes"]);
        let ours: Vec<u64> = timeline.moments.iter().map(|moment| moment.last_id).collect();
        assert_eq!(json!(ours), golden["samples"]["lastAssignedIds"]);
        let ours: Vec<f64> = timeline
            .moments
            .iter()
            .map(|moment| f64::from(u32::try_from(moment.time).unwrap()) / 1000.0)
            .collect();
        let theirs = array(&golden["samples"]["timestamps"]);
        let theirs: Vec<f64> = theirs.iter().map(|time| time.as_f64().unwrap()).collect();
        assert_eq!(ours, theirs);
    });
}

#[test]
fn functions_agree() {
    each(|golden, snapshot| {
        let tree = calls(snapshot);
        let ours = ask(Of::Functions, &tree);
        let theirs = array(&golden["traceTops"]);
        assert_eq!(ours.len(), theirs.len());
        for (ours, theirs) in ours.iter().zip(theirs) {
            let function = &tree.functions()[ours.function as usize];
            assert_eq!(json!(function.name.to_string()), theirs["name"]);
            let line = match AllocationColumn::Line.cell(&tree, ours) {
                Cell::Plain(line) => line,
                _ => 0,
            };
            let sums = ours.sums;
            let ours = [sums.count, sums.size, sums.live_count, sums.live_size, line];
            let theirs = ["count", "size", "liveCount", "liveSize", "line"].map(|key| number(&theirs[key]));
            assert_eq!(ours, theirs);
        }
    });
}

/// A way up, its functions as DevTools tells them apart, and the sums: count, size, live count, live size.
type Way = (Vec<(String, u64, u64)>, [u64; 4]);

#[test]
fn callers_agree() {
    let golden =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/alloc/chromium-page.json"));
    let golden: Value = serde_json::from_slice(&golden.unwrap()).unwrap();
    let tree = calls(&golden::open("chromium-page"));
    let named = |function: u32| {
        let function = &tree.functions()[function as usize];
        let place = function.place;
        let (line, column) = place.map_or((0, 0), |at| (u64::from(at.line) + 1, u64::from(at.column) + 1));
        (function.name.to_string(), line, column)
    };
    let mut ours: Vec<Way> = Vec::new();
    let mut pending: Vec<Vec<u32>> = ask(Of::Functions, &tree)
        .iter()
        .filter(|row| row.has_more)
        .map(|row| vec![row.function])
        .collect();
    while let Some(way) = pending.pop() {
        for row in ask(Of::Callers(way.clone()), &tree) {
            let way: Vec<u32> = way.iter().copied().chain([row.function]).collect();
            let sums = row.sums;
            let sums = [sums.count, sums.size, sums.live_count, sums.live_size];
            ours.push((way.iter().map(|&function| named(function)).collect(), sums));
            pending.extend(row.has_more.then_some(way));
        }
    }
    let mut theirs: Vec<Way> = array(&golden["callers"])
        .iter()
        .map(|row| {
            let way = array(&row["path"]).iter();
            let way = way.map(|at| (text(&at[0]), number(&at[2]), number(&at[3])));
            let sums = [0, 1, 2, 3].map(|nth| number(&row["sums"][nth]));
            (way.collect(), sums)
        })
        .collect();
    ours.sort();
    theirs.sort();
    assert!(theirs.len() > 100);
    assert_eq!(ours, theirs);
}

#[test]
fn the_tree_from_the_top_has_the_sums_of_all_below() {
    let golden =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/alloc/chromium-page.json"));
    let golden: Value = serde_json::from_slice(&golden.unwrap()).unwrap();
    let tree = calls(&golden::open("chromium-page"));
    let mut depths: Vec<u64> = Vec::new();
    let ours: Vec<Value> = tree
        .calls()
        .iter()
        .map(|call| {
            let depth = call.caller.map_or(0, |caller| depths[caller as usize] + 1);
            depths.push(depth);
            let function = &tree.functions()[call.function as usize];
            let (name, of) = (function.name.to_string(), call.total);
            json!([depth, name, of.count, of.size, of.live_count, of.live_size])
        })
        .collect();
    assert_eq!(json!(ours), golden["tree"]);
}

#[test]
fn stacks_agree() {
    let golden =
        fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity/alloc/chromium-page.json"));
    let golden: Value = serde_json::from_slice(&golden.unwrap()).unwrap();
    let snapshot = golden::open("chromium-page");
    let mut compared = 0;
    for (id, theirs) in golden::members(&golden["stacks"]) {
        let node = golden::node(&snapshot, id);
        let ours = AllocationStack { node }.run(&snapshot, &Task::new()).unwrap();
        let names = ours.iter().map(|frame| {
            let name = snapshot.graph().strings().get(frame.name).to_string();
            let place = frame.place;
            let (line, column) = place.map_or((0, 0), |at| (at.line + 1, at.column + 1));
            json!([name, line, column])
        });
        // The beginning is no function.
        let theirs = array(theirs).iter().filter(|of| of[0] != json!("(root)"));
        let theirs = theirs.map(|of| json!([of[0], of[2], of[3]]));
        assert_eq!(names.collect::<Vec<_>>(), theirs.collect::<Vec<_>>(), "@{id}");
        compared += 1;
    }
    assert!(compared > 30, "{compared}");
}
