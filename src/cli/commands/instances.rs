//! `instances FILE CLASS`

use std::path::PathBuf;

use super::shared::find_classes;
use crate::base::units;
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::cli::output;
use crate::cli::report::Report;
use crate::cli::sort::Sorting;
use crate::query::instances::{self, ObjectColumn};

/// The objects of a class.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
A class is named as in the summary, or by the class_key of its JSON rows where several classes share a name (without a key,
the objects of all of them are listed, class after class).

Examples:
  heapatlas instances heap.heapsnapshot Session --limit 20
  heapatlas instances heap.heapsnapshot '{id, name}' --sort distance
  heapatlas instances heap.heapsnapshot 23,218,21,EventEmitter")]
pub struct Instances {
    /// The snapshot
    file: PathBuf,
    /// The class
    class: String,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

impl Instances {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let order = self.sorting.order(instances::Instances::DEFAULT_ORDER)?;
        let snapshot = desk.open(&self.file)?;
        let mut rows = Vec::new();
        for class in find_classes(&snapshot, &self.class) {
            let question = instances::Instances {
                order,
                ..instances::Instances::of(class)
            };
            rows.append(&mut desk.ask(&question, &snapshot)?);
        }
        let mut report = Report::<ObjectColumn>::about("instances", &snapshot, &snapshot, &rows);
        if rows.is_empty() {
            let missing = format!(
                "there is no object of class {} in {}",
                self.class,
                self.file.display()
            );
            say(&missing);
            report.problems.push(missing);
        }
        report.foot = Some(units::counted(rows.len() as u64, "object", "objects"));
        output::write(&report, &self.output)
    }
}
