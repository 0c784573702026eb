//! `paths FILE @ID... [--class NAME] [--count N] [--merge]`

use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use super::shared::{find_classes, find_objects};
use crate::analysis::filters::NodeFilter;
use crate::base::index::NodeIx;
use crate::base::units;
use crate::base::whole_file;
use crate::cli::args::{ObjectName, Output};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::cli::output;
use crate::cli::report::{Layout, Report};
use crate::query::instances;
use crate::query::instances::ObjectColumn;
use crate::query::object_set::Objects;
use crate::query::owners::FindOwners;
use crate::query::paths::cut::{CutColumn, CutSteps};
use crate::query::paths::dot;
use crate::query::paths::graph::{Picture, svg};
use crate::query::paths::immediate::{DominatingColumn, ImmediateDominators};
use crate::query::paths::merged::{BranchColumn, MergedPaths, Told};
use crate::query::paths::similar::{Similar, SimilarColumn};
use crate::query::paths::{self, PathColumn, PathsAnswer};
use crate::query::places::FindPlaces;
use crate::query::{Cell, Column};
use crate::snapshot::Snapshot;

/// Ways from the root to objects: why they are alive.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
The first path of an object is a shortest one, by the distances all answers show; further ones are the next shortest that
visit no object twice. Weak references are no part of paths. Step 0 is the root; `step` counts edges from it.

With --cut, each step tells what would be freed if its reference alone were cut: exact; nothing if other ways lead on.

With --merge, paths that look alike are laid over each other: each line of the tree tells how many of the objects are
reached through it, and what would be freed with exactly those. Ways of the program come before those of the engine's roots.

With --dominators, the nearest object that keeps each alive is looked for, over the engine's own objects, arrays, maps and
other objects of the set, and these are grouped by class.

With --similar, objects are grouped by how they are held: by the shortest way, and from where else. `alike_count` is how many
objects of the whole heap are held so; for a single object, those are listed.

Examples:
  heapatlas paths heap.heapsnapshot @12345
  heapatlas paths heap.heapsnapshot @12345 --count 5 --cut
  heapatlas paths heap.heapsnapshot --class Session --merge
  heapatlas paths heap.heapsnapshot --class Session --dominators
  heapatlas paths heap.heapsnapshot @12345 --similar
  heapatlas paths heap.heapsnapshot --class Session --graph sessions.svg
  heapatlas paths heap.heapsnapshot --class Session --merge --dot | dot -Tsvg > sessions.svg")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
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
    /// Tell what cutting each step would free
    #[arg(long, conflicts_with_all = ["merge", "dominators", "similar", "dot"])]
    cut: bool,
    /// Group the objects by what keeps them alive
    #[arg(long, conflicts_with_all = ["merge", "count", "dot"])]
    dominators: bool,
    /// Group the objects by how they are held, and look for others that are held so
    #[arg(long, conflicts_with_all = ["merge", "count", "dot", "dominators"])]
    similar: bool,
    /// Write the paths as a graph for Graphviz
    #[arg(long, conflicts_with = "format")]
    dot: bool,
    /// Draw what keeps the objects alive into this file: .svg, or .dot for Graphviz
    #[arg(long, value_name = "FILE", conflicts_with_all = ["merge", "dominators", "similar", "dot", "cut", "count", "format"])]
    graph: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

impl Paths {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let snapshot = desk.open(&self.file)?;
        let (targets, missing) = self.targets(desk, &snapshot)?;
        missing.iter().for_each(say);
        if let Some(path) = &self.graph {
            answer_graph(desk, &snapshot, Objects::new(targets), path)
        } else if self.merge {
            self.answer_merged(desk, &snapshot, Objects::new(targets), missing)
        } else if self.dominators {
            self.answer_dominators(desk, &snapshot, Objects::new(targets), missing)
        } else if self.similar {
            self.answer_similar(desk, &snapshot, targets, missing)
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
        if self.cut {
            let steps = answer.steps.clone();
            let rows = desk.ask(&CutSteps { steps }, snapshot)?;
            return self.write_steps::<CutColumn>(snapshot, &rows, &answer, missing);
        }
        self.write_steps::<PathColumn>(snapshot, &answer.steps, &answer, missing)
    }

