use std::fmt::Write as _;

use super::*;
use crate::analysis::testing::Heap;

/// Kind, entries and room of each collection: `Map 2 of 4`.
fn found(text: &str) -> Vec<String> {
    let heap = Heap::of(&format!("root=\"\":synthetic/0 -shortcut:w-> w:object/8\n{text}"));
    let line = |collection: &Collection| {
        let Entries { least, most } = collection.entries;
        let entries = if least == most {
            least.to_string()
        } else {
            format!("{least}–{most}")
        };
        format!("{} {entries} of {}", collection.kind.name(), collection.capacity)
    };
    find(&heap.graph, &Task::new())
        .unwrap()
        .iter()
        .map(line)
        .collect()
}

/// A collection whose table of `size` bytes has edges of those names.
fn table(name: &str, size: u64, slots: &[u32], link: &str) -> String {
    let mut text = format!("w -c-> c={name}:object/32 -internal:{link}-> t=\"\":array/{size}\n");
    for slot in slots {
        writeln!(text, "t -internal:{slot}-> x{slot}:object").unwrap();
    }
    text
}

#[test]
fn entries_of_maps_are_counted_by_keys_or_values() {
    // Eight entries, four buckets: entries begin at slot 7 and take three slots each.
    assert_eq!(
        found(&table("Map", 264, &[7, 8, 10, 11], "table")),
        ["Map 2 of 8"]
    );
    assert_eq!(found(&table("Map", 264, &[7, 10, 13], "table")), ["Map 3 of 8"]);
    assert_eq!(found(&table("Map", 264, &[8, 11, 14], "table")), ["Map 3 of 8"]);
    // Deleted entries between others.
    assert_eq!(found(&table("Map", 264, &[7, 13, 19], "table")), ["Map 3 of 8"]);
}

#[test]
fn small_integers_leave_a_range() {
    assert_eq!(found(&table("Map", 264, &[], "table")), ["Map 2–8 of 8"]);
    assert_eq!(found(&table("Set", 200, &[], "table")), ["Set 2–8 of 8"]);
    // Keys of both sorts, and a gap that may be an entry.
    assert_eq!(found(&table("Map", 264, &[7, 14], "table")), ["Map 2–8 of 8"]);
    assert_eq!(found(&table("Map", 152, &[], "table")), ["Map 0–4 of 4"]);
}

#[test]
fn pointer_compression_halves_the_words() {
    assert_eq!(found(&table("Map", 132, &[7, 8], "table")), ["Map 2–8 of 8"]);
    assert_eq!(found(&table("Map", 132, &[7, 10, 13], "table")), ["Map 3 of 8"]);
    let arrays = "w -a-> a=Array:object/16 -internal:elements-> e=\"(object elements)\":array/408\n\
                  a -element:0-> x\na -element:1-> y";
    assert_eq!(found(arrays), ["Array 2 of 100"]);
}

#[test]
fn iterators_and_unknown_layouts_are_no_collections() {
    let iterated = format!(
        "{}w -i-> i=\"Map Iterator\":object/32 -internal:table-> t",
        table("Map", 264, &[7], "table")
    );
    assert_eq!(found(&iterated), ["Map 2–8 of 8"]);
    assert_eq!(found(&table("Map", 272, &[7], "table")), [""; 0]);
}

#[test]
fn weak_tables_are_counted_by_slots_or_pairs() {
    let pair = "part of key (k @21) -> value (v @23) pair in WeakMap (table @51)";
    let slots = "w -c-> c=WeakMap:object/32 -internal:table-> t=\"\":array/104\nt -weak:3-> k\nt -weak:4-> v";
    assert_eq!(found(slots), ["WeakMap 1 of 4"]);
    let pairs = format!(
        "w -c-> c=WeakSet:object/32 -internal:table-> t=\"\":array/104\nt -internal:\"1 / {pair}\"-> v\n\
         t -internal:\"2 / {pair}\"-> u"
    );
    assert_eq!(found(&pairs), ["WeakSet 2 of 4"]);
}

#[test]
fn objects_of_many_properties_are_dictionaries() {
    // Room for 32: names begin at slot 6 and take three slots each.
    let names: Vec<u32> = (0..9).map(|entry| 6 + 3 * entry).collect();
    assert_eq!(
        found(&table("Object", 832, &names, "properties")),
        ["dictionary 9 of 32"]
    );
    assert_eq!(found(&table("Object", 832, &names[..5], "properties")), [""; 0]);
    let prototype = format!(
        "{}c -constructor-> f:closure -prototype-> c",
        table("Object", 832, &names, "properties")
    );
    assert_eq!(found(&prototype), [""; 0]);
}

#[test]
fn arrays_tell_their_room() {
    let array = |more: &str| {
        format!("w -a-> a=Array:object/32 -internal:elements-> e=\"(object elements)\":array/816\n{more}")
    };
    assert_eq!(
        found(&array("a -element:0-> x\na -element:1-> y")),
        ["Array 2 of 100"]
    );
    assert_eq!(
        found(&array("a -element:0-> x\na -element:9-> y")),
        ["Array 2–10 of 100"]
    );
    assert_eq!(found(&array("")), ["Array 42–100 of 100"]);
    let small =
        "w -a-> a=Array:object/32 -internal:elements-> e=\"(object elements)\":array/64\na -element:0-> x";
    assert_eq!(found(small), [""; 0]);
    // A sparse object: four slots, then three for each of 32 elements.
    let sparse = "w -a-> a=Object:object/56 -internal:elements-> e=\"(object elements)\":array/816\n\
                  e -internal:map-> m:hidden\na -element:9000-> x";
    assert_eq!(found(sparse), ["dictionary 8–22 of 32"]);
}

#[test]
fn large_arrays_of_the_engine_come_last() {
    let text = format!(
        "{}root -element:1-> big=\"(string table)\":array/20000",
        table("Map", 264, &[7, 10], "table")
    );
    assert_eq!(found(&text), ["Map 2 of 8", "engine table 0–2500 of 2500"]);
}
