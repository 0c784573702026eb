//! A virtual table: a header that stays, columns that can be resized, and only the visible rows painted.
//!
//! Generic over the [`Column`] it is sorted by. What stands in the rows is not known here (see [`super::tree`]).

use std::borrow::Cow;

use eframe::egui::{Align2, CursorIcon, Id, Rangef, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use serde::{Deserialize, Serialize};

use super::scroll::{Scroll, Window};
use super::strip::{self, Strip, paint_icon};
use super::terms;
use super::toggle::toggle;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::query::column::Face;
use crate::query::{Column, Direction, Order};

/// A column on the screen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Head<C> {
    /// What a click on it sorts by.
    pub(crate) by: C,
    /// What stands in the header.
    pub(crate) title: Cow<'static, str>,
    /// What is said of it: "Retained size in bytes".
    pub(crate) name: Cow<'static, str>,
    /// Its width at first. The first column takes what is left; others make room until it has that much.
    pub(crate) width: f32,
    /// Is it another view of what the column before shows, and so the first to go where there is no room?
    pub(crate) is_extra: bool,
    /// Does it stand between two that tell more, and go before them where there is no room?
    pub(crate) is_between: bool,
}

impl<C: Copy> Head<C> {
    /// A column of that width that is sorted by `by`.
    pub(crate) const fn new(by: C, title: &'static str, name: &'static str, width: f32) -> Self {
        Self {
            by,
            title: Cow::Borrowed(title),
            name: Cow::Borrowed(name),
            width,
            is_extra: false,
            is_between: false,
        }
    }

    /// As another view of what the column before shows.
    pub(crate) const fn extra(mut self) -> Self {
        self.is_extra = true;
        self
    }

    /// As one that goes before others where there is no room.
    pub(crate) const fn between(mut self) -> Self {
        self.is_between = true;
        self
    }
}

/// What a table remembers.
#[derive(Debug)]
pub(crate) struct Table<C> {
    name: &'static str,
    id: Id,
    /// How its rows are sorted.
    pub(crate) order: Order<C>,
    scroll: Scroll,
    has_header: bool,
    widths: Vec<f32>,
    /// Columns that the user does not want to see, by their place.
    hidden: Vec<usize>,
    window: Option<Window>,
    /// What is kept of it between runs, once that was looked for.
    kept: Option<Kept>,
}

/// What is kept of a table between runs, by its name: all tables of a kind begin alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Kept {
    sorted_by: String,
    ascending: bool,
    widths: Vec<f32>,
    #[serde(default)]
    hidden: Vec<usize>,
}

/// A visible row: its rect and those of its cells, by their place among the heads.
#[derive(Debug)]
pub(crate) struct RowRects<'a> {
    /// The whole row.
    pub(crate) rect: Rect,
    columns: &'a [(usize, Rangef)],
}

impl RowRects<'_> {
    /// The cells on the screen.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (usize, Rect)> {
        let y = self.rect.y_range();
        self.columns
            .iter()
            .map(move |&(head, x)| (head, Rect::from_x_y_ranges(x, y)))
    }
}

/// Height of a header.
pub(crate) const HEADER: f32 = 28.0;
/// Height of a row of a large table.
pub(crate) const DENSE_ROW: f32 = 20.0;
/// Height of a row of a small one.
pub(crate) const ROW: f32 = 24.0;
/// Left free at the right for the scroll bar.
pub(crate) const GUTTER: f32 = 8.0;
/// Between a cell's edge and its text.
pub(crate) const PADDING: f32 = 8.0;

const LEAST_FIRST: f32 = 200.0;
const LEAST: f32 = 40.0;

impl<C: Column> Table<C> {
    /// The table `name` of the view `view`, sorted by `order` at first.
    pub(crate) fn new(name: &'static str, view: Id, order: Order<C>) -> Self {
        Self {
            name,
            id: view.with(name),
            order,
            scroll: Scroll::default(),
            has_header: true,
            widths: Vec::new(),
            hidden: Vec::new(),
            window: None,
            kept: None,
        }
    }

