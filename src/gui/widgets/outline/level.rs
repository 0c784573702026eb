//! One level of an outline: which of its rows are shown, which are open, and where a row stands.

use super::{Asked, Branch, Branches, Item, Level, Line, LineOf, Path, Step};

/// What stands at a place of a level.
pub(super) enum Found<'a, B: Branches> {
    Own(u64),
    Under(&'a Branch<B>, u64),
}

impl<B: Branches> Level<B> {
    pub(super) fn new(content: B::Level) -> Self {
        Self {
            content,
            asked: Asked::default(),
            len: 0,
            shown: 0,
            page: 0,
            unfolding: false,
            open: Vec::new(),
            size: 0,
        }
    }

    /// Asks for this level and those under it; tells whether rows may have moved.
    pub(super) fn refresh(&mut self, tree: &B, ancestors: &mut Vec<B::Row>) -> bool {
        let asked = tree.ask(&mut self.content);
        let mut moved = asked != self.asked || self.page == 0;
        if moved {
            self.asked = asked;
            self.settle(tree, ancestors);
        }
        for branch in &mut self.open {
            ancestors.push(branch.row);
            moved |= branch.level.refresh(tree, ancestors);
            ancestors.pop();
        }
        if moved {
            self.size = self.own_rows() + self.visible().map(|branch| branch.level.size).sum::<u64>();
        }
        moved
    }

    /// Takes in new rows.
    pub(super) fn settle(&mut self, tree: &B, ancestors: &[B::Row]) {
        self.page = tree.page(&self.content).max(1);
        self.len = tree.len(&self.content);
        self.shown = self.shown.max(self.page).min(self.len.max(self.page));
        for branch in &mut self.open {
            branch.at = tree.find(&self.content, branch.key);
            let now = branch.at.and_then(|at| tree.row(&self.content, at));
            branch.row = now.unwrap_or(branch.row);
        }
        self.sort();
        if self.unfolding && self.len > 0 {
            self.unfolding = false;
            if let Some(first) = tree.row(&self.content, 0)
                && tree.unfolds(&first, ancestors.len())
                && let Some(branch) = self.open_at(tree, 0, ancestors)
            {
                branch.level.unfolding = true;
            }
        }
    }

    pub(super) fn open_at(&mut self, tree: &B, at: u64, ancestors: &[B::Row]) -> Option<&mut Branch<B>> {
        let row = tree.row(&self.content, at)?;
        if !tree.can_open(&row) || tree.repeats(&row, ancestors) {
            return None;
        }
        let key = tree.key(&row);
        let branch = Branch {
            row,
            key,
            at: Some(at),
            level: Self::new(tree.open(&row)),
        };
        self.open.push(branch);
        self.sort();
        self.open.iter_mut().find(|branch| branch.key == key)
    }

    pub(super) fn sort(&mut self) {
        self.open
            .sort_by_key(|branch| branch.at.map_or((1, 0), |at| (0, at)));
    }

    /// Sizes anew after something was opened, closed or shown.
    pub(super) fn measure(&mut self) {
        for branch in &mut self.open {
            branch.level.measure();
        }
        self.size = self.own_rows() + self.visible().map(|branch| branch.level.size).sum::<u64>();
    }

    pub(super) fn has_more(&self) -> bool {
        self.len > self.shown
    }

    /// Rows of this level itself.
    pub(super) fn own_rows(&self) -> u64 {
        match self.len {
            0 => 1,
            len => len.min(self.shown) + u64::from(self.has_more()),
        }
    }

    /// Open branches whose rows are shown, from the top.
    pub(super) fn visible(&self) -> impl Iterator<Item = &Branch<B>> {
        let end = self.len.min(self.shown);
        self.open
            .iter()
            .take_while(move |branch| branch.at.is_some_and(|at| at < end))
    }

    pub(super) fn locate(&self, index: u64) -> Found<'_, B> {
        let mut rest = index;
        for branch in self.visible() {
            let at = branch.at.unwrap_or(0);
            if rest <= at {
                break;
            }
            let below = rest - at - 1;
            if below < branch.level.size {
                return Found::Under(branch, below);
            }
            rest -= branch.level.size;
        }
        Found::Own(rest)
    }

    /// Rows above the row at `at` of this level.
    pub(super) fn offset(&self, at: u64) -> u64 {
        let above = self.visible().take_while(|branch| branch.at < Some(at));
        at + above.map(|branch| branch.level.size).sum::<u64>()
    }

    pub(super) fn position(&self, tree: &B, key: B::Key, hint: u64) -> Option<u64> {
        let there = tree.row(&self.content, hint).map(|row| tree.key(&row));
        if there == Some(key) {
            Some(hint)
        } else {
            tree.find(&self.content, key)
        }
    }

    pub(super) fn line(&self, tree: &B, at: u64, mut path: Path<B::Key>, ancestors: &[B::Row]) -> LineOf<B> {
        let plain = |item, path| Line {
            item,
            path,
            can_open: false,
            is_open: false,
            repeats: false,
        };
        let row = tree.row(&self.content, at).filter(|_| at < self.shown);
        let Some(row) = row else {
            path.push(Step { key: None, at });
            let item = match &self.asked {
                _ if self.has_more() => Item::More {
                    hidden: self.len - self.shown,
                    page: self.page.min(self.len - self.shown),
                },
                Asked {
                    failure: Some(reason),
                    ..
                } => Item::Failed(reason.clone()),
                Asked { is_waiting: true, .. } => Item::Waiting,
                Asked { .. } => Item::Empty(tree.nothing(&self.content)),
            };
            return plain(item, path);
        };
        let key = tree.key(&row);
        path.push(Step { key: Some(key), at });
        let repeats = tree.repeats(&row, ancestors);
        Line {
            can_open: tree.can_open(&row) && !repeats,
            repeats,
            is_open: self.visible().any(|branch| branch.at == Some(at)),
            ..plain(Item::Row(row), path)
        }
    }
}
