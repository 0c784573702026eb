//! Whether the ids of two snapshots mean the same objects.
//!
//! V8 numbers what it meets in the order in which it meets it, so that two runs of one program agree on most of what the engine
//! makes at its start, and two snapshots of one process disagree where the number of a dead object went to a new one at its
//! address: the share of ids that agree does not tell the two apart. Functions do. A function keeps its name and, as most are
//! made once, its number: within one id space no function of a name that only one has stands under another number later. Of two
//! runs some always do, however alike they are.

use rustc_hash::FxHashMap;

use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::{HeapGraph, NodeKind, ObjectId};

use super::id_index::IdIndex;
use super::string_map::StringMap;

/// What the objects that two snapshots have in common by id say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IdSpace {
    /// How many common ids were looked at.
    pub sampled: usize,
    /// How many of them have the same type and name in both snapshots.
    pub agreeing: usize,
    /// The share of them, 0 to 1; none if nothing was sampled.
    pub agreement: Option<f64>,
    /// What functions say.
    pub functions: Functions,
    verdict: Verdict,
}

/// What functions say of the ids of two snapshots.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Functions {
    /// Ids that are functions in both.
    pub common: usize,
    /// Of these, those that have another name.
    pub other_name: usize,
    /// Names that one function has in either snapshot, under the same id.
    pub stayed: usize,
    /// Names that one function has in either snapshot, under another id, though it was numbered before the older snapshot.
    pub moved: usize,
}

/// What follows for matching objects by id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One id space: the same id is the same object.
    Comparable,
    /// Hard to say. Objects are not matched.
    Doubtful,
    /// Two id spaces: ids mean nothing to each other. (Two processes, or one whose ids were given out anew in between.)
    Separate,
}

/// How sure a [`Verdict`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// Many ids were looked at, and they leave no doubt.
    Sure,
    /// What was looked at leaves no doubt, but it is little.
    FewIds,
    /// The ids that were looked at do not decide it.
    Open,
}

impl Confidence {
    /// In words.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sure => "sure",
            Self::FewIds => "likely, on few ids",
            Self::Open => "open",
        }
    }
}

/// Ids that are looked at, at most.
const SAMPLE: usize = 20_000;

/// The shares of agreeing ids that decide where there are too few functions.
const COMPARABLE_FROM: f64 = 0.97;
const SEPARATE_UP_TO: f64 = 0.6;

/// With functions that say one id space so many ids may have gone to other objects. (Measured: 0.05 where nearly all objects
/// were replaced ten times between the snapshots.)
const HOLDING_FROM: f64 = 0.8;

/// Functions that tell something, at least.
const ENOUGH_FUNCTIONS: usize = 32;

/// So many functions of other names can be no accident. (Measured: none within an id space; between two runs of the same page
/// 15 and more, of the same program of Node 190 and more.)
const OTHER_NAMES: usize = 8;

/// From so many ids on there is nothing to add.
const MANY: usize = 1_000;

/// Two heaps of so many nodes have many ids in common if they have an id space in common: the engine's own objects.
const LARGE: usize = 1_000;
const NEARLY_NONE: usize = 16;

/// Names with fewer UTF-16 units are alike too often by chance.
const TELLING_LENGTH: usize = 4;

