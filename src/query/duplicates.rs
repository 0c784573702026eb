//! Which objects are there again and again: many of one class and shape a short way from the roots, and whole copies?
//!
//! [`FindDuplicates`] looks for both once; [`Duplicates`] are the rows of one list, [`Differences`](differences::Differences)
//! tell what differs among the objects of a row.

mod close;
mod copies;
pub mod differences;
mod holder;

use std::sync::Arc;

use super::name_key::NameKey;
use super::pattern::Pattern;
use super::{Cell, Direction, Order, Query, owners, sort};
use crate::analysis::content_hash::ContentHash;
use crate::analysis::distances::Distance;
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::holders::Holders;
use crate::analysis::owners::Owners;
use crate::analysis::packages::Package;
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::snapshot::Snapshot;

/// Asks for the duplicates of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindDuplicates;

/// The duplicates of a snapshot. Shared: a clone is the same, and nothing else is equal.
#[derive(Clone, Debug)]
pub struct DuplicateLists(Arc<Lists>);

#[derive(Debug)]
struct Lists {
    close: Vec<DuplicateRow>,
    copies: Vec<DuplicateRow>,
}

/// Which list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DuplicateKind {
    /// Objects of one class, shape and distance: those made in a loop. Close to the roots, many and alike come first.
    #[default]
    Close,
    /// Objects that are equal with all that hangs from them alone, two levels or more. What most could be saved of comes first.
    Copies,
}

crate::index! {
    /// A row of a list: its place there.
    DuplicateIx
}

/// Objects that are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct DuplicateRow {
    /// Their class.
    pub class: ClassIx,
    /// The names of their properties, sorted; none of dictionaries.
    pub shape: Option<Vec<JsString>>,
    /// Their distance; along a list, and of copies, that of the nearest.
    pub distance: Distance,
    /// Their shallow sizes together, in bytes.
    pub shallow_size: u64,
    /// What would go with them, in bytes.
    pub retained_size: u64,
    /// What would be saved if of those that look alike one were left, in bytes.
    pub wasted_size: u64,
    /// How many different contents those have that were compared, two levels deep.
    pub distinct: u64,
    /// How many were compared: all, or in a very large heap some that are evenly spread.
    pub compared: u64,
    /// Properties that differ among them.
    pub differing: Vec<JsString>,
    /// By what they are held, if most are held by the same.
    pub held_by: Option<JsString>,
    /// Whose they are.
    pub package: Option<Package>,
    /// All of them, in file order.
    pub members: Arc<[NodeIx]>,
}

/// Asks for the rows of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicates {
    /// All of the snapshot that is asked about.
    pub lists: DuplicateLists,
    /// Which list.
    pub kind: DuplicateKind,
    /// Only rows whose class or one of whose properties matches.
    pub pattern: Option<Pattern>,
    /// How they are sorted; none is as they are found: what tells most comes first.
    pub order: Option<Order<DuplicateColumn>>,
}

columns! {
    /// Columns of duplicates.
    pub enum DuplicateColumn: |snapshot: Snapshot, row: DuplicateRow| {
        /// The class name.
        Class: Text "class" "Class" = Cell::Text(snapshot.classes().class(row.class).name.clone());
        /// The names of their properties.
        Shape: Text "shape" "Properties" = Cell::Text(row.shape_text());
        /// How far they are from the roots.
        Distance: Number "distance" "Distance" = Cell::Distance(row.distance);
        /// Which roots reach them.
        Reach: Program "reach" "Reach" = Cell::reach(row.distance);
        /// How many objects.
        Count: Number "count" "Count" = Cell::Count(row.count());
        /// Their own sizes together.
        ShallowSize: Number "shallow_size" "Shallow size" = Cell::Bytes(row.shallow_size);
        /// What would go with them.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.retained_size);
        /// What could be saved.
        WastedSize: Number "wasted_size" "Wasted" = Cell::Bytes(row.wasted_size);
        /// How many different contents.
        Distinct: Number "distinct" "Contents" = row.contents();
        /// By what they are held.
        HeldBy: Text "held_by" "Held by" = Cell::of(row.held_by.clone(), Cell::Text);
        /// Some of them.
        Samples: Program "sample_ids" "Samples" = Cell::List(row.samples(snapshot));
        /// Properties that differ among them.
        Differing: Program "differing" "Differing" = Cell::List(row.differing.iter().cloned().map(Cell::Text).collect());
        /// Whose they are.
        Package: Program "package" "Package" = Cell::of(row.package.as_ref(), |package| Cell::Text(package.to_string().into()));
    }
}

/// So many are named for example.
const SAMPLES: usize = 5;

impl DuplicateRow {
    /// How many objects.
    pub fn count(&self) -> u64 {
        self.members.len() as u64
    }

    /// How many different contents they have at most: as many as were found, and all that were not compared.
    pub fn most_distinct(&self) -> u64 {
        self.distinct + (self.count() - self.compared)
    }

    fn contents(&self) -> Cell {
        if self.compared == self.count() {
            Cell::Count(self.distinct)
        } else {
            Cell::Range(self.distinct, self.most_distinct())
        }
    }

