//! A treemap: nested tiles whose areas are sizes.

mod layout;

use eframe::egui::{
    Color32, EventFilter, Id, Key, Mesh, Modifiers, Painter, Pos2, Rect, Response, Role, Sense, Shape,
    StrokeKind, Ui, Vec2, WidgetInfo, pos2, vec2,
};

pub(crate) use self::layout::TreemapTile;
use self::layout::{Placed, TITLE, layout};
use super::focus_ring;
use super::strip::Strip;
use crate::gui::theme::{Tokens, fonts};

/// What is written on tiles. Asked only for those that show it.
pub(crate) trait TreemapFace {
    /// What `tile` is called.
    fn label(&self, tile: u32) -> String;
    /// What is written after the name of a parent: its size.
    fn note(&self, tile: u32) -> String;
    /// `tile` in words: name, size, share.
    fn spoken(&self, tile: u32) -> String;
    /// How the top-level tile `tile`, and what lies in it, is coloured.
    fn tone(&self, _tile: u32) -> TileTone {
        TileTone::Plain
    }
}

/// The colours of a top-level tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TileTone {
    /// One of several in turn.
    Plain,
    /// It grew.
    Grew,
    /// It stands for what is too small to stand for itself.
    Rest,
}

/// What was done to a treemap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// A tile was chosen: by a click or an arrow.
    Select(u32),
    /// It shall fill the map: a double click, Enter.
    Zoom(u32),
    /// What lies around shall be seen again: Backspace.
    Out,
    /// Its menu is asked for: the second button, Shift F10.
    Menu(u32),
}

/// What came of a frame.
#[derive(Debug)]
pub(crate) struct Mapped {
    /// The whole map; tooltips and menus hang from it.
    pub(crate) response: Response,
    /// The tile under the pointer.
    pub(crate) hovered: Option<u32>,
    /// What was done.
    pub(crate) deed: Option<Deed>,
}

/// A treemap, and where its tiles lay last.
#[derive(Debug)]
pub(crate) struct Treemap {
    id: Id,
    tiles: Vec<TreemapTile>,
    rect: Rect,
    placed: Vec<Placed>,
}

const PADDING: f32 = 6.0;
/// Narrower tiles have no label.
const LEAST_LABEL: f32 = 20.0;
/// No letter is narrower: what cannot fit by that is not laid out.
const LEAST_LETTER: f32 = 2.0;
/// The tones that plain tiles take in turn; the others have a meaning.
const PLAIN: [usize; 6] = [0, 1, 2, 5, 6, 4];
const GREW: usize = 3;
const REST: usize = 7;

impl Treemap {
    /// A treemap of its own identity.
    pub(crate) const fn new(id: Id) -> Self {
        Self {
            id,
            tiles: Vec::new(),
            rect: Rect::NOTHING,
            placed: Vec::new(),
        }
    }

    /// Paints `tiles` in all the room there is, in a map called `name`.
    pub(crate) fn show(
        &mut self,
        ui: &mut Ui,
        name: &str,
        tiles: &[TreemapTile],
        face: &impl TreemapFace,
        selected: Option<u32>,
    ) -> Mapped {
        let rect = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(rect);
        let response = ui.interact(rect, self.id, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Group, true, name));
        self.refresh(tiles, rect);

