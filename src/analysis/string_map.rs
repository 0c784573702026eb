//! What is known of each string, by its index: so that a text is looked at once and not at each of its uses.

use rustc_hash::FxHashMap;

use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, StringIx};
use crate::base::text::JsStr;
use crate::graph::StringTable;

/// A value for every string. Indices past the table's end (names of a file that was cut) share one entry, as they share the
/// text [`StringTable::MISSING`].
#[derive(Clone, Debug)]
pub struct StringMap<T> {
    entries: Vec<T>,
}

impl<T: Copy> StringMap<T> {
    /// `value` for every string of `strings`.
    pub fn filled(strings: &StringTable, value: T) -> Self {
        Self {
            entries: vec![value; strings.len() + 1],
        }
    }

    /// The value of `ix`.
    #[inline]
    pub fn get(&self, ix: StringIx) -> T {
        self.entries[ix.at().min(self.entries.len() - 1)]
    }

    /// Makes `value` the value of `ix`.
    #[inline]
    pub fn set(&mut self, ix: StringIx, value: T) {
        let last = self.entries.len() - 1;
        self.entries[ix.at().min(last)] = value;
    }
}

/// A set of strings chosen by their text, whatever their indices: V8 writes each text once, other programs may not.
#[derive(Clone, Debug)]
pub struct StringSet {
    members: BitSet<StringIx>,
}

impl StringSet {
    /// The strings of `strings` whose text is `wanted`: a pass over the table.
    pub fn matching(strings: &StringTable, wanted: impl Fn(JsStr<'_>) -> bool) -> Self {
        let mut members = BitSet::new(strings.len());
        for ix in strings.indices() {
            if wanted(strings.get(ix)) {
                members.insert(ix);
            }
        }
        Self { members }
    }

    /// The strings of each of `N` sets: `which` tells the number of the set that a text is in, if it is in one. One pass over
    /// the table for all.
    pub fn each_matching<const N: usize>(
        strings: &StringTable,
        which: impl Fn(JsStr<'_>) -> Option<usize>,
    ) -> [Self; N] {
        let mut sets = std::array::from_fn(|_| Self {
            members: BitSet::new(strings.len()),
        });
        for ix in strings.indices() {
            if let Some(at) = which(strings.get(ix)) {
                sets[at].members.insert(ix);
            }
        }
        sets
    }

    /// For each list of texts the strings equal to one of them: one pass over the table for all.
    pub fn each_of<const N: usize>(strings: &StringTable, lists: [&[&str]; N]) -> [Self; N] {
        let mut sets = std::array::from_fn(|_| Self {
            members: BitSet::new(strings.len()),
        });
        let texts = || {
            (0..)
                .zip(lists)
                .flat_map(|(at, list)| list.iter().map(move |text| (text.as_bytes(), at)))
        };
        let longest = texts().map(|(text, _)| text.len()).max().unwrap_or(0);
        let mut lists_of: FxHashMap<&[u8], Vec<usize>> = FxHashMap::default();
        for (text, at) in texts() {
            lists_of.entry(text).or_default().push(at);
        }
        for ix in strings.indices() {
            let text = strings.get(ix).bytes();
            if text.len() <= longest
                && let Some(lists) = lists_of.get(text)
            {
                for &at in lists {
                    sets[at].members.insert(ix);
                }
            }
        }
        sets
    }

    /// The strings equal to `text`.
    pub fn equal(strings: &StringTable, text: &str) -> Self {
        Self::matching(strings, |string| string == text)
    }

    /// Is `ix` in the set? False for an index past the table's end.
    #[inline]
    pub fn contains(&self, ix: StringIx) -> bool {
        ix.at() < self.members.domain() && self.members.contains(ix)
    }

    /// Has no string such a text?
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }
}
