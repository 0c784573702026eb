//! The window: takes in what has become known, carries out commands, lays out the parts.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use eframe::egui::{CentralPanel, Context, Frame, Panel, Popup, Ui};

use super::bookmarks::{Bookmarks, Deed};
use super::command::{Appearance, Ask, Command, Commands, FileDeed, Part, Showing};
use super::cx::Cx;
use super::dialogs::{Dialogs, Ended};
use super::history::{History, Place, Visit};
use super::limit;
use super::node_text;
use super::recent;
use super::shell::over::Over;
use super::shell::status_bar::Status;
use super::shell::{Desks, Parts, keys, left_panel, panes, sheets, status_bar, top_bar};
use super::theme::{self, Tokens};
use super::views;
use super::workspace::Workspace;
use crate::dump::redact::tokens::Key;
use crate::dump::redact::{Level, Redaction};
use crate::job::{Jobs, Source};
use crate::query::subject::SnapshotId;

/// The state of the window. What belongs to one view is in that view.
pub struct App {
    jobs: Jobs,
    workspace: Workspace,
    commands: Commands,
    history: History,
    desks: Desks,
    parts: Parts,
    bookmarks: Bookmarks,
    dialogs: Dialogs,
    over: Over,
    status: Status,
}

/// How long a frame may wait for answers to new questions: what is quick appears at once.
const PATIENCE: Duration = Duration::from_millis(6);

/// How often progress is painted.
const PROGRESS: Duration = Duration::from_millis(50);

impl App {
    /// A window that opens `sources`, redacted if that is wished.
    pub fn new(ctx: &Context, sources: Vec<Source>, redaction: Option<Redaction>) -> std::io::Result<Self> {
        theme::install(ctx);
        let waker = ctx.clone();
        let jobs = Jobs::new(move || waker.request_repaint())?;
        let mut workspace = Workspace::default();
        workspace.redact(redaction);
        for source in sources {
            recent::opened(ctx, &source);
            workspace.open(source);
        }
        Ok(Self {
            jobs,
            workspace,
            commands: Commands::default(),
            history: History::default(),
            desks: Desks::remembered(ctx),
            parts: Parts::remembered(ctx),
            bookmarks: Bookmarks::remembered(ctx),
            dialogs: Dialogs::default(),
            over: Over::default(),
            status: Status::default(),
        })
    }

    fn carry_out(&mut self, ctx: &Context, frame: &eframe::Frame, command: Command) {
        match command {
            Command::Open(paths) => {
                for path in paths {
                    let source = Source::File(path);
                    recent::opened(ctx, &source);
                    self.workspace.open(source);
                }
            }
            Command::File(id, deed) => self.file(id, deed),
            Command::Select(selection) => self.workspace.select(selection),
            Command::Go(place) => {
                let before = self.here();
                self.note(ctx, false);
                self.go(ctx, place);
                if self.here().subject != before.subject {
                    self.note(ctx, true);
                }
            }
            Command::Step(way) => {
                self.note(ctx, false);
                if let Some(visit) = self.history.step(way, now(ctx)) {
                    self.revisit(ctx, &visit);
                    self.history.arrived(self.here());
                }
            }
            Command::Show(showing) => self.show(ctx, showing),
            Command::Toggle(part) => {
                match part {
                    Part::Contrast => theme::set_high_contrast(ctx, !theme::is_high_contrast(ctx)),
                    Part::Left => self.parts.left = !self.parts.left,
                    Part::Bottom => {
                        let is_open = self.parts.below(&self.desks.centre);
                        *is_open = !*is_open;
                    }
                    Part::Sheet(sheet) => {
                        let is_shown = self.parts.sheet == Some(sheet);
                        self.parts.sheet = (!is_shown).then_some(sheet);
                    }
                }
                self.parts.keep(ctx);
            }
            Command::Ask(Ask::Files) => {
                let waker = ctx.clone();
                let asked = self.dialogs.pick_files(frame, move || waker.request_repaint());
                if asked.is_err() {
                    self.over.path_box.open();
                }
            }
            Command::Ask(Ask::Path) => self.over.path_box.open(),
            Command::Ask(Ask::Anything) => self.over.palette.open(),
            Command::Filter(text) => {
                if let Some(view) = self.desks.centre.focused() {
                    view.filter(ctx, Some(&text));
                }
            }
            Command::Limit(limit) => self.workspace.limit_to(limit),
            Command::Paths(many) => {
                let snapshot = many.snapshot;
                if self.desks.centre.pinned().all(|id| id != snapshot) {
                    self.workspace.make_current(snapshot);
                }
                self.workspace.look_at(many);
                self.note(ctx, false);
                self.show(ctx, Showing::Focus(views::PATHS));
            }
            Command::Appear(Appearance::Strings(level)) => self.redact(level),
            Command::Appear(Appearance::Theme(preference)) => ctx.set_theme(preference),
            Command::Bookmark(deed) => self.bookmark(ctx, deed),
            Command::Export(table, path) => {
                let waker = ctx.clone();
                let wake = move || waker.request_repaint();
                // What became of the one before was read, or is no longer of interest.
                self.status.notice = None;
                let asked = match path {
                    Some(path) => self.dialogs.write(table, path, &self.jobs, wake),
                    None => self.dialogs.save(frame, table, wake),
                };
                if let Err(error) = asked {
                    self.status.notice = Some(error.to_string());
                }
            }
        }
    }

