//! Lines of menus.

use eframe::egui::{Key, Role, Sense, Ui, WidgetInfo, vec2};

use super::strip::{self, Strip};
use crate::gui::theme::{Icon, Tokens, fonts};

/// Width of a menu.
pub(crate) const WIDTH: f32 = 272.0;

const HEIGHT: f32 = 24.0;

/// A line: icon, what it does, and the keys that do the same. Tells whether it was chosen.
pub(crate) fn item(ui: &mut Ui, icon: Icon, text: &str, keys: &str) -> bool {
    ui.spacing_mut().item_spacing.y = 0.0;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width().min(WIDTH), HEIGHT), Sense::click());
    let tokens = Tokens::of(ui);
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 4.0, tokens.bg_hover);
    }
    let inner = rect.shrink2(vec2(8.0, 0.0));
    let end = strip::right(ui.painter(), inner, keys, fonts::small(), tokens.text_subdued);
    let mut strip = Strip::new(ui.painter(), inner.with_max_x(end - 8.0));
    strip.icon(icon, 14.0, tokens.text_subdued).space(10.0);
    strip.text(text, fonts::body(), tokens.text_strong);
    response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, text));
    response.clicked()
}

/// A line between groups of lines.
pub(crate) fn separator(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width().min(WIDTH), 9.0), Sense::hover());
    let tokens = Tokens::of(ui);
    ui.painter().hline(
        rect.x_range(),
        rect.center().y.round() + 0.5,
        (1.0, tokens.stroke_default),
    );
}

/// How a key is written.
pub(crate) fn key_name(key: Key) -> String {
    key.name().to_owned()
}
