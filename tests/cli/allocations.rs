//! `allocations`, and the filter of that kind, on a tiny recording.

use super::{TempDir, Value, golden_file, run, shown, text};

/// Three objects of calls inside each other; two of the nine that `inner` allocated are alive.
const RECORDING: &str = include_str!("../data/calls.heaptimeline");

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("load.heaptimeline"), RECORDING).unwrap();
    folder
}

fn golden(name: &str, arguments: &[&str]) {
    let folder = folder();
    for (format, ending) in [("text", "txt"), ("json", "json"), ("csv", "csv")] {
        let output = run(folder.path(), &[arguments, &["--format", format]].concat());
        golden_file(name, ending).assert_eq(&shown(&output));
    }
}

#[test]
fn functions_callers_calls_and_samples() {
    golden("allocations", &["allocations", "load.heaptimeline"]);
    golden(
        "allocations-callers",
        &["allocations", "load.heaptimeline", "--callers", "inner"],
    );
    golden(
        "allocations-tree",
        &["allocations", "load.heaptimeline", "--tree"],
    );
    golden(
        "allocations-samples",
        &["allocations", "load.heaptimeline", "--samples"],
    );
}

#[test]
fn rows_have_the_keys_of_the_contract_first() {
    let folder = folder();
    let output = run(
        folder.path(),
        &["allocations", "load.heaptimeline", "--format", "csv"],
    );
    let head = text(&output.stdout);
    assert!(
        head.starts_with("function,script,line,column,count,size,live_count,live_size,"),
        "{head}"
    );
}

#[test]
fn what_a_function_allocated_is_a_filter() {
    let folder = folder();
    let rows = |only: &str| {
        let arguments = ["summary", "load.heaptimeline", "--only", only, "--format", "json"];
        let output = run(folder.path(), &arguments);
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        answer["totals"]["shallow_size"].as_u64().unwrap()
    };
    assert_eq!(rows("allocated-by=inner"), 13_000);
    assert_eq!(rows("allocated-by=outer"), 8);
    assert_eq!(rows("allocated-between=3..7"), 13_000);
    let output = run(
        folder.path(),
        &["summary", "load.heaptimeline", "--only", "allocated-by=none"],
    );
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no function called none allocated anything"));
}
