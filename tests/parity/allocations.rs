//! Allocation timelines: bytes by sample, and functions by what they allocated.
//!
//! The goldens are in `alloc`: what DevTools' engine gives as the samples and as the top of the Allocation perspective. Of scripts'
//! addresses only the last part is kept.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use heapatlas::query::allocations::{AllocationColumn, FindAllocations, FindCalls, Of};
use heapatlas::query::timeline::FindTimeline;
use heapatlas::query::{Cell, Column as _, Query as _};
use heapatlas::{base::task::Task, snapshot::Snapshot};
use serde_json::{Value, json};

use super::golden::{array, number};

fn opened() -> (Value, Snapshot) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let golden = fs::read(folder.join("parity/alloc/chromium-tracked.json")).unwrap();
    let file = folder.join("data/chromium-tracked.heaptimeline.zst");
    let snapshot = Snapshot::open(&file, &Task::new()).unwrap();
    (serde_json::from_slice(&golden).unwrap(), snapshot)
}

#[test]
fn samples_agree() {
    let (golden, snapshot) = opened();
    let timeline = FindTimeline.run(&snapshot, &Task::new()).unwrap();
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
}

#[test]
fn functions_agree() {
    let (golden, snapshot) = opened();
    let task = &Task::new();
    let tree = FindCalls.run(&snapshot, task).unwrap();
    let question = FindAllocations {
        of: Of::Functions,
        order: FindAllocations::DEFAULT_ORDER,
    };
    let ours = question.run(&tree, task).unwrap();
    let theirs = array(&golden["traceTops"]);
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_eq!(
            AllocationColumn::Function.cell(&tree, ours),
            Cell::Text(theirs["name"].as_str().unwrap().into())
        );
        let line = match AllocationColumn::Line.cell(&tree, ours) {
            Cell::Plain(line) => line,
            _ => 0,
        };
        let sums = ours.sums;
        let ours = [sums.count, sums.size, sums.live_count, sums.live_size, line];
        let theirs = ["count", "size", "liveCount", "liveSize", "line"].map(|key| number(&theirs[key]));
        assert_eq!(ours, theirs);
    }
}
