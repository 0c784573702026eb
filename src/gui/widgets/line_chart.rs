//! A small chart of one series: what a number was at some moments, over an axis whose cut is labelled.

use eframe::egui::{Align2, Color32, Pos2, Rangef, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::base::units::human_bytes;
use crate::gui::theme::{Tokens, fonts};

/// A point of the series.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ChartPoint {
    /// When: seconds since some moment, ascending; none if times are not known, and then points are evenly spaced.
    pub(crate) time: Option<f64>,
    /// What is written under it.
    pub(crate) label: String,
    /// How many bytes.
    pub(crate) bytes: u64,
}

/// The lines across a chart of bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    /// The lowest line.
    first: f64,
    /// From line to line.
    step: f64,
    /// How many steps there are.
    steps: u32,
    /// The upper end: the largest value, if that lies above the highest line.
    last: f64,
    /// The bytes in one of what is written at the lines.
    scale: f64,
    /// What is written is in these: for the title of the chart.
    pub(crate) unit: &'static str,
}

const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
/// As many lines at most, one more than steps.
const MOST_STEPS: f64 = 3.0;
/// The same in a chart that fills a view.
pub(super) const MOST_STEPS_LARGE: f64 = 5.0;

impl Axis {
    /// Round numbers around `values`; from 0 on only if the least is near it.
    pub(crate) fn of(values: impl Iterator<Item = u64>) -> Self {
        let (least, most) = values.fold((u64::MAX, 0), |(least, most), value| {
            (least.min(value), most.max(value))
        });
        Self::over(least.min(most) as f64, most as f64, MOST_STEPS)
    }

    /// Round numbers from `least` to `most`, which may be negative, in `most_steps` steps or fewer.
    pub(super) fn over(least: f64, most: f64, most_steps: f64) -> Self {
        let largest = most.abs().max(least.abs());
        // A range of a thousandth or less would show noise as a mountain.
        let range = (most - least).max(largest / 1000.0).max(1.0);
        let step = round_up(range / most_steps);
        let first = (least / step).floor() * step;
        let steps = ((most - first) / step).floor().max(1.0);
        let mut unit = 0;
        let mut scale = 1.0;
        while largest / scale >= 1000.0 && unit + 1 < UNITS.len() {
            unit += 1;
            scale *= 1000.0;
        }
        Self {
            first,
            step,
            steps: steps as u32,
            last: most.max(first + step),
            scale,
            unit: UNITS[unit],
        }
    }

    /// The lines, and what is written at them.
    pub(super) fn lines(&self) -> impl Iterator<Item = (f64, String)> {
        let step = self.step / self.scale;
        let decimals = (-step.log10().floor()).clamp(0.0, 6.0) as usize;
        (0..=self.steps).map(move |at| {
            let value = self.first + self.step * f64::from(at);
            (value, format!("{:.decimals$}", value / self.scale))
        })
    }
}

/// The next of 1, 2, 5, 10, … from `value` on.
fn round_up(value: f64) -> f64 {
    let power = 10_f64.powf(value.max(1.0).log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * power);
    // What is a hair above a step is that step: powers are not exact.
    let enough = steps.into_iter().find(|step| *step >= value * (1.0 - 1e-9));
    enough.unwrap_or(10.0 * power)
}

/// What came of a frame.
#[derive(Debug)]
pub(crate) struct Charted {
    /// The whole chart.
    pub(crate) response: Response,
    /// The point nearest to the pointer.
    pub(crate) hovered: Option<usize>,
}

/// How much of a chart there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Room {
    /// The line, the axis and labels.
    Axis,
    /// The line alone.
    Line,
}

const HEIGHT: f32 = 72.0;
const LINE_HEIGHT: f32 = 40.0;

pub(super) const LABELS: f32 = 20.0;
const LINE: f32 = 1.5;
const DOT: f32 = 3.0;
const LAST_DOT: f32 = 4.5;
pub(super) const GAP: f32 = 8.0;

