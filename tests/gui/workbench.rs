//! What is the same in all views: finding, selecting many, menus, bookmarks, splitting, two snapshots side by side.

use eframe::egui::accesskit::Role;
use eframe::egui::{Event, Key, Modifiers, OutputCommand, PointerButton, Pos2, pos2};
use egui_kittest::kittest::Queryable as _;
use heapatlas::fixture::heap;

use crate::window::{Window, cache};

fn on_summary(files: &[(&str, &[u8])]) -> Window {
    let mut window = Window::in_summary(files);
    window.wait_for(if files.len() > 1 {
        "snapshots ready"
    } else {
        "1 snapshot ready"
    });
    window.settle();
    window.show("Summary");
    window.wait_for("Sum of all rows");
    window
}

fn on_cache() -> Window {
    on_summary(&[("cache.heapsnapshot", &heap(&cache()))])
}

/// The largest entry of the cache, with the keyboard on its row.
fn select_entry(window: &mut Window) {
    window.go_to("Entry");
    window.wait_for("Selected class Entry");
    window.press(Key::ArrowRight);
    window.wait_for_row("Entry @");
    window.press(Key::ArrowDown);
    window.wait_for("Selected @");
}

fn copied(window: &Window) -> Option<String> {
    let commands = &window.harness.output().platform_output.commands;
    commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

#[test]
fn the_palette_finds_classes_objects_views_and_commands() {
    let mut window = on_cache();
    window.press_with(Modifiers::COMMAND, Key::K);
    window
        .harness
        .get_by_label("Search everything")
        .type_text("cache");
    window.wait_for("Classes: MapCache");
    window.wait_for("Objects with that in their names: MapCache @");
    assert!(window.has("This view: Filter this view by “cache”"));
    window.press(Key::Escape);
    assert!(!window.has("Search everything") || !window.has("Classes: MapCache"));
    window.go_to("domin");
    window.wait_for("Objects that would go with it");
    window.go_to("> summ");
    window.wait_for("Sum of all rows");
    assert!(window.shows("Summary") && !window.has("Summary side by side"));
    window.go_to("> light");
    assert!(window.harness.ctx.theme() == eframe::egui::Theme::Light);
    window.go_to("@99999999");
    assert!(window.has("Nothing selected"), "there is no such object");
}

#[test]
fn an_id_is_gone_to() {
    let mut window = on_cache();
    select_entry(&mut window);
    window.harness.event(Event::Copy);
    window.harness.step();
    let id = copied(&window).unwrap();
    window.go_to("Broken");
    window.wait_for("Selected class Broken");
    window.go_to(&id);
    window.wait_for(&format!("Selected {id}"));
}

#[test]
fn text_is_found_row_by_row() {
    let mut window = on_cache();
    select_entry(&mut window);
    window.press_with(Modifiers::COMMAND, Key::F);
    window
        .harness
        .get_by_label("Find in this view")
        .type_text("entry @");
    // Those that are not shown yet are found too: the class shows a hundred at first.
    window.wait_for("1 of 130");
    window.press_with(Modifiers::SHIFT, Key::F3);
    window.wait_for("130 of 130");
    window.press(Key::F3);
    window.wait_for("1 of 130");
    window.click("Match case");
    window.wait_for("Nothing found");
    window.click("Regular expression");
    window.harness.get_by_label("Find in this view").focus();
    window.settle();
    window.harness.get_by_label("Find in this view").type_text("(");
    window.settle();
    assert!(!window.has("Looking"), "a wrong expression is no question");
    window.click("Close the find bar");
    assert!(!window.has("Find in this view"));
}

#[test]
fn several_rows_come_to_an_exact_sum() {
    let mut window = on_cache();
    select_entry(&mut window);
    window.press_with(Modifiers::SHIFT, Key::ArrowDown);
    window.press_with(Modifiers::SHIFT, Key::ArrowDown);
    window.wait_for("Selected 3 objects");
    // 229 + 228 + 227 bytes: nothing hangs from them but themselves.
    assert!(
        window.has("shallow 684 B · retained together 684 B"),
        "{:?}",
        window.labels()
    );
    let held = Event::ModifiersChanged(Modifiers::COMMAND | Modifiers::SHIFT);
    window.harness.event(held);
    window.harness.event(Event::Copy);
    window.harness.step();
    let csv = copied(&window).unwrap();
    assert_eq!(csv.lines().count(), 4, "{csv}");
    assert!(csv.starts_with("class,distance,count,shallow_size,"), "{csv}");
    assert!(csv.contains(",229,"), "plain digits: {csv}");
}

#[test]
fn a_row_has_a_menu_that_leads_elsewhere() {
    let mut window = on_cache();
    select_entry(&mut window);
    window.press_with(Modifiers::SHIFT, Key::F10);
    window.wait_for("Show in Dominators");
    for line in [
        "Reveal in Summary",
        "Show in Containment",
        "Copy @id",
        "Copy path",
        "Export table…",
    ] {
        assert!(window.has(line), "{line} is missing");
    }
    window.click("Show in Dominators");
    window.wait_until("the entry among what dominates it", |window| {
        window.has_row("Entry @") && window.has("Objects that would go with it")
    });
    window.click("Back");
    window.wait_for("Sum of all rows");
}

/// Moves the pointer to the middle of the row whose name begins so, then to `from_its_end` points left of the end of the
/// first cell, and clicks there.
fn click_in_first_cell(window: &mut Window, start: &str, header: &str, from_its_end: f32) {
    let end = window.harness.get_by_label(header).rect().left();
    let row = window.harness.get_by_label_contains(start).rect();
    let at = pos2(end - from_its_end, row.center().y);
    for event in [
        Event::PointerMoved(row.center()),
        Event::PointerMoved(at),
        pressed(at, true),
        pressed(at, false),
    ] {
        window.harness.event(event);
        window.harness.step();
    }
    window.settle();
}

fn pressed(pos: Pos2, pressed: bool) -> Event {
    Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    }
}

