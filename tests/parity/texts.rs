//! What goes by text: searches, and strings that occur more than once.

use std::cmp::Reverse;

use heapatlas::analysis::duplicate_strings::{GroupIx, StringGroup, StringGroups};
use heapatlas::analysis::filters::NodeFilter;
use heapatlas::base::task::Task;
use heapatlas::query::instances::ObjectColumn;
use heapatlas::query::pattern::{Pattern, Syntax};
use heapatlas::query::search::{Search, Wanted};
use heapatlas::snapshot::Snapshot;
use serde_json::Value;

use super::golden::{self, array, ask, number, rows, text};

/// How many ids a golden holds of a search at most.
const FIRST_IDS: usize = 300;
/// How many groups of equal strings it holds at most, and how many UTF-16 units of each text.
const FIRST_GROUPS: usize = 3000;
const FIRST_UNITS: usize = 100;

#[test]
fn searches_find_the_same() {
    let mut with_case = 0;
    let mut with_regex = 0;
    golden::each("searches", |golden, snapshot| {
        let mut compared = 0;
        for search in array(&golden.json["searches"]) {
            let flag = |key: &str| search[key].as_bool().expect("a flag");
            let syntax = if flag("regex") {
                Syntax::Regex
            } else {
                Syntax::Substring
            };
            let pattern = Pattern::new(&text(&search["query"]), syntax, flag("case"));
            let question = Search {
                wanted: Wanted::Name(pattern.expect("the pattern is valid")),
                filter: NodeFilter::All,
            };
            let found = ask(&question, snapshot);
            let what = format!("{} in {}", search["query"], golden.name);
            assert_eq!(found.len() as u64, number(&search["count"]), "{what}");
            let ours: Vec<Value> = found
                .iter()
                .take(FIRST_IDS)
                .flat_map(|node| golden::line(snapshot, node, &[ObjectColumn::Id]))
                .collect();
            assert_eq!(ours, array(&search["ids"]), "{what}");
            with_case += usize::from(flag("case")) * found.len();
            with_regex += usize::from(flag("regex")) * found.len();
            // A search that finds nothing says something, too.
            compared += found.len() + 1;
        }
        compared
    });
    assert!(with_case > 0 && with_regex > 0);
}

#[test]
fn duplicate_strings_agree() {
    golden::each("duplicate_strings", |golden, snapshot| {
        let theirs = &golden.json["duplicate_strings"];
        let ours = duplicates(snapshot);
        assert_eq!(
            golden.json["duplicate_strings_count"],
            ours.len(),
            "groups in {}",
            golden.name
        );
        let first = &ours[..ours.len().min(FIRST_GROUPS)];
        golden::assert_rows(first, &rows(theirs), &format!("strings of {}", golden.name))
    });
}

/// Texts that occur more than once: the beginning of the text, how often, shallow and retained sizes; by retained size, equal
/// ones by first appearance.
fn duplicates(snapshot: &Snapshot) -> Vec<Vec<Value>> {
    let task = Task::new();
    let groups = StringGroups::build(snapshot.graph(), snapshot.dom(), snapshot.shallow_sizes(), &task)
        .expect("nobody called it off");
    let row = |(ix, group): (GroupIx, &StringGroup)| {
        let retained: u64 = groups.members(ix).map(|node| snapshot.retained_size(node)).sum();
        let name = snapshot.name(group.first);
        let units: Vec<u16> = name.as_js().utf16().take(FIRST_UNITS).collect();
        (
            retained,
            vec![
                String::from_utf16_lossy(&units).into(),
                groups.count(ix).into(),
                group.shallow_size.into(),
                retained.into(),
            ],
        )
    };
    let mut rows: Vec<(u64, Vec<Value>)> = groups
        .groups()
        .filter(|&(ix, _)| groups.count(ix) > 1)
        .map(row)
        .collect();
    rows.sort_by_key(|&(retained, _)| Reverse(retained));
    rows.into_iter().map(|(_, row)| row).collect()
}
