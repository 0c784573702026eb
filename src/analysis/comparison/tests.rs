use std::fmt::Write as _;

use super::*;
use crate::analysis::testing::{Dice, Heap};
use crate::fixture::Fixture;

fn side(heap: &Heap) -> Side<'_> {
    Side {
        graph: &heap.graph,
        dom: &heap.dom,
        shallow: &heap.shallow,
        classes: &heap.classes,
        own_cost: None,
    }
}

fn compare(base: &Heap, current: &Heap) -> Comparison {
    Comparison::build(side(base), side(current), Matching::ByIds, &Task::new()).unwrap()
}

fn find<'c>(comparison: &'c Comparison, name: &str) -> (RowIx, &'c ComparedClass) {
    let is =
        |row: &ComparedClass| matches!(&row.subject, Subject::Class(class) if class.name.as_js() == name);
    let mut rows = comparison.rows();
    rows.find(|(_, row)| is(row)).unwrap()
}

/// A heap with a hundred nodes more, of size 0 and alike in all heaps: enough to trust ids.
fn one_process(text: &str) -> Heap {
    let mut text = format!("{text}\n");
    for id in 1000..1100 {
        writeln!(text, "same{id}=Same:object/0 #{}", id * 2 + 1).unwrap();
    }
    Heap::of(&text)
}

#[test]
fn objects_come_go_grow_and_change_class() {
    let base = one_process(
        "root:synthetic/0 -e-> a=Map:object/10 #101 -e-> b=Map:object/20 #103 -e-> c=Set:object/30 #105\n\
         c -e-> old=Old:object/5 #107 -e-> other=Other:object/7 #109 -e-> n=Map:object/0 #111",
    );
    let current = one_process(
        "root:synthetic/0 -e-> a=Map:object/16 #101 -e-> c=Map:object/30 #105 -e-> n=Map:object/1 #111\n\
         n -e-> new=Set:object/40 #121 -e-> other=Other:object/6 #109",
    );
    let comparison = compare(&base, &current);
    let (map, row) = find(&comparison, "Map");
    assert_eq!(
        (row.sums.base, row.sums.current),
        (Sum { count: 2, size: 30 }, Sum { count: 3, size: 47 })
    );
    assert_eq!(
        row.sums.changes.unwrap(),
        Changes {
            added: Sum { count: 2, size: 31 },
            removed: Sum { count: 1, size: 20 },
            grown: Sum { count: 1, size: 6 },
            shrunk: Sum::default(),
        }
    );
    let is_map = |node: &InCurrent| comparison.row_of_current(current.classes.of(node.0)) == Some(map);
    let added = comparison.all_added().filter(is_map);
    assert_eq!(
        added.map(|node| current.graph.id(node.0).0).collect::<Vec<_>>(),
        [105, 111]
    );
    let removed = comparison
        .all_removed()
        .filter(|&node| comparison.row_of_base(node) == Some(map));
    assert_eq!(
        removed.map(|node| base.graph.id(node.0).0).collect::<Vec<_>>(),
        [103]
    );
    let (_, other) = find(&comparison, "Other");
    assert_eq!(other.sums.changes.unwrap().size_delta(), -1);
    let (_, old) = find(&comparison, "Old");
    assert_eq!(
        (old.sums.current, old.sums.changes.unwrap().removed),
        (Sum::default(), old.sums.base)
    );
    assert_eq!(comparison.explained_delta(), Some(93 - 72));
}

#[test]
fn the_base_is_classed_by_the_current_interfaces() {
    let objects = |ids: &[u64], more: &str| {
        let lines = ids
            .iter()
            .map(|id| format!("o{id}=Object:object #{id} -p-> \"\"\n"));
        Heap::of(&("\"\":synthetic #1\n".to_owned() + &lines.collect::<String>() + more))
    };
    let comparison = compare(&objects(&[11], ""), &objects(&[11, 13], ""));
    let changes = find(&comparison, "{p}").1.sums.changes.unwrap();
    assert_eq!((changes.added.count, changes.removed.count), (1, 0));
    let comparison = compare(&objects(&[11, 13], ""), &objects(&[11], ""));
    let changes = find(&comparison, "Object").1.sums.changes.unwrap();
    assert_eq!((changes.added.count, changes.removed.count), (0, 1));
}

