//! How much memory opening a file will take, told by its header before anything of size is read.

use super::error::LoadError;
use super::input::{Input, is_white};
use super::schema::Schema;

/// The program and its threads.
const BASE: u64 = 9_000_000;
/// What a node and an edge take at the moment of most use, in hundredths of a byte: their columns, incoming edges, the
/// numbering for the dominators, sizes, distances, classes.
const OF_NODE: u64 = 7230;
const OF_EDGE: u64 = 610;
/// Bytes of the file that the numbers of a node and of an edge take: the rest is text, which is kept as it is.
const WRITTEN_NODE: u64 = 28;
const WRITTEN_EDGE: u64 = 16;
/// Pages of a small file are all there at the end; those of a large one have been given back.
const PAGES: u64 = 2 << 20;

/// Bytes that are looked at to tell how much white space there is, and how many of a thousand are in V8's files.
const LOOKED_AT: usize = 64 << 10;
const USUAL_WHITE: u64 = 35;

/// About how many bytes will be in use at most while a file of so many nodes, edges and bytes is opened. (The constants were
/// fitted to 36 files of 1 kB to 916 MB of Node 10 to 26, Chromium and Deno; it was 8 % off at most.) Never more than the
/// bytes could make of it, whatever the counts are: a number takes two bytes.
fn peak(nodes: u64, edges: u64, bytes: u64) -> u64 {
    let (nodes, edges) = (nodes.min(bytes / 4), edges.min(bytes / 4));
    let numbers = nodes * WRITTEN_NODE + edges * WRITTEN_EDGE;
    let texts = bytes.saturating_sub(numbers);
    BASE + (nodes * OF_NODE + edges * OF_EDGE) / 100 + texts + bytes.min(PAGES)
}

/// `bytes` without the white space that V8 does not write, if the rest is written as the beginning of `rest`.
fn written(bytes: u64, rest: &[u8]) -> u64 {
    let looked_at = &rest[..rest.len().min(LOOKED_AT)];
    let white = looked_at.iter().filter(|&&byte| is_white(byte)).count() as u64;
    let all = looked_at.len().max(1) as u64;
    let white = (1000 * white / all).max(USUAL_WHITE);
    bytes / (1000 - USUAL_WHITE) * (1000 - white).max(1)
}

/// Tells the task what the file in `input` will take, whose header ends at `end`. An error if that is more than it may.
pub(super) fn check(input: &Input<'_>, schema: &Schema, end: usize) -> Result<(), LoadError> {
    let bytes = written(input.bytes.len() as u64, input.from(end));
    // A header that does not say how many there are stands before as many as are usual.
    let nodes = schema.node_count.unwrap_or(bytes / 80);
    let edges = schema.edge_count.unwrap_or(bytes / 25);
    let needed = peak(nodes, edges, bytes);
    match input.task.expect_memory(needed) {
        None => Ok(()),
        Some(allowed) => Err(LoadError::Memory {
            needed,
            allowed,
            path: input.path.to_owned(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_it_was_measured() {
        for (nodes, edges, bytes, taken) in [
            (35, 41, 2593, 8_500_000_u64),
            (38_363, 168_993, 3_493_613, 14_400_000),
            (100_965, 420_143, 8_926_988, 21_000_000),
            (536_124, 2_005_520, 54_206_460, 69_300_000),
            (653_781, 2_187_928, 52_436_150, 71_100_000),
            (2_988_829, 9_938_463, 244_923_772, 289_000_000),
            (10_996_360, 36_455_244, 916_054_014, 1_046_000_000),
            (200_001, 200_000, 188_964_154, 203_000_000),
        ] {
            let estimate = peak(nodes, edges, bytes);
            assert!(
                estimate.abs_diff(taken) * 10 < taken,
                "{estimate} and not {taken}"
            );
        }
    }

    #[test]
    fn neither_counts_that_lie_nor_white_space_count() {
        assert!(peak(u64::MAX, u64::MAX, 1000) < 9_300_000);
        assert!(peak(0, 0, u64::from(u32::MAX)) < 1 << 33);
        let dense = written(1_000_000, b"1,2,3,4,5,6,7\n,8,9,10,11,12,13");
        assert!(dense.abs_diff(1_000_000) < 10_000, "{dense}");
        let loose = written(1_000_000, b"1,        2,        3,        ");
        assert!(loose.abs_diff(200_000) < 20_000, "{loose}");
    }
}
