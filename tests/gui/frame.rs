//! The frame around the views: files, the theme, going back and forward, Summary and Retainers.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use heapatlas::fixture::heap;

use crate::window::{Window, cache, write};

impl Window {
    /// The window on the cache, once it is read.
    fn on_cache() -> Self {
        let mut window = Self::in_summary(&[("cache.heapsnapshot", &heap(&cache()))]);
        window.wait_for("1 snapshot ready");
        window.wait_for("Sum of all rows");
        window
    }

    fn empty() -> Self {
        Self::on(&[])
    }

    fn click_header(&mut self, label: &str) {
        self.harness
            .get_by_role_and_label(Role::ColumnHeader, label)
            .click();
        self.settle();
    }

    /// Closes the snapshot that is shown, by the palette.
    fn close_snapshot(&mut self) {
        self.press_with(Modifiers::COMMAND, Key::K);
        self.harness
            .get_by_label("Search everything")
            .type_text("> close the snap");
        self.settle();
        self.press(Key::Enter);
    }
}

#[test]
fn without_a_file_the_window_says_how_to_open_one() {
    let mut window = Window::empty();
    window.settle();
    for label in [
        "Open files…",
        "Type a path",
        "Drop a heap snapshot here",
        "No snapshot open",
    ] {
        assert!(window.has(label), "{label} is missing");
    }
}

#[test]
fn a_file_opens_and_its_classes_add_up() {
    let window = Window::on_cache();
    assert!(
        window.has("Snapshot 1, cache, 21.6\u{a0}kB, current"),
        "{:?}",
        window.labels()
    );
    let rows = window.rows();
    assert!(
        rows[0].starts_with("window, level 1"),
        "the largest first: {rows:?}"
    );
    assert!(window.has("1 snapshot ready") && window.has("Nothing selected"));
    let sum = "Sum of all rows, Number of objects: 136, Shallow size in bytes: 21\u{2009}585";
    assert!(window.has(sum), "{:?}", window.labels());
}

#[test]
fn every_header_sorts() {
    let mut window = Window::on_cache();
    assert!(window.has("Retained size in bytes, sorted descending"));
    window.click_header("Number of objects");
    assert!(window.has("Number of objects, sorted descending"));
    assert!(window.rows()[0].starts_with("Entry, level 1"));
    window.click_header("Number of objects, sorted descending");
    assert!(!window.rows()[0].starts_with("Entry"));
    for header in [
        "Class",
        "Distance from the roots",
        "Shallow size in bytes",
        "Retained size in bytes",
    ] {
        window.click_header(header);
        assert!(window.has(&format!("{header}, sorted")), "{header}");
    }
}

#[test]
fn the_filter_waits_for_the_typing_and_limits_the_rows() {
    let mut window = Window::on_cache();
    window.press(Key::Slash);
    window
        .harness
        .get_by_label("Filter by class name")
        .type_text("broKEN");
    window.wait_until("one row", |window| window.rows().len() == 1);
    assert!(window.has_row("Broken, level 1") && window.has("1 class"));
    assert!(window.has("Sum of the rows, Number of objects: 2"));
    window.click("Clear the filter");
    window.wait_until("all rows", |window| window.rows().len() > 4);
}

#[test]
fn a_class_opens_to_its_objects_in_pages() {
    let mut window = Window::on_cache();
    open_entries(&mut window);
    assert!(window.has("Entry, level 1, expanded"));
    window.press(Key::End);
    window.press(Key::ArrowUp);
    window.press(Key::Home);
    window
        .harness
        .get_by_label_contains("Entry, level 1, expanded")
        .click();
    // The page row is far below: the last row of the class.
    for _ in 0..12 {
        window.press(Key::PageDown);
    }
    window.wait_for("Show 30 more");
    window.click("Show 30 more");
    assert!(!window.has("Show 30 more"));
}

#[test]
fn an_object_opens_to_what_it_holds() {
    let mut window = Window::on_cache();
    window.harness.get_by_label_contains("MapCache, level 1").click();
    window.settle();
    window.press(Key::ArrowRight);
    window.press(Key::ArrowRight);
    window.press(Key::ArrowRight);
    assert!(window.has_row("k129: Entry @"), "{:?}", window.rows());
    window.press(Key::ArrowLeft);
    assert!(!window.has_row("k129: Entry @"));
}

#[test]
fn what_leads_round_in_a_circle_is_not_expanded() {
    let mut window = Window::on_cache();
    window.harness.get_by_label_contains("Broken, level 1").click();
    for _ in 0..5 {
        window.press(Key::ArrowRight);
    }
    let deepest = window
        .rows()
        .into_iter()
        .find(|row| row.contains("level 4"))
        .unwrap();
    assert!(!deepest.contains("collapsed"), "{deepest}");
}

/// Opens the class of the cache's entries.
fn open_entries(window: &mut Window) {
    window.click("Entry, level 1, collapsed");
    window.press(Key::ArrowRight);
}

/// Selects the largest entry of the cache.
fn select_entry(window: &mut Window) {
    open_entries(window);
    window.press(Key::ArrowDown);
}

