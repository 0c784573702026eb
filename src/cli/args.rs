//! What can be typed, and which sub-command answers it.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Parser, Subcommand, ValueEnum};

use super::commands::{
    allocations::Allocations, caches::Caches, callbacks::Callbacks, compare::Compare,
    completions::Completions, containment::Containment, dominators::Dominators, duplicates::Duplicates,
    extract::Extract, instances::Instances, nodes::Nodes, object::Object, paths::Paths, redact::Redact,
    redact::Replace, repair::Repair, report::Report, retainers::Retainers, search::Search, secrets::Secrets,
    stats::Stats, strings::Strings, summary::Summary, suspects::Suspects, trend::Trend,
};
use super::desk::{Answered, Desk};
use super::error::CliError;
pub use super::limits::Size;
pub use super::only::Only;
use crate::graph::ObjectId;

const HELP: &str = "\
Examples:
  heapatlas before.heapsnapshot after.heapsnapshot   open both in the window
  heapatlas summary after.heapsnapshot               classes, heaviest first
  heapatlas paths after.heapsnapshot --class Session --merge
                                                     what keeps all sessions alive
  heapatlas compare before.heapsnapshot after.heapsnapshot
                                                     what grew
  heapatlas summary after.heapsnapshot --format json | jq '.rows[0]'

Files may be .heapsnapshot or .heaptimeline, compressed or not (.gz, .zst), or - for standard input.

Exit status: 0 answered; 1 answered \"no\" (nothing found, no such object or class); 2 not answered (bad arguments, a file
that cannot be read). A closed pipe is no error.";

/// Explore V8 heap snapshots: what is in the heap, what keeps it there, what grew.
///
/// Without a sub-command, opens the window with the files.
#[derive(Parser, Debug)]
#[command(name = "heapatlas", version, after_help = HELP)]
#[command(override_usage = "heapatlas [OPTIONS] [FILE]...\n       heapatlas [OPTIONS] COMMAND ...")]
#[command(infer_subcommands = false, disable_help_subcommand = false)]
pub struct Args {
    /// Snapshots to open in the window
    #[arg(value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Open no file that needs more memory, as in 2GB or 500MB; it is refused before anything of size is read
    #[arg(long, global = true, value_name = "SIZE")]
    pub max_memory: Option<Size>,
    /// Open files without what their strings say, as `redact` writes them; for answers, reports and pictures that
    /// others will see [default level: values]
    #[arg(long, global = true, value_enum, value_name = "LEVEL", num_args = 0..=1, require_equals = true,
        default_missing_value = "values", hide_possible_values = true)]
    pub redacted: Option<Replace>,
    /// What to answer instead
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The sub-commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// How large the heap is and of what it is made
    Stats(Stats),
    /// Classes with their counts and sizes
    Summary(Summary),
    /// The objects of a class
    Instances(Instances),
    /// All nodes, or a sample spread evenly over the file
    Nodes(Nodes),
    /// One object and what it refers to
    Object(Object),
    /// What refers to an object
    Retainers(Retainers),
    /// What the root, or an object, refers to
    Containment(Containment),
    /// What would be freed with an object, split by what it dominates
    Dominators(Dominators),
    /// Ways from the root to objects: why they are alive
    Paths(Paths),
    /// Objects by name
    Search(Search),
    /// Texts with the strings that have them, or only those that occur more than once
    Strings(Strings),
    /// Objects that are there again and again: many alike near the roots, and whole copies
    Duplicates(Duplicates),
    /// Maps, sets, memoize caches and other collections: whose, how full, do they grow
    Caches(Caches),
    /// Listeners, timers, what waits for promises; functions and variables
    Callbacks(Callbacks),
    /// Which functions allocated what, and when: of allocation timelines
    Allocations(Allocations),
    /// What changed between two snapshots of one process
    Compare(Compare),
    /// What leaks, worst first; from one snapshot or several
    Suspects(Suspects),
    /// What became of the heap over any number of snapshots
    Trend(Trend),
    /// One page on it all, to attach to an issue: suspects, growth, what the heap is made of
    Report(Report),
    /// Texts that nobody else may see: tokens, keys, passwords, and what holds them
    Secrets(Secrets),
    /// A copy without what strings say, to show to others
    Redact(Redact),
    /// A whole snapshot of what a damaged one still holds
    Repair(Repair),
    /// A small snapshot of some objects: what they retain and what keeps them alive
    Extract(Extract),
    /// A leaking server's heap, bundled: to try things out
    Demo(Demo),
    /// Completions for a shell
    Completions(Completions),
}

