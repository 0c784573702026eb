//! What became of the heap over several snapshots.

use std::fmt::Write as _;

use eframe::egui::Key;
use eframe::egui::accesskit::Role;

use crate::window::Window;

/// A server whose list of requests grows, beside a table of that size: after so many requests.
fn server(requests: usize, table: usize) -> String {
    let mut text = format!(
        "root:synthetic/0 #1 -shortcut:w-> global:object/64 #3 -property:requests-> list=Array:object/32 #5
        global -property:names-> names=Names:object/{table} #7\n"
    );
    for at in 0..requests {
        writeln!(
            text,
            "list -element:{at}-> r{at}=Request:object/56 #{}",
            1001 + 2 * at
        )
        .unwrap();
    }
    text
}

fn window() -> Window {
    let heaps = [(30, 4000), (80, 4000), (130, 4000)].map(|(requests, table)| server(requests, table));
    let heaps: Vec<&str> = heaps.iter().map(String::as_str).collect();
    let mut window = Window::on_heaps(&heaps, "Trend");
    window.wait_for("Rows sum to the total of every snapshot");
    window
}

#[test]
fn what_grew_comes_first_and_is_in_the_chart() {
    let mut window = window();
    window.wait_for_row("requests, level 1, collapsed, grew by 5\u{2009}600 bytes");
    let row = window.rows()[0].clone();
    assert!(row.contains("entries per snapshot: 30, 80, 130"), "{row}");
    assert!(row.contains("grew at every step, in the chart"), "{row}");
    assert!(window.has("Bytes: requests"));
    assert!(window.rows().last().unwrap().starts_with("Everything else"));
    // Space takes the row out of the chart and back in.
    window.choose("requests, level 1");
    window.press(Key::Space);
    window.wait_until("no row in the chart", |window| !window.has("in the chart"));
    window.press(Key::Space);
    window.wait_for("in the chart");
}

#[test]
fn a_row_opens_to_what_it_is_made_of_and_to_its_objects() {
    let mut window = window();
    window.wait_for_row("requests, level 1");
    window.choose("requests, level 1");
    window.press(Key::ArrowRight);
    window.wait_for_row("Request, level 2");
    window.wait_for_row("Request @1259, level 2");
    window.choose("Request @1259");
    assert!(window.has("Selected @1259"));
}

#[test]
fn places_that_grew_with_a_holder_are_under_it() {
    let with_users = |count: usize| {
        let mut text = server(count, 4000);
        for at in 0..count {
            writeln!(
                text,
                "r{at} -property:user-> u{at}=User:object/40 #{}",
                5001 + 2 * at
            )
            .unwrap();
        }
        text
    };
    let heaps = [30, 80, 130].map(with_users);
    let heaps: Vec<&str> = heaps.iter().map(String::as_str).collect();
    let mut window = Window::on_heaps(&heaps, "Trend");
    window.wait_for_row("requests, level 1");
    window.choose("requests, level 1");
    window.press(Key::ArrowRight);
    window.wait_for_row("user, level 2, grew by 4\u{2009}000 bytes");
}

#[test]
fn rows_and_values_are_chosen_and_limited_to_what_grew() {
    let mut window = window();
    window.click_on(Role::CheckBox, "Only rows that grew at every step");
    window.wait_until("one row", |window| window.rows().len() == 1);
    window.click_on(Role::CheckBox, "Only rows that grew at every step");
    window.click_on(Role::RadioButton, "Class");
    window.wait_for_row("Request, level 1");
    window.click_on(Role::RadioButton, "Per step");
    window.click_on(Role::RadioButton, "Shape at distance");
    window.wait_for_row("Request {}, distance 3, level 1");
}

#[test]
fn caches_are_rows_of_their_own() {
    let mut window = Window::on_heaps(&[&super::caches::heap(3), &super::caches::heap(6)], "Trend");
    window.wait_for("Rows sum to the total of every snapshot");
    window.click_on(Role::RadioButton, "Cache");
    window.wait_for_row("sessions");
    let row = window.rows()[0].clone();
    assert!(row.contains("entries per snapshot: 3, 6"), "{row}");
}

#[test]
fn one_snapshot_says_what_to_do() {
    let heap = server(30, 4000);
    let window = Window::on_heaps(&[&heap], "Trend");
    assert!(window.has("Drop more snapshots of the same program to see what grows."));
}

#[test]
fn snapshots_of_two_processes_say_so() {
    let other = server(60, 4000)
        .replace("Request", "Order")
        .replace("Names", "Words")
        .replace("Array", "List");
    let first = server(30, 4000);
    let mut window = Window::on_heaps(&[&first, &other], "Trend");
    window.wait_for("Different processes.");
}
