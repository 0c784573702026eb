//! `allocations FILE [--tree | --callers FUNCTION | --samples]`

use std::path::PathBuf;

use crate::analysis::call_tree::{CallTree, Known};
use crate::base::units;
use crate::cli::args::{Only, Output};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::report::{Layout, Report, Total};
use crate::cli::sort::Sorting;
use crate::query::allocations::written::AllLevels;
use crate::query::allocations::{self, AllocationColumn, AllocationRow, FindAllocations, FindCalls, Of};
use crate::query::passing::FindPassing;
use crate::query::timeline::bursts::{self, Bursts, FindBursts};
use crate::query::timeline::{FindTimeline, MomentColumn, Timeline};
use crate::query::{Cell, Order};
use crate::snapshot::Snapshot;
use crate::snapshot::sampling::Opened;

/// Which functions allocated what, and when.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Timelines (.heaptimeline) tell which functions allocated what, if they were recorded with stacks. Count and size are of all
objects a function allocated itself while it was recorded, live count and live size of those that are in the snapshot. Line
and column are counted from 1. Sampling profiles (.heapprofile) tell estimated sizes alone, of what was alive or of all, as
they were taken.

Examples:
  heapatlas allocations load.heaptimeline
  heapatlas allocations load.heaptimeline --tree --sort live_size
  heapatlas allocations load.heaptimeline --callers priceFor
  heapatlas allocations load.heaptimeline --samples          what stayed of each moment, and bursts
  heapatlas allocations load.heaptimeline --only allocated-between=41000..52000
  heapatlas summary load.heaptimeline --only allocated-by=priceFor
  heapatlas summary load.heaptimeline --only 'allocated-by=priceFor<handle'
  heapatlas nodes load.heaptimeline --only allocated-under=handle")]
pub struct Allocations {
    /// The timeline, or a sampling profile
    file: PathBuf,
    /// The tree of calls from the top; counts and sizes are of a call and all it called
    #[arg(long, conflicts_with_all = ["callers", "samples"])]
    tree: bool,
    /// Who called the functions of that name, and who called these: what was allocated through them
    #[arg(long, value_name = "FUNCTION", conflicts_with = "samples")]
    callers: Option<String>,
    /// The samples of the timeline, with what was allocated before each and is alive
    #[arg(long)]
    samples: bool,
    /// What is alive of these objects alone; `summary --help` lists the filters
    #[arg(long, value_name = "NAME", conflicts_with = "samples")]
    only: Option<Only>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

/// What the sub-command is called in its answer.
const COMMAND: &str = "allocations";

impl Allocations {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let order = self.sorting.order(match self.only {
            None => FindAllocations::DEFAULT_ORDER,
            // Of these only what is alive is known.
            Some(_) => Order::descending(AllocationColumn::LiveSize),
        })?;
        let opened = desk.open_any(&self.file)?;
        let snapshot = match &opened {
            Opened::Snapshot(snapshot) => snapshot,
            Opened::Profile(profile) => {
                let file = self.file.display();
                if self.samples {
                    return Err(CliError::Usage(format!(
                        "{file} is a sampling profile: it tells which functions allocated, not when"
                    )));
                }
                if self.only.is_some() {
                    return Err(CliError::Usage(format!(
                        "{file} is a sampling profile: it holds no objects that could pass a filter"
                    )));
                }
                let rows = self.rows(desk, profile.tree(), order)?;
                let mut report = Report::of_file(
                    COMMAND,
                    profile.path(),
                    profile.problems(),
                    &**profile.tree(),
                    &rows,
                );
                self.complete(&mut report, profile.tree());
                return output::write(&report, &self.output);
            }
        };
        if self.samples {
            let timeline = desk.ask(&FindTimeline, snapshot)?;
            let question = FindBursts { timeline };
            let bursts = desk.ask(&question, snapshot)?;
            return self.write_samples(snapshot, &question.timeline, &bursts);
        }
        let filter = self
            .only
            .as_ref()
            .map(|only| only.filter(desk, snapshot))
            .transpose()?;
        let filter = filter.unwrap_or_default();
        let only = desk.ask(&FindPassing { filter }, snapshot)?;
        let tree = desk.ask(&FindCalls { only }, snapshot)?;
        let rows = self.rows(desk, &tree, order)?;
        let mut report = Report::about(COMMAND, snapshot, &*tree, &rows);
        self.complete(&mut report, &tree);
        output::write(&report, &self.output)
    }

