//! A desk while it is painted: the tabs, their menus, and the views under them.

use eframe::egui::{
    Color32, CursorIcon, Id, PointerButton, Popup, Rect, Response, Sense, Style, Ui, Vec2, Visuals,
    WidgetText, vec2,
};
use egui_tiles::{Behavior, EditAction, SimplificationOptions, TabState, Tabs, TileId, Tiles, UiResponse};

use super::layout::{first_pane, simplification};
use super::{Deed, Desk, Pane};
use crate::gui::cx::{Cx, Place, Spec};
use crate::gui::limit;
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
    /// Paints at the right of the last group's strip, and is told how wide its tabs are.
    pub(super) end: &'a mut dyn FnMut(&mut Ui, f32),
    pub(super) last_group: Option<TileId>,
    /// Tabs that do not fit.
    pub(super) hidden: Vec<TileId>,
}

/// What stands on a tab.
struct TabFace {
    pane: Pane,
    spec: &'static Spec,
    title: String,
    tag: Option<String>,
}

impl Painting<'_> {
    /// The file that the pane is about.
    fn snapshot(&self, pane: &Pane) -> Option<SnapshotId> {
        pane.pinned.or_else(|| self.cx.snapshot().map(|(id, _)| id))
    }

    /// What a tab says besides its title: how much its view has found, or the number of its file, or of both.
    fn tag(&self, pane: &Pane, spec: &Spec, is_active: bool) -> Option<String> {
        let workspace = self.cx.workspace;
        if let Some(found) = self.desk.opened(pane).and_then(crate::gui::cx::View::found) {
            return (found > 0).then(|| found.to_string());
        }
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

    /// What stands on the tab of `tile`: a view, or a group of them.
    fn face_of(&self, tiles: &Tiles<Pane>, tile: TileId, is_active: bool) -> Option<TabFace> {
        let own = tiles.get_pane(&tile);
        let pane = own.or_else(|| first_pane(tiles, tile))?.clone();
        let spec = pane.spec()?;
        Some(match own {
            Some(_) => TabFace {
                title: spec.title.to_owned(),
                tag: self.tag(&pane, spec, is_active),
                pane,
                spec,
            },
            None => TabFace {
                title: format!("{} side by side", spec.title),
                tag: None,
                pane,
                spec,
            },
        })
    }

    /// The button behind which the tabs stand that do not fit.
    fn more(&mut self, ui: &mut Ui, hidden: &[&(TileId, TabFace)]) {
        if hidden.is_empty() {
            return;
        }
        let response = tabs::more(ui, hidden.len());
        let deeds = &mut self.deeds;
        Popup::menu(&response).width(menu::WIDTH).show(|ui| {
            for (_, face) in hidden {
                if menu::item(
                    ui,
                    face.spec.icon,
                    &face.title,
                    face.tag.as_deref().unwrap_or_default(),
                ) {
                    deeds.push(Deed::Show(face.pane.number));
                    ui.close();
                }
            }
        });
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
        if view.heeds_limit() {
            ui.push_id(("limit", pane.number), |ui| limit::line(ui, &cx));
        }
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
        let known = self.face_of(tiles, tile, state.active);
        let Some(TabFace {
            pane,
            spec,
            title,
            tag,
        }) = known.filter(|_| !self.hidden.contains(&tile))
        else {
            return ui.allocate_response(Vec2::ZERO, Sense::hover());
        };
        let strip = Rect::from_min_size(ui.cursor().min, vec2(0.0, tabs::HEIGHT));
        let response = tabs::tab(ui, id, strip, spec.icon, &title, tag.as_deref(), state.active);
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
        tiles: &Tiles<Pane>,
        ui: &mut Ui,
        tile: TileId,
        group: &Tabs,
        offset: &mut f32,
    ) {
        let (bar, tokens) = (ui.max_rect(), Tokens::of(ui));
        ui.painter()
            .hline(bar.x_range(), bar.bottom() - 0.5, (1.0, tokens.stroke_default));
        let faces: Vec<(TileId, TabFace)> = group
            .children
            .iter()
            .filter_map(|child| Some((*child, self.face_of(tiles, *child, group.is_active(*child))?)))
            .collect();
        let widths: Vec<f32> = faces
            .iter()
            .map(|(_, face)| tabs::width(ui, &face.title, face.tag.as_deref()))
            .collect();
        if Some(tile) == self.last_group {
            (self.end)(ui, widths.iter().sum());
        }
        if self.desk.place == Place::Centre {
            ui.add_space(4.0);
            if Some(tile) == self.last_group {
                limit::button(ui, self.cx);
            }
            if icon_button(ui, Icon::COLUMNS, "Split: open this view beside itself", 24.0).clicked()
                && let Some(active) = group.active
            {
                self.deeds.push(Deed::Beside(active));
            }
        }
        *offset = 0.0;
        let chosen = faces.iter().position(|(child, _)| group.is_active(*child));
        // A strip that is a hair too narrow is no reason to hide a tab.
        let room = ui.available_width() + 0.5;
        let more = tabs::more_width(ui, faces.len()) + ui.spacing().item_spacing.x;
        let shown = tabs::fitting(&widths, chosen, room, more);
        let is_hidden = |at: &usize| !shown.contains(at);
        let hidden: Vec<&(TileId, TabFace)> =
            (0..faces.len()).filter(is_hidden).map(|at| &faces[at]).collect();
        self.hidden.extend(hidden.iter().map(|(child, _)| *child));
        self.more(ui, &hidden);
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
