//! Floor 0: tiny heaps as text, written out as `.heapsnapshot` bytes: for tests, examples and benchmarks.
//!
//! ```text
//! # A line holds nodes with edges between them; a node is described where it is first named.
//! root:synthetic/0 #1 -shortcut:global-> window:native/16 !attached
//! window -property:cache-> cache=Map:object/32 #7 @12:3:4 -element:0-> "a long name":string/24
//! cache -weak:key-> window
//! ```
//!
//! * A node is `key=name:type/size` with any of `#id`, `!attached`, `!detached`, `@script:line:column` after it. All but the
//!   key may be left out: the name is then the key, the type `object`, the size 16 bytes, the id odd and ascending from 1
//!   (node 0 has 1, node 1 has 3). Later mentions need only the key. Type names are written with `_` for spaces.
//! * An edge is `-kind:name->`; without a kind it is a property. The names of `element` and `hidden` edges are numbers.
//! * Keys, names of nodes and names of edges may be quoted, with the escapes of JSON.
//!
//! ```
//! let bytes = heapatlas::fixture::heap("root:synthetic/0 -shortcut:global-> window:object/16");
//! assert!(bytes.starts_with(b"{\"snapshot\""));
//! ```

mod notation;
mod writer;

pub use writer::{Fixture, Section, WhiteSpace};

/// The snapshot file of a heap in this module's notation, laid out as V8 does. Panics on text that is not of the notation.
pub fn heap(text: &str) -> Vec<u8> {
    Fixture::new(text).bytes()
}
