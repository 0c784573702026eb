//! What is there to tell of some snapshots in one document: the files, what grew, the suspects, what the heap is made of.
//!
//! A [`Report`] is plain text and numbers, short and free of control characters, whatever the files hold; it depends on them
//! alone (no clock, no path). [`html()`] and [`markdown()`] write it, for whoever has a place to write it to.

mod html;
mod lists;
mod markdown;
mod markup;
mod sentences;
mod suspect;
mod svg;
#[cfg(test)]
mod tests;
mod text;

use std::path::Path;
use std::sync::Arc;

pub use html::html;
pub use lists::{ClassLine, GrowthLine, TextLine};
pub use markdown::markdown;
pub use suspect::{Card, Sample};

use super::Query;
use super::provenance::ProvenanceOf;
use super::suspects::Suspects;
use super::trend::{FindTrend, TrendBy};
use crate::base::task::{Cancelled, Task};
use crate::snapshot::Snapshot;
use text::short;

/// Asks for the report about some suspects and the snapshots they are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MakeReport;

/// The report.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The snapshots, oldest first.
    pub files: Vec<FileLine>,
    /// Are all of one process? None if there is one snapshot.
    pub is_one_process: Option<bool>,
    /// The change of the total size in bytes; none for one snapshot.
    pub growth: Option<i64>,
    /// The part of it that suspects explain.
    pub explained: Option<i64>,
    /// The suspects, worst first.
    pub suspects: Vec<Card>,
    /// How many there are in all.
    pub suspect_count: usize,
    /// What the last heap is made of: bytes that sum to its size.
    pub made_of: Vec<(&'static str, u64)>,
    /// The classes that hold most in the last snapshot.
    pub classes: Vec<ClassLine>,
    /// The classes that grew most.
    pub growing: Vec<GrowthLine>,
    /// The texts that are there more than once and waste most.
    pub texts: Vec<TextLine>,
    /// Do tokens stand for what strings say?
    pub is_redacted: bool,
    /// What was wrong with the files, or could not be compared.
    pub problems: Vec<String>,
}

/// A snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// The name of its file, without folders.
    pub name: String,
    /// The program that wrote it.
    pub producer: Option<String>,
    /// Bytes of all objects.
    pub size: u64,
    /// How many objects.
    pub objects: u64,
    /// The number of its process among those of the report, from 1.
    pub process: usize,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportFormat {
    /// A page that needs nothing besides itself.
    Html,
    /// Text that people read and issue trackers set.
    Markdown,
}

impl ReportFormat {
    /// What each is called, and the extension of its files.
    pub const FILES: [(&'static str, &'static str); 2] = [("HTML", "html"), ("Markdown", "md")];

    /// The format that the name of a file asks for: Markdown if it says so, else HTML.
    pub fn of(path: &Path) -> Self {
        let extension = path.extension().unwrap_or_default();
        let is_markdown = ["md", "markdown"]
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known));
        if is_markdown { Self::Markdown } else { Self::Html }
    }

    /// The report, written so.
    pub fn write(self, report: &Report) -> String {
        match self {
            Self::Html => html(report),
            Self::Markdown => markdown(report),
        }
    }
}

impl Query for MakeReport {
    type Over = Suspects;
    type Answer = Arc<Report>;

    fn run(&self, over: &Suspects, task: &Task) -> Result<Arc<Report>, Cancelled> {
        let snapshots = &over.series.snapshots;
        let trend = match snapshots.len() {
            0 | 1 => None,
            _ => Some(FindTrend { by: TrendBy::Class }.run(&over.series, task)?),
        };
        let process = |at: usize| trend.as_ref().map_or(0, |trend| trend.processes[at]) + 1;
        let mut files = Vec::with_capacity(snapshots.len());
        for (at, snapshot) in snapshots.iter().enumerate() {
            files.push(FileLine::of(snapshot, process(at), task)?);
        }
        let last = snapshots.last();
        let mut report = Report {
            is_redacted: snapshots.iter().any(|snapshot| snapshot.is_redacted()),
            problems: problems(over),
            is_one_process: trend.as_ref().map(|trend| trend.is_one_process()),
            growth: over.growth,
            explained: over.explained,
            suspects: suspect::cards(over),
            suspect_count: over.all.len(),
            made_of: last.map_or_else(Vec::new, |last| last.statistics().parts().to_vec()),
            classes: Vec::new(),
            growing: trend
                .as_ref()
                .map_or_else(Vec::new, |trend| lists::growing(trend)),
            texts: Vec::new(),
            files,
        };
        if let Some(last) = last {
            report.classes = lists::classes(last, task)?;
            report.texts = lists::texts(last, task)?;
        }
        if let Some(problem) = trend.and_then(|trend| trend.problem()) {
            let said = short(&problem);
            if !report.problems.iter().any(|known| known.contains(&said)) {
                report.problems.push(said);
            }
        }
        Ok(Arc::new(report))
    }
}

impl FileLine {
    fn of(snapshot: &Snapshot, process: usize, task: &Task) -> Result<Self, Cancelled> {
        let producer = ProvenanceOf.run(snapshot, task)?.producer;
        Ok(Self {
            name: name_of(snapshot),
            producer: producer.map(|producer| short(&producer.to_string())),
            size: snapshot.total_size(),
            objects: snapshot.graph().node_count() as u64,
            process,
        })
    }
}

/// The name of a snapshot's file, without the folders that lead to it.
fn name_of(snapshot: &Snapshot) -> String {
    let name = snapshot.path().file_name().unwrap_or(snapshot.path().as_os_str());
    short(&name.to_string_lossy())
}

/// Problems that are listed for a file; a damaged one may have very many.
const MOST_PROBLEMS: usize = 20;

/// What was wrong with the files, then what could not be looked at.
fn problems(over: &Suspects) -> Vec<String> {
    let mut problems = Vec::new();
    for snapshot in &over.series.snapshots {
        let all = snapshot.problems();
        let name = name_of(snapshot);
        let listed = all.iter().take(MOST_PROBLEMS);
        problems.extend(listed.map(|problem| format!("{name}: {}", short(&problem.to_string()))));
        if let Some(more @ 1..) = all.len().checked_sub(MOST_PROBLEMS) {
            problems.push(format!("{name}: and {more} more"));
        }
    }
    problems.extend(
        over.problems
            .iter()
            .take(MOST_PROBLEMS)
            .map(|problem| short(problem)),
    );
    problems
}
