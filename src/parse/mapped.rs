//! A file's bytes as memory.
#![expect(
    unsafe_code,
    reason = "mapping a file is unsafe; this is the one place of the crate that does it"
)]

use std::fs::File;
use std::io;
use std::ops::Range;

use memmap2::{Mmap, MmapOptions};

/// A file mapped for reading. Pages come in when they are touched and are given back with [`Mapping::release`], so that a
/// pass over a file of any size needs only a few megabytes at a time.
#[derive(Debug)]
pub(super) struct Mapping {
    map: Mmap,
}

impl Mapping {
    /// Maps the whole of `file`.
    pub(super) fn new(file: &File) -> io::Result<Self> {
        // SAFETY: Nothing can keep another process from cutting or changing the file while it is mapped; a read of a page
        // that is gone ends this program with a fault, changed bytes are as good as any other input. The mapping lives only
        // while the file is parsed and never leaves `parse`.
        let map = unsafe { MmapOptions::new().map(file) }?;
        #[cfg(unix)]
        // A wish that the system may ignore: it only sets how far it reads ahead.
        drop(map.advise(memmap2::Advice::Sequential));
        Ok(Self { map })
    }

    /// The bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// Gives the pages that end inside `range` back to the system. Their bytes can still be read: they are fetched again.
    #[cfg(unix)]
    pub(super) fn release(&self, range: Range<usize>) {
        const PAGE: usize = 1 << 16;
        let (start, end) = (range.start / PAGE * PAGE, range.end / PAGE * PAGE);
        if end > start {
            // SAFETY: The mapping is of a file and read-only, so no page differs from the file: what is dropped here comes
            // back with the same bytes when it is touched again.
            let done = unsafe {
                self.map
                    .unchecked_advise_range(memmap2::UncheckedAdvice::DontNeed, start, end - start)
            };
            // A wish, too: if it is not granted, the pages stay until the mapping goes.
            drop(done);
        }
    }

    /// Does nothing: this system takes pages back by itself.
    #[cfg(not(unix))]
    #[expect(clippy::unused_self, reason = "as on Unix")]
    pub(super) fn release(&self, _range: Range<usize>) {}
}
