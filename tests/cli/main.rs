//! The command line as people script it: the built program, run on small heaps and on the bundled demo.
//!
//! What it prints is kept in `golden`, a file for each sub-command and format (`UPDATE_EXPECT=1` rewrites them).

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod allocations;
mod collections;
mod dumps;
mod growth;
mod limits;
mod refusals;
mod terminal;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use expect_test::{ExpectFile, expect, expect_file};
use serde_json::Value;
use tempfile::TempDir;

/// A heap with what the sub-commands tell apart: two classes of one name, detached and unreachable nodes, weak edges, a
/// duplicated string, a name that is hard to write.
const BEFORE: &str = r#"
    root:synthetic/0 #1 -shortcut:w-> window:object/64 #3 -property:cache-> cache=Map:object/32 #5 @1:2:3
    root -element:1-> engine="(GC roots)":synthetic/0 #7 -element:1-> code=run:code/128 #9
    cache -internal:table-> table="":array/160 #11 -internal:0-> s1=Session:object/48 #13 @1:9:1
    table -internal:1-> s2=Session:object/48 #15 @1:9:1
    window -property:old-> s3=Session:object/40 #17 @2:1:1
    s1 -property:user-> ada="ada":string/24 #19
    s2 -property:user-> ada2="ada":string/24 #21
    s2 -property:node-> div="<div class=x>":native/96 #20 !detached
    window -weak:seen-> gone=Gone:object/16 #23
    window -property:plain-> p1=Object:object/28 #25 -property:id-> ada
    p1 -property:name-> "odd \uD83D, \"name\"\n":string/32 #27
    window -property:handler-> f=onClick:closure/56 #29 -internal:context-> c="system / Context":object/24 #31
    c -context:kept-> s3
"#;

/// The same heap a little later: a session ended, two began, one grew.
fn after() -> String {
    let later = BEFORE.replace("s2=Session:object/48 #15", "s2=Session:object/80 #15");
    let later = later.replace("window -property:old-> s3=Session:object/40 #17 @2:1:1", "");
    later.replace("c -context:kept-> s3", "")
        + "table -internal:2-> s4=Session:object/48 #41 @1:9:1\n table -internal:3-> s5=Session:object/48 #43 @1:9:1\n"
}

/// A folder with the two heaps, in which the program runs.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(
        folder.path().join("before.heapsnapshot"),
        heapatlas::fixture::heap(BEFORE),
    )
    .unwrap();
    std::fs::write(
        folder.path().join("after.heapsnapshot"),
        heapatlas::fixture::heap(&after()),
    )
    .unwrap();
    for (name, entries) in [("few", 3), ("many", 6)] {
        let bytes = heapatlas::fixture::heap(&collections::sessions(entries));
        std::fs::write(folder.path().join(format!("{name}.heapsnapshot")), bytes).unwrap();
    }
    folder
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_heapatlas"));
    command
        .current_dir(folder)
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY");
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    program(folder, arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Standard output, standard error and exit status, with everything masked that differs from run to run.
fn shown(output: &Output) -> String {
    let mut shown = text(&output.stdout);
    if !output.stderr.is_empty() {
        let _ = write!(shown, "--- standard error\n{}", text(&output.stderr));
    }
    if output.status.code() != Some(0) {
        let _ = writeln!(shown, "--- exit status {:?}", output.status.code());
    }
    let times = regex::Regex::new(
        r#"("(?:open|scan|read|strings|graph|dominators|summary|total|peak_rss_bytes|rss_bytes|estimated_bytes)": )\d+"#,
    );
    let shown = times.unwrap().replace_all(&shown, "${1}N");
    let foot = regex::Regex::new("read in .* of memory").unwrap();
    foot.replace_all(&shown, "read in N ms, N MB of memory")
        .into_owned()
}

/// Runs `arguments` in each format and compares what is printed with `NAME.txt`, `NAME.json` and `NAME.csv`.
fn golden(name: &str, arguments: &[&str]) {
    let folder = folder();
    for (format, ending) in [("text", "txt"), ("json", "json"), ("csv", "csv")] {
        let output = run(folder.path(), &[arguments, &["--format", format]].concat());
        if format == "json" {
            let json = assert_is_an_answer(&text(&output.stdout), arguments[0]);
            assert_has_rows_of(&json, what(arguments));
        }
        golden_file(name, ending).assert_eq(&shown(&output));
    }
}

fn golden_file(name: &str, ending: &str) -> ExpectFile {
    expect_file![format!("golden/{name}.{ending}")]
}

/// What the rows are of: with these options of `strings` not of texts.
fn what<'a>(arguments: &[&'a str]) -> &'a str {
    let other = arguments
        .iter()
        .find(|argument| ["--families", "--sliced"].contains(*argument));
    other.unwrap_or(&arguments[0])
}

