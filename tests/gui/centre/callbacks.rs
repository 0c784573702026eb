//! Callbacks: who waits to be called.

use std::fmt::Write as _;

use eframe::egui::Key;
use eframe::egui::accesskit::Role;

use crate::window::Window;

/// A bus with thirty listeners of one function, and two timers.
fn heap() -> String {
    let mut heap = String::from(
        r#"root:synthetic/0 -shortcut:w-> window:object/8 -bus-> bus=Bus:object/16 -_events-> events=Object:object/16 -change-> list=Array:object/16
        window -main-> main=start:closure/32 -internal:shared-> sm=start:code/8 -internal:script-> script="/srv/app/main.js":code/8
        sl=onChange:code/8 -internal:script-> script
        st=tick:code/8 -internal:script-> script
        window -code-> sl
        window -code2-> st
        "#,
    );
    for at in 0..30 {
        let id = 1001 + 2 * at;
        writeln!(
            heap,
            "list -element:{at}-> l{at}=onChange:closure/40 #{id} -internal:shared-> sl"
        )
        .unwrap();
    }
    for at in 0..2 {
        writeln!(
            heap,
            "window -t{at}-> t{at}=Timeout:object/120 -_onTimeout-> k{at}=tick:closure/32\nk{at} -internal:shared-> st"
        )
        .unwrap();
    }
    heap
}

const LISTENERS: &str =
    "change, listener of Bus, level 1, collapsed, 30 callbacks, retained 1\u{2009}200 bytes";

#[test]
fn listeners_and_timers_are_told_with_their_functions() {
    let mut window = Window::on_heaps(&[&heap()], "Callbacks");
    window.wait_for_row(LISTENERS);
    window.click_on(Role::RadioButton, "Timers");
    window.wait_until("timers alone", |window| {
        window.has_row("Timeout, timer, level 1") && !window.has_row("change, listener of Bus")
    });
    window.click_on(Role::RadioButton, "Listeners");
    window.wait_for_row(LISTENERS);
    window.choose("change, listener of Bus");
    window.press(Key::ArrowRight);
    window.wait_for_row("onChange() @1001, level 2");
    window.choose("onChange() @1001");
    assert!(window.has("Selected @1001"));
    window.press(Key::Enter);
    window.wait_until("it stands in the Summary", |window| window.shows("Summary"));
}

#[test]
fn they_are_filtered_by_names_and_sorted() {
    let mut window = Window::on_heaps(&[&heap()], "Callbacks");
    window.wait_for_row(LISTENERS);
    window.sort_by("Callback");
    window.type_into("Filter by event, function or module", "tick");
    window.wait_until("what is called tick", |window| {
        window.has_row("tick, function, level 1") && !window.has_row("change, listener of Bus")
    });
    window.type_into("Filter by event, function or module", "nobody");
    window.wait_for("No callback has that in its names");
}
