//! Texts: which there are, and who holds them.

use std::fmt::Write as _;

use eframe::egui::Key;
use eframe::egui::accesskit::Role;

use crate::window::Window;

/// A text that two requests hold, and two more.
const HEAP: &str = "
    root:synthetic/0 -shortcut:w-> window:native/16
    window -a-> r1=Request:object/16 #11 -url-> s1=\"/api/items\":string/24 #13
    window -b-> r2=Request:object/16 #15 -url-> s2=\"/api/items\":string/32 #17
    window -c-> log=Log:object/16 #19 -text-> long=\"a long line of a log\":string/100 #21
    log -level-> level=\"warn\":string/16 #23
";

const API: &str = "\"/api/items\"";
const LONG: &str = "\"a long line of a log\"";
const WARN: &str = "\"warn\"";

fn window() -> Window {
    let mut window = Window::on_heaps(&[HEAP], "Strings");
    window.wait_for("Sum of all rows");
    window
}

#[test]
fn the_largest_come_first_and_every_column_sorts() {
    let mut window = window();
    assert_eq!(window.firsts(9), [LONG, API, WARN]);
    assert!(window.is_chosen("Largest"));
    assert!(window.has("Sum of all rows, Number of strings: 4, Shallow size in bytes: 172"));
    assert!(window.has("4 strings, 172\u{a0}B") && window.has("3 texts"));
    let sorted = [
        ("Number of strings", [API, LONG, WARN]),
        ("Bytes that all but the largest take", [API, LONG, WARN]),
        ("Length in UTF-16 units", [LONG, API, WARN]),
        ("Text", [API, LONG, WARN]),
        ("Held by", [WARN, LONG, API]),
    ];
    for (header, rows) in sorted {
        window.sort_by(header);
        assert_eq!(window.firsts(9), rows, "{header}");
        assert!(window.is_chosen("All"), "{header}");
    }
    window.click_on(Role::RadioButton, "Largest");
    assert_eq!(window.firsts(9), [LONG, API, WARN]);
}

#[test]
fn duplicates_and_texts_are_picked_out() {
    let mut window = window();
    window.click_on(Role::RadioButton, "Duplicates");
    assert_eq!(window.firsts(9), [API]);
    let sum = "Shallow size in bytes: 56, Bytes that all but the largest take: 24";
    assert!(window.has(sum) && window.has("Filter: 2 strings, 56\u{a0}B"));
    window.type_into("Filter by text", "WARN");
    window.wait_for("No text has that in it");
    window.click_on(Role::RadioButton, "All");
    window.wait_until("the one that has it", |window| window.firsts(9) == [WARN]);
    window.click_on(Role::Button, "Clear the filter");
    window.wait_until("all texts", |window| window.firsts(9) == [API, LONG, WARN]);
}

#[test]
fn a_duplicate_opens_to_its_holders_and_strings() {
    let mut window = window();
    window.choose(API);
    window.press(Key::ArrowRight);
    let rows = [API, "Held by", ".url in Request", "Strings"];
    window.wait_until("its holders", |window| window.rows().len() > 5);
    let at = window.firsts(20).iter().position(|row| row == API).unwrap();
    assert_eq!(window.firsts(20)[at..at + 4], rows);
    assert!(window.has_row(".url in Request, level 3, 2 references"));
    window.choose("Strings, level 2, collapsed, 2 strings, 56 bytes");
    window.press(Key::ArrowRight);
    window.wait_for_row("\"/api/items\" @17, level 3");
    assert!(window.has_row("\"/api/items\" @13, level 3"));
    window.choose(".url in Request");
    assert!(window.has("Selected @11"));
    window.press(Key::Enter);
    window.wait_for_row("Request @11, level 2");
    assert!(window.shows("Summary"));
}

#[test]
fn a_text_is_copied_as_such() {
    let mut window = window();
    window.choose(WARN);
    window.choose_from_menu("Copy text");
    assert_eq!(window.copied, "warn");
    // The row has the keyboard again.
    window.choose_from_menu("Reveal in Summary");
    window.wait_for_row("\"warn\" @23, level 2");
}

/// Keys of a cache, and pieces of two pages.
fn keys_and_slices() -> Window {
    let mut heap = String::from("root:synthetic/0 -shortcut:w-> window:object/8\n");
    for at in 0..30 {
        writeln!(
            heap,
            "window -k{at}-> key{at}=\"session-{}\":string/20 #{}",
            at * 37 % 101,
            101 + 2 * at
        )
        .unwrap();
    }
    for (at, page) in ["p", "q", "p"].iter().enumerate() {
        let id = 201 + 2 * at;
        writeln!(
            heap,
            "window -part{at}-> s{at}=\"(sliced string)\":sliced_string/20 #{id}"
        )
        .unwrap();
        writeln!(
            heap,
            "s{at} -internal:parent-> {page}=\"page {page}\":string/4000"
        )
        .unwrap();
    }
    writeln!(heap, "window -q-> q").unwrap();
    let mut window = Window::on_heaps(&[&heap], "Strings");
    window.wait_for("Sum of all rows");
    window
}

#[test]
fn texts_that_begin_alike_are_a_family() {
    let mut window = keys_and_slices();
    window.click_on(Role::RadioButton, "Families");
    window.wait_for_row("\"session-…\"");
    assert!(window.has("1 family") && window.is_chosen("Families"));
    assert!(window.has_row("\"session-…\", level 1, collapsed, 30 texts, 30 strings, 600 bytes"));
    window.choose("\"session-…\"");
    window.press(Key::ArrowRight);
    window.wait_for_row("\"session-0\", level 2, collapsed, 1 string, 20 bytes");
    window.choose("\"session-0\", level 2");
    window.press(Key::ArrowRight);
    window.wait_for_row("Held by, level 3");
    window.choose("\"session-…\"");
    window.choose_from_menu("Copy beginning");
    assert_eq!(window.copied, "session-");
    window.type_into("Filter by text", "user");
    window.wait_for("No family of texts begins like that");
}

#[test]
fn strings_are_told_that_slices_keep() {
    let mut window = keys_and_slices();
    window.click_on(Role::RadioButton, "Sliced");
    window.wait_for("2 sliced strings");
    assert!(window.firsts(9).iter().eq(["\"page p\"", "\"page q\""]));
    assert!(window.has_row("\"page p\""));
    window.sort_by("Slices held by");
    window.choose("\"page p\"");
    window.press(Key::ArrowRight);
    window.wait_for_row("\"(sliced string)\" @201, level 2");
    assert!(window.has_row("\"(sliced string)\" @205, level 2"));
}
