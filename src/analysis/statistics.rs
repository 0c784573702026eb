//! The figures of the Statistics view.

use crate::base::index::{Ix as _, NodeIx, StringIx};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::graph::retainers::Retainers;
use crate::graph::{EdgeKind, HeapGraph, NodeKind};

use super::detachedness::DomStates;
use super::string_map::StringSet;

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

/// The raw name of the data of typed arrays and buffers.
const BUFFER_DATA: &str = "system / JSArrayBufferData";

impl Statistics {
    /// Sums up shallow sizes by category; `total` is the root's retained size and the memory without nodes.
    pub fn build(
        graph: &HeapGraph,
        dom: &DomStates,
        shallow: &Packed<NodeIx>,
        retainers: &Retainers,
        total: u64,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let native = graph.header().extra_native_bytes;
        let sums = Self {
            total,
            native,
            ..Self::default()
        };
        sums.with(graph, dom, |node| shallow.get(node), retainers, task)
    }

    /// The same of some nodes alone: `size` is a node's shallow size, 0 if it is none of them.
    pub fn of_some(
        graph: &HeapGraph,
        dom: &DomStates,
        size: impl Fn(NodeIx) -> u64,
        retainers: &Retainers,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let total = graph.nodes().map(&size).sum();
        let sums = Self {
            total,
            ..Self::default()
        };
        sums.with(graph, dom, size, retainers, task)
    }

    /// With the shallow sizes of all nodes, as `size` tells them.
    fn with(
        mut self,
        graph: &HeapGraph,
        dom: &DomStates,
        size: impl Fn(NodeIx) -> u64,
        retainers: &Retainers,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let buffer_data = StringSet::equal(graph.strings(), BUFFER_DATA);
        let array = StringSet::equal(graph.strings(), "Array");
        let elements = StringSet::equal(graph.strings(), "elements");
        for node in graph.nodes() {
            task.check_at(node.at())?;
            let bytes = size(node);
            let name = graph.name_ix(node);
            match graph.kind(node) {
                NodeKind::Hidden => self.system += bytes,
                NodeKind::Native => {
                    self.native += bytes;
                    if buffer_data.contains(name) && !dom.is_renamed(node) {
                        self.typed_arrays += bytes;
                    }
                }
                NodeKind::Code => self.code += bytes,
                NodeKind::String | NodeKind::ConcatenatedString | NodeKind::SlicedString => {
                    self.strings += bytes;
                }
                _ if array.contains(name) => {
                    let store = own_elements(graph, &elements, retainers, node);
                    self.js_arrays += bytes + store.map_or(0, &size);
                }
                _ => {}
            }
        }
        Ok(self)
    }

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

    /// The categories as people are told of them, in bytes. They sum to the total, also where an array's store counts both as
    /// one of the array and by itself: then the later category gives way.
    pub fn parts(&self) -> [(&'static str, u64); 6] {
        let mut left = self.total;
        let mut take = |bytes: u64| {
            let taken = bytes.min(left);
            left -= taken;
            taken
        };
        let native = take(self.native);
        let strings = take(self.strings);
        let arrays = take(self.js_arrays);
        let code = take(self.code);
        let system = take(self.system);
        [
            ("JS objects", left),
            ("Strings", strings),
            ("JS arrays", arrays),
            ("Typed arrays, native", native),
            ("Code", code),
            ("System", system),
        ]
    }
}

/// The element store of `array`, if nothing else leads to it.
fn own_elements(
    graph: &HeapGraph,
    elements: &StringSet,
    retainers: &Retainers,
    array: NodeIx,
) -> Option<NodeIx> {
    let mut edges = graph.edges(array);
    let edge = edges.find(|&edge| {
        graph.head(edge).kind() == EdgeKind::Internal
            && elements.contains(StringIx::from_raw(graph.edge_name_raw(edge)))
    })?;
    let store = graph.head(edge).target();
    (retainers.count(store) == 1).then_some(store)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::testing::Heap;

    #[test]
    fn bytes_fall_into_categories() {
        let heap = Heap::of(
            "root=\"\":synthetic/0 -shortcut:g-> g:object/1\n\
             g -e-> a=Array:object/2 -internal:elements-> e=\"(object elements)\":code/4\n\
             g -e-> b=Array:object/8 -internal:elements-> shared:code/16\n\
             g -e-> shared\n\
             g -e-> h=Array:hidden/32\n\
             h -e-> g\n\
             g -e-> d=\"system / JSArrayBufferData\":native/64\n\
             g -e-> x=\"system / JSArrayBufferData\":native/128 !detached\n\
             g -e-> s1:string/256 -e-> s2:concatenated_string/512 -e-> s3:sliced_string/1024\n\
             root -e-> h",
        );
        let total = heap.retained.get(heap.graph.root());
        let statistics = Statistics::build(
            &heap.graph,
            &heap.dom,
            &heap.shallow,
            &heap.retainers,
            total,
            &Task::new(),
        );
        assert_eq!(
            statistics.unwrap(),
            Statistics {
                total: 2047,
                native: 64 + 128,
                typed_arrays: 64,
                code: 4 + 16,
                strings: 256 + 512 + 1024,
                js_arrays: 2 + 4 + 8,
                system: 32,
            }
        );
        let some = |node| u64::from(node != heap.graph.root()) * heap.shallow.get(node) * 2;
        let twice = Statistics::of_some(&heap.graph, &heap.dom, some, &heap.retainers, &Task::new());
        let twice = twice.unwrap();
        assert_eq!((twice.total, twice.js_arrays, twice.native), (4094, 28, 384));
    }

    #[test]
    fn every_byte_is_in_one_category() {
        let bytes = |of: &Statistics| of.parts().map(|(_, bytes)| bytes);
        let of = Statistics {
            total: 100,
            native: 20,
            typed_arrays: 15,
            code: 5,
            strings: 30,
            js_arrays: 10,
            system: 1,
        };
        assert_eq!(bytes(&of), [of.other_js(), 30, 10, 20, 5, 1]);
        let twice = Statistics { code: 45, ..of };
        assert_eq!(bytes(&twice), [0, 30, 10, 20, 40, 0]);
        assert_eq!(bytes(&Statistics::default()), [0; 6]);
    }
}
