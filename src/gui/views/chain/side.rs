//! Beside the chain: other ways to the object, and what cutting the chain would free.

use eframe::egui::{Align, Layout, Rect, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::question::Way;
use super::rows::Links;
use crate::base::index::NodeIx;
use crate::base::units::{counted, grouped};
use crate::gui::node_text;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::button::{Button, Look, icon_button, icon_button_if};
use crate::gui::widgets::focus_ring;
use crate::gui::widgets::strip::{self, Strip};

/// How wide it is.
pub(super) const WIDTH: f32 = 280.0;

/// Height of the bar.
pub(super) const BAR: f32 = 28.0;

const HEAD: f32 = 28.0;
const ITEM: f32 = 42.0;
const PADDING: f32 = 12.0;

/// What was done there.
pub(super) enum Done {
    Nothing,
    /// The way of that number is to be shown.
    Choose(usize),
    Copy,
}

/// Paints it in all the room there is.
pub(super) fn show(ui: &mut Ui, links: &Links) -> Done {
    let tokens = Tokens::of(ui);
    let room = ui.available_rect_before_wrap();
    ui.painter()
        .vline(room.left() + 0.5, room.y_range(), (1.0, tokens.stroke_default));
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut done = Done::Nothing;
    if head(ui) {
        done = Done::Copy;
    }
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let ways = links
            .ways
            .as_ref()
            .map(|ways| ways.as_slice())
            .unwrap_or_default();
        for (at, way) in ways.iter().enumerate() {
            let (is_chosen, shortest) = (at == links.shown, ways[0].length);
            let links = Links {
                shown: at,
                ..links.clone()
            };
            if item(ui, &links, way, shortest, is_chosen) {
                done = Done::Choose(at);
            }
        }
        if ways.len() == 1 {
            let rect = line(ui, 24.0);
            let text = "There is no other way";
            Strip::new(ui.painter(), rect).text(text, fonts::body(), tokens.text_subdued);
        }
        cut(ui, links);
    });
    done
}

/// The same in one line under the chain, where there is no room beside it.
pub(super) fn bar(ui: &mut Ui, links: &Links) -> Done {
    let tokens = Tokens::of(ui);
    let room = ui.available_rect_before_wrap();
    ui.painter().rect_filled(room, 0.0, tokens.bg_panel);
    ui.painter()
        .hline(room.x_range(), room.top() + 0.5, (1.0, tokens.stroke_default));
    let mut done = Done::Nothing;
    let builder = UiBuilder::new()
        .max_rect(room.shrink2(vec2(4.0, 2.0)))
        .layout(Layout::right_to_left(Align::Center));
    ui.scope_builder(builder, |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if icon_button(ui, Icon::COPY, "Copy chain", 24.0).clicked() {
            done = Done::Copy;
        }
        let count = links.ways.as_ref().map_or(0, |ways| ways.len());
        if count > 1 {
            let has_next = links.shown + 1 < count;
            if icon_button_if(ui, Icon::ARROW_RIGHT, "Next way", 24.0, has_next).clicked() {
                done = Done::Choose(links.shown + 1);
            }
            if icon_button_if(ui, Icon::ARROW_LEFT, "Previous way", 24.0, links.shown > 0).clicked() {
                done = Done::Choose(links.shown - 1);
            }
            let text = format!("Way {} of {count}", links.shown + 1);
            ui.label(
                RichText::new(text)
                    .font(fonts::number())
                    .color(tokens.text_subdued),
            );
        }
        let rect = ui.available_rect_before_wrap();
        write_cut(ui, rect.shrink2(vec2(8.0, 0.0)), links);
    });
    done
}

/// `Without .cache of memoized() 115 296 B would be freed`; of what it is, and that it would be, only where there is room.
fn write_cut(ui: &Ui, line: Rect, links: &Links) {
    let Some((at, before, frees)) = worth(links) else {
        return;
    };
    let tokens = Tokens::of(ui);
    let width = |text: &str, font| {
        strip::cut(ui.painter(), text, font, tokens.text, f32::INFINITY)
            .size()
            .x
    };
    let (lead, label) = ("Without ", links.label(at));
    let of = format!(" of {} ", links.name(before));
    let bytes = format!("{} B ", grouped(frees));
    let fixed =
        20.0 + width(lead, fonts::body()) + width(&label, fonts::code()) + width(&bytes, fonts::number());
    let end = "would be freed";
    let end_width = width(end, fonts::number());
    let of_width = width(&of, fonts::body());
    let room = line.width() - fixed;
    let of = if room >= of_width { of.as_str() } else { " " };
    let left = room - if of.len() > 1 { of_width } else { 8.0 };
    let end = if left >= end_width { end } else { "freed" };
    let mut strip = Strip::new(ui.painter(), line);
    strip.icon(Icon::SCISSORS, 14.0, tokens.grow_text).space(6.0);
    strip.text(lead, fonts::body(), tokens.text);
    strip.text(&label, fonts::code(), tokens.text_strong);
    strip.text(of, fonts::body(), tokens.text);
    strip.text(&format!("{bytes}{end}"), fonts::number(), tokens.grow_text);
}

