//! The list of snapshots.

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, OutputCommand, PointerButton};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use heapatlas::fixture::heap;

use crate::window::{Window, cache};

const EARLY: &str = "Heap-20261120T141205.heapsnapshot";
const LATE: &str = "Heap-20261120T141806.heapsnapshot";

/// Two snapshots of one process, six minutes apart, the later one opened first.
fn two() -> Window {
    let early = heap(&cache());
    let late = heap(&(cache() + "window -property:more-> more=More:object/1000\n"));
    let mut window = Window::on(&[(LATE, &late), (EARLY, &early)]);
    window.wait_for("2 snapshots ready");
    window.settle();
    window
}

fn card<'w>(window: &'w Window, start: &str) -> egui_kittest::Node<'w> {
    let is_it = |node: &egui_kittest::Node<'_>| {
        let label = node.accesskit_node().label();
        label.is_some_and(|label| label.starts_with(start))
    };
    let mut buttons = window.harness.query_all_by_role(Role::Button);
    buttons.find(is_it).unwrap()
}

#[test]
fn the_oldest_comes_first_and_growth_is_said_in_words() {
    let window = two();
    assert!(
        window.has("Snapshot 1, 14:12:05, 21.6\u{A0}kB"),
        "{:?}",
        window.labels()
    );
    assert!(window.has("Snapshot 2, 14:18:06, 22.6\u{A0}kB, grew 1.00\u{A0}kB"));
    let total =
        "Total size, kB, grew 1.00\u{A0}kB over 2 snapshots, 6\u{A0}min 1\u{A0}s, 2 snapshots, +4.6\u{A0}%";
    assert!(window.has(total), "{:?}", window.labels());
    assert!(window.has("Total size per snapshot: 21.6\u{A0}kB, 22.6\u{A0}kB"));
}

#[test]
fn whether_they_are_of_one_process_is_told_pair_by_pair() {
    let mut window = two();
    window.wait_for("Same process, ids agree 100\u{A0}%");
    window.click("Same process, ids agree");
    window.wait_for("Snapshots 1 and 2: Same process, 100\u{A0}% of ");
}

#[test]
fn one_is_renamed_in_place() {
    let mut window = two();
    card(&window, "Snapshot 2").focus();
    window.press(Key::F2);
    window.press_with(Modifiers::COMMAND, Key::A);
    let field = window.harness.get_by_label("Name of snapshot 2");
    field.type_text("after the leak");
    window.settle();
    window.press(Key::Enter);
    assert!(
        window.has("Snapshot 2, after the leak, "),
        "{:?}",
        window.labels()
    );
    window.press(Key::F2);
    window
        .harness
        .get_by_label("Name of snapshot 2")
        .type_text("never");
    window.settle();
    window.press(Key::Escape);
    assert!(
        window.has("Snapshot 2, after the leak, "),
        "{:?}",
        window.labels()
    );
}

#[test]
fn they_are_put_into_another_order_by_keyboard() {
    let mut window = two();
    card(&window, "Snapshot 2").focus();
    window.settle();
    window.press_with(Modifiers::ALT, Key::ArrowUp);
    assert!(window.has("Snapshot 1, 14:18:06"), "{:?}", window.labels());
    assert!(window.has("Snapshot 2, 14:12:05, 21.6\u{A0}kB, shrank 1.00\u{A0}kB"));
    window.press_with(Modifiers::ALT, Key::ArrowDown);
    assert!(window.has("Snapshot 2, 14:18:06"), "the keyboard went with it");
}

#[test]
fn one_is_dragged_before_another() {
    let mut window = two();
    let (from, to) = (
        card(&window, "Snapshot 2").rect(),
        card(&window, "Snapshot 1").rect(),
    );
    window.harness.drag_at(from.center());
    window.settle();
    window.harness.hover_at(to.center_top());
    window.settle();
    window.harness.drop_at(to.center_top());
    window.settle();
    assert!(window.has("Snapshot 1, 14:18:06"), "{:?}", window.labels());
}

#[test]
fn one_is_used_as_the_base() {
    let mut window = two();
    card(&window, "Snapshot 1").click_button(PointerButton::Secondary);
    window.settle();
    window.click("Use as base");
    let names = window.labels();
    let is_base = |label: &String| label.starts_with("Snapshot 1, ") && label.ends_with(", base");
    assert!(names.iter().any(is_base), "{names:?}");
}

#[test]
fn the_path_of_one_is_copied() {
    let mut window = two();
    card(&window, "Snapshot 1").click_button(PointerButton::Secondary);
    window.settle();
    window.harness.get_by_label("Copy path").click();
    window.harness.step();
    let path = window.folder.path().join(EARLY).display().to_string();
    let mut copied = Vec::new();
    for _ in 0..3 {
        let commands = &window.harness.output().platform_output.commands;
        copied.extend(commands.iter().filter_map(|command| match command {
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        }));
        window.harness.step();
    }
    assert_eq!(copied, [path]);
}
