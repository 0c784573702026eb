//! An icicle of boxes, each below the one it belongs to: calls, as wide as what was allocated under them.

use eframe::egui::{
    EventFilter, Id, Key, Modifiers, Pos2, Rect, Response, Role, Sense, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

use super::focus_ring;
use super::strip::Strip;
use crate::base::index::to_u32;
use crate::gui::theme::{Tokens, fonts};
use crate::query::allocations::flame::FlameBox;

/// What is written on boxes. Asked only for those that show it.
pub(crate) trait FlameFace {
    /// What box `at` is called.
    fn label(&self, at: usize) -> String;
    /// The box in words: name, size, share.
    fn spoken(&self, at: usize) -> String;
}

/// What was done to a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A box was chosen: by a click or an arrow.
    Select(u32),
    /// It shall take the whole width: a double click, Enter.
    Zoom(u32),
    /// What lies around shall be seen again: Backspace.
    Out,
}

/// A chart, and how far it is scrolled.
#[derive(Debug)]
pub(crate) struct FlameChart {
    id: Id,
    /// Rows above the first that is shown.
    above: f32,
}

/// How high a row is.
const ROW: f32 = 20.0;
/// Narrower boxes have no label.
const LEAST_LABEL: f32 = 28.0;
/// Narrower ones are not told to screen readers.
const LEAST_TOLD: f32 = 12.0;
/// So many are told at most.
const MOST_TOLD: usize = 120;
/// The tones that functions take in turn; others have a meaning.
const TONES: [usize; 6] = [0, 1, 2, 5, 6, 4];

impl FlameChart {
    /// A chart of its own identity.
    pub(crate) const fn new(id: Id) -> Self {
        Self { id, above: 0.0 }
    }

