//! Answers for spreadsheets: keys as header, then the rows. Those from files that were read only in part have a column more,
//! which says so.

use std::io::{self, Write};

use super::report::Report;
use super::{json, plain};
use crate::query::{Cell, Column};

/// Writes `rows` of the rows of `report`. Values of one cell are joined by `; `.
pub(super) fn write<C: Column>(
    report: &Report<'_, C>,
    rows: &[C::Row],
    out: &mut impl Write,
) -> io::Result<()> {
    let mut writer = csv::Writer::from_writer(out);
    let is_partial = report.is_partial();
    let keys = C::ALL.iter().map(|column| column.key());
    writer
        .write_record(keys.chain(is_partial.then_some("partial")))
        .map_err(unwrapped)?;
    for row in rows {
        let fields = C::ALL.iter().map(|column| field(&column.cell(report.over, row)));
        let fields = fields.chain(is_partial.then(|| "true".to_owned()));
        writer.write_record(fields).map_err(unwrapped)?;
    }
    writer.flush()
}

/// The error of the stream itself, so that a closed pipe is known as one.
fn unwrapped(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

fn in_json(cell: &Cell) -> String {
    let mut text = Vec::new();
    json::push_cell(&mut text, cell);
    String::from_utf8_lossy(&text).into_owned()
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::None => String::new(),
        Cell::Text(text) => plain::with_escapes(text.as_js()).into_owned(),
        Cell::Word(word) => (*word).to_owned(),
        Cell::Id(id) => id.0.to_string(),
        Cell::Bytes(number) | Cell::Count(number) | Cell::Plain(number) => number.to_string(),
        Cell::Range(least, _) => least.to_string(),
        Cell::BytesDelta(number) | Cell::CountDelta(number) => number.to_string(),
        Cell::Distance(distance) => distance
            .edges()
            .map_or_else(String::new, |edges| edges.to_string()),
        Cell::Ratio(share) => share.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        // What has no rows of its own in a sheet: JSON in one field.
        Cell::Record(_) => in_json(cell),
        Cell::List(cells) if matches!(cells.first(), Some(Cell::Record(_))) => in_json(cell),
        Cell::List(cells) => cells.iter().map(field).collect::<Vec<_>>().join("; "),
    }
}
