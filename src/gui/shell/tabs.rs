//! Strips of tabs.

use eframe::egui::{Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::focus_ring;
use crate::gui::widgets::strip::Strip;

/// Height of a strip.
pub(crate) const HEIGHT: f32 = 32.0;

/// The ground of a strip, with the line under it. Returns where it is.
pub(crate) fn strip_ground(ui: &mut Ui) -> Rect {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let tokens = Tokens::of(ui);
    ui.painter().rect_filled(rect, 0.0, tokens.bg_panel);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.stroke_default));
    rect
}

/// A tab at `x` of the strip; the chosen one stands on the view's own ground.
pub(crate) fn tab(ui: &Ui, strip: Rect, x: f32, icon: Icon, title: &str, is_chosen: bool) -> Response {
    let tokens = Tokens::of(ui);
    let text = ui
        .painter()
        .layout_no_wrap(title.to_owned(), fonts::strong(), tokens.text);
    let size = vec2(12.0 + 14.0 + 6.0 + text.size().x + 12.0, strip.height());
    let rect = Rect::from_min_size(pos2(x, strip.top()), size);
    let response = ui.interact(rect, ui.scope_id().with(("tab", title)), Sense::click());
    if is_chosen {
        ui.painter().rect_filled(rect, 0.0, tokens.bg_canvas);
        let top = Rect::from_min_size(rect.min, vec2(rect.width(), 2.0));
        ui.painter().rect_filled(top, 0.0, tokens.accent_text);
        ui.painter()
            .vline(rect.right() - 0.5, rect.y_range(), (1.0, tokens.stroke_default));
    }
    let color = if is_chosen || response.hovered() {
        tokens.text_strong
    } else {
        tokens.text_subdued
    };
    let mut strip = Strip::new(
        ui.painter(),
        rect.shrink2(vec2(12.0, 0.0)).expand2(vec2(2.0, 0.0)),
    );
    strip.space(2.0).icon(icon, 14.0, color).space(6.0);
    strip.text(title, fonts::strong(), color);
    if response.has_focus() {
        focus_ring(ui, rect.shrink(2.0), 4.0);
    }
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_chosen, title));
    response
}
