//! Which objects hold the most, each chain of wrappers told once?

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};
use rustc_hash::FxHashMap;

use super::Query;
use super::passing::{Passing, passes};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::graph::NodeKind;
use crate::snapshot::Snapshot;

/// Asks for objects by retained size, the largest first. Synthetic nodes are left out. Where an object is little more than
/// the wrapper of one that it dominates, and that of the next, such a chain is one row: the innermost that still holds nearly
/// all of the chain. Rows have the columns of [`ObjectColumn`](super::instances::ObjectColumn).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BiggestObjects {
    /// How many.
    pub most: usize,
    /// Only these.
    pub only: Option<Passing>,
}

/// Does an object of retained size `inner` hold nearly all, nine tenths, of `outer`?
fn holds_nearly_all(inner: u64, outer: u64) -> bool {
    u128::from(inner) * 10 >= u128::from(outer) * 9
}

impl Query for BiggestObjects {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        // Ever smaller ones, until there are enough: the objects of a heap that matter here are few.
        let mut least = snapshot.retained_size(snapshot.graph().root());
        loop {
            least = (least / 2).max(1);
            let mut rows = biggest(snapshot, least, self.only.as_ref(), task)?;
            if rows.len() >= self.most || least == 1 {
                rows.truncate(self.most);
                return Ok(rows);
            }
        }
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for the biggest")
    }
}

/// Where a node stands in its chain.
#[derive(Clone, Copy)]
struct Link {
    /// The outermost of the chain.
    head: NodeIx,
    /// How many are outside it.
    depth: u32,
}

/// One node for each chain, of those that retain at least `least` bytes, the largest first.
fn biggest(
    snapshot: &Snapshot,
    least: u64,
    only: Option<&Passing>,
    task: &Task,
) -> Result<Vec<NodeIx>, Cancelled> {
    let graph = snapshot.graph();
    let is_candidate = |&node: &NodeIx| {
        snapshot.retained_size(node) >= least
            && graph.kind(node) != NodeKind::Synthetic
            && node != graph.root()
            && passes(only, node)
            && !task.is_cancelled()
    };
    let nodes = (0..graph.node_count()).into_par_iter().map(NodeIx::new);
    let candidates: Vec<NodeIx> = nodes.filter(is_candidate).collect();
    task.check()?;
    let mut links: FxHashMap<NodeIx, Link> = FxHashMap::default();
    // The innermost of each chain that holds nearly all of it.
    let mut shown: FxHashMap<NodeIx, (u32, NodeIx)> = FxHashMap::default();
    let mut climbed = Vec::new();
    let mut steps = 0;
    for &node in &candidates {
        let mut inner = node;
        let mut link = loop {
            steps += 1;
            task.check_at(steps)?;
            if let Some(&link) = links.get(&inner) {
                break link;
            }
            climbed.push(inner);
            let outer = snapshot.dominator(inner);
            let is_wrapper = outer != graph.root()
                && passes(only, outer)
                && graph.kind(outer) != NodeKind::Synthetic
                && holds_nearly_all(snapshot.retained_size(inner), snapshot.retained_size(outer));
            if !is_wrapper {
                climbed.pop();
                let link = Link {
                    head: inner,
                    depth: 0,
                };
                links.insert(inner, link);
                shown.insert(inner, (0, inner));
                break link;
            }
            inner = outer;
        };
        while let Some(inner) = climbed.pop() {
            link.depth += 1;
            links.insert(inner, link);
            let shown = shown.entry(link.head).or_insert((link.depth, inner));
            let is_most = holds_nearly_all(snapshot.retained_size(inner), snapshot.retained_size(link.head));
            if is_most && link.depth >= shown.0 {
                *shown = (link.depth, inner);
            }
        }
    }
    let mut rows: Vec<NodeIx> = shown.into_values().map(|(_, node)| node).collect();
    rows.sort_unstable_by_key(|&node| (!snapshot.retained_size(node), node));
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::query::testing::{ask, snapshot};

    fn names(text: &str, most: usize) -> String {
        let snapshot = snapshot(text);
        let rows = ask(&BiggestObjects { most, only: None }, &snapshot);
        let names: Vec<_> = rows.iter().map(|&node| snapshot.name(node).to_string()).collect();
        names.join(" ")
    }

    #[test]
    fn wrappers_and_roots_are_left_out() {
        let heap = r#"
            root:synthetic/0 -shortcut:w-> window:object/200 -map-> map:object/8 -table-> table:object/500 -x-> x:object/300
            table -y-> y:object/250
            root -element:1-> gc="(GC roots)":synthetic/0 -element:1-> r:object/400
        "#;
        assert_eq!(names(heap, 9), "window table r x y");
        assert_eq!(names(heap, 2), "window table");
        assert_eq!(names(heap, 0), "");
    }

    #[test]
    fn a_list_is_told_once() {
        let mut heap =
            String::from("root:synthetic/0 -shortcut:w-> window:object/100000 -l-> n0:object/10\n");
        for at in 0..2000 {
            writeln!(heap, "n{at} -next-> n{}:object/10", at + 1).unwrap();
        }
        let shown = names(&heap, 3);
        let second = shown.split(' ').nth(1).unwrap();
        // What is left of the list's tail breaks the chain near its end, one by one.
        assert_eq!((shown.split(' ').count(), second), (3, "n200"));
        let third: u32 = shown.split(' ').nth(2).unwrap()[1..].parse().unwrap();
        assert!(third > 1980, "{shown}");
    }
}
