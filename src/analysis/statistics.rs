//! The figures of the Statistics view.

/// Bytes by category; all but `native` and its parts split the V8 heap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statistics {
    /// Everything, memory without nodes included.
    pub total: u64,
    /// Memory outside V8's heap.
    pub native: u64,
    /// Typed arrays' data, part of `native`.
    pub typed_arrays: u64,
    /// Compiled code.
    pub code: u64,
    /// Strings.
    pub strings: u64,
    /// Arrays with the element stores that only they hold.
    pub js_arrays: u64,
    /// Engine internals.
    pub system: u64,
}

impl Statistics {
    /// The V8 heap: all but native memory.
    pub fn v8_heap(&self) -> u64 {
        self.total.saturating_sub(self.native)
    }

    /// Objects of no other category.
    pub fn other_js(&self) -> u64 {
        self.v8_heap()
            .saturating_sub(self.code + self.strings + self.js_arrays + self.system)
    }

    /// Native memory of no other category.
    pub fn other_native(&self) -> u64 {
        self.native.saturating_sub(self.typed_arrays)
    }
}
