//! What is growth and what is not, each rule on tiny heaps.

use std::fmt::Write as _;

use super::*;
use crate::analysis::ephemerons::Ephemerons;
use crate::analysis::path_tree::{PathTree, Source};
use crate::analysis::testing::Heap;

/// What grows from heap to heap: the last step to each holder, and its counts.
fn growing(heaps: &[String], processes: &[usize]) -> Vec<(String, Vec<u64>)> {
    let task = &Task::new();
    let heaps: Vec<Heap> = heaps.iter().map(|text| Heap::of(text)).collect();
    let trees: Vec<PathTree> = heaps
        .iter()
        .map(|heap| {
            let ephemerons = Ephemerons::build(&heap.graph, task).unwrap();
            let source = Source {
                graph: &heap.graph,
                ephemerons: &ephemerons,
                shallow: &heap.shallow,
            };
            PathTree::build(source, task).unwrap()
        })
        .collect();
    let merged = MergedTrees::build(&trees, task).unwrap();
    let sequences = Sequences::of_processes(processes);
    let found = find(&merged, &sequences, task).unwrap();
    let told = found.into_iter().map(|holder| {
        let place = merged.place(holder.places[0]);
        (
            format!("{} {}", merged.text(place.edge), merged.text(place.class)),
            holder.counts,
        )
    });
    told.collect()
}

fn one_process(heaps: &[String]) -> Vec<(String, Vec<u64>)> {
    growing(heaps, &vec![0; heaps.len()])
}

const ROOT: &str = "root:synthetic/0 -shortcut:g-> g=global:object/64\n";

/// Elements of `holder`, of class `class` and so many bytes.
fn elements(text: &mut String, holder: &str, class: &str, count: usize, size: usize) {
    for at in 0..count {
        writeln!(
            text,
            "{holder} -element:{at}-> {holder}_{class}{at}={class}:object/{size}"
        )
        .unwrap();
    }
}

/// A list of so many items of 50 bytes, beside one of so many.
fn lists(leak: usize, other: usize) -> String {
    let mut text = format!("{ROOT}g -leak-> l=Array:object/16\ng -other-> o=Array:object/16\n");
    elements(&mut text, "l", "Item", leak, 50);
    elements(&mut text, "o", "Thing", other, 50);
    text
}

fn told(name: &str, counts: &[u64]) -> Vec<(String, Vec<u64>)> {
    vec![(name.to_owned(), counts.to_vec())]
}

#[test]
fn what_rises_at_every_step_grows_and_nothing_else() {
    let series = [(30, 100), (60, 100), (95, 100)].map(|(leak, other)| lists(leak, other));
    assert_eq!(one_process(&series), told("leak Array", &[30, 60, 95]));
    // Filled once; up and down; slowing down; too few and uneven.
    for other in [[0, 90, 90], [50, 90, 60], [10, 400, 450], [20, 22, 27]] {
        let series = other.map(|other| lists(7, other));
        assert_eq!(one_process(&series), [], "{other:?}");
    }
    let steady = [12, 18, 24, 31].map(|other| lists(7, other));
    assert_eq!(one_process(&steady), told("other Array", &[12, 18, 24, 31]));
}

#[test]
fn a_few_heavy_objects_grow() {
    let buffers = |count: usize| {
        let mut text = format!("{ROOT}g -chunks-> l=Array:object/16\n");
        for at in 0..count {
            let buffer = format!(
                "b{at}=ArrayBuffer:object/80 -internal:backing_store-> m{at}=\"system / JSArrayBufferData\":native/100000"
            );
            writeln!(text, "l -element:{at}-> {buffer}").unwrap();
        }
        text
    };
    assert_eq!(
        one_process(&[1, 2, 3].map(buffers)),
        told("chunks Array", &[1, 2, 3])
    );
}

