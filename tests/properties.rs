//! The core analyses against slow and obvious versions of themselves, on random graphs with everything that real ones have
//! and more: weak edges, shortcuts, self-loops, `WeakMap` pairs, several roots, edges back to the root, orphans, cycles that
//! nothing holds.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::path::Path;

use heapatlas::analysis::depth_first::DepthFirst;
use heapatlas::analysis::detachedness::DomStates;
use heapatlas::analysis::distances::{Distance, Distances};
use heapatlas::analysis::dominators::NumberedTree;
use heapatlas::analysis::ephemerons::Ephemerons;
use heapatlas::analysis::essential::{Essential, close, is_user_root, page_seeds};
use heapatlas::analysis::{retained_sizes, shallow_sizes};
use heapatlas::base::bits::BitSet;
use heapatlas::base::index::{Ix as _, NodeIx};
use heapatlas::base::task::Task;
use heapatlas::fixture;
use heapatlas::graph::retainers::Retainers;
use heapatlas::graph::{HeapGraph, NodeKind};
use heapatlas::parse;

/// A small random number generator (xorshift), so that a failure can be seen again by its seed.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).expect("below a usize")
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// A heap in the notation of `fixture`: a root, then `2..=size` nodes, then edges.
fn random_heap(seed: u64, size: usize) -> String {
    let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let nodes = 2 + random.below(size);
    let mut text = "n0:synthetic/0\n".to_owned();
    let kinds = [
        "object",
        "object",
        "object",
        "hidden",
        "array",
        "synthetic",
        "native",
        "string",
        "closure",
    ];
    for node in 1..nodes {
        let size = random.below(5) * 8;
        writeln!(text, "n{node}:{}/{size}", random.pick(&kinds)).expect("a string takes all");
    }
    let edge_kinds = [
        "property", "property", "internal", "context", "weak", "shortcut", "hidden", "element",
    ];
    for _ in 0..random.below(nodes * 3 + 1) {
        let (from, to) = (random.below(nodes), random.below(nodes));
        // Half of the edges lead onwards, so that deep paths come about as well as cycles.
        let (from, to) = if random.below(2) == 0 {
            (from.min(to), from.max(to))
        } else {
            (from, to)
        };
        let kind = random.pick(&edge_kinds);
        let name = if kind == "hidden" || kind == "element" {
            "7"
        } else {
            "e"
        };
        writeln!(text, "n{from} -{kind}:{name}-> n{to}").expect("a string takes all");
    }
    for pair in 0..random.below(4) {
        let [table, key, value] = [(); 3].map(|()| random.below(nodes));
        let named_table = if random.below(4) == 0 {
            random.below(nodes)
        } else {
            table
        };
        // Node i has id 2 i + 1 unless it says otherwise.
        let (key_id, value_id, table_id) = (2 * key + 1, 2 * value + 1, 2 * named_table + 1);
        for (nth, from) in [(pair, table), (pair + 9, key)] {
            writeln!(
                text,
                "n{from} -internal:\"{nth} / part of key (K @{key_id}) -> value (V @{value_id}) pair in WeakMap (table @{table_id})\"-> n{value}"
            )
            .expect("a string takes all");
        }
    }
    text
}

fn graph(text: &str) -> HeapGraph {
    let columns = parse::read_bytes(&fixture::heap(text), Path::new("random"), &Task::new());
    HeapGraph::new(columns.expect("the fixture is a snapshot"), &Task::new()).expect("not cancelled")
}

/// Runs `check` on many random heaps, small ones first; the heap is printed when it fails.
fn on_random_heaps(check: impl Fn(&HeapGraph, &Ephemerons)) {
    for seed in 0..600 {
        let text = random_heap(seed, 4 + usize::try_from(seed).expect("small") / 12);
        let graph = graph(&text);
        let ephemerons = Ephemerons::build(&graph, &Task::new()).expect("not cancelled");
        let run = std::panic::AssertUnwindSafe(|| check(&graph, &ephemerons));
        assert!(
            std::panic::catch_unwind(run).is_ok(),
            "the panic above came from seed {seed}:\n{text}"
        );
    }
}

fn page_objects(graph: &HeapGraph) -> BitSet<NodeIx> {
    let mut members = BitSet::new(graph.node_count());
    close(graph, &mut members, page_seeds(graph).collect(), &Task::new()).expect("not cancelled");
    members
}

