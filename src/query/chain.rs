//! Why is an object alive, and what would happen if a step of the way were cut?
//!
//! The shortest path from the root, each step with what it tells of the heap, and the next best paths beside it.

use std::collections::VecDeque;

use super::Query;
use super::folding::is_internal;
use super::paths::cut::Cuts;
use super::paths::{PathStep, Paths};
use crate::analysis::distances::Distance;
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;

/// Asks for the chain from the root to an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The object.
    pub node: NodeIx,
    /// How many other paths, at most.
    pub alternatives: usize,
}

/// The chain to an object; without steps if no path leads to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainAnswer {
    /// The shortest path, from the root to the object.
    pub steps: Vec<ChainStep>,
    /// The next best ones, shortest first.
    pub alternatives: Vec<Alternative>,
}

/// A step of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainStep {
    /// The edge that leads here; the root has none.
    pub edge: Option<EdgeIx>,
    /// Where it leads.
    pub node: NodeIx,
    /// What would go with the node, in bytes.
    pub retained: u64,
    /// How far the node is from the roots.
    pub distance: Distance,
    /// Is the node the engine's own, which tells a program's writer little? (The object asked for never is.)
    pub is_internal: bool,
    /// What would be freed if this one reference were cut, in bytes: exact. Nothing if other ways lead on to the node; that the
    /// object's own store of properties or elements has it too is the same reference.
    pub frees: Option<u64>,
}

/// Another path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alternative {
    /// Its steps, from the root to the object: of each the edge that leads to it, and its node.
    pub steps: Vec<(Option<EdgeIx>, NodeIx)>,
    /// So many steps from the root on are those of the chain: the node there is where the two part.
    pub shared: usize,
    /// So many steps at the end are those of the chain, the object included.
    pub shared_end: usize,
}

impl Alternative {
    /// How many edges it has.
    pub fn length(&self) -> usize {
        self.steps.len().saturating_sub(1)
    }
}

impl Query for Chain {
    type Over = Snapshot;
    type Answer = ChainAnswer;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<ChainAnswer, Cancelled> {
        let question = Paths {
            targets: vec![self.node],
            count: self.alternatives + 1,
        };
        let answer = question.run(snapshot, task)?;
        let paths = answer.steps.chunk_by(|a, b| a.path == b.path);
        let links = |path: &[PathStep]| path.iter().map(|step| (step.edge, step.node)).collect();
        let mut paths: VecDeque<Vec<_>> = paths.map(links).collect();
        let Some(first) = paths.pop_front() else {
            return Ok(ChainAnswer::default());
        };
        let alternatives = paths.into_iter().map(|steps| {
            let alike = |(a, b): &(&(_, NodeIx), &(_, NodeIx))| a.1 == b.1;
            Alternative {
                shared: steps.iter().zip(&first).take_while(alike).count(),
                shared_end: steps
                    .iter()
                    .rev()
                    .zip(first.iter().rev())
                    .take_while(alike)
                    .count(),
                steps,
            }
        });
        Ok(ChainAnswer {
            alternatives: alternatives.collect(),
            steps: steps(snapshot, &first, task)?,
        })
    }
}

