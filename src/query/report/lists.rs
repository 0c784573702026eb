//! The tables of the report: the biggest classes, those that grew, texts that are there more than once.

use super::text::short;
use crate::base::task::{Cancelled, Task};
use crate::query::Query as _;
use crate::query::strings::{GroupStrings, StringColumn, Strings, Which};
use crate::query::summary::Summary;
use crate::query::trend::Trend;
use crate::query::{Cell, Column as _};
use crate::snapshot::Snapshot;

/// A class of the last snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassLine {
    /// Its name.
    pub name: String,
    /// How many objects.
    pub count: u64,
    /// Their own bytes.
    pub shallow_size: u64,
    /// What would go with them, in bytes.
    pub retained_size: u64,
}

/// A class that grew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrowthLine {
    /// Its name.
    pub name: String,
    /// How many objects in each snapshot.
    pub counts: Vec<u64>,
    /// Bytes in each snapshot.
    pub sizes: Vec<u64>,
    /// Bytes from the first to the last.
    pub growth: i64,
    /// What it does over time.
    pub verdict: &'static str,
}

/// A text that several strings have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextLine {
    /// The text, or how it begins.
    pub text: String,
    /// How many strings.
    pub count: u64,
    /// What more than one of them takes, in bytes.
    pub wasted_size: u64,
    /// By what most are held.
    pub held_by: Option<String>,
}

const MOST_CLASSES: usize = 20;
const MOST_TEXTS: usize = 10;
/// Texts that waste less are not worth a line.
const LEAST_WASTE: u64 = 1000;

/// The classes that hold most.
pub(super) fn classes(snapshot: &Snapshot, task: &Task) -> Result<Vec<ClassLine>, Cancelled> {
    let answer = Summary::default().run(snapshot, task)?;
    let line = |row: &crate::analysis::class_totals::ClassTotals| ClassLine {
        name: short(&snapshot.classes().class(row.class).name.to_string()),
        count: row.count,
        shallow_size: row.shallow_size,
        retained_size: row.retained_size,
    };
    Ok(answer.rows.iter().take(MOST_CLASSES).map(line).collect())
}

/// The classes that grew most.
pub(super) fn growing(trend: &Trend) -> Vec<GrowthLine> {
    let mut rows: Vec<_> = trend
        .rows
        .iter()
        .filter(|row| !row.is_rest && trend.growth(row) > 0)
        .collect();
    // Stable: what grew alike stays as the trend has it.
    rows.sort_by_key(|row| std::cmp::Reverse(trend.growth(row)));
    let line = |row: &&crate::query::trend::TrendRow| GrowthLine {
        name: short(&row.name.to_string()),
        counts: row.counts.clone(),
        sizes: row.sizes.clone(),
        growth: trend.growth(row),
        verdict: row.verdict.text(),
    };
    rows.iter().take(MOST_CLASSES).map(line).collect()
}

/// The texts that waste most.
pub(super) fn texts(snapshot: &Snapshot, task: &Task) -> Result<Vec<TextLine>, Cancelled> {
    let texts = GroupStrings.run(snapshot, task)?;
    let answer = Strings::of(texts.clone(), Which::Duplicates).run(snapshot, task)?;
    let rows = answer.rows.iter().map(|&text| texts.row(text));
    let worth = rows.take(MOST_TEXTS).filter(|row| row.wasted_size >= LEAST_WASTE);
    let line = |row: crate::query::strings::StringRow| TextLine {
        text: short(&snapshot.name(row.first).to_string()),
        count: row.count,
        wasted_size: row.wasted_size,
        held_by: match StringColumn::HeldBy.cell(snapshot, &row) {
            Cell::Text(text) => Some(short(&text.to_string())),
            _ => None,
        },
    };
    Ok(worth.map(line).collect())
}
