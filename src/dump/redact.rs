//! A snapshot without what the program's strings say.
//!
//! Every text that is the value of a string or of a regular expression is replaced by a token of its length ([`tokens`]);
//! names of classes, functions, variables and properties stay, or go too, by [`Level`]. Nothing else is changed: no node, no
//! edge, no size, no id. The file is gone through twice, first for what each string is used for ([`roles`]), then to write;
//! what is kept meanwhile is a byte a string.
//!
//! A text that is both a name and a value stands once in the file. It stays for the name, and a string at the table's end,
//! the token, takes its place for the values.

mod names;
mod opening;
mod output;
mod roles;
pub mod tokens;

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use output::{Outlet, Renamed};
use roles::{Roles, is_value, kind_at};
use tokens::{Key, Tokens};

use super::Fault;
use crate::base::json_text::push_quoted;
use crate::base::task::{Stage, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::NodeKind;
use crate::parse::error::LoadError;
use crate::parse::raw::{self, Layout, RawFile, RawSection, records};

/// What is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Values only.
    Values,
    /// Values, and names of properties that look like data: those that a program would not write after a dot.
    Keys,
    /// Values and all names but those of the engine and the language.
    Names,
}

/// How a snapshot is redacted: the same for several makes their tokens comparable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redaction {
    /// What is replaced.
    pub level: Level,
    /// What tokens depend on.
    pub key: Key,
}

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Strings replaced, among them those that stay for what they name.
    pub values: u64,
    /// Names replaced.
    pub names: u64,
    /// Names of properties that look like data and were left.
    pub keys_left: u64,
    /// Bytes read, unpacked.
    pub bytes: u64,
    /// Members of the file that are not known, and so were left out.
    pub left_out: u64,
}

/// Members of a snapshot that hold numbers only.
const NUMBERS: [&str; 8] = [
    "edges",
    "trace_function_infos",
    "trace_tree",
    "samples",
    "locations",
    "scopes",
    "scope_context_vars",
    "scope_uses",
];

/// Writes the snapshot at `path` to `out`, redacted. Each name that was replaced is told to `renamed`, with what
/// took its place.
pub fn redact(
    path: &Path,
    redaction: Redaction,
    out: &mut impl Write,
    renamed: &mut dyn FnMut(JsStr<'_>, JsStr<'_>) -> io::Result<()>,
    task: &Task,
) -> Result<Done, Fault> {
    redact_file(&RawFile::open(path, task)?, redaction, out, renamed, task)
}

fn redact_file(
    file: &RawFile,
    redaction: Redaction,
    out: &mut impl Write,
    renamed: &mut dyn FnMut(JsStr<'_>, JsStr<'_>) -> io::Result<()>,
    task: &Task,
) -> Result<Done, Fault> {
    let redacted = redact_unchecked(file, redaction, out, renamed, task);
    if !matches!(redacted, Err(Fault::Load(LoadError::Cancelled(_)))) {
        // Before anything else is said: what was read twice must have been the same.
        file.check()?;
    }
    redacted
}

/// The file may be changed meanwhile.
fn redact_unchecked(
    file: &RawFile,
    redaction: Redaction,
    out: &mut impl Write,
    renamed: &mut dyn FnMut(JsStr<'_>, JsStr<'_>) -> io::Result<()>,
    task: &Task,
) -> Result<Done, Fault> {
    let sections = file.sections(task)?;
    let header = sections.iter().find(|section| section.key == "snapshot");
    let header = header.map_or(0..0, |section| section.value.clone());
    let layout = file.layout(&header, task)?;
    task.begin(Stage::Read, 2 * file.bytes(task).len() as u64);
    let roles = Roles::gather(file, &sections, &layout, task)?;
    let maker = Maker {
        file,
        layout: &layout,
        roles: &roles,
        redaction,
        task,
    };
    output::write(file, out, renamed, task, |outlet| maker.all(&sections, outlet))
}

