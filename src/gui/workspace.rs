//! The open snapshots, the files being read, and what is selected.

mod counterparts;
mod entry;
mod kinship;
mod limits;
mod times;

use std::sync::Arc;

pub(crate) use entry::{Entry, State};
pub(crate) use kinship::{Kin, Kinship, Known};
pub(crate) use limits::{Limit, Limited, Pending};
pub(crate) use times::seconds;

use super::bookmarks::Mark;
use super::command::{Samples, Selection};
use super::many::Many;
use crate::analysis::id_space::Verdict;
use crate::base::memory;
use crate::dump::redact::Redaction;
use crate::job::{Jobs, Lane, Source};
use crate::query::comparison::Pair;
use crate::query::passing::Passing;
use crate::query::provenance::ProvenanceOf;
use crate::query::subject::{SnapshotId, Subject, What};
use crate::query::trend::Series;
use crate::snapshot::Snapshot;
use counterparts::Counterparts;
use limits::Limits;

/// What is open. Only commands change it.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    entries: Vec<Entry>,
    current: Option<SnapshotId>,
    base: Option<SnapshotId>,
    selection: Option<Selection>,
    many: Option<Many>,
    counterparts: Counterparts,
    limits: Limits,
    /// Has the user chosen what is shown, or have the first files been read?
    is_settled: bool,
    kinship: Kinship,
    /// Has the user put the files into another order than that of their times?
    is_ordered: bool,
    /// How files are redacted when they are read.
    redaction: Option<Redaction>,
    /// What is to be selected again once that file was read again.
    returning: Option<(SnapshotId, Mark)>,
    given_out: u32,
}

impl Workspace {
    /// All files: the oldest first, or as the user put them.
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The file that is shown.
    pub(crate) fn current(&self) -> Option<&Entry> {
        self.entry(self.current?)
    }

    /// The file of that name.
    pub(crate) fn entry(&self, id: SnapshotId) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    /// The snapshot that is shown, if its file was read.
    pub(crate) fn current_snapshot(&self) -> Option<(SnapshotId, &Arc<Snapshot>)> {
        let entry = self.current()?;
        Some((entry.id, entry.snapshot()?))
    }

    /// What views are about.
    pub(crate) fn selection(&self) -> Option<Subject> {
        self.selection.as_ref().map(|selection| selection.subject)
    }

    /// All that is selected, if it is more than one thing.
    pub(crate) fn all_selected(&self) -> &[What] {
        self.selection.as_ref().map_or(&[], |selection| &selection.all)
    }

    /// The objects that are looked at together.
    pub(crate) const fn many(&self) -> Option<&Many> {
        self.many.as_ref()
    }

    /// Those objects are looked at together.
    pub(crate) fn look_at(&mut self, many: Many) {
        self.many = Some(many);
    }

    /// The samples that the selection is one of.
    pub(crate) fn samples(&self) -> Option<&Samples> {
        self.selection.as_ref()?.samples.as_ref()
    }

