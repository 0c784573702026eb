//! `repair IN OUT`

use std::path::PathBuf;

use super::shared::{not_made, refuse_same};
use crate::base::{units, whole_file};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::dump::Fault;
use crate::dump::repair::repair;

/// A whole snapshot of what a damaged one still holds.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
For files that were cut, in their edges or later: what they hold is written as a valid snapshot that DevTools opens, and what was lost is
said. Names that are missing are called \"(name missing)\".

Examples:
  heapatlas repair cut.heapsnapshot whole.heapsnapshot
  heapatlas repair cut.heapsnapshot.gz whole.heapsnapshot")]
pub struct Repair {
    /// The damaged snapshot
    #[arg(value_name = "IN")]
    file: PathBuf,
    /// Where to write the whole one
    #[arg(value_name = "OUT")]
    output: PathBuf,
}

impl Repair {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        refuse_same(&self.file, &self.output, "whole file")?;
        let mut done = None;
        desk.watch(&self.file, |task| {
            whole_file::write(&self.output, |out| {
                done = Some(repair(&self.file, out, task)?);
                Ok::<(), Fault>(())
            })
        })?
        .map_err(|fault| not_made(fault, &self.output))?;
        let Some((written, lost)) = done else {
            return Ok(Answered::No);
        };
        say(format_args!(
            "wrote {}: {}, {}",
            self.output.display(),
            units::counted(written.nodes, "node", "nodes"),
            units::counted(written.edges, "edge", "edges"),
        ));
        for what in &lost {
            say(format_args!("lost: {what}"));
        }
        if lost.is_empty() {
            say("nothing was wrong with the file");
        }
        Ok(Answered::Yes)
    }
}
