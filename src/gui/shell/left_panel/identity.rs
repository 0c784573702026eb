//! Whether the snapshots are of one process, in a line; behind it, pair by pair.

use eframe::egui::{Popup, PopupCloseBehavior, Rect, Role, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use crate::analysis::id_space::Verdict;
use crate::base::units::counted;
use crate::gui::cx::Cx;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::focus_ring;
use crate::gui::widgets::strip::{self, Strip};
use crate::gui::workspace::{Kin, Known};

const HEIGHT: f32 = 28.0;
const MARGIN: f32 = 12.0;
const POPUP: f32 = 336.0;
const MOST_HIGH: f32 = 360.0;

/// Paints the line, if there are at least two snapshots.
pub(super) fn identity(ui: &mut Ui, cx: &Cx<'_>, is_narrow: bool) {
    let Some((verdict, agreement)) = cx.workspace.kinship().all() else {
        return;
    };
    ui.add_space(if is_narrow { 4.0 } else { 12.0 });
    let (outer, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::click());
    let rect = outer.shrink2(vec2(MARGIN, 0.0)).with_max_y(outer.bottom() - 2.0);
    let tokens = Tokens::of(ui);
    let is_asked = cx
        .workspace
        .kinship()
        .pairs()
        .iter()
        .any(|kin| kin.known().is_none());
    let agreed = agreement.map(|share| format!("ids agree {}", percent(share)));
    let (icon, ground, color, lead, more) = match verdict {
        Verdict::Comparable => (
            Icon::FINGERPRINT,
            tokens.bg_selected,
            tokens.accent_text,
            "Same process",
            agreed.unwrap_or_default(),
        ),
        Verdict::Separate => (
            Icon::NOT_EQUALS,
            tokens.grow_tint,
            tokens.grow_text,
            "Different processes",
            "by class".to_owned(),
        ),
        Verdict::Doubtful => (
            Icon::QUESTION,
            tokens.bg_active,
            tokens.text_subdued,
            "Cannot tell yet",
            if is_asked {
                "looking at ids"
            } else {
                "ids agree in part"
            }
            .to_owned(),
        ),
    };
    ui.painter().rect_filled(rect, 4.0, ground);
    if response.has_focus() {
        focus_ring(ui, rect, 4.0);
    }
    let inner = rect.shrink2(vec2(8.0, 0.0));
    let mut strip = Strip::new(ui.painter(), inner);
    strip.icon(icon, 14.0, color).space(6.0);
    strip.text(lead, fonts::strong(), tokens.text_strong);
    let rest = inner.with_min_x(strip.x() + 8.0);
    if !is_narrow && rest.width() > 0.0 {
        strip::right(
            ui.painter(),
            rest,
            &more,
            fonts::number_small(),
            tokens.text_subdued,
        );
    }
    let spoken = match verdict {
        Verdict::Separate => "Different processes, compared by class and path".to_owned(),
        _ => format!("{lead}, {more}"),
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    Popup::menu(&response)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .width(POPUP)
        .show(|ui| {
            ScrollArea::vertical().max_height(MOST_HIGH).show(ui, |ui| {
                for kin in cx.workspace.kinship().pairs() {
                    pair(ui, cx, kin);
                }
            });
        });
}

/// `1 → 2   Same process   99.98 % of 20 000 ids, sure`
fn pair(ui: &mut Ui, cx: &Cx<'_>, kin: &Kin) {
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(POPUP, 24.0), Sense::hover());
    let inner = rect.shrink2(vec2(8.0, 0.0));
    let numbers = [kin.base, kin.current].map(|id| cx.workspace.number(id));
    let which = format!("{} → {}", numbers[0], numbers[1]);
    let (said, figures) = match kin.known() {
        None => ("Cannot tell yet", String::new()),
        Some(known) => {
            let said = match known.verdict() {
                Verdict::Comparable => "Same process",
                Verdict::Separate => "Different processes",
                Verdict::Doubtful => "Cannot tell",
            };
            let agreed = known.agreement().map(percent).unwrap_or_default();
            let figures = match known {
                Known::Follows(_) => format!("{agreed}, as those between"),
                Known::Measured(space) => {
                    let sampled = counted(space.sampled as u64, "id", "ids");
                    format!("{agreed} of {sampled}, {}", space.confidence().word())
                }
            };
            (said, figures)
        }
    };
    let end = strip::right(
        ui.painter(),
        inner,
        &figures,
        fonts::number_small(),
        tokens.text_subdued,
    );
    let mut strip = Strip::new(
        ui.painter(),
        Rect::from_min_max(inner.min, inner.max).with_max_x(end - 8.0),
    );
    strip
        .text(&which, fonts::number(), tokens.text_subdued)
        .space(12.0);
    strip.text(said, fonts::body(), tokens.text_strong);
    let spoken = format!("Snapshots {} and {}: {said}, {figures}", numbers[0], numbers[1]);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}

/// `99.98 %`: rounded down, so that only what is whole reads as such.
fn percent(share: f64) -> String {
    if share >= 1.0 {
        return "100\u{A0}%".to_owned();
    }
    format!("{:.2}\u{A0}%", (share * 10_000.0).floor() / 100.0)
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn only_what_is_whole_reads_as_such() {
        let texts = [1.0, 0.999_999, 0.9998, 0.5].map(|share| percent(share).replace('\u{A0}', " "));
        assert_eq!(texts, ["100 %", "99.99 %", "99.98 %", "50.00 %"]);
    }
}
