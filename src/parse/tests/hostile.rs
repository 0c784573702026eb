//! Files that lie.

use std::path::Path;

use super::super::arrays;
use super::{Input, problems, read, refusal};
use crate::base::task::Task;
use crate::fixture::{Fixture, Section};
use crate::parse::strings::StringTable;

const HEAP: &str = "r:synthetic/0 -element:1-> a -x-> b @1:2:3\nr -y-> b";

/// The file of [`HEAP`] with a part of its text replaced.
fn with(from: &str, to: &str) -> Vec<u8> {
    let text = String::from_utf8(Fixture::new(HEAP).bytes()).unwrap();
    assert!(text.contains(from), "{from} is not in {text}");
    text.replacen(from, to, 1).into_bytes()
}

const NODES: &str = "\"nodes\":[9,1,1,0,2,0,0,3,2,3,16,1,0,0,3,3,5,16,0,0,0]";
const EDGES: &str = "\"edges\":[1,1,7,2,4,14,2,5,14]";

#[test]
fn counts_that_lie() {
    let count = |key: &str, value: &str| problems(&Fixture::new(HEAP).header(key, value).bytes());
    assert!(
        count("node_count", "4000000000").starts_with("the header says 4000000000 nodes, the file holds 3")
    );
    assert!(count("edge_count", "18446744073709551615").contains("edges, the file holds 3"));
    assert_eq!(count("node_count", "-5"), "");
    assert_eq!(count("edge_count", "null"), "");
    let few = count("edge_count", "1");
    assert!(
        few.contains("the header says 1 edges, the file holds 3: the last are left out"),
        "{few}"
    );
    assert!(
        few.contains("nodes have 3 edges, the file holds 1: the others are missing"),
        "{few}"
    );
    let few = Fixture::new("a/0\nb\nc").header("node_count", "2").bytes();
    assert_eq!(read(&few).nodes.tags.len(), 2);
    assert!(problems(&few).starts_with("the header says 2 nodes, the file holds 3: the last are left out"));
    assert!(
        refusal(&Fixture::new("a/0\nb\nc").header("node_count", "0").bytes()).contains("expected a node")
    );
}

/// Files whose lengths say nothing: they end in holes of 4 TB, which take no room on a disk.
#[cfg(target_os = "linux")]
#[test]
fn no_room_is_kept_for_what_a_hole_could_hold() {
    use std::io::{Seek as _, SeekFrom, Write as _};

    let whole = Fixture::new(HEAP).bytes();
    let text = String::from_utf8(whole.clone()).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let read = || crate::parse::read(file.path(), &Task::new());
    let sections = ["\"edges\":[1", "\"locations\":[1", "\"strings\":["];
    for end in sections.map(|section| text.find(section).unwrap() + section.len()) {
        std::fs::write(file.path(), &whole[..end]).unwrap();
        let cut = read().unwrap();
        file.as_file().set_len(1 << 42).unwrap();
        let columns = read().unwrap();
        // It is as if it were cut, and it is told why.
        let (why, rest) = columns.problems.split_first().unwrap();
        assert!(why.what.contains("bytes of the file are zeros"), "{why}");
        assert_eq!((rest, columns.nodes.tags.len()), (&cut.problems[..], 3));
    }
    std::fs::write(file.path(), &whole).unwrap();
    file.as_file().set_len(1 << 42).unwrap();
    assert_eq!(read().unwrap().problems, [], "nothing is missing");
    let mut end = file.as_file();
    end.seek(SeekFrom::Start((1 << 42) - 1)).unwrap();
    end.write_all(b"}").unwrap();
    assert_eq!(
        read().unwrap().nodes.tags.len(),
        3,
        "what stands behind the end is not read"
    );
}

/// The same where the system knows of no holes, and where they were unpacked.
#[test]
fn zeros_at_the_end_are_missing_bytes() {
    let whole = Fixture::new(HEAP).bytes();
    let file = tempfile::NamedTempFile::new().unwrap();
    for end in 0..whole.len() {
        let zeros = vec![0; whole.len() - end];
        let filled = [&whole[..end], &zeros].concat();
        for bytes in [filled.clone(), zstd::encode_all(&*filled, 1).unwrap()] {
            std::fs::write(file.path(), bytes).unwrap();
            match (
                crate::parse::read(file.path(), &Task::new()),
                super::try_read(&whole[..end], 7),
            ) {
                (Ok(columns), Ok(cut)) => {
                    let missing = usize::from(!cut.problems.is_empty());
                    assert_eq!(columns.problems[missing..], cut.problems);
                    assert_eq!(columns.nodes.tags, cut.nodes.tags);
                }
                (Err(_), Err(_)) => {}
                (filled, _) => panic!("{end}: {:?}", filled.err()),
            }
        }
    }
}

