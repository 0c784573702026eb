//! Two snapshots of one process.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;

use crate::window::Window;

const BASE: &str = "
    root:synthetic/0 #1 -shortcut:w-> window:object/8 #3 -element:1-> kept=Session:object/16 #5
    window -element:2-> gone=Session:object/32 #7
    window -element:3-> grows=Buffer:object/100 #9
    window -element:4-> same=Map:object/8 #11
";
const CURRENT: &str = "
    root:synthetic/0 #1 -shortcut:w-> window:object/8 #3 -element:1-> kept=Session:object/16 #5
    window -element:2-> new=Session:object/48 #21 -element:1-> newer=Session:object/64 #23
    window -element:3-> grows=Buffer:object/150 #9
    window -element:4-> same=Map:object/8 #11
";

fn window() -> Window {
    let mut window = Window::on_heaps(&[BASE, CURRENT], "Comparison");
    let second = window
        .of_role(Role::Button)
        .into_iter()
        .find(|name| name.starts_with("Snapshot 2"));
    window.click_on(Role::Button, &second.unwrap());
    window.wait_for("Ids are comparable.");
    window
}

#[test]
fn classes_tell_what_became_of_them_and_add_up() {
    let mut window = window();
    window.wait_for_row("Session, level 1, collapsed, grew by 80 bytes");
    assert_eq!(window.firsts(9), ["Session", "Buffer"]);
    assert!(window.has("Rows sum to +130 B, the change of the heap"));
    window.sort_by("Class");
    assert_eq!(window.firsts(9), ["Buffer", "Session"]);
    window.click_on(Role::CheckBox, "Unchanged classes");
    window.wait_until("all classes", |window| window.firsts(9).len() == 4);
    window.type_into("Filter by class name", "buf");
    window.wait_until("one class", |window| window.firsts(9) == ["Buffer"]);
}

#[test]
fn a_class_opens_to_what_was_made_and_what_is_gone() {
    let mut window = window();
    window.wait_for_row("Session, level 1");
    window.choose("Session, level 1");
    window.press(Key::ArrowRight);
    window.wait_for_row("Session @21, level 2");
    let rows = window.firsts(9);
    assert_eq!(rows[1..4], ["Session @21", "Session @23", "Session @7"]);
    assert!(window.rows()[3].contains("deleted") && window.rows()[1].contains("new"));
    window.choose("Session @23");
    assert!(window.has("Selected @23"));
    window.choose("Session @21");
    window.press(Key::ArrowRight);
    window.wait_for_row("[1]: Session @23, level 3");
    window.choose_from_menu("Reveal in Summary");
    window.wait_for_row("Session @21, level 2");
    assert!(window.shows("Summary"));
}
