//! The `heapatlas` program: decides between the window and the command line.

use std::path::PathBuf;
use std::process::ExitCode;

use heapatlas::cli::{self, Wish};
use heapatlas::dump::redact::Redaction;

fn main() -> ExitCode {
    match cli::read_arguments(std::env::args_os()) {
        Err(status) => status,
        Ok(Wish::Answer {
            command,
            max_memory,
            redaction,
        }) => cli::answer(&command, max_memory, redaction),
        Ok(Wish::Window { files, redaction }) => open_window(&files, redaction),
        Ok(Wish::Demo { terminal: true }) => cli::demo_in_terminal(None),
        Ok(Wish::Demo { terminal: false }) => open_demo(),
    }
}

/// Why no window can be opened, if none can.
fn no_window() -> Option<&'static str> {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if !cfg!(feature = "gui") {
        Some("this build has no window (it was made without the feature \"gui\")")
    } else if cfg!(target_os = "linux") && !is_set("DISPLAY") && !is_set("WAYLAND_DISPLAY") {
        Some("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)")
    } else {
        None
    }
}

fn open_window(files: &[PathBuf], redaction: Option<Redaction>) -> ExitCode {
    match no_window() {
        Some(why) => cli::refuse_window(files, why),
        None => window::open(files, redaction),
    }
}

fn open_demo() -> ExitCode {
    match no_window() {
        Some(why) => cli::demo_in_terminal(Some(why)),
        None => window::open_demo(),
    }
}

/// The window.
#[cfg(feature = "gui")]
mod window {
    use super::{ExitCode, PathBuf, Redaction, cli};
    use heapatlas::gui;
    use heapatlas::job::Source;

    pub(super) fn open(files: &[PathBuf], redaction: Option<Redaction>) -> ExitCode {
        let sources = files.iter().cloned().map(Source::File).collect();
        match gui::run(sources, redaction) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => cli::refuse_window(files, &format!("the window cannot be opened ({why})")),
        }
    }

    pub(super) fn open_demo() -> ExitCode {
        let bundled = |(name, zstd)| Source::Bundled { name, zstd };
        match gui::run(cli::DEMO.into_iter().map(bundled).collect(), None) {
            Ok(()) => ExitCode::SUCCESS,
            Err(why) => cli::demo_in_terminal(Some(&why)),
        }
    }
}

/// Stands in where there is no window: [`no_window`] has said so before.
#[cfg(not(feature = "gui"))]
mod window {
    use super::{ExitCode, PathBuf, Redaction, cli};

    pub(super) fn open(files: &[PathBuf], _redaction: Option<Redaction>) -> ExitCode {
        cli::refuse_window(files, "this build has no window")
    }

    pub(super) fn open_demo() -> ExitCode {
        cli::demo_in_terminal(None)
    }
}
