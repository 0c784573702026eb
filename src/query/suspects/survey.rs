//! What is asked of the last snapshot again and again while suspects are named.

use std::sync::Arc;

use crate::analysis::holders::Holders;
use crate::analysis::owners::{OwnerIx, Owners};
use crate::analysis::packages::Package;
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::query::Query as _;
use crate::query::owners::FindOwners;
use crate::snapshot::Snapshot;

/// The last snapshot, with whose each of its objects is.
pub(super) struct Survey<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) owners: Arc<Owners>,
}

impl<'a> Survey<'a> {
    /// Works out whose the objects are, unless that is known.
    pub(super) fn new(
        snapshot: &'a Snapshot,
        owners: Option<Arc<Owners>>,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let owners = match owners {
            Some(owners) => owners,
            None => FindOwners.run(snapshot, task)?,
        };
        Ok(Self { snapshot, owners })
    }

    /// What finds holders in the snapshot.
    pub(super) fn holders(&self, task: &Task) -> Result<Holders<'_>, Cancelled> {
        let snapshot = self.snapshot;
        Holders::new(
            snapshot.graph(),
            snapshot.retainers(),
            snapshot.distances(),
            snapshot.dominators(),
            &self.owners,
            task,
        )
    }

    /// Whose code an object is of, if anybody's.
    pub(super) fn package(&self, node: NodeIx) -> Option<&Package> {
        self.owners.of(node).map(|owner| self.owners.package(owner))
    }

    /// Is the object of code that the program's writer wrote or installed?
    pub(super) fn is_programs(&self, node: NodeIx) -> bool {
        self.package(node).is_some_and(|package| !package.is_runtime())
    }

    /// The short name of a module.
    pub(super) fn module_name(&self, module: OwnerIx) -> String {
        self.owners.name(module).to_string()
    }
}