impl IdSpace {
    /// Samples the ids that `current` has in common with `base`, which `base_ids` indexes, evenly over their whole range, and
    /// looks at all functions. Only the engine's own objects are looked at (odd ids), and of them only those that tell
    /// something.
    pub fn measure(
        base: &HeapGraph,
        base_ids: &IdIndex,
        current: &HeapGraph,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut common: Vec<(NodeIx, NodeIx)> = Vec::new();
        // Ids count whose hash ends in so many zeros; one more as soon as the sample gets too large.
        let mut zeros = 0;
        for node in current.nodes() {
            task.check_at(node.at())?;
            let id = current.id(node);
            if id.0 & 1 == 0 || scattered(id).trailing_zeros() < zeros || !is_telling(current, node) {
                continue;
            }
            if let Some(in_base) = base_ids.find(id) {
                common.push((in_base, node));
            }
            if common.len() > SAMPLE {
                zeros += 1;
                common.retain(|&(_, node)| scattered(current.id(node)).trailing_zeros() >= zeros);
            }
        }
        let agree = common.iter().filter(|&&(in_base, node)| {
            base.kind(in_base) == current.kind(node) && base.raw_name(in_base) == current.raw_name(node)
        });
        let (sampled, agreeing) = (common.len(), agree.count());
        let agreement = (sampled > 0).then(|| share(agreeing, sampled));
        let functions = Functions::compare(base, base_ids, current, task)?;
        let verdict = if is_numbered_anew(base, task)? || is_numbered_anew(current, task)? {
            // Such ids say where an object stands in its file.
            let is_same = base.node_count() == current.node_count() && agreeing == sampled && sampled > 0;
            if is_same {
                Verdict::Comparable
            } else {
                Verdict::Separate
            }
        } else if sampled < NEARLY_NONE && base.node_count().min(current.node_count()) >= LARGE {
            Verdict::Separate
        } else {
            decide(agreement, functions)
        };
        Ok(Self {
            sampled,
            agreeing,
            agreement,
            functions,
            verdict,
        })
    }

    /// What follows for matching objects by id.
    pub const fn verdict(self) -> Verdict {
        self.verdict
    }

    /// How sure that is.
    pub fn confidence(self) -> Confidence {
        match self.verdict {
            Verdict::Doubtful => Confidence::Open,
            Verdict::Separate if self.sampled < NEARLY_NONE => Confidence::Sure,
            _ if self.sampled >= MANY && self.functions.common >= ENOUGH_FUNCTIONS => Confidence::Sure,
            _ => Confidence::FewIds,
        }
    }
}

fn decide(agreement: Option<f64>, functions: Functions) -> Verdict {
    let Some(agreement) = agreement else {
        return Verdict::Doubtful;
    };
    if functions.common < ENOUGH_FUNCTIONS {
        return if agreement >= COMPARABLE_FROM {
            Verdict::Comparable
        } else if agreement <= SEPARATE_UP_TO {
            Verdict::Separate
        } else {
            Verdict::Doubtful
        };
    }
    let is_broken = functions.moved > 0
        && (functions.other_name >= OTHER_NAMES
            || functions.moved * 50 >= functions.moved + functions.stayed);
    if is_broken || functions.other_name * 5 >= functions.common || agreement <= SEPARATE_UP_TO {
        Verdict::Separate
    } else if functions.moved == 0 && agreement >= HOLDING_FROM || agreement >= COMPARABLE_FROM {
        Verdict::Comparable
    } else {
        Verdict::Doubtful
    }
}

impl Functions {
    fn compare(
        base: &HeapGraph,
        base_ids: &IdIndex,
        current: &HeapGraph,
        task: &Task,
    ) -> Result<Self, Cancelled> {
        let mut said = Self::default();
        for node in functions(current) {
            task.check_at(node.at())?;
            let before = base_ids.find(current.id(node));
            if let Some(before) = before.filter(|&before| base.kind(before) == NodeKind::Closure) {
                said.common += 1;
                said.other_name += usize::from(base.raw_name(before) != current.raw_name(node));
            }
        }
        let last = base.last_object_id().min(current.last_object_id());
        let before: FxHashMap<&[u8], ObjectId> = single_names(base, task)?
            .into_iter()
            .map(|node| (base.raw_name(node).bytes(), base.id(node)))
            .collect();
        let is_later = current.last_object_id() >= base.last_object_id();
        for node in single_names(current, task)? {
            task.check_at(node.at())?;
            let now = current.id(node);
            let Some(&before) = before.get(current.raw_name(node).bytes()) else {
                continue;
            };
            let in_later = if is_later { now } else { before };
            if now == before {
                said.stayed += 1;
            } else if in_later <= last {
                said.moved += 1;
            }
        }
        Ok(said)
    }
}

