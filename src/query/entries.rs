//! The entries of `Map`, `Set`, `WeakMap` and `WeakSet` out of their tables.

use super::inspect::InspectRow;
use crate::analysis::ephemerons::Ephemerons;
use crate::analysis::hash_tables::{Layout, Part, TableKind, slot};
use crate::analysis::id_index::IdIndex;
use crate::analysis::values::Oddball;
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind, ObjectId};

/// The entries of `collection`, in the order of its table; none if it is no collection, or if its table is laid out in a way
/// this program does not know.
pub(super) fn of(
    graph: &HeapGraph,
    ephemerons: &Ephemerons,
    collection: NodeIx,
    task: &Task,
) -> Result<Vec<InspectRow>, Cancelled> {
    let none = Ok(Vec::new());
    if graph.kind(collection) != NodeKind::Object {
        return none;
    }
    let Some(table) = graph.node(collection).follow(EdgeKind::Internal, "table") else {
        return none;
    };
    let Some(layout) = Layout::of_collection(graph, table.ix()) else {
        return none;
    };
    let entries = by_slots(graph, table.ix(), layout, task)?;
    if entries.is_empty() && layout.kind == TableKind::Weak {
        return by_pairs(graph, ephemerons, table.ix(), task);
    }
    Ok(entries)
}

/// The first keys (of a set: members) in the table of `collection`, at most so many.
pub(super) fn some(graph: &HeapGraph, collection: NodeIx, most: usize) -> Vec<NodeIx> {
    let Some(table) = graph.node(collection).follow(EdgeKind::Internal, "table") else {
        return Vec::new();
    };
    let Some(layout) = Layout::of_collection(graph, table.ix()) else {
        return Vec::new();
    };
    let is_key = |&edge: &EdgeIx| {
        let kind = graph.head(edge).kind();
        let place = slot(graph, edge).and_then(|slot| layout.place(slot));
        matches!(kind, EdgeKind::Internal | EdgeKind::Weak)
            && place.is_some_and(|(_, part)| part == Part::Key)
    };
    let keys = graph.edges(table.ix()).filter(is_key);
    keys.take(most).map(|edge| graph.head(edge).target()).collect()
}

/// Reads keys and values from their slots. Old engines write those of weak tables as weak edges.
fn by_slots(
    graph: &HeapGraph,
    table: NodeIx,
    layout: Layout,
    task: &Task,
) -> Result<Vec<InspectRow>, Cancelled> {
    let mut parts: Vec<(u32, Part, EdgeIx)> = Vec::new();
    for (nth, edge) in graph.edges(table).enumerate() {
        task.check_at(nth)?;
        let kind = graph.head(edge).kind();
        if matches!(kind, EdgeKind::Internal | EdgeKind::Weak)
            && let Some((entry, part)) = slot(graph, edge).and_then(|slot| layout.place(slot))
        {
            parts.push((entry, part, edge));
        }
    }
    task.check()?;
    parts.sort_unstable_by_key(|&(entry, part, edge)| (entry, part == Part::Value, edge));
    let mut rows = Vec::with_capacity(parts.len().div_ceil(2));
    for (nth, entry) in parts.chunk_by(|a, b| a.0 == b.0).enumerate() {
        task.check_at(nth)?;
        let edge_of = |wanted| {
            entry
                .iter()
                .find(|&&(_, part, _)| part == wanted)
                .map(|&(.., edge)| edge)
        };
        let target = |edge| graph.head(edge).target();
        let (key, value) = (edge_of(Part::Key), edge_of(Part::Value));
        let is_deleted = key.is_some_and(|key| Oddball::of(graph, target(key)) == Some(Oddball::Hole));
        let Some(edge) = value.or(key).filter(|_| !is_deleted) else {
            continue;
        };
        rows.push(if layout.kind == TableKind::Set {
            InspectRow {
                edge,
                node: Some(target(edge)),
                key: None,
            }
        } else {
            InspectRow {
                edge,
                node: value.map(target),
                key: key.map(target),
            }
        });
    }
    Ok(rows)
}

/// Reads the entries of a weak table from the names of its edges, which tell the keys' ids.
fn by_pairs(
    graph: &HeapGraph,
    ephemerons: &Ephemerons,
    table: NodeIx,
    task: &Task,
) -> Result<Vec<InspectRow>, Cancelled> {
    if !ephemerons.has_edges(table) {
        return Ok(Vec::new());
    }
    let ids = IdIndex::build(graph, task)?;
    let mut rows = Vec::new();
    for (nth, edge) in graph.edges(table).enumerate() {
        task.check_at(nth)?;
        if !ephemerons.is_tables_half(edge) {
            continue;
        }
        let EdgeName::Text(name) = graph.edge_name(edge) else {
            continue;
        };
        let key = keys(name).find_map(|id| ids.find(id));
        if key.is_none_or(|key| Oddball::of(graph, key) != Some(Oddball::Hole)) {
            rows.push(InspectRow {
                edge,
                node: Some(graph.head(edge).target()),
                key,
            });
        }
    }
    Ok(rows)
}

/// What may be the key's id in the name of a pair. (The key's name stands before it and may hold anything.)
fn keys(name: JsStr<'_>) -> impl Iterator<Item = ObjectId> {
    const AFTER: &[u8] = b") -> value (";
    let bytes = name.bytes();
    memchr::memmem::find_iter(bytes, AFTER).filter_map(|end| {
        let before = &bytes[..end];
        let at = before.iter().rposition(|&byte| byte == b'@')?;
        let digits = std::str::from_utf8(&before[at + 1..]).ok()?;
        digits.parse().ok().map(ObjectId)
    })
}
