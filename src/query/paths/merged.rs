//! Why are a thousand objects alive? Their shortest paths laid over each other.
//!
//! Steps that look alike (the same edge name, numbers aside, to the same class) become one node of a tree; each tells how many
//! of the objects are reached through it and what would be freed with exactly those.

use petgraph::Direction::{Incoming, Outgoing};
use petgraph::graph::{DiGraph, NodeIndex};
use rustc_hash::FxHashMap;

use super::nearest::Nearest;
use crate::analysis::retained_sets::{self, SetTree};
use crate::base::index::{ClassIx, NodeIx, StringIx, to_u32};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::graph::{EdgeName, NodeKind};
use crate::query::{Cell, Query};
use crate::snapshot::Snapshot;

/// Asks how objects hang together from the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedPaths {
    /// The objects.
    pub targets: Vec<NodeIx>,
}

/// The merged paths: a tree that hangs from the root.
#[derive(Clone, Debug, Default)]
pub struct PathTree {
    /// The tree; node 0 is the root.
    pub graph: DiGraph<Branch, ()>,
    /// The nodes depth first, heaviest branches first: the rows of a table.
    pub rows: Vec<Branch>,
    /// Objects that no path leads to.
    pub unreachable: u64,
}

/// A node of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// How many steps from the root.
    pub depth: u32,
    /// What all its nodes look like.
    pub step: StepLook,
    /// How many of the objects are here or further on.
    pub count: u64,
    /// What would be freed with exactly those, in bytes.
    pub retained_size: u64,
}

/// What is alike in steps that are laid over each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StepLook {
    edge: EdgeLook,
    node: NodeLook,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum EdgeLook {
    /// The root has none before it.
    None,
    Named(StringIx),
    /// Elements, hidden edges and names that are numbers.
    Numbered,
    /// A half of a pair of a `WeakMap`.
    WeakMapEntry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum NodeLook {
    Class(ClassIx),
    /// Functions go by their names.
    Function(StringIx),
}

columns! {
    /// Columns of merged paths.
    pub enum BranchColumn: |snapshot: Snapshot, row: Branch| {
        /// How many steps from the root.
        Depth: Number "depth" "Depth" = Cell::Plain(u64::from(row.depth));
        /// What the step looks like.
        Label: Text "label" "Step" = Cell::Text(row.step.label(snapshot));
        /// How many objects go this way.
        Count: Number "count" "Objects" = Cell::Count(row.count);
        /// What would be freed with them.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.retained_size);
    }
}

impl Query for MergedPaths {
    type Over = Snapshot;
    type Answer = PathTree;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<PathTree, Cancelled> {
        let mut growing = Growing::new(snapshot);
        let mut members = Vec::with_capacity(self.targets.len());
        let mut tree = PathTree::default();
        for &target in &self.targets {
            task.check()?;
            match growing.place(target, task)? {
                Some(branch) => members.push((target, to_u32(branch.index()))),
                None => tree.unreachable += 1,
            }
        }
        if members.is_empty() {
            return Ok(tree);
        }
        tree.graph = growing.tree;
        for &(_, branch) in &members {
            tree.graph[NodeIndex::from(branch)].count += 1;
        }
        let sizes = retained_sets::build(
            snapshot.graph(),
            snapshot.ephemerons(),
            snapshot.shallow_sizes(),
            &growing.sets,
            &members,
            task,
        )?;
        for branch in tree.graph.node_indices().rev() {
            tree.graph[branch].retained_size = sizes[branch.index()];
            let count = tree.graph[branch].count;
            if let Some(parent) = tree.graph.neighbors_directed(branch, Incoming).next() {
                tree.graph[parent].count += count;
            }
        }
        tree.rows = tree.depth_first(snapshot);
        Ok(tree)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Merging paths")
    }
}

/// The tree while paths are added.
struct Growing<'a> {
    snapshot: &'a Snapshot,
    nearest: Nearest<'a>,
    tree: DiGraph<Branch, ()>,
    sets: SetTree,
    branches: FxHashMap<(NodeIndex, StepLook), NodeIndex>,
    placed: FxHashMap<NodeIx, NodeIndex>,
}

