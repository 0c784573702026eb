//! Texts: which there are, and who holds them.

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
