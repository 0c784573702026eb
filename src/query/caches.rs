//! Which collections does the heap hold, whose are they, and how full?
//!
//! [`FindCaches`] looks at one snapshot; its answer needs the snapshot no longer, so that many can be set side by side:
//! [`Caches`](series::Caches) are the rows over one or several of them. [`CacheEntries`](contents::CacheEntries) is what is in
//! one of them.

pub mod contents;
pub mod series;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Query, owners};
use crate::analysis::caches::{self, Cache};
use crate::analysis::content_hash::ContentHash;
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::holders::Holders;
use crate::analysis::owners::Owners;
use crate::analysis::packages::Package;
use crate::analysis::{collections, topmost};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::graph::ObjectId;
use crate::snapshot::Snapshot;

/// Asks for all caches of a snapshot: see [`caches`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FindCaches;

/// The caches of a snapshot. Shared: a clone is the same, and nothing else is equal.
#[derive(Clone, Debug)]
pub struct CacheList(Arc<Listed>);

#[derive(Debug)]
struct Listed {
    all: Vec<Arc<Found>>,
    by_key: FxHashMap<caches::CacheKey, usize>,
    total_size: u64,
}

/// A cache and what it comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The cache.
    pub cache: Cache,
    /// V8's id of its largest collection's outermost object.
    pub id: ObjectId,
    /// Whose code uses it, if anybody's.
    pub package: Option<Package>,
    /// What would go with its collections, in bytes: the retained sizes of those that no other of them dominates.
    pub retained_size: u64,
    /// Keys of the largest collection (members of a set; of an array none), for example.
    pub keys: Vec<JsString>,
    /// How many of its first keys differ in content, if their contents are known.
    pub differing: Option<contents::Differing>,
}

impl PartialEq for CacheList {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for CacheList {}

impl CacheList {
    /// All caches, by [`Standing`](caches::Standing), then the heaviest first.
    pub fn all(&self) -> &[Arc<Found>] {
        &self.0.all
    }

    /// The cache of that key.
    pub fn find(&self, key: &caches::CacheKey) -> Option<&Arc<Found>> {
        self.0.by_key.get(key).map(|&at| &self.0.all[at])
    }

    /// What shares are of: the size of the snapshot in bytes.
    pub fn total_size(&self) -> u64 {
        self.0.total_size
    }
}

impl Query for FindCaches {
    type Over = Snapshot;
    type Answer = CacheList;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<CacheList, Cancelled> {
        let order = DominatorOrder::from_dominators(snapshot.dominators(), task)?;
        let owners = owners::build(snapshot, &order, task)?;
        find(snapshot, &owners, &order, task)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for caches")
    }
}

/// The caches of `snapshot`, whose nodes stand in `order`.
pub fn find(
    snapshot: &Snapshot,
    owners: &Owners,
    order: &DominatorOrder,
    task: &Task,
) -> Result<CacheList, Cancelled> {
    let graph = snapshot.graph();
    let holders = Holders::new(
        graph,
        snapshot.retainers(),
        snapshot.distances(),
        snapshot.dominators(),
        owners,
        task,
    )?;
    let collections = collections::find(graph, task)?;
    let found = caches::build(
        graph,
        &holders,
        owners,
        &collections,
        snapshot.retained_sizes(),
        task,
    )?;
    let sizes = retained(snapshot, order, &found, task)?;
    let hash = ContentHash::new(graph, snapshot.classes());
    let mut all = Vec::with_capacity(found.len());
    for (nth, (cache, retained_size)) in found.into_iter().zip(sizes).enumerate() {
        if nth.is_multiple_of(1 << 8) {
            task.check()?;
        }
        all.push(Arc::new(Found {
            id: snapshot.id(cache.instances[0].node),
            package: cache.module.map(|module| owners.package(module).clone()),
            retained_size,
            keys: contents::sample(snapshot, &cache.instances[0], task)?,
            differing: contents::differing(snapshot, &hash, &cache.instances[0], task)?,
            cache,
        }));
    }
    all.sort_by(|a, b| {
        let rank = |found: &Arc<Found>| {
            (
                found.cache.standing,
                std::cmp::Reverse(found.retained_size),
                found.id,
            )
        };
        rank(a).cmp(&rank(b))
    });
    let by_key = all.iter().enumerate();
    Ok(CacheList(Arc::new(Listed {
        by_key: by_key.map(|(at, found)| (found.cache.key.clone(), at)).collect(),
        all,
        total_size: snapshot.total_size(),
    })))
}

/// What each cache retains, in bytes.
fn retained(
    snapshot: &Snapshot,
    order: &DominatorOrder,
    found: &[Cache],
    task: &Task,
) -> Result<Vec<u64>, Cancelled> {
    let single = |cache: &Cache| match &*cache.instances {
        [one] => snapshot.retained_size(one.node),
        _ => 0,
    };
    let mut sizes: Vec<u64> = found.iter().map(single).collect();
    let mut group_of: FxHashMap<NodeIx, usize> = FxHashMap::default();
    let mut members = crate::base::bits::BitSet::new(snapshot.graph().node_count());
    for (at, cache) in found
        .iter()
        .enumerate()
        .filter(|(_, cache)| cache.instances.len() > 1)
    {
        for instance in &cache.instances {
            members.insert(instance.node);
            group_of.insert(instance.node, at);
        }
    }
    if !group_of.is_empty() {
        let group = |node: NodeIx| members.contains(node).then(|| group_of.get(&node).copied())?;
        let add = |group: usize, node| sizes[group] += snapshot.retained_size(node);
        topmost::each(order, found.len(), group, |_| (), add, task)?;
    }
    Ok(sizes)
}

#[cfg(test)]
mod tests;
