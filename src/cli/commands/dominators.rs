//! `dominators FILE [@ID]`

use std::path::PathBuf;

use super::shared::{described, find_object};
use crate::cli::args::{ObjectName, Output};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::cli::output;
use crate::cli::report::Report;
use crate::cli::sort::Sorting;
use crate::query::dominators::{Dominated, DominatedColumn};

/// What would be freed with an object, split by what it dominates.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
An object dominates what every path from the root leads to through it. The retained sizes of the rows and the object's own
size sum to its retained size; `count` is how many objects would go with each, itself included.

Examples:
  heapatlas dominators heap.heapsnapshot
  heapatlas dominators heap.heapsnapshot @12345 --limit 10")]
pub struct Dominators {
    /// The snapshot
    file: PathBuf,
    /// The object; the root if none is named
    #[arg(value_name = "@ID")]
    object: Option<ObjectName>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

impl Dominators {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let order = self.sorting.order(Dominated::DEFAULT_ORDER)?;
        let snapshot = desk.open(&self.file)?;
        let (node, missing) = find_object(&snapshot, self.object);
        missing.iter().for_each(say);
        let rows = match node {
            Some(node) => desk.ask(
                &Dominated {
                    order,
                    ..Dominated::by(node)
                },
                &snapshot,
            )?,
            None => Vec::new(),
        };
        let mut report = Report::<DominatedColumn>::about("dominators", &snapshot, &snapshot, &rows);
        report.problems.extend(missing);
        if let Some(node) = node {
            report = described(report, &snapshot, node);
        }
        output::write(&report, &self.output)
    }
}
