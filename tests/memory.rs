//! What opening takes of memory: some multiples of the file, whatever the file says.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use heapatlas::base::task::Task;
use heapatlas::parse::error::LoadError;
use heapatlas::snapshot::Snapshot;
use peak_alloc::PeakAlloc;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Held by each test of this file from its first line on: all that a process allocates is counted.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What `open` gives, and the most bytes that were in use meanwhile beyond those before.
fn counted<T>(open: impl FnOnce() -> T) -> (T, usize) {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    let opened = open();
    let most = ALLOCATOR.peak_usage() - before;
    (opened, most)
}

/// A file of the usual fields with these members after its header.
fn usual(header: &str, members: &str) -> String {
    format!(
        r#"{{"snapshot":{{"meta":{{"node_fields":["type","name","id","self_size","edge_count","trace_node_id","detachedness"],
"node_types":[["hidden","array","string","object"]],"edge_fields":["type","name_or_index","to_node"],
"edge_types":[["context","element","property"]],
"location_fields":["object_index","script_id","line","column"]}}{header}}},{members}"#
    )
}

/// A file of as few fields as there can be, with these members after its header.
fn narrow(members: &str) -> String {
    format!(
        r#"{{"snapshot":{{"meta":{{"node_fields":["type","edge_count"],"edge_fields":["type","to_node"],
"location_fields":["object_index"]}}}},{members}"#
    )
}

/// How large the files are, about.
const SIZE: usize = 2 << 20;

fn repeated(part: &str) -> String {
    part.repeat(SIZE / part.len())
}

fn open(file: &str) -> (Result<Snapshot, LoadError>, usize) {
    let task = Task::new();
    counted(|| Snapshot::from_bytes(file.as_bytes(), Path::new("hostile"), &task))
}

#[track_caller]
fn takes_at_most(times: usize, file: &str) -> Result<Snapshot, LoadError> {
    let (opened, most) = open(file);
    let taken = most / file.len();
    assert!(
        taken < times,
        "{taken} times the size of the file: {}",
        &file[..file.len().min(400)]
    );
    opened
}

#[test]
fn files_that_end_in_the_middle() {
    let _alone = alone();
    let lying = r#","node_count":1152921504606846976,"edge_count":4294967296"#;
    for header in ["", lying] {
        let nodes = usual(header, &format!("\"nodes\":[{}", repeated("0,0,0,0,0,0,0,")));
        assert!(
            takes_at_most(12, &nodes).is_ok(),
            "what there is of the nodes is shown"
        );
        let edges = format!("\"nodes\":[0,0,0,0,9,0,0],\"edges\":[{}", repeated("0,0,0,"));
        assert!(takes_at_most(12, &usual(header, &edges)).is_ok());
    }
}

#[test]
fn records_as_short_as_they_can_be() {
    let _alone = alone();
    let zeros = |count: usize| "0,0,".repeat(count).trim_end_matches(',').to_owned();
    let nodes = format!("\"nodes\":[{}],\"edges\":[],\"strings\":[]}}", zeros(SIZE / 4));
    assert!(takes_at_most(40, &narrow(&nodes)).is_ok());
    let edges = format!(
        "\"nodes\":[0,{0}],\"edges\":[{1}],\"strings\":[]}}",
        SIZE / 4,
        zeros(SIZE / 4)
    );
    assert!(takes_at_most(30, &narrow(&edges)).is_ok());
    let locations = format!(
        "\"nodes\":[0,0],\"edges\":[],\"locations\":[{}0],\"strings\":[]}}",
        repeated("0,")
    );
    assert!(takes_at_most(20, &narrow(&locations)).is_ok());
    let strings = format!(
        "\"nodes\":[0,0],\"edges\":[],\"strings\":[{}\"\"]}}",
        repeated("\"\",")
    );
    assert!(takes_at_most(20, &narrow(&strings)).is_ok());
}

#[test]
fn what_is_said_often_is_kept_once() {
    let _alone = alone();
    let empty = "\"nodes\":[0,0,0,0,0,0,0],\"edges\":[],\"strings\":[\"\"]";
    for member in ["\"nodes\":0,", "\"strings\":[],", "\"a\":[[{}]],", "\"\":{},"] {
        let file = usual("", &format!("{empty},{}\"end\":0}}", repeated(member)));
        assert!(takes_at_most(2, &file).is_ok());
    }
    let deep = usual("", &format!("{empty},\"deep\":{}", repeated("[{\"\":")));
    assert!(takes_at_most(2, &deep).is_ok());
}

#[test]
fn many_classes_names_and_wide_numbers() {
    let _alone = alone();
    let (mut nodes, mut strings, mut count) = (String::new(), String::new(), 0);
    while nodes.len() + strings.len() < SIZE {
        write!(nodes, "3,{count},18446744073709551615,4294967295,0,0,0,").expect("a string takes all");
        write!(strings, "\"c{count}\",").expect("a string takes all");
        count += 1;
    }
    let sections = format!(
        "\"nodes\":[{}],\"edges\":[],\"strings\":[{}]}}",
        nodes.trim_end_matches(','),
        strings.trim_end_matches(',')
    );
    assert!(takes_at_most(25, &usual("", &sections)).is_ok());
}

#[test]
fn headers_of_many_types() {
    let _alone = alone();
    let types = format!(
        r#"{{"snapshot":{{"meta":{{"node_types":[[{}[]]]}}}}}}"#,
        repeated("[],")
    );
    assert!(takes_at_most(2, &types).is_err());
    let types = format!(
        r#"{{"snapshot":{{"meta":{{"node_types":[[{}[]]]}}}}}}"#,
        "[],".repeat(300_000)
    );
    assert!(takes_at_most(60, &types).is_err());
}

#[test]
fn what_unpacks_to_much_more_than_it_is() {
    let _alone = alone();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let zeros = vec![0; 1 << 20];
    for _ in 0..256 {
        encoder.write_all(&zeros).expect("a vector takes all");
    }
    let mut file = tempfile::NamedTempFile::new().expect("there is room for a file");
    file.write_all(&encoder.finish().expect("a vector takes all"))
        .expect("there is room for a file");
    let (opened, most) = counted(|| Snapshot::open(file.path(), &Task::new()));
    let error = opened.expect_err("it is no snapshot").to_string();
    assert!(error.contains("this is binary data"), "{error}");
    assert!(most < 8 << 20, "{most} bytes");
}
