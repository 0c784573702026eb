//! Puts the columns together.

use std::ops::Range;
use std::path::Path;

use rustc_hash::FxHashMap;

use super::columns::{Columns, EdgeColumns, EdgeHead, Header, Locations, NodeColumns, Place};
use super::error::{LoadError, Problem};
use super::kind::{Detachedness, EdgeKind, NodeKind, NodeTag};
use super::schema::{Head, position};
use super::sections::{Member, members, string_end};
use super::strings::StringTable;
use super::unescape::unescape;
use crate::base::index::{Ix as _, NodeIx, StringIx, to_u32};
use crate::base::packed::Packed;
use crate::base::task::{Stage, Task};

const CUT: &str = "The file was cut short: take the snapshot again, or copy it again";

struct Reader<'a> {
    bytes: &'a [u8],
    path: &'a Path,
    task: &'a Task,
    members: Vec<Member<'a>>,
    problems: Vec<Problem>,
}

pub(super) fn read(bytes: &[u8], path: &Path, task: &Task) -> Result<Columns, LoadError> {
    task.begin(Stage::Scan, 1);
    let (members, whole) = members(bytes);
    let mut reader = Reader {
        bytes,
        path,
        task,
        members,
        problems: Vec::new(),
    };
    if !whole {
        reader.problem(
            "strings",
            None,
            "the file ends before its last section does".to_owned(),
        );
    }
    reader.columns()
}

