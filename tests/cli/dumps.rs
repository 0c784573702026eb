//! Files made of files, and files that are cut: `redact`, `repair`, `extract`, `secrets`, `--max-memory`.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::Path;

use heapatlas::base::task::Task;
use heapatlas::snapshot::Snapshot;

use super::{folder, golden_file, program, run, shown, text};

/// A heap with what nobody else may see.
const HEAP: &str = r#"
    root:synthetic/0 #1 -shortcut:w-> window:object/64 #3 -config-> config=Config:object/32 #5
    config -password-> pw="hunter2-hunter2":string/24 #7
    config -url-> url="amqp://bob:geheim@queue":string/32 #9
    config -name-> name="config":string/24 #11
    window -users-> users=Map:object/32 #13 -alice@example.com-> alice=User:object/40 #15
    alice -mail-> mail="alice@example.com":string/32 #17
    window -key-> key="AKIAIOSFODNN7EXAMPLE":string/32 #19
    alice -pattern-> pattern="^cust[0-9]+$":regexp/40 #21
"#;

/// Runs a command that writes `place`, and shows what it says, what it wrote, and how that opens.
fn made(arguments: &[&str], place: &str) -> String {
    let folder = folder();
    let bytes = heapatlas::fixture::heap(HEAP);
    std::fs::write(folder.path().join("heap.heapsnapshot"), &bytes).unwrap();
    let edges = bytes.windows(9).position(|part| part == b"\"strings\"").unwrap();
    std::fs::write(folder.path().join("cut.heapsnapshot"), &bytes[..edges + 60]).unwrap();
    let mut all = shown(&run(folder.path(), arguments));
    let written = std::fs::read_to_string(folder.path().join(place)).unwrap();
    writeln!(all, "--- {place}\n{written}").unwrap();
    for arguments in [&["stats", place][..], &["nodes", place, "--format", "csv"]] {
        all.push_str(&shown(&run(folder.path(), arguments)));
    }
    all
}

#[test]
fn redact() {
    let arguments = ["redact", "heap.heapsnapshot", "out.heapsnapshot", "--key", "k"];
    golden_file("redact", "txt").assert_eq(&made(&arguments, "out.heapsnapshot"));
    let names = ["--replace", "names", "--name-map", "map.json"];
    let arguments = [&arguments[..], &names].concat();
    golden_file("redact-names", "txt").assert_eq(&made(&arguments, "out.heapsnapshot"));
    golden_file("redact-names", "json").assert_eq(&made(&arguments, "map.json"));
}

#[test]
fn repair() {
    let arguments = ["repair", "cut.heapsnapshot", "out.heapsnapshot"];
    golden_file("repair", "txt").assert_eq(&made(&arguments, "out.heapsnapshot"));
}

#[test]
fn extract() {
    let arguments = ["extract", "heap.heapsnapshot", "@15", "out.heapsnapshot"];
    golden_file("extract", "txt").assert_eq(&made(&arguments, "out.heapsnapshot"));
}

#[test]
fn secrets() {
    let folder = folder();
    std::fs::write(
        folder.path().join("heap.heapsnapshot"),
        heapatlas::fixture::heap(HEAP),
    )
    .unwrap();
    for (format, ending) in [("text", "txt"), ("json", "json"), ("csv", "csv")] {
        let output = run(
            folder.path(),
            &["secrets", "heap.heapsnapshot", "--format", format],
        );
        let said = shown(&output);
        assert!(
            !said.contains("hunter2-hunter2")
                && !said.contains("geheim")
                && !said.contains("AKIAIOSFODNN7EXAMPLE")
        );
        golden_file("secrets", ending).assert_eq(&said);
    }
    let output = run(
        folder.path(),
        &["secrets", "heap.heapsnapshot", "--fail-on", "secrets > 0"],
    );
    assert_eq!(output.status.code(), Some(1));
    let output = run(
        folder.path(),
        &["secrets", "before.heapsnapshot", "--fail-on", "secrets > 0"],
    );
    assert_eq!(
        (output.status.code(), text(&output.stdout)),
        (Some(0), String::new())
    );
}

/// What is partial says so, in each format.
#[test]
fn partial_answers_are_marked() {
    let folder = folder();
    let bytes = heapatlas::fixture::heap(HEAP);
    let edges = bytes.windows(7).position(|part| part == b"\"edges\"").unwrap();
    std::fs::write(folder.path().join("cut.heapsnapshot"), &bytes[..edges + 30]).unwrap();
    for (format, ending) in [("text", "txt"), ("json", "json"), ("csv", "csv")] {
        let output = run(
            folder.path(),
            &["summary", "cut.heapsnapshot", "--format", format],
        );
        golden_file("partial", ending).assert_eq(&shown(&output));
    }
    // Names that are missing are no texts that are there twice.
    let output = run(
        folder.path(),
        &["strings", "cut.heapsnapshot", "--duplicates", "--format", "csv"],
    );
    assert!(
        !text(&output.stdout).contains("missing"),
        "{}",
        text(&output.stdout)
    );
    let both = [
        "compare",
        "before.heapsnapshot",
        "cut.heapsnapshot",
        "--format",
        "json",
    ];
    let json: serde_json::Value = serde_json::from_slice(&run(folder.path(), &both).stdout).unwrap();
    assert_eq!(json["snapshots"][0]["partial"], false);
    assert_eq!(json["snapshots"][1]["partial"], true);
}

