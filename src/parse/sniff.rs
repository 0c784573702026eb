//! Names what a file is that is no heap snapshot.

use super::error::LoadError;
use super::input::Input;

/// What files of other kinds begin with, what they are, and what to do.
const BEGINNINGS: [(&[u8], &str, &str); 18] = [
    (
        b"\x1F\x8B",
        "gzip data inside compressed data",
        "Unpack it once and open the result",
    ),
    (
        b"\x28\xB5\x2F\xFD",
        "zstd data inside compressed data",
        "Unpack it once and open the result",
    ),
    (
        b"\xFD7zXZ",
        "an xz archive",
        "Unpack it with `xz -d` and open the result",
    ),
    (
        b"BZh",
        "a bzip2 archive",
        "Unpack it with `bzip2 -d` and open the result",
    ),
    (
        b"PK\x03\x04",
        "a zip archive",
        "Unpack it and open the snapshot inside",
    ),
    (b"\xFF\xFE", "text in UTF-16", UTF16),
    (b"\xFE\xFF", "text in UTF-16", UTF16),
    (b"{\0", "text in UTF-16", UTF16),
    (b"\0{", "text in UTF-16", UTF16),
    (
        b"\x7FELF",
        "a program or a core dump",
        "Take a heap snapshot of the running process instead",
    ),
    (
        b"JAVA PROFILE",
        "a Java heap dump (.hprof)",
        "Open it in a tool for Java heaps",
    ),
    (
        b"version https://git-lfs",
        "a Git LFS pointer, not the file itself",
        "Fetch the file with `git lfs pull`",
    ),
    (b"<!DOCTYPE", "an HTML page", HTML),
    (b"<!doctype", "an HTML page", HTML),
    (b"<html", "an HTML page", HTML),
    (b"<HTML", "an HTML page", HTML),
    (b"<?xml", "an XML file", HTML),
    (b"<", "an HTML or XML file", HTML),
];

const UTF16: &str =
    "Some shells write it when output is redirected to a file: let the program write the file itself";
const HTML: &str =
    "The server that it came from may have asked for a login or shown an error: open it in a browser";
const TAKE_ONE: &str =
    "Take a heap snapshot (.heapsnapshot), in the Memory panel of DevTools or with v8.writeHeapSnapshot()";

/// Keys of JSON files of other kinds (all of them must be there), what the files are, and what to do.
const KEYS: [(&[&str], &str, &str); 7] = [
    (
        &["version", "type", "nodes", "nodeClassNames"],
        "a heap snapshot of JavaScriptCore (Safari, Bun), not of V8",
        "In Bun, Bun.generateHeapSnapshot(\"v8\") makes one in V8's format",
    ),
    (
        &["nodes", "startTime", "endTime"],
        "a CPU profile (.cpuprofile)",
        "Load it in the Performance panel of DevTools; for memory, take a heap snapshot",
    ),
    (
        &["traceEvents"],
        "a performance trace",
        "Load it in the Performance panel of DevTools; for memory, take a heap snapshot",
    ),
    (
        &["header", "javascriptStack"],
        "a diagnostic report of Node",
        TAKE_ONE,
    ),
    (&["log", "version"], "a network log (.har)", TAKE_ONE),
    (&["mappings", "sources"], "a source map", TAKE_ONE),
    (
        &["nodes", "edges"],
        "a JSON file with nodes and edges but without the header of a snapshot",
        TAKE_ONE,
    ),
];

/// The position after the `{` with which every snapshot begins, or what the file is instead.
pub(super) fn object_start(input: &Input<'_>) -> Result<usize, LoadError> {
    let mark = if input.bytes.starts_with(b"\xEF\xBB\xBF") {
        3
    } else {
        0
    };
    let start = input.skip_white(mark);
    let text = input.from(start);
    if text.first() == Some(&b'{') && text.get(1) != Some(&0) {
        return Ok(start + 1);
    }
    let known = BEGINNINGS
        .iter()
        .find(|(beginning, ..)| text.starts_with(beginning));
    let (found, advice) = match (text.first(), known) {
        (None, _) => (
            "an empty file",
            "The dump may have been interrupted: take the snapshot again",
        ),
        (_, Some((_, found, advice))) => (*found, *advice),
        (Some(b'['), _) if is_trace(text) => ("a performance trace", TAKE_ONE),
        (Some(b'[' | b'"' | b'-' | b'0'..=b'9'), _) => ("some other JSON file", TAKE_ONE),
        (Some(_), _) if is_text(text) => ("some text", TAKE_ONE),
        (Some(_), _) => ("binary data", TAKE_ONE),
    };
    Err(not_a_snapshot(input, found, advice))
}

/// What a file is whose object has `keys` and no header of a snapshot.
pub(super) fn by_keys(input: &Input<'_>, keys: &[String]) -> LoadError {
    if keys.iter().any(|key| key == super::sampling::SECTION) && keys.iter().all(|key| key != "nodes") {
        return LoadError::SamplingProfile {
            path: input.path.to_owned(),
        };
    }
    let known = KEYS
        .iter()
        .find(|(needed, ..)| needed.iter().all(|needed| keys.iter().any(|key| key == needed)));
    match known {
        Some((_, found, advice)) => not_a_snapshot(input, found, advice),
        None => not_a_snapshot(input, "some other JSON file", TAKE_ONE),
    }
}

/// What a file is that begins like an object and is none.
pub(super) fn no_object(input: &Input<'_>) -> LoadError {
    let found = if is_text(input.bytes) {
        "some text"
    } else {
        "binary data"
    };
    not_a_snapshot(input, found, TAKE_ONE)
}

/// An error that says that there is a directory at the path.
pub(super) fn directory(path: &std::path::Path) -> LoadError {
    LoadError::NotASnapshot {
        found: "a directory".to_owned(),
        advice: "Choose a file in it".to_owned(),
        path: path.to_owned(),
    }
}

fn not_a_snapshot(input: &Input<'_>, found: &str, advice: &str) -> LoadError {
    LoadError::NotASnapshot {
        found: found.to_owned(),
        advice: advice.to_owned(),
        path: input.path.to_owned(),
    }
}

/// The first bytes of a file, by which it is judged.
fn head(text: &[u8]) -> &[u8] {
    &text[..text.len().min(4096)]
}

/// Events of a trace have a phase.
fn is_trace(text: &[u8]) -> bool {
    head(text).windows(5).any(|bytes| bytes == b"\"ph\":")
}

fn is_text(text: &[u8]) -> bool {
    head(text)
        .iter()
        .all(|&byte| byte >= b' ' || byte.is_ascii_whitespace())
}
