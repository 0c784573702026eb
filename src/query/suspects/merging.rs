//! One cause, one suspect: what several candidates explain is told by the one that stands highest.
//!
//! Two explain the same if they name the same holder, the same variable of the same module, or if what the one holds is kept
//! alive by what the other holds. The lower one is then a word in the other's why-line.

use std::cmp::Reverse;

use super::candidate::Course;
use super::severity::Judged;
use super::survey::Survey;
use super::wording;
use crate::base::index::NodeIx;

/// So many of the things held are asked.
const ASKED: usize = 8;
/// Steps up the tree of dominators that are followed.
const STEPS: usize = 200;

/// The suspects, worst first, each cause once.
pub(super) fn merge(survey: &Survey<'_>, mut judged: Vec<Judged>) -> Vec<Judged> {
    judged.sort_by(|a, b| {
        let rank = |one: &Judged| (one.severity, Reverse(one.candidate.size()));
        let by_score = || b.score.total_cmp(&a.score);
        let by_path = || keys(a).cmp(keys(b));
        a.severity
            .cmp(&b.severity)
            .then_with(by_score)
            .then_with(|| rank(a).cmp(&rank(b)))
            .then_with(by_path)
    });
    let mut told: Vec<Judged> = Vec::new();
    for one in judged {
        match told.iter_mut().find(|other| is_same(survey, &one, other)) {
            // Who holds parts of a page says more than that they are out of it.
            Some(other) if is_detached(other) && !is_detached(&one) => {
                let parts = std::mem::replace(other, one);
                other.severity = other.severity.min(parts.severity);
                other.explains.push(wording::named(survey, &parts));
            }
            Some(other) => {
                let also = wording::named(survey, &one);
                if also != wording::named(survey, other) && !other.explains.contains(&also) {
                    other.explains.push(also);
                }
            }
            None => told.push(one),
        }
    }
    told
}

fn is_detached(one: &Judged) -> bool {
    matches!(one.candidate.course, Course::Detached { .. })
}

fn keys(one: &Judged) -> impl Iterator<Item = (&str, &str)> {
    let steps = one.candidate.path.iter();
    steps.map(|step| (step.edge.as_str(), step.class.as_str()))
}

/// Does `one` explain what `other`, which stands higher, explains? That a text is there many times is a cause of its own, whatever
/// holds the copies.
fn is_same(survey: &Survey<'_>, one: &Judged, other: &Judged) -> bool {
    let are_copies = |one: &Judged| matches!(one.candidate.course, Course::Repeated { .. });
    if are_copies(one) || are_copies(other) {
        return false;
    }
    let holder = |one: &Judged| one.candidate.holder().and_then(|step| step.node);
    let by_name = one.whose.is_named
        && other.whose.is_named
        && binding(one).is_some()
        && one.whose.module.is_some()
        && (binding(one), one.whose.module, &one.whose.owner)
            == (binding(other), other.whose.module, &other.whose.owner);
    let by_holder =
        holder(one).is_some() && holder(one) == holder(other) && is_entered(one) && is_entered(other);
    // Growing holders were told apart by what they keep alive each.
    let both_grow = |one: &Judged| matches!(one.candidate.course, Course::Grew { .. });
    if by_name || by_holder || both_grow(one) && both_grow(other) {
        return by_name || by_holder;
    }
    let above = keepers(other);
    let held: Vec<NodeIx> = one.candidate.samples.iter().copied().take(ASKED).collect();
    !above.is_empty() && !held.is_empty() && held.iter().all(|&node| is_kept(survey, node, &above))
}

/// What it hangs from, without what leads on from there.
fn binding(one: &Judged) -> Option<&str> {
    let binding = one.whose.binding.as_deref()?;
    binding.split("[…]").next().filter(|name| !name.is_empty())
}

/// Does the holder hold things by number or key, so that all it keeps is of one cause?
fn is_entered(one: &Judged) -> bool {
    let by_slot = one
        .candidate
        .entry()
        .is_some_and(super::candidate::PathStep::is_slot);
    by_slot || !one.candidate.ends_in_entry
}

/// What keeps alive all that `one` explains: the holder, if it is a collection, and the things held.
fn keepers(one: &Judged) -> Vec<NodeIx> {
    let candidate = &one.candidate;
    let holder = candidate.holder().and_then(|step| step.node);
    let holder = holder.filter(|_| is_entered(one) && candidate.holders == 1);
    let samples = candidate.samples.iter().copied();
    holder.into_iter().chain(samples).collect()
}

/// Is `node` one of `keepers`, or alive only through one?
fn is_kept(survey: &Survey<'_>, node: NodeIx, keepers: &[NodeIx]) -> bool {
    let mut at = node;
    for _ in 0..STEPS {
        if keepers.contains(&at) {
            return true;
        }
        let above = survey.snapshot.dominator(at);
        if above == at {
            return false;
        }
        at = above;
    }
    false
}
