//! What changed between two snapshots: class by class, or whose it is, or along which path it is held.

mod face;
mod foot;
mod heads;
mod places;
mod rows;

use std::sync::Arc;

use eframe::egui::{Align, Context, Id, Layout, RichText, Sense, Ui, UiBuilder, vec2};

use self::heads::{HEADS, TREE_HEADS};
use self::places::Places;
use self::rows::{Changes, Level, Row};
use crate::analysis::comparison::Matching;
use crate::base::units::{counted, human_bytes};
use crate::gui::command::{Command, FileDeed};
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::rows::RowTree;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::button::icon_button;
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::segments::segments;
use crate::gui::widgets::select::{Choice, select};
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::widgets::threshold::{Threshold, threshold};
use crate::gui::widgets::{empty, unanswered};
use crate::gui::workspace::Entry;
use crate::job::{Lane, Poll, Slot};
use crate::query::Order;
use crate::query::comparison::deltas::{Attribution, DeltaBy, DeltaColumn};
use crate::query::comparison::{Compare, Compared, ComparisonColumn, Pair, RowOf};
use crate::query::pattern::Pattern;
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

/// How the change is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Class,
    Owner,
    Path,
}

struct ComparisonView {
    rows: RowTree<Changes>,
    places: RowTree<Places>,
    by: By,
    least: Threshold,
    is_subtracted: bool,
    matching: Matching,
    search: SearchBox,
    pattern: Option<Pattern>,
    /// What is compared, and the two snapshots as one thing to ask about.
    pair: Option<((SnapshotId, SnapshotId), Arc<Pair>)>,
    compare: Slot<Compare>,
    deltas: Slot<DeltaBy>,
    /// What the tree of places was made of.
    planted: Option<(By, usize)>,
}

const TOOL_BAR: f32 = 36.0;

/// What the threshold needs of the tool bar, and the filter at least: without that room it is shown only while it filters.
const THRESHOLD: f32 = 300.0;
const LABEL: f32 = 60.0;
const LEAST_FILTER: f32 = 100.0;

/// Narrower tool bars do without words.
const NARROW: f32 = 960.0;

impl ComparisonView {
    fn new(id: Id) -> Self {
        let order = Order::descending(ComparisonColumn::SizeDelta);
        let tree_order = Order::descending(DeltaColumn::SizeDelta);
        Self {
            rows: RowTree::new("comparison", id, Level::classes(), order, DENSE_ROW).about_several(),
            places: RowTree::new(
                "comparison-places",
                id,
                places::Level::top(),
                tree_order,
                DENSE_ROW,
            )
            .about_several(),
            by: By::Class,
            least: Threshold::SMALL,
            is_subtracted: false,
            matching: Matching::ByIds,
            search: SearchBox::new("Filter by class name", id),
            pattern: None,
            pair: None,
            compare: Slot::new(Lane::Bulk),
            deltas: Slot::new(Lane::Bulk),
            planted: None,
        }
    }

