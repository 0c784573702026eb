//! A card: closed with what it is, whose and why; open with the way to it and what can be done.

use std::sync::Arc;

use eframe::egui::{
    Align, Galley, Id, Layout, Rect, Role, Sense, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use super::figures;
use super::phrase::{self, Style};
use crate::base::units::{grouped, human_bytes};
use crate::gui::theme::{Icon, Tokens, fonts, icons};
use crate::gui::widgets::button::{Button, Look, icon_button};
use crate::gui::widgets::chip::{self, Chip};
use crate::gui::widgets::meter::meter;
use crate::gui::widgets::strip::{Strip, paint_icon};
use crate::query::suspects::{Severity, Step, Suspect};

/// Height of a closed card.
pub(super) const CLOSED: f32 = 84.0;

const TEXT: f32 = 40.0;
const TOP: f32 = 10.0;
const TITLE: f32 = 24.0;
const LINE: f32 = 20.0;
const CHIPS: f32 = 24.0;
const ACTIONS: f32 = 28.0;
/// Between chips there is a caret.
const BETWEEN: f32 = 20.0;
/// Steps of a longer way are left out in the middle: the ends tell most.
const MOST_STEPS: usize = 14;
const MOST_LINES: usize = 6;

/// What a card has to know besides its suspect.
pub(super) struct Standing {
    /// Is there little room?
    pub(super) is_narrow: bool,
    /// The numbers of the snapshots that can be compared.
    pub(super) compares: Option<[usize; 2]>,
    /// Is what the open card looks at bookmarked?
    pub(super) is_bookmarked: bool,
}

/// What was done on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// It was chosen.
    Chosen,
    /// That step of the way to it was.
    Step(usize),
    /// Its objects are wished for.
    Objects,
    /// The way that keeps its sample alive is.
    Chain,
    /// The ways that keep all of its objects alive are.
    Paths,
    /// A comparison is.
    Compare,
    /// A bookmark is, or none any more.
    Bookmark,
    /// It is to be copied.
    Copy,
    /// The report is wished for.
    Report,
}

/// The parts of an open card, from its upper left corner.
pub(super) struct Laid {
    /// How high it is.
    pub(super) height: f32,
    chips: Vec<(usize, Rect)>,
    why: Arc<Galley>,
    next: Arc<Galley>,
}

/// Height of the closed card of `suspect`: where nobody is known whose it is, there is no line for that.
pub(super) fn closed(suspect: &Suspect) -> f32 {
    if has_owner(suspect) { CLOSED } else { CLOSED - LINE }
}

fn has_owner(suspect: &Suspect) -> bool {
    let parts = [
        &suspect.owner,
        &suspect.binding,
        &suspect.module,
        &suspect.package,
    ];
    parts.into_iter().any(Option::is_some)
}

/// Where on an open card the way to the suspect begins.
fn way(suspect: &Suspect) -> f32 {
    TOP + TITLE + if has_owner(suspect) { CHIPS } else { 4.0 }
}

/// Lays out the open card of that width.
pub(super) fn lay_out(ui: &Ui, suspect: &Suspect, width: f32, standing: &Standing) -> Laid {
    let tokens = Tokens::of(ui);
    let painter = ui.painter();
    let room = width - TEXT - figures::width(suspect, standing.is_narrow) - 16.0;
    let mut chips = Vec::new();
    let (mut x, mut row) = (0.0, 0.0);
    for at in steps(suspect.path.len()) {
        let step = chip_of(&suspect.path[at], tokens).width(painter).min(room);
        if x > 0.0 && x + step > room {
            x = 0.0;
            row += 1.0;
        }
        let corner = pos2(TEXT + x, way(suspect) + row * CHIPS);
        chips.push((at, Rect::from_min_size(corner, vec2(step, chip::HEIGHT))));
        x += step + BETWEEN;
    }
    let rows = if chips.is_empty() { 0.0 } else { row + 1.0 };
    let style = style(tokens);
    let why = phrase::galley(painter, &suspect.why.0, &style, room, MOST_LINES);
    let next = phrase::galley(painter, &suspect.advice.0, &style, room - 86.0 - 20.0, MOST_LINES);
    let next_height = if suspect.advice.0.is_empty() {
        0.0
    } else {
        next.size().y + 4.0
    };
    let texts = why.size().y + 4.0 + next_height;
    Laid {
        height: way(suspect) + rows * CHIPS + 4.0 + texts + 6.0 + ACTIONS + 8.0,
        chips,
        why,
        next,
    }
}

/// Which of so many steps are shown.
fn steps(count: usize) -> Vec<usize> {
    if count <= MOST_STEPS {
        return (0..count).collect();
    }
    let head = MOST_STEPS / 2;
    (0..head).chain(count - head..count).collect()
}

