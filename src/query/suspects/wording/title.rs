//! Titles: what, and what it does.

use super::super::candidate::{Candidate, Course, PathStep};
use super::super::severity::Judged;
use super::super::survey::Survey;
use super::super::suspect::Kind;
use super::super::whose::Whose;
use super::subject::{binding, code, event, things};
use crate::base::units;

/// The title; code stands between grave accents.
pub(super) fn title(survey: &Survey<'_>, judged: &Judged) -> String {
    let Judged { candidate, whose, .. } = judged;
    match candidate.course {
        Course::Grew { .. } => growing(survey, judged),
        Course::Steady => format!("Large but steady: `{}`", binding(candidate, whose)),
        Course::Burst(burst) if burst.goes_on => format!(
            "Every burst of allocation leaves more {} in `{}`",
            things(survey, candidate).many,
            binding(candidate, whose)
        ),
        Course::Piled | Course::Burst(_) => piled(survey, judged),
        Course::Detached { grew } => {
            let count = units::counted(candidate.count(), "detached part", "detached parts");
            let more = if grew { ", ever more," } else { "" };
            match whose.binding.as_deref().filter(|binding| !binding.is_empty()) {
                Some(binding) => {
                    let owner = whose.owner.as_deref().filter(|owner| *owner != binding);
                    let of = owner.map_or_else(String::new, |owner| format!(" of `{}`", code(owner)));
                    format!("{count} of the page{more} are held, by `{}`{of}", code(binding))
                }
                None => format!("{count} of the page{more} are held"),
            }
        }
        Course::Repeated { .. } => {
            let count = units::counted(candidate.count(), "copy", "copies");
            format!("{count} of the text `{}`", code(&candidate.name))
        }
    }
}

/// Are the things held what waits for a promise: its reactions, or the promise itself?
fn is_of_waiting(candidate: &Candidate) -> bool {
    candidate.entry().is_none_or(PathStep::is_reaction)
}

/// What a cache is for.
fn cached(candidate: &Candidate, whose: &Whose) -> String {
    let owner = whose.owner.as_deref().map(code);
    owner.unwrap_or_else(|| binding(candidate, whose))
}

/// The function of the program's to which timers and the like lead.
fn called(whose: &Whose) -> Option<String> {
    let inside = whose.inside.as_ref()?;
    inside
        .function
        .as_ref()
        .or(inside.class.as_ref())
        .map(|name| code(name))
}

/// `Connection`, whose are the things that only the runtime holds.
fn inner(whose: &Whose) -> String {
    let inside = whose.inside.as_ref();
    match inside.and_then(|inside| inside.class.as_deref()) {
        Some(class) => format!(" with `{}`", code(class)),
        None => String::new(),
    }
}

/// The same, unless it was told as `name` already.
fn inner_of(whose: &Whose, name: &str) -> String {
    let inner = inner(whose);
    if inner == format!(" with `{name}`") {
        String::new()
    } else {
        inner
    }
}

fn growing(survey: &Survey<'_>, judged: &Judged) -> String {
    let (candidate, whose, kind) = (&judged.candidate, &judged.whose, judged.kind);
    let name = binding(candidate, whose);
    let what = things(survey, candidate);
    let is_list = candidate.entry().is_some_and(PathStep::is_slot);
    match kind {
        Kind::Cache => format!("Cache of `{}` grows without bound", cached(candidate, whose)),
        Kind::Listeners => match event(candidate) {
            (Some(emitter), Some(event)) => format!("`{emitter}` gets ever more `{event}` listeners"),
            (Some(emitter), None) => format!("`{emitter}` gets ever more listeners{}", inner(whose)),
            _ => format!("`{name}` gets ever more listeners"),
        },
        Kind::Timers => match called(whose) {
            Some(function) => format!(
                "Ever more timers wait for `{function}`{}",
                inner_of(whose, &function)
            ),
            None => "Ever more timers wait".to_owned(),
        },
        Kind::Promises if is_of_waiting(candidate) => match judged.evidence.waiting {
            Some(count) => {
                let count = units::grouped(count);
                format!("Ever more wait for the promise `{name}`{}: {count}", inner(whose))
            }
            None => format!("Ever more wait for the promise `{name}`{}", inner(whose)),
        },
        Kind::Strings if candidate.entry().is_none() => format!("Text `{name}` gets longer and longer"),
        Kind::Buffers if candidate.entry().is_none() => format!("Buffers in `{name}` get larger and larger"),
        Kind::Closures if !is_list => format!("`{name}` is wrapped again and again: ever more {}", what.many),
        _ if candidate.entry().is_none() => format!("`{name}` grows without bound"),
        _ if !is_list => format!("List `{name}` gets longer: ever more {}", what.many),
        _ => format!("`{name}` holds ever more {}{}", what.many, inner(whose)),
    }
}

fn piled(survey: &Survey<'_>, judged: &Judged) -> String {
    let (candidate, whose, kind) = (&judged.candidate, &judged.whose, judged.kind);
    let name = binding(candidate, whose);
    let what = things(survey, candidate);
    let count = what.counted(candidate.count());
    let bytes = units::human_bytes(candidate.size());
    match kind {
        Kind::Cache => format!("Cache of `{}` holds {count}", cached(candidate, whose)),
        Kind::Listeners => match event(candidate) {
            (Some(emitter), Some(event)) => format!("`{emitter}` has {count} as `{event}` listeners"),
            (Some(emitter), None) => {
                let count = units::counted(candidate.count(), "listener", "listeners");
                format!("`{emitter}` has {count}{}", inner(whose))
            }
            _ => format!("`{name}` has {count} as listeners"),
        },
        Kind::Timers => {
            let timers = units::counted(candidate.count(), "timer waits", "timers wait");
            match called(whose) {
                Some(function) => format!("{timers} for `{function}`{}", inner_of(whose, &function)),
                None => timers,
            }
        }
        Kind::Promises if is_of_waiting(candidate) => match judged.evidence.waiting {
            Some(count) => {
                let count = units::counted(count, "waits", "wait");
                format!("{count} for the promise `{name}`{}", inner(whose))
            }
            None => format!("Much waits for the promise `{name}`: {bytes}{}", inner(whose)),
        },
        Kind::Strings if candidate.entry().is_none() => format!("`{name}` is a text of {bytes}"),
        Kind::Buffers if candidate.entry().is_none() => format!("`{name}` holds buffers of {bytes}"),
        _ if candidate.entry().is_none() => format!("`{name}` takes {bytes}"),
        _ => format!("`{name}` holds {count}{}", inner(whose)),
    }
}
