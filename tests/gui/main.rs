//! The window, driven as a person would: by what is written on it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod below;
mod centre;
mod dumps;
mod frame;
mod left_panel;
mod limit;
mod overview;
mod paths;
mod timeline;
mod window;
mod workbench;
