//! A box to type or paste a path, where the system has no file dialog.

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{Id, Key, Modal, RichText, TextEdit, Ui};

use super::sheets;
use crate::gui::command::Command;
use crate::gui::cx::Cx;
use crate::gui::export::Document;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::button::{Button, Look};

/// The box, if it is open, and what is typed in it.
#[derive(Debug, Default)]
pub(crate) struct PathBox {
    text: Option<String>,
    /// What is to be written into the file; none if one is to be opened.
    document: Option<Arc<dyn Document>>,
}

impl PathBox {
    /// Opens it, empty, to open a file.
    pub(crate) fn open(&mut self) {
        self.document = None;
        self.text.get_or_insert_default();
    }

    /// Opens it to write `document` into a file.
    pub(crate) fn save(&mut self, document: Arc<dyn Document>) {
        let extension = document.forms().first().map_or("", |(_, extension)| extension);
        self.text = Some(format!("{}.{extension}", document.name()));
        self.document = Some(document);
    }

    /// Is it open?
    pub(crate) const fn is_open(&self) -> bool {
        self.text.is_some()
    }

    /// Paints it, if it is open.
    pub(crate) fn show(&mut self, ui: &Ui, cx: &Cx<'_>) {
        let Some(text) = &mut self.text else { return };
        let tokens = Tokens::of(ui);
        let (title, verb) = match &self.document {
            None => ("Open a file by its path".to_owned(), "Open"),
            Some(document) => {
                let extensions: Vec<String> = document
                    .forms()
                    .iter()
                    .map(|(_, extension)| format!(".{extension}"))
                    .collect();
                let title = format!("{} into a file: {}", document.wish(), extensions.join(" or "));
                (title, "Write")
            }
        };
        let mut is_done = false;
        let modal = Modal::new(Id::unique("path box"))
            .frame(sheets::frame(ui))
            .show(ui, |ui| {
                ui.set_width(480.0);
                let title = RichText::new(&title).font(fonts::heading());
                ui.label(title.color(tokens.text_strong));
                ui.add_space(8.0);
                let edit = TextEdit::singleline(text)
                    .hint_text("/path/to/file.heapsnapshot")
                    .font(fonts::code())
                    .desired_width(f32::INFINITY);
                let response = ui.add(edit).accessible_name("Path");
                if !response.lost_focus() {
                    response.request_focus();
                }
                let is_entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
                ui.add_space(12.0);
                ui.horizontal(|ui| {
                    let mut paths = paths_in(text);
                    let goes = ui.add(Button::new(Look::Primary, verb)).clicked() || is_entered;
                    if goes && !paths.is_empty() {
                        cx.send(match &self.document {
                            None => Command::Open(paths),
                            Some(document) => Command::Export(Arc::clone(document), paths.pop()),
                        });
                        is_done = true;
                    }
                    is_done |= ui.add(Button::new(Look::Outline, "Cancel")).clicked();
                });
            });
        if is_done || modal.should_close() {
            self.text = None;
            self.document = None;
        }
    }
}

/// The paths in `text`, one a line: plain, quoted or as file URIs.
pub(crate) fn paths_in(text: &str) -> Vec<PathBuf> {
    let lines = text.lines().map(|line| line.trim().trim_matches(['"', '\'']));
    lines
        .filter(|line| !line.is_empty())
        .map(|line| match line.strip_prefix("file://") {
            Some(rest) => PathBuf::from(unescaped(rest)),
            None => PathBuf::from(line),
        })
        .collect()
}

/// `%20` and its like, as bytes.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = text
            .get(at + 1..at + 3)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match code {
            Some(code) if byte == b'%' => {
                out.push(code);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::paths_in;
    use std::path::PathBuf;

    #[test]
    fn paths_come_as_people_copy_them() {
        let text = "/a/b.heapsnapshot\n\"C:\\my heap.heapsnapshot\"\nfile:///tmp/a%20b%C3%A4.json\n\n";
        let expected = ["/a/b.heapsnapshot", "C:\\my heap.heapsnapshot", "/tmp/a bä.json"];
        assert_eq!(paths_in(text), expected.map(PathBuf::from));
    }
}
