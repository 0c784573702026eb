//! A file as it was written, section by section: for those who write another like it.
//!
//! Nothing is kept but where the sections stand. Sections of numbers are gone through in waves of pieces that hold whole
//! records, on all threads, and the memory behind each wave is given back, so that a file of any size takes a few megabytes.

use std::io::Write;
use std::ops::Range;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::error::LoadError;
use super::input::{Input, is_white, shown};
use super::integers::MAX_FIELDS;
use super::kind::{EdgeKind, NodeKind};
use super::literals::{self, closing_quote};
use super::schema::{self, Schema};
use super::sections::{Members, Stop, skip};
use super::source::Source;
use super::unescape::unescape;
use super::{edges, locations, nodes, samples, sniff};
use crate::base::task::{Stage, Task};

/// What is said to do about a file that is not whole.
const REPAIR: &str = "Make it whole first: heapatlas repair FILE WHOLE.heapsnapshot";

/// An open file.
#[derive(Debug)]
pub struct RawFile {
    source: Source,
    path: PathBuf,
}

/// A member of the file's object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RawSection {
    /// Its key.
    pub key: String,
    /// The bytes of its value.
    pub value: Range<usize>,
}

/// Which number of a record is what.
#[derive(Clone, Debug)]
pub struct Layout {
    /// Numbers of a node.
    pub node_width: usize,
    /// The place of a node's number of edges.
    pub node_edges: usize,
    /// The place of a node's type, and of its name if it has one.
    pub node_type: usize,
    /// See [`Layout::node_type`].
    pub node_name: Option<usize>,
    /// The kinds of nodes by their numbers.
    pub node_kinds: Vec<NodeKind>,
    /// Numbers of an edge.
    pub edge_width: usize,
    /// The place of an edge's type, of its target, and of its name if it has one.
    pub edge_type: usize,
    /// See [`Layout::edge_type`].
    pub edge_target: usize,
    /// See [`Layout::edge_type`].
    pub edge_name: Option<usize>,
    /// The kinds of edges by their numbers.
    pub edge_kinds: Vec<EdgeKind>,
    /// Numbers of a function in the allocation tables, and the places of its texts.
    pub function_width: usize,
    /// See [`Layout::function_width`].
    pub function_texts: Vec<usize>,
}

/// A record: its numbers, and where each ends in the piece.
pub struct RawRecord<'a> {
    /// The numbers; those above 64 bits are wrong.
    pub numbers: &'a [u64],
    /// Positions of the commas after them.
    pub ends: &'a [usize],
}

impl RawFile {
    /// Opens the file at `path`, plain or compressed; `-` is standard input.
    pub fn open(path: &Path, task: &Task) -> Result<Self, LoadError> {
        let source = Source::open(path, task)?;
        if let Some(problem) = &source.problem {
            return Err(LoadError::Malformed {
                section: problem.section.clone(),
                offset: problem.offset.unwrap_or_default(),
                what: problem.what.clone(),
                advice: REPAIR.to_owned(),
                path: path.to_owned(),
            });
        }
        Ok(Self {
            source,
            path: path.to_owned(),
        })
    }

