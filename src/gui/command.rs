//! Wishes: what a view or the shell asks of the whole window. Carried out between frames, never while painting.

use std::cell::RefCell;
use std::path::PathBuf;

use eframe::egui::ThemePreference;

use crate::query::subject::{SnapshotId, Subject};

/// Something that crosses views. What stays within a view is no command.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    /// Open these files.
    Open(Vec<PathBuf>),
    /// Let the user choose files.
    PickFiles,
    /// Let the user type a path.
    TypePath,
    /// Read that file again.
    ReadAgain(SnapshotId),
    /// Stop reading that file.
    Cancel(SnapshotId),
    /// Close that snapshot.
    Close(SnapshotId),
    /// Show that snapshot.
    MakeCurrent(SnapshotId),
    /// This is what is selected now, in the view it was selected in.
    Select(Subject),
    /// Go to this, wherever it is.
    Go(Subject),
    /// Back to where one came from, or forward again.
    Step(Way),
    /// Give the keyboard to the view of that name.
    Focus(&'static str),
    /// Show or hide a part of the window.
    Toggle(Part),
    /// Light, dark or as the system.
    Theme(ThemePreference),
}

/// A way through the places one has been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// To the one before.
    Back,
    /// To the one after.
    Forward,
}

/// A part of the window that can be hidden.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// The list of snapshots.
    Left,
    /// What belongs to the selection.
    Bottom,
    /// What can be laid over it.
    Sheet(Sheet),
}

/// What can be laid over the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sheet {
    /// The shortcuts.
    Shortcuts,
    /// What this program is.
    About,
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
