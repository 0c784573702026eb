//! Text and icons painted one after the other in a strip one line high.
//!
//! Rows of tables are painted with this and not with the toolkit's labels: no layout is run, and what has no room is cut with
//! an ellipsis.

use std::borrow::Cow;
use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{Color32, FontId, Galley, Painter, Rect, emath::GuiRounding as _, pos2};

use crate::gui::theme::{Icon, fonts};

/// Where the next piece goes.
pub(crate) struct Strip<'a> {
    painter: &'a Painter,
    rect: Rect,
    x: f32,
}

/// Longer texts are cut before they are laid out: no row is that wide.
const MOST_CHARACTERS: usize = 400;

impl<'a> Strip<'a> {
    /// Begins at the left end of `rect`.
    pub(crate) const fn new(painter: &'a Painter, rect: Rect) -> Self {
        Self {
            painter,
            rect,
            x: rect.min.x,
        }
    }

    /// Leaves `width` free.
    pub(crate) fn space(&mut self, width: f32) -> &mut Self {
        self.x += width;
        self
    }

    /// Where the next piece would begin.
    pub(crate) const fn x(&self) -> f32 {
        self.x
    }

    /// Paints an icon.
    pub(crate) fn icon(&mut self, icon: Icon, size: f32, color: Color32) -> &mut Self {
        if self.x + size <= self.rect.right() {
            paint_icon(
                self.painter,
                Rect::from_min_max(
                    pos2(self.x, self.rect.top()),
                    pos2(self.x + size, self.rect.bottom()),
                ),
                icon,
                size,
                color,
            );
        }
        self.x += size;
        self
    }

    /// Paints text, cut where the strip ends.
    pub(crate) fn text(&mut self, text: &str, font: FontId, color: Color32) -> &mut Self {
        let room = self.rect.right() - self.x;
        if room > 4.0 && !text.is_empty() {
            let galley = cut(self.painter, text, font, color, room);
            let width = galley.size().x;
            let y = self.rect.center().y - galley.size().y / 2.0;
            self.painter.galley(pos2(self.x, y).round_ui(), galley, color);
            self.x += width;
        }
        self
    }
}

/// How high a badge in a row is, and what it keeps free at its ends.
const BADGE: f32 = 16.0;
const BADGE_PADDING: f32 = 5.0;

impl Strip<'_> {
    /// Paints an icon and a word on a ground of their own.
    pub(crate) fn badge(&mut self, icon: Icon, text: &str, color: Color32, ground: Color32) -> &mut Self {
        let galley = self
            .painter
            .layout_no_wrap(text.to_owned(), fonts::badge(), color);
        let width = (galley.size().x + 11.0 + 3.0 + 2.0 * BADGE_PADDING).ceil();
        if self.x + width <= self.rect.right() {
            let y = self.rect.center().y;
            let rect = Rect::from_min_max(
                pos2(self.x, y - BADGE / 2.0),
                pos2(self.x + width, y + BADGE / 2.0),
            );
            self.painter.rect_filled(rect.round_ui(), 4.0, ground);
            self.space(BADGE_PADDING).icon(icon, 11.0, color).space(3.0);
            self.text(text, fonts::badge(), color).space(BADGE_PADDING);
        }
        self
    }
}

/// Paints `text` so that it ends at the right end of `rect`; returns where it begins.
pub(crate) fn right(painter: &Painter, rect: Rect, text: &str, font: FontId, color: Color32) -> f32 {
    let galley = cut(painter, text, font, color, rect.width());
    let at = pos2(
        rect.right() - galley.size().x,
        rect.center().y - galley.size().y / 2.0,
    )
    .round_ui();
    painter.galley(at, galley, color);
    at.x
}

/// Paints the first of `texts` that fits whole at the left of `rect`, or the last, cut.
pub(crate) fn first_that_fits(painter: &Painter, rect: Rect, texts: &[String], font: FontId, color: Color32) {
    let fits = |text: &&String| {
        let width = cut(painter, text, font.clone(), color, f32::INFINITY).size().x;
        width <= rect.width()
    };
    if let Some(text) = texts.iter().find(fits).or(texts.last()) {
        Strip::new(painter, rect).text(text, font, color);
    }
}

/// Paints `icon` in the middle of `rect`.
pub(crate) fn paint_icon(painter: &Painter, rect: Rect, icon: Icon, size: f32, color: Color32) {
    let galley = painter.layout_no_wrap(icon.0.to_owned(), fonts::icon(size), color);
    let at = rect.center() - galley.size() / 2.0;
    painter.galley(at.round_ui(), galley, color);
}

/// One line of `text`, cut with an ellipsis at `width`.
pub(crate) fn cut(painter: &Painter, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let format = TextFormat::simple(font, color);
    let mut job = LayoutJob::single_section(one_line(text).into_owned(), format);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    job.break_on_newline = false;
    painter.layout_job(job)
}

/// `text` without what would break a line or has no glyph.
pub(crate) fn one_line(text: &str) -> Cow<'_, str> {
    let is_odd = |c: char| c.is_control() || c == char::REPLACEMENT_CHARACTER;
    let is_long = text.len() > MOST_CHARACTERS;
    if !is_long && !text.contains(is_odd) {
        return Cow::Borrowed(text);
    }
    let plain = |c: char| match c {
        '\n' => '↵',
        '\t' | '\r' => ' ',
        odd if is_odd(odd) => '□',
        c => c,
    };
    Cow::Owned(text.chars().take(MOST_CHARACTERS).map(plain).collect())
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn texts_are_made_fit_for_a_line() {
        assert_eq!(one_line("plain"), "plain");
        assert_eq!(one_line("a\n\tb\u{0}\u{FFFD}"), "a↵ b□□");
        assert_eq!(one_line(&"x".repeat(1000)).len(), super::MOST_CHARACTERS);
    }
}