    fn file(&mut self, id: SnapshotId, deed: FileDeed) {
        let workspace = &mut self.workspace;
        match deed {
            FileDeed::ReadAgain | FileDeed::ReadAnyway => {
                self.history.forget(id);
                self.desks.centre.forget(id);
                self.desks.bottom.forget(id);
                workspace.read_again(id, deed == FileDeed::ReadAnyway, &self.jobs);
            }
            FileDeed::Cancel => workspace.cancel(id),
            FileDeed::Close => {
                self.history.forget(id);
                self.desks.centre.forget(id);
                self.desks.bottom.forget(id);
                workspace.close(id, &self.jobs);
            }
            FileDeed::MakeCurrent => workspace.make_current(id),
            FileDeed::MakeBase => workspace.make_base(id),
            FileDeed::Rename(name) => workspace.rename(id, &name),
            FileDeed::MoveTo(at) => workspace.move_to(id, at),
            FileDeed::ShowInFolder => {
                if let Some(entry) = workspace.entry(id) {
                    self.status.notice = super::folder::show(entry.source.path()).err();
                }
            }
        }
    }

    /// Reads all files again, redacted so.
    fn redact(&mut self, level: Option<Level>) {
        let redaction = level.map(|level| Key::random().map(|key| Redaction { level, key }));
        match redaction.transpose() {
            Ok(redaction) => self.workspace.redact(redaction),
            Err(error) => {
                self.status.notice = Some(error.to_string());
                return;
            }
        }
        let open: Vec<SnapshotId> = self.workspace.entries().iter().map(|entry| entry.id).collect();
        for id in open {
            self.file(id, FileDeed::ReadAgain);
        }
    }

    /// What is on the screen now.
    fn here(&self) -> Visit {
        let Desks { centre, bottom, .. } = &self.desks;
        let current = self.workspace.current_snapshot();
        Visit {
            panes: [centre.shown_numbers(), bottom.shown_numbers()],
            focused: (centre.focused_number(), centre.focused_spec().map(|spec| spec.id)),
            snapshot: current.map(|(id, _)| id),
            subject: self.workspace.selection(),
        }
    }

    /// Takes note of where one is; `went` if one went there on purpose.
    fn note(&mut self, ctx: &Context, went: bool) {
        let here = self.here();
        // Nothing was visited before there was anything to see.
        if here.snapshot.is_some() {
            self.history.note(here, went, now(ctx));
        }
    }

