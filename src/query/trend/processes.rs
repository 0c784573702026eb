//! Which snapshots are of one process.

use std::sync::Arc;

use crate::analysis::id_index::IdIndex;
use crate::analysis::id_space::{IdSpace, Verdict};
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// For each snapshot a number that is the same for those whose ids can be compared; counted from 0 in the order in which the
/// processes appear.
pub fn processes(snapshots: &[Arc<Snapshot>], task: &Task) -> Result<Vec<usize>, Cancelled> {
    let mut found: Vec<usize> = Vec::new();
    // Of each process its last snapshot so far: objects of snapshots near each other agree best.
    let mut latest: Vec<(usize, IdIndex)> = Vec::new();
    for (at, snapshot) in snapshots.iter().enumerate() {
        let mut own = None;
        for (process, (other, ids)) in latest.iter().enumerate().rev() {
            let base = snapshots[*other].graph();
            let space = IdSpace::measure(base, ids, snapshot.graph(), task)?;
            if space.verdict() == Verdict::Comparable {
                own = Some(process);
                break;
            }
        }
        let ids = IdIndex::build(snapshot.graph(), task)?;
        match own {
            Some(process) => latest[process] = (at, ids),
            None => latest.push((at, ids)),
        }
        found.push(own.unwrap_or(latest.len() - 1));
    }
    Ok(found)
}
