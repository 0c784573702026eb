//! `stats FILE`

use std::path::PathBuf;

use crate::base::{machine, units};
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::CliError;
use crate::cli::output;
use crate::cli::report::{Layout, Report, Total};
use crate::query::Cell;
use crate::query::stats::{self, StatsColumn};
use crate::snapshot::Snapshot;

/// How large the heap is and of what it is made.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
The JSON's totals tell how long each stage of reading took (timings_ms) and how much memory this program needed
(peak_rss_bytes) and has kept (rss_bytes); null where the system does not tell. What the header made expect is estimated_bytes.

Examples:
  heapatlas stats heap.heapsnapshot
  heapatlas stats heap.heapsnapshot --format json | jq .totals.timings_ms.total
  kubectl exec web-1 -- cat heap.heapsnapshot | heapatlas stats -")]
pub struct Stats {
    /// The snapshot
    file: PathBuf,
    #[command(flatten)]
    output: Output,
}

impl Stats {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let snapshot = desk.open(&self.file)?;
        let rows = [desk.ask(&stats::Stats, &snapshot)?];
        let mut report = Report::<StatsColumn>::about("stats", &snapshot, &snapshot, &rows);
        let (timings, total) = timings(&snapshot);
        let (peak, kept) = (machine::most_resident(), machine::resident());
        report.totals.push(("timings_ms", Total::Object(timings)));
        report = report
            .total("peak_rss_bytes", Cell::of(peak, Cell::Bytes))
            .total("rss_bytes", Cell::of(kept, Cell::Bytes))
            .total("estimated_bytes", Cell::Bytes(snapshot.estimated_memory()));
        report.layout = Layout::Card;
        let memory = peak.map_or_else(String::new, |peak| {
            format!(", {} of memory", units::human_bytes(peak))
        });
        report.foot = Some(format!("read in {} ms{memory}", units::grouped(total)));
        output::write(&report, &self.output)
    }
}

/// Milliseconds of each stage, and of all together.
fn timings(snapshot: &Snapshot) -> (Vec<(&'static str, Total)>, u64) {
    let millis = |duration: std::time::Duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    let stages = snapshot.timings().iter();
    let mut entries: Vec<_> = stages
        .map(|&(stage, duration)| (stage.key(), Total::Cell(Cell::Plain(millis(duration)))))
        .collect();
    let total = millis(snapshot.timings().iter().map(|&(_, duration)| duration).sum());
    entries.push(("total", Total::Cell(Cell::Plain(total))));
    (entries, total)
}
