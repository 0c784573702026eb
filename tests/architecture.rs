//! The rules of ARCHITECTURE.md, held to by reading the sources. The numbers are those of its invariants.

use std::fs;
use std::path::{Path, PathBuf};

/// Floors from the ground up; a module may name those below it and itself.
const FLOORS: [(&str, u8); 12] = [
    ("base", 0),
    ("fixture", 0),
    ("parse", 1),
    ("graph", 2),
    ("analysis", 3),
    ("snapshot", 4),
    ("query", 5),
    ("dump", 5),
    ("cli", 6),
    ("job", 6),
    ("gui", 7),
    ("main", 8),
];

/// No file is longer.
const LONGEST_FILE: usize = 500;

struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    /// The path below `src`, with forward slashes.
    fn name(&self) -> String {
        let below = self
            .path
            .strip_prefix(root().join("src"))
            .expect("sources lie below src");
        below.to_string_lossy().replace('\\', "/")
    }

    /// The top-level module.
    fn module(&self) -> String {
        let name = self.name();
        name.split(['/', '.']).next().unwrap_or_default().to_owned()
    }

    /// The text without comments, without the tests at its foot: what is compiled into the program.
    fn code(&self) -> String {
        let program = self.text.split("#[cfg(test)]").next().unwrap_or_default();
        let lines = program
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn is_test(&self) -> bool {
        self.name()
            .split('/')
            .any(|part| part == "tests" || part == "tests.rs")
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<Source> {
    let mut found = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("src can be listed") {
            let path = entry.expect("src can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let text = fs::read_to_string(&path).expect("a source is UTF-8");
                found.push(Source { path, text });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.len() > 20, "the sources were not found");
    found
}

fn floor(module: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(name, _)| *name == module)
        .map(|&(_, floor)| floor)
}

/// Modules that `code` names with `crate::`, also in groups: `use crate::{a::X, b}`.
fn named_modules(code: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let mut named = Vec::new();
    for (at, prefix) in code
        .match_indices("crate::")
        .chain(code.match_indices("heapatlas::"))
    {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            None => named.push(word(rest)),
            Some(group) => {
                let mut depth = 0;
                let end = group.find(|c| {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    depth < 0
                });
                let mut depth = 0;
                let mut item = String::new();
                for c in group[..end.unwrap_or(group.len())].chars().chain([',']) {
                    depth += i32::from(c == '{') - i32::from(c == '}');
                    if c == ',' && depth == 0 {
                        named.push(word(&item));
                        item.clear();
                    } else {
                        item.push(c);
                    }
                }
            }
        }
    }
    named
}

#[test]
fn invariant_1_imports_point_down() {
    let mut wrong = Vec::new();
    for source in sources()
        .iter()
        .filter(|source| !source.is_test() && source.name() != "lib.rs")
    {
        let own = source.module();
        let own_floor =
            floor(&own).unwrap_or_else(|| panic!("{} is on no floor: add it to FLOORS", source.name()));
        for named in named_modules(&source.code()) {
            let siblings = named != own && floor(&named) == Some(own_floor) && own != "fixture";
            if floor(&named).is_some_and(|floor| floor > own_floor) || siblings {
                wrong.push(format!("{} names {named}", source.name()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports that point up or sideways:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_floors_test_sees_groups_and_paths() {
    let code = "use crate::{base::index::{A, B}, gui::Cx};\nlet x = crate::cli::run();";
    assert_eq!(named_modules(code), ["base", "gui", "cli"]);
}

#[test]
fn invariant_2_the_window_and_the_command_line_do_not_meet() {
    for source in sources() {
        let (own, code) = (source.module(), source.code());
        let named = named_modules(&code);
        assert!(
            own != "cli" || !named.contains(&"gui".into()),
            "{} names gui",
            source.name()
        );
        assert!(
            own != "gui" || !named.contains(&"cli".into()),
            "{} names cli",
            source.name()
        );
        if own != "gui" {
            for toolkit in ["egui::", "eframe::", "rfd::"] {
                assert!(
                    !code.contains(toolkit),
                    "{} names {toolkit}: only gui may",
                    source.name()
                );
            }
        }
    }
}

#[test]
fn invariant_3_one_file_of_unsafe() {
    for source in sources()
        .iter()
        .filter(|source| source.name() != "base/memory.rs")
    {
        let code = source.code();
        let has = code.contains("unsafe {") || code.contains("unsafe fn") || code.contains("unsafe impl");
        assert!(
            !has && !code.contains("unsafe_code"),
            "{}: unsafe code lives in base/memory.rs alone",
            source.name()
        );
    }
}

#[test]
fn invariant_4_files_are_short_and_say_what_they_are_for() {
    for source in sources() {
        let lines = source.text.lines().count();
        assert!(
            lines <= LONGEST_FILE,
            "{} has {lines} lines, {LONGEST_FILE} is the limit",
            source.name()
        );
        assert!(
            source.is_test() || source.text.starts_with("//!"),
            "{} does not begin with its module doc",
            source.name()
        );
    }
}

#[test]
fn invariant_5_every_question_and_every_view_is_listed() {
    for folder in ["query", "gui/views"] {
        let list = fs::read_to_string(root().join("src").join(folder).join("mod.rs"))
            .expect("the folder has a mod.rs");
        for source in sources()
            .iter()
            .filter(|s| s.path.parent() == Some(&root().join("src").join(folder)))
        {
            let stem = source
                .path
                .file_stem()
                .expect("a source has a name")
                .to_string_lossy()
                .into_owned();
            if stem == "mod" {
                continue;
            }
            assert!(
                list.contains(&format!("mod {stem};")),
                "{folder}/mod.rs does not list {stem}"
            );
            if folder == "gui/views" && source.text.contains("pub(super) const SPEC") {
                assert!(
                    list.contains(&format!("{stem}::SPEC")),
                    "{stem} is not among the views of {folder}/mod.rs"
                );
            }
        }
    }
}

#[test]
fn invariant_6_the_shell_stays_small() {
    let count = |file: &str, start: &str, line_is_one: &dyn Fn(&str) -> bool| {
        let text = fs::read_to_string(root().join("src/gui").join(file)).expect("the file is there");
        let body = text
            .split_once(start)
            .unwrap_or_else(|| panic!("{file} has no `{start}`"))
            .1;
        let body = body.split_once("\n}").expect("the item ends").0.to_owned();
        body.lines().filter(|line| line_is_one(line.trim())).count()
    };
    let field = |line: &str| !line.starts_with("//") && !line.starts_with('#') && line.contains(": ");
    let variant = |line: &str| line.starts_with(|c: char| c.is_ascii_uppercase());
    assert!(
        count("app.rs", "pub struct App", &field) <= 10,
        "App has more than 10 fields"
    );
    assert!(
        count("cx.rs", "struct Cx<", &field) <= 6,
        "Cx has more than 6 fields"
    );
    assert!(
        count("command.rs", "enum Command {", &variant) < 15,
        "Command has 15 variants or more"
    );
}

#[test]
fn invariant_7_nothing_of_the_machine_it_was_built_on() {
    let words = [concat!("/", "root/"), "/home/", "/tmp/", "C:\\\\"];
    for source in sources() {
        for word in words {
            assert!(!source.code().contains(word), "{} names {word}", source.name());
        }
    }
}
