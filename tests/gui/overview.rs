//! The overview.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use heapatlas::fixture::heap;

use crate::window::{Window, cache};

fn overview() -> Window {
    let mut window = Window::on(&[("cache.heapsnapshot", &heap(&cache()))]);
    window.wait_for("1 snapshot ready");
    window.show("Overview");
    window.wait_for("Biggest objects");
    window.wait_for("MapCache @");
    window.settle();
    window
}

/// The number before "bytes" in what a row is called.
fn bytes(row: &str) -> u64 {
    let number = row
        .split(", ")
        .find_map(|part| part.strip_suffix(" bytes"))
        .unwrap();
    number.replace('\u{2009}', "").parse().unwrap()
}

#[test]
fn it_says_what_the_file_is() {
    let window = overview();
    assert!(window.has("Objects 137, Edges 137"), "{:?}", window.labels());
    assert!(window.has("No problems in the file"));
}

#[test]
fn the_figures_of_the_donut_sum_to_the_whole() {
    let window = overview();
    let rows = window.rows();
    let figure = |name: &str| {
        let row = rows.iter().find(|row| row.starts_with(&format!("{name}, ")));
        bytes(row.unwrap_or_else(|| panic!("{name} is missing: {rows:?}")))
    };
    let parts = [
        "JS objects",
        "Strings",
        "JS arrays",
        "Typed arrays, native",
        "Code",
        "System",
    ];
    let figures = parts.map(figure);
    assert_eq!(figures.iter().sum::<u64>(), figure("Sum"));
    assert_eq!((figures[0], figures[3], figure("Sum")), (21_569, 16, 21_585));
}

#[test]
fn the_map_zooms_by_keyboard_and_back() {
    let mut window = overview();
    window
        .harness
        .get_by_role_and_label(Role::Group, "Who keeps it")
        .focus();
    window.settle();
    window.press(Key::ArrowRight);
    assert!(window.has("Selected @"), "the first tile is selected");
    let tiles = |window: &Window| -> Vec<String> {
        let tiles = window.harness.query_all_by_role(Role::TreeItem);
        tiles.filter_map(|tile| tile.accesskit_node().label()).collect()
    };
    let before = tiles(&window);
    assert!(before[0].starts_with("window @") && !window.has("Whole heap"));
    window.press(Key::Enter);
    window.wait_for("Whole heap");
    window.wait_until("what lies in it", |window| {
        tiles(window)[0].starts_with("Module @")
    });
    window.press(Key::Backspace);
    window.wait_until("all tiles", |window| tiles(window) == before);
    assert!(!window.has("Whole heap"));
    window.press(Key::Enter);
    window.wait_for("Whole heap");
    window
        .harness
        .get_by_role_and_label(Role::Link, "Whole heap")
        .click();
    window.wait_until("all tiles", |window| tiles(window) == before);
}

#[test]
fn a_biggest_object_is_selected_and_its_retainers_are_shown_below() {
    let mut window = overview();
    assert!(!window.has("Select an object above"), "the panel below is closed");
    let row = "MapCache @";
    let cell = window.harness.get_all_by_role(Role::Row).find(|node| {
        node.accesskit_node()
            .label()
            .is_some_and(|label| label.starts_with(row))
    });
    cell.unwrap().click();
    window.settle();
    assert!(window.has("Selected @"));
    window.press(Key::R);
    window.wait_for(".cache in titleFor() @");
    assert!(window.has_row(".titleFor in Module @"));
}

#[test]
fn a_class_opens_in_the_summary() {
    let mut window = overview();
    assert!(window.has("Biggest classes by shallow size"));
    window.click("Entry, level 1");
    window.press(Key::Enter);
    window.wait_for("Sum of all rows");
    assert!(window.has("Entry, level 1, collapsed"), "{:?}", window.rows());
}

#[test]
fn the_links_lead_to_the_views_with_more() {
    let mut window = overview();
    window.click("Open Summary");
    window.wait_for("Sum of all rows");
    window.show("Overview");
    window.click("Open Dominators");
    window.wait_for("Each row with all that only it keeps alive");
}
