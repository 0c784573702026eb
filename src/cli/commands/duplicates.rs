//! `duplicates FILE [--copies] [--filter TEXT]`

use std::path::PathBuf;

use crate::base::index::Ix as _;
use crate::base::units;
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::pattern;
use crate::cli::report::Report;
use crate::cli::sort::Sorting;
use crate::query::Cell;
use crate::query::duplicates::{self, DuplicateColumn, DuplicateKind, FindDuplicates};
use crate::query::pattern::Syntax;

/// Objects that are there again and again.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
One row for the objects of one class, one shape (the names of their properties) and one distance from the roots: what a loop
makes in one place. Those that are many, near the roots and alike come first, and the program's own before those of packages
and of the runtime. Contents is how many of them differ, two levels deep; wasted is what could be saved if of those that look
alike one were left. With --copies: objects that are equal with all that hangs from them alone, by what could be saved.

Small integers leave no trace in a snapshot, and other numbers have no value in most: objects that differ in numbers alone
look alike.

Examples:
  heapatlas duplicates heap.heapsnapshot --limit 20
  heapatlas duplicates heap.heapsnapshot --copies
  heapatlas duplicates heap.heapsnapshot --filter url --sort wasted_size")]
pub struct Duplicates {
    /// The snapshot
    file: PathBuf,
    /// Only objects that are equal with all that hangs from them alone
    #[arg(long)]
    copies: bool,
    /// Only objects whose class or one of whose properties contains this, whatever its case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

impl Duplicates {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let order = self.sorting.chosen()?;
        let typed = self.filter.as_deref();
        let pattern = typed
            .map(|text| pattern::read(text, Syntax::Substring, false))
            .transpose()?;
        let snapshot = desk.open(&self.file)?;
        let question = duplicates::Duplicates {
            lists: desk.ask(&FindDuplicates, &snapshot)?,
            kind: if self.copies {
                DuplicateKind::Copies
            } else {
                DuplicateKind::Close
            },
            pattern,
            order,
        };
        let shown = desk.ask(&question, &snapshot)?;
        let all = question.lists.rows(question.kind);
        let rows: Vec<_> = shown
            .iter()
            .filter_map(|row| all.get(row.at()))
            .cloned()
            .collect();
        let count: u64 = rows.iter().map(duplicates::DuplicateRow::count).sum();
        let wasted: u64 = rows.iter().map(|row| row.wasted_size).sum();
        let mut report = Report::<DuplicateColumn>::about("duplicates", &snapshot, &snapshot, &rows)
            .total("count", Cell::Count(count));
        report.foot = Some(format!(
            "{}, {}",
            units::counted(rows.len() as u64, "group", "groups"),
            units::counted(count, "object", "objects"),
        ));
        if self.copies {
            // Copies are no parts of each other: what each group wastes adds up.
            report = report.total("wasted_size", Cell::Bytes(wasted));
        }
        output::write(&report, &self.output)
    }
}
