//! What is being done, how far it is, and how to stop it: the first in the bar, the others behind a button.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{
    Align, Id, Key, Layout, Modifiers, Popup, PopupCloseBehavior, Rect, RichText, Role, Sense, Ui,
    WidgetInfo, vec2,
};
use egui_extras::{Column, TableBuilder};

use super::small;
use crate::gui::command::{Command, FileDeed};
use crate::gui::cx::Cx;
use crate::gui::shell::snapshot_card::percent;
use crate::gui::stages::overall;
use crate::gui::theme::{Icon, Tokens};
use crate::gui::widgets::button::{Button, Look, icon_button};
use crate::gui::widgets::keep_escape;
use crate::gui::widgets::progress_bar;
use crate::gui::workspace::State;
use crate::job::Work;
use crate::query::subject::SnapshotId;

/// What is being done.
#[derive(Debug, Default)]
pub(super) struct JobList {
    /// The button that stops the first, if there is one.
    button: Option<Id>,
    /// What was called off and may be asked for again, and how often that had been done by then.
    called_off: Option<(&'static str, u64)>,
}

/// Something that is being done.
struct Job {
    what: String,
    /// How far it is, if that is known.
    fraction: Option<f32>,
    lasts: Duration,
    /// Has it not begun?
    is_waiting: bool,
    of: Of,
}

/// How it is stopped.
enum Of {
    Load(SnapshotId, String),
    Work(Arc<Work>),
    /// A file is written: nobody asks for it again by himself.
    Write(Arc<Work>),
}

/// What is done sooner is not worth a word.
const QUICK: Duration = Duration::from_millis(300);
const BAR: f32 = 120.0;
const POPUP: f32 = 400.0;
const ROW: f32 = 28.0;
const AMOUNT: f32 = 56.0;
/// Width of the piece that moves where it is not known how far a job is, and how long one round takes it, in seconds.
const PIECE: f32 = 24.0;
const ROUND: f32 = 1.6;

impl JobList {
    /// Paints it; tells whether there was anything.
    pub(super) fn show(&mut self, ui: &mut Ui, cx: &Cx<'_>) -> bool {
        let jobs = jobs(cx);
        self.button = None;
        let Some(first) = jobs.first() else {
            return self.again(ui, cx);
        };
        ui.add_space(8.0);
        small(ui, &first.what);
        bar(ui, first);
        small(ui, &first.amount());
        let cancel = icon_button(ui, Icon::X, &first.cancelling(), 20.0);
        self.button = Some(cancel.id);
        if cancel.has_focus() {
            keep_escape(ui, cancel.id);
        }
        if cancel.clicked() {
            self.stop(cx, first);
        }
        if jobs.len() > 1 {
            self.others(ui, cx, &jobs);
        }
        true
    }

    /// What has the keyboard when the first job has it.
    pub(super) const fn focus_id(&self) -> Option<Id> {
        self.button
    }

