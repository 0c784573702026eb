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
/// Objects of all groups that are shown whose contents are compared: more would be seconds' work.
const MOST_COMPARED: usize = 1 << 18;
/// Levels of contents that are compared.
const LEVELS: u32 = 2;

/// A group that may be shown.
struct Candidate {
    group: ShapeGroup,
    members: Vec<NodeIx>,
    /// The object of which most members are a part, if that is an object of a group too.
    whole: Option<NodeIx>,
    package: Option<Package>,
    contents: Contents,
}

/// What the members of a group hold.
#[derive(Clone, Copy, Debug, Default)]
struct Contents {
    /// How many were compared.
    compared: usize,
    /// How many different contents they have.
    distinct: usize,
    /// What all but the largest of each content retain, in bytes.
    wasted: u64,
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
    rank(survey, &mut candidates);
    candidates.truncate(ROWS);
    let mut budget = MOST_COMPARED;
    for candidate in &mut candidates {
        survey.compare(candidate, &mut budget, task)?;
    }
    rank(survey, &mut candidates);
    let mut rows = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        task.check()?;
        rows.push(survey.row(&shapes, candidate));
    }
    Ok(rows)
}

/// Sorts `candidates`, what tells most first.
fn rank(survey: &Survey<'_>, candidates: &mut Vec<Candidate>) {
    let mut scored = scores(survey, candidates);
    let key = |candidate: &Candidate| (Reverse(candidate.group.count), candidate.group.first);
    scored.sort_by(|(a, of_a), (b, of_b)| {
        let tie = || key(&candidates[*a]).cmp(&key(&candidates[*b]));
        of_b.total_cmp(of_a).then_with(tie)
    });
    let mut taken: Vec<Option<Candidate>> = candidates.drain(..).map(Some).collect();
    candidates.extend(scored.into_iter().filter_map(|(at, _)| taken[at].take()));
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
const PARTS: f64 = 0.5;

impl Candidate {
    /// How much the group tells, what it may be a part of left aside.
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    fn score(&self) -> f64 {
        let Contents {
            compared, distinct, ..
        } = self.contents;
        let repetition = 1.0 - distinct as f64 / compared.max(1) as f64;
        let whose = match self.package {
            Some(Package::Runtime(_)) => RUNTIMES,
            Some(Package::Installed(_)) => PACKAGES,
            Some(Package::Own) | None => 1.0,
        };
        let shape = if self.group.shape == Shape::DICTIONARY {
            DICTIONARIES
        } else {
            1.0
        };
        weight(&self.group) * (ALL_DIFFERENT + (1.0 - ALL_DIFFERENT) * repetition) * whose * shape
    }
}

impl Survey<'_> {
    fn candidate(&self, group: ShapeGroup, members: Vec<NodeIx>) -> Candidate {
        let sample = spread(&members, SAMPLE);
        let contents: FxHashSet<u64> = sample
            .iter()
            .map(|&node| self.contents.of(node, LEVELS))
            .collect();
        Candidate {
            whole: self.whole(&sample),
            package: self.package(group.first),
            contents: Contents {
                compared: sample.len(),
                distinct: contents.len(),
                wasted: 0,
            },
            group,
            members,
        }
    }

    /// Compares the contents of all members of a group, or of as many as the budget allows.
    fn compare(&self, candidate: &mut Candidate, budget: &mut usize, task: &Task) -> Result<(), Cancelled> {
        let compared = spread(&candidate.members, (*budget).max(SAMPLE));
        *budget = budget.saturating_sub(compared.len());
        // Of each content what its objects retain together, and the largest of them.
        let mut contents: FxHashMap<u64, (u64, u64)> = FxHashMap::default();
        for (nth, &node) in compared.iter().enumerate() {
            if nth.is_multiple_of(1 << 12) {
                task.check()?;
            }
            let size = self.snapshot.retained_size(node);
            let content = contents.entry(self.contents.of(node, LEVELS)).or_default();
            content.0 += size;
            content.1 = content.1.max(size);
        }
        candidate.contents = Contents {
            compared: compared.len(),
            distinct: contents.len(),
            wasted: contents.values().map(|&(all, largest)| all - largest).sum(),
        };
        Ok(())
    }

    /// Whose `node` is: that of its class, if the file tells where that stands, else that of what holds it.
    fn package(&self, node: NodeIx) -> Option<Package> {
        let home = self.holders.home(node).or_else(|| self.owners.of(node));
        home.map(|owner| self.owners.package(owner).clone())
    }

    fn row(&self, shapes: &Shapes<'_>, candidate: Candidate) -> DuplicateRow {
        let Candidate {
            group,
            members,
            package,
            contents,
            ..
        } = candidate;
        // What was found of some is taken for all.
        let scaled = |part: u64| {
            let (all, seen) = (members.len() as u128, contents.compared.max(1) as u128);
            u64::try_from(u128::from(part) * all / seen).unwrap_or(u64::MAX)
        };
        let sample = spread(&members, SAMPLE);
        DuplicateRow {
            class: group.class,
            shape: shapes.names(group.first),
            distance: group.distance,
            shallow_size: group.shallow_size,
            // None dominates another: that would be farther from the roots.
            retained_size: members
                .iter()
                .map(|&node| self.snapshot.retained_size(node))
                .sum(),
            wasted_size: scaled(contents.wasted),
            distinct: contents.distinct as u64,
            compared: contents.compared as u64,
            differing: differing(self.snapshot, &self.contents, &sample),
            held_by: self.held_by(&sample),
            package,
            members: members.into(),
        }
    }
}

/// The score of each candidate: parts of members of other groups stand behind those.
fn scores(survey: &Survey<'_>, candidates: &[Candidate]) -> Vec<(usize, f64)> {
    let snapshot = survey.snapshot;
    let mut known: FxHashMap<_, (u64, f64)> = FxHashMap::default();
    // Wholes are nearer to the roots than their parts.
    let mut order: Vec<usize> = (0..candidates.len()).collect();
    order.sort_by_key(|&at| (candidates[at].group.distance, at));
    let mut scores = Vec::with_capacity(candidates.len());
    for at in order {
        let candidate = &candidates[at];
        let whole = candidate
            .whole
            .map(|whole| (snapshot.class_of(whole), snapshot.distance(whole)));
        let whole = whole.and_then(|key| known.get(&key));
        let score = match whole {
            // A few objects that hold them all are no group: what counts is in them.
            Some(&(count, score)) if count * 4 >= candidate.group.count => {
                candidate.score().min(score) * PARTS
            }
            _ => candidate.score(),
        };
        let group = candidate.group;
        let best = known.entry((group.class, group.distance)).or_insert((0, 0.0));
        best.0 += group.count;
        best.1 = best.1.max(score);
        scores.push((at, score));
    }
    scores
}
