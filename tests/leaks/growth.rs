//! What piles up is found as growth, with its exact counts, and nothing else is called growth.

use std::path::Path;

use serde_json::Value;

use super::program::{self, Leak, ask, count, list, rows};

/// Growing rows of `files`, the heaviest first.
fn growing(files: &[&Path]) -> Vec<Value> {
    let answer = ask("trend", files, &["--by", "path", "--limit", "1000"]);
    let grew = |row: &&Value| row["monotone"] == true;
    rows(&answer).iter().filter(grew).cloned().collect()
}

/// All that a row says in words.
fn words(row: &Value) -> String {
    let mut words = String::new();
    for key in ["key", "owner", "binding", "path"] {
        match &row[key] {
            Value::String(text) => words += text,
            Value::Array(steps) => steps
                .iter()
                .filter_map(Value::as_str)
                .for_each(|step| words += step),
            _ => {}
        }
        words += " ";
    }
    words
}

fn counts(row: &Value) -> Vec<u64> {
    list(&row["counts"]).iter().map(count).collect()
}

/// Whether a row stands for `leak`: by the name of its binding, of its class, or another of its names.
fn is_of(row: &Value, leak: &Leak) -> bool {
    let words = words(row);
    let names = [Some(&leak.binding), leak.class.as_ref()].into_iter().flatten();
    names.chain(&leak.also).any(|name| words.contains(name.as_str()))
}

/// That each leak has a growing row with `of(leak)` as its counts; small integers and bytes that only grow have none.
fn check(files: &[&Path], leaks: &[Leak], of: impl Fn(&Leak) -> Vec<u64>) {
    let rows = growing(files);
    for leak in leaks {
        let hits: Vec<&Value> = rows.iter().filter(|row| is_of(row, leak)).collect();
        assert!(!hits.is_empty(), "{} does not grow in {files:?}", leak.binding);
        if leak.class.is_some() && leak.counts.first() != leak.counts.last() {
            let found: Vec<Vec<u64>> = hits.iter().map(|row| counts(row)).collect();
            assert!(
                found.contains(&of(leak)),
                "{}: {found:?}, not {:?}",
                leak.binding,
                of(leak)
            );
        }
    }
    for row in &rows {
        assert!(leaks.iter().any(|leak| is_of(row, leak)), "false growth: {row}");
    }
}

#[test]
fn every_leak_of_one_process_grows() {
    let run = program::read("many-leaks-a");
    let files: Vec<&Path> = run.snapshots.iter().map(AsRef::as_ref).collect();
    check(&files, &run.leaks, |leak| leak.counts.clone());
    check(&files[1..], &run.leaks, |leak| leak.counts[1..].to_vec());
}

#[test]
fn every_leak_of_two_processes_in_turns_grows() {
    let (a, b) = (program::read("many-leaks-a"), program::read("many-leaks-b"));
    let files = [&b.snapshots[0], &a.snapshots[1], &b.snapshots[1], &a.snapshots[2]];
    let other = |leak: &Leak| {
        let same = b.leaks.iter().find(|other| other.binding == leak.binding);
        same.expect("both runs are of one program").counts.clone()
    };
    check(&files.map(AsRef::as_ref), &a.leaks, |leak| {
        let b = other(leak);
        vec![b[0], leak.counts[1], b[1], leak.counts[2]]
    });
}

#[test]
fn a_program_without_a_leak_does_not_grow() {
    let run = program::read("no-leak");
    let files: Vec<&Path> = run.snapshots.iter().map(AsRef::as_ref).collect();
    for files in [&files[..], &files[1..]] {
        let rows = growing(files);
        assert!(rows.is_empty(), "false growth: {rows:?}");
    }
}

#[test]
fn what_a_holder_is_made_of_sums_to_it_and_what_grew_with_it_is_told() {
    let run = program::read("many-leaks-a");
    let files: Vec<&Path> = run.snapshots.iter().map(AsRef::as_ref).collect();
    let rows = growing(&files);
    let numbers = |row: &Value, key: &str| -> Vec<u64> { list(&row[key]).iter().map(count).collect() };
    let mut descendants = 0;
    for row in &rows {
        let mut sums = vec![0; files.len()];
        for part in list(&row["parts"]) {
            for (sum, size) in sums.iter_mut().zip(numbers(part, "sizes")) {
                *sum += size;
            }
        }
        assert_eq!(sums, numbers(row, "sizes"), "{}", row["key"]);
        let holder = list(&row["path"]);
        for place in list(&row["descendants"]) {
            descendants += 1;
            let counts = numbers(place, "counts");
            assert!(counts.windows(2).all(|pair| pair[0] < pair[1]), "{place}");
            assert!(list(&place["path"]).len() >= holder.len(), "{place}");
            let is_told = rows.iter().any(|other| other["key"] == place["key"]);
            assert!(!is_told, "{} is told twice", place["key"]);
        }
    }
    assert!(descendants > 0, "nothing grew with any holder");
}