impl<'a> Growing<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let root = snapshot.graph().root();
        let mut tree = DiGraph::new();
        let top = tree.add_node(Branch {
            depth: 0,
            step: StepLook {
                edge: EdgeLook::None,
                node: NodeLook::Class(snapshot.class_of(root)),
            },
            count: 0,
            retained_size: 0,
        });
        Self {
            snapshot,
            nearest: Nearest::new(snapshot),
            tree,
            sets: SetTree::default(),
            branches: FxHashMap::default(),
            placed: [(root, top)].into_iter().collect(),
        }
    }

    /// The branch at which the shortest path to `target` ends; none if there is no path.
    fn place(&mut self, target: NodeIx, task: &Task) -> Result<Option<NodeIndex>, Cancelled> {
        let mut to_place = Vec::new();
        let mut node = target;
        let mut branch = loop {
            if let Some(&branch) = self.placed.get(&node) {
                break branch;
            }
            let Some(parent) = self.nearest.parent(node, task)? else {
                return Ok(None);
            };
            to_place.push((node, parent.edge));
            node = parent.node;
        };
        while let Some((node, edge)) = to_place.pop() {
            let step = StepLook::of(self.snapshot, edge, node);
            branch = match self.branches.get(&(branch, step)) {
                Some(&known) => known,
                None => self.grow(branch, step),
            };
            self.placed.insert(node, branch);
        }
        Ok(Some(branch))
    }

    fn grow(&mut self, parent: NodeIndex, step: StepLook) -> NodeIndex {
        let depth = self.tree[parent].depth + 1;
        let branch = self.tree.add_node(Branch {
            depth,
            step,
            count: 0,
            retained_size: 0,
        });
        self.tree.add_edge(parent, branch, ());
        self.sets.add(to_u32(parent.index()));
        self.branches.insert((parent, step), branch);
        branch
    }
}

impl PathTree {
    /// All branches, each followed by its own, heaviest first.
    fn depth_first(&self, snapshot: &Snapshot) -> Vec<Branch> {
        let mut rows = Vec::with_capacity(self.graph.node_count());
        let mut stack = vec![NodeIndex::new(0)];
        while let Some(branch) = stack.pop() {
            rows.push(self.graph[branch].clone());
            let mut below: Vec<_> = self.graph.neighbors_directed(branch, Outgoing).collect();
            // The stack turns them round: lightest first.
            below.sort_by_cached_key(|&branch| {
                let Branch {
                    step,
                    count,
                    retained_size,
                    ..
                } = &self.graph[branch];
                let label = step.label(snapshot).to_string();
                (*retained_size, *count, std::cmp::Reverse(label))
            });
            stack.append(&mut below);
        }
        rows
    }
}

impl StepLook {
    fn of(snapshot: &Snapshot, edge: crate::base::index::EdgeIx, node: NodeIx) -> Self {
        let graph = snapshot.graph();
        let edge = match (graph.edge_name(edge), graph.edge_name_ix(edge)) {
            (EdgeName::Text(text), Some(ix)) => {
                let is_number = !text.is_empty() && text.bytes().iter().all(u8::is_ascii_digit);
                match snapshot.ephemerons().pair(edge) {
                    Some(_) => EdgeLook::WeakMapEntry,
                    None if is_number => EdgeLook::Numbered,
                    None => EdgeLook::Named(ix),
                }
            }
            _ => EdgeLook::Numbered,
        };
        let node = match graph.kind(node) {
            NodeKind::Closure => NodeLook::Function(graph.name_ix(node)),
            _ => NodeLook::Class(snapshot.class_of(node)),
        };
        Self { edge, node }
    }

    /// `cache :: Map`, `[…] :: (string)`, `handler :: onRequest()`.
    pub fn label(&self, snapshot: &Snapshot) -> JsString {
        let strings = snapshot.graph().strings();
        let mut label = match self.edge {
            EdgeLook::None => return "(root)".into(),
            EdgeLook::Named(name) => strings.get(name).to_owned(),
            EdgeLook::Numbered => "[…]".into(),
            EdgeLook::WeakMapEntry => "(WeakMap entry)".into(),
        };
        label.push_str(" :: ");
        match self.node {
            NodeLook::Class(class) => label.push(snapshot.classes().class(class).name.as_js()),
            NodeLook::Function(name) => {
                label.push(strings.get(name));
                label.push_str("()");
            }
        }
        label
    }
}
