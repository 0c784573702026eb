//! Views as tabs that can be split side by side, stacked and dragged: one desk for the middle, one for the bottom.

mod layout;
mod painting;

use eframe::egui::{Context, Id, Ui};
use egui_tiles::{Container, Tile, TileId, Tiles, Tree};
use serde::{Deserialize, Serialize};

use self::layout::{is_sound, last_group, panes};
use self::painting::Painting;
use crate::gui::command::{Command, Showing};
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::views;
use crate::query::subject::{SnapshotId, Subject};

/// The views of one part of the window, and how they are laid out.
pub(crate) struct Desk {
    place: Place,
    tiles: Tree<Pane>,
    /// The views that were shown, by the number of their pane.
    open: Vec<(u32, Box<dyn View>)>,
    /// The pane that has the keyboard, or had it last.
    focused: u32,
    given_out: u32,
    /// How many tabs did not fit when it was painted last.
    hidden: usize,
}

/// Where a view stands in the layout; the view itself is made when it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Pane {
    number: u32,
    view: String,
    /// The file it is about; none is the one of the window. Another run has other files.
    #[serde(skip)]
    pinned: Option<SnapshotId>,
    /// Panes of one group move together.
    #[serde(skip)]
    group: Option<u32>,
}

/// What a desk asked of itself while it was painted.
#[derive(Clone, Copy)]
enum Deed {
    Focus(u32),
    Show(u32),
    Close(TileId),
    Beside(TileId),
    Pin(TileId, Option<SnapshotId>),
    SideBySide(TileId, SnapshotId),
}

impl Pane {
    /// What kind of view it is.
    pub(crate) fn spec(&self) -> Option<&'static Spec> {
        views::spec(&self.view)
    }
}

impl Desk {
    /// The views of `place`, as they were laid out in an earlier run.
    pub(crate) fn new(ctx: &Context, place: Place) -> Self {
        let mut desk = Self {
            place,
            tiles: Tree::empty(storage(place)),
            open: Vec::new(),
            focused: 0,
            given_out: 0,
            hidden: 0,
        };
        let kept = ctx.data_mut(|data| data.get_persisted::<Tree<Pane>>(storage(place)));
        match kept.filter(|tiles| is_sound(tiles, place)) {
            Some(tiles) => {
                desk.given_out = panes(&tiles).map(|(_, pane)| pane.number).max().unwrap_or(0);
                desk.tiles = tiles;
            }
            None => desk.lay_out(),
        }
        desk.focused = desk.shown().first().map_or(0, |pane| pane.number);
        desk
    }

    /// All views as the program comes: one group in the middle, two below.
    pub(crate) fn lay_out(&mut self) {
        self.open.clear();
        let mut groups: Vec<Vec<TileId>> = vec![Vec::new()];
        let mut tiles = Tiles::default();
        for spec in views::of(self.place) {
            let pane = self.pane(spec.id, None);
            if spec.is_apart {
                groups.push(Vec::new());
            }
            if let Some(group) = groups.last_mut() {
                group.push(tiles.insert_pane(pane));
            }
        }
        let groups: Vec<TileId> = groups
            .into_iter()
            .map(|group| tiles.insert_tab_tile(group))
            .collect();
        let root = if let [one] = groups[..] {
            one
        } else {
            let root = tiles.insert_horizontal_tile(groups.clone());
            if let Some(Tile::Container(Container::Linear(linear))) = tiles.get_mut(root) {
                linear.shares.set_share(groups[0], 1.5);
            }
            root
        };
        self.tiles = Tree::new(storage(self.place), root, tiles);
        self.focused = self.shown().first().map_or(0, |pane| pane.number);
    }

    /// Keeps the layout for the next run.
    pub(crate) fn keep(&self, ctx: &Context) {
        ctx.data_mut(|data| data.insert_persisted(storage(self.place), self.tiles.clone()));
    }

    /// The panes whose views are on the screen.
    pub(crate) fn shown(&self) -> Vec<Pane> {
        let active = self.tiles.active_tiles();
        let panes = active.iter().filter_map(|tile| self.tiles.tiles.get_pane(tile));
        panes.cloned().collect()
    }

    /// Their numbers, in order.
    pub(crate) fn shown_numbers(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = self.shown().iter().map(|pane| pane.number).collect();
        numbers.sort_unstable();
        numbers
    }

    /// The number of the pane that has the keyboard, or had it last.
    pub(crate) fn focused_number(&self) -> u32 {
        self.focused_pane().map_or(0, |pane| pane.number)
    }

