//! The title of a part of the overview, and the link to where there is more.

use eframe::egui::{Rect, Role, Sense, Ui, WidgetInfo, vec2};

use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::link::link_at_end;
use crate::gui::widgets::strip::Strip;

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