#[test]
fn an_object_that_becomes_larger_itself_grows() {
    let log = |size: usize| format!("{ROOT}g -log-> s=text:string/{size}\ng -kept-> t=other:string/9000\n");
    let series = [1000, 9000, 17_000, 25_000].map(log);
    assert_eq!(one_process(&series), told("log (string)", &[1, 1, 1, 1]));
    assert_eq!(one_process(&[1000, 25_000, 25_000, 25_000].map(log)), []);
    // A map of integers has no edges: its table has room for 16, 1024, 1024 and 4096 entries.
    let table = |buckets: usize| {
        let size = (3 + 7 * buckets + 2) * 8;
        format!("{ROOT}g -scores-> m=Map:object/32 -internal:table-> t=\"\":array/{size}\n")
    };
    let series = [8, 512, 512, 2048].map(table);
    assert_eq!(one_process(&series), told("scores Map", &[16, 1024, 1024, 4096]));
}

#[test]
fn the_topmost_is_told_and_what_has_a_cause_of_its_own() {
    // Each session has a user; one of them leads to a list that grows for itself.
    let sessions = |count: usize| {
        let mut text = format!("{ROOT}g -sessions-> l=Array:object/16\n");
        for at in 0..count {
            writeln!(
                text,
                "l -element:{at}-> s{at}=Session:object/32 -user-> u{at}=User:object/16"
            )
            .unwrap();
        }
        text += "s0 -app-> app=App:object/32 -log-> o=Array:object/16\n";
        elements(&mut text, "o", "Line", count + 7, 20);
        text
    };
    let found = one_process(&[30, 60, 90].map(sessions));
    assert_eq!(
        found,
        [
            ("sessions Array".to_owned(), vec![30, 60, 90]),
            ("log Array".to_owned(), vec![37, 67, 97])
        ]
    );
}

#[test]
fn several_lists_at_one_place_are_told_apart_by_what_they_hold() {
    let both = |requests: usize| {
        let mut text = format!(
            "{ROOT}g -keep-> k=Array:object/16 -element:0-> a=Array:object/16\nk -element:1-> b=Array:object/16\n"
        );
        elements(&mut text, "a", "Request", requests, 20);
        elements(&mut text, "b", "Line", 2 * requests, 20);
        text
    };
    let mut counts: Vec<Vec<u64>> = one_process(&[30, 60, 90].map(both))
        .into_iter()
        .map(|(_, counts)| counts)
        .collect();
    counts.sort_unstable();
    assert_eq!(counts, [vec![30, 60, 90], vec![60, 120, 180]]);
}

#[test]
fn linked_lists_count_all_their_links() {
    let list = |links: usize| {
        let mut text = format!("{ROOT}g -queue-> q=Queue:object/16 -head-> n0=Link:object/24\n");
        for at in 1..links {
            writeln!(text, "n{} -next-> n{at}=Link:object/24", at - 1).unwrap();
        }
        text
    };
    assert_eq!(
        one_process(&[30, 60, 90].map(list)),
        told("queue Queue", &[30, 60, 90])
    );
}

#[test]
fn processes_are_judged_each_for_itself() {
    let series = [(700, 1), (2000, 1), (1400, 1), (3000, 1)].map(|(leak, other)| lists(leak, other));
    assert_eq!(
        growing(&series, &[0, 1, 0, 1]),
        told("leak Array", &[700, 2000, 1400, 3000])
    );
    assert_eq!(growing(&series, &[0, 0, 0, 0]), []);
    let in_one_alone = [(700, 1), (2000, 1), (1400, 1), (2000, 1)].map(|(leak, other)| lists(leak, other));
    assert_eq!(growing(&in_one_alone, &[0, 1, 0, 1]), []);
}

#[test]
fn other_first_steps_lead_to_the_same_place() {
    let by = |way: &str, count: usize| {
        let mut text =
            format!("{ROOT}g -{way}-> w=Way:object/16 -app-> a=App:object/32 -jobs-> l=Array:object/16\n");
        elements(&mut text, "l", "Job", count, 40);
        text
    };
    let series = [by("timer", 30), by("request", 60), by("timer", 90)];
    assert_eq!(one_process(&series), told("jobs Array", &[30, 60, 90]));
}

