//! Badges: a word or two on a ground of their own.

use eframe::egui::{Color32, Painter, Rect, Response, Role, Sense, Ui, WidgetInfo, vec2};

use super::strip::Strip;
use crate::gui::theme::{Icon, Tokens, fonts};

/// What a badge says of the thing beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// A fact.
    Neutral,
    /// It is as it should be.
    Ok,
    /// It is broken.
    Bad,
    /// It grew.
    Up,
    /// It is the one that is looked at.
    Current,
}

impl Tone {
    /// Ground and text.
    const fn colors(self, tokens: &Tokens) -> (Color32, Color32) {
        match self {
            Self::Neutral => (tokens.bg_active, tokens.text),
            Self::Ok => (tokens.bg_selected, tokens.accent_text),
            Self::Bad => (tokens.high_tint, tokens.high_text),
            Self::Up => (tokens.grow_tint, tokens.grow_text),
            Self::Current => (tokens.accent_fill, tokens.accent_on_fill),
        }
    }
}

/// Height of a badge.
pub(crate) const HEIGHT: f32 = 18.0;

const PADDING: f32 = 6.0;
const GAP: f32 = 4.0;
const ICON: f32 = 12.0;

/// A badge in the layout of `ui`.
pub(crate) fn badge(ui: &mut Ui, tone: Tone, icon: Option<Icon>, text: &str) -> Response {
    let size = vec2(width(ui.painter(), icon, text), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    paint(ui.painter(), rect, tone, icon, text, Tokens::of(ui));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    response
}

/// A badge in a row that is painted piece by piece: left in `room`, if there is room for all of it. Returns where it ends.
pub(crate) fn badge_at(ui: &Ui, room: Rect, tone: Tone, icon: Option<Icon>, text: &str) -> f32 {
    let width = width(ui.painter(), icon, text);
    if width > room.width() {
        return room.left();
    }
    let rect = Rect::from_center_size(room.center(), vec2(0.0, HEIGHT));
    let rect = Rect::from_x_y_ranges(room.left()..=room.left() + width, rect.y_range());
    paint(ui.painter(), rect, tone, icon, text, Tokens::of(ui));
    rect.right()
}

fn width(painter: &Painter, icon: Option<Icon>, text: &str) -> f32 {
    let galley = painter.layout_no_wrap(text.to_owned(), fonts::badge(), Color32::PLACEHOLDER);
    let icon = icon.map_or(0.0, |_| ICON + GAP);
    (galley.size().x + icon + 2.0 * PADDING).ceil()
}

fn paint(painter: &Painter, rect: Rect, tone: Tone, icon: Option<Icon>, text: &str, tokens: &Tokens) {
    let (ground, color) = tone.colors(tokens);
    painter.rect_filled(rect, 4.0, ground);
    let mut strip = Strip::new(painter, rect.shrink2(vec2(PADDING - 1.0, 0.0)));
    strip.space(1.0);
    if let Some(icon) = icon {
        strip.icon(icon, ICON, color).space(GAP);
    }
    strip.text(text, fonts::badge(), color);
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Rect, pos2};
    use egui_kittest::kittest::Queryable as _;

    use super::{HEIGHT, Tone, badge, badge_at};
    use crate::gui::theme::Icon;
    use crate::gui::widgets::testing::window;

    #[test]
    fn they_are_read_out_and_take_only_room_there_is() {
        let tones = [Tone::Neutral, Tone::Ok, Tone::Bad, Tone::Up, Tone::Current];
        let mut window = window((0.0, 0.0), move |ui, (narrow, wide)| {
            for tone in tones {
                let rect = badge(ui, tone, Some(Icon::CHECK), &format!("{tone:?}")).rect;
                assert!((rect.height() - HEIGHT).abs() < 0.1);
            }
            let room = |width: f32| Rect::from_min_max(pos2(10.0, 300.0), pos2(10.0 + width, 320.0));
            *narrow = badge_at(ui, room(20.0), Tone::Ok, None, "grew at every step");
            *wide = badge_at(ui, room(300.0), Tone::Ok, None, "grew at every step");
        });
        window.run();
        for tone in tones {
            window.get_by_label_contains(&format!("{tone:?}"));
        }
        let (narrow, wide) = *window.state();
        assert!((narrow - 10.0).abs() < 0.1, "nothing was painted");
        assert!(wide > 100.0 && wide < 150.0);
    }
}
