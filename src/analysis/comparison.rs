//! Two snapshots set against each other, class by class.
//!
//! Objects are matched by V8's id, within one class, among those with a shallow size above 0: what is only in the base was
//! removed, what is only in the current snapshot was added, as DevTools counts. What is in both may have grown or shrunk,
//! which DevTools leaves out; with it every byte of the difference is explained.

mod changes;
mod matching;
mod pairing;

use crate::base::bits::BitSet;
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Task};
use crate::base::text::{JsStr, JsString};
use crate::graph::HeapGraph;

pub use self::changes::{Changes, Sum, Sums, delta};
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
    /// Classes, by the snapshot's own interfaces.
    pub classes: &'a ClassTable,
    /// What is there only because snapshots were taken, if there is such.
    pub own_cost: Option<&'a BitSet<NodeIx>>,
}

impl Side<'_> {
    fn is_cost(&self, node: NodeIx) -> bool {
        self.own_cost.is_some_and(|cost| cost.contains(node))
    }
}

/// What is compared with what.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matching {
    /// Objects with objects of the same id, if ids are comparable; else classes with classes.
    ByIds,
    /// Classes with classes, even if ids are comparable.
    ByClass,
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
    /// What the class was called in the base, if it was called otherwise: objects got another property.
    pub former: Option<JsString>,
    /// Objects of the base that are counted here because they were of this class in all but name, by the row to which the name
    /// that they have among the classes of the current snapshot would take them.
    pub taken: Vec<Taken>,
    /// What there is of it.
    pub sums: Sums,
    /// The part of it that is there only because snapshots were taken.
    pub cost: Sums,
}

/// Objects of the base that one row took over from another. Matched by ids, they are among what was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The other row.
    pub from: RowIx,
    /// What was taken: of the current snapshot nothing.
    pub sums: Sums,
    /// The part of it that is there only because snapshots were taken.
    pub cost: Sums,
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
    is_matched: bool,
    base_classes: ClassTable,
    row_of_base: Vec<Option<RowIx>>,
    row_of_current: Vec<Option<RowIx>>,
    /// Objects of the base that belong to another row than their class, by node.
    moved: Vec<(NodeIx, RowIx)>,
    removed: BitSet<NodeIx>,
    added: BitSet<NodeIx>,
    /// Objects of both whose size changed, by their node in the current snapshot.
    resized: Vec<(InCurrent, InBase)>,
    /// Objects of both whose class changed, by their node in the current snapshot.
    reclassed: Vec<(InCurrent, InBase)>,
    cost_in_base: Option<BitSet<NodeIx>>,
    cost_in_current: Option<BitSet<NodeIx>>,
}

impl ComparedClass {
    /// Notes that an object of so many bytes is counted here, and not for the row `from`.
    fn take(&mut self, from: RowIx, size: u64, is_cost: bool, is_matched: bool) {
        let none = Sums {
            changes: is_matched.then(Changes::default),
            ..Sums::default()
        };
        let known = self.taken.iter().position(|taken| taken.from == from);
        if known.is_none() {
            self.taken.push(Taken {
                from,
                sums: none,
                cost: none,
            });
        }
        let taken = known.unwrap_or(self.taken.len() - 1);
        let Taken { sums, cost, .. } = &mut self.taken[taken];
        for part in [Some(sums), is_cost.then_some(cost)].into_iter().flatten() {
            part.base.add(size);
            if let Some(changes) = &mut part.changes {
                changes.removed.add(size);
            }
        }
    }
}

