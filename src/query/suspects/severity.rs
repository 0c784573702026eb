//! How bad a candidate is, and how far up the list it stands.
//!
//! Growth at every step of several, of some size, is a leak as far as files can tell: high. With one step, or of little size,
//! it is likely: medium. One snapshot proves nothing: what piled up is a note, unless it bears a sign that it goes on, or is
//! a recording in which burst after burst adds to it. Among
//! those of one severity the program's own code stands before what it installed and before the runtime's; then counts what
//! would be freed.

use super::candidate::{Candidate, Course, PathStep};
use super::evidence::{self, Evidence, Repetition};
use super::survey::Survey;
use super::suspect::{Kind, Severity};
use super::whose::Whose;
use crate::analysis::caches::Limit;
use crate::analysis::content_hash::ContentHash;
use crate::analysis::packages::Package;

/// A candidate with all that is known of it.
#[derive(Clone, Debug)]
pub(super) struct Judged {
    pub(super) candidate: Candidate,
    pub(super) whose: Whose,
    pub(super) evidence: Evidence,
    pub(super) kind: Kind,
    pub(super) severity: Severity,
    /// Higher stands further up, among those of one severity.
    pub(super) score: f64,
    /// What else it explains: names of what was merged into it.
    pub(super) explains: Vec<String>,
}

/// Piles of nobody's of fewer bytes are no candidates.
const LEAST: u64 = 16 << 10;
/// Growth of so many bytes is significant in any case, ...
const MANY_BYTES: u64 = 64 << 10;
/// ... and by so many things.
const MANY: u64 = 100;
/// Nobody sets up so many listeners of one event, or timers, when the program starts.
const MANY_CALLED: u64 = 1000;
/// So many parts of a page out of it at once are no chance.
const MANY_DETACHED: u64 = 20;

/// Judges `candidate`.
pub(super) fn judge(
    survey: &Survey<'_>,
    contents: &ContentHash<'_>,
    candidate: Candidate,
    whose: Whose,
) -> Option<Judged> {
    let kind = kind(&candidate, &whose);
    if is_of_no_interest(survey, &candidate, &whose) {
        return None;
    }
    let evidence = evidence::of(survey, contents, &candidate);
    let severity = severity(&candidate, &whose, &evidence, kind);
    let score = score(&candidate, &whose, &evidence, kind);
    Some(Judged {
        candidate,
        whose,
        evidence,
        kind,
        severity,
        score,
        explains: Vec::new(),
    })
}

/// What the runtime or the engine has piled up for itself is of interest from this part of the heap on: one of so many.
const LARGE_PART: u64 = 5;

/// Is it a pile that nobody would miss: the runtime's, the engine's, or the names of an object's properties?
fn is_of_no_interest(survey: &Survey<'_>, candidate: &Candidate, whose: &Whose) -> bool {
    let is_standing = matches!(
        candidate.course,
        Course::Piled | Course::Burst(_) | Course::Steady
    );
    if !is_standing || whose.is_programs() {
        return false;
    }
    let is_engines = |step: &PathStep| {
        let class = step.class.as_str();
        class.contains("::") || class.contains(" / ") || class.starts_with('(') && !TEXTS.contains(&class)
    };
    let is_engines = candidate.holder().is_some_and(is_engines) || candidate.entry().is_some_and(is_engines);
    let are_names = candidate
        .entry()
        .is_some_and(|entry| entry.edge == "name of property");
    let is_runtimes = whose.package.as_ref().is_some_and(Package::is_runtime);
    let is_small = candidate.size() < survey.snapshot.total_size() / LARGE_PART;
    let is_nobodys = whose.package.is_none() && candidate.size() < LEAST;
    are_names || is_engines || is_runtimes && is_small || is_nobodys || is_tables_of_runtime(candidate)
}

/// What runtimes keep of themselves in objects that no script of theirs owns.
const RUNTIMES_OWN: [&str; 7] = [
    "config",
    "moduleLoadList",
    "allowedNodeEnvironmentFlags",
    "binding",
    "internalBinding",
    "versions",
    "release",
];

/// Does the way lead over such an object: `process.config`, `primordials`, the console?
fn is_tables_of_runtime(candidate: &Candidate) -> bool {
    candidate.path.windows(2).any(|pair| {
        let (above, step) = (&pair[0], &pair[1]);
        above.class == "process" && RUNTIMES_OWN.contains(&step.edge.as_str())
            || step.edge == "primordials"
            || step.edge.starts_with("<symbol node:")
            || step.class == "console"
    })
}

