//! Why are a thousand objects alive? Their paths from the roots laid over each other.
//!
//! Objects to which the same steps lead are one branch of a tree; each branch tells how many of the objects are reached through
//! it, and what would be freed with exactly those. The steps are those of [`path_tree`](crate::analysis::path_tree): ways of the
//! program before those of the engine's roots, what an object keeps in arrays of the engine folded into it.
//!
//! After the merged shortest paths of Eclipse MAT, which lays the ways of single objects over each other; here they have been
//! one from the start, so that a million objects take as long as ten.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::analysis::owners::Owners;
use crate::analysis::path_tree::labels::is_slot;
use crate::analysis::path_tree::{PathTree, PlaceIx};
use crate::analysis::retained_sets::{self, SetTree};
use crate::base::csr::Csr;
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::graph::{NodeKind, ObjectId};
use crate::query::object_set::Objects;
use crate::query::places::Places;
use crate::query::{Cell, Query};
use crate::snapshot::Snapshot;

/// Asks how objects hang together from the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergedPaths {
    /// The objects.
    pub objects: Objects,
    /// The places of the snapshot that is asked about.
    pub places: Places,
}

crate::index! {
    /// A branch of merged paths; 0 is the root's. Those that hang from one have larger numbers.
    BranchIx
}

/// The merged paths: a tree that hangs from the root. Without branches if no path leads to any of the objects.
#[derive(Debug)]
pub struct MergedTree {
    branches: Vec<Branch>,
    children: Csr<BranchIx, BranchIx>,
    ends: Csr<BranchIx, NodeIx>,
    /// Objects that no path leads to.
    pub unreachable: u64,
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub struct Branch {
    /// The branch it hangs from; the root's is its own.
    pub parent: BranchIx,
    /// How many steps from the root.
    pub depth: u32,
    /// The place in the program.
    pub place: PlaceIx,
    /// The first object there: one that the paths lead through, if not one of those asked about.
    pub sample: NodeIx,
    /// V8's id of it.
    pub sample_id: ObjectId,
    /// How the step there is called; empty for the root.
    pub edge: JsString,
    /// The class of what is there; functions go by their names.
    pub class: JsString,
    /// How many of the objects are here or further on.
    pub count: u64,
    /// How many of them are here.
    pub here: u64,
    /// What would be freed with exactly those, in bytes.
    pub retained_size: u64,
}

columns! {
    /// Columns of merged paths.
    pub enum BranchColumn: |told: Told, row: (BranchIx, u32)| {
        /// How many steps from the root.
        Depth: Number "depth" "Depth" = Cell::Plain(u64::from(told.of(row.0).depth));
        /// What the step looks like.
        Label: Text "label" "Step" = Cell::Text(told.of(row.0).label());
        /// How many objects go this way.
        Count: Number "count" "Objects" = Cell::Count(told.of(row.0).count);
        /// What would be freed with them.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(told.of(row.0).retained_size);
        /// How many of the objects are here.
        Here: Program "here" "Here" = Cell::Count(told.of(row.0).here);
        /// The script or module that what is there belongs to.
        Module: Text "module" "Module" = Cell::of(told.module(row.0), Cell::Text);
        /// Its package.
        Package: Program "package" "Package" = Cell::of(told.package(row.0), Cell::Text);
        /// One of the objects there.
        Sample: Program "sample_id" "Sample" = Cell::Id(told.of(row.0).sample_id);
    }
}

/// What rows of merged paths are told from: the tree, and whose each object is.
#[derive(Clone, Debug)]
pub struct Told {
    /// The tree.
    pub tree: Arc<MergedTree>,
    /// Whose its objects are.
    pub owners: Arc<Owners>,
}

impl Told {
    fn of(&self, branch: BranchIx) -> &Branch {
        self.tree.branch(branch)
    }

    fn module(&self, branch: BranchIx) -> Option<JsString> {
        let owner = self.owners.of(self.of(branch).sample)?;
        Some(self.owners.name(owner).to_owned())
    }

