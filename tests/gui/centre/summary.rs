//! The Summary by kind, by module and by class again.

use eframe::egui::Key;
use eframe::egui::accesskit::Role;

use crate::window::Window;

const HEAP: &str = "
    root:synthetic/0 -shortcut:w-> window:object/8 -f-> f:closure/32 -internal:shared-> s:code/40 -internal:script-> \"/a/main.js\":code/100
    f -cache-> cache=Cache:object/16 #51 -entry-> entry=Entry:object/24 #53 -text-> text:string/20
    window -own-> own=Own:object/4 #55
    window -c-> c=\"system / NativeContext\":native/64 -x-> of=Of:object/2 #57
";

fn window() -> Window {
    let mut window = Window::on_heaps(&[HEAP], "Summary");
    window.wait_for("Sum of all rows");
    window
}

#[test]
fn by_kind_with_the_objects_of_each() {
    let mut window = window();
    window.click_on(Role::RadioButton, "Kind");
    window.wait_for("5 kinds");
    assert_eq!(
        window.firsts(9),
        ["object", "closure", "code", "native", "string"]
    );
    assert!(window.has("Sum of all rows, Number of objects: 10, Shallow size in bytes: 310"));
    window.sort_by("Shallow size in bytes");
    assert_eq!(window.firsts(3), ["code", "native", "object"]);
    window.choose("object, level 1, collapsed, 5 objects");
    window.press(Key::ArrowRight);
    window.wait_for_row("Entry @53, level 2");
    window.press(Key::ArrowDown);
    assert!(window.has("Selected @53"));
    window.press(Key::ArrowRight);
    window.wait_for_row("text: \"text\" @");
    window.type_into("Filter by kind", "clo");
    window.wait_until("one kind", |window| window.has("1 kind"));
    assert_eq!(window.firsts(1), ["closure"]);
}

#[test]
fn by_module_and_context_and_back() {
    let mut window = window();
    window.click_on(Role::RadioButton, "Module");
    window.wait_for("2 modules");
    assert_eq!(window.firsts(9), ["(no script)", "main.js"]);
    window.choose("main.js");
    window.press(Key::ArrowRight);
    window.wait_for_row("Cache @51, level 2");
    window.choose("Cache @51");
    window.choose_from_menu("Reveal in Summary");
    window.wait_for_row("Cache, level 1, expanded");
    assert!(window.is_chosen("Class") && window.has_row("Cache @51, level 2"));
    window.click_on(Role::RadioButton, "Context");
    window.wait_for("2 contexts");
    assert!(window.has_row("system / NativeContext, level 1, collapsed, 2 objects"));
    window.click_on(Role::RadioButton, "Class");
    window.wait_for_row("Cache, level 1");
    assert!(window.has("classes") && !window.has_row("(no native context)"));
}

#[test]
fn objects_say_whose_they_are() {
    let mut window = window();
    window.choose("Entry, level 1");
    window.press(Key::ArrowRight);
    window.wait_until("its owner", |window| {
        let is_it = |row: &String| row.starts_with("Entry @53") && row.ends_with(", in main.js");
        window.rows().iter().any(is_it)
    });
    window.choose("Own, level 1");
    window.press(Key::ArrowRight);
    window.wait_for_row("Own @55");
    assert!(
        window
            .rows()
            .iter()
            .any(|row| row.starts_with("Own @55") && !row.contains(", in "))
    );
}