    /// Paints `boxes` in all the room there is, in a chart called `name`; what was done, and the box under the pointer.
    pub(crate) fn show(
        &mut self,
        ui: &mut Ui,
        name: &str,
        boxes: &[FlameBox],
        face: &impl FlameFace,
        selected: Option<u32>,
    ) -> (Option<Deed>, Option<u32>, Response) {
        let tokens = Tokens::of(ui);
        let rect = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(rect);
        let response = ui.interact(rect, self.id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Group, true, name));
        self.scroll(ui, rect, boxes, &response);
        let painter = ui.painter_at(rect);
        let placed = |at: usize| self.placed(rect, &boxes[at]);
        let mut deed = None;
        let mut told = 0;
        // Boxes stand level after level: those of the levels that are seen.
        let rows = rect.height() / ROW;
        let first = boxes.partition_point(|one| (one.depth + 1) as f32 <= self.above);
        let end = boxes.partition_point(|one| (one.depth as f32) < self.above + rows);
        for (at, one) in boxes.iter().enumerate().take(end).skip(first) {
            let place = placed(at);
            let color = tokens.map[TONES[one.function as usize % TONES.len()]];
            painter.rect_filled(place, 1.0, color);
            if place.width() >= LEAST_LABEL {
                let mut strip = Strip::new(&painter, place.shrink2(vec2(5.0, 0.0)));
                strip.text(&face.label(at), fonts::small(), tokens.text_strong);
            }
            if place.width() >= LEAST_TOLD && told < MOST_TOLD {
                told += 1;
                let id = self.id.with(at);
                let own = ui.interact(place.intersect(rect), id, Sense::CLICK);
                own.widget_info(|| WidgetInfo::labeled(Role::TreeItem, true, face.spoken(at)));
                ui.accesskit_node_builder(id, |node| {
                    node.set_selected(selected == Some(to_u32(at)));
                    node.set_level(one.depth as usize + 1);
                });
                deed = deed.or_else(|| clicked(&own, to_u32(at)));
            }
        }
        let hit = |at: Pos2| {
            let under = (first..end).rev().find(|&nth| placed(nth).contains(at));
            under.map(to_u32)
        };
        let pointer = ui.input(|input| input.pointer.hover_pos());
        let hovered = pointer
            .filter(|at| rect.contains(*at) && ui.rect_contains_pointer(rect))
            .and_then(hit);
        if let Some(at) = hovered {
            deed = deed.or_else(|| clicked(&response, at));
            painter.rect_stroke(
                placed(at as usize),
                1.0,
                (1.0, tokens.text_strong),
                StrokeKind::Inside,
            );
        }
        if let Some(at) = selected.filter(|&at| (at as usize) < boxes.len()) {
            painter.rect_stroke(
                placed(at as usize),
                1.0,
                (2.0, tokens.accent_text),
                StrokeKind::Inside,
            );
        }
        if response.has_focus() {
            focus_ring(ui, rect.shrink(1.0), 0.0);
            let filter = EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(self.id, filter));
            deed = deed.or_else(|| keys(ui, boxes, selected));
            if let Some(Deed::Select(at)) = deed {
                self.bring(rect, boxes[at as usize].depth);
            }
        }
        if deed.is_some() {
            response.request_focus();
        }
        (deed, hovered, response)
    }

    fn placed(&self, rect: Rect, one: &FlameBox) -> Rect {
        let x = |share: f64| rect.left() + (share * f64::from(rect.width())) as f32;
        let top = rect.top() + (one.depth as f32 - self.above) * ROW;
        let (left, right) = (x(one.start).round(), x(one.start + one.width).round());
        Rect::from_min_max(
            pos2(left, top.round()),
            pos2((right - 1.0).max(left + 1.0), (top + ROW).round() - 1.0),
        )
    }

    /// Follows the wheel, as far as there are rows.
    fn scroll(&mut self, ui: &Ui, rect: Rect, boxes: &[FlameBox], response: &Response) {
        if response.contains_pointer() || ui.rect_contains_pointer(rect) {
            self.above -= ui.input(|input| input.smooth_scroll_delta().y) / ROW;
        }
        let rows = boxes.last().map_or(0, |last| last.depth + 1) as f32;
        self.above = self.above.clamp(0.0, (rows - rect.height() / ROW).max(0.0));
    }

    /// Scrolls so that the level `depth` is seen.
    fn bring(&mut self, rect: Rect, depth: u32) {
        let (depth, room) = (depth as f32, (rect.height() / ROW).floor().max(1.0));
        self.above = self.above.clamp((depth + 1.0 - room).max(0.0), depth);
    }
}

fn clicked(response: &Response, at: u32) -> Option<Deed> {
    match () {
        () if response.double_clicked() => Some(Deed::Zoom(at)),
        () if response.clicked() => Some(Deed::Select(at)),
        () => None,
    }
}

/// Arrows lead from box to box, Enter zooms in, Backspace out.
fn keys(ui: &Ui, boxes: &[FlameBox], selected: Option<u32>) -> Option<Deed> {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if pressed(Key::Backspace) {
        return Some(Deed::Out);
    }
    let arrows = [Key::ArrowUp, Key::ArrowDown, Key::ArrowLeft, Key::ArrowRight];
    let arrow = arrows.into_iter().find(|&key| pressed(key));
    let Some((at, one)) = selected.and_then(|at| Some((at, boxes.get(at as usize)?))) else {
        return (arrow.is_some() && !boxes.is_empty()).then_some(Deed::Select(0));
    };
    let same_level = |step: i64| {
        let to = usize::try_from(i64::from(at) + step).ok()?;
        boxes.get(to).filter(|to| to.depth == one.depth)?;
        Some(to_u32(to))
    };
    let to = match arrow {
        Some(Key::ArrowUp) => one.parent,
        Some(Key::ArrowDown) => boxes
            .iter()
            .position(|below| below.parent == Some(at))
            .map(to_u32),
        Some(Key::ArrowLeft) => same_level(-1),
        Some(_) => same_level(1),
        None => return pressed(Key::Enter).then_some(Deed::Zoom(at)),
    };
    to.map(Deed::Select)
}
