//! Floor 1: bytes to columns.
//!
//! Knows the file format and nothing of what the numbers mean together: no retainers, no distances, no classes. File offsets
//! and field positions end here; everything above speaks of [`NodeIx`](crate::base::index::NodeIx) and
//! [`EdgeIx`](crate::base::index::EdgeIx).

pub mod columns;
pub mod error;
pub mod kind;
mod reader;
mod schema;
mod sections;
pub mod strings;
mod unescape;

use std::path::Path;

use crate::base::task::Task;
use columns::Columns;
use error::LoadError;

/// Reads the snapshot at `path`.
pub fn read(path: &Path, task: &Task) -> Result<Columns, LoadError> {
    let bytes = std::fs::read(path).map_err(|source| LoadError::Open {
        path: path.to_owned(),
        source,
    })?;
    read_bytes(&bytes, path, task)
}

/// Reads a snapshot held in memory; `name` stands for it in errors.
pub fn read_bytes(bytes: &[u8], name: &Path, task: &Task) -> Result<Columns, LoadError> {
    task.expect_bytes(bytes.len() as u64);
    reader::read(bytes, name, task)
}

#[cfg(test)]
mod tests;
