//! What is wrong with the heap: the suspects of all open snapshots as cards, worst first, with what holds them and what to do.

mod card;
mod figures;
mod head;
mod phrase;
mod shown;

use std::sync::Arc;

use eframe::egui::{
    Context, Event, EventFilter, Id, Key, Modifiers, Rect, Role, ScrollArea, Sense, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use self::card::{Done, Standing};
use self::shown::Shown;
use crate::base::index::ClassIx;
use crate::base::units::counted;
use crate::gui::bookmarks::Deed;
use crate::gui::command::{Command, FileDeed, Samples, Selection, Showing};
use crate::gui::cx::{Cx, Place, Spec, View};
use crate::gui::many::Many;
use crate::gui::report;
use crate::gui::theme::{Icon, Tokens};
use crate::gui::widgets::{empty, placeholder, unanswered};
use crate::gui::workspace::Entry;
use crate::job::{Lane, Poll, Slot};
use crate::query::object_set::ObjectSet;
use crate::query::paths::similar::Alike;
use crate::query::subject::{SnapshotId, Subject, What};
use crate::query::suspects::{FindSuspects, Severity, Suspect, Suspects};
use crate::query::trend::Series;
use crate::snapshot::Snapshot;

pub(super) const SPEC: Spec = Spec {
    id: "suspects",
    title: "Suspects",
    icon: Icon::DETECTIVE,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: None,
    open: |id| Box::new(SuspectsView::new(id)),
};

struct SuspectsView {
    id: Id,
    /// The snapshots that were read, and as one thing to ask about.
    series: Option<(Vec<SnapshotId>, Arc<Series>)>,
    find: Slot<FindSuspects>,
    /// Which of the answer is shown.
    shown: Shown,
    /// Which of those is open.
    open: usize,
    /// Is it to be brought on the screen?
    reveals: bool,
    /// Was the first suspect of this answer looked at without being asked for?
    is_begun: bool,
}

/// No card is wider.
const WIDEST: f32 = 1280.0;
const MARGIN: f32 = 12.0;
const GAP: f32 = 8.0;
/// Below this width the cards are set for narrow windows.
const NARROW: f32 = 900.0;

impl SuspectsView {
    fn new(id: Id) -> Self {
        Self {
            id,
            series: None,
            find: Slot::new(Lane::Bulk),
            shown: Shown::default(),
            open: 0,
            reveals: false,
            is_begun: false,
        }
    }

    /// The snapshots that were read: the same as before if nothing changed.
    fn series(&mut self, cx: &Cx<'_>) -> Arc<Series> {
        let read = cx.workspace.entries().iter();
        let ids: Vec<SnapshotId> = read
            .filter(|entry| entry.snapshot().is_some())
            .map(|entry| entry.id)
            .collect();
        match &self.series {
            Some((of, series)) if *of == ids => Arc::clone(series),
            _ => {
                let series = Arc::new(cx.workspace.series());
                self.series = Some((ids, Arc::clone(&series)));
                self.is_begun = false;
                self.open = 0;
                series
            }
        }
    }

    fn last(&self) -> Option<SnapshotId> {
        self.series.as_ref()?.0.last().copied()
    }

    /// Opens the card at `at` and makes its first sample what is looked at.
    fn choose(&mut self, cx: &Cx<'_>, suspects: &Suspects, at: usize) {
        self.open = at;
        self.reveals = true;
        if let Some(suspect) = self.shown.get(suspects, at) {
            self.select(cx, suspect);
        }
    }

    fn select(&self, cx: &Cx<'_>, suspect: &Suspect) {
        let Some(snapshot) = self.last() else { return };
        let selection = match (&suspect.samples[..], suspect.holder) {
            ([first, ..], _) => Selection {
                samples: Some(Samples {
                    of: suspect.title.text().into(),
                    nodes: suspect.samples.as_slice().into(),
                    at: 0,
                }),
                ..subject(snapshot, *first).into()
            },
            ([], Some(holder)) => subject(snapshot, holder).into(),
            ([], None) => return,
        };
        cx.send(Command::Select(selection));
    }

    /// Paints the cards that are in sight.
    fn cards(&mut self, ui: &mut Ui, cx: &Cx<'_>, suspects: &Arc<Suspects>) {
        let room = ui.available_rect_before_wrap();
        let list = ui.interact(room, self.id, Sense::click());
        list.widget_info(|| WidgetInfo::labeled(Role::ListBox, true, "Suspects, worst first"));
        let mut done = None;
        ScrollArea::vertical()
            .id_salt(self.id)
            .auto_shrink(false)
            .show_viewport(ui, |ui, viewport| {
                let width = (room.width() - 2.0 * MARGIN).min(WIDEST);
                let count = self.shown.rows.len();
                let standing = Standing {
                    is_narrow: room.width() < NARROW,
                    compares: compared(cx)
                        .map(|(base, current)| [base, current].map(|id| cx.workspace.number(id))),
                    is_bookmarked: self.is_bookmarked(cx, suspects),
                };
                let open = self
                    .shown
                    .get(suspects, self.open)
                    .map(|suspect| card::lay_out(ui, suspect, width, &standing));
                let height_of = |at: usize| match &open {
                    Some(open) if at == self.open => open.height,
                    _ => self.shown.get(suspects, at).map_or(card::CLOSED, card::closed),
                };
                let origin = ui.max_rect().min;
                let mut top = MARGIN;
                for at in 0..count {
                    let height = height_of(at);
                    let rect = Rect::from_min_size(
                        pos2(origin.x + MARGIN, (origin.y + top).round()),
                        vec2(width, height),
                    );
                    let is_open = at == self.open;
                    let is_seen = top + height >= viewport.top() && top <= viewport.bottom();
                    if self.reveals && is_open {
                        ui.scroll_to_rect(rect.expand(GAP), None);
                        self.reveals = false;
                    }
                    if is_seen && let Some(suspect) = self.shown.get(suspects, at) {
                        let laid = open.as_ref().filter(|_| is_open);
                        let id = self.id.with(at);
                        let was_done = card::show(ui, id, rect, suspect, at, laid, &standing);
                        done = was_done.map(|what| (at, what)).or(done);
                    }
                    top += height + GAP;
                }
                ui.allocate_space(vec2(room.width(), top + MARGIN - GAP));
            });
        if list.clicked() {
            list.request_focus();
        }
        if let Some((at, what)) = done {
            if what == Done::Chosen {
                list.request_focus();
            }
            self.carry_out(ui, cx, suspects, at, what);
        }
        if list.has_focus() {
            self.keys(ui, cx, suspects);
        }
    }

    fn is_bookmarked(&self, cx: &Cx<'_>, suspects: &Suspects) -> bool {
        let node = self.shown.get(suspects, self.open).and_then(looked_at);
        let last = suspects.series.snapshots.last();
        node.zip(last)
            .is_some_and(|(node, last)| cx.bookmarks.has(last, What::Object(node)))
    }

    fn carry_out(&mut self, ui: &Ui, cx: &Cx<'_>, suspects: &Arc<Suspects>, at: usize, done: Done) {
        let (Some(suspect), Some(snapshot)) = (self.shown.get(suspects, at), self.last()) else {
            return;
        };
        let looked_at = looked_at(suspect).map(|node| subject(snapshot, node));
        match done {
            Done::Chosen => self.choose(cx, suspects, at),
            Done::Step(step) => {
                if let Some(step) = suspect.path.get(step) {
                    cx.send(Command::Select(subject(snapshot, step.node).into()));
                }
            }
            Done::Objects => {
                let all = suspects.series.snapshots.last();
                let class = all.and_then(|all| class_of_all(all, suspect));
                let class = class.map(|class| Subject {
                    snapshot,
                    what: What::Class(class),
                });
                if let Some(subject) = class.or(looked_at) {
                    cx.go_home(subject);
                }
            }
            Done::Paths => {
                // Samples are some of the objects; all are held as they are.
                let nodes = Arc::from(&*suspect.samples);
                cx.send(Command::Paths(Many {
                    snapshot,
                    set: ObjectSet::found_by(Alike { nodes }),
                    title: suspect.title.text(),
                }));
            }
            Done::Chain => cx.send(Command::Show(Showing::Focus("chain"))),
            Done::Compare => {
                if let Some((base, current)) = compared(cx) {
                    cx.send(Command::File(current, FileDeed::MakeCurrent));
                    cx.send(Command::File(base, FileDeed::MakeBase));
                    cx.send(Command::Show(Showing::Focus("comparison")));
                }
            }
            Done::Bookmark => {
                if let Some(subject) = looked_at {
                    cx.send(Command::Bookmark(Deed::Toggle(subject)));
                }
            }
            Done::Copy => ui.copy_text(phrase::copied(suspect)),
            Done::Report => cx.send(report::wish(cx.workspace, Some(Arc::clone(suspects)))),
        }
    }

    fn keys(&mut self, ui: &Ui, cx: &Cx<'_>, suspects: &Arc<Suspects>) {
        let filter = EventFilter {
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(self.id, filter));
        let last = self.shown.rows.len().saturating_sub(1);
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let to = [
            (Key::ArrowDown, (self.open + 1).min(last)),
            (Key::ArrowUp, self.open.saturating_sub(1)),
            (Key::Home, 0),
            (Key::End, last),
        ];
        if let Some((_, to)) = to.into_iter().find(|(key, _)| pressed(*key)) {
            self.choose(cx, suspects, to);
        }
        let deeds = [
            (Key::Enter, Done::Objects),
            (Key::C, Done::Compare),
            (Key::B, Done::Bookmark),
        ];
        for (key, deed) in deeds {
            if pressed(key) {
                self.carry_out(ui, cx, suspects, self.open, deed);
            }
        }
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::E)) {
            self.carry_out(ui, cx, suspects, self.open, Done::Report);
        }
        if ui.input(|input| input.events.contains(&Event::Copy)) {
            self.carry_out(ui, cx, suspects, self.open, Done::Copy);
        }
    }
}