    fn revisit(&mut self, ctx: &Context, visit: &Visit) {
        if let Some(id) = visit.snapshot {
            self.workspace.make_current(id);
        }
        if let Some(subject) = visit.subject {
            self.workspace.select(subject.into());
        }
        let (Desks { centre, bottom, .. }, (number, view)) = (&mut self.desks, visit.focused);
        bottom.show_panes(&visit.panes[1]);
        centre.show_panes(&visit.panes[0]);
        if !centre.activate_pane(ctx, number)
            && let Some(view) = view
        {
            centre.focus(ctx, view);
        }
        centre.keep(ctx);
    }

    fn go(&mut self, ctx: &Context, place: Place) {
        if let Some(subject) = place.subject {
            if self.desks.centre.pinned().all(|id| id != subject.snapshot) {
                self.workspace.make_current(subject.snapshot);
            }
            self.workspace.select(subject.into());
        }
        match (place.view, place.subject) {
            (Some(view), Some(subject)) => self.desks.centre.reveal(ctx, view, subject),
            (Some(view), None) => self.desks.centre.focus(ctx, view),
            (None, _) => {}
        }
    }

    fn show(&mut self, ctx: &Context, showing: Showing) {
        let id = match showing {
            Showing::Focus(id) | Showing::Raise(id) | Showing::Beside(id) | Showing::SideBySide(id, ..) => {
                Some(id)
            }
            Showing::Nth(_) | Showing::NextTab | Showing::CloseTab | Showing::Anew => None,
        };
        let place = id.and_then(views::spec).map(|spec| spec.place);
        let desk = match place {
            Some(place) => self.desks.of(place),
            None => &mut self.desks.centre,
        };
        desk.show(ctx, showing);
        desk.keep(ctx);
        if showing == Showing::Anew {
            self.desks.bottom.lay_out();
            self.desks.bottom.keep(ctx);
        }
        let is_open = self.parts.below(&self.desks.centre);
        let is_asked_for = !matches!(showing, Showing::Raise(_));
        if place == Some(super::cx::Place::Bottom) && is_asked_for && !*is_open {
            *is_open = true;
            self.parts.keep(ctx);
        }
    }

    /// Shows the view that a file which is shown unasked is best begun with, if another one was shown `before`: of a recording
    /// the timeline, which says nothing of other files.
    fn open_by_itself(&mut self, ctx: &Context, before: Option<SnapshotId>) {
        let Some((id, snapshot)) = self.workspace.current_snapshot() else {
            return;
        };
        if before == Some(id) {
            return;
        }
        let is_there = self
            .desks
            .centre
            .focused_spec()
            .is_some_and(|spec| spec.id == views::TIMELINE);
        let is_recording = !snapshot.graph().samples().times.is_empty();
        if is_recording && !is_there {
            self.desks.centre.focus(ctx, views::TIMELINE);
        } else if !is_recording && is_there {
            self.desks.centre.focus(ctx, views::FIRST);
        }
    }

    fn bookmark(&mut self, ctx: &Context, deed: Deed) {
        let path = |id| Some(self.workspace.entry(id)?.snapshot()?.path().to_owned());
        match deed {
            Deed::Toggle(subject) => {
                let entry = self.workspace.entry(subject.snapshot);
                if let Some(snapshot) = entry.and_then(|entry| entry.snapshot()) {
                    let name = node_text::spoken_subject(snapshot, subject.what);
                    self.bookmarks.toggle(ctx, snapshot, subject.what, name);
                }
            }
            Deed::Note(id, mark, note) => {
                if let Some(path) = path(id) {
                    self.bookmarks.note(ctx, &path, &mark, note);
                }
            }
            Deed::Remove(id, mark) => {
                if let Some(path) = path(id) {
                    self.bookmarks.remove(ctx, &path, &mark);
                }
            }
        }
    }

    fn dropped(&self, ctx: &Context) {
        let dropped = ctx.input(|input| input.raw.dropped_files.clone());
        let paths: Vec<PathBuf> = dropped.iter().map(|file| file.path().to_owned()).collect();
        if !paths.is_empty() {
            self.commands.send(Command::Open(paths));
        }
    }
}

