//! Two snapshots of one process compared.

use heapatlas::analysis::comparison::{ComparedClass, RowIx, Subject};
use heapatlas::query::comparison::objects::{ChangedObject, ChangedObjects};
use heapatlas::query::comparison::{
    Compare, Compared, ComparedClasses, ComparedRow, ComparisonColumn, Pair, RowOf,
};
use serde_json::{Value, json};

use super::golden::{self, ask, number, rows, text};

/// Where values stand in a row of the golden.
const KEY: usize = 0;
const NAME: usize = 1;
const ADDED_COUNT: usize = 2;
const REMOVED_COUNT: usize = 3;
const ADDED_SIZE: usize = 5;

#[test]
fn comparisons_agree() {
    let pairs = golden::pairs();
    assert!(pairs.len() > 1, "there are no goldens of comparisons");
    for (golden, base, current) in pairs {
        let over = ask(&Compare::BY_IDS, &Pair { base, current });
        assert!(over.is_matched(), "{}", golden.name);
        let shown = ComparedClasses {
            unchanged: false,
            renamed_apart: true,
            ..ComparedClasses::all(over.default_order())
        };
        let compared = ask(&shown, &*over);
        let lines = compared.into_iter().map(|row| line(&over, row));
        // Listed differences: DevTools leaves out classes of which objects only grew or shrank, and loses members of classes
        // whose equal names stand under different string numbers.
        let is_theirs = |line: &Vec<Value>| {
            number(&line[ADDED_COUNT]) + number(&line[REMOVED_COUNT]) > 0 && !golden.is_quirk(&line[KEY])
        };
        let mut ours: Vec<Vec<Value>> = lines.filter(is_theirs).collect();
        by_key_if_tied(&mut ours);

        let mut theirs = rows(&golden.json["rows"]);
        theirs.retain(|line| !golden.is_quirk(&line[KEY]));
        let mut renamed = 0;
        for line in &mut theirs {
            // Listed difference: a class that only the base has may have the name of the base's own interfaces.
            let name = name_in(&text(&line[KEY]));
            if line[NAME] != name.as_str() {
                assert_eq!(number(&line[ADDED_COUNT]), 0, "{line:?} in {}", golden.name);
                line[NAME] = name.into();
                renamed += 1;
            }
        }
        if renamed > 0 {
            theirs.sort_by_cached_key(|line| {
                let added = number(&line[ADDED_SIZE]);
                (std::cmp::Reverse(added), utf16(&line[NAME]), utf16(&line[KEY]))
            });
        }
        assert!(golden::assert_rows(&ours, &theirs, &golden.name) > 0);
    }
}

/// Our row as the golden writes it; the objects it counts are counted here once more.
fn line(over: &Compared, row: ComparedRow) -> Vec<Value> {
    use ComparisonColumn::{
        AddedCount, AddedSize, Class, CountDelta, GrownSize, RemovedCount, RemovedSize, ShrunkSize, SizeDelta,
    };
    let cells = |columns: &[ComparisonColumn]| golden::line(over, &row, columns);
    let sizes: Vec<i64> = cells(&[AddedSize, RemovedSize, GrownSize, ShrunkSize, SizeDelta])
        .iter()
        .map(|size| size.as_i64().expect("a size"))
        .collect();
    let [added, removed, grown, shrunk, delta] = sizes[..] else {
        panic!("five columns, five cells");
    };
    // Listed difference: our change of size holds what objects of both snapshots gained and lost.
    assert_eq!(delta, added - removed + grown - shrunk, "size delta of {row:?}");
    let RowOf::Class(ix) = row.of else {
        panic!("nothing is set apart");
    };
    let key = match &over.row(ix).subject {
        Subject::Class(class) => class.key().to_string(),
        Subject::WithoutNodes => "memory without nodes has no key".to_owned(),
    };
    let mut line = vec![json!(key)];
    line.extend(cells(&[
        Class,
        AddedCount,
        RemovedCount,
        CountDelta,
        AddedSize,
        RemovedSize,
    ]));
    line.push(json!(added - removed));

    let mut counts = [0_u64; 2];
    let objects = ChangedObjects {
        row: Some(ix),
        cost_apart: false,
    };
    for object in ask(&objects, over).objects {
        match object {
            ChangedObject::Added(..) => counts[0] += 1,
            ChangedObject::Removed(_) => counts[1] += 1,
            ChangedObject::Resized(..) => {}
        }
    }
    let is_renamed = rename_is_told(over, ix);
    assert!(
        is_renamed || json!(counts) == json!([line[ADDED_COUNT], line[REMOVED_COUNT]]),
        "{line:?}: {counts:?}"
    );
    line
}

/// Is the row of a class that got another name, or of the plain objects that DevTools takes its objects for?
fn rename_is_told(over: &Compared, ix: RowIx) -> bool {
    let is_renamed = |(_, row): (RowIx, &ComparedClass)| row.former.is_some();
    over.row(ix).former.is_some()
        || (over.row(ix).name() == "Object" && over.comparison.rows().any(is_renamed))
}

/// Rows equal in what was added and in name stand by key in the golden.
fn by_key_if_tied(lines: &mut [Vec<Value>]) {
    for tied in lines.chunk_by_mut(|a, b| a[ADDED_SIZE] == b[ADDED_SIZE] && a[NAME] == b[NAME]) {
        tied.sort_by_cached_key(|line| utf16(&line[KEY]));
    }
}

/// The class name in a key: what follows the first comma, or the third if a place stands before it.
fn name_in(key: &str) -> String {
    let commas = if key.starts_with(',') { 1 } else { 3 };
    key.splitn(commas + 1, ',').last().unwrap_or_default().to_owned()
}

fn utf16(value: &Value) -> Vec<u16> {
    text(value).encode_utf16().collect()
}
