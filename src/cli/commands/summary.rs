//! `summary FILE [--filter TEXT] [--only NAME]`

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::analysis::filters::NodeFilter;
use crate::base::units;
use crate::cli::args::{Only, Output};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::pattern;
use crate::cli::report::Report;
use crate::cli::sort::Sorting;
use crate::query::Cell;
use crate::query::pattern::Syntax;
use crate::query::summary::{self, SummaryAnswer, SummaryColumn};
use crate::query::trend::processes;
use crate::snapshot::Snapshot;

/// Classes with their counts and sizes.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Plain objects go by their properties: {id, name}. Sizes of an object's own parts (elements, hash tables) are the object's.
The retained size of a class is that of its objects which no other of its objects retains.

Examples:
  heapatlas summary heap.heapsnapshot --limit 20
  heapatlas summary heap.heapsnapshot --filter session --sort count
  heapatlas summary heap.heapsnapshot --only retained-by-detached-dom
  heapatlas summary last.heapsnapshot --allocated-between first.heapsnapshot second.heapsnapshot")]
pub struct Summary {
    /// The snapshot
    file: PathBuf,
    /// Only classes whose name contains this, whatever its case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Count only these objects: duplicated-strings, retained-by-detached-dom, retained-by-console,
    /// retained-by-event-handlers, retained-by-contexts, shared-native-context, no-native-context, native-context=@ID,
    /// allocated-between=ID..ID (ids above the first, up to the second); in recordings with stacks allocated-by=FUNCTION,
    /// allocated-by=FUNCTION<CALLER<ITS-CALLER (when it was called that way), allocated-under=FUNCTION (with all it called)
    #[arg(long, value_name = "NAME")]
    only: Option<Only>,
    /// Count only what was allocated after the snapshot OLDER was taken and before NEWER was, both of the same process
    #[arg(long, num_args = 2, value_names = ["OLDER", "NEWER"], conflicts_with = "only")]
    allocated_between: Option<Vec<PathBuf>>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

impl Summary {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let mut question = summary::Summary {
            pattern: self
                .filter
                .as_deref()
                .map(|text| pattern::read(text, Syntax::Substring, false))
                .transpose()?,
            filter: NodeFilter::All,
            order: self.sorting.order(summary::Summary::DEFAULT_ORDER)?,
        };
        let snapshot = Arc::new(desk.open(&self.file)?);
        if let Some([older, newer]) = self.allocated_between.as_deref() {
            question.filter = between(desk, older, newer, &snapshot)?;
        }
        if let Some(only) = &self.only {
            question.filter = only.filter(desk, &snapshot)?;
        }
        let answer = desk.ask(&question, &snapshot)?;
        output::write(&report(&snapshot, &answer), &self.output)
    }
}

/// What was allocated between two snapshots, by its ids, which have to be those of `snapshot` too.
fn between(
    desk: &mut Desk,
    older: &Path,
    newer: &Path,
    snapshot: &Arc<Snapshot>,
) -> Result<NodeFilter, CliError> {
    let [from, to] = [desk.open(older)?, desk.open(newer)?].map(Arc::new);
    let all = [from, to, Arc::clone(snapshot)];
    let processes = processes(&all, desk.task())?;
    let [from, to, _] = &all;
    let other = processes.iter().position(|&process| process != 0);
    if let Some(other) = other {
        let file = all[other].path().display();
        return Err(CliError::Usage(format!(
            "{file} is of another process than {}: ids do not tell what was allocated when",
            from.path().display()
        )));
    }
    let (after, through) = (from.graph().last_object_id(), to.graph().last_object_id());
    if after > through {
        return Err(CliError::Usage(format!(
            "{} was taken after {}: name the older one first",
            from.path().display(),
            to.path().display()
        )));
    }
    Ok(NodeFilter::AllocatedBetween { after, through })
}

/// The Summary with its sums.
pub(in crate::cli) fn report<'a>(
    snapshot: &'a Snapshot,
    answer: &'a SummaryAnswer,
) -> Report<'a, SummaryColumn> {
    let mut report = Report::about("summary", snapshot, snapshot, &answer.rows)
        .total("count", Cell::Count(answer.count))
        .total("shallow_size", Cell::Bytes(answer.shallow_size))
        .total("total_size", Cell::Bytes(snapshot.total_size()));
    report.foot = Some(format!(
        "{}, {}, {} of {}",
        units::counted(answer.rows.len() as u64, "class", "classes"),
        units::counted(answer.count, "object", "objects"),
        units::human_bytes(answer.shallow_size),
        units::human_bytes(snapshot.total_size()),
    ));
    report
}