fn functions(graph: &HeapGraph) -> impl Iterator<Item = NodeIx> + '_ {
    let is_function = |node: &NodeIx| graph.kind(*node) == NodeKind::Closure && graph.id(*node).0 & 1 == 1;
    graph.nodes().filter(is_function)
}

/// Functions that have their name for themselves.
fn single_names(graph: &HeapGraph, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
    let mut counts = StringMap::filled(graph.strings(), 0_u8);
    for node in functions(graph) {
        task.check_at(node.at())?;
        let name = graph.name_ix(node);
        counts.set(name, counts.get(name).saturating_add(1));
    }
    let is_single = |&node: &NodeIx| {
        counts.get(graph.name_ix(node)) == 1 && graph.raw_name(node).utf16_len() >= TELLING_LENGTH
    };
    Ok(functions(graph).filter(is_single).collect())
}

/// Are nodes numbered one after the other as they stand in the file? V8's own numbers are odd; other engines that write this
/// format give them out anew for each snapshot.
fn is_numbered_anew(graph: &HeapGraph, task: &Task) -> Result<bool, Cancelled> {
    let count = graph.node_count();
    let mut others = 0;
    let mut before: Option<u64> = None;
    for node in graph.nodes() {
        task.check_at(node.at())?;
        let id = graph.id(node).0;
        let is_next = before.is_some_and(|before| before.checked_add(1) == Some(id));
        others += usize::from(!is_next);
        // Of V8's own numbers that is soon clear.
        if others * 20 > count {
            return Ok(false);
        }
        before = Some(id);
    }
    Ok(count >= LEAST_NUMBERED)
}

/// Smaller heaps are not looked at for how they are numbered.
const LEAST_NUMBERED: usize = 64;

#[expect(clippy::cast_precision_loss, reason = "a share of some thousand")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// A hash of `id` all of whose bits are as good as random.
fn scattered(id: ObjectId) -> u64 {
    let mixed = (id.0 ^ id.0 >> 32).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ mixed >> 32
}

