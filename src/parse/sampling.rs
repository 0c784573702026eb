//! Allocation sampling profiles (`.heapprofile`): a tree of calls with bytes that samples stand for, and no objects.
//!
//! The tree nests as deep as the program's calls, and no deeper than costs memory here: nothing recurses. A file that ends too
//! soon gives what was read by then.

use rustc_hash::FxHashMap;

use super::error::{LoadError, Problem};
use super::input::{Input, is_white, shown};
use super::literals::closing_quote;
use super::sections::{Member, Members, Stop, skip};
use super::sniff;
use super::unescape::unescape;
use crate::base::index::to_u32;
use crate::base::task::{Cancelled, Stage};
use crate::base::text::JsString;

/// What a sampling profile holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sampling {
    /// Its functions, in the order of the file.
    pub functions: Vec<SampledFunction>,
    /// Its calls, callers before those they call.
    pub calls: Vec<SampledCall>,
    /// What was wrong in it.
    pub problems: Vec<Problem>,
}

/// A function.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct SampledFunction {
    /// Its name; empty if it has none.
    pub name: JsString,
    /// The address of its script; empty if it has none.
    pub script: JsString,
    /// V8's number of the script.
    pub script_id: u32,
    /// Its line and column, counted from 0; none if they are not known.
    pub place: Option<(u32, u32)>,
}

/// A call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampledCall {
    /// The place of its caller.
    pub caller: Option<u32>,
    /// The place of its function.
    pub function: u32,
    /// Bytes that it allocated itself, estimated from samples.
    pub size: u64,
}

/// The member with the tree.
pub(super) const SECTION: &str = "head";

/// Why the tree was not read to its end.
enum Fault {
    Cancelled(Cancelled),
    Cut,
    At(usize, String),
}

impl From<Cancelled> for Fault {
    fn from(cancelled: Cancelled) -> Self {
        Self::Cancelled(cancelled)
    }
}

/// Reads the profile in `input`.
pub(super) fn read(input: &Input<'_>) -> Result<Sampling, LoadError> {
    input.task.begin(Stage::Read, input.bytes.len() as u64);
    let mut members = Members::new(input, sniff::object_start(input)?);
    let head = loop {
        match members.next() {
            Ok(member) if member.key == SECTION => break member.value,
            Ok(member) => match skip(input, member.value)? {
                Some(end) => members.resume(end),
                None => break input.bytes.len(),
            },
            Err(_) => break input.bytes.len(),
        }
    };
    let mut tree = Tree {
        input,
        read: Sampling::default(),
        places: FxHashMap::default(),
        at: head,
        steps: 0,
    };
    let (at, what) = match tree.read() {
        Ok(()) => return Ok(tree.read),
        Err(Fault::Cancelled(cancelled)) => return Err(cancelled.into()),
        Err(Fault::Cut) => (input.bytes.len(), "the file ends within its calls".to_owned()),
        Err(Fault::At(at, what)) => (at, what),
    };
    if tree.read.calls.is_empty() {
        return Err(input.malformed(SECTION, at, what));
    }
    tree.read.problems.push(Problem {
        section: SECTION.to_owned(),
        offset: Some(at as u64),
        what: format!("{what}: the calls after it are missing"),
    });
    Ok(tree.read)
}

/// What is being read: an object of a call, or the array of those it made.
#[derive(Clone, Copy)]
enum Open {
    Call { at: u32, has_frame: bool },
    Children,
}

struct Tree<'i, 'f> {
    input: &'i Input<'f>,
    read: Sampling,
    places: FxHashMap<SampledFunction, u32>,
    at: usize,
    steps: usize,
}

