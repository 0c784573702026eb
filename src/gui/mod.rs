//! Floor 7: the window. The only folder that names the toolkit.
//!
//! Data goes down by reference, wishes go up as commands: the workspace owns snapshots, a view owns its questions, the shell
//! owns selection and history. Nothing here computes over a heap; it asks (see [`crate::job`]) and writes what is visible.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixel geometry"
)]

mod app;
mod bookmarks;
mod call_rows;
mod calls;
mod command;
mod copies;
mod cx;
mod dialogs;
mod dominator_tree;
mod edge_tree;
mod export;
mod fault;
mod folder;
mod history;
mod limit;
mod many;
mod node_text;
mod profile;
mod recent;
mod report;
mod rows;
mod shell;
mod stages;
mod theme;
mod tile_map;
mod value_text;
mod views;
mod widgets;
mod workspace;

use eframe::egui::ViewportBuilder;

pub use app::App;

use crate::dump::redact::Redaction;
use crate::job::Source;

/// Opens the window on `sources` and stays until it is closed. An error is why there is no window.
pub fn run(sources: Vec<Source>, redaction: Option<Redaction>) -> Result<(), String> {
    let options = eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Heapatlas")
            .with_app_id("heapatlas")
            .with_inner_size([1440.0, 900.0])
            .with_min_inner_size([720.0, 480.0]),
        renderer: eframe::Renderer::Glow,
        ..Default::default()
    };
    eframe::run_native(
        "Heapatlas",
        options,
        Box::new(|cc| Ok(Box::new(App::new(&cc.egui_ctx, sources, redaction)?))),
    )
    .map_err(|error| error.to_string())
}
