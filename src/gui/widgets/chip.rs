//! Chips: the steps of a way, each a small button that leads to what it names.

use eframe::egui::{Color32, Id, Painter, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2};

use super::focus_ring;
use super::strip::{self, Strip};
use crate::gui::theme::{Icon, Tokens, fonts};

/// What stands on one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Chip<'a> {
    /// What stands before the text, and its tint; none for names of edges.
    pub(crate) icon: Option<(Icon, Color32)>,
    /// The text.
    pub(crate) text: &'a str,
    /// Is it the name of an edge?
    pub(crate) is_code: bool,
}

/// Height of a chip.
pub(crate) const HEIGHT: f32 = 20.0;

const PADDING: f32 = 6.0;
const ICON: f32 = 12.0;
const GAP: f32 = 4.0;
/// Longer ones are cut.
const WIDEST: f32 = 240.0;

impl Chip<'_> {
    fn font(&self) -> eframe::egui::FontId {
        if self.is_code {
            fonts::code()
        } else {
            fonts::body()
        }
    }

    /// How wide it is.
    pub(crate) fn width(&self, painter: &Painter) -> f32 {
        let icon = self.icon.map_or(0.0, |_| ICON + GAP);
        let room = WIDEST - icon - 2.0 * PADDING;
        let text = strip::cut(painter, self.text, self.font(), Color32::PLACEHOLDER, room);
        (text.size().x + icon + 2.0 * PADDING).ceil()
    }

    /// Paints it in `rect`; the response says whether it was clicked.
    pub(crate) fn show(&self, ui: &Ui, rect: Rect, id: Id) -> Response {
        let tokens = Tokens::of(ui);
        let response = ui.interact(rect, id, Sense::click());
        let ground = if response.hovered() {
            tokens.bg_hover
        } else {
            tokens.bg_active
        };
        ui.painter().rect_filled(rect, 4.0, ground);
        if response.has_focus() {
            focus_ring(ui, rect, 4.0);
        }
        let inner = rect.shrink2(vec2(PADDING - 1.0, 0.0));
        let mut strip = Strip::new(ui.painter(), inner);
        strip.space(1.0);
        if let Some((icon, tint)) = self.icon {
            strip.icon(icon, ICON, tint).space(GAP);
        }
        strip.text(self.text, self.font(), tokens.text_strong);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, self.text));
        response
    }
}
