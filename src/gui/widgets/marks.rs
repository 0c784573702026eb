//! Which rows of a tree are chosen: the one under the cursor, and any others.

use super::outline::{Branches, Outline, Path};

/// The rows that are chosen, and which of them the cursor is on.
pub(super) struct Marks<K> {
    rows: Vec<Mark<K>>,
    /// Where the rows stand now, ascending.
    indices: Vec<u64>,
    /// The row from which a range is drawn.
    anchor: Option<u64>,
    generation: u64,
}

/// A row: the way to it, and where it stood when the outline last changed.
struct Mark<K> {
    path: Path<K>,
    index: Option<u64>,
}

/// A range is cut there: each of its rows is kept.
const MOST: u64 = 10_000;

impl<K: Copy + PartialEq> Marks<K> {
    pub(super) const fn none() -> Self {
        Self {
            rows: Vec::new(),
            indices: Vec::new(),
            anchor: None,
            generation: 0,
        }
    }

    /// Looks up where the rows are, if they may have moved: the search may be long.
    pub(super) fn refresh<B: Branches<Key = K>>(&mut self, outline: &Outline<B>, tree: &B) {
        if self.generation == outline.generation() {
            return;
        }
        self.generation = outline.generation();
        for mark in &mut self.rows {
            mark.index = outline.index_of(tree, &mark.path);
        }
        self.anchor = self.cursor();
        self.sort();
    }

    /// Where the cursor is: on the row chosen last.
    pub(super) fn cursor(&self) -> Option<u64> {
        self.rows.last()?.index
    }

    /// Is the row at `index` chosen?
    pub(super) fn has(&self, index: u64) -> bool {
        self.indices.binary_search(&index).is_ok()
    }

    /// How many rows are chosen.
    pub(super) const fn len(&self) -> usize {
        self.rows.len()
    }

    /// The ways to the rows, the one under the cursor last.
    pub(super) fn paths(&self) -> impl Iterator<Item = &Path<K>> {
        self.rows.iter().map(|mark| &mark.path)
    }

    /// Chooses that row alone; where it is will be looked up.
    pub(super) fn set_path(&mut self, path: Path<K>) {
        self.rows = vec![Mark { path, index: None }];
        self.generation = u64::MAX;
    }

    /// Chooses that row alone.
    pub(super) fn set(&mut self, path: Path<K>, index: u64) {
        self.rows.clear();
        self.anchor = Some(index);
        self.push(path, index);
    }

    /// Chooses that row too, or no longer.
    pub(super) fn toggle(&mut self, path: Path<K>, index: u64) {
        self.anchor = Some(index);
        let before = self.rows.len();
        self.rows.retain(|mark| mark.index != Some(index));
        if self.rows.len() == before || self.rows.is_empty() {
            self.push(path, index);
        } else {
            self.sort();
        }
    }

    /// Chooses all rows from the last one that was chosen by itself to the one at `index`; `path_of` gives the ways to them.
    pub(super) fn extend_to(&mut self, index: u64, path_of: impl Fn(u64) -> Option<Path<K>>) {
        let anchor = self.anchor.or_else(|| self.cursor()).unwrap_or(index);
        let range: Box<dyn Iterator<Item = u64>> = if anchor <= index {
            Box::new(anchor..=index.min(anchor + MOST))
        } else {
            Box::new((index.max(anchor.saturating_sub(MOST))..=anchor).rev())
        };
        let mark = |index| {
            Some(Mark {
                path: path_of(index)?,
                index: Some(index),
            })
        };
        self.rows = range.filter_map(mark).collect();
        self.anchor = Some(anchor);
        self.sort();
    }

    fn push(&mut self, path: Path<K>, index: u64) {
        self.rows.push(Mark {
            path,
            index: Some(index),
        });
        self.sort();
    }

    fn sort(&mut self) {
        self.indices = self.rows.iter().filter_map(|mark| mark.index).collect();
        self.indices.sort_unstable();
    }
}
