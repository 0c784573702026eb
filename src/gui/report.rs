//! The report on the open snapshots, as something to be written to a file.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use super::command::Command;
use super::export::{Document, Stopped};
use super::workspace::Workspace;
use crate::base::task::Task;
use crate::query::Query as _;
use crate::query::report::{MakeReport, ReportFormat};
use crate::query::suspects::{FindSuspects, Suspects};
use crate::query::trend::Series;

/// The report.
#[derive(Debug)]
struct ReportDocument {
    series: Series,
    /// The suspects, if they are known.
    known: Option<Arc<Suspects>>,
}

/// Asks for a file to write the report on all open snapshots into; `known` are their suspects, if they were looked for.
pub(crate) fn wish(workspace: &Workspace, known: Option<Arc<Suspects>>) -> Command {
    let document = ReportDocument {
        series: workspace.series(),
        known,
    };
    Command::Export(Arc::new(document), None)
}

impl Document for ReportDocument {
    fn name(&self) -> &'static str {
        "heap-report"
    }

    fn wish(&self) -> &'static str {
        "Write the report"
    }

    fn forms(&self) -> &'static [(&'static str, &'static str)] {
        &ReportFormat::FILES
    }

    fn doing(&self) -> &'static str {
        "Writing the report"
    }

    fn write(&self, path: &Path, out: &mut dyn Write, task: &Task) -> Result<String, Stopped> {
        let suspects = match &self.known {
            Some(known) => Arc::clone(known),
            None => FindSuspects.run(&self.series, task)?,
        };
        let report = MakeReport.run(&suspects, task)?;
        out.write_all(ReportFormat::of(path).write(&report).as_bytes())?;
        Ok(String::new())
    }
}
