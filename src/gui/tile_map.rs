//! The dominator tree as tiles, into which one can zoom: one way for all views.

use eframe::egui::{
    Id, Popup, PopupAnchor, PopupCloseBehavior, PopupKind, Pos2, Rect, RichText, Sense, Ui, vec2,
};

use super::command::Command;
use super::cx::Cx;
use super::node_text;
use super::rows::destinations;
use super::theme::{Tokens, fonts};
use super::widgets::link::link;
use super::widgets::menu;
use super::widgets::strip::Strip;
use super::widgets::treemap::{Deed, TileTone, Treemap, TreemapFace, TreemapTile};
use crate::analysis::owners::Owners;
use crate::base::index::{NodeIx, to_u32};
use crate::base::units::{grouped, human_bytes, share};
use crate::job::{Lane, Slot};
use crate::query::subject::What;
use crate::query::tiles::{Tile, Tiles};
use crate::snapshot::Snapshot;

/// The map, and how far one has zoomed into it.
pub(crate) struct TileMap {
    id: Id,
    map: Treemap,
    slot: Slot<Tiles>,
    /// What fills the map, behind what it lies in: the root first.
    ways: Vec<NodeIx>,
    shown: Shown,
    menu: Option<(Pos2, NodeIx)>,
}

/// The tiles of an answer as they are painted: written once, not every frame.
#[derive(Default)]
struct Shown {
    version: u64,
    tiles: Vec<TreemapTile>,
    labels: Vec<String>,
}

/// What is written on tiles.
struct Face<'a> {
    snapshot: &'a Snapshot,
    owners: Option<&'a Owners>,
    tiles: &'a [Tile],
    labels: &'a [String],
}

const DEPTH: u32 = 3;
/// Tiles in a tile.
const MOST: usize = 60;
/// Smaller ones cannot be seen.
const LEAST_SHARE: f32 = 0.001;
/// Longer names fit on no tile.
const MOST_LETTERS: usize = 60;

impl TileMap {
    /// A map of its own identity.
    pub(crate) fn new(id: Id) -> Self {
        Self {
            id,
            map: Treemap::new(id),
            slot: Slot::new(Lane::Frame),
            ways: Vec::new(),
            shown: Shown::default(),
            menu: None,
        }
    }

    /// What has the keyboard when the map has it.
    pub(crate) const fn id(&self) -> Id {
        self.id
    }

    /// Begins anew, with all of what `root` dominates.
    pub(crate) fn restart(&mut self, root: NodeIx) {
        self.ways = vec![root];
        self.menu = None;
    }

    /// What one has zoomed into, the root first.
    pub(crate) fn ways(&self) -> &[NodeIx] {
        &self.ways
    }

    /// Asks for the tiles and paints them in all the room there is, in a map called `name`.
    pub(crate) fn show(&mut self, ui: &mut Ui, cx: &Cx<'_>, name: &str, owners: Option<&Owners>) {
        let (Some((_, snapshot)), Some(&node)) = (cx.snapshot(), self.ways.last()) else {
            return;
        };
        let question = Tiles {
            node,
            depth: DEPTH,
            most: MOST,
            least_share: LEAST_SHARE,
        };
        cx.asker(snapshot).ask(&mut self.slot, &question);
        let Some(tiles) = self.slot.latest() else { return };
        if self.shown.version != self.slot.version() {
            self.shown = Shown::of(snapshot, tiles, self.slot.version());
        }
        let selected = match cx.selected() {
            Some(What::Object(node)) => tiles.iter().position(|tile| tile.node == Some(node)),
            _ => None,
        };
        let face = Face {
            snapshot,
            owners,
            tiles,
            labels: &self.shown.labels,
        };
        let selected = selected.map(to_u32);
        let mapped = self.map.show(ui, name, &self.shown.tiles, &face, selected);
        if let Some(node) = mapped.hovered.and_then(|at| face.node(at)) {
            let response = mapped.response.clone();
            response.on_hover_ui_at_pointer(|ui| face.tooltip(ui, node));
        }
        let deed = mapped.deed;
        let pointed = mapped.response.interact_pointer_pos();
        let middle = mapped.response.rect.center();
        self.act(cx, deed, pointed.unwrap_or(middle));
        self.tile_menu(ui, cx);
    }

