//! The line of facts about a snapshot: who wrote it, in which process, when, and how much there is of it.

use eframe::egui::{FontId, Rect, Role, Sense, Ui, WidgetInfo, vec2};

use crate::base::units::{counted, grouped, human_bytes};
use crate::gui::cx::Cx;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::badge::{HEIGHT as BADGE, Tone, badge};
use crate::gui::widgets::strip::{self, Strip};
use crate::query::provenance::Provenance;

/// Height of the line.
pub(super) const HEIGHT: f32 = 40.0;

const PADDING: f32 = 12.0;
const BETWEEN: f32 = 16.0;

/// Paints it. What there is no room for is left out, from the end.
pub(super) fn facts(ui: &mut Ui, cx: &Cx<'_>, provenance: Option<&Provenance>) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let line = rect.shrink2(vec2(PADDING, 0.0));
    let facts = all(cx, provenance);
    let end = problems(ui, cx, line);
    let tokens = Tokens::of(ui);
    let line = line.with_max_x(end - BETWEEN);
    let mut strip = Strip::new(ui.painter(), line);
    for (what, value) in &facts {
        let width = width(ui, what, fonts::body()) + 6.0 + width(ui, value, fonts::number());
        if strip.x() + width > line.right() {
            continue;
        }
        strip.text(what, fonts::body(), tokens.text_subdued).space(6.0);
        strip
            .text(value, fonts::number(), tokens.text_strong)
            .space(BETWEEN);
    }
    let spoken: Vec<String> = facts
        .iter()
        .map(|(what, value)| format!("{what} {value}"))
        .collect();
    let spoken = spoken.join(", ");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    response.on_hover_text(spoken.replace(", ", "\n"));
}

fn all(cx: &Cx<'_>, provenance: Option<&Provenance>) -> Vec<(&'static str, String)> {
    let Some((id, snapshot)) = cx.snapshot() else {
        return Vec::new();
    };
    let producer = provenance.and_then(|from| from.producer.as_ref());
    let process = provenance.and_then(|from| from.process_id);
    let taken = provenance.and_then(|from| from.taken);
    let size = cx.workspace.entry(id).and_then(|entry| entry.file_size);
    let graph = snapshot.graph();
    let facts = [
        ("Written by", producer.map(ToString::to_string)),
        ("Process", process.map(|process| process.to_string())),
        ("Taken", taken.map(|taken| taken.to_string())),
        ("File", size.map(human_bytes)),
        ("Objects", Some(grouped(graph.node_count() as u64))),
        ("Edges", Some(grouped(graph.edge_count() as u64))),
    ];
    facts
        .into_iter()
        .filter_map(|(what, value)| Some((what, value?)))
        .collect()
}

/// At the right end: whether something was wrong in the file. Returns where it begins.
fn problems(ui: &mut Ui, cx: &Cx<'_>, line: Rect) -> f32 {
    let Some((_, snapshot)) = cx.snapshot() else {
        return line.right();
    };
    let (tone, icon, text) = match snapshot.problems().len() {
        0 => (Tone::Ok, Icon::CHECK, "No problems in the file".to_owned()),
        count => {
            let count = counted(count as u64, "problem", "problems");
            (Tone::Bad, Icon::WARNING, format!("{count} in the file"))
        }
    };
    let rect = Rect::from_center_size(line.center(), vec2(line.width(), BADGE));
    let layout = eframe::egui::Layout::right_to_left(eframe::egui::Align::Center);
    let mut end = ui.new_child(eframe::egui::UiBuilder::new().max_rect(rect).layout(layout));
    badge(&mut end, tone, Some(icon), &text).rect.left()
}

fn width(ui: &Ui, text: &str, font: FontId) -> f32 {
    let color = Tokens::of(ui).text;
    strip::cut(ui.painter(), text, font, color, f32::INFINITY)
        .size()
        .x
}
