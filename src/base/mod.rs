//! Floor 0: what every other floor stands on, and nothing that knows about heaps.
//!
//! Typed indices, packed columns, compressed rows, bit sets, tasks, JavaScript text and units live here. No file format, no
//! graph, no toolkit may: `base` imports only the standard library and small general crates.

pub mod bits;
pub mod coded;
pub mod csr;
pub mod index;
pub mod json_text;
pub mod machine;
pub(crate) mod memory;
pub mod offsets;
pub mod packed;
pub mod task;
pub mod text;
pub mod units;
pub mod whole_file;
