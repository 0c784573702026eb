//! Memory that the system must be asked for: a file's bytes, and large pages.
//!
//! The crate's only unsafe code: every block says why it holds.
#![expect(
    unsafe_code,
    reason = "mapping a file and choosing the size of pages are unsafe; this is the one place of the crate that does it"
)]

use std::fs::File;
use std::io;
use std::ops::Range;

use memmap2::{Mmap, MmapOptions};

/// A file mapped for reading. Pages come in when they are touched and are given back with [`Mapping::release`], so that a
/// pass over a file of any size needs only a few megabytes at a time.
#[derive(Debug)]
pub(crate) struct Mapping {
    map: Mmap,
}

impl Mapping {
    /// Maps the whole of `file`.
    pub(crate) fn new(file: &File) -> io::Result<Self> {
        // SAFETY: Nothing can keep another process from cutting or changing the file while it is mapped; a read of a page
        // that is gone ends this program with a fault, changed bytes are as good as any other input. The mapping lives only
        // while the file is parsed and never leaves `parse::read`.
        let map = unsafe { MmapOptions::new().map(file) }?;
        #[cfg(unix)]
        // A wish that the system may ignore: it only sets how far it reads ahead.
        drop(map.advise(memmap2::Advice::Sequential));
        Ok(Self { map })
    }

    /// The bytes.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.map
    }

    /// Gives the pages that end inside `range` back to the system. Their bytes can still be read: they are fetched again.
    #[cfg(unix)]
    pub(crate) fn release(&self, range: Range<usize>) {
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
    pub(crate) fn release(&self, _range: Range<usize>) {}
}

/// Below this many bytes a column gains nothing from large pages.
const WORTH_LARGE_PAGES: usize = 8 << 20;

/// Asks the system to put `column`, which should not have been written to yet, into large pages: the columns of a heap are
/// read in every order, and with pages of 4 kB each such read is also a miss in the table of pages. A wish that the system
/// may ignore.
#[cfg(target_os = "linux")]
pub(crate) fn in_large_pages<T>(column: Vec<T>) -> Vec<T> {
    const PAGE: usize = 4096;
    let bytes = column.capacity() * size_of::<T>();
    if bytes >= WORTH_LARGE_PAGES {
        let skipped = column.as_ptr().addr().next_multiple_of(PAGE) - column.as_ptr().addr();
        let start = column
            .as_ptr()
            .cast::<libc::c_void>()
            .wrapping_byte_add(skipped)
            .cast_mut();
        // SAFETY: The range lies inside the vector's own allocation, and the advice changes the size of the pages behind it,
        // never what they hold.
        unsafe { libc::madvise(start, (bytes - skipped) / PAGE * PAGE, libc::MADV_HUGEPAGE) };
    }
    column
}

/// Does nothing: this system chooses by itself.
#[cfg(not(target_os = "linux"))]
pub(crate) fn in_large_pages<T>(column: Vec<T>) -> Vec<T> {
    column
}

/// Asks for the entry `at` of `column` to be brought near: for loops that know some rounds ahead which entry they will read,
/// in an order that the processor cannot guess. A wish that is ignored elsewhere than on `x86-64`, and behind the end.
#[inline]
pub(crate) fn prefetch<T>(column: &[T], at: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let entry = column.as_ptr().wrapping_add(at);
        // SAFETY: A prefetch reads nothing as far as the program can tell, and never faults, whatever the address.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(entry.cast()) };
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (column, at);
}

/// Asks the allocator to take every column of some size from the system and to give it back as soon as it is freed. Left to
/// itself it keeps freed columns for others that are like them, of which there are few. Called before a heap is opened.
pub(crate) fn return_columns_at_once() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        const FROM: libc::c_int = 1 << 20;
        // SAFETY: The allocator may be told that at any time, on any thread.
        unsafe { libc::mallopt(libc::M_MMAP_THRESHOLD, FROM) };
    }
}

/// Gives memory back that was used and freed: the allocator keeps much of it otherwise. Called when a heap is open.
pub(crate) fn give_back_freed() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    // SAFETY: The allocator may be asked that at any time, on any thread.
    unsafe {
        libc::malloc_trim(0);
    }
}

/// `len` times `value`, in large pages where the system grants them.
pub(crate) fn filled<T: Clone>(len: usize, value: T) -> Vec<T> {
    let mut column = in_large_pages(Vec::with_capacity(len));
    column.resize(len, value);
    column
}
