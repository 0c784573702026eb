//! What the header says: which number of a record is what, and how many records there should be.
//!
//! Fields and types are known by name and never by position, unknown ones are passed over, and all that can be done without
//! may be missing. (The lengths of `node_types` and `node_fields` do not agree in files of several versions: only the entry
//! for the field `type` is looked at.)

use serde::Deserialize;
use serde_json::Value;

use super::columns::Header;
use super::error::{LoadError, Problem};
use super::input::Input;
use super::integers::MAX_FIELDS;
use super::kind::{EdgeKind, NodeKind, NodeTag};
use super::nodes::MOST_BYTES;

/// The section this file reads.
pub(super) const SECTION: &str = "snapshot";

/// A header is some 1500 bytes long; one that is longer than this is none.
const LIMIT: u64 = 1 << 20;

/// Where the fields of a record stand. A field that is missing stands nowhere and is 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fields {
    names: Vec<String>,
}

impl Fields {
    /// How many numbers make a record.
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// The position of `field`.
    pub(super) fn position(&self, field: &str) -> Option<usize> {
        self.names.iter().position(|name| name == field)
    }

    /// If the record begins with `fields`: how many follow them.
    pub(super) fn after(&self, fields: &[&str]) -> Option<usize> {
        let begins = self.names.len() >= fields.len() && self.names.iter().zip(fields).all(|(a, b)| a == b);
        begins.then(|| self.names.len() - fields.len())
    }
}

/// The layout of a file.
#[derive(Debug)]
pub(super) struct Schema {
    /// The facts that are handed on; the root is not checked yet.
    pub(super) header: Header,
    /// Fields of a node.
    pub(super) node_fields: Fields,
    /// Codes of node types (see [`NodeTag`]) by their number in the file.
    pub(super) node_codes: Vec<u8>,
    /// How many nodes there should be.
    pub(super) node_count: Option<u64>,
    /// Fields of an edge.
    pub(super) edge_fields: Fields,
    /// Kinds of edge types by their number in the file.
    pub(super) edge_kinds: Vec<EdgeKind>,
    /// How many edges there should be.
    pub(super) edge_count: Option<u64>,
    /// Fields of a location.
    pub(super) location_fields: Fields,
    /// Fields of a function of the allocation tables.
    pub(super) trace_function_fields: Fields,
    /// Fields of a call of the allocation tables.
    pub(super) trace_node_fields: Fields,
    /// Fields of a sample.
    pub(super) sample_fields: Fields,
    /// The root's index: its ordinal times the width of a node.
    pub(super) root_index: u64,
}

#[derive(Deserialize)]
struct Head {
    meta: Meta,
    #[serde(default)]
    node_count: Value,
    #[serde(default)]
    edge_count: Value,
    #[serde(default)]
    trace_function_count: Value,
    #[serde(default)]
    root_index: Value,
    #[serde(default)]
    extra_native_bytes: Value,
}

#[derive(Deserialize)]
struct Meta {
    node_fields: Vec<String>,
    #[serde(default)]
    node_types: Vec<Value>,
    edge_fields: Vec<String>,
    #[serde(default)]
    edge_types: Vec<Value>,
    #[serde(default)]
    location_fields: Vec<String>,
    #[serde(default)]
    trace_function_info_fields: Vec<String>,
    #[serde(default)]
    trace_node_fields: Vec<String>,
    #[serde(default)]
    sample_fields: Vec<String>,
}

