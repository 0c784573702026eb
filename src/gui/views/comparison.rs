//! What changed between two snapshots, class by class.

mod rows;

use std::sync::Arc;

use eframe::egui::{Align, Context, Id, Layout, RichText, Sense, Ui, UiBuilder, vec2};

use self::rows::{Changes, HEADS, Level, Row};
use crate::base::units::{grouped, human_bytes, signed};
use crate::gui::command::{Command, FileDeed};
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::rows::RowTree;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::banner::{Banner, Tone};
use crate::gui::widgets::button::icon_button;
use crate::gui::widgets::empty;
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::select::{Choice, select};
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::widgets::toggle::toggle;
use crate::gui::workspace::Entry;
use crate::job::{Lane, Poll, Slot};
use crate::query::Order;
use crate::query::comparison::{Compare, Compared, ComparisonColumn, Pair};
use crate::query::pattern::{Pattern, Syntax};
use crate::query::subject::SnapshotId;

pub(super) const SPEC: Spec = Spec {
    id: "comparison",
    title: "Comparison",
    icon: Icon::SWAP,
    place: Place::Centre,
    is_apart: false,
    is_of_two: true,
    stands_alone: false,
    key: Some(eframe::egui::Key::C),
    takes: None,
    open: |id| Box::new(ComparisonView::new(id)),
};

struct ComparisonView {
    rows: RowTree<Changes>,
    search: SearchBox,
    pattern: Option<Pattern>,
    unchanged: bool,
    /// What is compared, and the two snapshots as one thing to ask about.
    pair: Option<((SnapshotId, SnapshotId), Arc<Pair>)>,
    compare: Slot<Compare>,
}

const TOOL_BAR: f32 = 36.0;
const FOOTER: f32 = 36.0;

impl ComparisonView {
    fn new(id: Id) -> Self {
        let order = Order::descending(ComparisonColumn::SizeDelta);
        Self {
            rows: RowTree::new("comparison", id, Level::classes(), order, DENSE_ROW),
            search: SearchBox::new("Filter by class name", id),
            pattern: None,
            unchanged: false,
            pair: None,
            compare: Slot::new(Lane::Bulk),
        }
    }

    /// Which two are compared, and what is shown of them.
    fn tool_bar(&mut self, ui: &mut Ui, cx: &Cx<'_>, base: &Entry, current: SnapshotId) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TOOL_BAR), Sense::hover());
        let bar = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(12.0, 0.0)))
            .layout(Layout::left_to_right(Align::Center));
        let mut bar = ui.new_child(bar);
        let color = Tokens::of(&bar).text_subdued;
        bar.label(RichText::new("Base").color(color));
        if let Some(id) = choose(&mut bar, cx, "Base", base.id) {
            cx.send(Command::File(id, FileDeed::MakeBase));
        }
        if icon_button(&mut bar, Icon::SWAP, "Swap base and current", 24.0).clicked() {
            cx.send(Command::File(current, FileDeed::MakeBase));
            cx.send(Command::File(base.id, FileDeed::MakeCurrent));
        }
        bar.label(RichText::new("Current").color(color));
        if let Some(id) = choose(&mut bar, cx, "Current", current) {
            cx.send(Command::File(id, FileDeed::MakeCurrent));
        }
        bar.add_space(4.0);
        if self.search.show(&mut bar, "/", 200.0) {
            bar.memory_mut(|memory| memory.request_focus(self.focus_id()));
        }
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            toggle(ui, "Unchanged classes", &mut self.unchanged);
        });
    }

    /// How far the comparison is, or that it failed.
    fn waiting(&mut self, ui: &mut Ui, cx: &Cx<'_>, pair: &Arc<Pair>) {
        match self.compare.ask(cx.jobs, pair, &Compare) {
            Poll::Failed(reason) => empty(ui, &format!("The comparison failed: {reason}")),
            Poll::Busy { waiting: true, .. } => empty(ui, "Waiting until a file is read…"),
            Poll::Busy { .. } | Poll::Ready(_) => empty(ui, "Comparing…"),
        }
    }
}

/// A drop-down of all snapshots that were read; the one that was chosen now.
fn choose(ui: &mut Ui, cx: &Cx<'_>, name: &str, chosen: SnapshotId) -> Option<SnapshotId> {
    let read: Vec<(String, String, String, SnapshotId)> = cx
        .workspace
        .entries()
        .iter()
        .filter_map(|entry| {
            let snapshot = entry.snapshot()?;
            let number = cx.workspace.number(entry.id).to_string();
            Some((
                number,
                entry.title(),
                human_bytes(snapshot.total_size()),
                entry.id,
            ))
        })
        .collect();
    let choices: Vec<Choice<'_>> = read
        .iter()
        .map(|(lead, text, note, _)| Choice { lead, text, note })
        .collect();
    let at = read.iter().position(|(.., id)| *id == chosen).unwrap_or(0);
    let at = select(ui, name, &choices, at)?;
    read.get(at).map(|(.., id)| *id)
}

