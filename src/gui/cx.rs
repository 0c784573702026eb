//! What a view is, and what it is lent while it paints.

use std::sync::Arc;
use std::time::Instant;

use eframe::egui::{Id, Key, Ui};

use super::command::{Command, Commands};
use super::theme::Icon;
use super::widgets::outline::Asked;
use super::workspace::Workspace;
use crate::job::{Jobs, Poll, Slot};
use crate::query::Query;
use crate::query::subject::{SnapshotId, Subject, What};
use crate::snapshot::Snapshot;

/// A view: it owns its questions, its scrolling and what is expanded in it. It asks and formats what is visible, and computes
/// nothing else.
pub(crate) trait View {
    /// Paints it in all the room there is.
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>);
    /// What has the keyboard when the view has it.
    fn focus_id(&self) -> Id;
    /// Gives the keyboard to its filter, if it has one.
    fn find(&mut self, _ui: &Ui) {}
}

/// A kind of view, as it stands in [`super::views::ALL`].
pub(crate) struct Spec {
    /// Its name in commands.
    pub(crate) id: &'static str,
    /// What stands on its tab.
    pub(crate) title: &'static str,
    /// What stands before that.
    pub(crate) icon: Icon,
    /// Where it is shown.
    pub(crate) place: Place,
    /// The key that goes there from a table.
    pub(crate) key: Option<Key>,
    /// Makes one.
    pub(crate) open: fn() -> Box<dyn View>,
}

/// Where a view is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the middle: it is about a snapshot.
    Centre,
    /// Below: it is about the selection.
    Bottom,
}

/// What is lent to a view for one frame.
#[derive(Clone, Copy)]
pub(crate) struct Cx<'a> {
    /// Who answers questions.
    pub(crate) jobs: &'a Jobs,
    /// What is open and selected.
    pub(crate) workspace: &'a Workspace,
    /// Where wishes go.
    pub(crate) commands: &'a Commands,
    /// Until when the frame may wait for answers to new questions.
    pub(crate) deadline: Instant,
}

impl<'a> Cx<'a> {
    /// The snapshot that is shown.
    pub(crate) fn snapshot(&self) -> Option<(SnapshotId, &'a Arc<Snapshot>)> {
        self.workspace.current_snapshot()
    }

    /// What is selected in the snapshot that is shown.
    pub(crate) fn selected(&self) -> Option<What> {
        self.workspace.selected()
    }

    /// Gives a command.
    pub(crate) fn send(&self, command: Command) {
        self.commands.send(command);
    }

    /// `what`, in the snapshot that is shown.
    pub(crate) fn subject(&self, what: What) -> Option<Subject> {
        let (snapshot, _) = self.snapshot()?;
        Some(Subject { snapshot, what })
    }
}

/// Who asks questions about a snapshot, for as long as a frame lasts.
#[derive(Clone)]
pub(crate) struct Asker {
    /// What is asked about.
    pub(crate) snapshot: Arc<Snapshot>,
    jobs: Jobs,
    deadline: Instant,
}

impl Cx<'_> {
    /// Someone to ask questions about `snapshot`.
    pub(crate) fn asker(&self, snapshot: &Arc<Snapshot>) -> Asker {
        Asker {
            snapshot: Arc::clone(snapshot),
            jobs: self.jobs.clone(),
            deadline: self.deadline,
        }
    }
}

impl Asker {
    /// Asks `query`; the answer is in `slot` when there is one.
    pub(crate) fn ask<Q: Query<Over = Snapshot>>(&self, slot: &mut Slot<Q>, query: &Q) -> Asked {
        let poll = slot.ask_until(&self.jobs, &self.snapshot, query, self.deadline);
        let failure = match poll {
            Poll::Failed(reason) => Some(reason.to_owned()),
            Poll::Ready(_) | Poll::Busy { .. } => None,
        };
        Asked {
            version: slot.version(),
            is_waiting: slot.latest().is_none() && failure.is_none(),
            failure,
        }
    }
}
