//! Why a file could not be read, and what was wrong with one that could.

use std::path::PathBuf;

use crate::base::task::Cancelled;
use crate::base::units::human_bytes;

/// Why a snapshot could not be opened. Displays as one clear line: what is wrong, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file could not be opened or read.
    #[error("cannot read the file: {source} ({path})", path = path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// The file is something else.
    #[error("not a heap snapshot: this is {found}. {advice} ({path})", path = path.display())]
    NotASnapshot {
        /// What it is: `a CPU profile (.cpuprofile)`.
        found: String,
        /// What to do.
        advice: String,
        /// The file.
        path: PathBuf,
    },
    /// The file is an allocation sampling profile, which is read in another way.
    #[error(
        "not a heap snapshot: this is an allocation sampling profile (.heapprofile). It holds no objects: `heapatlas allocations` \
         and the window tell which functions allocated ({path})",
        path = path.display()
    )]
    SamplingProfile {
        /// The file.
        path: PathBuf,
    },
    /// The file claims to be a snapshot and cannot be understood.
    #[error("damaged snapshot: in section \"{section}\" at byte {offset}: {what}. {advice} ({path})", path = path.display())]
    Malformed {
        /// The section: a key of the file's top-level object.
        section: String,
        /// Byte offset in the (decoded) file.
        offset: u64,
        /// What was expected and what was found.
        what: String,
        /// What to do.
        advice: String,
        /// The file.
        path: PathBuf,
    },
    /// A limit of this program.
    #[error("too large: {what}, the limit is {limit} ({path})", path = path.display())]
    TooLarge {
        /// What is too large, with its size.
        what: String,
        /// The most this program takes.
        limit: u64,
        /// The file.
        path: PathBuf,
    },
    /// It would take more memory than it may.
    #[error(
        "this needs about {needed} of memory, of which it may take {allowed}; allow more, or open it on a machine that has more ({path})",
        needed = human_bytes(*needed), allowed = human_bytes(*allowed), path = path.display()
    )]
    Memory {
        /// About how many bytes would be in use at most.
        needed: u64,
        /// How many may.
        allowed: u64,
        /// The file.
        path: PathBuf,
    },
    /// The load was called off.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Something wrong in a file that loading survived; shown with every answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The section: a key of the file's top-level object.
    pub section: String,
    /// Byte offset in the (decoded) file, where there is one.
    pub offset: Option<u64>,
    /// What is wrong and what it means for the answers.
    pub what: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.offset {
            Some(offset) => write!(f, "{} (section \"{}\", byte {offset})", self.what, self.section),
            None => write!(f, "{} (section \"{}\")", self.what, self.section),
        }
    }
}
