//! Heapatlas: an explorer for V8 heap snapshots, as a library.
//!
//! The modules stand in the order of their floors: each may use those above it in this list and no other (a test holds them
//! to it). `base` is general, `parse` turns bytes into columns, `graph` gives them the face of a graph, `analysis` computes,
//! `snapshot` bundles, `query` answers questions, `cli` and `gui` ask them; `job` works in the background.

pub mod base;

pub mod fixture;

pub mod parse;

pub mod graph;

pub mod analysis;

pub mod snapshot;

pub mod query;

pub mod dump;

pub mod cli;

pub mod job;

#[cfg(feature = "gui")]
pub mod gui;
