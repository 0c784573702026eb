//! The right side of a card: bytes, share, growth, and how many there were in each snapshot.

use eframe::egui::{Color32, Painter, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::base::units::{grouped, human_bytes, share_of_one, signed_bytes};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::count_bars::{self, count_bars};
use crate::gui::widgets::sparkline::{sparkline, spoken};
use crate::gui::widgets::strip::{self, Strip};
use crate::query::suspects::{Severity, Suspect};

const FIGURES: f32 = 104.0;
const GAP: f32 = 24.0;
const NARROW_GAP: f32 = 12.0;
const LINE: f32 = 80.0;
const PADDING: f32 = 16.0;

/// Paints them at the right of `card`; returns where they begin.
pub(super) fn figures(ui: &Ui, id: eframe::egui::Id, card: Rect, suspect: &Suspect, is_narrow: bool) {
    let tokens = Tokens::of(ui);
    let chart = chart_width(suspect, is_narrow);
    let right = card.right() - PADDING;
    let top = card.top() + 12.0;
    if chart > 0.0 {
        let room = Rect::from_min_size(pos2(right - chart, top), vec2(chart, count_bars::HEIGHT + 16.0));
        counts(ui, id, room, suspect, is_narrow, tokens);
    }
    let end = if chart > 0.0 {
        right - chart - gap(is_narrow)
    } else {
        right
    };
    let line =
        |nth: f32, height: f32| Rect::from_min_size(pos2(end - FIGURES, top + nth), vec2(FIGURES, height));
    let painter = ui.painter();
    let size = human_bytes(suspect.retained_size);
    strip::right(
        painter,
        line(0.0, 24.0),
        &size,
        fonts::card_number(),
        tokens.text_strong,
    );
    strip::right(
        painter,
        line(24.0, 20.0),
        &share_of(suspect),
        fonts::number(),
        tokens.text_subdued,
    );
    growth(painter, line(44.0, 20.0), suspect, tokens);
}

/// How much of a card's width they take.
pub(super) fn width(suspect: &Suspect, is_narrow: bool) -> f32 {
    let chart = chart_width(suspect, is_narrow);
    let chart = if chart > 0.0 { chart + gap(is_narrow) } else { 0.0 };
    FIGURES + chart + PADDING
}

/// `3.0 % of heap`
pub(super) fn share_of(suspect: &Suspect) -> String {
    format!("{} of heap", share_of_one(suspect.share))
}

const fn gap(is_narrow: bool) -> f32 {
    if is_narrow { NARROW_GAP } else { GAP }
}

fn chart_width(suspect: &Suspect, is_narrow: bool) -> f32 {
    match (suspect.counts.len(), is_narrow) {
        (0 | 1, _) => 0.0,
        (_, true) => LINE,
        (count, false) => count_bars::width(count.max(4)),
    }
}

fn growth(painter: &Painter, line: Rect, suspect: &Suspect, tokens: &Tokens) {
    let (text, color) = match suspect.growth {
        None => {
            let count = suspect
                .counts
                .last()
                .map(|&count| format!("{} {}", grouped(count), suspect.counted));
            (count.unwrap_or_default(), tokens.text_subdued)
        }
        Some(0) => ("no growth".to_owned(), tokens.text_subdued),
        Some(growth @ ..0) => (signed_bytes(growth), tokens.shrink_text),
        Some(growth) if suspect.severity == Severity::Note => (signed_bytes(growth), tokens.text_subdued),
        Some(growth) => (signed_bytes(growth), tokens.grow_text),
    };
    let left = strip::right(painter, line, &text, fonts::number(), color);
    if color == tokens.grow_text {
        let room = Rect::from_min_max(pos2(left - 16.0, line.top()), pos2(left - 4.0, line.bottom()));
        strip::paint_icon(painter, room, Icon::ARROW_UP_RIGHT, 12.0, color);
    }
}

fn counts(ui: &Ui, id: eframe::egui::Id, room: Rect, suspect: &Suspect, is_narrow: bool, tokens: &Tokens) {
    let grew = suspect.severity != Severity::Note && suspect.growth.is_some_and(|growth| growth > 0);
    let painter = ui.painter();
    if is_narrow {
        let color = if grew {
            tokens.grow_text
        } else {
            tokens.text_subdued
        };
        sparkline(
            painter,
            room.with_max_y(room.top() + 28.0),
            &suspect.counts,
            color,
        );
        let line = Rect::from_min_size(room.min + vec2(0.0, 28.0), vec2(room.width(), 16.0));
        let last = suspect
            .counts
            .last()
            .map(|&count| grouped(count))
            .unwrap_or_default();
        strip::right(painter, line, &last, fonts::number_badge(), tokens.text_strong);
    } else {
        let color: Color32 = if grew { tokens.grow_fill } else { tokens.bar_fill };
        count_bars(painter, room, &suspect.counts, color, tokens);
        let caption = room.with_min_y(room.top() + count_bars::HEIGHT);
        let text = format!("{} per snapshot", suspect.counted);
        Strip::new(painter, caption).text(&text, fonts::small(), tokens.text_subdued);
    }
    let text = spoken(suspect.counted, &suspect.counts);
    let response = ui.interact(room, id.with("counts"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, &text));
}
