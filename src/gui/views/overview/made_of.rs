//! What the heap is made of: bytes by category, each byte in one.

use eframe::egui::{Role, Sense, Ui, WidgetInfo, vec2};

use super::section;
use crate::analysis::statistics::Statistics;
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
    let shares = shares(&of);
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

/// The categories. They sum to the total, also where an array's store counts both as one of the array and by itself: then the
/// later category gives way.
fn shares(of: &Statistics) -> [DonutShare<'static>; 6] {
    let mut left = of.total;
    let mut take = |bytes: u64| {
        let taken = bytes.min(left);
        left -= taken;
        taken
    };
    let native = take(of.native);
    let strings = take(of.strings);
    let arrays = take(of.js_arrays);
    let code = take(of.code);
    let system = take(of.system);
    let share = |name, bytes| DonutShare { name, bytes };
    [
        share("JS objects", left),
        share("Strings", strings),
        share("JS arrays", arrays),
        share("Typed arrays, native", native),
        share("Code", code),
        share("System", system),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_in_one_category() {
        let bytes = |of: &Statistics| shares(of).map(|share| share.bytes);
        let of = Statistics {
            total: 100,
            native: 20,
            typed_arrays: 15,
            code: 5,
            strings: 30,
            js_arrays: 10,
            system: 1,
        };
        assert_eq!(bytes(&of), [of.other_js(), 30, 10, 20, 5, 1]);
        let twice = Statistics { code: 45, ..of };
        assert_eq!(bytes(&twice), [0, 30, 10, 20, 40, 0]);
        assert_eq!(bytes(&Statistics::default()), [0; 6]);
    }
}