impl Comparison {
    /// Compares `current` with `base`. The base's plain objects are classed by the interfaces of the current snapshot. If the
    /// ids of the two do not mean the same objects, none are matched: rows then only tell what there was and what there is.
    pub fn build(
        base: Side<'_>,
        current: Side<'_>,
        matching: Matching,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let interfaces = current.classes.interfaces();
        let (base_classes, base_ids) = rayon::join(
            || base.classes.by_interfaces(interfaces, base.graph, base.dom, task),
            || IdIndex::build(base.graph, task),
        );
        let (base_classes, base_ids) = (base_classes?, base_ids?);
        let id_space = IdSpace::measure(base.graph, &base_ids, current.graph, task)?;
        let is_matched = matching == Matching::ByIds && id_space.verdict() == Verdict::Comparable;
        let mut comparison = Self {
            rows: Vec::new(),
            is_matched,
            row_of_base: vec![None; base_classes.len()],
            row_of_current: vec![None; current.classes.len()],
            base_classes,
            moved: Vec::new(),
            removed: BitSet::new(if is_matched { base.graph.node_count() } else { 0 }),
            added: BitSet::new(if is_matched { current.graph.node_count() } else { 0 }),
            resized: Vec::new(),
            reclassed: Vec::new(),
            cost_in_base: None,
            cost_in_current: None,
            id_space,
        };
        let [cost_in_base, cost_in_current] = if is_matched {
            matching::agree_on_cost(base, current, &base_ids, task)?
        } else {
            [base.own_cost.cloned(), current.own_cost.cloned()]
        };
        let (mut base, mut current) = (base, current);
        base.own_cost = cost_in_base.as_ref();
        current.own_cost = cost_in_current.as_ref();
        comparison.count(base, current, is_matched, task)?;
        if is_matched {
            comparison.match_objects(base, current, &base_ids, task)?;
        } else {
            comparison.match_interfaces(base, current, task)?;
        }
        comparison.add_memory_without_nodes(base.graph, current.graph);
        comparison.cost_in_base = cost_in_base;
        comparison.cost_in_current = cost_in_current;
        Ok(comparison)
    }

    /// Makes a row for each class that has members: those of the current snapshot, then those that only the base has.
    fn count(
        &mut self,
        base: Side<'_>,
        current: Side<'_>,
        scripts_are_the_same: bool,
        task: &Task,
    ) -> Result<(), Cancelled> {
        let (base_sums, current_sums) = rayon::join(
            || sums(base, &self.base_classes, task),
            || sums(current, current.classes, task),
        );
        let (base_sums, current_sums) = (base_sums?, current_sums?);
        let same = pairing::counterparts(&self.base_classes, current.classes, scripts_are_the_same);
        for (at, class) in current.classes.all().iter().enumerate() {
            let before = same[at].iter().map(|class| base_sums[class.at()]);
            let before = before.fold(Counted::default(), Counted::and);
            self.row_of_current[at] = self.push(class, before, current_sums[at]);
            for class in &same[at] {
                self.row_of_base[class.at()] = self.row_of_current[at];
            }
        }
        for (at, sums) in base_sums.iter().enumerate() {
            if self.row_of_base[at].is_none() {
                let class = self.base_classes.all()[at].clone();
                self.row_of_base[at] = self.push(&class, *sums, Counted::default());
            }
        }
        Ok(())
    }

    fn push(&mut self, class: &Class, base: Counted, current: Counted) -> Option<RowIx> {
        if base.all.count + current.all.count == 0 {
            return None;
        }
        let changes = self.is_matched.then(Changes::default);
        let sums = |base, current| Sums {
            base,
            current,
            changes,
        };
        self.rows.push(ComparedClass {
            subject: Subject::Class(class.clone()),
            former: None,
            taken: Vec::new(),
            sums: sums(base.all, current.all),
            cost: sums(base.cost, current.cost),
        });
        Some(RowIx::new(self.rows.len() - 1))
    }

