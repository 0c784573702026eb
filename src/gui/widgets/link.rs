//! Text that leads somewhere.

use eframe::egui::{CursorIcon, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use super::focus_ring;
use super::strip::{self, Strip};
use crate::gui::theme::{Tokens, fonts};

/// A link at the left end of `line`, told from others of that text by `salt`. Tells whether it was followed, and where it ends.
pub(crate) fn link(ui: &Ui, line: Rect, text: &str, salt: usize) -> (bool, f32) {
    let width = width(ui, text).min(line.width());
    let rect = Rect::from_min_size(line.min, vec2(width, line.height()));
    (paint(ui, rect, text, salt), rect.right())
}

/// A link at the right end of `line`. Tells whether it was followed, and where it begins.
pub(crate) fn link_at_end(ui: &Ui, line: Rect, text: &str) -> (bool, f32) {
    let rect = line.with_min_x(line.right() - width(ui, text).min(line.width()));
    (paint(ui, rect, text, 0), rect.left())
}

fn width(ui: &Ui, text: &str) -> f32 {
    let color = Tokens::of(ui).accent_text;
    strip::cut(ui.painter(), text, fonts::body(), color, f32::INFINITY)
        .size()
        .x
        .ceil()
}

fn paint(ui: &Ui, rect: Rect, text: &str, salt: usize) -> bool {
    let tokens = Tokens::of(ui);
    let response = ui.interact(rect, ui.scope_id().with(("link", text, salt)), Sense::click());
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

#[cfg(test)]
mod tests {
    use eframe::egui::accesskit::Role;
    use eframe::egui::{Rect, pos2};
    use egui_kittest::kittest::Queryable as _;

    use super::{link, link_at_end};
    use crate::gui::widgets::testing::window;

    #[test]
    fn links_of_one_text_are_told_apart() {
        let mut window = window(None, |ui, followed| {
            let line = Rect::from_min_max(pos2(10.0, 10.0), pos2(300.0, 30.0));
            let (first, end) = link(ui, line, "Module", 0);
            let (second, _) = link(ui, line.with_min_x(end + 8.0), "Module", 1);
            let (last, _) = link_at_end(ui, line, "Open Summary");
            for (at, is_followed) in [first, second, last].into_iter().enumerate() {
                *followed = if is_followed { Some(at) } else { *followed };
            }
        });
        let second = window.get_all_by_role_and_label(Role::Link, "Module").nth(1);
        second.unwrap().click();
        window.run();
        assert_eq!(*window.state(), Some(1));
        window.get_by_role_and_label(Role::Link, "Open Summary").click();
        window.run();
        assert_eq!(*window.state(), Some(2));
    }
}
