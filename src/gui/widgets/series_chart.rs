//! A chart of several series over the same moments: lines with markers, named where they end.

use eframe::egui::{
    Color32, Painter, Pos2, Rangef, Rect, Response, Role, Sense, Shape, Ui, WidgetInfo, pos2, vec2,
};

use super::line_chart::{Axis, GAP, LABELS, MOST_STEPS_LARGE, grid, height, labels, places};
use super::strip::{self, Strip};
use crate::gui::theme::{Tokens, fonts};

/// A series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChartLine {
    /// What it is called.
    pub(crate) name: String,
    /// Its colour and the form of its marks.
    pub(crate) style: usize,
    /// A number for each moment; none where it does not apply.
    pub(crate) values: Vec<Option<f64>>,
    /// What is written after its name: the last number, the rate.
    pub(crate) notes: [String; 2],
}

/// How many styles there are: further series look like earlier ones.
pub(crate) const STYLES: usize = 8;
/// Height of the chart.
pub(crate) const HEIGHT: f32 = 252.0;

const MARGIN: f32 = 12.0;
/// Room for names and numbers where lines end.
const ENDS: f32 = 284.0;
/// The same where there is little room.
const ENDS_NARROW: f32 = 136.0;
/// Below this width the ends are narrow.
const NARROW: f32 = 620.0;
const STROKE: f32 = 2.0;
const MARK: f32 = 3.5;
/// Between the middles of two labels at least.
const APART: f32 = 16.0;

/// Paints `lines` over the moments called `moments`, at their times if these are known, in a chart called `name`.
pub(crate) fn series_chart(
    ui: &mut Ui,
    name: &str,
    lines: &[ChartLine],
    moments: &[String],
    times: Option<&[f64]>,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let spoken = || {
        let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
        format!("{name}: {}", names.join(", "))
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken()));
    let tokens = Tokens::of(ui);
    let numbers = || {
        lines
            .iter()
            .flat_map(|line| line.values.iter().flatten().copied())
    };
    let (least, most) = numbers().fold((0.0_f64, 0.0_f64), |(least, most), value| {
        (least.min(value), most.max(value))
    });
    let inner = rect.shrink2(vec2(MARGIN, 10.0));
    let ends = if rect.width() < NARROW { ENDS_NARROW } else { ENDS };
    let room = inner.with_max_x((inner.right() - ends).max(inner.left() + 80.0));
    if lines.is_empty() {
        let text = "Check rows below to see them here.";
        Strip::new(
            ui.painter(),
            Rect::from_center_size(inner.center(), vec2(260.0, 20.0)),
        )
        .text(text, fonts::body(), tokens.text_subdued);
        return response;
    }
    let axis = Axis::over(least, most, MOST_STEPS_LARGE);
    let plot = grid(ui, room, &axis);
    let unit = format!("{name}, {}", axis.unit);
    Strip::new(
        ui.painter(),
        Rect::from_min_size(rect.min + vec2(MARGIN, 0.0), vec2(200.0, 14.0)),
    )
    .text(&unit, fonts::small(), tokens.text_subdued);
    let xs = places(moments.len(), times, plot.x_range());
    let hovered = response.hover_pos().and_then(|pointer| {
        let far = |x: &f32| (x - pointer.x).abs();
        (0..xs.len()).min_by(|&a, &b| far(&xs[a]).total_cmp(&far(&xs[b])))
    });
    if let Some(at) = hovered {
        ui.painter()
            .vline(xs[at].round() + 0.5, plot.y_range(), (1.0, tokens.stroke_default));
    }
    let mut ends_at = Vec::new();
    for line in lines {
        let points: Vec<Pos2> = xs
            .iter()
            .zip(&line.values)
            .filter_map(|(&x, &value)| Some(pos2(x, height(plot, &axis, value?))))
            .collect();
        let color = tokens.series[line.style % STYLES];
        ui.painter().line(points.clone(), (STROKE, color));
        for &point in &points {
            mark(ui.painter(), point, line.style, color, tokens.bg_canvas);
        }
        ends_at.push(points.last().map_or(plot.bottom(), |point| point.y));
    }
    let names = inner.with_min_x(room.right() + 12.0);
    for (line, y) in lines.iter().zip(apart(&ends_at, inner.y_range())) {
        let row = Rect::from_x_y_ranges(names.x_range(), y - APART / 2.0..=y + APART / 2.0);
        end(ui.painter(), row, line, tokens);
    }
    let texts: Vec<&str> = moments.iter().map(String::as_str).collect();
    labels(ui, room, &texts, &xs, hovered);
    response
}

