//! The tables of allocations, on a tree one can read.

use super::flame::{Flame, FlameBox, Measure};
use super::written::AllLevels;
use super::*;
use crate::analysis::call_tree::{Call, Known};
use crate::analysis::testing::Dice;
use crate::graph::Place;
use crate::query::testing::{ask, lines};

/// (root) calls main, which calls make (3 objects of 30 bytes, 2 alive), and idle, which calls make (1 of 50) and another make
/// inside; main allocates 1 of 100 itself.
fn tree() -> CallTree {
    let functions = ["(root)", "main", "make", "", "idle"].map(|name| Function {
        name: name.into(),
        script: if name == "(root)" { "" } else { "a.js" }.into(),
        place: (name == "make").then_some(Place {
            script_id: 7,
            line: 9,
            column: 4,
        }),
    });
    let call = |caller, function, count, size, live_count| Call {
        caller,
        function,
        own: Sums {
            count,
            size,
            live_count,
            live_size: size * live_count / count.max(1),
        },
        total: Sums::default(),
    };
    let calls = vec![
        call(None, 0, 0, 0, 0),
        call(Some(0), 1, 1, 100, 1),
        call(Some(1), 2, 3, 30, 2),
        call(Some(0), 4, 0, 0, 0),
        call(Some(3), 2, 1, 50, 0),
        call(Some(4), 2, 2, 8, 2),
    ];
    CallTree::new(functions.to_vec(), calls, Known::All)
}

const SHOWN: &[AllocationColumn] = &[
    AllocationColumn::Function,
    AllocationColumn::Line,
    AllocationColumn::Count,
    AllocationColumn::Size,
    AllocationColumn::LiveCount,
    AllocationColumn::LiveSize,
];

fn rows(of: Of, order: Order<AllocationColumn>) -> Vec<String> {
    let tree = tree();
    lines(&tree, &ask(&FindAllocations { of, order }, &tree), SHOWN)
}

#[test]
fn functions_stand_with_what_they_allocated_themselves() {
    let rows = |order| rows(Of::Functions, order);
    assert_eq!(
        rows(FindAllocations::DEFAULT_ORDER),
        ["main - 1 100 1 100", "make 10 6 88 4 28"]
    );
    assert_eq!(
        rows(Order::descending(AllocationColumn::Count)),
        ["make 10 6 88 4 28", "main - 1 100 1 100"]
    );
    let tree = tree();
    let functions = ask(
        &FindAllocations {
            of: Of::Functions,
            order: Order::ascending(AllocationColumn::Function),
        },
        &tree,
    );
    let totals: Vec<u64> = functions
        .iter()
        .map(|row| row.with_callees.unwrap().size)
        .collect();
    assert_eq!(totals, [130, 88], "what recursion reaches twice counts once");
}

#[test]
fn callers_have_what_was_allocated_through_them() {
    let order = FindAllocations::DEFAULT_ORDER;
    assert_eq!(
        rows(Of::Callers(vec![2]), order),
        ["idle - 1 50 0 0", "main - 3 30 2 20", "make 10 2 8 2 8"]
    );
    assert_eq!(rows(Of::Callers(vec![2, 2]), order), ["idle - 2 8 2 8"]);
    assert_eq!(rows(Of::Callers(vec![2, 4, 0]), order), [""; 0]);
}

#[test]
fn calls_have_what_was_allocated_under_them() {
    let order = FindAllocations::DEFAULT_ORDER;
    assert_eq!(
        rows(Of::Calls(None), order),
        ["main - 4 130 3 120", "idle - 3 58 2 8"]
    );
    assert_eq!(rows(Of::Calls(Some(3)), order), ["make 10 3 58 2 8"]);
    assert_eq!(rows(Of::Calls(Some(5)), order), [""; 0]);
}

#[test]
fn all_levels_are_written_below_each_other() {
    let tree = tree();
    let question = |of| AllLevels {
        of,
        order: FindAllocations::DEFAULT_ORDER,
        least: 9,
        most: 100,
    };
    let columns = &[
        AllocationColumn::Depth,
        AllocationColumn::Function,
        AllocationColumn::Size,
    ];
    assert_eq!(
        lines(&tree, &ask(&question(Of::Calls(None)), &tree), columns),
        ["0 main 130", "1 make 30", "0 idle 58", "1 make 58"]
    );
    assert_eq!(
        lines(&tree, &ask(&question(Of::Callers(vec![2])), &tree), columns),
        ["0 idle 50", "1 (root) 50", "0 main 30", "1 (root) 30"]
    );
}