fn is_telling(graph: &HeapGraph, node: NodeIx) -> bool {
    match graph.kind(node) {
        NodeKind::Synthetic | NodeKind::Code | NodeKind::Hidden => false,
        NodeKind::String | NodeKind::ConcatenatedString | NodeKind::SlicedString => {
            graph.raw_name(node).utf16_len() >= TELLING_LENGTH
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::analysis::testing::Heap;

    fn measure(base: &str, current: &str) -> (IdSpace, Verdict) {
        let task = &Task::new();
        let (base, current) = (Heap::of(base), Heap::of(current));
        let ids = IdIndex::build(&base.graph, task).unwrap();
        let space = IdSpace::measure(&base.graph, &ids, &current.graph, task).unwrap();
        (space, space.verdict())
    }

    /// Objects with odd ids from 1, of which every `other`th has another name.
    fn objects(count: usize, other: usize) -> String {
        let mut text = String::new();
        for at in 0..count {
            let name = if at % other == other - 1 { "other" } else { "same" };
            writeln!(text, "n{at}={name}:object #{}", at * 2 + 1).unwrap();
        }
        text
    }

    #[test]
    fn agreement_decides() {
        let base = objects(1000, 10_000);
        for (other, agreement, verdict) in [
            (1000, 0.999, Verdict::Comparable),
            (34, 0.971, Verdict::Comparable),
            (25, 0.96, Verdict::Doubtful),
            (3, 0.667, Verdict::Doubtful),
            (2, 0.5, Verdict::Separate),
        ] {
            let (space, found) = measure(&base, &objects(1000, other));
            assert_eq!((space.sampled, found), (1000, verdict));
            assert!((space.agreement.unwrap() - agreement).abs() < 1e-9);
        }
    }

    /// `count` functions with odd ids from 1, whose names those from `own` on have shifted by `by`; then as many objects.
    fn program(count: usize, own: std::ops::Range<usize>, by: usize) -> String {
        let mut text = String::new();
        for at in 0..count {
            let name = if own.contains(&at) {
                own.start + (at - own.start + by) % own.len()
            } else {
                at
            };
            writeln!(text, "f{at}=function{name}:closure #{}", at * 2 + 1).unwrap();
        }
        for at in count..2 * count {
            writeln!(text, "o{at}=Item:object #{}", at * 2 + 1).unwrap();
        }
        text
    }

    #[test]
    fn a_few_functions_that_moved_tell_two_runs() {
        let a = program(2000, 1500..1520, 0);
        let (space, verdict) = measure(&a, &program(2000, 1500..1520, 1));
        assert!(space.agreement.unwrap() > 0.99, "{space:?}");
        assert_eq!((space.functions.moved, space.functions.other_name), (20, 20));
        assert_eq!(
            (verdict, space.confidence()),
            (Verdict::Separate, Confidence::Sure)
        );
        let (space, verdict) = measure(&a, &a);
        assert_eq!((space.functions.moved, space.functions.stayed), (0, 2000));
        assert_eq!(
            (verdict, space.confidence()),
            (Verdict::Comparable, Confidence::Sure)
        );
    }

    #[test]
    fn ids_that_went_to_new_objects_do_not() {
        let base = program(2000, 0..0, 0);
        let replaced = base.replace("=Item:object #5", "=another:string #5");
        let (space, verdict) = measure(&base, &replaced);
        assert!(space.agreement.unwrap() < 0.97, "{space:?}");
        assert_eq!(verdict, Verdict::Comparable);
    }

    #[test]
    fn ids_that_only_number_a_file_are_not_compared() {
        let heap = |from: usize, name: &str| {
            let lines = (0..500).map(|at| format!("n{at}={name}{at}:closure #{}\n", from + at));
            lines.collect::<String>()
        };
        assert_eq!(measure(&heap(1, "a"), &heap(1, "a")).1, Verdict::Comparable);
        assert_eq!(measure(&heap(1, "a"), &heap(501, "a")).1, Verdict::Separate);
        let other = heap(1, "a").replace("n8=a8", "n8=b8");
        assert_eq!(measure(&heap(1, "a"), &other).1, Verdict::Separate);
    }

    #[test]
    fn large_heaps_of_one_space_have_ids_in_common() {
        let heap = |from: usize| {
            let lines = (0..1200).map(|at| format!("n{at}=thing{at}:object #{}\n", from + 2 * at));
            lines.collect::<String>()
        };
        assert_eq!(measure(&heap(1), &heap(9001)).1, Verdict::Separate);
    }

    #[test]
    fn only_what_tells_is_looked_at() {
        let base = "a:synthetic #1\nb:code #3\nc:hidden #5\nabc:string #7\nd:object #8\nabcd:string #9\ne:object #11";
        let (space, verdict) = measure(base, base);
        assert_eq!((space.sampled, verdict), (2, Verdict::Comparable));
        let (space, verdict) = measure(base, "x:object #13");
        assert_eq!(
            (space.sampled, space.agreement, verdict),
            (0, None, Verdict::Doubtful)
        );
    }

    #[test]
    fn large_heaps_are_sampled_over_their_whole_range() {
        let (space, verdict) = measure(&objects(70_000, 100_000), &objects(70_000, 2));
        assert!((SAMPLE / 4..=SAMPLE).contains(&space.sampled), "{space:?}");
        assert_eq!(verdict, Verdict::Separate);
        assert!((space.agreement.unwrap() - 0.5).abs() < 0.02, "{space:?}");
    }
}