#[test]
fn nothing_is_reserved_on_the_word_of_a_header() {
    let task = Task::new();
    let bytes = vec![b'0'; 1000];
    let input = Input {
        bytes: &bytes,
        mapping: None,
        path: Path::new("test"),
        task: &task,
        chunk: 1 << 20,
    };
    for said in [Some(1 << 32), Some(1 << 60), Some(u64::MAX), None] {
        assert_eq!(arrays::room(&input, 300, 7, said), 51);
        assert_eq!(arrays::room(&input, 5000, 7, said), 1);
    }
    assert_eq!(arrays::room(&input, 300, 7, Some(3)), 3);
    for said in [1_u64 << 32, 1 << 60] {
        let said = said.to_string();
        let file = Fixture::new(HEAP)
            .header("node_count", &said)
            .header("edge_count", &said);
        assert_eq!(read(&file.bytes()).nodes.tags.len(), 3);
    }
}

#[test]
fn edge_counts_that_lie() {
    let more = with("9,1,1,0,2,0,0", "9,1,1,0,4294967295,0,0");
    assert_eq!(read(&more).nodes.first_edges, [0, 3, 3, 3]);
    assert!(
        problems(&more).starts_with("nodes have 4294967296 edges, the file holds 3: the others are missing")
    );
    let most = with("9,1,1,0,2,0,0", "9,1,1,0,18446744073709551615,0,0");
    assert_eq!(read(&most).nodes.first_edges, [0, 3, 3, 3]);
    let fewer = with("9,1,1,0,2,0,0", "9,1,1,0,1,0,0");
    let columns = read(&fewer);
    assert_eq!(columns.nodes.first_edges, [0, 1, 2, 2]);
    assert_eq!((columns.edges.heads.len(), columns.edges.names.len()), (2, 2));
    assert!(problems(&fewer).starts_with("nodes have 2 edges, the file holds 3: the last are left out"));
}

#[test]
fn edges_that_lead_nowhere() {
    for to in ["8", "21", "4294967303", "18446744073709551615"] {
        let error = refusal(&with("2,4,14", &format!("2,4,{to}")));
        let expected = format!("expected an edge to a node (a multiple of 7 below 21), found one to {to}");
        assert!(error.contains(&expected), "{error}");
    }
}

#[test]
fn faults_are_placed() {
    let place = |from: &str, to: &str, fault: &str| {
        let bytes = with(from, to);
        let text = String::from_utf8(bytes.clone()).unwrap();
        let at = text.find(to).unwrap() + to.find(fault).unwrap();
        let error = refusal(&bytes);
        assert!(
            error.contains(&format!("at byte {at}: ")),
            "{error} for {to}, {at}"
        );
        error
    };
    assert!(place("3,2,3,16,1", "3,-2,3,16,1", "-").contains("found a negative one"));
    assert!(place("3,2,3,16,1", "3,2.5,3,16,1", ".").contains("found a fraction"));
    assert!(place("3,2,3,16,1", "3,2,3,1e9,1", "e").contains("found a fraction"));
    assert!(place("3,2,3,16,1", "3,x,3,16,1", "x").contains("expected a whole number, found 'x'"));
    assert!(place("3,2,3,16,1", "3,2 2,3,16,1", "2,3,16").contains("expected a comma"));
    assert!(place("3,2,3,16,1", "3,2,99999999999999999999,16,1", "99").contains("one of 20 digits"));
    assert!(place("1,1,7,2", "1,,7,2", ",7").contains("found ','"));
    assert!(place(EDGES, "\"edges\":[[1,1,7]]", "[1").contains("found '['"));
    assert!(place(NODES, "\"nodes\":{\"a\":1}", "{").contains("expected an array, found '{'"));
    assert!(place(NODES, "\"nodes\":[]", "[").contains("expected a node, found none"));
    assert!(place(NODES, "\"nodes\":[ \n]", "[").contains("expected a node, found none"));
}

#[test]
fn numbers_of_the_largest_sizes() {
    let columns = read(&with("3,2,3,16,1", "3,2,18446744073709551615,4294967295,1"));
    assert_eq!(columns.nodes.ids.iter().collect::<Vec<_>>(), [1, u64::MAX, 5]);
    assert_eq!(
        columns.nodes.self_sizes.iter().collect::<Vec<_>>(),
        [0, 4_294_967_295, 16]
    );
    let clipped = with("1,1,7,2", "1,4294967296,7,2");
    assert_eq!(read(&clipped).edges.names[0], u32::MAX);
    assert!(problems(&clipped).contains("1 edges have numbers above 4294967295"));
    let zeros = read(&with("3,2,3,16,1", "3,0000000000000000000002,3,16,1"));
    assert_eq!(zeros.nodes.names[1].raw(), 2);
}

#[test]
fn incomplete_records() {
    let found = problems(&with("2,5,14]", "2,5,14,1,1]"));
    assert!(
        found.starts_with("the last of the edges is incomplete and is left out"),
        "{found}"
    );
    let found = problems(&with("16,0,0,0]", "16,0,0,0,3]"));
    assert!(
        found.starts_with("the last of the nodes is incomplete and is left out"),
        "{found}"
    );
    let found = problems(&with("1,2,3]", "1,2,3,5]"));
    assert_eq!(found, "");
}

