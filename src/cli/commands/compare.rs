//! `compare BASE CURRENT`

use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;

use crate::analysis::comparison::{Changes, Matching, Sums};
use crate::analysis::id_space::{IdSpace, Verdict};
use crate::base::units;
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::cli::limits::{Kind, Least, Limit, Measure, Quantity};
use crate::cli::output;
use crate::cli::pattern;
use crate::cli::report::{Layout, Report, Total};
use crate::cli::sort::Sorting;
use crate::query::comparison::deltas::{Attribution, DeltaBy, DeltaColumn, DeltaRow, Deltas};
use crate::query::comparison::{self, Compared, ComparedClasses, ComparedRow, ComparisonColumn, Pair, RowOf};
use crate::query::pattern::Syntax;
use crate::query::{Cell, Column};

/// What changed between two snapshots of one process.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Objects are matched by id. added and removed are DevTools' numbers; grown and shrunk are what objects of both snapshots gained
and lost, so that over all rows added - removed + grown - shrunk is the change of the total size. If the ids of the two mean
different objects (snapshots of different processes), only counts and sizes of each side are compared, and the answer says so.

With --by owner or --by path the same change is told as a tree: whose the bytes are (package, module, holder), or along which
path they are held. The rows below each row sum to it.

With --fail-on the exit status is 1 if a limit is exceeded. Limits are of the growth of the heap or of a class, an owner or a
path, in percent, bytes or objects; the option can be given several times.

Examples:
  heapatlas compare before.heapsnapshot after.heapsnapshot --limit 20
  heapatlas compare before.heapsnapshot after.heapsnapshot --filter session --sort count_delta
  heapatlas compare before.heapsnapshot after.heapsnapshot --by owner --min 1%
  heapatlas compare before.heapsnapshot after.heapsnapshot --fail-on 'growth > 5%' --fail-on 'class Session > 100'
  heapatlas compare before.heapsnapshot after.heapsnapshot --format json | jq .totals")]
pub struct Compare {
    /// The older snapshot
    base: PathBuf,
    /// The newer snapshot
    current: PathBuf,
    /// Tell the change by class, by whose it is, or by the path that holds it
    #[arg(long, value_enum, default_value_t = By::Class)]
    by: By,
    /// Only classes whose name contains this, whatever its case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Gather what changed by less in one row: bytes (8.2kB), or a share of the current heap (1%)
    #[arg(long, value_name = "SIZE")]
    min: Option<Least>,
    /// Leave out what is there only because snapshots were taken
    #[arg(long)]
    subtract_own_cost: bool,
    /// Compare classes only, even if objects can be matched by id
    #[arg(long)]
    without_ids: bool,
    /// Exit with status 1 if this is exceeded: 'growth > 5%', 'class Session > 100', 'any class > 1 MB'
    #[arg(long, value_name = "LIMIT")]
    fail_on: Vec<Limit>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

/// How the change is told.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// A row a class
    Class,
    /// A tree: package, module, holder
    Owner,
    /// A tree of retaining paths
    Path,
}