impl Schema {
    /// Reads the header, which lies at `start..end`.
    pub(super) fn read(
        input: &Input<'_>,
        start: usize,
        end: usize,
        problems: &mut Vec<Problem>,
    ) -> Result<Self, LoadError> {
        let text = &input.bytes[start..end];
        if text.len() as u64 > LIMIT {
            return Err(input.too_large(format!("the header has {} bytes", text.len()), LIMIT));
        }
        let head: Head = serde_json::from_slice(text).map_err(|error| {
            // The parser counts lines and columns; most headers have one line.
            let column = if error.line() == 1 { error.column() } else { 0 };
            input.malformed(
                SECTION,
                start + column,
                format!("the header cannot be read ({error})"),
            )
        })?;
        let meta = head.meta;
        let (node_codes, other_kinds) = node_codes(&meta.node_types, &meta.node_fields);
        let edge_kinds = names_of_types(&meta.edge_types, &meta.edge_fields)
            .map(EdgeKind::from_name)
            .collect();
        let mut schema = Self {
            header: Header {
                root: 0,
                other_kinds,
                has_detachedness: meta.node_fields.iter().any(|field| field == "detachedness"),
                extra_native_bytes: head.extra_native_bytes.as_u64().unwrap_or_default(),
                trace_function_count: head.trace_function_count.as_u64().unwrap_or_default(),
                node_fields: meta.node_fields.clone(),
            },
            node_fields: Fields {
                names: meta.node_fields,
            },
            node_codes,
            node_count: head.node_count.as_u64(),
            edge_fields: Fields {
                names: meta.edge_fields,
            },
            edge_kinds,
            edge_count: head.edge_count.as_u64(),
            location_fields: Fields {
                names: meta.location_fields,
            },
            trace_function_fields: Fields {
                names: meta.trace_function_info_fields,
            },
            trace_node_fields: Fields {
                names: meta.trace_node_fields,
            },
            sample_fields: Fields {
                names: meta.sample_fields,
            },
            root_index: head.root_index.as_u64().unwrap_or_default(),
        };
        schema.check(input, start, problems)?;
        let extra = &mut schema.header.extra_native_bytes;
        if *extra > MOST_BYTES {
            problems.push(Problem {
                section: SECTION.to_owned(),
                offset: Some(start as u64),
                what: format!("extra_native_bytes is {extra}, more than can be: it is taken to be 0"),
            });
            *extra = 0;
        }
        Ok(schema)
    }

    /// Are the fields there that make a graph? What else is missing is told.
    fn check(&self, input: &Input<'_>, start: usize, problems: &mut Vec<Problem>) -> Result<(), LoadError> {
        let expected: [(&str, &Fields, &[&str], &[&str]); 2] = [
            (
                "node_fields",
                &self.node_fields,
                &["type", "edge_count"],
                &["name", "id", "self_size"],
            ),
            (
                "edge_fields",
                &self.edge_fields,
                &["type", "to_node"],
                &["name_or_index"],
            ),
        ];
        for (list, fields, needed, wanted) in expected {
            if fields.width() > MAX_FIELDS {
                let what = format!("{list} names {} fields", fields.width());
                return Err(input.too_large(what, MAX_FIELDS as u64));
            }
            if let Some(missing) = needed.iter().find(|field| fields.position(field).is_none()) {
                let what = format!("expected \"{missing}\" among {list}, found {:?}", fields.names);
                return Err(input.malformed(SECTION, start, what));
            }
            for missing in wanted.iter().filter(|field| fields.position(field).is_none()) {
                problems.push(Problem {
                    section: SECTION.to_owned(),
                    offset: Some(start as u64),
                    what: format!("{list} does not name \"{missing}\": it is taken to be 0 everywhere"),
                });
            }
        }
        Ok(())
    }
}

/// Codes of the node types of the file, and the names of those that this program does not know.
fn node_codes(types: &[Value], fields: &[String]) -> (Vec<u8>, Vec<String>) {
    let mut others: Vec<String> = Vec::new();
    let codes = names_of_types(types, fields)
        .map(|name| match NodeKind::from_name(name) {
            NodeKind::Other => {
                others.push(name.to_owned());
                let code = NodeKind::Other as usize + others.len() - 1;
                u8::try_from(code).unwrap_or(u8::MAX).min(NodeTag::CODES - 1)
            }
            kind => kind as u8,
        })
        .collect();
    (codes, others)
}

/// The names of the types: the entry of `types` that stands where the field `type` stands.
fn names_of_types<'v>(types: &'v [Value], fields: &[String]) -> impl Iterator<Item = &'v str> {
    let at = fields.iter().position(|field| field == "type");
    let names = at.and_then(|at| types.get(at)).and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .map(|name| name.as_str().unwrap_or_default())
}
