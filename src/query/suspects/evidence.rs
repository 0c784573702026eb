//! What there is to say of the things a candidate holds: are their contents repeated, are their keys all different?

use rustc_hash::FxHashSet;

use super::candidate::Candidate;
use super::signs;
use super::survey::Survey;
use crate::analysis::content_hash::ContentHash;
use crate::base::index::NodeIx;
use crate::graph::{EdgeKind, NodeKind};
use crate::query::entries;

/// What keys and contents tell.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    /// Of how many keys that are objects, and how many different contents these have.
    pub(super) object_keys: Option<Repetition>,
    /// What keys that are texts begin with, if most begin alike.
    pub(super) prefix: Option<String>,
    /// Have most of the things held functions of their own?
    pub(super) has_functions: bool,
    /// How many wait for the promise that holds.
    pub(super) waiting: Option<u64>,
    /// Can nobody take most of the things held (listeners, timers) away again?
    pub(super) are_out_of_reach: bool,
    /// Of how many things held, and how many different contents these have.
    pub(super) contents: Option<Repetition>,
    /// Is most of what they keep the whole texts that they are pieces of?
    pub(super) are_slices: bool,
}

/// How many were looked at, and how many of them are different.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repetition {
    pub(super) looked_at: usize,
    pub(super) distinct: usize,
}

impl Repetition {
    /// Is most of it repeated?
    pub(super) const fn is_marked(self) -> bool {
        self.looked_at >= 16 && self.distinct * 2 <= self.looked_at
    }
}

/// So many keys are looked at.
const KEYS: usize = 256;
/// Levels of contents that are compared.
const LEVELS: u32 = 2;
/// A beginning that keys share is worth telling from so many letters on.
const TELLING: usize = 3;

/// What the keys and the contents of `candidate` tell.
pub(super) fn of(survey: &Survey<'_>, hash: &ContentHash<'_>, candidate: &Candidate) -> Evidence {
    let graph = survey.snapshot.graph();
    let holder = candidate.holder().and_then(|step| step.node);
    let keys = holder.map_or_else(Vec::new, |holder| entries::some(graph, holder, KEYS));
    let objects: Vec<NodeIx> = keys
        .iter()
        .copied()
        .filter(|&key| graph.kind(key) == NodeKind::Object)
        .collect();
    let are_objects = !keys.is_empty() && objects.len() == keys.len();
    Evidence {
        object_keys: are_objects.then(|| repetition(hash, &objects)),
        prefix: prefix(survey, &keys),
        has_functions: has_functions(survey, candidate),
        waiting: signs::waiting(survey, candidate),
        are_out_of_reach: signs::are_out_of_reach(survey, candidate),
        contents: contents(survey, hash, candidate),
        are_slices: are_slices(survey, candidate),
    }
}

/// A slice that keeps so many times its own size keeps a text of which it is a piece.
const KEEPS_WHOLE: u64 = 4;

/// Are most of the things held slices of strings, or objects with one, that alone keep long texts?
fn are_slices(survey: &Survey<'_>, candidate: &Candidate) -> bool {
    let (snapshot, graph) = (survey.snapshot, survey.snapshot.graph());
    let keeps = |node: NodeIx| {
        graph.kind(node) == NodeKind::SlicedString
            && snapshot.retained_size(node) >= KEEPS_WHOLE * snapshot.shallow_size(node)
    };
    let has_one = |node: NodeIx| {
        let heads = graph.heads(node).iter().take(EDGES);
        keeps(node)
            || heads
                .filter(|head| head.kind() == EdgeKind::Property)
                .any(|head| keeps(head.target()))
    };
    let with = candidate.samples.iter().filter(|&&node| has_one(node)).count();
    with > 0 && with * 2 >= candidate.samples.len()
}

/// So many edges of a thing held are looked at.
const EDGES: usize = 64;

/// Do most of the things held keep a function that nothing else dominates?
fn has_functions(survey: &Survey<'_>, candidate: &Candidate) -> bool {
    let graph = survey.snapshot.graph();
    let has_own = |node: NodeIx| {
        graph.heads(node).iter().take(EDGES).any(|head| {
            let target = head.target();
            head.kind() == EdgeKind::Property
                && graph.kind(target) == NodeKind::Closure
                && survey.snapshot.dominator(target) == node
        })
    };
    let with = candidate.samples.iter().filter(|&&node| has_own(node)).count();
    with > 0 && with * 2 >= candidate.samples.len()
}

fn contents(survey: &Survey<'_>, hash: &ContentHash<'_>, candidate: &Candidate) -> Option<Repetition> {
    let graph = survey.snapshot.graph();
    let objects = candidate.samples.iter().copied();
    let objects: Vec<NodeIx> = objects
        .filter(|&node| graph.kind(node) == NodeKind::Object)
        .collect();
    // What joined strings read is not compared: nothing is said of objects that have them.
    let has_joined = |&node: &NodeIx| {
        let mut heads = graph.heads(node).iter().take(EDGES);
        heads.any(|head| {
            let kind = graph.kind(head.target());
            matches!(kind, NodeKind::ConcatenatedString | NodeKind::SlicedString)
        })
    };
    (objects.len() > 1 && !objects.iter().any(has_joined)).then(|| repetition(hash, &objects))
}

fn repetition(hash: &ContentHash<'_>, nodes: &[NodeIx]) -> Repetition {
    let distinct: FxHashSet<u64> = nodes.iter().map(|&node| hash.of(node, LEVELS)).collect();
    Repetition {
        looked_at: nodes.len(),
        distinct: distinct.len(),
    }
}

/// What all of the keys begin with.
fn prefix(survey: &Survey<'_>, keys: &[NodeIx]) -> Option<String> {
    let graph = survey.snapshot.graph();
    let texts: Vec<String> = keys
        .iter()
        .filter(|&&key| graph.kind(key) == NodeKind::String)
        .map(|&key| graph.raw_name(key).to_string_lossy().into_owned())
        .collect();
    let (first, others) = texts.split_first()?;
    let alike = |other: &String| {
        let pairs = first.chars().zip(other.chars());
        pairs.take_while(|(a, b)| a == b).count()
    };
    let length = others.iter().map(alike).min()?;
    let prefix: String = first.chars().take(length.min(24)).collect();
    let prefix = prefix.trim_end_matches(|c: char| c.is_ascii_digit());
    (texts.len() == keys.len() && prefix.len() >= TELLING).then(|| prefix.to_owned())
}
