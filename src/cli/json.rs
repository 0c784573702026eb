//! Answers for programs: one JSON object, a row a line, written as it goes.

use std::io::{self, Write};

use super::report::{Report, Total};
use crate::base::json_text::push_quoted;
use crate::base::text::JsStr;
use crate::query::{Cell, Column};

/// The number by which programs tell future shapes apart.
const SCHEMA: u64 = 1;

/// Writes `report` with `rows` of its rows.
pub(super) fn write<C: Column>(
    report: &Report<'_, C>,
    rows: &[C::Row],
    out: &mut impl Write,
) -> io::Result<()> {
    let mut line = Vec::new();
    line.extend_from_slice(format!("{{\"schema\": {SCHEMA}, \"command\": ").as_bytes());
    push_quoted(&mut line, report.command.into());
    line.extend_from_slice(b", \"snapshots\": [");
    for (nth, file) in report.files.iter().enumerate() {
        push_separator(&mut line, nth);
        line.extend_from_slice(b"{\"file\": ");
        push_quoted(&mut line, JsStr::from(&*file.path.to_string_lossy()));
        for (key, flag) in [("partial", file.is_partial), ("redacted", file.is_redacted)] {
            push_separator(&mut line, 1);
            push_key(&mut line, key);
            push_number(&mut line, flag);
        }
        line.push(b'}');
    }
    line.extend_from_slice(b"], \"rows\": [");
    out.write_all(&line)?;
    for (nth, row) in rows.iter().enumerate() {
        line.clear();
        line.extend_from_slice(if nth == 0 { b"\n{" } else { b",\n{" });
        for (nth, &column) in C::ALL.iter().enumerate() {
            push_separator(&mut line, nth);
            push_key(&mut line, column.key());
            push_cell(&mut line, &column.cell(report.over, row));
        }
        line.push(b'}');
        out.write_all(&line)?;
    }
    line.clear();
    line.extend_from_slice(if rows.is_empty() { b"" } else { b"\n" });
    line.extend_from_slice(b"], \"totals\": ");
    push_total(&mut line, &Total::Object(report.all_totals().collect()));
    line.extend_from_slice(b", \"problems\": [");
    for (nth, problem) in report.problems.iter().enumerate() {
        push_separator(&mut line, nth);
        push_quoted(&mut line, JsStr::from(problem.as_str()));
    }
    line.extend_from_slice(b"]}\n");
    out.write_all(&line)?;
    out.flush()
}

fn push_separator(line: &mut Vec<u8>, nth: usize) {
    if nth > 0 {
        line.extend_from_slice(b", ");
    }
}

fn push_key(line: &mut Vec<u8>, key: &str) {
    push_quoted(line, key.into());
    line.extend_from_slice(b": ");
}

fn push_total(line: &mut Vec<u8>, total: &Total) {
    match total {
        Total::Cell(cell) => push_cell(line, cell),
        Total::Object(entries) => {
            line.push(b'{');
            for (nth, (key, total)) in entries.iter().enumerate() {
                push_separator(line, nth);
                push_key(line, key);
                push_total(line, total);
            }
            line.push(b'}');
        }
    }
}

/// Writes `cell` as a JSON value.
pub(super) fn push_cell(line: &mut Vec<u8>, cell: &Cell) {
    match cell {
        Cell::None => line.extend_from_slice(b"null"),
        Cell::Text(text) => push_quoted(line, text.as_js()),
        Cell::Word(word) => push_quoted(line, (*word).into()),
        Cell::Id(id) => push_number(line, id.0),
        Cell::Bytes(number) | Cell::Count(number) | Cell::Plain(number) => push_number(line, number),
        Cell::Range(least, _) => push_number(line, least),
        Cell::BytesDelta(number) | Cell::CountDelta(number) => push_number(line, number),
        Cell::Distance(distance) => match distance.edges() {
            Some(edges) => push_number(line, edges),
            None => line.extend_from_slice(b"null"),
        },
        Cell::Ratio(share) => push_number(line, share),
        Cell::Flag(flag) => push_number(line, flag),
        Cell::List(cells) => {
            line.push(b'[');
            for (nth, cell) in cells.iter().enumerate() {
                push_separator(line, nth);
                push_cell(line, cell);
            }
            line.push(b']');
        }
        Cell::Record(fields) => {
            line.push(b'{');
            for (nth, (key, cell)) in fields.iter().enumerate() {
                push_separator(line, nth);
                push_quoted(line, (*key).into());
                line.extend_from_slice(b": ");
                push_cell(line, cell);
            }
            line.push(b'}');
        }
    }
}

fn push_number(line: &mut Vec<u8>, number: impl std::fmt::Display) {
    line.extend_from_slice(number.to_string().as_bytes());
}
