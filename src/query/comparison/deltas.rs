//! What do the bytes hang from that came or went: whose are they, or along which path are they held?

use std::sync::Arc;

use super::{Compared, Pair};
use crate::analysis::comparison::{RowIx, Sum, WITHOUT_NODES, delta};
use crate::analysis::delta_tree::owner::{self, OwnerSide};
use crate::analysis::delta_tree::path::{self, PathSide};
use crate::analysis::delta_tree::{DeltaLabel, DeltaPlace, DeltaTree, PlaceIx};
use crate::analysis::dominator_order;
use crate::analysis::owner_names;
use crate::analysis::owners::Owners;
use crate::base::bits::BitSet;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::graph::{NodeKind, ObjectId};
use crate::query::{Cell, Order, Query, owners, sort};
use crate::snapshot::Snapshot;

/// Asks what the bytes that came or went hang from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeltaBy {
    /// Along which tree.
    pub by: Attribution,
    /// Is what is there only for the snapshots' sake set apart?
    pub cost_apart: bool,
}

/// Along which tree changes are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attribution {
    /// Package, module, holder: the dominator tree.
    Owner,
    /// The shortest retaining paths.
    Path,
}

/// The changes as a tree, with names. Sums exactly to the change of total size.
#[derive(Debug)]
pub struct Deltas {
    /// The tree.
    pub tree: DeltaTree,
    /// By place: what it is called where it hangs, and what it is.
    names: Vec<(JsString, JsString)>,
    /// By place: the id, if it is one object.
    ids: Vec<Option<ObjectId>>,
    total: u64,
}

/// A row of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeltaRow {
    /// How deep it is, from 0.
    pub depth: u32,
    /// What it is.
    pub of: DeltaOf,
    /// What was there and below.
    pub base: Sum,
    /// What is there and below.
    pub current: Sum,
}

/// What a row stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DeltaOf {
    /// A place with all below it.
    Place(PlaceIx),
    /// So many places under one that changed too little for rows of their own.
    Others(PlaceIx, u64),
    /// The objects of a place itself, without those below it.
    Itself(PlaceIx),
}

columns! {
    /// Columns of a tree of changes.
    pub enum DeltaColumn: |over: Deltas, row: DeltaRow| {
        /// How deep the row is.
        Depth: Program "depth" "Depth" = Cell::Plain(u64::from(row.depth));
        /// What it is called where it hangs, and what it is.
        Label: Text "label" "Held by" = Cell::Text(over.label(row.of));
        /// The object, if it is one that the current snapshot has.
        Id: Text "id" "Id" = Cell::of(over.id(row.of), Cell::Id);
        /// How many the base has.
        BaseCount: Program "base_count" "Base count" = Cell::Count(row.base.count);
        /// How many the current snapshot has.
        CurrentCount: Number "current_count" "Count" = Cell::Count(row.current.count);
        /// The change of how many.
        CountDelta: Number "count_delta" "Delta" = Cell::CountDelta(row.count_delta());
        /// Their size in the base.
        BaseSize: Program "base_size" "Base size" = Cell::Bytes(row.base.size);
        /// Their size in the current snapshot.
        CurrentSize: Number "current_size" "Size" = Cell::Bytes(row.current.size);
        /// The change of size.
        SizeDelta: Number "size_delta" "Size delta" = Cell::BytesDelta(row.size_delta());
        /// The change of size as a share of the current snapshot.
        DeltaShare: Program "size_delta_share" "% of heap" = over.share(row.size_delta());
    }
}

impl DeltaRow {
    /// The change of size, in bytes.
    pub fn size_delta(&self) -> i64 {
        delta(self.base.size, self.current.size)
    }

    /// The change of how many.
    pub fn count_delta(&self) -> i64 {
        delta(self.base.count, self.current.count)
    }
}

