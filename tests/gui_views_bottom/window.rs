//! A window on a tiny heap, driven by what is written on it.

use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use eframe::egui::{self, Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use heapatlas::gui::App;
use heapatlas::job::Source;

/// The window, and the folder of its file.
pub(crate) struct Window {
    pub(crate) harness: Harness<'static, App>,
    _folder: tempfile::TempDir,
}

impl Window {
    /// A window on a file of that name, once it is read.
    pub(crate) fn on(name: &str, bytes: &[u8]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let harness = Harness::builder()
            .with_size([1440.0, 900.0])
            .with_step_dt(0.05)
            .build_eframe(move |cc| App::new(&cc.egui_ctx, vec![Source::File(path)]).unwrap());
        let mut window = Self {
            harness,
            _folder: folder,
        };
        window.wait_for("Sum of all rows");
        window
    }

    /// Goes to what the palette finds for `text`.
    pub(crate) fn go_to(&mut self, text: &str) {
        self.press_with(Modifiers::COMMAND, Key::K);
        self.harness.get_by_label("Search everything").type_text(text);
        self.settle();
        self.press(Key::Enter);
        self.settle();
    }

    /// Shows the view of that tab.
    pub(crate) fn tab(&mut self, title: &str) {
        self.harness.get_by_role_and_label(Role::Tab, title).click();
        self.settle();
    }

    pub(crate) fn has(&self, label: &str) -> bool {
        self.harness.query_all_by_label_contains(label).next().is_some()
    }

    /// Paints until something is called so.
    pub(crate) fn wait_for(&mut self, label: &str) {
        let end = Instant::now() + Duration::from_secs(20);
        self.harness.step();
        while !self.has(label) {
            assert!(
                Instant::now() < end,
                "{label} never came; there is\n{}",
                self.labels().join("\n")
            );
            std::thread::sleep(Duration::from_millis(2));
            self.harness.step();
        }
    }

    /// Paints until everything has come to rest.
    pub(crate) fn settle(&mut self) {
        for _ in 0..8 {
            self.harness.step();
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    pub(crate) fn click(&mut self, label: &str) {
        self.harness.get_by_label_contains(label).click();
        self.settle();
    }

    /// Clicks the row whose name begins so.
    pub(crate) fn click_row(&mut self, start: &str) {
        let rows = self.harness.query_all_by_role(Role::Row);
        let row = rows.into_iter().find(|row| {
            let label = row.accesskit_node().label().unwrap_or_default();
            label.starts_with(start)
        });
        row.unwrap_or_else(|| panic!("no row {start}: {:#?}", self.rows()))
            .click();
        self.settle();
    }

    pub(crate) fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.settle();
    }

    pub(crate) fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// Presses a key, and gives what was copied by it.
    pub(crate) fn copied_by(&mut self, key: Key) -> Option<String> {
        // Only pressed: releasing it would be another frame, with an output of its own.
        self.harness.event(egui::Event::Key {
            key,
            physical_key: None,
            pressed: true,
            repeat: false,
            modifiers: Modifiers::NONE,
        });
        self.harness.step();
        let commands = &self.harness.output().platform_output.commands;
        commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    }

    pub(crate) fn rows(&self) -> Vec<String> {
        let rows = self.harness.query_all_by_role(Role::Row);
        rows.map(|row| row.accesskit_node().label().unwrap_or_default())
            .collect()
    }

    pub(crate) fn labels(&self) -> Vec<String> {
        let all = self.harness.query_all(egui_kittest::kittest::By::new());
        all.filter_map(|node| node.accesskit_node().label()).collect()
    }

    /// Does a row begin so?
    pub(crate) fn has_row(&self, start: &str) -> bool {
        self.rows().iter().any(|row| row.starts_with(start))
    }

    /// Does a row begin with each of these?
    #[track_caller]
    pub(crate) fn assert_rows(&self, starts: &[&str]) {
        for start in starts {
            assert!(self.has_row(start), "{start} is missing: {:#?}", self.rows());
        }
    }
}
