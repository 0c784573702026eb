//! Files that end in zeros: programs that download often make the file as long as it will be before they have its bytes. What is still
//! missing then reads as zeros, which no snapshot holds: the file is as good as cut there.

use std::fs::File;

use super::error::Problem;
use crate::base::task::{Cancelled, Task};

/// Bytes looked at between two questions whether to go on.
const BLOCK: usize = 16 << 20;

/// How many of `bytes`, those of `file` if they are mapped, stand before the zeros at their end; all if there is nothing else.
pub(super) fn end(bytes: &[u8], file: Option<&File>, task: &Task) -> Result<usize, Cancelled> {
    if bytes.last() != Some(&0) {
        return Ok(bytes.len());
    }
    let mut end = file
        .and_then(last_written)
        .map_or(bytes.len(), |end| end.min(bytes.len()));
    while end > 0 {
        task.check()?;
        let block = end.saturating_sub(BLOCK)..end;
        if let Some(last) = bytes[block.clone()].iter().rposition(|&byte| byte != 0) {
            return Ok(block.start + last + 1);
        }
        end = block.start;
    }
    // Zeros and nothing else are no snapshot that was cut.
    Ok(bytes.len())
}

/// What is said of `zeros` bytes at the end of a file that is not whole.
pub(super) fn problem(zeros: usize, at: usize) -> Problem {
    Problem {
        section: "file".to_owned(),
        offset: Some(at as u64),
        what: format!(
            "the last {zeros} bytes of the file are zeros: it was made as long as it should become and not filled; download it again"
        ),
    }
}

/// The end of what was ever written to `file`, where the system knows of holes: one of terabytes is not read through.
#[cfg(target_os = "linux")]
fn last_written(file: &File) -> Option<usize> {
    use rustix::fs::{SeekFrom, seek};
    // The position is nobody's: the file is mapped.
    let mut end = 0;
    while let Ok(data) = seek(file, SeekFrom::Data(end)) {
        end = seek(file, SeekFrom::Hole(data)).ok()?;
    }
    usize::try_from(end).ok()
}

/// Not known here.
#[cfg(not(target_os = "linux"))]
fn last_written(_file: &File) -> Option<usize> {
    None
}
