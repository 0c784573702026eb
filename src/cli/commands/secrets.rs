//! `secrets FILE`

use std::path::PathBuf;

use crate::base::units;
use crate::cli::args::Output;
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::cli::limits::{Count, CountLimit};
use crate::cli::output;
use crate::cli::report::Report;
use crate::query::secrets::{FindSecrets, SecretColumn};

/// Texts that must not get into strange hands: tokens, keys, passwords, addresses, and what holds them.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Told by their looks: private keys, tokens of AWS, GitHub, Slack, Stripe and Google, JWTs, credentials in URLs, authorization headers, card
numbers and e-mail addresses; and by their names: what a property called password, apiKey or the like holds. No secret is printed whole.
Sources of scripts are not looked at. With --fail-on the exit status is 1 if a limit is exceeded; finding none is no failure.

Examples:
  heapatlas secrets heap.heapsnapshot
  heapatlas secrets heap.heapsnapshot --fail-on 'secrets > 0' --format json")]
pub struct Secrets {
    /// The snapshot
    file: PathBuf,
    /// Exit with status 1 if this is exceeded: 'secrets > 0'
    #[arg(long, value_name = "LIMIT")]
    fail_on: Vec<CountLimit>,
    #[command(flatten)]
    output: Output,
}

impl Secrets {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        if let Some(limit) = self.fail_on.iter().find(|limit| limit.what != Count::Secrets) {
            return Err(CliError::Usage(format!(
                "{limit}: only secrets are counted here, as in 'secrets > 0'"
            )));
        }
        let snapshot = desk.open(&self.file)?;
        let secrets = desk.ask(&FindSecrets, &snapshot)?;
        let rows = secrets.all();
        let count = rows.len() as u64;
        let mut report = Report::<SecretColumn>::about("secrets", &snapshot, &snapshot, rows);
        report.answers_without_rows = true;
        report.foot = Some(match count {
            0 => "no secrets found".to_owned(),
            count => units::counted(count, "secret", "secrets"),
        });
        let answered = output::write(&report, &self.output)?;
        let exceeded: Vec<_> = self
            .fail_on
            .iter()
            .filter(|limit| limit.is_exceeded(count))
            .collect();
        for limit in &exceeded {
            say(format_args!("limit exceeded: {limit}: {count}"));
        }
        Ok(if exceeded.is_empty() {
            answered
        } else {
            Answered::No
        })
    }
}
