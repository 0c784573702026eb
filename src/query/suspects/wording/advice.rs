//! What to look at or to do next: one sentence.

use super::super::candidate::Course;
use super::super::evidence::Repetition;
use super::super::severity::Judged;
use super::super::survey::Survey;
use super::super::suspect::{Kind, Severity};
use super::subject::binding;

/// The advice; code stands between grave accents.
pub(super) fn advice(survey: &Survey<'_>, judged: &Judged) -> String {
    let name = binding(&judged.candidate, &judged.whose);
    let place = judged.whose.module.map(|module| survey.module_name(module));
    let place = place.map_or_else(String::new, |module| format!(" in {module}"));
    let are_missed = judged.evidence.object_keys.is_some_and(Repetition::is_marked);
    match judged.candidate.course {
        Course::Steady => {
            return "If the memory limit is near, keep less in it or load it on demand.".to_owned();
        }
        Course::Repeated { .. } => return "Keep one of each and share it.".to_owned(),
        Course::Detached { .. } => {
            return if name.is_empty() {
                "See who keeps it, and let go of it when the part leaves the page.".to_owned()
            } else {
                format!("See who sets `{name}`{place}, and let go of it when the part leaves the page.")
            };
        }
        Course::Piled | Course::Burst(_) if judged.severity == Severity::Note => {
            return format!("Take another snapshot later: if `{name}`{place} has more then, it leaks.");
        }
        Course::Grew { .. } | Course::Piled | Course::Burst(_) => {}
    }
    match judged.kind {
        _ if judged.evidence.are_slices => {
            format!("Copy the pieces that `{name}`{place} keeps, so that the whole texts can go.")
        }
        Kind::Cache if are_missed => "Key the cache by what the keys contain, or give it a limit.".to_owned(),
        Kind::Cache => format!("Give the cache{place} a limit, or let its entries expire."),
        Kind::Listeners => {
            format!("See who adds listeners{place}, and remove them when their owners are done.")
        }
        Kind::Timers => format!("Clear the timers{place} when what they are for is done."),
        Kind::Promises => {
            "See whether the promise is ever settled; what waits for it is kept until then.".to_owned()
        }
        Kind::Strings => format!("See what is added to `{name}`{place}, and write it out or cut it off."),
        Kind::Buffers => {
            format!("See who keeps the buffers of `{name}`{place}; copy the part that is needed.")
        }
        Kind::Closures => format!("See who adds functions to `{name}`{place}, and when they are let go."),
        _ => format!("See who adds to `{name}`{place}, and when it is taken out again."),
    }
}