    /// Nothing stands over the columns: their order is one, and so are their widths.
    pub(crate) const fn hide_header(&mut self) {
        self.has_header = false;
    }

    /// How far it is scrolled, in points.
    pub(crate) const fn offset(&self) -> f64 {
        self.scroll.offset()
    }

    /// What was scrolled by hand in all, in points.
    pub(crate) const fn scrolled(&self) -> f64 {
        self.scroll.by_hand()
    }

    /// Scrolls it by so many points.
    pub(crate) fn scroll_by(&mut self, points: f64) {
        self.scroll.scroll_by(points);
    }

    /// Sorts it by the column of that key, if it has one.
    pub(crate) fn sort_by(&mut self, heads: &[Head<C>], key: &str, ascending: bool) {
        if let Some(head) = heads.iter().find(|head| head.by.key() == key) {
            self.order = if ascending {
                Order::ascending(head.by)
            } else {
                Order::descending(head.by)
            };
        }
    }

    /// Begins as it was left in an earlier run.
    fn restore(&mut self, ui: &Ui, heads: &[Head<C>]) {
        self.widths = heads.iter().map(|head| head.width).collect();
        self.hidden.clear();
        let stored = self.storage();
        if let Some(kept) = ui.data_mut(|data| data.get_persisted::<Kept>(stored)) {
            if kept.widths.len() == heads.len() {
                self.widths.clone_from(&kept.widths);
                self.hidden.clone_from(&kept.hidden);
            }
            self.sort_by(heads, &kept.sorted_by, kept.ascending);
        }
        self.kept = Some(self.to_keep());
    }

    fn keep(&mut self, ui: &Ui) {
        let now = self.to_keep();
        if self.kept.as_ref() != Some(&now) {
            let stored = self.storage();
            ui.data_mut(|data| data.insert_persisted(stored, now.clone()));
            self.kept = Some(now);
        }
    }

    fn to_keep(&self) -> Kept {
        Kept {
            sorted_by: self.order.by.key().to_owned(),
            ascending: self.order.direction == Direction::Ascending,
            widths: self.widths.clone(),
            hidden: self.hidden.clone(),
        }
    }

    fn storage(&self) -> Id {
        Id::unique(("columns of", self.name))
    }

    /// Its identity: what has the keyboard when the table has it.
    pub(crate) const fn id(&self) -> Id {
        self.id
    }

    /// Sees to it that `row` is on the screen.
    pub(crate) const fn reveal(&mut self, row: u64) {
        self.scroll.reveal(row);
    }

    /// The same for a row that one comes to from elsewhere.
    pub(crate) const fn reveal_among(&mut self, row: u64) {
        self.scroll.reveal_among(row);
    }

    /// Goes to the first row.
    pub(crate) const fn scroll_to_top(&mut self) {
        self.scroll.reset();
    }

    /// How many rows fit on the screen.
    pub(crate) fn page(&self) -> u64 {
        self.window.as_ref().map_or(1, |window| window.page)
    }

