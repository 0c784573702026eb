//! Containment and dominators as rows.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;

use crate::window::Window;

const HEAP: &str = "
    root:synthetic/0 -shortcut:w-> window:native/16 #3
    window -a-> cache=Cache:object/32 #11 -element:1-> e1=Entry:object/200 #13
    cache -element:2-> e2=Entry:object/100 #15
    window -b-> alias:object/300 #17 -to-> e2
    cache -name-> name=\"sessions\":string/24 #19
";

#[test]
fn containment_opens_sorts_selects_and_reveals() {
    let mut window = Window::on_heaps(&[HEAP], "Containment");
    window.wait_for_row("w: window @3, level 1");
    window.choose("w: window");
    window.press(Key::ArrowRight);
    window.wait_for_row("a: Cache @11, level 2");
    window.choose("a: Cache");
    window.press(Key::ArrowRight);
    window.wait_for_row("[1]: Entry @13, level 3");
    let by_size = ["[1]: Entry @13", "[2]: Entry @15", "name: \"sessions\" @19"];
    window.sort_by("Shallow size in bytes");
    window.wait_until("the cache first", |window| {
        window.firsts(9).contains(&by_size[2].to_owned())
    });
    let at = |window: &Window| window.firsts(9).iter().position(|row| row == "a: Cache @11");
    let cache = at(&window).unwrap();
    assert_eq!(window.firsts(9)[cache + 1..cache + 4], by_size);
    window.sort_by("Shallow size in bytes, sorted descending");
    let cache = at(&window).unwrap();
    let reversed: Vec<&str> = by_size.into_iter().rev().collect();
    assert_eq!(window.firsts(9)[cache + 1..cache + 4], reversed);
    window.choose("[2]: Entry @15");
    assert!(window.has("Selected @15"));
    window.choose_from_menu("Reveal in Summary");
    window.wait_for_row("Entry @15, level 2");
    assert!(window.shows("Summary"));
}

#[test]
fn containment_shows_the_shortest_way_to_what_is_gone_to() {
    let mut window = Window::on_heaps(&[HEAP], "Summary");
    window.wait_for("Sum of all rows");
    window.choose("(string), level 1");
    window.press(Key::ArrowRight);
    window.press(Key::ArrowDown);
    window.wait_for("Selected @19");
    window.choose_from_menu("Show in Containment");
    window.wait_for_row("name: \"sessions\" @19, level 3");
}

#[test]
fn dominators_are_rows_of_objects_or_of_classes() {
    let mut window = Window::on_heaps(&[HEAP], "Dominators");
    window.wait_for_row("window @3, level 1");
    window.choose("window @3");
    window.press(Key::ArrowRight);
    window.wait_for_row("Cache @11, level 2");
    // Both the cache and the alias hold it, so only the window keeps it alive.
    assert!(window.has_row("Entry @15, level 2") && window.has_row("alias @17, level 2"));
    window.sort_by("Shallow size in bytes");
    assert_eq!(window.firsts(4)[1], "alias @17");
    window.click_on(Role::RadioButton, "Classes");
    window.wait_for_row("window, level 1");
    window.click_on(Role::RadioButton, "Objects");
    window.wait_for_row("window @3, level 1, collapsed");
    window.choose("window @3");
    window.press(Key::ArrowRight);
    window.choose("alias @17");
    window.choose_from_menu("Reveal in Summary");
    window.wait_for_row("alias @17, level 2");
    window.choose_from_menu("Show in Dominators");
    window.wait_for_row("window @3, level 1, expanded");
    assert!(window.shows("Dominators") && window.has("Selected @17"));
}
