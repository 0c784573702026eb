//! Redacted files: what stays, what goes.

use std::path::Path;

use super::tokens::Key;
use super::{Done, Level, Redaction, redact};
use crate::base::index::Ix as _;
use crate::base::task::Task;
use crate::fixture::{Fixture, WhiteSpace};
use crate::parse;
use crate::parse::columns::Columns;
use crate::snapshot::Snapshot;

const HEAP: &str = r#"
    root:synthetic/0 -shortcut:global-> window:object/16 -user-> name="alice smith":string/32
    window -alice@example.com-> card="secret":string/24
    window -secret-> inner=Session:object/32 -internal:map-> hidden="system / Map":hidden/80
    window -pattern-> pattern="/cust[0-9]+/":regexp/40
    inner -flag-> flag="undefined":string/16
    script="app.js":code/16 -internal:name-> script_name="app.js":string/24
    script -internal:source-> source="let a = 'geheim'":string/40
    root -element:1-> script
"#;

fn with(level: Level) -> Redaction {
    Redaction {
        level,
        key: Key::from_bytes(b"k"),
    }
}

fn redacted(bytes: &[u8], level: Level) -> (String, Done, Vec<String>) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let (mut out, mut renamed) = (Vec::new(), Vec::new());
    let mut told = |from: crate::base::text::JsStr<'_>, _: crate::base::text::JsStr<'_>| {
        renamed.push(from.to_string());
        Ok(())
    };
    let done = redact(file.path(), with(level), &mut out, &mut told, &Task::new()).unwrap();
    (String::from_utf8(out).unwrap(), done, renamed)
}

fn read(text: &str) -> Columns {
    let columns = parse::read_bytes(text.as_bytes(), Path::new("redacted"), &Task::new()).unwrap();
    assert_eq!(columns.problems, []);
    columns
}

#[test]
fn values_go_and_names_stay() {
    for white in [WhiteSpace::None, WhiteSpace::Lines, WhiteSpace::Everywhere] {
        let bytes = Fixture::new(HEAP).white_space(white).bytes();
        let (text, done, renamed) = redacted(&bytes, Level::Values);
        for gone in ["alice smith", "/cust", "geheim"] {
            assert!(!text.contains(gone), "{gone} in {text}");
        }
        for stays in [
            "\"secret\"",
            "alice@example.com",
            "Session",
            "app.js",
            "undefined",
            "system / Map",
        ] {
            assert!(text.contains(stays), "{stays} not in {text}");
        }
        assert_eq!((done.keys_left, done.names), (1, 0));
        assert!(renamed.is_empty());
        let (before, after) = (
            parse::read_bytes(&bytes, Path::new("f"), &Task::new()).unwrap(),
            read(&text),
        );
        assert_eq!(after.nodes.first_edges, before.nodes.first_edges);
        assert_eq!(after.edges.heads, before.edges.heads);
        assert_eq!(after.edges.names, before.edges.names);
        for (&now, &then) in after.nodes.names.iter().zip(&before.nodes.names) {
            let (now, then) = (after.strings.get(now), before.strings.get(then));
            assert_eq!(now.utf16_len(), then.utf16_len());
            assert!(now != then || then != "secret");
        }
        // The value that is also a name has a string of its own.
        assert_eq!(after.strings.len(), before.strings.len() + 1);
        assert_eq!(after.nodes.names[3].at(), before.strings.len());
    }
}

#[test]
fn strings_of_a_scripts_name_stay_equal() {
    let heap = format!("{HEAP}\nwindow -file-> file=\"app.js\":string/24");
    let (text, ..) = redacted(&Fixture::new(&heap).bytes(), Level::Values);
    let columns = read(&text);
    let is_name = |name: &&crate::base::index::StringIx| columns.strings.get(**name) == "app.js";
    assert_eq!(columns.nodes.names.iter().filter(is_name).count(), 3);
}

