//! Views as tabs that can be split side by side, stacked and dragged: one desk for the middle, one for the bottom.

use eframe::egui::{Context, CursorIcon, Id, Rect, Response, Sense, Ui, WidgetText};
use egui_tiles::{
    Behavior, Container, EditAction, SimplificationOptions, TabState, Tabs, Tile, TileId, Tiles, Tree,
    UiResponse,
};
use serde::{Deserialize, Serialize};

use super::tabs;
use crate::gui::command::{Command, Showing};
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::theme::{Icon, Tokens};
use crate::gui::views;
use crate::gui::widgets::button::icon_button;
use crate::gui::widgets::menu;
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
enum Deed {
    Focus(u32),
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
        let root = match groups[..] {
            [one] => one,
            _ => {
                let root = tiles.insert_horizontal_tile(groups.clone());
                if let Some(Tile::Container(Container::Linear(linear))) = tiles.get_mut(root) {
                    linear.shares.set_share(groups[0], 1.5);
                }
                root
            }
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

    /// Closes what is about that file.
    pub(crate) fn forget(&mut self, snapshot: SnapshotId) {
        let gone: Vec<TileId> = panes(&self.tiles)
            .filter(|(_, pane)| pane.pinned == Some(snapshot))
            .map(|(tile, _)| tile)
            .collect();
        for tile in gone {
            self.close(tile);
        }
    }

    /// Two views of one kind that move together, in the place of the ones there are.
    fn side_by_side(&mut self, ctx: &Context, id: &'static str, left: SnapshotId, right: SnapshotId) {
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

    fn pane(&mut self, view: &str, pinned: Option<SnapshotId>) -> Pane {
        self.given_out += 1;
        Pane {
            number: self.given_out,
            view: view.to_owned(),
            pinned,
            group: None,
        }
    }

    /// Adds a view to the group that has the keyboard; returns its number.
    fn add(&mut self, view: &str, pinned: Option<SnapshotId>) -> u32 {
        let pane = self.pane(view, pinned);
        let number = pane.number;
        let tile = self.tiles.tiles.insert_pane(pane);
        match self
            .group_tile(self.focused)
            .and_then(|group| self.tiles.tiles.get_mut(group))
        {
            Some(Tile::Container(container)) => container.add_child(tile),
            _ => {
                let root = self.tiles.tiles.insert_tab_tile(vec![tile]);
                self.tiles.root = Some(root);
            }
        }
        number
    }

    /// Puts the tile beside the group that has the keyboard.
    fn split(&mut self, tile: TileId) {
        let tabs = self.tiles.tiles.insert_tab_tile(vec![tile]);
        let Some(group) = self.group_tile(self.focused) else {
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

    fn close(&mut self, tile: TileId) {
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

    fn activate(&mut self, ctx: &Context, number: u32) {
        self.focused = number;
        self.tiles
            .make_active(|_, tile| matches!(tile, Tile::Pane(pane) if pane.number == number));
        if let Some(view) = self.view(number) {
            let id = view.focus_id();
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
    }

    /// The view of that pane, made if it was not shown before.
    fn view(&mut self, number: u32) -> Option<&mut Box<dyn View>> {
        if self.open.iter().all(|(of, _)| *of != number) {
            let (_, pane) = panes(&self.tiles).find(|(_, pane)| pane.number == number)?;
            let view = (pane.spec()?.open)(Id::unique(("view", self.place as u8, number)));
            self.open.push((number, view));
        }
        self.open
            .iter_mut()
            .find(|(of, _)| *of == number)
            .map(|(_, view)| view)
    }

    fn tile_of(&self, number: u32) -> Option<TileId> {
        panes(&self.tiles)
            .find(|(_, pane)| pane.number == number)
            .map(|(tile, _)| tile)
    }

    /// The group of tabs in which that pane stands.
    fn group_tile(&self, number: u32) -> Option<TileId> {
        let tile = self
            .tile_of(number)
            .or_else(|| panes(&self.tiles).next().map(|(tile, _)| tile))?;
        self.tiles.tiles.parent_of(tile)
    }

    fn group_of(&self, number: u32) -> Vec<TileId> {
        let group = self
            .group_tile(number)
            .and_then(|group| self.tiles.tiles.get_container(group));
        let tiles = group.map(Container::children_vec).unwrap_or_default();
        let is_pane = |tile: &TileId| self.tiles.tiles.get_pane(tile).is_some();
        tiles.into_iter().filter(is_pane).collect()
    }

    /// Paints it in all the room there is; `end` paints at the right of the strip of the last group.
    pub(crate) fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>, end: &mut dyn FnMut(&mut Ui)) {
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
        };
        tiles.ui(&mut painting, ui);
        let (deeds, edited) = (painting.deeds, painting.edited);
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
                    view.adopt(now, now.offset - was.offset);
                }
            }
            return;
        }
    }
}

/// A desk while it is painted.
struct Painting<'a> {
    desk: &'a mut Desk,
    cx: &'a Cx<'a>,
    deeds: Vec<Deed>,
    edited: bool,
    end: &'a mut dyn FnMut(&mut Ui),
    last_group: Option<TileId>,
}

