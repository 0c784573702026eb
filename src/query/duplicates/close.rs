//! Objects of one class, shape and distance.
//!
//! How much a group tells: its bytes, halved for every four edges from the roots, less where contents differ. What a package's
//! code makes counts less than the program's own, what the runtime makes less again; parts of objects that are a group
//! themselves stand behind those.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::differences::differing;
use super::{DuplicateRow, Survey, spread};
use crate::analysis::packages::Package;
use crate::analysis::shapes::{Shape, ShapeGroup, ShapeGroups, Shapes};
use crate::base::index::NodeIx;
use crate::base::task::{Cancelled, Task};

/// Groups that are looked into, the heaviest and nearest.
const CANDIDATES: usize = 2000;
/// Rows that are shown at most.
const ROWS: usize = 500;
/// Objects of a group whose contents are compared before it is known whether it is shown.
const SAMPLE: usize = 256;
/// Objects of all groups that are shown whose contents are compared: some seconds' work would be more.
const MOST_COMPARED: usize = 1 << 21;
/// Levels of contents that are compared.
const LEVELS: u32 = 2;

/// A group that may be shown.
struct Candidate {
    group: ShapeGroup,
    members: Vec<NodeIx>,
    /// The object of which most members are a part, if that is an object of a group too.
    whole: Option<NodeIx>,
    package: Option<Package>,
    score: f64,
}

/// The rows, what tells most first.
pub(super) fn find(survey: &Survey<'_>, task: &Task) -> Result<Vec<DuplicateRow>, Cancelled> {
    let snapshot = survey.snapshot;
    let shapes = Shapes::new(snapshot.graph());
    let groups = ShapeGroups::build(
        &shapes,
        snapshot.classes(),
        snapshot.distances(),
        snapshot.shallow_sizes(),
        task,
    )?;
    let mut wanted: Vec<u32> = (0..crate::base::index::to_u32(groups.all.len()))
        .filter(|&at| groups.all[at as usize].count > 1)
        .collect();
    let weight = |at: u32| weight(&groups.all[at as usize]);
    wanted.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)).then(a.cmp(&b)));
    wanted.truncate(CANDIDATES);
    wanted.sort_unstable();
    let members = groups.members(&shapes, &wanted, task)?;
    let mut candidates = Vec::with_capacity(wanted.len());
    for (&at, members) in wanted.iter().zip(members) {
        task.check()?;
        candidates.push(survey.candidate(groups.all[at as usize], members));
    }
    drop(groups);
    put_parts_behind(survey, &mut candidates);
    let key = |candidate: &Candidate| (Reverse(candidate.group.count), candidate.group.first);
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| key(a).cmp(&key(b))));
    candidates.truncate(ROWS);
    let mut budget = MOST_COMPARED;
    let mut rows = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        rows.push(survey.row(&shapes, candidate, &mut budget, task)?);
    }
    Ok(rows)
}

/// The bytes of a group, halved for every four edges from the roots.
#[expect(clippy::cast_precision_loss, reason = "a score")]
fn weight(group: &ShapeGroup) -> f64 {
    let edges = f64::from(group.distance.edges().unwrap_or(u32::MAX));
    group.shallow_size as f64 / (edges / 4.0).exp2()
}

/// What remains of the score of a group all of whose contents differ, ...
const ALL_DIFFERENT: f64 = 0.1;
/// ... of dictionaries, whose contents are not compared by name, ...
const DICTIONARIES: f64 = 0.1;
/// ... of a package's objects, ...
const PACKAGES: f64 = 0.5;
/// ... and of the runtime's.
const RUNTIMES: f64 = 0.05;
/// What remains of the score of parts of what is a group itself.
const PARTS: f64 = 0.1;