    /// Stops a job if Esc was pressed and nobody else had a use for it: the one that has the keyboard; if none has, the first
    /// question, which is easily asked again, but never the reading of a file.
    pub(super) fn escape(&mut self, ui: &Ui, cx: &Cx<'_>) {
        let has_focus = self
            .button
            .is_some_and(|id| ui.memory(|memory| memory.has_focus(id)));
        let jobs = jobs(cx);
        let is_question = |job: &&Job| matches!(job.of, Of::Work(_));
        let job = if has_focus {
            jobs.first()
        } else {
            jobs.iter().find(is_question)
        };
        if let Some(job) = job
            && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape))
        {
            self.stop(cx, job);
        }
    }

    fn stop(&mut self, cx: &Cx<'_>, job: &Job) {
        match &job.of {
            Of::Load(id, _) => cx.send(Command::File(*id, FileDeed::Cancel)),
            Of::Work(work) => {
                work.call_off();
                self.called_off = Some((work.doing(), cx.jobs.times_asked_again()));
            }
            Of::Write(work) => work.call_off(),
        }
    }

    /// The jobs besides the first: how many, and behind that all of them.
    fn others(&mut self, ui: &mut Ui, cx: &Cx<'_>, jobs: &[Job]) {
        let text = match jobs.len() - 1 {
            1 => "1 more job".to_owned(),
            more => format!("{more} more jobs"),
        };
        let response = ui.add(Button::new(Look::Ghost, &text).small());
        Popup::menu(&response)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .width(POPUP)
            .show(|ui| {
                let table = TableBuilder::new(ui)
                    .vscroll(false)
                    .cell_layout(Layout::left_to_right(Align::Center))
                    .column(Column::remainder().clip(true))
                    .column(Column::exact(BAR))
                    .column(Column::exact(AMOUNT))
                    .column(Column::exact(ROW));
                table.body(|mut body| {
                    for job in jobs {
                        body.row(ROW, |mut row| {
                            row.col(|ui| {
                                ui.add_space(8.0);
                                ui.label(RichText::new(&job.what).color(Tokens::of(ui).text_strong));
                            });
                            row.col(|ui| bar(ui, job));
                            row.col(|ui| small(ui, &job.amount()));
                            row.col(|ui| {
                                if icon_button(ui, Icon::X, &job.cancelling(), 20.0).clicked() {
                                    self.stop(cx, job);
                                }
                            });
                        });
                    }
                });
            });
    }

    /// What was called off, and how to have it done after all. Tells whether there was anything.
    fn again(&mut self, ui: &mut Ui, cx: &Cx<'_>) -> bool {
        // It may have been asked for again in its view.
        let is_again = |&mut (_, times): &mut (&str, u64)| times != cx.jobs.times_asked_again();
        self.called_off.take_if(is_again);
        let Some((what, _)) = self.called_off else {
            return false;
        };
        ui.add_space(8.0);
        small(ui, &format!("Cancelled: {what}"));
        let button = |text| Button::new(Look::Ghost, text).small();
        if ui.add(button("Ask again")).clicked() {
            cx.jobs.ask_again();
            self.called_off = None;
        }
        if icon_button(ui, Icon::X, "Dismiss", 20.0).clicked() {
            self.called_off = None;
        }
        true
    }
}

impl Job {
    /// `41 %`, or how long it lasts where nobody knows how much there is to do.
    fn amount(&self) -> String {
        match self.fraction {
            _ if self.is_waiting => "waiting".to_owned(),
            Some(fraction) => percent(fraction),
            None => format!("{}\u{A0}s", self.lasts.as_secs()),
        }
    }

    fn cancelling(&self) -> String {
        match &self.of {
            Of::Load(_, title) => format!("Cancel reading {title}"),
            Of::Work(_) | Of::Write(_) => format!("Cancel: {}", self.what),
        }
    }
}

/// All that is being done: files first, then questions that take their time.
fn jobs(cx: &Cx<'_>) -> Vec<Job> {
    let entries = cx.workspace.entries().iter().enumerate();
    let loads = entries.filter_map(|(at, entry)| {
        let State::Loading(load) = &entry.state else {
            return None;
        };
        let stage = load
            .progress
            .as_ref()
            .map_or("Reading", |progress| progress.stage.title());
        Some(Job {
            what: format!("{stage} of snapshot {}", at + 1),
            fraction: load.progress.as_ref().map(overall),
            lasts: Duration::ZERO,
            is_waiting: load.progress.is_none(),
            of: Of::Load(entry.id, entry.title()),
        })
    });
    let works = cx.jobs.under_way().into_iter();
    let works = works.filter(|work| work.lasts() >= QUICK).map(|work| Job {
        what: work.doing().to_owned(),
        fraction: work.fraction(),
        lasts: work.lasts(),
        is_waiting: work.is_waiting(),
        of: if work.is_beside() {
            Of::Write(work)
        } else {
            Of::Work(work)
        },
    });
    let mut jobs: Vec<Job> = loads.chain(works).collect();
    // What waits for its turn is not what is being done.
    jobs.sort_by_key(|job| job.is_waiting);
    jobs
}

/// How far a job is; where that is not known, a piece that moves.
fn bar(ui: &mut Ui, job: &Job) {
    let name = format!("Progress of: {}", job.what);
    if let Some(fraction) = job.fraction {
        progress_bar(ui, fraction, BAR, &name);
        return;
    }
    let (rect, response) = ui.allocate_exact_size(vec2(BAR, 4.0), Sense::hover());
    let tokens = Tokens::of(ui);
    ui.painter().rect_filled(rect, 2.0, tokens.bg_active);
    if !job.is_waiting {
        let part = (job.lasts.as_secs_f32() % ROUND) / ROUND;
        let left = rect.left() + (BAR - PIECE) * part;
        let piece = Rect::from_x_y_ranges(left..=left + PIECE, rect.y_range());
        ui.painter().rect_filled(piece, 2.0, tokens.accent_text);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::ProgressIndicator, true, &name));
}
