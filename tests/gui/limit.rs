//! The window's filter, which all views heed.

use std::fmt::Write as _;

use eframe::egui::accesskit::Role;

use crate::window::{Window, cache};

/// Two snapshots of one process: between them a `Fresh` object was made, in the cache's module, and a text.
fn grown() -> Window {
    let before = cache();
    let after = format!(
        "{before}cache -property:fresh-> fresh=Fresh:object/5000\n\
         fresh -property:text-> said=fresh_words:string/700\n"
    );
    let mut window = Window::on_heaps(&[&before, &after], "Summary");
    window.wait_for("Same process");
    window.wait_for("Sum of all rows");
    window
}

/// Chooses what was allocated after the first snapshot.
fn choose_new(window: &mut Window) {
    window.click_on(Role::ComboBox, "Objects");
    window.click_on(Role::RadioButton, "After snapshot 1");
    window.press(eframe::egui::Key::Escape);
    window.wait_for("Take off the filter: Allocated after snapshot 1");
    window.wait_for("2 objects in snapshot 2, 5\u{2009}700\u{A0}B");
}

#[test]
fn one_filter_holds_for_all_views_until_it_is_taken_off() {
    let mut window = grown();
    assert!(window.has_row("MapCache, level 1"));
    choose_new(&mut window);
    window.wait_until("the new class alone", |window| {
        window.has_row("Fresh, level 1") && !window.has_row("MapCache")
    });
    assert!(window.has("Filter: 2 objects, 5\u{2009}700"));

    window.show("Dominators");
    window.wait_for_row("window @");
    assert!(
        window.has("2 objects in snapshot 2"),
        "the line stands above every view"
    );
    assert!(!window.has_row("Broken @"), "nothing new hangs from that one");
    let rows = window.rows();
    assert!(
        rows.iter()
            .any(|row| row.starts_with("window @") && row.contains("5\u{2009}700")),
        "{rows:#?}"
    );
    window.click_on(Role::RadioButton, "Treemap");
    window.wait_for("Module @5, 5.70\u{A0}kB, 20.9\u{A0}% of heap");

    window.show("Strings");
    window.wait_for("1 text");
    window.show("Statistics");
    window.wait_for("What the objects that pass the filter are made of");
    window.wait_for("Strings, 700 bytes");
    assert!(window.has("Filter: 2 objects"), "in the status bar");

    window.show("Containment");
    window.wait_for_row("global: window");
    let rows = window.rows();
    assert!(
        rows.iter().all(|row| row.contains("not in the filter")),
        "{rows:#?}"
    );

    window.show("Overview");
    window.wait_for("2 objects in snapshot 2");
    assert!(window.has_row("Fresh, level 1"));

    window.click("Take off the filter");
    window.wait_for_row("Entry, level 1");
    assert!(!window.has("Take off the filter"));
}

#[test]
fn what_is_gone_to_is_shown_though_the_filter_would_hide_it() {
    let mut window = grown();
    choose_new(&mut window);
    window.go_to("Broken");
    window.wait_for_row("Broken, level 1");
    assert!(!window.has("Take off the filter"));
}

#[test]
fn snapshots_of_other_processes_cannot_be_chosen() {
    let mut one = String::from("root:synthetic/0 -shortcut:w-> window:object/8\n");
    let mut other = one.clone();
    for at in 0..40 {
        writeln!(one, "window -a{at}-> a{at}=Alpha{at}:object/16").unwrap();
        writeln!(other, "window -b{at}-> b{at}=Beta{at}:closure/16").unwrap();
    }
    let mut window = Window::on_heaps(&[&one, &other], "Summary");
    window.wait_for("Different processes");
    window.click_on(Role::ComboBox, "Objects");
    window.wait_for("1 snapshot cannot be chosen: its ids name other objects.");
    window.click_on(Role::RadioButton, "After snapshot 1");
    window.press(eframe::egui::Key::Escape);
    assert!(!window.has("Take off the filter"));
}

#[test]
fn objects_are_told_by_whose_code_they_are() {
    let heap = r#"
        root:synthetic/0 -shortcut:w-> window:object/8
        window -m-> m=Module:object/16 -exports-> cache=Cache:object/100
        m -filename-> file="/srv/app/main.js":string/16
        window -n-> n=Module:object/16 -exports-> lib=Library:object/200
        n -filename-> other="/srv/node_modules/lodash/index.js":string/16
    "#;
    let mut window = Window::on_heaps(&[heap], "Summary");
    window.wait_for_row("Library, level 1");
    window.go_to("> Show only: Of my code");
    window.wait_for("Take off the filter: Of my code");
    window.wait_until("the program's own", |window| {
        window.has_row("Cache, level 1") && !window.has_row("Library, level 1")
    });
    window.go_to("> Show only: Of installed packages");
    window.wait_until("what is installed", |window| {
        window.has_row("Library, level 1") && !window.has_row("Cache, level 1")
    });
}

#[test]
fn the_filter_can_be_chosen_by_name() {
    let mut window = grown();
    window.go_to("> Show only: Duplicated");
    window.wait_for("Take off the filter: Duplicated strings");
    window.wait_for("No object passes the filter");
    window.go_to("> Show only: All objects");
    window.wait_for_row("Entry, level 1");
}
