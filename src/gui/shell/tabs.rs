//! Strips of tabs.

use eframe::egui::{FontId, Id, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2};

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
    let (_, rect) = ui.allocate_space(vec2(width(ui, title, tag), strip.height()));
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

/// How wide a tab is.
pub(crate) fn width(ui: &Ui, title: &str, tag: Option<&str>) -> f32 {
    let tag = tag.map_or(0.0, |tag| measure(ui, tag, fonts::badge()) + 12.0 + 8.0);
    (12.0 + 14.0 + 6.0 + measure(ui, title, fonts::strong()) + tag + 12.0).ceil()
}

/// How wide the button is behind which tabs stand that do not fit.
pub(crate) fn more_width(ui: &Ui, count: usize) -> f32 {
    (measure(ui, &more_text(count), fonts::body()) + 4.0 + 12.0 + 16.0).ceil()
}

/// That button: "5 more".
pub(crate) fn more(ui: &mut Ui, count: usize) -> Response {
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(more_width(ui, count), 24.0), Sense::click());
    if response.hovered() {
        ui.painter().rect_filled(rect, 4.0, tokens.bg_hover);
    }
    if response.has_focus() {
        focus_ring(ui, rect, 4.0);
    }
    let color = if response.hovered() {
        tokens.text_strong
    } else {
        tokens.text_subdued
    };
    let text = more_text(count);
    let mut strip = Strip::new(ui.painter(), rect.shrink2(vec2(7.0, 0.0)));
    strip.space(1.0).text(&text, fonts::body(), color).space(4.0);
    strip.icon(Icon::CARET_DOWN, 12.0, color);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &text));
    response
}

fn more_text(count: usize) -> String {
    format!("{count} more")
}

fn measure(ui: &Ui, text: &str, font: FontId) -> f32 {
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), font, Tokens::of(ui).text);
    galley.size().x
}

/// Which of tabs of these widths stand in a strip with `room`: as many of the first as fit, and in any case the chosen one. If
/// not all do, `more` is taken for the button behind which the others stand.
pub(crate) fn fitting(widths: &[f32], chosen: Option<usize>, room: f32, more: f32) -> Vec<usize> {
    if widths.iter().sum::<f32>() <= room {
        return (0..widths.len()).collect();
    }
    let chosen_width = chosen.and_then(|at| widths.get(at)).copied().unwrap_or(0.0);
    let mut left = room - more - chosen_width;
    let mut shown = Vec::new();
    let mut is_full = false;
    for (at, &width) in widths.iter().enumerate() {
        if chosen == Some(at) {
            shown.push(at);
            continue;
        }
        is_full |= width > left;
        if !is_full {
            left -= width;
            shown.push(at);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::fitting;

    #[test]
    fn the_chosen_tab_always_stands_in_the_strip() {
        let widths = [100.0, 80.0, 120.0, 90.0, 60.0];
        assert_eq!(fitting(&widths, Some(0), 450.0, 70.0), [0, 1, 2, 3, 4]);
        assert_eq!(fitting(&widths, Some(0), 400.0, 70.0), [0, 1, 2]);
        assert_eq!(fitting(&widths, Some(4), 400.0, 70.0), [0, 1, 4]);
        assert_eq!(fitting(&widths, Some(3), 50.0, 70.0), [3]);
        assert!(fitting(&widths, None, 50.0, 70.0).is_empty());
    }
}