    /// Which two are compared, and what is shown of them.
    fn tool_bar(&mut self, ui: &mut Ui, cx: &Cx<'_>, base: &Entry, current: SnapshotId, total: u64) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TOOL_BAR), Sense::hover());
        let bar = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(12.0, 0.0)))
            .layout(Layout::left_to_right(Align::Center));
        let mut bar = ui.new_child(bar);
        let color = Tokens::of(&bar).text_subdued;
        let is_narrow = rect.width() < NARROW;
        if !is_narrow {
            bar.label(RichText::new("Base").color(color));
        }
        if let Some(id) = choose(&mut bar, cx, "Base", base.id) {
            cx.send(Command::File(id, FileDeed::MakeBase));
        }
        if icon_button(&mut bar, Icon::SWAP, "Swap base and current", 24.0).clicked() {
            cx.send(Command::File(current, FileDeed::MakeBase));
            cx.send(Command::File(base.id, FileDeed::MakeCurrent));
        }
        if !is_narrow {
            bar.label(RichText::new("Current").color(color));
        }
        if let Some(id) = choose(&mut bar, cx, "Current", current) {
            cx.send(Command::File(id, FileDeed::MakeCurrent));
        }
        bar.add_space(4.0);
        let ways = [(By::Class, "Class"), (By::Owner, "Owner"), (By::Path, "Path")];
        if let Some(by) = segments(&mut bar, "Compare by", &ways, self.by) {
            self.by = by;
        }
        let room = bar.available_width() - THRESHOLD;
        let filters = self.by == By::Class && (room >= LEAST_FILTER || !self.search.text().is_empty());
        let is_labelled = room >= if filters { LABEL + LEAST_FILTER } else { LABEL };
        let is_brief = room < 0.0;
        if filters {
            bar.add_space(4.0);
            let room = if is_labelled { room - LABEL } else { room };
            let width = room.clamp(LEAST_FILTER, 200.0);
            if self.search.show(&mut bar, "/", width) {
                bar.memory_mut(|memory| memory.request_focus(self.focus_id()));
            }
        }
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let text = match self.least.text() {
                None => self.least.told(),
                Some(share) if is_brief => share,
                Some(share) => format!("{share} of heap, {}", human_bytes(self.least.bytes(total))),
            };
            ui.label(
                RichText::new(text)
                    .font(fonts::number())
                    .color(Tokens::of(ui).text),
            );
            if let Some(least) = threshold(ui, "At least", self.least) {
                self.least = least;
            }
            if is_labelled {
                ui.label(RichText::new("At least").color(color));
            }
        });
    }

    /// How far the comparison is, or that it failed.
    fn waiting(&mut self, ui: &mut Ui, cx: &Cx<'_>, pair: &Arc<Pair>, question: Compare) {
        match self.compare.ask(cx.jobs, pair, &question) {
            Poll::Failed(reason) => unanswered(ui, cx.jobs, "The snapshots cannot be compared", reason),
            Poll::Busy { waiting: true, .. } => empty(ui, "Waiting until a file is read…"),
            Poll::Busy { .. } | Poll::Ready(_) => empty(ui, "Comparing…"),
        }
    }

    fn by_class(
        &mut self,
        ui: &mut Ui,
        cx: &Cx<'_>,
        sides: (SnapshotId, SnapshotId),
        compared: &Arc<Compared>,
    ) {
        let current = &compared.pair.current;
        let changes = Changes {
            asker: cx.asker(current),
            compared: Arc::clone(compared),
            sides,
            pattern: self
                .pattern
                .clone()
                .filter(|pattern| !pattern.source().is_empty()),
            unchanged: self.least.is_everything(),
            least: self.least.bytes(current.total_size()),
            is_subtracted: self.is_subtracted,
            order: self.rows.table().order,
        };
        match self.rows.show(ui, cx, &changes, None).opened {
            Some(Row::Class(row)) if row.of == RowOf::Cost => self.is_subtracted = !self.is_subtracted,
            Some(Row::Class(_)) => self.rows.tree.toggle_current(&changes),
            Some(row) => self.rows.go(cx, &changes, &row),
            None => {}
        }
    }

    fn by_place(
        &mut self,
        ui: &mut Ui,
        cx: &Cx<'_>,
        sides: (SnapshotId, SnapshotId),
        compared: &Arc<Compared>,
        by: Attribution,
    ) {
        let question = DeltaBy { by, cost_apart: true };
        let deltas = match self.deltas.ask(cx.jobs, compared, &question) {
            Poll::Ready(deltas) => Arc::clone(deltas),
            Poll::Failed(reason) => {
                return unanswered(ui, cx.jobs, "The change cannot be followed", reason);
            }
            Poll::Busy { .. } => return empty(ui, "Following what the change hangs from…"),
        };
        let planted = Some((self.by, Arc::as_ptr(&deltas).addr()));
        if self.planted != planted {
            self.planted = planted;
            self.places.restart(places::Level::top());
        }
        let places = Places {
            asker: cx.asker(&compared.pair.current),
            compared: Arc::clone(compared),
            deltas,
            sides,
            least: self.least.bytes(compared.pair.current.total_size()),
            order: self.places.table().order,
        };
        if let Some(row) = self.places.show(ui, cx, &places, None).opened {
            self.places.go(cx, &places, &row);
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
        self.tool_bar(ui, cx, base, id, current.total_size());
        let pair = match &self.pair {
            Some((of, pair)) if *of == sides => Arc::clone(pair),
            _ => {
                let pair = Arc::new(Pair {
                    base: Arc::clone(base_snapshot),
                    current: Arc::clone(current),
                });
                self.pair = Some((sides, Arc::clone(&pair)));
                self.matching = Matching::ByIds;
                self.is_subtracted = false;
                self.rows.restart(Level::classes());
                pair
            }
        };
        self.search.keep_up(&mut self.pattern);
        let question = Compare {
            matching: self.matching,
        };
        let Poll::Ready(compared) = self.compare.ask(cx.jobs, &pair, &question) else {
            self.waiting(ui, cx, &pair, question);
            return;
        };
        let compared = Arc::clone(compared);
        if foot::banner(ui, &compared) {
            self.matching = match self.matching {
                Matching::ByIds => Matching::ByClass,
                Matching::ByClass => Matching::ByIds,
            };
            self.rows.restart(Level::classes());
        }
        let rect = ui.available_rect_before_wrap();
        let (body, below) = rect.split_top_bottom_at_y(rect.bottom() - foot::HEIGHT);
        ui.scope_builder(UiBuilder::new().max_rect(body), |ui| match self.by {
            By::Class => self.by_class(ui, cx, sides, &compared),
            By::Owner => self.by_place(ui, cx, sides, &compared, Attribution::Owner),
            By::Path => self.by_place(ui, cx, sides, &compared, Attribution::Path),
        });
        ui.scope_builder(UiBuilder::new().max_rect(below), |ui| {
            foot::footer(ui, &compared, &mut self.is_subtracted);
        });
    }

    fn focus_id(&self) -> Id {
        match self.by {
            By::Class => self.rows.table().id(),
            By::Owner | By::Path => self.places.table().id(),
        }
    }

    fn find(&mut self, ctx: &Context) {
        match self.by {
            By::Class => self.rows.tree.finder.open(ctx),
            By::Owner | By::Path => self.places.tree.finder.open(ctx),
        }
    }

    fn filter(&mut self, ctx: &Context, text: Option<&str>) {
        self.by = By::Class;
        self.search.take(ctx, text);
    }

    fn status(&self) -> Option<String> {
        if self.by != By::Class {
            return None;
        }
        let rows = self.rows.tree.outline.top().classes_known()?;
        let shown = rows
            .iter()
            .filter(|row| matches!(row.of, RowOf::Class(_)))
            .count();
        let shown = format!("{} shown", counted(shown as u64, "class", "classes"));
        let below = rows.iter().find_map(|row| match row.of {
            RowOf::Below(count) => Some(count),
            _ => None,
        });
        Some(match below {
            None => shown,
            Some(count) => format!("{shown}, {count} below the threshold"),
        })
    }

    fn shared(&self) -> Option<Shared> {
        Some(match self.by {
            By::Class => self.rows.shared(self.search.text()),
            By::Owner | By::Path => self.places.shared(self.search.text()),
        })
    }

    fn adopt(&mut self, shared: &Shared, scrolled: f64) {
        match self.by {
            By::Class => self.rows.adopt(HEADS, shared, scrolled),
            By::Owner | By::Path => self.places.adopt(TREE_HEADS, shared, scrolled),
        }
    }
}
