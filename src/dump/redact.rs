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
mod roles;
pub mod tokens;

use std::io::{self, Write};
use std::ops::Range;
use std::path::Path;

use roles::{Roles, is_value, kind_at};
use tokens::{Key, Tokens};

use super::Fault;
use crate::base::json_text::push_quoted;
use crate::base::task::{Cancelled, Stage, Task};
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

/// How much is written at a time.
const BLOCK: usize = 4 << 20;

/// Writes the snapshot at `path` to `out` with tokens of `key`. Each name that was replaced is told to `renamed`, with what
/// took its place.
pub fn redact(
    path: &Path,
    level: Level,
    key: Key,
    out: &mut impl Write,
    renamed: &mut dyn FnMut(JsStr<'_>, JsStr<'_>) -> io::Result<()>,
    task: &Task,
) -> Result<Done, Fault> {
    let file = RawFile::open(path, task)?;
    let sections = file.sections(task)?;
    let header = sections.iter().find(|section| section.key == "snapshot");
    let header = header.map_or(0..0, |section| section.value.clone());
    let layout = file.layout(&header, task)?;
    task.begin(Stage::Read, 2 * file.bytes(task).len() as u64);
    let roles = Roles::gather(&file, &sections, &layout, task)?;
    let mut writer = Writer {
        file: &file,
        layout: &layout,
        roles: &roles,
        level,
        tokens: Tokens::new(key),
        renamed,
        done: Done {
            bytes: file.bytes(task).len() as u64,
            ..Done::default()
        },
        task,
    };
    let written = writer.all(&sections, out);
    let done = writer.done;
    if !matches!(written, Err(Fault::Load(LoadError::Cancelled(_)))) {
        // Before anything else is said: what was read twice must have been the same.
        file.check()?;
    }
    written?;
    Ok(done)
}

struct Writer<'a> {
    file: &'a RawFile,
    layout: &'a Layout,
    roles: &'a Roles,
    level: Level,
    tokens: Tokens,
    renamed: &'a mut dyn FnMut(JsStr<'_>, JsStr<'_>) -> io::Result<()>,
    done: Done,
    task: &'a Task,
}

impl Writer<'_> {
    fn all(&mut self, sections: &[RawSection], out: &mut impl Write) -> Result<(), Fault> {
        let mut written: Vec<&str> = Vec::new();
        for section in sections {
            let key = section.key.as_str();
            let is_known = ["snapshot", "nodes", "strings"].contains(&key) || NUMBERS.contains(&key);
            // Nobody can tell what an unknown member holds; of one that stands twice the first is meant.
            if !is_known || written.contains(&key) {
                self.done.left_out += 1;
                continue;
            }
            let before = if written.is_empty() { "{" } else { ",\n" };
            write!(out, "{before}\"{key}\":")?;
            match key {
                "snapshot" => self.header(&section.value, out)?,
                "nodes" => self.nodes(&section.value, out)?,
                "strings" => self.strings(&section.value, out)?,
                _ => self.copy(&section.value, out)?,
            }
            written.push(key);
        }
        out.write_all(b"}\n")?;
        Ok(())
    }

    /// The header without the title, which people choose.
    fn header(&self, value: &Range<usize>, out: &mut impl Write) -> Result<(), Fault> {
        let text = &self.file.bytes(self.task)[value.clone()];
        match serde_json::from_slice::<serde_json::Value>(text) {
            Ok(serde_json::Value::Object(mut header)) if header.contains_key("title") => {
                header.remove("title");
                serde_json::to_writer(out, &header).map_err(io::Error::from)?;
            }
            _ => out.write_all(text)?,
        }
        Ok(())
    }

    fn copy(&self, value: &Range<usize>, out: &mut impl Write) -> Result<(), Fault> {
        let bytes = self.file.bytes(self.task);
        for start in value.clone().step_by(BLOCK) {
            let block = start..(start + BLOCK).min(value.end);
            if memchr::memchr(b'"', &bytes[block.clone()]).is_some() {
                return Err(io::Error::other("a section of numbers holds a text").into());
            }
            out.write_all(&bytes[block.clone()])?;
            self.file.consumed(block, self.task)?;
        }
        Ok(())
    }

    /// The nodes, with new numbers for strings that are split.
    fn nodes(&self, value: &Range<usize>, out: &mut impl Write) -> Result<(), Fault> {
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
            return self.copy(value, out);
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
        out.write_all(b"[")?;
        let mut failed = None;
        self.file
            .pieces(value, layout.node_width, self.task, of, |text: Vec<u8>| {
                if let Err(error) = out.write_all(&text) {
                    failed = Some(error);
                    return Err(Cancelled.into());
                }
                Ok(())
            })
            .map_err(|error| failed.take().map_or(Fault::Load(error), Fault::Write))?;
        out.write_all(b"]")?;
        Ok(())
    }

    fn strings(&mut self, value: &Range<usize>, out: &mut impl Write) -> Result<(), Fault> {
        let (file, roles, task) = (self.file, self.roles, self.task);
        let mut block = Vec::with_capacity(BLOCK);
        block.push(b'[');
        let (mut string, mut text, mut failed) = (0, Vec::new(), None);
        // Tokens of split strings; they stand for the texts in the order of the table.
        let mut split: Vec<u8> = Vec::new();
        let read = file.literals(value, task, |raw| {
            if string > 0 {
                block.extend_from_slice(b",\n");
            }
            text.clear();
            raw::text(raw, &mut text);
            let text = JsStr::from_wtf8(&text);
            if roles.is_split(string) {
                split.extend_from_slice(b",\n");
                push_quoted(&mut split, self.tokens.token(text).as_js());
                self.done.values += 1;
            }
            match self.replaced(string, text) {
                Ok(Some(token)) => push_quoted(&mut block, token.as_js()),
                Ok(None) => {
                    block.push(b'"');
                    block.extend_from_slice(raw);
                    block.push(b'"');
                }
                Err(error) => {
                    failed = Some(error);
                    return Err(Cancelled.into());
                }
            }
            string += 1;
            if block.len() >= BLOCK {
                if let Err(error) = out.write_all(&block) {
                    failed = Some(error);
                    return Err(Cancelled.into());
                }
                block.clear();
            }
            Ok(())
        });
        read.map_err(|error| failed.take().map_or(Fault::Load(error), Fault::Write))?;
        out.write_all(&block)?;
        out.write_all(&split)?;
        out.write_all(b"]")?;
        Ok(())
    }

    /// What takes the place of the string in the table, if it does not stay.
    fn replaced(&mut self, string: u64, text: JsStr<'_>) -> io::Result<Option<JsString>> {
        if !self.roles.names(string) {
            // The first string names nothing in V8's files.
            if text.is_empty() || (string == 0 && text == "<dummy>") {
                return Ok(None);
            }
            self.done.values += 1;
            return Ok(Some(self.tokens.token(text)));
        }
        let looks = self.roles.is_key(string) && names::looks_like_data(text);
        let goes = match self.level {
            Level::Values => false,
            Level::Keys => looks,
            Level::Names => !self.roles.is_of_the_engine(string) && !names::is_well_known(text),
        };
        if !goes {
            self.done.keys_left += u64::from(looks);
            return Ok(None);
        }
        self.done.names += 1;
        let token = self.tokens.token(text);
        (self.renamed)(text, token.as_js())?;
        Ok(Some(token))
    }
}

#[cfg(test)]
mod tests;
