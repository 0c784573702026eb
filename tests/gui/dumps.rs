//! Files as they come, and files made of them: partial ones, copies without secrets, parts; and files that need too much.

use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable as _;
use heapatlas::fixture::heap;

use crate::window::Window;

const HEAP: &str = r#"
    root:synthetic/0 #1 -shortcut:w-> window:object/64 #3 -config-> config=Config:object/32 #5
    config -password-> pw="hunter2-hunter2":string/24 #7
    config -url-> url="amqp://bob:geheim@queue":string/32 #9
    window -users-> users=Map:object/32 #13 -alice-> alice=User:object/40 #15
    alice -mail-> mail="alice@example.com":string/32 #17
"#;

/// The heap, cut among its edges.
fn cut() -> Vec<u8> {
    let bytes = heap(HEAP);
    let edges = bytes.windows(7).position(|part| part == b"\"edges\"").unwrap();
    bytes[..edges + 30].to_vec()
}

/// There is no dialog here: the path is asked for, and typed.
fn write_to(window: &mut Window, wish: &str, name: &str) -> PathBuf {
    window.wait_for(wish);
    let path = window.folder.path().join(name);
    window.harness.get_by_label("Path").focus();
    window.settle();
    window.press_with(Modifiers::COMMAND, Key::A);
    window
        .harness
        .get_by_label("Path")
        .type_text(&path.display().to_string());
    window.settle();
    window.click_on(Role::Button, "Write");
    window.wait_for("Wrote ");
    path
}

#[test]
fn a_partial_file_says_so_above_every_view_and_can_be_repaired() {
    let mut window = Window::on(&[("cut.heapsnapshot", &cut())]);
    for view in [
        "Summary",
        "Containment",
        "Statistics",
        "Secrets",
        "Strings",
        "Trend",
    ] {
        window.go_to(view);
        window.wait_for("This file was read only in part.");
    }
    assert!(window.has("have lost edges"), "{:?}", window.labels());
    window.click("Repair…");
    let path = write_to(
        &mut window,
        "Write a whole snapshot of what was saved",
        "whole.heapsnapshot",
    );
    let bytes = std::fs::read(path).unwrap();
    let window = &mut Window::on(&[("whole.heapsnapshot", &bytes)]);
    window.wait_for("1 snapshot ready");
    window.go_to("Summary");
    window.wait_for("Sum of all rows");
    assert!(!window.has("read only in part"));
}

#[test]
fn a_partial_file_beside_a_whole_one_is_told() {
    let mut window = Window::on(&[("a.heapsnapshot", &heap(HEAP)), ("b.heapsnapshot", &cut())]);
    window.wait_for("2 snapshots ready");
    window.click("Snapshot 1, ");
    window.wait_for("b was read only in part.");
}

#[test]
fn copies_without_secrets_and_parts_are_written() {
    let mut window = Window::on_heaps(&[HEAP], "Summary");
    window.go_to("> redact: values of strings");
    let path = write_to(&mut window, "Write a redacted copy", "shared.heapsnapshot");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("Config") && !text.contains("hunter2") && !text.contains("alice@"));
    assert!(window.has("3 texts replaced"), "{:?}", window.labels());
    window.click("Dismiss");
    window.go_to("@15");
    window.wait_for_row("User @15");
    window.choose_from_menu("Extract…");
    let path = write_to(
        &mut window,
        "Write a snapshot of what is selected",
        "part.heapsnapshot",
    );
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("alice@example.com") && !text.contains("hunter2"));
}

#[test]
fn what_strings_say_can_be_hidden() {
    let mut window = Window::on_heaps(&[HEAP], "Summary");
    window.go_to("@9");
    window.wait_for_row("\"amqp://bob:geheim@queue\" @9");
    window.press_with(Modifiers::NONE, Key::B);
    window.go_to("> hide values of strings");
    window.wait_for("Redacted.");
    // Where one was: the same object is looked at, under its token.
    window.wait_for("@9");
    window.go_to("Strings");
    window.wait_for("3 texts");
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::B);
    window.wait_for("Remove the bookmark");
    let shown = window.labels().join("\n");
    for secret in ["geheim", "hunter2", "alice@"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    window.press(Key::Escape);
    // A file that is opened now is no exception.
    let other = window.folder.path().join("other.heapsnapshot");
    std::fs::write(&other, heap(HEAP)).unwrap();
    window.open(&other);
    window.wait_for("2 snapshots ready");
    window.go_to("Strings");
    window.wait_for("3 texts");
    assert!(
        window.has("Redacted.") && !window.has("geheim"),
        "{:?}",
        window.labels()
    );
    window.click("Show what strings say");
    window.wait_for("geheim");
    assert!(!window.has("Redacted."));
}

#[test]
fn what_is_shown_stays_shown_when_files_are_read_again() {
    let later = HEAP.replace("Config", "Settings");
    let mut window = Window::on_heaps(&[HEAP, &later], "Summary");
    window.wait_for_row("Settings");
    for wish in ["> hide values of strings", "> show what strings say"] {
        window.go_to(wish);
        window.wait_until("both are read", |window| {
            window.has("2 snapshots ready") && window.has("Redacted.") == wish.contains("hide")
        });
        window.wait_for_row("Settings");
    }
}

#[test]
fn nothing_is_written_over_what_is_open() {
    let mut window = Window::on_heaps(&[HEAP], "Summary");
    window.go_to("> redact: values of strings");
    window.wait_for("Write a redacted copy");
    let open = std::fs::read_dir(window.folder.path())
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let before = std::fs::read(&open).unwrap();
    window.harness.get_by_label("Path").focus();
    window.settle();
    window.press_with(Modifiers::COMMAND, Key::A);
    window
        .harness
        .get_by_label("Path")
        .type_text(&open.display().to_string());
    window.settle();
    window.click_on(Role::Button, "Write");
    window.wait_for("is open: the new file needs another name");
    assert_eq!(std::fs::read(&open).unwrap(), before);
}

#[test]
fn secrets_are_shown_with_what_holds_them_and_never_whole() {
    let mut window = Window::on_heaps(&[HEAP], "Secrets");
    window.wait_for("3 secrets");
    let rows = window.rows().join("\n");
    assert!(
        !rows.contains("geheim") && !rows.contains("hunter2-hunter2") && !rows.contains("alice@example.com"),
        "{rows}"
    );
    assert!(rows.contains("url credentials, held by Config"), "{rows}");
    window.type_into("Filter by kind, property or holder", "email");
    window.wait_for("1 secret");
    assert_eq!(window.rows().len(), 1);
}

#[test]
fn a_file_that_needs_too_much_memory_is_refused_and_can_be_opened_anyway() {
    // Text without end, on paper: the file is sparse, and nothing of it is read before it is refused.
    let mut window = Window::on(&[("small.heapsnapshot", &heap(HEAP))]);
    window.wait_for("1 snapshot ready");
    let path = window.folder.path().join("huge.heapsnapshot");
    let text = String::from_utf8(heap(HEAP)).unwrap();
    std::fs::write(&path, &text).unwrap();
    let mut file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
    // Zeros at a file's end are not counted.
    file.seek(SeekFrom::Start((1 << 42) - 1)).unwrap();
    file.write_all(b"}").unwrap();
    window.open(&path);
    window.wait_for("There is not enough memory.");
    window.click("Snapshot 2, ");
    window.wait_for("Open anyway");
    assert!(window.has("of memory, and"), "{:?}", window.labels());
    // It turns out to be small, with something behind its end.
    window.click("Open anyway");
    window.wait_for("2 snapshots ready");
}