/// Files can be opened without what their strings say, by every command that shows some of it.
#[test]
fn answers_can_be_redacted() {
    let folder = folder();
    let heap = heapatlas::fixture::heap(HEAP);
    std::fs::write(folder.path().join("heap.heapsnapshot"), &heap).unwrap();
    let later = heapatlas::fixture::heap(&format!(
        "{HEAP}\nwindow -more-> more=\"hunter2-hunter2\":string/24 #23"
    ));
    std::fs::write(folder.path().join("later.heapsnapshot"), later).unwrap();
    let cut = heap
        .windows(15)
        .position(|part| part == b"hunter2-hunter2")
        .unwrap();
    std::fs::write(folder.path().join("cut.heapsnapshot"), &heap[..cut + 40]).unwrap();
    let said = |arguments: &[&str]| shown(&run(folder.path(), arguments));
    let secrets = ["hunter2", "geheim", "alice@", "AKIA", "cust["];
    for arguments in [
        &["nodes", "heap.heapsnapshot"][..],
        &["nodes", "cut.heapsnapshot"],
        &["strings", "heap.heapsnapshot"],
        &["containment", "heap.heapsnapshot", "@5"],
        &["retainers", "heap.heapsnapshot", "@7"],
        &["paths", "heap.heapsnapshot", "@17"],
        &["instances", "heap.heapsnapshot", "(string)"],
        &["compare", "heap.heapsnapshot", "later.heapsnapshot"],
        &["report", "heap.heapsnapshot", "later.heapsnapshot"],
        &["report", "heap.heapsnapshot", "--format", "markdown"],
    ] {
        let all = said(&[arguments, &["--redacted=keys"]].concat());
        let found = secrets.iter().find(|secret| all.contains(**secret));
        assert_eq!(found, None, "{all}");
        assert!(all.contains("Redacted: "), "{all}");
        if arguments[1] == "cut.heapsnapshot" {
            assert!(all.contains("Partial: "), "{all}");
        }
    }
    // Nothing is counted in another way, one key makes the tokens of both files, and names stay.
    for arguments in [
        &["summary", "heap.heapsnapshot", "--format", "json"][..],
        &[
            "compare",
            "heap.heapsnapshot",
            "later.heapsnapshot",
            "--format",
            "json",
        ],
    ] {
        let plain = said(arguments);
        let redacted = said(&[arguments, &["--redacted"]].concat());
        assert_eq!(
            redacted.replace("\"redacted\": true", "\"redacted\": false"),
            plain
        );
        assert_ne!(redacted, plain);
    }
    let row = |file: &str| said(&["search", file, "--redacted", "hunter2", "--format", "csv"]);
    assert_eq!(
        row("heap.heapsnapshot"),
        said(&["search", "heap.heapsnapshot", "not there", "--format", "csv"])
    );
    for arguments in [
        &["secrets", "heap.heapsnapshot", "--redacted"][..],
        &["redact", "heap.heapsnapshot", "out.heapsnapshot", "--redacted"],
        &["repair", "heap.heapsnapshot", "out.heapsnapshot", "--redacted"],
        &["summary", "heap.heapsnapshot", "--redacted=all"],
    ] {
        assert_eq!(run(folder.path(), arguments).status.code(), Some(2));
    }
}

#[test]
fn memory_can_be_limited() {
    let folder = folder();
    let limited = |limit: &str| {
        let output = run(
            folder.path(),
            &["summary", "before.heapsnapshot", "--max-memory", limit],
        );
        (output.status.code(), text(&output.stderr).replace('\u{A0}', " "))
    };
    assert_eq!(limited("1GB"), (Some(0), String::new()));
    let (status, said) = limited("5 MB");
    assert_eq!(status, Some(2));
    assert!(
        said.starts_with("heapatlas: this needs about 9.00 MB of memory, of which it may take 5.00 MB; "),
        "{said}"
    );
    // What holds for every command can stand before it.
    let output = run(
        folder.path(),
        &[
            "--max-memory",
            "5MB",
            "--redacted",
            "summary",
            "before.heapsnapshot",
        ],
    );
    assert!(
        text(&output.stderr).contains("of which it may take"),
        "{}",
        text(&output.stderr)
    );
    let (status, said) = limited("much");
    assert_eq!(status, Some(2));
    assert!(said.contains("`much` is no number with a unit"), "{said}");
    let output = run(
        folder.path(),
        &["stats", "before.heapsnapshot", "--format", "json"],
    );
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(json["totals"]["estimated_bytes"].as_u64().unwrap() > 8_000_000);
}