#[test]
fn the_way_to_the_root_of_a_selected_object_is_open() {
    let mut window = Window::on_cache();
    assert!(window.has("Select an object above to see what keeps it alive."));
    select_entry(&mut window);
    for row in [
        ".k129 in MapCache @",
        ".cache in titleFor() @",
        ".titleFor in Module @",
        ".modules in window @",
    ] {
        assert!(window.has_row(row), "{row} is missing: {:?}", window.rows());
    }
    assert!(window.has("Selected @"));
}

#[test]
fn a_retainer_can_be_followed_and_come_back_from() {
    let mut window = Window::on_cache();
    select_entry(&mut window);
    window.press(Key::R);
    window.press(Key::ArrowDown);
    window.press(Key::ArrowDown);
    window.press(Key::Enter);
    window.wait_until("the retainers of the closure", |window| {
        !window.has_row(".k129 in MapCache")
    });
    assert!(window.has_row(".titleFor in Module"));
    assert!(
        window.has_row("titleFor() @"),
        "it is revealed in its class: {:?}",
        window.rows()
    );
    window.click("Back");
    window.wait_until("the entry again", |window| window.has_row(".k129 in MapCache"));
    window.press_with(Modifiers::ALT, Key::ArrowRight);
    window.wait_until("the closure again", |window| !window.has_row(".k129 in MapCache"));
}

#[test]
fn the_id_is_copied() {
    let mut window = Window::on_cache();
    select_entry(&mut window);
    window.harness.event(Event::Copy);
    window.harness.step();
    let commands = &window.harness.output().platform_output.commands;
    let copied = commands.iter().find_map(|command| match command {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    assert!(
        copied.as_deref().is_some_and(|text| text.starts_with('@')),
        "{copied:?}"
    );
}

#[test]
fn the_theme_is_switched() {
    let mut window = Window::on_cache();
    assert!(window.harness.ctx.theme() == egui::Theme::Dark);
    window.click("Switch to the light theme");
    assert!(window.harness.ctx.theme() == egui::Theme::Light);
    window.click("Switch to the dark theme");
    assert!(window.harness.ctx.theme() == egui::Theme::Dark);
}

#[test]
fn a_file_that_is_no_snapshot_says_what_to_do() {
    let mut window = Window::on(&[("notes.heapsnapshot", b"hello")]);
    window.wait_for("Read again");
    assert!(window.has("Snapshot 1, notes, not read"));
    let path = window.folder.path().join("notes.heapsnapshot");
    std::fs::write(path, heap(&cache())).unwrap();
    window.click("Read again");
    window.wait_for("1 snapshot ready");
}

#[test]
fn a_missing_file_says_so() {
    let mut window = Window::empty();
    let missing = window.folder.path().join("missing.heapsnapshot");
    window.harness.event(Event::Paste(missing.display().to_string()));
    window.wait_for("The file cannot be read.");
    assert!(window.has("Snapshot 1, missing, not read"));
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }
    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("only the path is asked for".to_owned())
    }
}

#[test]
fn a_cut_file_shows_what_it_holds_under_a_banner() {
    let whole = heap(&cache());
    let mut window = Window::on(&[("cut.heapsnapshot", &whole[..whole.len() - 30])]);
    window.wait_for("This file was read only in part.");
    window.show("Summary");
    window.settle();
    assert!(window.has_row("Entry, level 1") && window.has("Sum of all rows"));
}

#[test]
fn files_are_dropped_shown_and_closed() {
    let mut window = Window::on_cache();
    let second = write(
        window.folder.path(),
        "second.heapsnapshot",
        &heap("root:synthetic/0 -shortcut:global-> Lone:object/16"),
    );
    window
        .harness
        .input_mut()
        .dropped_files
        .push(Arc::new(Dropped(second)));
    window.wait_for("2 snapshots ready");
    assert!(
        window.has("Snapshot 1, cache, 21.6\u{a0}kB, current"),
        "what is shown stays"
    );
    window.click("Snapshot 2, second");
    assert!(window.has_row("Lone, level 1") && !window.has_row("Entry"));
    window.close_snapshot();
    assert!(window.has_row("Entry, level 1") && window.has("1 snapshot ready"));
    window.close_snapshot();
    assert!(window.has("Drop a heap snapshot here"));
}

#[test]
fn the_selection_is_the_same_object_in_another_snapshot() {
    let mut window = Window::on_cache();
    select_entry(&mut window);
    let second = write(window.folder.path(), "second.heapsnapshot", &heap(&cache()));
    window
        .harness
        .input_mut()
        .dropped_files
        .push(Arc::new(Dropped(second)));
    window.wait_for("2 snapshots ready");
    window.click("Snapshot 2, second");
    window.wait_until("the object in the second snapshot", |window| {
        window.has_row("Entry @") && window.has("Selected @")
    });
    window.click("Snapshot 1, cache");
    window.wait_until("the selection again", |window| {
        window.has_row(".k129 in MapCache")
    });
}

