//! What is laid over the window: the sheet of shortcuts, and what this program is.

use eframe::egui::{Frame, Id, Margin, Modal, RichText, TextEdit, Ui};
use egui_extras::{Column, TableBuilder};

use super::keys;
use crate::gui::bookmarks::Deed;
use crate::gui::command::{Command, Part, Sheet};
use crate::gui::cx::Cx;
use crate::gui::history::Place;
use crate::gui::node_text;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::views;
use crate::gui::widgets::button::{Button, Look, icon_button};
use crate::query::subject::Subject;

/// What a sheet has besides its contents, and what is left around it: longer lists are scrolled.
const AROUND: f32 = 200.0;
/// Width of the sheet of shortcuts: none of its lines is broken.
const SHORTCUTS: f32 = 560.0;
const SHEET: f32 = 440.0;
/// Height of a line of the shortcuts.
const LINE: f32 = 20.0;

/// Paints `sheet`.
pub(crate) fn show(ui: &Ui, cx: &Cx<'_>, sheet: Sheet) {
    match sheet {
        Sheet::Shortcuts => shortcuts(ui, cx),
        Sheet::About => about(ui, cx),
        Sheet::Bookmarks => bookmarks(ui, cx),
    }
}

fn shortcuts(ui: &Ui, cx: &Cx<'_>) {
    laid_over(
        ui,
        cx,
        Sheet::Shortcuts,
        ("Keyboard shortcuts", SHORTCUTS),
        |ui| {
            let tokens = Tokens::of(ui);
            ui.spacing_mut().interact_size.y = 16.0;
            let highest = (ui.content_rect().height() - AROUND).max(160.0);
            let whole = keys::ALL.len() as f32 * (LINE + ui.spacing().item_spacing.y);
            let table = TableBuilder::new(ui)
                .max_scroll_height(highest)
                .min_scrolled_height(whole.min(highest))
                .column(Column::exact(164.0))
                .column(Column::remainder());
            table.body(|mut body| {
                for (pressed, does) in keys::ALL {
                    body.row(LINE, |mut row| {
                        row.col(|ui| {
                            let pressed = RichText::new(*pressed).font(fonts::badge());
                            ui.label(pressed.color(tokens.text_subdued));
                        });
                        row.col(|ui| {
                            ui.label(RichText::new(*does).color(tokens.text));
                        });
                    });
                }
            });
        },
    );
}

fn about(ui: &Ui, cx: &Cx<'_>) {
    laid_over(ui, cx, Sheet::About, ("Heapatlas", SHEET), |ui| {
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

/// The bookmarks of the file: a click goes there, the note can be written over.
fn bookmarks(ui: &Ui, cx: &Cx<'_>) {
    laid_over(ui, cx, Sheet::Bookmarks, ("Bookmarks", SHEET), |ui| {
        let tokens = Tokens::of(ui);
        let Some((id, snapshot)) = cx.snapshot() else {
            ui.label(RichText::new("Open a snapshot to see its bookmarks.").color(tokens.text_subdued));
            return;
        };
        let mut bookmarks = cx.bookmarks.of(snapshot.path()).peekable();
        if bookmarks.peek().is_none() {
            let text = "Press B on a row to keep it in mind. Bookmarks stay with the file.";
            ui.label(RichText::new(text).color(tokens.text_subdued));
        }
        for (at, bookmark) in bookmarks.enumerate() {
            let what = bookmark.mark.find(snapshot);
            let name = match what {
                Some(what) => node_text::spoken_subject(snapshot, what),
                // How it was called may be what is hidden now.
                None if snapshot.is_redacted() => "Hidden".to_owned(),
                None => bookmark.name.clone(),
            };
            ui.push_id(at, |ui| {
                ui.horizontal(|ui| {
                    let go = Button::new(Look::Ghost, &name).icon(Icon::BOOKMARK);
                    if let (true, Some(what)) = (ui.add(go).clicked(), what) {
                        cx.send(Command::Go(Place {
                            view: Some(views::HOME),
                            subject: Some(Subject { snapshot: id, what }),
                        }));
                        cx.send(Command::Toggle(Part::Sheet(Sheet::Bookmarks)));
                    }
                    if icon_button(ui, Icon::TRASH, "Remove the bookmark", 24.0).clicked() {
                        cx.send(Command::Bookmark(Deed::Remove(id, bookmark.mark.clone())));
                    }
                });
                let mut note = bookmark.note.clone();
                let name = format!("Note on {name}");
                let edit = TextEdit::singleline(&mut note)
                    .hint_text("Note")
                    .desired_width(f32::INFINITY);
                if ui.add(edit).accessible_name(&name).changed() {
                    cx.send(Command::Bookmark(Deed::Note(id, bookmark.mark.clone(), note)));
                }
            });
        }
    });
}

/// The frame of what is laid over the window.
pub(super) fn frame(ui: &Ui) -> Frame {
    Frame::popup(&ui.global_style()).inner_margin(Margin::same(20))
}

fn laid_over(
    ui: &Ui,
    cx: &Cx<'_>,
    sheet: Sheet,
    (title, width): (&str, f32),
    contents: impl FnOnce(&mut Ui),
) {
    let modal = Modal::new(Id::unique(title)).frame(frame(ui)).show(ui, |ui| {
        ui.set_width(width);
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