/// Paints `points` in a chart called `name`, over all the width there is.
pub(crate) fn line_chart(
    ui: &mut Ui,
    name: &str,
    points: &[ChartPoint],
    color: Color32,
    room: Room,
) -> Charted {
    let height_of = match room {
        Room::Axis => HEIGHT,
        Room::Line => LINE_HEIGHT,
    };
    let size = vec2(ui.available_width(), height_of);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let spoken = || {
        let values: Vec<String> = points.iter().map(|point| human_bytes(point.bytes)).collect();
        format!("{name} per snapshot: {}", values.join(", "))
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, spoken()));
    if points.is_empty() {
        let hovered = None;
        return Charted { response, hovered };
    }
    let axis = Axis::of(points.iter().map(|point| point.bytes));
    let plot = match room {
        Room::Axis => grid(ui, rect, &axis),
        Room::Line => rect.shrink2(vec2(0.0, LAST_DOT)),
    };
    let times: Option<Vec<f64>> = points.iter().map(|point| point.time).collect();
    let xs = places(points.len(), times.as_deref(), plot.x_range().shrink(LAST_DOT));
    let dots: Vec<Pos2> = points
        .iter()
        .zip(&xs)
        .map(|(point, &x)| pos2(x, height(plot, &axis, point.bytes as f64)))
        .collect();
    let hovered = response.hover_pos().and_then(|pointer| {
        let far = |dot: &Pos2| (dot.x - pointer.x).abs();
        (0..dots.len()).min_by(|&a, &b| far(&dots[a]).total_cmp(&far(&dots[b])))
    });
    paint(ui, &dots, hovered, color);
    if room == Room::Axis {
        let texts: Vec<&str> = points.iter().map(|point| point.label.as_str()).collect();
        labels(ui, rect, &texts, &xs, hovered);
    }
    Charted { response, hovered }
}

pub(super) fn height(plot: Rect, axis: &Axis, value: f64) -> f32 {
    let part = (value - axis.first) / (axis.last - axis.first);
    plot.bottom() - plot.height() * part as f32
}

/// Paints the lines across and what is written at them; returns where the series goes.
pub(super) fn grid(ui: &Ui, rect: Rect, axis: &Axis) -> Rect {
    let tokens = Tokens::of(ui);
    let painter = ui.painter();
    let texts: Vec<_> = axis
        .lines()
        .map(|(value, text)| {
            let galley = painter.layout_no_wrap(text, fonts::number_small(), tokens.text_subdued);
            (value, galley)
        })
        .collect();
    let widest = texts
        .iter()
        .map(|(_, galley)| galley.size().x)
        .fold(0.0, f32::max);
    let plot = Rect::from_min_max(
        pos2(rect.left() + widest.ceil() + GAP, rect.top() + 6.0),
        pos2(rect.right(), rect.bottom() - LABELS),
    );
    let mut free_below = f32::INFINITY;
    for (value, galley) in texts {
        let y = height(plot, axis, value).round();
        painter.hline(plot.x_range(), y + 0.5, (1.0, tokens.stroke_subtle));
        let at = pos2(plot.left() - GAP - galley.size().x, y - galley.size().y / 2.0).round();
        if at.y + galley.size().y <= free_below + 2.0 {
            free_below = at.y;
            painter.galley(at, galley, tokens.text_subdued);
        }
    }
    plot
}

/// Where the points stand from left to right.
pub(super) fn places(count: usize, times: Option<&[f64]>, x: Rangef) -> Vec<f32> {
    let last = count.saturating_sub(1);
    let times = times.filter(|times| times.len() == count && times[last] > times[0]);
    let part = |at: usize| match times {
        _ if last == 0 => 0.5,
        Some(times) => (times[at] - times[0]) / (times[last] - times[0]),
        None => at as f64 / last as f64,
    };
    (0..count).map(|at| x.min + x.span() * part(at) as f32).collect()
}

/// The line; dots are hollow, the last one and the one under the pointer are filled.
fn paint(ui: &Ui, dots: &[Pos2], hovered: Option<usize>, color: Color32) {
    let painter = ui.painter();
    let ground = Tokens::of(ui).bg_panel;
    painter.line(dots.to_vec(), (LINE, color));
    let (Some(&last), room) = (dots.last(), dots.len() <= 24) else {
        return;
    };
    for (at, &dot) in dots.iter().enumerate() {
        if hovered == Some(at) {
            painter.circle_filled(dot, LAST_DOT, color);
        } else if room {
            painter.circle(dot, DOT, ground, (LINE, color));
        }
    }
    painter.circle_filled(last, LAST_DOT, color);
}

