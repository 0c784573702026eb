//! The window: takes in what has become known, carries out commands, lays out the parts.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use eframe::egui::{CentralPanel, Context, Frame, Panel, Ui};

use super::command::{Command, Commands, Part};
use super::cx::{Cx, Place};
use super::dialogs::{Dialogs, Ended};
use super::history::History;
use super::shell::path_box::PathBox;
use super::shell::{Parts, keys, left_panel, panes, sheets, status_bar, top_bar};
use super::theme::{self, Tokens};
use super::views::{self, Views};
use super::workspace::Workspace;
use crate::job::{Jobs, Source};

/// The state of the window. What belongs to one view is in that view.
pub struct App {
    jobs: Jobs,
    workspace: Workspace,
    commands: Commands,
    history: History,
    views: Views,
    parts: Parts,
    dialogs: Dialogs,
    path_box: PathBox,
}

/// How long a frame may wait for answers to new questions: what is quick appears at once.
const PATIENCE: Duration = Duration::from_millis(6);

/// How often progress is painted.
const PROGRESS: Duration = Duration::from_millis(50);

impl App {
    /// A window that opens `sources`.
    pub fn new(ctx: &Context, sources: Vec<Source>) -> std::io::Result<Self> {
        theme::install(ctx);
        let waker = ctx.clone();
        let jobs = Jobs::new(move || waker.request_repaint())?;
        let mut workspace = Workspace::default();
        for source in sources {
            workspace.open(source);
        }
        Ok(Self {
            jobs,
            workspace,
            commands: Commands::default(),
            history: History::default(),
            views: views::open_all(),
            parts: Parts::default(),
            dialogs: Dialogs::default(),
            path_box: PathBox::default(),
        })
    }

    fn carry_out(&mut self, ctx: &Context, frame: &eframe::Frame, command: Command) {
        match command {
            Command::Open(paths) => {
                for path in paths {
                    self.workspace.open(Source::File(path));
                }
            }
            Command::PickFiles => {
                let waker = ctx.clone();
                if self
                    .dialogs
                    .pick_files(frame, move || waker.request_repaint())
                    .is_err()
                {
                    self.path_box.open();
                }
            }
            Command::TypePath => self.path_box.open(),
            Command::ReadAgain(id) => {
                self.history.forget(id);
                self.workspace.read_again(id, &self.jobs);
            }
            Command::Cancel(id) => self.workspace.cancel(id),
            Command::Close(id) => {
                self.history.forget(id);
                self.workspace.close(id, &self.jobs);
            }
            Command::MakeCurrent(id) => self.workspace.make_current(id),
            Command::Select(subject) => self.workspace.select(subject),
            Command::Go(subject) => {
                self.history.went(self.workspace.selection(), subject);
                self.workspace.select(subject);
            }
            Command::Step(way) => {
                if let Some(subject) = self.history.step(way) {
                    self.workspace.select(subject);
                }
            }
            Command::Focus(view) => self.focus(ctx, view),
            Command::Toggle(Part::Left) => self.parts.left = !self.parts.left,
            Command::Toggle(Part::Bottom) => self.parts.bottom = !self.parts.bottom,
            Command::Toggle(Part::Sheet(sheet)) => {
                let is_shown = self.parts.sheet == Some(sheet);
                self.parts.sheet = (!is_shown).then_some(sheet);
            }
            Command::Theme(preference) => ctx.set_theme(preference),
        }
    }

    fn focus(&mut self, ctx: &Context, id: &str) {
        if let Some((spec, view)) = self.views.iter().find(|(spec, _)| spec.id == id) {
            match spec.place {
                Place::Centre => self.parts.centre_view = spec.id,
                Place::Bottom => {
                    self.parts.bottom_view = spec.id;
                    self.parts.bottom = true;
                }
            }
            ctx.memory_mut(|memory| memory.request_focus(view.focus_id()));
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

impl eframe::App for App {
    fn logic(&mut self, ctx: &Context, frame: &mut eframe::Frame) {
        self.dropped(ctx);
        match self.dialogs.poll() {
            Some(Ended::Chosen(paths)) => self.commands.send(Command::Open(paths)),
            Some(Ended::Unavailable) => self.path_box.open(),
            Some(Ended::Dismissed) | None => {}
        }
        for command in self.commands.take() {
            self.carry_out(ctx, frame, command);
        }
        self.workspace.poll(&self.jobs);
        if self.workspace.is_loading() {
            ctx.request_repaint_after(PROGRESS);
        }
    }

    fn ui(&mut self, ui: &mut Ui, _frame: &mut eframe::Frame) {
        let tokens = Tokens::of(ui);
        let cx = Cx {
            jobs: &self.jobs,
            workspace: &self.workspace,
            commands: &self.commands,
            deadline: Instant::now() + PATIENCE,
        };
        keys::act(ui, &cx, &mut self.views, &self.parts);

        let bar = Frame::new().fill(tokens.bg_panel);
        let left = if self.parts.left { left_panel::WIDTH } else { 240.0 };
        Panel::top("top bar")
            .exact_size(top_bar::HEIGHT)
            .frame(bar)
            .show(ui, |ui| {
                top_bar::top_bar(ui, &cx, &self.history, left);
            });
        Panel::bottom("status bar")
            .exact_size(status_bar::HEIGHT)
            .frame(bar)
            .show(ui, |ui| {
                status_bar::status_bar(ui, &cx);
            });
        if self.parts.left {
            Panel::left("snapshots")
                .default_size(left_panel::WIDTH)
                .size_range(216.0..=360.0)
                .resizable(true)
                .frame(bar)
                .show(ui, |ui| left_panel::left_panel(ui, &cx));
        }
        if cx.snapshot().is_some() {
            panes::bottom(ui, &cx, &mut self.views, &self.parts);
        }
        CentralPanel::default()
            .frame(Frame::new().fill(tokens.bg_canvas))
            .show(ui, |ui| panes::centre(ui, &cx, &mut self.views, &self.parts));
        self.path_box.show(ui, &cx);
        if let Some(sheet) = self.parts.sheet {
            sheets::show(ui, &cx, sheet);
        }
        if !self.commands.is_empty() {
            ui.request_repaint();
        }
    }
}
