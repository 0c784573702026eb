//! Who keeps it: the dominator tree as tiles, under a title.

use eframe::egui::{Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::section;
use crate::analysis::owners::Owners;
use crate::gui::cx::Cx;
use crate::gui::tile_map::TileMap;

const TITLE: f32 = 44.0;
const PADDING: f32 = 16.0;
const BELOW: f32 = 24.0;

const NAME: &str = "Who keeps it";

/// Paints it in all the room there is.
pub(super) fn show(ui: &mut Ui, cx: &Cx<'_>, map: &mut TileMap, owners: Option<&Owners>) {
    let rect = ui.available_rect_before_wrap();
    let (line, rest) = rect.split_top_bottom_at_y(rect.top() + TITLE);
    title(ui, cx, map, line.shrink2(vec2(PADDING, 0.0)));
    let room = Rect::from_min_max(
        rest.min + vec2(PADDING, 0.0),
        rest.max - vec2(PADDING - 4.0, BELOW),
    );
    ui.scope_builder(UiBuilder::new().max_rect(room), |ui| {
        map.show(ui, cx, NAME, owners);
    });
}

/// The title; once one has zoomed, the way back instead of what the map is.
fn title(ui: &Ui, cx: &Cx<'_>, map: &mut TileMap, line: Rect) {
    let response = ui.interact(line, ui.scope_id().with("title"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, NAME));
    match cx.snapshot() {
        Some((_, snapshot)) if map.ways().len() > 1 => {
            let x = section::heading(ui, line, NAME, "");
            map.crumbs(ui, snapshot, line.with_min_x(x));
        }
        _ => {
            section::heading(ui, line, NAME, "dominator tree, area is retained size");
        }
    }
}