/// What is known of each step of `path`.
fn steps(
    snapshot: &Snapshot,
    path: &[(Option<EdgeIx>, NodeIx)],
    task: &Task,
) -> Result<Vec<ChainStep>, Cancelled> {
    let graph = snapshot.graph();
    let cuts = Cuts::new(snapshot, task)?;
    let mut steps = Vec::with_capacity(path.len());
    for (nth, &(edge, node)) in path.iter().enumerate() {
        let frees = match edge {
            Some(edge) => cuts.frees(edge, task)?,
            None => None,
        };
        steps.push(ChainStep {
            edge,
            node,
            retained: snapshot.retained_size(node),
            distance: snapshot.distance(node),
            is_internal: nth + 1 < path.len() && is_internal(graph, node),
            frees,
        });
    }
    Ok(steps)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::analysis::essential::{Essential, page_objects};
    use crate::base::bits::BitSet;
    use crate::query::testing::{ask, named, snapshot};

    fn chain(snapshot: &Snapshot, node: &str, alternatives: usize) -> ChainAnswer {
        let node = named(snapshot, node);
        ask(&Chain { node, alternatives }, snapshot)
    }

    #[test]
    fn steps_tell_what_they_hold_and_free() {
        let snapshot = snapshot(
            "root:synthetic/0 -shortcut:w-> window:object/8 -cache-> cache:object/16 -internal:table-> t:array/0 -internal:0-> item:object/32
            item -owner-> cache
            window -a-> leaf:object/8
            cache -b-> leaf",
        );
        let answer = chain(&snapshot, "item", 0);
        let told: Vec<_> = answer
            .steps
            .iter()
            .map(|step| {
                let name = snapshot.graph().raw_name(step.node).to_string();
                (name, step.retained, step.is_internal, step.frees)
            })
            .collect();
        let step = |name: &str, retained, internal, frees| (name.to_owned(), retained, internal, frees);
        assert_eq!(
            told,
            [
                step("root", 64, true, None),
                step("window", 64, false, Some(64)),
                step("cache", 48, false, Some(48)),
                step("t", 32, true, Some(32)),
                step("item", 32, false, Some(32)),
            ]
        );
        let leaf = chain(&snapshot, "leaf", 0);
        assert_eq!(leaf.steps.last().unwrap().frees, None);
        assert!(answer.alternatives.is_empty());
    }

    #[test]
    fn two_edges_between_two_nodes_free_nothing_alone() {
        let snapshot = snapshot("root:synthetic/0 -shortcut:w-> a:object/8 -x-> b:object/8\na -y-> b");
        assert_eq!(chain(&snapshot, "b", 0).steps[2].frees, None);
    }

    #[test]
    fn what_the_store_of_an_object_has_is_the_same_reference() {
        let snapshot = snapshot(
            "root:synthetic/0 -shortcut:w-> f:closure/8 -cache-> cache:object/16 -x-> x:object/32
            f -internal:properties-> p:array/24 -internal:3-> cache
            f -other-> other:object/8 -internal:properties-> q:array/24 -internal:3-> x",
        );
        assert_eq!(chain(&snapshot, "cache", 0).steps[2].frees, Some(16));
        assert_eq!(
            chain(&snapshot, "x", 0).steps[3].frees,
            None,
            "another object has it too"
        );
    }

    #[test]
    fn other_paths_tell_where_they_part() {
        let snapshot = snapshot(
            "root:synthetic/0 -shortcut:w-> window:object/8 -a-> a:object/8 -x-> y:object/8 -z-> z:object/8
            window -b-> b:object/8 -c-> c:object/8 -x-> y",
        );
        let answer = chain(&snapshot, "z", 3);
        assert_eq!(answer.steps.len(), 5);
        let told: Vec<_> = answer
            .alternatives
            .iter()
            .map(|other| (other.length(), other.shared, other.shared_end))
            .collect();
        assert_eq!(told, [(5, 2, 2)]);
    }

    #[test]
    fn what_no_path_leads_to_has_no_chain() {
        let snapshot = snapshot("root:synthetic/0 -shortcut:w-> a:object/8\nlost:object/8 -x-> a");
        assert_eq!(chain(&snapshot, "lost", 2), ChainAnswer::default());
    }

    /// What the root reaches over edges that count, without `cut`, in bytes: the slow way.
    fn reached(snapshot: &Snapshot, rule: &Essential<'_>, cut: Option<EdgeIx>) -> u64 {
        let graph = snapshot.graph();
        let mut seen = BitSet::new(graph.node_count());
        let mut stack = vec![graph.root()];
        seen.insert(graph.root());
        let mut size = 0;
        while let Some(node) = stack.pop() {
            size += snapshot.shallow_size(node);
            for edge in graph
                .edges(node)
                .filter(|&edge| Some(edge) != cut && rule.contains(node, edge))
            {
                let target = graph.head(edge).target();
                if seen.insert(target) {
                    stack.push(target);
                }
            }
        }
        size
    }

    #[test]
    fn what_is_freed_agrees_with_cutting() {
        let mut state = 9_u64;
        let mut roll = |sides: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % sides
        };
        let (mut some, mut none) = (0, 0);
        for round in 0..60 {
            let count = 3 + roll(25);
            let mut text = "n0=root:synthetic/0 -shortcut:w-> n1:object/8\n".to_owned();
            for at in 2..count {
                writeln!(text, "n{} -tree-> n{at}:object/{}", 1 + roll(at - 1), 8 + at).unwrap();
            }
            for _ in 0..roll(1 + count / (1 + round % 3)) {
                let (from, to) = (1 + roll(count - 1), 1 + roll(count - 1));
                writeln!(text, "n{from} -more-> n{to}").unwrap();
            }
            let snapshot = snapshot(&text);
            let graph = snapshot.graph();
            let page_objects = page_objects(graph, &Task::new()).unwrap();
            let rule = Essential {
                graph,
                ephemerons: snapshot.ephemerons(),
                page_objects: &page_objects,
            };
            let all = reached(&snapshot, &rule, None);
            for node in graph.nodes() {
                for step in ask(
                    &Chain {
                        node,
                        alternatives: 0,
                    },
                    &snapshot,
                )
                .steps
                {
                    let Some(edge) = step.edge else { continue };
                    let freed = all - reached(&snapshot, &rule, Some(edge));
                    assert_eq!(step.frees.unwrap_or(0), freed, "{text}");
                    *(if step.frees.is_some() {
                        &mut some
                    } else {
                        &mut none
                    }) += 1;
                }
            }
        }
        assert!(some > 500 && none > 100, "{some} {none}");
    }
}
