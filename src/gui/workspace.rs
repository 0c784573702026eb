//! The open snapshots, the files being read, and what is selected.

use std::sync::Arc;

use super::fault::Fault;
use crate::base::task::Progress;
use crate::job::{Jobs, Lane, Open, Poll, Slot, Source};
use crate::query::subject::{SnapshotId, Subject, What};
use crate::snapshot::Snapshot;

/// What is open. Only commands change it.
#[derive(Debug, Default)]
pub(crate) struct Workspace {
    entries: Vec<Entry>,
    current: Option<SnapshotId>,
    selection: Option<Subject>,
    given_out: u32,
}

/// A file: read, being read, or not read.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its name among the open snapshots.
    pub(crate) id: SnapshotId,
    /// The file.
    pub(crate) source: Arc<Source>,
    /// How long the file is, if that could be found out.
    pub(crate) file_size: Option<u64>,
    /// How it stands with it.
    pub(crate) state: State,
}

/// How it stands with a file.
#[derive(Debug)]
pub(crate) enum State {
    /// It is being read.
    Loading(Load),
    /// It was read.
    Ready(Arc<Snapshot>),
    /// It could not be read.
    Failed(Fault),
    /// Reading it was called off at this fraction.
    Cancelled(f32),
}

/// A load under way.
#[derive(Debug)]
pub(crate) struct Load {
    slot: Slot<Open>,
    source: Arc<Source>,
    /// Where it is; none while another file is being read.
    pub(crate) progress: Option<Progress>,
}

impl Entry {
    /// `source` is the identity of a reading: a new one for each.
    fn new(id: SnapshotId, source: Source) -> Self {
        let source = Arc::new(source);
        Self {
            id,
            file_size: source.size(),
            state: State::Loading(Load {
                slot: Slot::new(Lane::Bulk),
                source: Arc::clone(&source),
                progress: None,
            }),
            source,
        }
    }

    /// The name of the file without its extension: what it is called on its card.
    pub(crate) fn title(&self) -> String {
        let path = self.source.path();
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy();
        let known = [".gz", ".zst", ".heapsnapshot", ".heaptimeline"];
        let mut title = &*name;
        for extension in known {
            title = title.strip_suffix(extension).unwrap_or(title);
        }
        title.to_owned()
    }

    /// The snapshot, if it was read.
    pub(crate) const fn snapshot(&self) -> Option<&Arc<Snapshot>> {
        match &self.state {
            State::Ready(snapshot) => Some(snapshot),
            _ => None,
        }
    }
}

impl Load {
    /// Asks how far it is; what became of the file, once that is known.
    fn poll(&mut self, jobs: &Jobs) -> Option<State> {
        match self.slot.ask(jobs, &self.source, &Open) {
            Poll::Ready(Ok(snapshot)) => Some(State::Ready(Arc::clone(snapshot))),
            Poll::Ready(Err(error)) => Some(State::Failed(Fault::of(error))),
            Poll::Failed(reason) => Some(State::Failed(Fault::of_panic(reason))),
            Poll::Busy {
                progress, waiting, ..
            } => {
                self.progress = (!waiting).then_some(progress);
                None
            }
        }
    }
}

impl Workspace {
    /// All files, in the order in which they were opened.
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

    /// What is selected.
    pub(crate) const fn selection(&self) -> Option<Subject> {
        self.selection
    }

    /// What is selected in the snapshot that is shown.
    pub(crate) fn selected(&self) -> Option<What> {
        let selection = self.selection?;
        (Some(selection.snapshot) == self.current).then_some(selection.what)
    }

    /// Is any file being read?
    pub(crate) fn is_loading(&self) -> bool {
        self.entries
            .iter()
            .any(|entry| matches!(entry.state, State::Loading(_)))
    }

    /// Opens `source`, or shows it if it is open already.
    pub(crate) fn open(&mut self, source: Source) {
        if let Some(entry) = self.entries.iter().find(|entry| *entry.source == source) {
            self.current = Some(entry.id);
            return;
        }
        self.given_out += 1;
        let id = SnapshotId(self.given_out);
        self.entries.push(Entry::new(id, source));
        if self.current_snapshot().is_none() {
            self.current = self.current.or(Some(id));
        }
    }

    /// Reads the file again.
    pub(crate) fn read_again(&mut self, id: SnapshotId, jobs: &Jobs) {
        self.selection.take_if(|subject| subject.snapshot == id);
        let Some(at) = self.entries.iter().position(|entry| entry.id == id) else {
            return;
        };
        // Another reading has other indices: it is another snapshot.
        self.given_out += 1;
        let again = Entry::new(
            SnapshotId(self.given_out),
            Source::clone(&self.entries[at].source),
        );
        if self.current == Some(id) {
            self.current = Some(again.id);
        }
        let old = std::mem::replace(&mut self.entries[at], again);
        jobs.discard(old.state);
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
        let closed = self.entries.remove(at);
        jobs.discard(closed.state);
        self.selection.take_if(|subject| subject.snapshot == id);
        if self.current == Some(id) {
            let beside = self.entries.get(at).or_else(|| self.entries.last());
            self.current = beside.map(|entry| entry.id);
        }
    }

    /// Shows the file.
    pub(crate) fn make_current(&mut self, id: SnapshotId) {
        if self.entry(id).is_some() {
            self.current = Some(id);
        }
    }

    /// Selects `subject`, and shows its snapshot.
    pub(crate) fn select(&mut self, subject: Subject) {
        self.make_current(subject.snapshot);
        self.selection = Some(subject);
    }

    /// Takes in what became of the files being read. The first that is ready is shown if nothing else is.
    pub(crate) fn poll(&mut self, jobs: &Jobs) {
        let mut ready = None;
        for entry in &mut self.entries {
            if let State::Loading(load) = &mut entry.state
                && let Some(state) = load.poll(jobs)
            {
                entry.state = state;
                if entry.snapshot().is_some() {
                    ready = ready.or(Some(entry.id));
                }
            }
        }
        if let Some(id) = ready
            && self.current_snapshot().is_none()
        {
            self.current = Some(id);
        }
    }

    fn entry_mut(&mut self, id: SnapshotId) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == id)
    }
}
