//! The top bar: the mark, menus, where one is, back and forward, the theme.

use eframe::egui::{
    Align, Button, Context, Layout, MenuBar, Rect, Response, RichText, Role, Sense, Theme, ThemePreference,
    Ui, UiBuilder, WidgetInfo, gui_zoom, vec2,
};

use crate::gui::bookmarks::Deed;
use crate::gui::command::{Appearance, Ask, Command, FileDeed, Part, Sheet, Showing, Way};
use crate::gui::copies;
use crate::gui::cx::Cx;
use crate::gui::history::History;
use crate::gui::recent;
use crate::gui::theme::{Icon, Tokens, fonts, is_high_contrast};
use crate::gui::views;
use crate::gui::widgets::button::{icon_button, icon_button_if, key_cap};
use crate::gui::widgets::strip::{Strip, paint_icon};
use crate::query::subject::What;

type Zoom = fn(&Context);

/// How everything is made larger or smaller, with the keys that do the same.
const ZOOMS: [(&str, &str, Zoom); 3] = [
    ("Larger", "Ctrl +", gui_zoom::zoom_in),
    ("Smaller", "Ctrl −", gui_zoom::zoom_out),
    ("Actual size", "Ctrl 0", |ctx| ctx.set_zoom_factor(1.0)),
];

/// Height of the bar.
pub(crate) const HEIGHT: f32 = 40.0;

/// What the mark and the menus take.
const MENUS: f32 = 250.0;

/// Paints it; what belongs to the views begins at `left`.
pub(crate) fn top_bar(ui: &mut Ui, cx: &Cx<'_>, history: &History, view: Option<&'static str>, left: f32) {
    let left = left.max(MENUS);
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
                cx.send(Command::Appear(Appearance::Theme(other)));
            }
            if icon_button(ui, Icon::BOOKMARK, "Bookmarks", 28.0).clicked() {
                cx.send(Command::Toggle(Part::Sheet(Sheet::Bookmarks)));
            }
            ui.add_space(8.0);
            search_field(ui, cx);
            ui.add_space(12.0);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.set_clip_rect(ui.max_rect().intersect(ui.clip_rect()));
                breadcrumb(ui, cx, view);
            });
        });
    });
}

