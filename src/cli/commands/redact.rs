//! `redact IN OUT`

use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::shared::{not_made, refuse_same};
use crate::base::json_text::push_quoted;
use crate::base::{units, whole_file};
use crate::cli::desk::{Answered, Desk};
use crate::cli::error::{CliError, say};
use crate::dump::Fault;
use crate::dump::redact::tokens::Key;
use crate::dump::redact::{Done, Level, Redaction, redact};

/// A copy of a snapshot without what its strings say, fit to be shown to others.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Every value of a string (and every regular expression and every source of a script) is replaced by a token of the same length; equal
texts get equal tokens. Names of classes, functions, variables, properties and scripts stay, so that all sizes, classes, retainers and
suspects are those of the original. Keys of dictionaries are names of properties, too: --replace keys also replaces those that a program
would not write after a dot, such as e-mail addresses; --replace names replaces all names but those of the engine and the language.

Tokens depend on a random key that is thrown away; give one to have the same tokens in several files.

Examples:
  heapatlas redact heap.heapsnapshot shared.heapsnapshot
  heapatlas redact heap.heapsnapshot shared.heapsnapshot --replace keys --name-map names.json
  heapatlas redact monday.heapsnapshot.gz monday-shared.heapsnapshot --key-file secret.key")]
pub struct Redact {
    /// The snapshot
    #[arg(value_name = "IN")]
    file: PathBuf,
    /// Where to write the copy
    #[arg(value_name = "OUT")]
    output: PathBuf,
    /// What is replaced
    #[arg(long, value_enum, default_value_t = Replace::Values)]
    replace: Replace,
    /// Make tokens with this key (others see it in the list of processes: prefer --key-file)
    #[arg(long, value_name = "TEXT", conflicts_with = "key_file")]
    key: Option<String>,
    /// Make tokens with the key that this file holds
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Write what the tokens of replaced names stand for to this file, as JSON; keep it to yourself
    #[arg(long, value_name = "FILE")]
    name_map: Option<PathBuf>,
}

/// What is replaced.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// Values of strings
    Values,
    /// Also names of properties that look like data
    Keys,
    /// Also all other names, but those of the engine and the language
    Names,
}

impl From<Replace> for Level {
    fn from(replace: Replace) -> Self {
        match replace {
            Replace::Values => Self::Values,
            Replace::Keys => Self::Keys,
            Replace::Names => Self::Names,
        }
    }
}

impl Redact {
    pub(in crate::cli) fn answer(&self, desk: &mut Desk) -> Result<Answered, CliError> {
        for place in [Some(&self.output), self.name_map.as_ref()].into_iter().flatten() {
            refuse_same(&self.file, place, "copy")?;
            if let Some(file) = &self.key_file {
                refuse_same(file, place, "copy")?;
            }
        }
        let not_written = |path: &Path| {
            let path = path.to_owned();
            move |error| CliError::NotWritten { path, error }
        };
        let redaction = Redaction {
            level: self.replace.into(),
            key: self.key()?,
        };
        let mut map: Vec<u8> = Vec::new();
        let mut renamed = |from: crate::base::text::JsStr<'_>, to: crate::base::text::JsStr<'_>| {
            if self.name_map.is_some() {
                map.extend_from_slice(if map.is_empty() { b"{\n" } else { b",\n" });
                push_quoted(&mut map, to);
                map.push(b':');
                push_quoted(&mut map, from);
            }
            Ok(())
        };
        let mut done = Done::default();
        desk.watch(&self.file, |task| {
            whole_file::write(&self.output, |out| {
                done = redact(&self.file, redaction, out, &mut renamed, task)?;
                Ok::<(), Fault>(())
            })
        })?
        .map_err(|fault| not_made(fault, &self.output))?;
        if let Some(place) = &self.name_map {
            map.extend_from_slice(if map.is_empty() { b"{}\n" } else { b"\n}\n" });
            whole_file::write(place, |out| out.write_all(&map)).map_err(not_written(place))?;
        }
        self.tell(&done);
        Ok(Answered::Yes)
    }

    fn key(&self) -> Result<Key, CliError> {
        if let Some(text) = &self.key {
            return Ok(Key::from_bytes(text.as_bytes()));
        }
        match &self.key_file {
            Some(file) => match std::fs::read(file) {
                Ok(bytes) if !bytes.is_empty() => Ok(Key::from_bytes(&bytes)),
                Ok(_) => Err(CliError::Usage(format!(
                    "{} is empty: a key is expected",
                    file.display()
                ))),
                Err(error) => Err(CliError::Usage(format!(
                    "cannot read {}: {error}",
                    file.display()
                ))),
            },
            None => Ok(Key::random()?),
        }
    }

    fn tell(&self, done: &Done) {
        let texts = units::counted(done.values, "text", "texts");
        let names = match done.names {
            0 => String::new(),
            names => format!(" and {}", units::counted(names, "name", "names")),
        };
        say(format_args!(
            "wrote {}: {texts}{names} replaced",
            self.output.display()
        ));
        if done.keys_left > 0 {
            let names = units::counted(
                done.keys_left,
                "name of a property looks",
                "names of properties look",
            );
            say(format_args!(
                "{names} like data and stayed: --replace keys replaces them too"
            ));
        }
        if done.left_out > 0 {
            let members = units::counted(done.left_out, "unknown member", "unknown members");
            say(format_args!("{members} of the file left out"));
        }
    }
}
