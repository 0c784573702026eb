//! Finds the members of the file's top-level object.

use std::ops::Range;

/// A member: its key (as written) and where its value lies. A value that the file's end cuts off ends there.
#[derive(Clone, Debug)]
pub(super) struct Member<'a> {
    pub(super) key: &'a [u8],
    pub(super) value: Range<usize>,
}

/// The members of the object in `bytes`, and whether its end was found.
pub(super) fn members(bytes: &[u8]) -> (Vec<Member<'_>>, bool) {
    let mut found = Vec::new();
    let mut at = skip_white(bytes, 0);
    if bytes.get(at) != Some(&b'{') {
        return (found, false);
    }
    at += 1;
    loop {
        at = skip_white(bytes, at);
        match bytes.get(at) {
            Some(b',') => at += 1,
            Some(b'"') => {
                let Some(end) = string_end(bytes, at) else {
                    return (found, false);
                };
                let key = &bytes[at + 1..end - 1];
                at = skip_white(bytes, end);
                if bytes.get(at) != Some(&b':') {
                    return (found, false);
                }
                let start = skip_white(bytes, at + 1);
                let (end, whole) = value_end(bytes, start);
                found.push(Member {
                    key,
                    value: start..end,
                });
                if !whole {
                    return (found, false);
                }
                at = end;
            }
            Some(b'}') => return (found, true),
            _ => return (found, false),
        }
    }
}

fn skip_white(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
        at += 1;
    }
    at
}

/// The position after the string literal that begins at `at`.
pub(super) fn string_end(bytes: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        if bytes[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// The position after the value that begins at `at`, and whether the file holds all of it.
fn value_end(bytes: &[u8], mut at: usize) -> (usize, bool) {
    let mut depth = 0_usize;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => match string_end(bytes, at) {
                Some(end) => at = end,
                None => return (bytes.len(), false),
            },
            b'[' | b'{' => {
                depth += 1;
                at += 1;
            }
            b']' | b'}' if depth == 0 => return (at, true),
            b']' | b'}' => {
                depth -= 1;
                at += 1;
            }
            b',' if depth == 0 => return (at, true),
            _ => at += 1,
        }
        if depth == 0 && matches!(byte, b'"' | b']' | b'}') {
            return (at, true);
        }
    }
    (bytes.len(), false)
}
