//! Heaps that are cut anywhere. What opens has what the whole heap begins with, answers every question, and is repaired to a
//! file that has no problem.
#![no_main]

use arbitrary::Arbitrary;
use heapatlas::base::task::Task;
use heapatlas::dump::repair::repair;
use heapatlas_fuzz::heap::HeapFile;
use heapatlas_fuzz::{explore, on_disk, open};
use libfuzzer_sys::fuzz_target;

#[derive(Arbitrary, Debug)]
struct Cut {
    heap: HeapFile,
    at: u16,
}

fuzz_target!(|cut: Cut| {
    let bytes = &cut.heap.bytes;
    let at = usize::from(cut.at) % (bytes.len() + 1);
    let Some(part) = open(&bytes[..at]) else { return };
    let trailing = bytes.iter().rposition(|&byte| byte == b'}').unwrap_or(0);
    assert!(at > trailing || !cut.heap.is_whole || !part.problems().is_empty());
    if let Some(whole) = cut.heap.is_whole.then(|| open(bytes)).flatten() {
        for node in part.graph().nodes() {
            assert_eq!(part.id(node), whole.id(node));
            assert_eq!(part.graph().self_size(node), whole.graph().self_size(node));
        }
    }
    explore(&part);
    let mut out = Vec::new();
    on_disk(&bytes[..at], |path| repair(path, &mut out, &Task::new())).expect("what opens is repaired");
    let repaired = open(&out).expect("what was repaired opens");
    assert_eq!(repaired.problems(), []);
    assert_eq!(repaired.graph().node_count(), part.graph().node_count());
    assert_eq!(repaired.graph().edge_count(), part.graph().edge_count());
});
