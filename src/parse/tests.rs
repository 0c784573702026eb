use std::path::Path;

use super::columns::Columns;
use super::kind::{Detachedness, EdgeKind, NodeKind};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::Task;
use crate::fixture::{Fixture, Section, WhiteSpace};

const HEAP: &str = "root:synthetic/0 #1 -shortcut:global-> window:native/40 !detached @7:1:2\n\
                    window -cache-> m=Map:object/32 #99 -element:4-> text:string/5000000000\n\
                    text -weak:back-> root\n\
                    text:string -strange:name-> other:odd_type/3";

fn read(bytes: &[u8]) -> Columns {
    super::read_bytes(bytes, Path::new("test.heapsnapshot"), &Task::new()).unwrap()
}

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
    assert_eq!(columns.header.other_kinds, ["odd type"]);
    assert_eq!(nodes.ids.iter().collect::<Vec<_>>(), [1, 3, 99, 7, 9]);
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
    let place = columns.locations.of(NodeIx::new(1)).unwrap();
    assert_eq!((place.script_id, place.line, place.column), (7, 1, 2));
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
