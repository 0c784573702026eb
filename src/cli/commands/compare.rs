//! `compare BASE CURRENT`

use std::path::PathBuf;
use std::sync::Arc;

use crate::analysis::comparison::RowIx;
use crate::base::units;
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::cli::output;
use crate::cli::pattern;
use crate::cli::report::{Report, Total};
use crate::cli::sort::Sorting;
use crate::query::Cell;
use crate::query::comparison::{self, Compared, ComparedClasses, ComparisonColumn, Pair};
use crate::query::pattern::Syntax;

/// What changed between two snapshots of one process.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Objects are matched by id. new and deleted are DevTools' numbers; grown and shrunk are what objects of both snapshots gained
and lost, so that over all rows new - deleted + grown - shrunk is the change of the total size. If the snapshots are of
different processes, ids mean nothing: only counts and sizes of each side are then compared, and the answer says so.

Examples:
  heapatlas compare before.heapsnapshot after.heapsnapshot --limit 20
  heapatlas compare before.heapsnapshot after.heapsnapshot --filter session --sort count_delta
  heapatlas compare before.heapsnapshot after.heapsnapshot --format json | jq .totals")]
pub struct Compare {
    /// The older snapshot
    base: PathBuf,
    /// The newer snapshot
    current: PathBuf,
    /// Only classes whose name contains this, whatever its case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

impl Compare {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let typed = self.filter.as_deref();
        let pattern = typed
            .map(|text| pattern::read(text, Syntax::Substring, false))
            .transpose()?;
        self.sorting.check::<ComparisonColumn>()?;
        let pair = Pair {
            base: Arc::new(desk.open(&self.base)?),
            current: Arc::new(desk.open(&self.current)?),
        };
        let compared = desk.ask(&comparison::Compare, &pair)?;
        compared.problem().iter().for_each(say);
        let question = ComparedClasses {
            pattern,
            unchanged: true,
            order: self.sorting.order(compared.default_order())?,
        };
        let rows = desk.ask(&question, &compared)?;
        output::write(&report(&compared, &rows), &self.output)
    }
}

/// The comparison with its sums.
pub(in crate::cli) fn report<'a>(compared: &'a Compared, rows: &'a [RowIx]) -> Report<'a, ComparisonColumn> {
    let Pair { base, current } = &compared.pair;
    let id_space = compared.comparison.id_space();
    let explained = compared.comparison.explained_delta();
    let mut report = Report::new("compare", &[base, current], compared, rows)
        .total("base_size", Cell::Bytes(base.total_size()))
        .total("current_size", Cell::Bytes(current.total_size()))
        .total("size_delta", Cell::BytesDelta(compared.size_delta()))
        .total("explained_delta", Cell::of(explained, Cell::BytesDelta));
    report.totals.push((
        "id_space",
        Total::Object(vec![
            ("comparable", Total::Cell(Cell::Flag(compared.is_matched()))),
            (
                "agreement",
                Total::Cell(Cell::of(id_space.agreement, Cell::Ratio)),
            ),
            ("sampled", Total::Cell(Cell::Count(id_space.sampled as u64))),
        ]),
    ));
    report.problems.extend(compared.problem());
    report.foot = Some(format!(
        "{} then, {} now: {}{}",
        units::human_bytes(base.total_size()),
        units::human_bytes(current.total_size()),
        units::signed_bytes(compared.size_delta()),
        explained.map_or_else(String::new, |delta| format!(
            ", of which the rows explain {}",
            units::signed_bytes(delta)
        )),
    ));
    report
}
