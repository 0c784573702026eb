//! A choice of one of some short ones, in as many lines as they need; some may not be possible now, and say why.

use eframe::egui::{EventFilter, Key, Modifiers, Role, Sense, StrokeKind, Ui, WidgetInfo, vec2};

use super::focus_ring;
use super::strip::Strip;
use crate::gui::theme::{Tokens, fonts};

/// One of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pick {
    /// What stands on it.
    pub(crate) label: String,
    /// What it is called in full.
    pub(crate) name: String,
    /// Why it cannot be chosen.
    pub(crate) hindrance: Option<String>,
}

const HEIGHT: f32 = 24.0;
const PADDING: f32 = 8.0;

/// Paints them in a control called `name`; returns the place of the one that was chosen now. The arrow keys move the choice.
pub(crate) fn picks(ui: &mut Ui, name: &str, all: &[Pick], chosen: Option<usize>) -> Option<usize> {
    let tokens = Tokens::of(ui);
    let mut picked = None;
    let whole = ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
        for (at, pick) in all.iter().enumerate() {
            let galley = ui
                .painter()
                .layout_no_wrap(pick.label.clone(), fonts::number(), tokens.text);
            let width = (galley.size().x + 2.0 * PADDING).ceil().max(HEIGHT + 4.0);
            let is_possible = pick.hindrance.is_none();
            let sense = if is_possible {
                Sense::click()
            } else {
                Sense::hover()
            };
            let (rect, response) = ui.allocate_exact_size(vec2(width, HEIGHT), sense);
            let is_chosen = chosen == Some(at);
            let (fill, color) = match (is_possible, is_chosen, response.hovered()) {
                (false, ..) => (tokens.bg_popup, tokens.text_disabled),
                (_, true, _) => (tokens.bg_selected, tokens.text_strong),
                (_, _, true) => (tokens.bg_hover, tokens.text_strong),
                _ => (tokens.bg_popup, tokens.text),
            };
            let stroke = if is_chosen {
                tokens.stroke_focus
            } else {
                tokens.stroke_default
            };
            ui.painter()
                .rect(rect, 4.0, fill, (1.0, stroke), StrokeKind::Inside);
            let mut strip = Strip::new(ui.painter(), rect);
            let room = (rect.width() - galley.size().x) / 2.0;
            strip.space(room).text(&pick.label, fonts::number(), color);
            if response.has_focus() {
                focus_ring(ui, rect.expand(1.0), 5.0);
                let filter = EventFilter {
                    horizontal_arrows: true,
                    ..EventFilter::default()
                };
                ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
                picked = moved(ui, all, at).or(picked);
            }
            response
                .widget_info(|| WidgetInfo::selected(Role::RadioButton, is_possible, is_chosen, &pick.name));
            if response.clicked() {
                picked = Some(at);
            }
            response.on_hover_text(pick.hindrance.as_ref().unwrap_or(&pick.name));
        }
    });
    whole
        .response
        .widget_info(|| WidgetInfo::labeled(Role::RadioGroup, true, name));
    picked.filter(|&at| chosen != Some(at))
}

/// Where the arrow keys lead from `at`: to the next that can be chosen.
fn moved(ui: &Ui, all: &[Pick], at: usize) -> Option<usize> {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let is_possible = |at: &usize| all[*at].hindrance.is_none();
    if pressed(Key::ArrowRight) {
        return (at + 1..all.len()).find(is_possible);
    }
    if pressed(Key::ArrowLeft) {
        return (0..at).rev().find(is_possible);
    }
    None
}

#[cfg(test)]
mod tests {
    use eframe::egui::Key;
    use eframe::egui::accesskit::Role;
    use egui_kittest::kittest::Queryable as _;

    use super::{Pick, picks};
    use crate::gui::widgets::testing::window;

    #[test]
    fn what_cannot_be_chosen_is_passed_over() {
        let pick = |label: &str, hindrance: Option<&str>| Pick {
            label: label.to_owned(),
            name: format!("Snapshot {label}"),
            hindrance: hindrance.map(str::to_owned),
        };
        let all = [
            pick("1", None),
            pick("2", Some("It is of another process")),
            pick("3", None),
        ];
        let mut window = window(Some(0), move |ui, chosen| {
            *chosen = picks(ui, "After", &all, *chosen).or(*chosen);
        });
        let find = |label| (Role::RadioButton, label);
        window
            .get_by_role_and_label(find("Snapshot 2").0, "Snapshot 2")
            .click();
        window.run();
        assert_eq!(*window.state(), Some(0));
        window
            .get_by_role_and_label(find("Snapshot 1").0, "Snapshot 1")
            .focus();
        window.run();
        window.key_press(Key::ArrowRight);
        window.run();
        assert_eq!(*window.state(), Some(2));
    }
}
