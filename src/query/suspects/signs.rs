//! Signs that something goes on piling up, which one snapshot shows: what nobody can take away again, and what waits in vain.

use super::candidate::Candidate;
use super::survey::Survey;
use crate::base::index::NodeIx;
use crate::graph::node_ref::NodeRef;
use crate::graph::{EdgeKind, HeapGraph, NodeKind};

/// So many of the things held are asked.
const ASKED: usize = 16;
/// Edges of an object that are looked at.
const EDGES: usize = 64;
/// Steps up the tree of dominators that are followed.
const STEPS: usize = 4;

/// Can nobody take most of the listeners or timers held away again? To remove a listener one needs the function, to clear a
/// timer one needs it: if only what calls it has it, it stays.
pub(super) fn are_out_of_reach(survey: &Survey<'_>, candidate: &Candidate) -> bool {
    let asked = || candidate.samples.iter().take(ASKED);
    let out = asked().filter(|&&node| is_out_of_reach(survey, candidate, node));
    let asked = asked().count();
    asked > 0 && out.count() * 4 >= asked * 3
}

fn is_out_of_reach(survey: &Survey<'_>, candidate: &Candidate, node: NodeIx) -> bool {
    let graph = survey.snapshot.graph();
    let key = match graph.kind(node) {
        NodeKind::Closure => node,
        _ if is_once(graph, node) => return false,
        // What is kept of a listener besides its function; of a timer it is the timer that matters.
        _ if graph.raw_name(node) == "Timeout" => node,
        _ => function_of(graph, node).unwrap_or(node),
    };
    let holder = candidate.holder();
    let is_caller = |at: NodeIx| {
        let name = graph.raw_name(at);
        holder.is_some_and(|holder| holder.node == Some(at) || name == *holder.class)
            || name == graph.raw_name(node) && at != key
    };
    let mut at = key;
    for _ in 0..STEPS {
        at = survey.snapshot.dominator(at);
        // Past the array in which a list keeps its elements.
        if graph.kind(at) != NodeKind::Array {
            return is_caller(at);
        }
    }
    false
}

/// Is it a timer that ends by itself? Those that repeat have a number there, which leaves no edge.
fn is_once(graph: &HeapGraph, node: NodeIx) -> bool {
    graph.raw_name(node) == "Timeout" && graph.node(node).follow(EdgeKind::Property, "_repeat").is_some()
}

/// The function that an object of a listener calls.
fn function_of(graph: &HeapGraph, node: NodeIx) -> Option<NodeIx> {
    let names = ["callback", "listener"];
    let mut all = names
        .iter()
        .filter_map(|name| graph.node(node).follow(EdgeKind::Property, name));
    all.find(|found| graph.kind(found.ix()) == NodeKind::Closure)
        .map(NodeRef::ix)
}

/// How many wait for the promise that holds the candidate's things: each left a reaction in the promise's list.
pub(super) fn waiting(survey: &Survey<'_>, candidate: &Candidate) -> Option<u64> {
    let graph = survey.snapshot.graph();
    let holder = candidate.holder()?;
    let promise = holder.node.filter(|_| holder.class == "Promise")?;
    let next = |node: NodeIx| {
        let mut heads = graph.heads(node).iter().take(EDGES);
        let is_next = |target: NodeIx| graph.raw_name(target) == "system / PromiseReaction" && target != node;
        heads
            .find(|head| !head.is_weak() && is_next(head.target()))
            .map(|head| head.target())
    };
    let mut at = next(promise)?;
    let mut count = 1;
    // The list is as long as there are nodes at most, even in a file that lies.
    while let Some(after) = next(at).filter(|_| count < graph.node_count() as u64) {
        at = after;
        count += 1;
    }
    Some(count)
}
