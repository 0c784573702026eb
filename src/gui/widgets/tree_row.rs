//! How a row of a tree is painted and told to a screen reader.

use eframe::egui::{CursorIcon, Painter, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::badge::badge_at;
use super::delta::delta;
use super::outline::{Item, LineOf};
use super::sparkline::sparkline;
use super::strip::{self, Strip, paint_icon};
use super::table::{PADDING, RowRects};
use super::tree::Face;
use super::value::Value;
use super::{SIZE_BAR_NUMBER, placeholder, size_bar};
use crate::base::units::grouped;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::job::CALLED_OFF;

/// What a person did to a row with the pointer.
pub(super) enum Touch {
    /// Chose it.
    Select,
    /// Expanded or collapsed it.
    Toggle,
    /// Opened it.
    Open,
    /// Set its mark, or took it away.
    Mark,
    /// Asked for so many more of its level.
    ShowMore(u64),
    /// Asked anew for what was called off.
    Again,
    /// Asked for its menu: where, and in which column.
    Menu(Pos2, Option<usize>),
    /// Did with it what is the view's own.
    Own,
}

/// What a row offers at the end of its first cell while the pointer is on it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Offers {
    /// A button for its menu.
    pub(crate) menu: bool,
    /// A button for what is the view's own: how it looks, and what it does.
    pub(crate) own: Option<(Icon, &'static str)>,
}

/// The rows of one frame.
pub(super) struct Rows<'a, F: Face> {
    pub(super) face: &'a F,
    pub(super) tokens: &'a Tokens,
    /// The head by which they are sorted.
    pub(super) sorted: Option<usize>,
    /// Has the tree the keyboard?
    pub(super) has_focus: bool,
    /// What every row offers.
    pub(super) offers: Offers,
}

const INDENT: f32 = 16.0;
const TWISTY: f32 = 16.0;
/// Before rows that never open.
const FLAT: f32 = 4.0;
const CARET: f32 = 12.0;
/// How strong rows are painted that stand back.
const DIM: f32 = 0.5;
/// How wide a button of a row is, and its icon.
const BUTTON: f32 = 24.0;
const BUTTON_ICON: f32 = 14.0;
/// A first cell narrower than this has no room for buttons.
const ROOM_FOR_BUTTONS: f32 = 160.0;