#[test]
fn a_row_under_the_pointer_offers_what_can_be_done_with_it() {
    let mut window = on_cache();
    select_entry(&mut window);
    let holder = ".k129 in MapCache @";
    window.press(Key::R);
    window.wait_for_row(holder);
    click_in_first_cell(
        &mut window,
        holder,
        "Distance from the roots, sorted ascending",
        20.0,
    );
    window.wait_for("Show in Dominators");
    window.press(Key::Escape);
    click_in_first_cell(
        &mut window,
        holder,
        "Distance from the roots, sorted ascending",
        44.0,
    );
    window.wait_for("1 retainer is ignored");
}

#[test]
fn shift_r_asks_for_the_paths_of_all_and_r_for_the_retainers_of_one() {
    let mut window = on_cache();
    window.go_to("Entry");
    window.wait_for("Selected class Entry");
    window.press_with(Modifiers::SHIFT, Key::R);
    window.wait_until("the view of paths", |window| window.shows("Paths"));
    window.wait_for("Merged paths");
}

#[test]
fn what_would_be_too_narrow_beside_is_put_on_top_of_a_neighbour() {
    let mut window = on_cache();
    for _ in 0..6 {
        window.go_to("> open another summary");
    }
    let sums: Vec<f32> = window
        .harness
        .query_all_by_label_contains("Sum of all rows")
        .map(|sum| sum.rect().width())
        .collect();
    assert!(
        sums.len() > 1 && sums.iter().all(|width| *width >= 180.0),
        "{sums:?}"
    );
}

#[test]
fn an_object_is_kept_in_mind() {
    let mut window = on_cache();
    select_entry(&mut window);
    window.press(Key::B);
    window.go_to("Broken");
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::B);
    window.wait_for("Note on Entry @");
    window
        .harness
        .get_by_label_contains("Note on Entry @")
        .type_text("why so large?");
    window.settle();
    window
        .harness
        .get_by_role_and_label(Role::Button, "Remove the bookmark");
    window
        .harness
        .get_all_by_role(Role::Button)
        .find(|button| {
            use egui_kittest::kittest::NodeT as _;
            let label = button.accesskit_node().label().unwrap_or_default();
            label.starts_with("Entry @")
        })
        .unwrap()
        .click();
    window.settle();
    window.wait_for("Selected @");
    window.press_with(Modifiers::COMMAND | Modifiers::SHIFT, Key::B);
    window.click("Remove the bookmark");
    assert!(window.has("Press B on a row"), "{:?}", window.labels());
}

