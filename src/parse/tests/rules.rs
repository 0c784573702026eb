//! Rule by rule: what a file says and which columns it becomes.

use expect_test::expect;

use super::{problems, read, refusal};
use crate::base::index::{Ix as _, NodeIx};
use crate::fixture::{Fixture, Section, WhiteSpace};
use crate::parse::columns::{Columns, Place};
use crate::parse::kind::{Detachedness, EdgeKind, NodeKind};

const HEAP: &str = "root:synthetic/0 #1 -shortcut:global-> window:native/40 !detached @7:1:2\n\
                    window -cache-> m=Map:object/32 #99 -element:4-> text:string/5000000000\n\
                    text -weak:back-> root\n\
                    text:string -strange:name-> other:odd_type/3 #9000000000";

fn check(columns: &Columns) {
    assert_eq!(columns.problems, []);
    let nodes = &columns.nodes;
    let kinds: Vec<NodeKind> = nodes.tags.iter().map(|tag| tag.kind()).collect();
    assert_eq!(
        kinds,
        [
            NodeKind::Synthetic,
            NodeKind::Native,
            NodeKind::Object,
            NodeKind::String,
            NodeKind::Other
        ]
    );
    assert_eq!(nodes.tags[1].detachedness(), Detachedness::Detached);
    assert_eq!(nodes.tags[2].detachedness(), Detachedness::Unknown);
    assert_eq!(columns.header.other_kinds, ["odd type"]);
    assert_eq!(nodes.ids.iter().collect::<Vec<_>>(), [1, 3, 99, 7, 9_000_000_000]);
    assert_eq!(
        nodes.self_sizes.iter().collect::<Vec<_>>(),
        [0, 40, 32, 5_000_000_000, 3]
    );
    assert_eq!(nodes.first_edges, [0, 1, 2, 3, 5, 5]);
    let names: Vec<String> = nodes
        .names
        .iter()
        .map(|&ix| columns.strings.get(ix).to_string())
        .collect();
    assert_eq!(names, ["root", "window", "Map", "text", "other"]);
    let heads: Vec<_> = columns
        .edges
        .heads
        .iter()
        .map(|head| (head.kind(), head.target().at()))
        .collect();
    assert_eq!(
        heads,
        [
            (EdgeKind::Shortcut, 1),
            (EdgeKind::Property, 2),
            (EdgeKind::Element, 3),
            (EdgeKind::Weak, 0),
            (EdgeKind::Other, 4)
        ]
    );
    assert_eq!(columns.edges.names[2], 4);
    let place = Place {
        script_id: 7,
        line: 1,
        column: 2,
    };
    assert_eq!(columns.locations.of(NodeIx::new(1)), Some(place));
    assert_eq!(columns.locations.of(NodeIx::new(0)), None);
}

#[test]
fn all_white_space_and_section_orders_read_alike() {
    for white in [WhiteSpace::None, WhiteSpace::Lines, WhiteSpace::Everywhere] {
        let mut order = Section::ALL;
        for turn in 0..5 {
            order.rotate_left(turn);
            check(&read(
                &Fixture::new(HEAP).white_space(white).order(&order).bytes(),
            ));
            order.reverse();
            check(&read(
                &Fixture::new(HEAP).white_space(white).order(&order).bytes(),
            ));
        }
    }
}

#[test]
fn fields_are_known_by_name_in_any_order() {
    let nodes = [
        &["type", "name", "id", "self_size", "edge_count", "detachedness"][..],
        &[
            "type",
            "name",
            "id",
            "self_size",
            "edge_count",
            "detachedness",
            "trace_node_id",
        ],
        &[
            "type",
            "name",
            "id",
            "self_size",
            "edge_count",
            "trace_node_id",
            "detachedness",
        ],
        &[
            "type",
            "name",
            "id",
            "self_size",
            "edge_count",
            "a",
            "b",
            "detachedness",
            "c",
            "d",
            "e",
        ],
        &[
            "detachedness",
            "edge_count",
            "x",
            "self_size",
            "id",
            "name",
            "type",
        ],
    ];
    let edges = [
        &["type", "name_or_index", "to_node"][..],
        &["to_node", "new", "type", "name_or_index"],
        &["type", "name_or_index", "to_node", "more"],
    ];
    let locations = [
        &["object_index", "script_id", "line", "column"][..],
        &[
            "object_index",
            "script_id",
            "script_object_index",
            "line",
            "column",
        ],
        &["column", "line", "object_index", "script_id"],
    ];
    for node in nodes {
        for edge in edges {
            for location in locations {
                let fixture = Fixture::new(HEAP)
                    .node_fields(node)
                    .edge_fields(edge)
                    .location_fields(location);
                check(&read(&fixture.bytes()));
            }
        }
    }
}

#[test]
fn a_file_of_node_10_has_no_detachedness_and_no_locations() {
    let fields = ["type", "name", "id", "self_size", "edge_count", "trace_node_id"];
    let bytes = Fixture::new(HEAP)
        .node_fields(&fields)
        .location_fields(&[])
        .bytes();
    let columns = read(&bytes);
    assert!(!columns.header.has_detachedness);
    assert_eq!(columns.nodes.tags[1].detachedness(), Detachedness::Unknown);
    assert!(columns.locations.is_empty());
    assert_eq!(columns.problems, []);
    assert_eq!(columns.header.node_fields, fields);
}

