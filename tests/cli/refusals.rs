//! What cannot be answered: how it is refused.

use std::path::Path;

use expect_test::{Expect, expect};

use super::{folder, run, text};

/// Runs `arguments`, which cannot be answered: status 2, nothing on standard output, one line on standard error.
fn refused(folder: &Path, arguments: &[&str], line: &Expect) {
    let output = run(folder, arguments);
    line.assert_eq(&text(&output.stderr));
    assert_eq!(
        (output.status.code(), text(&output.stdout).as_str()),
        (Some(2), ""),
        "{arguments:?}"
    );
    assert_eq!(text(&output.stderr).matches('\n').count(), 1);
}

#[test]
fn what_cannot_be_answered_is_status_2_with_one_line() {
    let folder = folder();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    write(
        "profile.cpuprofile",
        br#"{"nodes":[{"id":1}],"startTime":0,"endTime":1,"samples":[],"timeDeltas":[]}"#,
    );
    write("empty.heapsnapshot", b"");
    write("page.html", b"<!doctype html><title>504</title>");
    let whole = std::fs::read(folder.path().join("before.heapsnapshot")).unwrap();
    write("header.heapsnapshot", &whole[..200]);
    let refused = |arguments: &[&str], line: Expect| refused(folder.path(), arguments, &line);
    let file = "before.heapsnapshot";
    refused(
        &["compare", file, file, "--fail-on", "growth"],
        expect![[r"
        heapatlas: invalid value 'growth' for '--fail-on <LIMIT>': there is no >, >=, < or <=; a limit is QUANTITY > VALUE, as in 'growth > 5%', 'growth > 2 MB', 'class Session > 100', 'any class > 1 MB' (--help shows what there is)
    "]],
    );
    refused(
        &["compare", file, file, "--by", "owner", "--filter", "a"],
        expect![[r"
        heapatlas: --filter and --sort are for --by class; the rows of a tree stand below what they hang from
    "]],
    );
    refused(
        &["stats", "missing.heapsnapshot"],
        expect![[r"
        heapatlas: cannot read the file: No such file or directory (os error 2) (missing.heapsnapshot)
    "]],
    );
    refused(
        &["stats", "."],
        expect![[r"
        heapatlas: not a heap snapshot: this is a directory. Choose a file in it (.)
    "]],
    );
    refused(
        &["summary", "profile.cpuprofile"],
        expect![[r"
        heapatlas: not a heap snapshot: this is a CPU profile (.cpuprofile). Load it in the Performance panel of DevTools; for memory, take a heap snapshot (profile.cpuprofile)
    "]],
    );
    refused(
        &["summary", "empty.heapsnapshot"],
        expect![[r"
        heapatlas: not a heap snapshot: this is an empty file. The dump may have been interrupted: take the snapshot again (empty.heapsnapshot)
    "]],
    );
    refused(
        &["summary", "page.html"],
        expect![[r"
        heapatlas: not a heap snapshot: this is an HTML page. The server that it came from may have asked for a login or shown an error: open it in a browser (page.html)
    "]],
    );
    refused(
        &["summary", "header.heapsnapshot"],
        expect![[r#"
        heapatlas: damaged snapshot: in section "snapshot" at byte 200: the file ends inside the header. Take the snapshot again, or copy the file again (header.heapsnapshot)
    "#]],
    );
    refused(
        &["compare", "-", "-"],
        expect![[r"
        heapatlas: not a heap snapshot: this is an empty file. The dump may have been interrupted: take the snapshot again (-)
    "]],
    );
    refused(
        &["stats"],
        expect![[r"
        heapatlas: the following required arguments were not provided: <FILE> (--help shows what there is)
    "]],
    );
    refused(
        &["stats", file, "--frobnicate"],
        expect![[r"
        heapatlas: unexpected argument '--frobnicate' found tip: a similar argument exists: '--format' (--help shows what there is)
    "]],
    );
    refused(
        &["stats", file, "--format", "xml"],
        expect![[r"
        heapatlas: invalid value 'xml' for '--format <FORMAT>' [possible values: text, json, csv] (--help shows what there is)
    "]],
    );
    refused(
        &["stats", file, "--limit", "few"],
        expect![[r"
        heapatlas: invalid value 'few' for '--limit <N>': a number of rows or `all` is expected (--help shows what there is)
    "]],
    );
    refused(
        &["object", file, "17"],
        expect![[r"
        heapatlas: invalid value '17' for '<@ID>': an object is named @ID, with V8's id, as in @1234 (--help shows what there is)
    "]],
    );
    refused(
        &["paths", file],
        expect![[r"
        heapatlas: the following required arguments were not provided: <@ID>... (--help shows what there is)
    "]],
    );
    refused(
        &["paths", file, "@13", "--count", "0"],
        expect![[r"
        heapatlas: invalid value '0' for '--count <N>': number would be zero for non-zero type (--help shows what there is)
    "]],
    );
    refused(
        &["search", file, "(", "--regex"],
        expect![[r#"
        heapatlas: "(" cannot be searched for: unclosed group
    "#]],
    );
    refused(
        &["summary", file, "--sort", "size"],
        expect![[r"
        heapatlas: --sort size: there is no such column; there are class, class_key, count, distance, reach, shallow_size, retained_size
    "]],
    );
    refused(
        &["summary", file, "--only", "strings"],
        expect![[r"
            heapatlas: invalid value 'strings' for '--only <NAME>': there are duplicated-strings, retained-by-detached-dom, retained-by-console, retained-by-event-handlers, retained-by-contexts, shared-native-context, no-native-context, mine, installed, runtime, native-context=@ID, allocated-between=ID..ID, allocated-by=FUNCTION, allocated-by=FUNCTION<CALLER, allocated-under=FUNCTION, package=NAME, module=NAME (--help shows what there is)
        "]],
    );
    refused(
        &["summary", file, "--only", "allocated-between=9..1"],
        expect![[r"
            heapatlas: invalid value 'allocated-between=9..1' for '--only <NAME>': allocated-between= is followed by two ids, the smaller first, as in allocated-between=1200..5600 (--help shows what there is)
        "]],
    );
    refused(
        &["completions", "tcsh"],
        expect![[r"
        heapatlas: invalid value 'tcsh' for '<SHELL>' [possible values: bash, elvish, fish, powershell, zsh] tip: a similar value exists: 'zsh' (--help shows what there is)
    "]],
    );
}
