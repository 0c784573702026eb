//! What may become a suspect, before it is named and judged.

use super::bursts::Burst;
use crate::base::index::NodeIx;
use crate::base::text::JsString;

/// Something that holds much, or ever more.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// By what it came to be one.
    pub(super) course: Course,
    /// What the trend calls it: by the variable or property that says what it is for.
    pub(super) name: String,
    /// The way to it from the roots; the last step leads to what it holds, if `ends_in_entry`.
    pub(super) path: Vec<PathStep>,
    /// Is the last step of the path one of the things held?
    pub(super) ends_in_entry: bool,
    /// How many holders share the path.
    pub(super) holders: u64,
    /// How many things are held in each snapshot.
    pub(super) counts: Vec<u64>,
    /// Bytes in each snapshot.
    pub(super) sizes: Vec<u64>,
    /// By how many bytes it grew.
    pub(super) growth: Option<i64>,
    /// Some of what is held, in the last snapshot: the latest first.
    pub(super) samples: Vec<NodeIx>,
}

/// A step of a path, as the trees of places tell it.
#[derive(Clone, Debug)]
pub(super) struct PathStep {
    /// The edge's name; empty for the first.
    pub(super) edge: String,
    /// The class it leads to.
    pub(super) class: String,
    /// An object there, in the last snapshot.
    pub(super) node: Option<NodeIx>,
}

/// By what something came to be a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Course {
    /// It grew at every step, of which there were so many.
    Grew {
        /// Steps from snapshot to snapshot, within processes.
        steps: usize,
    },
    /// It is large in each of several snapshots, and did not grow.
    Steady,
    /// It piled up: one snapshot does not tell when.
    Piled,
    /// It piled up, in bursts that a recording shows.
    Burst(Burst),
    /// Parts of a page that are no longer in it.
    Detached {
        /// Did they become more at every step of several?
        grew: bool,
    },
    /// Copies of one text.
    Repeated {
        /// Bytes that could be saved.
        wasted: u64,
    },
}

impl PathStep {
    /// Reads `edge → class`; the first step of a path is its class alone.
    pub(super) fn read(text: &JsString, node: Option<NodeIx>) -> Self {
        let text = text.to_string();
        let (edge, class) = text.split_once(" → ").unwrap_or(("", &text));
        Self {
            edge: edge.to_owned(),
            class: class.to_owned(),
            node,
        }
    }

    /// Does it lead to what waits for a promise?
    pub(super) fn is_reaction(&self) -> bool {
        self.class.contains("PromiseReaction")
    }

    /// Does it lead to any number of things: elements, entries?
    pub(super) fn is_slot(&self) -> bool {
        self.edge == "[x]" || self.edge.ends_with(" entry") || self.edge == "name of property"
    }
}

impl Candidate {
    /// What is held.
    pub(super) fn entry(&self) -> Option<&PathStep> {
        self.path.last().filter(|_| self.ends_in_entry)
    }

    /// What holds it.
    pub(super) fn holder(&self) -> Option<&PathStep> {
        let at = self.path.len().checked_sub(1 + usize::from(self.ends_in_entry))?;
        self.path.get(at)
    }

    /// At which step of the path an emitter's table of listeners stands, if what is held are listeners.
    pub(super) fn event_table(&self) -> Option<usize> {
        let near = self.path.iter().enumerate().rev();
        let mut near = near.map(|(at, step)| (self.path.len() - at, at, step));
        let found = near.find(|(from_end, _, step)| {
            // An emitter's own: event, listener. Those of DOM's kind are lists linked through names.
            (step.edge == "_events" && *from_end <= 3) || (step.edge.contains("kEvents") && *from_end <= 4)
        });
        found.map(|(_, at, _)| at)
    }

    /// How many things are held in the last snapshot.
    pub(super) fn count(&self) -> u64 {
        self.counts.last().copied().unwrap_or(0)
    }

    /// Bytes in the last snapshot.
    pub(super) fn size(&self) -> u64 {
        self.sizes.last().copied().unwrap_or(0)
    }

    /// By how many the things held became more.
    pub(super) fn count_growth(&self) -> u64 {
        self.count()
            .saturating_sub(self.counts.first().copied().unwrap_or(0))
    }
}
