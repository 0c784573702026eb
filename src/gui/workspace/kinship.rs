//! Whether ids of the open snapshots are comparable: known for each pair as soon as both are read.
//!
//! Sharing ids is a matter of groups: where each of a row of snapshots shares them with the next, the first does with the last,
//! and need not be asked.

use std::sync::Arc;

use super::Entry;
use crate::analysis::id_space::{IdSpace, Verdict};
use crate::job::{Jobs, Lane, Slot};
use crate::query::comparison::Pair;
use crate::query::counterpart::IdSpaceOf;
use crate::query::subject::SnapshotId;
use crate::snapshot::Snapshot;

/// All pairs, and what is known of each.
#[derive(Debug, Default)]
pub(crate) struct Kinship {
    pairs: Vec<Kin>,
}

/// A snapshot and a later one.
#[derive(Debug)]
pub(crate) struct Kin {
    /// The former.
    pub(crate) base: SnapshotId,
    /// The latter.
    pub(crate) current: SnapshotId,
    pair: Arc<Pair>,
    slot: Slot<IdSpaceOf>,
    /// What follows from those between, if it does.
    derived: Option<Known>,
}

/// What is known of a pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Known {
    /// Measured.
    Measured(IdSpace),
    /// One id space, as follows from those between; the share of agreeing ids of the worst of them.
    Follows(Option<f64>),
}

impl Known {
    /// What follows for matching objects by id.
    pub(crate) fn verdict(self) -> Verdict {
        match self {
            Self::Measured(space) => space.verdict(),
            Self::Follows(_) => Verdict::Comparable,
        }
    }

    /// The share of ids that agree.
    pub(crate) const fn agreement(self) -> Option<f64> {
        match self {
            Self::Measured(space) => space.agreement,
            Self::Follows(agreement) => agreement,
        }
    }
}

impl Kin {
    /// How well their ids agree, once that is known.
    pub(crate) fn known(&self) -> Option<Known> {
        self.derived
            .or_else(|| self.slot.latest().copied().map(Known::Measured))
    }
}

impl Kinship {
    /// All pairs.
    pub(crate) fn pairs(&self) -> &[Kin] {
        &self.pairs
    }

    /// What is known of the ids of `a` and `b`; none while that is being found out.
    pub(crate) fn verdict(&self, a: SnapshotId, b: SnapshotId) -> Option<Verdict> {
        let is_pair = |kin: &&Kin| [[a, b], [b, a]].contains(&[kin.base, kin.current]);
        Some(self.pairs.iter().find(is_pair)?.known()?.verdict())
    }

    /// What is known of all of them together: one id space only if every pair shares one, and how well the ids of the worst
    /// agree. None if there is no pair.
    pub(crate) fn all(&self) -> Option<(Verdict, Option<f64>)> {
        self.pairs.first()?;
        let all: Option<Vec<Known>> = self.pairs.iter().map(Kin::known).collect();
        let mut verdicts = self.pairs.iter().filter_map(Kin::known).map(Known::verdict);
        if verdicts.any(|verdict| verdict == Verdict::Separate) {
            return Some((Verdict::Separate, None));
        }
        let Some(all) = all.filter(|all| all.iter().all(|known| known.verdict() == Verdict::Comparable))
        else {
            return Some((Verdict::Doubtful, None));
        };
        let agreements = all.into_iter().filter_map(Known::agreement);
        Some((Verdict::Comparable, agreements.min_by(f64::total_cmp)))
    }

    /// Forgets the pairs of a snapshot that is closed, and hands them over: they hold on to it.
    pub(super) fn forget(&mut self, id: SnapshotId) -> Vec<Arc<Pair>> {
        let (gone, kept) = std::mem::take(&mut self.pairs)
            .into_iter()
            .partition(|kin| kin.base == id || kin.current == id);
        self.pairs = kept;
        let gone: Vec<Kin> = gone;
        gone.into_iter().map(|kin| kin.pair).collect()
    }

    /// Asks about the pairs there are now, and forgets those that are no longer.
    pub(super) fn refresh(&mut self, entries: &[Entry], jobs: &Jobs) {
        let read: Vec<(SnapshotId, &Arc<Snapshot>)> = entries
            .iter()
            .filter_map(|entry| Some((entry.id, entry.snapshot()?)))
            .collect();
        let mut before = std::mem::take(&mut self.pairs);
        // Neighbours first, then those that are further apart.
        for apart in 1..read.len() {
            for (base, current) in read.iter().zip(&read[apart..]) {
                let is_pair = |kin: &Kin| (kin.base, kin.current) == (base.0, current.0);
                let mut kin = match before.iter().position(is_pair) {
                    Some(at) => before.swap_remove(at),
                    None => Kin {
                        base: base.0,
                        current: current.0,
                        pair: Arc::new(Pair {
                            base: Arc::clone(base.1),
                            current: Arc::clone(current.1),
                        }),
                        slot: Slot::new(Lane::Bulk),
                        derived: None,
                    },
                };
                kin.derived = None;
                if apart > 1 && kin.slot.latest().is_none() {
                    let between = &read[position(&read, base.0)..=position(&read, current.0)];
                    match self.follows(between) {
                        Some(known) => kin.derived = Some(known),
                        None if self.is_asking(between) => {}
                        None => {
                            kin.slot.ask(jobs, &kin.pair, &IdSpaceOf);
                        }
                    }
                } else {
                    kin.slot.ask(jobs, &kin.pair, &IdSpaceOf);
                }
                self.pairs.push(kin);
            }
        }
        // The last to hold a snapshot gives its memory back: not while a frame waits.
        for gone in before {
            jobs.discard(gone.pair);
        }
    }

    /// Does it follow from neighbours that the first and the last of these share ids? The share of agreeing ids of the worst.
    fn follows(&self, row: &[(SnapshotId, &Arc<Snapshot>)]) -> Option<Known> {
        let known = row.windows(2).map(|two| self.neighbours(two)?.known());
        let known: Option<Vec<Known>> = known.collect();
        let known = known?;
        let is_one = known.iter().all(|known| known.verdict() == Verdict::Comparable);
        let agreements = known.into_iter().filter_map(Known::agreement);
        is_one.then(|| Known::Follows(agreements.min_by(f64::total_cmp)))
    }

    /// Is it not known yet of all neighbours among these?
    fn is_asking(&self, row: &[(SnapshotId, &Arc<Snapshot>)]) -> bool {
        row.windows(2)
            .any(|two| self.neighbours(two).is_none_or(|kin| kin.known().is_none()))
    }

    fn neighbours(&self, two: &[(SnapshotId, &Arc<Snapshot>)]) -> Option<&Kin> {
        let [(base, _), (current, _)] = two else {
            return None;
        };
        self.pairs
            .iter()
            .find(|kin| (kin.base, kin.current) == (*base, *current))
    }
}

fn position(read: &[(SnapshotId, &Arc<Snapshot>)], id: SnapshotId) -> usize {
    read.iter().position(|&(other, _)| other == id).unwrap_or(0)
}
