//! What grows over several snapshots, what is suspected, and the report: on a server whose list of requests grows.

use std::fmt::Write as _;

use super::{TempDir, assert_is_of_the_contract, collections, golden_file, run, shown, text};

/// A server whose list of requests grows, beside a cache that is full: after so many requests.
fn leaking(requests: usize) -> Vec<u8> {
    let mut text = String::from(
        "root:synthetic/0 #1 -shortcut:w-> global:object/64 #3 -property:seen-> seen=Array:object/32 #5
        global -property:cache-> cache=Map:object/32 #7 -internal:table-> table=\"\":array/1848 #9\n",
    );
    for at in 0..requests {
        writeln!(
            text,
            "seen -element:{at}-> r{at}=Request:object/56 #{}",
            1001 + 2 * at
        )
        .unwrap();
    }
    for at in 0..8 {
        let (slot, id) = (20 + 3 * at, 501 + 2 * (at + requests));
        writeln!(text, "table -internal:{slot}-> k{at}=Key:object/24 #{id}").unwrap();
    }
    heapatlas::fixture::heap(&text)
}

/// A folder with snapshots of that server at times that their names tell.
fn leaking_folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    for (minute, requests) in [(0, 30), (10, 80), (20, 130)] {
        let name = format!("Heap-20261120T14{minute:02}00.heapsnapshot");
        std::fs::write(folder.path().join(name), leaking(requests)).unwrap();
    }
    folder
}

const LEAKING: [&str; 3] = [
    "Heap-20261120T140000.heapsnapshot",
    "Heap-20261120T141000.heapsnapshot",
    "Heap-20261120T142000.heapsnapshot",
];

