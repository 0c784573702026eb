//! Pictures of the window, held against those in `snapshots`. `UPDATE_SNAPSHOTS=1 cargo test --test gui_images` takes them anew:
//! look at them before you commit them.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "pixel geometry"
)]

mod raster;
mod views;

use eframe::egui::{Color32, Mesh, Theme, pos2};
use egui_kittest::{Harness, SnapshotOptions, SnapshotResults};
use heapatlas::gui::App;

use self::raster::Raster;

#[test]
fn the_start_page_looks_as_it_should() {
    let options = SnapshotOptions::new().output_path("tests/gui_images/snapshots");
    let mut results = SnapshotResults::new();
    for theme in [Theme::Dark, Theme::Light] {
        let mut harness = Harness::builder()
            .with_size([1024.0, 640.0])
            .with_theme(theme)
            .with_options(options.clone())
            .renderer(Raster::default())
            .build_eframe(|cc| App::new(&cc.egui_ctx, Vec::new(), None).expect("nothing is opened"));
        harness.run_steps(3);
        let name = match theme {
            Theme::Dark => "start-dark",
            Theme::Light => "start-light",
        };
        results.add(harness.try_snapshot(name));
    }
}

/// Two triangles with a common edge, both half transparent: every pixel is painted once, none is left out.
#[test]
fn triangles_side_by_side_leave_no_seam() {
    let mut harness = Harness::builder()
        .with_size([32.0, 32.0])
        .renderer(Raster::default())
        .build_ui(|ui| {
            let mut mesh = Mesh::default();
            let corners = [pos2(3.3, 2.7), pos2(28.9, 4.4), pos2(30.2, 29.5), pos2(1.6, 27.1)];
            for corner in corners {
                mesh.colored_vertex(corner, Color32::WHITE.gamma_multiply(0.5));
            }
            mesh.add_triangle(0, 1, 2);
            mesh.add_triangle(0, 3, 2);
            let whole = ui.ctx().content_rect();
            ui.painter().rect_filled(whole, 0.0, Color32::BLACK);
            ui.painter().with_clip_rect(whole).add(mesh);
        });
    harness.run();
    let picture = harness.render().expect("it is painted");
    let mut shades: Vec<u8> = picture.pixels().map(|pixel| pixel.0[0]).collect();
    shades.sort_unstable();
    shades.dedup();
    assert_eq!(shades, [0, 128], "neither twice as light nor a gap");
    for at in 6..26 {
        assert_eq!(picture.get_pixel(at, at).0[0], 128, "on the common edge");
    }
}
