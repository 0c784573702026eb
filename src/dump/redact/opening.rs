//! Opening snapshots without what their strings say, to look at them where others look on: for reports and pictures.
//!
//! What is opened is the redacted file itself, written to where unpacked files are kept: nothing that is made of it, and no view of it,
//! can tell what nobody put there.

use std::path::Path;

use super::{Redaction, redact_file};
use crate::base::task::Task;
use crate::dump::Fault;
use crate::dump::repair::repair;
use crate::parse::error::{LoadError, Problem};
use crate::parse::raw::RawFile;
use crate::snapshot::Snapshot;
use crate::snapshot::sampling::Opened;

impl Redaction {
    /// Opens the snapshot at `path` (`-` is standard input) redacted; a damaged one as [`repair`] makes it whole.
    pub fn open(self, path: &Path, task: &Task) -> Result<Snapshot, LoadError> {
        let opened = RawFile::open(path, task).and_then(|file| self.open_file(&file, path, Vec::new(), task));
        // What came from a pipe is gone.
        if !matches!(opened, Err(LoadError::Malformed { .. })) || path == Path::new("-") {
            return opened;
        }
        let mut lost = Vec::new();
        let whole = RawFile::made(path, task, |mut out| {
            (_, lost) = repair(path, &mut out, task)?;
            Ok::<(), Fault>(())
        });
        self.open_file(&whole.map_err(|fault| told(fault, path))?, path, lost, task)
    }

    /// Opens the snapshot or the sampling profile at `path`; what the latter holds are names.
    pub fn open_any(self, path: &Path, task: &Task) -> Result<Opened, LoadError> {
        match self.open(path, task) {
            Err(LoadError::SamplingProfile { .. }) => Opened::open(path, task),
            opened => Ok(Opened::Snapshot(Box::new(opened?))),
        }
    }

    /// Opens a snapshot that lies in memory, redacted; `name` stands for its path.
    pub fn open_bytes(self, bytes: Vec<u8>, name: &Path, task: &Task) -> Result<Snapshot, LoadError> {
        self.open_file(&RawFile::held(bytes, name), name, Vec::new(), task)
    }

    fn open_file(
        self,
        file: &RawFile,
        path: &Path,
        lost: Vec<Problem>,
        task: &Task,
    ) -> Result<Snapshot, LoadError> {
        let opened = Snapshot::open_redacted(path, lost, task, |mut out| {
            redact_file(file, self, &mut out, &mut |_, _| Ok(()), task)?;
            Ok::<(), Fault>(())
        });
        opened.map_err(|fault| told(fault, path))
    }
}

/// Why the file at `path` is not open.
fn told(fault: Fault, path: &Path) -> LoadError {
    match fault {
        Fault::Load(error) => error,
        Fault::Write(source) => LoadError::Open {
            path: path.to_owned(),
            source,
        },
    }
}
