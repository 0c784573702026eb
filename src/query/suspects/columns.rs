//! Suspects as rows: what programs read.

use super::{Suspect, Suspects};
use crate::base::index::NodeIx;
use crate::columns;
use crate::query::Cell;

/// A suspect with its place in the list, counted from 1.
pub type Ranked = (usize, std::sync::Arc<Suspect>);

columns! {
    /// Columns of suspects.
    pub enum SuspectColumn: |over: Suspects, row: Ranked| {
        /// Its place in the list.
        Rank: Number "rank" "#" = Cell::Plain(row.0 as u64);
        /// What kind of thing it is.
        Kind: Text "kind" "Kind" = Cell::Word(row.1.kind.key());
        /// What it is and does.
        Title: Text "title" "Suspect" = text(&row.1.title.text());
        /// How bad it is.
        Severity: Text "severity" "Severity" = Cell::Word(row.1.severity.key());
        /// What would go with it, as a share of the heap.
        Share: Number "share" "Of the heap" = Cell::Ratio(row.1.share);
        /// What would go with it.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(row.1.retained_size);
        /// How many things in each snapshot.
        Counts: Program "counts" "Counts" = list(&row.1.counts, Cell::Count);
        /// Bytes in each snapshot.
        Sizes: Program "sizes" "Sizes" = list(&row.1.sizes, Cell::Bytes);
        /// Bytes it grew by.
        Growth: Number "growth" "Growth" = Cell::of(row.1.growth, Cell::BytesDelta);
        /// What holds it.
        Owner: Text "owner" "Owner" = optional(row.1.owner.as_ref());
        /// The variable or property it hangs from.
        Binding: Text "binding" "Binding" = optional(row.1.binding.as_ref());
        /// The script or module.
        Module: Text "module" "Module" = optional(row.1.module.as_ref());
        /// The line in it.
        Line: Program "line" "Line" = Cell::of(row.1.line, |line| Cell::Plain(u64::from(line)));
        /// Whose code it is.
        Package: Text "package" "Package" = optional(row.1.package.as_ref());
        /// The way to it.
        Path: Program "path" "Path" = Cell::List(row.1.path.iter().map(|step| text(&step.text)).collect());
        /// Some of what is held.
        SampleIds: Program "sample_ids" "Samples" = Cell::List(row.1.samples.iter().map(|&node| id(over, node)).collect());
        /// What to do next.
        Advice: Program "advice" "Advice" = text(&row.1.advice.text());
        /// The evidence.
        Why: Program "why" "Why" = text(&row.1.why.text());
        /// What is counted.
        Counted: Program "counted" "Counted" = Cell::Word(row.1.counted);
        /// The object that holds it all.
        HolderId: Program "holder_id" "Holder" = Cell::of(row.1.holder, |node| id(over, node));
    }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn optional(text: Option<&String>) -> Cell {
    Cell::of(text, |text| self::text(text))
}

fn list(numbers: &[u64], cell: fn(u64) -> Cell) -> Cell {
    Cell::List(numbers.iter().map(|&number| cell(number)).collect())
}

fn id(over: &Suspects, node: NodeIx) -> Cell {
    Cell::of(over.series.snapshots.last(), |snapshot| {
        Cell::Id(snapshot.id(node))
    })
}
