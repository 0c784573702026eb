//! The middle and the bottom: tabs, and the views under them.

use eframe::egui::{Align, Frame, Id, Layout, Panel, Rect, RichText, Sense, Ui, UiBuilder, vec2};

use super::desk::{self, Desk};
use super::{opening, start, tabs};
use crate::base::units::grouped;
use crate::gui::command::{Appearance, Command, Part, Way};
use crate::gui::copies;
use crate::gui::cx::{Cx, Place};
use crate::gui::node_text;
use crate::gui::profile::ProfilePage;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::views;
use crate::gui::widgets::banner::{Banner, Tone};
use crate::gui::widgets::button::{icon_button, icon_button_if};
use crate::gui::widgets::strip::Strip;
use crate::gui::workspace::Entry;
use crate::query::subject::What;
use crate::snapshot::Snapshot;

/// The selected object is named where this much is left beside the tabs.
const LEAST_NAME: f32 = 72.0;

const BOTTOM: f32 = 280.0;

/// Problems that are listed when the pointer asks for all.
const MOST_LISTED: usize = 20;

/// Paints what stands in the middle: the views, or the page of what is being opened.
pub(crate) fn centre(ui: &mut Ui, cx: &Cx<'_>, desk: &mut Desk, page: &mut ProfilePage) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let Some((_, snapshot)) = cx.snapshot() else {
        let profile = cx
            .workspace
            .current()
            .and_then(|entry| Some((entry.id, entry.profile()?)));
        let (title, is_empty) = match cx.workspace.entries() {
            [] => ("Start", true),
            _ if profile.is_some() => ("Sampling profile", false),
            _ => ("Opening", false),
        };
        let strip = tabs::strip_ground(ui);
        let mut inner = ui.new_child(UiBuilder::new().max_rect(strip));
        let id = Id::unique("page");
        tabs::tab(&mut inner, id, strip, Icon::FOLDER_OPEN, title, None, true);
        if let Some((id, profile)) = profile {
            page.show(ui, cx, id, profile);
        } else if is_empty {
            start::start(ui, cx);
        } else {
            opening::opening(ui, cx);
        }
        return;
    };
    redacted(ui, cx, snapshot);
    problems(ui, cx, snapshot);
    desk.ui(ui, cx, &mut |_, _| {});
}

/// Paints what belongs to the selection, or only its tabs if it is closed.
pub(crate) fn bottom(ui: &mut Ui, cx: &Cx<'_>, desk: &mut Desk, is_open: bool) {
    let tokens = Tokens::of(ui);
    let frame = Frame::new().fill(tokens.bg_canvas);
    let panel = if is_open {
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
        if is_open {
            desk.ui(ui, cx, &mut |ui, tabs| selected(ui, cx, true, tabs));
        } else {
            closed(ui, cx);
        }
    });
}

/// The tabs of the closed panel: each opens it.
fn closed(ui: &mut Ui, cx: &Cx<'_>) {
    let strip = tabs::strip_ground(ui);
    let layout = Layout::left_to_right(Align::Min);
    let mut inner = ui.new_child(UiBuilder::new().max_rect(strip).layout(layout));
    inner.spacing_mut().item_spacing.x = 0.0;
    for spec in views::of(Place::Bottom) {
        let id = Id::unique(("closed tab", spec.id));
        if tabs::tab(&mut inner, id, strip, spec.icon, spec.title, None, false).clicked() {
            desk::show(cx, spec);
        }
    }
    inner.with_layout(Layout::right_to_left(Align::Center), |ui| {
        selected(ui, cx, false, 0.0);
    });
}

