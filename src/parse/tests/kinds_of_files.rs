//! What is no snapshot is named for what it is.

use super::{problems, refusal};
use crate::fixture::Fixture;

#[test]
fn other_files_are_named() {
    let cases: [(&[u8], &str); 29] = [
        (b"", "an empty file"),
        (b" \n\t", "an empty file"),
        (b"<!DOCTYPE html><html>", "an HTML page"),
        (b"\n<html lang=\"en\">", "an HTML page"),
        (b"<?xml version=\"1.0\"?>", "an XML file"),
        (b"\x1F\x8B\x08\x00", "gzip data inside compressed data"),
        (b"\xFD7zXZ\x00", "an xz archive"),
        (b"PK\x03\x04\x14", "a zip archive"),
        (b"\xFF\xFE{\0\"\0", "text in UTF-16"),
        (b"\xFE\xFF\0{\0\"", "text in UTF-16"),
        (b"{\0\"\0s\0", "text in UTF-16"),
        (b"\0{\0\"\0s", "text in UTF-16"),
        (b"{ return 1; }", "some text"),
        (b"{\x80\x00\x01", "binary data"),
        (b"\x7FELF\x02\x01\x01", "a program or a core dump"),
        (b"JAVA PROFILE 1.0.2\0", "a Java heap dump"),
        (
            b"version https://git-lfs.github.com/spec/v1\noid",
            "a Git LFS pointer",
        ),
        (b"\x00\x01\x02\x03\x80", "binary data"),
        (b"Error: connect ECONNREFUSED", "some text"),
        (b"[1,2,3]", "some other JSON file"),
        (b"[{\"name\":\"x\",\"ph\":\"X\"}]", "a performance trace"),
        (b"{}", "some other JSON file"),
        (
            b"{\"name\":\"package\",\"version\":\"1.0.0\"}",
            "some other JSON file",
        ),
        (b"{\"traceEvents\":[{}],\"metadata\":{}}", "a performance trace"),
        (
            b"{\"head\":{\"callFrame\":{}},\"samples\":[]}",
            "an allocation sampling profile (.heapprofile)",
        ),
        (
            b"{\"nodes\":[{\"id\":1}],\"startTime\":1,\"endTime\":2,\"samples\":[]}",
            "a CPU profile (.cpuprofile)",
        ),
        (
            b"{\"version\":3,\"type\":\"Inspector\",\"nodes\":[0],\"nodeClassNames\":[]}",
            "a heap snapshot of JavaScriptCore",
        ),
        (
            b"{\"nodes\":[1,2],\"edges\":[]}",
            "a JSON file with nodes and edges but without the header",
        ),
        (
            b"{\"version\":3,\"sources\":[],\"mappings\":\"\"}",
            "a source map",
        ),
    ];
    for (bytes, expected) in cases {
        let error = refusal(bytes);
        assert!(
            error.contains(&format!("not a heap snapshot: this is {expected}")),
            "{error}"
        );
        assert!(error.ends_with("(test.heapsnapshot)"), "{error}");
    }
}

#[test]
fn a_snapshot_with_keys_of_other_files_is_a_snapshot() {
    let bytes = Fixture::new("a/0 -x-> b")
        .member("traceEvents", "[]")
        .member("head", "{}")
        .bytes();
    assert_eq!(problems(&bytes), "");
}