#[test]
fn memory_without_nodes_has_a_row() {
    let heap = |extra: &str| {
        let fixture = Fixture::new("root:synthetic/0 -e-> a:object/16").header("extra_native_bytes", extra);
        Heap::of_bytes(&fixture.bytes())
    };
    let comparison = compare(&heap("100"), &heap("30"));
    let (_, last) = comparison.rows().last().unwrap();
    assert_eq!(
        (&last.subject, last.sums.base.size, last.sums.current.size),
        (&Subject::WithoutNodes, 100, 30)
    );
    assert_eq!(comparison.explained_delta(), Some(-70));
    assert_eq!(compare(&heap("0"), &heap("0")).rows().len(), 1);
}

#[test]
fn other_processes_are_not_matched() {
    let comparison = compare(
        &Heap::of("a:object #1\nb:object #3"),
        &Heap::of("b:object #1\na:object #3"),
    );
    assert_eq!(comparison.id_space().verdict(), Verdict::Separate);
    assert_eq!(comparison.explained_delta(), None);
    assert!(
        comparison
            .rows()
            .all(|(_, row)| row.sums.changes.is_none() && row.sums.base == row.sums.current)
    );
}

#[test]
fn every_byte_is_explained() {
    for seed in 0..50 {
        let mut dice = Dice::new(seed);
        let mut heap = || {
            let mut text = String::from("root:synthetic/0 #1\n");
            for at in 0..20 {
                let (class, size, id) = (dice.pick(&["A", "B"]), dice.roll(5), dice.roll(30) * 2);
                writeln!(text, "n{at}={class}:object/{size} #{id}").unwrap();
            }
            one_process(&text)
        };
        let (base, current) = (heap(), heap());
        let comparison = compare(&base, &current);
        let total = |heap: &Heap| heap.retained.get(heap.graph.root());
        let expected = delta(total(&base), total(&current));
        assert_eq!(comparison.explained_delta(), Some(expected), "seed {seed}");
        for (_, row) in comparison.rows() {
            assert_eq!(row.sums.changes.unwrap().size_delta(), row.sums.size_delta());
        }
    }
}

/// A heap in which `objects` plain objects have these properties.
fn shaped(properties: &[&str], objects: std::ops::Range<usize>, size: usize) -> String {
    let mut text = String::from("root=\"\":synthetic/0 #1 -shortcut:w-> window:object/8 #3\n");
    for at in objects {
        writeln!(
            text,
            "window -o{at}-> o{at}=Object:object/{size} #{}",
            101 + 2 * at
        )
        .unwrap();
        for property in properties {
            writeln!(text, "o{at} -{property}-> window").unwrap();
        }
    }
    text
}

