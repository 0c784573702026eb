//! Which objects are meant, where a row stands for many of them: found when they are asked about, not before.

use std::fmt::Debug;
use std::sync::Arc;

use super::Query;
use crate::base::bits::BitSet;
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// A set of objects of one snapshot that is still to be found. Shared: a clone is the same, and nothing else is equal.
#[derive(Clone, Debug)]
pub struct ObjectSet(Arc<dyn Finds>);

/// What finds the objects of a set.
trait Finds: Debug + Send + Sync {
    fn find(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled>;
}

impl<Q: Query<Over = Snapshot, Answer = Vec<NodeIx>> + Debug> Finds for Q {
    fn find(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        self.run(snapshot, task)
    }
}

impl ObjectSet {
    /// The objects that `question` finds.
    pub fn found_by(question: impl Query<Over = Snapshot, Answer = Vec<NodeIx>> + Debug) -> Self {
        Self(Arc::new(question))
    }

    /// These.
    pub fn of(nodes: Arc<[NodeIx]>) -> Self {
        Self::found_by(Selected {
            nodes,
            classes: Vec::new(),
        })
    }
}

impl PartialEq for ObjectSet {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::addr_eq(Arc::as_ptr(&self.0), Arc::as_ptr(&other.0))
    }
}

impl Eq for ObjectSet {}

/// Asks for the objects of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindObjects {
    /// The set.
    pub set: ObjectSet,
}

/// Objects, each once, in file order. Shared: a clone is the same, and nothing else is equal.
#[derive(Clone, Debug)]
pub struct Objects(Arc<[NodeIx]>);

impl Objects {
    /// These objects, in any order; what occurs more than once counts once.
    pub fn new(mut nodes: Vec<NodeIx>) -> Self {
        nodes.sort_unstable();
        nodes.dedup();
        Self(nodes.into())
    }

    /// The objects.
    pub fn nodes(&self) -> &[NodeIx] {
        &self.0
    }

    /// The same as a set.
    pub fn to_set(&self) -> ObjectSet {
        ObjectSet::of(Arc::clone(&self.0))
    }
}

impl PartialEq for Objects {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Objects {}

impl Query for FindObjects {
    type Over = Snapshot;
    type Answer = Objects;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Objects, Cancelled> {
        let nodes = self.set.0.find(snapshot, task)?;
        task.check()?;
        Ok(Objects::new(nodes))
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Finding the objects")
    }
}

/// Asks for some objects and all members of some classes, each once, in file order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Objects.
    pub nodes: Arc<[NodeIx]>,
    /// Classes, each for its members of shallow size above 0.
    pub classes: Vec<ClassIx>,
}

impl Query for Selected {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let mut members = BitSet::new(snapshot.graph().node_count());
        for (nth, &node) in self.nodes.iter().enumerate() {
            task.check_at(nth)?;
            members.insert(node);
        }
        if !self.classes.is_empty() {
            let mut wanted: BitSet<ClassIx> = BitSet::new(snapshot.classes().len());
            for &class in &self.classes {
                wanted.insert(class);
            }
            for node in snapshot.graph().nodes() {
                task.check_at(node.at())?;
                if wanted.contains(snapshot.class_of(node)) && snapshot.shallow_size(node) > 0 {
                    members.insert(node);
                }
            }
        }
        Ok(members.iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{ask, named, snapshot};

    #[test]
    fn objects_and_classes_make_one_set() {
        let snapshot = snapshot(
            "root:synthetic/0 -shortcut:w-> window:object/8 -a-> a=Item:object/10
            window -b-> b=Item:object/20
            window -c-> c=Other:object/40
            window -d-> d=Item:object/0",
        );
        let other = named(&snapshot, "Other");
        let class = snapshot.class_of(named(&snapshot, "Item"));
        let question = Selected {
            nodes: [other, other].into(),
            classes: vec![class],
        };
        let set = ObjectSet::found_by(question);
        let found = ask(&FindObjects { set: set.clone() }, &snapshot);
        let sizes: Vec<u64> = found
            .nodes()
            .iter()
            .map(|&node| snapshot.shallow_size(node))
            .collect();
        assert_eq!(sizes, [10, 20, 40], "what takes no memory is no member");
        assert_eq!(set, set.clone());
        assert_ne!(set, found.to_set());
    }
}