/// The time, in seconds, as the toolkit counts it.
fn now(ctx: &Context) -> f64 {
    ctx.input(|input| input.time)
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        self.dropped(ctx);
        match self.dialogs.poll() {
            Some(Ended::Chosen(paths)) => self.commands.send(Command::Open(paths)),
            Some(Ended::Unavailable) => self.over.path_box.open(),
            Some(Ended::Saved(said)) => self.status.notice = Some(said),
            Some(Ended::Unsaved(table)) => self.over.path_box.save(table),
            Some(Ended::Place(table, path)) => self.commands.send(Command::Export(table, Some(path))),
            Some(Ended::Dismissed) | None => {}
        }
        let was_settled = self.workspace.is_settled();
        for command in self.commands.take() {
            self.carry_out(ctx, frame, command);
        }
        let shown: Vec<SnapshotId> = self.desks.centre.pinned().collect();
        let before = self.workspace.current_snapshot().map(|(id, _)| id);
        self.workspace.poll(&self.jobs, &shown);
        if before.is_none() || !was_settled {
            self.open_by_itself(ctx, before);
        }
        if was_settled {
            self.note(ctx, false);
        } else {
            // What was shown while the first files were read, nobody has visited.
            self.history.arrived(self.here());
        }
        if self.workspace.is_loading() || !self.jobs.under_way().is_empty() {
            ctx.request_repaint_after(PROGRESS);
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let tokens = Tokens::of(ui);
        let cx = Cx {
            jobs: &self.jobs,
            workspace: &self.workspace,
            bookmarks: &self.bookmarks,
            commands: &self.commands,
            deadline: Instant::now() + PATIENCE,
            pinned: None,
        };
        let has_popup = Popup::is_any_open(ui);
        let job = self.status.focus_id();
        keys::act(ui, &cx, &mut self.desks, &self.parts, &self.over, job);

        let bar = Frame::new().fill(tokens.bg_panel);
        let (left_name, left_width) = left_panel::for_window(ui.available_width());
        let left = if self.parts.left {
            left_width.max(240.0)
        } else {
            240.0
        };
        let view = self.desks.centre.focused_spec().map(|spec| spec.id);
        Panel::top("top bar")
            .exact_size(top_bar::HEIGHT)
            .frame(bar)
            .show(ui, |ui| {
                top_bar::top_bar(ui, &cx, &self.history, view, left);
            });
        Panel::bottom("status bar")
            .exact_size(status_bar::HEIGHT)
            .frame(bar)
            .show(ui, |ui| {
                let rows = self.desks.centre.focused().and_then(|view| view.status());
                let rows = rows.or_else(|| limit::status(&cx));
                self.status.show(ui, &cx, rows);
            });
        if self.parts.left {
            Panel::left(left_name)
                .default_size(left_width)
                .size_range(216.0..=360.0)
                .resizable(true)
                .frame(bar)
                .show(ui, |ui| left_panel::left_panel(ui, &cx));
        }
        if cx.snapshot().is_some() {
            // The selection may be in another snapshot than the one that is shown.
            let cx = Cx {
                pinned: self.workspace.selection().map(|subject| subject.snapshot),
                ..cx
            };
            let is_open = *self.parts.below(&self.desks.centre);
            panes::bottom(ui, &cx, &mut self.desks.bottom, is_open);
        }
        CentralPanel::default()
            .frame(Frame::new().fill(tokens.bg_canvas))
            .show(ui, |ui| {
                let Desks { centre, page, .. } = &mut self.desks;
                panes::centre(ui, &cx, centre, page);
            });
        self.over.show(ui, &cx);
        if let Some(sheet) = self.parts.sheet {
            sheets::show(ui, &cx, sheet);
        }
        let is_free = !has_popup && !self.over.is_open() && self.parts.sheet.is_none();
        if is_free && !ui.text_edit_focused() {
            self.status.escape(ui, &cx);
        }
        if !self.commands.is_empty() {
            ui.request_repaint();
        }
    }
}
