//! The section `strings`: literals, found and unescaped by several threads.
//!
//! As with numbers (see [`arrays`](super::arrays)) the array is passed over in waves of a few chunks. Whether a chunk begins
//! inside a literal is told by the number of quotes before it, which is counted first; then each chunk's literals (those that
//! begin in it) are unescaped into memory of its own and appended to the table in order.

use rayon::prelude::*;

use super::error::LoadError;
use super::input::{Input, is_white, shown};
use super::strings::{StringTable, TableFull};
use super::unescape::unescape;

/// The section this file reads.
pub(super) const SECTION: &str = "strings";

/// Chunks of a wave, for each thread.
const CHUNKS_PER_THREAD: usize = 4;

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
        let end = chunks.last().map_or(at, |chunk| chunk.end);
        let texts: Vec<Texts> = chunks.into_par_iter().map(|chunk| chunk.texts(input)).collect();
        for texts in texts {
            table
                .append(&texts.bytes, &texts.ends)
                .map_err(|TableFull| input.too_large("the string table", u64::from(u32::MAX)))?;
            match texts.stop {
                None => {}
                Some(stop) => {
                    table.shrink();
                    return Ok((table, stop));
                }
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
    start: usize,
    end: usize,
    before: Before,
}

/// The chunks of the wave that begins at `at`; `state` moves from the wave's start to its end.
fn chunks(input: &Input<'_>, at: usize, state: &mut Before) -> Vec<Chunk> {
    let chunks = rayon::current_num_threads() * CHUNKS_PER_THREAD;
    let rest = input.from(at);
    let texts: Vec<&[u8]> = rest.chunks(input.chunk).take(chunks).collect();
    // An odd number of backslashes at a chunk's end escapes the first byte of the next.
    let mut escaped = state.escaped;
    let escapes: Vec<bool> = texts
        .iter()
        .map(|text| {
            let here = escaped;
            let tail = text.iter().rev().take_while(|&&byte| byte == b'\\').count();
            escaped = (tail % 2 == 1) != (tail == text.len() && here);
            here
        })
        .collect();
    let quotes: Vec<usize> = texts
        .par_iter()
        .zip(escapes.par_iter())
        .map(|(text, &escaped)| quotes(text, escaped))
        .collect();
    let mut start = at;
    let mut found = Vec::with_capacity(chunks);
    for ((text, here), quotes) in texts.iter().zip(escapes).zip(quotes) {
        found.push(Chunk {
            start,
            end: start + text.len(),
            before: Before {
                quoted: state.quoted,
                escaped: here,
            },
        });
        start += text.len();
        state.quoted ^= quotes % 2 == 1;
    }
    state.escaped = escaped;
    found
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

/// The position of the quote that ends the literal in whose middle `at` stands.
pub(super) fn closing_quote(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at);
        }
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
            bytes: Vec::with_capacity(self.end - self.start),
            ..Texts::default()
        };
        let mut at = self.start;
        if self.before.quoted {
            match closing_quote(bytes, at + usize::from(self.before.escaped)) {
                Some(quote) => at = quote + 1,
                // The chunk in which the literal begins says so.
                None => return texts,
            }
        }
        while at < self.end {
            match bytes[at] {
                b'"' => {
                    let Some(quote) = closing_quote(bytes, at + 1) else {
                        texts.stop = Some(End::Cut);
                        return texts;
                    };
                    unescape(&bytes[at + 1..quote], &mut texts.bytes);
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