impl Deltas {
    /// What the row is called: `.cache Map`.
    pub fn label(&self, of: DeltaOf) -> JsString {
        match of {
            DeltaOf::Place(ix) => {
                let (edge, name) = &self.names[ix.at()];
                if edge.as_js().is_empty() {
                    name.clone()
                } else {
                    format!("{edge} {name}").into()
                }
            }
            DeltaOf::Others(_, 1) => "(1 other, below the threshold)".into(),
            DeltaOf::Others(_, count) => format!("({count} others, below the threshold)").into(),
            DeltaOf::Itself(_) => "(itself)".into(),
        }
    }

    /// What the place is called where it hangs, if it hangs by a name, and what it is.
    pub fn names(&self, ix: PlaceIx) -> (&JsString, &JsString) {
        let (edge, name) = &self.names[ix.at()];
        (edge, name)
    }

    /// The object that the row stands for, if it is one that the current snapshot has.
    pub fn id(&self, of: DeltaOf) -> Option<ObjectId> {
        match of {
            DeltaOf::Place(ix) => self.ids[ix.at()],
            DeltaOf::Others(..) | DeltaOf::Itself(_) => None,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a share is shown with a few digits")]
    fn share(&self, delta: i64) -> Cell {
        if self.total == 0 {
            return Cell::None;
        }
        Cell::Ratio(delta as f64 / self.total as f64)
    }

    /// The largest change of size right below the top, either way, in bytes.
    pub fn largest(&self) -> u64 {
        let first = self.tree.children(DeltaTree::TOP).first();
        first.map_or(0, |&ix| self.tree.place(ix).size_delta().unsigned_abs())
    }

    /// The row of a place.
    pub fn row(&self, ix: PlaceIx, depth: u32) -> DeltaRow {
        let DeltaPlace { base, current, .. } = *self.tree.place(ix);
        DeltaRow {
            depth,
            of: DeltaOf::Place(ix),
            base,
            current,
        }
    }

    /// The rows right below a place: places whose size changed by at least `least` bytes, largest change first, then its own
    /// objects and all others, so that the rows sum to the place.
    pub fn below(&self, ix: PlaceIx, depth: u32, least: u64) -> Vec<DeltaRow> {
        let mut rows = Vec::new();
        let mut others: Option<(u64, Sum, Sum)> = None;
        for &child in self.tree.children(ix) {
            let place = self.tree.place(child);
            if place.size_delta().unsigned_abs() >= least.max(1) {
                rows.push(self.row(child, depth));
            } else {
                let (count, base, current) = others.unwrap_or_default();
                others = Some((count + 1, base.and(place.base), current.and(place.current)));
            }
        }
        let place = self.tree.place(ix);
        let itself = DeltaRow {
            depth,
            of: DeltaOf::Itself(ix),
            base: place.own_base,
            current: place.own_current,
        };
        let is_told = !rows.is_empty() || ix == DeltaTree::TOP;
        if itself.size_delta() != 0 && is_told {
            rows.push(itself);
        }
        if let Some((count, base, current)) = others
            && delta(base.size, current.size) != 0
            && is_told
        {
            rows.push(DeltaRow {
                depth,
                of: DeltaOf::Others(ix, count),
                base,
                current,
            });
        }
        rows
    }

    /// All rows from the top, each before those below it, as far as sizes changed by `least` bytes.
    pub fn rows(&self, least: u64) -> Vec<DeltaRow> {
        let mut rows = Vec::new();
        let mut stack: Vec<DeltaRow> = self.below(DeltaTree::TOP, 0, least);
        stack.reverse();
        while let Some(row) = stack.pop() {
            rows.push(row);
            if let DeltaOf::Place(ix) = row.of {
                stack.extend(self.below(ix, row.depth + 1, least).into_iter().rev());
            }
        }
        rows
    }
}

/// Asks for the rows right below a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeltaRows {
    /// The place.
    pub place: PlaceIx,
    /// How deep the rows are.
    pub depth: u32,
    /// Places whose size changed by fewer bytes are gathered in one row.
    pub least: u64,
    /// How rows are sorted; equal ones by how much they changed. What is gathered stays last.
    pub order: Order<DeltaColumn>,
}

impl Query for DeltaRows {
    type Over = Deltas;
    type Answer = Vec<DeltaRow>;

