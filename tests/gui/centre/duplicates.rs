//! Duplicates: what is there again and again, and what differs among it.

use std::fmt::Write as _;

use eframe::egui::Key;
use eframe::egui::accesskit::Role;

use crate::window::Window;

/// Ten requests in a list, each with options of its own, of two texts; ten settings, all different.
fn heap() -> String {
    let mut heap = String::from(
        "root:synthetic/0 -shortcut:w-> window:native/16 -registry-> list=Array:object/32\n\
         window -settings-> far=Array:object/32\n",
    );
    for at in 0..10 {
        writeln!(
            heap,
            "list -element:{at}-> r{at}=Request:object/48 #{} -url-> u{at}=url{}:string/24\n\
             r{at} -options-> o{at}=Options:object/40\n\
             far -element:{at}-> s{at}=Setting:object/16 -name-> n{at}=name{at}:string/24",
            1001 + 2 * at,
            at % 2
        )
        .unwrap();
    }
    heap
}

fn window() -> Window {
    let mut window = Window::on_heaps(&[&heap()], "Duplicates");
    window.wait_for("4 groups");
    window
}

const REQUESTS: &str = "Request with options, url";

#[test]
fn what_is_near_and_alike_comes_first() {
    let mut window = window();
    assert_eq!(
        window.firsts(9),
        [REQUESTS, "Options", "Setting with name", "Array"],
        "{:?}",
        window.rows()
    );
    assert!(
        window.has_row(
            "Request with options, url, level 1, collapsed, 10 objects, 2 contents, wasted 896 bytes"
        ),
        "{:?}",
        window.rows()
    );
    window.sort_by("Shallow size in bytes");
    assert_eq!(window.firsts(3), [REQUESTS, "Options", "Setting with name"]);
    window.type_into("Filter by class or property", "NAME");
    window.wait_until("the one that has it", |window| {
        window.firsts(9) == ["Setting with name"]
    });
}

#[test]
fn a_group_opens_to_what_differs_and_to_its_objects() {
    let mut window = window();
    window.choose(REQUESTS);
    window.press(Key::ArrowRight);
    window.wait_for_row("url, level 3, 2 values, 5 times: \"url0\"");
    assert!(window.has_row("options, level 3, always"), "{:?}", window.rows());
    window.choose("Objects, level 2, collapsed, 10 objects");
    window.press(Key::ArrowRight);
    window.wait_for_row("Request @1003, level 3");
    window.choose("Request @1003, level 3");
    assert!(window.has("Selected @1003"));
    window.press(Key::Enter);
    window.wait_for_row("Request @1003, level 2");
    assert!(window.shows("Summary"));
}

#[test]
fn copies_are_a_list_of_their_own() {
    let mut window = window();
    window.click_on(Role::RadioButton, "Equal with all they hold");
    window.wait_for("2 groups");
    assert!(
        window
            .has_row("Request with options, url, level 1, collapsed, 5 objects, 1 content, wasted 448 bytes")
    );
}
