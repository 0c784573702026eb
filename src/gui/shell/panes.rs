//! The middle and the bottom: tabs, and the views under them.

use eframe::egui::{Align, Frame, Layout, Panel, Rect, Sense, Ui, UiBuilder, vec2};

use super::{Parts, opening, start, tabs};
use crate::gui::command::{Command, Part};
use crate::gui::cx::{Cx, Place};
use crate::gui::node_text;
use crate::gui::theme::{Icon, Tokens};
use crate::gui::views::Views;
use crate::gui::widgets::banner;
use crate::gui::widgets::button::icon_button;
use crate::gui::widgets::strip::Strip;
use crate::query::subject::What;
use crate::snapshot::Snapshot;

const BOTTOM: f32 = 280.0;

/// Problems that are listed when the pointer asks for all.
const MOST_LISTED: usize = 20;

/// Paints what stands in the middle: the view of the snapshot, or the page of what is being opened.
pub(crate) fn centre(ui: &mut Ui, cx: &Cx<'_>, views: &mut Views, parts: &Parts) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let strip = tabs::strip_ground(ui);
    let Some((id, snapshot)) = cx.snapshot() else {
        if cx.workspace.entries().is_empty() {
            tabs::tab(ui, strip, strip.left(), Icon::FOLDER_OPEN, "Start", true);
            start::start(ui, cx);
        } else {
            tabs::tab(ui, strip, strip.left(), Icon::FOLDER_OPEN, "Opening", true);
            opening::opening(ui, cx);
        }
        return;
    };
    view_tabs(ui, cx, views, strip, Place::Centre, parts.centre_view);
    problems(ui, snapshot);
    if let Some((spec, view)) = views.iter_mut().find(|(spec, _)| spec.id == parts.centre_view) {
        ui.push_id((spec.id, id), |ui| view.ui(ui, cx));
    }
}

/// Paints what belongs to the selection, or only its tabs if it is closed.
pub(crate) fn bottom(ui: &mut Ui, cx: &Cx<'_>, views: &mut Views, parts: &Parts) {
    let tokens = Tokens::of(ui);
    let frame = Frame::new().fill(tokens.bg_canvas);
    let panel = if parts.bottom {
        let most = (ui.available_height() - 200.0).max(tabs::HEIGHT);
        Panel::bottom("bottom")
            .default_size(BOTTOM)
            .size_range(120.0..=most.max(121.0))
            .resizable(true)
    } else {
        Panel::bottom("bottom, closed")
            .exact_size(tabs::HEIGHT)
            .resizable(false)
    };
    panel.frame(frame).show(ui, |ui| {
        // A panel is as high as what it holds: it holds all the room it was given.
        ui.expand_to_include_rect(ui.max_rect());
        ui.spacing_mut().item_spacing.y = 0.0;
        let strip = tabs::strip_ground(ui);
        let chosen = if parts.bottom { parts.bottom_view } else { "" };
        let end = view_tabs(ui, cx, views, strip, Place::Bottom, chosen);
        let rest = Rect::from_x_y_ranges(end..=strip.right() - 8.0, strip.y_range());
        selected(ui, cx, rest, parts.bottom);
        if parts.bottom
            && let Some((spec, view)) = views.iter_mut().find(|(spec, _)| spec.id == parts.bottom_view)
        {
            ui.push_id(spec.id, |ui| view.ui(ui, cx));
        }
    });
}

/// The tabs of all views of `place`; returns where they end.
fn view_tabs(ui: &Ui, cx: &Cx<'_>, views: &Views, strip: Rect, place: Place, chosen: &str) -> f32 {
    let mut x = strip.left();
    for (spec, _) in views.iter().filter(|(spec, _)| spec.place == place) {
        let response = tabs::tab(ui, strip, x, spec.icon, spec.title, spec.id == chosen);
        if response.clicked() {
            cx.send(Command::Focus(spec.id));
        }
        x = response.rect.right();
    }
    x
}

/// At the right of the bottom strip: what it is about, and how to close it.
fn selected(ui: &mut Ui, cx: &Cx<'_>, rect: Rect, is_open: bool) {
    let builder = UiBuilder::new()
        .max_rect(rect)
        .id_salt("selected")
        .layout(Layout::right_to_left(Align::Center));
    let mut inner = ui.new_child(builder);
    let (icon, name) = if is_open {
        (Icon::CARET_DOWN, "Close the bottom panel")
    } else {
        (Icon::CARET_UP, "Open the bottom panel")
    };
    if icon_button(&mut inner, icon, name, 24.0).clicked() {
        cx.send(Command::Toggle(Part::Bottom));
    }
    if let (Some((_, snapshot)), Some(What::Object(node))) = (cx.snapshot(), cx.selected()) {
        let room = inner.available_width().min(360.0);
        let (rect, _) = inner.allocate_exact_size(vec2(room, tabs::HEIGHT), Sense::hover());
        let tokens = Tokens::of(&inner);
        // Set from the right: written once where nobody sees it, to know how wide it is.
        let unseen = inner.painter().with_clip_rect(Rect::NOTHING);
        let mut measured = Strip::new(&unseen, rect);
        node_text::write_node(&mut measured, snapshot, node, tokens);
        let width = measured.x() - rect.left();
        let rect = Rect::from_min_max(rect.max - vec2(width.min(room), rect.height()), rect.max);
        let mut strip = Strip::new(inner.painter(), rect);
        node_text::write_node(&mut strip, snapshot, node, tokens);
    }
}

/// What was wrong in the file, above its views.
fn problems(ui: &mut Ui, snapshot: &Snapshot) {
    let problems = snapshot.problems();
    let text = match problems {
        [] => return,
        [one] => one.to_string(),
        [first, rest @ ..] => format!("{first}, and {} more", rest.len()),
    };
    let lines: Vec<String> = problems
        .iter()
        .take(MOST_LISTED)
        .map(ToString::to_string)
        .collect();
    banner(ui, "This file was read only in part.", &text, &lines.join("\n"));
}
