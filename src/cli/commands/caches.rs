//! `caches FILE... [--filter TEXT] [--whose WHOSE]`

use std::path::PathBuf;

use crate::base::units;
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::pattern;
use crate::cli::report::{FileRead, Layout, Report};
use crate::cli::sort::Sorting;
use crate::query::Cell;
use crate::query::caches::FindCaches;
use crate::query::caches::series::{self, CacheColumn, Series};
use crate::query::pattern::Syntax;

/// Collections: whose, how full, do they grow.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
One row for what hangs from one name: a Map, a Set, a WeakMap, an object used as a map, a big array, the cache of a memoized
function. Parts of one (lodash's MapCache, an LRU cache's map and lists) are one row, collections of many objects of one class
too. Entries are exact, or a range where small integers leave no trace in the file. The program's come first, then those of
the runtime and the engine. Over several snapshots, oldest first, each cache is found again by its names, not by its id: the
snapshots may be of different processes.

Examples:
  heapatlas caches heap.heapsnapshot --whose mine
  heapatlas caches 1.heapsnapshot 2.heapsnapshot 3.heapsnapshot --sort growth
  heapatlas caches heap.heapsnapshot --format json | jq '.rows[] | select(.entries > 10000)'")]
pub struct Caches {
    /// The snapshots, oldest first
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Only caches whose kind, owner, module or binding contains this, whatever its case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Only caches of such code
    #[arg(long, value_enum)]
    whose: Option<Whose>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

/// Whose code uses a cache.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// The program's own
    Mine,
    /// That of packages in `node_modules`
    Packages,
    /// The runtime's and the engine's
    Runtime,
}

impl Caches {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let order = self.sorting.order(series::Caches::DEFAULT_ORDER)?;
        let typed = self.filter.as_deref();
        let pattern = typed
            .map(|text| pattern::read(text, Syntax::Substring, false))
            .transpose()?;
        let question = series::Caches {
            pattern,
            whose: match self.whose {
                None => series::Whose::Anybody,
                Some(Whose::Mine) => series::Whose::Own,
                Some(Whose::Packages) => series::Whose::Installed,
                Some(Whose::Runtime) => series::Whose::Runtime,
            },
            order,
        };
        let mut lists = Vec::with_capacity(self.files.len());
        let (mut files, mut problems) = (Vec::new(), Vec::new());
        for file in &self.files {
            // What is found needs the snapshot no longer: one at a time is in memory.
            let snapshot = desk.open(file)?;
            files.push(FileRead {
                path: file,
                ..FileRead::of(&snapshot)
            });
            let several = self.files.len() > 1;
            problems.extend(snapshot.problems().iter().map(|problem| {
                if several {
                    format!("{}: {problem}", file.display())
                } else {
                    problem.to_string()
                }
            }));
            lists.push(desk.ask(&FindCaches, &snapshot)?);
        }
        let series = Series { lists };
        let caches = desk.ask(&question, &series)?;
        let rows: Vec<_> = caches.iter().filter_map(|&cache| series.row(cache)).collect();
        let entries: u64 = rows.iter().map(|row| row.now.cache.entries.least).sum();
        let report = Report::<CacheColumn> {
            command: "caches",
            files,
            over: &(),
            rows: &rows,
            totals: Vec::new(),
            problems,
            head: Vec::new(),
            foot: Some(format!(
                "{}, at least {}",
                units::counted(rows.len() as u64, "cache", "caches"),
                units::counted(entries, "entry", "entries"),
            )),
            layout: Layout::Table,
            answers_without_rows: false,
        };
        output::write(&report.total("entries", Cell::Count(entries)), &self.output)
    }
}
