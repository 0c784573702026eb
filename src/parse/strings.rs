//! The string table.
//!
//! Strings are unescaped once, when the file is read, into one arena; the file's text is not kept. The other
//! way, keeping the literals and unescaping what is looked at, was measured and gains nothing: of the 1 523 980 strings of a
//! 922 MB snapshot 387 hold an escape, so that the literals take 40.13 MB and the text 40.12 MB, and checking and unescaping
//! is 1.7 % of the instructions of a load. (Of a Chromium's 17 891 strings 170 hold one: 461 kB and 460 kB.) In return a
//! string is a slice that two threads can read, compare and hash as it stands.

use crate::base::index::{Ix as _, StringIx};
use crate::base::text::JsStr;

/// All strings of a snapshot, unescaped, end to end.
#[derive(Debug, Default)]
pub struct StringTable {
    bytes: Vec<u8>,
    /// Ends of the strings in `bytes`, relative to the base of their block.
    ends: Vec<u32>,
    /// Start in `bytes` of each block of [`BLOCK`] strings.
    bases: Vec<u64>,
}

const BLOCK: usize = 64;

/// There are more strings than 32 bits can number, or strings longer than 4 GiB.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableFull;

impl StringTable {
    /// What stands for a name that the file does not hold (it was cut, or the index is wrong).
    pub const MISSING: &'static str = "(name missing)";

    /// How many strings there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Are there no strings?
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes the table takes.
    pub fn heap_bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * 4 + self.bases.capacity() * 8
    }

    /// The string `ix`, or [`StringTable::MISSING`].
    #[inline]
    pub fn get(&self, ix: StringIx) -> JsStr<'_> {
        let at = ix.at();
        if at >= self.ends.len() {
            return JsStr::from(Self::MISSING);
        }
        let base = self.bases[at / BLOCK];
        let start = if at.is_multiple_of(BLOCK) {
            0
        } else {
            self.ends[at - 1]
        };
        let place = |end: u32| usize_of(base + u64::from(end));
        JsStr::from_wtf8(&self.bytes[place(start)..place(self.ends[at])])
    }

    /// Appends strings that lie end to end in `bytes` (WTF-8) and end at `ends`, which ascend to `bytes.len()`.
    pub fn append(&mut self, bytes: &[u8], ends: &[usize]) -> Result<(), TableFull> {
        let before = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        let mut start = before;
        for end in ends {
            if self.ends.len().is_multiple_of(BLOCK) {
                self.bases.push(start as u64);
            }
            let base = self.bases.last().map_or(0, |&base| usize_of(base));
            start = before + end;
            self.ends.push(u32::try_from(start - base).ok().ok_or(TableFull)?);
        }
        let fits = u32::try_from(self.ends.len()).is_ok();
        if fits { Ok(()) } else { Err(TableFull) }
    }

    /// Gives back memory that was reserved for more strings.
    pub fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
        self.bases.shrink_to_fit();
    }

    /// All indices in order.
    pub fn indices(&self) -> impl ExactSizeIterator<Item = StringIx> + Clone + use<> {
        crate::base::index::all(self.len())
    }

    /// The first string equal to `text`.
    pub fn find(&self, text: &str) -> Option<StringIx> {
        self.indices().find(|&ix| self.get(ix) == text)
    }
}

fn usize_of(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}
