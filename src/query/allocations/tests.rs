//! The tables of allocations, on a tree one can read.

use super::flame::{Flame, FlameBox, Measure};
use super::written::AllLevels;
use super::*;
use crate::analysis::call_tree::Call;
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
    CallTree::new(functions.to_vec(), calls, true)
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
