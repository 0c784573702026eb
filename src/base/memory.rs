//! Memory that the system must be asked for: a file's bytes, and large pages.
//!
//! The crate's only unsafe code: every block says why it holds. There are five sorts. *Mapping a file*: the bytes are read
//! through a slice whose length never changes; a page that is gone faults, and the handler of that fault (`faults`) maps zeros
//! there. What no one can rule out is that another program writes to the file meanwhile, so that a byte is not what it was a
//! moment ago; those who read are in safe Rust and check every position against the length whatever they read, and nothing
//! that they made of such a file is handed on (`parse::source`). *The handler* touches atomics alone. *Zeroed memory* becomes vectors of
//! numbers only, or fails without ending the program. *Advice* (pages given
//! back, large ones, prefetching, the allocator's thresholds) changes no value that a program can see. No pointer is kept, none
//! is written through, and nothing here depends on what a file says.
#![expect(
    unsafe_code,
    reason = "mapping files, their faults, and advice on pages are unsafe; this is the one place of the crate that does it"
)]

use std::alloc::{Layout, alloc_zeroed};
use std::fs::File;
use std::io;
use std::ops::Range;

use memmap2::{Mmap, MmapOptions};

/// A file mapped for reading. Pages come in when they are touched and are given back with [`Mapping::release`], so that a
/// pass over a file of any size needs only a few megabytes at a time.
///
/// Nothing keeps another program from cutting the file meanwhile, or a disk from failing. Zeros are read then in place of what
/// is gone, instead of a fault that would end this program, and [`Mapping::is_whole`] tells.
#[derive(Debug)]
pub(crate) struct Mapping {
    #[cfg(unix)]
    watch: faults::Watch,
    map: Mmap,
}

impl Mapping {
    /// Maps the whole of `file`.
    pub(crate) fn new(file: &File) -> io::Result<Self> {
        // SAFETY: Nothing can keep another process from cutting or changing the file while it is mapped. A page that is gone
        // is replaced by zeros (`faults`); changed bytes are as good as any other input to readers that check each position
        // against the length, which never changes. The mapping lives only while the file is parsed and never leaves
        // `parse::read`, whose `Source` tells afterwards whether the file was changed.
        let map = unsafe { MmapOptions::new().map(file) }?;
        #[cfg(unix)]
        // A wish that the system may ignore: it only sets how far it reads ahead.
        drop(map.advise(memmap2::Advice::Sequential));
        Ok(Self {
            #[cfg(unix)]
            watch: faults::watch(map.as_ptr().addr(), map.len())?,
            map,
        })
    }

    /// Could all be read that was?
    #[cfg(unix)]
    pub(crate) fn is_whole(&self) -> bool {
        !self.watch.has_lost()
    }

