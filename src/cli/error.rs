//! Why there is no answer, in one line.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

use crate::base::task::Cancelled;
use crate::parse::error::LoadError;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum CliError {
    /// A file cannot be read.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The arguments make no sense together, or with the file.
    #[error("{0}")]
    Usage(String),
    /// Standard input was named twice.
    #[error("standard input can be read once only, and {} is named twice (-)", path.display())]
    Twice {
        /// What stands for standard input.
        path: PathBuf,
    },
    /// The answer cannot be written.
    #[error("cannot write the answer: {0}")]
    Output(#[from] std::io::Error),
    /// A file cannot be written.
    #[error("cannot write {}: {error}", path.display())]
    NotWritten {
        /// The file.
        path: PathBuf,
        /// Why not.
        error: std::io::Error,
    },
    /// The answer was called off.
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

/// Says `what` on standard error. That there is no one to hear it is no error.
pub(super) fn say(what: impl std::fmt::Display) {
    let _ = writeln!(anstream::stderr(), "heapatlas: {what}");
}

/// Says why there is no answer, in one line.
pub(super) fn complain(error: &CliError) {
    say(one_line(&error.to_string()));
}

/// Says what is wrong with the arguments in one line, or shows the help that was asked for.
pub(super) fn refuse(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::SUCCESS;
    }
    let text = error.render().to_string();
    let what = text.strip_prefix("error: ").unwrap_or(&text);
    let ends = ["\n\nUsage", "\n\nFor more information"];
    let end = ends.iter().filter_map(|end| what.find(end)).min();
    let what = &what[..end.unwrap_or(what.len())];
    say(format_args!("{} (--help shows what there is)", one_line(what)));
    ExitCode::from(2)
}

/// `text` with line breaks and the space around them as single spaces.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