fn severity(candidate: &Candidate, whose: &Whose, evidence: &Evidence, kind: Kind) -> Severity {
    match candidate.course {
        Course::Grew { steps } => {
            let growth = candidate.growth.unwrap_or(0).max(0).unsigned_abs();
            let is_significant = growth >= MANY_BYTES || candidate.count_growth() >= MANY;
            match (steps, is_significant) {
                (2.., true) if whose.is_programs() => Severity::High,
                _ if whose.is_programs() || is_significant => Severity::Medium,
                _ => Severity::Note,
            }
        }
        Course::Detached { grew: true } => Severity::High,
        Course::Detached { grew: false } if candidate.count() >= MANY_DETACHED => Severity::Medium,
        Course::Burst(burst)
            if burst.goes_on
                && whose.is_programs()
                && whose.limit.is_none()
                && (candidate.count() >= MANY || candidate.size() >= MANY_BYTES) =>
        {
            Severity::Medium
        }
        Course::Piled | Course::Burst(_) => {
            let is_missed = evidence.object_keys.is_some_and(Repetition::is_marked);
            let is_unlimited = whose.limit.is_none() && whose.is_programs();
            let is_many = |count: u64| count >= MANY && is_unlimited;
            let count = candidate.count();
            let are_stuck = evidence.are_out_of_reach && count >= MANY_CALLED;
            let goes_on = match kind {
                Kind::Cache => is_missed && is_many(count),
                Kind::Listeners | Kind::Timers => are_stuck && is_unlimited,
                Kind::Promises => is_many(evidence.waiting.unwrap_or(0)),
                // Each function calls the one before.
                Kind::Closures => !candidate.entry().is_some_and(PathStep::is_slot) && is_many(count),
                _ => false,
            };
            if goes_on { Severity::Medium } else { Severity::Note }
        }
        Course::Detached { .. } | Course::Steady | Course::Repeated { .. } => Severity::Note,
    }
}

/// The bytes that it grew by, or that would go with it, weighed by whose it is and by the signs that it goes on.
#[expect(clippy::cast_precision_loss, reason = "a score")]
fn score(candidate: &Candidate, whose: &Whose, evidence: &Evidence, kind: Kind) -> f64 {
    let bytes = match candidate.growth {
        Some(growth) if candidate.course != Course::Steady => growth.max(0) as f64,
        _ => candidate.size() as f64,
    };
    let by_whom = match &whose.package {
        _ if whose.is_own() => 1.0,
        Some(Package::Installed(_)) => 0.7,
        Some(Package::Own) | None => 0.3,
        Some(Package::Runtime(_)) => 0.02,
    };
    match candidate.course {
        Course::Piled | Course::Burst(_) => {}
        Course::Repeated { wasted } => return wasted as f64 * (1.0 + candidate.count() as f64).ln(),
        // Who holds parts of a page in code of its own says more than the parts.
        Course::Detached { .. } => return bytes * by_whom * 0.3,
        Course::Grew { .. } | Course::Steady => return bytes * by_whom,
    }
    let by_limit = match whose.limit {
        None => 1.0,
        Some(Limit::Weak) => 0.6,
        Some(Limit::Property(_) | Limit::Ring(_)) => 0.1,
    };
    // What only the stack holds, or handles, is in use by what runs, as a rule.
    let by_name = if whose.is_named { 1.0 } else { 0.1 };
    let by_kind = match kind {
        Kind::Cache | Kind::Listeners | Kind::Timers | Kind::Promises => 2.0,
        // A single large text or buffer is data, as a rule.
        _ if candidate.entry().is_none() => 0.05,
        _ => 1.0,
    };
    // Data that is loaded has no functions of its own; what is made for a request or a connection often does.
    let by_functions = if evidence.has_functions { 4.0 } else { 1.0 };
    // Twice as many things are a little more suspicious than things twice as large.
    let by_count = (1.0 + candidate.count() as f64).ln();
    bytes * by_whom * by_name * by_limit * by_kind * by_functions * by_count
}

/// Classes of buffers and of views of them.
pub(super) const BUFFERS: [&str; 16] = [
    "ArrayBuffer",
    "SharedArrayBuffer",
    "Buffer",
    "FastBuffer",
    "DataView",
    "Uint8Array",
    "Int8Array",
    "Uint8ClampedArray",
    "Uint16Array",
    "Int16Array",
    "Uint32Array",
    "Int32Array",
    "Float32Array",
    "Float64Array",
    "BigInt64Array",
    "BigUint64Array",
];
/// Classes of texts in the trees of places.
pub(super) const TEXTS: [&str; 4] = ["(string)", "(concatenated string)", "(sliced string)", "String"];

/// What kind of thing a candidate is.
fn kind(candidate: &Candidate, whose: &Whose) -> Kind {
    match candidate.course {
        Course::Detached { .. } => return Kind::Detached,
        Course::Repeated { .. } => return Kind::Strings,
        _ => {}
    }
    let class = |step: Option<&PathStep>| step.map_or("", |step| step.class.as_str()).to_owned();
    let (entry, holder) = (class(candidate.entry()), class(candidate.holder()));
    let what = if candidate.ends_in_entry { &entry } else { &holder };
    let is_timer = |class: &str| matches!(class, "Timeout" | "Immediate" | "TimersList" | "ImmediateList");
    if is_timer(&entry) || holder == "TimersList" {
        Kind::Timers
    } else if candidate.event_table().is_some() || entry.contains("EventListener") {
        Kind::Listeners
    } else if holder == "Promise" || candidate.entry().is_some_and(PathStep::is_reaction) {
        Kind::Promises
    } else if BUFFERS.contains(&what.as_str()) {
        Kind::Buffers
    } else if TEXTS.contains(&what.as_str()) && !whose.is_cache {
        Kind::Strings
    } else if whose.is_cache {
        Kind::Cache
    } else if entry.ends_with("()") {
        Kind::Closures
    } else if candidate.entry().is_some() {
        if candidate.entry().is_some_and(PathStep::is_slot) {
            Kind::Collection
        } else {
            Kind::Growth
        }
    } else if matches!(holder.as_str(), "Map" | "Set" | "Array" | "Object" | "WeakMap") {
        Kind::Collection
    } else {
        Kind::LargeObject
    }
}
