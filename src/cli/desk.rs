//! Where a sub-command works: it opens its files here and asks its questions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::{CliError, say};
use super::progress;
use crate::base::task::Task;
use crate::base::{machine, units};
use crate::dump::redact::Redaction;
use crate::parse::error::Problem;
use crate::query::trend::Series;
use crate::query::{Query, times};
use crate::snapshot::Snapshot;
use crate::snapshot::sampling::Opened;

/// Was the question answered with something or with nothing?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answered {
    /// With something.
    Yes,
    /// With nothing.
    No,
}

/// Opens files and asks questions.
pub(super) struct Desk {
    task: Task,
    stdin_is_read: bool,
    /// How many bytes of memory may be in use.
    max_memory: Option<u64>,
    /// How files are redacted when they are opened.
    redaction: Option<Redaction>,
    /// Bytes in use before the first file was opened.
    at_first: Option<u64>,
}

impl Desk {
    /// A desk with nothing on it, where so many bytes of memory may be in use, and files are opened with that redaction.
    pub(super) fn new(max_memory: Option<u64>, redaction: Option<Redaction>) -> Self {
        Self {
            task: Task::new(),
            stdin_is_read: false,
            max_memory,
            redaction,
            at_first: None,
        }
    }

    /// Opens the snapshot at `path` and says what is wrong with it.
    pub(super) fn open(&mut self, path: &Path) -> Result<Snapshot, CliError> {
        let redaction = self.redaction;
        let snapshot = self.watch(path, |task| match redaction {
            None => Snapshot::open(path, task),
            Some(redaction) => redaction.open(path, task),
        })??;
        complain(path, snapshot.problems());
        Ok(snapshot)
    }

    /// Does `work` on the file at `path`, showing how far it is.
    pub(super) fn watch<T>(&mut self, path: &Path, work: impl FnOnce(&Task) -> T) -> Result<T, CliError> {
        if path == Path::new("-") && std::mem::replace(&mut self.stdin_is_read, true) {
            return Err(CliError::Twice {
                path: path.to_owned(),
            });
        }
        // What is open already counts.
        let now = machine::resident().unwrap_or(0);
        let in_use = now.saturating_sub(*self.at_first.get_or_insert(now));
        let allowed = self.max_memory.map(|most| most.saturating_sub(in_use));
        let free = allowed.or_else(machine::free_memory);
        Ok(progress::watch(path, free, |task| {
            // What this machine could never hold is not tried unless someone says so.
            if let Some(bytes) = allowed.or_else(machine::most_memory) {
                task.allow_memory(bytes);
            }
            let done = work(task);
            // Without a limit what may not fit is tried all the same: caches of files count as used, and are given up.
            if let (None, Some(needed), Some(free)) = (allowed, task.memory_expected(), free)
                && needed > free
            {
                say(format_args!(
                    "{}: this needed about {} of memory, of which {} were free (--max-memory refuses such files)",
                    path.display(),
                    units::human_bytes(needed),
                    units::human_bytes(free)
                ));
            }
            done
        }))
    }

    /// Opens the snapshot or the sampling profile at `path`; a command opens no other file with it.
    pub(super) fn open_any(&mut self, path: &Path) -> Result<Opened, CliError> {
        let redaction = self.redaction;
        let opened = self.watch(path, |task| match redaction {
            None => Opened::open(path, task),
            Some(redaction) => redaction.open_any(path, task),
        })??;
        match &opened {
            Opened::Snapshot(snapshot) => complain(path, snapshot.problems()),
            Opened::Profile(profile) => complain(path, profile.problems()),
        }
        Ok(opened)
    }

    /// Opens the snapshots at `files`, oldest first.
    pub(super) fn open_series(&mut self, files: &[PathBuf]) -> Result<Series, CliError> {
        let mut snapshots = Vec::with_capacity(files.len());
        for file in files {
            snapshots.push(Arc::new(self.open(file)?));
        }
        Ok(Series {
            seconds: times::seconds(&snapshots),
            snapshots,
        })
    }

    /// Opens a snapshot that lies in memory.
    pub(super) fn open_bytes(&self, name: &Path, bytes: &[u8]) -> Result<Snapshot, CliError> {
        Ok(Snapshot::from_bytes(bytes, name, &self.task)?)
    }

    /// Asks `question` over `over`.
    pub(super) fn ask<Q: Query>(&self, question: &Q, over: &Q::Over) -> Result<Q::Answer, CliError> {
        Ok(question.run(over, &self.task)?)
    }

    /// What long work asks whether to go on.
    pub(super) fn task(&self) -> &Task {
        &self.task
    }
}

/// Says what is wrong with the file at `path`.
fn complain(path: &Path, problems: &[Problem]) {
    for problem in problems {
        say(format_args!("{}: {problem}", path.display()));
    }
}
