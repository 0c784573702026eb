//! Tables and reports written to files: on a thread of their own, whole or not at all.

use std::fmt::Debug;
use std::io::Write;
use std::path::Path;

use serde_json::{Map, Value as Json, json};

use super::widgets::gathered::Gathered;
use super::widgets::tree::Face;
use super::widgets::value::Value;
use crate::base::task::{Cancelled, Task};
use crate::base::whole_file;
use crate::query::Column as _;

/// Something that can be written to a file.
pub(crate) trait Document: Debug + Send + Sync {
    /// What the file may be called, without extension.
    fn name(&self) -> &str;
    /// What is wished, as the title of a dialog.
    fn wish(&self) -> &'static str;
    /// What it can be written as, and the extensions of such files: the usual one first.
    fn forms(&self) -> &'static [(&'static str, &'static str)];
    /// What is being done while it is written, as it is listed.
    fn doing(&self) -> &'static str {
        "Writing a file"
    }
    /// Writes all of it, as the name of the file at `path` asks for. Returns what is to be said of it, if anything.
    fn write(&self, path: &Path, out: &mut dyn Write, task: &Task) -> Result<String, Stopped>;
}

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    /// Comma-separated values with a header.
    Csv,
    /// An array of objects.
    Json,
}

/// Why writing ended too early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Stopped {
    /// The file could not be written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// So says the writer of CSV.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// It was called off.
    #[error("called off")]
    Cancelled,
    /// It cannot be made of what it is to be made of.
    #[error("{0}")]
    Not(String),
}

impl From<Cancelled> for Stopped {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}

/// The rows of a tree, as they stood when the export was asked for.
pub(crate) struct TreeTable<F: Face> {
    name: String,
    rows: Gathered<F>,
    /// Are they of files that were read only in part? Each row says so then, in a column of its own.
    is_partial: bool,
}

/// The key of that column.
const PARTIAL: &str = "partial";

impl Format {
    /// The format that the name of the file asks for: JSON if it says so, else CSV.
    fn of(path: &Path) -> Self {
        let is_json = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if is_json { Self::Json } else { Self::Csv }
    }
}

impl<F: Face> TreeTable<F> {
    /// The table `rows`, to be called `name`.
    pub(crate) const fn new(name: String, rows: Gathered<F>, is_partial: bool) -> Self {
        Self {
            name,
            rows,
            is_partial,
        }
    }
}

impl<F: Face> Debug for TreeTable<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TreeTable")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<F: Face> Document for TreeTable<F> {
    fn name(&self) -> &str {
        &self.name
    }

    fn wish(&self) -> &'static str {
        "Export the table"
    }

    fn forms(&self) -> &'static [(&'static str, &'static str)] {
        &[("CSV", "csv"), ("JSON", "json")]
    }

    fn write(&self, path: &Path, out: &mut dyn Write, task: &Task) -> Result<String, Stopped> {
        let face = &self.rows.face;
        match Format::of(path) {
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                let partial = self.is_partial.then(|| (PARTIAL.to_owned(), true.to_string()));
                csv.write_record(header(face).iter().chain(partial.as_ref().map(|(key, _)| key)))?;
                self.rows.each::<Stopped>(task, |_, depth, row| {
                    let cells = record(face, depth, row);
                    csv.write_record(cells.iter().chain(partial.as_ref().map(|(_, value)| value)))?;
                    Ok(())
                })?;
                csv.flush()?;
            }
            Format::Json => {
                let keys = header(face);
                let mut is_first = true;
                out.write_all(b"[")?;
                self.rows.each::<Stopped>(task, |_, depth, row| {
                    let separator: &[u8] = if is_first { b"\n" } else { b",\n" };
                    is_first = false;
                    out.write_all(separator)?;
                    let mut object = object(face, &keys, depth, row);
                    if self.is_partial {
                        object.insert(PARTIAL.to_owned(), true.into());
                    }
                    serde_json::to_writer(&mut *out, &object).map_err(std::io::Error::from)?;
                    Ok(())
                })?;
                out.write_all(b"\n]\n")?;
            }
        }
        Ok(String::new())
    }
}

/// The keys of the columns: the level of the row first, which tells what stands under what.
fn header<F: Face>(face: &F) -> Vec<String> {
    let mut keys = vec!["level".to_owned()];
    for head in face.heads() {
        let share = if head.is_extra { "_share" } else { "" };
        keys.push(format!("{}{share}", head.by.key()));
    }
    keys
}

fn record<F: Face>(face: &F, depth: usize, row: &F::Row) -> Vec<String> {
    let mut cells = vec![(depth + 1).to_string(), face.spoken(row).0];
    cells.extend((1..face.heads().len()).map(|at| face.value(row, at).plain()));
    cells
}

fn object<F: Face>(face: &F, keys: &[String], depth: usize, row: &F::Row) -> Map<String, Json> {
    let mut cells = vec![json!(depth + 1), json!(face.spoken(row).0)];
    cells.extend((1..face.heads().len()).map(|at| to_json(&face.value(row, at))));
    keys.iter().cloned().zip(cells).collect()
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::None | Value::Distance(None) => Json::Null,
        Value::Number(number) | Value::Range(number, _) => json!(number),
        Value::Delta(delta) | Value::Objects(_, delta) | Value::Signed(delta) => json!(delta),
        Value::Distance(Some(edges)) => json!(edges),
        Value::Share(..) | Value::Growth(..) => json!(value.share()),
        Value::Text(text) => json!(text),
        Value::Rate(bytes) => json!(bytes),
        Value::Line(numbers, _) => json!(&numbers[..]),
        Value::Badge(_, _, text) => json!(text),
    }
}

/// A row as a line of CSV, under its header: what is copied.
pub(crate) fn as_csv<F: Face>(face: &F, rows: &[F::Row]) -> String {
    let mut csv = csv::Writer::from_writer(Vec::new());
    // Memory takes all that is written into it.
    let _ = csv.write_record(&header(face)[1..]);
    for row in rows {
        let _ = csv.write_record(&record(face, 0, row)[1..]);
    }
    let bytes = csv.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes `document` to the file at `path`. Returns what is to be said of it, if anything.
pub(crate) fn write(document: &dyn Document, path: &Path, task: &Task) -> Result<String, Stopped> {
    let mut said = String::new();
    whole_file::write(path, |out| {
        said = document.write(path, out, task)?;
        Ok::<(), Stopped>(())
    })?;
    Ok(said)
}
