//! Two snapshots set against each other, class by class.
//!
//! Objects are matched by V8's id, within one class, among those with a shallow size above 0: what is only in the base was
//! removed, what is only in the current snapshot was added, as DevTools counts. What is in both may have grown or shrunk,
//! which DevTools leaves out; with it every byte of the difference is explained.

use rustc_hash::FxHashMap;

use crate::base::bits::BitSet;
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::graph::HeapGraph;

use super::classes::{Class, ClassTable};
use super::detachedness::DomStates;
use super::id_index::IdIndex;
use super::id_space::{IdSpace, Verdict};

/// A node of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InBase(pub NodeIx);

/// A node of the current snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InCurrent(pub NodeIx);

/// What a comparison needs to know of a snapshot.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The graph.
    pub graph: &'a HeapGraph,
    /// DOM states.
    pub dom: &'a DomStates,
    /// Shallow sizes in bytes.
    pub shallow: &'a Packed<NodeIx>,
}

/// Whose row it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A class, by the interfaces of the current snapshot.
    Class(Class),
    /// Memory that V8 knows of but that has no node: it counts for the total, so it has a row where there is any.
    WithoutNodes,
}

/// A class in both snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedClass {
    /// Whose row it is.
    pub subject: Subject,
    /// Members in the base.
    pub base: Sum,
    /// Members in the current snapshot.
    pub current: Sum,
    /// What became of the members; none if objects cannot be matched.
    pub changes: Option<Changes>,
}

/// How many objects, and how many bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many.
    pub count: u64,
    /// Sum of shallow sizes in bytes.
    pub size: u64,
}

impl Sum {
    fn add(&mut self, size: u64) {
        self.count += 1;
        self.size += size;
    }
}

/// What became of the members of a class. For each class
/// `added.size - removed.size + grown_size - shrunk_size` is the difference of its sizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Members that only the current snapshot has.
    pub added: Sum,
    /// Members that only the base has.
    pub removed: Sum,
    /// What members of both snapshots gained, in bytes.
    pub grown_size: u64,
    /// What members of both snapshots lost, in bytes.
    pub shrunk_size: u64,
}

impl Changes {
    /// What became of the members of both classes.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let sum = |a: Sum, b: Sum| Sum {
            count: a.count + b.count,
            size: a.size + b.size,
        };
        Self {
            added: sum(self.added, other.added),
            removed: sum(self.removed, other.removed),
            grown_size: self.grown_size + other.grown_size,
            shrunk_size: self.shrunk_size + other.shrunk_size,
        }
    }

    /// The change of size that these changes explain, in bytes.
    pub fn size_delta(&self) -> i64 {
        signed(self.added.size + self.grown_size) - signed(self.removed.size + self.shrunk_size)
    }
}

/// A difference of two counts or sizes.
pub fn delta(base: u64, current: u64) -> i64 {
    signed(current) - signed(base)
}

fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

crate::index! {
    /// A row of a [`Comparison`].
    RowIx
}

/// The comparison of two snapshots.
#[derive(Debug)]
pub struct Comparison {
    rows: Vec<ComparedClass>,
    id_space: IdSpace,
    base_classes: ClassTable,
    row_of_base: Vec<Option<RowIx>>,
    row_of_current: Vec<Option<RowIx>>,
    removed: BitSet<NodeIx>,
    added: BitSet<NodeIx>,
}

impl Comparison {
    /// Compares `current`, whose classes are `classes`, with `base`. The base's plain objects are classed by the interfaces of
    /// the current snapshot. If the ids of the two do not mean the same objects, none are matched: rows then only tell what
    /// there was and what there is.
    pub fn build(
        base: Side<'_>,
        current: Side<'_>,
        classes: &ClassTable,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let base_classes = ClassTable::build_with(base.graph, base.dom, classes.interfaces(), task)?;
        let base_ids = IdIndex::build(base.graph, task)?;
        let mut comparison = Self {
            rows: Vec::new(),
            id_space: IdSpace::measure(base.graph, &base_ids, current.graph, task)?,
            row_of_base: vec![None; base_classes.len()],
            row_of_current: vec![None; classes.len()],
            base_classes,
            removed: BitSet::new(base.graph.node_count()),
            added: BitSet::new(current.graph.node_count()),
        };
        comparison.count(base, current, classes, task)?;
        if comparison.id_space.verdict() == Verdict::Comparable {
            comparison.match_objects(base, current, classes, &base_ids, task)?;
        }
        comparison.add_memory_without_nodes(base.graph, current.graph);
        Ok(comparison)
    }

    /// Makes a row for each class that has members: those of the current snapshot, then those that only the base has.
    fn count(
        &mut self,
        base: Side<'_>,
        current: Side<'_>,
        classes: &ClassTable,
        task: &Task,
    ) -> Result<(), Cancelled> {
        let base_sums = sums(base, &self.base_classes, task)?;
        let current_sums = sums(current, classes, task)?;
        let key = |class: &Class| (class.name.clone(), class.place);
        let mut in_base: FxHashMap<_, ClassIx> = FxHashMap::default();
        for (at, class) in self.base_classes.all().iter().enumerate() {
            in_base.insert(key(class), ClassIx::new(at));
        }
        let mut push = |class: &Class, base: Sum, current: Sum| {
            (base.count + current.count > 0).then(|| {
                self.rows.push(ComparedClass {
                    subject: Subject::Class(class.clone()),
                    base,
                    current,
                    changes: None,
                });
                RowIx::new(self.rows.len() - 1)
            })
        };
        for (at, class) in classes.all().iter().enumerate() {
            let counterpart = in_base.get(&key(class)).map(|class| class.at());
            let base_sum = counterpart.map_or(Sum::default(), |at| base_sums[at]);
            let row = push(class, base_sum, current_sums[at]);
            self.row_of_current[at] = row;
            if let Some(counterpart) = counterpart {
                self.row_of_base[counterpart] = row;
            }
        }
        for (at, class) in self.base_classes.all().iter().enumerate() {
            if self.row_of_base[at].is_none() {
                self.row_of_base[at] = push(class, base_sums[at], Sum::default());
            }
        }
        Ok(())
    }