    /// Paints header and rows in all the room there is; `paint` is called for each visible row.
    pub(crate) fn show(
        &mut self,
        ui: &mut Ui,
        heads: &[Head<C>],
        rows: u64,
        row_height: f32,
        mut paint: impl FnMut(&mut Ui, u64, &RowRects<'_>),
    ) -> Response {
        let rect = ui.available_rect_before_wrap();
        let response = ui.interact(rect, self.id, Sense::focusable_noninteractive());
        ui.advance_cursor_after_rect(rect);
        let header = if self.has_header { HEADER } else { 0.0 };
        let (top, body) = rect.split_top_bottom_at_y(rect.top() + header);
        if !self.has_header {
            self.widths = heads.iter().map(|head| head.width).collect();
        } else if self.kept.is_none() || self.widths.len() != heads.len() {
            self.restore(ui, heads);
        }
        let columns = self.columns(heads, rect);
        if self.has_header {
            self.header(ui, heads, &columns, top);
            self.keep(ui);
        }
        let mut body_ui = ui.new_child(eframe::egui::UiBuilder::new().max_rect(body).id_salt(self.id));
        body_ui.set_clip_rect(body.intersect(ui.clip_rect()));
        body_ui.painter().rect_filled(body, 0.0, Tokens::of(ui).bg_canvas);
        let window = self.scroll.show(&body_ui, body, rows, row_height);
        let mut y = body.top() + window.top;
        for row in window.rows.clone() {
            let rect = Rect::from_min_max(pos2(body.left(), y), pos2(body.right(), y + row_height));
            let columns = &columns;
            paint(&mut body_ui, row, &RowRects { rect, columns });
            y += row_height;
        }
        self.window = Some(window);
        response
    }

    /// Which columns there is room for, and where they stand.
    fn columns(&self, heads: &[Head<C>], rect: Rect) -> Vec<(usize, Rangef)> {
        if self.widths.len() != heads.len() {
            return Vec::new();
        }
        let first = heads.first().map_or(0.0, |head| head.width).max(LEAST_FIRST);
        let room = rect.width() - GUTTER - first;
        let mut shown: Vec<usize> = (1..heads.len()).filter(|at| !self.hidden.contains(at)).collect();
        while shown.iter().map(|&at| self.widths[at]).sum::<f32>() > room {
            let between = shown.iter().position(|&at| heads[at].is_between);
            let extra = between.or_else(|| shown.iter().rposition(|&at| heads[at].is_extra));
            // The column by which rows are sorted goes last.
            let other = || shown.iter().rposition(|&at| heads[at].by != self.order.by);
            let Some(least) = extra.or_else(other).or_else(|| shown.len().checked_sub(1)) else {
                break;
            };
            shown.remove(least);
        }
        let mut right = rect.right() - GUTTER;
        let mut columns = Vec::with_capacity(shown.len() + 1);
        for &at in shown.iter().rev() {
            columns.push((at, Rangef::new(right - self.widths[at], right)));
            right -= self.widths[at];
        }
        columns.push((0, Rangef::new(rect.left(), right)));
        columns.reverse();
        columns
    }

    /// Paints a line under the table: `label`, and under each column what `text` says.
    pub(crate) fn footer(
        &self,
        ui: &mut Ui,
        heads: &[Head<C>],
        height: f32,
        label: &str,
        text: impl Fn(usize) -> String,
    ) {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        let tokens = Tokens::of(ui);
        ui.painter().rect_filled(rect, 0.0, tokens.bg_panel);
        ui.painter()
            .hline(rect.x_range(), rect.top() + 0.5, (1.0, tokens.stroke_default));
        let mut spoken = label.to_owned();
        for (at, x) in self.columns(heads, rect) {
            let cell = Rect::from_x_y_ranges(x, rect.y_range()).shrink2(vec2(PADDING, 0.0));
            if at == 0 {
                let cell = cell.with_min_x(cell.left() + 4.0);
                Strip::new(ui.painter(), cell).text(label, fonts::body(), tokens.text_subdued);
                continue;
            }
            let said = text(at);
            // What is longer than its column reaches into those before, which are empty then.
            let room = cell.with_min_x(rect.left());
            let is_number =
                said.starts_with(|first: char| first.is_ascii_digit() || matches!(first, '+' | '\u{2212}'));
            let (font, color) = if is_number {
                (fonts::number(), tokens.text)
            } else {
                (fonts::small(), tokens.text_subdued)
            };
            strip::right(ui.painter(), room, &said, font, color);
            if !said.is_empty() {
                spoken = format!("{spoken}, {}: {said}", heads[at].name);
            }
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    }

    fn header(&mut self, ui: &Ui, heads: &[Head<C>], columns: &[(usize, Rangef)], rect: Rect) {
        let tokens = Tokens::of(ui);
        ui.painter().rect_filled(rect, 0.0, tokens.bg_panel);
        ui.painter()
            .hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.stroke_default));
        for &(at, x) in columns {
            let cell = Rect::from_x_y_ranges(x, rect.y_range());
            self.head(ui, &heads[at], cell, at).context_menu(|ui| {
                self.choose_columns(ui, heads);
            });
            if at > 0 {
                self.resizer(ui, at, cell, heads[at].width);
            }
        }
    }

