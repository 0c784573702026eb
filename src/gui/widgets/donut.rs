//! A ring of shares, and under it a table that sums them.

use std::f32::consts::TAU;

use eframe::egui::{Align2, Color32, Pos2, Rect, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2};

use super::strip::{self, Strip};
use crate::base::units::{grouped, share};
use crate::gui::theme::{Tokens, fonts};

/// A part of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct DonutShare<'a> {
    /// What it is called.
    pub(crate) name: &'a str,
    /// How much there is of it.
    pub(crate) bytes: u64,
}

const OUTER: f32 = 88.0;
const INNER: f32 = 58.0;
/// How far the share under the pointer stands out.
const LIFT: f32 = 3.0;
/// Between shares.
const GAP: f32 = 2.0;
const ROW: f32 = 24.0;
const SWATCH: f32 = 10.0;
const PERCENT: f32 = 64.0;

/// Paints the ring of `shares`, called `name`, in the middle of the width there is, with two lines in it, and the table.
/// Returns the share under the pointer, in either.
pub(crate) fn donut(ui: &mut Ui, name: &str, shares: &[DonutShare<'_>], centre: [&str; 2]) -> Option<usize> {
    let total = shares
        .iter()
        .fold(0, |sum: u64, share| sum.saturating_add(share.bytes));
    let size = vec2(ui.available_width(), 2.0 * (OUTER + LIFT));
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| {
        let said = format!("{name}: {}, {}", centre[0], centre[1]);
        WidgetInfo::labeled(Role::Image, true, said)
    });
    ui.add_space(12.0);
    let (table, _) = ui.allocate_exact_size(
        vec2(rect.width(), ROW * (shares.len() + 1) as f32 + 4.0),
        Sense::hover(),
    );
    let rows: Vec<Rect> = (0..shares.len())
        .map(|at| {
            let top = table.top() + ROW * at as f32;
            Rect::from_min_size(pos2(table.left(), top), vec2(table.width(), ROW))
        })
        .collect();

    let arcs = arcs(shares, total);
    let in_ring = response
        .hover_pos()
        .and_then(|at| share_at(&arcs, at - rect.center()));
    let in_table = || {
        let over = |row: &Rect| ui.rect_contains_pointer(*row);
        rows.iter().position(over)
    };
    let hovered = in_ring.or_else(in_table);
    for (at, &(from, to)) in arcs.iter().enumerate() {
        let color = color(ui, at);
        ring_part(ui, rect.center(), (from, to), color, hovered == Some(at));
    }
    in_centre(ui, rect.center(), centre);
    for (at, (shown, row)) in shares.iter().zip(&rows).enumerate() {
        legend_row(ui, *row, at, shown, total, hovered == Some(at));
    }
    sum(ui, table, total);
    hovered
}

fn color(ui: &Ui, at: usize) -> Color32 {
    let colors = &Tokens::of(ui).cat;
    colors[at % colors.len()]
}

