//! From an object to the one that holds it, by the reference that says most.

use super::{Holders, Label, Step};
use crate::analysis::distances::Reach;
use crate::analysis::hash_tables::slot;
use crate::base::index::{EdgeIx, NodeIx, StringIx};
use crate::graph::{EdgeHead, EdgeKind, NodeKind};

/// How many references to an object, and how many edges of its holder are looked at.
const REFERENCES: usize = 64;
const EDGES: usize = 4096;
/// An object of more properties is used as a map: their names are keys.
const MOST_PROPERTIES: usize = 200;

impl Holders<'_> {
    /// The step from `node` to its holder; past the array in which a collection keeps its entries.
    pub fn step(&self, node: NodeIx) -> Option<Step> {
        let (source, kind) = self.best(node)?;
        if self.is_cell(source) {
            // The variable of an ES module that is exported.
            let name = self.exported(source).map(|(name, _)| name);
            return Some(Step {
                held: node,
                holder: source,
                label: name.map_or(Label::Internal, Label::Variable),
            });
        }
        if self.graph.kind(source) != NodeKind::Array {
            let label = self.label(source, kind, node);
            return Some(Step {
                held: node,
                holder: source,
                label,
            });
        }
        let holder = self.owner_of_store(source)?;
        Some(Step {
            held: node,
            holder,
            label: Label::Entry,
        })
    }

    /// Is `node` what an exported variable of an ES module stands in?
    pub(super) fn is_cell(&self, node: NodeIx) -> bool {
        self.graph.kind(node) == NodeKind::Hidden && self.names.cell.contains(self.graph.name_ix(node))
    }

    /// The name of an exported variable, and its module's function if the file has it (else the module): the module has a
    /// table of names, each with its cell in the next slot.
    pub(super) fn exported(&self, cell: NodeIx) -> Option<(StringIx, NodeIx)> {
        let graph = self.graph;
        let heads = self.retainers.heads(cell).iter().take(REFERENCES);
        let tables = heads
            .map(|head| head.target())
            .filter(|&node| graph.kind(node) == NodeKind::Array);
        tables.into_iter().find_map(|table| {
            let mut before = None;
            let name = graph.edges(table).take(EDGES).find_map(|edge| {
                let (slot, target) = (slot(graph, edge)?, graph.head(edge).target());
                let name = before.replace((slot, target)).filter(|_| target == cell);
                let is_name = |&(at, name): &(u32, NodeIx)| {
                    at.checked_add(1) == Some(slot) && graph.kind(name) == NodeKind::String
                };
                name.filter(is_name).map(|(_, name)| graph.name_ix(name))
            })?;
            let heads = self.retainers.heads(table).iter();
            let mut modules = heads.map(|head| head.target());
            let module = modules.find(|&node| graph.kind(node) == NodeKind::Hidden)?;
            Some((name, self.function_of(module).unwrap_or(module)))
        })
    }

    /// The function of an ES module: its own, or that of the generator as which it runs.
    fn function_of(&self, module: NodeIx) -> Option<NodeIx> {
        let graph = self.graph;
        let targets = |node| {
            graph
                .heads(node)
                .iter()
                .take(REFERENCES)
                .map(|head| head.target())
        };
        let is_function = |&node: &NodeIx| graph.kind(node) == NodeKind::Closure;
        let own = targets(module).find(is_function);
        own.or_else(|| {
            let mut objects = targets(module).filter(|&node| graph.kind(node) == NodeKind::Object);
            objects.find_map(|object| targets(object).find(is_function))
        })
    }

    /// The objects that hold `node` by references of their own, a few: the collection for an entry.
    pub fn containers(&self, node: NodeIx) -> impl Iterator<Item = NodeIx> {
        let heads = self.retainers.heads(node).iter().take(REFERENCES);
        let strong = heads.filter(|head| !head.is_weak() && !head.is_shortcut());
        strong.filter_map(|head| {
            let source = head.target();
            match self.graph.kind(source) {
                NodeKind::Array => self.owner_of_store(source),
                _ => Some(source),
            }
        })
    }

    /// The object whose entries stand in `store`; the array that holds it if it is no object's.
    fn owner_of_store(&self, store: NodeIx) -> Option<NodeIx> {
        let heads = self.retainers.heads(store).iter().take(REFERENCES);
        let strong = heads.filter(|head| !head.is_weak());
        let mut sources = strong.map(|head| head.target());
        let is_owner = |&node: &NodeIx| {
            self.graph.kind(node) == NodeKind::Object && !self.graph.raw_name(node).ends_with("Iterator")
        };
        let first = sources.clone().find(is_owner);
        first.or_else(|| sources.next())
    }

    /// The reference to `node` that says most: its source and kind.
    fn best(&self, node: NodeIx) -> Option<(NodeIx, EdgeKind)> {
        let (graph, far) = (self.graph, self.distances.of(node));
        let dominator = self.dominators.of(node);
        let heads = self.retainers.heads(node).iter().take(REFERENCES);
        let ranked = heads.filter_map(|head| {
            let (source, kind) = (head.target(), head.kind());
            let distance = self.distances.of(source);
            // What a module exports is the module's, whoever uses it.
            let is_module = kind == EdgeKind::Property && self.names.module.contains(graph.name_ix(source));
            // What is farther from the roots than the node hangs from it.
            if source == node || (!is_module && far.reach() != Reach::Unreachable && distance > far) {
                return None;
            }
            let rank = match (kind, graph.kind(source)) {
                (EdgeKind::Weak | EdgeKind::Shortcut, _) => return None,
                (EdgeKind::Property, NodeKind::Object) if is_module => 0,
                (EdgeKind::Context, _) => 1,
                (EdgeKind::Property, _) => 2,
                (EdgeKind::Element, NodeKind::Object) => 3,
                (_, NodeKind::Array) => 4,
                (EdgeKind::Internal, NodeKind::Object | NodeKind::Closure) => 5,
                (_, NodeKind::Synthetic) => 7,
                _ => 6,
            };
            Some((rank, source != dominator, distance, source, kind))
        });
        let best =
            ranked.min_by_key(|&(rank, is_other, distance, source, _)| (rank, is_other, distance, source))?;
        Some((best.3, best.4))
    }

    /// How `source` calls its reference of that kind to `node`.
    fn label(&self, source: NodeIx, kind: EdgeKind, node: NodeIx) -> Label {
        let graph = self.graph;
        let limit = match kind {
            EdgeKind::Context => EDGES,
            EdgeKind::Property if self.globals.contains(&source) => EDGES,
            EdgeKind::Property if graph.edge_range(source).len() <= MOST_PROPERTIES => MOST_PROPERTIES,
            EdgeKind::Property | EdgeKind::Element => return Label::Entry,
            _ => return Label::Internal,
        };
        let wanted = EdgeHead::new(kind, node.raw());
        let heads = graph.edges(source).zip(graph.heads(source)).take(limit);
        let mut edges = heads.filter(|(_, head)| **head == wanted).map(|(edge, _)| edge);
        let name = |edge: EdgeIx| graph.edge_name_ix(edge);
        match edges.find_map(name) {
            Some(name) if kind == EdgeKind::Context => Label::Variable(name),
            Some(name) => Label::Property(name),
            None => Label::Entry,
        }
    }
}
