//! What the heap is made of: bytes by category, each byte in one.

use eframe::egui::{Role, Sense, Ui, WidgetInfo, vec2};

use super::section;
use crate::base::units::{counted, human_bytes};
use crate::gui::cx::Cx;
use crate::gui::widgets::donut::{DonutShare, donut};
use crate::job::Slot;
use crate::query::made_of::MadeOf;

const PADDING: f32 = 12.0;
const TITLE: f32 = 45.0;

/// Paints the ring and its figures.
pub(super) fn made_of(ui: &mut Ui, cx: &Cx<'_>, slot: &mut Slot<MadeOf>) {
    let Some((_, snapshot)) = cx.snapshot() else {
        return;
    };
    let (of, count) = match cx.passing() {
        Ok(None) => (*snapshot.statistics(), snapshot.graph().node_count() as u64),
        Ok(Some(only)) => {
            let count = only.count();
            match cx.asker(snapshot).ready(slot, &MadeOf { only }) {
                Some(of) => (*of, count),
                None => return,
            }
        }
        Err(_) => return,
    };
    let parts = of.parts();
    let shares = parts.map(|(name, bytes)| DonutShare { name, bytes });
    let rect = ui.available_rect_before_wrap().shrink2(vec2(PADDING, 0.0));
    ui.scope_builder(eframe::egui::UiBuilder::new().max_rect(rect), |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let (line, response) = ui.allocate_exact_size(vec2(rect.width(), TITLE), Sense::hover());
        let title = "What the heap is made of";
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, title));
        section::heading(ui, line, title, "");
        let objects = counted(count, "object", "objects");
        let size = human_bytes(of.total);
        donut(ui, title, &shares, [&size, &objects]);
    });
}