    /// Adds the row of memory that has no nodes. It counts no objects and only grows or shrinks.
    fn add_memory_without_nodes(&mut self, base: &HeapGraph, current: &HeapGraph) {
        let of = |graph: &HeapGraph| Sum {
            count: 0,
            size: graph.header().extra_native_bytes,
        };
        let (base, current) = (of(base), of(current));
        if base.size + current.size > 0 {
            let by = |size| Sum { count: 0, size };
            let changes = Changes {
                grown: by(current.size.saturating_sub(base.size)),
                shrunk: by(base.size.saturating_sub(current.size)),
                ..Changes::default()
            };
            self.rows.push(ComparedClass {
                subject: Subject::WithoutNodes,
                former: None,
                taken: Vec::new(),
                sums: Sums {
                    base,
                    current,
                    changes: self.is_matched.then_some(changes),
                },
                cost: Sums {
                    changes: self.is_matched.then(Changes::default),
                    ..Sums::default()
                },
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

    /// Are objects matched one by one?
    pub fn is_matched(&self) -> bool {
        self.is_matched
    }

    /// The change of total size that all rows together explain, in bytes; none if objects could not be matched.
    pub fn explained_delta(&self) -> Option<i64> {
        let deltas = self.rows.iter().map(|row| Some(row.sums.changes?.size_delta()));
        deltas.sum()
    }

    /// The base's classes, by the interfaces of the current snapshot.
    pub fn base_classes(&self) -> &ClassTable {
        &self.base_classes
    }

    /// The row in which a node of the base is counted, if its class has members.
    pub fn row_of_base(&self, node: InBase) -> Option<RowIx> {
        if !self.moved.is_empty()
            && let Ok(at) = self.moved.binary_search_by_key(&node.0, |&(moved, _)| moved)
        {
            return Some(self.moved[at].1);
        }
        self.row_of_base[self.base_classes.of(node.0).at()]
    }

    /// The row of a class of the current snapshot, if it has members.
    pub fn row_of_current(&self, class: ClassIx) -> Option<RowIx> {
        self.row_of_current[class.at()]
    }

    /// What only the current snapshot has, in file order.
    pub fn all_added(&self) -> impl Iterator<Item = InCurrent> + '_ {
        self.added.iter().map(InCurrent)
    }

    /// What only the base has, in file order.
    pub fn all_removed(&self) -> impl Iterator<Item = InBase> + '_ {
        self.removed.iter().map(InBase)
    }

    /// Objects of both whose size changed, in file order of the current snapshot.
    pub fn all_resized(&self) -> &[(InCurrent, InBase)] {
        &self.resized
    }

    /// Is it there only because snapshots were taken?
    pub fn is_cost_in_base(&self, InBase(node): InBase) -> bool {
        self.cost_in_base.as_ref().is_some_and(|cost| cost.contains(node))
    }

    /// Is it there only because snapshots were taken?
    pub fn is_cost_in_current(&self, InCurrent(node): InCurrent) -> bool {
        self.cost_in_current
            .as_ref()
            .is_some_and(|cost| cost.contains(node))
    }

    /// What is there only because snapshots were taken, in base and current.
    pub fn cost(&self) -> (Option<&BitSet<NodeIx>>, Option<&BitSet<NodeIx>>) {
        (self.cost_in_base.as_ref(), self.cost_in_current.as_ref())
    }

    /// What an object that counts as added was in the base: of another class.
    pub fn was(&self, node: InCurrent) -> Option<InBase> {
        let at = self.reclassed.binary_search_by_key(&node, |&(now, _)| now).ok()?;
        Some(self.reclassed[at].1)
    }
}

impl ComparedClass {
    /// What the row is called.
    pub fn name(&self) -> JsStr<'_> {
        match &self.subject {
            Subject::Class(class) => class.name.as_js(),
            Subject::WithoutNodes => WITHOUT_NODES.into(),
        }
    }
}

/// How memory that has no objects is called.
pub const WITHOUT_NODES: &str = "(native memory without objects)";

/// Members of a class, and those of them that are there only because snapshots were taken.
#[derive(Clone, Copy, Default)]
struct Counted {
    all: Sum,
    cost: Sum,
}

impl Counted {
    fn and(self, other: Self) -> Self {
        Self {
            all: self.all.and(other.all),
            cost: self.cost.and(other.cost),
        }
    }
}

/// For each class of `classes` its members: nodes of shallow size above 0.
fn sums(side: Side<'_>, classes: &ClassTable, task: &Task) -> Result<Vec<Counted>, Cancelled> {
    let mut sums = vec![Counted::default(); classes.len()];
    for node in side.graph.nodes() {
        task.check_at(node.at())?;
        let size = side.shallow.get(node);
        if size > 0 {
            let sums = &mut sums[classes.of(node).at()];
            sums.all.add(size);
            if side.is_cost(node) {
                sums.cost.add(size);
            }
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests;
