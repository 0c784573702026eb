//! Which rows a lazily expanded tree shows. No painting here.
//!
//! Rows that were never expanded are not stored: a level knows how many of its rows are shown and which of them are open, so
//! a class of ten million objects costs no more than one of ten. A row is told from others by the keys on the way to it
//! (objects occur many times in a tree), so what is expanded stays so when rows are sorted anew.

mod level;

use std::fmt::Debug;

use self::level::Found;

/// What a tree is made of, and how the rows of a level are asked for.
pub(crate) trait Branches {
    /// A row.
    type Row: Copy + Debug;
    /// What tells a row from its siblings.
    type Key: Copy + PartialEq + Debug;
    /// The rows under one row: the questions whose answers they are.
    type Level;

    /// The key of `row`.
    fn key(&self, row: &Self::Row) -> Self::Key;
    /// Can `row` be expanded?
    fn can_open(&self, row: &Self::Row) -> bool;
    /// Is `row` the same as one of these ancestors (outermost first)? Then it leads round in a circle and is not expanded.
    fn repeats(&self, row: &Self::Row, ancestors: &[Self::Row]) -> bool;
    /// The level under `row`.
    fn open(&self, row: &Self::Row) -> Self::Level;
    /// Asks for the rows of `level`; called once a frame.
    fn ask(&self, level: &mut Self::Level) -> Asked;
    /// How many rows `level` has, as far as is known.
    fn len(&self, level: &Self::Level) -> u64;
    /// The row at `at`, if it is known.
    fn row(&self, level: &Self::Level, at: u64) -> Option<Self::Row>;
    /// Where the row of that key stands.
    fn find(&self, level: &Self::Level, key: Self::Key) -> Option<u64>;
    /// What is said if there are no rows in `level`.
    fn nothing(&self, level: &Self::Level) -> &'static str;
    /// How many rows of `level` are shown at first, and how many more at a time.
    fn page(&self, level: &Self::Level) -> u64;
    /// Does what unfolds under `row` do so whenever it is opened?
    fn leads_on(&self, _row: &Self::Row) -> bool {
        false
    }
    /// Is the first row of a level opened without being asked, `depth` levels down?
    fn unfolds(&self, _row: &Self::Row, _depth: usize) -> bool {
        false
    }
}

/// What asking for a level came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Changes whenever the rows do.
    pub(crate) version: u64,
    /// Are no rows known yet?
    pub(crate) is_waiting: bool,
    /// Why there will be none.
    pub(crate) failure: Option<String>,
}

/// One step on the way to a row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step<K> {
    /// The key of the row; none for the last row of a level that says how many more there are.
    pub(crate) key: Option<K>,
    /// Where it was last seen.
    at: u64,
}

/// The way to a row from the top.
pub(crate) type Path<K> = Vec<Step<K>>;

/// What stands in a row.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item<R> {
    /// A row of the answer.
    Row(R),
    /// There are more rows than are shown.
    More {
        /// How many are not shown.
        hidden: u64,
        /// How many the next page holds.
        page: u64,
    },
    /// The rows under the row above are being asked for.
    Waiting,
    /// There is nothing under the row above, and this is said of it.
    Empty(&'static str),
    /// Why there are no rows.
    Failed(String),
}

/// A row on the screen.
#[derive(Clone, Debug)]
pub(crate) struct Line<R, K> {
    /// What stands in it.
    pub(crate) item: Item<R>,
    /// The way to it; its length is the level.
    pub(crate) path: Path<K>,
    /// Can it be expanded?
    pub(crate) can_open: bool,
    /// Is it expanded?
    pub(crate) is_open: bool,
    /// Is it the same as a row it stands under?
    pub(crate) repeats: bool,
}

/// A row on the screen of such a tree.
pub(crate) type LineOf<B> = Line<<B as Branches>::Row, <B as Branches>::Key>;

/// A tree, as far as it is expanded.
pub(crate) struct Outline<B: Branches> {
    root: Level<B>,
    generation: u64,
    rows_version: u64,
}

impl<K> Step<K> {
    /// Where the row was last seen.
    pub(crate) const fn at(&self) -> u64 {
        self.at
    }
}

struct Level<B: Branches> {
    content: B::Level,
    asked: Asked,
    len: u64,
    shown: u64,
    page: u64,
    unfolding: bool,
    open: Vec<Branch<B>>,
    /// Rows on the screen, those of open branches included.
    size: u64,
}

struct Branch<B: Branches> {
    row: B::Row,
    key: B::Key,
    /// Where the row stands now, if it is in the answer.
    at: Option<u64>,
    level: Level<B>,
}

impl<B: Branches> Outline<B> {
    /// A tree of which only the top level is shown, and what unfolds by itself.
    pub(crate) fn new(root: B::Level) -> Self {
        let mut root = Level::new(root);
        root.unfolding = true;
        Self {
            root,
            generation: 0,
            rows_version: 0,
        }
    }

    /// The top level.
    pub(crate) fn top(&self) -> &B::Level {
        &self.root.content
    }

    /// Asks for all levels that are open. Once a frame, before anything else.
    pub(crate) fn refresh(&mut self, tree: &B) {
        let mut ancestors = Vec::new();
        if self.root.refresh(tree, &mut ancestors) {
            self.generation += 1;
            self.rows_version += 1;
        }
    }

    /// Changes whenever rows may have moved.
    pub(crate) const fn generation(&self) -> u64 {
        self.generation
    }

    /// Changes whenever levels were opened or closed, or have other rows; not when more of them are shown.
    pub(crate) const fn rows_version(&self) -> u64 {
        self.rows_version
    }

    /// How many rows there are on the screen, if it were high enough.
    pub(crate) const fn rows(&self) -> u64 {
        self.root.size
    }

