//! What is laid over the window and goes away again: the palette, and the box for paths.

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
}

impl Over {
    /// Is anything open that has the keyboard?
    pub(crate) const fn is_open(&self) -> bool {
        self.palette.is_open() || self.path_box.is_open()
    }

    /// Paints what is open.
    pub(crate) fn show(&mut self, ui: &Ui, cx: &Cx<'_>) {
        self.palette.show(ui, cx);
        self.path_box.show(ui, cx);
    }
}
