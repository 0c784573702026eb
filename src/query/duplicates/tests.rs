use std::fmt::Write as _;

use DuplicateColumn::{Class, Count, Differing, Distance, Distinct, HeldBy, RetainedSize, Shape, WastedSize};

use super::differences::Differences;
use super::*;
use crate::query::Column;
use crate::query::pattern::Syntax;
use crate::query::testing::{ask, lines, snapshot};

/// Thirty requests in a list of the program's, each with options of its own; as many settings far from the roots, all
/// different.
fn heap() -> String {
    let mut text = String::from(
        "root=\"\":synthetic/0 -shortcut:w-> w:object/8 -f-> f=use:closure/32 -internal:shared-> s:code/8 -internal:script-> \"/srv/app/main.js\":code/8
        w -registry-> list=Array:object/32 -internal:elements-> e=\"(object elements)\":array/256
        w -deep-> d1:object/8 -a-> d2:object/8 -a-> d3:object/8 -a-> far=Array:object/32\n",
    );
    for at in 0..30 {
        let url = at % 3;
        writeln!(
            text,
            "list -element:{at}-> r{at}=Request:object/48 -url-> u{at}=url{url}:string/24\n\
             e -internal:{at}-> r{at}\nr{at} -options-> o{at}=Object:object/40 -cache-> no=never:string/16\n\
             r{at} -__proto__-> p=Object:object/16 -constructor-> f\n\
             far -element:{at}-> s{at}=Setting:object/64 -name-> n{at}=name{at}:string/24",
        )
        .unwrap();
    }
    text
}

fn rows(snapshot: &Snapshot, kind: DuplicateKind, text: &str) -> Vec<DuplicateRow> {
    let question = Duplicates {
        lists: ask(&FindDuplicates, snapshot),
        kind,
        pattern: (!text.is_empty()).then(|| Pattern::new(text, Syntax::Substring, false).unwrap()),
        order: None,
    };
    let shown = ask(&question, snapshot);
    let all = question.lists.rows(kind);
    shown.iter().map(|row| all[row.at()].clone()).collect()
}

#[test]
fn what_is_near_and_repeated_comes_first() {
    let snapshot = snapshot(&heap());
    let found = rows(&snapshot, DuplicateKind::Close, "");
    assert_eq!(
        lines(
            &snapshot,
            &found,
            &[
                Class, Shape, Distance, Count, Distinct, WastedSize, Differing, HeldBy
            ]
        ),
        [
            // Each retains its options and its text: 48 + 40 + 24 bytes; three contents are left.
            "Request options, url 3 30 3 3024 url registry",
            "{cache} cache 4 30 1 1160  Request",
            "Setting name 6 30 30 0 name a of d3",
        ]
    );
    let question = Differences {
        lists: ask(&FindDuplicates, &snapshot),
        kind: DuplicateKind::Close,
        group: DuplicateIx::new(0),
    };
    let differences = ask(&question, &snapshot);
    let told: Vec<_> = differences
        .iter()
        .map(|found| {
            let name = snapshot.graph().strings().get(found.name).to_string();
            (name, found.count, found.distinct, found.repeated)
        })
        .collect();
    assert_eq!(
        told,
        [("url".to_owned(), 30, 3, 10), ("options".to_owned(), 30, 1, 30)]
    );
    assert_eq!(rows(&snapshot, DuplicateKind::Close, "NAME").len(), 1);
}

#[test]
fn copies_are_whole_and_counted_once() {
    let snapshot = snapshot(&heap());
    let found = rows(&snapshot, DuplicateKind::Copies, "");
    // Options are parts of requests; settings differ.
    assert_eq!(
        lines(&snapshot, &found, &[Class, Count, RetainedSize, WastedSize]),
        ["Request 10 1120 1008"; 3]
    );
}

#[test]
fn every_column_sorts() {
    let snapshot = snapshot(&heap());
    let lists = ask(&FindDuplicates, &snapshot);
    for &by in <DuplicateColumn as Column>::ALL {
        for direction in [Direction::Ascending, Direction::Descending] {
            let question = Duplicates {
                lists: lists.clone(),
                kind: DuplicateKind::Close,
                pattern: None,
                order: Some(Order { by, direction }),
            };
            assert_eq!(ask(&question, &snapshot).len(), 3);
        }
    }
    let by_count = |direction| {
        let question = Duplicates {
            lists: lists.clone(),
            kind: DuplicateKind::Close,
            pattern: None,
            order: Some(Order {
                by: DuplicateColumn::WastedSize,
                direction,
            }),
        };
        ask(&question, &snapshot)[0].at()
    };
    assert_eq!(
        (by_count(Direction::Descending), by_count(Direction::Ascending)),
        (0, 2)
    );
}

#[test]
fn the_programs_own_come_before_the_runtimes_and_a_list_is_one_row() {
    let script = |id: &str, path: &str| {
        format!("{id} -internal:shared-> s{id}:code/8\ns{id} -internal:script-> p{id}=\"{path}\":code/8\n")
    };
    let mut text = String::from(
        "root=\"\":synthetic/0 -shortcut:w-> w:object/8 -f-> f=use:closure/32\nw -n-> n=start:closure/32
        f -context-> c=\"system / Context\":object/32 -context:last-> l0=Link:object/32
        n -context-> d=\"system / Context\":object/32\n",
    );
    text += &script("f", "/srv/app/main.js");
    text += &script("n", "node:internal/errors");
    for at in 0..20 {
        writeln!(
            text,
            "l{at} -next-> l{next}=Link:object/32\nl{next} -job-> j{at}=Job:object/40",
            next = at + 1
        )
        .unwrap();
        writeln!(text, "d -context:e{at}-> e{at}=Failure:object/400").unwrap();
    }
    let snapshot = snapshot(&text);
    let found = rows(&snapshot, DuplicateKind::Close, "");
    assert_eq!(
        lines(
            &snapshot,
            &found,
            &[Class, Distance, Count, RetainedSize, WastedSize]
        ),
        [
            "Job 6 20 800 760",
            // The first and the last link are of other shapes. A link keeps all after it: what is wasted is their own.
            "Link 5 19 1440 544",
            "Failure 4 20 8000 7600",
        ]
    );
}

#[test]
fn a_sample_is_evenly_spread() {
    assert_eq!(spread(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3), [0, 3, 6]);
    assert_eq!(spread(&[7, 8], 5), [7, 8]);
    assert_eq!(spread::<u8>(&[], 5), [0; 0]);
}
