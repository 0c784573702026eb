//! A desk while it is painted: the tabs, their menus, and the views under them.

use eframe::egui::{
    Color32, CursorIcon, Id, PointerButton, Rect, Response, Sense, Style, Ui, Vec2, Visuals, WidgetText, vec2,
};
use egui_tiles::{Behavior, EditAction, SimplificationOptions, TabState, Tabs, TileId, Tiles, UiResponse};

use super::layout::{first_pane, simplification};
use super::{Deed, Desk, Pane};
use crate::gui::cx::{Cx, Place, Spec};
use crate::gui::shell::tabs;
use crate::gui::theme::{Icon, Tokens};
use crate::gui::widgets::button::icon_button;
use crate::gui::widgets::menu;
use crate::query::subject::SnapshotId;

/// A desk while it is painted.
pub(super) struct Painting<'a> {
    pub(super) desk: &'a mut Desk,
    pub(super) cx: &'a Cx<'a>,
    pub(super) deeds: Vec<Deed>,
    pub(super) edited: bool,
    pub(super) end: &'a mut dyn FnMut(&mut Ui),
    pub(super) last_group: Option<TileId>,
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
        if let Some(tag) = self.desk.opened(pane).and_then(|view| view.tag(self.cx)) {
            return Some(tag);
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
        let Some(view) = self.desk.view_of(pane) else {
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
            return ui.allocate_response(Vec2::ZERO, Sense::hover());
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
        let strip = Rect::from_min_size(ui.cursor().min, vec2(0.0, tabs::HEIGHT));
        let response = tabs::tab(ui, id, strip, spec.icon, &title, tag.as_deref(), state.active);
        if state.active && self.desk.reveals_tabs {
            response.scroll_to_me(None);
        }
        if response.clicked_by(PointerButton::Middle) {
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
        _tiles: &Tiles<Pane>,
        ui: &mut Ui,
        tile: TileId,
        tabs: &Tabs,
        _offset: &mut f32,
    ) {
        let (bar, tokens) = (ui.max_rect(), Tokens::of(ui));
        ui.painter()
            .hline(bar.x_range(), bar.bottom() - 0.5, (1.0, tokens.stroke_default));
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

    fn tab_bar_height(&self, _style: &Style) -> f32 {
        tabs::HEIGHT
    }

    fn tab_bar_color(&self, visuals: &Visuals) -> Color32 {
        visuals.panel_fill
    }

    fn gap_width(&self, _style: &Style) -> f32 {
        1.0
    }

    fn min_size(&self) -> f32 {
        160.0
    }

    fn simplification_options(&self) -> SimplificationOptions {
        simplification()
    }
}
