//! The status bar: what is being done, and what is selected.

mod jobs;

use eframe::egui::{Align, Color32, Id, Layout, RichText, Sense, Ui, vec2};

use self::jobs::JobList;
use crate::base::units::{counted, grouped};
use crate::gui::cx::Cx;
use crate::gui::many;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::button::icon_button;
use crate::gui::workspace::Entry;
use crate::job::{Lane, Poll, Slot};
use crate::query::subject::What;
use crate::query::together::Together;

/// Height of the bar.
pub(crate) const HEIGHT: f32 = 24.0;

/// What the bar knows besides what is open and selected.
pub(crate) struct Status {
    /// What became of something that was done beside: a file that was written, or could not be.
    pub(crate) notice: Option<String>,
    jobs: JobList,
    /// What several selected things come to.
    together: Slot<Together>,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            notice: None,
            jobs: JobList::default(),
            together: Slot::new(Lane::Frame),
        }
    }
}

impl Status {
    /// Paints the bar; `rows` is what the rows of the view come to.
    pub(crate) fn show(&mut self, ui: &mut Ui, cx: &Cx<'_>, rows: Option<String>) {
        ui.horizontal_centered(|ui| {
            ui.add_space(4.0);
            if !self.jobs.show(ui, cx) {
                idle(ui, cx);
            }
            self.notice(ui);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(12.0);
                let many = cx.workspace.all_selected();
                let said = if many.is_empty() {
                    selection(cx)
                } else {
                    self.together(cx, many)
                };
                small(ui, &said);
                if let Some(rows) = rows {
                    let (rect, _) = ui.allocate_exact_size(vec2(17.0, 12.0), Sense::hover());
                    let color = Tokens::of(ui).stroke_default;
                    ui.painter().vline(rect.center().x, rect.y_range(), (1.0, color));
                    small(ui, &rows);
                }
            });
        });
    }

    /// What has the keyboard when the first job has it, if anything is being done.
    pub(crate) const fn focus_id(&self) -> Option<Id> {
        self.jobs.focus_id()
    }

    /// Stops a job if Esc was pressed and nobody else had a use for it.
    pub(crate) fn escape(&mut self, ui: &Ui, cx: &Cx<'_>) {
        self.jobs.escape(ui, cx);
    }

    /// What became of something that was done beside, until it is read.
    fn notice(&mut self, ui: &mut Ui) {
        let Some(said) = self.notice.clone() else { return };
        ui.add_space(12.0);
        small(ui, &said);
        if icon_button(ui, Icon::X, "Dismiss", 20.0).clicked() {
            self.notice = None;
        }
    }

    /// What all that is selected comes to, exactly.
    fn together(&mut self, cx: &Cx<'_>, all: &[What]) -> String {
        let id = cx.workspace.selection().map(|subject| subject.snapshot);
        let entry = id.and_then(|id| cx.workspace.entry(id));
        let Some(snapshot) = entry.and_then(|entry| entry.snapshot()) else {
            return String::new();
        };
        let of = many::selected(all);
        let question = Together { of };
        match self.together.ask(cx.jobs, snapshot, &question) {
            Poll::Ready(sum) => format!(
                "Selected {} objects · shallow {} B · retained together {} B",
                grouped(sum.count),
                grouped(sum.shallow_size),
                grouped(sum.retained_size),
            ),
            Poll::Busy { .. } => format!("Selected {} rows · counting…", grouped(all.len() as u64)),
            Poll::Failed(reason) => reason.to_owned(),
        }
    }
}

/// What stands there while nothing is being done.
fn idle(ui: &mut Ui, cx: &Cx<'_>) {
    let tokens = Tokens::of(ui);
    let entries = cx.workspace.entries();
    let (icon, color, text) = match said_of(entries) {
        None => (
            Icon::LOCK,
            tokens.text_subdued,
            "Nothing leaves this machine".to_owned(),
        ),
        Some((true, text)) => (Icon::CHECK_CIRCLE, tokens.accent_text, text),
        Some((false, text)) => (Icon::WARNING, tokens.high_text, text),
    };
    symbol(ui, icon, color);
    small(ui, &text);
}

/// What is said of the files while none is being read, and whether all is well.
fn said_of(entries: &[Entry]) -> Option<(bool, String)> {
    let ready = entries.iter().filter(|entry| entry.snapshot().is_some()).count();
    let profiles = entries.iter().filter(|entry| entry.profile().is_some()).count();
    if profiles > 0 && ready + profiles == entries.len() {
        return Some((true, counted(entries.len() as u64, "file ready", "files ready")));
    }
    let ready = ready + profiles;
    match (ready, entries.len()) {
        (_, 0) => None,
        (1, 1) => Some((true, "1 snapshot ready".to_owned())),
        (ready, all) if ready == all => Some((true, format!("{ready} snapshots ready"))),
        (ready, all) => Some((false, format!("{ready} ready, {} not read", all - ready))),
    }
}

fn selection(cx: &Cx<'_>) -> String {
    let Some((_, snapshot)) = cx.snapshot() else {
        return "No snapshot open".to_owned();
    };
    match cx.selected() {
        None => "Nothing selected".to_owned(),
        Some(What::Class(class)) => format!("Selected class {}", snapshot.classes().class(class).name),
        Some(What::Object(node)) => format!(
            "Selected {} · shallow {} B · retained {} B",
            snapshot.id(node),
            grouped(snapshot.shallow_size(node)),
            grouped(snapshot.retained_size(node)),
        ),
    }
}

fn small(ui: &mut Ui, text: &str) {
    let text = RichText::new(text)
        .font(fonts::number_small())
        .color(Tokens::of(ui).text_subdued);
    ui.label(text);
}

fn symbol(ui: &mut Ui, icon: Icon, color: Color32) {
    ui.add_space(8.0);
    ui.label(RichText::new(icon.0).font(fonts::icon(13.0)).color(color));
}
