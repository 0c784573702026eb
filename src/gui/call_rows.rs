//! The rows of allocations: functions with their callers, and the tree of calls from the top.

use std::sync::Arc;

use crate::analysis::allocators::{Alike, Allocator};
use crate::analysis::call_tree::{CallTree, Known};
use crate::base::index::to_u32;
use crate::graph::Place;
use crate::gui::cx::Asks;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::job::{Lane, Slot};
use crate::query::allocations::{AllocationColumn, AllocationRow, FindAllocations, Of, name};
use crate::query::subject::What;
use crate::query::{Cell, Column as _, Order};

/// A function on its way up through its callers, or a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// The function or call with its sums.
    pub(crate) of: AllocationRow,
    /// How many functions lead here: the one that allocated, its caller, and so on, up to this row.
    levels: u32,
}

impl Row {
    /// The calls that the row is about.
    pub(crate) const fn allocator(&self) -> Allocator {
        match self.of.call {
            Some(call) => Allocator::Under(call),
            None => Allocator::Function {
                call: self.of.first,
                levels: self.levels,
                alike: Alike::Function,
            },
        }
    }
}

/// A level of rows.
pub(crate) struct Level {
    of: Of,
    slot: Slot<FindAllocations>,
}

impl Level {
    /// Those of `of`.
    pub(crate) const fn new(of: Of) -> Self {
        Self {
            of,
            slot: Slot::new(Lane::Frame),
        }
    }
}

/// The rows of a frame.
#[derive(Clone)]
pub(crate) struct Rows {
    /// Who answers.
    pub(crate) asks: Asks,
    /// What they are about.
    pub(crate) tree: Arc<CallTree>,
    /// How they are sorted.
    pub(crate) order: Order<AllocationColumn>,
}

const FUNCTION: Head<AllocationColumn> = Head::new(AllocationColumn::Function, "Function", "Function", 0.0);
const PLACE: Head<AllocationColumn> = Head::new(
    AllocationColumn::Script,
    "Place",
    "Script, line and column",
    130.0,
);
const LIVE_COUNT: Head<AllocationColumn> = Head::new(
    AllocationColumn::LiveCount,
    "Live count",
    "Objects that are alive",
    80.0,
);
const LIVE_SIZE: Head<AllocationColumn> = Head::new(
    AllocationColumn::LiveSize,
    "Live size",
    "Bytes that are alive",
    92.0,
);
const SIZE: Head<AllocationColumn> =
    Head::new(AllocationColumn::Size, "Size", "Bytes that were allocated", 84.0);

const HEADS: &[Head<AllocationColumn>] = &[
    FUNCTION,
    PLACE,
    LIVE_COUNT,
    Head::new(
        AllocationColumn::Count,
        "Count",
        "Objects that were allocated",
        68.0,
    ),
    LIVE_SIZE,
    SIZE,
];

/// Of some objects what was allocated beside them is not known.
const ALIVE: &[Head<AllocationColumn>] = &[FUNCTION, PLACE, LIVE_COUNT, LIVE_SIZE];

/// Of samples sizes alone are known.
const SAMPLED: &[Head<AllocationColumn>] = &[
    FUNCTION,
    PLACE,
    SIZE,
    Head::new(
        AllocationColumn::TotalSize,
        "With callees",
        "Bytes that the function and those it called allocated",
        104.0,
    ),
];

/// `page.js:7:3`, or without an address `7:3`.
pub(crate) fn place(script: &str, at: Option<Place>) -> String {
    match at {
        Some(at) if script.is_empty() => format!("{}:{}", at.line + 1, at.column + 1),
        Some(at) => format!("{script}:{}:{}", at.line + 1, at.column + 1),
        None => script.to_owned(),
    }
}

/// The last part of a script's address.
pub(crate) fn file_name(script: &str) -> &str {
    let path = script.split(['?', '#']).next().unwrap_or(script);
    let last = path.rsplit(['/', '\\']).next();
    last.filter(|last| !last.is_empty()).unwrap_or(script)
}

impl Rows {
    /// Where the function stands, with the whole address of its script.
    fn place(&self, row: &Row) -> String {
        let function = &self.tree.functions()[row.of.function as usize];
        place(&function.script.as_js().to_string_lossy(), function.place)
    }

