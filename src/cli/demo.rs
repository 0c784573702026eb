//! The bundled demo, for the terminal: what a first look at a leaking server's heap finds.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use super::args::{Format, Limit, Output};
use super::commands::{compare, summary};
use super::desk::{Answered, Desk};
use super::error::CliError;
use super::output;
use super::report::Report;
use crate::base::units;
use crate::query::comparison::{Compare, ComparedClasses, Pair};
use crate::query::instances::Instances;
use crate::query::paths::{PathColumn, Paths};
use crate::query::summary::Summary;
use crate::snapshot::Snapshot;

/// The bundled snapshots, oldest first: names and contents (zstd).
pub const DEMO: [(&str, &[u8]); 2] = [
    (
        "demo-1.heapsnapshot",
        include_bytes!("../../assets/demo-1.heapsnapshot.zst"),
    ),
    (
        "demo-2.heapsnapshot",
        include_bytes!("../../assets/demo-2.heapsnapshot.zst"),
    ),
];

/// The class whose objects the demo's server never lets go.
const LEAKED: &str = "PriceQuery";

/// Rows of each table that are shown.
const ROWS: usize = 8;

/// Shows what the demo holds.
pub(super) fn show(desk: &Desk, no_window: Option<&str>) -> Result<Answered, CliError> {
    if let Some(why) = no_window {
        write_lines(&[
            &format!("No window: {why}. This is what the terminal tells of the demo."),
            "",
        ])?;
    }
    let [base, current] = DEMO.map(|file| open(desk, file).map(Arc::new));
    let pair = Pair {
        base: base?,
        current: current?,
    };
    write_lines(&[
        "A small server after some two thousand requests. Classes, heaviest first (heapatlas summary):",
        "",
    ])?;
    let answer = desk.ask(&Summary::default(), &pair.current)?;
    output::write(&summary::report(&pair.current, &answer), &top())?;
    write_lines(&["", "What grew since the first requests (heapatlas compare):", ""])?;
    let compared = desk.ask(&Compare::BY_IDS, &pair)?;
    let question = ComparedClasses::all(compared.default_order());
    let rows = desk.ask(&question, &compared)?;
    output::write(&compare::report(&compared, &rows), &top())?;
    write_path(desk, &pair.current)
}

/// The first rows, for people.
fn top() -> Output {
    Output {
        format: Format::Text,
        limit: Some(Limit::to(ROWS)),
    }
}

fn open(desk: &Desk, (name, packed): (&str, &[u8])) -> Result<Snapshot, CliError> {
    desk.open_bytes(Path::new(name), &zstd::decode_all(packed)?)
}

fn write_path(desk: &Desk, snapshot: &Snapshot) -> Result<Answered, CliError> {
    let classes = snapshot.class_totals().iter();
    let mut leaked = classes.filter(|row| snapshot.classes().class(row.class).name.as_js() == LEAKED);
    let Some(leaked) = leaked.next() else {
        return Ok(Answered::No);
    };
    let members = desk.ask(&Instances::of(leaked.class), snapshot)?;
    let question = Paths {
        targets: members.first().copied().into_iter().collect(),
        count: 1,
    };
    let answer = desk.ask(&question, snapshot)?;
    write_lines(&[
        "",
        &format!(
            "Why is one of its {} objects of class {LEAKED} alive? (heapatlas paths)",
            units::grouped(members.len() as u64)
        ),
        "",
    ])?;
    let report = Report::<PathColumn>::about("paths", snapshot, snapshot, &answer.steps);
    let all = Output {
        format: Format::Text,
        limit: None,
    };
    let answered = output::write(&report, &all)?;
    write_lines(&[
        "",
        "A cache that grows with every request: no one ever takes anything out of it. heapatlas help lists all questions.",
    ])?;
    Ok(answered)
}

fn write_lines(lines: &[&str]) -> Result<(), CliError> {
    let mut out = anstream::stdout();
    for line in lines {
        writeln!(out, "{line}")?;
    }
    Ok(())
}
