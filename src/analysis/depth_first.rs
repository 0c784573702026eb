//! A depth-first numbering of the graph over essential edges: what the dominator algorithm stands on.
//!
//! Essential edges never lead from a page object to another kind of node, nor back, except from the root. So the page objects
//! are searched first, from their own seeds, which finds out on the way who they are; a pass of its own for that would cost
//! as much as this whole search.

use crate::base::bits::BitSet;
use crate::base::index::{EdgeIx, Ix as _, NodeIx, to_u32};
use crate::base::memory::in_large_pages;
use crate::base::task::{Cancelled, Task};
use crate::graph::HeapGraph;

use super::ephemerons::Ephemerons;
use super::essential::{close, page_seeds};

/// Nodes numbered in depth-first order from the root, which is 0. A parent's number is below its child's.
#[derive(Debug)]
pub struct DepthFirst {
    /// The node of each number. Shorter than the graph if some nodes are reached by no essential edge at all.
    pub order: Vec<NodeIx>,
    /// The number of each node's parent in the search; the root is its own.
    pub parents: Vec<u32>,
    /// Nodes that the root holds as if by an edge, because nothing else does (*orphans*).
    pub orphans: Vec<NodeIx>,
    /// What the program's own globals reach.
    pub page_objects: BitSet<NodeIx>,
}

impl DepthFirst {
    /// Numbers `graph`.
    pub fn build(graph: &HeapGraph, ephemerons: &Ephemerons, task: &Task) -> Result<Self, Cancelled> {
        let n = graph.node_count();
        let root = graph.root();
        let mut search = Search {
            graph,
            ephemerons,
            task,
            visited: BitSet::new(n),
            closed: BitSet::new(n),
            passed_by: Vec::new(),
            stack: Vec::new(),
            order: in_large_pages(Vec::with_capacity(n)),
            parents: in_large_pages(Vec::with_capacity(n)),
        };
        search.enter(root, 0);
        search.stack.clear();

        // Until page objects are known the root does not count as visited, so that an edge that leads to it is noticed: the
        // root is a page object then, and all that it holds.
        search.visited.remove(root);
        for seed in page_seeds(graph) {
            if seed == root {
                search.passed_by.push(root);
            } else {
                search.run(seed, false)?;
            }
        }
        let mut page_objects = search.visited.clone();
        search.visited.insert(root);
        let passed_by = std::mem::take(&mut search.passed_by);
        close(graph, &mut page_objects, passed_by, task)?;

        search.closed.union_with(&search.visited);
        search.closed.union_with(&page_objects);
        let from_root = graph.edges(root).filter(|&edge| !graph.head(edge).is_weak());
        for edge in from_root.filter(|&edge| !ephemerons.is_tables_half(edge)) {
            let target = graph.head(edge).target();
            search.run(target, !page_objects.contains(target))?;
        }
        let orphans = search.orphans(&page_objects)?;
        for &orphan in &orphans {
            search.run(orphan, !page_objects.contains(orphan))?;
        }
        let Search { order, parents, .. } = search;
        Ok(Self {
            order,
            parents,
            orphans,
            page_objects,
        })
    }
}

struct Search<'a> {
    graph: &'a HeapGraph,
    ephemerons: &'a Ephemerons,
    task: &'a Task,
    visited: BitSet<NodeIx>,
    /// Visited, or a page object: closed to nodes that are none.
    closed: BitSet<NodeIx>,
    /// Targets of edges that are not essential but make page objects all the same.
    passed_by: Vec<NodeIx>,
    /// Edges still to look at: the cursor, the end, and the number of the node they leave.
    stack: Vec<(u32, u32, u32)>,
    order: Vec<NodeIx>,
    parents: Vec<u32>,
}

impl Search<'_> {
    fn enter(&mut self, node: NodeIx, parent: u32) {
        let number = to_u32(self.order.len());
        self.visited.insert(node);
        self.order.push(node);
        self.parents.push(parent);
        let edges = self.graph.edge_range(node);
        if !edges.is_empty() {
            self.stack.push((to_u32(edges.start), to_u32(edges.end), number));
        }
    }

    /// Searches from `start`, a child of the root. With `respect_pages` no page object is entered.
    fn run(&mut self, start: NodeIx, respect_pages: bool) -> Result<(), Cancelled> {
        if self.visited.contains(start) {
            return Ok(());
        }
        self.closed.insert(start);
        self.enter(start, 0);
        let heads = self.graph.all_heads();
        let mut steps = 0;
        while let Some(&(cursor, end, number)) = self.stack.last() {
            steps += 1;
            self.task.check_at(steps)?;
            let closed = if respect_pages {
                &self.closed
            } else {
                &self.visited
            };
            let rest = &heads[cursor as usize..end as usize];
            let open = rest
                .iter()
                .position(|head| !head.is_weak() && !closed.contains(head.target()));
            let Some(skipped) = open else {
                self.stack.pop();
                continue;
            };
            let edge = cursor + to_u32(skipped);
            let top = self.stack.len() - 1;
            self.stack[top].0 = edge + 1;
            let head = rest[skipped];
            if let Some(next) = rest.get(skipped + 1) {
                self.graph.prefetch_edge_range(next.target());
            }
            let target = head.target();
            let source = self.order[number as usize];
            if head.is_shortcut() || target == self.graph.root() || self.is_tables_half(source, edge) {
                if !respect_pages {
                    self.passed_by.push(target);
                }
            } else {
                if respect_pages {
                    self.closed.insert(target);
                }
                self.enter(target, number);
            }
        }
        Ok(())
    }

    fn is_tables_half(&self, source: NodeIx, edge: u32) -> bool {
        self.ephemerons.has_edges(source) && self.ephemerons.is_tables_half(EdgeIx::from_raw(edge))
    }

    /// Nodes not visited that no essential edge leads to. Only nodes not visited can have edges to them.
    fn orphans(&self, page_objects: &BitSet<NodeIx>) -> Result<Vec<NodeIx>, Cancelled> {
        if self.order.len() == self.graph.node_count() {
            return Ok(Vec::new());
        }
        let essential = super::essential::Essential {
            graph: self.graph,
            ephemerons: self.ephemerons,
            page_objects,
        };
        let left = || self.graph.nodes().filter(|&node| !self.visited.contains(node));
        let mut held = BitSet::<NodeIx>::new(self.graph.node_count());
        for node in left() {
            self.task.check_at(node.at())?;
            for edge in self
                .graph
                .edges(node)
                .filter(|&edge| essential.contains(node, edge))
            {
                held.insert(self.graph.head(edge).target());
            }
        }
        Ok(left().filter(|&node| !held.contains(node)).collect())
    }
}
