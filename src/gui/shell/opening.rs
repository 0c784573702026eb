//! The page of files being opened: how far each is, and what is wrong with those that could not be.

use std::cmp::Ordering;

use eframe::egui::{
    Align, Color32, Frame, Layout, Margin, RichText, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2,
};

use super::snapshot_card::percent;
use crate::base::machine;
use crate::base::task::{Progress, Stage};
use crate::base::units::{grouped, human_bytes};
use crate::gui::command::{Command, FileDeed};
use crate::gui::cx::Cx;
use crate::gui::fault::Fault;
use crate::gui::stages::overall;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::button::{Button, Look};
use crate::gui::widgets::progress_bar;
use crate::gui::widgets::strip::Strip;
use crate::gui::workspace::{Entry, State};
use crate::snapshot::Snapshot;

/// Paints it.
pub(crate) fn opening(ui: &mut Ui, cx: &Cx<'_>) {
    let tokens = Tokens::of(ui);
    let entries = cx.workspace.entries();
    let page = Frame::new().inner_margin(Margin::symmetric(24, 20));
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        page.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 12.0;
            ui.horizontal(|ui| {
                let title = match entries {
                    [_] => "Opening 1 file".to_owned(),
                    all => format!("Opening {} files", all.len()),
                };
                ui.label(
                    RichText::new(title)
                        .font(fonts::page_title())
                        .color(tokens.text_strong),
                );
                ui.label(RichText::new(counts(entries)).color(tokens.text_subdued));
            });
            for entry in entries {
                ui.push_id(entry.id, |ui| card(ui, cx, entry));
            }
        });
    });
}

/// "1 ready, 1 loading, 2 waiting"
fn counts(entries: &[Entry]) -> String {
    let kind = |entry: &Entry| match &entry.state {
        State::Ready(_) | State::Profile(_) => 0,
        State::Loading(load) if load.progress.is_some() => 1,
        State::Loading(_) => 2,
        State::Failed(_) => 3,
        State::Cancelled(_) => 4,
    };
    let names = ["ready", "loading", "waiting", "not read", "cancelled"];
    let counted = names.iter().enumerate().filter_map(|(at, name)| {
        let count = entries.iter().filter(|entry| kind(entry) == at).count();
        (count > 0).then(|| format!("{count} {name}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}

fn card(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry) {
    let tokens = Tokens::of(ui);
    let is_fault = matches!(entry.state, State::Failed(_));
    let frame = Frame::new()
        .fill(tokens.bg_raised)
        .stroke((1.0, tokens.stroke_default))
        .corner_radius(6)
        .inner_margin(if is_fault {
            Margin::ZERO
        } else {
            Margin::symmetric(16, 10)
        });
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 0.0;
        match &entry.state {
            State::Ready(snapshot) => ready(ui, cx, entry, snapshot),
            State::Profile(_) => {
                let icon = (Icon::CHECK_CIRCLE, Tokens::of(ui).accent_text);
                head(ui, entry, icon, |ui| {
                    if ui.add(Button::new(Look::Neutral, "Functions")).clicked() {
                        cx.send(Command::File(entry.id, FileDeed::MakeCurrent));
                    }
                });
            }
            State::Loading(load) => match &load.progress {
                None => waiting(ui, cx, entry),
                Some(progress) => loading(ui, cx, entry, progress),
            },
            State::Failed(fault) => failed(ui, cx, entry, fault),
            State::Cancelled(fraction) => cancelled(ui, cx, entry, *fraction),
        }
    });
}

/// The line at the top of a card: icon, name, path, and what `end` adds from the right.
fn head(ui: &mut Ui, entry: &Entry, (icon, color): (Icon, Color32), end: impl FnOnce(&mut Ui)) {
    let tokens = Tokens::of(ui);
    ui.horizontal(|ui| {
        ui.set_min_height(24.0);
        ui.label(RichText::new(icon.0).font(fonts::icon(16.0)).color(color));
        ui.label(
            RichText::new(entry.title())
                .font(fonts::heading())
                .color(tokens.text_strong),
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            end(ui);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let path = RichText::new(entry.source.path().to_string_lossy()).font(fonts::file());
                ui.add(eframe::egui::Label::new(path.color(tokens.text_subdued)).truncate());
            });
        });
    });
}

fn note(ui: &mut Ui, text: &str) {
    let text = RichText::new(text).font(fonts::number());
    ui.label(text.color(Tokens::of(ui).text_subdued));
}

fn ready(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry, snapshot: &Snapshot) {
    let tokens = Tokens::of(ui);
    head(ui, entry, (Icon::CHECK_CIRCLE, tokens.accent_text), |ui| {
        if ui.add(Button::new(Look::Neutral, "Summary")).clicked() {
            cx.send(Command::File(entry.id, FileDeed::MakeCurrent));
        }
        let objects = grouped(snapshot.graph().node_count() as u64);
        note(
            ui,
            &format!("{} in {objects} objects", human_bytes(snapshot.total_size())),
        );
    });
}

fn waiting(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry) {
    let tokens = Tokens::of(ui);
    head(ui, entry, (Icon::HOURGLASS, tokens.text_subdued), |ui| {
        cancel_button(ui, cx, entry);
        note(ui, "waiting for another file");
    });
}

