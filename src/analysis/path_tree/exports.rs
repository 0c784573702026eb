//! How a module's exported variables are called.

use rustc_hash::FxHashMap;

use crate::analysis::hash_tables::slot;
use crate::analysis::string_map::StringSet;
use crate::base::index::{EdgeIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{HeapGraph, NodeKind};

/// The names of variables that modules export, by what holds the values: modules keep both in a table, each name before its
/// cell. (Who imports a variable holds its cell alone.)
pub(super) fn find(graph: &HeapGraph, task: &Task) -> Result<FxHashMap<NodeIx, NodeIx>, Cancelled> {
    let mut found = FxHashMap::default();
    let module = StringSet::equal(graph.strings(), "system / SourceTextModule");
    if module.is_empty() {
        return Ok(found);
    }
    for node in graph.nodes() {
        task.check_at(node.at())?;
        if !module.contains(graph.name_ix(node)) {
            continue;
        }
        let tables = graph.heads(node).iter().map(|head| head.target());
        for table in tables.filter(|&table| graph.kind(table) == NodeKind::Array) {
            for edge in graph.edges(table) {
                if let Some(name) = export_name(graph, table, edge) {
                    found.insert(graph.head(edge).target(), name);
                }
            }
        }
    }
    Ok(found)
}

/// The name before `edge` in the table of a module's exports, if it leads to a cell.
fn export_name(graph: &HeapGraph, table: NodeIx, edge: EdgeIx) -> Option<NodeIx> {
    let cell = graph.head(edge).target();
    let at = (graph.raw_name(cell) == "system / Cell").then(|| slot(graph, edge))??;
    let mut edges = graph.edges(table);
    let before = edges.find(|&other| slot(graph, other).is_some_and(|other| other + 1 == at))?;
    let name = graph.head(before).target();
    (graph.kind(name) == NodeKind::String).then_some(name)
}
