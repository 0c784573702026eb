//! Which functions allocated what, called from where? The functions with their callers, and the tree of calls from the top.

pub mod flame;
pub mod written;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::passing::Passing;
use super::{Cell, Direction, Order, Query, sort};
use crate::analysis::call_tree::{CallTree, Function, Known, Sums};
use crate::base::index::to_u32;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsStr;
use crate::columns;
use crate::snapshot::Snapshot;

/// Asks for the tree of calls of a snapshot, which the other questions are about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindCalls {
    /// Sum up what is alive of these objects alone; if none, everything.
    pub only: Option<Passing>,
}

impl Query for FindCalls {
    type Over = Snapshot;
    /// Empty unless the file was recorded with stacks.
    type Answer = Arc<CallTree>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Arc<CallTree>, Cancelled> {
        let only = self.only.as_ref().map(Passing::nodes);
        CallTree::of_snapshot(snapshot.graph(), snapshot.shallow_sizes(), only, task).map(Arc::new)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Summing up allocations")
    }
}

/// Asks for functions with what they allocated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindAllocations {
    /// Which.
    pub of: Of,
    /// How they are sorted; equal ones keep the order of the file.
    pub order: Order<AllocationColumn>,
}

/// Which functions.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Of {
    /// All that allocated something themselves.
    Functions,
    /// Those that called the last of these functions, which had called the one before it, and so on to the first, which
    /// allocated what is counted.
    Callers(Vec<u32>),
    /// Those that a call made, each with what was allocated under it; the outermost if there is none.
    Calls(Option<u32>),
}

/// A function, with what it allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AllocationRow {
    /// Its place among the functions.
    pub function: u32,
    /// The call, in the tree from the top.
    pub call: Option<u32>,
    /// The first of the calls that are summed up: it is of the function that allocated, and the functions above it are those that
    /// led here.
    pub first: u32,
    /// What it allocated.
    pub sums: Sums,
    /// What it and all it called allocated, in the list of functions.
    pub with_callees: Option<Sums>,
    /// Is there something to ask for below it?
    pub has_more: bool,
    /// How deep it stands, where rows of several levels are listed.
    pub depth: Option<u32>,
}

columns! {
    /// Columns of allocations.
    pub enum AllocationColumn: |tree: CallTree, row: AllocationRow| {
        /// The function.
        Function: Text "function" "Function" = Cell::Text(name(function(tree, row)).to_owned());
        /// Its script.
        Script: Text "script" "Script" = match function(tree, row).script.as_js() {
            script if script.to_string_lossy().is_empty() => Cell::None,
            script => Cell::Text(script.to_owned()),
        };
        /// Its line, from 1.
        Line: Number "line" "Line" = Cell::of(function(tree, row).place, |at| Cell::Plain(u64::from(at.line) + 1));
        /// Its column, from 1.
        Column: Number "column" "Column" =
            Cell::of(function(tree, row).place, |at| Cell::Plain(u64::from(at.column) + 1));
        /// How many objects it allocated.
        Count: Number "count" "Count" = alive(tree, allocated(tree, Cell::Count(row.sums.count)));
        /// Their bytes.
        Size: Number "size" "Size" = allocated(tree, Cell::Bytes(row.sums.size));
        /// How many of them are alive.
        LiveCount: Number "live_count" "Live count" = alive(tree, Cell::Count(row.sums.live_count));
        /// Their bytes.
        LiveSize: Number "live_size" "Live size" = alive(tree, Cell::Bytes(row.sums.live_size));
        /// What it and all it called allocated, in bytes.
        TotalSize: Program "total_size" "With callees" =
            Cell::of(row.with_callees, |sums| allocated(tree, Cell::Bytes(sums.size)));
        /// What of that is alive.
        TotalLiveSize: Program "total_live_size" "Live with callees" =
            Cell::of(row.with_callees, |sums| alive(tree, Cell::Bytes(sums.live_size)));
        /// How deep it stands in a tree.
        Depth: Program "depth" "Depth" = Cell::of(row.depth, |depth| Cell::Plain(u64::from(depth)));
    }
}

fn function<'t>(tree: &'t CallTree, row: &AllocationRow) -> &'t Function {
    &tree.functions()[row.function as usize]
}

/// What a function without a name is called.
pub const ANONYMOUS: &str = "(anonymous)";

/// What a function is called.
pub fn name(function: &Function) -> JsStr<'_> {
    if function.name == crate::base::text::JsString::default() {
        JsStr::from(ANONYMOUS)
    } else {
        function.name.as_js()
    }
}

/// Of what is alive nothing is known from samples.
fn alive(tree: &CallTree, cell: Cell) -> Cell {
    match tree.known() {
        Known::Sampled => Cell::None,
        Known::All | Known::Alive => cell,
    }
}

/// Of what was allocated nothing is known where only some objects are looked at.
fn allocated(tree: &CallTree, cell: Cell) -> Cell {
    match tree.known() {
        Known::Alive => Cell::None,
        Known::All | Known::Sampled => cell,
    }
}

impl FindAllocations {
    /// The order in which DevTools shows functions first.
    pub const DEFAULT_ORDER: Order<AllocationColumn> = Order::descending(AllocationColumn::Size);
}

impl Query for FindAllocations {
    type Over = CallTree;
    type Answer = Vec<AllocationRow>;