/// The labels under the points, as far as there is room: first the last one and the one under the pointer.
pub(super) fn labels(ui: &Ui, rect: Rect, texts: &[&str], xs: &[f32], hovered: Option<usize>) {
    let tokens = Tokens::of(ui);
    let Some(last) = texts.len().checked_sub(1) else {
        return;
    };
    let order = hovered.into_iter().chain([last, 0]).chain(1..last);
    let mut taken: Vec<Rangef> = Vec::new();
    for at in order {
        let lead = hovered.unwrap_or(last);
        let color = if at == lead {
            tokens.text_strong
        } else {
            tokens.text_subdued
        };
        let label = texts[at].to_owned();
        let galley = ui.painter().layout_no_wrap(label, fonts::number_small(), color);
        let half = galley.size().x / 2.0;
        let middle = xs[at].min(rect.right() - half).max(rect.left() + half);
        let span = Rangef::new(middle - half, middle + half);
        let is_free = |other: &Rangef| span.max + GAP <= other.min || other.max + GAP <= span.min;
        if taken.iter().all(is_free) {
            taken.push(span);
            let at = Align2::CENTER_BOTTOM.anchor_size(pos2(middle, rect.bottom()), galley.size());
            ui.painter().galley(at.min.round(), galley, color);
        }
    }
}

#[cfg(test)]
mod tests {
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::gui::widgets::testing::window;

    fn written(values: &[u64]) -> (Vec<String>, &'static str) {
        let axis = Axis::of(values.iter().copied());
        let (least, most) = (values.iter().min().unwrap(), values.iter().max().unwrap());
        assert!(
            axis.first <= *least as f64 && axis.last >= *most as f64,
            "{axis:?}"
        );
        assert!(axis.steps <= 3, "{axis:?}");
        (axis.lines().map(|(_, text)| text).collect(), axis.unit)
    }

    #[test]
    fn lines_are_at_round_numbers() {
        let sizes = [76_984_832, 78_849_672, 80_484_216, 82_122_696];
        assert_eq!(
            written(&sizes),
            (["76", "78", "80", "82"].map(str::to_owned).to_vec(), "MB")
        );
    }

    #[test]
    fn every_range_fits_its_axis() {
        for values in [
            &[0][..],
            &[1],
            &[999, 1000],
            &[5, 5],
            &[0, u64::MAX],
            &[u64::MAX],
            &[123, 98_765_432],
        ] {
            let (lines, unit) = written(values);
            let mut once = lines.clone();
            once.dedup();
            assert_eq!(once, lines, "no two lines read alike in {unit}");
        }
    }

    #[test]
    fn points_stand_where_their_times_are() {
        let x = Rangef::new(0.0, 100.0);
        assert_eq!(places(3, Some(&[0.0, 1.0, 4.0]), x), [0.0, 25.0, 100.0]);
        assert_eq!(places(3, None, x), [0.0, 50.0, 100.0]);
        assert_eq!(places(3, Some(&[5.0, 5.0, 5.0]), x), [0.0, 50.0, 100.0]);
        assert_eq!(places(1, None, x), [50.0]);
    }

    #[test]
    fn an_axis_may_lie_below_nothing() {
        let axis = Axis::over(-1500.0, 900.0, MOST_STEPS);
        let lines: Vec<String> = axis.lines().map(|(_, text)| text).collect();
        assert_eq!(
            (lines, axis.unit),
            (["-2", "-1", "0"].map(str::to_owned).to_vec(), "kB")
        );
    }

    #[test]
    fn it_is_told_and_knows_the_point_under_the_pointer() {
        let points =
            [(0.0, 77_000_000), (10.0, 80_500_000), (12.0, 82_122_696)].map(|(time, bytes)| ChartPoint {
                time: Some(time),
                label: format!("14:{time}"),
                bytes,
            });
        let mut window = window(None, move |ui, hovered| {
            *hovered = line_chart(ui, "Total size", &points, Tokens::of(ui).grow_text, Room::Axis).hovered;
        });
        window.run();
        window.get_by_label_contains("Total size per snapshot: 77.0\u{A0}MB, 80.5\u{A0}MB");
        assert_eq!(*window.state(), None);
        window.hover_at(pos2(180.0, 40.0));
        window.run();
        assert_eq!(*window.state(), Some(0));
    }
}
