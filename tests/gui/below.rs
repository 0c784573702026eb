//! The views about the selection, driven by their accessible names.

use std::fmt::Write as _;

use eframe::egui::Key;
use heapatlas::fixture::heap;

use crate::window::Window;

/// A program of one module with a cache, an array, strings, and an object that two ways lead to.
const PROGRAM: &str = r#"
    root:synthetic/0 -element:1-> handles="(Handles)":synthetic/0 -element:1-> list="(internal list)":hidden/16 -hidden:1-> window=Window:object/16
    window -modules-> module=Module:object/40
    file="/srv/app/pricing.js":string/40
    module -filename-> file
    module -exports-> exports=Exports:object/24 -priceFor-> priceFor:closure/64 #901 @7:3:4 -cache-> Map:object/32 #101
    priceFor -internal:shared-> shared:code/8 -internal:script-> script="/srv/app/pricing.js":code/8
    Map -internal:table-> t:array/152
    Map -__proto__-> proto=MapPrototype:object/16 -clear-> clear:closure/8
    t -internal:8-> query=Query:object/40 #201
    t -internal:9-> answer=Quote:object/56 #203
    t -internal:11-> other=Lone:object/40 #205
    query -sku-> sku=SKU-19:string/24 #207
    query -self-> query
    query -internal:map-> shape:hidden/8
    answer -query-> query
    exports -list-> Array:object/32 #301
    Array -element:1-> second=Second:object/24
    Array -element:0-> first=First:object/24
    Array -internal:elements-> store:array/32
    exports -rope-> rope="(concatenated string)":concatenated_string/32 #401
    rope -internal:first-> left="left part, ":string/24
    rope -internal:second-> right="right part":string/24
    lost=Lost:object/16 #501 -x-> first
"#;

/// A window on a file, once it is read, in Summary.
fn on_file(name: &str, text: &str) -> Window {
    on_bytes(name, &heap(text))
}

fn on_bytes(name: &str, bytes: &[u8]) -> Window {
    let mut window = Window::of_size([1440.0, 900.0], &[(name, bytes)]);
    window.wait_for("1 snapshot ready");
    window.show("Summary");
    window.wait_for("Sum of all rows");
    window
}

fn program() -> Window {
    on_file("program.heapsnapshot", PROGRAM)
}

#[test]
fn nothing_selected_says_what_to_do() {
    let mut window = program();
    assert!(window.has("Select an object above to see what it holds."));
    window.tab("Chain");
    assert!(window.has("Select an object above to see the shortest way"));
    window.tab("Allocation stack");
    assert!(window.has("Select an object above to see which calls allocated it."));
}

#[test]
fn a_map_shows_its_entries() {
    let mut window = program();
    window.go_to("@101");
    window.wait_for("Entries, level 1");
    window.assert_rows(&[
        "Entries, level 1, expanded, 2 rows",
        "Query @201 → Quote @203, level 2, collapsed, retained 56 bytes",
        "Lone @205 → small integer, kept inside the object, level 2",
        "Prototype, level 1, expanded",
        "__proto__: MapPrototype @",
        "Internals, level 1, collapsed",
    ]);
    // Key and value are apart, and what they hold is below.
    window.click_row("Query @201 → Quote @203");
    window.press(Key::ArrowRight);
    window.assert_rows(&[
        "key: Query @201, level 3, collapsed",
        "value: Quote @203, level 3",
    ]);
    window.press(Key::ArrowDown);
    window.press(Key::ArrowRight);
    window.assert_rows(&[
        "sku: \"SKU-19\" @207, level 4",
        "self: Query @201, level 4, retained",
    ]);
}

#[test]
fn internals_fold_and_open() {
    let mut window = program();
    window.go_to("@101");
    window.wait_for("Internals, level 1, collapsed");
    assert!(!window.has_row("table: "));
    window.click_row("Internals");
    window.press(Key::ArrowRight);
    window.assert_rows(&["Internals, level 1, expanded", "table: t @"]);
    window.press(Key::ArrowLeft);
    assert!(!window.has_row("table: "));
}

#[test]
fn an_array_shows_its_elements_by_number_and_sorted() {
    let mut window = program();
    window.go_to("@301");
    window.wait_for("Elements, level 1, expanded, 2 rows");
    let rows = window.rows();
    let at = |start: &str| rows.iter().position(|row| row.starts_with(start)).unwrap();
    assert!(at("[0]: First") < at("[1]: Second"), "{rows:#?}");
}

#[test]
fn many_elements_come_in_pages() {
    let mut text = String::from("root:synthetic/0 -shortcut:w-> Array:object/16 #7\n");
    for at in 0..250 {
        writeln!(text, "Array -element:{at}-> e{at}=Item:object/24").unwrap();
    }
    let mut window = on_file("many.heapsnapshot", &text);
    window.go_to("@7");
    window.wait_for("Elements, level 1, expanded, 250 rows");
    window.click_row("Elements");
    window.press(Key::End);
    window.wait_for("Show 100 more");
}

#[test]
fn a_string_shows_its_whole_text() {
    let mut window = program();
    window.go_to("@401");
    window.wait_for("left part, right part");
    assert!(window.has("21 characters") && window.has("Copy text"));
}

#[test]
fn a_row_is_followed_to_its_object() {
    let mut window = program();
    window.go_to("@201");
    window.wait_for("sku: \"SKU-19\"");
    assert!(window.has("Query @201, {sku, self}"), "{:#?}", window.labels());
    window.click_row("sku: \"SKU-19\"");
    window.press(Key::Enter);
    window.wait_for("6 characters");
}

