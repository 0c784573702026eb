//! What a view is, and what it is lent while it paints.

use std::sync::Arc;
use std::time::Instant;

use eframe::egui::{Context, Id, Key, Ui};

use super::bookmarks::Bookmarks;
use super::command::{Command, Commands};
use super::history::Place as To;
use super::theme::Icon;
use super::views::HOME;
use super::widgets::outline::Asked;
use super::workspace::{Limited, Pending, Workspace};
use crate::analysis::filters::NodeFilter;
use crate::job::{Jobs, Poll, Slot};
use crate::query::Query;
use crate::query::passing::Passing;
use crate::query::subject::{SnapshotId, Subject, What};
use crate::snapshot::Snapshot;

/// A view: it owns its questions, its scrolling and what is expanded in it. It asks and formats what is visible, and computes
/// nothing else.
pub(crate) trait View {
    /// Paints it in all the room there is.
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>);
    /// What has the keyboard when the view has it.
    fn focus_id(&self) -> Id;
    /// Opens the bar that finds text in its rows, if it has rows.
    fn find(&mut self, _ctx: &Context) {}
    /// Limits its rows to those with `text` in their names; without one, gives the keyboard to its filter.
    fn filter(&mut self, _ctx: &Context, _text: Option<&str>) {}
    /// Brings `what` on the screen: someone went to it. Views that show only the selection need not.
    fn reveal(&mut self, _what: What) {}
    /// What its rows come to, for the status bar: "683 classes, 879 910 objects".
    fn status(&self) -> Option<String> {
        None
    }
    /// Does it show only what the window is limited to, or mark it? Then a line above it says what that is.
    fn heeds_limit(&self) -> bool {
        false
    }
    /// What stands on its tab, if not the number of its file: which files it is about.
    fn tag(&self, _cx: &Cx<'_>) -> Option<String> {
        None
    }
    /// How much it has found that calls for attention: stands on its tab, instead of any other tag.
    fn found(&self) -> Option<u64> {
        None
    }
    /// What it shares with the view beside it when both move together.
    fn shared(&self) -> Option<Shared> {
        None
    }
    /// Does as the view beside it.
    fn adopt(&mut self, _shared: &Shared, _scrolled: f64) {}
}

/// What two views share that move together.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shared {
    /// The column by which rows are sorted, by its key, and whether the least comes first.
    pub(crate) order: (&'static str, bool),
    /// What is typed into the filter.
    pub(crate) filter: String,
    /// How rows are grouped, or in what form they are shown: a name of the view's own.
    pub(crate) form: &'static str,
    /// What was scrolled by hand in all, in points.
    pub(crate) scrolled: f64,
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
    /// Does it begin a group of tabs of its own?
    pub(crate) is_apart: bool,
    /// Is it about two snapshots?
    pub(crate) is_of_two: bool,
    /// Does it need all the room, so that what belongs to the selection is closed below it?
    pub(crate) stands_alone: bool,
    /// The key that goes there from a table.
    pub(crate) key: Option<Key>,
    /// What the menus of rows call going there with the row: none if it shows no single thing.
    pub(crate) takes: Option<&'static str>,
    /// Makes one, of that identity.
    pub(crate) open: fn(Id) -> Box<dyn View>,
}

/// Where a view is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the middle: it is about a snapshot, or about two.
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
    /// What is kept in mind.
    pub(crate) bookmarks: &'a Bookmarks,
    /// Where wishes go.
    pub(crate) commands: &'a Commands,
    /// Until when the frame may wait for answers to new questions.
    pub(crate) deadline: Instant,
    /// The file that is shown; none is the one of the window.
    pub(crate) pinned: Option<SnapshotId>,
}

impl<'a> Cx<'a> {
    /// The snapshot that is shown.
    pub(crate) fn snapshot(&self) -> Option<(SnapshotId, &'a Arc<Snapshot>)> {
        match self.pinned {
            None => self.workspace.current_snapshot(),
            Some(id) => Some((id, self.workspace.entry(id)?.snapshot()?)),
        }
    }

    /// What is selected in the snapshot that is shown: the selection itself, or what it is there.
    pub(crate) fn selected(&self) -> Option<What> {
        let (id, _) = self.snapshot()?;
        self.workspace.selected_in(id)
    }

