//! Files that end too soon: at every byte.

use super::{read, try_read};
use crate::fixture::{Fixture, WhiteSpace};
use crate::parse::columns::Columns;
use crate::parse::error::LoadError;

const HEAP: &str = "root:synthetic/0 -shortcut:global-> window:native/40 !detached @7:1:2\n\
                    window -cache-> m=Map:object/32 #9999999999 -element:4-> \"te\\\"x\\\\t\":string/24\n\
                    m -weak:back-> root @1:2:3\n\
                    window -internal:map-> root";

fn fixture(white: WhiteSpace) -> Vec<u8> {
    let fixture = Fixture::new(HEAP).white_space(white);
    fixture
        .member("samples", "[1,2,3]")
        .member("trace_tree", "[1,0,[2,[\"]\"]]]")
        .bytes()
}

/// Has `part` what `whole` has, but for what is at the end?
fn is_beginning(part: &Columns, whole: &Columns) {
    let nodes = part.nodes.tags.len();
    assert_eq!(part.nodes.tags, whole.nodes.tags[..nodes]);
    assert_eq!(part.nodes.names, whole.nodes.names[..nodes]);
    assert_eq!(part.nodes.first_edges.len(), nodes + 1);
    let there = part.edges.heads.len();
    assert!(there == 0 || nodes == whole.nodes.tags.len());
    assert_eq!(part.edges.heads, whole.edges.heads[..there]);
    assert_eq!(part.edges.names, whole.edges.names[..there]);
    for (part, whole) in part.nodes.first_edges.iter().zip(&whole.nodes.first_edges) {
        assert_eq!(*part as usize, there.min(*whole as usize));
    }
    for ix in part.strings.indices() {
        assert_eq!(part.strings.get(ix), whole.strings.get(ix));
    }
}

#[test]
fn every_beginning_of_a_file_opens_or_says_why_not() {
    for white in [WhiteSpace::None, WhiteSpace::Lines, WhiteSpace::Everywhere] {
        let bytes = fixture(white);
        let whole = read(&bytes);
        assert_eq!(whole.problems, []);
        let text = String::from_utf8(bytes.clone()).unwrap();
        // The first node is there when a comma follows its last number.
        let key = text.find("\"nodes\"").unwrap();
        let first = text[key..].match_indices(',').nth(6).unwrap().0 + key + 1;
        let end = text.rfind('}').unwrap() + 1;
        for cut in 0..end {
            for chunk in [1, 5, 1 << 20] {
                match try_read(&bytes[..cut], chunk) {
                    Ok(part) => {
                        assert!(cut >= first, "{}", &text[..cut]);
                        assert!(!part.problems.is_empty(), "{}", &text[..cut]);
                        is_beginning(&part, &whole);
                    }
                    Err(error) => {
                        assert!(cut < first, "{error}: {}", &text[..cut]);
                        let said = matches!(
                            error,
                            LoadError::Malformed { .. } | LoadError::NotASnapshot { .. }
                        );
                        assert!(said, "{error}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_is_missing_is_told() {
    let bytes = fixture(WhiteSpace::None);
    let text = String::from_utf8(bytes.clone()).unwrap();
    let cut_after = |part: &str| {
        let found = text
            .find(part)
            .unwrap_or_else(|| panic!("{part} is not in {text}"));
        let end = found + part.len();
        match try_read(&bytes[..end], 1 << 20) {
            Ok(columns) => columns
                .problems
                .iter()
                .map(|problem| problem.what.clone())
                .collect(),
            Err(error) => vec![error.to_string()],
        }
    };
    let error = cut_after("\"nodes\":[9,1,1,0,1,0").remove(0);
    assert!(
        error.contains("in section \"nodes\"")
            && error.contains("the file ends inside the nodes, after 0 of 4"),
        "{error}"
    );
    let found = cut_after("\"nodes\":[9,1,1,0,1,0,0,8,").join("\n");
    assert!(
        found.starts_with(
            "the file ends after 1 of 4 nodes: the others are missing\n1 of 1 nodes have lost edges"
        ),
        "{found}"
    );
    assert!(cut_after("\"snapshot\":{\"meta\"")[0].contains("the file ends inside the header"));
    assert!(cut_after("{")[0].contains("the file ends before its header"));
    assert_eq!(
        cut_after("\"edges\":[5,5,7,2,6")[0],
        "the file ends after 1 of 5 edges: the others are missing"
    );
    let found = cut_after("\"strings\":[\"<dummy>\",\"root\",\"win").join("\n");
    assert!(found.starts_with("the file ends after 2 strings"), "{found}");
    assert!(
        found.contains("3 nodes and 4 edges have names up to string 8"),
        "{found}"
    );
    assert!(cut_after("\"locations\":[0,1,2,3,7").contains(&"the file ends after 1 locations".to_owned()));
    let found = cut_after("\"samples\":[1").join("\n");
    assert!(
        found.starts_with("the file ends before the strings: all names are missing"),
        "{found}"
    );
}
