//! Floor 1: bytes to columns.
//!
//! Knows the file format and nothing of what the numbers mean together: no retainers, no distances, no classes. File offsets
//! and field positions end here; everything above speaks of [`NodeIx`](crate::base::index::NodeIx) and
//! [`EdgeIx`](crate::base::index::EdgeIx).
//!
//! From the outside in: [`source`] makes bytes of a path, with [`pipe`] where these come slowly, [`sections`] finds the members of the file's object, [`schema`]
//! reads the header, [`nodes`], [`edges`], [`locations`], [`literals`], [`samples`] and [`traces`] read a section each, and [`reader`] puts the
//! columns together. [`arrays`] cuts the sections of numbers into chunks, [`records`] and [`integers`] read these.

mod arrays;
pub mod columns;
mod division;
mod edges;
pub mod error;
mod estimate;
mod input;
mod integers;
pub mod kind;
mod literals;
mod locations;
mod nodes;
mod pipe;
pub mod raw;
mod reader;
mod records;
mod samples;
pub mod sampling;
mod schema;
mod sections;
mod sniff;
mod source;
pub mod strings;
mod tail;
mod tokens;
mod trace_ids;
mod traces;
mod unescape;

#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::Path;

use crate::base::task::Task;
use columns::Columns;
use error::LoadError;
use input::{CHUNK, Input};
use sampling::Sampling;
use source::Source;

/// Reads the snapshot at `path`, plain or compressed (gzip, zstd); `-` is standard input. What is wrong in it and can be
/// survived is told in [`Columns::problems`].
pub fn read(path: &Path, task: &Task) -> Result<Columns, LoadError> {
    let source = Source::open(path, task)?;
    let mut columns = read_from(&source, path, task)?;
    columns.problems.splice(..0, source.problem);
    Ok(columns)
}

/// The columns of a snapshot, unless the file was cut meanwhile.
fn read_from(source: &Source, path: &Path, task: &Task) -> Result<Columns, LoadError> {
    let read = reader::read(&source.input(path, task));
    if let Err(LoadError::Cancelled(cancelled)) = read {
        return Err(cancelled.into());
    }
    // What was read of a file that is gone says nothing about it.
    let changed = source.check(path)?;
    let mut columns = read?;
    if !columns.problems.is_empty() {
        columns.problems.splice(..0, source.why_cut());
    }
    columns.problems.splice(..0, changed);
    Ok(columns)
}

/// What a file holds.
#[derive(Debug)]
pub enum Read {
    /// A snapshot.
    Columns(Box<Columns>),
    /// An allocation sampling profile.
    Sampling(Sampling),
}

/// Reads the snapshot or the sampling profile at `path`, as [`read`] does.
pub fn read_any(path: &Path, task: &Task) -> Result<Read, LoadError> {
    let source = Source::open(path, task)?;
    Ok(match read_from(&source, path, task) {
        Err(LoadError::SamplingProfile { .. }) => {
            let read = sampling::read(&source.input(path, task));
            let changed = source.check(path)?;
            let mut sampling = read?;
            sampling
                .problems
                .splice(..0, source.problem.into_iter().chain(changed));
            Read::Sampling(sampling)
        }
        read => {
            let mut columns = read?;
            columns.problems.splice(..0, source.problem);
            Read::Columns(Box::new(columns))
        }
    })
}

/// Reads the snapshot that `make` writes, uncompressed; `path` stands for it in errors. It is kept where unpacked files are.
pub fn read_made<E: From<LoadError>>(
    path: &Path,
    task: &Task,
    make: impl FnOnce(&mut dyn Write) -> Result<(), E>,
) -> Result<Columns, E> {
    let source = Source::made(path, task, make)?;
    Ok(read_from(&source, path, task)?)
}

/// Reads a snapshot held in memory, uncompressed; `name` stands for it in errors.
pub fn read_bytes(bytes: &[u8], name: &Path, task: &Task) -> Result<Columns, LoadError> {
    task.expect_bytes(bytes.len() as u64);
    reader::read(&Input {
        bytes,
        mapping: None,
        path: name,
        task,
        chunk: CHUNK,
    })
}
