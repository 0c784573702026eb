//! `retainers FILE @ID [--ignore @ID]...`

use std::path::PathBuf;

use super::shared::{described, find_object, find_objects};
use crate::cli::args::{ObjectName, Output};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::cli::output;
use crate::cli::report::Report;
use crate::cli::sort::Sorting;
use crate::query::edges::EdgeColumn;
use crate::query::retainers::{self, Ignore};

/// What refers to an object.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Nearest to the roots first. Weak edges and those of the root itself are left out. With --ignore, distances are those that
were left without the ignored objects; what would then not be reached at all comes last.

Examples:
  heapatlas retainers heap.heapsnapshot @12345
  heapatlas retainers heap.heapsnapshot @12345 --ignore @77 --ignore @91")]
pub struct Retainers {
    /// The snapshot
    file: PathBuf,
    /// The object
    #[arg(value_name = "@ID")]
    object: ObjectName,
    /// Leave this retainer out of account; may be given several times
    #[arg(long, value_name = "@ID")]
    ignore: Vec<ObjectName>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

impl Retainers {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let order = self.sorting.order(retainers::Retainers::DEFAULT_ORDER)?;
        let snapshot = desk.open(&self.file)?;
        let (node, mut missing) = find_object(&snapshot, Some(self.object));
        let (nodes, missing_too) = find_objects(&snapshot, &self.ignore);
        missing.extend(missing_too);
        missing.iter().for_each(say);
        let ignoring = if nodes.is_empty() {
            None
        } else {
            Some(desk.ask(&Ignore { nodes }, &snapshot)?)
        };
        let rows = match node {
            None => Vec::new(),
            Some(node) => desk.ask(
                &retainers::Retainers {
                    node,
                    ignoring,
                    order,
                },
                &snapshot,
            )?,
        };
        let mut report = Report::<EdgeColumn>::about("retainers", &snapshot, &snapshot, &rows);
        report.problems.extend(missing);
        if let Some(node) = node {
            report = described(report, &snapshot, node);
        }
        output::write(&report, &self.output)
    }
}
