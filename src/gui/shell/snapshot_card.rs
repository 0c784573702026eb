//! The card of a file in the left panel.

mod menu;
mod renaming;

use eframe::egui::{
    Align2, Context, Id, Key, Modifiers, Rect, Response, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};

use super::left_panel::Change;
use crate::base::units::{counted, grouped, human_bytes};
use crate::gui::command::{Command, FileDeed};
use crate::gui::cx::Cx;
use crate::gui::stages::overall;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::badge::{Tone, badge_at};
use crate::gui::widgets::button::icon_button;
use crate::gui::widgets::delta::delta;
use crate::gui::widgets::strip::{self, Strip};
use crate::gui::widgets::{focus_ring, keep_escape};
use crate::gui::workspace::{Entry, State};
use crate::snapshot::Snapshot;

const MARGIN: f32 = 8.0;
/// Letters of a percentage for which there is room in a narrow card: `+2.4 %`.
const MOST_NARROW: usize = 6;

/// What a card says of its file among the others.
struct Standing {
    number: usize,
    is_current: bool,
    is_base: bool,
    /// What became of its size since the snapshot before; none for the first.
    change: Option<Change>,
    is_narrow: bool,
}

/// The identity of the card of `entry`.
pub(super) fn id(entry: &Entry) -> Id {
    Id::unique(("snapshot card", entry.id))
}

/// Paints it. A click shows the snapshot, a double click renames it, the cross closes it.
pub(super) fn snapshot_card(
    ui: &mut Ui,
    cx: &Cx<'_>,
    number: usize,
    entry: &Entry,
    is_narrow: bool,
) -> Response {
    let workspace = cx.workspace;
    let change = |snapshot: &Snapshot| {
        let before = workspace.before(entry.id)?;
        Some(Change::of(before.total_size(), snapshot.total_size()))
    };
    let standing = Standing {
        number,
        is_current: workspace.current().is_some_and(|current| current.id == entry.id),
        is_base: workspace.base() == Some(entry.id),
        change: entry.snapshot().and_then(|snapshot| change(snapshot)),
        is_narrow,
    };
    let height = match (&entry.state, is_narrow) {
        (State::Loading(_), _) => 60.0,
        (_, true) => 52.0,
        (_, false) => 68.0,
    };
    let (_, outer) = ui.allocate_space(vec2(ui.available_width(), height));
    let response = ui.interact(outer, id(entry), Sense::click_and_drag());
    let rect = outer.shrink2(vec2(MARGIN, 0.0));
    ground(ui, rect, &response, &standing);

    let left = rect.left() + 30.0;
    let line = |top: f32, height: f32| {
        Rect::from_min_max(
            pos2(left, rect.top() + top),
            pos2(rect.right() - 12.0, rect.top() + top + height),
        )
    };
    let tokens = Tokens::of(ui);
    let number_at = pos2(rect.left() + 20.0, line(8.0, 20.0).center().y);
    ui.painter().text(
        number_at,
        Align2::RIGHT_CENTER,
        number,
        fonts::number(),
        tokens.text_subdued,
    );
    first_line(ui, cx, entry, line(8.0, 20.0), &response, &standing);
    let (second, third) = (line(28.0, 16.0), line(44.0, 16.0));
    match &entry.state {
        State::Loading(load) => {
            let (stage, fraction) = match &load.progress {
                None => ("Waiting".to_owned(), None),
                Some(progress) => (progress.stage.title().to_owned(), Some(overall(progress))),
            };
            two(ui, second, &stage, &fraction.map(percent).unwrap_or_default());
            if let Some(fraction) = fraction {
                let rect = line(48.0, 4.0);
                bar(ui, rect, fraction);
            }
        }
        State::Ready(snapshot) => measured(ui, second, snapshot, &standing),
        State::Profile(_) => two(ui, second, "Sampling profile", ""),
        State::Failed(fault) => {
            let mut strip = Strip::new(ui.painter(), second);
            strip.icon(Icon::WARNING, 12.0, tokens.high_text).space(4.0);
            strip.text(&fault.what, fonts::small(), tokens.high_text);
        }
        State::Cancelled(fraction) => two(ui, second, &format!("Cancelled at {}", percent(*fraction)), ""),
    }
    if !is_narrow && !matches!(entry.state, State::Loading(_)) {
        place(ui, third, entry);
    }
    let name = spoken(entry, &standing);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    act(ui, cx, entry, &response);
    let response = response.on_hover_ui(|ui| about(ui, entry));
    menu::menu(ui, cx, entry, &response);
    response
}