/// Boxes as `depth name start-end size`, the edges in percent.
fn boxes(of: Of, by: Measure, least_share: f64) -> Vec<String> {
    let tree = tree();
    let question = Flame { of, by, least_share };
    let percent = |share: f64| format!("{:.0}", share * 100.0);
    let line = |at: &FlameBox| {
        let name = name(&tree.functions()[at.function as usize]);
        let (start, end) = (percent(at.start), percent(at.start + at.width));
        format!("{} {name} {start}-{end} {}", at.depth, at.size)
    };
    ask(&question, &tree).iter().map(line).collect()
}

#[test]
fn boxes_are_as_wide_as_what_was_allocated_under_them() {
    let boxes = |call, by, least| boxes(Of::Calls(call), by, least);
    assert_eq!(
        boxes(None, Measure::Size, 0.0),
        [
            "0 main 0-69 130",
            "0 idle 69-100 58",
            "1 make 0-16 30",
            "1 make 69-100 58",
            "2 make 69-73 8"
        ]
    );
    assert_eq!(
        boxes(None, Measure::Size, 0.2),
        ["0 main 0-69 130", "0 idle 69-100 58", "1 make 69-100 58"]
    );
    assert_eq!(
        boxes(Some(4), Measure::LiveSize, 0.0),
        ["0 make 0-100 8", "1 make 0-100 8"]
    );
}

#[test]
fn from_the_bottom_up_callers_stand_below_what_allocated() {
    assert_eq!(
        boxes(Of::Functions, Measure::Size, 0.0),
        [
            "0 main 0-53 100",
            "0 make 53-100 88",
            "1 idle 53-80 50",
            "1 main 80-96 30",
            "1 make 96-100 8",
            "2 idle 96-100 8"
        ]
    );
    assert_eq!(
        boxes(Of::Callers(vec![2, 2]), Measure::Size, 0.0),
        ["0 make 0-100 8", "1 idle 0-100 8"]
    );
    assert_eq!(boxes(Of::Callers(vec![1, 2]), Measure::Size, 0.0), [""; 0]);
}

/// A tree of `count` calls of few functions, in the order of files.
fn random_tree(dice: &mut Dice, count: u32) -> CallTree {
    let functions = (0..6).map(|at| Function {
        name: format!("f{at}").into(),
        script: "".into(),
        place: None,
    });
    let mut way = vec![0];
    let mut calls = vec![Call::default()];
    for at in 1..count {
        way.truncate(1 + usize::try_from(dice.roll(way.len() as u64)).unwrap());
        let (count, live_count) = (dice.roll(3), dice.roll(2));
        let own = Sums {
            count,
            size: count * dice.roll(90),
            live_count: live_count.min(count),
            live_size: live_count.min(count) * dice.roll(70),
        };
        calls.push(Call {
            caller: way.last().copied(),
            function: u32::try_from(dice.roll(6)).unwrap(),
            own,
            total: Sums::default(),
        });
        way.push(at);
    }
    CallTree::new(functions.collect(), calls, Known::All)
}

/// The functions from a call up to the beginning, which is left out unless it is the call itself.
fn functions_above(tree: &CallTree, call: usize) -> Vec<u32> {
    let mut way = vec![tree.calls()[call].function];
    let mut at = tree.calls()[call].caller;
    while let Some(caller) = at {
        at = tree.calls()[caller as usize].caller;
        way.extend(at.map(|_| tree.calls()[caller as usize].function));
    }
    way
}

fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-9
}

/// Boxes below one lie within it, do not overlap, and the widest stand first.
fn assert_is_laid_out(boxes: &[FlameBox], context: &str) {
    for (at, one) in boxes.iter().enumerate() {
        let end = one.start + one.width;
        let above = one.parent.map(|parent| boxes[parent as usize]);
        assert_eq!(one.depth, above.map_or(0, |above| above.depth + 1), "{context}");
        if let Some(above) = above {
            let right = above.start + above.width;
            assert!(one.start > above.start - 1e-9 && end < right + 1e-9, "{context}");
        }
        let beside = boxes[at + 1..].iter().find(|other| other.parent == one.parent);
        if let Some(next) = beside {
            assert!(near(next.start, end) && next.size <= one.size, "{context}");
        }
        let first = boxes.iter().position(|other| other.parent == one.parent);
        if first == Some(at) {
            assert!(
                near(one.start, above.map_or(0.0, |above| above.start)),
                "{context}"
            );
        }
    }
}

