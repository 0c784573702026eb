//! `trend FILE FILE...`

use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;

use crate::base::units;
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::cli::limits::{Kind, Limit, Measure, Quantity};
use crate::cli::output;
use crate::cli::report::Report;
use crate::cli::sort::Sorting;
use crate::query::Cell;
use crate::query::trend::{self, FindTrend, TrendBy, TrendColumn, TrendRow};

/// What became of the heap over any number of snapshots, oldest first.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Rows sum to the total of every snapshot. By path, growing holders come first: places that hold more at every step, with all
that they alone keep alive, found without object ids, so that snapshots of several processes may be mixed (each process is
then judged for itself). What a bounded cache swaps, what was filled once and what slows down is no growth. With --fail-on the exit
status is 1 if a limit is exceeded.

Examples:
  heapatlas trend monday.heapsnapshot tuesday.heapsnapshot wednesday.heapsnapshot
  heapatlas trend --by path --growing heap-*.heapsnapshot
  heapatlas trend --by class --format csv heap-*.heapsnapshot
  heapatlas trend heap-*.heapsnapshot --fail-on 'growth > 5%' --fail-on 'any path > 500 kB'")]
pub struct Trend {
    /// The snapshots, oldest first
    #[arg(value_name = "FILE", required = true, num_args = 2..)]
    files: Vec<PathBuf>,
    /// What a row stands for
    #[arg(long, value_enum, default_value_t = By::Class)]
    by: By,
    /// Only rows that grew at every step
    #[arg(long)]
    growing: bool,
    /// Exit with status 1 if this is exceeded: 'growth > 5%', 'class Session > 100', 'any path > 1 MB'
    #[arg(long, value_name = "LIMIT")]
    fail_on: Vec<Limit>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

/// What a row stands for.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// A class
    Class,
    /// What holds the objects, told by the path to it
    Path,
    /// A class with the names of its properties, at a distance from the roots
    Shape,
    /// A map, a set, an array, an object that serves as a table
    Cache,
}

impl Trend {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        self.sorting.check::<TrendColumn>()?;
        let series = desk.open_series(&self.files)?;
        let by = match self.by {
            By::Class => TrendBy::Class,
            By::Path => TrendBy::Holder,
            By::Shape => TrendBy::Shape,
            By::Cache => TrendBy::Cache,
        };
        let found = desk.ask(&FindTrend { by }, &series)?;
        let problem = found.problem();
        problem.iter().for_each(say);
        let all = found.rows.iter().zip(0_u32..);
        let wanted = all.filter(|(row, _)| !self.growing || row.grew());
        let mut order: Vec<u32> = wanted.map(|(_, at)| at).collect();
        trend::sort_answer(&found, &mut order, self.sorting.order(trend::DEFAULT_ORDER)?);
        let rows: Vec<TrendRow> = order.iter().map(|&at| found.rows[at as usize].clone()).collect();
        let snapshots: Vec<&_> = found
            .series
            .snapshots
            .iter()
            .map(|snapshot| &**snapshot)
            .collect();
        let mut report = Report::<TrendColumn>::new("trend", &snapshots, &*found, &rows)
            .total(
                "sizes",
                Cell::List(found.totals.iter().map(|&total| Cell::Bytes(total)).collect()),
            )
            .total("delta", Cell::BytesDelta(found.total_growth()))
            .total(
                "processes",
                Cell::List(
                    found
                        .processes
                        .iter()
                        .map(|&process| Cell::Plain(process as u64 + 1))
                        .collect(),
                ),
            );
        report.problems.extend(problem);
        let sizes: Vec<String> = found
            .totals
            .iter()
            .map(|&total| units::human_bytes(total))
            .collect();
        report.foot = Some(format!(
            "{}: {}",
            sizes.join(", "),
            units::signed_bytes(found.total_growth())
        ));
        let answered = output::write(&report, &self.output)?;
        let exceeded = self.exceeded(desk, &found)?;
        Ok(if exceeded { Answered::No } else { answered })
    }

    /// Is one of the limits exceeded? Says which, and by what.
    fn exceeded(&self, desk: &Desk, found: &Arc<trend::Trend>) -> Result<bool, CliError> {
        let mut exceeded = false;
        for limit in &self.fail_on {
            let measures = match &limit.quantity {
                Quantity::Growth => vec![whole(found)],
                Quantity::Added => {
                    let what = "what was added is a matter of two snapshots: ask compare";
                    return Err(CliError::Usage(what.to_owned()));
                }
                Quantity::Of(kind, name) => vec![of_name(&*rows_of(desk, found, *kind)?, name)],
                Quantity::Any(kind) => {
                    let rows = rows_of(desk, found, *kind)?;
                    rows.rows
                        .iter()
                        .filter(|row| !row.is_rest)
                        .map(|row| measure(&rows, row))
                        .collect()
                }
            };
            if let Some(what) = limit.exceeded(&measures) {
                say(format_args!("limit exceeded: {what}"));
                exceeded = true;
            }
        }
        Ok(exceeded)
    }
}

/// The rows that a limit of that kind is about: those of the answer, or of another question about the same snapshots.
fn rows_of(desk: &Desk, found: &Arc<trend::Trend>, kind: Kind) -> Result<Arc<trend::Trend>, CliError> {
    let by = match kind {
        Kind::Class => TrendBy::Class,
        Kind::Owner | Kind::Path => TrendBy::Holder,
    };
    if found.by == by {
        return Ok(Arc::clone(found));
    }
    desk.ask(&FindTrend { by }, &found.series)
}

fn whole(found: &trend::Trend) -> Measure {
    Measure {
        name: "the heap".to_owned(),
        bytes: found.total_growth(),
        count: 0,
        base: found.sequences.base(&found.totals),
    }
}

fn measure(found: &trend::Trend, row: &TrendRow) -> Measure {
    Measure {
        name: row.name.to_string(),
        bytes: found.growth(row),
        count: found.sequences.growth(&row.counts),
        base: found.sequences.base(&row.sizes),
    }
}

/// What all rows of that name came to: by their names, their owners, or by what their paths hold.
fn of_name(found: &trend::Trend, name: &str) -> Measure {
    let is_called_so = |row: &&TrendRow| {
        let owner = row.owner.as_ref().is_some_and(|owner| owner.as_js() == name);
        let on_path = row.path.iter().any(|step| step.to_string().contains(name));
        !row.is_rest && (row.key.as_js() == name || row.name.as_js() == name || owner || on_path)
    };
    let rows = found.rows.iter().filter(is_called_so);
    rows.map(|row| measure(found, row)).fold(
        Measure {
            name: name.to_owned(),
            ..Measure::default()
        },
        |sum, one| Measure {
            bytes: sum.bytes.saturating_add(one.bytes),
            count: sum.count.saturating_add(one.count),
            base: sum.base.saturating_add(one.base),
            ..sum
        },
    )
}
