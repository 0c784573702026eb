//! What can be done with a snapshot: the menu of its card.

use eframe::egui::{Key, Modifiers, Popup, Response, Ui};

use super::renaming;
use crate::gui::command::{Command, FileDeed};
use crate::gui::copies;
use crate::gui::cx::Cx;
use crate::gui::theme::Icon;
use crate::gui::widgets::menu::{self, item, separator};
use crate::gui::workspace::{Entry, State};

/// Opens on the second button and on Shift F10.
pub(super) fn menu(ui: &Ui, cx: &Cx<'_>, entry: &Entry, card: &Response) {
    if card.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::SHIFT, Key::F10)) {
        Popup::open_id(ui, Popup::default_response_id(card));
    }
    Popup::context_menu(card).width(menu::WIDTH).show(|ui| {
        lines(ui, cx, entry);
    });
}

fn lines(ui: &mut Ui, cx: &Cx<'_>, entry: &Entry) {
    let is_loading = matches!(entry.state, State::Loading(_));
    let mut line = |icon, text, keys, deed| {
        if item(ui, icon, text, keys) {
            cx.send(Command::File(entry.id, deed));
            ui.close();
        }
    };
    line(Icon::EYE, "Show", "Enter", FileDeed::MakeCurrent);
    if entry.snapshot().is_some() {
        line(Icon::EQUALS, "Use as base", "", FileDeed::MakeBase);
    }
    if is_loading {
        line(Icon::PROHIBIT, "Stop reading", "", FileDeed::Cancel);
    } else {
        line(Icon::ARROW_CLOCKWISE, "Read again", "", FileDeed::ReadAgain);
    }
    if item(ui, Icon::PENCIL, "Rename", "F2") {
        renaming::begin(ui, entry);
        ui.close();
    }
    let offers = copies::offers(entry);
    if !offers.is_empty() {
        separator(ui);
    }
    for offer in offers {
        if item(ui, offer.icon, offer.text, "") {
            cx.send(offer.command);
            ui.close();
        }
    }
    separator(ui);
    if item(ui, Icon::FOLDER, "Show in folder", "") {
        cx.send(Command::File(entry.id, FileDeed::ShowInFolder));
        ui.close();
    }
    if item(ui, Icon::COPY, "Copy path", "") {
        ui.copy_text(entry.source.path().to_string_lossy().into_owned());
        ui.close();
    }
    separator(ui);
    if item(ui, Icon::X, "Close", "") {
        cx.send(Command::File(entry.id, FileDeed::Close));
        ui.close();
    }
}