/// Opens a pipe that nobody writes to: a file that is never read to its end as long as what is returned is kept.
#[cfg(unix)]
fn open_endless(window: &mut Window) -> std::fs::File {
    let path = window.folder.path().join("endless.heapsnapshot");
    let made = std::process::Command::new("mkfifo").arg(&path).status().unwrap();
    assert!(made.success());
    let writer = std::fs::OpenOptions::new()
        .read(true)
        .write(true)
        .open(&path)
        .unwrap();
    window.harness.event(Event::Paste(path.display().to_string()));
    window.wait_for("Cancel reading endless");
    writer
}

#[cfg(unix)]
#[test]
fn a_load_is_cancelled() {
    let mut window = Window::empty();
    let _writer = open_endless(&mut window);
    window.click("Cancel reading endless");
    assert!(
        window.has("Snapshot 1, endless, cancelled, current"),
        "{:?}",
        window.labels()
    );
    assert!(window.has("Read again"));
}

/// A question that waits for its turn behind a file that is being read.
#[cfg(unix)]
#[test]
fn a_question_is_cancelled_by_escape_and_asked_again() {
    let mut window = Window::in_summary(&[("cache.heapsnapshot", &heap(&cache()))]);
    let _writer = open_endless(&mut window);
    window.harness.get_by_label_contains("Snapshot 1, cache").click();
    window.settle();
    window.show("Duplicates");
    window.wait_for("1 more job");
    window.press(Key::Escape);
    window.wait_for("Ask again");
    assert!(
        window.has("Cancel reading endless"),
        "reading a file is not ended by chance"
    );
    window.click("Ask again");
    window.click("Cancel reading endless");
    window.wait_until("the answer", |window| {
        !window.has("Ask again") && !window.rows().is_empty()
    });
}

#[cfg(unix)]
#[test]
fn the_job_that_has_the_keyboard_is_cancelled_by_escape() {
    let mut window = Window::empty();
    let _writer = open_endless(&mut window);
    window.press(Key::Escape);
    assert!(window.has("Cancel reading endless"), "nothing had the keyboard");
    window.press(Key::F6);
    window.press(Key::Escape);
    window.wait_for("Snapshot 1, endless, cancelled, current");
}

/// Counted, not timed: what is painted depends on the size of the window and not on that of the heap.
#[test]
fn painting_costs_the_same_for_any_number_of_rows() {
    let painted = |objects: usize| {
        let mut text = String::from("root:synthetic/0 -shortcut:global-> all=Holder:object/16\n");
        for at in 0..objects {
            writeln!(text, "all -element:{at}-> o{at}=Thing:object/24").unwrap();
        }
        let mut window = Window::in_summary(&[("many.heapsnapshot", &heap(&text))]);
        window.wait_for("1 snapshot ready");
        window.show("Summary");
        window.wait_for("Sum of all rows");
        window.harness.get_by_label_contains("Thing, level 1").click();
        window.settle();
        window.press(Key::ArrowRight);
        window.press(Key::End);
        for _ in 0..200 {
            if !window.has("Show all") {
                break;
            }
            window.click("Show all");
            window.press(Key::End);
        }
        window.press(Key::Home);
        (window.rows().len(), window.harness.output().shapes.len())
    };
    let (few_rows, few) = painted(2_000);
    let (many_rows, many) = painted(20_000);
    assert_eq!(few_rows, many_rows);
    // The numbers themselves are longer.
    assert!(
        few.abs_diff(many) < 8,
        "{few} shapes for 2 000 objects, {many} for 20 000"
    );
}

#[test]
fn back_and_forward_know_what_was_visited_by_its_tab() {
    let mut window = Window::on_heaps(&[&cache()], "Summary");
    // It comes up by itself if suspects were found before the view was left.
    window.tab("Chain");
    window.show("Dominators");
    window.show("Strings");
    window.tab("Properties");
    window.tab("Retainers");
    window.click("Back");
    assert!(window.shows("Chain") && window.shows("Strings"));
    window.click("Back");
    assert!(window.shows("Dominators"));
    window.click("Back");
    assert!(window.shows("Summary"));
    window.click("Forward");
    window.click("Forward");
    window.click("Forward");
    assert!(window.shows("Strings") && window.shows("Retainers"));
    window.click("Back");
    window.show("Overview");
    let forward = window.harness.get_by_role_and_label(Role::Button, "Forward");
    assert!(forward.accesskit_node().is_disabled(), "another way was taken");
}

#[test]
fn tabs_that_do_not_fit_stand_behind_a_button() {
    let mut window = Window::of_size([800.0, 600.0], &[("cache.heapsnapshot", &heap(&cache()))]);
    window.wait_for("1 snapshot ready");
    window.settle();
    let tabs = |window: &Window| window.of_role(Role::Tab);
    assert!(
        !tabs(&window).contains(&"Statistics".to_owned()),
        "{:?}",
        tabs(&window)
    );
    window.show("Statistics");
    window.wait_for("What the heap is made of");
    assert!(window.shows("Statistics"), "the chosen tab is always there");
    assert!(tabs(&window).contains(&"Overview".to_owned()));
    window.press_with(Modifiers::COMMAND, Key::Num3);
    assert!(window.shows("Summary"), "by its place as before");
}
