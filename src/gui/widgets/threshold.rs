//! How large a share must be to be shown: a slider from nothing to a tenth, finer at its low end.

use eframe::egui::{EventFilter, Key, Modifiers, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::focus_ring;
use crate::gui::theme::Tokens;

/// The shares one can choose, in thousandths of a percent, behind everything and any change.
const STOPS: [u32; 15] = [
    0, 0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000,
];

/// More than there are stops.
const MOST: i32 = 100;

const WIDTH: f32 = 120.0;
const HEIGHT: f32 = 24.0;
const KNOB: f32 = 6.0;

/// A share that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Threshold(usize);

impl Threshold {
    /// A hundredth of a percent.
    pub(crate) const SMALL: Self = Self(5);

    /// Is everything to be shown, even what did not change?
    pub(crate) const fn is_everything(self) -> bool {
        self.0 == 0
    }

    /// How many bytes of `total` it is, rounded up.
    pub(crate) fn bytes(self, total: u64) -> u64 {
        let share = u128::from(total) * u128::from(STOPS[self.0]);
        u64::try_from(share.div_ceil(100_000)).unwrap_or(u64::MAX)
    }

    /// `0.01 %`; none if it is no share.
    pub(crate) fn text(self) -> Option<String> {
        let text = match STOPS[self.0] {
            0 => return None,
            whole if whole.is_multiple_of(1_000) => (whole / 1_000).to_string(),
            part => {
                let digits = format!("{}.{:03}", part / 1_000, part % 1_000);
                digits.trim_end_matches('0').to_owned()
            }
        };
        Some(format!("{text}\u{A0}%"))
    }

    /// In words.
    pub(crate) fn told(self) -> String {
        let all = if self.is_everything() {
            "everything"
        } else {
            "any change"
        };
        self.text().unwrap_or_else(|| all.to_owned())
    }

    fn moved(self, by: i32) -> Self {
        let last = i32::try_from(STOPS.len() - 1).unwrap_or(i32::MAX);
        let at = i32::try_from(self.0).unwrap_or(0);
        Self(usize::try_from((at + by).clamp(0, last)).unwrap_or(0))
    }
}

/// Paints the slider `name`; returns what was chosen now. The arrow keys move it, Home and End go to its ends.
pub(crate) fn threshold(ui: &mut Ui, name: &str, chosen: Threshold) -> Option<Threshold> {
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(WIDTH, HEIGHT), Sense::click_and_drag());
    let track = rect.shrink2(vec2(KNOB, 0.0));
    let x = |at: usize| track.left() + track.width() * at as f32 / (STOPS.len() - 1) as f32;
    let mut picked = chosen;
    if let Some(at) = response.interact_pointer_pos() {
        let nearest =
            (0..STOPS.len()).min_by(|&a, &b| f32::total_cmp(&(x(a) - at.x).abs(), &(x(b) - at.x).abs()));
        picked = nearest.map_or(chosen, Threshold);
    }
    if response.clicked() || response.drag_started() {
        response.request_focus();
    }
    if response.has_focus() {
        let filter = EventFilter {
            horizontal_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        for (key, by) in [
            (Key::ArrowLeft, -1),
            (Key::ArrowRight, 1),
            (Key::Home, -MOST),
            (Key::End, MOST),
        ] {
            if pressed(key) {
                picked = picked.moved(by);
            }
        }
        focus_ring(ui, rect, 4.0);
    }
    let knob = pos2(x(picked.0), rect.center().y);
    let line = |from: f32, to: f32| Rect::from_min_max(pos2(from, knob.y - 1.0), pos2(to, knob.y + 1.0));
    let painter = ui.painter();
    painter.rect_filled(line(track.left(), track.right()), 1.0, tokens.bg_active);
    painter.rect_filled(line(track.left(), knob.x), 1.0, tokens.accent_text);
    painter.circle_filled(knob, KNOB, tokens.text_strong);
    response.widget_info(|| {
        let value = picked.told();
        WidgetInfo::labeled(Role::Slider, true, format!("{name} {value}"))
    });
    (picked != chosen).then_some(picked)
}

#[cfg(test)]
mod tests {
    use eframe::egui::Key;
    use eframe::egui::accesskit::Role;
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::gui::widgets::testing::window;

    #[test]
    fn shares_are_told_and_counted() {
        let all: Vec<String> = (0..STOPS.len())
            .map(|at| Threshold(at).told().replace('\u{A0}', " "))
            .collect();
        assert_eq!(&all[..4], ["everything", "any change", "0.001 %", "0.002 %"]);
        assert_eq!(&all[10..], ["0.5 %", "1 %", "2 %", "5 %", "10 %"]);
        assert_eq!(Threshold::SMALL.bytes(82_122_696), 8_213);
        assert_eq!(Threshold(0).bytes(1_000), 0);
    }

    #[test]
    fn the_keys_move_it() {
        let mut window = window(Threshold::SMALL, |ui, chosen| {
            if let Some(new) = threshold(ui, "At least", *chosen) {
                *chosen = new;
            }
        });
        window.get_by_role(Role::Slider).focus();
        window.run();
        for (key, at) in [
            (Key::ArrowRight, 6),
            (Key::ArrowLeft, 5),
            (Key::Home, 0),
            (Key::End, 14),
        ] {
            window.key_press(key);
            window.run();
            assert_eq!(*window.state(), Threshold(at));
        }
    }
}
