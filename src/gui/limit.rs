//! The window's filter: what it is called, how it is chosen, and the line above a view that says what is shown.

mod choosing;

use eframe::egui::{
    Align, Layout, Popup, PopupCloseBehavior, Response, RichText, Role, Sense, StrokeKind, Ui,
};
use eframe::egui::{UiBuilder, WidgetInfo, vec2};

use self::choosing::choose;
use super::command::Command;
use super::cx::Cx;
use super::theme::{Icon, Tokens, fonts};
use super::widgets::button::{Button, Look, icon_button};
use super::widgets::select::{Choice, drop_down};
use super::widgets::strip::Strip;
use super::widgets::{focus_ring, strip};
use super::workspace::{Entry, Limit, Limited};
use crate::analysis::allocators::Allocator;
use crate::analysis::filters::NodeFilter;
use crate::analysis::id_space::Verdict;
use crate::analysis::owners::OwnedBy;
use crate::base::units::{counted, grouped, human_duration};
use crate::graph::ObjectId;
use crate::query::subject::SnapshotId;
use crate::snapshot::Snapshot;

/// The filters that need no other snapshot, as DevTools calls them, and those by whose code it is.
pub(crate) const FILTERS: [(NodeFilter, &str); 8] = [
    (NodeFilter::DuplicatedStrings, "Duplicated strings"),
    (
        NodeFilter::RetainedByDetachedDom,
        "Retained by detached DOM nodes",
    ),
    (NodeFilter::RetainedByConsole, "Retained by the console"),
    (NodeFilter::RetainedByEventHandlers, "Retained by event handlers"),
    (NodeFilter::RetainedByContexts, "Retained by contexts of closures"),
    (NodeFilter::Owned(OwnedBy::Program), "Of my code"),
    (NodeFilter::Owned(OwnedBy::Installed), "Of installed packages"),
    (NodeFilter::Owned(OwnedBy::Runtime), "Of the runtime"),
];

const EVERYTHING: &str = "All objects";
const WIDTH: f32 = 320.0;
/// What the drop-down takes at least.
const LEAST: f32 = 72.0;
/// Height of the line above a view.
const LINE: f32 = 32.0;
const CHIP: f32 = 20.0;

/// What `limit` is called.
pub(crate) fn text(cx: &Cx<'_>, limit: Limit) -> String {
    let number = |id| cx.workspace.number(id);
    match limit {
        Limit::No => EVERYTHING.to_owned(),
        Limit::Objects(filter) => {
            let known = FILTERS.iter().find(|(of, _)| *of == filter);
            known.map_or(EVERYTHING, |(_, text)| text).to_owned()
        }
        Limit::Recorded { of, filter } => recorded(cx, of, filter),
        Limit::Allocated { after, through } => match (after, through) {
            (None, None) => EVERYTHING.to_owned(),
            (None, Some(through)) => format!("Allocated before snapshot {}", number(through)),
            (Some(after), None) => format!("Allocated after snapshot {}", number(after)),
            (Some(after), Some(through)) => format!(
                "Allocated between snapshots {} and {}",
                number(after),
                number(through)
            ),
        },
    }
}

/// What a time or a call of the recording `of` is called.
fn recorded(cx: &Cx<'_>, of: SnapshotId, filter: NodeFilter) -> String {
    let snapshot = cx.workspace.entry(of).and_then(Entry::snapshot);
    let when = |after, through| snapshot.map_or_else(String::new, |of| when(of, after, through));
    match filter {
        NodeFilter::AllocatedBetween { after, through } => format!("Allocated{}", when(after, through)),
        NodeFilter::AllocatedBy { by, after, through } => {
            let by = snapshot.map_or_else(String::new, |snapshot| allocator(snapshot, by));
            if through == NodeFilter::LAST {
                format!("Allocated{by}")
            } else {
                format!("Allocated{by}{}", when(after, through))
            }
        }
        _ => EVERYTHING.to_owned(),
    }
}

