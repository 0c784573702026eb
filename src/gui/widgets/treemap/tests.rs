//! A treemap in a window.

use eframe::egui::accesskit::Role;
use eframe::egui::{Id, Key, PointerButton, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::{Deed, Treemap, TreemapFace, TreemapTile};
use crate::gui::widgets::testing::window;

struct Names;

impl TreemapFace for Names {
    fn label(&self, tile: u32) -> String {
        format!("app/tile-{tile}.js")
    }
    fn note(&self, _tile: u32) -> String {
        "1 MB".to_owned()
    }
    fn spoken(&self, tile: u32) -> String {
        format!("tile {tile}")
    }
}

struct State {
    map: Treemap,
    selected: Option<u32>,
    hovered: Option<u32>,
    deeds: Vec<Deed>,
}

/// A parent at the left with two tiles in it, one of them with another; two small ones at the right.
fn map() -> Harness<'static, State> {
    let tile = |parent, size| TreemapTile { parent, size };
    let tiles = [
        tile(None, 600),
        tile(None, 200),
        tile(None, 190),
        tile(Some(0), 350),
        tile(Some(0), 250),
        tile(Some(3), 350),
    ];
    let state = State {
        map: Treemap::new(Id::unique("test")),
        selected: None,
        hovered: None,
        deeds: Vec::new(),
    };
    let mut window = window(state, move |ui, state: &mut State| {
        let mapped = state.map.show(ui, "Who keeps it", &tiles, &Names, state.selected);
        mapped.response.on_hover_text("a tooltip");
        state.hovered = mapped.hovered;
        if let Some(Deed::Select(tile)) = mapped.deed {
            state.selected = Some(tile);
        }
        state.deeds.extend(mapped.deed);
    });
    window.run();
    window
}

fn press(window: &mut Harness<'_, State>, key: Key) {
    window.key_press(key);
    window.run();
}

#[test]
fn tiles_of_two_levels_are_told_and_chosen() {
    let mut window = map();
    let told = window.query_all_by_role(Role::TreeItem).count();
    assert_eq!(told, 5, "all but the innermost");
    window.get_by_label("tile 4").click();
    window.run();
    assert_eq!(window.state().deeds, [Deed::Select(4)]);
    // Under the pointer is the tile in the tile.
    window.get_by_label("tile 3").click();
    window.run();
    assert_eq!(window.state().selected, Some(5));
    assert_eq!(window.state().hovered, Some(5));
    window
        .get_by_label("tile 1")
        .click_button(PointerButton::Secondary);
    window.run();
    assert_eq!(window.state().deeds.last(), Some(&Deed::Menu(1)));
}

#[test]
fn keys_lead_from_tile_to_tile() {
    let mut window = map();
    window.get_by_role(Role::Group).focus();
    window.run();
    let mut at = |key| {
        press(&mut window, key);
        window.state().selected
    };
    assert_eq!(at(Key::ArrowRight), Some(0), "the first, if none was chosen");
    assert_eq!(at(Key::ArrowLeft), Some(0), "there is none");
    let right = at(Key::ArrowRight);
    assert!(matches!(right, Some(1 | 2)));
    assert_eq!(at(Key::ArrowLeft), Some(0));
    assert_eq!(at(Key::PageDown), Some(3), "in");
    assert_eq!(at(Key::PageDown), Some(5));
    assert_eq!(at(Key::PageUp), Some(3), "and back");
    press(&mut window, Key::Enter);
    press(&mut window, Key::Backspace);
    let deeds = &window.state().deeds;
    assert_eq!(deeds[deeds.len() - 2..], [Deed::Zoom(3), Deed::Out]);
}

#[test]
fn tiles_are_laid_out_anew_when_the_window_changes() {
    let mut window = map();
    let before = window.state().map.placed.clone();
    window.run();
    assert_eq!(window.state().map.placed, before);
    window.set_size(vec2(300.0, 300.0));
    window.run();
    let after = &window.state().map.placed;
    assert_ne!(*after, before);
    assert!(after.iter().all(|placed| placed.rect.right() <= 300.0));
}