    /// The shape as people read it: `component, url`, or `dict`.
    pub fn shape_text(&self) -> JsString {
        let Some(names) = &self.shape else {
            return "dict".into();
        };
        let mut text = JsString::new();
        for (nth, name) in names.iter().enumerate() {
            text.push_str(if nth == 0 { "" } else { ", " });
            text.push(name.as_js());
        }
        text
    }

    fn samples(&self, snapshot: &Snapshot) -> Vec<Cell> {
        let some = spread(&self.members, SAMPLES);
        some.into_iter().map(|node| Cell::Id(snapshot.id(node))).collect()
    }
}

impl PartialEq for DuplicateLists {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for DuplicateLists {}

impl DuplicateLists {
    /// The rows of a list, what tells most first.
    pub fn rows(&self, kind: DuplicateKind) -> &[DuplicateRow] {
        match kind {
            DuplicateKind::Close => &self.0.close,
            DuplicateKind::Copies => &self.0.copies,
        }
    }
}

/// What is known of a heap before duplicates are looked for.
struct Survey<'a> {
    snapshot: &'a Snapshot,
    owners: &'a Owners,
    holders: Holders<'a>,
    contents: ContentHash<'a>,
}

impl Query for FindDuplicates {
    type Over = Snapshot;
    type Answer = DuplicateLists;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<DuplicateLists, Cancelled> {
        let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
        let owners = owners::build(snapshot, &order, task)?;
        let survey = Survey {
            snapshot,
            owners: &owners,
            holders: Holders::new(
                snapshot.graph(),
                snapshot.retainers(),
                snapshot.distances(),
                snapshot.dominators(),
                &owners,
                task,
            )?,
            contents: ContentHash::new(snapshot.graph(), snapshot.classes()),
        };
        let close = close::find(&survey, &order, task)?;
        drop(order);
        let copies = copies::find(&survey, task)?;
        Ok(DuplicateLists(Arc::new(Lists { close, copies })))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for duplicates")
    }
}

impl Query for Duplicates {
    type Over = Snapshot;
    type Answer = Vec<DuplicateIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<DuplicateIx>, Cancelled> {
        let all = self.lists.rows(self.kind);
        let class = |row: &DuplicateRow| snapshot.classes().class(row.class).name.as_js();
        let matches = |row: &DuplicateRow, pattern: &Pattern| {
            let mut names = row.shape.iter().flatten();
            pattern.matches(class(row)) || names.any(|name| pattern.matches(name.as_js()))
        };
        let shown = |at: &usize| {
            let pattern = self.pattern.as_ref();
            pattern.is_none_or(|pattern| matches(&all[*at], pattern))
        };
        let mut places: Vec<usize> = (0..all.len()).filter(shown).collect();
        if let Some(order) = self.order {
            sort_rows(snapshot, all, &mut places, order);
        }
        task.check()?;
        Ok(places.into_iter().map(DuplicateIx::new).collect())
    }
}

/// Sorts places of `rows`.
fn sort_rows(
    snapshot: &Snapshot,
    rows: &[DuplicateRow],
    places: &mut [usize],
    order: Order<DuplicateColumn>,
) {
    let way = order.direction;
    let by_rank = |run: &mut [usize]| sort::by_number(run, Direction::Ascending, |at| at as u64, |_| ());
    let by_number = |places: &mut [usize], number: &dyn Fn(&DuplicateRow) -> u64| {
        sort::by_number(places, way, |at| number(&rows[at]), by_rank);
    };
    let by_text = |places: &mut [usize], text: &dyn Fn(&DuplicateRow) -> JsString| {
        sort::by_text(places, way, |at| NameKey::built(text(&rows[at])), by_rank);
    };
    let package = |row: &DuplicateRow| row.package.as_ref().map_or_else(String::new, ToString::to_string);
    match order.by {
        DuplicateColumn::Class => {
            by_text(places, &|row| snapshot.classes().class(row.class).name.clone());
        }
        DuplicateColumn::Shape => by_text(places, &DuplicateRow::shape_text),
        DuplicateColumn::HeldBy => by_text(places, &|row| row.held_by.clone().unwrap_or_default()),
        DuplicateColumn::Package => by_text(places, &|row| package(row).into()),
        DuplicateColumn::Distance | DuplicateColumn::Reach => {
            by_number(places, &|row| sort::signed(row.distance.sort_key()));
        }
        DuplicateColumn::Count | DuplicateColumn::Samples => by_number(places, &DuplicateRow::count),
        DuplicateColumn::ShallowSize => by_number(places, &|row| row.shallow_size),
        DuplicateColumn::RetainedSize => by_number(places, &|row| row.retained_size),
        DuplicateColumn::WastedSize => by_number(places, &|row| row.wasted_size),
        DuplicateColumn::Distinct => by_number(places, &|row| row.distinct),
        DuplicateColumn::Differing => by_number(places, &|row| row.differing.len() as u64),
    }
}

/// Up to `most` of `all`, evenly spread.
fn spread<T: Copy>(all: &[T], most: usize) -> Vec<T> {
    let count = all.len().min(most);
    (0..count).map(|at| all[at * all.len() / count]).collect()
}

#[cfg(test)]
mod tests;
