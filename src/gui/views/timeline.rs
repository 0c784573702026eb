//! The allocation timeline: what was allocated when and is still there, by which functions, and called from where.
//!
//! A range of the bars, and a function or a call, are filters of the whole window.

mod bars;

use std::sync::Arc;

use eframe::egui::{Align, Context, Id, Layout, RichText, Sense, Ui, UiBuilder, vec2};

use self::bars::{Bars, Measure};
use crate::analysis::allocators::Allocator;
use crate::analysis::call_tree::CallTree;
use crate::analysis::filters::NodeFilter;
use crate::base::units::{counted, human_bytes, human_duration};
use crate::gui::calls::Calls;
use crate::gui::command::Command;
use crate::gui::cx::{Cx, Place, Spec, View};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::button::{Button, Look};
use crate::gui::widgets::empty;
use crate::gui::widgets::segments::segments;
use crate::gui::widgets::tool_bar;
use crate::gui::workspace::Limit;
use crate::job::{Lane, Slot};
use crate::query::allocations::FindCalls;
use crate::query::passing::FindPassing;
use crate::query::subject::SnapshotId;
use crate::query::timeline::bursts::FindBursts;
use crate::query::timeline::{FindParts, FindTimeline, Timeline};
use crate::snapshot::Snapshot;

pub(super) const SPEC: Spec = Spec {
    id: "timeline",
    title: "Timeline",
    icon: Icon::CLOCK,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: None,
    open: |id| Box::new(TimelineView::new(id)),
};

struct TimelineView {
    of: Option<SnapshotId>,
    timeline: Slot<FindTimeline>,
    bursts: Slot<FindBursts>,
    /// What the functions are limited to.
    passing: Slot<FindPassing>,
    tree: Slot<FindCalls>,
    /// What passes the window's filter, whenever it was allocated.
    marked: Slot<FindPassing>,
    parts: Slot<FindParts>,
    bars: Bars,
    measure: Measure,
    calls: Calls,
}

const TOOL_BAR: f32 = 36.0;
const LINE: f32 = 24.0;

const MEASURES: [(Measure, &str); 2] = [(Measure::Bytes, "Bytes"), (Measure::Objects, "Objects")];

const NO_SAMPLES: &str = "This file is no recording. Record “Allocations on timeline” in DevTools, or start tracking heap objects over the \
     inspector protocol, to see when what is in the heap was allocated.";

impl TimelineView {
    fn new(id: Id) -> Self {
        Self {
            of: None,
            timeline: Slot::new(Lane::Frame),
            bursts: Slot::new(Lane::Frame),
            passing: Slot::new(Lane::Frame),
            tree: Slot::new(Lane::Frame),
            marked: Slot::new(Lane::Frame),
            parts: Slot::new(Lane::Frame),
            bars: Bars::new(id.with("bars")),
            measure: Measure::Bytes,
            calls: Calls::new(id, true),
        }
    }