impl<F: Face> Rows<'_, F> {
    /// Paints a row; says what was done to it.
    pub(super) fn paint(
        &self,
        ui: &Ui,
        index: u64,
        line: &LineOf<F>,
        rects: &RowRects<'_>,
        is_current: bool,
    ) -> Option<Touch> {
        let response = ui.interact(rects.rect, ui.scope_id().with(index), Sense::CLICK);
        self.ground(ui, &response, is_current);
        let mut touch = None;
        let mut painter = ui.painter().clone();
        if self.is_dim(line) {
            painter.multiply_opacity(DIM);
        }
        for (at, cell) in rects.cells() {
            if at == 0 {
                touch = self.first(ui, &painter, line, cell, &response);
            } else if let Item::Row(row) = &line.item {
                self.value(&painter, &self.face.value(row, at), cell, self.sorted == Some(at));
            }
        }
        self.tell(ui, line, &response, is_current);
        if response.secondary_clicked() {
            let at = response.interact_pointer_pos()?;
            let column = rects.cells().find(|(_, cell)| cell.contains(at));
            return Some(Touch::Menu(at, column.map(|(column, _)| column)));
        }
        touch.or_else(|| match (response.double_clicked(), response.clicked()) {
            (true, _) => Some(Touch::Open),
            (_, true) => Some(Touch::Select),
            _ => None,
        })
    }

    fn is_dim(&self, line: &LineOf<F>) -> bool {
        matches!(&line.item, Item::Row(row) if self.face.is_dim(row))
    }

    fn ground(&self, ui: &Ui, response: &Response, is_current: bool) {
        let (tokens, rect) = (self.tokens, response.rect);
        let fill = match (is_current, self.has_focus) {
            (true, true) => tokens.bg_selected,
            (true, false) => tokens.bg_selected_dim,
            _ if response.contains_pointer() => tokens.bg_hover,
            _ => return,
        };
        ui.painter().rect_filled(rect, 0.0, fill);
        if is_current && self.has_focus {
            let mark = Rect::from_min_size(rect.min, vec2(2.0, rect.height()));
            ui.painter().rect_filled(mark, 0.0, tokens.stroke_focus);
        }
    }

    /// Indent, twisty, and what the row is.
    fn first(
        &self,
        ui: &Ui,
        painter: &Painter,
        line: &LineOf<F>,
        cell: Rect,
        response: &Response,
    ) -> Option<Touch> {
        let tokens = self.tokens;
        let depth = line.path.len().saturating_sub(1);
        let gutter = self.face.gutter();
        let left = cell.left() + PADDING + gutter + INDENT * depth as f32;
        let width = if self.face.is_flat() { FLAT } else { TWISTY };
        let twisty = Rect::from_min_size(pos2(left, cell.top()), vec2(width, cell.height()));
        if line.can_open {
            let caret = if line.is_open {
                Icon::CARET_DOWN
            } else {
                Icon::CARET_RIGHT
            };
            paint_icon(painter, twisty, caret, CARET, tokens.text_subdued);
        }
        let mut rest = Rect::from_min_max(pos2(twisty.right(), cell.top()), cell.max - vec2(PADDING, 0.0));
        let mut offered = None;
        if matches!(line.item, Item::Row(_)) && response.contains_pointer() && rest.width() > ROOM_FOR_BUTTONS
        {
            offered = self.offer(ui, &mut rest, response);
        }
        let mut strip = Strip::new(painter, rest);
        match &line.item {
            Item::Row(row) => self.face.write(&mut strip, row, line.repeats, tokens),
            Item::More { hidden, page } => return more(ui, rest, *hidden, *page, tokens),
            Item::Waiting => placeholder(ui, rest),
            Item::Empty(said) => {
                strip.text(said, fonts::body(), tokens.text_subdued);
            }
            Item::Failed(reason) if reason == CALLED_OFF => return again(ui, rest, tokens),
            Item::Failed(reason) => {
                strip.icon(Icon::WARNING, 14.0, tokens.high_text).space(6.0);
                strip.text(reason, fonts::body(), tokens.high_text);
            }
        }
        if gutter > 0.0
            && let Item::Row(row) = &line.item
        {
            let room = cell.with_max_x(cell.left() + PADDING + gutter);
            self.face.write_mark(ui.painter(), room, row, tokens);
            let is_hit = |at| room.contains(at);
            if response.clicked() && response.interact_pointer_pos().is_some_and(is_hit) {
                return Some(Touch::Mark);
            }
        }
        if offered.is_some() {
            return offered;
        }
        let on_twisty = |at| line.can_open && twisty.contains(at);
        let is_toggled = response.clicked() && response.interact_pointer_pos().is_some_and(on_twisty);
        is_toggled.then_some(Touch::Toggle)
    }

    /// The buttons of a row under the pointer, taken from the end of `room`; the whole row stays one target, so a button is
    /// a place on it and no widget of its own.
    fn offer(&self, ui: &Ui, room: &mut Rect, response: &Response) -> Option<Touch> {
        let menu = self
            .offers
            .menu
            .then_some((Icon::DOTS, "What can be done with it", None));
        let own = self.offers.own.map(|(icon, text)| (icon, text, Some(Touch::Own)));
        let pointer = response.hover_pos();
        let mut touch = None;
        for (icon, text, does) in [menu, own].into_iter().flatten() {
            let place = room.with_min_x(room.right() - BUTTON);
            room.set_right(place.left());
            let is_on = pointer.is_some_and(|at| place.contains(at));
            let tokens = self.tokens;
            let color = if is_on {
                tokens.text_strong
            } else {
                tokens.text_subdued
            };
            paint_icon(ui.painter(), place, icon, BUTTON_ICON, color);
            if is_on {
                response.clone().on_hover_text(text);
            }
            if is_on && response.clicked() {
                touch = Some(does.unwrap_or(Touch::Menu(place.left_bottom(), None)));
            }
        }
        touch
    }

    fn value(&self, painter: &Painter, value: &Value, cell: Rect, is_sorted: bool) {
        let tokens = self.tokens;
        let inner = cell.shrink2(vec2(PADDING, 0.0));
        let (mut font, mut color) = (fonts::number(), tokens.text);
        match value {
            Value::None => return,
            Value::Text(text) => {
                Strip::new(painter, inner).text(text, fonts::body(), tokens.text_subdued);
                return;
            }
            // One column leads with colour: the one by which the rows are sorted.
            Value::Delta(change) if is_sorted => {
                let way = change.cmp(&0);
                delta(painter, inner, way, &value.shown(), font, tokens);
                return;
            }
            Value::Line(numbers, color) => {
                sparkline(painter, inner, numbers, color.of(tokens));
                return;
            }
            Value::Badge(tone, icon, text) => {
                badge_at(painter, inner, *tone, Some(*icon), text, tokens);
                return;
            }
            Value::Share(..) | Value::Growth(..) => {
                let fraction = value.fraction().unwrap_or_default();
                let fill = match value {
                    Value::Growth(..) if fraction > 0.0 => tokens.grow_fill,
                    Value::Growth(..) => tokens.shrink_fill,
                    _ => tokens.bar_fill,
                };
                // Numbers wider than most leave less room to the bar.
                let text = painter.layout_no_wrap(value.shown(), font.clone(), fill);
                let beyond = (text.size().x + 6.0 - SIZE_BAR_NUMBER).max(0.0);
                let room = Rect::from_x_y_ranges(inner.left()..=inner.right() - beyond, inner.y_range());
                size_bar(painter, room, fraction.abs() as f32, fill);
            }
            Value::Number(0) | Value::Delta(0) | Value::Signed(0) | Value::Rate(0) | Value::Objects(0, 0) => {
                color = tokens.text_subdued;
            }
            Value::Number(_) | Value::Range(..) if is_sorted => {
                font = fonts::number_strong();
                color = tokens.text_strong;
            }
            Value::Number(_)
            | Value::Range(..)
            | Value::Distance(_)
            | Value::Delta(_)
            | Value::Signed(_)
            | Value::Rate(_)
            | Value::Objects(..) => {}
        }
        strip::right(painter, inner, &value.shown(), font, color);
    }

    /// One node a row for screen readers (and for tests).
    fn tell(&self, ui: &Ui, line: &LineOf<F>, response: &Response, is_current: bool) {
        let name = || match &line.item {
            Item::Row(row) => {
                let (what, numbers) = self.face.spoken(row);
                let state = match (line.can_open, line.is_open) {
                    (_, true) => ", expanded",
                    (true, _) => ", collapsed",
                    _ => "",
                };
                let aside = if self.is_dim(line) {
                    ", not in the filter"
                } else {
                    ""
                };
                format!("{what}, level {}{state}, {numbers}{aside}", line.path.len())
            }
            Item::More { hidden, .. } => format!("{} more rows", grouped(*hidden)),
            Item::Waiting => "Loading".to_owned(),
            Item::Empty(said) => (*said).to_owned(),
            Item::Failed(reason) => reason.clone(),
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Row, true, name()));
        ui.accesskit_node_builder(response.id, |node| {
            node.set_selected(is_current);
            node.set_level(line.path.len());
            if line.can_open {
                node.set_expanded(line.is_open);
            }
        });
    }
}