impl Reader<'_> {
    fn section(&self, key: &str) -> Option<Range<usize>> {
        let found = self.members.iter().find(|member| member.key == key.as_bytes());
        found.map(|member| member.value.clone())
    }

    fn problem(&mut self, section: &str, offset: Option<usize>, what: String) {
        self.problems.push(Problem {
            section: section.to_owned(),
            offset: offset.map(|at| at as u64),
            what,
        });
    }

    fn malformed(&self, section: &str, offset: usize, what: impl Into<String>) -> LoadError {
        LoadError::Malformed {
            section: section.to_owned(),
            offset: offset as u64,
            what: what.into(),
            advice: CUT.to_owned(),
            path: self.path.to_owned(),
        }
    }

    fn columns(self) -> Result<Columns, LoadError> {
        let Some(range) = self.section("snapshot") else {
            return Err(LoadError::NotASnapshot {
                found: "something else".to_owned(),
                advice: "Choose a .heapsnapshot or .heaptimeline file".to_owned(),
                path: self.path.to_owned(),
            });
        };
        let head: Head = serde_json::from_slice(&self.bytes[range.clone()])
            .map_err(|error| self.malformed("snapshot", range.start, error.to_string()))?;
        self.task.begin(Stage::Read, 1);
        let node_fields = head.meta.node_fields.clone();
        let integers = self.integers("nodes")?;
        let n = node_fields.len().max(1);
        let count = (integers.len() / n).min(limit(head.node_count));
        let (codes, other_kinds) = head.meta.node_codes();
        let field = |name: &str| position(&node_fields, name);
        let value = |at: usize, field: Option<usize>| field.map_or(0, |field| integers[at * n + field]);
        let (kind, detachedness) = (field("type"), field("detachedness"));
        let tags = (0..count)
            .map(|at| {
                let code = codes.get(usize_of(value(at, kind))).copied();
                let state = match value(at, detachedness) & 3 {
                    1 => Detachedness::Attached,
                    2 => Detachedness::Detached,
                    _ => Detachedness::Unknown,
                };
                NodeTag::new(code.unwrap_or(NodeKind::Other as u8), state)
            })
            .collect();
        let (name, id, size) = (field("name"), field("id"), field("self_size"));
        let names = (0..count)
            .map(|at| StringIx::from_raw(narrow(value(at, name))))
            .collect();
        let ids = Packed::build(count, |at| value(at, id));
        let self_sizes = Packed::build(count, |at| value(at, size));
        let edges = self.edges(&head, n, count)?;
        let edge_count = field("edge_count");
        let mut first_edges = Vec::with_capacity(count + 1);
        let mut sum = 0;
        for at in 0..count {
            first_edges.push(to_u32(sum));
            sum = (sum + usize_of(value(at, edge_count))).min(edges.heads.len());
        }
        first_edges.push(to_u32(edges.heads.len()));
        let locations = self.locations(&head, n, count)?;
        self.task.begin(Stage::Strings, 1);
        let strings = self.strings();
        let header = Header {
            root: narrow(head.root_index / n as u64),
            other_kinds,
            has_detachedness: detachedness.is_some(),
            extra_native_bytes: head.extra_native_bytes,
            trace_function_count: head.trace_function_count,
            has_samples: self.section("samples").is_some_and(|range| range.len() > 2),
            node_fields,
        };
        if header.root as usize >= count {
            return Err(self.malformed("snapshot", range.start, "the root is no node"));
        }
        Ok(Columns {
            header,
            nodes: NodeColumns {
                tags,
                names,
                ids,
                self_sizes,
                first_edges,
            },
            edges,
            strings,
            locations,
            problems: self.problems,
        })
    }

    fn edges(&self, head: &Head, n: usize, nodes: usize) -> Result<EdgeColumns, LoadError> {
        let integers = self.integers("edges")?;
        let fields = &head.meta.edge_fields;
        let kinds = head.meta.edge_kinds();
        let (Some(kind), Some(name), Some(to)) = (
            position(fields, "type"),
            position(fields, "name_or_index"),
            position(fields, "to_node"),
        ) else {
            return Err(self.malformed("snapshot", 0, "edge_fields lack a name"));
        };
        let (mut heads, mut names) = (Vec::new(), Vec::new());
        for (at, record) in integers
            .chunks_exact(fields.len())
            .take(limit(head.edge_count))
            .enumerate()
        {
            self.task.check_at(at)?;
            let target = usize_of(record[to]);
            if target % n != 0 || target / n >= nodes {
                return Err(self.malformed("edges", 0, format!("edge {at} leads to {target}, no node")));
            }
            let kind = kinds.get(usize_of(record[kind])).copied();
            heads.push(EdgeHead::new(kind.unwrap_or(EdgeKind::Other), to_u32(target / n)));
            names.push(narrow(record[name]));
        }
        Ok(EdgeColumns { heads, names })
    }

    fn locations(&self, head: &Head, n: usize, nodes: usize) -> Result<Locations, LoadError> {
        let fields = &head.meta.location_fields;
        let (Some(object), Some(script), Some(line), Some(column)) = (
            position(fields, "object_index"),
            position(fields, "script_id"),
            position(fields, "line"),
            position(fields, "column"),
        ) else {
            return Ok(Locations::default());
        };
        if self.section("locations").is_none() {
            return Ok(Locations::default());
        }
        let integers = self.integers("locations")?;
        let mut rows: Vec<(NodeIx, Place)> = integers
            .chunks_exact(fields.len())
            .filter(|record| usize_of(record[object]) / n < nodes)
            .map(|record| {
                let place = Place {
                    script_id: narrow(record[script]),
                    line: narrow(record[line]),
                    column: narrow(record[column]),
                };
                (NodeIx::new(usize_of(record[object]) / n), place)
            })
            .collect();
        rows.sort_by_key(|row| row.0);
        rows.dedup_by_key(|row| row.0);
        let (mut places, mut seen) = (Vec::new(), FxHashMap::default());
        let place_of = rows
            .iter()
            .map(|&(_, place)| {
                *seen.entry(place).or_insert_with(|| {
                    places.push(place);
                    to_u32(places.len() - 1)
                })
            })
            .collect();
        let nodes = rows.into_iter().map(|row| row.0).collect();
        Ok(Locations::from_parts(nodes, place_of, places))
    }

    fn strings(&self) -> StringTable {
        let mut table = StringTable::default();
        let Some(range) = self.section("strings") else {
            return table;
        };
        let bytes = &self.bytes[range];
        let mut at = 1;
        while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'"', rest)) {
            let start = at + found;
            let Some(end) = string_end(bytes, start) else {
                break;
            };
            table.push(unescape(&bytes[start + 1..end - 1]).as_js());
            at = end;
        }
        table
    }

    /// The integers of an array.
    fn integers(&self, section: &str) -> Result<Vec<u64>, LoadError> {
        let range = self
            .section(section)
            .ok_or_else(|| self.malformed(section, self.bytes.len(), "the section is missing"))?;
        let mut values = Vec::new();
        let mut current: Option<u64> = None;
        for at in range.clone() {
            self.task.check_at(at)?;
            let byte = self.bytes[at];
            if byte.is_ascii_digit() {
                let value = current.unwrap_or(0).checked_mul(10);
                let value = value.and_then(|value| value.checked_add(u64::from(byte - b'0')));
                current = Some(value.ok_or_else(|| self.malformed(section, at, "a number is too large"))?);
            } else {
                values.extend(current.take());
                let known = matches!(byte, b',' | b'[' | b']') || byte.is_ascii_whitespace();
                if !known {
                    return Err(self.malformed(section, at, "expected a whole number"));
                }
            }
        }
        Ok(values)
    }
}

fn limit(count: Option<u64>) -> usize {
    count.map_or(usize::MAX, usize_of)
}

fn usize_of(value: u64) -> usize {
    usize::try_from(value).unwrap_or(usize::MAX)
}

fn narrow(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}