impl Painting<'_> {
    /// The file that the pane is about.
    fn snapshot(&self, pane: &Pane) -> Option<SnapshotId> {
        pane.pinned.or_else(|| self.cx.snapshot().map(|(id, _)| id))
    }

    /// What a tab says besides its title: the number of its file, or of both.
    fn tag(&self, pane: &Pane, spec: &Spec, is_active: bool) -> Option<String> {
        let workspace = self.cx.workspace;
        if spec.place == Place::Bottom
            || workspace.entries().len() < 2
            || !(is_active || pane.pinned.is_some())
        {
            return None;
        }
        let id = self.snapshot(pane)?;
        let number = workspace.number(id);
        if spec.is_of_two {
            let base = workspace.number(workspace.base_of(id)?.id);
            return Some(format!("{base}→{number}"));
        }
        Some(number.to_string())
    }

    fn tab_menu(&mut self, response: &Response, tile: TileId, pane: &Pane, spec: &'static Spec) {
        let others: Vec<(usize, SnapshotId, String)> = self
            .cx
            .workspace
            .entries()
            .iter()
            .enumerate()
            .filter(|(_, entry)| entry.snapshot().is_some() && Some(entry.id) != self.snapshot(pane))
            .map(|(at, entry)| (at + 1, entry.id, entry.title()))
            .collect();
        let (deeds, cx) = (&mut self.deeds, self.cx);
        response.context_menu(|ui| {
            ui.set_width(menu::WIDTH);
            if menu::item(ui, Icon::COLUMNS, "Open another beside it", "") {
                deeds.push(Deed::Beside(tile));
                ui.close();
            }
            if spec.place == Place::Centre && !spec.is_of_two {
                for (number, id, title) in &others {
                    let text = format!("Side by side with {number}, {title}");
                    if menu::item(ui, Icon::SWAP, &text, "") {
                        deeds.push(Deed::SideBySide(tile, *id));
                        ui.close();
                    }
                }
            }
            if spec.place == Place::Centre {
                let own = pane.pinned.or_else(|| cx.snapshot().map(|(id, _)| id));
                let (text, to) = match pane.pinned {
                    Some(_) => ("Follow the current snapshot", None),
                    None => ("Stay with this snapshot", own),
                };
                if menu::item(ui, Icon::PUSH_PIN, text, "") {
                    deeds.push(Deed::Pin(tile, to));
                    ui.close();
                }
            }
            menu::separator(ui);
            if menu::item(ui, Icon::X, "Close the tab", "") {
                deeds.push(Deed::Close(tile));
                ui.close();
            }
        });
    }
}