fn cancelled(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry, fraction: f32) {
    let tokens = Tokens::of(ui);
    head(ui, entry, (Icon::PROHIBIT, tokens.text_subdued), |ui| {
        close_button(ui, cx, entry);
        again_button(ui, cx, entry, Look::Neutral);
        note(ui, &format!("Cancelled at {}", percent(fraction)));
    });
}

fn loading(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry, progress: &Progress) {
    let tokens = Tokens::of(ui);
    let fraction = overall(progress);
    head(ui, entry, (Icon::CIRCLE_DASHED, tokens.text_subdued), |ui| {
        cancel_button(ui, cx, entry);
        note(ui, &percent(fraction));
        if progress.memory > 0 {
            note(ui, &needs(progress.memory));
        }
    });
    ui.add_space(8.0);
    ui.horizontal(|ui| {
        ui.add_space(24.0);
        progress_bar(
            ui,
            fraction,
            ui.available_width(),
            &format!("Progress of {}", entry.title()),
        );
    });
    ui.add_space(12.0);
    for stage in Stage::ALL {
        stage_line(ui, stage, progress);
    }
}

/// "needs about 1.05 GB of 16.2 GB"
fn needs(memory: u64) -> String {
    let needed = human_bytes(memory);
    match machine::memory() {
        Some(all) => format!("needs about {needed} of {} of memory", human_bytes(all)),
        None => format!("needs about {needed} of memory"),
    }
}

/// A stage: done, under way or to come; what it has read so far, and how far it is.
fn stage_line(ui: &mut Ui, stage: Stage, progress: &Progress) {
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, stage.title()));
    let strong = tokens.text_strong;
    let (icon, tint, color, font) = match stage.cmp(&progress.stage) {
        Ordering::Less => (Icon::CHECK, tokens.accent_text, tokens.text, fonts::body()),
        Ordering::Equal => (Icon::CARET_RIGHT, strong, strong, fonts::heading()),
        Ordering::Greater => (
            Icon::MINUS,
            tokens.text_disabled,
            tokens.text_subdued,
            fonts::body(),
        ),
    };
    let mut strip = Strip::new(ui.painter(), rect);
    strip.space(24.0).icon(icon, 12.0, tint).space(8.0);
    strip.text(stage.title(), font, color);
    if stage != progress.stage {
        return;
    }
    let mut strip = Strip::new(ui.painter(), rect);
    strip.space(264.0);
    if stage <= Stage::Strings && progress.total_bytes > 0 {
        let read = format!(
            "{} of {}",
            human_bytes(progress.bytes),
            human_bytes(progress.total_bytes)
        );
        strip.text(&read, fonts::number(), tokens.text_strong);
    }
    let mut strip = Strip::new(ui.painter(), rect);
    strip.space(464.0);
    strip.text(&percent(progress.fraction), fonts::number(), tokens.text_subdued);
}

fn failed(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry, fault: &Fault) {
    let tokens = Tokens::of(ui);
    let (head, response) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
    let said = format!("{}: {}", entry.title(), fault.what);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    let mut radius = eframe::egui::CornerRadius::same(5);
    (radius.sw, radius.se) = (0, 0);
    ui.painter().rect_filled(head, radius, tokens.high_tint);
    let mut strip = Strip::new(ui.painter(), head.shrink2(vec2(16.0, 0.0)));
    strip.icon(Icon::WARNING, 16.0, tokens.high_text).space(10.0);
    strip
        .text(&entry.title(), fonts::heading(), tokens.text_strong)
        .space(10.0);
    strip.text(&fault.what, fonts::strong(), tokens.text_strong);
    let body = Frame::new().inner_margin(Margin {
        left: 42,
        right: 16,
        top: 14,
        bottom: 16,
    });
    body.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 6.0;
        ui.label(RichText::new(&fault.details).color(tokens.text));
        ui.label(RichText::new(&fault.advice).color(tokens.text));
        let path = RichText::new(entry.source.path().to_string_lossy()).font(fonts::file());
        ui.label(path.color(tokens.text_subdued));
        ui.add_space(6.0);
        ui.horizontal(|ui| {
            again_button(ui, cx, entry, Look::Primary);
            if fault.anyway && ui.add(Button::new(Look::Outline, "Open anyway")).clicked() {
                cx.send(Command::File(entry.id, FileDeed::ReadAnyway));
            }
            close_button(ui, cx, entry);
        });
    });
}

fn cancel_button(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry) {
    if ui
        .add(Button::new(Look::Outline, "Cancel").icon(Icon::X))
        .clicked()
    {
        cx.send(Command::File(entry.id, FileDeed::Cancel));
    }
}

fn again_button(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry, look: Look) {
    if ui
        .add(Button::new(look, "Read again").icon(Icon::ARROW_CLOCKWISE))
        .clicked()
    {
        cx.send(Command::File(entry.id, FileDeed::ReadAgain));
    }
}

fn close_button(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry) {
    if ui.add(Button::new(Look::Ghost, "Close")).clicked() {
        cx.send(Command::File(entry.id, FileDeed::Close));
    }
}
