//! `callbacks FILE [--kind KIND] [--filter TEXT]`

use std::path::PathBuf;

use crate::base::units;
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::pattern;
use crate::cli::report::Report;
use crate::cli::sort::Sorting;
use crate::query::callbacks::{self, CallbackColumn, CallbackKind, CallbackRow, FindCallbacks};
use crate::query::pattern::Syntax;
use crate::query::{Cell, Order};

/// Listeners, timers, what waits for promises; functions and variables
#[derive(clap::Args, Debug)]
#[command(after_help = "\
listeners: one row an emitter and event (of pages: a function). timers, promises: one row for each function that is called
later; `await` is the function that waits. functions: those of one place that are there more than once. variables: what the
scope of a function alone keeps, from 1 kB on. The program's own come first, then what keeps most.

Examples:
  heapatlas callbacks heap.heapsnapshot --kind listeners
  heapatlas callbacks heap.heapsnapshot --filter connect --sort count")]
pub struct Callbacks {
    /// The snapshot
    file: PathBuf,
    /// Only those of this kind
    #[arg(long, value_enum)]
    kind: Option<Kind>,
    /// Only those with this in an event, a name, a function or a module, whatever its case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

/// What is to be called.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// By emitter and event
    Listeners,
    /// Timeouts, intervals, immediates
    Timers,
    /// What goes on when a promise is settled
    Promises,
    /// Functions made more than once
    Functions,
    /// What scopes of functions alone keep
    Variables,
}

impl Kind {
    const fn kind(self) -> CallbackKind {
        match self {
            Self::Listeners => CallbackKind::Listener,
            Self::Timers => CallbackKind::Timer,
            Self::Promises => CallbackKind::Reaction,
            Self::Functions => CallbackKind::Function,
            Self::Variables => CallbackKind::Variable,
        }
    }
}

impl Callbacks {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let typed = self.filter.as_deref();
        let pattern = typed
            .map(|text| pattern::read(text, Syntax::Substring, false))
            .transpose()?;
        self.sorting.check::<CallbackColumn>()?;
        let order = self
            .sorting
            .order(Order::descending(CallbackColumn::RetainedSize))?;
        let snapshot = desk.open(&self.file)?;
        let list = desk.ask(&FindCallbacks, &snapshot)?;
        let question = callbacks::Callbacks {
            list: list.clone(),
            kind: self.kind.map(Kind::kind),
            pattern,
            order: self.sorting.is_asked_for().then_some(order),
        };
        let found = desk.ask(&question, &snapshot)?.into_iter();
        let rows: Vec<CallbackRow> = found.filter_map(|at| list.row(at).cloned()).collect();
        let count: u64 = rows.iter().map(CallbackRow::count).sum();
        let mut report = Report::<CallbackColumn>::about("callbacks", &snapshot, &snapshot, &rows)
            .total("count", Cell::Count(count));
        report.foot = Some(format!(
            "{}, {} in all",
            units::counted(rows.len() as u64, "row", "rows"),
            units::grouped(count),
        ));
        output::write(&report, &self.output)
    }
}
