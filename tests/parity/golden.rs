//! Reading the goldens.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use heapatlas::analysis::class_totals::ClassTotals;
use heapatlas::analysis::distances::{Distance, Reach};
use heapatlas::base::task::Task;
use heapatlas::snapshot::Snapshot;
use serde_json::Value;

/// What DevTools says of one snapshot.
pub(crate) struct Golden {
    pub(crate) name: String,
    pub(crate) json: Value,
}

/// A row of the Summary, comparable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ClassRow {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) count: u64,
    pub(crate) distance: i64,
    pub(crate) shallow_size: u64,
    pub(crate) retained_size: u64,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity")
}

/// Names of the goldens of single snapshots.
pub(crate) fn names() -> Vec<String> {
    all_names()
        .into_iter()
        .filter(|name| !name.starts_with("diff-"))
        .collect()
}

fn all_names() -> Vec<String> {
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
    pub(crate) fn read(name: &str) -> Self {
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

    pub(crate) fn open(&self) -> Snapshot {
        open(&self.name)
    }

    /// Class rows of the golden, sorted.
    pub(crate) fn class_rows(rows: &Value) -> Vec<ClassRow> {
        let number = |value: &Value| value.as_i64().expect("a number");
        let size = |value: &Value| value.as_u64().expect("a size");
        let mut rows: Vec<ClassRow> = array(rows)
            .iter()
            .map(|row| ClassRow {
                key: text(&row[0]),
                name: text(&row[1]),
                count: size(&row[2]),
                distance: number(&row[3]),
                shallow_size: size(&row[4]),
                retained_size: size(&row[5]),
            })
            .collect();
        rows.sort();
        rows
    }

    /// Our class rows, sorted.
    pub(crate) fn totals(snapshot: &Snapshot, totals: &[ClassTotals]) -> Vec<ClassRow> {
        let row = |total: &ClassTotals| {
            let class = snapshot.classes().class(total.class);
            ClassRow {
                key: class.key().to_string(),
                name: class.name.to_string(),
                count: total.count,
                distance: devtools_distance(total.distance),
                shallow_size: total.shallow_size,
                retained_size: total.retained_size,
            }
        };
        let mut rows: Vec<ClassRow> = totals.iter().map(row).collect();
        rows.sort();
        rows
    }

    /// Is the class one of those of which DevTools loses members (equal names under different string numbers)?
    pub(crate) fn is_quirk(&self, key: &str) -> bool {
        self.json["quirk_keys"].get(key).is_some()
    }
}

/// Compares class rows, those apart of which DevTools loses members.
pub(crate) fn assert_class_rows(ours: &[ClassRow], theirs: &[ClassRow], golden: &Golden) {
    let plain = |rows: &[ClassRow]| -> Vec<ClassRow> {
        rows.iter()
            .filter(|row| !golden.is_quirk(&row.key))
            .cloned()
            .collect()
    };
    let (ours, theirs) = (plain(ours), plain(theirs));
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs, "{}", golden.name);
    }
    assert_eq!(ours.len(), theirs.len(), "number of classes in {}", golden.name);
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
