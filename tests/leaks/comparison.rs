//! Pairs of snapshots: which can be matched by id, and whether the rows explain the change.

use std::path::Path;

use serde_json::Value;

use super::program::{self, Run, ask, rows, signed};

/// The columns that hold something only where objects were matched.
const MATCHED: [&str; 6] = [
    "added_count",
    "removed_count",
    "added_size",
    "removed_size",
    "grown_size",
    "shrunk_size",
];

fn compare(base: &Path, current: &Path) -> Value {
    ask("compare", &[base, current], &["--limit", "100000"])
}

/// Every snapshot with the number of its run.
fn snapshots(runs: &[Run]) -> Vec<(usize, &Path)> {
    let of_run = |(at, run)| {
        let run: &Run = run;
        run.snapshots.iter().map(move |path| (at, path.as_path()))
    };
    runs.iter().enumerate().flat_map(of_run).collect()
}

fn sum(answer: &Value, column: &str) -> i64 {
    rows(answer).iter().map(|row| signed(&row[column])).sum()
}

#[test]
fn ids_are_compared_within_a_process_and_never_between_two() {
    let runs = program::all();
    let snapshots = snapshots(&runs);
    let mut pairs = [0, 0];
    for &(base_run, base) in &snapshots {
        for &(current_run, current) in &snapshots {
            if base == current {
                continue;
            }
            let answer = compare(base, current);
            let is_one_process = base_run == current_run;
            let id_space = &answer["totals"]["id_space"];
            assert_eq!(
                id_space["comparable"], is_one_process,
                "{base:?} {current:?}: {id_space}"
            );
            if is_one_process {
                check_sums(&answer);
            } else {
                check_class_mode(&answer);
            }
            pairs[usize::from(is_one_process)] += 1;
        }
    }
    assert_eq!(pairs, [42, 14]);
}

/// What was added, removed, grown and shrunk is the change of size, in every row and in all together.
fn check_sums(answer: &Value) {
    let totals = &answer["totals"];
    let explained = |column: &dyn Fn(&str) -> i64| {
        column("added_size") - column("removed_size") + column("grown_size") - column("shrunk_size")
    };
    let delta = signed(&totals["size_delta"]);
    assert_eq!(signed(&totals["explained_delta"]), delta);
    assert_eq!(explained(&|column| sum(answer, column)), delta);
    assert_eq!(
        signed(&totals["current_size"]) - signed(&totals["base_size"]),
        delta
    );
    for row in rows(answer) {
        assert_eq!(
            explained(&|column| signed(&row[column])),
            signed(&row["size_delta"]),
            "{row}"
        );
    }
}

/// Nothing pretends to be an added or a removed object, the sides still sum to the heaps, and the answer says why.
fn check_class_mode(answer: &Value) {
    for row in rows(answer) {
        for column in MATCHED {
            assert!(row[column].is_null(), "{column} of {row}");
        }
    }
    for column in ["base_size", "current_size"] {
        assert_eq!(sum(answer, column), signed(&answer["totals"][column]));
    }
    assert_ne!(program::list(&answer["problems"]), [] as [Value; 0]);
}

#[test]
fn what_was_planted_between_two_snapshots_is_found() {
    for (base, base_at, current, current_at) in [
        ("many-leaks-a", 0, "many-leaks-a", 2),
        ("many-leaks-a", 1, "many-leaks-b", 1),
        ("many-leaks-b", 0, "many-leaks-a", 2),
    ] {
        let (base, current) = (program::read(base), program::read(current));
        let answer = compare(&base.snapshots[base_at], &current.snapshots[current_at]);
        for (before, after) in base.leaks.iter().zip(&current.leaks) {
            let Some(class) = before.own_class() else { continue };
            let of_class = |row: &&Value| row["class"] == class;
            let counted = |column: &str| -> i64 {
                let rows = rows(&answer).iter().filter(of_class);
                rows.map(|row| signed(&row[column])).sum()
            };
            let planted = [before.counts[base_at], after.counts[current_at]]
                .map(|count| i64::try_from(count).expect("small"));
            assert_eq!(
                [counted("base_count"), counted("current_count")],
                planted,
                "{class}"
            );
            assert_eq!(counted("count_delta"), planted[1] - planted[0], "{class}");
        }
    }
}
