//! The frame around the views: bars, panels, pages without a snapshot. Nothing of a heap is asked for here.

pub(crate) mod keys;
pub(crate) mod left_panel;
pub(crate) mod opening;
pub(crate) mod panes;
pub(crate) mod path_box;
pub(crate) mod sheets;
mod snapshot_card;
pub(crate) mod start;
pub(crate) mod status_bar;
pub(crate) mod tabs;
pub(crate) mod top_bar;

use super::command::Sheet;

/// Which parts of the window are shown.
#[derive(Debug)]
pub(crate) struct Parts {
    /// The list of snapshots.
    pub(crate) left: bool,
    /// What belongs to the selection.
    pub(crate) bottom: bool,
    /// The view in the middle.
    pub(crate) centre_view: &'static str,
    /// The view below.
    pub(crate) bottom_view: &'static str,
    /// What is laid over the window.
    pub(crate) sheet: Option<Sheet>,
}

impl Default for Parts {
    fn default() -> Self {
        Self {
            left: true,
            bottom: true,
            centre_view: "summary",
            bottom_view: "retainers",
            sheet: None,
        }
    }
}
