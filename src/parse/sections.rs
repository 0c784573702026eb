//! Finds the members of the file's top-level object, in any order and with any white space, without building values.

use super::input::{Input, is_white, shown};
use super::literals::closing_quote;
use crate::base::task::Cancelled;

/// Bytes passed over between two questions whether to go on.
const STRIDE: usize = 16 << 20;

/// A key is never longer than this in a snapshot; of a longer one only so much is kept.
const KEY_LIMIT: usize = 64;

/// A member of the object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Member {
    /// Its key, unescaped.
    pub(super) key: String,
    /// Where its value begins.
    pub(super) value: usize,
}

/// Why there are no more members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The object ends; the position after it.
    Closed(usize),
    /// The file ends.
    Cut,
    /// There is something else, at a position.
    Broken(usize, String),
}

/// Walks over the members of an object.
pub(super) struct Members<'i, 'f> {
    input: &'i Input<'f>,
    at: usize,
    first: bool,
}

impl<'i, 'f> Members<'i, 'f> {
    /// The members of the object whose `{` stands before `at`.
    pub(super) fn new(input: &'i Input<'f>, at: usize) -> Self {
        Self {
            input,
            at,
            first: true,
        }
    }

    /// Goes on behind the last member's value, which ends at `at`.
    pub(super) fn resume(&mut self, at: usize) {
        self.at = at;
    }

    /// The next member. Before the one after it is asked for, its value must be passed with [`Members::resume`].
    pub(super) fn next(&mut self) -> Result<Member, Stop> {
        let bytes = self.input.bytes;
        let mut at = self.input.skip_white(self.at);
        match bytes.get(at) {
            Some(b',') if !self.first => at = self.input.skip_white(at + 1),
            Some(b'}') => return Err(Stop::Closed(at + 1)),
            Some(b'"') if self.first => {}
            other => return Err(self.stop(at, other, "a comma or the end of the object")),
        }
        self.first = false;
        match bytes.get(at) {
            Some(b'"') => {}
            other => return Err(self.stop(at, other, "a key")),
        }
        let (quote, _) = closing_quote(bytes, at + 1).ok_or(Stop::Cut)?;
        let key = &bytes[at + 1..quote];
        let mut text = Vec::new();
        super::unescape::unescape(&key[..key.len().min(KEY_LIMIT)], &mut text);
        let colon = self.input.skip_white(quote + 1);
        match bytes.get(colon) {
            Some(b':') => {}
            other => return Err(self.stop(colon, other, "a colon after a key")),
        }
        let value = self.input.skip_white(colon + 1);
        if value >= bytes.len() {
            return Err(Stop::Cut);
        }
        Ok(Member {
            key: String::from_utf8_lossy(&text).into_owned(),
            value,
        })
    }

    fn stop(&self, at: usize, found: Option<&u8>, expected: &str) -> Stop {
        if at >= self.input.bytes.len() {
            Stop::Cut
        } else {
            Stop::Broken(at, format!("expected {expected}, found {}", shown(found)))
        }
    }
}

/// The position after the value that begins at `start`, or nothing if the file ends before the value does. Nesting costs no
/// stack. Brackets are not matched with each other by kind: whether a value that nobody reads is well formed is not asked.
pub(super) fn skip(input: &Input<'_>, start: usize) -> Result<Option<usize>, Cancelled> {
    let bytes = input.bytes;
    let (mut at, mut depth, mut told) = (start, 0_usize, start);
    let end = loop {
        let Some(&byte) = bytes.get(at) else {
            break None;
        };
        match byte {
            b'"' => match closing_quote(bytes, at + 1) {
                Some((quote, _)) => at = quote + 1,
                None => break None,
            },
            b'[' | b'{' => {
                depth += 1;
                at += 1;
            }
            // A plain value, such as a number, ends before what follows it.
            b']' | b'}' | b',' if depth == 0 => break Some(at),
            byte if depth == 0 && is_white(byte) => break Some(at),
            b']' | b'}' => {
                depth -= 1;
                at += 1;
            }
            _ => at += 1,
        }
        if depth == 0 && matches!(byte, b'"' | b']' | b'}') {
            break Some(at);
        }
        if at - told >= STRIDE {
            input.consumed(told..at)?;
            told = at;
        }
    };
    input.consumed(told..end.unwrap_or(bytes.len()))?;
    Ok(end)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::base::task::Task;

    fn walk(text: &str) -> (Vec<(String, String)>, Stop) {
        let task = Task::new();
        let input = Input {
            bytes: text.as_bytes(),
            mapping: None,
            path: Path::new("test"),
            task: &task,
            chunk: 1,
        };
        let mut members = Members::new(&input, 1);
        let mut found = Vec::new();
        loop {
            let member = match members.next() {
                Ok(member) => member,
                Err(stop) => return (found, stop),
            };
            let Some(end) = skip(&input, member.value).unwrap() else {
                return (found, Stop::Cut);
            };
            found.push((member.key, text[member.value..end].to_owned()));
            members.resume(end);
        }
    }

    #[test]
    fn values_of_all_kinds_are_passed_over() {
        let text = r#"{ "a" : 1 , "b":"x\"]},\\" ,"c":[[1,{"d":"]"}],[]],"\u0065":{"f":[{}]}, "g":-1.5e3,"h":null}  "#;
        let (found, stop) = walk(text);
        let expected = [
            ("a", "1"),
            ("b", r#""x\"]},\\""#),
            ("c", r#"[[1,{"d":"]"}],[]]"#),
            ("e", r#"{"f":[{}]}"#),
            ("g", "-1.5e3"),
            ("h", "null"),
        ];
        let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(found, expected);
        assert_eq!(stop, Stop::Closed(text.len() - 2));
    }

    #[test]
    fn a_cut_is_told_from_a_fault() {
        let text = r#"{"a":1,"b":[2,"x\"y"],"c":{"d":"e"}}"#;
        for end in 1..text.len() {
            assert_eq!(walk(&text[..end]).1, Stop::Cut, "{}", &text[..end]);
        }
        assert!(matches!(walk(r#"{"a" 1}"#).1, Stop::Broken(5, what) if what.contains("colon")));
        assert!(matches!(walk(r#"{"a":1 "b":2}"#).1, Stop::Broken(7, what) if what.contains("comma")));
        assert!(matches!(walk(r"{a:1}").1, Stop::Broken(1, _)));
        assert!(matches!(walk(r#"{"a":1,}"#).1, Stop::Broken(7, what) if what.contains("key")));
        assert_eq!(walk("{}"), (vec![], Stop::Closed(2)));
    }

    #[test]
    fn nesting_costs_no_stack() {
        let deep = 2_000_000;
        let text = format!("{{\"a\":{}{},\"b\":1}}", "[".repeat(deep), "]".repeat(deep));
        assert_eq!(walk(&text).0[1].0, "b");
    }
}