/// The keys of a sub-command's rows, as people script against them.
fn keys_of(command: &str) -> &'static str {
    match command {
        "stats" => {
            "node_count edge_count string_count total_size v8_heap_size native_size code_size string_size js_array_size typed_array_size system_size other_js_size other_native_size"
        }
        "summary" => "class class_key count distance reach shallow_size retained_size",
        "nodes" => {
            "ordinal id type name class shallow_size retained_size distance reach dominator_id detached"
        }
        "object" | "containment" => "edge_name edge_type id name type shallow_size retained_size",
        "retainers" => "edge_name edge_type id name type distance reach shallow_size retained_size",
        "dominators" => "id name type class count shallow_size retained_size",
        "paths" => "path step edge_name edge_type id name type",
        "search" | "instances" => "id type name class shallow_size retained_size distance reach",
        "strings" => "value length count shallow_size retained_size wasted_size held_by",
        "--families" => "prefix texts count shallow_size retained_size held_by",
        "--sliced" => "value length slices only_slices shallow_size retained_size held_by",
        "duplicates" => {
            "class shape distance reach count shallow_size retained_size wasted_size distinct held_by sample_ids differing package"
        }
        "caches" => {
            "kind owner module binding id entries capacity retained_size retained_share growth verdict entries_most fill instances package limit keys different_keys compared_keys counts sizes size_growth"
        }
        "compare" => {
            "class base_count current_count added_count removed_count count_delta base_size current_size added_size removed_size grown_size shrunk_size size_delta"
        }
        "suspects" => {
            "rank kind title severity share retained_size counts sizes growth owner binding module package path sample_ids advice"
        }
        "trend" => "key counts sizes delta delta_share monotone",
        other => panic!("{other} is not part of the contract"),
    }
}

/// Checks the envelope and the keys.
fn assert_is_of_the_contract(json: &str, command: &str) -> Value {
    let json = assert_is_an_answer(json, command);
    assert_has_rows_of(&json, command);
    json
}

fn assert_has_keys(value: &Value, keys: &str) {
    let own = value.as_object().unwrap();
    for key in keys.split(' ') {
        assert!(own.contains_key(key), "{key} is missing in {value}");
    }
}

fn assert_has_rows_of(json: &Value, what: &str) {
    for row in json["rows"].as_array().unwrap() {
        if !row.as_object().unwrap().contains_key("depth") {
            assert_has_keys(row, keys_of(what));
        }
    }
}

/// Checks the envelope. (Lone surrogates, which are no Unicode text, are taken out first.)
fn assert_is_an_answer(json: &str, command: &str) -> Value {
    let json: Value = serde_json::from_str(&json.replace("\\ud83d", "?")).unwrap();
    assert_has_keys(&json, "schema command snapshots rows totals problems");
    assert_eq!(
        (json["schema"].as_u64(), json["command"].as_str()),
        (Some(1), Some(command))
    );
    assert!(
        json["snapshots"]
            .as_array()
            .unwrap()
            .iter()
            .all(|snapshot| snapshot["file"].is_string())
    );
    assert!(json["totals"]["rows"].is_u64() && json["problems"].is_array());
    json
}

#[test]
fn every_sub_command_in_every_format() {
    let before = "before.heapsnapshot";
    golden("stats", &["stats", before]);
    golden("summary", &["summary", before]);
    golden(
        "summary-filter",
        &[
            "summary",
            before,
            "--filter",
            "SESS",
            "--sort",
            "count",
            "--reverse",
        ],
    );
    golden(
        "summary-only",
        &["summary", before, "--only", "retained-by-detached-dom"],
    );
    golden(
        "instances",
        &["instances", before, "Session", "--sort", "distance"],
    );
    golden("nodes", &["nodes", before]);
    golden("nodes-sample", &["nodes", before, "--sample", "3"]);
    golden("object", &["object", before, "@15"]);
    golden("retainers", &["retainers", before, "@17"]);
    golden(
        "retainers-ignore",
        &["retainers", before, "@17", "--ignore", "@29", "--ignore", "@99"],
    );
    golden("containment", &["containment", before]);
    golden(
        "containment-id",
        &["containment", before, "@3", "--sort", "edge_name"],
    );
    golden("dominators", &["dominators", before]);
    golden("dominators-id", &["dominators", before, "@5"]);
    golden("paths", &["paths", before, "@19", "@23", "--count", "3"]);
    golden("paths-merge", &["paths", before, "--class", "Session", "--merge"]);
    golden("search", &["search", before, "O"]);
    golden("search-regex", &["search", before, "^[A-Z]", "--regex", "--case"]);
    golden("search-id", &["search", before, "@23"]);
    golden("strings", &["strings", before]);
    golden("strings-duplicates", &["strings", before, "--duplicates"]);
    golden("strings-families", &["strings", before, "--families"]);
    golden("strings-sliced", &["strings", before, "--sliced"]);
    golden("strings-none", &["strings", before, "--filter", "nowhere"]);
    golden("duplicates", &["duplicates", "many.heapsnapshot"]);
    golden(
        "duplicates-copies",
        &["duplicates", "many.heapsnapshot", "--copies"],
    );
    golden("caches", &["caches", "many.heapsnapshot"]);
    golden(
        "caches-grown",
        &[
            "caches",
            "few.heapsnapshot",
            "many.heapsnapshot",
            "--whose",
            "mine",
            "--sort",
            "growth",
        ],
    );
    golden("compare", &["compare", before, "after.heapsnapshot"]);
    for by in ["owner", "path"] {
        golden(
            &format!("compare-{by}"),
            &["compare", before, "after.heapsnapshot", "--by", by],
        );
    }
    golden(
        "compare-min",
        &[
            "compare",
            before,
            "after.heapsnapshot",
            "--min",
            "10%",
            "--without-ids",
        ],
    );
    golden(
        "compare-filter",
        &["compare", before, "after.heapsnapshot", "--filter", "session"],
    );
}

