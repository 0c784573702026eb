//! A sub-command's answer before it is written in some format.

use std::path::Path;

use super::desk::Answered;
use crate::parse::error::Problem;
use crate::query::{Cell, Column};
use crate::snapshot::Snapshot;

/// An answer: rows with columns, what they come to, what was wrong.
pub(super) struct Report<'a, C: Column> {
    /// The sub-command.
    pub(super) command: &'static str,
    /// The files, oldest first.
    pub(super) files: Vec<FileRead<'a>>,
    /// What rows look their texts up in.
    pub(super) over: &'a C::Over,
    /// The rows; a limit is applied when they are written.
    pub(super) rows: &'a [C::Row],
    /// What the answer comes to; the number of rows is added when it is written.
    pub(super) totals: Vec<(&'static str, Total)>,
    /// What was wrong with files or question.
    pub(super) problems: Vec<String>,
    /// Lines above the table that people read.
    pub(super) head: Vec<String>,
    /// The line below it.
    pub(super) foot: Option<String>,
    /// How the rows are set for people.
    pub(super) layout: Layout<C::Row>,
    /// Is the answer worth something even without rows?
    pub(super) answers_without_rows: bool,
}

/// How a file was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct FileRead<'a> {
    /// The file.
    pub(super) path: &'a Path,
    /// Was it read only in part?
    pub(super) is_partial: bool,
    /// Was it redacted?
    pub(super) is_redacted: bool,
}

impl<'a> FileRead<'a> {
    /// How the file of `snapshot` was read.
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        Self {
            path: snapshot.path(),
            is_partial: !snapshot.problems().is_empty(),
            is_redacted: snapshot.is_redacted(),
        }
    }
}

/// A value that describes the whole answer.
#[derive(Clone, Debug)]
pub(super) enum Total {
    /// One value.
    Cell(Cell),
    /// Several with names.
    Object(Vec<(&'static str, Self)>),
}

/// How rows are set for people.
pub(super) enum Layout<R> {
    /// A table.
    Table,
    /// One below the other, for a single row of many columns.
    Card,
    /// A table whose first text is indented so far.
    Tree(fn(&R) -> usize),
}

impl<'a, C: Column> Report<'a, C> {
    /// A report about one snapshot.
    pub(super) fn about(
        command: &'static str,
        snapshot: &'a Snapshot,
        over: &'a C::Over,
        rows: &'a [C::Row],
    ) -> Self {
        Self::new(command, &[snapshot], over, rows)
    }

    /// A report about the file at `path`, which is no snapshot.
    pub(super) fn of_file(
        command: &'static str,
        path: &'a Path,
        problems: &[Problem],
        over: &'a C::Over,
        rows: &'a [C::Row],
    ) -> Self {
        Self {
            files: vec![FileRead {
                path,
                is_partial: !problems.is_empty(),
                is_redacted: false,
            }],
            problems: problems.iter().map(ToString::to_string).collect(),
            ..Self::new(command, &[], over, rows)
        }
    }

    /// A report about several snapshots, oldest first.
    pub(super) fn new(
        command: &'static str,
        snapshots: &[&'a Snapshot],
        over: &'a C::Over,
        rows: &'a [C::Row],
    ) -> Self {
        let several = snapshots.len() > 1;
        let problems = snapshots.iter().flat_map(|snapshot| {
            snapshot.problems().iter().map(move |problem| {
                if several {
                    format!("{}: {problem}", snapshot.path().display())
                } else {
                    problem.to_string()
                }
            })
        });
        Self {
            command,
            files: snapshots.iter().map(|snapshot| FileRead::of(snapshot)).collect(),
            over,
            rows,
            totals: Vec::new(),
            problems: problems.collect(),
            head: Vec::new(),
            foot: None,
            layout: Layout::Table,
            answers_without_rows: false,
        }
    }

    /// Adds a value that describes the whole answer.
    #[must_use]
    pub(super) fn total(mut self, key: &'static str, cell: Cell) -> Self {
        self.totals.push((key, Total::Cell(cell)));
        self
    }

    /// Does the answer hold anything?
    pub(super) fn answered(&self) -> Answered {
        if self.rows.is_empty() && !self.answers_without_rows {
            Answered::No
        } else {
            Answered::Yes
        }
    }

    /// Was any of the files read only in part?
    pub(super) fn is_partial(&self) -> bool {
        self.files.iter().any(|file| file.is_partial)
    }

    /// What stands below an answer from files that were read only in part, or redacted, for people.
    pub(super) fn cautions(&self) -> Vec<String> {
        let partial: Vec<_> = self.files.iter().filter(|file| file.is_partial).collect();
        let which = match (&partial[..], &self.files[..]) {
            ([], _) => None,
            (_, [_]) => Some("the file was".to_owned()),
            ([one], _) => Some(format!("{} was", one.path.display())),
            (several, _) => Some(format!("{} of the files were", several.len())),
        };
        let partial = which.map(|which| format!("Partial: {which} read only in part"));
        let is_redacted = self.files.iter().any(|file| file.is_redacted);
        let redacted = is_redacted.then(|| "Redacted: tokens stand for what strings say".to_owned());
        partial.into_iter().chain(redacted).collect()
    }

    /// Values that describe the whole answer, with the number of rows.
    pub(super) fn all_totals(&self) -> impl Iterator<Item = (&'static str, Total)> + '_ {
        let rows = Total::Cell(Cell::Count(self.rows.len() as u64));
        let others = self.totals.iter().map(|(key, total)| (*key, total.clone()));
        std::iter::once(("rows", rows)).chain(others)
    }
}
