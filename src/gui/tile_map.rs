//! The dominator tree as tiles, into which one can zoom: one way for all views.

mod shown;

use eframe::egui::{Id, Popup, PopupAnchor, PopupCloseBehavior, PopupKind, Pos2, Rect, Ui};

use super::command::Command;
use super::cx::Cx;
use super::history::Place;
use super::rows::destinations;
use super::theme::{Tokens, fonts};
use super::views;
use super::widgets::link::link;
use super::widgets::menu;
use super::widgets::strip::Strip;
use super::widgets::treemap::{Deed, Treemap};
use crate::analysis::owners::Owners;
use crate::base::index::{NodeIx, to_u32};
use crate::base::units::human_bytes;
use crate::job::{Lane, Slot};
use crate::query::subject::What;
use crate::query::tiles::{Tile, Tiles};
use crate::snapshot::Snapshot;
use shown::{Face, Shown, short};

/// The map, and how far one has zoomed into it.
pub(crate) struct TileMap {
    id: Id,
    map: Treemap,
    slot: Slot<Tiles>,
    /// What fills the map, behind what it lies in: the root first.
    ways: Vec<NodeIx>,
    shown: Shown,
    /// Do things of one owner lie together, before one zooms in?
    by_owner: bool,
    /// The owner that is chosen, by its tile, and what was selected then: it is so only as long as nothing else is selected.
    owner: Option<(u32, Option<What>)>,
    menu: Option<(Pos2, What)>,
}

const DEPTH: u32 = 2;
/// Tiles in a tile.
const MOST: usize = 150;
/// Smaller ones cannot be seen.
const LEAST_SHARE: f32 = 0.0005;

impl TileMap {
    /// A map of its own identity.
    pub(crate) fn new(id: Id) -> Self {
        Self {
            id,
            map: Treemap::new(id),
            slot: Slot::new(Lane::Frame),
            ways: Vec::new(),
            shown: Shown::default(),
            by_owner: false,
            owner: None,
            menu: None,
        }
    }

    /// Things of one owner lie together, before one zooms in.
    pub(crate) const fn by_owner(mut self) -> Self {
        self.by_owner = true;
        self
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
        let Ok(only) = cx.passing() else { return };
        let question = Tiles {
            node,
            depth: DEPTH,
            most: MOST,
            least_share: LEAST_SHARE,
            only,
        };
        cx.asker(snapshot).ask(&mut self.slot, &question);
        let Some(tiles) = self.slot.latest() else { return };
        // Below an object its own things are told apart, not whose they are.
        let by_owner = owners.filter(|_| self.by_owner && self.ways.len() == 1);
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
            (None, Some(what)) => self.shown.find(tiles, what),
            (None, None) => None,
        };
        let face = Face {
            snapshot,
            owners,
            tiles,
            shown: &self.shown,
        };
        let mapped = self.map.show(ui, name, &self.shown.tiles, &face, selected);
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
        let what = |at: u32| tiles.get(at.checked_sub(owners)? as usize)?.what();
        match deed {
            Some(Deed::Select(at) | Deed::Zoom(at)) if at < owners => {
                self.owner = Some((at, cx.selected()));
            }
            Some(Deed::Select(at)) => {
                if let Some(subject) = what(at).and_then(|what| cx.subject(what)) {
                    self.owner = None;
                    cx.send(Command::Select(subject.into()));
                }
            }
            Some(Deed::Zoom(at)) => match what(at) {
                // The objects of a class stand one by one where all of them do.
                Some(class @ What::Class(_)) => cx.send(Command::Go(Place {
                    view: Some(views::HOME),
                    subject: cx.subject(class),
                })),
                _ => self.zoom(cx, at - owners),
            },
            Some(Deed::Out) => self.ways.truncate((self.ways.len() - 1).max(1)),
            Some(Deed::Menu(at)) => {
                if let Some(subject) = what(at).and_then(|what| cx.subject(what)) {
                    cx.send(Command::Select(subject.into()));
                    self.menu = Some((pointed, subject.what));
                }
            }
            None => {}
        }
    }

    fn zoom(&mut self, cx: &Cx<'_>, at: u32) {
        let way = way_to(self.slot.latest().map_or(&[][..], Vec::as_slice), at);
        let holds_more = |node: NodeIx| {
            cx.snapshot()
                .is_some_and(|(_, snapshot)| snapshot.retained_size(node) > snapshot.shallow_size(node))
        };
        if way.last().is_some_and(|&node| holds_more(node)) {
            self.ways.extend(way);
        }
    }

    fn tile_menu(&mut self, ui: &Ui, cx: &Cx<'_>) {
        let Some((at, what)) = self.menu else { return };
        let Some(subject) = cx.subject(what) else {
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
        way.extend(tile.node());
        next = tile.parent;
    }
    // What stands for all the rest is nothing to zoom into.
    if tiles.get(at as usize).is_none_or(|tile| tile.node().is_none()) {
        way.clear();
    }
    way.reverse();
    way
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::tiles::TileOf;

    #[test]
    fn the_way_to_a_tile_leads_through_what_it_lies_in() {
        let node = |at| TileOf::Object(NodeIx::from_raw(at));
        let tile = |parent, of, depth| Tile {
            parent,
            of,
            size: 1,
            depth,
        };
        let tiles = [
            tile(None, node(5), 0),
            tile(None, TileOf::Rest, 0),
            tile(Some(0), node(7), 1),
            tile(Some(2), node(9), 2),
            tile(Some(2), TileOf::Rest, 2),
        ];
        let raw = |at| {
            let way = way_to(&tiles, at);
            way.into_iter().map(NodeIx::raw).collect::<Vec<u32>>()
        };
        assert_eq!((raw(3), raw(0)), (vec![5, 7, 9], vec![5]));
        assert_eq!((raw(1), raw(4), raw(99)), (vec![], vec![], vec![]));
    }
}
