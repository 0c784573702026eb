//! Wishes: what a view or the shell asks of the whole window. Carried out between frames, never while painting.

use std::cell::RefCell;
use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::ThemePreference;

use super::bookmarks::Deed as BookmarkDeed;
use super::export::Document;
use super::history::Place;
use super::many::Many;
use super::workspace::Limit;
use crate::base::index::NodeIx;
use crate::dump::redact::Level;
use crate::query::subject::{SnapshotId, Subject, What};

/// Something that crosses views. What stays within a view is no command.
#[derive(Clone, Debug)]
pub(crate) enum Command {
    /// Open these files.
    Open(Vec<PathBuf>),
    /// Do that to an open file.
    File(SnapshotId, FileDeed),
    /// This is what is selected now, in the view it was selected in.
    Select(Selection),
    /// Go to this, wherever it is.
    Go(Place),
    /// Back to where one came from, or forward again.
    Step(Way),
    /// Show a view.
    Show(Showing),
    /// Show or hide a part of the window, or turn a way of painting it on or off.
    Toggle(Part),
    /// Let the user choose something.
    Ask(Ask),
    /// Limit the view to what has that in its name.
    Filter(String),
    /// Limit all views to these objects.
    Limit(Limit),
    /// Show why all of these are alive.
    Paths(Many),
    /// Let everything look so.
    Appear(Appearance),
    /// Keep an object in mind, or no longer.
    Bookmark(BookmarkDeed),
    /// Write a table or a report into that file, or into one that the user chooses.
    Export(Arc<dyn Document>, Option<PathBuf>),
}

/// What can be done to an open file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FileDeed {
    /// Read it again.
    ReadAgain,
    /// Read it even if it needs more memory than there is.
    ReadAnyway,
    /// Stop reading it.
    Cancel,
    /// Close it.
    Close,
    /// Show it.
    MakeCurrent,
    /// Compare others with it.
    MakeBase,
    /// Call it so; by its file's name if empty.
    Rename(String),
    /// Move it before the one that is now at that place.
    MoveTo(usize),
    /// Show the folder it lies in.
    ShowInFolder,
}

/// What is selected: one thing, and perhaps others of its snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    /// What views are about.
    pub(crate) subject: Subject,
    /// All that is selected, that one included; empty if it is that one alone.
    pub(crate) all: Arc<[What]>,
    /// The samples that it is one of, if it stands for something that has many.
    pub(crate) samples: Option<Samples>,
}

/// Objects that stand for a thing, one of which is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Samples {
    /// What they stand for: the title of a suspect.
    pub(crate) of: Arc<str>,
    /// All of them.
    pub(crate) nodes: Arc<[NodeIx]>,
    /// Which is looked at.
    pub(crate) at: usize,
}

impl Samples {
    /// The one after it, or before: as what is selected in `snapshot`. None at the end.
    pub(crate) fn step(&self, snapshot: SnapshotId, way: Way) -> Option<Selection> {
        let at = match way {
            Way::Back => self.at.checked_sub(1)?,
            Way::Forward => self.at + 1,
        };
        let what = What::Object(*self.nodes.get(at)?);
        Some(Selection {
            samples: Some(Self {
                of: Arc::clone(&self.of),
                nodes: Arc::clone(&self.nodes),
                at,
            }),
            ..Subject { snapshot, what }.into()
        })
    }
}

impl From<Subject> for Selection {
    fn from(subject: Subject) -> Self {
        Self {
            subject,
            all: Arc::default(),
            samples: None,
        }
    }
}

/// How a view is to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Showing {
    /// The view of that name, with the keyboard.
    Focus(&'static str),
    /// The view of that name before the others of its group, without the keyboard; nothing happens if it is closed.
    Raise(&'static str),
    /// A further one of that name, beside what is there.
    Beside(&'static str),
    /// One of that name for each of the two snapshots, which move together.
    SideBySide(&'static str, SnapshotId, SnapshotId),
    /// The view at that place among the tabs.
    Nth(usize),
    /// The next tab of the group that has the keyboard.
    NextTab,
    /// No longer the one that has the keyboard.
    CloseTab,
    /// All views as the program comes with them.
    Anew,
}

/// How everything looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Appearance {
    /// Light, dark or as the system.
    Theme(ThemePreference),
    /// Without what strings say, or with it: all files are read again for that.
    Strings(Option<Level>),
}

/// What the user is asked to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// Files, in the system's dialog.
    Files,
    /// A path, by typing it.
    Path,
    /// Anything: an object, a class, a view, a command.
    Anything,
}

/// A way through the places one has been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the one before.
    Back,
    /// To the one after.
    Forward,
}

/// A part of the window that can be hidden, or a way of painting it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The list of snapshots.
    Left,
    /// What belongs to the selection.
    Bottom,
    /// What can be laid over it.
    Sheet(Sheet),
    /// High contrast.
    Contrast,
}

/// What can be laid over the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// The shortcuts.
    Shortcuts,
    /// What this program is.
    About,
    /// The bookmarks.
    Bookmarks,
}

/// Commands given and not yet carried out.
#[derive(Debug, Default)]
pub(crate) struct Commands(RefCell<Vec<Command>>);

impl Commands {
    /// Gives a command.
    pub(crate) fn send(&self, command: Command) {
        self.0.borrow_mut().push(command);
    }

    /// Are there none?
    pub(crate) fn is_empty(&self) -> bool {
        self.0.borrow().is_empty()
    }

    /// Takes all commands, in the order in which they were given.
    pub(crate) fn take(&self) -> Vec<Command> {
        self.0.take()
    }
}