    /// What `make` writes, as if it were the file at `path`.
    pub fn made<E: From<LoadError>>(
        path: &Path,
        task: &Task,
        make: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<Self, E> {
        Ok(Self {
            source: Source::made(path, task, make)?,
            path: path.to_owned(),
        })
    }

    /// A file that lies in memory, uncompressed; `path` stands for it in errors.
    pub fn held(bytes: Vec<u8>, path: &Path) -> Self {
        Self {
            source: Source::held(bytes),
            path: path.to_owned(),
        }
    }

    /// Asked when all was read: an error if the file was changed meanwhile, so that what was read may not belong together.
    pub fn check(&self) -> Result<(), LoadError> {
        match self.source.check(&self.path)? {
            None => Ok(()),
            Some(problem) => Err(LoadError::Open {
                path: self.path.clone(),
                source: std::io::Error::other(problem.what),
            }),
        }
    }

    fn input<'a>(&'a self, task: &'a Task) -> Input<'a> {
        self.source.input(&self.path, task)
    }

    /// The (decoded) bytes.
    pub fn bytes<'a>(&'a self, task: &'a Task) -> &'a [u8] {
        self.input(task).bytes
    }

    /// The sections, in the order of the file, which must be whole.
    pub fn sections(&self, task: &Task) -> Result<Vec<RawSection>, LoadError> {
        let input = self.input(task);
        task.begin(Stage::Scan, input.bytes.len() as u64);
        let start = sniff::object_start(&input)?;
        let mut members = Members::new(&input, start);
        let mut sections: Vec<RawSection> = Vec::new();
        let keys = |sections: &[RawSection]| -> Vec<String> {
            sections.iter().map(|section| section.key.clone()).collect()
        };
        loop {
            match members.next() {
                Ok(member) => {
                    let flat = [
                        nodes::SECTION,
                        edges::SECTION,
                        locations::SECTION,
                        samples::SECTION,
                    ];
                    let is_flat = flat.contains(&member.key.as_str());
                    let first = input.bytes.get(member.value);
                    if (is_flat || member.key == literals::SECTION) && first != Some(&b'[') {
                        let what = format!("expected an array, found {}", shown(first));
                        return Err(self.damaged(&member.key, member.value, what));
                    }
                    let end = if is_flat {
                        flat_end(&input, member.value)?
                    } else {
                        skip(&input, member.value)?
                    };
                    let end = end.ok_or_else(|| self.cut(&input, &member.key))?;
                    members.resume(end);
                    sections.push(RawSection {
                        key: member.key,
                        value: member.value..end,
                    });
                }
                Err(Stop::Closed(_)) => break,
                Err(Stop::Cut) if sections.is_empty() => return Err(self.cut(&input, schema::SECTION)),
                Err(Stop::Cut) => return Err(self.cut(&input, "end")),
                Err(Stop::Broken(at, what)) => {
                    if !sections.iter().any(|section| section.key == schema::SECTION) {
                        return Err(sniff::by_keys(&input, &keys(&sections)));
                    }
                    return Err(input.malformed("top level", at, what));
                }
            }
        }
        for needed in [schema::SECTION, nodes::SECTION, edges::SECTION, literals::SECTION] {
            if !sections.iter().any(|section| section.key == needed) {
                if needed == schema::SECTION {
                    return Err(sniff::by_keys(&input, &keys(&sections)));
                }
                return Err(input.malformed(needed, input.bytes.len(), "the section is missing"));
            }
        }
        Ok(sections)
    }

    fn cut(&self, input: &Input<'_>, section: &str) -> LoadError {
        self.damaged(section, input.bytes.len(), "the file ends before its end")
    }

    /// The file is to be made whole first: of `section`, `what` is wrong at byte `at`.
    pub fn damaged(&self, section: &str, at: usize, what: impl Into<String>) -> LoadError {
        LoadError::Malformed {
            section: section.to_owned(),
            offset: at as u64,
            what: what.into(),
            advice: REPAIR.to_owned(),
            path: self.path.clone(),
        }
    }

    /// The layout that the header, which lies at `header`, gives.
    pub fn layout(&self, header: &Range<usize>, task: &Task) -> Result<Layout, LoadError> {
        let input = self.input(task);
        let schema = Schema::read(&input, header.start, header.end, &mut Vec::new())?;
        let kinds = schema.node_codes.iter();
        let known = |&code: &u8| NodeKind::ALL[usize::from(code).min(NodeKind::Other as usize)];
        let (nodes, edges) = (&schema.node_fields, &schema.edge_fields);
        let functions = &schema.trace_function_fields;
        let texts = ["name", "script_name"];
        Ok(Layout {
            node_width: nodes.width(),
            node_edges: nodes.position("edge_count").unwrap_or_default(),
            node_type: nodes.position("type").unwrap_or_default(),
            node_name: nodes.position("name"),
            node_kinds: kinds.map(known).collect(),
            edge_width: edges.width(),
            edge_type: edges.position("type").unwrap_or_default(),
            edge_target: edges.position("to_node").unwrap_or_default(),
            edge_name: edges.position("name_or_index"),
            edge_kinds: schema.edge_kinds,
            function_width: functions.width(),
            function_texts: texts.iter().filter_map(|text| functions.position(text)).collect(),
        })
    }

    /// Goes through the array at `value` of records of `width` numbers: `of` makes something of each piece, on any thread,
    /// `take` is given these in order. Pieces begin with the array's first byte and end before its bracket.
    pub fn pieces<T: Send>(
        &self,
        value: &Range<usize>,
        width: usize,
        task: &Task,
        of: impl Fn(&[u8], usize) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), LoadError>,
    ) -> Result<(), LoadError> {
        let input = self.input(task);
        let end = value.end - 1;
        let (mut from, mut row, mut commas) = (value.start + 1, 0, 0);
        let mut at = from;
        while at < end {
            let mut chunks = input.wave(at);
            chunks.retain(|chunk| chunk.start < end);
            if let Some(last) = chunks.last_mut() {
                last.end = last.end.min(end);
            }
            let counts: Vec<usize> = chunks
                .par_iter()
                .map(|chunk| memchr::memchr_iter(b',', &input.bytes[chunk.clone()]).count())
                .collect();
            let mut pieces = Vec::with_capacity(chunks.len());
            for (chunk, count) in chunks.iter().zip(counts) {
                commas += count;
                let missing = width - commas % width;
                let near = &input.bytes[chunk.end..end];
                // What follows the last comma of all belongs to the last record.
                let comma = memchr::memchr_iter(b',', near).nth(missing - 1);
                let (next, next_row) = match comma {
                    Some(comma) => (chunk.end + comma + 1, commas / width + 1),
                    None => (end, usize::MAX),
                };
                pieces.push((from..next, row));
                (from, row) = (next, next_row);
            }
            let reached = chunks.last().map_or(end, |chunk| chunk.end);
            let made: Vec<T> = pieces
                .into_par_iter()
                .filter(|(piece, _)| !piece.is_empty())
                .map(|(piece, row)| of(&input.bytes[piece], row))
                .collect();
            for one in made {
                take(one)?;
            }
            input.consumed(at..reached)?;
            at = reached;
        }
        Ok(())
    }