/// Opens the bundled demo.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Two snapshots of one server whose caches grow without end. With a display they open in the window, else (or with --terminal)
the terminal shows what grew and what keeps it alive.

Examples:
  heapatlas demo
  heapatlas demo --terminal")]
pub struct Demo {
    /// Answer in the terminal even if a window could open
    #[arg(long)]
    pub terminal: bool,
}

/// How an answer is written.
#[derive(clap::Args, Clone, Debug)]
pub struct Output {
    /// For people, for programs, for spreadsheets
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write at most this many rows, or `all`; the totals count them all. A terminal is shown 100
    #[arg(long, value_name = "N")]
    pub limit: Option<Limit>,
}

/// A form of answers.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A table; sizes in human units.
    Text,
    /// One object; sizes in bytes.
    Json,
    /// A header and rows; sizes in bytes.
    Csv,
}

/// At most so many rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(Option<usize>);

impl Limit {
    /// At most `rows`.
    pub fn to(rows: usize) -> Self {
        Self(Some(rows))
    }

    /// The greatest number of rows.
    pub fn rows(self) -> usize {
        self.0.unwrap_or(usize::MAX)
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self(None)),
            number => match number.parse() {
                Ok(rows) => Ok(Self(Some(rows))),
                Err(_) => Err("a number of rows or `all` is expected".to_owned()),
            },
        }
    }
}

/// An object as it is typed: `@123`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObjectName(pub ObjectId);

impl FromStr for ObjectName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let digits = text
            .strip_prefix('@')
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        match digits.and_then(|digits| digits.parse().ok()) {
            Some(id) => Ok(Self(ObjectId(id))),
            None => Err("an object is named @ID, with V8's id, as in @1234".to_owned()),
        }
    }
}

impl Command {
    /// What cannot be done with files that are opened redacted, with the reason.
    pub(super) fn refuses_redacted(&self) -> Option<&'static str> {
        match self {
            Self::Redact(_) => Some("redact --replace says what is replaced"),
            Self::Repair(_) => Some("repair first, then redact what was repaired"),
            Self::Secrets(_) => Some("secrets looks for what is taken out"),
            Self::Demo(_) => Some("the demo has no secrets"),
            Self::Completions(_) => Some("completions opens no file"),
            _ => None,
        }
    }

    /// Answers.
    pub(super) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        match self {
            Self::Stats(command) => command.answer(desk),
            Self::Summary(command) => command.answer(desk),
            Self::Instances(command) => command.answer(desk),
            Self::Nodes(command) => command.answer(desk),
            Self::Object(command) => command.answer(desk),
            Self::Retainers(command) => command.answer(desk),
            Self::Containment(command) => command.answer(desk),
            Self::Dominators(command) => command.answer(desk),
            Self::Paths(command) => command.answer(desk),
            Self::Search(command) => command.answer(desk),
            Self::Strings(command) => command.answer(desk),
            Self::Duplicates(command) => command.answer(desk),
            Self::Caches(command) => command.answer(desk),
            Self::Callbacks(command) => command.answer(desk),
            Self::Allocations(command) => command.answer(desk),
            Self::Compare(command) => command.answer(desk),
            Self::Suspects(command) => command.answer(desk),
            Self::Trend(command) => command.answer(desk),
            Self::Report(command) => command.answer(desk),
            Self::Secrets(command) => command.answer(desk),
            Self::Redact(command) => command.answer(desk),
            Self::Repair(command) => command.answer(desk),
            Self::Extract(command) => command.answer(desk),
            Self::Demo(_) => super::demo::show(desk, None),
            Self::Completions(command) => command.answer(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn objects_are_named_by_v8s_id() {
        assert_eq!("@17".parse(), Ok(ObjectName(ObjectId(17))));
        for wrong in ["17", "@", "@-1", "@+1", "@1x", "@99999999999999999999"] {
            assert!(wrong.parse::<ObjectName>().is_err(), "{wrong}");
        }
    }
}
