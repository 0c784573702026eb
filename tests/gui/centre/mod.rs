//! The views in the middle.

mod comparison;
mod strings;
mod summary;
mod suspects;
mod treemap;
mod trees;
mod trend;
