//! The dominator tree.
//!
//! A node *d* dominates *v* if every path from the root to *v* over essential edges goes through *d*; the nearest such node is
//! the immediate dominator, and these make a tree. It is found by the semi-NCA algorithm (Georgiadis: *Linear-Time Algorithms
//! for Dominators and Related Problems*, 2005): semidominators bottom up over the depth-first tree with path compression, then
//! each immediate dominator as the nearest common ancestor of parent and semidominator. All of it runs on depth-first numbers,
//! so that parents and ancestors lie near in memory, and nothing recurses.

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx, to_u32};
use crate::base::memory::{filled, in_large_pages, prefetch};
use crate::base::task::{Cancelled, Task};
use crate::graph::HeapGraph;
use crate::graph::retainers::Retainers;

use super::depth_first::DepthFirst;
use super::ephemerons::Ephemerons;

/// Every node's immediate dominator; the root's is the root.
#[derive(Debug)]
pub struct Dominators {
    immediate: Vec<NodeIx>,
}

impl Dominators {
    /// The immediate dominator of `node`.
    #[inline]
    pub fn of(&self, node: NodeIx) -> NodeIx {
        self.immediate[node.at()]
    }

    /// Immediate dominators of all nodes, in file order.
    pub fn all(&self) -> &[NodeIx] {
        &self.immediate
    }

    /// The nodes whose immediate dominator is `node`, in file order: a pass over all nodes (some milliseconds each ten
    /// million), so that no second copy of the tree is kept.
    pub fn dominated(&self, node: NodeIx) -> Vec<NodeIx> {
        let children = self
            .immediate
            .iter()
            .enumerate()
            .filter(|&(_, &immediate)| immediate == node);
        children
            .map(|(at, _)| NodeIx::new(at))
            .filter(|&child| child != node)
            .collect()
    }
}

/// The dominator tree in depth-first numbers, in which a dominator comes before what it dominates: for passes over the tree.
#[derive(Debug)]
pub struct NumberedTree {
    /// The node of each number; the root is 0. Nodes that no essential path reaches are not among them: the root is their
    /// immediate dominator.
    pub order: Vec<NodeIx>,
    /// The number of each one's immediate dominator; the root's is 0.
    pub immediate: Vec<u32>,
}

const UNREACHED: u32 = u32::MAX;

/// Links that are made between two questions whether to go on.
const CHECKED: usize = 1 << 16;

impl NumberedTree {
    /// Builds the tree from a depth-first numbering.
    pub fn build(
        graph: &HeapGraph,
        depth_first: DepthFirst,
        retainers: &Retainers,
        ephemerons: &Ephemerons,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let DepthFirst {
            order,
            parents,
            page_objects,
            ..
        } = depth_first;
        let mut numbers = filled(graph.node_count(), UNREACHED);
        for (number, node) in order.iter().enumerate() {
            task.check_at(number)?;
            numbers[node.at()] = to_u32(number);
        }
        let last_page_object = last_page_object(&order, &page_objects);
        let mut links = in_large_pages(Vec::with_capacity(parents.len()));
        for parents in parents.chunks(CHECKED) {
            task.check()?;
            links.extend(parents.iter().map(|&parent| Link {
                ancestor: parent,
                label: 0,
            }));
        }
        let mut forest = Forest { links };
        let mut semis = in_large_pages(vec![0_u32; order.len()]);
        for w in (1..to_u32(order.len())).rev() {
            task.check_at(w as usize)?;
            forest.look_ahead(w as usize, &order, &numbers, retainers);
            let node = order[w as usize];
            let mut semi = parents[w as usize];
            if semi != 0 {
                let is_value = ephemerons.is_value(node);
                // Sources numbered higher are no page objects, which counts if this is one.
                let last = last_page_object
                    .filter(|&last| w <= last)
                    .unwrap_or(UNREACHED - 1);
                let is_page_object = last_page_object.is_none() && page_objects.contains(node);
                for head in retainers.heads(node) {
                    let source = head.target();
                    let v = numbers[source.at()];
                    if head.is_weak() || v == w || is_value && ephemerons.is_only_half(source, node) {
                        continue;
                    }
                    if v == 0 {
                        semi = 0;
                        break;
                    }
                    let is_foreign = v > last || is_page_object && !page_objects.contains(source);
                    if head.is_shortcut() || is_foreign {
                        continue;
                    }
                    semi = semi.min(if v < w { v } else { forest.lowest(v, w) });
                }
            }
            semis[w as usize] = semi;
            forest.links[w as usize].label = semi;
        }
        drop((forest, numbers));

        let mut immediate = parents;
        for w in 1..order.len() {
            task.check_at(w)?;
            let mut dominator = immediate[w];
            while dominator > semis[w] {
                dominator = immediate[dominator as usize];
            }
            immediate[w] = dominator;
        }
        Ok(Self { order, immediate })
    }