#[test]
fn fields_that_make_a_graph_are_needed_and_others_are_missed() {
    let without = |missing: &str| -> Vec<&str> {
        let all = ["type", "name", "id", "self_size", "edge_count"];
        all.into_iter().filter(|&field| field != missing).collect()
    };
    let file = |missing| Fixture::new("a/0 -x-> b").node_fields(&without(missing)).bytes();
    expect![[
        r#"node_fields does not name "id": it is taken to be 0 everywhere (section "snapshot", byte 12)"#
    ]]
    .assert_eq(&problems(&file("id")));
    assert!(problems(&file("name")).contains("node_fields does not name \"name\""));
    assert!(problems(&file("self_size")).contains("node_fields does not name \"self_size\""));
    expect![[r#"damaged snapshot: in section "snapshot" at byte 12: expected "type" among node_fields, found ["name", "id", "self_size", "edge_count"]. Take the snapshot again, or copy the file again (test.heapsnapshot)"#]]
        .assert_eq(&refusal(&file("type")));
    assert!(refusal(&file("edge_count")).contains("expected \"edge_count\""));
    let no_target = Fixture::new("a/0 -x-> b").edge_fields(&["type", "name_or_index"]);
    assert!(refusal(&no_target.bytes()).contains("expected \"to_node\" among edge_fields"));
}

#[test]
fn facts_of_the_header() {
    let fixture = Fixture::new("a/0 -x-> b -y-> c")
        .header("root_index", "14")
        .header("extra_native_bytes", "123456789012")
        .header("trace_function_count", "3")
        .header("title", "\"a lone \\uD800 surrogate\"")
        .header("unknown", "[{}]")
        .member("samples", "[1,2]");
    let columns = read(&fixture.bytes());
    let header = columns.header;
    assert_eq!((header.root, header.extra_native_bytes), (2, 123_456_789_012));
    assert_eq!(header.trace_function_count, 3);
    assert_eq!(
        (columns.samples.times, columns.samples.last_ids),
        (vec![1], vec![2])
    );
    let without = read(&Fixture::new("a/0 -x-> b").member("samples", "[ ]").bytes());
    assert_eq!((without.header.root, without.header.extra_native_bytes), (0, 0));
    assert!(without.samples.times.is_empty());
    for root in ["7000", "3", "18446744073709551615"] {
        let bytes = Fixture::new("a/0 -x-> b").header("root_index", root).bytes();
        assert_eq!(read(&bytes).header.root, 0);
        assert!(
            problems(&bytes).contains(&format!("root_index is {root}, which is no node")),
            "{root}"
        );
    }
}

#[test]
fn unknown_types_share_codes_in_the_order_of_the_file() {
    let lines: Vec<String> = (0..20).map(|at| format!("n{at}:kind{at}")).collect();
    let columns = read(&Fixture::new(&format!("r/0 -x-> n0\n{}", lines.join("\n"))).bytes());
    let codes: Vec<u8> = columns.nodes.tags.iter().skip(1).map(|tag| tag.code()).collect();
    let expected: Vec<u8> = (16..32).chain([31; 4]).collect();
    assert_eq!(codes, expected);
    assert_eq!(columns.header.other_kinds.len(), 20);
    assert_eq!(columns.header.other_kinds[3], "kind3");
}

#[test]
fn numbers_outside_the_tables_of_types_are_other_types() {
    let bytes = Fixture::new("r:synthetic/0 -x-> n").bytes();
    let text = String::from_utf8(bytes).unwrap();
    let text = text
        .replace("\"nodes\":[9,", "\"nodes\":[300,")
        .replace("\"edges\":[2,", "\"edges\":[77,");
    let columns = read(text.as_bytes());
    assert_eq!(columns.nodes.tags[0].kind(), NodeKind::Other);
    assert_eq!(columns.edges.heads[0].kind(), EdgeKind::Other);
}

#[test]
fn locations_are_sorted_and_the_last_of_a_node_counts() {
    let bytes = Fixture::new("r/0 -x-> a @1:2:3\na -y-> b @4:5:6").bytes();
    let text = String::from_utf8(bytes).unwrap();
    let locations = "\"locations\":[14,4,5,6,7,9,9,9,7,1,2,3,5,1,1,1,7000,1,1,1,0,4,5,6]";
    let (before, rest) = text.split_once("\"locations\":[").unwrap();
    let (_, after) = rest.split_once(']').unwrap();
    let columns = read(format!("{before}{locations}{after}").as_bytes());
    let found: Vec<_> = columns
        .locations
        .iter()
        .map(|(node, place)| (node.at(), place))
        .collect();
    assert_eq!(found, [(0, 0), (1, 2), (2, 0)]);
    assert_eq!(columns.locations.places().len(), 3);
    let problem = columns.problems[0].to_string();
    assert!(
        problem.starts_with("3 locations belong to no node, or to one that has another"),
        "{problem}"
    );
}

#[test]
fn strings_of_all_kinds() {
    let heap = r#""a\"b\\" -"\u00e9\uD83D\uDE00"-> "\uD8AA" -"é😀"-> "tab\there" -""-> x"#;
    let columns = read(&Fixture::new(heap).bytes());
    let texts: Vec<&[u8]> = columns
        .strings
        .indices()
        .map(|ix| columns.strings.get(ix).bytes())
        .collect();
    let expected: [&[u8]; 8] = [
        b"<dummy>",
        b"a\"b\\",
        b"\xED\xA2\xAA",
        b"tab\there",
        b"x",
        "é😀".as_bytes(),
        "é😀".as_bytes(),
        b"",
    ];
    assert_eq!(texts, expected);
}

#[test]
fn a_byte_order_mark_and_line_ends_around_the_object_do_no_harm() {
    let bytes = [b"\xEF\xBB\xBF\n ", Fixture::new(HEAP).bytes().as_slice(), b"\n\n"].concat();
    check(&read(&bytes));
}