/// Whether objects are matched one by one, and how that is known.
fn banner(ui: &mut Ui, compared: &Compared) {
    match compared.problem() {
        None => {
            let space = compared.comparison.id_space();
            let share = space.agreement.unwrap_or_default() * 100.0;
            let text = format!(
                "{share:.2} % of {} sampled ids name the same thing, so objects are matched one by one.",
                grouped(space.sampled as u64)
            );
            Banner::new(Tone::Ok, Icon::FINGERPRINT, "Ids are comparable.", &text).show(ui);
        }
        Some(problem) => {
            let mut text = problem;
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            Banner::new(Tone::Warn, Icon::NOT_EQUALS, "Ids are not comparable.", &text).show(ui);
        }
    }
}

/// Whether the rows add up, and to what.
fn footer(ui: &mut Ui, compared: &Compared) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), FOOTER), Sense::hover());
    let tokens = Tokens::of(ui);
    ui.painter().rect_filled(rect, 0.0, tokens.bg_panel);
    ui.painter()
        .hline(rect.x_range(), rect.top() + 0.5, (1.0, tokens.stroke_default));
    let inner = UiBuilder::new()
        .max_rect(rect.shrink2(vec2(12.0, 0.0)))
        .layout(Layout::left_to_right(Align::Center));
    let mut inner = ui.new_child(inner);
    let sum = compared.rows_delta;
    let total = compared.size_delta();
    let adds_up = sum == total;
    let (icon, color) = if adds_up {
        (Icon::CHECK_CIRCLE, tokens.accent_text)
    } else {
        (Icon::WARNING, tokens.high_text)
    };
    inner.label(RichText::new(icon.0).font(fonts::icon(16.0)).color(color));
    let text = if adds_up {
        format!("Rows sum to {} B, the change of the heap", signed(sum))
    } else {
        format!(
            "Rows sum to {} B, but the heap changed by {} B",
            signed(sum),
            signed(total)
        )
    };
    inner.label(
        RichText::new(&text)
            .font(fonts::number_strong())
            .color(tokens.text_strong),
    );
    response.widget_info(|| eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, &text));
    if let Some(changes) = compared.changes {
        inner.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let shown = [
                ("shrunk", changes.shrunk_size, false),
                ("grown", changes.grown_size, true),
                ("deleted", changes.removed.size, false),
                ("new", changes.added.size, true),
            ];
            for (name, bytes, is_growth) in shown {
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
}

impl View for ComparisonView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, current)) = cx.snapshot() else {
            return;
        };
        let Some(base) = cx.workspace.base_of(id) else {
            empty(
                ui,
                "Drop a second snapshot of the same process to see what changed.",
            );
            return;
        };
        let Some(base_snapshot) = base.snapshot() else {
            return;
        };
        let sides = (base.id, id);
        self.tool_bar(ui, cx, base, id);
        let pair = match &self.pair {
            Some((of, pair)) if *of == sides => Arc::clone(pair),
            _ => {
                let pair = Arc::new(Pair {
                    base: Arc::clone(base_snapshot),
                    current: Arc::clone(current),
                });
                self.pair = Some((sides, Arc::clone(&pair)));
                self.rows.restart(Level::classes());
                pair
            }
        };
        if self.pattern.as_ref().map_or("", Pattern::source) != self.search.text() {
            self.pattern = Pattern::new(self.search.text(), Syntax::Substring, false).ok();
        }
        let Poll::Ready(compared) = self.compare.ask(cx.jobs, &pair, &Compare) else {
            self.waiting(ui, cx, &pair);
            return;
        };
        let compared = Arc::clone(compared);
        let changes = Changes {
            asker: cx.asker(current),
            compared: Arc::clone(&compared),
            sides,
            pattern: self
                .pattern
                .clone()
                .filter(|pattern| !pattern.source().is_empty()),
            unchanged: self.unchanged,
            order: self.rows.table().order,
        };
        banner(ui, &compared);
        let rect = ui.available_rect_before_wrap();
        let (body, foot) = rect.split_top_bottom_at_y(rect.bottom() - FOOTER);
        let acted = ui
            .scope_builder(UiBuilder::new().max_rect(body), |ui| {
                self.rows.show(ui, cx, &changes, None)
            })
            .inner;
        ui.scope_builder(UiBuilder::new().max_rect(foot), |ui| footer(ui, &compared));
        match acted.opened {
            Some(row @ (Row::Edge(..) | Row::Object(..))) => self.rows.go(cx, &changes, &row),
            Some(Row::Class(_)) => self.rows.tree.toggle_current(&changes),
            None => {}
        }
    }

    fn focus_id(&self) -> Id {
        self.rows.table().id()
    }

    fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }

    fn filter(&mut self, ctx: &Context, text: Option<&str>) {
        self.search.take(ctx, text);
    }

    fn status(&self) -> Option<String> {
        let rows = self.rows.tree.outline.top().classes_known()?;
        Some(format!("{} classes", grouped(rows.len() as u64)))
    }

    fn shared(&self) -> Option<Shared> {
        Some(self.rows.shared(self.search.text()))
    }

    fn adopt(&mut self, shared: &Shared, scrolled: f64) {
        self.rows.adopt(HEADS, shared, scrolled);
    }
}
