//! Chips: the steps of a path, each a button.

use eframe::egui::{Color32, FontId, Response, Role, Sense, Ui, WidgetInfo, vec2};

use super::focus_ring;
use super::strip::{Strip, paint_icon};
use crate::gui::theme::{Icon, Tokens, fonts};

const HEIGHT: f32 = 20.0;
const PADDING: f32 = 6.0;
const GAP: f32 = 4.0;
const ICON: f32 = 12.0;
const CARET: f32 = 10.0;

/// A step of a path.
#[derive(Clone, Debug)]
pub(crate) struct Chip<'a> {
    /// What stands in it.
    pub(crate) text: &'a str,
    /// Body for names, code for edges.
    pub(crate) font: FontId,
    /// What kind of thing it is, and its tint.
    pub(crate) icon: Option<(Icon, Color32)>,
}

impl<'a> Chip<'a> {
    /// The name of a thing.
    pub(crate) fn name(icon: Icon, tint: Color32, text: &'a str) -> Self {
        Self {
            text,
            font: fonts::body(),
            icon: Some((icon, tint)),
        }
    }

    /// The name of an edge.
    pub(crate) fn edge(text: &'a str) -> Self {
        Self {
            text,
            font: fonts::code(),
            icon: None,
        }
    }

    /// Paints it; a click goes there.
    pub(crate) fn show(&self, ui: &mut Ui) -> Response {
        let tokens = Tokens::of(ui);
        let galley = ui
            .painter()
            .layout_no_wrap(self.text.to_owned(), self.font.clone(), tokens.text);
        let icon = self.icon.map_or(0.0, |_| ICON + GAP);
        let width = (galley.size().x + icon + 2.0 * PADDING).ceil();
        let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
        let ground = if response.hovered() {
            tokens.bg_hover
        } else {
            tokens.bg_active
        };
        ui.painter().rect_filled(rect, 4.0, ground);
        if response.has_focus() {
            focus_ring(ui, rect, 4.0);
        }
        let mut strip = Strip::new(ui.painter(), rect.shrink2(vec2(PADDING - 1.0, 0.0)));
        strip.space(1.0);
        if let Some((icon, tint)) = self.icon {
            strip.icon(icon, ICON, tint).space(GAP);
        }
        strip.text(self.text, self.font.clone(), tokens.text_strong);
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, self.text));
        response
    }
}

/// Paints `chips` one after the other, with a caret between any two; they wrap where the room ends. Returns the one clicked.
pub(crate) fn chips(ui: &mut Ui, chips: &[Chip<'_>]) -> Option<usize> {
    let mut clicked = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        for (at, chip) in chips.iter().enumerate() {
            if at > 0 {
                let (rect, _) = ui.allocate_exact_size(vec2(CARET, HEIGHT), Sense::hover());
                let color = Tokens::of(ui).text_subdued;
                paint_icon(ui.painter(), rect, Icon::CARET_RIGHT, CARET, color);
            }
            if chip.show(ui).clicked() {
                clicked = Some(at);
            }
        }
    });
    clicked
}

#[cfg(test)]
mod tests {
    use eframe::egui::Key;
    use eframe::egui::accesskit::Role;
    use egui_kittest::kittest::Queryable as _;

    use super::{Chip, chips};
    use crate::gui::theme::{Icon, Tokens};
    use crate::gui::widgets::testing::window;

    #[test]
    fn a_click_or_enter_chooses_a_step() {
        let mut window = window(None, |ui, clicked| {
            let tint = Tokens::of(ui).kinds.object;
            let steps = [
                Chip::edge(".exports"),
                Chip::name(Icon::CUBE, tint, "PriceQuery"),
                Chip::edge(".cache"),
            ];
            *clicked = chips(ui, &steps).or(*clicked);
        });
        window.get_by_role_and_label(Role::Link, "PriceQuery").click();
        window.run();
        assert_eq!(*window.state(), Some(1));
        window.get_by_role_and_label(Role::Link, ".cache").focus();
        window.run();
        window.key_press(Key::Enter);
        window.run();
        assert_eq!(*window.state(), Some(2));
    }
}