impl Survey<'_> {
    fn candidate(&self, group: ShapeGroup, members: Vec<NodeIx>) -> Candidate {
        let sample = spread(&members, SAMPLE);
        let contents: FxHashSet<u64> = sample
            .iter()
            .map(|&node| self.contents.of(node, LEVELS))
            .collect();
        #[expect(clippy::cast_precision_loss, reason = "a share of 256")]
        let repetition = 1.0 - contents.len() as f64 / sample.len() as f64;
        let package = self.package(group.first);
        let whose = match package {
            Some(Package::Runtime(_)) => RUNTIMES,
            Some(Package::Installed(_)) => PACKAGES,
            Some(Package::Own) | None => 1.0,
        };
        let shape = if group.shape == Shape::DICTIONARY {
            DICTIONARIES
        } else {
            1.0
        };
        Candidate {
            score: weight(&group) * (ALL_DIFFERENT + (1.0 - ALL_DIFFERENT) * repetition) * whose * shape,
            whole: self.whole(&sample),
            package,
            group,
            members,
        }
    }

    /// Whose `node` is: that of its class, if the file tells where that stands, else that of what holds it.
    fn package(&self, node: NodeIx) -> Option<Package> {
        let home = self.holders.home(node).or_else(|| self.owners.of(node));
        home.map(|owner| self.owners.package(owner).clone())
    }

    fn row(
        &self,
        shapes: &Shapes<'_>,
        candidate: Candidate,
        budget: &mut usize,
        task: &Task,
    ) -> Result<DuplicateRow, Cancelled> {
        let Candidate {
            group,
            members,
            package,
            ..
        } = candidate;
        let compared = spread(&members, (*budget).max(SAMPLE));
        *budget = budget.saturating_sub(compared.len());
        // Of each content how many, what they retain together, and the largest of them.
        let mut contents: FxHashMap<u64, (u64, u64)> = FxHashMap::default();
        let mut retained = 0;
        for (nth, &node) in compared.iter().enumerate() {
            if nth.is_multiple_of(1 << 12) {
                task.check()?;
            }
            let size = self.snapshot.retained_size(node);
            retained += size;
            let content = contents.entry(self.contents.of(node, LEVELS)).or_default();
            content.0 += size;
            content.1 = content.1.max(size);
        }
        let wasted: u64 = contents.values().map(|&(all, largest)| all - largest).sum();
        let distinct = contents.len() as u64;
        let is_whole = compared.len() == members.len();
        let scaled = |part: u64| {
            let (all, seen) = (members.len() as u128, compared.len().max(1) as u128);
            if is_whole {
                part
            } else {
                u64::try_from(u128::from(part) * all / seen).unwrap_or(u64::MAX)
            }
        };
        if !is_whole {
            retained = members
                .iter()
                .map(|&node| self.snapshot.retained_size(node))
                .sum();
        }
        let sample = spread(&members, SAMPLE);
        Ok(DuplicateRow {
            class: group.class,
            shape: shapes.names(group.first),
            distance: group.distance,
            shallow_size: group.shallow_size,
            retained_size: retained,
            wasted_size: scaled(wasted),
            distinct,
            differing: differing(self.snapshot, &self.contents, &sample),
            held_by: self.held_by(&sample),
            package,
            members: members.into(),
        })
    }
}

/// Lowers the score of groups whose members are parts of members of other groups.
fn put_parts_behind(survey: &Survey<'_>, candidates: &mut [Candidate]) {
    let snapshot = survey.snapshot;
    let known: FxHashMap<_, u64> = candidates
        .iter()
        .map(|candidate| {
            let group = candidate.group;
            ((group.class, group.distance), group.count)
        })
        .collect();
    for candidate in candidates {
        let Some(whole) = candidate.whole else { continue };
        let key = (snapshot.class_of(whole), snapshot.distance(whole));
        // One object that holds them all is no group.
        if known
            .get(&key)
            .is_some_and(|&count| count * 8 >= candidate.group.count)
        {
            candidate.score *= PARTS;
        }
    }
}
