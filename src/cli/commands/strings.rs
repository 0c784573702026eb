//! `strings FILE [--duplicates] [--filter TEXT]`

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
use crate::query::strings::{self, StringColumn, StringRow, Which};

/// Texts with the strings that have them.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
One row a text, however many strings have it; the largest come first, with --duplicates those of which most is wasted: what
all but one of the strings take. Parts of other strings (slices) own no text and are not counted.

Examples:
  heapatlas strings heap.heapsnapshot --limit 20
  heapatlas strings heap.heapsnapshot --duplicates
  heapatlas strings heap.heapsnapshot --filter https:// --sort count")]
pub struct Strings {
    /// The snapshot
    file: PathBuf,
    /// Only texts that several strings have
    #[arg(long)]
    duplicates: bool,
    /// Only texts that contain this, whatever its case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

impl Strings {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let which = if self.duplicates {
            Which::Duplicates
        } else {
            Which::All
        };
        let order = self.sorting.order(which.default_order())?;
        let pattern = self
            .filter
            .as_deref()
            .map(|text| pattern::read(text, Syntax::Substring, false))
            .transpose()?;
        let snapshot = desk.open(&self.file)?;
        let texts = desk.ask(&strings::GroupStrings, &snapshot)?;
        let question = strings::Strings {
            texts,
            which,
            pattern,
            order,
        };
        let answer = desk.ask(&question, &snapshot)?;
        let rows = answer.rows.iter().map(|&text| question.texts.row(text));
        let rows: Vec<StringRow> = rows.collect();
        let mut report = Report::<StringColumn>::about("strings", &snapshot, &snapshot, &rows)
            .total("count", Cell::Count(answer.count))
            .total("shallow_size", Cell::Bytes(answer.shallow_size))
            .total("wasted_size", Cell::Bytes(answer.wasted_size));
        report.foot = Some(format!(
            "{}, {}, {}, of which {} wasted",
            units::counted(answer.rows.len() as u64, "text", "texts"),
            units::counted(answer.count, "string", "strings"),
            units::human_bytes(answer.shallow_size),
            units::human_bytes(answer.wasted_size),
        ));
        output::write(&report, &self.output)
    }
}