    /// Goes through the literals of the array at `value`: `take` is given each without its quotes, in order.
    pub fn literals(
        &self,
        value: &Range<usize>,
        task: &Task,
        mut take: impl FnMut(&[u8]) -> Result<(), LoadError>,
    ) -> Result<(), LoadError> {
        const STRIDE: usize = 8 << 20;
        let input = self.input(task);
        let mut literals = Literals::new(&input, value);
        let mut told = value.start;
        while let Some(literal) = literals.next()? {
            take(&input.bytes[literal])?;
            if literals.at - told >= STRIDE {
                input.consumed(told..literals.at)?;
                told = literals.at;
            }
        }
        Ok(input.consumed(told..literals.at.max(told))?)
    }

    /// Goes through the literals of the array at `value` in pieces: `of` makes something of the literals of a piece (without
    /// their quotes) and the number of its first, on any thread; `take` is given these in order.
    pub fn literal_pieces<T: Send>(
        &self,
        value: &Range<usize>,
        task: &Task,
        of: impl Fn(&[&[u8]], u64) -> T + Sync,
        mut take: impl FnMut(T) -> Result<(), LoadError>,
    ) -> Result<(), LoadError> {
        let input = self.input(task);
        let bytes = input.bytes;
        let mut literals = Literals::new(&input, value);
        let (mut number, mut told, mut is_over) = (0, value.start, false);
        while !is_over {
            let most = input.wave(literals.at).len().max(1);
            let mut pieces: Vec<(Vec<&[u8]>, u64)> = Vec::with_capacity(most);
            while pieces.len() < most && !is_over {
                let (mut piece, first, from) = (Vec::new(), number, literals.at);
                while literals.at - from < input.chunk {
                    let Some(literal) = literals.next()? else {
                        is_over = true;
                        break;
                    };
                    piece.push(&bytes[literal]);
                    number += 1;
                }
                pieces.push((piece, first));
            }
            let made: Vec<T> = pieces
                .par_iter()
                .map(|(piece, first)| of(piece, *first))
                .collect();
            for one in made {
                take(one)?;
            }
            input.consumed(told..literals.at.max(told))?;
            told = literals.at;
        }
        Ok(())
    }

