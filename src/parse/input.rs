//! What all readers of sections share: the bytes, and whom to tell about them.

use std::ops::Range;
use std::path::Path;

use super::error::LoadError;
use crate::base::machine;
use crate::base::memory::{self, Mapping, Zero};
use crate::base::task::{Cancelled, Task};

/// How many bytes one thread reads at a time: large enough that handing out work costs nothing, small enough that counting
/// a chunk leaves it in the cache for reading, and that a cancelled load stops at once.
pub(super) const CHUNK: usize = 1 << 20;

/// Chunks of a wave, for each thread, and at most: what is mapped and held at a time is bounded by it.
const CHUNKS_PER_THREAD: usize = 4;
const MOST_CHUNKS: usize = 64;

/// What is said to do about a file that is not whole.
pub(super) const TAKE_AGAIN: &str = "Take the snapshot again, or copy the file again";

/// The (decoded) file being read.
#[derive(Clone, Copy)]
pub(super) struct Input<'a> {
    /// All its bytes.
    pub(super) bytes: &'a [u8],
    /// Where they are mapped, if they are.
    pub(super) mapping: Option<&'a Mapping>,
    /// Its name, for errors.
    pub(super) path: &'a Path,
    /// Whom to report to.
    pub(super) task: &'a Task,
    /// Bytes to read at a time: [`CHUNK`], or less in tests.
    pub(super) chunk: usize,
}

impl<'a> Input<'a> {
    /// The bytes from `at` on (none past the end).
    pub(super) fn from(&self, at: usize) -> &'a [u8] {
        self.bytes.get(at..).unwrap_or_default()
    }

    /// The chunks that are read at the same time, from `at` on: each `chunk` long, up to the last of the file.
    pub(super) fn wave(&self, at: usize) -> Vec<Range<usize>> {
        let chunks = (rayon::current_num_threads() * CHUNKS_PER_THREAD).min(MOST_CHUNKS);
        let len = self.bytes.len();
        let starts = (at..len).step_by(self.chunk).take(chunks);
        starts.map(|start| start..(start + self.chunk).min(len)).collect()
    }

    /// The position of the first byte at or after `at` that is not white space.
    pub(super) fn skip_white(&self, at: usize) -> usize {
        let white = self.from(at).iter().take_while(|byte| is_white(**byte)).count();
        at + white
    }

    /// The bytes of `range` have been read: reports them, gives their memory back and asks whether to go on.
    pub(super) fn consumed(&self, range: Range<usize>) -> Result<(), Cancelled> {
        let bytes = range.len() as u64;
        if let Some(mapping) = self.mapping {
            mapping.release(range);
        }
        self.task.advance(bytes);
        self.task.read_bytes(bytes);
        self.task.check()
    }

    /// A column of `len` zeros, or the error that there is no room for it: in a file whose header lies, or one that this machine
    /// is too small for.
    pub(super) fn column<T: Zero>(&self, len: usize) -> Result<Vec<T>, LoadError> {
        memory::zeroed(len).ok_or_else(|| LoadError::Memory {
            needed: (len as u64).saturating_mul(size_of::<T>() as u64),
            allowed: machine::free_memory().unwrap_or(0),
            path: self.path.to_owned(),
        })
    }

    /// The file cannot be understood at byte `at` of `section`.
    pub(super) fn malformed(&self, section: &str, at: usize, what: impl Into<String>) -> LoadError {
        LoadError::Malformed {
            section: section.to_owned(),
            offset: at as u64,
            what: what.into(),
            advice: TAKE_AGAIN.to_owned(),
            path: self.path.to_owned(),
        }
    }

    /// `what` is more than this program takes.
    pub(super) fn too_large(&self, what: impl Into<String>, limit: u64) -> LoadError {
        LoadError::TooLarge {
            what: what.into(),
            limit,
            path: self.path.to_owned(),
        }
    }
}

/// Is `byte` one that JSON allows between tokens?
#[inline]
pub(super) const fn is_white(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// `byte` as it is named in messages.
pub(super) fn shown(byte: Option<&u8>) -> String {
    match byte {
        Some(byte) => format!("'{}'", byte.escape_ascii()),
        None => "the file's end".to_owned(),
    }
}
