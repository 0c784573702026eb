//! Tests of the whole floor on tiny heaps.

mod hostile;
mod kinds_of_files;
mod rules;
mod sources;
mod truncation;
mod twin;

use std::path::Path;

use super::columns::Columns;
use super::error::LoadError;
use super::input::Input;
use super::reader;
use crate::base::task::Task;

/// Chunk sizes that put every boundary everywhere in a small file, and one that holds it whole.
const CHUNKS: [usize; 6] = [1, 2, 3, 7, 64, 1 << 20];

fn try_read(bytes: &[u8], chunk: usize) -> Result<Columns, LoadError> {
    let task = Task::new();
    reader::read(&Input {
        bytes,
        mapping: None,
        path: Path::new("test.heapsnapshot"),
        task: &task,
        chunk,
    })
}

/// All that columns say, to compare them. (A map beside a packed column has no order.)
fn facts(columns: &Columns) -> String {
    let Columns {
        header,
        nodes,
        edges,
        strings,
        locations,
        traces,
        samples,
        problems,
    } = columns;
    let (tags, names, firsts) = (&nodes.tags, &nodes.names, &nodes.first_edges);
    let ids: Vec<u64> = nodes.ids.iter().collect();
    let sizes: Vec<u64> = nodes.self_sizes.iter().collect();
    format!(
        "{header:?} {tags:?} {names:?} {ids:?} {sizes:?} {firsts:?} {edges:?} {strings:?} {locations:?} {traces:?} {samples:?} {problems:?}"
    )
}

/// The columns of a file, which must be the same with chunks of all sizes.
fn read(bytes: &[u8]) -> Columns {
    let read = |chunk| try_read(bytes, chunk).unwrap_or_else(|error| panic!("chunks of {chunk}: {error}"));
    let columns = CHUNKS.map(read);
    let expected = facts(&columns[0]);
    for (other, chunk) in columns.iter().zip(CHUNKS) {
        assert_eq!(facts(other), expected, "chunks of {chunk}");
    }
    let [first, ..] = columns;
    first
}

/// What is wrong with a file, which must be the same with chunks of all sizes.
fn refusal(bytes: &[u8]) -> String {
    let errors = CHUNKS.map(|chunk| match try_read(bytes, chunk) {
        Ok(columns) => panic!("chunks of {chunk}: read with {:?}", columns.problems),
        Err(error) => error.to_string(),
    });
    for (other, chunk) in errors.iter().zip(CHUNKS) {
        assert_eq!(other, &errors[0], "chunks of {chunk}");
    }
    let [first, ..] = errors;
    first
}

/// The problems of a file, one a line.
fn problems(bytes: &[u8]) -> String {
    let columns = read(bytes);
    let problems: Vec<String> = columns.problems.iter().map(ToString::to_string).collect();
    problems.join("\n")
}
