//! What is asked for the chain: the ways from the root to an object, with the engine's own steps folded into lines.

use std::sync::Arc;

use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::query::Query;
use crate::query::chain::{Chain, ChainStep};
use crate::query::folding::{self, Folded, is_internal};
use crate::snapshot::Snapshot;

/// Asks for the shortest way to an object, and the next best ones.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FindWays {
    pub(super) node: NodeIx,
}

/// A way from the root, as it is shown.
#[derive(Debug)]
pub(super) struct Way {
    /// How many edges it has.
    pub(super) length: usize,
    pub(super) steps: Vec<WayStep>,
    pub(super) lines: Vec<Line>,
    /// The step in which another way comes to the first one for good.
    pub(super) joint: usize,
}

/// A step as a person counts: one edge, or some that were folded into one.
#[derive(Clone, Copy, Debug)]
pub(super) struct WayStep {
    pub(super) folded: Folded,
    /// What would be freed if it were cut, in bytes, where that is known.
    pub(super) frees: Option<u64>,
}

/// A line of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// The step of that number.
    Step(usize),
    /// So many steps from that one on, all to objects of the engine.
    Fold { first: usize, count: usize },
}

/// Other ways that are looked for.
const ALTERNATIVES: usize = 3;

impl Query for FindWays {
    type Over = Snapshot;
    /// The shortest first; none if no way leads there.
    type Answer = Arc<Vec<Way>>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Arc<Vec<Way>>, Cancelled> {
        let question = Chain {
            node: self.node,
            alternatives: ALTERNATIVES,
        };
        let answer = question.run(snapshot, task)?;
        let mut ways = Vec::new();
        if answer.steps.is_empty() {
            return Ok(Arc::new(ways));
        }
        let first: Vec<_> = answer.steps.iter().map(|step| (step.edge, step.node)).collect();
        ways.push(way(snapshot, &first, &answer.steps, first.len(), task)?);
        for other in &answer.alternatives {
            let own = other.steps.len().saturating_sub(other.shared_end);
            ways.push(way(snapshot, &other.steps, &answer.steps, own, task)?);
        }
        Ok(Arc::new(ways))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for ways from the roots")
    }
}

/// `path` as it is shown; what its steps free is known where they are those of the `chain`. From the step `own` on all nodes
/// are on the chain.
fn way(
    snapshot: &Snapshot,
    path: &[(Option<EdgeIx>, NodeIx)],
    chain: &[ChainStep],
    own: usize,
    task: &Task,
) -> Result<Way, Cancelled> {
    task.check()?;
    // Steps of both ways stand at equal numbers from either end.
    let longer = path.len().saturating_sub(chain.len());
    let frees = |at: usize| {
        let edge = path.get(at)?.0;
        let there = [Some(at), at.checked_sub(longer)];
        let same = there.into_iter().flatten().filter_map(|at| chain.get(at));
        same.into_iter().find(|step| step.edge == edge)?.frees
    };
    let mut steps = Vec::new();
    for (nth, folded) in folding::folded(snapshot, path).into_iter().enumerate() {
        task.check_at(nth)?;
        steps.push(WayStep {
            folded,
            frees: frees(folded.first + folded.count - 1),
        });
    }
    let ends_after = |step: &WayStep| step.folded.first + step.folded.count > own;
    Ok(Way {
        length: path.len() - 1,
        lines: lines(snapshot, &steps),
        joint: steps.iter().position(ends_after).unwrap_or(steps.len() - 1),
        steps,
    })
}

/// Two or more steps of the engine in a row are one line; neither the root nor the object itself is ever among them.
fn lines(snapshot: &Snapshot, steps: &[WayStep]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < steps.len() {
        let inner = steps.get(at.max(1)..steps.len() - 1).unwrap_or_default();
        let is_engine = |step: &&WayStep| is_internal(snapshot.graph(), step.folded.node);
        let count = if at == 0 {
            0
        } else {
            inner.iter().take_while(is_engine).count()
        };
        if count > 1 {
            lines.push(Line::Fold { first: at, count });
            at += count;
        } else {
            lines.push(Line::Step(at));
            at += 1;
        }
    }
    lines
}