/// ` between 100 ms and 150 ms`, where these are ids of samples; otherwise the ids.
fn when(snapshot: &Snapshot, after: ObjectId, through: ObjectId) -> String {
    let samples = snapshot.graph().samples();
    // What was allocated after one sample, up to another: the last and the first that have these ids.
    let is = |at: usize, id: ObjectId| samples.last_ids.get(at) == Some(&id.0);
    let from = samples.last_ids.partition_point(|&last| last <= after.0);
    let from = from.checked_sub(1).filter(|&at| is(at, after));
    let to = samples.last_ids.partition_point(|&last| last < through.0);
    let to = Some(to).filter(|&at| is(at, through));
    let time = |at: usize| human_duration(samples.times.get(at).copied().unwrap_or(0));
    match (from, to) {
        // Where nothing was allocated these are the other way round.
        (Some(from), Some(to)) => format!(" between {} and {}", time(from.min(to)), time(from.max(to))),
        (_, Some(to)) if after == ObjectId(0) => format!(" before {}", time(to)),
        _ => format!(" after {after}, up to {through}"),
    }
}

/// ` by render`, ` by render, called by handle`, ` under handle`.
fn allocator(snapshot: &Snapshot, by: Allocator) -> String {
    let graph = snapshot.graph();
    let traces = graph.traces();
    let name = |at: u32| {
        let call = traces.calls().get(at as usize);
        let function = call.and_then(|call| traces.functions().get(call.function as usize));
        let name = function.map(|function| graph.strings().get(function.name).to_string_lossy());
        let name = name.filter(|name| !name.is_empty());
        name.unwrap_or_else(|| "an anonymous function".into())
    };
    match by {
        Allocator::Function { call, levels, .. } => {
            let calls = traces.calls();
            let way = std::iter::successors(Some(call), |&at| calls.get(at as usize)?.caller);
            let way: Vec<_> = way.take(levels as usize).map(name).collect();
            match way.as_slice() {
                [own, first, .., last] => format!(" by {own}, called by {first} … {last}"),
                [own, caller] => format!(" by {own}, called by {caller}"),
                way => format!(" by {}", way.concat()),
            }
        }
        Allocator::Under(call) | Allocator::UnderNamed(call) => format!(" under {}", name(call)),
    }
}

/// A drop-down with the filter that is chosen on it; it leaves `reserve` points to what comes behind it.
pub(crate) fn select(ui: &mut Ui, cx: &Cx<'_>, reserve: f32) {
    let most = (ui.available_width() - reserve).clamp(LEAST, WIDTH);
    let text = text(cx, cx.workspace.limit());
    let shown = Choice {
        text: &text,
        ..Choice::default()
    };
    drop_down(ui, "Objects", &shown, (most, WIDTH), |ui| choose(ui, cx));
}

/// The same behind a button without words.
pub(crate) fn button(ui: &mut Ui, cx: &Cx<'_>) {
    let response = icon_button(ui, Icon::FUNNEL, "Filter all views", 24.0);
    Popup::menu(&response)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .width(WIDTH)
        .show(|ui| choose(ui, cx));
}

/// Why allocation up to the snapshot `other` means nothing in `shown`.
fn hindrance(cx: &Cx<'_>, other: SnapshotId, shown: SnapshotId, verdict: Option<Verdict>) -> String {
    let numbers = [other, shown].map(|id| cx.workspace.number(id));
    let [other, shown] = numbers;
    match verdict {
        None => format!("Whether the ids of {other} and {shown} agree is being looked at"),
        Some(Verdict::Separate) => {
            format!(
                "Snapshots {other} and {shown} are of different processes: an id names another object in each"
            )
        }
        Some(Verdict::Doubtful | Verdict::Comparable) => {
            format!("The ids of snapshots {other} and {shown} agree only in part")
        }
    }
}

