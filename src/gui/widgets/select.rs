//! A choice of one of some: the chosen one, and a list of all that drops down.

use eframe::egui::{
    Key, Modifiers, Popup, PopupCloseBehavior, Rect, Response, Role, ScrollArea, Sense, SetOpenCommand,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::focus_ring;
use super::strip::{Strip, paint_icon};
use crate::gui::theme::{Icon, Tokens, fonts};

/// One of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choice<'a> {
    /// What comes before: a number.
    pub(crate) lead: &'a str,
    /// What it is called.
    pub(crate) text: &'a str,
    /// What more there is to say: a size.
    pub(crate) note: &'a str,
}

impl Choice<'_> {
    /// All of it in words.
    fn spoken(&self) -> String {
        let parts = [self.lead, self.text, self.note];
        let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    }

    fn width(&self, ui: &Ui) -> f32 {
        let parts = [
            (self.lead, fonts::number()),
            (self.text, fonts::strong()),
            (self.note, fonts::number()),
        ];
        let painter = ui.painter();
        let widths = parts.into_iter().filter(|(text, _)| !text.is_empty());
        widths
            .map(|(text, font)| {
                let galley = painter.layout_no_wrap(text.to_owned(), font, Tokens::of(ui).text);
                galley.size().x + GAP
            })
            .sum()
    }

    fn paint(&self, strip: &mut Strip<'_>, tokens: &Tokens) {
        let parts = [
            (self.lead, fonts::number(), tokens.text_subdued),
            (self.text, fonts::strong(), tokens.text_strong),
            (self.note, fonts::number(), tokens.text_subdued),
        ];
        for (text, font, color) in parts {
            if !text.is_empty() {
                strip.text(text, font, color).space(GAP);
            }
        }
    }
}

const HEIGHT: f32 = 24.0;
const PADDING: f32 = 8.0;
const GAP: f32 = 6.0;
const CARET: f32 = 12.0;
const CHECK: f32 = 12.0;
const HIGHEST_LIST: f32 = 12.0 * HEIGHT;

/// Paints a choice called `name`; returns which of `choices` was chosen now, if one was.
pub(crate) fn select(ui: &mut Ui, name: &str, choices: &[Choice<'_>], chosen: usize) -> Option<usize> {
    let shown = choices.get(chosen).copied().unwrap_or_default();
    let (rect, response) = opener(ui, name, &shown, f32::INFINITY);
    let popup = popup(ui, &response);
    let widest = choices.iter().map(|choice| choice.width(ui)).fold(0.0, f32::max);
    let width = rect.width().max(widest + CHECK + GAP + 2.0 * PADDING).ceil();
    let list = popup.gap(2.0).width(width).accessible_name(name).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ScrollArea::vertical().max_height(HIGHEST_LIST).show(ui, |ui| {
            let mut picked = None;
            for (at, choice) in choices.iter().enumerate() {
                let response = option(ui, choice, width, at == chosen);
                if response.clicked() {
                    picked = Some(at);
                    ui.close();
                }
            }
            picked
        })
    });
    let picked = list.and_then(|list| list.inner.inner)?;
    response.request_focus();
    (picked != chosen).then_some(picked)
}

fn head(ui: &Ui, response: &Response, rect: Rect, shown: &Choice<'_>, is_open: bool) {
    let tokens = Tokens::of(ui);
    let fill = match (is_open, response.hovered()) {
        (true, _) => tokens.bg_active,
        (_, true) => tokens.bg_hover,
        _ => tokens.bg_raised,
    };
    let stroke = (1.0, tokens.stroke_default);
    ui.painter().rect(rect, 4.0, fill, stroke, StrokeKind::Inside);
    if response.has_focus() {
        focus_ring(ui, rect.expand(1.0), 5.0);
    }
    let text = rect.shrink2(vec2(PADDING, 0.0));
    let text = text.with_max_x(text.right() - CARET - 1.0);
    shown.paint(&mut Strip::new(ui.painter(), text), tokens);
    let caret = Rect::from_min_size(
        pos2(rect.right() - PADDING - CARET, rect.top()),
        vec2(CARET, rect.height()),
    );
    paint_icon(ui.painter(), caret, Icon::CARET_DOWN, CARET, tokens.text_subdued);
}