    fn package(&self, branch: BranchIx) -> Option<JsString> {
        let owner = self.owners.of(self.of(branch).sample)?;
        Some(self.owners.package(owner).to_string().into())
    }
}

impl Branch {
    /// `cache :: MapCache`, `[x] :: (string)`, `handler :: onRequest()`.
    pub fn label(&self) -> JsString {
        if self.edge.as_js().is_empty() {
            return self.class.clone();
        }
        let mut label = self.edge.clone();
        label.push_str(" :: ");
        label.push(self.class.as_js());
        label
    }
}

impl MergedTree {
    /// All branches, those they hang from first.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// The branch `ix`.
    pub fn branch(&self, ix: BranchIx) -> &Branch {
        &self.branches[ix.at()]
    }

    /// The branches that hang from `ix`, the heaviest first.
    pub fn under(&self, ix: BranchIx) -> &[BranchIx] {
        self.children.row(ix)
    }

    /// The objects that are at `ix` itself, in file order.
    pub fn ends(&self, ix: BranchIx) -> &[NodeIx] {
        self.ends.row(ix)
    }

    /// The objects at `ix` and further on.
    pub fn beyond(&self, ix: BranchIx) -> Vec<NodeIx> {
        let mut found = Vec::new();
        let mut stack = vec![ix];
        while let Some(branch) = stack.pop() {
            found.extend_from_slice(self.ends(branch));
            stack.extend_from_slice(self.under(branch));
        }
        found
    }