/// Targets of essential edges, for each node.
fn essential_targets(graph: &HeapGraph, ephemerons: &Ephemerons) -> Vec<Vec<NodeIx>> {
    let page_objects = page_objects(graph);
    let essential = Essential {
        graph,
        ephemerons,
        page_objects: &page_objects,
    };
    let targets = |node| {
        let edges = graph
            .edges(node)
            .filter(move |&edge| essential.contains(node, edge));
        edges.map(|edge| graph.head(edge).target()).collect()
    };
    graph.nodes().map(targets).collect()
}

/// All that `start` reaches without entering `without`.
fn reached(targets: &[Vec<NodeIx>], start: NodeIx, without: Option<NodeIx>) -> Vec<bool> {
    let mut seen = vec![false; targets.len()];
    let mut queue = VecDeque::from([start]);
    seen[start.at()] = true;
    while let Some(node) = queue.pop_front() {
        for &target in &targets[node.at()] {
            if Some(target) != without && !std::mem::replace(&mut seen[target.at()], true) {
                queue.push_back(target);
            }
        }
    }
    seen
}

#[test]
fn dominators_and_retained_sizes_are_what_removing_nodes_says() {
    let task = Task::new();
    on_random_heaps(|graph, ephemerons| {
        let root = graph.root();
        let mut targets = essential_targets(graph, ephemerons);
        let mut held = vec![false; targets.len()];
        for target in targets.iter().flatten() {
            held[target.at()] = true;
        }
        targets[root.at()].extend(graph.nodes().filter(|&node| node != root && !held[node.at()]));
        let alive = reached(&targets, root, None);
        // The nearest dominator is the one that the fewest nodes are left below: all dominators of a node lie on one way.
        let dominates = |d: NodeIx, v: NodeIx| d != root && !reached(&targets, root, Some(d))[v.at()];
        let table: Vec<Vec<bool>> = graph
            .nodes()
            .map(|d| {
                graph
                    .nodes()
                    .map(|v| alive[v.at()] && d != v && alive[d.at()] && dominates(d, v))
                    .collect()
            })
            .collect();
        let depth = |v: NodeIx| graph.nodes().filter(|d| table[d.at()][v.at()]).count();
        let nearest = |v: NodeIx| {
            let above = graph.nodes().filter(|d| table[d.at()][v.at()]);
            above.max_by_key(|&d| depth(d)).unwrap_or(root)
        };

        let depth_first = DepthFirst::build(graph, ephemerons, &task).expect("not cancelled");
        assert_eq!(depth_first.page_objects, page_objects(graph), "page objects");
        let retainers = Retainers::build(graph, &task).expect("not cancelled");
        let tree =
            NumberedTree::build(graph, depth_first, &retainers, ephemerons, &task).expect("not cancelled");
        let dominators = tree
            .by_node(graph.node_count(), root, &task)
            .expect("not cancelled");
        for node in graph.nodes() {
            assert_eq!(dominators.of(node), nearest(node), "dominator of {node:?}");
        }

        let dom = DomStates::build(graph, &task).expect("not cancelled");
        let shallow = shallow_sizes::build(graph, &dom, &task).expect("not cancelled");
        let retained = retained_sizes::build(graph, &tree, &shallow, &task).expect("not cancelled");
        for node in graph.nodes() {
            let below = graph
                .nodes()
                .filter(|v| node == root || table[node.at()][v.at()] || *v == node);
            let sum: u64 = below.map(|v| shallow.get(v)).sum();
            assert_eq!(retained.get(node), sum, "retained size of {node:?}");
        }
    });
}

#[test]
fn retainers_are_the_edges_turned_round() {
    let task = Task::new();
    on_random_heaps(|graph, _| {
        let retainers = Retainers::build(graph, &task).expect("not cancelled");
        for node in graph.nodes() {
            let all = graph
                .nodes()
                .flat_map(|source| graph.edges(source).map(move |edge| (source, edge)));
            let mut expected: Vec<_> = all
                .filter(|&(_, edge)| graph.head(edge).target() == node)
                .collect();
            expected.reverse();
            assert_eq!(retainers.of(graph, node).collect::<Vec<_>>(), expected);
            assert_eq!(retainers.count(node), expected.len());
        }
    });
}