    fn run(&self, tree: &CallTree, task: &Task) -> Result<Vec<AllocationRow>, Cancelled> {
        let mut rows = match &self.of {
            Of::Functions => functions(tree, task)?,
            Of::Callers(path) => callers(tree, path, task)?,
            Of::Calls(call) => calls(tree, *call, task)?,
        };
        sort_rows(tree, &mut rows, self.order);
        Ok(rows)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Summing up allocations")
    }
}

fn functions(tree: &CallTree, task: &Task) -> Result<Vec<AllocationRow>, Cancelled> {
    let with_callees = tree.by_function_with_callees(task)?;
    let sums = tree.by_function(task)?;
    let rows = (0_u32..).zip(sums.into_iter().zip(with_callees));
    let rows = rows.map(|(function, (sums, with_callees))| AllocationRow {
        function,
        call: None,
        first: 0,
        sums,
        with_callees: Some(with_callees),
        // The first is the beginning, which nobody calls.
        has_more: function != 0,
        depth: None,
    });
    let mut rows: Vec<AllocationRow> = rows.collect();
    for (at, call) in tree.calls().iter().enumerate().rev() {
        task.check_at(at)?;
        if tree.counts(&call.own) {
            rows[call.function as usize].first = to_u32(at);
        }
    }
    rows.retain(|row| tree.counts(&row.sums));
    Ok(rows)
}

fn callers(tree: &CallTree, path: &[u32], task: &Task) -> Result<Vec<AllocationRow>, Cancelled> {
    let mut places = FxHashMap::default();
    let mut rows: Vec<AllocationRow> = Vec::new();
    let calls = tree.calls();
    for (at, call) in calls.iter().enumerate() {
        task.check_at(at)?;
        if !tree.counts(&call.own) {
            continue;
        }
        let mut way = std::iter::successors(Some(call), |call| Some(&calls[call.caller? as usize]));
        let is_on_path = path
            .iter()
            .all(|&of| way.next().is_some_and(|call| call.function == of));
        let Some(caller) = way.next().filter(|_| is_on_path) else {
            continue;
        };
        let place = *places.entry(caller.function).or_insert_with(|| {
            rows.push(AllocationRow {
                function: caller.function,
                call: None,
                first: to_u32(at),
                sums: Sums::default(),
                with_callees: None,
                has_more: false,
                depth: None,
            });
            rows.len() - 1
        });
        rows[place].sums += call.own;
        rows[place].has_more |= caller.caller.is_some();
    }
    Ok(rows)
}

fn calls(tree: &CallTree, of: Option<u32>, task: &Task) -> Result<Vec<AllocationRow>, Cancelled> {
    let calls = tree.calls();
    // The beginning is no function.
    let beginning = calls
        .first()
        .and_then(|first| first.caller.is_none().then_some(0));
    let caller = of.or(beginning);
    let mut rows = Vec::new();
    for (at, call) in calls.iter().enumerate() {
        task.check_at(at)?;
        if call.caller == caller && (call.caller.is_some() || of.is_none()) {
            let next = calls.get(at + 1);
            rows.push(AllocationRow {
                function: call.function,
                call: Some(to_u32(at)),
                first: to_u32(at),
                sums: call.total,
                with_callees: None,
                has_more: next.is_some_and(|next| next.caller == Some(to_u32(at))),
                depth: None,
            });
        }
    }
    Ok(rows)
}

/// Sorts rows; equal ones keep their order.
fn sort_rows(tree: &CallTree, rows: &mut [AllocationRow], order: Order<AllocationColumn>) {
    use super::name_key::NameKey;
    let mut places: FxHashMap<(u32, Option<u32>), u64> = FxHashMap::default();
    for (at, row) in (0..).zip(rows.iter()) {
        places.insert((row.function, row.call), at);
    }
    let stay = |run: &mut [AllocationRow]| {
        let place = |row: AllocationRow| places.get(&(row.function, row.call)).copied().unwrap_or(0);
        sort::by_number(run, Direction::Ascending, place, |_| ());
    };
    let function = |row: AllocationRow| &tree.functions()[row.function as usize];
    let number = |row: AllocationRow| match order.by {
        AllocationColumn::Count => row.sums.count,
        AllocationColumn::Size => row.sums.size,
        AllocationColumn::LiveCount => row.sums.live_count,
        AllocationColumn::LiveSize => row.sums.live_size,
        AllocationColumn::TotalSize => row.with_callees.map_or(0, |sums| sums.size),
        AllocationColumn::TotalLiveSize => row.with_callees.map_or(0, |sums| sums.live_size),
        AllocationColumn::Line => function(row).place.map_or(0, |at| u64::from(at.line) + 1),
        AllocationColumn::Column => function(row).place.map_or(0, |at| u64::from(at.column) + 1),
        AllocationColumn::Function | AllocationColumn::Script | AllocationColumn::Depth => 0,
    };
    match order.by {
        AllocationColumn::Function => {
            sort::by_text(
                rows,
                order.direction,
                |row| NameKey::of(name(function(row))),
                stay,
            );
        }
        AllocationColumn::Script => {
            let script = |row| NameKey::of(function(row).script.as_js());
            sort::by_text(rows, order.direction, script, stay);
        }
        _ => sort::by_number(rows, order.direction, number, stay),
    }
}

#[cfg(test)]
mod tests;