impl Compare {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let typed = self.filter.as_deref();
        let pattern = typed
            .map(|text| pattern::read(text, Syntax::Substring, false))
            .transpose()?;
        self.check()?;
        let pair = Pair {
            base: Arc::new(desk.open(&self.base)?),
            current: Arc::new(desk.open(&self.current)?),
        };
        let matching = if self.without_ids {
            Matching::ByClass
        } else {
            Matching::ByIds
        };
        let compared = desk.ask(&comparison::Compare { matching }, &pair)?;
        compared.problem().iter().for_each(say);
        let least = self.min.map_or(0, |least| least.bytes(pair.current.total_size()));
        let answered = match self.by {
            By::Class => {
                let question = ComparedClasses {
                    pattern,
                    unchanged: true,
                    least,
                    cost_apart: self.subtract_own_cost,
                    renamed_apart: true,
                    order: self.sorting.order(compared.default_order())?,
                };
                let mut rows = desk.ask(&question, &compared)?;
                rows.retain(|row| row.of != RowOf::Cost);
                output::write(&report(&compared, &rows), &self.output)?
            }
            By::Owner => self.write_tree(desk, &compared, Attribution::Owner, least)?,
            By::Path => self.write_tree(desk, &compared, Attribution::Path, least)?,
        };
        let exceeded = self.exceeded(desk, &compared)?;
        Ok(if exceeded { Answered::No } else { answered })
    }

    /// Refuses what does not go together, before any file is read.
    fn check(&self) -> Result<(), CliError> {
        if self.by == By::Class {
            return self.sorting.check::<ComparisonColumn>();
        }
        if self.filter.is_some() || self.sorting.is_asked_for() {
            return Err(CliError::Usage(
                "--filter and --sort are for --by class; the rows of a tree stand below what they hang from"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    fn write_tree(
        &self,
        desk: &Desk,
        compared: &Arc<Compared>,
        by: Attribution,
        least: u64,
    ) -> Result<Answered, CliError> {
        let deltas = self.deltas(desk, compared, by)?;
        let rows = deltas.rows(least);
        output::write(&tree_report(compared, &deltas, &rows), &self.output)
    }

    fn deltas(
        &self,
        desk: &Desk,
        compared: &Arc<Compared>,
        by: Attribution,
    ) -> Result<Arc<Deltas>, CliError> {
        let question = DeltaBy {
            by,
            cost_apart: self.subtract_own_cost,
        };
        desk.ask(&question, compared)
    }

    /// Is one of the limits exceeded? Says which, and by what.
    fn exceeded(&self, desk: &Desk, compared: &Arc<Compared>) -> Result<bool, CliError> {
        let mut any = false;
        for limit in &self.fail_on {
            let measures = match &limit.quantity {
                Quantity::Growth | Quantity::Added => vec![self.whole(compared, &limit.quantity)?],
                Quantity::Of(Kind::Class, _) | Quantity::Any(Kind::Class) => self.classes(compared),
                Quantity::Of(Kind::Owner, _) | Quantity::Any(Kind::Owner) => {
                    places(&*self.deltas(desk, compared, Attribution::Owner)?)
                }
                Quantity::Of(Kind::Path, _) | Quantity::Any(Kind::Path) => {
                    places(&*self.deltas(desk, compared, Attribution::Path)?)
                }
            };
            let measures = match &limit.quantity {
                Quantity::Of(_, name) => vec![of_name(&measures, name)],
                _ => measures,
            };
            if let Some(what) = limit.exceeded(&measures) {
                say(format_args!("limit exceeded: {what}"));
                any = true;
            }
        }
        Ok(any)
    }

    /// The rows that are written: without the cost if that is subtracted.
    fn sums(&self, all: Sums, cost: Sums) -> Sums {
        if self.subtract_own_cost {
            all.without(cost)
        } else {
            all
        }
    }

    fn whole(&self, compared: &Compared, quantity: &Quantity) -> Result<Measure, CliError> {
        let sums = self.sums(compared.all, compared.cost);
        if *quantity == Quantity::Growth {
            return Ok(measure("the heap".to_owned(), sums));
        }
        let added = sums.changes.map(|changes| changes.added).ok_or_else(|| {
            CliError::Usage("what was added cannot be limited: the two snapshots do not share ids".to_owned())
        })?;
        Ok(Measure {
            bytes: i64::try_from(added.size).unwrap_or(i64::MAX),
            count: i64::try_from(added.count).unwrap_or(i64::MAX),
            ..measure("what was added".to_owned(), sums)
        })
    }

    fn classes(&self, compared: &Compared) -> Vec<Measure> {
        let rows = compared.comparison.rows();
        rows.map(|(_, row)| measure(row.name().to_string(), self.sums(row.sums, row.cost)))
            .collect()
    }
}

fn measure(name: String, sums: Sums) -> Measure {
    Measure {
        name,
        bytes: sums.size_delta(),
        count: sums.count_delta(),
        base: sums.base.size,
    }
}

/// Every place of a tree, by what it is called from the top.
fn places(deltas: &Deltas) -> Vec<Measure> {
    let mut names: Vec<String> = Vec::new();
    let rows = deltas.rows(0);
    rows.iter()
        .map(|row| {
            names.truncate(row.depth as usize);
            names.push(deltas.label(row.of).to_string());
            Measure {
                name: names.join(BELOW),
                bytes: row.size_delta(),
                count: row.count_delta(),
                base: row.base.size,
            }
        })
        .collect()
}

/// Those of that name, as one: of a tree those that are called so where they hang, each with all below it.
fn of_name(measures: &[Measure], name: &str) -> Measure {
    let is_named = |measure: &Measure| {
        let way = measure.name.as_str();
        way == name || way.strip_suffix(name).is_some_and(|above| above.ends_with(BELOW))
    };
    let mut sum = Measure {
        name: name.to_owned(),
        ..Measure::default()
    };
    let mut counted: Option<&str> = None;
    for measure in measures {
        let is_below = |above: &str| {
            let rest = measure.name.strip_prefix(above);
            rest.is_some_and(|rest| rest.starts_with(BELOW))
        };
        if is_named(measure) && !counted.is_some_and(is_below) {
            counted = Some(&measure.name);
            sum.bytes += measure.bytes;
            sum.count += measure.count;
            sum.base += measure.base;
        }
    }
    sum
}

/// Between the names of places on the way to one.
const BELOW: &str = " > ";

/// The comparison with its sums.
pub(in crate::cli) fn report<'a>(
    compared: &'a Compared,
    rows: &'a [ComparedRow],
) -> Report<'a, ComparisonColumn> {
    let mut report = Report::new(
        "compare",
        &[&compared.pair.base, &compared.pair.current],
        compared,
        rows,
    );
    finish(&mut report, compared);
    report
}

fn tree_report<'a>(
    compared: &'a Compared,
    deltas: &'a Deltas,
    rows: &'a [DeltaRow],
) -> Report<'a, DeltaColumn> {
    let mut report = Report::new(
        "compare",
        &[&compared.pair.base, &compared.pair.current],
        deltas,
        rows,
    );
    finish(&mut report, compared);
    report.layout = Layout::Tree(|row: &DeltaRow| 2 * row.depth as usize);
    report
}

