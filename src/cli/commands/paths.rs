//! `paths FILE @ID... [--class NAME] [--count N] [--merge]`

use std::num::NonZeroUsize;
use std::path::PathBuf;

use super::shared::{find_classes, find_objects};
use crate::analysis::filters::NodeFilter;
use crate::base::index::NodeIx;
use crate::base::units;
use crate::cli::args::{ObjectName, Output};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::cli::output;
use crate::cli::report::{Layout, Report};
use crate::query::Cell;
use crate::query::instances;
use crate::query::paths::dot;
use crate::query::paths::merged::{Branch, BranchColumn, MergedPaths};
use crate::query::paths::{self, PathColumn};
use crate::snapshot::Snapshot;

/// Ways from the root to objects: why they are alive.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
The first path of an object is a shortest one, by the distances all answers show; further ones are the next shortest that
visit no object twice. Weak references are no part of paths. Step 0 is the root; `step` counts edges from it.

With --merge, paths that look alike are laid over each other: each line of the tree tells how many of the objects are
reached through it, and what would be freed with exactly those.

Examples:
  heapatlas paths heap.heapsnapshot @12345
  heapatlas paths heap.heapsnapshot @12345 --count 5
  heapatlas paths heap.heapsnapshot --class Session --merge
  heapatlas paths heap.heapsnapshot --class Session --merge --dot | dot -Tsvg > sessions.svg")]
pub struct Paths {
    /// The snapshot
    file: PathBuf,
    /// The objects
    #[arg(value_name = "@ID", required_unless_present = "class")]
    objects: Vec<ObjectName>,
    /// All objects of this class (a name, or a key)
    #[arg(long, value_name = "NAME")]
    class: Option<String>,
    /// How many paths to each object
    #[arg(long, value_name = "N", default_value = "1")]
    count: NonZeroUsize,
    /// Lay paths that look alike over each other
    #[arg(long, conflicts_with = "count")]
    merge: bool,
    /// Write the paths as a graph for Graphviz
    #[arg(long, conflicts_with = "format")]
    dot: bool,
    #[command(flatten)]
    output: Output,
}

impl Paths {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let snapshot = desk.open(&self.file)?;
        let (targets, missing) = self.targets(desk, &snapshot)?;
        missing.iter().for_each(say);
        if self.merge {
            self.answer_merged(desk, &snapshot, targets, missing)
        } else {
            self.answer_each(desk, &snapshot, targets, missing)
        }
    }

    fn answer_each(
        &self,
        desk: &Desk,
        snapshot: &Snapshot,
        targets: Vec<NodeIx>,
        missing: Vec<String>,
    ) -> Result<Answered, CliError> {
        let question = paths::Paths {
            targets,
            count: self.count.get(),
        };
        let answer = desk.ask(&question, snapshot)?;
        if self.dot {
            return output::write_text(&dot::of_paths(snapshot, &answer.steps), answer.paths > 0);
        }
        let mut report = Report::<PathColumn>::about("paths", snapshot, snapshot, &answer.steps)
            .total("paths", Cell::Count(answer.paths))
            .total("unreachable", Cell::Count(answer.unreachable));
        report.problems.extend(missing);
        report.foot = Some(foot(
            units::counted(answer.paths, "path", "paths"),
            answer.unreachable,
        ));
        output::write(&report, &self.output)
    }

    fn answer_merged(
        &self,
        desk: &Desk,
        snapshot: &Snapshot,
        targets: Vec<NodeIx>,
        missing: Vec<String>,
    ) -> Result<Answered, CliError> {
        let tree = desk.ask(&MergedPaths { targets }, snapshot)?;
        if self.dot {
            return output::write_text(&dot::of_tree(snapshot, &tree), !tree.rows.is_empty());
        }
        let reached = tree.rows.first().map_or(0, |root| root.count);
        let mut report = Report::<BranchColumn>::about("paths", snapshot, snapshot, &tree.rows)
            .total("objects", Cell::Count(reached))
            .total("unreachable", Cell::Count(tree.unreachable));
        report.problems.extend(missing);
        report.layout = Layout::Tree(|row: &Branch| usize::try_from(row.depth).unwrap_or(0) * 2);
        report.foot = Some(foot(
            units::counted(reached, "object", "objects"),
            tree.unreachable,
        ));
        output::write(&report, &self.output)
    }

    /// The objects that are meant, each once.
    fn targets(&self, desk: &Desk, snapshot: &Snapshot) -> Result<(Vec<NodeIx>, Vec<String>), CliError> {
        let (mut targets, mut missing) = find_objects(snapshot, &self.objects);
        if let Some(name) = &self.class {
            let before = targets.len();
            for class in find_classes(snapshot, name) {
                targets.append(&mut instances::members(
                    snapshot,
                    class,
                    NodeFilter::All,
                    desk.task(),
                )?);
            }
            if targets.len() == before {
                missing.push(format!(
                    "there is no object of class {name} in {}",
                    self.file.display()
                ));
            }
        }
        let mut seen = rustc_hash::FxHashSet::default();
        targets.retain(|&target| seen.insert(target));
        Ok((targets, missing))
    }
}

fn foot(counted: String, unreachable: u64) -> String {
    match unreachable {
        0 => counted,
        some => format!(
            "{counted}; no path leads to {}",
            units::counted(some, "object", "objects")
        ),
    }
}