    /// Paints what one has zoomed into along `line`; each step but the last leads back to it.
    pub(crate) fn crumbs(&mut self, ui: &Ui, snapshot: &Snapshot, line: Rect) {
        let tokens = Tokens::of(ui);
        let mut back = None;
        let mut x = line.left();
        let last = self.ways.len().saturating_sub(1);
        for (at, &node) in self.ways.iter().enumerate() {
            let name = match at {
                0 => "Whole heap".to_owned(),
                _ => short(snapshot, node),
            };
            let room = line.with_min_x(x.min(line.right()));
            let mut strip = Strip::new(ui.painter(), room);
            if at < last {
                let (followed, end) = link(ui, room, &name, at);
                back = if followed { Some(at) } else { back };
                strip = Strip::new(ui.painter(), room.with_min_x(end));
                strip.text(" › ", fonts::body(), tokens.text_subdued);
            } else {
                let size = human_bytes(snapshot.retained_size(node));
                strip.text(&name, fonts::strong(), tokens.text_strong).space(8.0);
                strip.text(&size, fonts::number(), tokens.text_subdued);
            }
            x = strip.x();
        }
        if let Some(at) = back {
            self.ways.truncate(at + 1);
        }
    }

    fn act(&mut self, cx: &Cx<'_>, deed: Option<Deed>, pointed: Pos2) {
        let tiles = self.slot.latest().map_or(&[][..], Vec::as_slice);
        let tile = |at: u32| tiles.get(at as usize).copied();
        match deed {
            Some(Deed::Select(at)) => {
                if let Some(node) = tile(at).and_then(|tile| tile.node)
                    && let Some(subject) = cx.subject(What::Object(node))
                {
                    cx.send(Command::Select(subject.into()));
                }
            }
            Some(Deed::Zoom(at)) => {
                let way = way_to(tiles, at);
                let holds_more = |node: NodeIx| {
                    cx.snapshot().is_some_and(|(_, snapshot)| {
                        snapshot.retained_size(node) > snapshot.shallow_size(node)
                    })
                };
                if way.last().is_some_and(|&node| holds_more(node)) {
                    self.ways.extend(way);
                }
            }
            Some(Deed::Out) => {
                if self.ways.len() > 1 {
                    self.ways.pop();
                }
            }
            Some(Deed::Menu(at)) => {
                if let Some(node) = tile(at).and_then(|tile| tile.node)
                    && let Some(subject) = cx.subject(What::Object(node))
                {
                    cx.send(Command::Select(subject.into()));
                    self.menu = Some((pointed, node));
                }
            }
            None => {}
        }
    }

    fn tile_menu(&mut self, ui: &Ui, cx: &Cx<'_>) {
        let Some((at, node)) = self.menu else { return };
        let Some(subject) = cx.subject(What::Object(node)) else {
            return;
        };
        let mut is_open = true;
        Popup::new(
            self.id.with("menu"),
            ui.ctx().clone(),
            PopupAnchor::Position(at),
            ui.layer_id(),
        )
        .kind(PopupKind::Menu)
        .close_behavior(PopupCloseBehavior::CloseOnClick)
        .open_bool(&mut is_open)
        .width(menu::WIDTH)
        .show(|ui| destinations(ui, cx, subject));
        if !is_open {
            self.menu = None;
        }
    }
}