/// The step worth cutting, what it leads from, and what would be freed.
fn worth(links: &Links) -> Option<(usize, NodeIx, u64)> {
    let at = links.cut?;
    let steps = &links.way()?.steps;
    let before = steps.get(at.checked_sub(1)?)?.folded.node;
    Some((at, before, steps.get(at)?.frees?))
}

fn head(ui: &mut Ui) -> bool {
    let tokens = Tokens::of(ui);
    let rect = line(ui, HEAD);
    Strip::new(ui.painter(), rect).text("Ways to reach it", fonts::heading(), tokens.text_strong);
    let builder = UiBuilder::new()
        .max_rect(rect.with_max_x(rect.right() + 4.0))
        .layout(Layout::right_to_left(Align::Center));
    let button = Button::new(Look::Ghost, "Copy chain").icon(Icon::COPY);
    ui.scope_builder(builder, |ui| ui.add(button).clicked()).inner
}

fn line(ui: &mut Ui, height: f32) -> Rect {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    rect.shrink2(vec2(PADDING, 0.0))
}

/// A way: by what it comes to the object, how long it is. Returns whether it was chosen.
fn item(ui: &mut Ui, links: &Links, way: &Way, shortest: usize, is_chosen: bool) -> bool {
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ITEM), Sense::click());
    let rect = rect.with_min_x(rect.left() + 1.0);
    if is_chosen || response.hovered() {
        let fill = if is_chosen {
            tokens.bg_selected_dim
        } else {
            tokens.bg_hover
        };
        ui.painter().rect_filled(rect, 0.0, fill);
    }
    if is_chosen {
        let mark = Rect::from_min_size(rect.min, vec2(2.0, rect.height()));
        ui.painter().rect_filled(mark, 0.0, tokens.stroke_focus);
    }
    if response.has_focus() {
        focus_ring(ui, rect.shrink(1.0), 2.0);
    }
    let (top, bottom) = rect.shrink2(vec2(PADDING, 3.0)).split_top_bottom_at_fraction(0.5);
    let length = if links.shown == 0 {
        counted(way.length as u64, "step", "steps")
    } else {
        match way.length.saturating_sub(shortest) {
            0 => "as long".to_owned(),
            more => format!("+{}", counted(more as u64, "step", "steps")),
        }
    };
    let end = strip::right(ui.painter(), top, &length, fonts::number(), tokens.text_subdued);
    let mut first = Strip::new(ui.painter(), top.with_max_x(end - 8.0));
    let (name, under) = if let Some((before, holder)) = holder(way).filter(|_| links.shown > 0) {
        let snapshot = &links.asker.snapshot;
        node_text::write_node(&mut first, snapshot, holder, tokens);
        first
            .space(6.0)
            .text(&links.label(way.joint), fonts::code(), tokens.text_strong);
        let name = format!("{} {}", links.name(holder), links.label(way.joint));
        (
            name,
            format!("{} in {}", links.label(way.joint - 1), links.name(before)),
        )
    } else {
        first.text("Shortest", fonts::body(), tokens.text_strong);
        ("Shortest".to_owned(), last_labels(links, way))
    };
    Strip::new(ui.painter(), bottom).text(&under, fonts::small(), tokens.text_subdued);
    let name = format!("{name}, {length}");
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_chosen, &name));
    response.clicked()
}

/// Through which object another way comes to the first one, and what holds that.
fn holder(way: &Way) -> Option<(NodeIx, NodeIx)> {
    let node = |back| Some(way.steps.get(way.joint.checked_sub(back)?)?.folded.node);
    Some((node(2)?, node(1)?))
}

/// The end of the way: `… › .cache › key of Map entry 9019`.
fn last_labels(links: &Links, way: &Way) -> String {
    let from = way.steps.len().saturating_sub(3).max(1);
    let labels: Vec<String> = (from..way.steps.len()).map(|at| links.label(at)).collect();
    let more = if from > 1 { "… › " } else { "" };
    format!("{more}{}", labels.join(" › "))
}

/// What the one cut that is worth it would free.
fn cut(ui: &mut Ui, links: &Links) {
    let Some((at, before, frees)) = worth(links) else {
        return;
    };
    let tokens = Tokens::of(ui);
    let rule = line(ui, 13.0);
    ui.painter().hline(
        rule.x_range(),
        rule.center().y.round() + 0.5,
        (1.0, tokens.stroke_subtle),
    );
    let first = line(ui, 20.0);
    let mut strip = Strip::new(ui.painter(), first);
    strip.icon(Icon::SCISSORS, 14.0, tokens.grow_text).space(6.0);
    strip.text("Without ", fonts::body(), tokens.text);
    strip.text(&links.label(at), fonts::code(), tokens.text_strong);
    let of = format!(" of {}", links.name(before));
    strip.text(&of, fonts::body(), tokens.text);
    let second = line(ui, 20.0);
    let second = second.with_min_x(second.left() + 20.0);
    let text = format!("{} B would be freed", grouped(frees));
    Strip::new(ui.painter(), second).text(&text, fonts::number(), tokens.grow_text);
}
