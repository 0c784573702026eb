//! The card of a file in the left panel.

use eframe::egui::{Align2, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::base::units::{grouped, human_bytes};
use crate::gui::command::{Command, FileDeed};
use crate::gui::cx::Cx;
use crate::gui::stages::overall;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::button::icon_button;
use crate::gui::widgets::focus_ring;
use crate::gui::widgets::strip::{self, Strip};
use crate::gui::workspace::{Entry, State};

const MARGIN: f32 = 8.0;

/// Paints it. A click shows the snapshot, the cross closes it.
pub(super) fn snapshot_card(ui: &mut Ui, cx: &Cx<'_>, number: usize, entry: &Entry) {
    let is_current = cx
        .workspace
        .current()
        .is_some_and(|current| current.id == entry.id);
    let height = if matches!(entry.state, State::Loading(_)) {
        60.0
    } else {
        68.0
    };
    let (outer, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    let rect = outer.shrink2(vec2(MARGIN, 0.0));
    ground(ui, rect, &response, is_current);

    let left = rect.left() + 32.0;
    let line = |top: f32, height: f32| {
        Rect::from_min_max(
            pos2(left, rect.top() + top),
            pos2(rect.right() - 12.0, rect.top() + top + height),
        )
    };
    let tokens = Tokens::of(ui);
    let number_at = pos2(rect.left() + 22.0, line(8.0, 20.0).center().y);
    ui.painter().text(
        number_at,
        Align2::RIGHT_CENTER,
        number,
        fonts::number(),
        tokens.text_subdued,
    );
    first_line(ui, cx, entry, line(8.0, 20.0), &response);
    match &entry.state {
        State::Loading(load) => {
            let (stage, fraction) = match &load.progress {
                None => ("Waiting".to_owned(), None),
                Some(progress) => (progress.stage.title().to_owned(), Some(overall(progress))),
            };
            two(
                ui,
                line(28.0, 16.0),
                &stage,
                &fraction.map(percent).unwrap_or_default(),
            );
            if let Some(fraction) = fraction {
                bar(
                    ui,
                    Rect::from_min_size(line(48.0, 4.0).min, vec2(line(48.0, 4.0).width(), 4.0)),
                    fraction,
                );
            }
        }
        State::Ready(snapshot) => {
            let objects = format!("{} objects", grouped(snapshot.graph().node_count() as u64));
            let partial = if snapshot.problems().is_empty() {
                ""
            } else {
                "partial"
            };
            two(ui, line(28.0, 16.0), &objects, partial);
            place(ui, line(44.0, 16.0), entry);
        }
        State::Failed(fault) => {
            let mut strip = Strip::new(ui.painter(), line(28.0, 16.0));
            strip.icon(Icon::WARNING, 12.0, tokens.high_text).space(4.0);
            strip.text(&fault.what, fonts::small(), tokens.high_text);
            place(ui, line(44.0, 16.0), entry);
        }
        State::Cancelled(fraction) => {
            two(
                ui,
                line(28.0, 16.0),
                &format!("Cancelled at {}", percent(*fraction)),
                "",
            );
            place(ui, line(44.0, 16.0), entry);
        }
    }
    let name = spoken(number, entry, is_current);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if response.clicked() {
        cx.send(Command::File(entry.id, FileDeed::MakeCurrent));
    }
}

fn ground(ui: &Ui, rect: Rect, response: &Response, is_current: bool) {
    let tokens = Tokens::of(ui);
    if is_current {
        ui.painter().rect_filled(rect, 6.0, tokens.bg_active);
        let mark = Rect::from_min_size(rect.min + vec2(0.0, 4.0), vec2(2.0, rect.height() - 8.0));
        ui.painter().rect_filled(mark, 1.0, tokens.accent_text);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 6.0, tokens.bg_hover);
    }
    if response.has_focus() {
        focus_ring(ui, rect, 6.0);
    }
}

/// Name, size, and a cross while the pointer is over the card or the file is being read.
fn first_line(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry, line: Rect, card: &Response) {
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
        (State::Failed(_), _) | (_, None) => (String::new(), tokens.text),
        (_, Some(bytes)) => (format!("{} file", human_bytes(bytes)), tokens.text_subdued),
    };
    let end = strip::right(ui.painter(), right, &size, fonts::number_strong(), color);
    let name = Rect::from_min_max(line.min, pos2(end - 8.0, line.bottom()));
    Strip::new(ui.painter(), name).text(&entry.title(), fonts::heading(), tokens.text_strong);
}

fn two(ui: &Ui, line: Rect, left: &str, right: &str) {
    let tokens = Tokens::of(ui);
    let color = if right == "partial" {
        tokens.high_text
    } else {
        tokens.text
    };
    let end = strip::right(ui.painter(), line, right, fonts::number_small(), color);
    let rest = Rect::from_min_max(line.min, pos2(end - 4.0, line.bottom()));
    Strip::new(ui.painter(), rest).text(left, fonts::number_small(), tokens.text_subdued);
}

/// The file's folder, cut on the left.
fn place(ui: &Ui, line: Rect, entry: &Entry) {
    let tokens = Tokens::of(ui);
    let text = entry.source.path().to_string_lossy();
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

fn spoken(number: usize, entry: &Entry, is_current: bool) -> String {
    let state = match &entry.state {
        State::Loading(load) => match &load.progress {
            None => "waiting".to_owned(),
            Some(progress) => format!("loading, {}", percent(overall(progress))),
        },
        State::Ready(snapshot) => human_bytes(snapshot.total_size()),
        State::Failed(fault) => format!("not read: {}", fault.what),
        State::Cancelled(_) => "cancelled".to_owned(),
    };
    let current = if is_current { ", current" } else { "" };
    format!("Snapshot {number}, {}, {state}{current}", entry.title())
}
