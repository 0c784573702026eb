//! Whether neighbouring snapshots are of one process: asked for each pair as soon as both are read.

use std::sync::Arc;

use super::Entry;
use crate::analysis::id_space::{IdSpace, Verdict};
use crate::job::{Jobs, Lane, Slot};
use crate::query::comparison::Pair;
use crate::query::counterpart::IdSpaceOf;
use crate::query::subject::SnapshotId;
use crate::snapshot::Snapshot;

/// The neighbouring pairs, and what is known of each.
#[derive(Debug, Default)]
pub(crate) struct Kinship {
    pairs: Vec<Kin>,
}

/// A snapshot and the next.
#[derive(Debug)]
pub(crate) struct Kin {
    /// The former.
    pub(crate) base: SnapshotId,
    /// The latter.
    pub(crate) current: SnapshotId,
    pair: Arc<Pair>,
    slot: Slot<IdSpaceOf>,
}

impl Kin {
    /// How well their ids agree, once that is known.
    pub(crate) fn space(&self) -> Option<IdSpace> {
        self.slot.latest().copied()
    }
}

impl Kinship {
    /// All pairs.
    pub(crate) fn pairs(&self) -> &[Kin] {
        &self.pairs
    }

    /// What is known of all of them together: one process only if every pair is of one, and how well the ids of the worst agree.
    /// None if there is no pair.
    pub(crate) fn all(&self) -> Option<(Verdict, Option<f64>)> {
        self.pairs.first()?;
        let spaces: Option<Vec<IdSpace>> = self.pairs.iter().map(Kin::space).collect();
        let verdicts = || self.pairs.iter().filter_map(Kin::space).map(IdSpace::verdict);
        if verdicts().any(|verdict| verdict == Verdict::Separate) {
            return Some((Verdict::Separate, None));
        }
        let is_one = spaces.is_some() && verdicts().all(|verdict| verdict == Verdict::Comparable);
        if !is_one {
            return Some((Verdict::Doubtful, None));
        }
        let agreements = spaces.into_iter().flatten().filter_map(|space| space.agreement);
        Some((Verdict::Comparable, agreements.min_by(f64::total_cmp)))
    }

    /// Asks about the pairs there are now, and forgets those that are no longer.
    pub(super) fn refresh(&mut self, entries: &[Entry], jobs: &Jobs) {
        let read: Vec<(SnapshotId, &Arc<Snapshot>)> = entries
            .iter()
            .filter_map(|entry| Some((entry.id, entry.snapshot()?)))
            .collect();
        let mut before = std::mem::take(&mut self.pairs);
        for neighbours in read.windows(2) {
            let [(base, older), (current, newer)] = neighbours else {
                continue;
            };
            let known = before
                .iter()
                .position(|kin| (kin.base, kin.current) == (*base, *current));
            let mut kin = match known {
                Some(at) => before.swap_remove(at),
                None => Kin {
                    base: *base,
                    current: *current,
                    pair: Arc::new(Pair {
                        base: Arc::clone(older),
                        current: Arc::clone(newer),
                    }),
                    slot: Slot::new(Lane::Bulk),
                },
            };
            kin.slot.ask(jobs, &kin.pair, &IdSpaceOf);
            self.pairs.push(kin);
        }
        // The last to hold a snapshot gives its memory back: not while a frame waits.
        for gone in before {
            jobs.discard(gone.pair);
        }
    }
}