    fn run(&self, over: &Deltas, task: &Task) -> Result<Vec<DeltaRow>, Cancelled> {
        let mut rows = over.below(self.place, self.depth, self.least);
        task.check()?;
        let gathered = rows.split_off(
            rows.iter()
                .position(|row| matches!(row.of, DeltaOf::Others(..)))
                .unwrap_or(rows.len()),
        );
        let way = self.order.direction;
        let number = |row: &DeltaRow| match self.order.by {
            DeltaColumn::BaseCount => sort::signed(delta(0, row.base.count)),
            DeltaColumn::CurrentCount => sort::signed(delta(0, row.current.count)),
            DeltaColumn::CountDelta => sort::signed(row.count_delta()),
            DeltaColumn::BaseSize => sort::signed(delta(0, row.base.size)),
            DeltaColumn::CurrentSize => sort::signed(delta(0, row.current.size)),
            _ => sort::signed(row.size_delta()),
        };
        if matches!(self.order.by, DeltaColumn::Label | DeltaColumn::Id) {
            rows.sort_by(|a, b| {
                let [a, b] = [a, b].map(|row| over.label(row.of));
                way.apply(a.as_js().cmp_utf16(b.as_js()))
            });
        } else {
            rows.sort_by(|a, b| way.apply(number(a).cmp(&number(b))));
        }
        rows.extend(gathered);
        task.check()?;
        Ok(rows)
    }
}

impl Query for DeltaBy {
    type Over = Compared;
    type Answer = Arc<Deltas>;

    fn run(&self, over: &Compared, task: &Task) -> Result<Arc<Deltas>, Cancelled> {
        let Pair { base, current } = &over.pair;
        let (cost_before, cost_now) = if self.cost_apart {
            over.comparison.cost()
        } else {
            (None, None)
        };
        let tree = match self.by {
            Attribution::Owner => {
                let (before, now) = rayon::join(|| owned(base, task), || owned(current, task));
                let (before, now) = (before?, now?);
                owner::build(
                    &over.comparison,
                    owner_side(base, cost_before, &before),
                    owner_side(current, cost_now, &now),
                    task,
                )?
            }
            Attribution::Path => path::build(
                &over.comparison,
                path_side(base, cost_before),
                path_side(current, cost_now),
                task,
            )?,
        };
        let names = names(over, &tree);
        let ids = (0..tree.len())
            .map(|at| single(over, &tree, PlaceIx::new(at)))
            .collect();
        task.check()?;
        Ok(Arc::new(Deltas {
            names,
            ids,
            total: current.total_size(),
            tree,
        }))
    }
}

/// All objects, each after its immediate dominator, and whose they are.
fn owned(snapshot: &Snapshot, task: &Task) -> Result<(Vec<NodeIx>, Owners), Cancelled> {
    let order = dominator_order::top_down(snapshot.dominators(), task)?;
    let owners = owners::find(snapshot, order.iter().copied(), task)?;
    Ok((order, owners))
}

fn owner_side<'a>(
    snapshot: &'a Snapshot,
    cost: Option<&'a BitSet<NodeIx>>,
    (order, owners): &'a (Vec<NodeIx>, Owners),
) -> OwnerSide<'a> {
    OwnerSide {
        side: Pair::side(snapshot, cost),
        dominators: snapshot.dominators(),
        order,
        retained: snapshot.retained_sizes(),
        owners,
    }
}

fn path_side<'a>(snapshot: &'a Snapshot, cost: Option<&'a BitSet<NodeIx>>) -> PathSide<'a> {
    PathSide {
        side: Pair::side(snapshot, cost),
        distances: snapshot.distances(),
    }
}

/// The object that a place is, if it is one.
fn single(over: &Compared, tree: &DeltaTree, ix: PlaceIx) -> Option<ObjectId> {
    let place = tree.place(ix);
    let is_step = matches!(place.label, DeltaLabel::Step { .. });
    let now = place
        .in_current
        .filter(|_| is_step && place.own_current.count == 1)?;
    Some(over.pair.current.id(now.0))
}