/// From where to where each share goes: turns, clockwise from the top.
fn arcs(shares: &[DonutShare<'_>], total: u64) -> Vec<(f32, f32)> {
    let mut before = 0;
    let turn = |bytes: u64| (bytes as f64 / total.max(1) as f64).min(1.0) as f32;
    let arcs = shares.iter().map(|share| {
        let from = turn(before);
        before = before.saturating_add(share.bytes);
        (from, turn(before))
    });
    arcs.collect()
}

/// The share at `offset` from the centre.
fn share_at(arcs: &[(f32, f32)], offset: Vec2) -> Option<usize> {
    if !(INNER..=OUTER + LIFT).contains(&offset.length()) {
        return None;
    }
    let turn = (offset.x.atan2(-offset.y) / TAU).rem_euclid(1.0);
    arcs.iter().position(|&(from, to)| from <= turn && turn < to)
}

/// A thick line along the middle of the ring, so that its edges are smooth.
fn ring_part(ui: &Ui, centre: Pos2, (from, to): (f32, f32), color: Color32, is_raised: bool) {
    let outer = if is_raised { OUTER + LIFT } else { OUTER };
    let middle = f32::midpoint(outer, INNER);
    let length = (to - from) * TAU * middle;
    // A share that is all gap is painted without.
    let gap = if length > 2.0 * GAP && to - from < 1.0 {
        GAP / 2.0 / (TAU * middle)
    } else {
        0.0
    };
    if length < 0.25 {
        return;
    }
    let (from, to) = (from + gap, to - gap);
    let steps = ((to - from) * 180.0).ceil().max(1.0) as usize;
    let point = |at: usize| {
        let angle = (from + (to - from) * at as f32 / steps as f32) * TAU;
        centre + vec2(angle.sin(), -angle.cos()) * middle
    };
    let points = (0..=steps).map(point).collect();
    ui.painter().line(points, Stroke::new(outer - INNER, color));
}

fn in_centre(ui: &Ui, centre: Pos2, [first, second]: [&str; 2]) {
    let tokens = Tokens::of(ui);
    let lines = [
        (-9.0, first, fonts::hero(), tokens.text_strong),
        (12.0, second, fonts::number_small(), tokens.text_subdued),
    ];
    for (dy, text, font, color) in lines {
        let galley = strip::cut(ui.painter(), text, font, color, 2.0 * INNER - 12.0);
        let rect = Align2::CENTER_CENTER.anchor_size(centre + vec2(0.0, dy), galley.size());
        ui.painter().galley(rect.min.round(), galley, color);
    }
}

fn legend_row(ui: &Ui, row: Rect, at: usize, shown: &DonutShare<'_>, total: u64, is_hovered: bool) {
    let tokens = Tokens::of(ui);
    let painter = ui.painter();
    if is_hovered {
        painter.rect_filled(row, 4.0, tokens.bg_hover);
    }
    let swatch = Rect::from_min_size(row.left_center() - vec2(0.0, SWATCH / 2.0), Vec2::splat(SWATCH));
    painter.rect_filled(swatch.translate(vec2(4.0, 0.0)), 2.0, color(ui, at));
    let (bytes, percent) = (grouped(shown.bytes), share(shown.bytes, total));
    let numbers = [bytes.as_str(), percent.as_str()];
    let left = cells(ui, row, numbers, [tokens.text_strong, tokens.text_subdued]);
    let name = Rect::from_min_max(pos2(row.left() + 24.0, row.top()), pos2(left - 8.0, row.bottom()));
    Strip::new(painter, name).text(shown.name, fonts::body(), tokens.text);
    let response = ui.interact(row, ui.scope_id().with(("share", shown.name)), Sense::hover());
    response.widget_info(|| {
        let said = format!("{}, {bytes} bytes, {percent}", shown.name);
        WidgetInfo::labeled(Role::Row, true, said)
    });
}

fn sum(ui: &Ui, table: Rect, total: u64) {
    let tokens = Tokens::of(ui);
    let row = table.with_min_y(table.bottom() - ROW);
    ui.painter()
        .hline(row.x_range(), row.top() - 1.5, (1.0, tokens.stroke_subtle));
    let (bytes, percent) = (grouped(total), share(total, total));
    let numbers = [bytes.as_str(), percent.as_str()];
    let left = cells(ui, row, numbers, [tokens.text_strong, tokens.text_subdued]);
    let name = Rect::from_min_max(pos2(row.left() + 4.0, row.top()), pos2(left - 8.0, row.bottom()));
    Strip::new(ui.painter(), name).text("Sum, B", fonts::body(), tokens.text_subdued);
    let response = ui.interact(row, ui.scope_id().with("sum"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Row, true, format!("Sum, {bytes} bytes, {percent}")));
}

/// The two numbers of a row; returns where the first begins.
fn cells(ui: &Ui, row: Rect, [bytes, percent]: [&str; 2], [strong, subdued]: [Color32; 2]) -> f32 {
    let right = row.with_max_x(row.right() - 4.0);
    strip::right(ui.painter(), right, percent, fonts::number(), subdued);
    let bytes_cell = right.with_max_x(right.right() - PERCENT);
    strip::right(ui.painter(), bytes_cell, bytes, fonts::number(), strong)
}

#[cfg(test)]
mod tests {
    use eframe::egui::accesskit::Role;
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::gui::widgets::testing::window;

    const SHARES: [DonutShare<'_>; 4] = [
        DonutShare {
            name: "JS objects",
            bytes: 500,
        },
        DonutShare {
            name: "Strings",
            bytes: 250,
        },
        DonutShare {
            name: "Code",
            bytes: 0,
        },
        DonutShare {
            name: "System",
            bytes: 250,
        },
    ];

    #[test]
    fn shares_go_round_once_clockwise_from_the_top() {
        let arcs = arcs(&SHARES, 1000);
        assert_eq!(arcs, [(0.0, 0.5), (0.5, 0.75), (0.75, 0.75), (0.75, 1.0)]);
        let at = |x: f32, y: f32| share_at(&arcs, vec2(x, y));
        assert_eq!(
            (at(70.0, 0.0), at(-50.0, 50.0), at(-50.0, -50.0)),
            (Some(0), Some(1), Some(3))
        );
        assert_eq!(
            (at(10.0, 0.0), at(95.0, 0.0)),
            (None, None),
            "the hole, and outside"
        );
        assert_eq!(super::arcs(&[DonutShare { name: "", bytes: 0 }], 0), [(0.0, 0.0)]);
    }

    #[test]
    fn the_table_sums_and_both_show_what_is_under_the_pointer() {
        let mut window = window(None, |ui, hovered| {
            *hovered = donut(ui, "What the heap is made of", &SHARES, ["1.00 kB", "12 objects"]);
        });
        window.run();
        window.get_by_role_and_label(Role::Row, "Strings, 250 bytes, 25.0\u{A0}%");
        let sum = "Sum, 1\u{2009}000 bytes, 100\u{A0}%";
        window.get_by_role_and_label(Role::Row, sum);
        window.get_by_label_contains("System, 250 bytes").hover();
        window.run();
        assert_eq!(*window.state(), Some(3));
        let ring = window
            .get_by_label_contains("What the heap is made of: 1.00 kB")
            .rect();
        window.hover_at(ring.center() + vec2(70.0, 5.0));
        window.run();
        assert_eq!(*window.state(), Some(0));
    }
}
