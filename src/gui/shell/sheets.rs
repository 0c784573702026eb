//! What is laid over the window: the sheet of shortcuts, and what this program is.

use eframe::egui::{Frame, Grid, Id, Margin, Modal, RichText, Ui};

use super::keys;
use crate::gui::command::{Command, Part, Sheet};
use crate::gui::cx::Cx;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::button::{Button, Look};

/// Paints `sheet`.
pub(crate) fn show(ui: &Ui, cx: &Cx<'_>, sheet: Sheet) {
    match sheet {
        Sheet::Shortcuts => shortcuts(ui, cx),
        Sheet::About => about(ui, cx),
    }
}

fn shortcuts(ui: &Ui, cx: &Cx<'_>) {
    laid_over(ui, cx, Sheet::Shortcuts, "Keyboard shortcuts", |ui| {
        let tokens = Tokens::of(ui);
        ui.spacing_mut().interact_size.y = 16.0;
        Grid::new("shortcuts")
            .num_columns(2)
            .spacing([24.0, 4.0])
            .show(ui, |ui| {
                for (pressed, does) in keys::ALL {
                    ui.label(
                        RichText::new(*pressed)
                            .font(fonts::badge())
                            .color(tokens.text_subdued),
                    );
                    ui.label(RichText::new(*does).color(tokens.text));
                    ui.end_row();
                }
            });
    });
}

fn about(ui: &Ui, cx: &Cx<'_>) {
    laid_over(ui, cx, Sheet::About, "Heapatlas", |ui| {
        let tokens = Tokens::of(ui);
        let version = concat!("Version ", env!("CARGO_PKG_VERSION"), ", MIT or Apache-2.0");
        ui.label(RichText::new(version).color(tokens.text));
        ui.label(RichText::new(env!("CARGO_PKG_DESCRIPTION")).color(tokens.text));
        ui.label(
            RichText::new("It opens no connection: nothing leaves this machine.").color(tokens.text_subdued),
        );
        let fonts = "Fonts: Inter and JetBrains Mono (SIL Open Font License), Phosphor icons (MIT).";
        ui.label(RichText::new(fonts).color(tokens.text_subdued));
    });
}

/// The frame of what is laid over the window.
pub(super) fn frame(ui: &Ui) -> Frame {
    Frame::popup(&ui.global_style()).inner_margin(Margin::same(20))
}

fn laid_over(ui: &Ui, cx: &Cx<'_>, sheet: Sheet, title: &str, contents: impl FnOnce(&mut Ui)) {
    let modal = Modal::new(Id::unique(title)).frame(frame(ui)).show(ui, |ui| {
        ui.set_width(440.0);
        let title = RichText::new(title).font(fonts::page_title());
        ui.label(title.color(Tokens::of(ui).text_strong));
        ui.add_space(8.0);
        contents(ui);
        ui.add_space(12.0);
        ui.add(Button::new(Look::Neutral, "Close")).clicked()
    });
    if modal.inner || modal.should_close() {
        cx.send(Command::Toggle(Part::Sheet(sheet)));
    }
}