/// The objects from the outermost tile down to that one.
fn way_to(tiles: &[Tile], at: u32) -> Vec<NodeIx> {
    let mut way = Vec::new();
    let mut next = Some(at);
    while let Some(tile) = next.and_then(|at| tiles.get(at as usize)) {
        way.extend(tile.node);
        next = tile.parent;
    }
    // What stands for all the rest is nothing to zoom into.
    if tiles.get(at as usize).is_none_or(|tile| tile.node.is_none()) {
        way.clear();
    }
    way.reverse();
    way
}

fn short(snapshot: &Snapshot, node: NodeIx) -> String {
    node_text::spoken_name(snapshot, node)
        .chars()
        .take(MOST_LETTERS)
        .collect()
}

impl Shown {
    fn of(snapshot: &Snapshot, tiles: &[Tile], version: u64) -> Self {
        let label = |tile: &Tile| {
            tile.node
                .map_or_else(|| "…".to_owned(), |node| short(snapshot, node))
        };
        let drawn = |tile: &Tile| TreemapTile {
            parent: tile.parent,
            size: tile.retained_size,
        };
        Self {
            version,
            tiles: tiles.iter().map(drawn).collect(),
            labels: tiles.iter().map(label).collect(),
        }
    }
}

impl Face<'_> {
    fn tile(&self, at: u32) -> Tile {
        self.tiles[at as usize]
    }

    fn node(&self, at: u32) -> Option<NodeIx> {
        self.tiles.get(at as usize)?.node
    }

    fn owner(&self, node: NodeIx) -> Option<String> {
        let owners = self.owners?;
        Some(owners.name(owners.of(node)?).to_string_lossy().into_owned())
    }

    fn tooltip(&self, ui: &mut Ui, node: NodeIx) {
        let tokens = Tokens::of(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(288.0, 20.0), Sense::hover());
        let mut strip = Strip::new(ui.painter(), rect);
        node_text::write_node(&mut strip, self.snapshot, node, tokens);
        let retained = self.snapshot.retained_size(node);
        let percent = share(retained, self.snapshot.total_size());
        let sizes = format!("Retains {} B, {percent} of the heap", grouped(retained));
        for text in [Some(sizes), self.owner(node)].into_iter().flatten() {
            let text = RichText::new(text);
            ui.label(text.font(fonts::number_small()).color(tokens.text_subdued));
        }
    }
}

impl TreemapFace for Face<'_> {
    fn label(&self, tile: u32) -> String {
        self.labels.get(tile as usize).cloned().unwrap_or_default()
    }

    fn note(&self, tile: u32) -> String {
        human_bytes(self.tile(tile).retained_size)
    }

    fn spoken(&self, tile: u32) -> String {
        let Tile {
            node, retained_size, ..
        } = self.tile(tile);
        let percent = share(retained_size, self.snapshot.total_size());
        let numbers = format!("{}, {percent} of heap", human_bytes(retained_size));
        match node {
            Some(node) => format!("{}, {numbers}", node_text::spoken_node(self.snapshot, node)),
            None => format!("The rest, {numbers}"),
        }
    }

    fn tone(&self, tile: u32) -> TileTone {
        match self.tile(tile).node {
            Some(_) => TileTone::Plain,
            None => TileTone::Rest,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_a_tile_leads_through_what_it_lies_in() {
        let node = |at| Some(NodeIx::from_raw(at));
        let tile = |parent, node, depth| Tile {
            parent,
            node,
            retained_size: 1,
            depth,
        };
        let tiles = [
            tile(None, node(5), 0),
            tile(None, None, 0),
            tile(Some(0), node(7), 1),
            tile(Some(2), node(9), 2),
            tile(Some(2), None, 2),
        ];
        let raw = |at| {
            let way = way_to(&tiles, at);
            way.into_iter().map(NodeIx::raw).collect::<Vec<u32>>()
        };
        assert_eq!((raw(3), raw(0)), (vec![5, 7, 9], vec![5]));
        assert_eq!((raw(1), raw(4), raw(99)), (vec![], vec![], vec![]));
    }
}
