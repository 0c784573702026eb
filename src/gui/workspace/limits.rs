//! What all views are limited to: one filter for the window, as it is in each snapshot.

use std::sync::Arc;

use super::Entry;
use super::kinship::Kinship;
use crate::analysis::filters::NodeFilter;
use crate::analysis::id_space::Verdict;
use crate::graph::ObjectId;
use crate::gui::widgets::outline::Asked;
use crate::job::{CALLED_OFF, Jobs, Lane, Poll, Slot};
use crate::query::comparison::Pair;
use crate::query::counterpart::IdSpaceOf;
use crate::query::passing::{FindPassing, Passing};
use crate::query::subject::SnapshotId;

/// What views are limited to, whatever snapshot they show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Limit {
    /// Nothing: all objects.
    #[default]
    No,
    /// What passes one of DevTools' filters.
    Objects(NodeFilter),
    /// What was allocated after the former snapshot was taken (from the beginning if there is none), until the latter was (until
    /// the one that is shown if there is none), and is still there.
    Allocated {
        /// The former.
        after: Option<SnapshotId>,
        /// The latter.
        through: Option<SnapshotId>,
    },
}

/// What a limit comes to in one snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Limited {
    /// What passes is shown.
    To(NodeFilter),
    /// It is being found out whether ids can be compared.
    Unknown,
    /// Ids of that snapshot mean other objects in the one that is shown, or may do so.
    Never(SnapshotId, Verdict),
}

/// What is known of limits.
#[derive(Debug, Default)]
pub(super) struct Limits {
    pub(super) limit: Limit,
    passing: Vec<Found>,
    spaces: Vec<Space>,
}

/// The objects of a snapshot that pass.
#[derive(Debug)]
struct Found {
    of: SnapshotId,
    slot: Slot<FindPassing>,
    state: State,
}

/// How it stands with finding them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ready,
    Busy,
    CalledOff,
}

/// Whether ids of two snapshots that are not of one chain of neighbours can be compared.
#[derive(Debug)]
struct Space {
    a: SnapshotId,
    b: SnapshotId,
    pair: Arc<Pair>,
    slot: Slot<IdSpaceOf>,
}

impl Limits {
    /// What the limit comes to in the snapshot `shown`.
    pub(super) fn limited(&self, entries: &[Entry], kinship: &Kinship, shown: SnapshotId) -> Limited {
        let (after, through) = match self.limit {
            Limit::No => return Limited::To(NodeFilter::All),
            Limit::Objects(filter) => return Limited::To(filter),
            Limit::Allocated { after, through } => (after, through),
        };
        for other in [after, through].into_iter().flatten() {
            match self.verdict(entries, kinship, other, shown) {
                Some(Verdict::Comparable) => {}
                Some(verdict) => return Limited::Never(other, verdict),
                None => return Limited::Unknown,
            }
        }
        let last = |id: SnapshotId| {
            let entry = entries.iter().find(|entry| entry.id == id);
            let snapshot = entry.and_then(Entry::snapshot);
            snapshot.map_or(ObjectId(0), |snapshot| snapshot.graph().last_object_id())
        };
        let after = after.map_or(ObjectId(0), last);
        let through = last(through.unwrap_or(shown));
        Limited::To(NodeFilter::AllocatedBetween { after, through })
    }

    /// Whether ids of `a` mean the same objects in `b`, if that is known. What neighbours have in common they pass on.
    pub(super) fn verdict(
        &self,
        entries: &[Entry],
        kinship: &Kinship,
        a: SnapshotId,
        b: SnapshotId,
    ) -> Option<Verdict> {
        if chained(entries, kinship, a, b)? == Verdict::Comparable {
            return Some(Verdict::Comparable);
        }
        let space = self.spaces.iter().find(|space| space.is_of(a, b))?;
        Some(space.slot.latest()?.verdict())
    }

    /// What passes in the snapshot `of`, once that is known; `None` within if everything does.
    pub(super) fn passing(&self, of: SnapshotId) -> Result<Option<Passing>, Pending> {
        if self.limit == Limit::No {
            return Ok(None);
        }
        let found = self.passing.iter().find(|found| found.of == of);
        match found {
            Some(found) if found.state == State::Ready => Ok(found.slot.latest().cloned().flatten()),
            Some(Found {
                state: State::CalledOff,
                ..
            }) => Err(Pending { is_called_off: true }),
            _ => Err(Pending { is_called_off: false }),
        }
    }

