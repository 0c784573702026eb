//! How many bytes each of several growing groups of objects keeps alive, so that the sum is exact.
//!
//! What the roots reach without entering a member of any group would stay without the groups: it is nobody's. Whatever else a
//! group reaches is shared out: of an object that *k* groups reach, each gets a *k*-th of its bytes. So what two leaks share
//! is lost to neither and counted once. (The measure is the leak share of `BLeak`.)

use rustc_hash::FxHashMap;

use super::path_tree::Source;
use crate::base::index::{Ix as _, NodeIx, to_u32};
use crate::base::memory::filled;
use crate::base::task::{Cancelled, Task};

/// How many groups there may be.
pub const GROUPS: usize = 64;

/// Nothing came to the node so far; in the end: no way leads to it.
const UNSEEN: u32 = 0;
/// The node stays without the groups.
const KEPT: u32 = 1;
/// Numbers from here on are sets of groups.
const FIRST_SET: u32 = 2;
/// So many edges of a node are followed between two looks at whether to go on.
const EDGES_AT_ONCE: usize = 1 << 16;

/// Who reaches what.
#[derive(Debug)]
pub struct LeakShares {
    of: Vec<u32>,
    /// Groups as bits.
    sets: Vec<u64>,
}

/// Who keeps an object alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeper {
    /// No one: no way leads to it.
    Nobody,
    /// The roots, without any group.
    Roots,
    /// These groups, one bit for each.
    Groups(u64),
}

impl LeakShares {
    /// Shares the heap out. `groups` says for each group which nodes are its members; there are at most [`GROUPS`] of them.
    pub fn build(source: Source<'_>, groups: &[&[NodeIx]], task: &Task) -> Result<Self, Cancelled> {
        debug_assert!(groups.len() <= GROUPS, "a group is a bit");
        let graph = source.graph;
        let mut sharing = Sharing {
            source,
            of: filled(graph.node_count(), UNSEEN),
            sets: Vec::new(),
            by_groups: FxHashMap::default(),
            joined: FxHashMap::default(),
            steps: 0,
        };
        // Members are set down first, so that the search from the roots stops at them.
        for (nth, members) in groups.iter().enumerate() {
            for &member in *members {
                sharing.of[member.at()] = sharing.with(sharing.of[member.at()], 1 << nth);
            }
        }
        sharing.keep(task)?;
        for (nth, members) in groups.iter().enumerate() {
            sharing.reach(members, 1 << nth, task)?;
        }
        Ok(Self {
            of: sharing.of,
            sets: sharing.sets,
        })
    }

    /// Who keeps `node` alive.
    #[inline]
    pub fn keeper(&self, node: NodeIx) -> Keeper {
        match self.of[node.at()] {
            UNSEEN => Keeper::Nobody,
            KEPT => Keeper::Roots,
            set => Keeper::Groups(self.sets[(set - FIRST_SET) as usize]),
        }
    }
}

/// The part of `size` that each of the groups `groups` gets: all alike, and what is left over by division to the first.
pub fn split(size: u64, groups: u64) -> impl Iterator<Item = (usize, u64)> {
    let count = u64::from(groups.count_ones());
    let each = size.checked_div(count).unwrap_or(0);
    let mut rest = size - each * count;
    let mut left = groups;
    std::iter::from_fn(move || {
        (left != 0).then(|| {
            let group = left.trailing_zeros() as usize;
            left &= left - 1;
            (group, each + std::mem::take(&mut rest))
        })
    })
}

struct Sharing<'a> {
    source: Source<'a>,
    of: Vec<u32>,
    sets: Vec<u64>,
    by_groups: FxHashMap<u64, u32>,
    /// The set of each set with one more group.
    joined: FxHashMap<(u32, u64), u32>,
    steps: usize,
}