/// What every form of the answer has.
fn finish<C: Column>(report: &mut Report<'_, C>, compared: &Compared) {
    let Pair { base, current } = &compared.pair;
    let explained = compared.comparison.explained_delta();
    let mut total = |key, cell| report.totals.push((key, Total::Cell(cell)));
    total("base_size", Cell::Bytes(base.total_size()));
    total("current_size", Cell::Bytes(current.total_size()));
    total("size_delta", Cell::BytesDelta(compared.size_delta()));
    total("explained_delta", Cell::of(explained, Cell::BytesDelta));
    report
        .totals
        .push(("id_space", id_space(compared.comparison.id_space())));
    report.totals.push(("own_cost", own_cost(compared.cost)));
    report.problems.extend(compared.problem());
    let cost = compared.cost.size_delta();
    report.foot = Some(format!(
        "{} then, {} now: {}{}{}",
        units::human_bytes(base.total_size()),
        units::human_bytes(current.total_size()),
        units::signed_bytes(compared.size_delta()),
        explained.map_or_else(String::new, |delta| format!(
            ", of which the rows explain {}",
            units::signed_bytes(delta)
        )),
        if compared.has_cost() {
            format!("; {} of it for taking the snapshots", units::signed_bytes(cost))
        } else {
            String::new()
        },
    ));
}

fn id_space(space: IdSpace) -> Total {
    let cell = |cell| Total::Cell(cell);
    let count = |count: usize| Total::Cell(Cell::Count(count as u64));
    Total::Object(vec![
        (
            "comparable",
            cell(Cell::Flag(space.verdict() == Verdict::Comparable)),
        ),
        ("agreement", cell(Cell::of(space.agreement, Cell::Ratio))),
        ("sampled", cell(Cell::Count(space.sampled as u64))),
        (
            "functions",
            Total::Object(vec![
                ("common", count(space.functions.common)),
                ("other_name", count(space.functions.other_name)),
                ("stayed", count(space.functions.stayed)),
                ("moved", count(space.functions.moved)),
            ]),
        ),
        (
            "verdict",
            cell(Cell::Word(match space.verdict() {
                Verdict::Comparable => "comparable",
                Verdict::Doubtful => "doubtful",
                Verdict::Separate => "separate",
            })),
        ),
        ("confidence", cell(Cell::Word(space.confidence().word()))),
    ])
}

fn own_cost(cost: Sums) -> Total {
    let of = |cell: fn(Changes) -> Cell| Total::Cell(Cell::of(cost.changes, cell));
    Total::Object(vec![
        ("added_count", of(|changes| Cell::Count(changes.added.count))),
        ("removed_count", of(|changes| Cell::Count(changes.removed.count))),
        ("base_size", Total::Cell(Cell::Bytes(cost.base.size))),
        ("current_size", Total::Cell(Cell::Bytes(cost.current.size))),
        ("size_delta", Total::Cell(Cell::BytesDelta(cost.size_delta()))),
    ])
}