    /// Gives the memory behind `range` back: it has been read.
    pub fn consumed(&self, range: Range<usize>, task: &Task) -> Result<(), LoadError> {
        Ok(self.input(task).consumed(range)?)
    }
}

/// Walks over the literals of an array.
struct Literals<'i, 'f> {
    input: &'i Input<'f>,
    end: usize,
    at: usize,
}

impl<'i, 'f> Literals<'i, 'f> {
    fn new(input: &'i Input<'f>, value: &Range<usize>) -> Self {
        Self {
            input,
            end: value.end,
            at: value.start + 1,
        }
    }

    /// Where the next one stands, without its quotes.
    fn next(&mut self) -> Result<Option<Range<usize>>, LoadError> {
        let bytes = &self.input.bytes[..self.end];
        while let Some(&byte) = bytes.get(self.at) {
            match byte {
                b'"' => {
                    let start = self.at + 1;
                    let Some((quote, _)) = closing_quote(bytes, start) else {
                        let what = "the file ends before its end";
                        return Err(self.input.malformed(literals::SECTION, self.at, what));
                    };
                    self.at = quote + 1;
                    return Ok(Some(start..quote));
                }
                b']' => break,
                byte if byte == b',' || is_white(byte) => self.at += 1,
                other => {
                    let what = format!("expected a string, found {}", super::input::shown(Some(&other)));
                    return Err(self.input.malformed(literals::SECTION, self.at, what));
                }
            }
        }
        Ok(None)
    }
}

/// The text of a literal without its quotes.
pub fn text(raw: &[u8], text: &mut Vec<u8>) {
    unescape(raw, text);
}

/// The position after the array of numbers at `start`.
fn flat_end(input: &Input<'_>, start: usize) -> Result<Option<usize>, LoadError> {
    let mut at = start;
    while at < input.bytes.len() {
        let chunks = input.wave(at);
        let end = chunks.last().map_or(at, |chunk| chunk.end);
        let close = |chunk: Range<usize>| {
            let close = memchr::memchr(b']', &input.bytes[chunk.clone()])?;
            Some(chunk.start + close + 1)
        };
        let close = chunks.into_par_iter().find_map_first(close);
        input.consumed(at..close.unwrap_or(end))?;
        if close.is_some() {
            return Ok(close);
        }
        at = end;
    }
    Ok(None)
}

/// Hands each record of `width` numbers in `piece` to `take`; what is left at the end is no record.
pub fn records(piece: &[u8], width: usize, mut take: impl FnMut(RawRecord<'_>)) {
    let (mut numbers, mut ends) = ([0_u64; MAX_FIELDS], [0_usize; MAX_FIELDS]);
    let (mut field, mut number, mut any) = (0, 0_u64, false);
    for (at, &byte) in piece.iter().enumerate() {
        let digit = byte.wrapping_sub(b'0');
        if digit < 10 {
            number = number.wrapping_mul(10).wrapping_add(u64::from(digit));
            any = true;
        } else if byte == b',' {
            (numbers[field], ends[field]) = (number, at);
            (number, any) = (0, false);
            field += 1;
            if field == width {
                field = 0;
                take(RawRecord {
                    numbers: &numbers[..width],
                    ends: &ends[..width],
                });
            }
        }
    }
    if any && field + 1 == width {
        (numbers[field], ends[field]) = (number, piece.len());
        take(RawRecord {
            numbers: &numbers[..width],
            ends: &ends[..width],
        });
    }
}
