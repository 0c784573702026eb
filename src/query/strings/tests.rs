//! Tests of the texts.

use super::*;
use crate::analysis::filters::NodeFilter;
use crate::graph::ObjectId;
use crate::query::Column as _;
use crate::query::passing::FindPassing;
use crate::query::pattern::Syntax;
use crate::query::testing::{ask, lines, snapshot};

const HEAP: &str = "
    root:synthetic/0 -shortcut:w-> window:object/8 -a-> r1=Request:object/16 -url-> s1=\"/x\":string/24 #11
    window -b-> r2=Request:object/16 -url-> s2=\"/x\":string/32 #13
    window -c-> rope=1:concatenated_string/20 #15 -internal:first-> slash=\"/\":string/16 #17
    rope -internal:second-> x:string/16 #19
    window -d-> long=\"a long one\":string/64 #21
    window -e-> part=\"long\":sliced_string/20 #23 -internal:parent-> long
";

/// The answer and its rows.
fn listed(snapshot: &Snapshot, question: impl FnOnce(Texts) -> Strings) -> (StringsAnswer, Vec<StringRow>) {
    let texts = ask(&GroupStrings, snapshot);
    let answer = ask(&question(texts.clone()), snapshot);
    let rows = answer.rows.iter().map(|&text| texts.row(text)).collect();
    (answer, rows)
}

#[test]
fn texts_are_counted_and_weighed() {
    let snapshot = snapshot(HEAP);
    let (_, rows) = listed(&snapshot, |texts| Strings::of(texts, Which::All));
    assert_eq!(
        lines(&snapshot, &rows, StringColumn::ALL),
        [
            "/x 2 3 76 108 44 .url of Request",
            "a long one 10 1 64 64 0 .d of window",
            "/ 1 1 16 16 0 first of (concatenated string)",
            "x 1 1 16 16 0 second of (concatenated string)",
        ]
    );
    let (duplicates, _) = listed(&snapshot, |texts| Strings::of(texts, Which::Duplicates));
    assert_eq!(
        (duplicates.count, duplicates.shallow_size, duplicates.wasted_size),
        (3, 76, 44)
    );
}

#[test]
fn texts_are_filtered_and_sorted() {
    let pattern = Pattern::new("X", Syntax::Substring, false).unwrap();
    let values = |by, pattern: Option<&Pattern>| {
        let snapshot = snapshot(HEAP);
        let (_, rows) = listed(&snapshot, |texts| Strings {
            pattern: pattern.cloned(),
            order: Order::ascending(by),
            ..Strings::of(texts, Which::All)
        });
        lines(&snapshot, &rows, &[StringColumn::Value]).join("|")
    };
    assert_eq!(values(StringColumn::Value, Some(&pattern)), "/x|x");
    assert_eq!(values(StringColumn::Value, None), "/|/x|a long one|x");
    assert_eq!(values(StringColumn::Length, None), "/|x|/x|a long one");
    assert_eq!(values(StringColumn::Count, None), "/|x|a long one|/x");
    assert_eq!(values(StringColumn::RetainedSize, None), "/|x|a long one|/x");
    assert_eq!(values(StringColumn::WastedSize, None), "/|x|a long one|/x");
    assert_eq!(values(StringColumn::HeldBy, None), "a long one|/x|/|x");
}

#[test]
fn the_strings_of_a_text() {
    let snapshot = snapshot(HEAP);
    let texts = ask(&GroupStrings, &snapshot);
    let answer = ask(&Strings::of(texts.clone(), Which::Duplicates), &snapshot);
    let members = StringMembers {
        texts,
        text: answer.rows[0],
        order: Order::descending(ObjectColumn::ShallowSize),
    };
    let rows = ask(&members, &snapshot);
    assert_eq!(
        lines(&snapshot, &rows, &[ObjectColumn::Id]),
        ["@13", "@11", "@15"]
    );
}

#[test]
fn answers_are_equal_only_to_themselves() {
    let snapshot = snapshot(HEAP);
    let texts = ask(&GroupStrings, &snapshot);
    assert_eq!(texts, texts.clone());
    assert_ne!(texts, ask(&GroupStrings, &snapshot));
}

#[test]
fn strings_inside_each_other_are_weighed_once() {
    let whole = "é".repeat(1100);
    let snapshot = snapshot(&format!(
        "root:synthetic/0 -shortcut:w-> window:object/8 -a-> long=\"{whole}\":string/2000 #11
        inner=1:concatenated_string/32 -internal:first-> long
        inner -internal:second-> tail=x:string/16
        window -b-> outer=2:concatenated_string/32 -internal:first-> inner
        outer -internal:second-> tail"
    ));
    let (_, rows) = listed(&snapshot, |texts| Strings::of(texts, Which::Duplicates));
    assert_eq!(
        lines(
            &snapshot,
            &rows,
            &[StringColumn::Count, StringColumn::RetainedSize]
        ),
        ["3 2080"]
    );
}

#[test]
fn some_of_the_strings_have_fewer_texts() {
    let snapshot = snapshot(HEAP);
    let texts = ask(&GroupStrings, &snapshot);
    let filter = NodeFilter::AllocatedBetween {
        after: ObjectId(11),
        through: ObjectId(15),
    };
    let only = ask(&FindPassing { filter }, &snapshot).unwrap();
    let limited = LimitStrings { texts, only };
    let texts = ask(&limited, &snapshot);
    let answer = ask(&Strings::of(texts.clone(), Which::All), &snapshot);
    let rows: Vec<StringRow> = answer.rows.iter().map(|&ix| texts.row(ix)).collect();
    let sum: u64 = rows.iter().map(|row| row.shallow_size).sum();
    assert_eq!(sum, limited.only.shallow_size());
    assert_eq!(
        lines(&snapshot, &rows, &[StringColumn::Value, StringColumn::Count]),
        ["/x 2"],
        "one of three is not among them"
    );
}