    fn tool_bar(&mut self, ui: &mut Ui, timeline: &Timeline, has_stacks: bool) {
        let mut bar = tool_bar(ui, TOOL_BAR);
        if let Some(measure) = segments(&mut bar, "Measure", &MEASURES, self.measure) {
            self.measure = measure;
        }
        if has_stacks {
            self.calls.tools(&mut bar);
        }
        if self.bars.chosen.is_some() && bar.add(Button::new(Look::Ghost, "Zoom in")).clicked() {
            self.bars.shown = self.bars.chosen.clone();
        }
        if self.bars.shown.is_some() && bar.add(Button::new(Look::Ghost, "Whole recording")).clicked() {
            self.bars.shown = None;
        }
        let text = format!(
            "{} over {}, {} alive",
            counted(timeline.moments.len() as u64, "sample", "samples"),
            human_duration(timeline.duration()),
            human_bytes(timeline.live_size())
        );
        let color = Tokens::of(&bar).text_subdued;
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add(
                eframe::egui::Label::new(RichText::new(text).font(fonts::number()).color(color)).truncate(),
            );
        });
    }

    /// A line on bursts, each of which can be chosen.
    fn bursts(&mut self, ui: &mut Ui, cx: &Cx<'_>, timeline: &Arc<Timeline>) -> bool {
        let Some((_, snapshot)) = cx.snapshot() else {
            return false;
        };
        let asker = cx.asker(snapshot);
        let question = FindBursts {
            timeline: Arc::clone(timeline),
        };
        let Some(bursts) = asker.ready(&mut self.bursts, &question) else {
            return false;
        };
        if bursts.bursts.is_empty() {
            return false;
        }
        let mut text = bursts.lead();
        if let Some(most) = bursts.classes.first() {
            let name = snapshot.classes().class(most.of).name.as_js().to_string_lossy();
            text = format!("{text}; most of it {name}, {}", human_bytes(most.size));
        }
        let ranges: Vec<_> = bursts.bursts.iter().map(|burst| burst.from..=burst.to).collect();
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
        let line = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(12.0, 0.0)))
            .layout(Layout::left_to_right(Align::Center));
        let mut line = ui.new_child(line);
        let color = Tokens::of(&line).text;
        line.label(RichText::new(text).font(fonts::body()).color(color));
        let mut chosen = None;
        for (number, range) in (1..).zip(ranges).take(12) {
            let number = format!("Burst {number}");
            if line
                .add(Button::new(Look::Ghost, &number))
                .on_hover_text("Choose this burst")
                .clicked()
            {
                chosen = Some(range);
            }
        }
        let is_chosen = chosen.is_some();
        if is_chosen {
            self.bars.chosen = chosen;
        }
        is_chosen
    }

    /// Limits all views to the samples that are chosen, and to what `by` allocated.
    fn limit(&self, cx: &Cx<'_>, of: SnapshotId, timeline: &Timeline, by: Option<Allocator>) {
        let chosen = self.bars.chosen.as_ref();
        let ids = chosen.map(|chosen| timeline.ids(*chosen.start(), *chosen.end()));
        let filter = match (ids, by) {
            (None, None) => {
                cx.send(Command::Limit(Limit::No));
                return;
            }
            (Some((after, through)), None) => NodeFilter::AllocatedBetween { after, through },
            (Some((after, through)), Some(by)) => NodeFilter::AllocatedBy { by, after, through },
            (None, Some(by)) => NodeFilter::allocated_by(by),
        };
        cx.send(Command::Limit(Limit::Recorded { of, filter }));
    }

    /// Finds what of each bar passes the window's filter: a function, say. A range of bars is shown by itself.
    fn find_parts(&mut self, cx: &Cx<'_>, snapshot: &Arc<Snapshot>, timeline: &Arc<Timeline>) {
        let asker = cx.asker(snapshot);
        let filter = match cx.filter() {
            NodeFilter::AllocatedBy { by, .. } => NodeFilter::allocated_by(by),
            NodeFilter::AllocatedBetween { .. } => NodeFilter::All,
            filter => filter,
        };
        let found = asker.ready(&mut self.marked, &FindPassing { filter });
        match found.cloned() {
            Some(Some(only)) => {
                let timeline = Arc::clone(timeline);
                asker.ask(&mut self.parts, &FindParts { timeline, only });
            }
            Some(None) => self.parts = Slot::new(Lane::Frame),
            // What was found before stays meanwhile.
            None => {}
        }
    }

    /// The functions: of what the window is limited to, but for a function that was chosen among them, beside which the others
    /// stay.
    fn tree(&mut self, cx: &Cx<'_>, snapshot: &Arc<Snapshot>) -> Option<Arc<CallTree>> {
        let asker = cx.asker(snapshot);
        let filter = match cx.filter() {
            NodeFilter::AllocatedBy { through, .. } if through == NodeFilter::LAST => NodeFilter::All,
            NodeFilter::AllocatedBy { after, through, .. } => NodeFilter::AllocatedBetween { after, through },
            filter => filter,
        };
        let only = asker.ready(&mut self.passing, &FindPassing { filter })?.clone();
        let tree = asker.ready(&mut self.tree, &FindCalls { only })?;
        Some(Arc::clone(tree))
    }
}

impl View for TimelineView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, snapshot)) = cx.snapshot() else {
            return;
        };
        if snapshot.graph().samples().times.is_empty() && snapshot.graph().traces().is_empty() {
            empty(ui, NO_SAMPLES);
            return;
        }
        if self.of != Some(id) {
            self.of = Some(id);
            self.bars.chosen = None;
            self.bars.shown = None;
            self.calls.restart();
        }
        let (is_range, by) = match cx.workspace.limit() {
            Limit::Recorded { of, filter } if of == id => match filter {
                NodeFilter::AllocatedBy { by, through, .. } => (through != NodeFilter::LAST, Some(by)),
                filter => (matches!(filter, NodeFilter::AllocatedBetween { .. }), None),
            },
            _ => (false, None),
        };
        if !is_range {
            // Taken off elsewhere, if nobody is dragging.
            self.bars.chosen = self
                .bars
                .chosen
                .take()
                .filter(|_| ui.input(|input| input.pointer.any_down() || input.pointer.any_released()));
        }
        let asker = cx.asker(snapshot);
        let Some(timeline) = asker.ready(&mut self.timeline, &FindTimeline).map(Arc::clone) else {
            empty(ui, "Summing up the timeline…");
            return;
        };
        let has_stacks = !snapshot.graph().traces().is_empty();
        self.tool_bar(ui, &timeline, has_stacks);
        if timeline.moments.len() > 1 {
            self.find_parts(cx, snapshot, &timeline);
            let parts = self.parts.latest().map(Vec::as_slice);
            let is_other = self.bars.show(ui, &timeline, self.measure, parts);
            let is_burst = self.bursts(ui, cx, &timeline);
            if is_other || is_burst {
                self.limit(cx, id, &timeline, by);
            }
        }
        if !has_stacks {
            empty(
                ui,
                "This recording holds no allocation stacks: functions are told where it is made with them.",
            );
            return;
        }
        let Some(tree) = self.tree(cx, snapshot) else {
            empty(ui, "Summing up allocations…");
            return;
        };
        if let Some(opened) = self.calls.show(ui, cx, &tree) {
            self.limit(cx, id, &timeline, Some(opened.allocator()));
        }
    }

    fn focus_id(&self) -> Id {
        self.bars.id()
    }

    fn find(&mut self, ctx: &Context) {
        self.calls.find(ctx);
    }

    fn heeds_limit(&self) -> bool {
        true
    }
}
