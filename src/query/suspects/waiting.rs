//! How many wait for a promise: V8 keeps them as a list that hangs from it.

use super::candidate::Candidate;
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::graph::EdgeKind;
use crate::snapshot::Snapshot;

/// The promise that is `candidate`'s holder, if what hangs from it is no entry of its own.
pub(super) fn promise(candidate: &Candidate) -> Option<NodeIx> {
    let holder = candidate.holder().filter(|_| !candidate.ends_in_entry)?;
    holder.node.filter(|_| holder.class == "Promise")
}

/// How many reactions wait for `promise`.
pub(super) fn count(snapshot: &Snapshot, promise: NodeIx, task: &Task) -> Result<u64, Cancelled> {
    let graph = snapshot.graph();
    let follow = |node: NodeIx, name: &str| {
        let next = graph.node(node).follow(EdgeKind::Internal, name)?;
        let is_reaction = next.raw_name().to_string_lossy().contains("PromiseReaction");
        is_reaction.then(|| next.ix())
    };
    let mut at = follow(promise, "reactions_or_result");
    let mut count: u64 = 0;
    while let Some(reaction) = at {
        // A list cannot be longer than the heap: hostile files link them in a ring.
        if count > graph.node_count() as u64 {
            break;
        }
        task.check_at(usize::try_from(count).unwrap_or(0))?;
        count += 1;
        at = follow(reaction, "next");
    }
    Ok(count)
}