/// At the right of the bottom strip: what it is about, as far as its tabs, which are so wide, leave room, and how to close it.
fn selected(ui: &mut Ui, cx: &Cx<'_>, is_open: bool, tabs: f32) {
    let inner = ui;
    inner.add_space(4.0);
    let (icon, name) = if is_open {
        (Icon::CARET_DOWN, "Close the bottom panel")
    } else {
        (Icon::CARET_UP, "Open the bottom panel")
    };
    if icon_button(inner, icon, name, 24.0).clicked() {
        cx.send(Command::Toggle(Part::Bottom));
    }
    samples(inner, cx);
    if let (Some((_, snapshot)), Some(What::Object(node))) = (cx.snapshot(), cx.selected()) {
        let between = 2.0 * inner.spacing().item_spacing.x;
        let room = (inner.available_width() - between - tabs).clamp(0.0, 320.0);
        if room < LEAST_NAME {
            return;
        }
        let (rect, _) = inner.allocate_exact_size(vec2(room, tabs::HEIGHT), Sense::hover());
        let tokens = Tokens::of(inner);
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

/// Which of several samples is looked at, and the ways to the others.
fn samples(ui: &mut Ui, cx: &Cx<'_>) {
    let (Some(samples), Some(subject)) = (cx.workspace.samples(), cx.workspace.selection()) else {
        return;
    };
    let ways = [
        (Way::Forward, Icon::CARET_RIGHT, "Next sample"),
        (Way::Back, Icon::CARET_LEFT, "Previous sample"),
    ];
    for (way, icon, name) in ways {
        let to = samples.step(subject.snapshot, way);
        if icon_button_if(ui, icon, name, 24.0, to.is_some()).clicked()
            && let Some(to) = to
        {
            cx.send(Command::Select(to));
        }
    }
    let text = format!(
        "Sample {} of {}",
        samples.at + 1,
        grouped(samples.nodes.len() as u64)
    );
    let color = Tokens::of(ui).text_subdued;
    ui.label(RichText::new(text).font(fonts::number()).color(color));
    ui.add_space(8.0);
}

/// That what strings say is hidden: whoever sees a picture of the window should know.
fn redacted(ui: &mut Ui, cx: &Cx<'_>, snapshot: &Snapshot) {
    if !snapshot.is_redacted() {
        return;
    }
    let text = "Tokens stand for what strings say; sizes, counts and paths are those of the file";
    let (show, _) = copies::SHOWN[0];
    let banner = Banner::new(Tone::Ok, Icon::EYE_SLASH, "Redacted.", text).all(text);
    if banner.link(show).show(ui) {
        cx.send(Command::Appear(Appearance::Strings(None)));
    }
}

/// What was wrong in the file, above its views; if nothing was, which of the other open ones were read only in part.
fn problems(ui: &mut Ui, cx: &Cx<'_>, snapshot: &Snapshot) {
    let problems = snapshot.problems();
    let text = match problems {
        [] => return others(ui, cx),
        [one] => one.what.clone(),
        [first, second] => format!("{}; {}", first.what, second.what),
        [first, second, rest @ ..] => format!("{}; {}; and {} more", first.what, second.what, rest.len()),
    };
    let lines: Vec<String> = problems
        .iter()
        .take(MOST_LISTED)
        .map(ToString::to_string)
        .collect();
    let lead = "This file was read only in part.";
    let repair = cx.workspace.current().and_then(copies::repair_offer);
    let link = repair.as_ref().map_or("", |offer| offer.text);
    let is_followed = Banner::new(Tone::Bad, Icon::WARNING, lead, &text)
        .all(&lines.join("\n"))
        .link(link)
        .show(ui);
    if let (true, Some(offer)) = (is_followed, repair) {
        cx.send(offer.command);
    }
}

/// Which of the files that this one may be compared with were read only in part.
fn others(ui: &mut Ui, cx: &Cx<'_>) {
    let partial = cx.workspace.entries().iter().filter(|entry| {
        let snapshot = entry.snapshot();
        snapshot.is_some_and(|snapshot| !snapshot.problems().is_empty())
    });
    let titles: Vec<String> = partial.map(Entry::title).collect();
    let lead = match titles.as_slice() {
        [] => return,
        [one] => format!("{one} was read only in part."),
        several => format!("{} of the open files were read only in part.", several.len()),
    };
    let text = "What is said of it beside this one, of its growth and of several at a time, may be wrong";
    Banner::new(Tone::Warn, Icon::WARNING, &lead, text)
        .all(&titles.join("\n"))
        .show(ui);
}