/// The name of a series, its last number and its rate, where the line ends.
fn end(painter: &Painter, row: Rect, line: &ChartLine, tokens: &Tokens) {
    let [last, rate] = &line.notes;
    let color = tokens.series[line.style % STYLES];
    let mut name = row;
    if row.width() > 200.0 {
        let columns = [
            (rate, 76.0, tokens.text_subdued),
            (last, 64.0, tokens.text_strong),
        ];
        for (text, width, color) in columns {
            strip::right(
                painter,
                name.with_min_x(name.right() - width),
                text,
                fonts::number(),
                color,
            );
            name = name.with_max_x(name.right() - width - GAP);
        }
    }
    Strip::new(painter, name).text(&line.name, fonts::body(), color);
}

/// Moves labels apart that stand too near each other, none farther than it must, and keeps them within `room`.
fn apart(wanted: &[f32], room: Rangef) -> Vec<f32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let mut placed = wanted.to_vec();
    let mut free = room.min + APART / 2.0;
    for &at in &order {
        placed[at] = placed[at].max(free);
        free = placed[at] + APART;
    }
    let mut last = room.max - LABELS / 2.0;
    for &at in order.iter().rev() {
        placed[at] = placed[at].min(last);
        last = placed[at] - APART;
    }
    placed
}

/// Paints the mark of a style: circle, square, triangle, diamond, then the same hollow.
pub(crate) fn mark(painter: &Painter, at: Pos2, style: usize, color: Color32, ground: Color32) {
    let is_hollow = style % STYLES >= STYLES / 2;
    let (fill, stroke) = if is_hollow {
        (ground, (1.5, color))
    } else {
        (color, (0.0, color))
    };
    let corners: &[(f32, f32)] = match style % (STYLES / 2) {
        0 => {
            painter.circle(at, MARK, fill, stroke);
            return;
        }
        1 => &[(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)],
        2 => &[(0.0, -1.2), (1.2, 1.0), (-1.2, 1.0)],
        _ => &[(0.0, -1.35), (1.35, 0.0), (0.0, 1.35), (-1.35, 0.0)],
    };
    let points = corners.iter().map(|&(x, y)| at + vec2(x, y) * MARK).collect();
    painter.add(Shape::convex_polygon(points, fill, stroke));
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::gui::widgets::testing::window;

    #[test]
    fn labels_are_moved_apart_and_stay_inside() {
        let room = Rangef::new(0.0, 100.0);
        assert_eq!(apart(&[50.0, 20.0], room), [50.0, 20.0]);
        assert_eq!(apart(&[50.0, 51.0, 50.0], room), [50.0, 82.0, 66.0]);
        assert_eq!(apart(&[90.0, 90.0], room), [74.0, 90.0]);
    }

    #[test]
    fn it_is_told_and_paints_a_mark_for_each_number() {
        let line = |name: &str, style, values: &[Option<f64>]| ChartLine {
            name: name.to_owned(),
            style,
            values: values.to_vec(),
            notes: ["2.48 MB".to_owned(), "+24.7 MB/h".to_owned()],
        };
        let lines = [
            line(
                "Cache of priceFor()",
                0,
                &[Some(5600.0), Some(791_392.0), Some(2_479_456.0)],
            ),
            line("fetchRegistry", 6, &[None, Some(-1500.0), Some(0.0)]),
        ];
        let moments = ["14:12", "14:14", "14:16"].map(str::to_owned);
        let mut window = window((), move |ui, ()| {
            series_chart(ui, "Bytes", &lines, &moments, None);
        });
        window.run();
        window.get_by_label("Bytes: Cache of priceFor(), fetchRegistry");
        let circles = window
            .output()
            .shapes
            .iter()
            .filter(|clipped| matches!(clipped.shape, Shape::Circle(_)));
        assert_eq!(circles.count(), 3);
    }
}