impl Sharing<'_> {
    /// The number of the set `set` with the group `group`, which is a bit.
    #[inline]
    fn with(&mut self, set: u32, group: u64) -> u32 {
        let before = set.checked_sub(FIRST_SET).map_or(0, |at| self.sets[at as usize]);
        if before & group != 0 {
            return set;
        }
        self.join(set, before, group)
    }

    /// The number of the set `set`, which is `before`, with a group that is not in it.
    fn join(&mut self, set: u32, before: u64, group: u64) -> u32 {
        if let Some(&known) = self.joined.get(&(set, group)) {
            return known;
        }
        let groups = before | group;
        let next = FIRST_SET + to_u32(self.sets.len());
        let number = *self.by_groups.entry(groups).or_insert(next);
        if number == next {
            self.sets.push(groups);
        }
        self.joined.insert((set, group), number);
        number
    }

    /// Marks what the roots reach without the groups.
    fn keep(&mut self, task: &Task) -> Result<(), Cancelled> {
        let root = self.source.graph.root();
        if self.of[root.at()] != UNSEEN {
            return Ok(());
        }
        self.of[root.at()] = KEPT;
        let mut stack = vec![root];
        while let Some(node) = stack.pop() {
            self.for_each_target(node, task, |sharing, target| {
                if sharing.of[target.at()] == UNSEEN {
                    sharing.of[target.at()] = KEPT;
                    stack.push(target);
                }
            })?;
        }
        Ok(())
    }

    /// Marks what `members` reach of all that is not kept.
    fn reach(&mut self, members: &[NodeIx], group: u64, task: &Task) -> Result<(), Cancelled> {
        let mut stack: Vec<NodeIx> = members.to_vec();
        while let Some(node) = stack.pop() {
            self.for_each_target(node, task, |sharing, target| {
                let before = sharing.of[target.at()];
                if before == KEPT {
                    return;
                }
                let after = sharing.with(before, group);
                if after != before {
                    sharing.of[target.at()] = after;
                    stack.push(target);
                }
            })?;
        }
        Ok(())
    }

    fn for_each_target(
        &mut self,
        node: NodeIx,
        task: &Task,
        mut visit: impl FnMut(&mut Self, NodeIx),
    ) -> Result<(), Cancelled> {
        let Source {
            graph, ephemerons, ..
        } = self.source;
        self.steps += 1;
        task.check_at(self.steps)?;
        let heads = graph.heads(node);
        if !ephemerons.has_edges(node) {
            for many in heads.chunks(EDGES_AT_ONCE) {
                if many.len() == EDGES_AT_ONCE {
                    task.check()?;
                }
                for head in many.iter().filter(|head| !head.is_weak()) {
                    visit(self, head.target());
                }
            }
            return Ok(());
        }
        for (edge, head) in graph.edges(node).zip(heads) {
            self.steps += 1;
            task.check_at(self.steps)?;
            if !(head.is_weak() || ephemerons.is_tables_half(edge)) {
                visit(self, head.target());
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::ephemerons::Ephemerons;
    use crate::analysis::testing::{Dice, Heap, random_heap};

    fn shares(heap: &Heap, groups: &[Vec<NodeIx>]) -> LeakShares {
        let groups: Vec<&[NodeIx]> = groups.iter().map(Vec::as_slice).collect();
        let ephemerons = Ephemerons::build(&heap.graph, &Task::new()).unwrap();
        let source = Source {
            graph: &heap.graph,
            ephemerons: &ephemerons,
            shallow: &heap.shallow,
        };
        LeakShares::build(source, &groups, &Task::new()).unwrap()
    }

    fn named(heap: &Heap, name: &str) -> NodeIx {
        heap.graph
            .nodes()
            .find(|&node| heap.graph.raw_name(node) == name)
            .unwrap()
    }

    #[test]
    fn what_two_groups_share_is_halved_and_what_the_roots_reach_is_nobodys() {
        let heap = Heap::of(
            "root:synthetic/0 -e-> a:object/10 -e-> only_a:object/20 -e-> both:object/31
            root -e-> b:object/10 -e-> both -e-> free:object/40
            root -e-> other:object/10 -e-> free
            a -e-> b",
        );
        let groups = [vec![named(&heap, "a")], vec![named(&heap, "b")]];
        let shares = shares(&heap, &groups);
        let keeper = |name| shares.keeper(named(&heap, name));
        assert_eq!(keeper("only_a"), Keeper::Groups(0b01));
        // The first group reaches the second's own member too.
        assert_eq!(keeper("b"), Keeper::Groups(0b11));
        assert_eq!(keeper("both"), Keeper::Groups(0b11));
        assert_eq!(keeper("free"), Keeper::Roots);
        assert_eq!(split(31, 0b11).collect::<Vec<_>>(), [(0, 16), (1, 15)]);
        assert_eq!(split(0, 0b101).collect::<Vec<_>>(), [(0, 0), (2, 0)]);
        assert_eq!(split(7, 0).count(), 0);
    }

    /// What `from` reach without entering `barred`, one search for each.
    fn reached(heap: &Heap, from: &[NodeIx], barred: &dyn Fn(NodeIx) -> bool) -> Vec<bool> {
        let mut seen = vec![false; heap.graph.node_count()];
        let mut open = from.to_vec();
        for &node in from {
            seen[node.at()] = true;
        }
        while let Some(node) = open.pop() {
            for head in heap.graph.heads(node) {
                let target = head.target();
                if !head.is_weak() && !seen[target.at()] && !barred(target) {
                    seen[target.at()] = true;
                    open.push(target);
                }
            }
        }
        seen
    }

    #[test]
    fn agrees_with_a_search_for_each_group() {
        for seed in 0..80 {
            let mut dice = Dice::new(seed);
            let nodes = 5 + dice.roll(40);
            let heap = Heap::of(&random_heap(&mut dice, nodes));
            let count = heap.graph.node_count() as u64;
            let mut draw = || {
                let members =
                    (0..=dice.roll(4)).map(|_| NodeIx::new(usize::try_from(dice.roll(count)).unwrap()));
                members
                    .filter(|&node| node != heap.graph.root())
                    .collect::<Vec<_>>()
            };
            let groups = [draw(), draw(), draw()];
            let is_member = |node: NodeIx| groups.iter().any(|group| group.contains(&node));
            let kept = reached(&heap, &[heap.graph.root()], &is_member);
            let by_group: Vec<Vec<bool>> = groups
                .iter()
                .map(|group| reached(&heap, group, &|node| kept[node.at()]))
                .collect();
            let shares = shares(&heap, &groups);
            for node in heap.graph.nodes() {
                let groups = (0..3).filter(|&group| by_group[group][node.at()]);
                let mask = groups.fold(0_u64, |mask, group| mask | 1 << group);
                let expected = match (kept[node.at()], mask) {
                    (true, _) => Keeper::Roots,
                    (_, 0) => Keeper::Nobody,
                    (_, mask) => Keeper::Groups(mask),
                };
                assert_eq!(shares.keeper(node), expected, "seed {seed}, {node:?}");
            }
        }
    }
}