/// The class that stands for all that is held: that of the samples, if hardly any other objects are of it.
fn class_of_all(snapshot: &Snapshot, suspect: &Suspect) -> Option<ClassIx> {
    let class = snapshot.class_of(*suspect.samples.first()?);
    let are_alike = suspect
        .samples
        .iter()
        .all(|&node| snapshot.class_of(node) == class);
    let mut totals = snapshot.class_totals().iter();
    let count = totals.find(|totals| totals.class == class)?.count;
    (are_alike && count <= suspect.count().saturating_mul(2)).then_some(class)
}

/// The object of a suspect that is looked at first.
fn looked_at(suspect: &Suspect) -> Option<crate::base::index::NodeIx> {
    suspect.samples.first().copied().or(suspect.holder)
}

const fn subject(snapshot: SnapshotId, node: crate::base::index::NodeIx) -> Subject {
    Subject {
        snapshot,
        what: What::Object(node),
    }
}

/// The last two snapshots that were read: what a suspect can be compared in.
fn compared(cx: &Cx<'_>) -> Option<(SnapshotId, SnapshotId)> {
    let mut read = cx
        .workspace
        .entries()
        .iter()
        .rev()
        .filter(|entry| entry.snapshot().is_some());
    let current: &Entry = read.next()?;
    Some((read.next()?.id, current.id))
}

