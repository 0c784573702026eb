//! The page of a sampling profile: which functions allocated how much. It holds no objects, so no view of snapshots can show it.

use std::sync::Arc;

use eframe::egui::{Align, Id, Layout, RichText, Ui};

use super::calls::Calls;
use super::cx::Cx;
use super::theme::{Icon, Tokens, fonts};
use super::widgets::banner::{Banner, Tone};
use super::widgets::tool_bar;
use crate::base::units::{counted, human_bytes};
use crate::query::subject::SnapshotId;
use crate::snapshot::sampling::SamplingProfile;

/// The page, and the file it was shown for last.
pub(crate) struct ProfilePage {
    of: Option<SnapshotId>,
    calls: Calls,
}

const TOOL_BAR: f32 = 36.0;

impl ProfilePage {
    /// A page of its own identity.
    pub(crate) fn new(id: Id) -> Self {
        Self {
            of: None,
            calls: Calls::new(id, false),
        }
    }

    /// Paints it in all the room there is.
    pub(crate) fn show(&mut self, ui: &mut Ui, cx: &Cx<'_>, id: SnapshotId, profile: &Arc<SamplingProfile>) {
        if self.of != Some(id) {
            self.of = Some(id);
            self.calls.restart();
        }
        if let Some(problem) = profile.problems().first() {
            let lead = "This file was read only in part.";
            Banner::new(Tone::Bad, Icon::WARNING, lead, &problem.to_string()).show(ui);
        }
        let mut bar = tool_bar(ui, TOOL_BAR);
        self.calls.tools(&mut bar);
        let tree = profile.tree();
        let text = format!(
            "{} in {}, as samples tell",
            human_bytes(tree.total().size),
            counted(tree.calls().len() as u64, "call", "calls"),
        );
        let color = Tokens::of(&bar).text_subdued;
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(text).font(fonts::number()).color(color));
        });
        self.calls.show(ui, cx, tree);
    }
}
