//! Renaming a snapshot in its card.

use eframe::egui::{Context, Frame, Id, Key, Rect, StrokeKind, TextEdit, Ui, UiBuilder, vec2};

use crate::gui::command::{Command, FileDeed};
use crate::gui::cx::Cx;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::workspace::Entry;
use crate::query::subject::SnapshotId;

/// The name that is being typed, and whose it is.
#[derive(Clone)]
struct Renaming {
    of: SnapshotId,
    text: String,
    is_new: bool,
}

fn kept() -> Id {
    Id::unique("snapshot that is being renamed")
}

/// Begins.
pub(super) fn begin(ctx: &Context, entry: &Entry) {
    let renaming = Renaming {
        of: entry.id,
        text: entry.title(),
        is_new: true,
    };
    ctx.data_mut(|data| data.insert_temp(kept(), renaming));
}

/// Is that one being renamed?
pub(super) fn is_of(ctx: &Context, entry: &Entry) -> bool {
    let renaming = ctx.data(|data| data.get_temp::<Renaming>(kept()));
    renaming.is_some_and(|renaming| renaming.of == entry.id)
}

/// The field, in the place of the name. Enter or leaving it takes the name, Escape leaves it as it was.
pub(super) fn field(ui: &mut Ui, cx: &Cx<'_>, number: usize, entry: &Entry, line: Rect) {
    let Some(mut renaming) = ui.data(|data| data.get_temp::<Renaming>(kept())) else {
        return;
    };
    let tokens = Tokens::of(ui);
    let id = Id::unique(("name of snapshot", entry.id));
    let rect = line.expand2(vec2(4.0, 1.0));
    let border = (1.0, tokens.stroke_focus);
    ui.painter()
        .rect(rect, 4.0, tokens.bg_canvas, border, StrokeKind::Inside);
    let mut inner = ui.new_child(
        UiBuilder::new()
            .max_rect(line.translate(vec2(0.0, 2.0)))
            .id_salt(id),
    );
    let edit = TextEdit::singleline(&mut renaming.text)
        .id(id)
        .frame(Frame::NONE)
        .font(fonts::heading())
        .text_color(tokens.text_strong)
        .desired_width(line.width());
    let response = inner
        .add(edit)
        .accessible_name(format!("Name of snapshot {number}"));
    if renaming.is_new {
        renaming.is_new = false;
        response.request_focus();
    } else if response.lost_focus() || !response.has_focus() {
        let is_dropped = ui.input(|input| input.key_pressed(Key::Escape));
        if !is_dropped && renaming.text != entry.title() {
            cx.send(Command::File(entry.id, FileDeed::Rename(renaming.text)));
        }
        ui.data_mut(|data| data.remove::<Renaming>(kept()));
        let card = super::id(entry);
        ui.memory_mut(|memory| memory.request_focus(card));
        return;
    }
    ui.data_mut(|data| data.insert_temp(kept(), renaming));
}
