//! Objects of one class, shape and distance.
//!
//! What hangs from the links of a list, or from the levels of a tree, is one group: the distance is that of the nearest.
//!
//! How much a group tells: its bytes, halved for every four edges from the roots, more for many, less where contents differ.
//! What a package's code makes counts less than the program's own, what is nobody's less again, and least what the runtime
//! makes; parts of objects that are a group themselves stand behind those.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use super::differences::differing;
use super::{DuplicateRow, Survey, spread};
use crate::analysis::dominator_order::DominatorOrder;
use crate::analysis::holders::Label;
use crate::analysis::packages::Package;
use crate::analysis::shapes::{Shape, ShapeGroup, ShapeGroups, Shapes};
use crate::analysis::{shape_runs, topmost};
use crate::base::index::{ClassIx, Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};

/// Groups that are looked into, the heaviest and nearest.
const CANDIDATES: usize = 2000;
/// Rows that are shown at most.
const ROWS: usize = 500;
/// Objects of a group whose contents are compared before it is known whether it is shown.
const SAMPLE: usize = 256;
/// Objects of a group that are asked whose they are.
const ASKED: usize = 32;
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
    /// What would go with the members, in bytes; known of those that are shown.
    retained_size: u64,
    /// Does a member keep others alive, as along a list?
    is_nested: bool,
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
pub(super) fn find(
    survey: &Survey<'_>,
    order: &DominatorOrder,
    task: &Task,
) -> Result<Vec<DuplicateRow>, Cancelled> {
    let snapshot = survey.snapshot;
    let shapes = Shapes::new(snapshot.graph());
    let mut groups = ShapeGroups::build(
        &shapes,
        snapshot.classes(),
        snapshot.distances(),
        snapshot.shallow_sizes(),
        task,
    )?;
    let runs = shape_runs::find(&groups, |node| survey.held_as(node), task)?;
    groups.join(&runs, task)?;
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
    retain(survey, order, &mut candidates, task)?;
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

/// No row's.
const NO_ROW: u16 = u16::MAX;

/// Finds what would go with the members of each of `candidates`.
fn retain(
    survey: &Survey<'_>,
    order: &DominatorOrder,
    candidates: &mut [Candidate],
    task: &Task,
) -> Result<(), Cancelled> {
    let snapshot = survey.snapshot;
    let mut row_of = vec![NO_ROW; snapshot.graph().node_count()];
    for (row, candidate) in (0..NO_ROW).zip(&*candidates) {
        for &node in &candidate.members {
            row_of[node.at()] = row;
        }
    }
    let group = |node: NodeIx| {
        Some(row_of[node.at()])
            .filter(|&row| row != NO_ROW)
            .map(usize::from)
    };
    let mut found = vec![(0, 0); candidates.len()];
    let add = |row: usize, node| {
        let (size, count): &mut (u64, u64) = &mut found[row];
        *size += snapshot.retained_size(node);
        *count += 1;
    };
    topmost::each(order, candidates.len(), group, |_| (), add, task)?;
    for (candidate, (size, count)) in candidates.iter_mut().zip(found) {
        candidate.retained_size = size;
        candidate.is_nested = count < candidate.group.count;
    }
    Ok(())
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

/// Objects that are larger than so many bytes are as a rule large by the table or the elements in which they hold others: what
/// is repeated are those.
const LARGE: u64 = 512;

/// The bytes of a group, halved for every four edges from the roots, and the more the more there are.
#[expect(clippy::cast_precision_loss, reason = "a score")]
fn weight(group: &ShapeGroup) -> f64 {
    let edges = f64::from(group.distance.edges().unwrap_or(u32::MAX));
    let bytes = group.shallow_size.min(group.count.saturating_mul(LARGE));
    bytes as f64 / (edges / 4.0).exp2() * (group.count as f64).ln_1p()
}

/// What remains of the score of a group all of whose contents differ (what is made for each session has its name in it), ...
const ALL_DIFFERENT: f64 = 0.25;
/// ... of dictionaries, whose contents are not compared by name, ...
const DICTIONARIES: f64 = 0.1;
/// ... of a package's objects, ...
const PACKAGES: f64 = 0.5;
/// ... of those that are nobody's, ...
const NOBODYS: f64 = 0.05;
/// ... and of the runtime's.
const RUNTIMES: f64 = 0.005;
/// What remains of the score of parts of what is a group itself.
const PARTS: f64 = 0.5;

/// How much the code that makes them says of objects.
const fn by_package(package: Option<&Package>) -> f64 {
    match package {
        Some(Package::Own) => 1.0,
        Some(Package::Installed(_)) => PACKAGES,
        None => NOBODYS,
        Some(Package::Runtime(_)) => RUNTIMES,
    }
}

impl Candidate {
    /// How much the group tells, what it may be a part of left aside.
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    fn score(&self) -> f64 {
        let Contents {
            compared, distinct, ..
        } = self.contents;
        let repetition = 1.0 - distinct as f64 / compared.max(1) as f64;
        let shape = if self.group.shape == Shape::DICTIONARY {
            DICTIONARIES
        } else {
            1.0
        };
        let by_contents = ALL_DIFFERENT + (1.0 - ALL_DIFFERENT) * repetition;
        weight(&self.group) * by_contents * by_package(self.package.as_ref()) * shape
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
            package: self.package(&sample),
            contents: Contents {
                compared: sample.len(),
                distinct: contents.len(),
                wasted: 0,
            },
            group,
            members,
            retained_size: 0,
            is_nested: false,
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
            // What another member keeps would go with that.
            let size = if candidate.is_nested {
                self.snapshot.shallow_size(node)
            } else {
                self.snapshot.retained_size(node)
            };
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

    /// Whose the objects of `sample` are: that of most.
    fn package(&self, sample: &[NodeIx]) -> Option<Package> {
        let asked = spread(sample, ASKED);
        let mut counts: Vec<(Option<&Package>, usize)> = Vec::new();
        for &node in &asked {
            let package = self.package_of(node);
            match counts.iter_mut().find(|(known, _)| *known == package) {
                Some((_, count)) => *count += 1,
                None => counts.push((package, 1)),
            }
        }
        let most = counts.iter().rev().max_by_key(|(_, count)| *count);
        most.and_then(|(package, _)| package.cloned())
    }

    /// Whose `node` is: that of its class, if the file tells where that stands, or of what holds it; rather the program's than
    /// the runtime's, whose classes serve everyone.
    fn package_of(&self, node: NodeIx) -> Option<&Package> {
        let packages = [self.holders.home(node), self.owners.of(node)];
        let mut packages = packages
            .into_iter()
            .flatten()
            .map(|owner| self.owners.package(owner));
        let first = packages.next()?;
        if first.is_runtime() {
            packages.next().or(Some(first))
        } else {
            Some(first)
        }
    }

    /// How `node` is held: by which name, by objects of which class; by another of its own class in whatever way.
    fn held_as(&self, node: NodeIx) -> Option<(Option<Label>, ClassIx)> {
        let step = self.holders.step(node)?;
        let class = self.snapshot.class_of(step.holder);
        let is_own = class == self.snapshot.class_of(node);
        Some(((!is_own).then_some(step.label), class))
    }

    fn row(&self, shapes: &Shapes<'_>, candidate: Candidate) -> DuplicateRow {
        let Candidate {
            group,
            members,
            package,
            contents,
            retained_size,
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
            retained_size,
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
