//! A window for tests, driven by what is written on it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{self, Key, Memory, Modifiers, OutputCommand};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use heapatlas::fixture::heap;
use heapatlas::gui::App;
use heapatlas::job::Source;

/// A window on some files, which live as long as it does.
pub(crate) struct Window {
    pub(crate) harness: Harness<'static, App>,
    /// What was copied last.
    pub(crate) copied: String,
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
        Self::of_size([1280.0, 800.0], files)
    }

    /// A window in which Summary was the last view shown: Suspects, the first view of others, selects nothing here.
    pub(crate) fn in_summary(files: &[(&str, &[u8])]) -> Self {
        let mut before = Self::on(&[(
            "small.heapsnapshot",
            &heap("root:synthetic/0 -shortcut:w-> window:object/8"),
        )]);
        before.wait_for("1 snapshot ready");
        before.show("Summary");
        before.wait_for("Sum of all rows");
        before.settle();
        let kept = before.harness.ctx.memory(Clone::clone);
        Self::remembering(kept, files)
    }

    /// The same, of that size in points.
    pub(crate) fn of_size(size: [f32; 2], files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let sources: Vec<Source> = files
            .iter()
            .map(|(name, bytes)| Source::File(write(folder.path(), name, bytes)))
            .collect();
        let harness = Harness::builder()
            .with_size(size)
            .with_step_dt(0.05)
            .build_eframe(move |cc| App::new(&cc.egui_ctx, sources, None).unwrap());
        Self {
            harness,
            copied: String::new(),
            folder,
        }
    }

    /// A window as it is opened again, with what it remembers.
    pub(crate) fn remembering(kept: Memory, files: &[(&str, &[u8])]) -> Self {
        let mut window = Self::on(&[]);
        let paths = files
            .iter()
            .map(|(name, bytes)| write(window.folder.path(), name, bytes));
        let sources: Vec<Source> = paths.map(Source::File).collect();
        window.harness = Harness::builder()
            .with_size([1280.0, 800.0])
            .with_step_dt(0.05)
            .build_eframe(move |cc| {
                cc.egui_ctx.memory_mut(|memory| *memory = kept);
                App::new(&cc.egui_ctx, sources, None).unwrap()
            });
        window
    }

    /// Shows the view of that name.
    pub(crate) fn show(&mut self, view: &str) {
        let is_it = |label: String| label.starts_with(view);
        let tab = |window: &Self| {
            let mut tabs = window.harness.query_all_by_role(Role::Tab);
            tabs.any(|tab| tab.accesskit_node().label().is_some_and(is_it))
        };
        if !tab(self) {
            self.click_first(Role::Button, "tabs behind a button", |label| {
                label.ends_with(" more")
            });
            self.click_first(Role::MenuItem, view, |label| label.starts_with(view));
            return;
        }
        self.click_first(Role::Tab, view, |label| label.starts_with(view));
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
            for command in &self.harness.output().platform_output.commands {
                if let OutputCommand::CopyText(text) = command {
                    self.copied.clone_from(text);
                }
            }
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

    /// Paints until a row begins so.
    pub(crate) fn wait_for_row(&mut self, start: &str) {
        self.wait_until(start, |window| window.has_row(start));
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
        self.click_on(Role::MenuItem, item);
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

    /// What all of that role are called, from the top.
    pub(crate) fn of_role(&self, role: Role) -> Vec<String> {
        let mut all: Vec<_> = self.harness.query_all_by_role(role).collect();
        all.sort_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
        let labels = all.into_iter().map(|node| node.accesskit_node().label());
        labels.map(Option::unwrap_or_default).collect()
    }

    /// The first words of the first rows in the middle.
    pub(crate) fn firsts(&self, count: usize) -> Vec<String> {
        let tabs = self.harness.query_all_by_role(Role::Tab);
        let below = tabs.filter(|tab| tab.accesskit_node().label().as_deref() == Some("Retainers"));
        let end = below.map(|tab| tab.rect().top()).next().unwrap_or(f32::MAX);
        let rows = self.harness.query_all_by_role(Role::Row);
        let mut rows: Vec<_> = rows.filter(|row| row.rect().bottom() <= end + 20.0).collect();
        rows.retain(|row| row.rect().top() < end);
        rows.sort_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
        let labels = rows.iter().filter_map(|row| row.accesskit_node().label());
        labels
            .take(count)
            .map(|row| row.split(", level").next().unwrap_or_default().to_owned())
            .collect()
    }

    /// Clicks on what is called so.
    pub(crate) fn click_on(&mut self, role: Role, label: &str) {
        self.harness.get_by_role_and_label(role, label).click();
        self.settle();
    }

    /// Gives the keyboard to what is called so, and presses `key`.
    pub(crate) fn press_on(&mut self, role: Role, label: &str, key: Key) {
        self.harness.get_by_role_and_label(role, label).focus();
        self.settle();
        self.press(key);
    }

    /// The window on heaps in the notation of the fixture, in the view of that title.
    pub(crate) fn on_heaps(heaps: &[&str], view: &str) -> Self {
        let names: Vec<String> = (0..heaps.len())
            .map(|at| format!("heap-{at}.heapsnapshot"))
            .collect();
        let files: Vec<Vec<u8>> = heaps.iter().map(|text| heap(text)).collect();
        let files: Vec<(&str, &[u8])> = names
            .iter()
            .map(String::as_str)
            .zip(files.iter().map(Vec::as_slice))
            .collect();
        // Wide enough for all tabs.
        let mut window = Self::of_size([1600.0, 800.0], &files);
        window.wait_for(&match heaps.len() {
            1 => "1 snapshot ready".to_owned(),
            many => format!("{many} snapshots ready"),
        });
        window.show(view);
        window
    }

    /// Opens the file at `path` as one does without a dialog: by typing it.
    pub(crate) fn open(&mut self, path: &Path) {
        self.go_to("> open a path");
        self.wait_for("Open a file by its path");
        self.harness
            .get_by_label("Path")
            .type_text(&path.display().to_string());
        self.settle();
        self.click_on(Role::Button, "Open");
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
        self.show(title);
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
            OutputCommand::CopyText(text) => Some(text.clone()),
            _ => None,
        })
    }

    /// Does a row begin with each of these?
    #[track_caller]
    pub(crate) fn assert_rows(&self, starts: &[&str]) {
        for start in starts {
            assert!(self.has_row(start), "{start} is missing: {:#?}", self.rows());
        }
    }
}

pub(crate) fn write(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}
