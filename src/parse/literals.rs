//! The section `strings`: literals, found and unescaped by several threads.
//!
//! As with numbers (see [`arrays`](super::arrays)) the array is passed over in waves of a few chunks. Whether a chunk begins
//! inside a literal is told by the number of quotes before it, which is counted first; then each chunk's literals (those that
//! begin in it) are unescaped into memory of its own and appended to the table in order.

use std::ops::Range;

use rayon::prelude::*;

use super::error::LoadError;
use super::input::{Input, is_white, shown};
use super::strings::{StringTable, TableFull};
use super::unescape::{push_utf8, unescape};

/// The section this file reads.
pub(super) const SECTION: &str = "strings";

/// How the array ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// With a `]`; the position after it.
    Closed(usize),
    /// With the file.
    Cut,
    /// With something that is no string, at a position.
    Broken(usize, String),
}

/// Reads the strings from `start` (after the `[`), as far as there are any.
pub(super) fn read(input: &Input<'_>, start: usize) -> Result<(StringTable, End), LoadError> {
    let mut table = StringTable::default();
    let mut state = Before::default();
    let mut at = start;
    while at < input.bytes.len() {
        let chunks = chunks(input, at, &mut state);
        let end = chunks.last().map_or(at, |chunk| chunk.range.end);
        let texts: Vec<Texts> = chunks.into_par_iter().map(|chunk| chunk.texts(input)).collect();
        for texts in texts {
            table
                .append(&texts.bytes, &texts.ends)
                .map_err(|TableFull| input.too_large("the string table", u64::from(u32::MAX)))?;
            if let Some(stop) = texts.stop {
                let end = match stop {
                    End::Closed(end) | End::Broken(end, _) => end,
                    End::Cut => input.bytes.len(),
                };
                input.consumed(at..end.max(at))?;
                table.shrink();
                return Ok((table, stop));
            }
        }
        input.consumed(at..end)?;
        at = end;
    }
    table.shrink();
    Ok((table, End::Cut))
}

/// What the bytes before a position say about it.
#[derive(Clone, Copy, Debug, Default)]
struct Before {
    /// It is inside a literal.
    quoted: bool,
    /// A backslash before it takes the next byte's meaning away.
    escaped: bool,
}

/// A range of the array and what was before it.
struct Chunk {
    range: Range<usize>,
    before: Before,
}

/// The chunks of the wave that begins at `at`; `state` moves from the wave's start to its end.
fn chunks(input: &Input<'_>, at: usize, state: &mut Before) -> Vec<Chunk> {
    let ranges = input.wave(at);
    // An odd number of backslashes at a chunk's end escapes the first byte of the next.
    let mut escaped = state.escaped;
    let escapes: Vec<bool> = ranges
        .iter()
        .map(|range| {
            let here = escaped;
            let text = &input.bytes[range.clone()];
            let tail = text.iter().rev().take_while(|&&byte| byte == b'\\').count();
            escaped = (tail % 2 == 1) != (tail == text.len() && here);
            here
        })
        .collect();
    let quotes: Vec<usize> = ranges
        .par_iter()
        .zip(escapes.par_iter())
        .map(|(range, &escaped)| quotes(&input.bytes[range.clone()], escaped))
        .collect();
    state.escaped = escaped;
    let chunks = ranges.into_iter().zip(escapes).zip(quotes);
    chunks
        .map(|((range, escaped), quotes)| {
            let quoted = state.quoted;
            state.quoted ^= quotes % 2 == 1;
            Chunk {
                range,
                before: Before { quoted, escaped },
            }
        })
        .collect()
}

/// Quotes in `text` that begin or end a literal.
fn quotes(text: &[u8], escaped: bool) -> usize {
    let text = &text[usize::from(escaped).min(text.len())..];
    if memchr::memchr(b'\\', text).is_none() {
        return memchr::memchr_iter(b'"', text).count();
    }
    let (mut count, mut at) = (0, 0);
    while let Some(found) = memchr::memchr2(b'"', b'\\', &text[at..]) {
        at += found + 1;
        if text[at - 1] == b'"' {
            count += 1;
        } else {
            at = (at + 1).min(text.len());
        }
    }
    count
}

/// The position of the quote that ends the literal in whose middle `at` stands, and whether there is an escape before it.
pub(super) fn closing_quote(bytes: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut escaped = false;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some((at, escaped));
        }
        escaped = true;
        at += 2;
    }
}

/// The texts of a chunk's literals, end to end.
#[derive(Default)]
struct Texts {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    stop: Option<End>,
}

impl Chunk {
    /// Reads the literals that begin in the chunk.
    fn texts(&self, input: &Input<'_>) -> Texts {
        let bytes = input.bytes;
        let mut texts = Texts {
            bytes: Vec::with_capacity(self.range.len()),
            ..Texts::default()
        };
        let mut at = self.range.start;
        if self.before.quoted {
            // No further than the chunk: a literal that goes on beyond it would be gone through once for each of its chunks.
            let inside = &bytes[..self.range.end];
            match closing_quote(inside, at + usize::from(self.before.escaped)) {
                Some((quote, _)) => at = quote + 1,
                None => return texts,
            }
        }
        while at < self.range.end {
            match bytes[at] {
                b'"' => {
                    let Some((quote, escaped)) = closing_quote(bytes, at + 1) else {
                        texts.stop = Some(End::Cut);
                        return texts;
                    };
                    let literal = &bytes[at + 1..quote];
                    if escaped {
                        unescape(literal, &mut texts.bytes);
                    } else {
                        push_utf8(literal, &mut texts.bytes);
                    }
                    texts.ends.push(texts.bytes.len());
                    at = quote + 1;
                }
                b',' => at += 1,
                byte if is_white(byte) => at += 1,
                b']' => {
                    texts.stop = Some(End::Closed(at + 1));
                    return texts;
                }
                _ => {
                    let what = format!("expected a string, found {}", shown(bytes.get(at)));
                    texts.stop = Some(End::Broken(at, what));
                    return texts;
                }
            }
        }
        texts
    }
}
