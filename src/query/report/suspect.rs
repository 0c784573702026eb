//! A suspect as the report tells of it: all text, nothing that needs the snapshot.

use super::text::{sentence, short};
use crate::graph::{NodeKind, ObjectId};
use crate::query::suspects::{Kind, Part, Phrase, Severity, Suspect, Suspects};
use crate::snapshot::Snapshot;

/// A suspect.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// What kind of thing it is.
    pub kind: Kind,
    /// How bad it is.
    pub severity: Severity,
    /// What it is and does.
    pub title: Phrase,
    /// The evidence.
    pub why: Phrase,
    /// What to do next.
    pub advice: Phrase,
    /// Bytes that would go with it, and what part of the heap that is.
    pub retained_size: u64,
    /// The same as a share of the last snapshot, 0 to 1.
    pub share: f64,
    /// Bytes it grew by; none for one snapshot.
    pub growth: Option<i64>,
    /// What is counted, and how many there are in each snapshot.
    pub counted: &'static str,
    /// How many in each snapshot.
    pub counts: Vec<u64>,
    /// Who holds it: function, script, package.
    pub owner: Vec<String>,
    /// The way to it.
    pub path: Vec<String>,
    /// Some of what it holds.
    pub samples: Vec<Sample>,
}

/// An object, as it can be found again in the last snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its id.
    pub id: ObjectId,
    /// Its name.
    pub name: String,
    /// Bytes that would go with it.
    pub retained_size: u64,
}

/// Suspects that are told of.
const MOST_SUSPECTS: usize = 40;
const MOST_STEPS: usize = 32;
const MOST_SAMPLES: usize = 5;

/// The first suspects.
pub(super) fn cards(over: &Suspects) -> Vec<Card> {
    let last = over.series.snapshots.last();
    let first = over.all.iter().take(MOST_SUSPECTS);
    first
        .map(|suspect| card(suspect, last.map(|last| &**last)))
        .collect()
}

fn card(suspect: &Suspect, last: Option<&Snapshot>) -> Card {
    let owner = [&suspect.owner, &suspect.place(), &suspect.package];
    let sample = |snapshot: &Snapshot| {
        let first = suspect.samples.iter().take(MOST_SAMPLES);
        let sample = |&node| Sample {
            id: snapshot.id(node),
            name: named(snapshot, node),
            retained_size: snapshot.retained_size(node),
        };
        first.map(sample).collect()
    };
    let mut path: Vec<String> = suspect
        .path
        .iter()
        .take(MOST_STEPS)
        .map(|step| short(&step.text))
        .collect();
    if let Some(more @ 1..) = suspect.path.len().checked_sub(MOST_STEPS) {
        path.push(format!("{more} more steps"));
    }
    Card {
        kind: suspect.kind,
        severity: suspect.severity,
        title: shortened(&suspect.title),
        why: shortened(&suspect.why),
        advice: shortened(&suspect.advice),
        retained_size: suspect.retained_size,
        share: suspect.share,
        growth: suspect.growth,
        counted: suspect.counted,
        counts: suspect.counts.clone(),
        owner: owner.into_iter().flatten().map(|text| short(text)).collect(),
        path,
        samples: last.map_or_else(Vec::new, sample),
    }
}

fn named(snapshot: &Snapshot, node: crate::base::index::NodeIx) -> String {
    let name = short(&snapshot.name(node).to_string());
    match snapshot.graph().kind(node) {
        NodeKind::String | NodeKind::ConcatenatedString | NodeKind::SlicedString => format!("\"{name}\""),
        NodeKind::Closure => format!("{name}()"),
        _ => name,
    }
}

fn shortened(phrase: &Phrase) -> Phrase {
    let part = |part: &Part| match part {
        Part::Words(text) => Part::Words(sentence(text)),
        Part::Code(text) => Part::Code(short(text)),
    };
    Phrase(phrase.0.iter().map(part).collect())
}
