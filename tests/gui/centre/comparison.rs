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
    assert!(window.has("Rows sum to +130 B = 294 − 164\u{A0}B"));
    window.sort_by("Class");
    assert_eq!(window.firsts(9), ["Buffer", "Session"]);
    // The slider's low end shows what did not change too.
    window.press_on(Role::Slider, "At least 0.01\u{A0}%", Key::Home);
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
    assert!(window.rows()[3].contains("removed") && window.rows()[1].contains("added"));
    window.choose("Session @23");
    assert!(window.has("Selected @23"));
    window.choose("Session @21");
    window.press(Key::ArrowRight);
    window.wait_for_row("[1]: Session @23, level 3");
    window.choose_from_menu("Reveal in Summary");
    window.wait_for_row("Session @21, level 2");
    assert!(window.shows("Summary"));
}

#[test]
fn what_is_below_the_threshold_is_gathered_and_counted() {
    let mut window = window();
    window.wait_for_row("Session, level 1, collapsed, grew by 80 bytes");
    window.press_on(Role::Slider, "At least 0.01\u{A0}%", Key::End);
    window.wait_for("At least 10\u{A0}%");
    assert_eq!(window.firsts(9), ["Session", "Buffer"]);
    assert!(window.has("Rows sum to +130 B = 294 − 164\u{A0}B"));
}

#[test]
fn the_change_is_told_by_owner_and_by_path() {
    let mut window = window();
    window.wait_for_row("Session, level 1");
    window.click_on(Role::RadioButton, "Path");
    window.wait_for_row("window @3, level 1, collapsed, grew by 130 bytes");
    window.choose("window @3");
    window.press(Key::ArrowRight);
    window.wait_for_row("[…] Session, level 2");
    window.click_on(Role::RadioButton, "Owner");
    window.wait_for_row("(no script), level 1, collapsed, grew by 130 bytes");
    window.click_on(Role::RadioButton, "Class");
    window.wait_for_row("Session, level 1");
}

#[test]
fn classes_only_can_be_compared() {
    let mut window = window();
    window.wait_for_row("Session, level 1, collapsed");
    window.click_on(Role::Link, "Compare by class only");
    window.wait_for("Compared by class only.");
    window.wait_for_row("Session, level 1, grew by 80 bytes");
    window.click_on(Role::Link, "Match objects by id");
    window.wait_for("Ids are comparable.");
}

#[test]
fn an_object_of_both_opens_to_what_changed_in_it() {
    let more = "\n grows -list-> list=List:object/8 #13 -element:0-> item=Item:object/8 #15";
    let less = "\n grows -list-> list=List:object/8 #13";
    let mut window = Window::on_heaps(
        &[&(BASE.to_owned() + less), &(CURRENT.to_owned() + more)],
        "Comparison",
    );
    let second = window
        .of_role(Role::Button)
        .into_iter()
        .find(|name| name.starts_with("Snapshot 2"));
    window.click_on(Role::Button, &second.unwrap());
    window.wait_for_row("Buffer, level 1, collapsed");
    window.choose("Buffer, level 1");
    window.press(Key::ArrowRight);
    window.wait_for_row("Buffer @9, level 2, collapsed, grew, [3] of window");
    window.choose("Buffer @9, level 2");
    window.press(Key::ArrowRight);
    window.wait_for_row("list: List @13, level 3, collapsed, retains more or less, grew by 8 bytes");
}

#[test]
fn the_snapshots_own_cost_is_set_apart() {
    let stream = "\n window -s-> HeapSnapshotStream:object/500 #91";
    let mut window = Window::on_heaps(&[BASE, &(CURRENT.to_owned() + stream)], "Comparison");
    let second = window
        .of_role(Role::Button)
        .into_iter()
        .find(|name| name.starts_with("Snapshot 2"));
    window.click_on(Role::Button, &second.unwrap());
    window.wait_for_row("Cost of taking the snapshot, level 1, collapsed, grew by 500 bytes");
    window.click_on(Role::Link, "Subtract the snapshot's cost");
    window.wait_for("Rows sum to +130 B, and +500 B more for taking the snapshot");
    window.click_on(Role::Link, "Count the snapshot's cost again");
    window.wait_for("Rows sum to +630 B");
}

#[test]
fn a_class_with_another_name_opens_to_devtools_rows_of_it() {
    use std::fmt::Write as _;
    let heap = |size: u32, names: &[&str]| {
        let mut text =
            String::from("root:synthetic/0 #1 -shortcut:w-> window:object/8 #3 -v-> v=V:object/8 #5\n");
        for at in 0..4 {
            writeln!(
                text,
                "window -element:{at}-> o{at}=Object:object/{size} #{}",
                11 + 2 * at
            )
            .unwrap();
            for name in names {
                writeln!(text, "o{at} -{name}-> v").unwrap();
            }
        }
        text
    };
    let mut window = Window::on_heaps(
        &[&heap(16, &["a", "b"]), &heap(24, &["a", "b", "c"])],
        "Comparison",
    );
    let second = window
        .of_role(Role::Button)
        .into_iter()
        .find(|name| name.starts_with("Snapshot 2"));
    window.click_on(Role::Button, &second.unwrap());
    window.wait_for_row("{a, b, c}, level 1, collapsed, grew by 32 bytes");
    window.choose("{a, b, c}, level 1");
    window.press(Key::ArrowRight);
    window.wait_for_row("{a, b, c}, a row of its own in DevTools, level 2, grew by 96 bytes");
    window.wait_for_row("Object, a row of its own in DevTools, level 2, shrank by 64 bytes");
    assert_eq!(window.firsts(9)[3], "{a, b, c} @11");
}