    /// The row at `index`.
    pub(crate) fn at(&self, tree: &B, index: u64) -> Option<LineOf<B>> {
        let (mut level, mut rest) = (&self.root, index);
        let (mut path, mut ancestors) = (Path::new(), Vec::new());
        if rest >= level.size {
            return None;
        }
        loop {
            match level.locate(rest) {
                Found::Own(at) => return Some(level.line(tree, at, path, &ancestors)),
                Found::Under(branch, below) => {
                    path.push(Step {
                        key: Some(branch.key),
                        at: branch.at.unwrap_or(0),
                    });
                    ancestors.push(branch.row);
                    level = &branch.level;
                    rest = below;
                }
            }
        }
    }

    /// The row at the end of `path`, if it is known.
    pub(crate) fn row_of(&self, tree: &B, path: &[Step<B::Key>]) -> Option<B::Row> {
        let (last, way) = path.split_last()?;
        let mut level = &self.root;
        for step in way {
            level = &level
                .open
                .iter()
                .find(|branch| Some(branch.key) == step.key)?
                .level;
        }
        let at = level.position(tree, last.key?, last.at)?;
        tree.row(&level.content, at)
    }

    /// Is any row expanded?
    pub(crate) const fn has_open(&self) -> bool {
        !self.root.open.is_empty()
    }

    /// All levels that are open, from the top, each with the way to it and what it holds.
    pub(crate) fn levels(&self) -> Vec<(Path<B::Key>, &B::Level)> {
        let mut levels = Vec::new();
        let mut ahead = vec![(Path::new(), &self.root)];
        while let Some((path, level)) = ahead.pop() {
            for branch in level.visible().collect::<Vec<_>>().into_iter().rev() {
                let mut path = path.clone();
                path.push(Step {
                    key: Some(branch.key),
                    at: branch.at.unwrap_or(0),
                });
                ahead.push((path, &branch.level));
            }
            levels.push((path, &level.content));
        }
        levels
    }

    /// Where the row at the end of `path` is now.
    pub(crate) fn index_of(&self, tree: &B, path: &[Step<B::Key>]) -> Option<u64> {
        let (last, way) = path.split_last()?;
        let (mut level, mut index) = (&self.root, 0);
        for step in way {
            let branch = level.open.iter().find(|branch| Some(branch.key) == step.key)?;
            index += level.offset(branch.at.filter(|&at| at < level.shown)?) + 1;
            level = &branch.level;
        }
        let at = match last.key {
            None if level.len == 0 => 0,
            None => level.has_more().then_some(level.shown)?,
            Some(key) => level
                .position(tree, key, last.at)
                .filter(|&at| at < level.shown)?,
        };
        Some(index + level.offset(at))
    }

    /// Expands the row at the end of `path`, if it can be.
    pub(crate) fn expand(&mut self, tree: &B, path: &[Step<B::Key>]) {
        let Some((last, way)) = path.split_last() else {
            return;
        };
        let mut ancestors = Vec::new();
        let Some(level) = self.level_mut(way, &mut ancestors) else {
            return;
        };
        let Some(key) = last.key else { return };
        if let Some(at) = level.position(tree, key, last.at)
            && level.open.iter().all(|branch| branch.key != key)
        {
            level.shown = level.shown.max(at + 1);
            if let Some(branch) = level.open_at(tree, at, &ancestors) {
                branch.level.unfolding = tree.leads_on(&branch.row);
            }
        }
        self.refresh(tree);
        self.generation += 1;
        self.rows_version += 1;
    }

    /// Collapses the row at the end of `path`, and with it all below.
    pub(crate) fn collapse(&mut self, path: &[Step<B::Key>]) {
        if let Some((last, way)) = path.split_last()
            && let Some(level) = self.level_mut(way, &mut Vec::new())
        {
            level.open.retain(|branch| Some(branch.key) != last.key);
        }
        self.root.measure();
        self.generation += 1;
        self.rows_version += 1;
    }

    /// Shows `more` further rows of the level in which `path` ends.
    pub(crate) fn show_more(&mut self, path: &[Step<B::Key>], more: u64) {
        let way = &path[..path.len().saturating_sub(1)];
        if let Some(level) = self.level_mut(way, &mut Vec::new()) {
            level.shown = level.shown.saturating_add(more).min(level.len);
        }
        self.root.measure();
        self.generation += 1;
    }

    /// The way to the row of `key` under the row at the end of `parent`, shown if it was beyond the last page. None while the
    /// rows are not known, or if there is no such row.
    pub(crate) fn reveal(&mut self, tree: &B, parent: &[Step<B::Key>], key: B::Key) -> Option<Path<B::Key>> {
        let level = self.level_mut(parent, &mut Vec::new())?;
        let at = level.position(tree, key, 0)?;
        if at >= level.shown {
            level.shown = (at + 1).next_multiple_of(level.page).min(level.len);
        }
        self.root.measure();
        self.generation += 1;
        let mut path = parent.to_vec();
        path.push(Step { key: Some(key), at });
        Some(path)
    }

    /// Is the level under `path` known?
    pub(crate) fn is_known(&mut self, path: &[Step<B::Key>]) -> bool {
        self.level_mut(path, &mut Vec::new())
            .is_some_and(|level| !level.asked.is_waiting)
    }

    fn level_mut(&mut self, path: &[Step<B::Key>], ancestors: &mut Vec<B::Row>) -> Option<&mut Level<B>> {
        let mut level = &mut self.root;
        for step in path {
            let branch = level
                .open
                .iter_mut()
                .find(|branch| Some(branch.key) == step.key)?;
            ancestors.push(branch.row);
            level = &mut branch.level;
        }
        Some(level)
    }
}

#[cfg(test)]
mod tests;
