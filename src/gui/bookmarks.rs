//! Objects and classes that the user wants to find again, each with a note: kept for each file, between runs.

use std::path::Path;

use eframe::egui::{Context, Id};
use serde::{Deserialize, Serialize};

use crate::graph::ObjectId;
use crate::query::subject::{SnapshotId, Subject, What};
use crate::snapshot::Snapshot;

/// The bookmarks of all files.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Bookmarks(Vec<Bookmark>);

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Bookmark {
    /// The file.
    pub(crate) file: String,
    /// What in it.
    pub(crate) mark: Mark,
    /// How it was called when it was marked.
    pub(crate) name: String,
    /// What the user says of it.
    pub(crate) note: String,
}

/// What a bookmark stands for, in terms that hold as long as the file does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Mark {
    /// The object of that id.
    Object(u64),
    /// The class of that key.
    Class(String),
}

/// What can be done about bookmarks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Set one there, or take it away.
    Toggle(Subject),
    /// Say this of the one there.
    Note(SnapshotId, Mark, String),
    /// Take it away.
    Remove(SnapshotId, Mark),
}

/// More are not kept: the oldest go.
const MOST: usize = 1000;

fn storage() -> Id {
    Id::unique("heapatlas bookmarks")
}

impl Bookmarks {
    /// Those of earlier runs.
    pub(crate) fn remembered(ctx: &Context) -> Self {
        ctx.data_mut(|data| data.get_persisted(storage()))
            .unwrap_or_default()
    }

    fn remember(&self, ctx: &Context) {
        ctx.data_mut(|data| data.insert_persisted(storage(), self.clone()));
    }

    /// Those of the file at `path`, in the order in which they were set.
    pub(crate) fn of<'a>(&'a self, path: &Path) -> impl Iterator<Item = &'a Bookmark> {
        let file = key_of(path);
        self.0.iter().filter(move |bookmark| bookmark.file == file)
    }

    /// Is there one on `what`?
    pub(crate) fn has(&self, snapshot: &Snapshot, what: What) -> bool {
        let mark = Mark::of(snapshot, what);
        self.of(snapshot.path()).any(|bookmark| bookmark.mark == mark)
    }

    /// Sets one on `what`, called `name`, or takes it away.
    pub(crate) fn toggle(&mut self, ctx: &Context, snapshot: &Snapshot, what: What, name: String) {
        let (file, mark) = (key_of(snapshot.path()), Mark::of(snapshot, what));
        let before = self.0.len();
        self.0
            .retain(|bookmark| bookmark.file != file || bookmark.mark != mark);
        if self.0.len() == before {
            self.0.push(Bookmark {
                file,
                mark,
                name,
                note: String::new(),
            });
            let excess = self.0.len().saturating_sub(MOST);
            self.0.drain(..excess);
        }
        self.remember(ctx);
    }

    /// Says `note` of the one on `mark`.
    pub(crate) fn note(&mut self, ctx: &Context, path: &Path, mark: &Mark, note: String) {
        let file = key_of(path);
        let found = self
            .0
            .iter_mut()
            .find(|bookmark| bookmark.file == file && bookmark.mark == *mark);
        if let Some(bookmark) = found {
            bookmark.note = note;
        }
        self.remember(ctx);
    }

    /// Takes away the one on `mark`.
    pub(crate) fn remove(&mut self, ctx: &Context, path: &Path, mark: &Mark) {
        let file = key_of(path);
        self.0
            .retain(|bookmark| bookmark.file != file || bookmark.mark != *mark);
        self.remember(ctx);
    }
}

impl Mark {
    /// What stands for `what` in any reading of the file.
    pub(crate) fn of(snapshot: &Snapshot, what: What) -> Self {
        match what {
            What::Object(node) => Self::Object(snapshot.id(node).0),
            What::Class(class) => Self::Class(snapshot.classes().class(class).key().to_string()),
        }
    }

    /// What it stands for in `snapshot`, if it is there.
    pub(crate) fn find(&self, snapshot: &Snapshot) -> Option<What> {
        match self {
            Self::Object(id) => snapshot.find(ObjectId(*id)).map(What::Object),
            Self::Class(key) => {
                let found = snapshot
                    .class_totals()
                    .iter()
                    .find(|totals| snapshot.classes().class(totals.class).key().to_string() == *key)?;
                Some(What::Class(found.class))
            }
        }
    }
}

fn key_of(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    absolute.to_string_lossy().into_owned()
}
