//! Which step of a chain is worth cutting: the one by which the program holds on to nearly all that hangs there.

use super::question::WayStep;
use super::rows::Links;
use crate::graph::NodeKind;
use crate::query::folding::is_internal;

/// The step, by its number in the way that is shown. Only steps away from things of the program are looked at, never those within
/// the runtime. Of those that free nearly as much as the most that one frees, the last that leads away from a function: its
/// variable, or what it keeps as a property. Where no function keeps it, the first below a module's exports.
pub(super) fn worth(links: &Links) -> Option<usize> {
    let (way, owners) = (links.way()?, links.owners.as_ref()?);
    let graph = links.asker.snapshot.graph();
    let node = |at: usize| way.steps[at].folded.node;
    let owner = |at: usize| owners.of(node(at));
    let is_programs = |at: usize| owner(at).is_some_and(|owner| !owners.is_of_runtime(owner));
    let is_own = |at: usize| owner(at).is_none() && !is_internal(graph, node(at));
    let steps = 1..way.steps.len();
    // Where nothing belongs to a module, the program's own objects begin below its roots.
    let first = steps.clone().find(|&at| is_programs(at));
    let first = first.or_else(|| steps.clone().find(|&at| is_own(at)))?;
    let is_runtimes = |at: usize| owner(at).is_some_and(|owner| owners.is_of_runtime(owner));
    let frees = |step: &WayStep| step.frees.unwrap_or(0);
    let candidates: Vec<usize> = (first + 1..way.steps.len())
        .filter(|&at| way.steps[at].frees.is_some() && !is_runtimes(at - 1))
        .collect();
    let most = candidates.iter().map(|&at| frees(&way.steps[at])).max()?;
    let is_nearly_all = |at: &usize| u128::from(frees(&way.steps[*at])) * 10 >= u128::from(most) * 9;
    let worthy: Vec<usize> = candidates.into_iter().filter(is_nearly_all).collect();
    let leads_from_function = |at: &&usize| graph.kind(node(**at - 1)) == NodeKind::Closure;
    let leads_from_module = |at: &usize| is_module(links, *at - 1);
    let of_function = worthy.iter().rev().find(leads_from_function);
    let below_exports = || worthy.iter().find(|at| !leads_from_module(at));
    of_function
        .or_else(below_exports)
        .or_else(|| worthy.first())
        .copied()
}

/// Does the step lead to a module, or to what a module exports? To cut there would be to do without all of it.
fn is_module(links: &Links, at: usize) -> bool {
    let Some(way) = links.way() else { return false };
    let snapshot = &links.asker.snapshot;
    let is_called = |at: usize, name: &str| {
        let class = snapshot.class_of(way.steps[at].folded.node);
        snapshot.classes().class(class).name.to_string() == name
    };
    is_called(at, "Module") || at > 0 && links.label(at) == ".exports" && is_called(at - 1, "Module")
}