    /// The files that panes on the screen are about, the window's own apart.
    pub(crate) fn pinned(&self) -> impl Iterator<Item = SnapshotId> {
        self.shown().into_iter().filter_map(|pane| pane.pinned)
    }

    /// The view that has the keyboard, or had it last.
    pub(crate) fn focused(&mut self) -> Option<&mut (dyn View + 'static)> {
        let number = self.focused_pane()?.number;
        let (_, view) = self.open.iter_mut().find(|(of, _)| *of == number)?;
        Some(&mut **view)
    }

    /// Its kind.
    pub(crate) fn focused_spec(&self) -> Option<&'static Spec> {
        self.focused_pane()?.spec()
    }

    /// What the keyboard is given to, view by view.
    pub(crate) fn focus_ids(&self) -> Vec<Id> {
        let shown = self.shown();
        let views = self
            .open
            .iter()
            .filter(|(number, _)| shown.iter().any(|pane| pane.number == *number));
        views.map(|(_, view)| view.focus_id()).collect()
    }

    fn focused_pane(&self) -> Option<Pane> {
        let shown = self.shown();
        let focused = shown.iter().find(|pane| pane.number == self.focused);
        focused.or_else(|| shown.first()).cloned()
    }

    /// Shows the view `id` with the keyboard; makes one if there is none.
    pub(crate) fn focus(&mut self, ctx: &Context, id: &str) {
        let focused = self.focused_pane().filter(|pane| pane.view == id);
        let shown = self.shown().into_iter().find(|pane| pane.view == id);
        let any = || {
            panes(&self.tiles)
                .find(|(_, pane)| pane.view == id)
                .map(|(_, pane)| pane.clone())
        };
        let number = match focused.or(shown).or_else(any) {
            Some(pane) => pane.number,
            None => match views::spec(id) {
                Some(spec) => self.add(spec.id, None),
                None => return,
            },
        };
        self.activate(ctx, number);
    }

    /// Shows the view `id` on `subject`.
    pub(crate) fn reveal(&mut self, ctx: &Context, id: &str, subject: Subject) {
        self.focus(ctx, id);
        let number = self.focused;
        if let Some(view) = self.view(number) {
            view.reveal(subject.what);
        }
    }

    /// As it is asked for.
    pub(crate) fn show(&mut self, ctx: &Context, showing: Showing) {
        match showing {
            Showing::Focus(id) => self.focus(ctx, id),
            Showing::Raise(id) => {
                let raised = panes(&self.tiles).find(|(_, pane)| pane.view == id);
                if let Some(number) = raised.map(|(_, pane)| pane.number) {
                    self.show_panes(&[number]);
                }
            }
            Showing::Beside(id) => {
                let pane = self.pane(id, None);
                let number = pane.number;
                let tile = self.tiles.tiles.insert_pane(pane);
                self.split(tile);
                self.activate(ctx, number);
            }
            Showing::SideBySide(id, left, right) => self.side_by_side(ctx, id, left, right),
            Showing::Nth(at) => {
                let tabs = self.group_of(self.focused);
                let pane = tabs.get(at).and_then(|tile| self.tiles.tiles.get_pane(tile));
                if let Some(number) = pane.map(|pane| pane.number) {
                    self.activate(ctx, number);
                }
            }
            Showing::NextTab => {
                let tabs = self.group_of(self.focused);
                let here = self.tile_of(self.focused);
                let at = tabs.iter().position(|tile| Some(*tile) == here).unwrap_or(0);
                let next = tabs.get((at + 1) % tabs.len().max(1));
                let pane = next.and_then(|tile| self.tiles.tiles.get_pane(tile));
                if let Some(number) = pane.map(|pane| pane.number) {
                    self.activate(ctx, number);
                }
            }
            Showing::Anew => self.lay_out(),
            Showing::CloseTab => {
                if let Some(tile) = self.tile_of(self.focused) {
                    self.close(tile);
                }
            }
        }
    }

    /// Closes what is about that file; what may hold on to it begins anew, so that its memory is given back.
    pub(crate) fn forget(&mut self, snapshot: SnapshotId) {
        let of_another = |number: u32| {
            let mut panes = panes(&self.tiles).map(|(_, pane)| pane);
            let pane = panes.find(|pane| pane.number == number);
            pane.and_then(|pane| pane.pinned)
                .is_some_and(|pinned| pinned != snapshot)
        };
        let kept: Vec<u32> = self
            .open
            .iter()
            .map(|(number, _)| *number)
            .filter(|number| of_another(*number))
            .collect();
        self.open.retain(|(number, _)| kept.contains(number));
        let gone: Vec<TileId> = panes(&self.tiles)
            .filter(|(_, pane)| pane.pinned == Some(snapshot))
            .map(|(tile, _)| tile)
            .collect();
        for tile in gone {
            self.close(tile);
        }
    }

    /// Paints it in all the room there is; `end` paints at the right of the strip of the last group, and is told
    /// how wide its tabs are.
    pub(crate) fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, end: &mut dyn FnMut(&mut Ui, f32)) {
        let before: Vec<(u32, Shared)> = self.shares();
        let mut tiles = std::mem::replace(&mut self.tiles, Tree::empty(storage(self.place)));
        let last_group = last_group(&tiles);
        let mut painting = Painting {
            desk: self,
            cx,
            deeds: Vec::new(),
            edited: false,
            end,
            last_group,
            hidden: Vec::new(),
        };
        tiles.ui(&mut painting, ui);
        let (deeds, edited, hidden) = (painting.deeds, painting.edited, painting.hidden.len());
        // The strip learns only in the next frame how wide its tabs are.
        if std::mem::replace(&mut self.hidden, hidden) != hidden {
            ui.request_repaint();
        }
        self.tiles = tiles;
        for deed in deeds {
            self.carry_out(ui, cx, deed);
        }
        self.move_together(&before);
        if edited {
            self.keep(ui);
        }
    }

    fn carry_out(&mut self, ui: &Ui, cx: &Cx<'_>, deed: Deed) {
        match deed {
            Deed::Focus(number) => self.focused = number,
            Deed::Show(number) => {
                self.activate(ui, number);
                self.keep(ui);
            }
            Deed::Close(tile) => {
                self.close(tile);
                self.keep(ui);
            }
            Deed::Beside(tile) => {
                if let Some(Tile::Pane(pane)) = self.tiles.tiles.get(tile) {
                    let (view, pinned, number) = (pane.view.clone(), pane.pinned, pane.number);
                    self.focused = number;
                    let pane = self.pane(&view, pinned);
                    let tile = self.tiles.tiles.insert_pane(pane);
                    self.split(tile);
                    self.keep(ui);
                }
            }
            Deed::Pin(tile, snapshot) => {
                if let Some(Tile::Pane(pane)) = self.tiles.tiles.get_mut(tile) {
                    pane.pinned = snapshot;
                    pane.group = None;
                }
            }
            Deed::SideBySide(tile, other) => {
                let pane = self.tiles.tiles.get_pane(&tile);
                let own = pane
                    .and_then(|pane| pane.pinned)
                    .or(cx.snapshot().map(|(id, _)| id));
                if let (Some(spec), Some(own)) = (pane.and_then(Pane::spec), own) {
                    let numbers = [own, other].map(|id| cx.workspace.number(id));
                    let (left, right) = if numbers[0] < numbers[1] {
                        (own, other)
                    } else {
                        (other, own)
                    };
                    self.side_by_side(ui, spec.id, left, right);
                }
            }
        }
    }

    /// What the views on the screen that move together share.
    fn shares(&self) -> Vec<(u32, Shared)> {
        let grouped = self.shown().into_iter().filter(|pane| pane.group.is_some());
        let shared = grouped.filter_map(|pane| {
            let (_, view) = self.open.iter().find(|(number, _)| *number == pane.number)?;
            Some((pane.number, view.shared()?))
        });
        shared.collect()
    }

    /// Views that move together do as the one of them in which something was done.
    fn move_together(&mut self, before: &[(u32, Shared)]) {
        let after = self.shares();
        let shown = self.shown();
        for (number, now) in &after {
            let Some((_, was)) = before.iter().find(|(of, _)| of == number) else {
                continue;
            };
            if was == now {
                continue;
            }
            let group = shown
                .iter()
                .find(|pane| pane.number == *number)
                .and_then(|pane| pane.group);
            for pane in &shown {
                if pane.group == group
                    && pane.number != *number
                    && let Some((_, view)) = self.open.iter_mut().find(|(of, _)| *of == pane.number)
                {
                    view.adopt(now, now.scrolled - was.scrolled);
                }
            }
            return;
        }
    }
}

fn storage(place: Place) -> Id {
    Id::unique(("heapatlas layout", place as u8))
}

/// The command that shows a view.
pub(crate) fn show(cx: &Cx<'_>, spec: &'static Spec) {
    cx.send(Command::Show(Showing::Focus(spec.id)));
}
