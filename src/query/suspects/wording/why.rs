//! Why-lines: the evidence, then what it means.

use super::super::bursts::function_name;
use super::super::candidate::{Candidate, Course};
use super::super::severity::Judged;
use super::super::survey::Survey;
use super::super::suspect::Kind;
use super::subject::{code, things};
use crate::analysis::caches::Limit;
use crate::base::units;

/// So many merged explanations are named.
const EXPLAINED: usize = 3;

/// The why-line; code stands between grave accents.
pub(super) fn why(survey: &Survey<'_>, judged: &Judged) -> String {
    let mut said = vec![first(survey, judged)];
    said.extend(keys(judged));
    said.extend(contents(judged));
    said.extend(signs(judged));
    said.extend(slices(judged));
    said.extend(limit(judged));
    if !judged.explains.is_empty() {
        let named: Vec<&str> = judged
            .explains
            .iter()
            .take(EXPLAINED)
            .map(String::as_str)
            .collect();
        said.push(format!("Explains {} as well.", named.join(", ")));
    }
    said.join(" ")
}

fn first(survey: &Survey<'_>, judged: &Judged) -> String {
    let candidate = &judged.candidate;
    let total = survey.snapshot.total_size();
    let share = units::share(candidate.size(), total);
    match candidate.course {
        Course::Grew { steps } => {
            let how = if steps > 1 {
                "Grew at every step"
            } else {
                "Grew from one snapshot to the next"
            };
            let growth = units::signed_bytes(candidate.growth.unwrap_or(0));
            match rise(candidate) {
                Some(rise) => format!("{how}, {rise}: {growth}."),
                None => format!("{how}: {growth}."),
            }
        }
        Course::Steady => format!(
            "Did not grow. {share} of the heap hangs from it: it sets the floor for the memory limit."
        ),
        Course::Piled | Course::Burst(_) => {
            let holders = candidate.holders;
            let each = if holders > 1 && candidate.ends_in_entry {
                format!(" in {} of its kind", units::grouped(holders))
            } else {
                String::new()
            };
            let what = things(survey, candidate);
            let count = if candidate.ends_in_entry {
                what.counted(candidate.count())
            } else {
                "It".to_owned()
            };
            let keeps = if candidate.ends_in_entry { "keep" } else { "keeps" };
            let bursts = bursts(survey, candidate);
            format!(
                "{bursts}{count}{each} {keeps} {} alive, {share} of the heap.",
                units::human_bytes(candidate.size())
            )
        }
        Course::Detached { grew } => {
            let more = if grew { "Grew at every step. " } else { "" };
            format!(
                "{more}They are out of the page, and {} stays alive with them.",
                units::human_bytes(candidate.size())
            )
        }
        Course::Repeated { wasted } => {
            let held = candidate.path.first().filter(|step| !step.edge.is_empty());
            let held = held.map_or_else(String::new, |step| {
                format!(" Most are held by `{}`.", code(&step.edge))
            });
            format!(
                "One would do for all: {} is repeated content.{held}",
                units::human_bytes(wasted)
            )
        }
    }
}

/// What a recording tells of bursts that left it.
fn bursts(survey: &Survey<'_>, candidate: &Candidate) -> String {
    let Course::Burst(burst) = candidate.course else {
        return String::new();
    };
    let count = units::counted(burst.bursts as u64, "burst", "bursts");
    let pace = burst.period.map_or_else(String::new, |period| {
        format!(", one about every {},", units::human_duration(period))
    });
    let each = match (burst.least, burst.most) {
        (least, most) if least == most => units::grouped(most),
        (least, most) => format!("{} to {}", units::grouped(least), units::grouped(most)),
    };
    let each = if burst.bursts > 1 {
        format!("{each} each")
    } else {
        each
    };
    let by = burst
        .function
        .and_then(|function| function_name(survey.snapshot, function));
    let by = by.map_or_else(String::new, |name| format!(", allocated by `{}`", code(&name)));
    format!("{count}{pace} left {each}{by}. ")
}

/// `by 500`, if it rose by about as many each time; `by 480 to 520`.
fn rise(candidate: &Candidate) -> Option<String> {
    let rises = candidate
        .counts
        .windows(2)
        .map(|pair| pair[1].checked_sub(pair[0]));
    let rises: Vec<u64> = rises.collect::<Option<_>>()?;
    let (least, most) = (*rises.iter().min()?, *rises.iter().max()?);
    match (least, most) {
        (0, _) => None,
        _ if least == most => Some(format!("by {}", units::grouped(least))),
        _ => Some(format!(
            "by {} to {}",
            units::grouped(least),
            units::grouped(most)
        )),
    }
}

fn keys(judged: &Judged) -> Option<String> {
    let evidence = &judged.evidence;
    if let Some(keys) = evidence.object_keys {
        let all = units::grouped(keys.looked_at as u64);
        return Some(if keys.is_marked() {
            format!(
                "The keys are different objects, so that no call can hit it: {all} of them have {}.",
                different(keys.distinct)
            )
        } else {
            "The keys are different objects: an object made anew is never found again.".to_owned()
        });
    }
    let prefix = evidence.prefix.as_ref()?;
    Some(format!(
        "All keys looked at are different texts that begin with `{}`.",
        code(prefix)
    ))
}

fn contents(judged: &Judged) -> Option<String> {
    let contents = judged.evidence.contents.filter(|contents| contents.is_marked())?;
    Some(format!(
        "Numbers aside, {} of them have {}.",
        units::grouped(contents.looked_at as u64),
        different(contents.distinct)
    ))
}

/// So many contents: "the same content", "only 4 different contents".
fn different(contents: usize) -> String {
    match contents {
        1 => "the same content".to_owned(),
        many => format!("only {} different contents", units::grouped(many as u64)),
    }
}

/// What shows that it goes on.
fn signs(judged: &Judged) -> Option<String> {
    let is_standing = matches!(judged.candidate.course, Course::Piled | Course::Burst(_));
    let said = match judged.kind {
        Kind::Listeners if judged.evidence.are_out_of_reach => {
            "Nothing else has these functions, so that none can be removed."
        }
        Kind::Timers if judged.evidence.are_out_of_reach => {
            "They repeat, and nothing else has them, so that none can be cleared."
        }
        Kind::Promises if judged.evidence.waiting.is_some() => "It is not settled: all of them wait.",
        _ => return None,
    };
    is_standing.then(|| said.to_owned())
}

fn slices(judged: &Judged) -> Option<String> {
    let said = "Most keep a piece cut out of a longer text, and with it the whole text.";
    judged.evidence.are_slices.then(|| said.to_owned())
}

fn limit(judged: &Judged) -> Option<String> {
    let said = match judged.whose.limit.as_ref()? {
        Limit::Property(name) => format!("Its `{}` looks like a limit.", code(&name.to_string())),
        Limit::Ring(name) => format!("Its `{}` looks like that of a ring.", code(&name.to_string())),
        Limit::Weak => "Its entries go with their keys.".to_owned(),
    };
    Some(said)
}
