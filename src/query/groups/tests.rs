//! Tests of groups.

use super::*;
use crate::query::Column as _;
use crate::query::pattern::Syntax;
use crate::query::testing::{ask, lines, snapshot};

const HEAP: &str = r#"
    root:synthetic/0 -shortcut:w-> window:object/8 -f-> f:closure/32 -internal:shared-> s:code/40 -internal:script-> "/a/main.js":code/100
    f -cache-> cache:object/16 #51 -entry-> entry:object/24 #53 -text-> text:string/20
    window -own-> own:object/4 #55
    window -c-> c="system / NativeContext":native/64 -x-> of=of:object/2 #57
"#;

fn groups(question: &Groups) -> Vec<String> {
    let answer = ask(question, &snapshot(HEAP));
    lines(&*answer.labels, &answer.rows, GroupColumn::ALL)
}

#[test]
fn by_type_owner_and_context() {
    assert_eq!(
        groups(&Groups::by(Grouping::Kind)),
        [
            "object 5 1 user 54 310",
            "closure 1 2 user 32 232",
            "code 2 3 user 140 140",
            "native 1 2 user 64 66",
            "string 1 5 user 20 20",
        ]
    );
    assert_eq!(
        groups(&Groups::by(Grouping::Owner)),
        ["(no script) 4 1 user 78 310", "main.js 6 2 user 232 232"]
    );
    assert_eq!(
        groups(&Groups::by(Grouping::Package)),
        ["(no script) 4 1 user 78 310", "mine 6 2 user 232 232"]
    );
    assert_eq!(
        groups(&Groups::by(Grouping::NativeContext)),
        [
            "(no native context) 8 1 user 244 310",
            "system / NativeContext 2 2 user 66 66"
        ]
    );
}

#[test]
fn filtered_and_sorted() {
    let names = |order, text: &str| {
        let pattern = Some(Pattern::new(text, Syntax::Substring, false).unwrap());
        let question = Groups {
            pattern,
            order,
            ..Groups::by(Grouping::Kind)
        };
        let answer = ask(&question, &snapshot(HEAP));
        lines(&*answer.labels, &answer.rows, &[GroupColumn::Name]).join(" ")
    };
    assert_eq!(
        names(Order::ascending(GroupColumn::Name), "O"),
        "closure code object"
    );
    assert_eq!(
        names(Order::ascending(GroupColumn::Count), "o"),
        "closure code object"
    );
    assert_eq!(
        names(Order::ascending(GroupColumn::Distance), "o"),
        "object closure code"
    );
    assert_eq!(
        names(Order::descending(GroupColumn::ShallowSize), "o"),
        "code object closure"
    );
}

#[test]
fn members_of_each_group_are_as_many_as_it_says() {
    let snapshot = snapshot(HEAP);
    for by in [
        Grouping::Kind,
        Grouping::Owner,
        Grouping::Package,
        Grouping::NativeContext,
    ] {
        for row in ask(&Groups::by(by), &snapshot).rows {
            let members = GroupMembers {
                by,
                key: row.key,
                filter: NodeFilter::All,
                order: Order::descending(ObjectColumn::RetainedSize),
            };
            let members = ask(&members, &snapshot);
            let size: u64 = members.iter().map(|&node| snapshot.shallow_size(node)).sum();
            assert_eq!(
                (members.len() as u64, size),
                (row.count, row.shallow_size),
                "{by:?} {row:?}"
            );
        }
    }
}

#[test]
fn found_once_they_are_sorted_any_way() {
    let snapshot = snapshot(HEAP);
    let find = FindGroups {
        by: Grouping::Kind,
        filter: NodeFilter::All,
    };
    let found = ask(&find, &snapshot);
    assert_eq!(found, found.clone());
    assert_ne!(found, ask(&find, &snapshot));
    for order in [
        Order::ascending(GroupColumn::Name),
        Order::descending(GroupColumn::ShallowSize),
    ] {
        let sorted = SortGroups {
            groups: found.clone(),
            pattern: None,
            order,
        };
        let whole = Groups {
            order,
            ..Groups::by(Grouping::Kind)
        };
        assert_eq!(ask(&sorted, &snapshot), ask(&whole, &snapshot));
    }
}