    /// Lines of a menu: which columns are shown.
    pub(crate) fn choose_columns(&mut self, ui: &mut Ui, heads: &[Head<C>]) {
        for (at, head) in heads.iter().enumerate().skip(1) {
            let mut is_shown = !self.hidden.contains(&at);
            ui.horizontal(|ui| {
                ui.add_space(8.0);
                if toggle(ui, &head.name, &mut is_shown).changed() {
                    self.hidden.retain(|&hidden| hidden != at);
                    if !is_shown {
                        self.hidden.push(at);
                    }
                }
            });
        }
    }

    fn head(&mut self, ui: &Ui, head: &Head<C>, rect: Rect, at: usize) -> Response {
        let tokens = Tokens::of(ui);
        let response = ui.interact(rect, self.id.with(("head", at)), Sense::click());
        let sorted = (self.order.by == head.by && !head.is_extra).then_some(self.order.direction);
        if response.clicked() {
            self.order = next_order(head.by, self.order);
            self.scroll.reset();
        }
        if response.has_focus() {
            ui.painter().rect_stroke(
                rect.shrink(1.0),
                2.0,
                (1.0, tokens.stroke_focus),
                eframe::egui::StrokeKind::Inside,
            );
        }
        let is_strong = sorted.is_some() || response.hovered();
        let color = if is_strong {
            tokens.text_strong
        } else {
            tokens.text_subdued
        };
        let inner = rect.shrink2(vec2(PADDING, 0.0));
        let (arrow, icon) = match sorted {
            Some(Direction::Ascending) => (15.0, Some(Icon::ARROW_UP)),
            Some(Direction::Descending) => (15.0, Some(Icon::ARROW_DOWN)),
            None => (0.0, None),
        };
        let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
        let text = if at == 0 || head.by.face() == Face::Text {
            painter.text(
                inner.left_center(),
                Align2::LEFT_CENTER,
                &*head.title,
                fonts::header(),
                color,
            )
        } else {
            let end = inner.right_center() - vec2(arrow, 0.0);
            painter.text(end, Align2::RIGHT_CENTER, &*head.title, fonts::header(), color)
        };
        if let Some(icon) = icon {
            let beside = Rect::from_min_size(pos2(text.right() + 3.0, rect.top()), vec2(12.0, rect.height()));
            paint_icon(&painter, beside, icon, 12.0, color);
        }
        let sorted = match sorted {
            Some(Direction::Ascending) => ", sorted ascending",
            Some(Direction::Descending) => ", sorted descending",
            None => "",
        };
        let name = format!("{}{sorted}", head.name);
        response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, &name));
        match terms::of_column(&head.name) {
            Some(term) => response.on_hover_ui(|ui| terms::tooltip(ui, term)),
            None => response,
        }
    }

    /// The separator at the left of a column: dragging it gives to or takes from the first column, a
    /// double click brings its first width back.
    fn resizer(&mut self, ui: &Ui, at: usize, cell: Rect, width: f32) {
        let line = Rect::from_center_size(cell.left_center(), vec2(6.0, cell.height()));
        let response = ui.interact(line, self.id.with(("resize", at)), Sense::DRAG | Sense::CLICK);
        if response.hovered() || response.dragged() {
            ui.set_cursor_icon(CursorIcon::ResizeColumn);
        }
        self.widths[at] = (self.widths[at] - response.drag_delta().x).max(LEAST);
        if response.double_clicked() {
            self.widths[at] = width;
        }
        let tokens = Tokens::of(ui);
        let color = if response.dragged() {
            tokens.stroke_focus
        } else {
            tokens.stroke_strong
        };
        let y = Rangef::point(cell.center().y).expand(6.0);
        ui.painter().vline(cell.left().round(), y, (1.0, color));
    }
}

/// The order after a click on a header: turned round, or largest first (texts and distances smallest first).
fn next_order<C: Column>(by: C, order: Order<C>) -> Order<C> {
    if order.by == by {
        Order {
            by,
            direction: order.direction.reversed(),
        }
    } else if by.face() != Face::Text {
        Order::descending(by)
    } else {
        Order::ascending(by)
    }
}