/// Every command that writes a file, onto a full device and into a folder that is not there: one line, and nothing is left.
#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_written_is_said() {
    let folder = folder();
    std::fs::write(
        folder.path().join("heap.heapsnapshot"),
        heapatlas::fixture::heap(HEAP),
    )
    .unwrap();
    let count = || std::fs::read_dir(folder.path()).unwrap().count();
    let before = count();
    for command in [
        &["redact", "heap.heapsnapshot"][..],
        &["repair", "heap.heapsnapshot"],
        &["extract", "heap.heapsnapshot", "@15"],
        &["report", "heap.heapsnapshot", "--output"],
        &["paths", "heap.heapsnapshot", "@15", "--graph"],
    ] {
        for place in ["/dev/full", "missing/out", "."] {
            let output = run(folder.path(), &[command, &[place]].concat());
            let said = text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{command:?} {place}: {said}");
            assert!(
                said.contains(&format!("cannot write {place}")),
                "{command:?}: {said}"
            );
            assert_eq!(said.matches('\n').count(), 1, "{said}");
        }
    }
    assert_eq!(count(), before);
    assert!(!std::fs::metadata("/dev/full").unwrap().is_file());
    let mut full = program(folder.path(), &["summary", "heap.heapsnapshot"]);
    full.stdout(std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let output = full.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("heapatlas: cannot write the answer: "));
}

/// The real file of that name among the test data.
fn real(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name);
    let mut bytes = Vec::new();
    zstd::stream::read::Decoder::new(std::fs::File::open(path).unwrap())
        .unwrap()
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

/// Opens the beginnings of a file, of every `step`th length: each opens or is refused with one line.
fn cut_anywhere(name: &str, bytes: &[u8], step: usize) {
    for cut in (0..bytes.len() - 2).step_by(step) {
        match Snapshot::from_bytes(&bytes[..cut], Path::new(name), &Task::new()) {
            Ok(snapshot) => assert!(!snapshot.problems().is_empty(), "{name} at {cut}"),
            Err(error) => assert!(!error.to_string().contains('\n'), "{name} at {cut}: {error}"),
        }
    }
}

const RUNTIMES: [&str; 4] = [
    "node10.heapsnapshot.zst",
    "chromium-before.heapsnapshot.zst",
    "deno.heapsnapshot.zst",
    "bun.heapsnapshot.zst",
];

#[test]
fn real_files_that_are_cut() {
    for name in RUNTIMES {
        let bytes = real(name);
        cut_anywhere(name, &bytes, bytes.len() / 5);
    }
}

#[test]
#[ignore = "takes minutes: CONTRIBUTING.md"]
fn parts_of_real_files_that_are_cut_at_every_byte() {
    for name in RUNTIMES {
        let snapshot = Snapshot::from_bytes(&real(name), Path::new(name), &Task::new()).unwrap();
        let small = snapshot
            .graph()
            .nodes()
            .filter(|&node| snapshot.retained_size(node) < 8000);
        let node = small.max_by_key(|&node| snapshot.retained_size(node)).unwrap();
        let mut part = Vec::new();
        heapatlas::dump::extract::extract(&snapshot, &[node], &mut part, &Task::new()).unwrap();
        assert!(part.len() > 5000, "{name}: {}", part.len());
        cut_anywhere(name, &part, 1);
    }
}

/// Of a file that was cut among its strings nearly all numbers are those of the whole.
#[test]
fn a_cut_in_the_strings_costs_names_and_hardly_a_number() {
    let bytes = real("node26.heapsnapshot.zst");
    let open = |bytes: &[u8]| Snapshot::from_bytes(bytes, Path::new("cut"), &Task::new()).unwrap();
    let strings = bytes
        .windows(10)
        .rposition(|part| part == b"\"strings\":")
        .unwrap();
    let whole = open(&bytes);
    for part in [2, 4] {
        let cut = open(&bytes[..strings + (bytes.len() - strings) / 4 * (4 - part).max(1)]);
        assert_eq!(cut.graph().node_count(), whole.graph().node_count());
        let is_exact = |&node: &heapatlas::base::index::NodeIx| {
            cut.shallow_size(node) == whole.shallow_size(node)
                && cut.retained_size(node) == whole.retained_size(node)
                && cut.distance(node) == whole.distance(node)
                && cut.dominator(node) == whole.dominator(node)
        };
        let exact = whole.graph().nodes().filter(is_exact).count();
        let share = exact * 100 / whole.graph().node_count();
        assert!(share >= 95, "{share} % are exact");
    }
}
