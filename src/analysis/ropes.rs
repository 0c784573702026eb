//! Joined strings (V8: cons strings, ropes) put together.

use rustc_hash::FxHashMap;

use crate::base::index::{Ix as _, NodeIx};
use crate::base::text::{JsStr, JsString};
use crate::graph::{EdgeKind, EdgeName, HeapGraph, NodeKind};

use super::detachedness::DomStates;

/// Puts joined strings together from their parts, first before second, until at least `limit` UTF-16 units are there.
///
/// A program that appends to a string in a loop leaves one joined string inside the other a million deep, and each of them is
/// a node with a name. As all long ones begin alike, it is remembered of them which inner string already has their whole
/// name, so that naming them all stays linear.
#[derive(Debug)]
pub struct Ropes {
    limit: usize,
    same: FxHashMap<NodeIx, NodeIx>,
    last: Option<(NodeIx, JsString)>,
}

/// Shorter ways down are walked anew each time.
const WORTH_REMEMBERING: usize = 16;

impl Ropes {
    /// Collects at least `limit` units of each string, if it has them, and ends with the part that reaches the limit.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            same: FxHashMap::default(),
            last: None,
        }
    }

    /// The text of `rope`, or of any other node its name. A part that is met again before anything was added since is left
    /// out: no real string contains itself, but a damaged file may say so.
    pub fn text(&mut self, graph: &HeapGraph, dom: &DomStates, rope: NodeIx) -> JsString {
        let mut text = JsString::new();
        let mut units = 0;
        let mut stack = vec![rope];
        // Strings on the way down, none of whose text was there before them: with the height of the stack they stand on.
        let mut open: Vec<(NodeIx, usize)> = Vec::new();
        let mut entered = FxHashMap::default();
        while units < self.limit
            && let Some(mut part) = stack.pop()
        {
            while open.last().is_some_and(|&(_, height)| height > stack.len()) {
                open.pop();
            }
            if graph.kind(part) != NodeKind::ConcatenatedString {
                let name = dom.name(graph, part);
                let name = JsStr::from_wtf8(&name);
                units += name.utf16_len();
                text.push(name);
                continue;
            }
            if units == 0 {
                open.push((part, stack.len()));
                if let Some(&inner) = self.same.get(&part) {
                    part = inner;
                    open.push((part, stack.len()));
                    if let Some((of, known)) = &self.last
                        && *of == part
                    {
                        text.clone_from(known);
                        units = self.limit;
                        continue;
                    }
                }
            }
            if entered.insert(part, units) == Some(units) {
                continue;
            }
            let [first, second] = parts(graph, part);
            stack.push(second);
            stack.push(first);
        }
        if units >= self.limit
            && open.len() >= WORTH_REMEMBERING
            && let Some(&(inner, _)) = open.last()
        {
            self.same.extend(open.iter().map(|&(outer, _)| (outer, inner)));
            self.last = Some((inner, text.clone()));
        }
        text
    }
}

/// The two parts of a joined string; the first node of the file (the root, which has no name) stands for one that is missing.
pub fn parts(graph: &HeapGraph, rope: NodeIx) -> [NodeIx; 2] {
    let mut parts = [None, None];
    for edge in graph.edges(rope) {
        let head = graph.head(edge);
        if head.kind() != EdgeKind::Internal {
            continue;
        }
        let EdgeName::Text(name) = graph.edge_name(edge) else {
            continue;
        };
        if name == "first" {
            parts[0].get_or_insert(head.target());
        } else if name == "second" {
            parts[1].get_or_insert(head.target());
        }
        if parts.iter().all(Option::is_some) {
            break;
        }
    }
    parts.map(|part| part.unwrap_or_else(|| NodeIx::new(0)))
}
