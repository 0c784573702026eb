//! The left panel: what became of the size of the open snapshots, these as cards, and where to drop another.

mod identity;
mod total;

use eframe::egui::{
    Align, CursorIcon, Key, Layout, Modifiers, Popup, Rect, Response, RichText, Role, ScrollArea, Sense,
    Shape, Ui, WidgetInfo, pos2, vec2,
};

use super::snapshot_card::{self, snapshot_card};
use crate::gui::command::{Ask, Command, FileDeed, Part};
use crate::gui::cx::Cx;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::button::icon_button;
use crate::gui::widgets::menu;
use crate::gui::widgets::strip::paint_icon;

pub(super) use self::total::Change;

/// The panel of a window of that width: its identity, by which its own width is remembered, and its width at first.
pub(crate) fn for_window(width: f32) -> (&'static str, f32) {
    match width {
        ..1280.0 => ("snapshots, narrow", 216.0),
        ..1800.0 => ("snapshots", 264.0),
        _ => ("snapshots, wide", 296.0),
    }
}

const HEADER: f32 = 32.0;
const DROP_AREA: f32 = 56.0;
/// Between cards.
const BETWEEN: f32 = 4.0;
/// In narrower panels the names of files and the axis of the chart have no room.
const NARROW: f32 = 240.0;

/// Paints it.
pub(crate) fn left_panel(ui: &mut Ui, cx: &Cx<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    header(ui, cx);
    let entries = cx.workspace.entries();
    if entries.is_empty() {
        ui.add_space(20.0);
        let text = "Snapshots you open are listed here.";
        let text = RichText::new(text).color(Tokens::of(ui).text_subdued);
        ui.vertical_centered(|ui| ui.label(text));
        return;
    }
    let is_narrow = ui.available_width() < NARROW;
    total::total(ui, cx, is_narrow);
    identity::identity(ui, cx, is_narrow);
    let height = ui.available_height() - DROP_AREA - 24.0;
    ScrollArea::vertical()
        .max_height(height)
        .auto_shrink([false, false])
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = BETWEEN;
            ui.add_space(8.0);
            let mut cards = Vec::with_capacity(entries.len());
            for (at, entry) in entries.iter().enumerate() {
                cards.push(snapshot_card(ui, cx, at + 1, entry, is_narrow));
            }
            reorder(ui, cx, &cards);
        });
    drop_area(ui, cx);
}

/// Cards are dragged to another place, or moved there with Alt and an arrow.
fn reorder(ui: &Ui, cx: &Cx<'_>, cards: &[Response]) {
    for (at, card) in cards.iter().enumerate() {
        let entry = &cx.workspace.entries()[at];
        let move_to = |to| cx.send(Command::File(entry.id, FileDeed::MoveTo(to)));
        if card.has_focus() && !snapshot_card::is_renamed(ui, entry) {
            let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::ALT, key));
            if pressed(Key::ArrowUp) && at > 0 {
                move_to(at - 1);
            }
            if pressed(Key::ArrowDown) && at + 1 < cards.len() {
                move_to(at + 2);
            }
        }
        if !card.dragged() && !card.drag_stopped() {
            continue;
        }
        let Some(pointer) = ui.input(|input| input.pointer.latest_pos()) else {
            continue;
        };
        let to = cards
            .iter()
            .filter(|card| card.rect.center().y < pointer.y)
            .count();
        if to == at || to == at + 1 {
            continue;
        }
        if card.drag_stopped() {
            move_to(to);
            continue;
        }
        let y = match cards.get(to) {
            Some(below) => below.rect.top() - BETWEEN / 2.0,
            None => card_bottom(cards) + BETWEEN / 2.0,
        };
        let color = Tokens::of(ui).accent_text;
        let x = card.rect.x_range().shrink(8.0);
        ui.painter().hline(x, y.round() + 0.5, (1.0, color));
        ui.set_cursor_icon(CursorIcon::Grabbing);
    }
}

fn card_bottom(cards: &[Response]) -> f32 {
    cards.last().map_or(0.0, |card| card.rect.bottom())
}

fn header(ui: &mut Ui, cx: &Cx<'_>) {
    let tokens = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADER), Sense::hover());
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.stroke_subtle));
    let mut inner = ui.new_child(eframe::egui::UiBuilder::new().max_rect(rect.shrink2(vec2(12.0, 0.0))));
    inner.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.label(
            RichText::new("Snapshots")
                .font(fonts::heading())
                .color(tokens.text_strong),
        );
        let count = cx.workspace.entries().len().to_string();
        ui.label(
            RichText::new(count)
                .font(fonts::number())
                .color(tokens.text_subdued),
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let more = icon_button(ui, Icon::DOTS, "More about the snapshots", 24.0);
            Popup::menu(&more).width(menu::WIDTH).show(|ui| all(ui, cx));
            if icon_button(ui, Icon::PLUS, "Open files", 24.0).clicked() {
                cx.send(Command::Ask(Ask::Files));
            }
        });
    });
}

/// What can be done with all of them.
fn all(ui: &mut Ui, cx: &Cx<'_>) {
    if menu::item(ui, Icon::FOLDER_OPEN, "Open a path…", "") {
        cx.send(Command::Ask(Ask::Path));
    }
    if menu::item(ui, Icon::TABLE, "Hide this panel", "Ctrl B") {
        cx.send(Command::Toggle(Part::Left));
    }
    if !cx.workspace.entries().is_empty() {
        menu::separator(ui);
        if menu::item(ui, Icon::X, "Close all", "") {
            for entry in cx.workspace.entries() {
                cx.send(Command::File(entry.id, FileDeed::Close));
            }
        }
    }
}

/// Where a file may be dropped (as it may be anywhere in the window), and a button that opens one.
fn drop_area(ui: &mut Ui, cx: &Cx<'_>) {
    ui.add_space(12.0);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), DROP_AREA), Sense::click());
    let rect = rect.shrink2(vec2(12.0, 0.0));
    let tokens = Tokens::of(ui);
    let is_over = ui.input(|input| !input.raw.hovered_files.is_empty());
    let is_lit = is_over || response.hovered() || response.has_focus();
    dashed(
        ui,
        rect,
        if is_lit {
            tokens.stroke_focus
        } else {
            tokens.stroke_strong
        },
    );
    let icon = Rect::from_min_size(rect.min + vec2(12.0, 0.0), vec2(20.0, rect.height()));
    paint_icon(ui.painter(), icon, Icon::PLUS, 16.0, tokens.text_subdued);
    let text = if rect.width() + 24.0 < NARROW {
        "Drop a snapshot here,\nor click to open one"
    } else {
        "Drop another snapshot here,\nor click to open one"
    };
    let galley = ui
        .painter()
        .layout_no_wrap(text.to_owned(), fonts::body(), tokens.text_subdued);
    let at = pos2(icon.right() + 8.0, rect.center().y - galley.size().y / 2.0);
    ui.painter()
        .with_clip_rect(rect)
        .galley(at, galley, tokens.text_subdued);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Open another snapshot"));
    if response.clicked() {
        cx.send(Command::Ask(Ask::Files));
    }
}

/// A dashed border.
pub(super) fn dashed(ui: &Ui, rect: Rect, color: eframe::egui::Color32) {
    let rect = rect.shrink(0.5);
    let corners = [
        rect.left_top(),
        rect.right_top(),
        rect.right_bottom(),
        rect.left_bottom(),
        rect.left_top(),
    ];
    ui.painter()
        .extend(Shape::dashed_line(&corners, (1.0, color), 3.0, 3.0));
}
