//! The views of the window, each driven by what is written on it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../window/mod.rs"]
mod window;

mod left_panel;
mod overview;
mod workbench;
