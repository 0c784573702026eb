//! The frame around the views: bars, panels, pages without a snapshot. Nothing of a heap is asked for here.

pub(crate) mod desk;
pub(crate) mod keys;
pub(crate) mod left_panel;
pub(crate) mod opening;
pub(crate) mod over;
mod palette;
pub(crate) mod panes;
pub(crate) mod path_box;
pub(crate) mod sheets;
mod snapshot_card;
pub(crate) mod start;
pub(crate) mod status_bar;
pub(crate) mod tabs;
pub(crate) mod top_bar;

use serde::{Deserialize, Serialize};

use super::command::Sheet;
use super::cx::Place;
use super::profile::ProfilePage;
use desk::Desk;
use eframe::egui::{Context, Id};

/// Which parts of the window are shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Parts {
    /// The list of snapshots.
    pub(crate) left: bool,
    /// What belongs to the selection.
    pub(crate) bottom: bool,
    /// The same while the middle shows nothing but the overview, which wants the room.
    #[serde(default)]
    pub(crate) below_overview: bool,
    /// What is laid over the window.
    #[serde(skip)]
    pub(crate) sheet: Option<Sheet>,
}

/// The views: those in the middle, and those of the selection.
pub(crate) struct Desks {
    /// In the middle.
    pub(crate) centre: Desk,
    /// Below.
    pub(crate) bottom: Desk,
    /// What stands in the middle for a sampling profile.
    pub(crate) page: ProfilePage,
}

impl Parts {
    /// As they were left in an earlier run.
    pub(crate) fn remembered(ctx: &Context) -> Self {
        let shown = Self {
            left: true,
            bottom: true,
            below_overview: false,
            sheet: None,
        };
        ctx.data_mut(|data| data.get_persisted(Self::storage()))
            .unwrap_or(shown)
    }

    /// Whether what belongs to the selection is shown below `centre`.
    pub(crate) fn below(&mut self, centre: &Desk) -> &mut bool {
        let mut shown = centre.shown().into_iter();
        if shown.all(|pane| pane.spec().is_some_and(|spec| spec.stands_alone)) {
            &mut self.below_overview
        } else {
            &mut self.bottom
        }
    }

    /// Keeps them for the next run.
    pub(crate) fn keep(&self, ctx: &Context) {
        ctx.data_mut(|data| data.insert_persisted(Self::storage(), self.clone()));
    }

    fn storage() -> Id {
        Id::unique("heapatlas parts")
    }
}

impl Desks {
    /// As they were left in an earlier run.
    pub(crate) fn remembered(ctx: &Context) -> Self {
        Self {
            centre: Desk::new(ctx, Place::Centre),
            bottom: Desk::new(ctx, Place::Bottom),
            page: ProfilePage::new(Id::unique("sampling profile")),
        }
    }

    /// The desk of `place`.
    pub(crate) const fn of(&mut self, place: Place) -> &mut Desk {
        match place {
            Place::Centre => &mut self.centre,
            Place::Bottom => &mut self.bottom,
        }
    }
}
