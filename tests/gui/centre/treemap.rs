//! The dominator tree as tiles.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;

use crate::window::Window;

const HEAP: &str = "
    root:synthetic/0 -shortcut:w-> window:native/16 #3
    window -a-> cache=Cache:object/32 #11 -big-> big=Big:object/4000 #13 -inner-> inner=Inner:object/3000 #15
    cache -small-> small=Small:object/900 #17
    window -b-> other=Other:object/1000 #19
";

fn window() -> Window {
    let mut window = Window::on_heaps(&[HEAP], "Dominators");
    window.click_on(Role::RadioButton, "Treemap");
    window.wait_for("Cache @11, 7.93\u{a0}kB");
    window
        .harness
        .get_by_role_and_label(Role::Group, "Dominators")
        .focus();
    window.press(Key::ArrowRight);
    window
}

#[test]
fn one_zooms_in_and_out_by_keys() {
    let mut window = window();
    assert!(window.has("Selected @3"), "the first tile");
    window.press(Key::PageDown);
    assert!(window.has("Selected @11"), "the first one in it");
    window.press(Key::ArrowRight);
    assert!(window.has("Selected @19"), "the one beside that");
    window.press(Key::ArrowLeft);
    window.press(Key::Enter);
    window.wait_until("what lies in the cache", |window| {
        window
            .of_role(Role::TreeItem)
            .first()
            .is_some_and(|tile| tile.starts_with("Big @13"))
    });
    assert_eq!(window.of_role(Role::Link)[..2], ["Whole heap", "window"]);
    window.press(Key::Backspace);
    window.wait_until("the window again", |window| {
        !window.of_role(Role::Link).contains(&"window".to_owned())
    });
    window.press(Key::Backspace);
    window.wait_for("Other @19, 1.00\u{a0}kB");
    assert!(window.of_role(Role::Link).is_empty());
}

#[test]
fn the_way_back_is_written_above_and_rows_follow() {
    let mut window = window();
    window.press(Key::PageDown);
    window.press(Key::Enter);
    window.wait_for("Whole heap");
    window.click_on(Role::Link, "Whole heap");
    window.wait_for("Other @19");
    assert!(window.of_role(Role::Link).is_empty());
    window.click_on(Role::RadioButton, "Table");
    window.wait_for_row("window @3, level 1");
    window.choose("window @3");
    window.press(Key::ArrowRight);
    window.wait_for_row("Cache @11, level 2");
}
