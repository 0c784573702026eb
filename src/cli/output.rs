//! Answers to standard output, in the format that was asked for.

use std::io::{BufWriter, IsTerminal as _, Write};

use super::args::{Format, Limit, Output};
use super::desk::Answered;
use super::error::{CliError, say};
use super::report::Report;
use super::text::Look;
use super::{csv, json, text};
use crate::query::Column;

/// How many rows a terminal is shown where no limit is asked for.
const TERMINAL_ROWS: usize = 100;

/// Writes `report`; on standard error says so if there is nothing in it that people could read.
pub(super) fn write<C: Column>(report: &Report<'_, C>, output: &Output) -> Result<Answered, CliError> {
    let for_people = output.format == Format::Text;
    let unasked = if for_people && std::io::stdout().is_terminal() {
        TERMINAL_ROWS
    } else {
        usize::MAX
    };
    let limit = output.limit.map_or(unasked, Limit::rows);
    let rows = &report.rows[..report.rows.len().min(limit)];
    // Only the table goes through the stream that takes colours out: it would take other control characters with them.
    match output.format {
        Format::Text => text::write(
            report,
            rows,
            &Look::of_stdout(),
            &mut buffered(anstream::stdout()),
        )?,
        Format::Json => json::write(report, rows, &mut buffered(std::io::stdout()))?,
        Format::Csv => csv::write(report, rows, &mut buffered(std::io::stdout()))?,
    }
    if for_people && report.rows.is_empty() && report.head.is_empty() && report.problems.is_empty() {
        say("nothing found");
    }
    Ok(report.answered())
}

fn buffered<W: Write>(stream: W) -> BufWriter<W> {
    BufWriter::with_capacity(1 << 16, stream)
}

/// Writes `text` as it stands; it is an answer if it `answers`.
pub(super) fn write_text(text: &str, answers: bool) -> Result<Answered, CliError> {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(if answers { Answered::Yes } else { Answered::No })
}
