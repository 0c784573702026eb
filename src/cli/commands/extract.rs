//! `extract FILE @ID... OUT`

use std::path::PathBuf;

use super::shared::{find_objects, not_made, refuse_same};
use crate::base::{units, whole_file};
use crate::cli::args::ObjectName;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::dump::Fault;
use crate::dump::extract::extract;

/// A small snapshot of some objects: what they retain and what keeps them alive.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
The objects, all that would be freed with them, and a shortest way to each from the root, with the sizes they have in the whole heap. What
they refer to besides is there too, without what is behind it. Strings are as they were: heapatlas redact takes them out.

Examples:
  heapatlas extract heap.heapsnapshot @12345 cart.heapsnapshot
  heapatlas extract heap.heapsnapshot.gz @12345 @777 part.heapsnapshot")]
pub struct Extract {
    /// The snapshot
    file: PathBuf,
    /// The objects, by V8's ids, and then where to write
    #[arg(value_name = "@ID... OUT", required = true, num_args = 2..)]
    rest: Vec<PathBuf>,
}

impl Extract {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let Some((output, objects)) = self.rest.split_last() else {
            return Err(CliError::Usage(
                "objects and a file to write are expected".to_owned(),
            ));
        };
        let names: Vec<ObjectName> = objects
            .iter()
            .map(|object| object.to_string_lossy().parse().map_err(CliError::Usage))
            .collect::<Result<_, _>>()?;
        refuse_same(&self.file, output, "part")?;
        let snapshot = desk.open(&self.file)?;
        let (targets, missing) = find_objects(&snapshot, &names);
        missing.iter().for_each(say);
        if targets.is_empty() {
            return Ok(Answered::No);
        }
        let mut written = None;
        whole_file::write(output, |out| {
            written = Some(extract(&snapshot, &targets, out, desk.task())?);
            Ok::<(), Fault>(())
        })
        .map_err(|fault| not_made(fault, output))?;
        if let Some(written) = written {
            say(format_args!(
                "wrote {}: {} of {}",
                output.display(),
                units::grouped(written.nodes),
                units::counted(snapshot.graph().node_count() as u64, "node", "nodes"),
            ));
        }
        Ok(if missing.is_empty() {
            Answered::Yes
        } else {
            Answered::No
        })
    }
}