/// Looks like a field, and opens the palette.
fn search_field(ui: &mut Ui, cx: &Cx<'_>) {
    let is_narrow = ui.content_rect().width() < 1200.0;
    let (width, text) = if is_narrow {
        (168.0, "Search")
    } else {
        (344.0, "Search @id, class, text or command")
    };
    let (rect, response) = ui.allocate_exact_size(vec2(width, 26.0), Sense::click());
    let tokens = Tokens::of(ui);
    let stroke = if response.hovered() || response.has_focus() {
        tokens.stroke_focus
    } else {
        tokens.stroke_default
    };
    let inside = eframe::egui::StrokeKind::Inside;
    ui.painter()
        .rect(rect, 4.0, tokens.bg_canvas, (1.0, stroke), inside);
    let mut strip = Strip::new(ui.painter(), rect.shrink2(vec2(8.0, 0.0)));
    strip.icon(Icon::SEARCH, 14.0, tokens.text_subdued).space(8.0);
    strip.text(text, fonts::body(), tokens.text_subdued);
    let cap = Rect::from_min_max(rect.right_top() + vec2(-48.0, 4.0), rect.max - vec2(4.0, 4.0));
    key_cap(ui, cap, "Ctrl K");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Search everything, Ctrl K"));
    if response.clicked() {
        cx.send(Command::Ask(Ask::Anything));
    }
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
            cx.send(Command::Ask(Ask::Files));
        }
        if item(ui, "Open a path…", keys("")) {
            cx.send(Command::Ask(Ask::Path));
        }
        recent_files(ui, cx);
        if cx.snapshot().is_some() && item(ui, "Report…", keys("")) {
            cx.send(crate::gui::report::wish(cx.workspace, None));
        }
        let offers = copies::all(cx);
        if !offers.is_empty() {
            ui.separator();
        }
        for offer in offers {
            if item(ui, offer.text, keys("")) {
                cx.send(offer.command);
            }
        }
        if let Some(entry) = cx.workspace.current() {
            ui.separator();
            let deeds = [
                ("Read again", FileDeed::ReadAgain),
                ("Show in folder", FileDeed::ShowInFolder),
                ("Close snapshot", FileDeed::Close),
            ];
            for (text, deed) in deeds {
                if item(ui, text, keys("")) {
                    cx.send(Command::File(entry.id, deed));
                }
            }
        }
    });
    ui.menu_button("Edit", |ui| {
        if item(ui, "Find anything…", keys("Ctrl K")) {
            cx.send(Command::Ask(Ask::Anything));
        }
        if item(ui, "Bookmarks", keys("Ctrl Shift B")) {
            cx.send(Command::Toggle(Part::Sheet(Sheet::Bookmarks)));
        }
        if let Some(subject) = cx.workspace.selection()
            && item(ui, "Bookmark the selection", keys("B"))
        {
            cx.send(Command::Bookmark(Deed::Toggle(subject)));
        }
    });
    ui.menu_button("View", |ui| {
        if item(ui, "Snapshots", keys("Ctrl B")) {
            cx.send(Command::Toggle(Part::Left));
        }
        if item(ui, "Bottom panel", keys("Ctrl J")) {
            cx.send(Command::Toggle(Part::Bottom));
        }
        if item(ui, "Views as they come", keys("")) {
            cx.send(Command::Show(Showing::Anew));
        }
        ui.separator();
        let chosen = ui.options(|options| options.theme_preference);
        for (preference, name) in [
            (ThemePreference::System, "Theme of the system"),
            (ThemePreference::Light, "Light theme"),
            (ThemePreference::Dark, "Dark theme"),
        ] {
            if item(ui, name, check(chosen == preference)) {
                cx.send(Command::Appear(Appearance::Theme(preference)));
            }
        }
        if item(ui, "High contrast", check(is_high_contrast(ui))) {
            cx.send(Command::Toggle(Part::Contrast));
        }
        ui.separator();
        let hidden = cx.workspace.redaction().map(|redaction| redaction.level);
        for (name, level) in copies::SHOWN {
            if item(ui, name, check(hidden == level)) {
                cx.send(Command::Appear(Appearance::Strings(level)));
            }
        }
        ui.separator();
        for (name, pressed, zoom) in ZOOMS {
            if item(ui, name, keys(pressed)) {
                zoom(ui);
            }
        }
    });
    ui.menu_button("Go", |ui| {
        for (way, name, pressed) in [(Way::Back, "Back", "Alt ←"), (Way::Forward, "Forward", "Alt →")] {
            if item(ui, name, keys(pressed)) {
                cx.send(Command::Step(way));
            }
        }
        ui.separator();
        for (at, spec) in views::ALL.iter().enumerate() {
            if at > 0 && spec.place != views::ALL[at - 1].place {
                ui.separator();
            }
            if item(ui, spec.title, keys(spec.key.map_or("", eframe::egui::Key::name))) {
                cx.send(Command::Show(Showing::Focus(spec.id)));
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

fn recent_files(ui: &mut Ui, cx: &Cx<'_>) {
    let files = recent::files(ui);
    if files.is_empty() {
        return;
    }
    ui.menu_button("Opened lately", |ui| {
        for path in files {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if item(ui, &name, keys("")) {
                cx.send(Command::Open(vec![path]));
            }
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

/// The mark of a line of a menu that is so now.
fn check(is_so: bool) -> RichText {
    let mark = if is_so { Icon::CHECK.0 } else { "" };
    RichText::new(mark).font(fonts::icon(12.0))
}

/// The keys that do the same as a line of a menu.
fn keys(keys: &str) -> RichText {
    RichText::new(keys).font(fonts::small())
}

/// Where one is: each part a button, the last one strong.
fn breadcrumb(ui: &mut Ui, cx: &Cx<'_>, view: Option<&'static str>) {
    ui.spacing_mut().item_spacing.x = 4.0;
    let Some((_, snapshot)) = cx.snapshot() else {
        let title = cx
            .workspace
            .current()
            .map_or_else(|| "Start".to_owned(), crate::gui::workspace::Entry::title);
        crumb(ui, &title, true);
        return;
    };
    let selected = cx.selected();
    let spec = view.and_then(views::spec);
    let title = spec.map_or("Summary", |spec| spec.title);
    let is_last = selected.is_none() && cx.workspace.entries().len() < 2;
    if crumb(ui, title, is_last).clicked()
        && let Some(spec) = spec
    {
        cx.send(Command::Show(Showing::Focus(spec.id)));
    }
    let Some(what) = selected else {
        // What the view is about, where it may be about several.
        if let Some(entry) = cx
            .workspace
            .current()
            .filter(|_| cx.workspace.entries().len() > 1)
        {
            separator(ui);
            crumb(ui, &entry.title(), true);
        }
        return;
    };
    if let Some(samples) = cx.workspace.samples() {
        separator(ui);
        // What the samples stand for: back to where it is told.
        if crumb(ui, &samples.of, false).clicked() {
            cx.send(Command::Show(Showing::Focus("suspects")));
        }
    }
    let class = match what {
        What::Class(class) => class,
        What::Object(node) => snapshot.class_of(node),
    };
    separator(ui);
    let name = snapshot.classes().class(class).name.to_string();
    let goes = crumb(ui, &name, what == What::Class(class)).clicked();
    if let (true, Some(subject)) = (goes, cx.subject(What::Class(class))) {
        cx.send(Command::Go(subject.into()));
    }
    if let What::Object(node) = what {
        separator(ui);
        if let (true, Some(subject)) = (
            crumb(ui, &snapshot.id(node).to_string(), true).clicked(),
            cx.subject(what),
        ) {
            cx.send(Command::Go(subject.into()));
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
