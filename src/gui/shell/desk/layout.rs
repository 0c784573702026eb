//! How the tiles of a desk change: views added, split off, closed, brought to the front.

use eframe::egui::{Context, Id};
use egui_tiles::{Container, SimplificationOptions, Tile, TileId, Tiles, Tree};

use super::{Desk, Pane};
use crate::gui::cx::{Place, View};
use crate::query::subject::SnapshotId;

/// Half a group is at least so wide, in points.
const NARROWEST: f32 = 360.0;

impl Desk {
    /// Two views of one kind that move together, in the place of the ones there are.
    pub(super) fn side_by_side(
        &mut self,
        ctx: &Context,
        id: &'static str,
        left: SnapshotId,
        right: SnapshotId,
    ) {
        self.given_out += 1;
        let group = Some(self.given_out);
        let mut tiles = Vec::new();
        let mut first = 0;
        for snapshot in [left, right] {
            let mut pane = self.pane(id, Some(snapshot));
            pane.group = group;
            first = if first == 0 { pane.number } else { first };
            let pane = self.tiles.tiles.insert_pane(pane);
            tiles.push(self.tiles.tiles.insert_tab_tile(vec![pane]));
        }
        let both = self.tiles.tiles.insert_horizontal_tile(tiles);
        let home = self.group_tile(self.focused);
        match home.and_then(|home| self.tiles.tiles.get_mut(home)) {
            Some(Tile::Container(container)) => container.add_child(both),
            _ => self.tiles.root = Some(both),
        }
        self.activate(ctx, first);
    }

    pub(super) fn pane(&mut self, view: &str, pinned: Option<SnapshotId>) -> Pane {
        self.given_out += 1;
        Pane {
            number: self.given_out,
            view: view.to_owned(),
            pinned,
            group: None,
        }
    }

    /// Adds a view to the group that has the keyboard; returns its number.
    pub(super) fn add(&mut self, view: &str, pinned: Option<SnapshotId>) -> u32 {
        let pane = self.pane(view, pinned);
        let number = pane.number;
        let tile = self.tiles.tiles.insert_pane(pane);
        let group = self.group_tile(self.focused);
        if let Some(Tile::Container(container)) = group.and_then(|group| self.tiles.tiles.get_mut(group)) {
            container.add_child(tile);
        } else {
            let root = self.tiles.tiles.insert_tab_tile(vec![tile]);
            self.tiles.root = Some(root);
        }
        number
    }

    /// Puts the tile beside the group that has the keyboard; where halves would be too narrow to be read, on top of a group
    /// that stands beside it already.
    pub(super) fn split(&mut self, tile: TileId) {
        let group = self.group_tile(self.focused);
        if let Some(group) = group
            && let Some(beside) = self.group_beside(group)
            && self
                .tiles
                .tiles
                .rect(group)
                .is_some_and(|rect| rect.width() < 2.0 * NARROWEST)
            && let Some(Tile::Container(Container::Tabs(tabs))) = self.tiles.tiles.get_mut(beside)
        {
            tabs.children.push(tile);
            return;
        }
        let tabs = self.tiles.tiles.insert_tab_tile(vec![tile]);
        let Some(group) = group else {
            self.tiles.root = Some(tabs);
            return;
        };
        let both = self.tiles.tiles.insert_horizontal_tile(vec![group, tabs]);
        if self.tiles.root == Some(group) {
            self.tiles.root = Some(both);
            return;
        }
        let parent = panes_parent(&self.tiles.tiles, group, both);
        if let Some(Tile::Container(container)) = parent.and_then(|parent| self.tiles.tiles.get_mut(parent)) {
            let mut children = container.children_vec();
            for child in &mut children {
                if *child == group {
                    *child = both;
                }
            }
            match container {
                Container::Tabs(tabs) => tabs.children = children,
                Container::Linear(linear) => linear.children = children,
                Container::Grid(_) => container.add_child(both),
            }
        }
    }

    /// Another group of tabs that is on the screen.
    fn group_beside(&self, group: TileId) -> Option<TileId> {
        let shown = self.shown();
        let groups = shown.iter().filter_map(|pane| self.group_tile(pane.number));
        groups.into_iter().find(|other| *other != group)
    }

    pub(super) fn close(&mut self, tile: TileId) {
        if panes(&self.tiles).count() < 2 {
            return;
        }
        for removed in self.tiles.remove_recursively(tile) {
            if let Tile::Pane(pane) = removed {
                self.open.retain(|(number, _)| *number != pane.number);
            }
        }
        self.tiles.simplify(&simplification());
        self.focused = self.shown().first().map_or(0, |pane| pane.number);
    }

