//! Opening a snapshot, put as a question, so that it is done as all other work is.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::base::machine;
use crate::base::task::{Cancelled, Task};
use crate::dump::redact::Redaction;
use crate::parse::error::LoadError;
use crate::query::Query;
use crate::snapshot::Snapshot;
use crate::snapshot::sampling::{Opened, SamplingProfile};

/// Where a snapshot comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// A file that is opened even if it needs more memory than there is.
    Whatever(PathBuf),
    /// One that is carried in the program.
    Bundled {
        /// What its file would be called.
        name: &'static str,
        /// The file, compressed by zstd.
        zstd: &'static [u8],
    },
    /// Another one, without what its strings say.
    Redacted(Box<Self>, Redaction),
}

impl Source {
    /// The file, or what it would be called.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) | Self::Whatever(path) => path,
            Self::Bundled { name, .. } => Path::new(name),
            Self::Redacted(source, _) => source.path(),
        }
    }

    /// How many bytes there are to read, if that can be found out.
    pub fn size(&self) -> Option<u64> {
        match self {
            Self::File(path) | Self::Whatever(path) => std::fs::metadata(path).ok().map(|meta| meta.len()),
            Self::Bundled { zstd, .. } => Some(zstd.len() as u64),
            Self::Redacted(source, _) => source.size(),
        }
    }

    /// When it was last changed, if that can be found out.
    pub fn modified(&self) -> Option<SystemTime> {
        match self {
            Self::File(path) | Self::Whatever(path) => std::fs::metadata(path).ok()?.modified().ok(),
            Self::Bundled { .. } => None,
            Self::Redacted(source, _) => source.modified(),
        }
    }

    /// The same, read with that redaction or with none.
    #[must_use]
    pub fn with(self, redaction: Option<Redaction>) -> Self {
        let plain = match self {
            Self::Redacted(source, _) => *source,
            plain => plain,
        };
        match redaction {
            None => plain,
            Some(redaction) => Self::Redacted(Box::new(plain), redaction),
        }
    }

    /// The same, read even if it needs more memory than there is.
    #[must_use]
    pub fn whatever(self) -> Self {
        match self {
            Self::File(path) => Self::Whatever(path),
            Self::Redacted(source, redaction) => Self::Redacted(Box::new(source.whatever()), redaction),
            source => source,
        }
    }

    /// The file, if it is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) | Self::Whatever(path) => Some(path),
            Self::Bundled { .. } => None,
            Self::Redacted(source, _) => source.file(),
        }
    }

    fn open(&self, redaction: Option<Redaction>, task: &Task) -> Result<Opened, LoadError> {
        match self {
            Self::File(path) => {
                if let Some(free) = machine::free_memory() {
                    task.allow_memory(free);
                }
                open_file(path, redaction, task)
            }
            Self::Whatever(path) => open_file(path, redaction, task),
            Self::Bundled { name, zstd } => {
                let path = Path::new(name);
                let bytes = zstd::decode_all(*zstd).map_err(|source| LoadError::Open {
                    path: path.to_owned(),
                    source,
                })?;
                let snapshot = match redaction {
                    None => Snapshot::from_bytes(&bytes, path, task)?,
                    Some(redaction) => redaction.open_bytes(bytes, path, task)?,
                };
                Ok(Opened::Snapshot(Box::new(snapshot)))
            }
            Self::Redacted(source, redaction) => source.open(Some(*redaction), task),
        }
    }
}

fn open_file(path: &Path, redaction: Option<Redaction>, task: &Task) -> Result<Opened, LoadError> {
    match redaction {
        None => Opened::open(path, task),
        Some(redaction) => redaction.open_any(path, task),
    }
}

/// What a source holds, shared by all who look at it.
#[derive(Clone, Debug)]
pub enum Content {
    /// A snapshot, or a recording.
    Snapshot(Arc<Snapshot>),
    /// A sampling profile.
    Profile(Arc<SamplingProfile>),
}

/// Asks what a source holds. The `Arc` of the source is the identity of the question: another one reads it again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Open;

impl Query for Open {
    type Over = Source;
    type Answer = Result<Content, Arc<LoadError>>;

    fn run(&self, source: &Source, task: &Task) -> Result<Self::Answer, Cancelled> {
        match source.open(None, task) {
            Ok(Opened::Snapshot(snapshot)) => Ok(Ok(Content::Snapshot(Arc::new(*snapshot)))),
            Ok(Opened::Profile(profile)) => Ok(Ok(Content::Profile(Arc::new(profile)))),
            Err(LoadError::Cancelled(cancelled)) => Err(cancelled),
            Err(error) => Ok(Err(Arc::new(error))),
        }
    }

    fn doing(&self) -> Option<&'static str> {
        None
    }
}
