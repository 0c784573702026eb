//! A choice of one of a few, all of them in sight.

use eframe::egui::{
    EventFilter, Key, Modifiers, Rect, Role, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, vec2,
};

use super::focus_ring;
use super::select::{Choice, select};
use super::strip::Strip;
use crate::gui::theme::{Tokens, fonts};

const HEIGHT: f32 = 24.0;
const PADDING: f32 = 8.0;

/// Paints one segment for each of `choices` (value, label) in a control called `name`; returns the value that was chosen now.
/// The arrow keys move the choice.
pub(crate) fn segments<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    choices: &[(T, &str)],
    chosen: T,
) -> Option<T> {
    let tokens = Tokens::of(ui);
    let widths: Vec<f32> = choices.iter().map(|(_, label)| width_of(ui, label)).collect();
    let (rect, whole) = ui.allocate_exact_size(vec2(widths.iter().sum(), HEIGHT), Sense::hover());
    whole.widget_info(|| WidgetInfo::labeled(Role::RadioGroup, true, name));
    let inner = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(name));
    let stroke = (1.0, tokens.stroke_default);
    let mut picked = None;
    let mut x = rect.left();
    let chosen_at = choices.iter().position(|(value, _)| *value == chosen);
    for (at, ((value, label), width)) in choices.iter().zip(widths).enumerate() {
        let cell = Rect::from_x_y_ranges(x..=x + width, rect.y_range());
        x += width;
        let response = inner.interact(cell, inner.scope_id().with(at), Sense::click());
        let is_chosen = chosen_at == Some(at);
        let (fill, color) = match (is_chosen, response.hovered()) {
            (true, _) => (Some(tokens.bg_active), tokens.text_strong),
            (_, true) => (Some(tokens.bg_hover), tokens.text_strong),
            _ => (None, tokens.text_subdued),
        };
        if let Some(fill) = fill {
            inner.painter().rect_filled(cell.shrink(1.0), 3.0, fill);
        }
        if at > 0 {
            inner
                .painter()
                .vline(cell.left().round() + 0.5, cell.y_range(), stroke);
        }
        let mut strip = Strip::new(
            inner.painter(),
            cell.shrink2(vec2(PADDING, 0.0)).expand2(vec2(1.0, 0.0)),
        );
        strip.space(1.0).text(label, fonts::body(), color);
        if response.has_focus() {
            focus_ring(&inner, cell.shrink(1.0), 4.0);
            if let Some(next) = moved(&inner, at, choices.len()) {
                picked = Some(choices[next].0);
                let id = inner.scope_id().with(next);
                inner.memory_mut(|memory| memory.request_focus(id));
            }
            let filter = EventFilter {
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            inner.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        }
        response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_chosen, *label));
        if response.clicked() {
            picked = Some(*value);
        }
    }
    ui.painter().rect_stroke(rect, 4.0, stroke, StrokeKind::Inside);
    picked.filter(|&picked| picked != chosen)
}

/// The same if there is room for all segments; a drop-down if not.
pub(crate) fn fitting<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    choices: &[(T, &str)],
    chosen: T,
    has_room: bool,
) -> Option<T> {
    if has_room {
        return segments(ui, name, choices, chosen);
    }
    let listed: Vec<Choice<'_>> = choices
        .iter()
        .map(|&(_, text)| Choice {
            text,
            ..Choice::default()
        })
        .collect();
    let at = choices.iter().position(|(value, _)| *value == chosen);
    let picked = select(ui, name, &listed, at.unwrap_or_default())?;
    choices.get(picked).map(|&(value, _)| value)
}

/// How wide that control is.
pub(crate) fn width<T>(ui: &Ui, choices: &[(T, &str)]) -> f32 {
    choices.iter().map(|(_, label)| width_of(ui, label)).sum()
}

fn width_of(ui: &Ui, label: &str) -> f32 {
    let painter = ui.painter();
    let galley = painter.layout_no_wrap(label.to_owned(), fonts::body(), Tokens::of(ui).text);
    (galley.size().x + 2.0 * PADDING).ceil()
}

/// Where the arrow keys lead from `at`, one of `len`.
fn moved(ui: &Ui, at: usize, len: usize) -> Option<usize> {
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if pressed(Key::ArrowRight) {
        return Some((at + 1) % len);
    }
    pressed(Key::ArrowLeft).then_some((at + len - 1) % len)
}

#[cfg(test)]
mod tests {
    use eframe::egui::Key;
    use eframe::egui::accesskit::{Role, Toggled};
    use egui_kittest::kittest::{NodeT as _, Queryable as _};

    use super::segments;
    use crate::gui::widgets::testing::window;

    #[test]
    fn one_is_chosen_by_pointer_and_by_arrows() {
        let choices = [('c', "Class"), ('o', "Owner"), ('p', "Path")];
        let mut window = window('c', |ui, chosen| {
            if let Some(new) = segments(ui, "Compare by", &choices, *chosen) {
                *chosen = new;
            }
        });
        window.get_by_role_and_label(Role::RadioButton, "Owner").click();
        window.run();
        assert_eq!(*window.state(), 'o');
        let owner = window.get_by_role_and_label(Role::RadioButton, "Owner");
        assert_eq!(owner.accesskit_node().toggled(), Some(Toggled::True));
        owner.focus();
        window.run();
        for (key, now) in [
            (Key::ArrowRight, 'p'),
            (Key::ArrowRight, 'c'),
            (Key::ArrowLeft, 'p'),
        ] {
            window.key_press(key);
            window.run();
            assert_eq!(*window.state(), now);
        }
    }
}
