//! What all views are limited to: one filter for the window, as it is in each snapshot.

use super::Entry;
use super::kinship::Kinship;
use crate::analysis::filters::NodeFilter;
use crate::analysis::id_space::Verdict;
use crate::graph::ObjectId;
use crate::gui::widgets::outline::Asked;
use crate::job::{CALLED_OFF, Jobs, Lane, Poll, Slot};
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
    /// What was allocated at some time of a recording, or by some call of it.
    Recorded {
        /// The recording.
        of: SnapshotId,
        /// The time, or the call.
        filter: NodeFilter,
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
    /// It is about calls that another snapshot knows.
    Elsewhere(SnapshotId),
}

/// What is known of limits.
#[derive(Debug, Default)]
pub(super) struct Limits {
    pub(super) limit: Limit,
    passing: Vec<Found>,
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

impl Limits {
    /// What the limit comes to in the snapshot `shown`.
    pub(super) fn limited(&self, entries: &[Entry], kinship: &Kinship, shown: SnapshotId) -> Limited {
        let (after, through) = match self.limit {
            Limit::No => return Limited::To(NodeFilter::All),
            Limit::Objects(filter) => return Limited::To(filter),
            Limit::Recorded { of, filter } if of == shown => return Limited::To(filter),
            Limit::Recorded { of, filter } => {
                return match (filter, kinship.verdict(of, shown)) {
                    (NodeFilter::AllocatedBetween { .. }, Some(Verdict::Comparable)) => Limited::To(filter),
                    (NodeFilter::AllocatedBetween { .. }, Some(verdict)) => Limited::Never(of, verdict),
                    (NodeFilter::AllocatedBetween { .. }, None) => Limited::Unknown,
                    _ => Limited::Elsewhere(of),
                };
            }
            Limit::Allocated { after, through } => (after, through),
        };
        for other in [after, through].into_iter().flatten() {
            match kinship.verdict(other, shown) {
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

    /// Asks what passes in those that are shown.
    pub(super) fn ask(&mut self, entries: &[Entry], kinship: &Kinship, shown: &[SnapshotId], jobs: &Jobs) {
        let find = |id| {
            let entry = entries.iter().find(|entry| entry.id == id)?;
            entry.snapshot()
        };
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
                Limited::Never(..) | Limited::Elsewhere(_) => NodeFilter::All,
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

    /// Forgets a snapshot that is closed.
    pub(super) fn forget(&mut self, id: SnapshotId) {
        if let Limit::Allocated { after, through } = self.limit
            && [after, through].contains(&Some(id))
        {
            self.limit = Limit::No;
        }
        if matches!(self.limit, Limit::Recorded { of, .. } if of == id) {
            self.limit = Limit::No;
        }
        self.passing.retain(|found| found.of != id);
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