fn chip_of<'a>(step: &'a Step, tokens: &Tokens) -> Chip<'a> {
    let is_code = step.text.starts_with(['.', '[']);
    Chip {
        icon: (!is_code).then(|| icons::of_node(step.kind, &step.text, tokens)),
        text: &step.text,
        is_code,
    }
}

fn style(tokens: &Tokens) -> Style {
    Style {
        words: (fonts::body(), tokens.text),
        code: (fonts::code(), tokens.text_strong),
        line: LINE,
    }
}

/// Paints the card of the suspect in place `nth`, open if it is laid out.
pub(super) fn show(
    ui: &mut Ui,
    id: Id,
    rect: Rect,
    suspect: &Suspect,
    nth: usize,
    laid: Option<&Laid>,
    standing: &Standing,
) -> Option<Done> {
    let tokens = Tokens::of(ui);
    let response = ui.interact(rect, id, Sense::CLICK);
    let name = spoken(suspect, nth);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, laid.is_some(), &name));
    let (fill, stroke) = match (laid.is_some(), response.hovered()) {
        (true, _) => (tokens.bg_raised, tokens.accent_text),
        (false, true) => (tokens.bg_hover, tokens.stroke_default),
        (false, false) => (tokens.bg_raised, tokens.stroke_default),
    };
    ui.painter()
        .rect(rect, 6.0, fill, (1.0, stroke), StrokeKind::Inside);
    severity(ui, rect, suspect.severity, tokens);
    figures::figures(ui, id, rect, suspect, standing.is_narrow);
    let end = rect.right() - figures::width(suspect, standing.is_narrow) - 16.0;
    let line = |top: f32, height: f32| {
        Rect::from_min_max(
            pos2(rect.left() + TEXT, rect.top() + top),
            pos2(end, rect.top() + top + height),
        )
    };
    title(ui, line(TOP, TITLE), suspect, tokens);
    owner(
        ui,
        id,
        line(TOP + TITLE, LINE),
        suspect,
        standing.is_narrow,
        tokens,
    );
    let mut done = response.clicked().then_some(Done::Chosen);
    match laid {
        None => {
            let room = line(closed(suspect) - TOP - LINE, LINE);
            let why = phrase::first_sentences(ui.painter(), &suspect.why, &style(tokens), room.width());
            ui.painter().galley(room.min, why, tokens.text);
        }
        Some(laid) => done = open(ui, id, rect, suspect, laid, standing).or(done),
    }
    done
}

fn severity(ui: &Ui, card: Rect, severity: Severity, tokens: &Tokens) {
    let room = Rect::from_min_size(card.min + vec2(8.0, TOP), vec2(28.0, TITLE));
    let (filled, color) = match severity {
        Severity::High => (3, tokens.high_fill),
        Severity::Medium => (2, tokens.grow_fill),
        Severity::Note => (1, tokens.note_fill),
    };
    meter(ui.painter(), room, filled, color, tokens.bg_active);
}

fn title(ui: &Ui, line: Rect, suspect: &Suspect, tokens: &Tokens) {
    let style = Style {
        words: (fonts::card_title(), tokens.text_strong),
        code: (fonts::card_code(), tokens.text_strong),
        line: TITLE,
    };
    let galley = phrase::galley(ui.painter(), &suspect.title.0, &style, line.width(), 1);
    ui.painter().galley(line.min, galley, tokens.text_strong);
}

/// Function, script and package; in a narrow window the package in what the pointer shows.
fn owner(ui: &Ui, id: Id, line: Rect, suspect: &Suspect, is_narrow: bool, tokens: &Tokens) {
    let mut strip = Strip::new(ui.painter(), line);
    let package = suspect.package.as_ref().filter(|_| !is_narrow);
    let owner = suspect.owner.as_ref().or(suspect.binding.as_ref());
    let owner_icon = match owner {
        Some(name) if name.ends_with(')') => (Icon::FUNCTION, tokens.kinds.function),
        _ => (Icon::STACK, tokens.kinds.collection),
    };
    let place = suspect.place();
    let parts = [
        (owner_icon, owner),
        ((Icon::FILE_JS, tokens.kinds.code), place.as_ref()),
        ((Icon::PACKAGE, tokens.text_subdued), package),
    ];
    for ((icon, tint), text) in parts {
        if let Some(text) = text {
            strip.icon(icon, 14.0, tint).space(6.0);
            strip.text(text, fonts::body(), tokens.text_subdued).space(16.0);
        }
    }
    if is_narrow && let Some(package) = &suspect.package {
        let response = ui.interact(line, id.with("owner"), Sense::hover());
        response.on_hover_text(package);
    }
}