    /// All branches with their depths, each followed by its own, heaviest first: the rows of a table.
    pub fn rows(&self) -> Vec<(BranchIx, u32)> {
        let mut rows = Vec::with_capacity(self.branches.len());
        let mut stack = Vec::new();
        if !self.branches.is_empty() {
            stack.push(BranchIx::new(0));
        }
        while let Some(branch) = stack.pop() {
            rows.push((branch, self.branch(branch).depth));
            stack.extend(self.under(branch).iter().rev());
        }
        rows
    }
}

impl Query for MergedPaths {
    type Over = Snapshot;
    type Answer = Arc<MergedTree>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Arc<MergedTree>, Cancelled> {
        let tree = self.places.tree();
        let of_place = wanted(tree, &self.objects, task)?;
        let mut branches = Vec::new();
        let mut sets = SetTree::default();
        for (at, place) in tree.places().iter().enumerate() {
            let Some(number) = of_place[at] else { continue };
            let parent = of_place[place.parent.at()].unwrap_or(number);
            let depth = if at == 0 {
                0
            } else {
                sets.add(parent.raw());
                let above: &Branch = &branches[parent.at()];
                above.depth + 1
            };
            branches.push(Branch {
                parent,
                depth,
                place: PlaceIx::new(at),
                sample: snapshot.graph().root(),
                sample_id: snapshot.id(snapshot.graph().root()),
                edge: JsString::new(),
                class: JsString::new(),
                count: 0,
                here: 0,
                retained_size: 0,
            });
        }
        let mut members = Vec::with_capacity(self.objects.nodes().len());
        for (nth, &node) in self.objects.nodes().iter().enumerate() {
            task.check_at(nth)?;
            if let Some(branch) = tree.of(node).and_then(|place| of_place[place.at()]) {
                branches[branch.at()].here += 1;
                members.push((node, branch.raw()));
            }
        }
        name(snapshot, tree, &of_place, &mut branches, task)?;
        let sizes = if members.is_empty() {
            Vec::new()
        } else {
            sizes(snapshot, &sets, &members, task)?
        };
        for at in (0..branches.len()).rev() {
            let branch = &mut branches[at];
            branch.count += branch.here;
            branch.retained_size = sizes[at];
            let (count, parent) = (branch.count, branch.parent.at());
            if parent != at {
                branches[parent].count += count;
            }
        }
        let mut inner: Vec<BranchIx> = (1..branches.len()).map(BranchIx::new).collect();
        inner.sort_by_cached_key(|ix| {
            let branch: &Branch = &branches[ix.at()];
            let weight = Reverse((branch.retained_size, branch.count));
            (weight, branch.label().to_string(), *ix)
        });
        let under = inner.iter().map(|&ix| (branches[ix.at()].parent, ix));
        let at_branch = members
            .iter()
            .map(|&(node, branch)| (BranchIx::from_raw(branch), node));
        Ok(Arc::new(MergedTree {
            children: Csr::group(branches.len(), under),
            ends: Csr::group(branches.len(), at_branch),
            unreachable: (self.objects.nodes().len() - members.len()) as u64,
            branches,
        }))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Merging paths")
    }
}

/// What would be freed with each of these nested sets, exactly.
fn sizes(
    snapshot: &Snapshot,
    sets: &SetTree,
    members: &[(NodeIx, u32)],
    task: &Task,
) -> Result<Vec<u64>, Cancelled> {
    retained_sets::build(
        snapshot.graph(),
        snapshot.ephemerons(),
        snapshot.shallow_sizes(),
        sets,
        members,
        task,
    )
}

/// The branch of each place on the way to any of the objects: numbered in the order of places, so that the root's is 0.
fn wanted(tree: &PathTree, objects: &Objects, task: &Task) -> Result<Vec<Option<BranchIx>>, Cancelled> {
    let mut is_wanted = vec![false; tree.len()];
    for (nth, &node) in objects.nodes().iter().enumerate() {
        task.check_at(nth)?;
        let Some(mut place) = tree.of(node) else { continue };
        while !std::mem::replace(&mut is_wanted[place.at()], true) {
            place = tree.place(place).parent;
        }
    }
    let mut count = 0;
    let number = |is_wanted: bool| {
        count += u32::from(is_wanted);
        is_wanted.then(|| BranchIx::from_raw(count - 1))
    };
    Ok(is_wanted.into_iter().map(number).collect())
}

/// Calls the branches by what is there.
fn name(
    snapshot: &Snapshot,
    tree: &PathTree,
    of_place: &[Option<BranchIx>],
    branches: &mut [Branch],
    task: &Task,
) -> Result<(), Cancelled> {
    // Of each branch the class of its objects; none while none was met, `None` within if there are several.
    let mut classes: Vec<Option<Option<ClassIx>>> = vec![None; branches.len()];
    for node in snapshot.graph().nodes() {
        task.check_at(node.at())?;
        let branch = tree.of(node).and_then(|place| of_place[place.at()]);
        let Some(branch) = branch.filter(|_| !tree.is_part(node)) else {
            continue;
        };
        let class = snapshot.class_of(node);
        match &mut classes[branch.at()] {
            known @ None => {
                *known = Some(Some(class));
                branches[branch.at()].sample = node;
                branches[branch.at()].sample_id = snapshot.id(node);
            }
            Some(known) if *known != Some(class) => *known = None,
            Some(_) => {}
        }
    }
    for (branch, class) in branches.iter_mut().zip(classes) {
        let place = tree.place(branch.place);
        if branch.depth == 0 {
            branch.class = "(root)".into();
            continue;
        }
        branch.edge = edge_name(snapshot, tree, branch);
        branch.class = match class.flatten() {
            Some(_) if snapshot.graph().kind(branch.sample) == NodeKind::Closure => {
                let mut name = snapshot.name(branch.sample);
                name.push_str("()");
                match (place.count, name.as_js()) {
                    (1, name) if name == "()" => "(anonymous)".into(),
                    (1, name) => name.to_owned(),
                    _ if tree.text(place.class) == "()" => "(anonymous)".into(),
                    _ => tree.text(place.class).to_owned(),
                }
            }
            Some(_) if snapshot.graph().kind(branch.sample) == NodeKind::Synthetic => {
                snapshot.name(branch.sample)
            }
            Some(class) => snapshot.classes().class(class).name.clone(),
            None => tree.text(place.class).to_owned(),
        };
    }
    Ok(())
}

/// How the step to `branch` is called. Digits are folded in the names of places; where there is only one object its edge tells
/// them.
fn edge_name(snapshot: &Snapshot, tree: &PathTree, branch: &Branch) -> JsString {
    let place = tree.place(branch.place);
    let text = tree.text(place.edge);
    if place.count == 1 && !is_slot(place.edge) && text.bytes().contains(&b'#') {
        let retainers = snapshot.retainers().of(snapshot.graph(), branch.sample);
        let is_it = |&(source, _): &(NodeIx, _)| tree.of(source) == Some(place.parent);
        if let Some((_, edge)) = retainers.take(64).find(is_it) {
            return crate::query::edges::edge_name(snapshot, edge);
        }
    }
    text.to_owned()
}
