//! The top bar: the mark, menus, where one is, back and forward, the theme.

use eframe::egui::{
    Align, Button, Layout, MenuBar, Rect, Response, RichText, Role, Sense, Theme, ThemePreference, Ui,
    UiBuilder, WidgetInfo, vec2,
};

use crate::gui::command::{Command, Part, Sheet, Way};
use crate::gui::cx::Cx;
use crate::gui::history::History;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::button::{icon_button, icon_button_if};
use crate::gui::widgets::strip::paint_icon;
use crate::query::subject::What;

/// Height of the bar.
pub(crate) const HEIGHT: f32 = 40.0;

/// Paints it; what belongs to the views begins at `left`.
pub(crate) fn top_bar(ui: &mut Ui, cx: &Cx<'_>, history: &History, left: f32) {
    // The menu bar takes all the width it is given.
    let bar = ui.available_rect_before_wrap();
    let (menu_rect, _) = bar.split_left_right_at_x(bar.left() + left);
    let layout = Layout::left_to_right(Align::Center);
    let mut menu_ui = ui.new_child(UiBuilder::new().max_rect(menu_rect).layout(layout));
    menu_ui.add_space(12.0);
    mark(&mut menu_ui);
    menu_ui.add_space(4.0);
    MenuBar::new().ui(&mut menu_ui, |ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        menus(ui, cx);
    });

    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        ui.add_space(left + 8.0);
        for (way, icon, name) in [
            (Way::Back, Icon::ARROW_LEFT, "Back"),
            (Way::Forward, Icon::ARROW_RIGHT, "Forward"),
        ] {
            if icon_button_if(ui, icon, name, 28.0, history.can_step(way)).clicked() {
                cx.send(Command::Step(way));
            }
        }
        ui.add_space(8.0);
        breadcrumb(ui, cx);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(8.0);
            if icon_button(ui, Icon::QUESTION, "Keyboard shortcuts", 28.0).clicked() {
                cx.send(Command::Toggle(Part::Sheet(Sheet::Shortcuts)));
            }
            let (icon, name, other) = match ui.theme() {
                Theme::Dark => (Icon::MOON, "Switch to the light theme", ThemePreference::Light),
                Theme::Light => (Icon::SUN, "Switch to the dark theme", ThemePreference::Dark),
            };
            if icon_button(ui, icon, name, 28.0).clicked() {
                cx.send(Command::Theme(other));
            }
        });
    });
}

/// Three blocks, as of a heap.
fn mark(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(20.0, 20.0), Sense::hover());
    let tokens = Tokens::of(ui);
    let block = |x: f32, y: f32, width: f32, height: f32, color| {
        let block = Rect::from_min_size(rect.min + vec2(x, y), vec2(width, height));
        ui.painter().rect_filled(block, 2.0, color);
    };
    block(1.0, 1.0, 10.0, 18.0, tokens.accent_text);
    block(12.0, 1.0, 7.0, 7.0, tokens.grow_text);
    block(12.0, 9.0, 7.0, 10.0, tokens.stroke_strong);
}

fn menus(ui: &mut Ui, cx: &Cx<'_>) {
    ui.menu_button("File", |ui| {
        if item(ui, "Open…", keys("Ctrl O")) {
            cx.send(Command::PickFiles);
        }
        if item(ui, "Open a path…", keys("")) {
            cx.send(Command::TypePath);
        }
        if let Some(entry) = cx.workspace.current() {
            ui.separator();
            if item(ui, "Read again", keys("")) {
                cx.send(Command::ReadAgain(entry.id));
            }
            if item(ui, "Close snapshot", keys("Ctrl W")) {
                cx.send(Command::Close(entry.id));
            }
        }
    });
    ui.menu_button("View", |ui| {
        if item(ui, "Snapshots", keys("Ctrl B")) {
            cx.send(Command::Toggle(Part::Left));
        }
        if item(ui, "Bottom panel", keys("Ctrl J")) {
            cx.send(Command::Toggle(Part::Bottom));
        }
        ui.separator();
        let chosen = ui.options(|options| options.theme_preference);
        for (preference, name) in [
            (ThemePreference::System, "Theme of the system"),
            (ThemePreference::Light, "Light theme"),
            (ThemePreference::Dark, "Dark theme"),
        ] {
            let mark = if chosen == preference { Icon::CHECK.0 } else { "" };
            let mark = RichText::new(mark).font(fonts::icon(12.0));
            if item(ui, name, mark) {
                cx.send(Command::Theme(preference));
            }
        }
    });
    ui.menu_button("Help", |ui| {
        if item(ui, "Keyboard shortcuts", keys("F1")) {
            cx.send(Command::Toggle(Part::Sheet(Sheet::Shortcuts)));
        }
        if item(ui, "About Heapatlas", keys("")) {
            cx.send(Command::Toggle(Part::Sheet(Sheet::About)));
        }
    });
}

/// A line of a menu; tells whether it was chosen.
fn item(ui: &mut Ui, name: &str, right: RichText) -> bool {
    let right = right.color(Tokens::of(ui).text_subdued);
    let button = Button::new(name).right_text(right).min_size(vec2(240.0, 24.0));
    let response = ui.add(button);
    response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, name));
    response.clicked()
}

/// The keys that do the same as a line of a menu.
fn keys(keys: &str) -> RichText {
    RichText::new(keys).font(fonts::small())
}

/// Where one is: each part a button, the last one strong.
fn breadcrumb(ui: &mut Ui, cx: &Cx<'_>) {
    let Some((_, snapshot)) = cx.snapshot() else {
        let title = cx
            .workspace
            .current()
            .map_or_else(|| "Start".to_owned(), super::super::workspace::Entry::title);
        crumb(ui, &title, true);
        return;
    };
    let selected = cx.selected();
    if crumb(ui, "Summary", selected.is_none()).clicked() {
        cx.send(Command::Focus("summary"));
    }
    let Some(what) = selected else { return };
    let class = match what {
        What::Class(class) => class,
        What::Object(node) => snapshot.class_of(node),
    };
    separator(ui);
    let name = snapshot.classes().class(class).name.to_string();
    let goes = crumb(ui, &name, what == What::Class(class)).clicked();
    if let (true, Some(subject)) = (goes, cx.subject(What::Class(class))) {
        cx.send(Command::Go(subject));
    }
    if let What::Object(node) = what {
        separator(ui);
        if let (true, Some(subject)) = (
            crumb(ui, &snapshot.id(node).to_string(), true).clicked(),
            cx.subject(what),
        ) {
            cx.send(Command::Go(subject));
        }
    }
}

fn crumb(ui: &mut Ui, text: &str, is_last: bool) -> Response {
    let tokens = Tokens::of(ui);
    let (font, color) = if is_last {
        (fonts::strong(), tokens.text_strong)
    } else {
        (fonts::body(), tokens.text_subdued)
    };
    let short: String = text.chars().take(48).collect();
    let text = RichText::new(short).font(font).color(color);
    ui.add(Button::new(text).frame(false).small())
}

fn separator(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(10.0, 16.0), Sense::hover());
    paint_icon(
        ui.painter(),
        rect,
        Icon::CARET_RIGHT,
        10.0,
        Tokens::of(ui).text_subdued,
    );
}
