//! Floor 1: bytes to columns.
//!
//! Knows the file format and nothing of what the numbers mean together: no retainers, no distances, no classes. File offsets
//! and field positions end here; everything above speaks of [`NodeIx`](crate::base::index::NodeIx) and
//! [`EdgeIx`](crate::base::index::EdgeIx).

pub mod columns;
pub mod error;
pub mod kind;
pub mod strings;
