//! The views in the middle.

mod caches;
mod callbacks;
mod comparison;
mod duplicates;
mod strings;
mod summary;
mod suspects;
mod treemap;
mod trees;
mod trend;
