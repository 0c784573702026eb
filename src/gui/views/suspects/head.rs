//! The line above the cards: what the suspects explain, which are shown, the report.

use eframe::egui::{Align, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::shown::{Shown, title};
use crate::base::units::{counted, share, signed_bytes};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::banner::{Banner, Tone};
use crate::gui::widgets::button::{Button, Look, icon_button};
use crate::gui::widgets::select::{Choice, select};
use crate::query::suspects::{Severity, Suspects};

const HEIGHT: f32 = 36.0;
const BAR: f32 = 240.0;
const NARROW_BAR: f32 = 120.0;
const NARROW: f32 = 900.0;

/// Paints it; tells whether the report was asked for.
pub(super) fn head(ui: &mut Ui, suspects: &Suspects, shown: &mut Shown) -> bool {
    let (mut line, rect) = line(ui);
    let is_narrow = rect.width() < NARROW;
    let text = lead(suspects);
    let color = Tokens::of(&line).text_strong;
    line.label(RichText::new(&text).font(fonts::heading()).color(color));
    if let (Some(growth @ 1..), Some(explained)) = (suspects.growth, suspects.explained) {
        bar(
            &mut line,
            suspects,
            growth,
            if is_narrow { NARROW_BAR } else { BAR },
        );
        let figures = format!(
            "{} of {}",
            signed_bytes(explained.clamp(0, growth)),
            signed_bytes(growth)
        );
        let color = Tokens::of(&line).text_subdued;
        line.label(RichText::new(figures).font(fonts::number()).color(color));
    }
    let mut wishes = false;
    line.with_layout(Layout::right_to_left(Align::Center), |ui| {
        wishes = if is_narrow {
            icon_button(ui, Icon::EXPORT, "Report…", 24.0).clicked()
        } else {
            ui.add(Button::new(Look::Ghost, "Report…").icon(Icon::EXPORT))
                .clicked()
        };
        let plain = |text| Choice {
            lead: "",
            text,
            note: "",
        };
        if shown.packages.len() > 1 {
            let mut choices = vec![plain("All owners")];
            choices.extend(shown.packages.iter().map(|package| plain(package)));
            let chosen = shown.package.as_ref();
            let at = chosen.and_then(|chosen| shown.packages.iter().position(|package| package == chosen));
            if let Some(at) = select(ui, "Owners", &choices, at.map_or(0, |at| at + 1)) {
                shown.package = at.checked_sub(1).and_then(|at| shown.packages.get(at).cloned());
            }
        }
        if shown.kinds.len() > 1 {
            let mut choices = vec![plain("All kinds")];
            choices.extend(shown.kinds.iter().map(|kind| plain(title(*kind))));
            let at = shown
                .kind
                .and_then(|chosen| shown.kinds.iter().position(|kind| *kind == chosen));
            if let Some(at) = select(ui, "Kinds", &choices, at.map_or(0, |at| at + 1)) {
                shown.kind = at.checked_sub(1).and_then(|at| shown.kinds.get(at).copied());
            }
        }
    });
    wishes
}

/// The line while there is no answer.
pub(super) fn waiting(ui: &mut Ui, text: &str) {
    let (mut line, _) = line(ui);
    let color = Tokens::of(&line).text_subdued;
    line.label(RichText::new(text).color(color));
}

fn line(ui: &mut Ui) -> (Ui, Rect) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let tokens = Tokens::of(ui);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.stroke_subtle));
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(12.0, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    let mut inner = ui.new_child(builder);
    inner.spacing_mut().item_spacing.x = 8.0;
    (inner, rect)
}

/// What the suspects come to, in words.
fn lead(suspects: &Suspects) -> String {
    let alarms = suspects.all.iter().filter(|one| one.severity != Severity::Note);
    let count = alarms.count() as u64;
    let all = counted(count, "suspect", "suspects");
    match (count, suspects.growth, suspects.explained) {
        (0, ..) if suspects.all.is_empty() => "No suspects".to_owned(),
        (0, ..) => format!(
            "No suspects, {}",
            counted(suspects.all.len() as u64, "note", "notes")
        ),
        (_, Some(growth @ 1..), Some(explained)) => {
            let part = share(explained.clamp(0, growth).unsigned_abs(), growth.unsigned_abs());
            let verb = if count == 1 { "explains" } else { "explain" };
            format!("{all} {verb} {part} of the growth")
        }
        (_, Some(_), _) => format!("{all}, though the heap did not grow"),
        (_, None, _) => all,
    }
}

/// A segment for each suspect, as long as its part of the growth.
fn bar(ui: &mut Ui, suspects: &Suspects, growth: i64, width: f32) {
    let (rect, response) = ui.allocate_exact_size(vec2(width, 12.0), Sense::hover());
    let tokens = Tokens::of(ui);
    ui.painter().rect_filled(rect, 1.0, tokens.bg_active);
    let explained = suspects.explained.unwrap_or(0).clamp(0, growth);
    let end = rect.left() + rect.width() * (explained as f32 / growth as f32);
    let mut left = rect.left();
    let alarms = suspects.all.iter().filter(|one| one.severity != Severity::Note);
    for part in alarms.filter_map(|one| one.growth).filter(|part| *part > 0) {
        // What several share is counted once: no segment goes beyond all of them together.
        let right = (left + rect.width() * (part as f32 / growth as f32)).min(end);
        if right - left < 1.0 {
            continue;
        }
        let segment = Rect::from_x_y_ranges(left..=(right - 1.0).max(left + 1.0), rect.y_range());
        ui.painter().rect_filled(segment, 1.0, tokens.grow_fill);
        left = right;
    }
    let spoken = format!(
        "Part of the growth that suspects explain: {}",
        share(explained.unsigned_abs(), growth.unsigned_abs())
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &spoken));
}

/// What could not be looked at or compared.
pub(super) fn problems(ui: &mut Ui, suspects: &Suspects) {
    let text = match &suspects.problems[..] {
        [] => return,
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
    };
    Banner::new(Tone::Warn, Icon::WARNING, "Not all is known.", &text)
        .all(&suspects.problems.join("\n"))
        .show(ui);
}

/// What is said where no card is.
pub(super) const fn nothing(suspects: &Suspects) -> &'static str {
    match (suspects.all.is_empty(), suspects.growth.is_some()) {
        (false, _) => "No suspects of this kind and owner.",
        (true, true) => "No suspects. Nothing grew at every step and no object is held in excess.",
        (true, false) => {
            "No suspects. No object is held in excess. Drop a second snapshot of the same process to see what grows."
        }
    }
}
