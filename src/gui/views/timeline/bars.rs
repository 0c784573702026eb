//! The bars of a timeline: what stayed of each moment; a range of them is chosen by dragging, or with the arrow keys.

use std::ops::RangeInclusive;

use eframe::egui::{EventFilter, Id, Key, Modifiers, Rect, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::base::units::{human_bytes, human_duration};
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::focus_ring;
use crate::gui::widgets::strip::{self, Strip};
use crate::query::timeline::{Part, Timeline};

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    /// Bytes that are alive: of those that are gone the file does not tell.
    Bytes,
    /// Objects: those that are alive, and of the ids that were handed out those that are gone.
    Objects,
}

/// A chart of bars.
pub(super) struct Bars {
    id: Id,
    /// The samples that are chosen.
    pub(super) chosen: Option<RangeInclusive<usize>>,
    /// The samples that are shown.
    pub(super) shown: Option<RangeInclusive<usize>>,
    /// Where the choice began.
    anchor: usize,
}

const HEIGHT: f32 = 148.0;
const LABELS: f32 = 16.0;
/// So many times are written below the bars, if there is room.
const PARTS: usize = 4;
const LEAST_FOR_PARTS: f32 = 480.0;
const TICK: f32 = 4.0;

impl Bars {
    pub(super) const fn new(id: Id) -> Self {
        Self {
            id,
            chosen: None,
            shown: None,
            anchor: 1,
        }
    }

    pub(super) const fn id(&self) -> Id {
        self.id
    }