/// The line above a view that heeds the filter, if there is one: a chip that takes it off, and what passes.
pub(crate) fn line(ui: &mut Ui, cx: &Cx<'_>) {
    let (limit, Some((id, _))) = (cx.workspace.limit(), cx.snapshot()) else {
        return;
    };
    if limit == Limit::No {
        return;
    }
    let tokens = Tokens::of(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, tokens.bg_panel);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, (1.0, tokens.stroke_subtle));
    let builder = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(12.0, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    let mut ui = ui.new_child(builder);
    let text = text(cx, limit);
    if chip(&mut ui, &text).clicked() {
        cx.send(Command::Limit(Limit::No));
    }
    ui.add_space(4.0);
    let said = said(cx, id);
    let is_called_off = cx.passing().is_err_and(|pending| pending.is_called_off);
    let color = match cx.workspace.limited(id) {
        Limited::Never(..) | Limited::Elsewhere(_) => tokens.high_text,
        _ => tokens.text_subdued,
    };
    let response =
        ui.add(eframe::egui::Label::new(RichText::new(&said).font(fonts::number()).color(color)).truncate());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    if is_called_off && ui.add(Button::new(Look::Ghost, "Ask again")).clicked() {
        cx.jobs.ask_again();
    }
}

/// What passes in the snapshot `id`, or why that means nothing there.
fn said(cx: &Cx<'_>, id: SnapshotId) -> String {
    match cx.workspace.limited(id) {
        Limited::Never(other, verdict) => {
            let why = hindrance(cx, other, id, Some(verdict));
            return format!("Not applied here. {why}.");
        }
        Limited::Elsewhere(of) => {
            let number = cx.workspace.number(of);
            return format!("Not applied here. It is about calls that only snapshot {number} knows.");
        }
        Limited::Unknown => return "Looking whether ids can be compared…".to_owned(),
        Limited::To(_) => {}
    }
    match cx.passing() {
        Ok(Some(passing)) => format!(
            "{} in snapshot {}, {}\u{A0}B",
            counted(passing.count(), "object", "objects"),
            cx.workspace.number(id),
            grouped(passing.shallow_size())
        ),
        Ok(None) => EVERYTHING.to_owned(),
        Err(pending) if pending.is_called_off => "Cancelled".to_owned(),
        Err(_) => "Looking which objects pass…".to_owned(),
    }
}

/// What the views of the snapshot `id` come to, for the status bar.
pub(crate) fn status(cx: &Cx<'_>) -> Option<String> {
    let (_, snapshot) = cx.snapshot()?;
    let objects = |count| counted(count, "object", "objects");
    let Some(passing) = cx.passing().ok()? else {
        let count = snapshot.graph().node_count() as u64;
        let bytes = grouped(snapshot.total_size());
        return Some(format!("{bytes}\u{A0}B in {}", objects(count)));
    };
    let bytes = grouped(passing.shallow_size());
    Some(format!("Filter: {}, {bytes}\u{A0}B", objects(passing.count())))
}

/// A filter that can be taken off.
fn chip(ui: &mut Ui, text: &str) -> Response {
    let tokens = Tokens::of(ui);
    let font = fonts::badge();
    let width = strip::cut(
        ui.painter(),
        text,
        font.clone(),
        tokens.text_strong,
        f32::INFINITY,
    );
    let width = 6.0 + 12.0 + 4.0 + width.size().x.ceil() + 6.0 + 12.0 + 6.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, CHIP), Sense::click());
    let fill = if response.hovered() {
        tokens.bg_hover
    } else {
        tokens.bg_selected
    };
    ui.painter()
        .rect(rect, 4.0, fill, (1.0, tokens.accent_fill), StrokeKind::Inside);
    if response.has_focus() {
        focus_ring(ui, rect.expand(1.0), 5.0);
    }
    let mut strip = Strip::new(ui.painter(), rect.shrink2(vec2(6.0, 0.0)).expand2(vec2(1.0, 0.0)));
    strip
        .space(1.0)
        .icon(Icon::FUNNEL, 12.0, tokens.accent_text)
        .space(4.0);
    strip.text(text, font, tokens.text_strong).space(6.0);
    strip.icon(Icon::X, 12.0, tokens.text_subdued);
    let name = format!("Take off the filter: {text}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response.on_hover_text("Take off the filter")
}
