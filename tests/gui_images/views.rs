//! A picture of each view in both themes, on the two snapshots that come with the program.

use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Modifiers, Theme};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotOptions, SnapshotResults};
use heapatlas::gui::App;
use heapatlas::job::Source;

use super::raster::Raster;

const DEMO: [Source; 2] = [
    Source::Bundled {
        name: "demo-1.heapsnapshot",
        zstd: include_bytes!("../../assets/demo-1.heapsnapshot.zst"),
    },
    Source::Bundled {
        name: "demo-2.heapsnapshot",
        zstd: include_bytes!("../../assets/demo-2.heapsnapshot.zst"),
    },
];

/// Views in the middle: the tab, the name of the picture, and what is there once all is there.
const CENTRE: [(&str, &str, &str); 11] = [
    ("Suspects", "suspects", "Suspect 1, "),
    ("Overview", "overview", "Biggest objects"),
    ("Summary", "summary", "Sum of all rows"),
    ("Comparison", "comparison", "Rows sum to"),
    ("Trend", "trend", "Rows sum to the total"),
    ("Dominators", "dominators", "Objects that would go with it"),
    ("Containment", "containment", "level 1"),
    ("Caches", "caches", "2 snapshots"),
    ("Duplicates", "duplicates", "groups"),
    ("Strings", "strings", "Held by"),
    ("Statistics", "statistics", "What the heap is made of"),
];

/// Views of the selection.
const BOTTOM: [(&str, &str, &str); 2] = [
    ("Chain", "chain", "Copy chain"),
    ("Dominated", "dominated", "Objects that would go with it"),
];

/// A page that was recorded with stacks.
const RECORDING: [Source; 1] = [Source::Bundled {
    name: "page.heaptimeline",
    zstd: include_bytes!("../data/chromium-page.heaptimeline.zst"),
}];

fn window(size: [f32; 2], sources: Vec<Source>) -> Harness<'static, App> {
    Harness::builder()
        .with_size(size)
        .with_step_dt(0.05)
        .with_options(SnapshotOptions::new().output_path("tests/gui_images/snapshots"))
        .renderer(Raster::default())
        .build_eframe(|cc| App::new(&cc.egui_ctx, sources, None).expect("threads start"))
}

fn wait_for(window: &mut Harness<'static, App>, label: &str) {
    let end = Instant::now() + Duration::from_mins(1);
    window.step();
    while window.query_all_by_label_contains(label).next().is_none() {
        assert!(Instant::now() < end, "{label} never came");
        std::thread::sleep(Duration::from_millis(5));
        window.step();
    }
}

/// Steps until nothing is asked for any more: answers come within a second on any machine that is not overrun.
fn settle(window: &mut Harness<'static, App>) {
    for _ in 0..60 {
        window.step();
        std::thread::sleep(Duration::from_millis(15));
    }
}

/// Clicks on the first of that role whose name fits; tells whether there is one.
fn click(window: &Harness<'static, App>, role: Role, fits: impl Fn(&str) -> bool) -> bool {
    use egui_kittest::kittest::NodeT as _;
    let mut all = window.query_all_by_role(role);
    let found = all.find(|node| fits(&node.accesskit_node().label().unwrap_or_default()));
    found.inspect(egui_kittest::Node::click).is_some()
}

fn show(window: &mut Harness<'static, App>, tab: &str, there: &str) {
    if !click(window, Role::Tab, |label| label.starts_with(tab)) {
        // It does not fit.
        assert!(
            click(window, Role::Button, |label| label.ends_with(" more")),
            "no tab {tab}"
        );
        window.step();
        window.step();
        assert!(
            click(window, Role::MenuItem, |label| label.starts_with(tab)),
            "no tab {tab}"
        );
    }
    wait_for(window, there);
    settle(window);
}

#[test]
fn every_view_looks_as_it_should() {
    let mut window = window([1024.0, 640.0], DEMO.to_vec());
    wait_for(&mut window, "2 snapshots ready");
    settle(&mut window);
    // An object of the leak, found as a person would find it.
    window.key_press_modifiers(Modifiers::COMMAND, Key::K);
    window.step();
    window.get_by_label("Search everything").type_text("PriceQuery");
    wait_for(&mut window, "Classes: PriceQuery");
    window.key_press(Key::Enter);
    settle(&mut window);
    for key in [Key::ArrowRight, Key::ArrowDown] {
        window.key_press(key);
        settle(&mut window);
    }
    let mut results = SnapshotResults::new();
    for (tab, name, there) in CENTRE.into_iter().chain(BOTTOM) {
        show(&mut window, tab, there);
        picture(&mut window, name, &mut results);
    }
}

/// Takes the picture `name` in both themes.
fn picture(window: &mut Harness<'static, App>, name: &str, results: &mut SnapshotResults) {
    for (theme, suffix) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        window.ctx.set_theme(theme);
        window.run_steps(4);
        results.add(window.try_snapshot(format!("{name}-{suffix}")));
    }
    window.ctx.set_theme(Theme::Dark);
}

#[test]
fn a_recording_and_a_profile_look_as_they_should() {
    let mut results = SnapshotResults::new();
    let mut recording = window([1280.0, 800.0], RECORDING.to_vec());
    wait_for(&mut recording, "Allocation timeline, ");
    wait_for(&mut recording, "Allocations by function, callers below");
    settle(&mut recording);
    picture(&mut recording, "timeline", &mut results);
    // The fourth sample, as a person would choose it.
    recording.get_by_label_contains("Allocation timeline, ").focus();
    settle(&mut recording);
    for _ in 0..4 {
        recording.key_press(Key::ArrowRight);
        settle(&mut recording);
    }
    wait_for(&mut recording, "Take off the filter: Allocated between ");
    picture(&mut recording, "timeline-range", &mut results);

    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("load.heapprofile");
    std::fs::write(&file, include_bytes!("../data/calls.heapprofile")).expect("it can be written");
    let mut profile = window([1024.0, 640.0], vec![Source::File(file)]);
    wait_for(&mut profile, "Allocations by function, callers below");
    settle(&mut profile);
    picture(&mut profile, "profile", &mut results);
}
