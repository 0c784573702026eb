//! Floor 4: a snapshot with everything known about it: finished when it exists, immutable, shared by `Arc`.
//!
//! Opens files by running the floors below in the right order on the right threads. No rule of its own may live here.

pub mod sampling;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::analysis::class_totals::{self, ClassTotals};
use crate::analysis::classes::ClassTable;
use crate::analysis::depth_first::DepthFirst;
use crate::analysis::detachedness::DomStates;
use crate::analysis::distances::{Distance, Distances};
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::dominators::{Dominators, NumberedTree};
use crate::analysis::ephemerons::Ephemerons;
use crate::analysis::ropes::Ropes;
use crate::analysis::statistics::Statistics;
use crate::analysis::{names, retained_sizes, shallow_sizes};
use crate::base::index::{ClassIx, NodeIx};
use crate::base::memory;
use crate::base::packed::Packed;
use crate::base::task::{Cancelled, Stage, Task};
use crate::base::text::JsString;
use crate::graph::retainers::Retainers;
use crate::graph::{Detachedness, HeapGraph, ObjectId};
use crate::parse::columns::Columns;
use crate::parse::error::{LoadError, Problem};
use crate::parse::{self};

/// A heap snapshot, analysed.
#[derive(Debug)]
pub struct Snapshot {
    graph: HeapGraph,
    dom: DomStates,
    retainers: Retainers,
    ephemerons: Ephemerons,
    distances: Distances,
    shallow_sizes: Packed<NodeIx>,
    dominators: Dominators,
    retained_sizes: Packed<NodeIx>,
    classes: ClassTable,
    ropes: Ropes,
    class_totals: Vec<ClassTotals>,
    statistics: Statistics,
    path: PathBuf,
    timings: Vec<(Stage, Duration)>,
    estimated_memory: u64,
    is_redacted: bool,
}

impl Snapshot {
    /// Opens the file at `path` (`-` is standard input) and computes everything.
    pub fn open(path: &Path, task: &Task) -> Result<Self, LoadError> {
        let start = Instant::now();
        memory::return_columns_at_once();
        let columns = parse::read(path, task)?;
        Ok(Self::analyse(columns, path, start, task)?)
    }

    /// Opens a snapshot that lies in memory; `name` stands for its path.
    pub fn from_bytes(bytes: &[u8], name: &Path, task: &Task) -> Result<Self, LoadError> {
        let start = Instant::now();
        let columns = parse::read_bytes(bytes, name, task)?;
        Ok(Self::analyse(columns, name, start, task)?)
    }

    /// Opens the redacted snapshot that `make` writes: one without what its strings say. `path` is that of the file that it was made of, and
    /// `lost` what was wrong with that.
    pub fn open_redacted<E: From<LoadError>>(
        path: &Path,
        lost: Vec<Problem>,
        task: &Task,
        make: impl FnOnce(&mut dyn Write) -> Result<(), E>,
    ) -> Result<Self, E> {
        let start = Instant::now();
        memory::return_columns_at_once();
        let mut columns = parse::read_made(path, task, make)?;
        columns.problems.splice(..0, lost);
        let snapshot = Self::analyse(columns, path, start, task).map_err(LoadError::from)?;
        Ok(Self {
            is_redacted: true,
            ..snapshot
        })
    }

    /// Everything that follows from a file's columns. Passes that do not need each other run side by side.
    fn analyse(columns: Columns, path: &Path, start: Instant, task: &Task) -> Result<Self, Cancelled> {
        let mut clock = Clock {
            last: start,
            timings: Vec::new(),
        };
        clock.lap(Stage::Read);
        task.begin(Stage::Graph, 3);
        let mut graph = HeapGraph::new(columns, task)?;
        let ephemerons = Ephemerons::build(&graph, task)?;
        task.advance(1);
        let (depth_first, (mut retainers, dom)) = both(
            || DepthFirst::build(&graph, &ephemerons, task),
            || Ok((Retainers::build(&graph, task)?, DomStates::build(&graph, task)?)),
        )?;
        task.advance(2);
        clock.lap(Stage::Graph);

        task.begin(Stage::Dominators, 2);
        let (tree, (distances, shallow_sizes, classes)) = both(
            || NumberedTree::build(&graph, depth_first, &retainers, &ephemerons, task),
            || {
                let distances = Distances::build(&graph, &ephemerons, None, task)?;
                let shallow_sizes = shallow_sizes::build(&graph, &dom, task)?;
                Ok((distances, shallow_sizes, ClassTable::build(&graph, &dom, task)?))
            },
        )?;
        task.advance(1);
        let retained_sizes = retained_sizes::build(&graph, &tree, &shallow_sizes, task)?;
        let dominators = tree.by_node(graph.node_count(), graph.root(), task)?;
        task.advance(1);
        clock.lap(Stage::Dominators);

        task.begin(Stage::Summary, 1);
        let total = retained_sizes.get(graph.root()) + graph.header().extra_native_bytes;
        let (class_totals, (statistics, ropes)) = both(
            || {
                let order = DominatorOrder::from_numbered(&tree, graph.node_count(), task)?;
                class_totals::build(
                    &classes,
                    &distances,
                    &order,
                    &shallow_sizes,
                    &retained_sizes,
                    None,
                    task,
                )
            },
            || {
                let statistics = Statistics::build(&graph, &dom, &shallow_sizes, &retainers, total, task)?;
                Ok((statistics, Ropes::build(&graph, &dom, task)?))
            },
        )?;
        drop(tree);
        rayon::join(|| graph.pack(), || retainers.pack());
        memory::give_back_freed();
        clock.lap(Stage::Summary);
        Ok(Self {
            graph,
            dom,
            retainers,
            ephemerons,
            distances,
            shallow_sizes,
            dominators,
            retained_sizes,
            classes,
            ropes,
            class_totals,
            statistics,
            path: path.to_owned(),
            timings: clock.timings,
            estimated_memory: task.memory_expected().unwrap_or(0),
            is_redacted: false,
        })
    }