#[test]
fn graphs_for_graphviz() {
    let folder = folder();
    for (name, more) in [
        ("paths", &["@19", "@13"][..]),
        ("paths-merge", &["--class", "Session", "--merge"]),
    ] {
        let output = run(
            folder.path(),
            &[&["paths", "before.heapsnapshot", "--dot"], more].concat(),
        );
        golden_file(name, "dot").assert_eq(&shown(&output));
    }
}

#[test]
fn the_demo_tells_its_story_in_the_terminal() {
    let folder = folder();
    golden_file("demo", "txt").assert_eq(&shown(&run(folder.path(), &["demo", "--terminal"])));
    let without_display = shown(&run(folder.path(), &["demo"]));
    assert!(without_display.starts_with("No window: "), "{without_display}");
}

#[test]
fn a_limit_cuts_rows_and_the_totals_count_them_all() {
    let folder = folder();
    for (limit, left) in [("0", 0), ("2", 2), ("all", 17), ("99", 17)] {
        let output = run(
            folder.path(),
            &[
                "nodes",
                "before.heapsnapshot",
                "--format",
                "json",
                "--limit",
                limit,
            ],
        );
        let json = assert_is_of_the_contract(&text(&output.stdout), "nodes");
        assert_eq!(json["rows"].as_array().unwrap().len(), left);
        assert_eq!(
            (json["totals"]["rows"].as_u64(), output.status.code()),
            (Some(17), Some(0))
        );
    }
    let cut = text(&run(folder.path(), &["nodes", "before.heapsnapshot", "--limit", "1"]).stdout);
    assert!(
        cut.ends_with("… and 16 more rows (--limit all shows them)\n"),
        "{cut}"
    );
}

#[test]
fn nothing_found_is_status_1_with_an_empty_answer() {
    let folder = folder();
    for (arguments, why) in [
        (
            &["search", "before.heapsnapshot", "nowhere"][..],
            expect!["heapatlas: nothing found\n"],
        ),
        (
            &["summary", "before.heapsnapshot", "--filter", "nowhere"],
            expect!["heapatlas: nothing found\n"],
        ),
        (
            &["object", "before.heapsnapshot", "@99"],
            expect!["heapatlas: there is no object @99 in before.heapsnapshot\n"],
        ),
        (
            &["retainers", "before.heapsnapshot", "@99"],
            expect!["heapatlas: there is no object @99 in before.heapsnapshot\n"],
        ),
        (
            &["dominators", "before.heapsnapshot", "@99"],
            expect!["heapatlas: there is no object @99 in before.heapsnapshot\n"],
        ),
        (
            &["paths", "before.heapsnapshot", "@99"],
            expect!["heapatlas: there is no object @99 in before.heapsnapshot\n"],
        ),
        (
            &["instances", "before.heapsnapshot", "Nobody"],
            expect!["heapatlas: there is no object of class Nobody in before.heapsnapshot\n"],
        ),
        (
            &["paths", "before.heapsnapshot", "--class", "Nobody", "--merge"],
            expect!["heapatlas: there is no object of class Nobody in before.heapsnapshot\n"],
        ),
    ] {
        let output = run(folder.path(), arguments);
        why.assert_eq(&text(&output.stderr));
        assert_eq!(
            (output.status.code(), text(&output.stdout).as_str()),
            (Some(1), ""),
            "{arguments:?}"
        );
        let json = run(folder.path(), &[arguments, &["--format", "json"]].concat());
        let answer: Value = serde_json::from_slice(&json.stdout).unwrap();
        assert_eq!(
            (json.status.code(), &answer["totals"]["rows"]),
            (Some(1), &Value::from(0))
        );
    }
}
