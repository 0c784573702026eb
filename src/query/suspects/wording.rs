//! Suspects in plain words: what and verb in the title, the evidence in the why-line, one thing to do next.

mod advice;
mod subject;
mod title;
mod why;

use super::bursts::function_name;
use super::candidate::{Candidate, Course, PathStep};
use super::severity::Judged;
use super::survey::Survey;
use super::suspect::{Kind, Phrase, Step, Suspect};
use super::whose::Whose;
use crate::analysis::owner_names;
use crate::analysis::owners::OwnerIx;
use crate::base::index::NodeIx;
use crate::graph::NodeKind;
use crate::query::inspect;

pub(super) use subject::named;

/// Samples that are handed on.
const SAMPLES: usize = 64;
/// Steps of a path that are handed on, at most: the first and the last ones.
const STEPS: usize = 9;
/// Names are cut to so many characters.
const NAME: usize = 80;

/// The suspect that `judged` is.
pub(super) fn write(survey: &Survey<'_>, judged: &Judged) -> Suspect {
    let Judged {
        candidate,
        whose,
        kind,
        severity,
        ..
    } = judged;
    let retained_size = candidate.size();
    // How many wait is known of the last snapshot; the promise is one.
    let waiting = judged.evidence.waiting.filter(|_| candidate.counts.len() == 1);
    Suspect {
        kind: *kind,
        severity: *severity,
        title: Phrase::of(&title::title(survey, judged)),
        why: Phrase::of(&why::why(survey, judged)),
        advice: Phrase::of(&advice::advice(survey, judged)),
        retained_size,
        share: share(retained_size, survey.snapshot.total_size()),
        growth: candidate.growth,
        counts: match waiting {
            Some(count) => vec![count],
            None => candidate.counts.clone(),
        },
        counted: if waiting.is_some() {
            "waiting"
        } else {
            counted(candidate, *kind)
        },
        sizes: candidate.sizes.clone(),
        owner: owner(survey, candidate, whose).map(|name| short(&name)),
        binding: whose.binding.as_deref().map(short),
        module: whose.module.map(|module| survey.module_name(module)),
        line: whose
            .module
            .and_then(|module| line(survey, candidate, whose, module)),
        package: whose
            .package
            .as_ref()
            .map(|package| package.in_words().to_owned()),
        path: path(survey, candidate, whose),
        holder: candidate.holder().and_then(|step| step.node).or(whose.root),
        samples: candidate.samples.iter().copied().take(SAMPLES).collect(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn share(part: u64, total: u64) -> f64 {
    if total == 0 {
        0.0
    } else {
        part as f64 / total as f64
    }
}

/// The function or class that holds it, or else, in a recording, that allocated it.
fn owner(survey: &Survey<'_>, candidate: &Candidate, whose: &Whose) -> Option<String> {
    let inside = || whose.inside.as_ref()?.function.clone();
    let allocated = || match candidate.course {
        Course::Burst(burst) => function_name(survey.snapshot, burst.function?),
        _ => None,
    };
    whose.owner.clone().or_else(inside).or_else(allocated)
}

/// The line in `module` of the nearest function, or constructor of an object, on the way to what is held.
fn line(survey: &Survey<'_>, candidate: &Candidate, whose: &Whose, module: OwnerIx) -> Option<u32> {
    let graph = survey.snapshot.graph();
    let of_module = |node: NodeIx| {
        let source = inspect::source(graph, node)?;
        let is_of_it = if graph.kind(node) == NodeKind::Closure {
            survey.owners.of(node) == Some(module)
        } else {
            let script = source.script.as_ref()?;
            let path = script.as_js().as_str().map(owner_names::path);
            path.is_some_and(|path| survey.owners.path(module) == path)
        };
        is_of_it.then_some(source.place.line + 1)
    };
    let nodes = candidate.path.iter().rev().filter_map(|step| step.node);
    // The entries of a collection are many, and made elsewhere as a rule.
    let skipped = usize::from(candidate.entry().is_some());
    whose
        .root
        .into_iter()
        .chain(nodes.skip(skipped))
        .find_map(of_module)
}

/// What is counted.
fn counted(candidate: &Candidate, kind: Kind) -> &'static str {
    match kind {
        Kind::Listeners => "listeners",
        Kind::Timers => "timers",
        Kind::Promises if candidate.entry().is_some_and(PathStep::is_reaction) => "waiting",
        Kind::Promises if candidate.ends_in_entry => "promises",
        Kind::Detached => "detached parts",
        Kind::Strings => "strings",
        Kind::Buffers => "buffers",
        Kind::Closures => "functions",
        Kind::Cache | Kind::Collection if candidate.entry().is_none_or(PathStep::is_slot) => "entries",
        Kind::Cache
        | Kind::Collection
        | Kind::Growth
        | Kind::Duplicates
        | Kind::Promises
        | Kind::LargeObject => "objects",
    }
}

/// A name as it may stand in a line.
fn short(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    let mut cut: String = name.chars().take(NAME).collect();
    cut.push('…');
    cut
}

/// The way from the module to what is held, the runtime's own steps and the engine's left out.
fn path(survey: &Survey<'_>, candidate: &Candidate, whose: &Whose) -> Vec<Step> {
    let graph = survey.snapshot.graph();
    let is_programs = |step: &PathStep| step.node.is_some_and(|node| survey.is_programs(node));
    let all = &candidate.path;
    let start = all.iter().position(is_programs).unwrap_or(0);
    let mut steps: Vec<Step> = Vec::new();
    if let Some(module) = whose.module
        && let Some(node) = all[start..].iter().find_map(|step| step.node)
    {
        steps.push(Step {
            text: short(&survey.module_name(module)),
            kind: NodeKind::Code,
            node,
        });
    }
    let shown = all[start..].iter().enumerate().filter_map(|(nth, step)| {
        let node = step.node?;
        let is_last = start + nth + 1 == all.len();
        let is_internal = step.class.starts_with("system / ") && !is_last;
        let kind = graph.kind(node);
        (!is_internal || kind == NodeKind::Object).then(|| Step {
            text: short(&step_text(step, is_last)),
            kind,
            node,
        })
    });
    steps.extend(shown);
    if steps.len() > STEPS {
        // The module, then what is nearest to what is held.
        steps.drain(1..=steps.len() - STEPS);
    }
    steps
}

fn step_text(step: &PathStep, is_last: bool) -> String {
    let (edge, class) = (step.edge.as_str(), step.class.as_str());
    let is_function = class.ends_with("()") && class != "()";
    let is_plain = matches!(class, "Object" | "Array" | "Map" | "Set" | "()" | "");
    match edge {
        "" => class.to_owned(),
        "[x]" if is_last => format!("[…] {class}"),
        "[x]" => "[…]".to_owned(),
        _ if step.is_slot() => {
            let what = edge.replace("key of ", "").replace("value of ", "");
            let part = if edge.starts_with("key") { " key" } else { "" };
            let class = if is_last || !is_plain {
                format!(" {class}")
            } else {
                String::new()
            };
            format!("{what}{part}{class}")
        }
        _ if is_function && class.strip_suffix("()") == Some(edge) => class.to_owned(),
        _ if is_plain && !is_last => format!(".{edge}"),
        _ => format!(".{edge} {class}"),
    }
}

/// The class of one of the things held, as the Summary calls it.
fn class_of(survey: &Survey<'_>, node: NodeIx) -> String {
    let class = survey.snapshot.class_of(node);
    survey.snapshot.classes().class(class).name.to_string()
}