    /// The graph: what the file says.
    pub fn graph(&self) -> &HeapGraph {
        &self.graph
    }

    /// Incoming edges.
    pub fn retainers(&self) -> &Retainers {
        &self.retainers
    }

    /// `WeakMap` edges.
    pub fn ephemerons(&self) -> &Ephemerons {
        &self.ephemerons
    }

    /// DOM states.
    pub fn dom(&self) -> &DomStates {
        &self.dom
    }

    /// Distances from the roots.
    pub fn distances(&self) -> &Distances {
        &self.distances
    }

    /// The dominator tree.
    pub fn dominators(&self) -> &Dominators {
        &self.dominators
    }

    /// Shallow sizes in bytes.
    pub fn shallow_sizes(&self) -> &Packed<NodeIx> {
        &self.shallow_sizes
    }

    /// Retained sizes in bytes.
    pub fn retained_sizes(&self) -> &Packed<NodeIx> {
        &self.retained_sizes
    }

    /// Classes.
    pub fn classes(&self) -> &ClassTable {
        &self.classes
    }

    /// The unfiltered Summary: one entry for each class with members.
    pub fn class_totals(&self) -> &[ClassTotals] {
        &self.class_totals
    }

    /// Bytes by category.
    pub fn statistics(&self) -> &Statistics {
        &self.statistics
    }

    /// Were tokens put in the place of what its strings say when it was opened?
    pub const fn is_redacted(&self) -> bool {
        self.is_redacted
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How long each stage of opening took.
    pub fn timings(&self) -> &[(Stage, Duration)] {
        &self.timings
    }

    /// About how many bytes of memory opening it was expected to take at most, by its header alone.
    pub fn estimated_memory(&self) -> u64 {
        self.estimated_memory
    }

    /// What was wrong in the file and was survived.
    pub fn problems(&self) -> &[Problem] {
        self.graph.problems()
    }

    /// Everything, in bytes: what percentages are of.
    pub fn total_size(&self) -> u64 {
        self.statistics.total
    }

    /// The node with that id: a pass over all ids.
    pub fn find(&self, id: ObjectId) -> Option<NodeIx> {
        self.graph.find(id)
    }

    /// V8's id of `node`.
    pub fn id(&self, node: NodeIx) -> ObjectId {
        self.graph.id(node)
    }

    /// The displayed name of `node`.
    pub fn name(&self, node: NodeIx) -> JsString {
        names::displayed(&self.graph, &self.dom, &self.ropes, node)
    }

    /// The class of `node`.
    pub fn class_of(&self, node: NodeIx) -> ClassIx {
        self.classes.of(node)
    }

    /// Own size of `node` in bytes, its parts merged in.
    pub fn shallow_size(&self, node: NodeIx) -> u64 {
        self.shallow_sizes.get(node)
    }

    /// Bytes that would go with `node`.
    pub fn retained_size(&self, node: NodeIx) -> u64 {
        self.retained_sizes.get(node)
    }

    /// Distance of `node` from the roots.
    pub fn distance(&self, node: NodeIx) -> Distance {
        self.distances.of(node)
    }

    /// DOM state of `node`.
    pub fn detachedness(&self, node: NodeIx) -> Detachedness {
        self.dom.of(node)
    }

    /// Immediate dominator of `node`.
    pub fn dominator(&self, node: NodeIx) -> NodeIx {
        self.dominators.of(node)
    }
}

/// Runs both on two threads.
fn both<A: Send, B: Send>(
    a: impl FnOnce() -> Result<A, Cancelled> + Send,
    b: impl FnOnce() -> Result<B, Cancelled> + Send,
) -> Result<(A, B), Cancelled> {
    let (a, b) = rayon::join(a, b);
    Ok((a?, b?))
}

/// Times stages.
struct Clock {
    last: Instant,
    timings: Vec<(Stage, Duration)>,
}

impl Clock {
    /// `stage` ends now.
    fn lap(&mut self, stage: Stage) {
        let now = Instant::now();
        self.timings.push((stage, now - self.last));
        self.last = now;
    }
}

#[cfg(test)]
mod tests;