    /// The tree by node; `root` dominates what the tree does not hold.
    pub fn by_node(&self, node_count: usize, root: NodeIx, task: &Task) -> Result<Dominators, Cancelled> {
        let mut immediate = filled(node_count, root);
        for (number, (node, &dominator)) in self.order.iter().zip(&self.immediate).enumerate() {
            task.check_at(number)?;
            immediate[node.at()] = self.order[dominator as usize];
        }
        Ok(Dominators { immediate })
    }
}

/// The number up to which all nodes but the root are page objects and none further on, if there is such a number: then the
/// numbers tell, without another look-up. Page objects are numbered first, but for those that inessential edges make.
fn last_page_object(order: &[NodeIx], page_objects: &BitSet<NodeIx>) -> Option<u32> {
    let others = order.iter().skip(1);
    let first = others.take_while(|&&node| page_objects.contains(node)).count();
    let root = order.first().filter(|&&root| page_objects.contains(root));
    (first + usize::from(root.is_some()) == page_objects.count()).then(|| to_u32(first))
}

/// The part of the depth-first tree that has been worked on: numbers above the one at hand, each linked towards its parent.
struct Forest {
    links: Vec<Link>,
}

#[derive(Clone, Copy)]
struct Link {
    /// The parent, or after compression a further ancestor.
    ancestor: u32,
    /// The lowest semidominator from here up to, and without, `ancestor`.
    label: u32,
}

impl Forest {
    /// Brings near what the rounds to come will read: `w` goes down, and sources, their numbers and links lie anywhere.
    #[inline]
    fn look_ahead(&self, w: usize, order: &[NodeIx], numbers: &[u32], retainers: &Retainers) {
        retainers.prefetch(order, w);
        let sources = |rounds: usize| {
            let later = order.get(w.wrapping_sub(rounds)).into_iter();
            let heads = later.flat_map(|&node| retainers.heads(node).iter().take(4));
            heads.map(|head| head.target().at())
        };
        sources(8).for_each(|source| prefetch(numbers, source));
        sources(4).for_each(|source| prefetch(&self.links, numbers[source] as usize));
    }

    /// The lowest semidominator on the way from `v` up to the last number above `w`; shortens the way.
    fn lowest(&mut self, v: u32, w: u32) -> u32 {
        let mut below = v;
        let mut at = self.links[v as usize].ancestor;
        if at <= w {
            return self.links[v as usize].label;
        }
        // On the way up, each link is turned round to point down, so that the way back needs no stack.
        while self.links[at as usize].ancestor > w {
            let up = self.links[at as usize].ancestor;
            self.links[at as usize].ancestor = below;
            below = at;
            at = up;
        }
        let top = self.links[at as usize];
        let mut lowest = top.label;
        loop {
            let link = &mut self.links[below as usize];
            let down = link.ancestor;
            lowest = lowest.min(link.label);
            *link = Link {
                ancestor: top.ancestor,
                label: lowest,
            };
            if below == v {
                return lowest;
            }
            below = down;
        }
    }
}
