//! The rows of the Paths: branches, dominators or ways of being held, under them the objects.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::analysis::owners::Owners;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::units::{counted, human_bytes};
use crate::gui::cx::Asker;
use crate::gui::widgets::outline::{Asked, Branches};
use crate::query::object_set::Objects;
use crate::query::paths::graph::RetainingGraph;
use crate::query::paths::immediate::{Dominating, DominatingClass, DominatorIx};
use crate::query::paths::merged::{BranchColumn, BranchIx, MergedTree};
use crate::query::paths::similar::{SimilarRow, SimilarWays};
use crate::query::{Direction, Order};

/// In which form paths are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Merged,
    Dominators,
    Similar,
    /// As a picture.
    Graph,
}

/// What is known.
#[derive(Debug, Default)]
pub(super) struct Answers {
    pub(super) asked: Asked,
    pub(super) objects: Option<Objects>,
    pub(super) owners: Option<Arc<Owners>>,
    pub(super) merged: Option<Arc<MergedTree>>,
    pub(super) dominators: Option<Arc<Dominating>>,
    pub(super) similar: Option<Arc<SimilarWays>>,
    pub(super) graph: Option<Arc<RetainingGraph>>,
}

/// The tree of a frame.
#[derive(Clone)]
pub(super) struct PathsTree {
    pub(super) asker: Asker,
    pub(super) form: Form,
    pub(super) answers: Arc<Answers>,
    pub(super) order: Order<BranchColumn>,
}

/// A row; the key of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    Branch(BranchIx),
    /// The dominators of one class, by its place.
    Class(usize),
    Dominator(DominatorIx),
    /// A way of being held, by its place.
    Way(usize),
    Object(NodeIx),
}

/// What stands under a row: first rows of this view's own, then objects.
pub(super) struct Level {
    /// The row above; none at the top.
    of: Option<Row>,
    own: Vec<Row>,
    /// For what that was sorted.
    sorted: Option<(u64, Order<BranchColumn>)>,
}

impl Level {
    pub(super) const fn top() -> Self {
        Self::under(None)
    }

    const fn under(of: Option<Row>) -> Self {
        Self {
            of,
            own: Vec::new(),
            sorted: None,
        }
    }
}

impl Answers {
    /// `1 170 000 objects, 75.8 MB`; empty while that is not known.
    pub(super) fn about(&self) -> String {
        let Some(objects) = &self.objects else {
            return String::new();
        };
        let count = counted(objects.nodes().len() as u64, "object", "objects");
        match self.retained_size() {
            Some(size) => format!("{count}, {} retained together", human_bytes(size)),
            None => count,
        }
    }

    /// What would be freed with all objects that the rows are about, in bytes.
    pub(super) fn retained_size(&self) -> Option<u64> {
        let merged = || {
            self.merged
                .as_ref()?
                .branches()
                .first()
                .map(|root| root.retained_size)
        };
        let dominators = || Some(self.dominators.as_ref()?.retained_size);
        let similar = || Some(self.similar.as_ref()?.retained_size);
        merged().or_else(dominators).or_else(similar)
    }
}

impl PathsTree {
    pub(super) fn class(&self, at: usize) -> Option<&DominatingClass> {
        self.answers.dominators.as_ref()?.classes.get(at)
    }

    pub(super) fn way(&self, at: usize) -> Option<&SimilarRow> {
        self.answers.similar.as_ref()?.rows.get(at)
    }

    /// How many objects `row` stands for, and what would be freed with those.
    pub(super) fn numbers(&self, row: &Row) -> (u64, u64) {
        let numbers = match *row {
            Row::Branch(ix) => self.answers.merged.as_ref().map(|tree| {
                let branch = tree.branch(ix);
                (branch.count, branch.retained_size)
            }),
            Row::Class(at) => self.class(at).map(|class| (class.count, class.retained_size)),
            Row::Dominator(ix) => self.answers.dominators.as_ref().map(|answer| {
                let one = answer.dominator(ix);
                (one.count, one.retained_size)
            }),
            Row::Way(at) => self.way(at).map(|way| (way.alike, way.retained_size)),
            Row::Object(node) => Some((1, self.asker.snapshot.retained_size(node))),
        };
        numbers.unwrap_or_default()
    }

    /// All objects that `row` stands for.
    pub(super) fn objects(&self, row: &Row) -> Vec<NodeIx> {
        let answers = &self.answers;
        match *row {
            Row::Branch(ix) => answers.merged.as_ref().map(|tree| tree.beyond(ix)),
            Row::Class(at) => self
                .class(at)
                .zip(answers.dominators.as_ref())
                .map(|(class, answer)| {
                    let members = answer.of_class(class).map(|ix| answer.members(ix));
                    members.collect::<Vec<_>>().concat()
                }),
            Row::Dominator(_) | Row::Way(_) => Some(self.ends(Some(*row)).to_vec()),
            Row::Object(node) => Some(vec![node]),
        }
        .unwrap_or_default()
    }