    /// The snapshots that were read, oldest first, as one thing to ask about.
    pub(crate) fn series(&self) -> Series {
        let read: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| entry.snapshot().is_some())
            .collect();
        Series {
            snapshots: read
                .iter()
                .filter_map(|entry| entry.snapshot().cloned())
                .collect(),
            seconds: seconds(&read),
        }
    }

    /// What is selected in the snapshot `id`: the selection, or what it is there, once that is known.
    pub(crate) fn selected_in(&self, id: SnapshotId) -> Option<What> {
        let subject = self.selection()?;
        if subject.snapshot == id {
            Some(subject.what)
        } else {
            self.counterparts.of(subject, id)
        }
    }

    /// The snapshot that others are compared with: the one the user chose, or the one before `current`.
    pub(crate) fn base_of(&self, current: SnapshotId) -> Option<&Entry> {
        let chosen = self
            .base
            .filter(|&base| base != current)
            .and_then(|base| self.entry(base));
        chosen.or_else(|| {
            let at = self.position(current)?;
            let is_read = |entry: &&Entry| entry.snapshot().is_some();
            let before = self.entries[..at].iter().rev().find(is_read);
            before.or_else(|| self.entries[at + 1..].iter().find(is_read))
        })
    }

    /// The snapshot that the user chose to compare others with.
    pub(crate) const fn base(&self) -> Option<SnapshotId> {
        self.base
    }

    /// The snapshot before that one, if there is one that was read.
    pub(crate) fn before(&self, id: SnapshotId) -> Option<&Arc<Snapshot>> {
        let at = self.position(id)?;
        self.entries[..at].iter().rev().find_map(Entry::snapshot)
    }

    /// Whether neighbouring snapshots are of one process.
    pub(crate) const fn kinship(&self) -> &Kinship {
        &self.kinship
    }

    /// What all views are limited to.
    pub(crate) const fn limit(&self) -> Limit {
        self.limits.limit
    }

    /// What that comes to in the snapshot `id`.
    pub(crate) fn limited(&self, id: SnapshotId) -> Limited {
        self.limits.limited(&self.entries, &self.kinship, id)
    }

    /// What passes in the snapshot `id`, once that is known; `None` within if everything does.
    pub(crate) fn passing(&self, id: SnapshotId) -> Result<Option<Passing>, Pending> {
        self.limits.passing(id)
    }

    /// Whether ids of `a` mean the same objects in `b`, once that is known.
    pub(crate) fn id_verdict(&self, a: SnapshotId, b: SnapshotId) -> Option<Verdict> {
        self.kinship.verdict(a, b)
    }

    /// The number of a file, as it stands on its card, from 1.
    pub(crate) fn number(&self, id: SnapshotId) -> usize {
        self.position(id).map_or(0, |at| at + 1)
    }

    fn position(&self, id: SnapshotId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id == id)
    }

    /// Has the user chosen what is shown, or have the first files been read?
    pub(crate) const fn is_settled(&self) -> bool {
        self.is_settled
    }

    /// Is any file being read?
    pub(crate) fn is_loading(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| matches!(entry.state, State::Loading(_)))
    }

    /// Opens `source`, or shows it if it is open already.
    pub(crate) fn open(&mut self, source: Source) {
        if let Some(entry) = self
            .entries
            .iter()
            .find(|entry| entry.source.path() == source.path())
        {
            self.current = Some(entry.id);
            return;
        }
        self.given_out += 1;
        let id = SnapshotId(self.given_out);
        let entry = Entry::new(id, source.with(self.redaction));
        let at = if self.is_ordered {
            self.entries.len()
        } else {
            times::place(&self.entries, entry.taken)
        };
        self.entries.insert(at, entry);
        times::call_by_time(&mut self.entries);
        if self.current_snapshot().is_none() {
            self.current = self.current.or(Some(id));
        }
    }

    /// Reads the file again; `anyway` if it may need more memory than there is.
    pub(crate) fn read_again(&mut self, id: SnapshotId, anyway: bool, jobs: &Jobs) {
        let selected = self
            .selection
            .take_if(|selection| selection.subject.snapshot == id);
        let Some(at) = self.entries.iter().position(|entry| entry.id == id) else {
            return;
        };
        // Another reading has other indices: it is another snapshot.
        self.given_out += 1;
        let source = Source::clone(&self.entries[at].source).with(self.redaction);
        let source = if anyway { source.whatever() } else { source };
        let mut again = Entry::new(SnapshotId(self.given_out), source);
        if let (Some(selection), Some(snapshot)) = (selected, self.entries[at].snapshot()) {
            self.returning = Some((again.id, Mark::of(snapshot, selection.subject.what)));
        }
        again.is_again = true;
        again.name.clone_from(&self.entries[at].name);
        if self.current == Some(id) {
            self.current = Some(again.id);
        }
        let pairs = self.pairs_of(id);
        let old = std::mem::replace(&mut self.entries[at], again);
        times::call_by_time(&mut self.entries);
        give_back(jobs, old, pairs);
    }

    /// How files are redacted when they are read.
    pub(crate) const fn redaction(&self) -> Option<Redaction> {
        self.redaction
    }

    /// From now on files are read so. Those that are open stay as they are until they are read again.
    pub(crate) const fn redact(&mut self, redaction: Option<Redaction>) {
        self.redaction = redaction;
    }

    /// Stops reading the file.
    pub(crate) fn cancel(&mut self, id: SnapshotId) {
        if let Some(entry) = self.entry_mut(id)
            && let State::Loading(load) = &entry.state
        {
            let fraction = load.progress.as_ref().map_or(0.0, super::stages::overall);
            entry.state = State::Cancelled(fraction);
        }
    }

    /// Closes the snapshot; one beside it is shown instead.
    pub(crate) fn close(&mut self, id: SnapshotId, jobs: &Jobs) {
        let Some(at) = self.entries.iter().position(|entry| entry.id == id) else {
            return;
        };
        let pairs = self.pairs_of(id);
        let closed = self.entries.remove(at);
        times::call_by_time(&mut self.entries);
        give_back(jobs, closed, pairs);
        self.selection
            .take_if(|selection| selection.subject.snapshot == id);
        if self.current == Some(id) {
            let beside = self.entries.get(at).or_else(|| self.entries.last());
            self.current = beside.map(|entry| entry.id);
        }
    }

    /// Shows the file.
    pub(crate) fn make_current(&mut self, id: SnapshotId) {
        self.is_settled = true;
        if self.entry(id).is_some() {
            self.current = Some(id);
        }
    }

    /// Others are compared with that one.
    pub(crate) const fn make_base(&mut self, id: SnapshotId) {
        self.base = Some(id);
    }

    /// Limits all views.
    pub(crate) const fn limit_to(&mut self, limit: Limit) {
        self.limits.limit = limit;
    }

    /// Calls the file `name`; by its file's name if that is empty.
    pub(crate) fn rename(&mut self, id: SnapshotId, name: &str) {
        if let Some(entry) = self.entry_mut(id) {
            entry.name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        }
    }

    /// Moves the file before the one that is now at `to`.
    pub(crate) fn move_to(&mut self, id: SnapshotId, to: usize) {
        let Some(from) = self.position(id) else { return };
        self.is_ordered = true;
        let entry = self.entries.remove(from);
        let to = if from < to { to - 1 } else { to };
        self.entries.insert(to.min(self.entries.len()), entry);
    }

    /// Selects.
    pub(crate) fn select(&mut self, selection: Selection) {
        self.is_settled = true;
        self.selection = Some(selection);
    }

    /// Takes in what became of the files being read. What is ready is shown if nothing else is.
    pub(crate) fn poll(&mut self, jobs: &Jobs, shown: &[SnapshotId]) {
        self.ask_counterparts(jobs, shown);
        let mut ready = None;
        for entry in &mut self.entries {
            if let State::Loading(load) = &mut entry.state
                && let Some(state) = load.poll(jobs)
            {
                entry.state = state;
                if entry.snapshot().is_some() {
                    ready = Some(entry.id);
                }
            }
            if let State::Ready(snapshot) = &entry.state {
                entry.provenance.ask(jobs, snapshot, &ProvenanceOf);
            }
        }
        self.select_again();
        // Of the files that the program was started with the newest is shown. One that is read again stays.
        let waits = |entry: &Entry| entry.is_again && matches!(entry.state, State::Loading(_));
        let is_free = self.current_snapshot().is_none() && !self.current().is_some_and(waits);
        if let Some(id) = ready
            && (is_free || !self.is_settled)
        {
            self.current = Some(id);
        }
        self.kinship.refresh(&self.entries, jobs);
        let selected = self
            .selection
            .as_ref()
            .map(|selection| selection.subject.snapshot);
        let mut about: Vec<SnapshotId> = shown
            .iter()
            .copied()
            .chain(self.current)
            .chain(selected)
            .collect();
        about.sort_unstable();
        about.dedup();
        self.limits.ask(&self.entries, &self.kinship, &about, jobs);
        self.is_settled |= !self.entries.is_empty() && !self.is_loading();
    }

    /// Selects what was selected before its file was read again, if that is there and nothing else was selected meanwhile.
    fn select_again(&mut self) {
        let Some((snapshot, mark)) = &self.returning else {
            return;
        };
        match self.entry(*snapshot).map(|entry| &entry.state) {
            Some(State::Loading(_)) => return,
            Some(State::Ready(read)) if self.selection.is_none() => {
                let subject = mark.find(read).map(|what| Subject {
                    snapshot: *snapshot,
                    what,
                });
                self.selection = subject.map(Selection::from);
            }
            _ => {}
        }
        self.returning = None;
    }

    /// Asks what the selection is in each snapshot that is shown.
    fn ask_counterparts(&mut self, jobs: &Jobs, shown: &[SnapshotId]) {
        let Some(subject) = self.selection() else { return };
        let find = |id| self.entries.iter().find(|entry| entry.id == id);
        let Some(here) = find(subject.snapshot).and_then(Entry::snapshot) else {
            return;
        };
        for id in shown.iter().copied().chain(self.current) {
            if id != subject.snapshot
                && let Some(there) = find(id).and_then(Entry::snapshot)
            {
                self.counterparts.ask(jobs, subject, here, (id, there));
            }
        }
    }

    /// What else holds on to that snapshot, no longer known here.
    fn pairs_of(&mut self, id: SnapshotId) -> Vec<Arc<Pair>> {
        self.many.take_if(|many| many.snapshot == id);
        let mut pairs = self.counterparts.forget(id);
        pairs.extend(self.kinship.forget(id));
        self.limits.forget(id);
        pairs
    }

    fn entry_mut(&mut self, id: SnapshotId) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == id)
    }
}

/// Frees a snapshot with all that holds on to it, on a worker, and gives the memory back to the system.
fn give_back(jobs: &Jobs, entry: Entry, pairs: Vec<Arc<Pair>>) {
    // The slot of a load under way holds on to the pool, and so must not wait in it.
    let Entry { state, .. } = entry;
    let State::Ready(snapshot) = state else { return };
    jobs.run(Lane::Frame, move || {
        drop((snapshot, pairs));
        memory::give_back_freed();
    });
}
