//! A window on tiny heaps.

use std::time::{Duration, Instant};

use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Key, Modifiers, OutputCommand};
use egui_kittest::Harness;
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use heapatlas::fixture::heap;
use heapatlas::gui::App;
use heapatlas::job::Source;

/// A window on some files, which live as long as it does.
pub(crate) struct Window {
    pub(crate) harness: Harness<'static, App>,
    /// What was copied last.
    pub(crate) copied: String,
    _folder: tempfile::TempDir,
}

impl Window {
    /// The window on heaps in the notation of the fixture, in the view of that title.
    pub(crate) fn on(heaps: &[&str], view: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |(at, text): (usize, &&str)| {
            let path = folder.path().join(format!("heap-{at}.heapsnapshot"));
            std::fs::write(&path, heap(text)).unwrap();
            Source::File(path)
        };
        let sources: Vec<Source> = heaps.iter().enumerate().map(write).collect();
        let harness = Harness::builder()
            .with_size([1280.0, 800.0])
            .with_step_dt(0.05)
            .build_eframe(move |cc| App::new(&cc.egui_ctx, sources).unwrap());
        let mut window = Self {
            harness,
            copied: String::new(),
            _folder: folder,
        };
        window.wait_for(&match heaps.len() {
            1 => "1 snapshot ready".to_owned(),
            many => format!("{many} snapshots ready"),
        });
        window.click(Role::Tab, view);
        window
    }

    pub(crate) fn has(&self, label: &str) -> bool {
        self.harness.query_all_by_label_contains(label).next().is_some()
    }

    /// Paints until something is called so.
    pub(crate) fn wait_for(&mut self, label: &str) {
        self.wait_until(label, |window| window.has(label));
    }

    /// Paints until a row begins so.
    pub(crate) fn wait_for_row(&mut self, start: &str) {
        self.wait_until(start, |window| window.has_row(start));
    }

    pub(crate) fn wait_until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        self.harness.step();
        while !holds(self) {
            let labels = || self.labels().join("\n");
            assert!(Instant::now() < end, "{what} never came; there is\n{}", labels());
            std::thread::sleep(Duration::from_millis(2));
            self.harness.step();
        }
    }

    /// Paints until everything has come to rest.
    fn settle(&mut self) {
        for _ in 0..8 {
            self.harness.step();
            for command in &self.harness.output().platform_output.commands {
                if let OutputCommand::CopyText(text) = command {
                    self.copied.clone_from(text);
                }
            }
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// Clicks on what is called so.
    pub(crate) fn click(&mut self, role: Role, label: &str) {
        self.harness.get_by_role_and_label(role, label).click();
        self.settle();
    }

    /// Clicks on the uppermost of that role whose name fits.
    fn click_first(&mut self, role: Role, what: &str, fits: impl Fn(&str) -> bool) {
        let all = self.harness.query_all_by_role(role);
        let fitting = all.filter(|node| node.accesskit_node().label().is_some_and(|label| fits(&label)));
        let first = fitting.min_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
        first
            .unwrap_or_else(|| panic!("no {what}: {:?}", self.of_role(role)))
            .click();
        self.settle();
    }

    /// Chooses the row that begins so.
    pub(crate) fn choose(&mut self, start: &str) {
        self.click_first(Role::Row, start, |label| label.starts_with(start));
    }

    /// Sorts by that column.
    pub(crate) fn sort_by(&mut self, header: &str) {
        self.click_first(Role::ColumnHeader, header, |label| label == header);
    }

    /// Types into that field.
    pub(crate) fn type_into(&mut self, field: &str, text: &str) {
        self.harness.get_by_label(field).focus();
        self.settle();
        self.harness.get_by_label(field).type_text(text);
        self.settle();
    }

    /// Opens the menu of the row under the cursor and chooses from it.
    pub(crate) fn choose_from_menu(&mut self, item: &str) {
        self.press_with(Modifiers::SHIFT, Key::F10);
        self.click(Role::MenuItem, item);
    }

    pub(crate) fn press(&mut self, key: Key) {
        self.press_with(Modifiers::NONE, key);
    }

    fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Is that view on the screen?
    pub(crate) fn shows(&self, view: &str) -> bool {
        let tabs = self.harness.query_all_by_role(Role::Tab);
        let mut tabs = tabs.map(|tab| tab.accesskit_node());
        // What it is about may stand after the title.
        tabs.any(|tab| {
            let is_it = tab
                .label()
                .is_some_and(|label| label.split(", ").next() == Some(view));
            is_it && (tab.is_selected() == Some(true) || tab.toggled() == Some(Toggled::True))
        })
    }

    /// Is that one of a few choices chosen?
    pub(crate) fn is_chosen(&self, choice: &str) -> bool {
        let node = self.harness.get_by_role_and_label(Role::RadioButton, choice);
        node.accesskit_node().toggled() == Some(Toggled::True)
    }

    /// What the rows are called, from the top; those of the table below come last.
    pub(crate) fn rows(&self) -> Vec<String> {
        self.of_role(Role::Row)
    }

    /// What all of that role are called, from the top.
    pub(crate) fn of_role(&self, role: Role) -> Vec<String> {
        let mut all: Vec<_> = self.harness.query_all_by_role(role).collect();
        all.sort_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
        let labels = all.into_iter().map(|node| node.accesskit_node().label());
        labels.map(Option::unwrap_or_default).collect()
    }

    /// The first words of the first rows.
    pub(crate) fn firsts(&self, count: usize) -> Vec<String> {
        let rows = self.rows().into_iter().take(count);
        rows.map(|row| row.split(", level").next().unwrap_or_default().to_owned())
            .collect()
    }

    fn labels(&self) -> Vec<String> {
        let all = self.harness.query_all(By::new());
        all.filter_map(|node| node.accesskit_node().label()).collect()
    }

    /// Does a row begin so?
    pub(crate) fn has_row(&self, start: &str) -> bool {
        self.rows().iter().any(|row| row.starts_with(start))
    }
}
