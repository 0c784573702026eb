//! A box to check, with what it switches on.

use eframe::egui::{Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

use super::focus_ring;
use super::strip::{Strip, paint_icon};
use crate::gui::theme::{Icon, Tokens, fonts};

const HEIGHT: f32 = 24.0;
const BOX: f32 = 14.0;
const GAP: f32 = 6.0;

/// Paints it; a click, Space or Enter turns `is_on`, and the response says that it changed.
pub(crate) fn toggle(ui: &mut Ui, label: &str, is_on: &mut bool) -> Response {
    let tokens = Tokens::of(ui);
    let text = ui
        .painter()
        .layout_no_wrap(label.to_owned(), fonts::body(), tokens.text);
    let size = vec2((BOX + GAP + text.size().x).ceil() + 1.0, HEIGHT);
    let (rect, mut response) = ui.allocate_exact_size(size, Sense::click());
    if response.clicked() {
        *is_on = !*is_on;
        response.mark_changed();
    }
    let square = Rect::from_min_size(rect.left_center() - vec2(0.0, BOX / 2.0), vec2(BOX, BOX));
    let (fill, stroke) = match (*is_on, response.hovered()) {
        (true, true) => (tokens.accent_fill_hover, tokens.accent_fill_hover),
        (true, _) => (tokens.accent_fill, tokens.accent_fill),
        (_, true) => (tokens.bg_hover, tokens.stroke_strong),
        _ => (tokens.bg_canvas, tokens.stroke_strong),
    };
    ui.painter()
        .rect(square, 3.0, fill, (1.0, stroke), StrokeKind::Inside);
    if *is_on {
        paint_icon(ui.painter(), square, Icon::CHECK, 12.0, tokens.accent_on_fill);
    }
    let color = if response.hovered() {
        tokens.text_strong
    } else {
        tokens.text
    };
    let mut strip = Strip::new(ui.painter(), rect.with_min_x(square.right() + GAP));
    strip.text(label, fonts::body(), color);
    if response.has_focus() {
        focus_ring(ui, rect.expand2(vec2(2.0, -2.0)), 4.0);
    }
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, *is_on, label));
    response
}

#[cfg(test)]
mod tests {
    use eframe::egui::Key;
    use eframe::egui::accesskit::{Role, Toggled};
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use super::toggle;
    use crate::gui::widgets::testing::window;

    #[test]
    fn it_turns_by_pointer_and_by_space() {
        let mut window = window((false, 0), |ui, (is_on, changes)| {
            *changes += i32::from(toggle(ui, "Fold internals", is_on).changed());
        });
        let find = || (Role::CheckBox, "Fold internals");
        window.get_by_role_and_label(find().0, find().1).click();
        window.run();
        assert_eq!(*window.state(), (true, 1));
        let node = window.get_by_role_and_label(find().0, find().1);
        assert_eq!(node.accesskit_node().toggled(), Some(Toggled::True));
        node.focus();
        window.run();
        window.key_press(Key::Space);
        window.run();
        assert_eq!(*window.state(), (false, 2));
    }
}
