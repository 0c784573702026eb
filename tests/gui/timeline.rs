//! The timeline: bars with a range, functions with callers, and what they filter.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use heapatlas::fixture::heap;

use crate::window::{Window, cache};

/// Two objects of the call `inner`, made between 100 and 150 ms, and one of `outer` from before the recording.
const RECORDING: &str = include_str!("../data/calls.heaptimeline");

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
    window.wait_for("Take off the filter: Allocated between 100\u{A0}ms and 150\u{A0}ms");
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
fn a_range_limits_functions_and_both_are_one_filter() {
    let mut window = recording();
    window.wait_for_row("outer");
    window.press_on(
        Role::Slider,
        "Allocation timeline, 6 samples, 13.0\u{A0}kB alive",
        Key::ArrowRight,
    );
    for _ in 0..2 {
        window.press_with(Modifiers::SHIFT, Key::ArrowRight);
    }
    window.wait_until("only inner", |window| {
        let rows = window.rows();
        let alive = |row: &String| row.starts_with("inner") && row.contains("2 objects alive, 13000 bytes");
        rows.iter().any(alive) && !rows.iter().any(|row| row.starts_with("outer"))
    });
    // The caller of a function is a filter of what went that way.
    window.wait_for("Take off the filter: Allocated between 100\u{A0}ms and 150\u{A0}ms");
    window.wait_for("Burst 1");
    window.settle();
    window.choose("inner");
    window.press(Key::ArrowRight);
    window.wait_for_row("outer");
    window.press(Key::ArrowDown);
    window.press(Key::Enter);
    window.wait_for(
        "Take off the filter: Allocated by inner, called by outer between 100\u{A0}ms and 150\u{A0}ms",
    );
    window.wait_for("2 objects in snapshot 1, 13\u{2009}000\u{A0}B");
    window.wait_for_row("inner");
}

#[test]
fn a_call_of_a_stack_is_a_filter() {
    let mut window = recording();
    window.show("Summary");
    window.choose("Leak");
    window.press(Key::ArrowRight);
    window.wait_until("the objects", |window| {
        window.rows().iter().filter(|row| row.starts_with("Leak")).count() > 1
    });
    window.press(Key::ArrowDown);
    window.show("Allocation stack");
    window.wait_for_row("inner");
    window.choose("outer");
    window.press(Key::Enter);
    window.wait_for("Take off the filter: Allocated under outer");
    window.wait_for("3 objects in snapshot 1, 13\u{2009}008\u{A0}B");
}

#[test]
fn other_files_say_that_they_are_no_recordings() {
    let mut window = Window::on_heaps(&[&cache()], "Summary");
    window.show("Timeline");
    window.wait_for("This file is no recording.");
}

#[test]
fn a_recording_opens_in_the_timeline_and_other_files_do_not() {
    let mut window = Window::on(&[("load.heaptimeline", RECORDING.as_bytes())]);
    window.wait_for("Allocation timeline, 6 samples, 13.0\u{A0}kB alive");
    let mut window = Window::on(&[("small.heapsnapshot", &heap(&cache()))]);
    window.wait_for("1 snapshot ready");
    assert!(!window.has("This file is no recording."));
}

#[test]
fn calls_are_boxes_that_can_be_zoomed() {
    let mut window = recording();
    window.wait_for("inner, 13.0\u{A0}kB, 99.9\u{A0}%");
    window.press_on(
        Role::Group,
        "Allocations by function, callers below",
        Key::ArrowDown,
    );
    window.press(Key::ArrowDown);
    window.press(Key::Enter);
    window.wait_for("Zoom out");
    window.press(Key::Backspace);
    window.wait_for("Enter zooms in, Backspace out");
    window.click_on(Role::RadioButton, "Calls");
    window.wait_for("outer, 13.0\u{A0}kB, 100\u{A0}%");
}

#[test]
fn a_sampling_profile_has_a_page_of_its_own() {
    let profile = include_bytes!("../data/calls.heapprofile");
    let mut window = Window::on(&[("load.heapprofile", profile)]);
    window.wait_for("1 file ready");
    window.wait_for_row("inner");
    window.wait_for("inner, 27.0\u{A0}kB, 100\u{A0}%");
    window.click_on(Role::RadioButton, "Calls");
    window.wait_for_row("outer");
}
