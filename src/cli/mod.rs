//! Floor 6: the command line: arguments to questions, answers to text, JSON or CSV.
//!
//! The questions are those of [`query`](crate::query), asked on this thread. Answers go to standard output, everything else
//! to standard error. No rule about heaps may live here, and nothing of the window.
//!
//! A new sub-command is a file in `commands` and a variant of [`Command`].

pub mod args;
mod commands;
mod csv;
mod demo;
mod desk;
mod error;
mod json;
pub mod limits;
mod only;
mod output;
mod pattern;
mod plain;
mod progress;
mod report;
mod sort;
mod text;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use args::{Args, Command};
use clap::Parser as _;
use desk::{Answered, Desk};
use error::CliError;

use crate::dump::redact::Redaction;
use crate::dump::redact::tokens::Key;

pub use demo::DEMO;

/// What a person asked for.
#[derive(Debug)]
pub enum Wish {
    /// The window.
    Window {
        /// With these files.
        files: Vec<PathBuf>,
        /// How they are redacted when they are opened.
        redaction: Option<Redaction>,
    },
    /// The bundled demo: in the window if there is one, unless `terminal`.
    Demo {
        /// Answer in the terminal even if a window could open.
        terminal: bool,
    },
    /// An answer.
    Answer {
        /// To what.
        command: Box<Command>,
        /// How many bytes of memory may be in use.
        max_memory: Option<u64>,
        /// How files are redacted when they are opened.
        redaction: Option<Redaction>,
    },
}

/// Reads the arguments; what has to be said about them is said at once, and the exit status returned.
pub fn read_arguments(arguments: impl IntoIterator<Item = OsString>) -> Result<Wish, ExitCode> {
    let args = Args::try_parse_from(arguments).map_err(|error| error::refuse(&error))?;
    let refused = args.command.as_ref().and_then(Command::refuses_redacted);
    let redaction = match (args.redacted, refused) {
        (None, _) => None,
        (Some(_), Some(why)) => return Err(finish(Err(CliError::Usage(format!("--redacted: {why}"))))),
        (Some(replace), None) => {
            let key = Key::random().map_err(|error| finish(Err(error.into())))?;
            let level = replace.into();
            Some(Redaction { level, key })
        }
    };
    Ok(match args.command {
        None => Wish::Window {
            files: args.files,
            redaction,
        },
        Some(Command::Demo(demo)) => Wish::Demo {
            terminal: demo.terminal,
        },
        Some(command) => Wish::Answer {
            command: Box::new(command),
            max_memory: args.max_memory.map(|size| size.0),
            redaction,
        },
    })
}

/// Answers `command`, with at most `max_memory` bytes in use, about files that are opened with that redaction.
pub fn answer(command: &Command, max_memory: Option<u64>, redaction: Option<Redaction>) -> ExitCode {
    finish(command.answer(&mut Desk::new(max_memory, redaction)))
}

/// Shows in the terminal what the bundled demo holds; `no_window` tells why it is not shown in the window.
pub fn demo_in_terminal(no_window: Option<&str>) -> ExitCode {
    finish(demo::show(&Desk::new(None, None), no_window))
}

/// Says why no window can be opened, with what can be done instead.
pub fn refuse_window(files: &[PathBuf], why: &str) -> ExitCode {
    let file = files.first().map_or(Path::new("FILE"), PathBuf::as_path);
    finish(Err(CliError::Usage(format!(
        "{why}; ask in the terminal: heapatlas summary {} (heapatlas help lists the questions)",
        file.display()
    ))))
}

/// The exit status: 0 answered, 1 answered "no", 2 not answered. Whoever closed the pipe has read enough.
fn finish(outcome: Result<Answered, CliError>) -> ExitCode {
    match outcome {
        Ok(Answered::Yes) => ExitCode::SUCCESS,
        Ok(Answered::No) => ExitCode::from(1),
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            error::complain(&error);
            ExitCode::from(2)
        }
    }
}
