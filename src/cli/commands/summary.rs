//! `summary FILE [--filter TEXT] [--only NAME]`

use std::path::PathBuf;

use crate::base::units;
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::pattern;
use crate::cli::report::Report;
use crate::cli::sort::Sorting;
use crate::query::Cell;
use crate::query::pattern::Syntax;
use crate::query::summary::{self, SummaryAnswer, SummaryColumn};
use crate::snapshot::Snapshot;

/// Classes with their counts and sizes.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Plain objects go by their properties: {id, name}. Sizes of an object's own parts (elements, hash tables) are the object's.
The retained size of a class is that of its objects which no other of its objects retains.

Examples:
  heapatlas summary heap.heapsnapshot --limit 20
  heapatlas summary heap.heapsnapshot --filter session --sort count
  heapatlas summary heap.heapsnapshot --only retained-by-detached-dom")]
pub struct Summary {
    /// The snapshot
    file: PathBuf,
    /// Only classes whose name contains this, whatever its case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

impl Summary {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let question = summary::Summary {
            pattern: self
                .filter
                .as_deref()
                .map(|text| pattern::read(text, Syntax::Substring, false))
                .transpose()?,
            order: self.sorting.order(summary::Summary::DEFAULT_ORDER)?,
        };
        let snapshot = desk.open(&self.file)?;
        let answer = desk.ask(&question, &snapshot)?;
        output::write(&report(&snapshot, &answer), &self.output)
    }
}

/// The Summary with its sums.
pub(in crate::cli) fn report<'a>(
    snapshot: &'a Snapshot,
    answer: &'a SummaryAnswer,
) -> Report<'a, SummaryColumn> {
    let mut report = Report::about("summary", snapshot, snapshot, &answer.rows)
        .total("count", Cell::Count(answer.count))
        .total("shallow_size", Cell::Bytes(answer.shallow_size))
        .total("total_size", Cell::Bytes(snapshot.total_size()));
    report.foot = Some(format!(
        "{} classes, {} objects, {} of {}",
        units::grouped(answer.rows.len() as u64),
        units::grouped(answer.count),
        units::human_bytes(answer.shallow_size),
        units::human_bytes(snapshot.total_size()),
    ));
    report
}
