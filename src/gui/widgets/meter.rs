//! A meter of three bars, as of a signal: how bad something is.

use eframe::egui::{Color32, Painter, Rect, pos2, vec2};

const HEIGHTS: [f32; 3] = [5.0, 8.0, 12.0];
const WIDTH: f32 = 4.0;
const GAP: f32 = 1.0;

/// Paints it in the middle of `room`, its first `filled` bars in `color`, the others in `ground`.
pub(crate) fn meter(painter: &Painter, room: Rect, filled: usize, color: Color32, ground: Color32) {
    let width = HEIGHTS.len() as f32 * (WIDTH + GAP) - GAP;
    let left = (room.center().x - width / 2.0).round();
    let foot = (room.center().y + HEIGHTS[2] / 2.0).round();
    for (at, height) in HEIGHTS.into_iter().enumerate() {
        let corner = pos2(left + at as f32 * (WIDTH + GAP), foot - height);
        let bar = Rect::from_min_size(corner, vec2(WIDTH, height));
        painter.rect_filled(bar, 1.0, if at < filled { color } else { ground });
    }
}
