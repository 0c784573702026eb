//! A window for the tests of widgets.

use eframe::egui::{Context, Ui};
use egui_kittest::Harness;

use crate::gui::theme;

/// A window in which `paint` paints, given `state`, with the faces and colours of the program.
pub(super) fn window<'a, S: 'a>(state: S, paint: impl FnMut(&mut Ui, &mut S) + 'a) -> Harness<'a, S> {
    Harness::builder()
        .with_size([640.0, 400.0])
        .with_step_dt(0.05)
        .with_context_setup(|ctx: &Context| theme::install(ctx))
        .build_ui_state(paint, state)
}
