//! A file among the open ones: read, being read, or not read.

use std::sync::Arc;

use crate::analysis::producer::Producer;
use crate::base::task::Progress;
use crate::gui::fault::Fault;
use crate::job::{Content, Jobs, Lane, Open, Poll, Slot, Source};
use crate::query::provenance::{self, ProvenanceOf, Taken};
use crate::query::subject::SnapshotId;
use crate::snapshot::Snapshot;
use crate::snapshot::sampling::SamplingProfile;

/// A file: read, being read, or not read.
#[derive(Debug)]
pub(crate) struct Entry {
    /// Its name among the open snapshots.
    pub(crate) id: SnapshotId,
    /// The file.
    pub(crate) source: Arc<Source>,
    /// How long the file is, if that could be found out.
    pub(crate) file_size: Option<u64>,
    /// When it was taken, as its name or its date tells.
    pub(crate) taken: Option<Taken>,
    /// How it stands with it.
    pub(crate) state: State,
    /// Is this not the first reading of it?
    pub(super) is_again: bool,
    /// What the user calls it.
    pub(super) name: Option<String>,
    /// The time by which it is called.
    pub(super) time: Option<String>,
    /// Where it comes from: asked once it was read.
    pub(super) provenance: Slot<ProvenanceOf>,
}

/// How it stands with a file.
#[derive(Debug)]
pub(crate) enum State {
    /// It is being read.
    Loading(Load),
    /// It was read.
    Ready(Arc<Snapshot>),
    /// It was read, and is a sampling profile.
    Profile(Arc<SamplingProfile>),
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
    pub(super) fn new(id: SnapshotId, source: Source) -> Self {
        let source = Arc::new(source);
        Self {
            id,
            file_size: source.size(),
            taken: provenance::taken(source.path(), || source.modified()),
            state: State::Loading(Load {
                slot: Slot::new(Lane::Bulk),
                source: Arc::clone(&source),
                progress: None,
            }),
            source,
            is_again: false,
            name: None,
            time: None,
            provenance: Slot::new(Lane::Bulk),
        }
    }

    /// What it is called on its card: as the user said, by its time, or the name of the file without its extension.
    pub(crate) fn title(&self) -> String {
        if let Some(name) = self.name.as_ref().or(self.time.as_ref()) {
            return name.clone();
        }
        let path = self.source.path();
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = name.to_string_lossy();
        let known = [".gz", ".zst", ".heapsnapshot", ".heaptimeline", ".heapprofile"];
        let mut title = &*name;
        for extension in known {
            title = title.strip_suffix(extension).unwrap_or(title);
        }
        title.to_owned()
    }

    /// The program that wrote it, once that is known.
    pub(crate) fn producer(&self) -> Option<&Producer> {
        self.provenance.latest()?.producer.as_ref()
    }

    /// The sampling profile, if it is one.
    pub(crate) const fn profile(&self) -> Option<&Arc<SamplingProfile>> {
        match &self.state {
            State::Profile(profile) => Some(profile),
            _ => None,
        }
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
    pub(super) fn poll(&mut self, jobs: &Jobs) -> Option<State> {
        match self.slot.ask(jobs, &self.source, &Open) {
            Poll::Ready(Ok(Content::Snapshot(snapshot))) => Some(State::Ready(Arc::clone(snapshot))),
            Poll::Ready(Ok(Content::Profile(profile))) => Some(State::Profile(Arc::clone(profile))),
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
