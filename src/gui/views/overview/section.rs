//! The title of a part of the overview, and the link to where there is more.

use eframe::egui::{CursorIcon, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::focus_ring;
use crate::gui::widgets::strip::{self, Strip};

/// Height of a title.
pub(super) const TITLE: f32 = 36.0;

const PADDING: f32 = 12.0;

/// Paints `title`, what is said about it, and at the right end a link. Tells whether that was followed.
pub(super) fn title(ui: &mut Ui, title: &str, about: &str, more: &str) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), TITLE), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{title} {about}")));
    let inner = rect.shrink2(vec2(PADDING, 0.0));
    let (followed, left) = link_at_end(ui, inner, more);
    heading(ui, inner.with_max_x(left - PADDING), title, about);
    followed
}

/// Writes a title and what is said about it; returns where that ends.
pub(super) fn heading(ui: &Ui, line: Rect, title: &str, about: &str) -> f32 {
    let tokens = Tokens::of(ui);
    let mut strip = Strip::new(ui.painter(), line);
    strip.text(title, fonts::heading(), tokens.text_strong).space(8.0);
    strip.text(about, fonts::body(), tokens.text_subdued);
    strip.x()
}

/// A link at the left end of `line`; tells whether it was followed, and where it ends.
pub(super) fn link(ui: &Ui, line: Rect, text: &str) -> (bool, f32) {
    let width = width(ui, text).min(line.width());
    let rect = Rect::from_min_size(line.min, vec2(width, line.height()));
    (paint(ui, rect, text), rect.right())
}

/// A link at the right end of `line`; tells whether it was followed, and where it begins.
fn link_at_end(ui: &Ui, line: Rect, text: &str) -> (bool, f32) {
    let rect = line.with_min_x(line.right() - width(ui, text).min(line.width()));
    (paint(ui, rect, text), rect.left())
}

fn width(ui: &Ui, text: &str) -> f32 {
    let color = Tokens::of(ui).accent_text;
    strip::cut(ui.painter(), text, fonts::body(), color, f32::INFINITY)
        .size()
        .x
        .ceil()
}

fn paint(ui: &Ui, rect: Rect, text: &str) -> bool {
    let tokens = Tokens::of(ui);
    let response = ui.interact(rect, ui.scope_id().with(("link", text)), Sense::click());
    Strip::new(ui.painter(), rect).text(text, fonts::body(), tokens.accent_text);
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::PointingHand);
        let y = rect.center().y.round() + 7.5;
        ui.painter().hline(rect.x_range(), y, (1.0, tokens.accent_text));
    }
    if response.has_focus() {
        let line = Rect::from_center_size(rect.center(), vec2(rect.width() + 4.0, 20.0));
        focus_ring(ui, line, 4.0);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, text));
    response.clicked()
}