#[test]
fn an_interface_that_got_another_name_is_one_row() {
    let base = one_process(&shaped(&["id", "title"], 0..40, 24));
    let current = one_process(&shaped(&["id", "title", "score"], 0..50, 32));
    let comparison = compare(&base, &current);
    let (_, row) = find(&comparison, "{id, title, score}");
    assert_eq!(row.former, Some("{id, title}".into()));
    assert_eq!((row.sums.base.count, row.sums.current.count), (40, 50));
    // As in DevTools: all of the new name were added, all of the old one removed.
    let changes = row.sums.changes.unwrap();
    assert_eq!((changes.added.count, changes.removed.count), (50, 40));
    assert_eq!(changes.size_delta(), row.sums.size_delta());
    // Where DevTools takes them to have been is told, too.
    let [taken] = row.taken[..] else {
        panic!("{:?}", row.taken);
    };
    assert_eq!(comparison.row(taken.from).name(), "Object");
    assert_eq!(
        (taken.sums.base.count, taken.sums.changes.unwrap().removed.count),
        (40, 40)
    );
    let plain = comparison.rows().find(|(_, row)| row.name() == "Object");
    assert!(plain.is_none_or(|(_, row)| row.sums.is_empty()));
    let was = comparison
        .all_added()
        .filter(|&now| comparison.was(now).is_some());
    assert_eq!(was.count(), 40);

    let by_class = Comparison::build(side(&base), side(&current), Matching::ByClass, &Task::new()).unwrap();
    let (_, row) = find(&by_class, "{id, title, score}");
    assert_eq!((row.sums.base.count, row.sums.current.count), (40, 50));
    assert_eq!(
        (row.former.clone(), row.sums.changes),
        (Some("{id, title}".into()), None)
    );
}

#[test]
fn objects_that_are_another_thing_are_not_taken_for_the_same() {
    let base = one_process(&shaped(&["id", "title"], 0..40, 24));
    let others = one_process(&shaped(&["x", "y"], 40..80, 24));
    for matching in [Matching::ByIds, Matching::ByClass] {
        let comparison = Comparison::build(side(&base), side(&others), matching, &Task::new()).unwrap();
        let (_, row) = find(&comparison, "{x, y}");
        assert_eq!((row.sums.base.count, &row.former), (0, &None));
    }
}

#[test]
fn where_ids_mean_nothing_scripts_have_other_numbers() {
    let heap = |script: u32, at: u32| {
        Heap::of(&format!(
            "root=\"\":synthetic/0 #1 -a-> a=Session:object/8 @{script}:3:4 #{at}\nroot -b-> b=Session:object/8 @{script}:9:4"
        ))
    };
    let (base, current) = (heap(7, 11), heap(12, 13));
    let comparison = Comparison::build(side(&base), side(&current), Matching::ByClass, &Task::new()).unwrap();
    let counts: Vec<_> = comparison
        .rows()
        .map(|(_, row)| (row.sums.base.count, row.sums.current.count))
        .collect();
    assert_eq!(counts, [(1, 1), (1, 1)]);
}

#[test]
fn what_snapshots_leave_behind_is_counted_by_itself_too() {
    let base =
        one_process("root=\"\":synthetic/0 #1 -a-> a=Buffer:object/100 #101 -b-> b=Buffer:object/10 #103");
    let current = one_process(
        "root=\"\":synthetic/0 #1 -a-> a=Buffer:object/150 #101 -b-> b=Buffer:object/40 #103 -c-> c=Buffer:object/7 #105",
    );
    let set = |heap: &Heap, ids: &[u64]| {
        let mut set = BitSet::new(heap.graph.node_count());
        for node in heap
            .graph
            .nodes()
            .filter(|&node| ids.contains(&heap.graph.id(node).0))
        {
            set.insert(node);
        }
        set
    };
    let (before, now) = (set(&base, &[]), set(&current, &[103, 105]));
    let with = |heap, cost| Side {
        own_cost: Some(cost),
        ..side(heap)
    };
    let comparison = Comparison::build(
        with(&base, &before),
        with(&current, &now),
        Matching::ByIds,
        &Task::new(),
    )
    .unwrap();
    let (_, row) = find(&comparison, "Buffer");
    assert_eq!(row.sums.size_delta(), 87);
    // @103 is the snapshot's in both, though only the current snapshot knows.
    assert_eq!((row.cost.base.size, row.cost.current.size), (10, 47));
    assert_eq!(row.cost.changes.unwrap().size_delta(), 37);
    let rest = row.sums.without(row.cost);
    assert_eq!((rest.size_delta(), rest.changes.unwrap().size_delta()), (50, 50));
}
