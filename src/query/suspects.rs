//! What is wrong with this heap?
//!
//! The answer is one ranked list over everything that can be suspected: what grows, caches, duplicates, large things, strings,
//! listeners, timers, detached DOM. It is made of [`Suspect`]s, which say in plain words what they are, why and what next.
//!
//! Several snapshots tell what grows ([`growing`]); one tells what has piled up ([`piles`]), and a recording what of
//! that came in bursts ([`bursts`]). Both give [`Candidate`]s, which
//! are named, judged and worded in one way; what a candidate explains that another, further out, explains too is merged
//! into that.

mod bursts;
mod candidate;
mod columns;
mod detached;
mod evidence;
mod growing;
mod merging;
mod piles;
mod repeated;
mod severity;
mod signs;
mod survey;
mod suspect;
mod whose;
mod wording;

use std::sync::Arc;

pub use columns::{Ranked, SuspectColumn};
pub use suspect::{Kind, Part, Phrase, Severity, Step, Suspect, Suspects};

use self::candidate::Candidate;
use self::survey::Survey;
use super::Query;
use super::trend::Series;
use crate::analysis::content_hash::ContentHash;
use crate::base::task::{Cancelled, Task};

/// Asks what is to be suspected; of several snapshots, oldest first, what grows comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FindSuspects;

/// More suspects than these are not told: who reads on is better served by the other questions.
const MOST: usize = 40;

impl Query for FindSuspects {
    type Over = Series;
    type Answer = Arc<Suspects>;

    fn run(&self, series: &Series, task: &Task) -> Result<Arc<Suspects>, Cancelled> {
        let mut answer = Suspects {
            series: series.clone(),
            all: Vec::new(),
            growth: None,
            explained: None,
            problems: Vec::new(),
        };
        let Some(last) = series.snapshots.last() else {
            return Ok(Arc::new(answer));
        };
        let mut candidates: Vec<Candidate> = Vec::new();
        let mut sequences = None;
        let survey = if series.len() > 1 {
            let found = growing::find(series, task)?;
            answer.growth = Some(found.growth);
            answer.problems.extend(found.problem);
            candidates.extend(found.candidates);
            sequences = Some(found.sequences);
            Survey::new(last, None, task)?
        } else {
            let (found, copies) = rayon::join(|| piles::find(series, task), || repeated::find(last, task));
            let mut found = found?;
            bursts::mark(last, &mut found.candidates, task)?;
            candidates.extend(found.candidates);
            candidates.extend(copies?);
            Survey::new(last, Some(found.owners), task)?
        };
        let holders = survey.holders(task)?;
        let contents = ContentHash::new(last.graph(), last.classes());
        candidates.extend(detached::find(series, &holders, sequences.as_ref(), task)?);
        let mut named = Vec::with_capacity(candidates.len());
        for candidate in candidates {
            task.check()?;
            let whose = whose::of(&survey, &holders, &candidate);
            named.extend(severity::judge(&survey, &contents, candidate, whose));
        }
        let mut merged = merging::merge(&survey, named);
        merged.truncate(MOST);
        let mut explained = 0;
        for one in merged {
            task.check()?;
            let suspect = wording::write(&survey, &one);
            if suspect.severity != Severity::Note {
                explained += suspect.growth.unwrap_or(0).max(0);
            }
            answer.all.push(Arc::new(suspect));
        }
        answer.explained = answer.growth.map(|growth| explained.min(growth.max(0)));
        Ok(Arc::new(answer))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for suspects")
    }
}

#[cfg(test)]
mod tests;
