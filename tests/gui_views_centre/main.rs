//! The views in the middle, driven as a person would: by what is written on them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod comparison;
mod strings;
mod summary;
mod treemap;
mod trees;
mod window;
