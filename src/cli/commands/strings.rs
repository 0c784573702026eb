//! `strings FILE [--duplicates | --families | --sliced] [--filter TEXT]`

use std::path::PathBuf;

use crate::base::units;
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::pattern;
use crate::cli::report::Report;
use crate::cli::sort::Sorting;
use crate::query::Cell;
use crate::query::pattern::{Pattern, Syntax};
use crate::query::strings::families::{Families, FamilyColumn, FamilyRow, FindFamilies};
use crate::query::strings::sliced::{SlicedColumn, SlicedStrings};
use crate::query::strings::{self, StringColumn, StringRow, Which};

/// Texts with the strings that have them.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
One row a text, however many strings have it; the largest come first, with --duplicates those of which most is wasted: what
all but one of the strings take. Parts of other strings (slices) own no text and are not counted.

With --families: texts that begin alike, 24 or more, as the keys of a cache or the lines of a log do. With --sliced: strings
that slices lead to; those that nothing else leads to (only_slices) would go if the slices were copied.

Examples:
  heapatlas strings heap.heapsnapshot --limit 20
  heapatlas strings heap.heapsnapshot --duplicates
  heapatlas strings heap.heapsnapshot --families
  heapatlas strings heap.heapsnapshot --sliced
  heapatlas strings heap.heapsnapshot --filter https:// --sort count")]
pub struct Strings {
    /// The snapshot
    file: PathBuf,
    /// Only texts that several strings have
    #[arg(long)]
    duplicates: bool,
    /// Families of texts that begin alike
    #[arg(long, conflicts_with = "duplicates")]
    families: bool,
    /// Strings that are kept whole by slices of them
    #[arg(long, conflicts_with_all = ["duplicates", "families"])]
    sliced: bool,
    /// Only texts (of families: beginnings) that contain this, whatever its case
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    #[command(flatten)]
    sorting: Sorting,
    #[command(flatten)]
    output: Output,
}

impl Strings {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let pattern = self
            .filter
            .as_deref()
            .map(|text| pattern::read(text, Syntax::Substring, false))
            .transpose()?;
        if self.families {
            self.families(desk, pattern)
        } else if self.sliced {
            self.sliced(desk, pattern)
        } else {
            self.texts(desk, pattern)
        }
    }

    fn families(&self, desk: &mut Desk, pattern: Option<Pattern>) -> Result<Answered, CliError> {
        let order = self.sorting.order(Families::DEFAULT_ORDER)?;
        let snapshot = desk.open(&self.file)?;
        let texts = desk.ask(&strings::GroupStrings, &snapshot)?;
        let list = desk.ask(&FindFamilies { texts }, &snapshot)?;
        let question = Families {
            list: list.clone(),
            pattern,
            order,
        };
        let families = desk.ask(&question, &snapshot)?.into_iter();
        let rows: Vec<FamilyRow> = families.filter_map(|at| list.row(at).cloned()).collect();
        let texts = rows.iter().map(|row| row.texts).sum();
        let shallow_size = rows.iter().map(|row| row.shallow_size).sum();
        let mut report = Report::<FamilyColumn>::about("strings", &snapshot, &snapshot, &rows)
            .total("texts", Cell::Count(texts))
            .total("shallow_size", Cell::Bytes(shallow_size));
        report.foot = Some(format!(
            "{}, {}, {}",
            units::counted(rows.len() as u64, "family", "families"),
            units::counted(texts, "text", "texts"),
            units::human_bytes(shallow_size),
        ));
        output::write(&report, &self.output)
    }

    fn sliced(&self, desk: &mut Desk, pattern: Option<Pattern>) -> Result<Answered, CliError> {
        let order = self.sorting.order(SlicedStrings::DEFAULT_ORDER)?;
        let snapshot = desk.open(&self.file)?;
        let question = SlicedStrings {
            only: None,
            pattern,
            order,
        };
        let rows = desk.ask(&question, &snapshot)?;
        let slices = rows.iter().map(|row| row.slices).sum();
        let shallow_size = rows.iter().map(|row| snapshot.shallow_size(row.whole)).sum();
        let mut report = Report::<SlicedColumn>::about("strings", &snapshot, &snapshot, &rows)
            .total("slices", Cell::Count(slices))
            .total("shallow_size", Cell::Bytes(shallow_size));
        report.foot = Some(format!(
            "{} of {}, {}",
            units::counted(slices, "slice", "slices"),
            units::counted(rows.len() as u64, "string", "strings"),
            units::human_bytes(shallow_size),
        ));
        output::write(&report, &self.output)
    }

    fn texts(&self, desk: &mut Desk, pattern: Option<Pattern>) -> Result<Answered, CliError> {
        let which = if self.duplicates {
            Which::Duplicates
        } else {
            Which::All
        };
        let order = self.sorting.order(which.default_order())?;
        let snapshot = desk.open(&self.file)?;
        let texts = desk.ask(&strings::GroupStrings, &snapshot)?;
        let question = strings::Strings {
            texts,
            which,
            pattern,
            order,
        };
        let answer = desk.ask(&question, &snapshot)?;
        let rows = answer.rows.iter().map(|&text| question.texts.row(text));
        let rows: Vec<StringRow> = rows.collect();
        let mut report = Report::<StringColumn>::about("strings", &snapshot, &snapshot, &rows)
            .total("count", Cell::Count(answer.count))
            .total("shallow_size", Cell::Bytes(answer.shallow_size))
            .total("wasted_size", Cell::Bytes(answer.wasted_size));
        report.foot = Some(format!(
            "{}, {}, {}, of which {} wasted",
            units::counted(answer.rows.len() as u64, "text", "texts"),
            units::counted(answer.count, "string", "strings"),
            units::human_bytes(answer.shallow_size),
            units::human_bytes(answer.wasted_size),
        ));
        output::write(&report, &self.output)
    }
}
