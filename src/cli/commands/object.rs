//! `object FILE @ID`

use std::path::PathBuf;

use super::shared::{described, find_object};
use crate::cli::args::{ObjectName, Output};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::cli::output;
use crate::cli::report::Report;
use crate::cli::sort::Sorting;
use crate::query::Order;
use crate::query::edges::EdgeColumn;
use crate::query::object::{self, OutgoingColumn};
use crate::snapshot::Snapshot;

/// One object and what it refers to.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Weak and hidden edges are listed too. The JSON's totals describe the object itself, with the keys of `nodes`.

Examples:
  heapatlas object heap.heapsnapshot @12345
  heapatlas object heap.heapsnapshot @12345 --sort edge_name --format json")]
pub struct Object {
    /// The snapshot
    file: PathBuf,
    /// The object
    #[arg(value_name = "@ID")]
    id: ObjectName,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

impl Object {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let order = self.sorting.order(object::Object::DEFAULT_ORDER)?;
        let snapshot = desk.open(&self.file)?;
        write_edges("object", desk, &snapshot, Some(self.id), order, &self.output)
    }
}

/// Answers with the edges of the object of that name, or of the root: for `object` and `containment`.
pub(super) fn write_edges(
    command: &'static str,
    desk: &Desk,
    snapshot: &Snapshot,
    name: Option<ObjectName>,
    order: Order<EdgeColumn>,
    output: &Output,
) -> Result<Answered, CliError> {
    let (node, missing) = find_object(snapshot, name);
    missing.iter().for_each(say);
    let rows = match node {
        Some(node) => desk.ask(&object::Object { node, order }, snapshot)?,
        None => Vec::new(),
    };
    let mut report = Report::<OutgoingColumn>::about(command, snapshot, snapshot, &rows);
    report.problems.extend(missing);
    if let Some(node) = node {
        report = described(report, snapshot, node);
        report.answers_without_rows = true;
    }
    output::write(&report, output)
}
