//! Floor 4: a snapshot with everything known about it: finished when it exists, immutable, shared by `Arc`.
//!
//! Opens files by running the floors below in the right order on the right threads. No rule of its own may live here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::analysis::class_totals::ClassTotals;
use crate::analysis::classes::ClassTable;
use crate::analysis::detachedness::DomStates;
use crate::analysis::distances::{Distance, Distances};
use crate::analysis::dominators::Dominators;
use crate::analysis::names;
use crate::analysis::statistics::Statistics;
use crate::base::index::{ClassIx, NodeIx};
use crate::base::packed::Packed;
use crate::base::task::{Stage, Task};
use crate::base::text::JsString;
use crate::graph::retainers::Retainers;
use crate::graph::{Detachedness, HeapGraph, ObjectId};
use crate::parse::error::{LoadError, Problem};

/// A heap snapshot, analysed.
#[derive(Debug)]
pub struct Snapshot {
    graph: HeapGraph,
    dom: DomStates,
    retainers: Retainers,
    distances: Distances,
    shallow_sizes: Packed<NodeIx>,
    dominators: Dominators,
    retained_sizes: Packed<NodeIx>,
    classes: ClassTable,
    class_totals: Vec<ClassTotals>,
    statistics: Statistics,
    path: PathBuf,
    timings: Vec<(Stage, Duration)>,
}

impl Snapshot {
    /// Opens the file at `path` (`-` is standard input) and computes everything.
    pub fn open(_path: &Path, _task: &Task) -> Result<Self, LoadError> {
        unimplemented!()
    }

    /// The graph: what the file says.
    pub fn graph(&self) -> &HeapGraph {
        &self.graph
    }

    /// Incoming edges.
    pub fn retainers(&self) -> &Retainers {
        &self.retainers
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

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How long each stage of opening took.
    pub fn timings(&self) -> &[(Stage, Duration)] {
        &self.timings
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
        names::displayed(&self.graph, &self.dom, node)
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
