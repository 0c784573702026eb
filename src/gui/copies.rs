//! Files made of open ones: without their secrets, whole again, or of a part. What the command line calls `redact`, `repair`
//! and `extract`.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::command::Command;
use super::cx::Cx;
use super::export::{Document, Stopped};
use super::theme::Icon;
use super::workspace::Entry;
use crate::base::index::NodeIx;
use crate::base::task::Task;
use crate::base::units::counted;
use crate::base::whole_file;
use crate::dump::Fault;
use crate::dump::extract::extract;
use crate::dump::redact::tokens::Key;
use crate::dump::redact::{Level, Redaction, redact};
use crate::dump::repair::repair;
use crate::parse::error::LoadError;
use crate::query::subject::{Subject, What};
use crate::snapshot::Snapshot;

/// A line of a menu, or a command of the palette, that makes a file.
pub(crate) struct Offer {
    /// What stands before it.
    pub(crate) icon: Icon,
    /// What it does.
    pub(crate) text: &'static str,
    /// How it is asked for.
    pub(crate) command: Command,
}

/// What is replaced, and what that is called.
const LEVELS: [(Level, &str); 3] = [
    (Level::Values, "Redact: values of strings…"),
    (Level::Keys, "Redact: values, and keys that look like data…"),
    (Level::Names, "Redact: values, and all names…"),
];

/// How what strings say can be shown: what that is called, and what is replaced.
pub(crate) const SHOWN: [(&str, Option<Level>); 4] = [
    ("Show what strings say", None),
    ("Hide values of strings", Some(Level::Values)),
    ("Hide values, and keys that look like data", Some(Level::Keys)),
    ("Hide values, and all names", Some(Level::Names)),
];

/// A copy without secrets.
#[derive(Debug)]
struct Redacted {
    path: PathBuf,
    level: Level,
}

/// A whole file of a damaged one.
#[derive(Debug)]
struct Repaired {
    path: PathBuf,
}

/// A part of a heap.
#[derive(Debug)]
struct Extracted {
    snapshot: Arc<Snapshot>,
    nodes: Vec<NodeIx>,
}

/// What can be made of the file of `entry`; a snapshot that is carried in the program has none.
pub(crate) fn offers(entry: &Entry) -> Vec<Offer> {
    let (Some(path), Some(snapshot)) = (entry.source.file(), entry.snapshot()) else {
        return Vec::new();
    };
    let mut offers: Vec<Offer> = LEVELS
        .into_iter()
        .map(|(level, text)| {
            let path = path.to_owned();
            Offer {
                icon: Icon::EYE_SLASH,
                text,
                command: Command::Export(Arc::new(Redacted { path, level }), None),
            }
        })
        .collect();
    if !snapshot.problems().is_empty() {
        offers.extend(repair_offer(entry));
    }
    offers
}

/// Making a whole file of that of `entry`.
pub(crate) fn repair_offer(entry: &Entry) -> Option<Offer> {
    let path = entry.source.file()?.to_owned();
    Some(Offer {
        icon: Icon::CHECK_CIRCLE,
        text: "Repair…",
        command: Command::Export(Arc::new(Repaired { path }), None),
    })
}

/// Making a file of the objects among `subjects`, which are of one snapshot.
pub(crate) fn extract_offer(cx: &Cx<'_>, subjects: &[Subject]) -> Option<Offer> {
    let entry = cx.workspace.entry(subjects.first()?.snapshot)?;
    let nodes: Vec<NodeIx> = subjects
        .iter()
        .filter_map(|subject| match subject.what {
            What::Object(node) => Some(node),
            What::Class(_) => None,
        })
        .collect();
    let snapshot = Arc::clone(entry.snapshot()?);
    (!nodes.is_empty()).then(|| Offer {
        icon: Icon::CUBE,
        text: "Extract…",
        command: Command::Export(Arc::new(Extracted { snapshot, nodes }), None),
    })
}