/// Makes what is written.
struct Maker<'a> {
    file: &'a RawFile,
    layout: &'a Layout,
    roles: &'a Roles,
    redaction: Redaction,
    task: &'a Task,
}

/// What becomes of the strings of a piece.
#[derive(Default)]
struct Strings {
    /// As they are written, but for what stands before the first.
    block: Vec<u8>,
    /// Tokens of those that are split, in their order, with what stands before each.
    split: Vec<u8>,
    renamed: Renamed,
    done: Done,
}

impl Maker<'_> {
    fn all(&self, sections: &[RawSection], outlet: &Outlet<'_>) -> Result<Done, Fault> {
        let mut done = Done {
            bytes: self.file.bytes(self.task).len() as u64,
            ..Done::default()
        };
        let mut written: Vec<&str> = Vec::new();
        for section in sections {
            let key = section.key.as_str();
            let is_known = ["snapshot", "nodes", "strings"].contains(&key) || NUMBERS.contains(&key);
            // Nobody can tell what an unknown member holds; of one that stands twice the first is meant.
            if !is_known || written.contains(&key) {
                done.left_out += 1;
                continue;
            }
            let before = if written.is_empty() { "{" } else { ",\n" };
            outlet.made(format!("{before}\"{key}\":").into_bytes())?;
            match key {
                "snapshot" => outlet.made(self.header(&section.value)?)?,
                "nodes" => self.nodes(&section.value, outlet)?,
                "strings" => self.strings(&section.value, &mut done, outlet)?,
                _ => outlet.copied(section.value.clone())?,
            }
            written.push(key);
        }
        outlet.made(b"}\n".to_vec())?;
        Ok(done)
    }

    /// The header without the title, which people choose.
    fn header(&self, value: &Range<usize>) -> Result<Vec<u8>, Fault> {
        let text = &self.file.bytes(self.task)[value.clone()];
        match serde_json::from_slice::<serde_json::Value>(text) {
            Ok(serde_json::Value::Object(mut header)) if header.contains_key("title") => {
                header.remove("title");
                Ok(serde_json::to_vec(&header).map_err(io::Error::from)?)
            }
            _ => Ok(text.to_vec()),
        }
    }

    /// The nodes, with new numbers for strings that are split.
    fn nodes(&self, value: &Range<usize>, outlet: &Outlet<'_>) -> Result<(), Fault> {
        let roles = self.roles;
        // The tokens of split strings follow the table, in its order.
        let mut next = roles.len() as u64;
        let places: Vec<(u64, u64)> = (0..roles.len() as u64)
            .filter(|&string| roles.is_split(string))
            .map(|string| {
                next += 1;
                (string, next - 1)
            })
            .collect();
        let Some(name) = self.layout.node_name.filter(|_| !places.is_empty()) else {
            return Ok(outlet.copied(value.clone())?);
        };
        let layout = self.layout;
        let of = |piece: &[u8], _| {
            let mut text = Vec::with_capacity(piece.len() + piece.len() / 16);
            let mut copied = 0;
            records(piece, layout.node_width, |record| {
                let string = record.numbers[name];
                let kind = kind_at(
                    &layout.node_kinds,
                    record.numbers[layout.node_type],
                    NodeKind::Other,
                );
                if is_value(kind)
                    && roles.is_split(string)
                    && let Ok(at) = places.binary_search_by_key(&string, |&(string, _)| string)
                {
                    // The number's digits end where it ends, whatever stands between it and the comma.
                    let end = record.ends[name];
                    let is_digit = |byte: &u8| byte.is_ascii_digit();
                    let last = piece[..end]
                        .iter()
                        .rposition(is_digit)
                        .map_or(end, |last| last + 1);
                    let digits = piece[..last]
                        .iter()
                        .rev()
                        .take_while(|byte| is_digit(byte))
                        .count();
                    text.extend_from_slice(&piece[copied..last - digits]);
                    text.extend_from_slice(places[at].1.to_string().as_bytes());
                    copied = last;
                }
            });
            text.extend_from_slice(&piece[copied..]);
            text
        };
        outlet.made(b"[".to_vec())?;
        let width = layout.node_width;
        self.file.pieces(
            value,
            width,
            self.task,
            of,
            |text: Vec<u8>| Ok(outlet.made(text)?),
        )?;
        outlet.made(b"]".to_vec())?;
        Ok(())
    }

    fn strings(&self, value: &Range<usize>, done: &mut Done, outlet: &Outlet<'_>) -> Result<(), Fault> {
        // Tokens of split strings; they stand for the texts in the order of the table.
        let mut split: Vec<u8> = Vec::new();
        let of = |literals: &[&[u8]], first| self.piece(literals, first);
        self.file
            .literal_pieces(value, self.task, of, |strings: Strings| {
                done.values += strings.done.values;
                done.names += strings.done.names;
                done.keys_left += strings.done.keys_left;
                split.extend_from_slice(&strings.split);
                if !strings.renamed.is_empty() {
                    outlet.renamed(strings.renamed)?;
                }
                Ok(outlet.made(strings.block)?)
            })?;
        split.push(b']');
        if self.roles.len() == 0 {
            split.insert(0, b'[');
        }
        outlet.made(split)?;
        Ok(())
    }

    /// The strings from `first` on, whose `literals` they are.
    fn piece(&self, literals: &[&[u8]], first: u64) -> Strings {
        let bytes: usize = literals.iter().map(|literal| literal.len() + 4).sum();
        let mut strings = Strings {
            block: Vec::with_capacity(bytes),
            ..Strings::default()
        };
        let (mut text, mut tokens) = (Vec::new(), Tokens::new(self.redaction.key));
        for (string, raw) in (first..).zip(literals) {
            strings
                .block
                .extend_from_slice(if string == 0 { b"[" } else { b",\n" });
            text.clear();
            raw::text(raw, &mut text);
            let text = JsStr::from_wtf8(&text);
            if self.roles.is_split(string) {
                strings.split.extend_from_slice(b",\n");
                push_quoted(&mut strings.split, tokens.token(text).as_js());
                strings.done.values += 1;
            }
            if let Some(token) = self.replaced(string, text, &mut tokens, &mut strings) {
                push_quoted(&mut strings.block, token.as_js());
            } else {
                strings.block.push(b'"');
                strings.block.extend_from_slice(raw);
                strings.block.push(b'"');
            }
        }
        strings
    }

    /// What takes the place of the string in the table, if it does not stay.
    fn replaced(
        &self,
        string: u64,
        text: JsStr<'_>,
        tokens: &mut Tokens,
        strings: &mut Strings,
    ) -> Option<JsString> {
        let done = &mut strings.done;
        if !self.roles.names(string) {
            // The first string names nothing in V8's files.
            if text.is_empty() || (string == 0 && text == "<dummy>") {
                return None;
            }
            done.values += 1;
            return Some(tokens.token(text));
        }
        let looks = self.roles.is_key(string) && names::looks_like_data(text);
        let is_everyones = || self.roles.is_of_the_engine(string) || names::is_well_known(text);
        let parts = names::parts(text).filter(|_| self.redaction.level == Level::Names);
        let token = match (self.redaction.level, parts) {
            (Level::Names, Some((engines, programs))) => {
                let mut token = JsString::from_wtf8(engines.as_bytes().to_vec());
                token.push(tokens.token(programs.into()).as_js());
                token
            }
            (Level::Keys | Level::Names, _) if looks => tokens.token(text),
            (Level::Names, None) if !is_everyones() => tokens.token(text),
            _ => {
                done.keys_left += u64::from(looks);
                return None;
            }
        };
        done.names += 1;
        strings
            .renamed
            .push((JsString::from_wtf8(text.bytes().to_vec()), token.clone()));
        Some(token)
    }
}

#[cfg(test)]
mod tests;
