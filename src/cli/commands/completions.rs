//! `completions SHELL`

use std::io::Write as _;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::args::Args;
use crate::cli::desk::Answered;
use crate::cli::error::CliError;

/// Completions for a shell.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  heapatlas completions bash > ~/.local/share/bash-completion/completions/heapatlas
  heapatlas completions zsh > ~/.zfunc/_heapatlas
  heapatlas completions fish > ~/.config/fish/completions/heapatlas.fish")]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(in crate::cli) fn answer(&self) -> Result<Answered, CliError> {
        // Written to memory first: the generator panics where it cannot write, and a closed pipe is no error.
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Args::command(), "heapatlas", &mut script);
        std::io::stdout().write_all(&script)?;
        Ok(Answered::Yes)
    }
}
