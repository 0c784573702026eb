//! The page without a snapshot: how to open one, and where snapshots come from.

use eframe::egui::{Align, Frame, Layout, Margin, Rect, RichText, Sense, Ui, UiBuilder, vec2};

use super::left_panel::dashed;
use crate::gui::command::{Ask, Command};
use crate::gui::cx::Cx;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::button::{Button, Look, key_cap};

const WIDTH: f32 = 1008.0;
const GAP: f32 = 12.0;

/// Paints it.
pub(crate) fn start(ui: &mut Ui, cx: &Cx<'_>) {
    let width = WIDTH.min(ui.available_width() - 48.0);
    let margin = (ui.available_width() - width) / 2.0;
    let top = (ui.available_height() * 0.07).min(56.0);
    let page = Rect::from_min_size(
        ui.cursor().min + vec2(margin, top),
        vec2(width, ui.available_height() - top),
    );
    let mut page = ui.new_child(
        UiBuilder::new()
            .max_rect(page)
            .layout(Layout::top_down(Align::Min)),
    );
    let ui = &mut page;
    ui.spacing_mut().item_spacing = vec2(GAP, 0.0);
    drop_area(ui, cx);
    ui.add_space(24.0);
    sources(ui);
    ui.add_space(24.0);
    keys(ui);
}

fn drop_area(ui: &mut Ui, cx: &Cx<'_>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 232.0), Sense::hover());
    let tokens = Tokens::of(ui);
    let is_over = ui.input(|input| !input.raw.hovered_files.is_empty());
    ui.painter().rect_filled(rect, 10.0, tokens.bg_panel);
    dashed(
        ui,
        rect,
        if is_over {
            tokens.stroke_focus
        } else {
            tokens.stroke_strong
        },
    );
    let mut inner = ui.new_child(
        UiBuilder::new()
            .max_rect(rect.shrink(32.0))
            .layout(Layout::top_down(Align::Center)),
    );
    inner.label(
        RichText::new(Icon::CHART.0)
            .font(fonts::icon(32.0))
            .color(tokens.accent_text),
    );
    inner.add_space(16.0);
    let title = RichText::new("Drop a heap snapshot here").font(fonts::page_title());
    inner.label(title.color(tokens.text_strong));
    inner.add_space(8.0);
    let text = "See what fills the heap, and what keeps each object alive.";
    inner.label(RichText::new(text).color(tokens.text_subdued));
    inner.add_space(20.0);
    // Two buttons in the middle: their widths are known only after they were laid out once.
    let id = inner.scope_id().with("buttons");
    let last: f32 = inner.data(|data| data.get_temp(id)).unwrap_or(260.0);
    let row = inner.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.add_space((ui.available_width() - last) / 2.0);
        let from = ui.cursor().left();
        let open = Button::new(Look::Primary, "Open files…")
            .icon(Icon::FOLDER_OPEN)
            .large();
        if ui.add(open).clicked() {
            cx.send(Command::Ask(Ask::Files));
        }
        let paste = Button::new(Look::Neutral, "Type a path")
            .key_cap("Ctrl V")
            .large();
        if ui.add(paste).clicked() {
            cx.send(Command::Ask(Ask::Path));
        }
        ui.min_rect().right() - from
    });
    inner.data_mut(|data| data.insert_temp(id, row.inner));
}

fn sources(ui: &mut Ui) {
    let width = (ui.available_width() - 2.0 * GAP) / 3.0;
    ui.horizontal_top(|ui| {
        let node = ["node --heapsnapshot-signal=SIGUSR2 app", "kill -USR2 4711"];
        source(
            ui,
            width,
            Icon::TERMINAL,
            "From Node",
            &node,
            "Writes a file into the folder it runs in.",
        );
        let chrome = ["DevTools, Memory, Heap snapshot"];
        let save = "Save with the arrow beside its name. Allocation timelines work too.";
        source(ui, width, Icon::GLOBE, "From Chrome or Edge", &chrome, save);
        let code = ["v8.writeHeapSnapshot()"];
        source(
            ui,
            width,
            Icon::CUBE,
            "From your own code",
            &code,
            "Where you choose, from the module node:v8.",
        );
    });
}

fn source(ui: &mut Ui, width: f32, icon: Icon, title: &str, commands: &[&str], text: &str) {
    let tokens = Tokens::of(ui);
    let card = Frame::new()
        .fill(tokens.bg_raised)
        .stroke((1.0, tokens.stroke_default))
        .corner_radius(6)
        .inner_margin(Margin::same(16));
    card.show(ui, |ui| {
        ui.set_width(width - 34.0);
        ui.set_height(104.0);
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 6.0;
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.label(
                    RichText::new(icon.0)
                        .font(fonts::icon(16.0))
                        .color(tokens.text_subdued),
                );
                ui.label(
                    RichText::new(title)
                        .font(fonts::heading())
                        .color(tokens.text_strong),
                );
            });
            for command in commands {
                let ground = Frame::new()
                    .fill(tokens.bg_panel)
                    .corner_radius(4)
                    .inner_margin(Margin::symmetric(8, 3));
                ground.show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    let command = RichText::new(*command)
                        .font(fonts::file())
                        .color(tokens.text_strong);
                    ui.add(eframe::egui::Label::new(command).truncate().selectable(true));
                });
            }
            ui.label(RichText::new(text).color(tokens.text_subdued));
        });
    });
}

fn keys(ui: &mut Ui) {
    let tokens = Tokens::of(ui);
    ui.label(
        RichText::new("Keys")
            .font(fonts::heading())
            .color(tokens.text_strong),
    );
    ui.add_space(4.0);
    for (keys, does) in [
        ("Ctrl O", "Open files"),
        ("Ctrl V", "Open the file whose path was copied"),
        ("F1", "All shortcuts"),
    ] {
        let (rect, _) =
            ui.allocate_exact_size(vec2(320.0_f32.min(ui.available_width()), 28.0), Sense::hover());
        let color = tokens.text;
        ui.painter().text(
            rect.left_center(),
            eframe::egui::Align2::LEFT_CENTER,
            does,
            fonts::body(),
            color,
        );
        let width = if keys.len() > 2 { 44.0 } else { 24.0 };
        let cap = Rect::from_center_size(rect.right_center() - vec2(width / 2.0, 0.0), vec2(width, 20.0));
        key_cap(ui, cap, keys);
    }
}
