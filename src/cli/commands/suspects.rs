//! `suspects FILE...`

use std::fmt::Write as _;
use std::path::PathBuf;

use crate::base::units;
use crate::cli::args::{Format, Output};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::cli::limits::{Count, CountLimit};
use crate::cli::output;
use crate::cli::plain;
use crate::cli::report::Report;
use crate::query::suspects::{FindSuspects, Ranked, Severity, Suspect, SuspectColumn, Suspects as Answer};

/// What is wrong with the heap: leaks, caches, what is large, worst first.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Several snapshots, oldest first, tell what grows: that leads the list, and only that is called high. One snapshot tells where
things have piled up; a note is no alarm. Snapshots of several processes may be mixed: each process is judged for itself.
With --fail-on the exit status is 1 if a limit is exceeded.

Examples:
  heapatlas suspects heap.heapsnapshot
  heapatlas suspects monday.heapsnapshot tuesday.heapsnapshot wednesday.heapsnapshot
  heapatlas suspects heap-*.heapsnapshot --fail-on 'suspects > 0'
  heapatlas suspects heap-*.heapsnapshot --fail-on 'high > 0' --format json")]
pub struct Suspects {
    /// The snapshots, oldest first
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Exit with status 1 if this is exceeded: 'suspects > 0' (notes do not count), 'high > 0', 'medium > 2', 'note > 10'
    #[arg(long, value_name = "LIMIT")]
    fail_on: Vec<CountLimit>,
    #[command(flatten)]
    output: Output,
}

/// Said of a heap without suspects: of several snapshots, ...
const NONE: &str = "No suspects. Nothing grew at every step and no object is held in excess.";
/// ... of one, ...
const NONE_IN_ONE: &str =
    "No suspects. No object is held in excess; a second snapshot would tell what grows.";
/// ... and of one in which there is something to note.
const NOTES_IN_ONE: &str =
    "No suspects. One snapshot cannot tell what grows: here is what has piled up. Take a second one later.";

impl Suspects {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        if let Some(limit) = self.fail_on.iter().find(|limit| limit.what == Count::Secrets) {
            return Err(CliError::Usage(format!(
                "{limit}: suspects are counted here, as in 'suspects > 0' (heapatlas secrets counts secrets)"
            )));
        }
        let series = desk.open_series(&self.files)?;
        let found = desk.ask(&FindSuspects, &series)?;
        found.problems.iter().for_each(say);
        let rows: Vec<Ranked> = found
            .all
            .iter()
            .cloned()
            .enumerate()
            .map(|(nth, suspect)| (nth + 1, suspect))
            .collect();
        let snapshots: Vec<&_> = found
            .series
            .snapshots
            .iter()
            .map(|snapshot| &**snapshot)
            .collect();
        let mut report = Report::<SuspectColumn>::new("suspects", &snapshots, &*found, &rows);
        report.answers_without_rows = true;
        for severity in [Severity::High, Severity::Medium, Severity::Note] {
            report = report.total(severity.key(), crate::query::Cell::Count(count(&found, severity)));
        }
        report = report
            .total(
                "growth",
                crate::query::Cell::of(found.growth, crate::query::Cell::BytesDelta),
            )
            .total(
                "explained",
                crate::query::Cell::of(found.explained, crate::query::Cell::BytesDelta),
            );
        report.problems.extend(found.problems.iter().cloned());
        let answered = if self.output.format == Format::Text {
            let most = self
                .output
                .limit
                .map_or(usize::MAX, crate::cli::args::Limit::rows);
            output::write_text(&cards(&found, most), true)?
        } else {
            output::write(&report, &self.output)?
        };
        let exceeded = self.fail_on.iter().filter(|limit| {
            let count = match limit.what {
                Count::Suspects => count(&found, Severity::High) + count(&found, Severity::Medium),
                // Refused before anything was read.
                Count::Secrets => return false,
                Count::Severity(severity) => count(&found, severity),
            };
            let is_exceeded = limit.is_exceeded(count);
            if is_exceeded {
                say(format_args!("limit exceeded: {limit}: {count}"));
            }
            is_exceeded
        });
        Ok(if exceeded.count() > 0 {
            Answered::No
        } else {
            answered
        })
    }
}

fn count(found: &Answer, severity: Severity) -> u64 {
    found
        .all
        .iter()
        .filter(|suspect| suspect.severity == severity)
        .count() as u64
}

/// The suspects as cards, one below the other, the first first.
fn cards(found: &Answer, most: usize) -> String {
    let alarms = found
        .all
        .iter()
        .filter(|suspect| suspect.severity != Severity::Note)
        .count();
    let mut text = String::new();
    match (alarms, found.growth, found.explained) {
        (0, Some(_), _) => text.push_str(NONE),
        (0, None, _) if found.all.is_empty() => text.push_str(NONE_IN_ONE),
        (0, None, _) => text.push_str(NOTES_IN_ONE),
        (_, Some(growth), Some(explained)) if growth > 0 => {
            let share = units::share(explained.max(0).unsigned_abs(), growth.unsigned_abs());
            let suspects = units::counted(alarms as u64, "suspect explains", "suspects explain");
            let _ = write!(
                text,
                "{suspects} {share} of the growth: {} of {}",
                units::signed_bytes(explained),
                units::signed_bytes(growth)
            );
        }
        _ => text.push_str(&units::counted(alarms as u64, "suspect", "suspects")),
    }
    text.push('\n');
    for (nth, suspect) in found.all.iter().take(most).enumerate() {
        text.push('\n');
        card(nth + 1, suspect, &mut text);
    }
    text
}

fn card(rank: usize, suspect: &Suspect, text: &mut String) {
    let mut line = |label: &str, said: &str| {
        let said = plain::for_terminal(said.into());
        let _ = writeln!(text, "{label:>4}  {said}");
    };
    line(
        &rank.to_string(),
        &format!("{} [{}]", suspect.title.text(), suspect.severity.key()),
    );
    let mut figures = vec![
        units::human_bytes(suspect.retained_size),
        format!("{:.1}\u{A0}% of the heap", suspect.share * 100.0),
    ];
    figures.extend(suspect.growth.map(|growth| match growth {
        0 => "no growth".to_owned(),
        _ => units::signed_bytes(growth),
    }));
    let counts: Vec<String> = suspect
        .counts
        .iter()
        .map(|&count| units::grouped(count))
        .collect();
    let counted = match &suspect.counts[..] {
        [count] => suspect.counted_as(*count),
        _ => suspect.counted.to_owned(),
    };
    figures.push(format!("{} {counted}", counts.join(", ")));
    line("", &figures.join(" \u{B7} "));
    let owner = [
        &suspect.owner,
        &suspect.binding,
        &suspect.place(),
        &suspect.package,
    ];
    let owner: Vec<&str> = owner.into_iter().filter_map(|part| part.as_deref()).collect();
    if !owner.is_empty() {
        line("", &owner.join(" \u{B7} "));
    }
    let path: Vec<&str> = suspect.path.iter().map(|step| step.text.as_str()).collect();
    if !path.is_empty() {
        line("", &path.join(" \u{203A} "));
    }
    line("", &suspect.why.text());
    line("", &format!("Check next: {}", suspect.advice.text()));
}
