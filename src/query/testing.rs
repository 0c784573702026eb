//! Tiny snapshots for the tests of this floor.

use std::path::Path;

use super::{Cell, Column, Query};
use crate::base::index::NodeIx;
use crate::base::task::Task;
use crate::fixture;
use crate::snapshot::Snapshot;

/// The snapshot of a heap in the notation of [`fixture`].
pub(super) fn snapshot(text: &str) -> Snapshot {
    Snapshot::from_bytes(&fixture::heap(text), Path::new("tiny.heapsnapshot"), &Task::new()).unwrap()
}

/// The first node of that name.
pub(super) fn named(snapshot: &Snapshot, name: &str) -> NodeIx {
    let graph = snapshot.graph();
    graph.nodes().find(|&node| graph.raw_name(node) == name).unwrap()
}

/// The answer to `question`.
pub(super) fn ask<Q: Query>(question: &Q, over: &Q::Over) -> Q::Answer {
    question.run(over, &Task::new()).unwrap()
}

/// The cells of `columns`, separated by spaces, of each row.
pub(super) fn lines<C: Column>(over: &C::Over, rows: &[C::Row], columns: &[C]) -> Vec<String> {
    let line = |row| {
        columns
            .iter()
            .map(|column| plain(&column.cell(over, row)))
            .collect::<Vec<_>>()
            .join(" ")
    };
    rows.iter().map(line).collect()
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::None => "-".to_owned(),
        Cell::Text(text) => text.to_string(),
        Cell::Word(word) => (*word).to_owned(),
        Cell::Id(id) => id.to_string(),
        Cell::Bytes(number) | Cell::Count(number) | Cell::Plain(number) => number.to_string(),
        Cell::Range(least, most) => format!("{least}–{most}"),
        Cell::BytesDelta(number) | Cell::CountDelta(number) => number.to_string(),
        Cell::Distance(distance) => distance
            .edges()
            .map_or_else(|| "-".to_owned(), |edges| edges.to_string()),
        Cell::Ratio(share) => share.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Record(fields) => {
            let named = fields.iter().map(|(key, cell)| format!("{key} {}", plain(cell)));
            named.collect::<Vec<_>>().join(" ")
        }
        Cell::List(cells) => cells.iter().map(plain).collect::<Vec<_>>().join(","),
    }
}
