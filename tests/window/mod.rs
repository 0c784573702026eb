//! A window for tests, driven by what is written on it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use eframe::egui::accesskit::Role;
use eframe::egui::{Key, Memory, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use heapatlas::gui::App;
use heapatlas::job::Source;

/// A window on some files, which live as long as it does.
pub(crate) struct Window {
    pub(crate) harness: Harness<'static, App>,
    pub(crate) folder: tempfile::TempDir,
}

/// A cache of 130 entries, held by a module through a closure; `Broken` objects hold each other.
pub(crate) fn cache() -> String {
    let mut text = String::from(
        "root:synthetic/0 -shortcut:global-> window:native/16\n\
         window -property:modules-> modules=Module:object/40\n\
         modules -property:titleFor-> titleFor:closure/64\n\
         titleFor -property:cache-> cache=MapCache:object/32\n\
         window -property:left-> left=Broken:object/24\n\
         left -property:other-> right=Broken:object/24\n\
         right -property:other-> left\n",
    );
    for at in 0..130 {
        let size = 100 + at;
        writeln!(text, "cache -property:k{at}-> entry{at}=Entry:object/{size}").unwrap();
    }
    text
}

impl Window {
    pub(crate) fn on(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sources: Vec<Source> = files
            .iter()
            .map(|(name, bytes)| Source::File(write(folder.path(), name, bytes)))
            .collect();
        let harness = Harness::builder()
            .with_size([1280.0, 800.0])
            .with_step_dt(0.05)
            .build_eframe(move |cc| App::new(&cc.egui_ctx, sources).unwrap());
        Self { harness, folder }
    }

    /// A window as it is opened again, with what it remembers.
    pub(crate) fn remembering(kept: Memory, files: &[(&str, &[u8])]) -> Self {
        let mut window = Self::on(&[]);
        let paths = files.iter().map(|(name, bytes)| write(window.folder.path(), name, bytes));
        let sources: Vec<Source> = paths.map(Source::File).collect();
        window.harness = Harness::builder()
            .with_size([1280.0, 800.0])
            .with_step_dt(0.05)
            .build_eframe(move |cc| {
                cc.egui_ctx.memory_mut(|memory| *memory = kept);
                App::new(&cc.egui_ctx, sources).unwrap()
            });
        window
    }

    /// Shows the view of that name.
    pub(crate) fn show(&mut self, view: &str) {
        self.harness
            .query_all_by_role(Role::Tab)
            .find(|tab| {
                tab.accesskit_node()
                    .label()
                    .is_some_and(|label| label.starts_with(view))
            })
            .unwrap()
            .click();
        self.settle();
    }

    pub(crate) fn has(&self, label: &str) -> bool {
        self.harness.query_all_by_label_contains(label).next().is_some()
    }

    /// Paints until something is called so.
    pub(crate) fn wait_for(&mut self, label: &str) {
        self.wait_until(label, |window| window.has(label));
    }

    pub(crate) fn wait_until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        self.harness.step();
        while !holds(self) {
            assert!(
                Instant::now() < end,
                "{what} never came; there is\n{}",
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

    pub(crate) fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.settle();
    }

    pub(crate) fn press_with(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.settle();
    }

    /// What the rows are called, from the top; those of the table below come last.
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
}

pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}