impl Tree<'_, '_> {
    fn read(&mut self) -> Result<(), Fault> {
        let mut open: Vec<Open> = Vec::new();
        // The calls that are open, the innermost last.
        let mut callers: Vec<u32> = Vec::new();
        if self.peek()? != b'{' {
            return Err(self.fault("expected a call"));
        }
        self.begin(&mut open, &mut callers);
        while let Some(innermost) = open.last_mut() {
            let byte = self.peek()?;
            match (innermost, byte) {
                (Open::Children, b'{') => self.begin(&mut open, &mut callers),
                (Open::Children, b']') => {
                    self.at += 1;
                    open.pop();
                }
                (Open::Call { has_frame: true, .. }, b'}') => {
                    self.at += 1;
                    open.pop();
                    callers.pop();
                }
                (Open::Call { at, has_frame }, b'"') => {
                    let call = *at as usize;
                    let key = self.key()?;
                    let value = self.peek()?;
                    match (key.as_slice(), value) {
                        (b"callFrame", b'{') => {
                            let function = self.frame()?;
                            self.read.calls[call].function = function;
                            *has_frame = true;
                        }
                        (b"selfSize", _) => self.read.calls[call].size = self.number()?,
                        (b"children", b'[') => {
                            self.at += 1;
                            open.push(Open::Children);
                        }
                        _ => self.skip()?,
                    }
                }
                (Open::Call { .. }, b'}') => return Err(self.fault("a call has no function")),
                (_, other) => {
                    return Err(self.fault(&format!(
                        "expected a call or a key, found {}",
                        shown(Some(&other))
                    )));
                }
            }
        }
        Ok(())
    }

    /// Another call begins.
    fn begin(&mut self, open: &mut Vec<Open>, callers: &mut Vec<u32>) {
        self.at += 1;
        let at = to_u32(self.read.calls.len());
        let function = self.nobody();
        self.read.calls.push(SampledCall {
            caller: callers.last().copied(),
            function,
            size: 0,
        });
        callers.push(at);
        open.push(Open::Call { at, has_frame: false });
    }

    /// The function of calls of which the file does not tell it: those that were cut.
    fn nobody(&mut self) -> u32 {
        self.place_of(SampledFunction {
            name: "(root)".into(),
            ..SampledFunction::default()
        })
    }

    fn place_of(&mut self, function: SampledFunction) -> u32 {
        if let Some(&place) = self.places.get(&function) {
            return place;
        }
        let place = to_u32(self.read.functions.len());
        self.read.functions.push(function.clone());
        self.places.insert(function, place);
        place
    }

    fn fault(&self, what: &str) -> Fault {
        Fault::At(self.at, what.to_owned())
    }

    /// The next byte that is neither white nor a comma.
    fn peek(&mut self) -> Result<u8, Fault> {
        self.steps += 1;
        self.input.task.check_at(self.steps)?;
        let rest = self.input.from(self.at);
        let passed = rest.iter().take_while(|&&byte| byte == b',' || is_white(byte));
        self.at += passed.count();
        self.input.bytes.get(self.at).copied().ok_or(Fault::Cut)
    }

    fn key(&mut self) -> Result<Vec<u8>, Fault> {
        let (quote, _) = closing_quote(self.input.bytes, self.at + 1).ok_or(Fault::Cut)?;
        let key = self.input.bytes[self.at + 1..quote].to_vec();
        self.at = self.input.skip_white(quote + 1);
        match self.input.bytes.get(self.at) {
            Some(b':') => self.at += 1,
            None => return Err(Fault::Cut),
            Some(_) => return Err(self.fault("expected a colon after a key")),
        }
        Ok(key)
    }

    fn skip(&mut self) -> Result<(), Fault> {
        self.at = skip(self.input, self.at)?.ok_or(Fault::Cut)?;
        Ok(())
    }

    /// A number; below 0 and what is none counts as 0, parts of a byte are left out.
    fn number(&mut self) -> Result<u64, Fault> {
        let start = self.at;
        self.skip()?;
        let digits = self.input.bytes[start..self.at]
            .iter()
            .take_while(|byte| byte.is_ascii_digit());
        Ok(digits.fold(0_u64, |number, digit| {
            number.saturating_mul(10).saturating_add(u64::from(digit - b'0'))
        }))
    }

