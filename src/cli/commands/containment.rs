//! `containment FILE [@ID]`

use std::path::PathBuf;

use super::object::write_edges;
use crate::cli::args::{ObjectName, Output};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::CliError;
use crate::cli::sort::Sorting;
use crate::query::object::Object;

/// What the root, or an object, refers to.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  heapatlas containment heap.heapsnapshot
  heapatlas containment heap.heapsnapshot @3 --sort edge_name")]
pub struct Containment {
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

impl Containment {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let order = self.sorting.order(Object::DEFAULT_ORDER)?;
        let snapshot = desk.open(&self.file)?;
        write_edges("containment", desk, &snapshot, self.object, order, &self.output)
    }
}