/// Bars where text will be.
fn loading(ui: &Ui) {
    let room = ui.available_rect_before_wrap();
    let tokens = Tokens::of(ui);
    for at in 0..3_u8 {
        let top = room.top() + MARGIN + f32::from(at) * (card::CLOSED + GAP);
        let size = vec2((room.width() - 2.0 * MARGIN).min(WIDEST), card::CLOSED);
        let rect = Rect::from_min_size(pos2(room.left() + MARGIN, top), size);
        ui.painter().rect_filled(rect, 6.0, tokens.bg_raised);
        for (line, shift) in [(24.0, 0.0), (44.0, 40.0), (64.0, 120.0)] {
            let bar = Rect::from_min_size(rect.min + vec2(40.0, line - 10.0), vec2(160.0 + shift, 20.0));
            placeholder(ui, bar);
        }
    }
}

impl View for SuspectsView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        if cx.workspace.is_loading() {
            head::waiting(ui, "Suspects are looked for once all files are read");
            loading(ui);
            return;
        }
        let series = self.series(cx);
        let suspects = match self.find.ask(cx.jobs, &series, &FindSuspects) {
            Poll::Ready(suspects) => Arc::clone(suspects),
            Poll::Failed(reason) => {
                unanswered(ui, cx.jobs, "Suspects cannot be told", reason);
                return;
            }
            Poll::Busy { .. } => {
                head::waiting(ui, "Looking for suspects…");
                loading(ui);
                return;
            }
        };
        if head::head(ui, &suspects, &mut self.shown) {
            cx.send(report::wish(cx.workspace, Some(Arc::clone(&suspects))));
        }
        if self.shown.refresh(&suspects) {
            self.open = 0;
        }
        if !self.is_begun {
            self.is_begun = true;
            if cx.workspace.selection().is_none()
                && let Some(first) = self.shown.get(&suspects, 0)
            {
                self.select(cx, first);
                cx.send(Command::Show(Showing::Raise("chain")));
            }
        }
        head::problems(ui, &suspects);
        if self.shown.rows.is_empty() {
            empty(ui, head::nothing(&suspects));
            return;
        }
        let room = ui.available_rect_before_wrap();
        ui.scope_builder(UiBuilder::new().max_rect(room), |ui| {
            self.cards(ui, cx, &suspects);
        });
    }

    fn focus_id(&self) -> Id {
        self.id
    }

    fn find(&mut self, _ctx: &Context) {}

    fn found(&self) -> Option<u64> {
        let suspects = self.find.latest()?;
        let alarms = suspects.all.iter().filter(|one| one.severity != Severity::Note);
        Some(alarms.count() as u64)
    }

    fn status(&self) -> Option<String> {
        let suspects = self.find.latest()?;
        Some(counted(suspects.all.len() as u64, "suspect", "suspects"))
    }
}
