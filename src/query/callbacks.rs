//! Who waits to be called, and what functions keep: listeners by emitter and event, timers, what waits for promises, functions
//! made again and again, and the large variables that only the scopes of functions keep.
//!
//! [`FindCallbacks`] looks for all of them once; [`Callbacks`] are the rows.

mod finding;

use std::sync::Arc;

use super::name_key::NameKey;
use super::pattern::Pattern;
use super::{Cell, Direction, Order, Query, owners, sort};
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::packages::Package;
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::snapshot::Snapshot;

/// Asks for the callbacks of a snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindCallbacks;

/// The callbacks of a snapshot. Shared: a clone is the same, and nothing else is equal.
#[derive(Clone, Debug)]
pub struct CallbackList(Arc<Vec<CallbackRow>>);

/// Asks for the rows of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callbacks {
    /// All of the snapshot that is asked about.
    pub list: CallbackList,
    /// Only those of that kind.
    pub kind: Option<CallbackKind>,
    /// Only those with it in what they are called, whose they are, their function or their module.
    pub pattern: Option<Pattern>,
    /// How they are sorted; none is the program's own first, then those that keep most.
    pub order: Option<Order<CallbackColumn>>,
}

crate::index! {
    /// A row of a list: its place there.
    CallbackIx
}

/// What is to be called, or what a function keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallbackKind {
    /// Functions that an emitter calls when something happens.
    Listener,
    /// Functions that are called when time has passed, or as soon as there is time.
    Timer,
    /// Functions that go on when a promise is settled.
    Reaction,
    /// Functions of one place in the program's text, made more than once.
    Function,
    /// Variables of functions' scopes, and what nothing but the scope keeps of them.
    Variable,
}

/// Callbacks that are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct CallbackRow {
    /// What they are.
    pub kind: CallbackKind,
    /// The event, the sort of timer, `then` or `await`, the function's or the variable's name.
    pub name: JsString,
    /// The class of the emitter, or of what the variable holds.
    pub of: Option<JsString>,
    /// The function that is called, of several the first, if it has a name; none of variables.
    pub function: Option<JsString>,
    /// The script or module of that function, or of the variable's scope, by its short name.
    pub module: Option<JsString>,
    /// Whose code that is.
    pub package: Option<Package>,
    /// What there is of them, in file order: functions, timers, reactions, or what the variables hold.
    pub members: Arc<[NodeIx]>,
    /// What would go with them, in bytes; what stands in two rows of a kind counts for the first.
    pub retained_size: u64,
}

columns! {
    /// Columns of callbacks.
    pub enum CallbackColumn: |snapshot: Snapshot, row: CallbackRow| {
        /// What they are.
        Kind: Text "kind" "Kind" = Cell::Word(row.kind.word());
        /// How they are called.
        Name: Text "name" "Name" = Cell::Text(row.name.clone());
        /// Of what emitter, or class.
        Of: Text "of" "Of" = Cell::of(row.of.clone(), Cell::Text);
        /// The function.
        Function: Text "function" "Function" = Cell::of(row.function.clone(), Cell::Text);
        /// Where that stands.
        Module: Text "module" "Module" = Cell::of(row.module.clone(), Cell::Text);
        /// Whose code that is.
        Package: Text "package" "Package" = Cell::of(row.package.as_ref(), |package| Cell::Text(package.to_string().into()));
        /// How many.
        Count: Number "count" "Count" = Cell::Count(row.count());
        /// What would go with them.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.retained_size);
        /// Some of them.
        Samples: Program "sample_ids" "Samples" = Cell::List(row.samples(snapshot));
    }
}

/// So many are named as samples.
const SAMPLES: usize = 5;

impl CallbackKind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Listener,
        Self::Timer,
        Self::Reaction,
        Self::Function,
        Self::Variable,
    ];

    /// As it is called in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Listener => "listener",
            Self::Timer => "timer",
            Self::Reaction => "promise",
            Self::Function => "function",
            Self::Variable => "variable",
        }
    }
}