/// What there is no room for on the card.
fn about(ui: &mut Ui, entry: &Entry) {
    let tokens = Tokens::of(ui);
    let name = entry.title();
    ui.label(
        RichText::new(name)
            .font(fonts::strong())
            .color(tokens.text_strong),
    );
    let producer = entry.producer().map(|producer| format!("Written by {producer}"));
    let taken = entry.taken.map(|taken| format!("Taken {taken}"));
    let problems = entry.snapshot().map_or(0, |snapshot| snapshot.problems().len());
    let problems = (problems > 0).then(|| counted(problems as u64, "problem", "problems") + " in the file");
    let path = Some(entry.source.path().display().to_string());
    for text in [producer, taken, problems, path].into_iter().flatten() {
        ui.label(
            RichText::new(text)
                .font(fonts::small())
                .color(tokens.text_subdued),
        );
    }
}

fn act(ui: &Ui, cx: &Cx<'_>, entry: &Entry, response: &Response) {
    let pressed = |key| response.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let is_loading = matches!(entry.state, State::Loading(_));
    if is_loading && response.has_focus() {
        keep_escape(ui, response.id);
    }
    if is_loading && pressed(Key::Escape) {
        cx.send(Command::File(entry.id, FileDeed::Cancel));
    } else if response.double_clicked() || pressed(Key::F2) {
        renaming::begin(ui, entry);
    } else if response.clicked() {
        response.request_focus();
        cx.send(Command::File(entry.id, FileDeed::MakeCurrent));
    }
}

/// Is any card being renamed? Then its keys are not those of the list.
pub(super) fn is_renamed(ctx: &Context, entry: &Entry) -> bool {
    renaming::is_of(ctx, entry)
}

/// How many objects, and how much it grew since the snapshot before.
fn measured(ui: &Ui, line: Rect, snapshot: &Snapshot, standing: &Standing) {
    let tokens = Tokens::of(ui);
    let (painter, font) = (ui.painter(), fonts::number_small());
    let end = match standing.change {
        None if standing.number == 1 => strip::right(painter, line, "first", font, tokens.text_subdued),
        None => line.right(),
        Some(change) => {
            let (by, part) = (change.text(), change.percent());
            let text = match change.way {
                std::cmp::Ordering::Equal => "unchanged".to_owned(),
                // What has more digits than there is room for beside the count.
                _ if standing.is_narrow && part.chars().count() > MOST_NARROW => by,
                _ => format!("{by}  {part}"),
            };
            delta(painter, line, change.way, &text, font, tokens)
        }
    };
    let count = grouped(snapshot.graph().node_count() as u64);
    let texts = if standing.is_narrow {
        vec![count]
    } else {
        vec![format!("{count} objects"), count]
    };
    let rest = line.with_max_x(end - 4.0);
    strip::first_that_fits(painter, rest, &texts, fonts::number_small(), tokens.text_subdued);
}

fn ground(ui: &Ui, rect: Rect, response: &Response, standing: &Standing) {
    let tokens = Tokens::of(ui);
    if standing.is_current {
        ui.painter().rect_filled(rect, 6.0, tokens.bg_active);
    } else if response.hovered() || response.dragged() {
        ui.painter().rect_filled(rect, 6.0, tokens.bg_hover);
    }
    // Where there is no room for badges, the mark at the left says it.
    let mark = match (standing.is_current, standing.is_base && standing.is_narrow) {
        (true, _) => Some(tokens.accent_text),
        (_, true) => Some(tokens.stroke_strong),
        _ => None,
    };
    if let Some(color) = mark {
        let mark = Rect::from_min_size(rect.min + vec2(0.0, 4.0), vec2(2.0, rect.height() - 8.0));
        ui.painter().rect_filled(mark, 1.0, color);
    }
    if response.has_focus() {
        focus_ring(ui, rect, 6.0);
    }
}