        let painter = ui.painter_at(rect);
        let tokens = Tokens::of(ui);
        self.paint(&painter, face, tokens);
        let hovered = response
            .contains_pointer()
            .then(|| ui.input(|input| input.pointer.hover_pos()))
            .flatten()
            .and_then(|at| self.hit(at));
        let border = |tile: u32, width: f32, color: Color32| {
            if let Some(placed) = self.placed.iter().find(|placed| placed.tile == tile) {
                painter.rect_stroke(painted(placed.rect), 0.0, (width, color), StrokeKind::Inside);
            }
        };
        if let Some(tile) = hovered {
            border(tile, 1.0, tokens.text_strong);
        }
        if let Some(tile) = selected {
            border(tile, 2.0, tokens.accent_text);
        }
        let (mut deed, response) = self.touched(ui, face, response, selected);
        if response.has_focus() {
            focus_ring(ui, rect, 0.0);
            deed = deed.or_else(|| self.keys(ui, selected));
            let filter = EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(self.id, filter));
        }
        if matches!(deed, Some(Deed::Select(_) | Deed::Zoom(_))) {
            response.request_focus();
        }
        Mapped {
            response,
            hovered,
            deed,
        }
    }

    /// Lays the tiles out anew if they, or the room for them, changed.
    fn refresh(&mut self, tiles: &[TreemapTile], rect: Rect) {
        if self.rect != rect || self.tiles != tiles {
            self.placed = layout(tiles, rect);
            self.rect = rect;
            tiles.clone_into(&mut self.tiles);
        }
    }

    fn paint(&self, painter: &Painter, face: &impl TreemapFace, tokens: &Tokens) {
        let tops = self.placed.iter().filter(|placed| placed.depth == 0);
        let most = tops.clone().map(|placed| placed.top as usize + 1).max();
        let mut colors = vec![tokens.map[0]; most.unwrap_or(0)];
        for placed in tops.clone() {
            let tone = match face.tone(placed.tile) {
                TileTone::Plain => PLAIN[placed.top as usize % PLAIN.len()],
                TileTone::Grew => GREW,
                TileTone::Rest => REST,
            };
            colors[placed.top as usize] = tokens.map[tone];
        }
        let mut fills = Mesh::default();
        for placed in &self.placed {
            let color = tokens.nested_tile(colors[placed.top as usize], placed.depth);
            fills.add_colored_rect(painted(placed.rect), color);
        }
        painter.add(Shape::mesh(fills));
        for placed in tops {
            if face.tone(placed.tile) == TileTone::Grew {
                let stroke = (1.0, tokens.grow_fill);
                painter.rect_stroke(painted(placed.rect), 0.0, stroke, StrokeKind::Inside);
            }
        }
        for placed in &self.placed {
            label(painter, placed, face, tokens);
        }
    }

    /// The innermost tile at `at`.
    fn hit(&self, at: Pos2) -> Option<u32> {
        let tiles = self.placed.iter().rev();
        tiles
            .into_iter()
            .find(|placed| placed.rect.contains(at))
            .map(|placed| placed.tile)
    }

    /// What the pointer did, or a screen reader, to which the tiles of the top two levels are told; and the response of all.
    fn touched(
        &self,
        ui: &Ui,
        face: &impl TreemapFace,
        whole: Response,
        selected: Option<u32>,
    ) -> (Option<Deed>, Response) {
        let mut deed = self.deed_of(&whole, None);
        let mut all = whole;
        for placed in self.placed.iter().filter(|placed| placed.depth < 2) {
            let id = self.id.with(("tile", placed.tile));
            let response = ui.interact(painted(placed.rect), id, Sense::CLICK);
            let is_selected = selected == Some(placed.tile);
            response.widget_info(|| WidgetInfo::labeled(Role::TreeItem, true, face.spoken(placed.tile)));
            ui.accesskit_node_builder(id, |node| {
                node.set_selected(is_selected);
                node.set_level(placed.depth as usize + 1);
            });
            deed = deed.or_else(|| self.deed_of(&response, Some(placed.tile)));
            all = all.union(response);
        }
        (deed, all)
    }

    fn deed_of(&self, response: &Response, own: Option<u32>) -> Option<Deed> {
        let tile = || {
            let at = response.interact_pointer_pos();
            at.and_then(|at| self.hit(at)).or(own)
        };
        match () {
            () if response.double_clicked() => tile().map(Deed::Zoom),
            () if response.secondary_clicked() => tile().map(Deed::Menu),
            () if response.clicked() => tile().map(Deed::Select),
            () => None,
        }
    }

    fn keys(&self, ui: &Ui, selected: Option<u32>) -> Option<Deed> {
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(Key::Backspace) {
            return Some(Deed::Out);
        }
        let ways = [
            (Key::ArrowLeft, vec2(-1.0, 0.0)),
            (Key::ArrowRight, vec2(1.0, 0.0)),
            (Key::ArrowUp, vec2(0.0, -1.0)),
            (Key::ArrowDown, vec2(0.0, 1.0)),
        ];
        let way = ways
            .into_iter()
            .find(|&(key, _)| pressed(key))
            .map(|(_, way)| way);
        let current = selected.and_then(|tile| self.placed.iter().find(|placed| placed.tile == tile));
        let Some(current) = current else {
            let first = self.placed.first()?;
            return way.map(|_| Deed::Select(first.tile));
        };
        if let Some(way) = way {
            return self.beside(current, way).map(Deed::Select);
        }
        if pressed(Key::PageDown) {
            let first = |placed: &&Placed| self.tiles[placed.tile as usize].parent == Some(current.tile);
            return self
                .placed
                .iter()
                .find(first)
                .map(|child| Deed::Select(child.tile));
        }
        if pressed(Key::PageUp) {
            return self.tiles[current.tile as usize].parent.map(Deed::Select);
        }
        if ui.input_mut(|input| input.consume_key(Modifiers::SHIFT, Key::F10)) {
            return Some(Deed::Menu(current.tile));
        }
        pressed(Key::Enter).then_some(Deed::Zoom(current.tile))
    }

    /// The next tile of the same level in that direction.
    fn beside(&self, from: &Placed, way: Vec2) -> Option<u32> {
        let score = |placed: &Placed| {
            let step = placed.rect.center() - from.rect.center();
            let ahead = step.dot(way);
            let aside = (step - way * ahead).length();
            // It must begin where the other ends: one that is merely larger is not beside it.
            let near = if way.x + way.y > 0.0 {
                (placed.rect.min - from.rect.max).dot(way)
            } else {
                (placed.rect.max - from.rect.min).dot(way)
            };
            (near >= -1.0).then_some(near + 2.0 * aside + 0.1 * ahead)
        };
        self.placed
            .iter()
            .filter(|placed| placed.depth == from.depth && placed.tile != from.tile)
            .filter_map(|placed| Some((score(placed)?, placed.tile)))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, tile)| tile)
    }
}

