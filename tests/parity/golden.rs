//! Reading the goldens, opening their snapshots, and setting rows against each other.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, OnceLock};

use heapatlas::analysis::distances::{Distance, Reach};
use heapatlas::base::index::NodeIx;
use heapatlas::base::task::Task;
use heapatlas::graph::ObjectId;
use heapatlas::query::{Cell, Column, Query};
use heapatlas::snapshot::Snapshot;
use serde_json::Value;

/// What DevTools says of one snapshot, or of two.
pub(crate) struct Golden {
    pub(crate) name: String,
    pub(crate) json: Value,
}

/// A golden and the snapshot it is about.
struct Loaded {
    golden: Golden,
    snapshot: Arc<Snapshot>,
}

/// Every golden of a single snapshot, read and opened once for all tests of the process.
static LOADED: LazyLock<Vec<(String, OnceLock<Loaded>)>> = LazyLock::new(|| {
    let names = names().into_iter().filter(|name| !name.starts_with(PAIR));
    names.map(|name| (name, OnceLock::new())).collect()
});

const PAIR: &str = "diff-";

fn loaded((name, cell): &(String, OnceLock<Loaded>)) -> &Loaded {
    cell.get_or_init(|| Loaded {
        golden: Golden::read(name),
        snapshot: Arc::new(open(name)),
    })
}

/// Runs `check` on every golden of a single snapshot. It returns how many things it compared; that must not be none where the
/// golden holds any under `member`, nor for all goldens together.
pub(crate) fn each(member: &str, mut check: impl FnMut(&Golden, &Snapshot) -> usize) {
    assert!(LOADED.len() > 10, "the goldens were not found");
    let mut total = 0;
    for entry in LOADED.iter() {
        let Loaded { golden, snapshot } = loaded(entry);
        let compared = check(golden, snapshot);
        assert!(
            compared > 0 || is_empty(&golden.json[member]),
            "nothing of {member} was compared in {}",
            golden.name
        );
        total += compared;
    }
    assert!(total > 0, "nothing of {member} was compared at all");
}

/// Goldens of two snapshots, each with its base and its current snapshot.
pub(crate) fn pairs() -> Vec<(Golden, Arc<Snapshot>, Arc<Snapshot>)> {
    let names = names().into_iter().filter(|name| name.starts_with(PAIR));
    let side = |golden: &Golden, key: &str| {
        let file = text(&golden.json[key]);
        let name = file.split('.').next().unwrap_or(&file);
        let entry = LOADED.iter().find(|(known, _)| known == name);
        Arc::clone(&loaded(entry.unwrap_or_else(|| panic!("no golden {name}"))).snapshot)
    };
    names
        .map(|name| {
            let golden = Golden::read(&name);
            let (base, current) = (side(&golden, "base"), side(&golden, "current"));
            (golden, base, current)
        })
        .collect()
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.is_empty(),
        Value::Object(members) => members.is_empty(),
        other => other.is_null(),
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity")
}

fn names() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("the goldens lie here");
    let files = entries.map(|entry| {
        entry
            .expect("the folder can be listed")
            .file_name()
            .to_string_lossy()
            .into_owned()
    });
    let mut names: Vec<String> = files
        .filter_map(|file| Some(file.strip_suffix(".json.zst")?.to_owned()))
        .collect();
    names.sort();
    names
}

/// The snapshot of that name: the bundled demo is one of them.
pub(crate) fn open(name: &str) -> Snapshot {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let candidates = match name {
        "memoize-1" => vec![root.join("assets/demo-1.heapsnapshot.zst")],
        _ => ["heapsnapshot", "heaptimeline"]
            .map(|ext| root.join(format!("tests/data/{name}.{ext}.zst")))
            .to_vec(),
    };
    let path = candidates
        .iter()
        .find(|path| path.exists())
        .unwrap_or_else(|| panic!("no snapshot {name}"));
    Snapshot::open(path, &Task::new()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

impl Golden {
    fn read(name: &str) -> Self {
        let packed = fs::File::open(folder().join(format!("{name}.json.zst"))).expect("the golden is there");
        let mut json = String::new();
        let mut decoder = zstd::Decoder::new(packed).expect("the golden is zstd");
        decoder.read_to_string(&mut json).expect("the golden is UTF-8");
        let json = serde_json::from_str(&without_lone_surrogates(&json)).expect("the golden is JSON");
        Self {
            name: name.to_owned(),
            json,
        }
    }

    /// Is the class one of those of which DevTools loses members (equal names under different string numbers)?
    pub(crate) fn is_quirk(&self, key: &Value) -> bool {
        self.json["quirk_keys"].get(text(key)).is_some()
    }
}

/// The answer to `question`.
pub(crate) fn ask<Q: Query>(question: &Q, over: &Q::Over) -> Q::Answer {
    question.run(over, &Task::new()).expect("nobody called it off")
}

/// The node with the id that `id` says, as a number or as the key of an object.
pub(crate) fn node(snapshot: &Snapshot, id: &str) -> NodeIx {
    let number = id.parse().expect("an id is a number");
    snapshot
        .find(ObjectId(number))
        .unwrap_or_else(|| panic!("no object @{id}"))
}

/// A row of ours, as goldens write it.
pub(crate) fn line<C: Column>(over: &C::Over, row: &C::Row, columns: &[C]) -> Vec<Value> {
    let cell = |column: &C| match column.cell(over, row) {
        Cell::Text(text) => text.to_string().into(),
        Cell::Word(word) => word.into(),
        Cell::Id(id) => id.0.into(),
        Cell::Bytes(number) | Cell::Count(number) | Cell::Plain(number) => number.into(),
        Cell::BytesDelta(number) | Cell::CountDelta(number) => number.into(),
        Cell::Distance(distance) => devtools_distance(distance).into(),
        other => panic!("goldens have no {other:?}"),
    };
    columns.iter().map(cell).collect()
}

/// Compares rows in their order; returns how many there are.
pub(crate) fn assert_rows(ours: &[Vec<Value>], theirs: &[Vec<Value>], what: &str) -> usize {
    for (nth, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
        assert_eq!(ours, theirs, "row {nth} of {what}");
    }
    assert_eq!(ours.len(), theirs.len(), "number of rows of {what}");
    ours.len()
}

/// Rows of a golden.
pub(crate) fn rows(value: &Value) -> Vec<Vec<Value>> {
    array(value).iter().map(|row| array(row).to_vec()).collect()
}

/// Members of an object of a golden.
pub(crate) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().expect("an object").iter()
}

pub(crate) fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// DevTools' number for a distance: −5 if there is none, 100 000 000 more for the engine's roots.
pub(crate) fn devtools_distance(distance: Distance) -> i64 {
    match (distance.reach(), distance.edges()) {
        (Reach::User, Some(edges)) => i64::from(edges),
        (Reach::System, Some(edges)) => 100_000_000 + i64::from(edges),
        _ => -5,
    }
}

pub(crate) fn array(value: &Value) -> &[Value] {
    value.as_array().expect("an array")
}

pub(crate) fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is no text"))
        .to_owned()
}

/// Escapes of lone surrogates, which `serde_json` refuses, as the replacement character that our lossy texts have there.
fn without_lone_surrogates(json: &str) -> String {
    let escape = regex::Regex::new(
        r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[dD][89a-fA-F][0-9a-fA-F]{2}|\\\\",
    );
    let escape = escape.expect("the pattern is valid");
    let replace = |found: &regex::Captures<'_>| match &found[0] {
        lone if lone.len() == 6 => "\u{FFFD}".to_owned(),
        other => other.to_owned(),
    };
    escape.replace_all(json, replace).into_owned()
}