/// All that can be made of the snapshot that is shown, and of what is selected.
pub(crate) fn all(cx: &Cx<'_>) -> Vec<Offer> {
    let mut offers = cx.workspace.current().map(offers).unwrap_or_default();
    if let Some(subject) = cx.workspace.selection() {
        let what = |&what: &What| Subject { what, ..subject };
        let mut all: Vec<Subject> = cx.workspace.all_selected().iter().map(what).collect();
        if all.is_empty() {
            all.push(subject);
        }
        offers.extend(extract_offer(cx, &all));
    }
    offers
}

/// The forms of all of them.
const FORMS: &[(&str, &str)] = &[("Heap snapshot", "heapsnapshot")];

/// Refuses to write over what is read.
fn refuse_same(read: &Path, written: &Path) -> Result<(), Stopped> {
    if whole_file::is_same(read, written) {
        let place = written.display();
        return Err(Stopped::Not(format!(
            "{place} is open: the new file needs another name"
        )));
    }
    Ok(())
}

impl From<Fault> for Stopped {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Load(LoadError::Cancelled(_)) => Self::Cancelled,
            Fault::Load(error) => Self::Not(format!("Nothing was written: {error}")),
            Fault::Write(error) => Self::Io(error),
        }
    }
}

impl Document for Redacted {
    fn name(&self) -> &'static str {
        "redacted"
    }

    fn wish(&self) -> &'static str {
        "Write a redacted copy"
    }

    fn forms(&self) -> &'static [(&'static str, &'static str)] {
        FORMS
    }

    fn doing(&self) -> &'static str {
        "Redacting"
    }

    fn write(&self, path: &Path, mut out: &mut dyn Write, task: &Task) -> Result<String, Stopped> {
        refuse_same(&self.path, path)?;
        let redaction = Redaction {
            level: self.level,
            key: Key::random()?,
        };
        let done = redact(&self.path, redaction, &mut out, &mut |_, _| Ok(()), task)?;
        let texts = counted(done.values, "text", "texts");
        let mut said = match done.names {
            0 => format!("{texts} replaced"),
            names => format!("{texts} and {} replaced", counted(names, "name", "names")),
        };
        if done.keys_left > 0 {
            let keys = counted(done.keys_left, "key that looks", "keys that look");
            said = format!("{said}, {keys} like data stayed");
        }
        Ok(said)
    }
}

impl Document for Repaired {
    fn name(&self) -> &'static str {
        "repaired"
    }

    fn wish(&self) -> &'static str {
        "Write a whole snapshot of what was saved"
    }

    fn forms(&self) -> &'static [(&'static str, &'static str)] {
        FORMS
    }

    fn doing(&self) -> &'static str {
        "Repairing"
    }

    fn write(&self, path: &Path, mut out: &mut dyn Write, task: &Task) -> Result<String, Stopped> {
        refuse_same(&self.path, path)?;
        let (written, lost) = repair(&self.path, &mut out, task)?;
        let nodes = counted(written.nodes, "node", "nodes");
        Ok(match lost.as_slice() {
            [] => nodes,
            [one] => format!("{nodes}; lost: {one}"),
            [first, rest @ ..] => format!("{nodes}; lost: {first}, and {} more", rest.len()),
        })
    }
}

impl Document for Extracted {
    fn name(&self) -> &'static str {
        "extracted"
    }

    fn wish(&self) -> &'static str {
        "Write a snapshot of what is selected"
    }

    fn forms(&self) -> &'static [(&'static str, &'static str)] {
        FORMS
    }

    fn doing(&self) -> &'static str {
        "Extracting"
    }

    fn write(&self, path: &Path, mut out: &mut dyn Write, task: &Task) -> Result<String, Stopped> {
        refuse_same(self.snapshot.path(), path)?;
        let written = extract(&self.snapshot, &self.nodes, &mut out, task)?;
        Ok(counted(written.nodes, "node", "nodes"))
    }
}
