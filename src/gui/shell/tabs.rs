//! Strips of tabs.

use eframe::egui::{Id, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2};

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

/// A tab at the left end of `strip`, with a tag that says what it is about; the chosen one stands on the view's own ground.
pub(crate) fn tab(
    ui: &mut Ui,
    id: Id,
    strip: Rect,
    icon: Icon,
    title: &str,
    tag: Option<&str>,
    is_chosen: bool,
) -> Response {
    let tokens = Tokens::of(ui);
    let measure = |text: &str, font| {
        ui.painter()
            .layout_no_wrap(text.to_owned(), font, tokens.text)
            .size()
            .x
    };
    let tag_width = tag.map_or(0.0, |tag| measure(tag, fonts::badge()) + 12.0 + 8.0);
    let width = 12.0 + 14.0 + 6.0 + measure(title, fonts::strong()) + tag_width + 12.0;
    let (_, rect) = ui.allocate_space(vec2(width.ceil(), strip.height()));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    if is_chosen {
        ui.painter().rect_filled(rect, 0.0, tokens.bg_canvas);
        let top = Rect::from_min_size(rect.min, vec2(rect.width(), 2.0));
        ui.painter().rect_filled(top, 0.0, tokens.accent_text);
        ui.painter()
            .vline(rect.right() - 0.5, rect.y_range(), (1.0, tokens.stroke_default));
    } else {
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.stroke_default));
    }
    let color = if is_chosen || response.hovered() {
        tokens.text_strong
    } else {
        tokens.text_subdued
    };
    let mut inner = Strip::new(
        ui.painter(),
        rect.shrink2(vec2(12.0, 0.0)).expand2(vec2(2.0, 0.0)),
    );
    inner.space(2.0).icon(icon, 14.0, color).space(6.0);
    inner.text(title, fonts::strong(), color);
    if let Some(tag) = tag {
        let badge = Rect::from_center_size(rect.center(), vec2(0.0, 18.0));
        let badge = Rect::from_x_y_ranges(inner.x() + 8.0..=rect.right() - 12.0, badge.y_range());
        ui.painter().rect_filled(badge, 4.0, tokens.bg_active);
        let at = eframe::egui::Align2::CENTER_CENTER;
        ui.painter()
            .text(badge.center(), at, tag, fonts::badge(), tokens.text_subdued);
    }
    if response.has_focus() {
        focus_ring(ui, rect.shrink(2.0), 4.0);
    }
    let name = tag.map_or_else(|| title.to_owned(), |tag| format!("{title}, {tag}"));
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, is_chosen, &name));
    response
}
