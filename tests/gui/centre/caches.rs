//! Caches: whose they are, what is in them, and whether they grow.

use std::fmt::Write as _;

use eframe::egui::Key;
use eframe::egui::accesskit::Role;

use crate::window::Window;

/// A map of sessions of the program's with so many entries, and a set of numbers of a package's.
pub(super) fn heap(entries: u32) -> String {
    let mut heap = String::from(
        r#"root:synthetic/0 -shortcut:w-> window:native/16 -f-> f=use:closure/32 -internal:shared-> s=use:code/8 -internal:script-> "/srv/app/main.js":code/8
        window -g-> g=tool:closure/32 -internal:shared-> sg=tool:code/8 -internal:script-> "/srv/node_modules/lib/index.js":code/8
        f -internal:context-> m="system / Context":object/16 -internal:previous-> n="system / NativeContext":hidden/8
        g -internal:context-> l="system / Context":object/16 -internal:previous-> n
        m -context:sessions-> map=Map:object/32 #1001 -internal:table-> t="":array/264
        l -context:numbers-> set=Set:object/32 #1003 -internal:table-> u="":array/200
        "#,
    );
    for at in 0..entries {
        let slot = 7 + 3 * at;
        writeln!(heap, "t -internal:{slot}-> k{at}=key{at}:string/16").unwrap();
        writeln!(
            heap,
            "t -internal:{}-> v{at}=Session:object/48 #{}",
            slot + 1,
            2001 + 2 * at
        )
        .unwrap();
    }
    heap
}

fn window() -> Window {
    let mut window = Window::on_heaps(&[&heap(3), &heap(6)], "Caches");
    window.wait_for("2 caches over 2 snapshots");
    window
}

const SESSIONS: &str = "sessions Map";
const NUMBERS: &str = "numbers Set";

#[test]
fn they_tell_whose_they_are_and_whether_they_grow() {
    let mut window = window();
    assert!(
        window.has_row("sessions Map, level 1, collapsed, 6 entries, retained 680 bytes, growing"),
        "{:?}",
        window.rows()
    );
    assert!(
        window.has_row("numbers Set, level 1, collapsed, 2 to 8 entries"),
        "{:?}",
        window.rows()
    );
    for (header, first) in [
        ("Entries gained", SESSIONS),
        ("What it hangs from", NUMBERS),
        ("Script or module", SESSIONS),
        ("Number of entries", SESSIONS),
        ("Retained size in bytes", SESSIONS),
    ] {
        window.sort_by(header);
        assert_eq!(window.firsts(1), [first], "{header}");
    }
    window.click_on(Role::RadioButton, "Packages");
    window.wait_until("the package's", |window| window.firsts(9) == [NUMBERS]);
    window.click_on(Role::RadioButton, "Mine");
    window.wait_until("the program's", |window| window.firsts(9) == [SESSIONS]);
    window.type_into("Filter by name, owner or module", "numbers");
    window.wait_for("No cache has that in its names");
}

#[test]
fn entries_are_pairs_that_lead_to_objects() {
    let mut window = window();
    window.choose(SESSIONS);
    assert!(window.has("Selected @1001"));
    window.press(Key::ArrowRight);
    window.wait_until("its entries", |window| window.rows().len() > 5);
    window.choose("\"key1\" @");
    assert!(window.has_row("\"key1\" @"), "{:?}", window.rows());
    assert!(window.has("Selected @2003"));
    window.press(Key::Enter);
    window.wait_for_row("Session @2003, level 2");
    assert!(window.shows("Summary"));
}

#[test]
fn numbers_leave_no_entries() {
    let mut window = window();
    window.choose(NUMBERS);
    window.press(Key::ArrowRight);
    window.wait_for("No entry left a trace in the file: small integers leave none");
}
