//! Who keeps it: the dominator tree as tiles, into which one can zoom.

use eframe::egui::{
    Id, Popup, PopupAnchor, PopupCloseBehavior, PopupKind, Pos2, Rect, Sense, Ui, UiBuilder, vec2,
};

use super::section;
use crate::analysis::owners::Owners;
use crate::base::index::NodeIx;
use crate::base::units::{grouped, human_bytes, share};
use crate::gui::command::Command;
use crate::gui::cx::Cx;
use crate::gui::node_text;
use crate::gui::rows::destinations;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::menu;
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::treemap::{Deed, TileTone, Treemap, TreemapFace, TreemapTile};
use crate::job::{Lane, Slot};
use crate::query::subject::What;
use crate::query::tiles::{Tile, Tiles};
use crate::snapshot::Snapshot;

/// The map, and how far one has zoomed into it.
pub(super) struct Map {
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

const TITLE: f32 = 44.0;
const PADDING: f32 = 16.0;
const BELOW: f32 = 24.0;

impl Map {
    /// A map of its own identity.
    pub(super) fn new(id: Id) -> Self {
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
    pub(super) const fn id(&self) -> Id {
        self.id
    }

    /// Begins anew, with all of what `root` dominates.
    pub(super) fn restart(&mut self, root: NodeIx) {
        self.ways = vec![root];
        self.owner = None;
        self.menu = None;
    }

    /// Paints it in all the room there is.
    pub(super) fn show(&mut self, ui: &mut Ui, cx: &Cx<'_>, owners: Option<&Owners>) {
        let (Some((_, snapshot)), Some(&node)) = (cx.snapshot(), self.ways.last()) else {
            return;
        };
        let rect = ui.available_rect_before_wrap();
        let (title, rest) = rect.split_top_bottom_at_y(rect.top() + TITLE);
        self.title(ui, snapshot, title.shrink2(vec2(PADDING, 0.0)));
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
        let room = Rect::from_min_max(
            rest.min + vec2(PADDING, 0.0),
            rest.max - vec2(PADDING - 4.0, BELOW),
        );
        let map = &mut self.treemap;
        let mapped = ui
            .scope_builder(UiBuilder::new().max_rect(room), |ui| {
                map.show(ui, "Who keeps it", &self.shown.tiles, &face, selected)
            })
            .inner;
        if let Some(node) = mapped.hovered.and_then(|at| face.node(at)) {
            let response = mapped.response.clone();
            response.on_hover_ui_at_pointer(|ui| face.tooltip(ui, node));
        }
        let deed = mapped.deed;
        let pointed = mapped.response.interact_pointer_pos();
        self.act(ui, cx, deed, pointed);
        self.tile_menu(ui, cx);
    }

    /// The title; once one has zoomed, the way back instead of what the map is.
    fn title(&mut self, ui: &Ui, snapshot: &Snapshot, line: Rect) {
        let response = ui.interact(line, ui.scope_id().with("title"), Sense::hover());
        let text = "Who keeps it";
        response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, text));
        if self.ways.len() < 2 {
            section::heading(ui, line, text, "dominator tree, area is retained size");
            return;
        }
        let mut x = section::heading(ui, line, text, "");
        let mut back = None;
        let last = self.ways.len() - 1;
        for (at, &node) in self.ways.iter().enumerate() {
            let name = match at {
                0 => "Whole heap".to_owned(),
                _ => short(snapshot, node),
            };
            let room = line.with_min_x(x.min(line.right()));
            if at < last {
                let (followed, end) = section::link(ui, room, &name);
                back = if followed { Some(at) } else { back };
                let mut strip = Strip::new(ui.painter(), room.with_min_x(end));
                strip.text(" › ", fonts::body(), Tokens::of(ui).text_subdued);
                x = strip.x();
            } else {
                let size = human_bytes(snapshot.retained_size(node));
                let mut strip = Strip::new(ui.painter(), room);
                strip
                    .text(&name, fonts::strong(), Tokens::of(ui).text_strong)
                    .space(8.0);
                strip.text(&size, fonts::number(), Tokens::of(ui).text_subdued);
            }
        }
        if let Some(at) = back {
            self.ways.truncate(at + 1);
        }
    }

    fn act(&mut self, ui: &Ui, cx: &Cx<'_>, deed: Option<Deed>, pointed: Option<Pos2>) {
        let tiles = self.slot.latest().map_or(&[][..], Vec::as_slice);
        let owners = self.shown.owners.len() as u32;
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
                    let middle = ui.available_rect_before_wrap().center();
                    self.menu = Some((pointed.unwrap_or(middle), node));
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
        let count = shown.owners.len() as u32;
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
        at as u32
    }

    /// The tile of `node`.
    fn find(&self, tiles: &[Tile], node: NodeIx) -> Option<u32> {
        let at = tiles.iter().position(|tile| tile.node == Some(node))?;
        Some((self.owners.len() + at) as u32)
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

    fn tooltip(&self, ui: &mut Ui, node: NodeIx) {
        let tokens = Tokens::of(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(288.0, 20.0), Sense::hover());
        let mut strip = Strip::new(ui.painter(), rect);
        node_text::write_node(&mut strip, self.snapshot, node, tokens);
        let retained = self.snapshot.retained_size(node);
        let percent = share(retained, self.snapshot.total_size());
        let sizes = format!("Retains {} B, {percent} of the heap", grouped(retained));
        for text in [Some(sizes), self.owner(node)].into_iter().flatten() {
            let text = eframe::egui::RichText::new(text);
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
