//! Why many objects are alive.

use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::window::Window;

const HEAP: &str = r#"
    root:synthetic/0 -shortcut:w-> window:native/8 -sessions-> map=Map:object/32 -internal:table-> t="":array/152 -internal:9-> a=Session:object/100
    t -internal:12-> b=Session:object/200
    window -latest-> keeper=Keeper:object/8 -last-> b
    window -old-> c=Session:object/40
    window -weak:x-> lost=Session:object/1"#;

fn sessions() -> Window {
    let mut window = Window::on_heaps(&[HEAP], "Summary");
    window.wait_for_row("Session");
    window.choose("Session");
    window.choose_from_menu("Paths for all");
    window.wait_for_row("(root)");
    window
}

#[test]
fn paths_of_all_objects_of_a_class_are_laid_over_each_other() {
    let mut window = sessions();
    assert!(window.shows("Paths"));
    window.wait_for_row("w :: window");
    window.wait_for_row("sessions :: Map, level 3, expanded, 2 objects, retained 300 bytes");
    window.wait_for("4 objects, 340");
    window.assert_rows(&["(root), level 1, expanded, 3 objects, retained 340 bytes"]);
    // A branch opens to its objects, an object to itself.
    window.choose("old :: Session");
    window.press(Key::ArrowRight);
    window.wait_for_row("Session @");
    window.choose("Session @");
    assert!(window.has("Session @"));
}

#[test]
fn what_keeps_them_and_how_they_are_held_is_told() {
    let mut window = sessions();
    window.click_on(Role::RadioButton, "Immediate dominators");
    window.wait_for_row("window, level 1, ");
    window.click_on(Role::RadioButton, "Similar");
    window.wait_for_row("window → sessions: Map → value of Map entry: Session; also window → latest: Keeper");
    window
        .assert_rows(&["window → sessions: Map → value of Map entry: Session, level 1, collapsed, 1 object"]);
    window.choose("window → sessions: Map → value of Map entry: Session, level");
    window.press_with(Modifiers::SHIFT, Key::R);
    window.wait_for("1 object, 100");
}

#[test]
fn the_graph_is_walked_with_the_keyboard() {
    let mut window = sessions();
    window.click_on(Role::RadioButton, "Graph");
    window.wait_for("GC roots, ");
    window.click("GC roots, ");
    window.press(Key::ArrowRight);
    window.press(Key::ArrowRight);
    let chosen = |window: &Window| {
        let buttons = window.harness.query_all_by_role(Role::Button);
        let is_chosen = |node: &egui_kittest::Node<'_>| {
            let node = node.accesskit_node();
            node.is_selected() == Some(true) || node.toggled() == Some(Toggled::True)
        };
        let mut chosen = buttons.filter(is_chosen);
        chosen.find_map(|node| node.accesskit_node().label())
    };
    let at = chosen(&window).unwrap_or_default();
    assert!(!at.is_empty() && !at.starts_with("GC roots"), "{at}");
    assert!(window.has("Enlarge") && window.has("Export the picture"));
}

#[test]
fn without_a_choice_the_view_says_how_to_make_one() {
    let mut window = Window::on_heaps(&[HEAP], "Paths");
    window.wait_for("Choose “Paths for all” in the menu");
}