    /// The same with what tells scripts apart mostly: a column has no room for more.
    fn short_place(&self, row: &Row) -> String {
        let function = &self.tree.functions()[row.of.function as usize];
        place(
            file_name(&function.script.as_js().to_string_lossy()),
            function.place,
        )
    }

    /// The function that allocated, its caller, and so on, up to the row.
    fn way(&self, row: &Row) -> Vec<u32> {
        let calls = self.tree.calls();
        let first = calls.get(row.of.first as usize);
        let way = std::iter::successors(first, |call| calls.get(call.caller? as usize));
        way.take(row.levels as usize).map(|call| call.function).collect()
    }

    fn name(&self, row: &Row) -> String {
        let function = &self.tree.functions()[row.of.function as usize];
        name(function).to_string_lossy().into_owned()
    }
}

impl Branches for Rows {
    type Row = Row;
    type Key = (u32, Option<u32>);
    type Level = Level;

    fn key(&self, row: &Row) -> Self::Key {
        (row.of.function, row.of.call)
    }

    fn can_open(&self, row: &Row) -> bool {
        row.of.has_more
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, row: &Row) -> Level {
        Level::new(match row.of.call {
            Some(call) => Of::Calls(Some(call)),
            None => Of::Callers(self.way(row)),
        })
    }

    fn ask(&self, level: &mut Level) -> Asked {
        let question = FindAllocations {
            of: level.of.clone(),
            order: self.order,
        };
        self.asks.ask_about(&self.tree, &mut level.slot, &question)
    }

    fn len(&self, level: &Level) -> u64 {
        level.slot.latest().map_or(0, Vec::len) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let row = *level.slot.latest()?.get(usize::try_from(at).ok()?)?;
        let levels = match &level.of {
            Of::Callers(callers) => to_u32(callers.len()) + 1,
            Of::Functions | Of::Calls(_) => 1,
        };
        Some(Row { of: row, levels })
    }

    fn find(&self, level: &Level, key: Self::Key) -> Option<u64> {
        let rows = level.slot.latest()?;
        let at = rows.iter().position(|row| (row.function, row.call) == key)?;
        Some(at as u64)
    }

    fn nothing(&self, _level: &Level) -> &'static str {
        match self.tree.known() {
            Known::All | Known::Sampled => "Nothing was allocated",
            Known::Alive => "No function allocated any of it",
        }
    }

    fn page(&self, _level: &Level) -> u64 {
        100
    }
}

impl Face for Rows {
    type Column = AllocationColumn;

    fn heads(&self) -> &[Head<AllocationColumn>] {
        match self.tree.known() {
            Known::All => HEADS,
            Known::Alive => ALIVE,
            Known::Sampled => SAMPLED,
        }
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, _repeats: bool, tokens: &Tokens) {
        strip.icon(Icon::FUNCTION, 14.0, tokens.kinds.function).space(6.0);
        strip.text(&self.name(row), fonts::body(), tokens.text_strong);
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        match self.heads()[at].by {
            AllocationColumn::Script => Value::Text(self.short_place(row)),
            by => match by.cell(&self.tree, &row.of) {
                Cell::Count(number) | Cell::Bytes(number) => Value::Number(number),
                _ => Value::None,
            },
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        let sums = row.of.sums;
        let numbers = match self.tree.known() {
            Known::All => format!(
                "{} of {} objects alive, {} of {} bytes",
                sums.live_count, sums.count, sums.live_size, sums.size
            ),
            Known::Alive => format!("{} objects alive, {} bytes", sums.live_count, sums.live_size),
            Known::Sampled => format!("{} bytes", sums.size),
        };
        (self.name(row), numbers)
    }

    fn copied(&self, row: &Row) -> String {
        format!("{} ({})", self.name(row), self.place(row))
    }

    fn quiet(&self) -> Self {
        Self {
            asks: Asks::nobody(),
            tree: Arc::clone(&self.tree),
            order: self.order,
        }
    }
}

impl Subjects for Rows {
    fn what(&self, _row: &Row) -> Option<What> {
        None
    }
}
