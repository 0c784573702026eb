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
    treemap: Treemap,
    slot: Slot<Tiles>,
    /// What fills the map, behind what it lies in: the root first.
    ways: Vec<NodeIx>,
    shown: Shown,
    /// The owner that is chosen, by its tile, and what was selected then: it is so only as long as nothing else is selected.
    owner: Option<(u32, Option<What>)>,
    menu: Option<(Pos2, NodeIx)>,
}

/// The tiles of an answer as they are painted: written once, not every frame. Those of one owner lie in a tile of it, and
/// these tiles come first.
#[derive(Default)]
struct Shown {
    of: Option<(u64, bool)>,
    owners: Vec<(String, u64)>,
    tiles: Vec<TreemapTile>,
    labels: Vec<String>,
}

/// What is written on tiles.
struct Face<'a> {
    snapshot: &'a Snapshot,
    owners: Option<&'a Owners>,
    tiles: &'a [Tile],
    shown: &'a Shown,
}

const DEPTH: u32 = 2;
/// Tiles in a tile.
const MOST: usize = 150;
/// Smaller ones cannot be seen.
const LEAST_SHARE: f32 = 0.0005;
/// Whose the engine's own modules are.
const INTERNALS: &str = "Node’s internals";
/// Longer names fit on no tile.
const MOST_LETTERS: usize = 60;

