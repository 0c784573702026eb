//! What stands above and below the rows: whether objects are matched, and whether the rows add up.

use eframe::egui::{Align, Label, Layout, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use crate::analysis::comparison::{Matching, Sums};
use crate::analysis::id_space::{Confidence, IdSpace, Verdict};
use crate::base::units::{grouped, human_bytes, signed};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::banner::{Banner, Tone};
use crate::query::comparison::Compared;

/// Height of the footer.
pub(super) const HEIGHT: f32 = 36.0;

/// Says whether objects are matched one by one, and how that is known; was the other way of comparing asked for?
pub(super) fn banner(ui: &mut Ui, compared: &Compared) -> bool {
    let space = compared.comparison.id_space();
    let known = keeps(space);
    match (space.verdict(), compared.matching) {
        (Verdict::Comparable, Matching::ByClass) => Banner::new(
            Tone::Warn,
            Icon::EQUALS,
            "Compared by class only.",
            &format!("{known}, so objects can be matched too."),
        )
        .link("Match objects by id")
        .show(ui),
        (Verdict::Comparable, Matching::ByIds) => {
            let lead = "Ids are comparable.";
            let text = match space.confidence() {
                Confidence::Sure => format!("{known}, so objects are matched one by one."),
                _ => format!("{known}; they are few, but objects are matched one by one."),
            };
            Banner::new(Tone::Ok, Icon::FINGERPRINT, lead, &text)
                .link("Compare by class only")
                .show(ui)
        }
        (Verdict::Separate, _) => Banner::new(
            Tone::Warn,
            Icon::NOT_EQUALS,
            "Ids are not comparable.",
            &format!("{known}: classes are compared, not objects."),
        )
        .all("The same id stands for different objects: the snapshots are of different processes, or ids were given out anew between them.")
        .show(ui),
        (Verdict::Doubtful, _) => Banner::new(
            Tone::Warn,
            Icon::QUESTION,
            "Cannot tell whether ids are comparable.",
            &format!("{known}: classes are compared, not objects."),
        )
        .show(ui),
    }
}

/// `19 996 of 20 000 sampled ids keep kind and name`.
fn keeps(space: IdSpace) -> String {
    match space.sampled {
        0 => "The snapshots have no telling ids in common".to_owned(),
        sampled => format!(
            "{} of {} sampled ids keep kind and name",
            grouped(space.agreeing as u64),
            grouped(sampled as u64)
        ),
    }
}

/// Says whether the rows add up, and to what; lets the user count the snapshot's own cost or not.
pub(super) fn footer(ui: &mut Ui, compared: &Compared, is_subtracted: &mut bool) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let tokens = Tokens::of(ui);
    ui.painter().rect_filled(rect, 0.0, tokens.bg_panel);
    ui.painter()
        .hline(rect.x_range(), rect.top() + 0.5, (1.0, tokens.stroke_default));
    let inner = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(12.0, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    let mut inner = ui.new_child(inner);
    let adds_up = compared.all.size_delta() == compared.size_delta();
    let (icon, color) = if adds_up {
        (Icon::CHECK_CIRCLE, tokens.accent_text)
    } else {
        (Icon::WARNING, tokens.high_text)
    };
    inner.label(RichText::new(icon.0).font(fonts::icon(16.0)).color(color));
    let text = check(compared, *is_subtracted);
    let said = RichText::new(&text)
        .font(fonts::number_strong())
        .color(tokens.text_strong);
    inner.add(Label::new(said).truncate());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
    if compared.has_cost() {
        inner.add_space(8.0);
        let name = if *is_subtracted {
            "Count the snapshot's cost again"
        } else {
            "Subtract the snapshot's cost"
        };
        if inner.link(name).clicked() {
            *is_subtracted = !*is_subtracted;
        }
    }
    let shown = shown(compared, *is_subtracted);
    let Some(changes) = shown.changes else { return };
    inner.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let parts = [
            ("shrunk", changes.shrunk.size, false),
            ("grown", changes.grown.size, true),
            ("removed", changes.removed.size, false),
            ("added", changes.added.size, true),
        ];
        for (name, bytes, is_growth) in parts {
            if ui.available_width() < ROOM_FOR_PART {
                break;
            }
            let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
            let color = match (bytes, is_growth) {
                (0, _) => tokens.text_subdued,
                (_, true) => tokens.grow_text,
                (_, false) => tokens.shrink_text,
            };
            let bytes = signed(if is_growth { bytes } else { -bytes });
            ui.label(RichText::new(bytes).font(fonts::number()).color(color));
            ui.label(RichText::new(name).color(tokens.text_subdued));
            ui.add_space(6.0);
        }
    });
}

/// As much room as the longest part needs.
const ROOM_FOR_PART: f32 = 150.0;

/// What is counted: all, or all but the cost of the snapshots.
fn shown(compared: &Compared, is_subtracted: bool) -> Sums {
    if is_subtracted {
        compared.all.without(compared.cost)
    } else {
        compared.all
    }
}

/// What the rows sum to, and whether that is what it must be.
fn check(compared: &Compared, is_subtracted: bool) -> String {
    let sum = compared.all.size_delta();
    let total = compared.size_delta();
    if sum != total {
        return format!(
            "Rows sum to {} B, but the heap changed by {} B",
            signed(sum),
            signed(total)
        );
    }
    let without_cost = shown(compared, is_subtracted).size_delta();
    if is_subtracted {
        return format!(
            "Rows sum to {} B, and {} B more for taking the snapshot",
            signed(without_cost),
            signed(compared.cost.size_delta())
        );
    }
    let (base, current) = (
        human_bytes(compared.pair.base.total_size()),
        human_bytes(compared.pair.current.total_size()),
    );
    format!("Rows sum to {} B = {}", signed(sum), difference(&current, &base))
}

/// `82.1 − 80.5 MB`: the unit once if both have the same.
fn difference(current: &str, base: &str) -> String {
    let units = [current, base].map(|text| text.split_once('\u{A0}'));
    match units {
        [Some((current, unit)), Some((base, other))] if unit == other => {
            format!("{current} − {base}\u{A0}{unit}")
        }
        _ => format!("{current} − {base}"),
    }
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn a_common_unit_is_said_once() {
        assert_eq!(difference("82.1\u{A0}MB", "80.5\u{A0}MB"), "82.1 − 80.5\u{A0}MB");
        assert_eq!(
            difference("1.00\u{A0}MB", "999\u{A0}kB"),
            "1.00\u{A0}MB − 999\u{A0}kB"
        );
    }
}