    /// Could all be read that was? This system lets nobody cut a file that is mapped.
    #[cfg(not(unix))]
    #[expect(clippy::unused_self, reason = "as on Unix")]
    pub(crate) fn is_whole(&self) -> bool {
        true
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

/// What happens when a page of a mapped file cannot be read: the file was cut, or the disk failed. The system says so with the
/// signal `SIGBUS`, on the thread that reads. If the address lies in a mapping that is watched, zeros are mapped from there to
/// the mapping's end, and the read is done again.
#[cfg(unix)]
mod faults {
    use std::io;
    use std::mem::MaybeUninit;
    use std::ptr;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    /// Mappings that can be watched at a time: more than there are threads that open files.
    const MOST: usize = 256;

    /// A mapping's addresses, as the handler of the signal reads them: atomics alone, as it may run between any two
    /// instructions.
    struct Watched {
        start: AtomicUsize,
        end: AtomicUsize,
        lost: AtomicBool,
    }

    /// The start of an entry that watches nothing, and of one that is being filled.
    const FREE: usize = 0;
    const TAKEN: usize = 1;

    static WATCHED: [Watched; MOST] = [const {
        Watched {
            start: AtomicUsize::new(FREE),
            end: AtomicUsize::new(0),
            lost: AtomicBool::new(false),
        }
    }; MOST];

    /// What was done about the signal before.
    static BEFORE: OnceLock<Option<libc::sigaction>> = OnceLock::new();
    /// Bytes of a page.
    static PAGE: AtomicUsize = AtomicUsize::new(0);

    /// An entry of [`WATCHED`], as long as the mapping lives.
    #[derive(Debug)]
    pub(super) struct Watch(usize);

    /// Watches the mapping of `len` bytes at `start`.
    pub(super) fn watch(start: usize, len: usize) -> io::Result<Watch> {
        if BEFORE.get_or_init(install).is_none() {
            return Err(io::Error::other("faults of files cannot be caught"));
        }
        let take = |watched: &Watched| {
            let taken = watched
                .start
                .compare_exchange(FREE, TAKEN, Ordering::Acquire, Ordering::Relaxed);
            taken.is_ok()
        };
        let at = WATCHED.iter().position(take);
        let at = at.ok_or_else(|| io::Error::other("too many files are being read"))?;
        WATCHED[at].end.store(start + len, Ordering::Relaxed);
        WATCHED[at].lost.store(false, Ordering::Relaxed);
        WATCHED[at].start.store(start, Ordering::Release);
        Ok(Watch(at))
    }

    impl Watch {
        /// Has a page of the mapping been replaced?
        pub(super) fn has_lost(&self) -> bool {
            WATCHED[self.0].lost.load(Ordering::Acquire)
        }
    }

    impl Drop for Watch {
        fn drop(&mut self) {
            WATCHED[self.0].start.store(FREE, Ordering::Release);
        }
    }

    /// Installs the handler; what was there before, if that could be done.
    fn install() -> Option<libc::sigaction> {
        // SAFETY: The name is one that the system knows.
        let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) };
        PAGE.store(usize::try_from(page).ok()?, Ordering::Relaxed);
        let mut action = MaybeUninit::<libc::sigaction>::zeroed();
        let mut before = action;
        // SAFETY: All zeros are an action: the default one.
        let action = unsafe { action.assume_init_mut() };
        action.sa_sigaction = on_fault as *const () as usize;
        action.sa_flags = libc::SA_SIGINFO | libc::SA_ONSTACK | libc::SA_RESTART;
        // SAFETY: Both are actions, and the handler has the form that `SA_SIGINFO` asks for.
        let done = unsafe { libc::sigaction(libc::SIGBUS, action, before.as_mut_ptr()) };
        // SAFETY: Zeros are an action, and so is what the system put in their place.
        (done == 0).then(|| unsafe { before.assume_init() })
    }

