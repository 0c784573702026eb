//! How large is the heap, and of what is it made?

use super::{Cell, Query};
use crate::analysis::statistics::Statistics;
use crate::base::task::{Cancelled, Task};
use crate::columns;
use crate::snapshot::Snapshot;

/// Asks for the figures of the whole snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stats;

columns! {
    /// The figures; `native_size` and the four beside it split the total.
    pub enum StatsColumn: |snapshot: Snapshot, bytes: Statistics| {
        /// How many nodes.
        NodeCount: Number "node_count" "Nodes" = Cell::Count(snapshot.graph().node_count() as u64);
        /// How many edges.
        EdgeCount: Number "edge_count" "Edges" = Cell::Count(snapshot.graph().edge_count() as u64);
        /// How many strings the file's table has.
        StringCount: Number "string_count" "Strings in the table" = Cell::Count(snapshot.graph().strings().len() as u64);
        /// Everything.
        TotalSize: Number "total_size" "Total size" = Cell::Bytes(bytes.total);
        /// V8's own heap.
        V8HeapSize: Number "v8_heap_size" "V8 heap" = Cell::Bytes(bytes.v8_heap());
        /// Memory outside it.
        NativeSize: Number "native_size" "Native" = Cell::Bytes(bytes.native);
        /// Compiled code.
        CodeSize: Number "code_size" "Code" = Cell::Bytes(bytes.code);
        /// Strings.
        StringSize: Number "string_size" "Strings" = Cell::Bytes(bytes.strings);
        /// Arrays with their elements.
        JsArraySize: Number "js_array_size" "JS arrays" = Cell::Bytes(bytes.js_arrays);
        /// Data of typed arrays.
        TypedArraySize: Number "typed_array_size" "Typed arrays" = Cell::Bytes(bytes.typed_arrays);
        /// The engine's internals.
        SystemSize: Number "system_size" "System objects" = Cell::Bytes(bytes.system);
        /// Objects of no other category.
        OtherJsSize: Number "other_js_size" "Other JS objects" = Cell::Bytes(bytes.other_js());
        /// Native memory of no other category.
        OtherNativeSize: Number "other_native_size" "Other native" = Cell::Bytes(bytes.other_native());
    }
}

impl Query for Stats {
    type Over = Snapshot;
    type Answer = Statistics;

    fn run(&self, snapshot: &Snapshot, _task: &Task) -> Result<Statistics, Cancelled> {
        Ok(*snapshot.statistics())
    }
}
