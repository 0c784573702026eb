//! What is in a collection: its entries as keys and values.

use crate::analysis::caches::Instance;
use crate::analysis::collections::CollectionKind;
use crate::analysis::content_hash::ContentHash;
use crate::analysis::names;
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind};
use crate::query::Query;
use crate::query::entries;
use crate::query::inspect::InspectRow;
use crate::snapshot::Snapshot;

/// Asks for the entries of a collection, in the order of its table: of an object used as a map its properties and elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheEntries {
    /// The object that has them.
    pub node: NodeIx,
    /// What it is.
    pub kind: CollectionKind,
}

impl Query for CacheEntries {
    type Over = Snapshot;
    type Answer = Vec<InspectRow>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<InspectRow>, Cancelled> {
        let graph = snapshot.graph();
        match self.kind {
            CollectionKind::Map | CollectionKind::Set | CollectionKind::WeakMap | CollectionKind::WeakSet => {
                entries::of(graph, snapshot.ephemerons(), self.node, task)
            }
            CollectionKind::Dictionary | CollectionKind::Array => own(graph, self.node, usize::MAX, task),
            CollectionKind::Engine => Ok(graph
                .edges(self.node)
                .map(|edge| InspectRow {
                    edge,
                    node: Some(graph.head(edge).target()),
                    key: None,
                })
                .collect()),
        }
    }
}

/// Asks for the objects that are entries of collections: the values, of a `Set` the members; where a value left no trace in the
/// file, its key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryObjects {
    /// The collections.
    pub of: Vec<CacheEntries>,
}

impl Query for EntryObjects {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let mut found = Vec::new();
        for entries in &self.of {
            let rows = entries.run(snapshot, task)?;
            found.extend(rows.iter().filter_map(|row| row.node.or(row.key)));
        }
        Ok(found)
    }
}

/// The first properties and elements of an object.
fn own(graph: &HeapGraph, node: NodeIx, most: usize, task: &Task) -> Result<Vec<InspectRow>, Cancelled> {
    let mut rows = Vec::new();
    for (nth, edge) in graph.edges(node).enumerate() {
        task.check_at(nth)?;
        let head = graph.head(edge);
        let is_entry = match head.kind() {
            EdgeKind::Element => true,
            EdgeKind::Property => names::property_name(graph, edge).is_some(),
            _ => false,
        };
        if is_entry {
            rows.push(InspectRow {
                edge,
                node: Some(head.target()),
                key: None,
            });
            if rows.len() == most {
                break;
            }
        }
    }
    rows.sort_by_key(|row| match graph.edge_name(row.edge) {
        EdgeName::Index(index) => (0, index, row.edge),
        EdgeName::Text(_) => (1, 0, row.edge),
    });
    Ok(rows)
}

/// So many keys are shown for example, ...
const SAMPLES: usize = 3;
/// ... each cut to so many characters.
const SAMPLE_LENGTH: usize = 60;

/// Some keys of a collection, for example: none of arrays, whose keys are numbers.
pub(super) fn sample(
    snapshot: &Snapshot,
    instance: &Instance,
    task: &Task,
) -> Result<Vec<JsString>, Cancelled> {
    let graph = snapshot.graph();
    let part = instance.parts[0];
    let keys: Vec<JsString> = match part.kind {
        CollectionKind::Array | CollectionKind::Engine => Vec::new(),
        CollectionKind::Dictionary => own(graph, part.node, SAMPLES, task)?
            .iter()
            .map(|row| match graph.edge_name(row.edge) {
                EdgeName::Index(index) => index.to_string().into(),
                EdgeName::Text(name) => name.to_owned(),
            })
            .collect(),
        _ => entries::some(graph, part.node, SAMPLES)
            .iter()
            .map(|&key| snapshot.name(key))
            .collect(),
    };
    Ok(keys.into_iter().map(shortened).collect())
}

/// Of so many keys the contents are compared.
const COMPARED: usize = 256;

/// Keys whose contents were compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Differing {
    /// How many different contents they have.
    pub contents: u64,
    /// How many keys were looked at.
    pub keys: u64,
}

/// How the first keys (of a set: members) of a collection differ: by text, of objects by what they hold, one level deep. Equal
/// keys of a `Map` are different objects with the same content, which no look-up finds again. None where keys are names of
/// properties, which differ by nature, or have no content in the file, as numbers do.
pub(super) fn differing(
    snapshot: &Snapshot,
    hash: &ContentHash<'_>,
    instance: &Instance,
    task: &Task,
) -> Result<Option<Differing>, Cancelled> {
    let graph = snapshot.graph();
    let part = instance.parts[0];
    if !matches!(
        part.kind,
        CollectionKind::Map | CollectionKind::Set | CollectionKind::WeakMap | CollectionKind::WeakSet
    ) {
        return Ok(None);
    }
    let keys = entries::some(graph, part.node, COMPARED);
    let mut contents = Vec::with_capacity(keys.len());
    for key in keys {
        task.check()?;
        let is_known = !matches!(
            graph.kind(key),
            NodeKind::Number | NodeKind::Hidden | NodeKind::Synthetic
        );
        if is_known {
            contents.push(hash.of(key, 1));
        }
    }
    let keys = contents.len() as u64;
    contents.sort_unstable();
    contents.dedup();
    let found = Differing {
        contents: contents.len() as u64,
        keys,
    };
    Ok((keys > 0).then_some(found))
}

fn shortened(text: JsString) -> JsString {
    if text.as_js().bytes().len() <= SAMPLE_LENGTH {
        return text;
    }
    let text = text.as_js().to_string_lossy().into_owned();
    let mut short: String = text.chars().take(SAMPLE_LENGTH).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.into()
}
