//! What the header says: which integer of a record is what.

use serde::Deserialize;

use super::kind::{EdgeKind, NodeKind, NodeTag};

#[derive(Deserialize)]
pub(super) struct Head {
    pub(super) meta: Meta,
    pub(super) node_count: Option<u64>,
    pub(super) edge_count: Option<u64>,
    #[serde(default)]
    pub(super) trace_function_count: u64,
    #[serde(default)]
    pub(super) root_index: u64,
    #[serde(default)]
    pub(super) extra_native_bytes: u64,
}

#[derive(Deserialize)]
pub(super) struct Meta {
    pub(super) node_fields: Vec<String>,
    node_types: Vec<Types>,
    pub(super) edge_fields: Vec<String>,
    edge_types: Vec<Types>,
    #[serde(default)]
    pub(super) location_fields: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Types {
    Names(Vec<String>),
    Other(serde::de::IgnoredAny),
}

impl Meta {
    /// Codes of the node types of the file, and the names of those that this program does not know.
    pub(super) fn node_codes(&self) -> (Vec<u8>, Vec<String>) {
        let mut others = Vec::new();
        let codes = names(&self.node_types, &self.node_fields)
            .iter()
            .map(|name| match NodeKind::from_name(name) {
                NodeKind::Other => {
                    let at = others.len();
                    others.push(name.clone());
                    u8::try_from(at + NodeKind::Other as usize)
                        .unwrap_or(u8::MAX)
                        .min(NodeTag::CODES - 1)
                }
                kind => kind as u8,
            })
            .collect();
        (codes, others)
    }

    /// Kinds of the edge types of the file.
    pub(super) fn edge_kinds(&self) -> Vec<EdgeKind> {
        names(&self.edge_types, &self.edge_fields)
            .iter()
            .map(|name| EdgeKind::from_name(name))
            .collect()
    }
}

fn names<'a>(types: &'a [Types], fields: &[String]) -> &'a [String] {
    match position(fields, "type").and_then(|at| types.get(at)) {
        Some(Types::Names(names)) => names,
        _ => &[],
    }
}

/// Where the field `name` stands in a record.
pub(super) fn position(fields: &[String], name: &str) -> Option<usize> {
    fields.iter().position(|field| field == name)
}