#[test]
fn a_retainer_is_ignored_and_shown_again() {
    let mut window = on_cache();
    select_entry(&mut window);
    window.press(Key::R);
    window.press(Key::Home);
    assert!(window.has_row(".k129 in MapCache @"));
    window.press(Key::I);
    window.wait_for("1 retainer is ignored");
    window.click("Show them again");
    assert!(!window.has("is ignored"));
}

fn sorted_headers(window: &Window, name: &str) -> usize {
    window.harness.query_all_by_label_contains(name).count()
}

#[test]
fn a_view_is_split_and_its_half_stands_alone() {
    let mut window = on_cache();
    window.go_to("> open another summary");
    let tabs = |window: &Window| {
        let labels = window.labels();
        labels.iter().filter(|label| label.starts_with("Summary")).count()
    };
    assert!(tabs(&window) >= 2, "{:?}", window.labels());
    assert_eq!(
        window
            .harness
            .query_all_by_label_contains("Sum of all rows")
            .count(),
        2
    );
    let header = window
        .harness
        .query_all_by_label("Number of objects")
        .next()
        .unwrap();
    header.click();
    window.settle();
    assert_eq!(sorted_headers(&window, "Number of objects, sorted descending"), 1);
    window.press_with(Modifiers::COMMAND, Key::W);
    assert_eq!(
        window
            .harness
            .query_all_by_label_contains("Sum of all rows")
            .count(),
        1
    );
}

#[test]
fn side_by_side_views_sort_and_select_together() {
    let more = cache() + "window -property:more-> more=More:object/1000\n";
    let files: [(&str, &[u8]); 2] = [
        ("one.heapsnapshot", &heap(&cache())),
        ("two.heapsnapshot", &heap(&more)),
    ];
    let mut window = on_summary(&files);
    window.go_to("> summary side by side");
    window.wait_until("two summaries", |window| {
        window
            .harness
            .query_all_by_label_contains("Sum of all rows")
            .count()
            == 2
    });
    window
        .harness
        .query_all_by_label("Number of objects")
        .next()
        .unwrap()
        .click();
    window.settle();
    assert_eq!(sorted_headers(&window, "Number of objects, sorted descending"), 2);
    let row = window
        .harness
        .query_all_by_label_contains("MapCache, level 1")
        .next()
        .unwrap();
    row.click();
    window.wait_until("the class in both", |window| {
        use egui_kittest::kittest::NodeT as _;
        let rows = window.harness.query_all_by_label_contains("MapCache, level 1");
        rows.filter(|row| row.accesskit_node().is_selected() == Some(true))
            .count()
            == 2
    });
}

#[test]
fn what_was_laid_out_and_sorted_is_remembered() {
    let mut window = on_cache();
    window.harness.get_by_label("Number of objects").click();
    window.settle();
    window.go_to("> snapshots panel");
    let kept = window.harness.ctx.memory(Clone::clone);
    let mut again = Window::remembering(kept, &[("cache.heapsnapshot", &heap(&cache()))]);
    again.wait_for("1 snapshot ready");
    again.settle();
    assert!(!again.has("Snapshot 1, cache"), "the panel stays hidden");
    again.show("Summary");
    again.wait_for("Number of objects, sorted descending");
}

#[test]
fn halves_that_move_together_are_grouped_together() {
    let files: [(&str, &[u8]); 2] = [
        ("one.heapsnapshot", &heap(&cache())),
        ("two.heapsnapshot", &heap(&cache())),
    ];
    let mut window = on_summary(&files);
    window.go_to("> summary side by side");
    // There is no room for all groupings in half a window.
    let groupings = |window: &Window| {
        let all = window.harness.query_all_by_role(Role::ComboBox);
        let all = all.filter(|node| {
            use egui_kittest::kittest::NodeT as _;
            node.accesskit_node().label().as_deref() == Some("Group by")
        });
        all.count()
    };
    window.wait_until("both halves", |window| groupings(window) == 2);
    window
        .harness
        .query_all_by_label("Group by")
        .next()
        .unwrap()
        .click();
    window.settle();
    window.click_on(Role::ListBoxOption, "Kind");
    window.wait_until("the same groups in both", |window| {
        window
            .harness
            .query_all_by_label_contains("closure, level 1")
            .count()
            == 2
    });
}
