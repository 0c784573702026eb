//! One box that finds anything: an object by id, classes, text in names, views, commands, files opened lately.

use eframe::egui::{
    Area, Frame, Id, Key, Modifiers, Order, Rect, Role, ScrollArea, Sense, TextEdit, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use super::keys;
use crate::base::units::{grouped, human_bytes};
use crate::gui::command::{Command, Showing};
use crate::gui::cx::{Cx, Spec};
use crate::gui::history::Place;
use crate::gui::node_text;
use crate::gui::recent;
use crate::gui::theme::{Icon, Tokens, fonts, icons};
use crate::gui::views;
use crate::gui::widgets::strip::{self, Strip, paint_icon};
use crate::job::{Lane, Slot};
use crate::query::pattern::{Pattern, Syntax};
use crate::query::search::{Search, Wanted};
use crate::query::subject::What;
use crate::query::summary::Summary;

/// The palette, if it is open, and what is typed in it.
#[derive(Default)]
pub(crate) struct Palette {
    text: Option<String>,
    chosen: usize,
    /// Is the chosen line to be brought on the screen?
    follows: bool,
    found: Option<Found>,
}

/// What was asked about the text.
struct Found {
    objects: Slot<Search>,
    classes: Slot<Summary>,
}

/// A line of the list.
struct Item {
    group: &'static str,
    icon: Icon,
    text: String,
    note: String,
    keys: &'static str,
    command: Command,
}

const WIDTH: f32 = 640.0;
const INPUT: f32 = 44.0;
const GROUP: f32 = 24.0;
const ITEM: f32 = 32.0;
const FOOT: f32 = 28.0;

/// Lines of one group at most.
const MOST: usize = 6;

impl Palette {
    /// Opens it, empty.
    pub(crate) fn open(&mut self) {
        self.text.get_or_insert_default();
        self.chosen = 0;
    }

    /// Is it open?
    pub(crate) const fn is_open(&self) -> bool {
        self.text.is_some()
    }

    /// Paints it, if it is open.
    pub(crate) fn show(&mut self, ui: &Ui, cx: &Cx<'_>) {
        let Some(text) = self.text.clone() else { return };
        let (items, matches) = self.items(ui, cx, &text);
        self.chosen = self.chosen.min(items.len().saturating_sub(1));
        let window = ui.ctx().content_rect();
        let width = WIDTH.min(window.width() - 32.0);
        let at = pos2((window.center().x - width / 2.0).round(), window.top() + 48.0);
        let area = Area::new(Id::unique("palette"))
            .order(Order::Foreground)
            .fixed_pos(at);
        let mut done = None;
        let shown = area.show(ui.ctx(), |ui| {
            let frame = Frame::popup(&ui.global_style()).inner_margin(0);
            frame.show(ui, |ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = 0.0;
                self.input(ui, width);
                let room = window.bottom() - at.y - INPUT - FOOT - 24.0;
                ScrollArea::vertical().max_height(room).show(ui, |ui| {
                    done = self.list(ui, &items);
                });
                self.follows = false;
                foot(ui, items.len(), matches);
            });
        });
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        if pressed(Key::ArrowDown) {
            self.chosen = (self.chosen + 1) % items.len().max(1);
            self.follows = true;
        }
        if pressed(Key::ArrowUp) {
            self.chosen = (self.chosen + items.len().max(1) - 1) % items.len().max(1);
            self.follows = true;
        }
        if pressed(Key::Enter) {
            done = Some(self.chosen);
        }
        let is_left = ui.input(|input| {
            let at = input.pointer.press_origin();
            input.pointer.any_pressed() && at.is_some_and(|at| !shown.response.rect.contains(at))
        });
        if let Some(at) = done {
            if let Some(item) = items.into_iter().nth(at) {
                cx.send(item.command);
            }
            self.close();
        } else if pressed(Key::Escape) || is_left {
            self.close();
        }
    }

    fn close(&mut self) {
        self.text = None;
        self.found = None;
        self.chosen = 0;
    }

    fn input(&mut self, ui: &mut Ui, width: f32) {
        let tokens = Tokens::of(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(width, INPUT), Sense::hover());
        let icon = Rect::from_min_size(rect.min + vec2(12.0, 0.0), vec2(16.0, rect.height()));
        paint_icon(ui.painter(), icon, Icon::SEARCH, 16.0, tokens.text_subdued);
        let y = rect.bottom() - 0.5;
        ui.painter().hline(rect.x_range(), y, (1.0, tokens.stroke_subtle));
        let field = Rect::from_min_max(rect.min + vec2(40.0, 12.0), rect.max - vec2(12.0, 8.0));
        let Some(text) = &mut self.text else { return };
        let before = text.clone();
        let mut inner = ui.new_child(UiBuilder::new().max_rect(field));
        let edit = TextEdit::singleline(text)
            .id(Id::unique("palette text"))
            .frame(Frame::NONE)
            .font(fonts::palette())
            .text_color(tokens.text_strong)
            .desired_width(field.width())
            .hint_text("Search @id, class, text, view or > command");
        let response = inner.add(edit).accessible_name("Search everything");
        response.request_focus();
        if *text != before {
            self.chosen = 0;
        }
    }

    fn list(&self, ui: &mut Ui, items: &[Item]) -> Option<usize> {
        let tokens = Tokens::of(ui);
        let width = ui.available_width();
        let mut clicked = None;
        let mut group = "";
        for (at, item) in items.iter().enumerate() {
            if item.group != group {
                group = item.group;
                let (rect, _) = ui.allocate_exact_size(vec2(width, GROUP), Sense::hover());
                Strip::new(ui.painter(), rect.shrink2(vec2(12.0, 0.0))).text(
                    group,
                    fonts::small(),
                    tokens.text_subdued,
                );
            }
            let (rect, response) = ui.allocate_exact_size(vec2(width, ITEM), Sense::click());
            let is_chosen = at == self.chosen;
            if is_chosen && self.follows {
                response.scroll_to_me(None);
            }
            if is_chosen || response.hovered() {
                let fill = if is_chosen {
                    tokens.bg_selected
                } else {
                    tokens.bg_hover
                };
                ui.painter().rect_filled(rect.shrink2(vec2(4.0, 0.0)), 4.0, fill);
            }
            let inner = rect.shrink2(vec2(14.0, 0.0));
            let end = strip::right(
                ui.painter(),
                inner,
                item.keys,
                fonts::small(),
                tokens.text_subdued,
            );
            let mut strip = Strip::new(ui.painter(), inner.with_max_x(end - 8.0));
            strip.icon(item.icon, 16.0, tokens.text_subdued).space(10.0);
            strip
                .text(&item.text, fonts::body(), tokens.text_strong)
                .space(8.0);
            strip.text(&item.note, fonts::number(), tokens.text_subdued);
            let name = format!("{}: {}", item.group, item.text);
            response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &name));
            if response.clicked() {
                clicked = Some(at);
            }
        }
        clicked
    }

    /// The lines for `text`, and how many there would be without a limit.
    fn items(&mut self, ui: &Ui, cx: &Cx<'_>, text: &str) -> (Vec<Item>, u64) {
        let mut items = Vec::new();
        let mut matches = 0;
        let typed = text.trim();
        if let Some(filter) = typed.strip_prefix('/') {
            items.push(filter_item(filter));
            return (items, 1);
        }
        let commands_only = typed.strip_prefix('>');
        let words = commands_only.unwrap_or(typed).trim().to_lowercase();
        if commands_only.is_none() && !words.is_empty() {
            matches += self.found(cx, typed, &mut items);
        }
        if commands_only.is_none() && words.is_empty() {
            for path in recent::files(ui.ctx()).into_iter().take(MOST) {
                items.push(Item {
                    group: "Files opened lately",
                    icon: Icon::CLOCK,
                    text: path
                        .file_name()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned(),
                    note: path
                        .parent()
                        .map(|folder| folder.to_string_lossy().into_owned())
                        .unwrap_or_default(),
                    keys: "",
                    command: Command::Open(vec![path]),
                });
            }
        }
        let found = views::ALL.iter().filter(|spec| has_all(spec.title, &words));
        let views: Vec<Item> = found.map(|spec| view_item(spec)).collect();
        // Who types how a view begins most likely means the view.
        let begins = |item: &Item| item.text.to_lowercase().starts_with(&words);
        let place = if !words.is_empty() && views.iter().any(begins) {
            0
        } else {
            items.len()
        };
        items.splice(place..place, views);
        if commands_only.is_some() || !words.is_empty() {
            let mut deeds = keys::deeds(cx);
            deeds.retain(|deed| has_all(&deed.text, &words));
            deeds.sort_by_key(|deed| !deed.text.to_lowercase().starts_with(&words));
            items.extend(deeds.into_iter().map(|deed| Item {
                group: "Commands",
                icon: deed.icon,
                text: deed.text,
                note: String::new(),
                keys: deed.keys,
                command: deed.command,
            }));
        }
        if commands_only.is_none() && !words.is_empty() && !typed.starts_with('@') {
            items.push(filter_item(typed));
        }
        let shown = items.len() as u64;
        (items, matches.max(shown))
    }

    /// What in the snapshot is called so; returns how many there are.
    fn found(&mut self, cx: &Cx<'_>, typed: &str, items: &mut Vec<Item>) -> u64 {
        let Some((id, snapshot)) = cx.snapshot() else {
            return 0;
        };
        let asker = cx.asker(snapshot);
        let found = self.found.get_or_insert_with(|| Found {
            objects: Slot::new(Lane::Frame),
            classes: Slot::new(Lane::Frame),
        });
        let go = |what| {
            Command::Go(Place {
                view: Some(views::HOME),
                subject: Some(crate::query::subject::Subject { snapshot: id, what }),
            })
        };
        let by_id = Wanted::id(typed);
        let is_id = by_id.is_some();
        let Ok(pattern) = Pattern::new(typed, Syntax::Substring, false) else {
            return 0;
        };
        let mut matches = 0;
        if !is_id {
            let question = Summary {
                pattern: Some(pattern.clone()),
                ..Summary::default()
            };
            asker.ask(&mut found.classes, &question);
            let rows = found.classes.latest().map_or(&[][..], |answer| &answer.rows);
            matches += rows.len() as u64;
            for totals in rows.iter().take(MOST) {
                let name = snapshot.classes().class(totals.class).name.to_string();
                items.push(Item {
                    group: "Classes",
                    icon: icons::of_class(&name, Tokens::for_theme(eframe::egui::Theme::Dark, false)).0,
                    text: name,
                    note: format!(
                        "{} objects, {} retained",
                        grouped(totals.count),
                        human_bytes(totals.retained_size)
                    ),
                    keys: "",
                    command: go(What::Class(totals.class)),
                });
            }
        }
        let question = Search {
            wanted: by_id.unwrap_or(Wanted::Name(pattern)),
            filter: crate::analysis::filters::NodeFilter::All,
        };
        asker.ask(&mut found.objects, &question);
        let rows = found.objects.latest().map_or(&[][..], Vec::as_slice);
        matches += rows.len() as u64;
        for &node in rows.iter().take(MOST) {
            let name = snapshot.name(node);
            let name = name.as_js().to_string_lossy();
            items.push(Item {
                group: if is_id {
                    "Object"
                } else {
                    "Objects with that in their names"
                },
                icon: icons::of_node(
                    snapshot.graph().kind(node),
                    &name,
                    Tokens::for_theme(eframe::egui::Theme::Dark, false),
                )
                .0,
                text: node_text::spoken_node(snapshot, node),
                note: format!("{} retained", human_bytes(snapshot.retained_size(node))),
                keys: "",
                command: go(What::Object(node)),
            });
        }
        matches
    }
}