#[test]
fn owners_are_the_only_ways_in() {
    let task = Task::new();
    on_random_heaps(|graph, _| {
        let dom = DomStates::build(graph, &task).expect("not cancelled");
        let shallow = shallow_sizes::build(graph, &dom, &task).expect("not cancelled");
        let total = |sizes: &dyn Fn(NodeIx) -> u64| graph.nodes().map(sizes).sum::<u64>();
        assert_eq!(
            total(&|node| shallow.get(node)),
            total(&|node| graph.self_size(node)),
            "nothing is lost"
        );
        let root = graph.root();
        let merges = graph
            .heads(root)
            .iter()
            .any(|head| is_user_root(graph, head.target()));
        let ownable = |node| matches!(graph.kind(node), NodeKind::Hidden | NodeKind::Array);
        // Owners of a node: all other kinds of nodes that reach it through ownable nodes alone.
        let owners = |of: NodeIx| -> Vec<NodeIx> {
            let leads = |owner: NodeIx| {
                let mut seen = BitSet::new(graph.node_count());
                let mut stack = vec![owner];
                while let Some(node) = stack.pop() {
                    for head in graph.heads(node) {
                        if !head.is_weak() && ownable(head.target()) && seen.insert(head.target()) {
                            stack.push(head.target());
                        }
                    }
                }
                seen.contains(of)
            };
            graph
                .nodes()
                .filter(|&node| !ownable(node) && leads(node))
                .collect()
        };
        let mut expected: Vec<u64> = graph.nodes().map(|node| graph.self_size(node)).collect();
        for node in graph.nodes().filter(|&node| merges && ownable(node)) {
            if let [owner] = owners(node)[..]
                && owner != root
                && graph.kind(owner) != NodeKind::Synthetic
            {
                expected[owner.at()] += graph.self_size(node);
                expected[node.at()] -= graph.self_size(node);
            }
        }
        let found: Vec<u64> = graph.nodes().map(|node| shallow.get(node)).collect();
        assert_eq!(found, expected);
    });
}

#[test]
fn distances_are_those_of_a_plain_queue() {
    let task = Task::new();
    on_random_heaps(|graph, ephemerons| {
        let root = graph.root();
        let mut expected = vec![None; graph.node_count()];
        let mut half_met: Vec<u32> = Vec::new();
        let mut search = |expected: &mut Vec<Option<i64>>, mut queue: VecDeque<NodeIx>| {
            while let Some(node) = queue.pop_front() {
                for edge in graph.edges(node) {
                    let target = graph.head(edge).target();
                    if graph.head(edge).is_weak() || expected[target.at()].is_some() {
                        continue;
                    }
                    if let Some(pair) = ephemerons.pair(edge) {
                        let Some(at) = half_met.iter().position(|&met| met == pair) else {
                            half_met.push(pair);
                            continue;
                        };
                        half_met.swap_remove(at);
                    }
                    expected[target.at()] = expected[node.at()].map(|distance| distance + 1);
                    queue.push_back(target);
                }
            }
        };
        let seeds: VecDeque<NodeIx> = graph
            .heads(root)
            .iter()
            .map(|head| head.target())
            .filter(|&node| is_user_root(graph, node))
            .collect();
        for seed in &seeds {
            expected[seed.at()] = Some(1);
        }
        let start = if seeds.is_empty() { 0 } else { 100_000_000 };
        search(&mut expected, seeds);
        expected[root.at()] = Some(start);
        search(&mut expected, VecDeque::from([root]));

        let distances = Distances::build(graph, ephemerons, None, &task).expect("not cancelled");
        for node in graph.nodes() {
            assert_eq!(
                distances.of(node).sort_key(),
                expected[node.at()].unwrap_or(-5),
                "distance of {node:?}"
            );
        }
        assert_eq!(Distance::NONE.edges(), None);
    });
}

#[test]
fn a_list_of_a_million_links_overflows_nothing() {
    let mut text = "root:synthetic/0 -shortcut:global-> n0:object/8\n".to_owned();
    let links = 1_000_000;
    for link in 1..links {
        writeln!(text, "n{} -next-> n{link}:object/8", link - 1).expect("a string takes all");
    }
    let bytes = fixture::heap(&text);
    let snapshot =
        heapatlas::snapshot::Snapshot::from_bytes(&bytes, Path::new("list"), &Task::new()).expect("it opens");
    let first = NodeIx::new(1);
    let last = NodeIx::new(links);
    assert_eq!(snapshot.retained_size(first), 8 * links as u64);
    assert_eq!(
        snapshot.distance(last),
        Distance::user(u32::try_from(links).expect("small"))
    );
    assert_eq!(snapshot.dominator(last), NodeIx::new(links - 1));
}
