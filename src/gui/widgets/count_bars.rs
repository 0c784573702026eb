//! Small bars with their numbers under them: how many there were, snapshot by snapshot.

use eframe::egui::{Color32, Painter, Rect, pos2, vec2};

use super::strip::cut;
use crate::base::units::grouped;
use crate::gui::theme::{Tokens, fonts};

/// How wide so many bars are.
pub(crate) fn width(count: usize) -> f32 {
    let count = count.min(MOST) as f32;
    (count * (BAR + GAP) - GAP).max(BAR)
}

/// Height of bars and numbers.
pub(crate) const HEIGHT: f32 = HIGHEST + 16.0;

const BAR: f32 = 42.0;
const GAP: f32 = 4.0;
const HIGHEST: f32 = 36.0;
/// Of more values the first, some between and the last are shown.
const MOST: usize = 4;

/// Paints `values` from the left of `room`; the last bar has `color`, its number stands out.
pub(crate) fn count_bars(painter: &Painter, room: Rect, values: &[u64], color: Color32, tokens: &Tokens) {
    let shown = shown(values.len());
    let most = values.iter().max().copied().unwrap_or(0);
    for (nth, &at) in shown.iter().enumerate() {
        let is_last = nth + 1 == shown.len();
        let cell = Rect::from_min_size(
            pos2(room.left() + (BAR + GAP) * nth as f32, room.top()),
            vec2(BAR, HEIGHT),
        );
        let bar = bar(cell.with_max_y(cell.top() + HIGHEST), values[at], most);
        painter.rect_filled(bar, 1.0, if is_last { color } else { tokens.bar_fill });
        let (font, color) = if is_last {
            (fonts::number_badge(), tokens.text_strong)
        } else {
            (fonts::number_small(), tokens.text_subdued)
        };
        let galley = cut(painter, &grouped(values[at]), font, color, BAR + GAP);
        let below = cell.with_min_y(cell.top() + HIGHEST);
        let corner = below.center() - galley.size() / 2.0;
        painter.galley(pos2(corner.x.round(), corner.y.round()), galley, color);
    }
}

/// The bar of `value` at the foot of `room`; what is there at all is seen.
fn bar(room: Rect, value: u64, most: u64) -> Rect {
    let least = if value > 0 { 1.0 } else { 0.0 };
    let part = value as f32 / most.max(1) as f32;
    room.with_min_y(room.bottom() - (room.height() * part).round().max(least))
}

/// Which of `count` values are shown.
fn shown(count: usize) -> Vec<usize> {
    if count <= MOST {
        return (0..count).collect();
    }
    (0..MOST).map(|nth| nth * (count - 1) / (MOST - 1)).collect()
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "whole points")]
mod tests {
    use super::*;

    #[test]
    fn the_largest_is_highest_and_one_is_seen() {
        let room = Rect::from_min_max(pos2(0.0, 0.0), pos2(42.0, 36.0));
        assert_eq!(bar(room, 9000, 9000), room);
        assert_eq!(bar(room, 4500, 9000).height(), 18.0);
        assert_eq!(bar(room, 1, 9000).height(), 1.0);
        assert_eq!(bar(room, 0, 0).height(), 0.0);
    }

    #[test]
    fn of_many_the_first_and_the_last_are_shown() {
        assert_eq!(shown(3), [0, 1, 2]);
        assert_eq!(shown(10), [0, 3, 6, 9]);
        assert_eq!(shown(0), [0; 0]);
        assert_eq!(width(10), width(4));
    }
}