    /// The function of a `callFrame`, whose `{` is next.
    fn frame(&mut self) -> Result<u32, Fault> {
        let (input, mut function) = (self.input, SampledFunction::default());
        let (mut line, mut column) = (None, None);
        let mut members = Members::new(input, self.at + 1);
        loop {
            let Member { key, value } = match members.next() {
                Ok(member) => member,
                Err(Stop::Closed(end)) => {
                    self.at = end;
                    break;
                }
                Err(Stop::Cut) => return Err(Fault::Cut),
                Err(Stop::Broken(at, what)) => return Err(Fault::At(at, what)),
            };
            let end = skip(input, value)?.ok_or(Fault::Cut)?;
            members.resume(end);
            let raw = &input.bytes[value..end];
            let digits = std::str::from_utf8(raw).ok().map(|text| text.trim_matches('"'));
            let number = || digits.and_then(|digits| digits.parse::<u32>().ok());
            match key.as_str() {
                "functionName" => function.name = text(raw),
                "url" => function.script = text(raw),
                "scriptId" => function.script_id = number().unwrap_or(0),
                "lineNumber" => line = number(),
                "columnNumber" => column = number(),
                _ => {}
            }
        }
        function.place = line.zip(column);
        Ok(self.place_of(function))
    }
}

/// The text of a literal with its quotes; nothing if it is none.
fn text(raw: &[u8]) -> JsString {
    let inner = raw.strip_prefix(b"\"").and_then(|raw| raw.strip_suffix(b"\""));
    let mut text = Vec::new();
    unescape(inner.unwrap_or_default(), &mut text);
    JsString::from_wtf8(text)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::base::task::Task;
    use crate::parse::input::CHUNK;

    fn sampling(text: &str) -> Result<Sampling, LoadError> {
        read(&Input {
            bytes: text.as_bytes(),
            mapping: None,
            path: Path::new("t.heapprofile"),
            task: &Task::new(),
            chunk: CHUNK,
        })
    }

    fn frame(name: &str, line: i32) -> String {
        format!(
            r#""callFrame":{{"functionName":"{name}","scriptId":"7","url":"a.js","lineNumber":{line},"columnNumber":{line}}}"#
        )
    }

    fn small() -> String {
        let (root, outer, inner) = (frame("(root)", -1), frame("outer", 3), frame("inner", 5));
        format!(
            r#" {{"samples":[{{"size":5}}], "head":{{{root},"selfSize":0,"id":1,"children":[
            {{{outer},"selfSize":8,"children":[{{{inner},"selfSize":27000,"children":[]}}, {{"children":[],{outer},"selfSize":2.5}}]}},
            {{{inner},"selfSize":1}}]}}}}"#
        )
    }

    #[test]
    fn calls_and_functions_are_read_in_any_order_of_members() {
        let read = sampling(&small()).unwrap();
        let calls: Vec<_> = read
            .calls
            .iter()
            .map(|call| {
                let function = &read.functions[call.function as usize];
                (call.caller, function.name.to_string(), function.place, call.size)
            })
            .collect();
        let (outer, inner) = (Some((3, 3)), Some((5, 5)));
        assert_eq!(
            calls,
            [
                (None, "(root)".to_owned(), None, 0),
                (Some(0), "outer".to_owned(), outer, 8),
                (Some(1), "inner".to_owned(), inner, 27000),
                (Some(1), "outer".to_owned(), outer, 2),
                (Some(0), "inner".to_owned(), inner, 1)
            ]
        );
        assert_eq!(read.problems, []);
    }

    #[test]
    fn a_file_that_is_cut_gives_what_it_holds_and_says_so() {
        let text = small();
        for end in text.find("head").unwrap() + 8..text.len() - 2 {
            let read = sampling(&text[..end]).unwrap();
            assert!(!read.calls.is_empty() && read.problems.len() == 1, "{end}");
        }
        let read = sampling(r#"{"head":{"selfSize":3}}"#).unwrap();
        assert!(read.problems[0].what.contains("a call has no function"));
        for hopeless in [r#"{"head":7}"#, r#"{"head":"#, r#"{"head":[]}"#] {
            assert!(
                matches!(sampling(hopeless), Err(LoadError::Malformed { .. })),
                "{hopeless}"
            );
        }
    }

    #[test]
    fn nesting_costs_no_stack() {
        let (deep, frame) = (300_000, frame("f", 1));
        let open = format!("{{{frame},\"selfSize\":1,\"children\":[");
        let text = format!("{{\"head\":{}{}}}", open.repeat(deep), "]}".repeat(deep));
        let read = sampling(&text).unwrap();
        assert_eq!((read.calls.len(), read.problems.len()), (deep, 0));
    }
}
