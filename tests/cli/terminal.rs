//! Input from anywhere, output to terminals, pipes and shells, and help.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};

use super::{Stdio, assert_is_of_the_contract, folder, program, run, text};

#[test]
fn standard_input_and_compressed_files_read_alike() {
    let folder = folder();
    let plain = std::fs::read(folder.path().join("before.heapsnapshot")).unwrap();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(&plain).unwrap();
    std::fs::write(
        folder.path().join("before.heapsnapshot.gz"),
        gzip.finish().unwrap(),
    )
    .unwrap();
    std::fs::write(
        folder.path().join("before.heapsnapshot.zst"),
        zstd::encode_all(&plain[..], 1).unwrap(),
    )
    .unwrap();
    let rows =
        |arguments: &[&str]| text(&run(folder.path(), &[arguments, &["--format", "csv"]].concat()).stdout);
    let expected = rows(&["summary", "before.heapsnapshot"]);
    assert_eq!(rows(&["summary", "before.heapsnapshot.gz"]), expected);
    assert_eq!(rows(&["summary", "before.heapsnapshot.zst"]), expected);
    let mut piped = program(folder.path(), &["summary", "-", "--format", "csv"]);
    let mut child = piped
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&plain).unwrap();
    assert_eq!(text(&child.wait_with_output().unwrap().stdout), expected);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = folder();
    let wide = (0..20_000).fold(
        String::from("root:synthetic/0 -shortcut:w-> window\n"),
        |mut heap, at| {
            let _ = writeln!(heap, "window -element:{at}-> n{at}:object/16");
            heap
        },
    );
    std::fs::write(
        folder.path().join("wide.heapsnapshot"),
        heapatlas::fixture::heap(&wide),
    )
    .unwrap();
    for format in ["text", "json", "csv"] {
        let mut command = program(folder.path(), &["nodes", "wide.heapsnapshot", "--format", format]);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut start = [0; 10];
        child.stdout.take().unwrap().read_exact(&mut start).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(
            (output.status.code(), text(&output.stderr).as_str()),
            (Some(0), ""),
            "{format}"
        );
    }
}

#[test]
fn colours_are_for_those_who_want_them() {
    let folder = folder();
    let coloured = |variables: &[(&str, &str)]| {
        let mut command = program(folder.path(), &["summary", "before.heapsnapshot"]);
        let output = command
            .env_remove("NO_COLOR")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        output.stdout.contains(&0x1B)
    };
    assert!(!coloured(&[]), "a pipe is no terminal");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
}

#[test]
fn names_cannot_write_to_the_terminal() {
    let folder = folder();
    let heap = heapatlas::fixture::heap(r#"root:synthetic/0 -shortcut:w-> "a\u001b[2J\nb\u007f":object/16"#);
    std::fs::write(folder.path().join("odd.heapsnapshot"), heap).unwrap();
    let table = text(&run(folder.path(), &["nodes", "odd.heapsnapshot"]).stdout);
    assert!(table.contains(r"a\u001B[2J\nb\u007F"), "{table}");
    let json = run(folder.path(), &["nodes", "odd.heapsnapshot", "--format", "json"]);
    let json = assert_is_of_the_contract(&text(&json.stdout), "nodes");
    assert_eq!(json["rows"][1]["name"], "a\u{1b}[2J\nb\u{7f}");
}

#[test]
fn help_teaches_by_example() {
    let folder = folder();
    let all = text(&run(folder.path(), &["help"]).stdout);
    let commands = all.lines().skip_while(|line| *line != "Commands:").skip(1);
    let commands: Vec<_> = commands
        .map_while(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() >= 13, "{commands:?}");
    for command in commands.iter().filter(|command| **command != "help") {
        let output = run(folder.path(), &["help", command]);
        let help = text(&output.stdout);
        assert!(
            help.contains(&format!("  heapatlas {command}")),
            "{command} has no example:\n{help}"
        );
        assert_eq!(output.status.code(), Some(0));
    }
    let version = text(&run(folder.path(), &["--version"]).stdout);
    assert_eq!(version, format!("heapatlas {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn every_shell_is_completed() {
    let folder = folder();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = run(folder.path(), &["completions", shell]);
        assert!(text(&output.stdout).contains("retainers"), "{shell}");
    }
}

#[test]
fn without_a_window_the_reason_is_given() {
    let output = run(folder().path(), &["before.heapsnapshot"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("heapatlas summary before.heapsnapshot"));
}
