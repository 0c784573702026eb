//! A line without axes, in a cell of a table: how a number went from snapshot to snapshot.

use eframe::egui::{Color32, Painter, Pos2, Rect, pos2, vec2};

use crate::base::units::grouped;

/// Room for one, apart from what a cell keeps around it.
pub(crate) const WIDTH: f32 = 72.0;

const HEIGHT: f32 = 20.0;
const STROKE: f32 = 1.5;
const DOT: f32 = 1.5;
const LAST_DOT: f32 = 2.5;
/// With more values than this there are no dots.
const MOST_DOTS: usize = 12;

/// Paints `values` from left to right in the middle of `cell`. The scale is their own: columns beside it give the numbers.
pub(crate) fn sparkline(painter: &Painter, cell: Rect, values: &[u64], color: Color32) {
    let size = cell.size().min(vec2(WIDTH, HEIGHT));
    let room = Rect::from_center_size(cell.center(), size).shrink(LAST_DOT + 1.0);
    let points = points(room, values);
    let Some(&last) = points.last() else { return };
    if points.len() <= MOST_DOTS {
        for &point in &points {
            painter.circle_filled(point, DOT, color);
        }
    }
    painter.line(points, (STROKE, color));
    painter.circle_filled(last, LAST_DOT, color);
}

/// Where `values` lie: the least at the foot of `room`, the largest at its top; in the middle if all are the same.
fn points(room: Rect, values: &[u64]) -> Vec<Pos2> {
    let (least, most) = values.iter().fold((u64::MAX, 0), |(least, most), &value| {
        (least.min(value), most.max(value))
    });
    let steps = values.len().saturating_sub(1).max(1) as f32;
    let place = |(at, &value): (usize, &u64)| {
        let part = if most > least {
            (value - least) as f32 / (most - least) as f32
        } else {
            0.5
        };
        let x = room.left() + room.width() * at as f32 / steps;
        pos2(x, room.bottom() - room.height() * part)
    };
    values.iter().enumerate().map(place).collect()
}

/// `what` and the values in words: "entries per snapshot: 20, 3 020".
pub(crate) fn spoken(what: &str, values: &[u64]) -> String {
    let values: Vec<String> = values.iter().map(|&value| grouped(value)).collect();
    format!("{what} per snapshot: {}", values.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::theme::Tokens;
    use crate::gui::widgets::testing::window;

    #[test]
    fn values_fill_the_height_and_flat_ones_lie_in_the_middle() {
        let room = Rect::from_min_max(pos2(0.0, 0.0), pos2(60.0, 10.0));
        assert_eq!(
            points(room, &[5, 10, 15, 15]),
            [pos2(0.0, 10.0), pos2(20.0, 5.0), pos2(40.0, 0.0), pos2(60.0, 0.0)]
        );
        assert_eq!(points(room, &[7, 7]), [pos2(0.0, 5.0), pos2(60.0, 5.0)]);
        assert_eq!(points(room, &[7]), [pos2(0.0, 5.0)]);
        assert_eq!(points(room, &[0, u64::MAX]), [pos2(0.0, 10.0), pos2(60.0, 0.0)]);
        assert_eq!(points(room, &[]), []);
    }

    #[test]
    fn it_is_painted_within_its_cell_and_told() {
        let cell = Rect::from_min_max(pos2(100.0, 50.0), pos2(180.0, 74.0));
        let mut window = window((), move |ui, ()| {
            sparkline(ui.painter(), cell, &[20, 3020, 0], Tokens::of(ui).grow_text);
        });
        window.run();
        let shapes = window.output().shapes.iter().map(|clipped| &clipped.shape);
        let bounds = shapes.map(eframe::egui::Shape::visual_bounding_rect);
        let inside = bounds.filter(|bounds| bounds.is_positive() && cell.contains_rect(*bounds));
        assert_eq!(inside.count(), 3 + 1 + 1, "dots, the line, the last dot");
        assert_eq!(
            spoken("entries", &[20, 3020]),
            "entries per snapshot: 20, 3\u{2009}020"
        );
    }
}