#[test]
fn the_engines_own_and_its_lists_of_strings_do_not_grow() {
    let engine = |count: usize| {
        let mut text = format!(
            "{ROOT}root -element:1-> gc=\"(GC roots)\":synthetic/0 -element:1-> st=\"(Internalized strings)\":synthetic/0\n"
        );
        for at in 0..count {
            writeln!(
                text,
                "st -element:{at}-> s{at}=text:string/20\ng -f{at}x-> c{at}=run:code/40"
            )
            .unwrap();
        }
        text
    };
    assert_eq!(one_process(&[30, 60, 90].map(engine)), []);
}

/// A `Map` with so many entries in a table of so many buckets, each for two; keys that are small integers leave no edges.
fn table(name: &str, buckets: usize, entries: usize, keys: &str) -> String {
    let size = (3 + 7 * buckets + 2) * 8;
    let mut text = format!("{ROOT}g -{name}-> m=Map:object/32 -internal:table-> t=\"\":array/{size}\n");
    for at in 0..entries {
        let slot = 3 + buckets + 3 * at;
        writeln!(text, "t -internal:{slot}-> {keys}{at}=key:string/24").unwrap();
    }
    text
}

#[test]
fn the_room_of_a_table_says_nothing_where_its_entries_leave_edges() {
    // A cache that swaps what it holds: its table is made larger for what was deleted.
    let pages = [(128, 200), (256, 350), (512, 350)];
    let series = pages.map(|(buckets, entries)| table("pages", buckets, entries, "k"));
    assert_eq!(one_process(&series), []);
    assert_eq!(one_process(&series[1..]), []);
    // One that is filled with what another list leads to first is found by its entries.
    let listed = |buckets, entries: usize| {
        let mut text = table("names", buckets, entries, "k");
        for at in 0..entries {
            writeln!(text, "g -name{at}x-> k{at}").unwrap();
        }
        text
    };
    let series = [(256, 300), (512, 800), (1024, 1300)].map(|(buckets, entries)| listed(buckets, entries));
    let found = one_process(&series);
    assert!(
        found.contains(&("names Map".to_owned(), vec![300, 800, 1300])),
        "{found:?}"
    );
}

#[test]
fn an_array_whose_elements_are_swapped_does_not_grow_by_its_room() {
    let pool = |room: usize, held: usize| {
        let mut text = format!(
            "{ROOT}g -pool-> l=Array:object/16 -internal:elements-> e=\"(object elements)\":array/{}\n",
            16 + 8 * room
        );
        for at in 0..held {
            writeln!(text, "e -hidden:{at}-> w{at}=Worker:object/24").unwrap();
        }
        text
    };
    assert_eq!(
        one_process(&[(500, 90), (2000, 90), (4000, 90)].map(|(room, held)| pool(room, held))),
        []
    );
    // Numbers leave no edges: their room is all there is to see.
    let numbers = [500, 2000, 4000].map(|room| pool(room, 0));
    assert_eq!(one_process(&numbers), told("pool Array", &[1, 1, 1]));
}

#[test]
fn a_weak_table_is_not_why_its_keys_are_alive() {
    let weak = |entries: usize| {
        let size = (3 + 2 * entries + 2) * 8;
        format!("{ROOT}g -seen-> m=WeakMap:object/32 -internal:table-> t=\"\":array/{size}\n")
    };
    assert_eq!(one_process(&[512, 2048, 4096].map(weak)), []);
}