#[test]
fn icicles_of_random_trees_agree_with_a_slow_twin() {
    use std::collections::BTreeMap;
    for seed in 0..60 {
        let mut dice = Dice::new(seed);
        let tree = random_tree(&mut dice, 40);
        for by in [Measure::Size, Measure::LiveSize] {
            let ask = |of| {
                ask(
                    &Flame {
                        of,
                        by,
                        least_share: 0.0,
                    },
                    &tree,
                )
            };
            let context = format!("seed {seed}, {by:?}");
            // From the top: each call under which something was allocated, by what was allocated under it.
            let boxes = ask(Of::Calls(None));
            assert_is_laid_out(&boxes, &context);
            let fast: BTreeMap<u32, (Option<u32>, u64)> = boxes
                .iter()
                .map(|one| {
                    let above = one.parent.and_then(|above| boxes[above as usize].call);
                    (one.call.unwrap(), (above, one.size))
                })
                .collect();
            let slow: BTreeMap<u32, (Option<u32>, u64)> = (1..40_u32)
                .filter_map(|call| {
                    let under = (0..tree.calls().len()).filter(|&at| {
                        let mut way = vec![u32::try_from(at).unwrap()];
                        while let Some(caller) = tree.calls()[way[way.len() - 1] as usize].caller {
                            way.push(caller);
                        }
                        way.contains(&call)
                    });
                    let size: u64 = under.map(|at| by.of(&tree.calls()[at].own)).sum();
                    let above = tree.calls()[call as usize].caller.filter(|&caller| caller != 0);
                    (size > 0).then_some((call, (above, size)))
                })
                .collect();
            assert_eq!(fast, slow, "{context}");
            // From the bottom: each way up, by what was allocated along it.
            let boxes = ask(Of::Functions);
            assert_is_laid_out(&boxes, &context);
            let fast: BTreeMap<Vec<u32>, u64> = boxes
                .iter()
                .map(|one| {
                    let mut way = vec![one.function];
                    let mut above = one.parent;
                    while let Some(at) = above {
                        way.insert(0, boxes[at as usize].function);
                        above = boxes[at as usize].parent;
                    }
                    (way, one.size)
                })
                .collect();
            assert_eq!(fast.len(), boxes.len(), "{context}: two boxes of one way");
            let mut slow: BTreeMap<Vec<u32>, u64> = BTreeMap::new();
            for (at, call) in tree.calls().iter().enumerate() {
                let (way, size) = (functions_above(&tree, at), by.of(&call.own));
                for levels in 1..=way.len() {
                    *slow.entry(way[..levels].to_vec()).or_default() +=
                        if call.own.count > 0 { size } else { 0 };
                }
            }
            slow.retain(|_, size| *size > 0);
            assert_eq!(fast, slow, "{context}");
        }
    }
}

#[test]
fn rows_name_a_call_of_theirs() {
    let tree = tree();
    let firsts = |of| {
        let order = FindAllocations::DEFAULT_ORDER;
        let rows = ask(&FindAllocations { of, order }, &tree);
        let line =
            |row: &AllocationRow| format!("{} {}", name(&tree.functions()[row.function as usize]), row.first);
        rows.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(firsts(Of::Functions), ["main 1", "make 2"]);
    assert_eq!(firsts(Of::Callers(vec![2])), ["idle 4", "main 2", "make 5"]);
    assert_eq!(firsts(Of::Calls(None)), ["main 1", "idle 3"]);
}

#[test]
fn of_some_objects_what_is_alive_alone_is_told() {
    let bytes = include_bytes!("../../../tests/data/calls.heaptimeline");
    let path = std::path::Path::new("calls.heaptimeline");
    let snapshot = Snapshot::from_bytes(bytes, path, &Task::new()).unwrap();
    let passing = crate::query::passing::FindPassing {
        filter: crate::analysis::filters::NodeFilter::AllocatedBetween {
            after: crate::graph::ObjectId(5),
            through: crate::graph::ObjectId(7),
        },
    };
    let only = ask(&passing, &snapshot);
    let rows = |only| {
        let tree = ask(&FindCalls { only }, &snapshot);
        let (of, order) = (Of::Functions, FindAllocations::DEFAULT_ORDER);
        lines(&*tree, &ask(&FindAllocations { of, order }, &tree), SHOWN)
    };
    assert_eq!(rows(None), ["inner 10 9 27000 2 13000", "outer 3 1 8 1 8"]);
    assert_eq!(rows(only), ["inner 10 - - 1 8000"]);
}