impl TileMap {
    /// A map of its own identity.
    pub(crate) fn new(id: Id) -> Self {
        Self {
            id,
            treemap: Treemap::new(id),
            slot: Slot::new(Lane::Frame),
            ways: Vec::new(),
            shown: Shown::default(),
            owner: None,
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
        self.owner = None;
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
        // Below an object its own things are told apart, not whose they are.
        let by_owner = owners.filter(|_| self.ways.len() == 1);
        let of = Some((self.slot.version(), by_owner.is_some()));
        if self.shown.of != of {
            self.shown = Shown {
                of,
                ..Shown::new(snapshot, tiles, by_owner)
            };
            self.owner = None;
        }
        let owner = self.owner.filter(|(_, then)| *then == cx.selected());
        let selected = match (owner, cx.selected()) {
            (Some((owner, _)), _) => Some(owner),
            (None, Some(What::Object(node))) => self.shown.find(tiles, node),
            _ => None,
        };
        let face = Face {
            snapshot,
            owners,
            tiles,
            shown: &self.shown,
        };
        let mapped = self.treemap.show(ui, name, &self.shown.tiles, &face, selected);
        if let Some(at) = mapped.hovered {
            let response = mapped.response.clone();
            response.on_hover_ui_at_pointer(|ui| face.tooltip(ui, at));
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
        let owners = to_u32(self.shown.owners.len());
        let node = |at: u32| tiles.get(at.checked_sub(owners)? as usize)?.node;
        match deed {
            Some(Deed::Select(at) | Deed::Zoom(at)) if at < owners => {
                self.owner = Some((at, cx.selected()));
            }
            Some(Deed::Select(at)) => {
                if let Some(subject) = node(at).and_then(|node| cx.subject(What::Object(node))) {
                    self.owner = None;
                    cx.send(Command::Select(subject.into()));
                }
            }
            Some(Deed::Zoom(at)) => {
                let way = way_to(tiles, at - owners);
                let holds_more = |node: NodeIx| {
                    cx.snapshot().is_some_and(|(_, snapshot)| {
                        snapshot.retained_size(node) > snapshot.shallow_size(node)
                    })
                };
                if way.last().is_some_and(|&node| holds_more(node)) {
                    self.ways.extend(way);
                }
            }
            Some(Deed::Out) => self.ways.truncate((self.ways.len() - 1).max(1)),
            Some(Deed::Menu(at)) => {
                if let Some(node) = node(at)
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
    fn new(snapshot: &Snapshot, tiles: &[Tile], owners: Option<&Owners>) -> Self {
        let mut shown = Self::default();
        let owner_of = |tile: &Tile| {
            let (node, owners) = (tile.node.filter(|_| tile.depth == 0)?, owners?);
            let name = owners.name(owners.of(node)?).to_string_lossy();
            Some(if name.starts_with("node:") {
                INTERNALS.to_owned()
            } else {
                name.into_owned()
            })
        };
        let of: Vec<Option<u32>> = tiles
            .iter()
            .map(|tile| Some(shown.add(owner_of(tile)?, tile.retained_size)))
            .collect();
        let count = to_u32(shown.owners.len());
        let outer = shown.owners.iter().map(|(_, size)| TreemapTile {
            parent: None,
            size: *size,
        });
        let inner = tiles.iter().zip(of).map(|(tile, owner)| TreemapTile {
            parent: tile.parent.map(|at| at + count).or(owner),
            size: tile.retained_size,
        });
        shown.tiles = outer.chain(inner).collect();
        let label = |tile: &Tile| match tile.node {
            Some(node) => short(snapshot, node),
            None => "the rest".to_owned(),
        };
        let names = shown.owners.iter().map(|(name, _)| name.clone());
        shown.labels = names.chain(tiles.iter().map(label)).collect();
        shown
    }

    /// Adds bytes to an owner; returns its tile.
    fn add(&mut self, owner: String, bytes: u64) -> u32 {
        let known = self.owners.iter().position(|(name, _)| *name == owner);
        let at = known.unwrap_or_else(|| {
            self.owners.push((owner, 0));
            self.owners.len() - 1
        });
        self.owners[at].1 += bytes;
        to_u32(at)
    }

    /// The tile of `node`.
    fn find(&self, tiles: &[Tile], node: NodeIx) -> Option<u32> {
        let at = tiles.iter().position(|tile| tile.node == Some(node))?;
        Some(to_u32(self.owners.len() + at))
    }
}

impl Face<'_> {
    /// The tile of that place, if it is not an owner's.
    fn tile(&self, at: u32) -> Option<Tile> {
        let at = (at as usize).checked_sub(self.shown.owners.len())?;
        self.tiles.get(at).copied()
    }

    fn size(&self, at: u32) -> u64 {
        self.shown.tiles.get(at as usize).map_or(0, |tile| tile.size)
    }

    fn node(&self, at: u32) -> Option<NodeIx> {
        self.tile(at)?.node
    }

    fn owner(&self, node: NodeIx) -> Option<String> {
        let owners = self.owners?;
        Some(owners.name(owners.of(node)?).to_string_lossy().into_owned())
    }

    fn tooltip(&self, ui: &mut Ui, at: u32) {
        let (tokens, node) = (Tokens::of(ui), self.node(at));
        let (rect, _) = ui.allocate_exact_size(vec2(288.0, 20.0), Sense::hover());
        let mut strip = Strip::new(ui.painter(), rect);
        match node {
            Some(node) => node_text::write_node(&mut strip, self.snapshot, node, tokens),
            None => {
                strip.text(&self.label(at), fonts::body(), tokens.text_strong);
            }
        }
        let retained = self.size(at);
        let percent = share(retained, self.snapshot.total_size());
        let sizes = format!("Retains {} B, {percent} of the heap", grouped(retained));
        let owner = node.and_then(|node| self.owner(node));
        for text in [Some(sizes), owner].into_iter().flatten() {
            let text = RichText::new(text);
            ui.label(text.font(fonts::number_small()).color(tokens.text_subdued));
        }
    }
}

impl TreemapFace for Face<'_> {
    fn label(&self, tile: u32) -> String {
        self.shown.labels.get(tile as usize).cloned().unwrap_or_default()
    }

    fn note(&self, tile: u32) -> String {
        human_bytes(self.size(tile))
    }

    fn spoken(&self, tile: u32) -> String {
        let size = self.size(tile);
        let percent = share(size, self.snapshot.total_size());
        let name = match self.node(tile) {
            Some(node) => node_text::spoken_node(self.snapshot, node),
            None => self.label(tile),
        };
        format!("{name}, {}, {percent} of heap", human_bytes(size))
    }

    fn tone(&self, tile: u32) -> TileTone {
        match self.tile(tile) {
            Some(Tile { node: None, .. }) => TileTone::Rest,
            _ => TileTone::Plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn things_of_one_owner_are_summed() {
        let mut shown = Shown::default();
        let added =
            [("a.js", 3), ("b.js", 4), ("a.js", 5)].map(|(name, bytes)| shown.add(name.into(), bytes));
        assert_eq!(added, [0, 1, 0]);
        assert_eq!(shown.owners, [("a.js".into(), 8), ("b.js".into(), 4)]);
    }

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