    /// Handles the signal. Only atomics are read and written, and only calls to the system are made.
    extern "C" fn on_fault(signal: libc::c_int, info: *mut libc::siginfo_t, _: *mut libc::c_void) {
        // SAFETY: The system hands a handler of this form what it knows of the fault.
        let info = unsafe { &*info };
        // SAFETY: Of this signal it knows the address.
        let at = unsafe { info.si_addr() }.addr();
        let holds = |watched: &&Watched| {
            let start = watched.start.load(Ordering::Acquire);
            start > TAKEN && (start..watched.end.load(Ordering::Relaxed)).contains(&at)
        };
        if let Some(watched) = WATCHED.iter().find(holds) {
            let page = PAGE.load(Ordering::Relaxed);
            let from = at / page * page;
            let len = watched.end.load(Ordering::Relaxed) - from;
            // SAFETY: The pages belong to a mapping that lives, as the thread that faulted reads it; they are read-only before
            // and after, and none of them can be read any more, or what they hold is of no use without those before.
            let mapped = unsafe {
                libc::mmap(
                    ptr::without_provenance_mut(from),
                    len,
                    libc::PROT_READ,
                    libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_FIXED,
                    -1,
                    0,
                )
            };
            if mapped != libc::MAP_FAILED {
                watched.lost.store(true, Ordering::Release);
                return;
            }
        }
        // Not ours: whoever was there before is called, as the instruction faults again.
        if let Some(Some(before)) = BEFORE.get() {
            // SAFETY: It is an action that the system gave.
            unsafe { libc::sigaction(signal, before, ptr::null_mut()) };
        } else {
            // SAFETY: The default action ends the program.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    }
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

/// What zeros in memory are a value of.
///
/// # Safety
///
/// Any number of zeroed bytes of the type's size must be one.
pub(crate) unsafe trait Zero: Copy {}

// SAFETY: Zeros are the number 0.
unsafe impl Zero for u8 {}
// SAFETY: Zeros are the number 0.
unsafe impl Zero for u16 {}
// SAFETY: Zeros are the number 0.
unsafe impl Zero for u32 {}
// SAFETY: Zeros are an array of what zeros are.
unsafe impl<T: Zero, const N: usize> Zero for [T; N] {}

/// `len` zeros, in large pages where the system grants them; none if it has no room for so many. Those that are never written to take
/// none.
pub(crate) fn zeroed<T: Zero>(len: usize) -> Option<Vec<T>> {
    let layout = Layout::array::<T>(len).ok()?;
    if layout.size() == 0 {
        return Some(Vec::new());
    }
    // SAFETY: The layout is not of size 0.
    let start = unsafe { alloc_zeroed(layout) }.cast::<T>();
    if start.is_null() {
        return None;
    }
    #[expect(
        clippy::same_length_and_capacity,
        reason = "it was allocated for exactly so many"
    )]
    // SAFETY: The memory was just allocated, by the allocator that vectors use, with the layout of so many entries, and zeros are entries
    // of all types that are `Zero`.
    let column = unsafe { Vec::from_raw_parts(start, len, len) };
    Some(in_large_pages(column))
}

/// `len` times `value`, in large pages where the system grants them.
pub(crate) fn filled<T: Clone>(len: usize, value: T) -> Vec<T> {
    let mut column = in_large_pages(Vec::with_capacity(len));
    column.resize(len, value);
    column
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn zeros_come_or_do_not() {
        assert_eq!(zeroed::<u32>(5), Some(vec![0; 5]));
        assert_eq!(zeroed::<[u32; 4]>(3).unwrap()[2], [0; 4]);
        assert_eq!(zeroed::<u8>(0), Some(vec![]));
        assert_eq!(zeroed::<u32>(usize::MAX / 8), None, "no machine has as many");
        assert_eq!(zeroed::<u32>(usize::MAX), None);
    }

    #[test]
    fn a_file_that_is_cut_while_it_is_mapped_reads_as_zeros() {
        let mut file = tempfile::tempfile().unwrap();
        let len = 4 << 20;
        file.write_all(&vec![7; len]).unwrap();
        let maps: Vec<Mapping> = (0..3).map(|_| Mapping::new(&file).unwrap()).collect();
        let sum = |map: &Mapping| map.bytes().iter().map(|&byte| usize::from(byte)).sum::<usize>();
        assert_eq!(sum(&maps[0]), 7 * len);
        file.set_len(1 << 20).unwrap();
        // Both at a time, on two threads each.
        std::thread::scope(|scope| {
            for map in &maps[..2] {
                for _ in 0..2 {
                    scope.spawn(move || assert_eq!(sum(map), 7 << 20));
                }
            }
        });
        assert!(!maps[0].is_whole() && !maps[1].is_whole());
        assert!(maps[2].is_whole(), "nobody has read it");
        maps[0].release(0..len);
        assert_eq!(sum(&maps[0]), 7 << 20);
        drop(maps);
        file.write_all(&vec![7; len]).unwrap();
        assert!(Mapping::new(&file).unwrap().is_whole());
    }
}