/// So many timers, which all lead to the same variables; of these hang a list, a table of numbers and a text.
fn timers(count: usize, is_leaking: bool) -> String {
    let grown = if is_leaking { count } else { 30 };
    let mut text = format!("{ROOT}g -timers-> l=Array:object/16\nc=\"system / Context\":object/64\n");
    for at in 0..count {
        writeln!(
            text,
            "l -element:{at}-> t{at}=Timeout:object/80 -callback-> f{at}=run:closure/64 -internal:context-> c"
        )
        .unwrap();
    }
    writeln!(text, "c -context:latest-> n0=Link:object/24").unwrap();
    for at in 1..grown * 2 {
        writeln!(text, "n{} -next-> n{at}=Link:object/24", at - 1).unwrap();
    }
    writeln!(text, "c -context:journal-> s=text:string/{}", grown * 500).unwrap();
    text
}

#[test]
fn single_slots_that_all_members_of_a_growing_place_share_have_causes_of_their_own() {
    let mut found = one_process(&[30, 60, 90].map(|count| timers(count, true)));
    found.sort_unstable();
    assert_eq!(
        found,
        [
            ("callback run()".to_owned(), vec![60, 120, 180]),
            ("journal (string)".to_owned(), vec![1, 1, 1]),
            ("timers Array".to_owned(), vec![30, 60, 90]),
        ]
    );
    let found = one_process(&[30, 60, 90].map(|count| timers(count, false)));
    assert_eq!(found, told("timers Array", &[30, 60, 90]));
}

#[test]
fn who_waits_for_a_promise_counts_however_the_links_are_named() {
    let waiting = |count: usize| {
        let reaction = "\"system / PromiseReaction\":hidden/40";
        let mut text =
            format!("{ROOT}g -ready-> p=Promise:object/48 -internal:reactions_or_result-> r0={reaction}\n");
        for at in 1..count {
            writeln!(text, "r{} -hidden:0-> r{at}={reaction}", at - 1).unwrap();
        }
        // The engine's bytes are reckoned as those of the object that they are for.
        text.replacen(
            "Promise:object/48",
            &format!("Promise:object/{}", 48 + 400 * count),
            1,
        )
    };
    assert_eq!(
        one_process(&[30, 60, 90].map(waiting)),
        told("ready Promise", &[30, 60, 90])
    );
}

#[test]
fn what_the_engine_made_for_an_object_is_its_count() {
    let observed = |count: usize| {
        let mut text = format!("{ROOT}g -observed-> l=Array:object/{}\n", 16 + 200 * count);
        for at in 0..count {
            writeln!(text, "l -element:{at}-> p{at}=\"system / JSProxy\":hidden/24").unwrap();
        }
        text
    };
    assert_eq!(
        one_process(&[30, 60, 90].map(observed)),
        told("observed Array", &[30, 60, 90])
    );
}

#[test]
fn a_few_integers_that_are_swapped_do_not_grow_by_their_room() {
    let room = |buckets| table("rates", buckets, 0, "k");
    assert_eq!(one_process(&[128, 256, 512].map(room)), []);
    assert_eq!(
        one_process(&[128, 256, 1024].map(room)),
        told("rates Map", &[256, 512, 2048])
    );
}

#[test]
fn what_a_runtime_keeps_for_itself_does_not_grow() {
    // A table of a browser's C++ code that becomes larger, and texts that only a list of roots holds.
    let heap = |size: usize, texts: usize| {
        let mut text = format!("{ROOT}g -cache-> t=\"blink::HashTable<Key>\":native/{size}\n");
        text += "root -element:2-> roots=\"(GC roots)\":synthetic/0\n";
        for at in 0..texts {
            writeln!(text, "roots -element:{at}-> s{at}=\"text {at}\":string/40").unwrap();
        }
        text
    };
    let series = [heap(20_000, 30), heap(60_000, 60), heap(140_000, 90)];
    assert_eq!(one_process(&series), []);
    let own = series.map(|text| text.replace("\"blink::HashTable<Key>\":native", "Array:object"));
    assert_eq!(one_process(&own).len(), 1, "{:?}", one_process(&own));
}
