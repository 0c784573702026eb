//! Which script or module does each object belong to?

use std::sync::Arc;

use super::Query;
use crate::analysis::dominator_order::{self, DominatorOrder};
use crate::analysis::owners::Owners;
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// Asks for the owners of all objects (see [`Owners`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindOwners;

impl Query for FindOwners {
    type Over = Snapshot;
    type Answer = Arc<Owners>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Arc<Owners>, Cancelled> {
        let order = dominator_order::top_down(snapshot.dominators(), task)?;
        find(snapshot, order.into_iter(), task).map(Arc::new)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Finding modules")
    }
}

/// The owners of all objects of `snapshot`, whose nodes stand in `order`.
pub(super) fn build(snapshot: &Snapshot, order: &DominatorOrder, task: &Task) -> Result<Owners, Cancelled> {
    find(snapshot, order.iter().map(|(node, _)| node), task)
}

/// The owners of all objects of `snapshot`, whose nodes stand in `order`, each after its immediate dominator.
pub(super) fn find(
    snapshot: &Snapshot,
    order: impl Iterator<Item = NodeIx>,
    task: &Task,
) -> Result<Owners, Cancelled> {
    Owners::build(
        snapshot.graph(),
        snapshot.classes(),
        snapshot.dominators(),
        order,
        snapshot.shallow_sizes(),
        |node| snapshot.name(node),
        task,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::testing::{ask, named, snapshot};

    #[test]
    fn names_of_files_may_be_joined_strings() {
        let snapshot = snapshot(
            r#"root:synthetic/0 -shortcut:w-> window:object/8 -m-> m=Module:object/16 -exports-> leak:object/100
            m -filename-> rope=1:concatenated_string/32 -internal:first-> a="/srv/":string/16
            rope -internal:second-> b="main.js":string/16"#,
        );
        let owners = ask(&FindOwners, &snapshot);
        let owner = owners.of(named(&snapshot, "leak")).unwrap();
        assert_eq!(
            (owners.name(owner).as_str(), owners.path(owner).as_str()),
            (Some("main.js"), Some("/srv/main.js"))
        );
        assert_eq!(owners.sum(None).count, 1);
    }
}