#[test]
fn stricter_levels() {
    let bytes = Fixture::new(HEAP).bytes();
    let (text, done, renamed) = redacted(&bytes, Level::Keys);
    assert!(!text.contains("alice@example.com") && text.contains("Session"));
    assert_eq!((done.names, renamed), (1, vec!["alice@example.com".to_owned()]));
    let (text, done, _) = redacted(&bytes, Level::Names);
    for gone in ["alice", "Session", "secret", "app.js", "user"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
    assert!(text.contains("system / Map") && text.contains("\"source\"") && done.names > 4);
}

#[test]
fn data_that_begins_as_names_of_the_engine_do() {
    let heap = r#"
        root:synthetic/0 -shortcut:w-> window:object/16 -"(555) 0100"-> user=systemUser:object/24
        window -"node:alice@example.com"-> user
        user -internal:map-> map="system / Map":hidden/80
    "#;
    let bytes = Fixture::new(heap).bytes();
    let (text, ..) = redacted(&bytes, Level::Keys);
    assert!(!text.contains("(555) 0100") && !text.contains("alice@") && text.contains("systemUser"));
    let (text, ..) = redacted(&bytes, Level::Names);
    for gone in ["(555) 0100", "alice@", "systemUser"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
    assert!(text.contains("system / Map"), "{text}");
}

/// Found by fuzzing: without that field the first string stands for every name, and nobody says that it is one.
#[test]
fn a_file_without_names_keeps_none_of_its_strings() {
    let text = String::from_utf8(Fixture::new(HEAP).bytes()).unwrap();
    let text = text
        .replacen("\"name\"", "\"nae\"", 1)
        .replacen("\"<dummy>\"", "\"geheim\"", 1);
    assert!(text.contains("\"nae\"") && text.contains("\"geheim\""), "{text}");
    let (text, ..) = redacted(text.as_bytes(), Level::Values);
    assert!(
        !text.contains("geheim") && !text.contains("alice smith"),
        "{text}"
    );
}

/// Found by fuzzing: tokens behind the table's end stood for strings that were missing there.
#[test]
fn names_that_are_missing_are_not_made_up() {
    let heap = r#"root:synthetic/0 -secret-> a="secret":string/24"#;
    let text = String::from_utf8(Fixture::new(heap).bytes()).unwrap();
    let strings = text.split_once("\"strings\":[").unwrap().1.split(',').count();
    let file = tempfile::NamedTempFile::new().unwrap();
    let damaged = text.replacen("\"nodes\":[9,1,", &format!("\"nodes\":[9,{strings},"), 1);
    assert_ne!(damaged, text);
    std::fs::write(file.path(), &damaged).unwrap();
    let refused = redact(
        file.path(),
        with(Level::Values),
        &mut Vec::new(),
        &mut |_, _| Ok(()),
        &Task::new(),
    );
    let refused = refused.unwrap_err().to_string();
    assert!(refused.contains("heapatlas repair"), "{refused}");
    let opened = with(Level::Values).open(file.path(), &Task::new()).unwrap();
    assert_eq!(opened.graph().raw_name(opened.graph().root()), "(name missing)");
}

/// Found by fuzzing: what is no array was read as one, and written as one.
#[test]
fn sections_that_are_no_arrays_are_refused() {
    let text = String::from_utf8(Fixture::new(HEAP).bytes()).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    for section in ["nodes", "edges", "locations", "strings"] {
        let start = format!("\"{section}\":");
        assert!(text.contains(&format!("{start}[")), "{section}");
        for other in ["{", "\"", "7"] {
            std::fs::write(
                file.path(),
                text.replacen(&format!("{start}["), &format!("{start}{other}"), 1),
            )
            .unwrap();
            let mut out = Vec::new();
            let error = redact(
                file.path(),
                with(Level::Values),
                &mut out,
                &mut |_, _| Ok(()),
                &Task::new(),
            );
            let error = error.unwrap_err().to_string();
            assert!(
                error.contains(section) && error.contains("expected an array"),
                "{error}"
            );
        }
    }
}

#[test]
fn what_is_unknown_is_left_out() {
    let bytes = Fixture::new(HEAP)
        .header("title", "\"of Alice\"")
        .member("notes", "{\"a\":\"of Alice\"}")
        .bytes();
    let (text, done, _) = redacted(&bytes, Level::Values);
    assert!(!text.contains("of Alice"));
    assert_eq!(done.left_out, 1);
    read(&text);
}

#[test]
fn a_file_that_is_cut_is_refused() {
    let bytes = Fixture::new(HEAP).bytes();
    let file = tempfile::NamedTempFile::new().unwrap();
    for end in (1..bytes.len() - 1).step_by(7) {
        std::fs::write(file.path(), &bytes[..end]).unwrap();
        let result = redact(
            file.path(),
            with(Level::Values),
            &mut Vec::new(),
            &mut |_, _| Ok(()),
            &Task::new(),
        );
        assert!(result.is_err(), "{end}");
    }
}

#[test]
fn modules_keep_their_names() {
    let heap = r#"
        root:synthetic/0 -shortcut:w-> window:object/16 -upload-> upload=Upload:object/24 -filename-> f="passport-of-alice.pdf":string/40
        window -module-> module=Module:object/32 -id-> id=".":string/16
        module -filename-> g="/srv/app/lib.js":string/32
        window -again-> again=Module:object/32 -filename-> h="/srv/app/other.js":string/32
        window -same-> same="/srv/app/lib.js":string/32
    "#;
    for white in [WhiteSpace::None, WhiteSpace::Everywhere] {
        let bytes = Fixture::new(heap).white_space(white).bytes();
        let (text, ..) = redacted(&bytes, Level::Values);
        assert!(
            text.contains("/srv/app/lib.js") && text.contains("/srv/app/other.js"),
            "{text}"
        );
        assert!(!text.contains("passport"), "{text}");
        let (text, ..) = redacted(&bytes, Level::Names);
        assert!(!text.contains("/srv/app") && !text.contains("passport"), "{text}");
    }
}

/// Newer engines write names of scripts, functions and pages behind words of their own.
#[test]
fn names_within_names_of_the_engine() {
    let heap = r#"
        root:synthetic/0 -shortcut:w-> window="Window / https://shop.example":native/16 -f-> f=priceFor:closure/32
        f -internal:shared-> shared="system / SharedFunctionInfo / priceFor":code/64
        shared -internal:script-> script="system / Script / /srv/app.js":code/80 -internal:name-> name="/srv/app.js":string/32
        window -same-> same="/srv/app.js":string/32
        window -context-> context="system / NativeContext / https://shop.example":hidden/64
        window -scope-> scope="system / Context / scope @17":object/64
        window -map-> map="system / Map":hidden/80
    "#;
    for white in [WhiteSpace::None, WhiteSpace::Everywhere] {
        let bytes = Fixture::new(heap).white_space(white).bytes();
        let (text, ..) = redacted(&bytes, Level::Values);
        // As the name stands in the file anyway, strings that hold it stay: places in scripts are told by it.
        assert_eq!(text.matches("/srv/app.js").count(), 2, "{text}");
        let (text, _, renamed) = redacted(&bytes, Level::Names);
        for gone in ["shop.example", "priceFor", "/srv/app.js"] {
            assert!(!text.contains(gone), "{gone} in {text}");
        }
        for stays in [
            "\"Window / ",
            "\"system / SharedFunctionInfo / ",
            "\"system / Script / ",
            "\"system / NativeContext / ",
            "\"system / Context / scope @17\"",
            "\"system / Map\"",
        ] {
            assert!(text.contains(stays), "{stays} not in {text}");
        }
        let columns = read(&text);
        let name = |node: usize| columns.strings.get(columns.nodes.names[node]).to_string();
        let after = |name: String| name.rsplit(" / ").next().unwrap().to_owned();
        assert_eq!(
            after(name(3)),
            name(2),
            "a function is called the same everywhere"
        );
        assert_eq!(after(name(4)), name(5), "and so is a script");
        assert!(renamed.contains(&"system / Script / /srv/app.js".to_owned()));
    }
}

#[test]
fn what_cannot_be_written_ends_the_work() {
    struct Full(usize);
    impl std::io::Write for Full {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 = self
                .0
                .checked_sub(bytes.len())
                .ok_or(std::io::ErrorKind::StorageFull)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let bytes = Fixture::new(HEAP).bytes();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &bytes).unwrap();
    for room in [0, 1, 300, 900] {
        let result = redact(
            file.path(),
            with(Level::Names),
            &mut Full(room),
            &mut |_, _| Ok(()),
            &Task::new(),
        );
        assert!(
            matches!(result, Err(crate::dump::Fault::Write(_))),
            "{room}: {result:?}"
        );
    }
}

#[test]
fn a_file_that_is_cut_meanwhile_is_refused() {
    // White space, so that reading takes a while.
    let bytes = Fixture::new(HEAP).bytes();
    let long = [&bytes[..bytes.len() - 1], &vec![b' '; 64 << 20][..], b"}"].concat();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &long).unwrap();
    let (task, mut out) = (Task::new(), Vec::new());
    let result = std::thread::scope(|scope| {
        let out = &mut out;
        let redacting =
            scope.spawn(|| redact(file.path(), with(Level::Values), out, &mut |_, _| Ok(()), &task));
        while task.progress().stage < crate::base::task::Stage::Scan && !redacting.is_finished() {
            std::hint::spin_loop();
        }
        file.as_file().set_len(10).unwrap();
        redacting.join().unwrap()
    });
    let error = result.unwrap_err().to_string();
    assert!(
        error.contains("it became shorter while it was being read"),
        "{error}"
    );
}

#[test]
fn a_snapshot_opens_redacted() {
    let bytes = Fixture::new(HEAP).bytes();
    let plain = Snapshot::from_bytes(&bytes, Path::new("heap"), &Task::new()).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    let redaction = with(Level::Values);
    for packed in [false, true] {
        let stored = if packed {
            zstd::encode_all(&*bytes, 1).unwrap()
        } else {
            bytes.clone()
        };
        std::fs::write(file.path(), stored).unwrap();
        let snapshot = redaction.open(file.path(), &Task::new()).unwrap();
        assert!(snapshot.is_redacted() && !plain.is_redacted());
        assert_eq!((snapshot.path(), snapshot.problems()), (file.path(), &[][..]));
        for node in plain.graph().nodes() {
            assert_eq!(snapshot.id(node), plain.id(node));
            assert_eq!(snapshot.retained_size(node), plain.retained_size(node));
            assert_ne!(snapshot.graph().raw_name(node), "alice smith");
        }
    }
    let held = redaction
        .open_bytes(bytes, Path::new("held"), &Task::new())
        .unwrap();
    let again = redaction.open(file.path(), &Task::new()).unwrap();
    for node in plain.graph().nodes() {
        assert_eq!(
            held.graph().raw_name(node),
            again.graph().raw_name(node),
            "one key, the same tokens"
        );
    }
}

#[test]
fn a_damaged_snapshot_opens_redacted_as_far_as_it_goes() {
    let bytes = Fixture::new(HEAP).bytes();
    let at = |text: &[u8]| memchr::memmem::find(&bytes, text).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &bytes[..at(b"geheim")]).unwrap();
    let snapshot = with(Level::Values).open(file.path(), &Task::new()).unwrap();
    let plain = Snapshot::open(file.path(), &Task::new()).unwrap();
    assert!(snapshot.is_redacted() && !snapshot.problems().is_empty());
    assert_eq!(snapshot.problems()[0], plain.problems()[0]);
    let names = |snapshot: &Snapshot| -> Vec<String> {
        snapshot
            .graph()
            .nodes()
            .map(|node| snapshot.graph().raw_name(node).to_string())
            .collect()
    };
    assert!(names(&plain).contains(&"alice smith".to_owned()));
    assert!(!names(&snapshot).contains(&"alice smith".to_owned()));
    assert!(names(&snapshot).contains(&"Session".to_owned()));
    // What is hopeless is so redacted, too.
    std::fs::write(file.path(), b"{\"snapshot\":").unwrap();
    assert!(with(Level::Values).open(file.path(), &Task::new()).is_err());
}
