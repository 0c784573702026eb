//! The string table.

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
        JsStr::from_wtf8(
            &self.bytes[usize_of(base + u64::from(start))..usize_of(base + u64::from(self.ends[at]))],
        )
    }

    /// Appends a string (WTF-8).
    pub fn push(&mut self, text: JsStr<'_>) {
        if self.ends.len().is_multiple_of(BLOCK) {
            self.bases.push(self.bytes.len() as u64);
        }
        self.bytes.extend_from_slice(text.bytes());
        let base = self.bases.last().copied().unwrap_or_default();
        self.ends
            .push(crate::base::index::to_u32(self.bytes.len() - usize_of(base)));
    }

    /// All indices in order.
    pub fn indices(&self) -> impl ExactSizeIterator<Item = StringIx> + Clone {
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