    pub(super) fn activate(&mut self, ctx: &Context, number: u32) {
        self.focused = number;
        self.tiles
            .make_active(|_, tile| matches!(tile, Tile::Pane(pane) if pane.number == number));
        if let Some(view) = self.view(number) {
            let id = view.focus_id();
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }

    /// Brings these panes to the front of their groups, as far as they are there.
    pub(crate) fn show_panes(&mut self, numbers: &[u32]) {
        for number in numbers {
            let is_it = |tile: &Tile<Pane>| matches!(tile, Tile::Pane(pane) if pane.number == *number);
            self.tiles.make_active(|_, tile| is_it(tile));
        }
    }

    /// Gives the pane of that number the keyboard, if it is there.
    pub(crate) fn activate_pane(&mut self, ctx: &Context, number: u32) -> bool {
        let is_there = self.tile_of(number).is_some();
        if is_there {
            self.activate(ctx, number);
        }
        is_there
    }

    /// The view of the pane of that number.
    pub(super) fn view(&mut self, number: u32) -> Option<&mut dyn View> {
        let (_, pane) = panes(&self.tiles).find(|(_, pane)| pane.number == number)?;
        let pane = pane.clone();
        self.view_of(&pane)
    }

    /// The view of `pane`, made if it was not shown before.
    pub(super) fn view_of(&mut self, pane: &Pane) -> Option<&mut dyn View> {
        let known = self.open.iter().position(|(number, _)| *number == pane.number);
        if known.is_none() {
            let view = (pane.spec()?.open)(Id::unique(("view", self.place as u8, pane.number)));
            self.open.push((pane.number, view));
        }
        let at = known.unwrap_or(self.open.len() - 1);
        Some(&mut *self.open[at].1)
    }

    /// The view of that pane, if it was shown already.
    pub(super) fn opened(&self, pane: &Pane) -> Option<&dyn View> {
        let known = self.open.iter().find(|(number, _)| *number == pane.number);
        known.map(|(_, view)| &**view)
    }

    pub(super) fn tile_of(&self, number: u32) -> Option<TileId> {
        panes(&self.tiles)
            .find(|(_, pane)| pane.number == number)
            .map(|(tile, _)| tile)
    }

    /// The group of tabs in which that pane stands.
    pub(super) fn group_tile(&self, number: u32) -> Option<TileId> {
        let tile = self
            .tile_of(number)
            .or_else(|| panes(&self.tiles).next().map(|(tile, _)| tile))?;
        self.tiles.tiles.parent_of(tile)
    }

    pub(super) fn group_of(&self, number: u32) -> Vec<TileId> {
        let group = self
            .group_tile(number)
            .and_then(|group| self.tiles.tiles.get_container(group));
        let tiles = group.map(Container::children_vec).unwrap_or_default();
        let is_pane = |tile: &TileId| self.tiles.tiles.get_pane(tile).is_some();
        tiles.into_iter().filter(is_pane).collect()
    }
}

pub(super) fn simplification() -> SimplificationOptions {
    SimplificationOptions {
        all_panes_must_have_tabs: true,
        prune_single_child_tabs: false,
        ..SimplificationOptions::default()
    }
}

pub(super) fn panes(tiles: &Tree<Pane>) -> impl Iterator<Item = (TileId, &Pane)> {
    let mut panes: Vec<(TileId, &Pane)> = tiles
        .tiles
        .iter()
        .filter_map(|(tile, content)| match content {
            Tile::Pane(pane) => Some((*tile, pane)),
            Tile::Container(_) => None,
        })
        .collect();
    panes.sort_by_key(|(_, pane)| pane.number);
    panes.into_iter()
}

/// Is a layout of an earlier run one that this program can show?
pub(super) fn is_sound(tiles: &Tree<Pane>, place: Place) -> bool {
    let is_known = |pane: &Pane| pane.spec().is_some_and(|spec| spec.place == place);
    tiles.root().is_some() && panes(tiles).count() > 0 && panes(tiles).all(|(_, pane)| is_known(pane))
}

/// The parent of `child` that is not `except`.
pub(super) fn panes_parent(tiles: &Tiles<Pane>, child: TileId, except: TileId) -> Option<TileId> {
    let parent = tiles.iter().find(|(tile, content)| {
        **tile != except && matches!(content, Tile::Container(container) if container.has_child(child))
    });
    parent.map(|(tile, _)| *tile)
}

/// The first pane below a group.
pub(super) fn first_pane(tiles: &Tiles<Pane>, tile: TileId) -> Option<&Pane> {
    let mut tile = tile;
    loop {
        match tiles.get(tile)? {
            Tile::Pane(pane) => return Some(pane),
            Tile::Container(container) => tile = *container.children().next()?,
        }
    }
}

/// The group at the right end: the last one in the layout.
pub(super) fn last_group(tiles: &Tree<Pane>) -> Option<TileId> {
    let mut tile = tiles.root()?;
    loop {
        match tiles.tiles.get(tile)? {
            Tile::Container(Container::Tabs(_)) => return Some(tile),
            Tile::Container(Container::Linear(linear)) if linear.dir == egui_tiles::LinearDir::Vertical => {
                tile = *linear.children.first()?;
            }
            Tile::Container(container) => tile = *container.children().last()?,
            Tile::Pane(_) => return None,
        }
    }
}
