//! Displayed names as sort keys.

use std::cmp::Ordering;

use crate::base::index::{ClassIx, NodeIx, StringIx};
use crate::base::text::{JsStr, JsString};
use crate::graph::{EdgeName, NodeKind};
use crate::snapshot::Snapshot;

/// A text to sort by in JavaScript's order, with its first bytes at hand, so that most comparisons stay in the cache.
#[derive(Debug)]
pub(super) struct NameKey<'a> {
    prefix: u128,
    text: Text<'a>,
}

#[derive(Debug)]
enum Text<'a> {
    InFile(JsStr<'a>),
    Built(JsString),
}

/// From this byte on the order of bytes is not that of UTF-16 code units (U+E000 and above against pairs).
const UNORDERED: u8 = 0xEE;

impl<'a> NameKey<'a> {
    /// The displayed name of `node`.
    pub(super) fn of_node(snapshot: &'a Snapshot, node: NodeIx) -> Self {
        match flat_name_ix(snapshot, node) {
            Some(name) => Self::of(snapshot.graph().strings().get(name)),
            None => Self::built(snapshot.name(node)),
        }
    }

    /// The name of `class`.
    pub(super) fn of_class(snapshot: &'a Snapshot, class: ClassIx) -> Self {
        Self::of(snapshot.classes().class(class).name.as_js())
    }

    /// A text that stands in the file.
    pub(super) fn of(text: JsStr<'a>) -> Self {
        Self {
            prefix: prefix(text),
            text: Text::InFile(text),
        }
    }

    /// What an edge is called, numbers as texts.
    pub(super) fn of_edge(name: EdgeName<'a>) -> Self {
        match name {
            EdgeName::Text(text) => Self::of(text),
            EdgeName::Index(index) => Self::built(index.to_string().into()),
        }
    }

    /// A text that was put together.
    pub(super) fn built(text: JsString) -> Self {
        Self {
            prefix: prefix(text.as_js()),
            text: Text::Built(text),
        }
    }

    fn text(&self) -> JsStr<'_> {
        match &self.text {
            Text::InFile(text) => *text,
            Text::Built(text) => text.as_js(),
        }
    }
}

/// The displayed name of `node` where it is the name in the file, as it is for nearly all nodes.
pub(super) fn flat_name_ix(snapshot: &Snapshot, node: NodeIx) -> Option<StringIx> {
    let graph = snapshot.graph();
    let built = match graph.kind(node) {
        NodeKind::ConcatenatedString => true,
        NodeKind::Object => graph.raw_name(node) == "Object",
        _ => false,
    };
    (!built && !snapshot.dom().is_renamed(node)).then(|| graph.name_ix(node))
}

/// The first 16 bytes as a number whose order never contradicts that of the texts.
fn prefix(text: JsStr<'_>) -> u128 {
    let mut first = [0; 16];
    for (slot, &byte) in first.iter_mut().zip(text.bytes()) {
        *slot = byte.min(UNORDERED);
        if byte >= UNORDERED {
            break;
        }
    }
    u128::from_be_bytes(first)
}

impl Ord for NameKey<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.prefix
            .cmp(&other.prefix)
            .then_with(|| self.text().cmp_utf16(other.text()))
    }
}

impl PartialOrd for NameKey<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for NameKey<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.prefix == other.prefix && self.text() == other.text()
    }
}

impl Eq for NameKey<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_never_contradicts_the_text() {
        let texts = [
            "",
            "a",
            "a\0",
            "ab",
            "aaaaaaaaaaaaaaaab",
            "aaaaaaaaaaaaaaaac",
            "\u{D7FF}",
            "😀",
            "😀b",
            "\u{E000}",
            "\u{FFFF}",
            "a😀",
            "a\u{E000}",
        ];
        for a in texts {
            for b in texts {
                let (x, y) = (JsStr::from(a), JsStr::from(b));
                assert_eq!(NameKey::of(x).cmp(&NameKey::of(y)), x.cmp_utf16(y), "{a:?} {b:?}");
                assert_eq!(NameKey::of(x) == NameKey::of(y), a == b);
            }
        }
    }
}