    /// Gives a command.
    pub(crate) fn send(&self, command: Command) {
        self.commands.send(command);
    }

    /// Goes to where `subject` stands among all others.
    pub(crate) fn go_home(&self, subject: Subject) {
        self.send(Command::Go(To {
            view: Some(HOME),
            subject: Some(subject),
        }));
    }

    /// `what`, in the snapshot that is shown.
    pub(crate) fn subject(&self, what: What) -> Option<Subject> {
        let (snapshot, _) = self.snapshot()?;
        Some(Subject { snapshot, what })
    }

    /// What the window is limited to, in the snapshot that is shown: everything where the limit means nothing there.
    pub(crate) fn filter(&self) -> NodeFilter {
        match self.snapshot().map(|(id, _)| self.workspace.limited(id)) {
            Some(Limited::To(filter)) => filter,
            Some(Limited::Unknown | Limited::Never(..) | Limited::Elsewhere(_)) | None => NodeFilter::All,
        }
    }

    /// What passes the window's filter in the snapshot that is shown, once that is known; `None` within if everything does.
    pub(crate) fn passing(&self) -> Result<Option<Passing>, Pending> {
        self.snapshot()
            .map_or(Ok(None), |(id, _)| self.workspace.passing(id))
    }

    /// Someone to ask questions about `snapshot`.
    pub(crate) fn asker(&self, snapshot: &Arc<Snapshot>) -> Asker {
        Asker {
            snapshot: Arc::clone(snapshot),
            asks: self.asks(),
        }
    }

    /// Someone to ask questions about other things.
    pub(crate) fn asks(&self) -> Asks {
        Asks(Some((self.jobs.clone(), self.deadline)))
    }
}

/// Who asks questions about a snapshot, for as long as a frame lasts.
#[derive(Clone)]
pub(crate) struct Asker {
    /// What is asked about.
    pub(crate) snapshot: Arc<Snapshot>,
    asks: Asks,
}

/// Who answers questions, and until when the frame may wait; nobody, where none may be asked.
#[derive(Clone)]
pub(crate) struct Asks(Option<(Jobs, Instant)>);

impl Asker {
    /// Asks `query`; the answer is in `slot` when there is one.
    pub(crate) fn ask<Q: Query<Over = Snapshot>>(&self, slot: &mut Slot<Q>, query: &Q) -> Asked {
        self.ask_about(&self.snapshot, slot, query)
    }

    /// The answer to `query`, if there is one: never an earlier one.
    pub(crate) fn ready<'a, Q: Query<Over = Snapshot>>(
        &self,
        slot: &'a mut Slot<Q>,
        query: &Q,
    ) -> Option<&'a Q::Answer> {
        let (jobs, deadline) = self.asks.0.as_ref()?;
        match slot.ask_until(jobs, &self.snapshot, query, *deadline) {
            Poll::Ready(answer) => Some(answer),
            Poll::Busy { .. } | Poll::Failed(_) => None,
        }
    }

    /// Asks `query` about something else.
    pub(crate) fn ask_about<Q: Query>(&self, over: &Arc<Q::Over>, slot: &mut Slot<Q>, query: &Q) -> Asked {
        self.asks.ask_about(over, slot, query)
    }

    /// One that asks nothing and knows the snapshot: fit for a worker, who must not hold on to the pool it works in.
    pub(crate) fn quiet(&self) -> Self {
        Self {
            snapshot: Arc::clone(&self.snapshot),
            asks: Asks::nobody(),
        }
    }
}

impl Asks {
    /// Asks `query` about `over`; the answer is in `slot` when there is one.
    pub(crate) fn ask_about<Q: Query>(&self, over: &Arc<Q::Over>, slot: &mut Slot<Q>, query: &Q) -> Asked {
        let Some((jobs, deadline)) = &self.0 else {
            return Asked::default();
        };
        let failure = match slot.ask_until(jobs, over, query, *deadline) {
            Poll::Failed(reason) => Some(reason.to_owned()),
            Poll::Ready(_) | Poll::Busy { .. } => None,
        };
        Asked {
            version: slot.version(),
            is_waiting: slot.latest().is_none() && failure.is_none(),
            failure,
        }
    }

    /// Nobody: fit for a worker, who must not hold on to the pool it works in.
    pub(crate) const fn nobody() -> Self {
        Self(None)
    }
}
