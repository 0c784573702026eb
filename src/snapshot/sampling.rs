//! An allocation sampling profile: which functions allocated how much, called from where. It holds no objects, and so is no
//! snapshot.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Snapshot;
use crate::analysis::call_tree::{Call, CallTree, Function, Known, Sums};
use crate::base::task::Task;
use crate::graph::Place;
use crate::parse::error::{LoadError, Problem};
use crate::parse::sampling::Sampling;
use crate::parse::{self, Read};

/// A sampling profile.
#[derive(Debug)]
pub struct SamplingProfile {
    path: PathBuf,
    tree: Arc<CallTree>,
    problems: Vec<Problem>,
}

/// What a file turned out to be.
#[derive(Debug)]
pub enum Opened {
    /// A snapshot, or a recording.
    Snapshot(Box<Snapshot>),
    /// A sampling profile.
    Profile(SamplingProfile),
}

impl Opened {
    /// Opens the file at `path` (`-` is standard input), whichever it is.
    pub fn open(path: &Path, task: &Task) -> Result<Self, LoadError> {
        let clock = std::time::Instant::now();
        Ok(match parse::read_any(path, task)? {
            Read::Columns(columns) => {
                Self::Snapshot(Box::new(Snapshot::analyse(*columns, path, clock, task)?))
            }
            Read::Sampling(sampling) => Self::Profile(SamplingProfile::new(path, sampling)),
        })
    }
}

impl SamplingProfile {
    fn new(path: &Path, sampling: Sampling) -> Self {
        let functions = sampling.functions.into_iter().map(|function| Function {
            name: function.name,
            script: function.script,
            place: function.place.map(|(line, column)| Place {
                script_id: function.script_id,
                line,
                column,
            }),
        });
        let calls = sampling.calls.iter().map(|call| Call {
            caller: call.caller,
            function: call.function,
            own: Sums {
                size: call.size,
                ..Sums::default()
            },
            total: Sums::default(),
        });
        Self {
            path: path.to_owned(),
            tree: Arc::new(CallTree::new(
                functions.collect(),
                calls.collect(),
                Known::Sampled,
            )),
            problems: sampling.problems,
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its calls, with estimated bytes and no counts.
    pub const fn tree(&self) -> &Arc<CallTree> {
        &self.tree
    }

    /// What was wrong in the file.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}