/// "Cancelled. Ask again"
fn again(ui: &Ui, rect: Rect, tokens: &Tokens) -> Option<Touch> {
    let mut strip = Strip::new(ui.painter(), rect);
    strip
        .text(CALLED_OFF, fonts::body(), tokens.text_subdued)
        .space(8.0);
    link(ui, &mut strip, rect, "Ask again", "Ask again", tokens).then_some(Touch::Again)
}

/// "Show 100 more of 9 018, or all"
fn more(ui: &Ui, rect: Rect, hidden: u64, page: u64, tokens: &Tokens) -> Option<Touch> {
    let mut strip = Strip::new(ui.painter(), rect);
    let first = format!("Show {} more", grouped(page));
    if link(ui, &mut strip, rect, &first, &first, tokens) {
        return Some(Touch::ShowMore(page));
    }
    if page < hidden {
        let of = format!(" of {}, or ", grouped(hidden));
        strip.text(&of, fonts::number(), tokens.text_subdued);
        let name = format!("Show all {}", grouped(hidden));
        if link(ui, &mut strip, rect, "all", &name, tokens) {
            return Some(Touch::ShowMore(hidden));
        }
    }
    None
}

fn link(ui: &Ui, strip: &mut Strip<'_>, rect: Rect, text: &str, name: &str, tokens: &Tokens) -> bool {
    let from = strip.x();
    strip.text(text, fonts::body(), tokens.accent_text);
    let rect = Rect::from_x_y_ranges(from..=strip.x(), rect.y_range());
    let response = ui.interact(
        rect,
        ui.scope_id().with(("link", name, rect.top().to_bits())),
        Sense::CLICK,
    );
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::PointingHand);
        let y = rect.center().y + 7.0;
        ui.painter().hline(rect.x_range(), y, (1.0, tokens.accent_text));
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Link, true, name));
    response.clicked()
}