#[test]
fn what_grows_is_told_by_class_path_shape_and_cache() {
    let folder = leaking_folder();
    for (name, entries) in [
        ("few.heapsnapshot", 3),
        ("many.heapsnapshot", 5),
        ("more.heapsnapshot", 8),
    ] {
        let heap = heapatlas::fixture::heap(&collections::sessions(entries));
        std::fs::write(folder.path().join(name), heap).unwrap();
    }
    let collections = ["few.heapsnapshot", "many.heapsnapshot", "more.heapsnapshot"];
    for by in ["class", "path", "shape", "cache"] {
        let files = if by == "cache" { collections } else { LEAKING };
        for (format, ending) in [("text", "txt"), ("json", "json"), ("csv", "csv")] {
            let arguments = [&["trend"], &files[..], &["--by", by, "--format", format]].concat();
            let output = run(folder.path(), &arguments);
            if format == "json" {
                let json = assert_is_of_the_contract(&text(&output.stdout), "trend");
                for at in 0..3 {
                    let sizes = json["rows"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .map(|row| row["sizes"][at].as_u64().unwrap());
                    assert_eq!(Some(sizes.sum()), json["totals"]["sizes"][at].as_u64(), "{by}");
                }
            }
            golden_file(&format!("trend-{by}"), ending).assert_eq(&shown(&output));
        }
    }
}

#[test]
fn suspects_are_told_worst_first_and_a_limit_fails() {
    let folder = leaking_folder();
    for format in ["text", "json", "csv"] {
        let arguments = [&["suspects"], &LEAKING[..], &["--format", format]].concat();
        let output = run(folder.path(), &arguments);
        assert_eq!(output.status.code(), Some(0));
        let said = text(&output.stdout);
        assert!(said.contains("seen holds ever more Request"), "{said}");
        if format == "json" {
            let json = assert_is_of_the_contract(&said, "suspects");
            assert_eq!(json["rows"][0]["severity"], "medium");
        }
    }
    let status = |files: &[&str], limit: &str| {
        let output = run(
            folder.path(),
            &[&["suspects"], files, &["--fail-on", limit]].concat(),
        );
        (output.status.code(), text(&output.stderr))
    };
    assert_eq!(status(&LEAKING, "suspects > 0").0, Some(1));
    assert_eq!(status(&LEAKING, "suspects > 1").0, Some(0));
    assert_eq!(status(&LEAKING[2..], "suspects > 0").0, Some(0));
    let (code, said) = status(&LEAKING, "leaks > 0");
    assert_eq!(code, Some(2));
    assert!(said.contains("`leaks` is not counted"), "{said}");
}

#[test]
fn only_what_grew_is_told_and_a_limit_fails() {
    let folder = leaking_folder();
    let status = |more: &[&str]| {
        let output = run(
            folder.path(),
            &[&["trend", "--by", "path"], &LEAKING[..], more].concat(),
        );
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, rows, _) = status(&["--growing", "--format", "csv"]);
    assert_eq!((code, rows.lines().count()), (Some(0), 2), "{rows}");
    assert!(rows.contains("Request") && rows.contains("30; 80; 130"), "{rows}");
    assert_eq!(status(&["--fail-on", "growth > 50 kB"]).0, Some(0));
    let (code, _, said) = status(&["--fail-on", "growth > 50%", "--fail-on", "class Request > 99"]);
    assert_eq!(code, Some(1));
    assert!(
        said.contains("growth > 50%") && said.contains("class Request > 99"),
        "{said}"
    );
    assert_eq!(status(&["--fail-on", "any path > 1 kB"]).0, Some(1));
    let (code, _, said) = status(&["--fail-on", "growth >"]);
    assert_eq!((code, said.lines().count()), (Some(2), 1), "{said}");
    // A server that does nothing has not grown.
    let same = [
        "trend",
        LEAKING[0],
        LEAKING[0],
        LEAKING[0],
        "--by",
        "path",
        "--growing",
    ];
    assert_eq!(run(folder.path(), &same).status.code(), Some(1));
}

#[test]
fn a_report_is_written_whole_and_the_same_each_time() {
    let folder = leaking_folder();
    let arguments = |more: &[&'static str]| [&["report"], &LEAKING[..], more].concat();
    let page = run(folder.path(), &arguments(&[]));
    golden_file("report", "html").assert_eq(&shown(&page));
    let markdown = run(folder.path(), &arguments(&["--format", "markdown"]));
    golden_file("report", "md").assert_eq(&shown(&markdown));

    for (name, expected) in [("a.html", &page), ("a.md", &markdown)] {
        let written = run(folder.path(), &arguments(&["-o", name]));
        assert_eq!((written.status.code(), written.stdout.len()), (Some(0), 0));
        let text_of = std::fs::read(folder.path().join(name)).unwrap();
        assert_eq!(text(&text_of), text(&expected.stdout));
    }
    let page = text(&page.stdout);
    let here = folder.path().display().to_string();
    assert!(
        !page.contains(&here) && !page.contains("<script") && !page.contains("://"),
        "{page}"
    );

    // What is to be read is not written over.
    let refused = run(folder.path(), &["report", LEAKING[0], "-o", LEAKING[0]]);
    assert_eq!(refused.status.code(), Some(2));
    let nowhere = run(
        folder.path(),
        &["report", LEAKING[0], "-o", "no/such/folder.html"],
    );
    assert_eq!(nowhere.status.code(), Some(2));
    assert!(
        text(&nowhere.stderr).contains("cannot write"),
        "{}",
        text(&nowhere.stderr)
    );
}

#[test]
fn what_was_allocated_between_two_and_lives_in_a_third_is_told() {
    let folder = leaking_folder();
    let ask = |files: [&str; 3]| {
        let [third, first, second] = files;
        let arguments = [
            "summary",
            third,
            "--allocated-between",
            first,
            second,
            "--format",
            "csv",
        ];
        let output = run(folder.path(), &arguments);
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, told, _) = ask([LEAKING[2], LEAKING[0], LEAKING[1]]);
    let classes: Vec<&str> = told.lines().skip(1).collect();
    assert_eq!((code, classes.len()), (Some(0), 1), "{told}");
    assert!(classes[0].starts_with("Request,\",Request\",50,"), "{told}");
    let (code, _, said) = ask([LEAKING[2], LEAKING[1], LEAKING[0]]);
    assert!(
        code == Some(2) && said.contains("name the older one first"),
        "{said}"
    );
    let mut other = String::new();
    for at in 0..2000 {
        writeln!(other, "o{at}=Other:object/8 #{}", 100_001 + 2 * at).unwrap();
    }
    let heap = heapatlas::fixture::heap(&other);
    std::fs::write(folder.path().join("other.heapsnapshot"), heap).unwrap();
    let (code, _, said) = ask(["other.heapsnapshot", LEAKING[0], LEAKING[1]]);
    assert!(
        code == Some(2) && said.contains("is of another process"),
        "{said}"
    );
}

#[test]
fn a_pair_that_was_redacted_with_one_key_compares_as_before() {
    let folder = leaking_folder();
    for (from, to) in [(LEAKING[0], "a.heapsnapshot"), (LEAKING[2], "b.heapsnapshot")] {
        let output = run(folder.path(), &["redact", from, to, "--key", "secret"]);
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    }
    let rows = |base: &str, current: &str| {
        let arguments = ["compare", base, current, "--format", "csv", "--limit", "all"];
        text(&run(folder.path(), &arguments).stdout)
    };
    let redacted = rows("a.heapsnapshot", "b.heapsnapshot");
    assert!(redacted.contains("\nRequest,30,130,100,0,100,"), "{redacted}");
    assert_eq!(redacted, rows(LEAKING[0], LEAKING[2]));
}