    /// Paints the bars, and on them the parts that pass a filter, if there is one; returns whether another range was chosen, or
    /// none.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        timeline: &Timeline,
        measure: Measure,
        parts: Option<&[Part]>,
    ) -> bool {
        let tokens = Tokens::of(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
        let response = ui.interact(rect, self.id, Sense::click_and_drag());
        let last = timeline.moments.len().saturating_sub(1);
        // What was there before the recording is no bar.
        let all = 1.min(last)..=last;
        let shown = self.shown.clone().unwrap_or_else(|| all.clone());
        let plot = rect.shrink2(vec2(12.0, 8.0));
        let plot = plot
            .with_max_y(plot.bottom() - LABELS)
            .with_min_y(plot.top() + LABELS);
        let count = shown.end() - shown.start() + 1;
        let width = plot.width() / count as f32;
        let part = |at: usize| parts.and_then(|parts| parts.get(at));
        let values = |at: usize| {
            let moment = &timeline.moments[at];
            match (measure, part(at)) {
                (Measure::Bytes, None) => (moment.live_size, moment.live_size),
                (Measure::Bytes, Some(part)) => (part.size, moment.live_size),
                (Measure::Objects, None) => (moment.live_count, moment.allocated.max(moment.live_count)),
                (Measure::Objects, Some(part)) => (part.count, moment.live_count),
            }
        };
        let most = shown.clone().map(|at| values(at).1).max().unwrap_or(0).max(1);
        let x = |at: usize| plot.left() + (at - shown.start()) as f32 * width;
        let painter = ui.painter_at(rect);
        painter.hline(
            plot.x_range(),
            plot.bottom().round() + 0.5,
            (1.0, tokens.stroke_default),
        );
        if let Some(chosen) = &self.chosen {
            let from = x((*chosen.start()).clamp(*shown.start(), *shown.end()));
            let to = x((*chosen.end()).clamp(*shown.start(), *shown.end())) + width;
            let band = Rect::from_x_y_ranges(from..=to, plot.y_range());
            painter.rect_filled(band, 0.0, tokens.bg_selected);
        }
        for at in shown.clone() {
            let (live, all) = values(at);
            let bar = |value: u64| {
                let height = (value as f64 / most as f64) as f32 * plot.height();
                let height = if value > 0 { height.max(1.0) } else { 0.0 };
                let (left, gap) = (x(at), if width > 4.0 { 1.0 } else { 0.0 });
                let right = left + (width - gap).max(1.0);
                Rect::from_min_max(pos2(left, plot.bottom() - height), pos2(right, plot.bottom()))
            };
            painter.rect_filled(bar(all), 0.0, tokens.stroke_strong);
            painter.rect_filled(bar(live), 0.0, tokens.accent_fill);
        }
        labels(&painter, rect, timeline, &shown, tokens);
        let top = match measure {
            Measure::Bytes => human_bytes(most),
            Measure::Objects => crate::base::units::counted(most, "object", "objects"),
        };
        Strip::new(
            &painter,
            rect.shrink2(vec2(12.0, 4.0))
                .with_max_y(rect.top() + 4.0 + LABELS),
        )
        .text(&top, fonts::small(), tokens.text_subdued);
        let text = self.spoken(timeline);
        response.widget_info(|| WidgetInfo::labeled(Role::Slider, true, &text));
        if response.has_focus() {
            focus_ring(ui, rect.shrink(1.0), 2.0);
        }
        let under = response.interact_pointer_pos().map(|pointer| {
            let at = ((pointer.x - plot.left()) / width).max(0.0) as usize;
            (shown.start() + at).min(*shown.end())
        });
        let before = self.chosen.clone();
        let has_stopped = response.drag_stopped();
        if let Some(at) = under {
            if response.drag_started() || response.clicked() {
                self.anchor = at;
                response.request_focus();
            }
            if response.dragged() || response.clicked() {
                self.chosen = Some(self.anchor.min(at)..=self.anchor.max(at));
            }
        }
        if response.double_clicked() {
            self.chosen = None;
        }
        if response.has_focus() {
            self.keys(ui, &shown);
        }
        if let (Some(pointer), false) = (response.hover_pos(), response.dragged()) {
            let at = ((pointer.x - plot.left()) / width).max(0.0) as usize;
            let at = (shown.start() + at).min(*shown.end());
            if let Some(moment) = timeline.moments.get(at) {
                let mut text = format!(
                    "{}: {} of {} objects alive, {}",
                    human_duration(moment.time),
                    moment.live_count,
                    moment.allocated.max(moment.live_count),
                    human_bytes(moment.live_size)
                );
                if let Some(part) = part(at) {
                    text = format!(
                        "{text}; {} of them pass the filter, {}",
                        part.count,
                        human_bytes(part.size)
                    );
                }
                response.on_hover_text(text);
            }
        }
        // While one drags, views are not limited again and again.
        let is_dragging = ui.input(|input| input.pointer.any_down());
        has_stopped || (self.chosen != before && !is_dragging)
    }

    fn spoken(&self, timeline: &Timeline) -> String {
        match &self.chosen {
            None => format!(
                "Allocation timeline, {} samples, {} alive",
                timeline.moments.len(),
                human_bytes(timeline.live_size())
            ),
            Some(chosen) => {
                let within = &timeline.moments[chosen.clone()];
                let size: u64 = within.iter().map(|moment| moment.live_size).sum();
                format!(
                    "Allocation timeline, samples {} to {} chosen, {} alive",
                    chosen.start(),
                    chosen.end(),
                    human_bytes(size)
                )
            }
        }
    }

    /// Arrows move the choice by a sample, with Shift its far end; Escape takes it off.
    fn keys(&mut self, ui: &Ui, shown: &RangeInclusive<usize>) {
        let arrows = EventFilter {
            horizontal_arrows: true,
            escape: self.chosen.is_some(),
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(self.id, arrows));
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        let step = |at: usize, forward: bool| {
            let moved = if forward { at + 1 } else { at.saturating_sub(1) };
            moved.clamp(*shown.start(), *shown.end())
        };
        for (key, forward) in [(Key::ArrowLeft, false), (Key::ArrowRight, true)] {
            let far = match &self.chosen {
                Some(chosen) if *chosen.start() == self.anchor => *chosen.end(),
                Some(chosen) => *chosen.start(),
                None => self.anchor,
            };
            if pressed(Modifiers::SHIFT, key) {
                let far = step(far, forward);
                self.chosen = Some(self.anchor.min(far)..=self.anchor.max(far));
            } else if pressed(Modifiers::NONE, key) {
                self.anchor = match self.chosen {
                    None => self.anchor.clamp(*shown.start(), *shown.end()),
                    Some(_) => step(far, forward),
                };
                self.chosen = Some(self.anchor..=self.anchor);
            }
        }
        if self.chosen.is_some() && pressed(Modifiers::NONE, Key::Escape) {
            self.chosen = None;
        }
    }
}

/// When what is shown begins and ends.
fn labels(
    painter: &eframe::egui::Painter,
    rect: Rect,
    timeline: &Timeline,
    shown: &RangeInclusive<usize>,
    tokens: &Tokens,
) {
    let row = rect
        .shrink2(vec2(12.0, 0.0))
        .with_min_y(rect.bottom() - LABELS - 4.0);
    let time = |at: usize| timeline.moments.get(at).map_or(0, |moment| moment.time);
    let count = shown.end() - shown.start() + 1;
    let parts = if row.width() >= LEAST_FOR_PARTS {
        PARTS.min(count)
    } else {
        1
    };
    for part in 0..parts {
        // A bar begins where the sample before it was taken.
        let bar = count * part / parts;
        let from = row.left() + row.width() * bar as f32 / count as f32;
        let begin = human_duration(time((shown.start() + bar).saturating_sub(1)));
        if part > 0 {
            let tick = row.top()..=row.top() + TICK;
            painter.vline(from.round() + 0.5, tick, (1.0, tokens.stroke_default));
        }
        let place = if part > 0 { row.with_min_x(from + 4.0) } else { row };
        Strip::new(painter, place).text(&begin, fonts::small(), tokens.text_subdued);
    }
    let last = human_duration(time(*shown.end()));
    strip::right(painter, row, &last, fonts::small(), tokens.text_subdued);
}