    /// Matches objects by id within their row.
    fn match_objects(
        &mut self,
        base: Side<'_>,
        current: Side<'_>,
        classes: &ClassTable,
        base_ids: &IdIndex,
        task: &Task,
    ) -> Result<(), Cancelled> {
        let mut changes = vec![Changes::default(); self.rows.len()];
        let mut survivors = BitSet::new(base.graph.node_count());
        for node in current.graph.nodes() {
            task.check_at(node.at())?;
            let size = current.shallow.get(node);
            let Some(row) = self.row_of_current[classes.of(node).at()].filter(|_| size > 0) else {
                continue;
            };
            let survivor = base_ids.find(current.graph.id(node)).filter(|&before| {
                base.shallow.get(before) > 0
                    && self.row_of_base[self.base_classes.of(before).at()] == Some(row)
                    && survivors.insert(before)
            });
            let changes = &mut changes[row.at()];
            if let Some(before) = survivor {
                let size_before = base.shallow.get(before);
                changes.grown_size += size.saturating_sub(size_before);
                changes.shrunk_size += size_before.saturating_sub(size);
            } else {
                changes.added.add(size);
                self.added.insert(node);
            }
        }
        for node in base.graph.nodes() {
            task.check_at(node.at())?;
            let size = base.shallow.get(node);
            if size > 0
                && !survivors.contains(node)
                && let Some(row) = self.row_of_base[self.base_classes.of(node).at()]
            {
                changes[row.at()].removed.add(size);
                self.removed.insert(node);
            }
        }
        for (row, changes) in self.rows.iter_mut().zip(changes) {
            row.changes = Some(changes);
        }
        Ok(())
    }

    /// Adds the row of memory that has no nodes. It counts no objects and only grows or shrinks.
    fn add_memory_without_nodes(&mut self, base: &HeapGraph, current: &HeapGraph) {
        let of = |graph: &HeapGraph| Sum {
            count: 0,
            size: graph.header().extra_native_bytes,
        };
        let (base, current) = (of(base), of(current));
        if base.size + current.size > 0 {
            let is_matched = self.id_space.verdict() == Verdict::Comparable;
            self.rows.push(ComparedClass {
                subject: Subject::WithoutNodes,
                base,
                current,
                changes: is_matched.then(|| Changes {
                    grown_size: current.size.saturating_sub(base.size),
                    shrunk_size: base.size.saturating_sub(current.size),
                    ..Changes::default()
                }),
            });
        }
    }

    /// All rows: classes of the current snapshot in the order in which their first nodes stand in the file, then those that
    /// only the base has, then memory without nodes. Sizes of all rows add up to the total sizes of the two snapshots.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = (RowIx, &ComparedClass)> {
        let rows = self.rows.iter().enumerate();
        rows.map(|(at, row)| (RowIx::new(at), row))
    }

    /// The row `ix`.
    pub fn row(&self, ix: RowIx) -> &ComparedClass {
        &self.rows[ix.at()]
    }

    /// Whether, and how surely, ids of the two snapshots mean the same objects.
    pub fn id_space(&self) -> IdSpace {
        self.id_space
    }

    /// The change of total size that all rows together explain, in bytes; none if objects could not be matched.
    pub fn explained_delta(&self) -> Option<i64> {
        let deltas = self.rows.iter().map(|row| Some(row.changes?.size_delta()));
        deltas.sum()
    }

    /// The base's classes, by the interfaces of the current snapshot.
    pub fn base_classes(&self) -> &ClassTable {
        &self.base_classes
    }

    /// The members of `row` that only the current snapshot has, in file order: a pass over all that were added. `classes` are
    /// the current snapshot's, as given to [`Comparison::build`].
    pub fn added<'a>(&'a self, row: RowIx, classes: &'a ClassTable) -> impl Iterator<Item = InCurrent> + 'a {
        let is_of_row = move |&node: &NodeIx| self.row_of_current[classes.of(node).at()] == Some(row);
        self.added.iter().filter(is_of_row).map(InCurrent)
    }

    /// The members of `row` that only the base has, in file order: a pass over all that were removed.
    pub fn removed(&self, row: RowIx) -> impl Iterator<Item = InBase> + '_ {
        let is_of_row = move |&node: &NodeIx| self.row_of_base[self.base_classes.of(node).at()] == Some(row);
        self.removed.iter().filter(is_of_row).map(InBase)
    }
}

/// For each class of `classes` its members: nodes of shallow size above 0.
fn sums(side: Side<'_>, classes: &ClassTable, task: &Task) -> Result<Vec<Sum>, Cancelled> {
    let mut sums = vec![Sum::default(); classes.len()];
    for node in side.graph.nodes() {
        task.check_at(node.at())?;
        let size = side.shallow.get(node);
        if size > 0 {
            sums[classes.of(node).at()].add(size);
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests;
