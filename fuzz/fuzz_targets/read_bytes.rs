//! Any bytes: they open or are refused, and whatever opens answers every question.
#![no_main]

use heapatlas_fuzz::{explore, open};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(snapshot) = open(bytes) {
        explore(&snapshot);
    }
});