/// What each place is called. Modules have short names, functions their own.
fn names(over: &Compared, tree: &DeltaTree) -> Vec<(JsString, JsString)> {
    let is_module = |ix: PlaceIx| {
        let place = tree.place(ix);
        matches!(place.label, DeltaLabel::Group(_)) && place.parent != DeltaTree::TOP && ix != DeltaTree::TOP
    };
    let all = || (0..tree.len()).map(PlaceIx::new);
    let paths: Vec<String> = all()
        .filter(|&ix| is_module(ix))
        .map(|ix| match tree.place(ix).label {
            DeltaLabel::Group(text) => tree.text(text).to_string_lossy().into_owned(),
            _ => String::new(),
        })
        .collect();
    let paths: Vec<&str> = paths.iter().map(String::as_str).collect();
    let mut short = owner_names::shorten(&paths).into_iter();
    all()
        .map(|ix| {
            let none = JsString::new;
            match tree.place(ix).label {
                DeltaLabel::Total => (none(), "(all)".into()),
                DeltaLabel::Group(_) if is_module(ix) => (none(), short.next().unwrap_or_default().into()),
                DeltaLabel::Group(text) => (none(), tree.text(text).to_owned()),
                DeltaLabel::WithoutNodes => (none(), WITHOUT_NODES.into()),
                DeltaLabel::OwnCost => (none(), "(cost of taking the snapshot)".into()),
                DeltaLabel::Step { edge, row, .. } => {
                    let edge = edge.map_or_else(none, |edge| tree.text(edge).to_owned());
                    (edge, step_name(over, tree.place(ix), row))
                }
            }
        })
        .collect()
}

/// What the objects of a place are: a single function by its name, all else by its class.
fn step_name(over: &Compared, place: &DeltaPlace, row: RowIx) -> JsString {
    let current = &over.pair.current;
    if place.own_current.count == 1
        && let Some(node) = place.in_current
        && current.graph().kind(node.0) == NodeKind::Closure
    {
        let name = current.name(node.0);
        if !name.as_js().is_empty() {
            return format!("{name}()").into();
        }
    }
    over.row(row).name().to_owned()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::query::comparison::tests::compared;
    use crate::query::testing::{ask, lines};

    const SCRIPT: &str = r#"
        window -f-> f=memoized:closure/32 #31 -internal:shared-> s:code/40 #33
        s -internal:script-> "/app/node_modules/lodash/memoize.js":code/10 #35
    "#;

    fn heap(cache: u64, keys: u64) -> String {
        let mut text = format!(
            "root=\"\":synthetic/0 #1 -shortcut:w-> window:object/8 #3 {SCRIPT}
            f -cache-> cache=Map:object/{cache} #37\n"
        );
        for at in 0..keys {
            writeln!(
                text,
                "cache -element:{at}-> k{at}=Key:object/16 #{}",
                101 + 2 * at
            )
            .unwrap();
        }
        text
    }

    fn table(by: Attribution, least: u64) -> Vec<String> {
        let over = compared(&heap(2000, 2), &heap(3000, 5));
        let question = DeltaBy { by, cost_apart: true };
        let deltas = ask(&question, &over);
        let rows = deltas.rows(least);
        let columns = [
            DeltaColumn::Depth,
            DeltaColumn::Label,
            DeltaColumn::Id,
            DeltaColumn::CountDelta,
            DeltaColumn::SizeDelta,
        ];
        lines(&*deltas, &rows, &columns)
    }

    #[test]
    fn one_reads_package_module_and_holder() {
        assert_eq!(
            table(Attribution::Owner, 0),
            [
                "0 node_modules/lodash - 3 1048",
                "1 node_modules/lodash/memoize.js - 3 1048",
                "2 .f memoized() @31 3 1048",
                "3 .cache Map @37 3 1048",
                "4 Key - 3 48",
                "4 (itself) - 0 1000",
            ]
        );
    }

    #[test]
    fn paths_are_told_as_far_as_they_matter() {
        assert_eq!(
            table(Attribution::Path, 100),
            [
                "0 window @3 3 1048",
                "1 .f memoized() @31 3 1048",
                "2 .cache Map @37 3 1048",
            ]
        );
    }
}
