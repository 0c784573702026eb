//! The timeline: bars with a range, functions with callers, and what they filter.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};

use crate::window::{Window, cache};

/// Two objects of the call `inner`, made between 100 and 150 ms, and one of `outer` from before the recording.
const RECORDING: &str = r#"{"snapshot":{"meta":{
 "node_fields":["type","name","id","self_size","edge_count","trace_node_id"],
 "node_types":[["object","synthetic"],"string","number","number","number","number"],
 "edge_fields":["type","name_or_index","to_node"],"edge_types":[["property"],"string_or_number","node"],
 "trace_function_info_fields":["function_id","name","script_name","script_id","line","column"],
 "trace_node_fields":["id","function_info_index","count","size","children"],
 "sample_fields":["timestamp_us","last_assigned_id"]},
 "node_count":4,"edge_count":3,"trace_function_count":3},
 "nodes":[1,1,1,0,3,0,0,2,3,8,0,2,0,3,5,5000,0,3,0,4,7,8000,0,3],"edges":[0,2,6,0,3,12,0,4,18],
 "trace_function_infos":[0,5,0,0,0,0,1,6,8,7,3,1,2,7,8,7,10,5],
 "trace_tree":[1,0,0,0,[2,1,1,8,[3,2,9,27000,[]]]],
 "samples":[0,3,50000,3,100000,3,150000,7,200000,7,250000,7],
 "strings":["","root","first","Leak","Leak","(root)","outer","inner","a.js"]}"#;

fn recording() -> Window {
    let mut window = Window::in_summary(&[("load.heaptimeline", RECORDING.as_bytes())]);
    window.wait_for("1 snapshot ready");
    window.show("Timeline");
    window.wait_for("Allocation timeline, 6 samples, 13.0\u{A0}kB alive");
    window
}

#[test]
fn a_range_of_bars_limits_every_view() {
    let mut window = recording();
    window.press_on(
        Role::Slider,
        "Allocation timeline, 6 samples, 13.0\u{A0}kB alive",
        Key::ArrowRight,
    );
    window.wait_for("Allocation timeline, samples 1 to 1 chosen, 0\u{A0}B alive");
    for _ in 0..2 {
        window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    }
    window.wait_for("Allocation timeline, samples 1 to 3 chosen, 13.0\u{A0}kB alive");
    window.wait_for("Take off the filter: Allocated after @3, up to @7");
    window.wait_for("2 objects in snapshot 1, 13\u{2009}000\u{A0}B");
    window.show("Summary");
    window.wait_for_row("Leak");
    assert!(!window.has_row("first"), "{:#?}", window.rows());
}

#[test]
fn functions_have_callers_and_are_filters() {
    let mut window = recording();
    window.wait_for_row("inner");
    window.click_on(Role::RadioButton, "Calls");
    window.wait_for_row("outer");
    window.click_on(Role::RadioButton, "Functions");
    window.wait_for_row("inner");
    let rows = window.rows();
    assert!(
        rows.iter()
            .any(|row| row.contains("2 of 9 objects alive, 13000 of 27000 bytes")),
        "{rows:#?}"
    );
    window.choose("inner");
    window.press(Key::Enter);
    window.wait_for("Take off the filter: Allocated by inner");
    window.wait_for("2 objects in snapshot 1, 13\u{2009}000\u{A0}B");
}

#[test]
fn other_files_say_that_they_are_no_recordings() {
    let mut window = Window::on_heaps(&[&cache()], "Summary");
    window.show("Timeline");
    window.wait_for("This file is no recording.");
}
