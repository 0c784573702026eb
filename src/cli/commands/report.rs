//! `report FILE... -o report.html`

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::base::whole_file;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::query::report::{MakeReport, ReportFormat};
use crate::query::suspects::FindSuspects;

/// A report on one snapshot or several, oldest first: suspects, growth, what the heap is made of.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
The page needs nothing besides itself: no script, no font and no picture from outside. It holds class and property names,
beginnings of strings and the names of the files, nothing of the machine and no time, and is the same for the same files. Fit to attach to
an issue, and to print.

Examples:
  heapatlas report monday.heapsnapshot tuesday.heapsnapshot -o report.html
  heapatlas report heap-*.heapsnapshot -o report.md
  heapatlas report heap.heapsnapshot --format markdown")]
pub struct Report {
    /// The snapshots, oldest first
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Where to write it; standard output without it
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How to write it, whatever the file is called
    #[arg(long, value_enum)]
    format: Option<Form>,
}

/// A form of reports.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A page for browsers
    Html,
    /// For issue trackers and terminals; also if the file is called .md
    Markdown,
}

impl Report {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        let place = self.output.as_deref().filter(|path| *path != Path::new("-"));
        if let Some(path) = place.filter(|path| self.files.iter().any(|file| file == path)) {
            let path = path.display();
            return Err(CliError::Usage(format!(
                "{path} is to be read: the report needs another name"
            )));
        }
        let series = desk.open_series(&self.files)?;
        let suspects = desk.ask(&FindSuspects, &series)?;
        let report = desk.ask(&MakeReport, &suspects)?;
        let format = match (self.format, place) {
            (Some(Form::Markdown), _) => ReportFormat::Markdown,
            (None, Some(path)) => ReportFormat::of(path),
            (Some(Form::Html), _) | (None, None) => ReportFormat::Html,
        };
        let text = format.write(&report);
        match place {
            Some(path) => {
                whole_file::write(path, |out| out.write_all(text.as_bytes())).map_err(|error| {
                    CliError::NotWritten {
                        path: path.to_owned(),
                        error,
                    }
                })?;
                say(format_args!("wrote {}", path.display()));
            }
            None => std::io::stdout().lock().write_all(text.as_bytes())?,
        }
        Ok(Answered::Yes)
    }
}
