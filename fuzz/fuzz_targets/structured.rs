//! Heaps that are well formed, and such as were a little damaged after they were written: past the header, where no random
//! bytes come.
#![no_main]

use heapatlas_fuzz::heap::HeapFile;
use heapatlas_fuzz::{explore, open};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|heap: HeapFile| {
    match open(&heap.bytes) {
        Some(snapshot) => {
            explore(&snapshot);
        }
        None => assert!(
            !heap.is_whole,
            "a whole file is refused: {}",
            String::from_utf8_lossy(&heap.bytes)
        ),
    }
});
