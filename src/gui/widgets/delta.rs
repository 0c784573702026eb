//! Changes: an icon, a sign and a number, coloured by direction; never by colour alone.

use std::cmp::Ordering;

use eframe::egui::{Color32, FontId, Painter, Rect, pos2};

use super::strip::{self, paint_icon};
use crate::gui::theme::{Icon, Tokens};

const ICON: f32 = 12.0;
const GAP: f32 = 2.0;

/// The colour of what went that way.
pub(crate) const fn color(way: Ordering, tokens: &Tokens) -> Color32 {
    match way {
        Ordering::Greater => tokens.grow_text,
        Ordering::Less => tokens.shrink_text,
        Ordering::Equal => tokens.text_subdued,
    }
}

/// Paints `text`, a change with its sign, at the right end of `cell`, and before it an arrow the way it went; returns where it
/// begins. (A change that does not lead its row is written as any number.)
pub(crate) fn delta(
    painter: &Painter,
    cell: Rect,
    way: Ordering,
    text: &str,
    font: FontId,
    tokens: &Tokens,
) -> f32 {
    let color = color(way, tokens);
    let icon = match way {
        Ordering::Greater => Icon::ARROW_UP_RIGHT,
        Ordering::Less => Icon::ARROW_DOWN_RIGHT,
        Ordering::Equal => return strip::right(painter, cell, text, font, color),
    };
    let room = cell.with_min_x((cell.left() + ICON + GAP).min(cell.right()));
    let left = strip::right(painter, room, text, font, color);
    let icon_rect = Rect::from_min_max(
        pos2(left - GAP - ICON, cell.top()),
        pos2(left - GAP, cell.bottom()),
    );
    paint_icon(painter, icon_rect, icon, ICON, color);
    icon_rect.left()
}

#[cfg(test)]
mod tests {
    use eframe::egui::vec2;

    use super::*;
    use crate::gui::theme::fonts;
    use crate::gui::widgets::testing::window;

    #[test]
    fn a_change_ends_where_its_cell_does_and_has_an_arrow() {
        let mut window = window([0.0; 2], |ui, lefts| {
            let cell = Rect::from_min_size(pos2(10.0, 10.0), vec2(104.0, 24.0));
            let tokens = Tokens::of(ui);
            *lefts = [Ordering::Equal, Ordering::Less]
                .map(|way| delta(ui.painter(), cell, way, "123", fonts::number(), tokens));
        });
        window.run();
        let [plain, with_arrow] = *window.state();
        assert!((plain - with_arrow - ICON - GAP).abs() < 0.1);
        assert!(plain > 80.0);
    }
}