#[test]
fn a_class_is_explained() {
    let mut window = program();
    window.click_row("Quote, level 1");
    assert!(
        window.has("Objects made by the constructor Quote."),
        "{:#?}",
        window.labels()
    );
}

#[test]
fn the_chain_names_its_edges_and_what_a_cut_frees() {
    let mut window = program();
    window.go_to("@201");
    window.tab("Chain");
    window.wait_for("key of Map entry 1: Query @201");
    window.assert_rows(&[
        "GC roots, level 1",
        "2 internal steps to (internal list) @",
        ".modules: Module @",
        ".exports: Exports @",
        ".priceFor: priceFor() @901",
        ".cache: Map @101",
        "key of Map entry 1: Query @201",
    ]);
    window.wait_for("cutting here frees");
    window.click_row("2 internal steps");
    window.press(Key::ArrowRight);
    window.assert_rows(&["[1]: (Handles) @", "[1]: (internal list) @"]);
}

#[test]
fn the_cut_is_that_of_the_object_which_is_looked_at() {
    let heap = r#"
        root:synthetic/0 -shortcut:w-> window:object/8 -main-> f=start:closure/32 -internal:shared-> sf=start:code/8 -internal:script-> script="/srv/app/main.js":code/8
        f -internal:context-> m="system / Context":object/16 -context:first-> g=one:closure/32 -internal:shared-> sg=one:code/8 -internal:script-> script
        g -cache-> a=Alpha:object/5000 #103
        m -context:second-> b=Beta:object/5000 #105
    "#;
    let mut window = Window::on_heaps(&[heap], "Summary");
    window.tab("Chain");
    let is_cut = |window: &Window, edge: &str| {
        let mut rows = window.rows().into_iter();
        let row = rows.find(|row| row.contains("cutting here frees"));
        row.is_some_and(|row| row.starts_with(edge))
    };
    for _ in 0..3 {
        window.go_to("@105");
        window.wait_until("the cut of Beta", |window| is_cut(window, "second"));
        window.go_to("@103");
        window.wait_until("the cut of Alpha", |window| is_cut(window, ".cache"));
    }
}

#[test]
fn another_way_is_shown_in_place_of_the_first() {
    let mut window = program();
    window.go_to("@201");
    window.tab("Chain");
    window.wait_for("Way 1 of 2");
    assert!(!window.has_row(".query: Query @201"));
    window.click("Next way");
    window.assert_rows(&["value of Map entry 1: Quote @203", ".query: Query @201"]);
    window.click("Previous way");
    assert!(!window.has_row(".query: Query @201"));
}

#[test]
fn where_there_is_room_other_ways_are_listed() {
    let mut window = program();
    window.harness.set_size(eframe::egui::vec2(2200.0, 900.0));
    window.go_to("@201");
    window.tab("Chain");
    window.wait_for("Quote @203 .query, +1 step");
    window.click("Quote @203 .query, +1 step");
    window.assert_rows(&["value of Map entry 1: Quote @203", ".query: Query @201"]);
    window.click("Shortest, ");
    assert!(!window.has_row(".query: Query @201"));
    assert!(window.has("Copy chain"));
}

#[test]
fn a_step_of_the_chain_is_gone_to() {
    let mut window = program();
    window.go_to("@201");
    window.tab("Chain");
    window.wait_for("key of Map entry 1: Query @201");
    window.click_row(".cache: Map @101");
    let copied = window.copied_by(Key::Y).unwrap_or_default();
    assert!(
        copied.contains(".cache: Map @101\n") || copied.contains(".cache: Map @101  ("),
        "{copied}"
    );
    assert!(copied.starts_with("GC roots\n2 internal steps to "), "{copied}");
    window.press(Key::Enter);
    window.wait_for("Entries, level 1");
    assert!(!window.has_row("key of Map entry 1"));
}

#[test]
fn what_nothing_holds_has_no_chain() {
    let mut window = program();
    window.go_to("@501");
    window.tab("Chain");
    window.wait_for("Nothing holds this object; it is garbage");
}

#[test]
fn stacks_are_shown_where_the_file_has_them() {
    let mut window = program();
    window.go_to("@201");
    window.tab("Allocation stack");
    assert!(window.has("This file holds no allocation stacks."));

    let meta = r#"{"node_fields":["type","name","id","self_size","edge_count","trace_node_id"],
        "node_types":[["object","synthetic"],"string","number","number","number","number"],
        "edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"],"string_or_number","node"],
        "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],
        "trace_node_fields":["id","function_info_index","count","size","children"]}"#;
    let file = format!(
        r#"{{"snapshot":{{"meta":{meta},"node_count":2,"edge_count":1,"trace_function_count":3}},
        "nodes":[1,1,1,0,1,0,0,2,3,8,0,3],"edges":[0,2,6],
        "trace_function_infos":[0,3,0,0,0,0,1,4,6,7,3,1,2,5,6,7,9,4],
        "trace_tree":[1,0,0,0,[2,1,1,8,[3,2,1,8,[]]]],"samples":[],
        "strings":["","root","a","(root)","outer","inner","a.js"]}}"#
    );
    let mut window = on_bytes("stacks.heaptimeline", file.as_bytes());
    window.go_to("@3");
    window.tab("Allocation stack");
    window.assert_rows(&["inner, level 1, a.js:9:4", "outer, level 1, a.js:3:1"]);
}
