//! `nodes FILE [--only NAME] [--sample N]`

use std::path::PathBuf;

use crate::cli::args::{Only, Output};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::report::Report;
use crate::query::nodes::{self, NodeColumn};

/// All nodes, or a sample spread evenly over the file.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  heapatlas nodes heap.heapsnapshot --sample 20
  heapatlas nodes heap.heapsnapshot --format csv > nodes.csv
  heapatlas nodes page.heapsnapshot --only retained-by-event-handlers")]
pub struct Nodes {
    /// The snapshot
    file: PathBuf,
    /// Only those that pass this filter; `summary --help` lists them
    #[arg(long, value_name = "NAME")]
    only: Option<Only>,
    /// Only so many, evenly spaced
    #[arg(long, value_name = "N")]
    sample: Option<usize>,
    #[command(flatten)]
    output: Output,
}

impl Nodes {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let snapshot = desk.open(&self.file)?;
        let filter = self
            .only
            .as_ref()
            .map(|only| only.filter(desk, &snapshot))
            .transpose()?;
        let question = nodes::Nodes {
            filter: filter.unwrap_or_default(),
            sample: self.sample,
        };
        let rows = desk.ask(&question, &snapshot)?;
        output::write(
            &Report::<NodeColumn>::about("nodes", &snapshot, &snapshot, &rows),
            &self.output,
        )
    }
}