    fn rows(
        &self,
        desk: &Desk,
        tree: &CallTree,
        order: Order<AllocationColumn>,
    ) -> Result<Vec<AllocationRow>, CliError> {
        let all_levels = |of| AllLevels {
            of,
            order,
            least: 0,
            most: usize::MAX,
        };
        Ok(match &self.callers {
            Some(name) => {
                let mut rows = Vec::new();
                for function in named(tree, name) {
                    rows.extend(desk.ask(&all_levels(Of::Callers(vec![function])), tree)?);
                }
                rows
            }
            None if self.tree => desk.ask(&all_levels(Of::Calls(None)), tree)?,
            None => {
                let of = Of::Functions;
                desk.ask(&FindAllocations { of, order }, tree)?
            }
        })
    }

    /// What there is to say of the rows, and how they are set.
    fn complete(&self, report: &mut Report<'_, AllocationColumn>, tree: &CallTree) {
        if tree.is_empty() {
            report.problems.push(
                "the file holds no allocation stacks: it is no timeline, or one that was recorded without them".to_owned(),
            );
        }
        if self.tree || self.callers.is_some() {
            report.layout = Layout::Tree(|row: &AllocationRow| row.depth.unwrap_or(0) as usize);
        }
        let total = tree.total();
        let (size, live) = (Cell::Bytes(total.size), Cell::Bytes(total.live_size));
        let (allocated, alive) = (
            units::human_bytes(total.size),
            units::human_bytes(total.live_size),
        );
        let (size, live, told) = match tree.known() {
            Known::All => (
                size,
                live,
                format!("{allocated} allocated, {alive} of them alive"),
            ),
            Known::Alive => (
                Cell::None,
                live,
                format!("{alive} alive of what the filter lets pass"),
            ),
            Known::Sampled => (
                size,
                Cell::None,
                format!("{allocated} allocated, as samples tell"),
            ),
        };
        for (key, cell) in [("size", size), ("live_size", live)] {
            report.totals.push((key, Total::Cell(cell)));
        }
        let rows = units::counted(report.rows.len() as u64, "row", "rows");
        report.foot = Some(format!("{rows}, {told}"));
    }

    fn write_samples(
        &self,
        snapshot: &Snapshot,
        timeline: &Timeline,
        bursts: &Bursts,
    ) -> Result<Answered, CliError> {
        let mut report = Report::<MomentColumn>::about(COMMAND, snapshot, &(), &timeline.moments)
            .total("live_size", Cell::Bytes(timeline.live_size()))
            .total("bursts", Cell::Count(bursts.bursts.len() as u64))
            .total(
                "period_ms",
                Cell::of(bursts.period, |period| Cell::Plain(period / 1000)),
            );
        if timeline.moments.is_empty() {
            let what = "the file holds no samples: it is no timeline";
            report.problems.push(what.to_owned());
        }
        report.head = bursts::told(snapshot, bursts);
        report.foot = Some(format!(
            "{}, {} allocated during the recording are alive",
            units::counted(timeline.moments.len() as u64, "sample", "samples"),
            units::human_bytes(timeline.live_size()),
        ));
        output::write(&report, &self.output)
    }
}

/// The functions of that name.
fn named(tree: &CallTree, name: &str) -> Vec<u32> {
    let functions = (0..).zip(tree.functions());
    let named = functions.filter(|(_, function)| allocations::name(function) == name);
    named.map(|(place, _)| place).collect()
}
