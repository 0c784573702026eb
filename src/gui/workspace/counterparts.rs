//! What the selection is in the other open snapshots: views of those show it too.

use std::sync::Arc;

use crate::job::{Jobs, Lane, Slot};
use crate::query::comparison::Pair;
use crate::query::counterpart::{Counterpart, IdSpaceOf, Which};
use crate::query::subject::{SnapshotId, Subject, What};
use crate::snapshot::Snapshot;

/// What is known of pairs of snapshots.
#[derive(Debug, Default)]
pub(super) struct Counterparts(Vec<Known>);

/// Two snapshots: the one of the selection, and one that is shown.
#[derive(Debug)]
struct Known {
    from: SnapshotId,
    to: SnapshotId,
    pair: Arc<Pair>,
    space: Slot<IdSpaceOf>,
    counterpart: Slot<Counterpart>,
    /// What was asked for, and what it is there.
    found: Option<(What, Option<What>)>,
}

impl Counterparts {
    /// Asks what `subject` of the snapshot `here` is in the snapshot `there`.
    pub(super) fn ask(
        &mut self,
        jobs: &Jobs,
        subject: Subject,
        here: &Arc<Snapshot>,
        (id, there): (SnapshotId, &Arc<Snapshot>),
    ) {
        let at = self.position(subject.snapshot, id).unwrap_or_else(|| {
            self.0.push(Known {
                from: subject.snapshot,
                to: id,
                pair: Arc::new(Pair {
                    base: Arc::clone(here),
                    current: Arc::clone(there),
                }),
                space: Slot::new(Lane::Frame),
                counterpart: Slot::new(Lane::Frame),
                found: None,
            });
            self.0.len() - 1
        });
        let known = &mut self.0[at];
        let Some(space) = known.space.ask(jobs, &known.pair, &IdSpaceOf).latest() else {
            return;
        };
        let question = Counterpart {
            of: Which::Base,
            what: subject.what,
            verdict: Some(space.verdict()),
        };
        let is_asked = known.found.is_some_and(|(what, _)| what == subject.what);
        if is_asked {
            return;
        }
        if let crate::job::Poll::Ready(found) = known.counterpart.ask(jobs, &known.pair, &question) {
            known.found = Some((subject.what, *found));
        }
    }

    /// What `subject` is in the snapshot `to`, if that is known.
    pub(super) fn of(&self, subject: Subject, to: SnapshotId) -> Option<What> {
        let known = &self.0[self.position(subject.snapshot, to)?];
        let (what, found) = known.found?;
        (what == subject.what).then_some(found)?
    }

    /// Forgets what is known of a snapshot that is closed, and hands over what holds on to it.
    pub(super) fn forget(&mut self, id: SnapshotId) -> Vec<Arc<Pair>> {
        let (gone, kept) = std::mem::take(&mut self.0)
            .into_iter()
            .partition(|known| known.from == id || known.to == id);
        self.0 = kept;
        let gone: Vec<Known> = gone;
        gone.into_iter().map(|known| known.pair).collect()
    }

    fn position(&self, from: SnapshotId, to: SnapshotId) -> Option<usize> {
        self.0
            .iter()
            .position(|known| (known.from, known.to) == (from, to))
    }
}
