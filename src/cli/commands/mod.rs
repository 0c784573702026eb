//! The sub-commands, one a file: each reads its arguments, asks its question and hands in a report.

pub(super) mod allocations;
pub(super) mod caches;
pub(super) mod callbacks;
pub(super) mod compare;
pub(super) mod completions;
pub(super) mod containment;
pub(super) mod dominators;
pub(super) mod duplicates;
pub(super) mod extract;
pub(super) mod instances;
pub(super) mod nodes;
pub(super) mod object;
pub(super) mod paths;
pub(super) mod redact;
pub(super) mod repair;
pub(super) mod report;
pub(super) mod retainers;
pub(super) mod search;
pub(super) mod secrets;
mod shared;
pub(super) mod stats;
pub(super) mod strings;
pub(super) mod summary;
pub(super) mod suspects;
pub(super) mod trend;
