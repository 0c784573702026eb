//! One suspect: what the cards of the window, the command line and the report tell of it.

use std::sync::Arc;

use crate::base::index::NodeIx;
use crate::graph::NodeKind;
use crate::query::trend::Series;

/// The ranked answer.
#[derive(Debug)]
pub struct Suspects {
    /// What was asked about; indices of nodes are of its last snapshot.
    pub series: Series,
    /// Suspects, worst first.
    pub all: Vec<Arc<Suspect>>,
    /// The change of the total size from the first snapshot to the last, in bytes; none for one snapshot.
    pub growth: Option<i64>,
    /// The part of it that suspects other than notes explain, in bytes; what several share is counted once.
    pub explained: Option<i64>,
    /// What could not be looked at or compared, in sentences.
    pub problems: Vec<String>,
}

/// Something that is suspected.
#[derive(Clone, Debug, PartialEq)]
pub struct Suspect {
    /// What kind of thing it is.
    pub kind: Kind,
    /// How bad it is.
    pub severity: Severity,
    /// What it is and does: "Cache of `priceFor` grows without bound".
    pub title: Phrase,
    /// The evidence, then the conclusion.
    pub why: Phrase,
    /// What to look at or to do next.
    pub advice: Phrase,
    /// What would go with it in the last snapshot, in bytes.
    pub retained_size: u64,
    /// `retained_size` as a share of the last snapshot, 0 to 1.
    pub share: f64,
    /// Bytes it grew by, from the first snapshot to the last; none for one snapshot.
    pub growth: Option<i64>,
    /// How many entries or objects it has in each snapshot.
    pub counts: Vec<u64>,
    /// What is counted, in the plural: "entries", "objects", "listeners".
    pub counted: &'static str,
    /// Bytes in each snapshot.
    pub sizes: Vec<u64>,
    /// The function, class or cache that holds it: `priceFor()`.
    pub owner: Option<String>,
    /// The variable or property it hangs from: `cache`.
    pub binding: Option<String>,
    /// The script or module, by its short name.
    pub module: Option<String>,
    /// The line in it, from 1 on, where what holds it is made: its function or the constructor of its class.
    pub line: Option<u32>,
    /// Whose code it is: "your code", `lodash`, "Node itself".
    pub package: Option<String>,
    /// The way from the roots to it, internals folded.
    pub path: Vec<Step>,
    /// The object that holds it all, in the last snapshot.
    pub holder: Option<NodeIx>,
    /// Some of what is held, in the last snapshot: the latest first.
    pub samples: Vec<NodeIx>,
}

/// A step of the way to a suspect.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// How it reads: `app/pricing.js`, `.exports`, `priceFor()`, `Map entry key`.
    pub text: String,
    /// What kind of node it leads to.
    pub kind: NodeKind,
    /// The node it leads to.
    pub node: NodeIx,
}

/// What kind of thing is suspected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A memoize cache or another cache.
    Cache,
    /// A map, set, array or object that serves as one.
    Collection,
    /// Objects of one kind that a path holds more and more of.
    Growth,
    /// Many objects alike, close to the roots.
    Duplicates,
    /// A single object that holds much.
    LargeObject,
    /// Strings: large ones, duplicates, slices and ropes that keep others.
    Strings,
    /// Listeners of an emitter or of the DOM.
    Listeners,
    /// Timers.
    Timers,
    /// Promises that wait.
    Promises,
    /// Closures whose variables keep something large.
    Closures,
    /// Buffers.
    Buffers,
    /// Parts of a page that are no longer in it.
    Detached,
}

/// How bad a suspect is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A leak, as far as the files can tell.
    High,
    /// Likely, or small.
    Medium,
    /// Worth knowing, no alarm.
    Note,
}

/// A text of which some words are code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Phrase(pub Vec<Part>);

/// A part of a [`Phrase`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Plain words.
    Words(String),
    /// A name in the program, or a text of it.
    Code(String),
}

impl Suspect {
    /// How many things it has in the last snapshot.
    pub fn count(&self) -> u64 {
        self.counts.last().copied().unwrap_or(self.samples.len() as u64)
    }

    /// The script or module with the line, where that is known: `app/pricing.js:14`.
    pub fn place(&self) -> Option<String> {
        let module = self.module.as_ref()?;
        Some(match self.line {
            Some(line) => format!("{module}:{line}"),
            None => module.clone(),
        })
    }

    /// What is counted, as it stands behind `count`: "1 entry", "2 entries".
    pub fn counted_as(&self, count: u64) -> String {
        let many = self.counted;
        match many.strip_suffix("ies") {
            _ if count != 1 => many.to_owned(),
            Some(stem) => format!("{stem}y"),
            None => many.strip_suffix('s').unwrap_or(many).to_owned(),
        }
    }
}

impl Kind {
    /// Its name where people script: `cache`, `large-object`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Collection => "collection",
            Self::Growth => "growth",
            Self::Duplicates => "duplicates",
            Self::LargeObject => "large-object",
            Self::Strings => "strings",
            Self::Listeners => "listeners",
            Self::Timers => "timers",
            Self::Promises => "promises",
            Self::Closures => "closures",
            Self::Buffers => "buffers",
            Self::Detached => "detached",
        }
    }
}

impl Severity {
    /// Its name, everywhere.
    pub const fn key(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Note => "note",
        }
    }
}

impl Phrase {
    /// A phrase of `text` in which what stands between grave accents is code.
    pub fn of(text: &str) -> Self {
        let parts = text.split('`').enumerate();
        let part = |(at, text): (usize, &str)| match at % 2 {
            _ if text.is_empty() => None,
            0 => Some(Part::Words(text.to_owned())),
            _ => Some(Part::Code(text.to_owned())),
        };
        Self(parts.filter_map(part).collect())
    }

    /// As plain text.
    pub fn text(&self) -> String {
        let text = |part: &Part| match part {
            Part::Words(text) | Part::Code(text) => text.clone(),
        };
        self.0.iter().map(text).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_between_accents_are_code() {
        let phrase = Phrase::of("Cache of `priceFor` grows");
        assert_eq!(
            phrase.0,
            [
                Part::Words("Cache of ".to_owned()),
                Part::Code("priceFor".to_owned()),
                Part::Words(" grows".to_owned())
            ]
        );
        assert_eq!(phrase.text(), "Cache of priceFor grows");
        assert_eq!(Phrase::of("`a`").0, [Part::Code("a".to_owned())]);
    }
}
