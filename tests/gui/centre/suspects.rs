//! Suspects: the first view, its cards, what can be done on them.

use std::fmt::Write as _;

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use heapatlas::fixture::heap;

use crate::window::Window;

/// A server's heap: a Map that `priceFor` fills and never empties, beside a table that is filled once.
fn server(entries: usize) -> Vec<u8> {
    let mut text = String::from(
        "root:synthetic/0 #1 -shortcut:global-> window:native/16 #3\n\
         window -property:app-> app=Module:object/40 #5\n\
         app -property:priceFor-> priceFor:closure/64 #7\n\
         priceFor -property:cache-> cache=Map:object/32 #9\n\
         cache -internal:table-> table=\"\":array/4000 #11\n\
         app -property:codes-> codes=Table:object/500000 #13\n",
    );
    for at in 0..entries {
        let id = 101 + 4 * at;
        writeln!(
            text,
            "table -internal:{at}-> query{at}=PriceQuery:object/400 #{id} -property:sku-> sku{at}=\"sku-{at}\":string/24 #{}",
            id + 2
        )
        .unwrap();
    }
    heap(&text)
}

fn leaking() -> Window {
    let files: Vec<(String, Vec<u8>)> = [20, 1020, 2020]
        .iter()
        .enumerate()
        .map(|(at, &entries)| (format!("heap-{}.heapsnapshot", at + 1), server(entries)))
        .collect();
    let files: Vec<(&str, &[u8])> = files
        .iter()
        .map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
        .collect();
    let mut window = Window::on(&files);
    window.wait_for("Suspect 1, ");
    window.settle();
    window
}

/// What the cards are called, from the top.
fn cards(window: &Window) -> Vec<String> {
    let mut cards = window.of_role(Role::ListBoxOption);
    cards.retain(|card| card.starts_with("Suspect "));
    cards
}

#[test]
fn they_open_by_themselves_and_name_the_leak() {
    let window = leaking();
    assert!(window.shows("Suspects"));
    let first = cards(&window).remove(0);
    assert!(
        first.starts_with("Suspect 1, ") && !first.starts_with("Suspect 1, note"),
        "{first}"
    );
    assert!(
        first.contains("priceFor") && first.contains("% of heap"),
        "{first}"
    );
    assert!(
        window.has("of the growth"),
        "the line above says what they explain"
    );
    assert!(window.has("per snapshot: 20, 1\u{2009}020, 2\u{2009}020"));
    assert!(window.has("Grew at every step"));
    assert!(window.has("Sample 1 of "), "its first sample is looked at");
    assert!(window.shows("Chain"), "what holds it stands below");
}

#[test]
fn samples_are_gone_through_by_keys_and_buttons() {
    let mut window = leaking();
    window.click("Suspect 1, ");
    window.press(Key::CloseBracket);
    assert!(window.has("Sample 2 of "));
    window.press(Key::OpenBracket);
    assert!(window.has("Sample 1 of "));
    window.click_on(Role::Button, "Next sample");
    assert!(window.has("Sample 2 of "));
}

#[test]
fn a_card_leads_to_its_objects_its_way_and_the_comparison() {
    let mut window = leaking();
    window.click("Compare 2 → 3");
    assert!(window.shows("Comparison"));
    window.tab("Suspects");
    window.click("Retaining chain");
    assert!(window.shows("Chain"));
    let shows: Vec<String> = window.of_role(Role::Button);
    let objects = shows
        .iter()
        .find(|name| name.starts_with("Show 2\u{2009}020"))
        .unwrap()
        .clone();
    window.click_on(Role::Button, &objects);
    assert!(window.shows("Summary"));
    window.wait_for_row("PriceQuery");
}

#[test]
fn a_step_of_the_way_leads_to_its_node() {
    let mut window = leaking();
    window.click_on(Role::Button, "priceFor()");
    assert!(!window.has("Sample 1 of "), "something else is looked at");
    window.wait_until("the function is selected", |window| window.has("@7"));
}

#[test]
fn it_is_copied_as_text() {
    let mut window = leaking();
    window.click("Suspect 1, ");
    window.click_on(Role::Button, "Copy as text");
    assert!(
        window.copied.contains("priceFor") && window.copied.contains("Grew at every step"),
        "{}",
        window.copied
    );
}

#[test]
fn the_report_is_written_where_one_says() {
    let mut window = leaking();
    window.click_on(Role::Button, "Report…");
    // There is no dialog here: the path is asked for.
    window.wait_for("Write the report");
    let path = window.folder.path().join("report.html");
    window.harness.get_by_label("Path").focus();
    window.settle();
    // A name is proposed; it gives way to the path.
    window.press_with(Modifiers::COMMAND, Key::A);
    window
        .harness
        .get_by_label("Path")
        .type_text(&path.display().to_string());
    window.settle();
    window.click_on(Role::Button, "Write");
    window.wait_until("the report", |_| path.exists());
    let page = std::fs::read_to_string(&path).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("priceFor"));
}

#[test]
fn a_healthy_heap_has_none() {
    let text = "root:synthetic/0 -shortcut:global-> window:native/16 -property:a-> A:object/40";
    let mut window = Window::on(&[("heap.heapsnapshot", &heap(text))]);
    window.wait_for("No suspects. ");
    assert!(cards(&window).is_empty());
    assert!(window.shows("Suspects"));
}
