//! Widgets: what views are made of. They know rows and columns, and nothing of views, commands or snapshots.

pub(crate) mod badge;
pub(crate) mod banner;
pub(crate) mod button;
pub(crate) mod chip;
pub(crate) mod count_bars;
pub(crate) mod delta;
pub(crate) mod donut;
pub(crate) mod find;
pub(crate) mod flame;
pub(crate) mod gathered;
pub(crate) mod line_chart;
pub(crate) mod link;
mod marks;
pub(crate) mod menu;
pub(crate) mod meter;
pub(crate) mod outline;
pub(crate) mod picks;
pub(crate) mod scroll;
pub(crate) mod search_box;
pub(crate) mod segments;
pub(crate) mod select;
pub(crate) mod series_chart;
pub(crate) mod sparkline;
pub(crate) mod strip;
pub(crate) mod table;
mod terms;
#[cfg(test)]
mod testing;
pub(crate) mod threshold;
pub(crate) mod toggle;
pub(crate) mod tree;
pub(crate) mod tree_row;
pub(crate) mod treemap;
pub(crate) mod value;

use self::button::{Button, Look};
use crate::job::{CALLED_OFF, Jobs};
use eframe::egui::{
    Align, Color32, EventFilter, Id, Layout, Painter, Rect, Response, RichText, Role, Sense, StrokeKind, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};

use super::theme::Tokens;

/// Room for the controls of a view over all its width, `height` points high; they stand from left to right in it.
pub(crate) fn tool_bar(ui: &mut Ui, height: f32) -> Ui {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let bar = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(12.0, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    ui.new_child(bar)
}

/// The ring around what has the keyboard.
pub(crate) fn focus_ring(ui: &Ui, rect: Rect, radius: f32) {
    let stroke = (1.0, Tokens::of(ui).stroke_focus);
    ui.painter()
        .rect_stroke(rect, radius, stroke, StrokeKind::Outside);
}

/// Escape is to reach what has the keyboard, instead of taking the keyboard from it.
pub(crate) fn keep_escape(ui: &Ui, id: Id) {
    let filter = EventFilter {
        escape: true,
        ..EventFilter::default()
    };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
}

/// What a bar leaves to the number beside it.
pub(crate) const SIZE_BAR_NUMBER: f32 = 48.0;

/// A bar from the left of `cell`, as long as its share; full length leaves room for the number at the right.
pub(crate) fn size_bar(painter: &Painter, cell: Rect, fraction: f32, color: Color32) {
    // What is written as less than 0.1 % has no bar.
    const LEAST: f32 = 0.001;
    let room = cell.width() - SIZE_BAR_NUMBER;
    if fraction < LEAST || room < 4.0 {
        return;
    }
    let width = (room * fraction.min(1.0)).max(2.0).round();
    let bar = Rect::from_center_size(cell.center(), vec2(0.0, 10.0));
    let bar = Rect::from_x_y_ranges(cell.left()..=cell.left() + width, bar.y_range());
    painter.rect_filled(bar, 1.0, color);
}

/// Where text will be.
pub(crate) fn placeholder(ui: &Ui, rect: Rect) {
    let bar = Rect::from_min_size(pos2(rect.left(), rect.center().y - 4.0), vec2(112.0, 8.0));
    ui.painter()
        .rect_filled(bar.intersect(rect), 1.0, Tokens::of(ui).bg_active);
}

/// What stands in a view that has nothing to show: one sentence that says what to do.
pub(crate) fn empty(ui: &mut Ui, text: &str) {
    ui.add_space(24.0);
    ui.vertical_centered(|ui| {
        ui.label(RichText::new(text).color(Tokens::of(ui).text_subdued));
    });
}

/// What stands in a view whose question has no answer: what was asked and why there is none, and how to ask again if a person
/// called it off.
pub(crate) fn unanswered(ui: &mut Ui, jobs: &Jobs, what: &str, reason: &str) {
    if reason != CALLED_OFF {
        empty(ui, &format!("{what}: {reason}"));
        return;
    }
    ui.add_space(24.0);
    ui.vertical_centered(|ui| {
        ui.label(RichText::new(format!("{what}: cancelled")).color(Tokens::of(ui).text_subdued));
        if ui.add(Button::new(Look::Ghost, "Ask again")).clicked() {
            jobs.ask_again();
        }
    });
}

/// How far something is.
pub(crate) fn progress_bar(ui: &mut Ui, fraction: f32, width: f32, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(width, 4.0), Sense::hover());
    let tokens = Tokens::of(ui);
    ui.painter().rect_filled(rect, 2.0, tokens.bg_active);
    let done = Rect::from_min_size(
        rect.min,
        vec2(rect.width() * fraction.clamp(0.0, 1.0), rect.height()),
    );
    ui.painter().rect_filled(done, 2.0, tokens.accent_text);
    response.widget_info(|| WidgetInfo {
        value: Some(f64::from(fraction)),
        ..WidgetInfo::labeled(Role::ProgressIndicator, true, name)
    });
    response
}