impl Behavior<Pane> for Painting<'_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, pane: &mut Pane) -> UiResponse {
        let tokens = Tokens::of(ui);
        let rect = ui.max_rect();
        ui.painter().rect_filled(rect, 0.0, tokens.bg_canvas);
        ui.spacing_mut().item_spacing.y = 0.0;
        let cx = Cx {
            pinned: pane.pinned,
            ..*self.cx
        };
        if self.desk.open.iter().all(|(number, _)| *number != pane.number)
            && let Some(spec) = pane.spec()
        {
            let id = Id::unique(("view", self.desk.place as u8, pane.number));
            self.desk.open.push((pane.number, (spec.open)(id)));
        }
        let Some((_, view)) = self
            .desk
            .open
            .iter_mut()
            .find(|(number, _)| *number == pane.number)
        else {
            return UiResponse::None;
        };
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        ui.push_id(pane.number, |ui| view.ui(ui, &cx));
        let has_focus = ui.memory(|memory| memory.has_focus(view.focus_id()));
        let is_pressed = ui.input(|input| {
            let at = input.pointer.press_origin();
            input.pointer.any_pressed() && at.is_some_and(|at| rect.contains(at))
        });
        if has_focus || is_pressed {
            self.deeds.push(Deed::Focus(pane.number));
        }
        UiResponse::None
    }

    fn tab_title_for_pane(&mut self, pane: &Pane) -> WidgetText {
        pane.spec().map_or("", |spec| spec.title).into()
    }

    fn tab_ui(
        &mut self,
        tiles: &mut Tiles<Pane>,
        ui: &mut Ui,
        id: Id,
        tile: TileId,
        state: &TabState,
    ) -> Response {
        let pane = tiles.get_pane(&tile).or_else(|| first_pane(tiles, tile)).cloned();
        let Some((pane, spec)) = pane.and_then(|pane| Some((pane.clone(), pane.spec()?))) else {
            return ui.allocate_response(eframe::egui::Vec2::ZERO, Sense::hover());
        };
        let is_group = tiles.get_pane(&tile).is_none();
        let tag = if is_group {
            None
        } else {
            self.tag(&pane, spec, state.active)
        };
        let title = if is_group {
            format!("{} side by side", spec.title)
        } else {
            spec.title.to_owned()
        };
        let strip = Rect::from_min_size(ui.cursor().min, eframe::egui::vec2(0.0, tabs::HEIGHT));
        let response = tabs::tab(ui, id, strip, spec.icon, &title, tag.as_deref(), state.active);
        if response.clicked_by(eframe::egui::PointerButton::Middle) {
            self.deeds.push(Deed::Close(tile));
        }
        if response.clicked() {
            self.deeds.push(Deed::Focus(pane.number));
        }
        self.tab_menu(&response, tile, &pane, spec);
        response
    }

    fn top_bar_right_ui(
        &mut self,
        tiles: &Tiles<Pane>,
        ui: &mut Ui,
        tile: TileId,
        tabs: &Tabs,
        _offset: &mut f32,
    ) {
        let _ = tiles;
        if Some(tile) == self.last_group {
            (self.end)(ui);
        }
        if self.desk.place == Place::Centre {
            ui.add_space(4.0);
            if icon_button(ui, Icon::COLUMNS, "Split: open this view beside itself", 24.0).clicked()
                && let Some(active) = tabs.active
            {
                self.deeds.push(Deed::Beside(active));
            }
        }
    }

    fn on_edit(&mut self, action: EditAction) {
        self.edited |= !matches!(action, EditAction::TileDragged);
    }

    fn tab_hover_cursor_icon(&self) -> CursorIcon {
        CursorIcon::Default
    }

    fn tab_bar_height(&self, _style: &eframe::egui::Style) -> f32 {
        tabs::HEIGHT
    }

    fn tab_bar_color(&self, visuals: &eframe::egui::Visuals) -> eframe::egui::Color32 {
        visuals.panel_fill
    }

    fn gap_width(&self, _style: &eframe::egui::Style) -> f32 {
        1.0
    }

    fn min_size(&self) -> f32 {
        160.0
    }

    fn simplification_options(&self) -> SimplificationOptions {
        simplification()
    }
}

fn simplification() -> SimplificationOptions {
    SimplificationOptions {
        all_panes_must_have_tabs: true,
        prune_single_child_tabs: false,
        ..SimplificationOptions::default()
    }
}

fn storage(place: Place) -> Id {
    Id::unique(("heapatlas layout", place as u8))
}

fn panes(tiles: &Tree<Pane>) -> impl Iterator<Item = (TileId, &Pane)> {
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
fn is_sound(tiles: &Tree<Pane>, place: Place) -> bool {
    let is_known = |pane: &Pane| pane.spec().is_some_and(|spec| spec.place == place);
    tiles.root().is_some() && panes(tiles).count() > 0 && panes(tiles).all(|(_, pane)| is_known(pane))
}

/// The parent of `child` that is not `except`.
fn panes_parent(tiles: &Tiles<Pane>, child: TileId, except: TileId) -> Option<TileId> {
    let parent = tiles.iter().find(|(tile, content)| {
        **tile != except && matches!(content, Tile::Container(container) if container.has_child(child))
    });
    parent.map(|(tile, _)| *tile)
}

/// The first pane below a group.
fn first_pane(tiles: &Tiles<Pane>, tile: TileId) -> Option<&Pane> {
    let mut tile = tile;
    loop {
        match tiles.get(tile)? {
            Tile::Pane(pane) => return Some(pane),
            Tile::Container(container) => tile = *container.children().next()?,
        }
    }
}

/// The group at the right end: the last one in the layout.
fn last_group(tiles: &Tree<Pane>) -> Option<TileId> {
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

/// The command that shows a view.
pub(crate) fn show(cx: &Cx<'_>, spec: &'static Spec) {
    cx.send(Command::Show(Showing::Focus(spec.id)));
}
