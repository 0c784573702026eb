//! Our numbers against DevTools' own, for every snapshot in `tests/data`: each node, each row in its order, each figure.
//!
//! What DevTools' engine printed lies beside this file; README.md says how it was made and what a file holds. Deliberate
//! differences are listed in `docs/devtools-differences.md`; nothing else may differ. Where one touches a test, the test says so.

mod allocations;
mod classes;
mod comparison;
mod contexts;
mod dominators;
mod edges;
mod filters;
mod golden;
mod nodes;
mod texts;