/// What of a tile is painted: whole pixels, a gap at its right and below it.
fn painted(rect: Rect) -> Rect {
    let rect = Rect::from_min_max(
        pos2(rect.left().round(), rect.top().round()),
        pos2(rect.right().round() - 1.0, rect.bottom().round() - 1.0),
    );
    rect.with_max_x(rect.right().max(rect.left() + 1.0))
        .with_max_y(rect.bottom().max(rect.top() + 1.0))
}

/// Writes the name of a tile if all of it fits, or else what follows its last slash, or else that without how many there are.
fn label(painter: &Painter, placed: &Placed, face: &impl TreemapFace, tokens: &Tokens) {
    let line = painted(placed.rect).shrink2(vec2(PADDING, 0.0));
    if line.width() < LEAST_LABEL || line.height() < TITLE {
        return;
    }
    let line = line.with_max_y(line.top() + TITLE);
    let (font, color) = if placed.depth == 0 {
        (fonts::badge(), tokens.text_strong)
    } else {
        (fonts::small(), tokens.text)
    };
    let whole = face.label(placed.tile);
    let file = whole.rsplit('/').next().unwrap_or_default();
    let kind = file.split(" × ").next().unwrap_or_default();
    // A shape is known by its first property.
    let shape = match kind.split_once(", ") {
        Some((first, _)) if first.starts_with('{') => format!("{first}, …}}"),
        _ => String::new(),
    };
    for text in [whole.as_str(), file, kind, &shape] {
        if text.is_empty() {
            continue;
        }
        if text.len() as f32 * LEAST_LETTER > line.width() * 4.0 {
            continue;
        }
        let galley = painter.layout_no_wrap(text.to_owned(), font.clone(), color);
        let width = galley.size().x;
        if width > line.width() {
            continue;
        }
        let mut strip = Strip::new(painter, line.expand2(vec2(1.0, 0.0)));
        strip.space(1.0).text(text, font, color);
        if placed.depth == 0 {
            note(
                painter,
                line.with_min_x(strip.x() + PADDING),
                &face.note(placed.tile),
                tokens,
            );
        }
        return;
    }
}

fn note(painter: &Painter, line: Rect, text: &str, tokens: &Tokens) {
    let galley = painter.layout_no_wrap(text.to_owned(), fonts::number_small(), tokens.text);
    if galley.size().x <= line.width() {
        Strip::new(painter, line).text(text, fonts::number_small(), tokens.text);
    }
}

#[cfg(test)]
mod tests;