fn open(
    ui: &mut Ui,
    id: Id,
    card: Rect,
    suspect: &Suspect,
    laid: &Laid,
    standing: &Standing,
) -> Option<Done> {
    let tokens = Tokens::of(ui);
    let mut done = None;
    for (nth, (at, place)) in laid.chips.iter().enumerate() {
        let rect = place.translate(card.min.to_vec2());
        let chip = chip_of(&suspect.path[*at], tokens);
        if chip.show(ui, rect, id.with(("step", *at))).clicked() {
            done = Some(Done::Step(*at));
        }
        if let Some((next, _)) = laid.chips.get(nth + 1) {
            let gap = Rect::from_min_size(rect.right_top(), vec2(BETWEEN, rect.height()));
            let icon = if *next == at + 1 {
                Icon::CARET_RIGHT
            } else {
                Icon::DOTS
            };
            paint_icon(ui.painter(), gap, icon, 10.0, tokens.text_subdued);
        }
    }
    let chips_end = laid
        .chips
        .last()
        .map_or(way(suspect), |(_, rect)| rect.top() + CHIPS);
    let mut at = card.min + vec2(TEXT, chips_end + 2.0);
    ui.painter().galley(at, Arc::clone(&laid.why), tokens.text);
    said(ui, id.with("why"), at, &laid.why, &suspect.why.text());
    at.y += laid.why.size().y + 4.0;
    if !suspect.advice.0.is_empty() {
        let line = Rect::from_min_size(at, vec2(120.0, LINE));
        let mut strip = Strip::new(ui.painter(), line);
        strip.icon(Icon::LIGHTBULB, 14.0, tokens.accent_text).space(6.0);
        strip.text("Check next:", fonts::body(), tokens.text).space(4.0);
        let text = pos2(strip.x().round(), at.y);
        ui.painter().galley(text, Arc::clone(&laid.next), tokens.text);
        let advice = format!("Check next: {}", suspect.advice.text());
        said(ui, id.with("next"), text, &laid.next, &advice);
    }
    let line = Rect::from_min_max(
        pos2(card.left() + TEXT, card.bottom() - 8.0 - ACTIONS),
        pos2(card.right() - 16.0, card.bottom() - 8.0),
    );
    let builder = UiBuilder::new()
        .max_rect(line)
        .id_salt(id)
        .layout(Layout::left_to_right(Align::Center));
    let clicked = ui
        .scope_builder(builder, |ui| actions(ui, suspect, standing))
        .inner;
    clicked.or(done)
}

/// Says text that is painted for whoever does not see it.
fn said(ui: &Ui, id: Id, at: eframe::egui::Pos2, galley: &Galley, text: &str) {
    let response = ui.interact(Rect::from_min_size(at, galley.size()), id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
}

fn actions(ui: &mut Ui, suspect: &Suspect, standing: &Standing) -> Option<Done> {
    ui.spacing_mut().item_spacing.x = 6.0;
    let mut done = None;
    let count = suspect.count();
    let objects = format!("Show {} {}", grouped(count), suspect.counted_as(count));
    let mut button = |ui: &mut Ui, look, text: &str, icon, what| {
        if ui.add(Button::new(look, text).icon(icon)).clicked() {
            done = Some(what);
        }
    };
    if !suspect.samples.is_empty() {
        button(ui, Look::Primary, &objects, Icon::SEARCH, Done::Objects);
    }
    button(ui, Look::Neutral, "Retaining chain", Icon::PATH, Done::Chain);
    if count > 1 && !suspect.samples.is_empty() && !standing.is_narrow {
        button(ui, Look::Neutral, "Paths for all", Icon::TREE, Done::Paths);
    }
    if let Some([base, current]) = standing.compares.filter(|_| !standing.is_narrow) {
        let text = format!("Compare {base} → {current}");
        button(ui, Look::Neutral, &text, Icon::SWAP, Done::Compare);
    }
    let mark = if standing.is_bookmarked {
        "Remove the bookmark"
    } else {
        "Bookmark"
    };
    let small = [
        (Icon::BOOKMARK, mark, Done::Bookmark),
        (Icon::COPY, "Copy as text", Done::Copy),
        (Icon::EXPORT, "Export the report…", Done::Report),
    ];
    for (icon, name, what) in small {
        if icon_button(ui, icon, name, 24.0).clicked() {
            done = Some(what);
        }
    }
    done
}

/// `Suspect 1, high: Cache of priceFor grows without bound, 2.48 MB, 3.0 % of heap`
fn spoken(suspect: &Suspect, nth: usize) -> String {
    format!(
        "Suspect {}, {}: {}, {}, {}",
        nth + 1,
        suspect.severity.key(),
        suspect.title.text(),
        human_bytes(suspect.retained_size),
        figures::share_of(suspect)
    )
}

#[cfg(test)]
mod tests {
    use super::{MOST_STEPS, steps};

    #[test]
    fn long_ways_are_cut_in_the_middle() {
        assert_eq!(steps(3), [0, 1, 2]);
        let long = steps(100);
        assert_eq!(long.len(), MOST_STEPS);
        assert_eq!((long[0], long[6], long[7], long[13]), (0, 6, 93, 99));
    }
}
