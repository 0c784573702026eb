//! A list of equal rows, scrolled exactly at any number of rows.
//!
//! The toolkit's scroll area keeps its offset in 32-bit floats, which lose rows from a million on; here it is a 64-bit one.

use std::ops::Range;

use eframe::egui::{Rect, Sense, Ui, pos2, vec2};

use crate::gui::theme::Tokens;

/// How far a list is scrolled.
#[derive(Debug, Default)]
pub(crate) struct Scroll {
    offset: f64,
    /// What was scrolled by wheel and bar in all, in points.
    by_hand: f64,
    reveal: Option<Reveal>,
}

/// A row to be brought on the screen; `away` from its edges if it is not there yet.
#[derive(Debug, Clone, Copy)]
struct Reveal {
    row: u64,
    away: bool,
}

/// Which rows are on the screen.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Window {
    /// The rows, the ones cut at the edges included.
    pub(crate) rows: Range<u64>,
    /// The top of the first of them.
    pub(crate) top: f32,
    /// How many rows fit in whole.
    pub(crate) page: u64,
}

const BAR_WIDTH: f32 = 6.0;
const LEAST_THUMB: f32 = 24.0;

impl Scroll {
    /// Sees to it that `row` is on the screen at the next [`Scroll::show`].
    pub(crate) const fn reveal(&mut self, row: u64) {
        self.reveal = Some(Reveal { row, away: false });
    }

    /// The same for a row that one comes to from elsewhere: with others around it.
    pub(crate) const fn reveal_among(&mut self, row: u64) {
        self.reveal = Some(Reveal { row, away: true });
    }

    /// How far it is scrolled, in points.
    pub(crate) const fn offset(&self) -> f64 {
        self.offset
    }

    /// What was scrolled by hand in all, in points.
    pub(crate) const fn by_hand(&self) -> f64 {
        self.by_hand
    }

    /// Scrolls by so many points, as far as there are rows.
    pub(crate) fn scroll_by(&mut self, points: f64) {
        self.offset += points;
    }

    /// Goes back to the first row.
    pub(crate) const fn reset(&mut self) {
        self.offset = 0.0;
    }

    /// Takes in wheel and scroll bar over `rect`, and tells which of `rows` rows stand there.
    pub(crate) fn show(&mut self, ui: &Ui, rect: Rect, rows: u64, row_height: f32) -> Window {
        let content = to_f64(rows) * f64::from(row_height);
        let before = self.offset;
        let height = f64::from(rect.height());
        // A list that is all in sight leaves the wheel to what it lies in.
        if content > height && ui.rect_contains_pointer(rect) {
            let wheel = ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.y));
            self.offset -= f64::from(wheel);
        }
        if content > height {
            self.bar(ui, rect, content);
            let most = content - height;
            self.by_hand += self.offset.clamp(0.0, most) - before.clamp(0.0, most);
        }
        self.settle(rows, f64::from(row_height), height)
    }

    /// Keeps the offset within the list and on the row to be revealed.
    fn settle(&mut self, rows: u64, row_height: f64, height: f64) -> Window {
        if let Some(Reveal { row, away }) = self.reveal.take() {
            let (top, bottom) = (to_f64(row) * row_height, (to_f64(row) + 1.0) * row_height);
            let is_there = self.offset <= top && bottom <= self.offset + height;
            if away && !is_there {
                self.offset = top - height / 3.0;
            }
            self.offset = self.offset.min(top).max(bottom - height);
        }
        let content = to_f64(rows) * row_height;
        self.offset = self.offset.min(content - height).max(0.0);
        let first = to_u64(self.offset / row_height);
        let after = to_u64(((self.offset + height) / row_height).ceil()).min(rows);
        Window {
            rows: first.min(after)..after,
            top: (to_f64(first) * row_height - self.offset) as f32,
            page: to_u64(height / row_height).max(1),
        }
    }

    fn bar(&mut self, ui: &Ui, rect: Rect, content: f64) {
        let (track, height) = (rect.height() - 4.0, f64::from(rect.height()));
        let thumb = (track * (height / content) as f32).max(LEAST_THUMB).min(track);
        let travel = f64::from(track - thumb);
        let scale = (content - height) / travel.max(1.0);
        let left = rect.right() - BAR_WIDTH - 1.0;
        let place = |offset: f64| {
            let top = rect.top() + 2.0 + (offset.clamp(0.0, content - height) / scale) as f32;
            Rect::from_min_size(pos2(left, top), vec2(BAR_WIDTH, thumb))
        };
        let lane = Rect::from_min_max(pos2(left - 2.0, rect.top()), rect.max);
        let response = ui.interact(lane, ui.scope_id().with("scroll bar"), Sense::DRAG | Sense::CLICK);
        if response.drag_started() || response.clicked() {
            // A press beside the thumb brings the thumb there.
            if let Some(at) = response.interact_pointer_pos()
                && !place(self.offset).y_range().contains(at.y)
            {
                self.offset = f64::from(at.y - rect.top() - 2.0 - thumb / 2.0) * scale;
            }
        }
        self.offset += f64::from(response.drag_delta().y) * scale;
        let tokens = Tokens::of(ui);
        let is_used = response.hovered() || response.dragged();
        let color = if is_used {
            tokens.text_subdued
        } else {
            tokens.stroke_strong
        };
        ui.painter().rect_filled(place(self.offset), 3.0, color);
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 rows")]
const fn to_f64(rows: u64) -> f64 {
    rows as f64
}

/// `value`, 0 if negative.
const fn to_u64(value: f64) -> u64 {
    value as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_revealed_and_no_farther() {
        let mut scroll = Scroll::default();
        assert_eq!(scroll.settle(3, 20.0, 100.0).rows, 0..3);
        assert_eq!(scroll.settle(100, 20.0, 100.0).rows, 0..5);
        scroll.reveal(50);
        assert_eq!(
            scroll.settle(100, 20.0, 100.0),
            Window {
                rows: 46..51,
                top: 0.0,
                page: 5
            }
        );
        scroll.reveal(48);
        assert_eq!(
            scroll.settle(100, 20.0, 100.0).rows,
            46..51,
            "it was there already"
        );
        scroll.reveal(2);
        assert_eq!(scroll.settle(100, 20.0, 90.0).rows, 2..7);
        assert_eq!(scroll.settle(4, 20.0, 90.0).rows, 0..4, "fewer rows");
    }

    #[test]
    fn the_last_of_very_many_rows_is_where_it_belongs() {
        let mut scroll = Scroll::default();
        let rows = 300_000_000;
        scroll.reveal(rows - 1);
        let window = scroll.settle(rows, 20.0, 100.0);
        assert_eq!(window.rows, rows - 5..rows);
        assert!(window.top.abs() < 0.01);
    }
}