#[test]
fn names_that_are_no_strings() {
    let bytes = with("3,3,5,16", "3,777,5,16");
    let columns = read(&bytes);
    assert_eq!(columns.strings.get(columns.nodes.names[2]), StringTable::MISSING);
    let found = problems(&bytes);
    assert!(
        found.starts_with("1 nodes and 0 edges have names up to string 777, the file holds 6 strings"),
        "{found}"
    );
    let found = problems(&with("2,4,14", "2,18446744073709551615,14"));
    assert!(
        found.starts_with("0 nodes and 1 edges have names up to string 4294967295"),
        "{found}"
    );
    assert_eq!(problems(&with("1,1,7", "1,99999,7")), "");
}

#[test]
fn sections_that_stand_twice_or_not_at_all() {
    let twice = Fixture::new(HEAP)
        .member("nodes", "[1,2,3]")
        .member("strings", "[]")
        .bytes();
    let columns = read(&twice);
    assert_eq!((columns.nodes.tags.len(), columns.strings.len()), (3, 0));
    assert!(
        problems(&twice)
            .starts_with("the section stands in the file twice: the second is left out (section \"nodes\"")
    );
    let often = (0..50).fold(Fixture::new(HEAP), |fixture, _| fixture.member("nodes", "[]"));
    assert_eq!(read(&often.bytes()).problems.len(), 1);
    let without = |section: Section| {
        let order: Vec<Section> = Section::ALL
            .into_iter()
            .filter(|&other| other != section)
            .collect();
        Fixture::new(HEAP).order(&order).bytes()
    };
    assert!(refusal(&without(Section::Nodes)).contains("in section \"nodes\""));
    assert!(refusal(&without(Section::Edges)).contains("the section is missing"));
    assert!(problems(&without(Section::Strings)).starts_with("the section is missing: so are all names"));
    assert_eq!(problems(&without(Section::Locations)), "");
}

#[test]
fn faults_behind_the_edges_cost_only_what_follows() {
    let found = problems(&with("\"locations\":[14,1,2,3]", "\"locations\":[14,1,x,3]"));
    assert!(
        found.starts_with("expected a whole number, found 'x': locations are left out"),
        "{found}"
    );
    assert!(!found.contains("names"), "{found}");
    let found = problems(&with("\"locations\":[14,1,2,3]", "\"locations\":null"));
    assert!(
        found.starts_with("expected an array, found 'n': locations are left out"),
        "{found}"
    );
    let broken = with("\"<dummy>\",\"r\",\"a\"", "\"<dummy>\",\"r\",5,\"a\"");
    assert_eq!(read(&broken).strings.len(), 2);
    assert!(problems(&broken).starts_with("expected a string, found '5': later strings are left out"));
    let found = problems(&with("],\"locations\"", "];\"locations\""));
    assert!(
        found.starts_with("expected a comma or the end of the object, found ';': what follows is left out"),
        "{found}"
    );
    let found = problems(&with("\"strings\":[", "\"strings\":7,\"rest\":["));
    assert!(found.starts_with("expected an array, found '7'"), "{found}");
    let mut trailing = with("", "");
    trailing.extend_from_slice(b"\n\0\0");
    assert!(problems(&trailing).starts_with("2 bytes after the end are left out"));
}

#[test]
fn headers_that_lie() {
    let many: Vec<String> = (0..70)
        .map(|at| format!("f{at}"))
        .chain(["type".into(), "edge_count".into()])
        .collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let error = refusal(&Fixture::new(HEAP).node_fields(&many).bytes());
    assert!(
        error.contains("node_fields names 72 fields, the limit is 64"),
        "{error}"
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(problems(&Fixture::new(HEAP).header("deep", &deep).bytes()), "");
    assert!(refusal(&Fixture::new(HEAP).header("node_count", &deep).bytes()).contains("recursion limit"));
    let long = format!("\"{}\"", "x".repeat(17 << 20));
    assert!(
        refusal(&Fixture::new(HEAP).header("title", &long).bytes()).contains("too large: the header has")
    );
    assert!(refusal(&with("\"meta\":", "\"other\":")).contains("missing field `meta`"));
    assert!(
        refusal(&with("\"snapshot\":{", "\"snapshot\":7,\"other\":{")).contains("the header cannot be read")
    );
}

#[test]
fn nesting_and_long_white_space_anywhere() {
    let deep = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    assert_eq!(
        problems(&Fixture::new(HEAP).member("trace_tree", &deep).bytes()),
        ""
    );
    let space = " ".repeat(5000);
    assert_eq!(problems(&with("2,4,14", &format!("2{space},{space}4,14"))), "");
    assert_eq!(problems(&with("\"x\"", &format!("\"x\"{space}"))), "");
    // Longer than any chunk of the tests but one, with escapes at every boundary.
    let long = format!("\"{}\"", "a\\\\\\\"".repeat(700));
    let columns = read(&with("\"x\"", &long));
    let texts: Vec<usize> = columns
        .strings
        .indices()
        .map(|ix| columns.strings.get(ix).bytes().len())
        .collect();
    assert!(texts.contains(&2100), "{texts:?}");
    let backslashes = format!("\"{}\"", "\\".repeat(4000));
    let columns = read(&with("\"x\"", &backslashes));
    assert_eq!((columns.strings.len(), columns.problems.len()), (6, 0));
}
