//! The programs' own words, and heapatlas' answers about their snapshots.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A run of a program: its snapshots, and what it planted.
pub(crate) struct Run {
    /// The name its files begin with.
    pub(crate) name: &'static str,
    /// Its snapshots, oldest first.
    pub(crate) snapshots: Vec<PathBuf>,
    /// What it never lets go of; none if it has no leak.
    pub(crate) leaks: Vec<Leak>,
}

/// What a program never lets go of.
pub(crate) struct Leak {
    /// The variable or property from which it hangs.
    pub(crate) binding: String,
    /// The class of what piles up; none for numbers.
    pub(crate) class: Option<String>,
    /// Other names under which its holder may go: the function that owns the binding, what the runtime puts in between.
    pub(crate) also: Vec<String>,
    /// How many there were in each snapshot.
    pub(crate) counts: Vec<u64>,
}

/// Two runs of a program with many leaks, in two processes, and one of a program without a leak.
pub(crate) const RUNS: [&str; 3] = ["many-leaks-a", "many-leaks-b", "no-leak"];

/// Reads what the run `name` left.
pub(crate) fn read(name: &'static str) -> Run {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/leaks");
    let truth = fs::read(folder.join(format!("{name}.truth.json"))).expect("the program wrote its truth");
    let truth: Value = serde_json::from_slice(&truth).expect("the truth is JSON");
    let path = |file: &Value| folder.join(format!("{}.zst", text(file)));
    Run {
        name,
        snapshots: list(&truth["snapshots"]).iter().map(path).collect(),
        leaks: list(&truth["leaks"]).iter().map(leak).collect(),
    }
}

/// Reads all runs.
pub(crate) fn all() -> Vec<Run> {
    RUNS.into_iter().map(read).collect()
}

fn leak(truth: &Value) -> Leak {
    Leak {
        binding: text(&truth["binding"]).to_owned(),
        class: truth["class"].as_str().map(str::to_owned),
        also: list(&truth["also"])
            .iter()
            .map(|name| text(name).to_owned())
            .collect(),
        counts: list(&truth["counts"]).iter().map(count).collect(),
    }
}

impl Leak {
    /// The class of what piles up, if it is one of the program's own.
    pub(crate) fn own_class(&self) -> Option<&str> {
        let class = self.class.as_deref()?;
        let is_own = class.starts_with(|first: char| first.is_ascii_uppercase()) && class != "Buffer";
        is_own.then_some(class)
    }
}

/// What heapatlas answers to `arguments` about `files`, as JSON. It must answer without a complaint.
pub(crate) fn ask(command: &str, files: &[&Path], arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_heapatlas"))
        .arg(command)
        .args(files)
        .args(arguments)
        .args(["--format", "json"])
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command} {files:?}: {said}");
    serde_json::from_slice(&output.stdout).expect("the answer is JSON")
}

/// The rows of an answer.
pub(crate) fn rows(answer: &Value) -> &[Value] {
    list(&answer["rows"])
}

/// The elements of an array.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

/// A text.
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

/// A count.
pub(crate) fn count(value: &Value) -> u64 {
    value.as_u64().expect("a count")
}

/// A number with a sign.
pub(crate) fn signed(value: &Value) -> i64 {
    value.as_i64().expect("a number")
}