impl CallbackRow {
    /// How many there are.
    pub fn count(&self) -> u64 {
        self.members.len() as u64
    }

    fn samples(&self, snapshot: &Snapshot) -> Vec<Cell> {
        let first = self.members.iter().take(SAMPLES);
        first.map(|&node| Cell::Id(snapshot.id(node))).collect()
    }

    /// The less, the more likely is it what one looks for.
    fn rank(&self) -> u64 {
        match self.package {
            Some(Package::Own) => 0,
            Some(Package::Installed(_)) => 1,
            None => 2,
            Some(Package::Runtime(_)) => 3,
        }
    }

    fn texts(&self) -> impl Iterator<Item = &JsString> {
        let others = [&self.of, &self.function, &self.module];
        [&self.name].into_iter().chain(others.into_iter().flatten())
    }
}

impl PartialEq for CallbackList {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for CallbackList {}

impl CallbackList {
    /// What is known of a row.
    pub fn row(&self, callback: CallbackIx) -> Option<&CallbackRow> {
        self.0.get(callback.at())
    }
}

impl Query for FindCallbacks {
    type Over = Snapshot;
    type Answer = CallbackList;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<CallbackList, Cancelled> {
        let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
        let owners = owners::build(snapshot, &order, task)?;
        let mut rows = finding::find(snapshot, &order, &owners, task)?;
        task.check()?;
        rows.sort_by_key(|row| (row.rank(), std::cmp::Reverse(row.retained_size)));
        Ok(CallbackList(Arc::new(rows)))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for callbacks")
    }
}

impl Query for Callbacks {
    type Over = Snapshot;
    type Answer = Vec<CallbackIx>;

    fn run(&self, _: &Snapshot, task: &Task) -> Result<Vec<CallbackIx>, Cancelled> {
        let rows = &*self.list.0;
        let is_shown = |at: &usize| {
            let row = &rows[*at];
            let matches = |pattern: &Pattern| row.texts().any(|text| pattern.matches(text.as_js()));
            self.kind.is_none_or(|kind| kind == row.kind) && self.pattern.as_ref().is_none_or(matches)
        };
        let mut places: Vec<usize> = (0..rows.len()).filter(is_shown).collect();
        if let Some(order) = self.order {
            sort_rows(rows, &mut places, order);
        }
        task.check()?;
        Ok(places.into_iter().map(CallbackIx::new).collect())
    }
}

/// Sorts places of `rows`.
fn sort_rows(rows: &[CallbackRow], places: &mut [usize], order: Order<CallbackColumn>) {
    let way = order.direction;
    let by_rank = |run: &mut [usize]| sort::by_number(run, Direction::Ascending, |at| at as u64, |_| ());
    let by_text = |places: &mut [usize], text: &dyn Fn(&CallbackRow) -> Option<JsString>| {
        let key = |at: usize| NameKey::built(text(&rows[at]).unwrap_or_default());
        sort::by_text(places, way, key, by_rank);
    };
    let by_number = |places: &mut [usize], number: &dyn Fn(&CallbackRow) -> u64| {
        sort::by_number(places, way, |at| number(&rows[at]), by_rank);
    };
    match order.by {
        CallbackColumn::Kind => by_text(places, &|row| Some(row.kind.word().into())),
        CallbackColumn::Name => by_text(places, &|row| Some(row.name.clone())),
        CallbackColumn::Of => by_text(places, &|row| row.of.clone()),
        CallbackColumn::Function => by_text(places, &|row| row.function.clone()),
        CallbackColumn::Module => by_text(places, &|row| row.module.clone()),
        CallbackColumn::Package => by_number(places, &CallbackRow::rank),
        CallbackColumn::Count | CallbackColumn::Samples => by_number(places, &CallbackRow::count),
        CallbackColumn::RetainedSize => by_number(places, &|row| row.retained_size),
    }
}

#[cfg(test)]
mod tests;