    /// The objects right under a row.
    fn ends(&self, row: Option<Row>) -> &[NodeIx] {
        let answers = &*self.answers;
        match row {
            Some(Row::Branch(ix)) => answers.merged.as_ref().map(|tree| tree.ends(ix)),
            Some(Row::Dominator(ix)) => answers.dominators.as_ref().map(|answer| answer.members(ix)),
            Some(Row::Way(at)) => {
                let answer = answers.similar.as_ref();
                answer.and_then(|answer| Some(answer.members(answer.rows.get(at)?.way)))
            }
            Some(Row::Class(_) | Row::Object(_)) | None => None,
        }
        .unwrap_or_default()
    }

    /// The rows right under a row that are no objects asked about.
    fn own(&self, row: Option<Row>) -> Vec<Row> {
        let answers = &*self.answers;
        match row {
            None => {
                let merged = answers.merged.iter().filter(|tree| !tree.branches().is_empty());
                let classes = answers
                    .dominators
                    .iter()
                    .flat_map(|answer| 0..answer.classes.len());
                let ways = answers.similar.iter().flat_map(|answer| 0..answer.rows.len());
                merged
                    .map(|_| Row::Branch(BranchIx::new(0)))
                    .chain(classes.map(Row::Class))
                    .chain(ways.map(Row::Way))
                    .collect()
            }
            Some(Row::Branch(ix)) => {
                let under = answers
                    .merged
                    .as_ref()
                    .map(|tree| tree.under(ix))
                    .unwrap_or_default();
                under.iter().copied().map(Row::Branch).collect()
            }
            Some(Row::Class(at)) => {
                let class = self.class(at).zip(answers.dominators.as_ref());
                let dominators = class.map(|(class, answer)| answer.of_class(class));
                dominators.into_iter().flatten().map(Row::Dominator).collect()
            }
            Some(Row::Dominator(_) | Row::Way(_) | Row::Object(_)) => Vec::new(),
        }
    }

    fn compare(&self, a: &Row, b: &Row) -> Ordering {
        let ordering = match self.order.by {
            BranchColumn::Count => self.numbers(a).0.cmp(&self.numbers(b).0),
            BranchColumn::Label => self.name(a).cmp(&self.name(b)),
            BranchColumn::Module => self.module(a).cmp(&self.module(b)),
            _ => self.numbers(a).1.cmp(&self.numbers(b).1),
        };
        match self.order.direction {
            Direction::Ascending => ordering,
            Direction::Descending => ordering.reverse(),
        }
    }
}

impl Branches for PathsTree {
    type Row = Row;
    type Key = Row;
    type Level = Level;

    fn key(&self, row: &Row) -> Row {
        *row
    }

    fn can_open(&self, row: &Row) -> bool {
        !matches!(row, Row::Object(_))
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, row: &Row) -> Level {
        Level::under(Some(*row))
    }

    fn leads_on(&self, row: &Row) -> bool {
        matches!(row, Row::Branch(_))
    }

    /// As long as one way has nearly all, it is followed.
    fn unfolds(&self, row: &Row, depth: usize) -> bool {
        let all = self
            .answers
            .objects
            .as_ref()
            .map_or(0, |objects| objects.nodes().len());
        matches!(row, Row::Branch(_)) && depth < DEEPEST && self.numbers(row).0 * 10 >= all as u64 * 5
    }

    fn ask(&self, level: &mut Level) -> Asked {
        let now = (self.answers.asked.version, self.order);
        if level.sorted != Some(now) && !self.answers.asked.is_waiting {
            level.sorted = Some(now);
            level.own = self.own(level.of);
            level.own.sort_by(|a, b| self.compare(a, b));
        }
        let mut asked = self.answers.asked.clone();
        // Sorting anew changes rows too.
        asked.version = asked.version * 64
            + self.order.by as u64 * 2
            + u64::from(self.order.direction == Direction::Ascending);
        asked
    }

    fn len(&self, level: &Level) -> u64 {
        (level.own.len() + self.ends(level.of).len()) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level.own.get(at) {
            Some(row) => Some(*row),
            None => self
                .ends(level.of)
                .get(at - level.own.len())
                .copied()
                .map(Row::Object),
        }
    }

    fn find(&self, level: &Level, key: Row) -> Option<u64> {
        let at = match key {
            // Objects stand in file order.
            Row::Object(node) => {
                let at = self.ends(level.of).binary_search(&node).ok();
                at.map(|at| level.own.len() + at)
            }
            _ => level.own.iter().position(|row| *row == key),
        };
        at.map(|at| at as u64)
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match (level.of, self.form) {
            (None, Form::Merged | Form::Similar) => "No way from the roots leads to any of these objects",
            _ => "No objects",
        }
    }

    fn page(&self, _level: &Level) -> u64 {
        100
    }
}

/// Rows that open by themselves are no deeper than that.
const DEEPEST: usize = 24;
