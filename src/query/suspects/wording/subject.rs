//! How the things that suspects are about are called.

use super::super::candidate::{Candidate, PathStep};
use super::super::severity::Judged;
use super::super::survey::Survey;
use super::super::suspect::Kind;
use super::super::whose::Whose;
use super::{class_of, short};
use crate::base::units;

/// What a suspect is about, for the why-line of another: `sessions`.
pub(in super::super) fn named(survey: &Survey<'_>, judged: &Judged) -> String {
    if judged.kind == Kind::Detached {
        return units::counted(
            judged.candidate.count(),
            "detached part of the page",
            "detached parts of the page",
        );
    }
    let what = things(survey, &judged.candidate);
    format!("{} in `{}`", what.many, binding(&judged.candidate, &judged.whose))
}

/// How the variable or property is called.
pub(super) fn binding(candidate: &Candidate, whose: &Whose) -> String {
    let binding = whose.binding.clone().filter(|binding| !binding.is_empty());
    code(&binding.unwrap_or_else(|| candidate.name.clone()))
}

/// A name that cannot be taken for the end of code.
pub(super) fn code(name: &str) -> String {
    short(&name.replace('`', "'"))
}

/// Things that are held.
pub(super) struct Things {
    /// One of them, after a number of them: `Session`, with the marks of code.
    pub(super) many: String,
}

impl Things {
    fn of(many: &str) -> Self {
        Self {
            many: many.to_owned(),
        }
    }

    /// `1 800` of them.
    pub(super) fn counted(&self, count: u64) -> String {
        format!("{} {}", units::grouped(count), self.many)
    }
}

/// What the things held are called.
pub(super) fn things(survey: &Survey<'_>, candidate: &Candidate) -> Things {
    let Some(entry) = candidate.entry() else {
        return Things::of("entries");
    };
    let class = entry.class.as_str();
    match class {
        "(string)" | "String" => Things::of("strings"),
        "(concatenated string)" => Things::of("joined strings"),
        "(sliced string)" => Things::of("slices of strings"),
        "(number)" => Things::of("numbers"),
        "()" => Things::of("functions"),
        _ if entry.is_reaction() => Things::of("reactions"),
        "Object" => {
            let node = candidate.samples.first().copied().or(entry.node);
            let class = node.map_or_else(|| class.to_owned(), |node| class_of(survey, node));
            Things::of(&format!("`{}`", code(&class)))
        }
        _ => Things::of(&format!("`{}`", code(class))),
    }
}

/// The emitter and the event of listeners: what stands before and behind the table of them on the way.
pub(super) fn event(candidate: &Candidate) -> (Option<String>, Option<String>) {
    let Some(at) = candidate.event_table() else {
        // Of the DOM's kind: the nearest object of the page before them.
        let mut steps = candidate.path.iter().rev().skip(1);
        let is_pages = |step: &&PathStep| {
            let is_made_up = step.class.starts_with('(') || step.class.contains("::");
            !is_made_up && !step.class.contains(" / ") && !step.class.is_empty()
        };
        return (steps.find(is_pages).map(|step| code(&step.class)), None);
    };
    let said = |step: &PathStep| {
        let is_named = !step.edge.is_empty() && !step.is_slot() && step.edge != "next";
        is_named.then(|| code(&step.edge))
    };
    let mut before = candidate.path[..at].iter().rev();
    (before.find_map(said), candidate.path.get(at + 1).and_then(said))
}
