//! `allocations`, and the filter of that kind, on a tiny recording.

use super::{TempDir, Value, golden_file, run, shown, text};

/// Three objects of calls inside each other; two of the nine that `inner` allocated are alive.
const RECORDING: &str = include_str!("../data/calls.heaptimeline");

/// The same as samples saw it.
const PROFILE: &str = include_str!("../data/calls.heapprofile");

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("load.heaptimeline"), RECORDING).unwrap();
    std::fs::write(folder.path().join("load.heapprofile"), PROFILE).unwrap();
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
fn a_sampling_profile_tells_sizes() {
    golden("allocations-profile", &["allocations", "load.heapprofile"]);
    golden(
        "allocations-profile-callers",
        &["allocations", "load.heapprofile", "--callers", "inner"],
    );
    golden(
        "allocations-profile-tree",
        &["allocations", "load.heapprofile", "--tree"],
    );
    let refused = |argument: &[&str]| {
        let output = run(
            folder().path(),
            &[&["allocations", "load.heapprofile"], argument].concat(),
        );
        assert_eq!(output.status.code(), Some(2));
        text(&output.stderr)
    };
    assert!(refused(&["--samples"]).contains("it tells which functions allocated, not when"));
    assert!(refused(&["--only", "retained-by-contexts"]).contains("holds no objects"));
}

#[test]
fn what_passes_a_filter_is_listed_and_told_by_function() {
    golden(
        "allocations-only",
        &[
            "allocations",
            "load.heaptimeline",
            "--only",
            "allocated-between=5..7",
        ],
    );
    golden(
        "nodes-only",
        &["nodes", "load.heaptimeline", "--only", "allocated-by=inner<outer"],
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
    assert_eq!(rows("allocated-by=inner<outer<(root)"), 13_000);
    assert_eq!(rows("allocated-under=outer"), 13_008);
    assert_eq!(rows("allocated-under=inner"), 13_000);
    assert_eq!(rows("allocated-between=3..7"), 13_000);
    for none in ["none", "inner<inner", "inner<", "outer<inner"] {
        let only = format!("allocated-by={none}");
        let output = run(folder.path(), &["summary", "load.heaptimeline", "--only", &only]);
        assert_eq!(output.status.code(), Some(2), "{none}");
        let expected = format!("no function called {none} allocated anything");
        assert!(text(&output.stderr).contains(&expected), "{none}");
    }
}