    /// Writes the steps of the paths of `answer`, a row each.
    fn write_steps<C: Column<Over = Snapshot>>(
        &self,
        snapshot: &Snapshot,
        rows: &[C::Row],
        answer: &PathsAnswer,
        missing: Vec<String>,
    ) -> Result<Answered, CliError> {
        let mut report = Report::<C>::about("paths", snapshot, snapshot, rows)
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
        objects: Objects,
        missing: Vec<String>,
    ) -> Result<Answered, CliError> {
        let places = desk.ask(&FindPlaces, snapshot)?;
        let tree = desk.ask(&MergedPaths { objects, places }, snapshot)?;
        if self.dot {
            return output::write_text(&dot::of_tree(&tree), !tree.branches().is_empty());
        }
        let told = Told {
            owners: desk.ask(&FindOwners, snapshot)?,
            tree,
        };
        let tree = &told.tree;
        let rows = tree.rows();
        let reached = tree.branches().first().map_or(0, |root| root.count);
        let mut report = Report::<BranchColumn>::about("paths", snapshot, &told, &rows)
            .total("objects", Cell::Count(reached))
            .total("unreachable", Cell::Count(tree.unreachable));
        report.problems.extend(missing);
        report.layout = Layout::Tree(|&(_, depth)| depth as usize * 2);
        report.foot = Some(foot(
            units::counted(reached, "object", "objects"),
            tree.unreachable,
        ));
        output::write(&report, &self.output)
    }

    fn answer_dominators(
        &self,
        desk: &Desk,
        snapshot: &Snapshot,
        objects: Objects,
        missing: Vec<String>,
    ) -> Result<Answered, CliError> {
        let count = objects.nodes().len() as u64;
        let answer = desk.ask(&ImmediateDominators { objects }, snapshot)?;
        let mut report = Report::<DominatingColumn>::about("paths", snapshot, snapshot, &answer.classes)
            .total("objects", Cell::Count(count))
            .total("retained_size", Cell::Bytes(answer.retained_size));
        report.problems.extend(missing);
        report.foot = Some(format!(
            "{}, {} retained together",
            units::counted(count, "object", "objects"),
            units::human_bytes(answer.retained_size)
        ));
        output::write(&report, &self.output)
    }

    fn answer_similar(
        &self,
        desk: &Desk,
        snapshot: &Snapshot,
        targets: Vec<NodeIx>,
        missing: Vec<String>,
    ) -> Result<Answered, CliError> {
        let is_one = self.class.is_none() && targets.len() == 1;
        let places = desk.ask(&FindPlaces, snapshot)?;
        let objects = Objects::new(targets);
        let answer = desk.ask(&Similar { objects, places }, snapshot)?;
        let alike: u64 = answer.rows.iter().map(|row| row.alike).sum();
        let retained = answer.retained_size;
        let counted = format!(
            "{} held in {}, {} retained together",
            units::counted(alike, "object", "objects"),
            units::counted(answer.rows.len() as u64, "way", "ways"),
            units::human_bytes(retained)
        );
        let counted = foot(counted, answer.unreachable);
        if is_one && let [way] = &*answer.rows {
            let rows = answer.members(way.way);
            let mut report = Report::<ObjectColumn>::about("paths", snapshot, snapshot, rows)
                .total("alike_count", Cell::Count(alike))
                .total("retained_size", Cell::Bytes(retained))
                .total("path", Cell::Text(way.path.clone()))
                .total(
                    "also_held_from",
                    Cell::List(way.others.iter().cloned().map(Cell::Text).collect()),
                );
            report.problems.extend(missing);
            report.head = std::iter::once(format!("Shortest way: {}", way.path))
                .chain(way.others.iter().map(|other| format!("Also held from: {other}")))
                .collect();
            report.foot = Some(counted);
            return output::write(&report, &self.output);
        }
        let mut report = Report::<SimilarColumn>::about("paths", snapshot, &(), &answer.rows)
            .total("alike_count", Cell::Count(alike))
            .total("retained_size", Cell::Bytes(retained))
            .total("unreachable", Cell::Count(answer.unreachable));
        report.problems.extend(missing);
        report.foot = Some(counted);
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

/// Draws the picture into the file at `path`.
fn answer_graph(
    desk: &Desk,
    snapshot: &Snapshot,
    objects: Objects,
    path: &Path,
) -> Result<Answered, CliError> {
    let places = desk.ask(&FindPlaces, snapshot)?;
    let graph = desk.ask(&Picture { objects, places }, snapshot)?;
    if graph.node_count() == 0 {
        say("no path leads to any of these objects");
        return Ok(Answered::No);
    }
    let text = svg::as_file(&graph, path);
    whole_file::write(path, |out| out.write_all(text.as_bytes())).map_err(|error| CliError::NotWritten {
        path: path.to_owned(),
        error,
    })?;
    say(format_args!("wrote {}", path.display()));
    Ok(Answered::Yes)
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
