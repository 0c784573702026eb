//! `allocations`, and the filter of that kind, on a tiny recording.

use super::{TempDir, Value, golden_file, run, shown, text};

/// Three objects of calls inside each other; two of the nine that `inner` allocated are alive.
const RECORDING: &str = r#"{"snapshot":{"meta":{
 "node_fields":["type","name","id","self_size","edge_count","trace_node_id"],
 "node_types":[["object","synthetic"],"string","number","number","number","number"],
 "edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"],"string_or_number","node"],
 "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],
 "trace_node_fields":["id","function_info_index","count","size","children"],
 "sample_fields":["timestamp_us","last_assigned_id"]},
 "node_count":4,"edge_count":3,"trace_function_count":3},
 "nodes":[1,1,1,0,3,0,0,2,3,8,0,2,0,3,5,5000,0,3,0,4,7,8000,0,3],"edges":[0,2,6,0,3,12,0,4,18],
 "trace_function_infos":[0,5,0,0,0,0,1,6,8,7,3,1,2,7,8,7,10,5],
 "trace_tree":[1,0,0,0,[2,1,1,8,[3,2,9,27000,[]]]],
 "samples":[0,3,50000,3,100000,3,150000,7,200000,7,250000,7],
 "strings":["","root","first","Leak","Leak","(root)","outer","inner","a.js"]}"#;

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
