//! What is laid over the window and goes away again: the palette, the box for paths, and a notice in the status bar.

use eframe::egui::Ui;

use super::palette::Palette;
use super::path_box::PathBox;
use crate::gui::cx::Cx;

/// What may be laid over the window.
#[derive(Default)]
pub(crate) struct Over {
    /// Finds anything.
    pub(crate) palette: Palette,
    /// Takes a path.
    pub(crate) path_box: PathBox,
    /// What became of something that was done beside: a file that was written, or could not be.
    pub(crate) notice: Option<String>,
}

impl Over {
    /// Is anything open that has the keyboard?
    pub(crate) const fn is_open(&self) -> bool {
        self.palette.is_open() || self.path_box.is_open()
    }

    /// Paints what is open.
    pub(crate) fn show(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        self.palette.show(ui, cx);
        self.path_box.show(ui, cx);
    }
}