    /// Asks whether ids can be compared with those of `shown`, and what passes there.
    pub(super) fn ask(&mut self, entries: &[Entry], kinship: &Kinship, shown: &[SnapshotId], jobs: &Jobs) {
        let is_needed = |space: &Space| {
            let is_open = |id| entries.iter().any(|entry| entry.id == id);
            is_open(space.a) && is_open(space.b)
        };
        self.spaces.retain(is_needed);
        let find = |id| {
            let entry = entries.iter().find(|entry| entry.id == id)?;
            entry.snapshot()
        };
        for &id in shown {
            let Some(snapshot) = find(id) else { continue };
            for entry in entries.iter().filter(|entry| entry.id != id) {
                let Some(other) = entry.snapshot() else { continue };
                let chained = chained(entries, kinship, entry.id, id);
                if chained.is_none_or(|verdict| verdict == Verdict::Comparable) {
                    continue;
                }
                let at = self.spaces.iter().position(|space| space.is_of(entry.id, id));
                let at = at.unwrap_or_else(|| {
                    self.spaces.push(Space {
                        a: entry.id,
                        b: id,
                        pair: Arc::new(Pair {
                            base: Arc::clone(other),
                            current: Arc::clone(snapshot),
                        }),
                        slot: Slot::new(Lane::Bulk),
                    });
                    self.spaces.len() - 1
                });
                let space = &mut self.spaces[at];
                space.slot.ask(jobs, &space.pair, &IdSpaceOf);
            }
        }
        self.passing.retain(|found| shown.contains(&found.of));
        if self.limit == Limit::No {
            self.passing.clear();
            return;
        }
        for &id in shown {
            let Some(snapshot) = find(id) else { continue };
            let filter = match self.limited(entries, kinship, id) {
                Limited::To(filter) => filter,
                Limited::Unknown => continue,
                Limited::Never(..) => NodeFilter::All,
            };
            let at = self.passing.iter().position(|found| found.of == id);
            let at = at.unwrap_or_else(|| {
                self.passing.push(Found {
                    of: id,
                    slot: Slot::new(Lane::Frame),
                    state: State::Busy,
                });
                self.passing.len() - 1
            });
            let found = &mut self.passing[at];
            found.state = match found.slot.ask(jobs, snapshot, &FindPassing { filter }) {
                Poll::Ready(_) => State::Ready,
                Poll::Failed(CALLED_OFF) => State::CalledOff,
                Poll::Failed(_) | Poll::Busy { .. } => State::Busy,
            };
        }
    }

    /// Forgets a snapshot that is closed, and hands over what holds on to it.
    pub(super) fn forget(&mut self, id: SnapshotId) -> Vec<Arc<Pair>> {
        if let Limit::Allocated { after, through } = self.limit
            && [after, through].contains(&Some(id))
        {
            self.limit = Limit::No;
        }
        self.passing.retain(|found| found.of != id);
        let spaces = std::mem::take(&mut self.spaces);
        let (gone, kept) = spaces
            .into_iter()
            .partition(|space| space.a == id || space.b == id);
        self.spaces = kept;
        let gone: Vec<Space> = gone;
        gone.into_iter().map(|space| space.pair).collect()
    }
}

/// What passes is not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pending {
    /// Nor will it be, unless it is asked for again.
    pub(crate) is_called_off: bool,
}

impl Pending {
    /// As what asking for a level came to.
    pub(crate) fn asked(self) -> Asked {
        Asked {
            version: 0,
            is_waiting: !self.is_called_off,
            failure: self.is_called_off.then(|| CALLED_OFF.to_owned()),
        }
    }
}

impl Space {
    fn is_of(&self, a: SnapshotId, b: SnapshotId) -> bool {
        (self.a, self.b) == (a, b) || (self.a, self.b) == (b, a)
    }
}

/// What the neighbours between `a` and `b` say of their ids: comparable if all are. None while that is being found out.
fn chained(entries: &[Entry], kinship: &Kinship, a: SnapshotId, b: SnapshotId) -> Option<Verdict> {
    let position = |id| entries.iter().position(|entry| entry.id == id);
    let (a, b) = (position(a)?, position(b)?);
    let between = &entries[a.min(b)..=a.max(b)];
    let read: Vec<SnapshotId> = between
        .iter()
        .filter(|entry| entry.snapshot().is_some())
        .map(|entry| entry.id)
        .collect();
    let mut worst = Verdict::Comparable;
    for pair in read.windows(2) {
        let kin = kinship
            .pairs()
            .iter()
            .find(|kin| [kin.base, kin.current] == *pair)?;
        let verdict = kin.space()?.verdict();
        if verdict != Verdict::Comparable {
            worst = verdict;
        }
    }
    Some(worst)
}