/// Name, size, and a cross while the pointer is over the card or the file is being read.
fn first_line(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry, line: Rect, card: &Response, standing: &Standing) {
    if renaming::is_of(ui, entry) {
        renaming::field(ui, cx, standing.number, entry, line);
        return;
    }
    let tokens = Tokens::of(ui);
    let is_loading = matches!(entry.state, State::Loading(_));
    let mut right = line;
    if is_loading || ui.rect_contains_pointer(card.rect) {
        let cross = Rect::from_center_size(pos2(line.right() - 4.0, line.center().y), vec2(20.0, 20.0));
        let name = if is_loading { "Cancel" } else { "Close" };
        let mut inner = ui.new_child(UiBuilder::new().max_rect(cross).id_salt(("cross", entry.id)));
        if icon_button(&mut inner, Icon::X, &format!("{name} {}", entry.title()), 20.0).clicked() {
            cx.send(if is_loading {
                Command::File(entry.id, FileDeed::Cancel)
            } else {
                Command::File(entry.id, FileDeed::Close)
            });
        }
        right.max.x = cross.left() - 2.0;
    }
    let (size, color) = match (&entry.state, entry.file_size) {
        (State::Ready(snapshot), _) => (human_bytes(snapshot.total_size()), tokens.text_strong),
        (State::Profile(profile), _) => (human_bytes(profile.tree().total().size), tokens.text_strong),
        (State::Failed(_), _) | (_, None) => (String::new(), tokens.text),
        (_, Some(bytes)) => (format!("{} file", human_bytes(bytes)), tokens.text_subdued),
    };
    let end = strip::right(ui.painter(), right, &size, fonts::number_strong(), color);
    let name = Rect::from_min_max(line.min, pos2(end - 8.0, line.bottom()));
    let mut strip = Strip::new(ui.painter(), name);
    strip.text(&entry.title(), fonts::heading(), tokens.text_strong);
    let mut x = strip.x() + 8.0;
    for (tone, text) in badges(entry, standing) {
        let room = name.with_min_x(x.min(name.right()));
        let end = badge_at(ui.painter(), room, tone, None, text, Tokens::of(ui));
        x = if end > room.left() { end + 4.0 } else { x };
    }
}

fn badges(entry: &Entry, standing: &Standing) -> Vec<(Tone, &'static str)> {
    let mut badges = Vec::new();
    match &entry.state {
        State::Failed(_) => badges.push((Tone::Bad, "not read")),
        State::Ready(snapshot) if !snapshot.problems().is_empty() => badges.push((Tone::Bad, "partial")),
        _ => {}
    }
    if standing.is_current && !standing.is_narrow {
        badges.push((Tone::Current, "Current"));
    }
    if standing.is_base && !standing.is_narrow {
        badges.push((Tone::Neutral, "Base"));
    }
    badges
}

fn two(ui: &Ui, line: Rect, left: &str, right: &str) {
    let tokens = Tokens::of(ui);
    let end = strip::right(ui.painter(), line, right, fonts::number_small(), tokens.text);
    let rest = Rect::from_min_max(line.min, pos2(end - 4.0, line.bottom()));
    Strip::new(ui.painter(), rest).text(left, fonts::number_small(), tokens.text_subdued);
}

/// The name of the file, cut on the left, and the program that wrote it.
fn place(ui: &Ui, line: Rect, entry: &Entry) {
    let tokens = Tokens::of(ui);
    let line = match entry.producer() {
        None => line,
        Some(producer) => {
            let (font, color) = (fonts::number_small(), tokens.text_subdued);
            let end = strip::right(ui.painter(), line, &producer.short(), font, color);
            line.with_max_x(end - 8.0)
        }
    };
    let path = entry.source.path();
    let text = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let measure = ui
        .painter()
        .layout_no_wrap("0".to_owned(), fonts::file(), tokens.text);
    let most = (line.width() / measure.size().x.max(1.0)) as usize;
    let count = text.chars().count();
    let shown = if count > most {
        let kept: String = text.chars().skip(count + 1 - most).collect();
        format!("…{kept}")
    } else {
        text.into_owned()
    };
    Strip::new(ui.painter(), line).text(&shown, fonts::file(), tokens.text_subdued);
}

fn bar(ui: &Ui, rect: Rect, fraction: f32) {
    let tokens = Tokens::of(ui);
    ui.painter().rect_filled(rect, 2.0, tokens.stroke_default);
    let done = Rect::from_min_size(
        rect.min,
        vec2(rect.width() * fraction.clamp(0.0, 1.0), rect.height()),
    );
    ui.painter().rect_filled(done, 2.0, tokens.accent_text);
}

/// `41 %`
pub(super) fn percent(fraction: f32) -> String {
    format!("{:.0}\u{A0}%", fraction * 100.0)
}

fn spoken(entry: &Entry, standing: &Standing) -> String {
    let state = match &entry.state {
        State::Loading(load) => match &load.progress {
            None => "waiting".to_owned(),
            Some(progress) => format!("loading, {}", percent(overall(progress))),
        },
        State::Ready(snapshot) => human_bytes(snapshot.total_size()),
        State::Profile(profile) => {
            format!("sampling profile, {}", human_bytes(profile.tree().total().size))
        }
        State::Failed(fault) => format!("not read: {}", fault.what),
        State::Cancelled(_) => "cancelled".to_owned(),
    };
    let mut said = format!("Snapshot {}, {}, {state}", standing.number, entry.title());
    if let Some(change) = standing.change {
        said = format!("{said}, {}", change.spoken());
    }
    for (is_so, word) in [(standing.is_current, "current"), (standing.is_base, "base")] {
        if is_so {
            said = format!("{said}, {word}");
        }
    }
    said
}