/// Paints a choice called `name`, `most` points wide at most, whose list is of the caller's making, `width` wide; that stays open
/// until it is closed.
pub(crate) fn drop_down(
    ui: &mut Ui,
    name: &str,
    shown: &Choice<'_>,
    (most, width): (f32, f32),
    contents: impl FnOnce(&mut Ui),
) {
    let (_, response) = opener(ui, name, shown, most);
    popup(ui, &response)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .gap(2.0)
        .width(width)
        .accessible_name(name)
        .show(contents);
}

/// What is chosen, as a button that drops a list down.
fn opener(ui: &mut Ui, name: &str, shown: &Choice<'_>, most: f32) -> (Rect, Response) {
    let width = (2.0 * PADDING + shown.width(ui) + CARET).min(most);
    let (rect, response) = ui.allocate_exact_size(vec2(width.ceil(), HEIGHT), Sense::click());
    let is_open = Popup::menu(&response).is_open();
    head(ui, &response, rect, shown, is_open);
    response.widget_info(|| WidgetInfo {
        current_text_value: Some(shown.spoken()),
        ..WidgetInfo::labeled(Role::ComboBox, true, name)
    });
    ui.accesskit_node_builder(response.id, |node| node.set_expanded(is_open));
    (rect, response)
}

/// The list under such a button; the arrow key opens it too.
fn popup<'a>(ui: &Ui, response: &Response) -> Popup<'a> {
    let popup = Popup::menu(response);
    let opens = response.has_focus()
        && !popup.is_open()
        && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::ArrowDown));
    if opens {
        popup.open_memory(SetOpenCommand::Bool(true))
    } else {
        popup
    }
}

/// A line of the list, with a check if it is the chosen one.
pub(crate) fn option(ui: &mut Ui, choice: &Choice<'_>, width: f32, is_chosen: bool) -> Response {
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), Sense::click());
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 4.0, tokens.bg_hover);
    }
    if response.has_focus() {
        focus_ring(ui, rect.shrink(1.0), 4.0);
        response.scroll_to_me(None);
    }
    let mut strip = Strip::new(ui.painter(), rect.shrink2(vec2(PADDING, 0.0)));
    if is_chosen {
        strip.icon(Icon::CHECK, CHECK, tokens.accent_text);
    } else {
        strip.space(CHECK);
    }
    strip.space(GAP);
    choice.paint(&mut strip, tokens);
    let spoken = choice.spoken();
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &spoken));
    response
}

#[cfg(test)]
mod tests {
    use eframe::egui::Key;
    use eframe::egui::accesskit::Role;
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use super::{Choice, select};
    use crate::gui::widgets::testing::window;

    const CHOICES: [Choice<'_>; 3] = [
        Choice {
            lead: "1",
            text: "14:12",
            note: "77.0 MB",
        },
        Choice {
            lead: "2",
            text: "14:14",
            note: "78.8 MB",
        },
        Choice {
            lead: "3",
            text: "14:16",
            note: "80.5 MB",
        },
    ];

    #[test]
    fn one_is_chosen_by_pointer_and_by_keys() {
        let mut window = window(0, |ui, chosen| {
            if let Some(new) = select(ui, "Base", &CHOICES, *chosen) {
                *chosen = new;
            }
        });
        let head = window.get_by_role_and_label(Role::ComboBox, "Base");
        assert_eq!(
            head.accesskit_node().value().as_deref(),
            Some("1, 14:12, 77.0 MB")
        );
        head.click();
        window.run();
        window
            .get_by_role_and_label(Role::ListBoxOption, "3, 14:16, 80.5 MB")
            .click();
        window.run();
        assert_eq!(*window.state(), 2);
        assert!(
            window.query_by_role(Role::ListBoxOption).is_none(),
            "the list is closed"
        );

        window.key_press(Key::ArrowDown);
        window.run();
        for key in [Key::ArrowDown, Key::ArrowDown, Key::Enter] {
            window.key_press(key);
            window.run();
        }
        assert_eq!(*window.state(), 1);
    }
}