/// Has `text` each of `words`, which are small letters?
fn has_all(text: &str, words: &str) -> bool {
    let text = text.to_lowercase();
    words.split_whitespace().all(|word| text.contains(word))
}

fn view_item(spec: &'static Spec) -> Item {
    Item {
        group: "Views",
        icon: spec.icon,
        text: spec.title.to_owned(),
        note: String::new(),
        keys: "",
        command: Command::Show(Showing::Focus(spec.id)),
    }
}

fn filter_item(text: &str) -> Item {
    Item {
        group: "This view",
        icon: Icon::FUNNEL,
        text: format!("Filter this view by “{text}”"),
        note: String::new(),
        keys: "/",
        command: Command::Filter(text.to_owned()),
    }
}

fn foot(ui: &mut Ui, shown: usize, matches: u64) {
    let tokens = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FOOT), Sense::hover());
    ui.painter()
        .hline(rect.x_range(), rect.top() + 0.5, (1.0, tokens.stroke_subtle));
    let inner = rect.shrink2(vec2(12.0, 0.0));
    Strip::new(ui.painter(), inner).text(
        "↑ ↓ choose    Enter open    Esc close",
        fonts::small(),
        tokens.text_subdued,
    );
    let count = if shown as u64 == matches {
        format!("{matches} matches")
    } else {
        format!("{shown} of {} matches", grouped(matches))
    };
    strip::right(
        ui.painter(),
        inner,
        &count,
        fonts::number_small(),
        tokens.text_subdued,
    );
}
