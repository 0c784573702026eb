//! `search FILE TEXT [--regex] [--case]`

use std::path::PathBuf;

use crate::analysis::filters::NodeFilter;
use crate::base::units;
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::pattern;
use crate::cli::report::Report;
use crate::query::instances::ObjectColumn;
use crate::query::pattern::Syntax;
use crate::query::search::{self, Wanted};

/// Objects by name.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Finds objects whose displayed name contains the text, in the order of the file. @ID finds the object of that id.

Examples:
  heapatlas search heap.heapsnapshot session
  heapatlas search heap.heapsnapshot '^request-[0-9]+$' --regex --case
  heapatlas search heap.heapsnapshot @12345")]
pub struct Search {
    /// The snapshot
    file: PathBuf,
    /// What names contain, or @ID
    text: String,
    /// Read the text as a regular expression
    #[arg(long)]
    regex: bool,
    /// Tell capital letters from small ones
    #[arg(long)]
    case: bool,
    #[command(flatten)]
    output: Output,
}

impl Search {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let syntax = if self.regex {
            Syntax::Regex
        } else {
            Syntax::Substring
        };
        let wanted = match Wanted::id(&self.text) {
            Some(id) => id,
            None => Wanted::Name(pattern::read(&self.text, syntax, self.case)?),
        };
        let snapshot = desk.open(&self.file)?;
        let rows = desk.ask(
            &search::Search {
                wanted,
                filter: NodeFilter::All,
            },
            &snapshot,
        )?;
        let mut report = Report::<ObjectColumn>::about("search", &snapshot, &snapshot, &rows);
        report.foot = Some(units::counted(rows.len() as u64, "object", "objects"));
        output::write(&report, &self.output)
    }
}
