//! What became of the heap over all open snapshots: what grew, how fast, and whether it goes on.

mod rows;

use std::sync::Arc;

use eframe::egui::{Align, Context, Id, Layout, RichText, Sense, Ui, UiBuilder, vec2};

use self::rows::{Level, Row, Rows};
use crate::base::units::{counted, grouped, human_bytes, signed, signed_bytes};
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::rows::RowTree;
use crate::gui::theme::{Icon, Tokens};
use crate::gui::widgets::banner::{Banner, Tone};
use crate::gui::widgets::button::icon_button;
use crate::gui::widgets::segments::{self, segments};
use crate::gui::widgets::select::{Choice, select};
use crate::gui::widgets::series_chart::{ChartLine, STYLES, series_chart};
use crate::gui::widgets::table::ROW;
use crate::gui::widgets::toggle::toggle;
use crate::gui::widgets::{empty, unanswered};
use crate::gui::workspace::{Entry, seconds};
use crate::job::{Lane, Poll, Slot};
use crate::query::subject::SnapshotId;
use crate::query::trend::{FindTrend, Series, Trend, TrendBy, TrendHead, TrendRow, TrendRows, Values};

pub(super) const SPEC: Spec = Spec {
    id: "trend",
    title: "Trend",
    icon: Icon::CHART,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: true,
    key: None,
    takes: None,
    open: |id| Box::new(TrendView::new(id)),
};

struct TrendView {
    rows: RowTree<Rows>,
    by: TrendBy,
    values: Values,
    growing: bool,
    /// What is shown: the open snapshots, and as one thing to ask about.
    series: Option<(Vec<SnapshotId>, Arc<Series>)>,
    find: Slot<FindTrend>,
    /// The rows in the chart, and of which answer they are rows.
    checked: Option<(u64, Arc<[u32]>)>,
}

const TOOL_BAR: f32 = 36.0;
const FOOTER: f32 = 36.0;
/// So many rows are in the chart at first.
const CHECKED: usize = 3;
/// Below this width choices stand in menus.
const NARROW: f32 = 760.0;
/// Below this height the chart gives its room to the rows.
const LOW: f32 = 460.0;

impl TrendView {
    fn new(id: Id) -> Self {
        Self {
            rows: RowTree::new("trend", id, Level::top(), TrendRows::DEFAULT_ORDER, ROW).about_several(),
            by: TrendBy::Holder,
            values: Values::Absolute,
            growing: false,
            series: None,
            find: Slot::new(Lane::Bulk),
            checked: None,
        }
    }

    /// What rows stand for, and how their bytes are shown.
    fn tool_bar(&mut self, ui: &mut Ui) -> bool {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TOOL_BAR), Sense::hover());
        let bar = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(12.0, 0.0)))
            .layout(Layout::left_to_right(Align::Center));
        let mut bar = ui.new_child(bar);
        let before = self.by;
        let color = Tokens::of(&bar).text_subdued;
        bar.label(RichText::new("Rows").color(color));
        choose(
            &mut bar,
            "Rows",
            &TrendBy::ALL.map(|by| (by, by.title())),
            &mut self.by,
            rect.width(),
        );
        bar.add_space(4.0);
        bar.label(RichText::new("Values").color(color));
        let values = Values::ALL.map(|values| (values, values.title()));
        choose(&mut bar, "Values", &values, &mut self.values, rect.width());
        let mut exports = false;
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            exports = icon_button(ui, Icon::EXPORT, "Export table…", 24.0).clicked();
            let label = if rect.width() < NARROW {
                "Grew at every step"
            } else {
                "Only rows that grew at every step"
            };
            toggle(ui, label, &mut self.growing);
        });
        if before != self.by {
            self.checked = None;
            self.rows.restart(Level::top());
        }
        exports
    }

    /// The snapshots that were read, as one thing to ask about: the same as before if nothing changed.
    fn series(&mut self, cx: &Cx<'_>, read: &[&Entry]) -> Arc<Series> {
        let ids: Vec<SnapshotId> = read.iter().map(|entry| entry.id).collect();
        match &self.series {
            Some((of, series)) if *of == ids => Arc::clone(series),
            _ => {
                let snapshots = read.iter().filter_map(|entry| entry.snapshot().cloned());
                let series = Arc::new(Series {
                    snapshots: snapshots.collect(),
                    seconds: seconds(read),
                });
                let before = self.series.replace((ids, Arc::clone(&series)));
                cx.jobs.discard(before);
                self.checked = None;
                self.rows.restart(Level::top());
                series
            }
        }
    }

    /// The rows in the chart: at first those that grew most.
    fn checked(&mut self, trend: &Trend) -> Arc<[u32]> {
        let of = self.find.version();
        match &self.checked {
            Some((answer, checked)) if *answer == of => Arc::clone(checked),
            _ => {
                let rows = trend.rows.iter().enumerate();
                let growing = rows
                    .filter(|(_, row)| !row.is_rest && trend.growth(row) > 0)
                    .take(CHECKED);
                let checked: Arc<[u32]> = growing
                    .filter_map(|(at, _)| u32::try_from(at).ok())
                    .collect::<Vec<u32>>()
                    .into();
                self.checked = Some((of, Arc::clone(&checked)));
                checked
            }
        }
    }

    /// Takes the row into the chart or out of it.
    fn check(&mut self, row: Row) {
        let (Row::Top(at), Some((_, checked))) = (row, &mut self.checked) else {
            return;
        };
        let mut rows = checked.to_vec();
        match rows.iter().position(|&other| other == at) {
            Some(known) => {
                rows.remove(known);
            }
            None if rows.len() < STYLES => rows.push(at),
            None => return,
        }
        *checked = rows.into();
    }

    /// How far the answer is, or that there is none.
    fn waiting(ui: &mut Ui, cx: &Cx<'_>, poll: &Poll<'_, Arc<Trend>>) {
        match poll {
            Poll::Failed(reason) => unanswered(ui, cx.jobs, "What grew cannot be told", reason),
            Poll::Busy { waiting: true, .. } => empty(ui, "Waiting until a file is read…"),
            Poll::Busy { .. } | Poll::Ready(_) => empty(ui, "Looking for what grew…"),
        }
    }

    fn chart(&self, ui: &mut Ui, trend: &Trend, checked: &[u32], titles: &[String]) {
        let lines: Vec<ChartLine> = checked
            .iter()
            .enumerate()
            .map(|(style, &at)| self.line(trend, &trend.rows[at as usize], style))
            .collect();
        series_chart(ui, "Bytes", &lines, titles, trend.series.seconds.as_deref());
    }

    fn line(&self, trend: &Trend, row: &TrendRow, style: usize) -> ChartLine {
        let values = (0..row.sizes.len())
            .map(|at| self.values.of(trend, &row.sizes, at).map(|value| value as f64))
            .collect();
        let growth = trend.growth(row);
        let rate = match trend.per_hour(growth) {
            Some(rate) => format!("{}/h", signed_bytes(rate.round() as i64)),
            None => signed_bytes(growth),
        };
        ChartLine {
            name: row.name.to_string(),
            style,
            values,
            notes: [human_bytes(row.sizes.last().copied().unwrap_or(0)), rate],
        }
    }

    /// The sums of all rows under their columns.
    fn footer(&self, ui: &mut Ui, rows: &Rows) {
        let trend = &rows.trend;
        let label = if trend.sums == trend.totals {
            "Rows sum to the total of every snapshot"
        } else {
            "Rows do not sum to the total of every snapshot"
        };
        let columns = crate::query::trend::columns_of(trend.totals.len());
        self.rows.table().footer(ui, &rows.heads, FOOTER, label, |at| {
            let growth = trend.total_growth();
            match rows.heads[at].by {
                TrendHead::At(column) => {
                    let at = columns.get(usize::from(column)).copied().unwrap_or(0);
                    match self.values {
                        Values::Absolute => grouped(trend.sums[at]),
                        relative => relative
                            .of(trend, &trend.sums, at)
                            .map_or_else(String::new, signed),
                    }
                }
                TrendHead::Growth => signed(growth),
                TrendHead::PerHour => trend.per_hour(growth).map_or_else(String::new, |rate| {
                    format!("{}/h", signed_bytes(rate.round() as i64))
                }),
                _ => String::new(),
            }
        });
    }
}

/// One of a few, all in sight where there is room.
fn choose<T: Copy + PartialEq>(ui: &mut Ui, name: &str, choices: &[(T, &str)], chosen: &mut T, width: f32) {
    let has_room = segments::width(ui, choices) < width * 0.32;
    let picked = if has_room {
        segments(ui, name, choices, *chosen)
    } else {
        let listed: Vec<Choice<'_>> = choices
            .iter()
            .map(|(_, text)| Choice {
                lead: "",
                text,
                note: "",
            })
            .collect();
        let at = choices.iter().position(|(value, _)| value == chosen).unwrap_or(0);
        select(ui, name, &listed, at)
            .and_then(|at| choices.get(at))
            .map(|(value, _)| *value)
    };
    if let Some(picked) = picked {
        *chosen = picked;
    }
}

/// What has to be known of the snapshots, if they are not of one process.
fn banner(ui: &mut Ui, trend: &Trend) {
    let Some(problem) = trend.problem() else { return };
    let mut text = problem;
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text.push('.');
    let (tone, icon, lead) = if trend.is_one_process() {
        (Tone::Warn, Icon::WARNING, "In another order.")
    } else {
        (Tone::Warn, Icon::NOT_EQUALS, "Different processes.")
    };
    Banner::new(tone, icon, lead, &text).show(ui);
}

impl View for TrendView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let read: Vec<&Entry> = cx
            .workspace
            .entries()
            .iter()
            .filter(|entry| entry.snapshot().is_some())
            .collect();
        let Some((_, current)) = cx.snapshot() else {
            return;
        };
        if read.len() < 2 {
            // The last to hold a closed snapshot gives its memory back: not while a frame waits.
            cx.jobs.discard(self.series.take());
            empty(ui, "Drop more snapshots of the same program to see what grows.");
            return;
        }
        let series = self.series(cx, &read);
        let titles: Vec<String> = read.iter().map(|entry| entry.title()).collect();
        let ids: Vec<SnapshotId> = read.iter().map(|entry| entry.id).collect();
        let exports = self.tool_bar(ui);
        let poll = self.find.ask(cx.jobs, &series, &FindTrend { by: self.by });
        let Poll::Ready(trend) = poll else {
            Self::waiting(ui, cx, &poll);
            return;
        };
        let trend = Arc::clone(trend);
        let rows = Rows {
            asker: cx.asker(current),
            checked: self.checked(&trend),
            trend: Arc::clone(&trend),
            ids: ids.into(),
            heads: rows::heads(&titles, trend.per_hour(0).is_some()),
            growing: self.growing,
            values: self.values,
            order: self.rows.table().order,
        };
        if exports {
            self.rows.export(cx, &rows);
        }
        banner(ui, &trend);
        if ui.available_height() > LOW {
            self.chart(ui, &trend, &rows.checked, &titles);
        }
        let rect = ui.available_rect_before_wrap();
        let (body, foot) = rect.split_top_bottom_at_y(rect.bottom() - FOOTER);
        let acted = ui
            .scope_builder(UiBuilder::new().max_rect(body), |ui| {
                self.rows.show(ui, cx, &rows, None)
            })
            .inner;
        ui.scope_builder(UiBuilder::new().max_rect(foot), |ui| self.footer(ui, &rows));
        if let Some(row) = acted.marked {
            self.check(row);
        }
        match acted.opened {
            Some(row @ Row::Object(..)) => self.rows.go(cx, &rows, &row),
            Some(_) => self.rows.tree.toggle_current(&rows),
            None => {}
        }
    }

    fn focus_id(&self) -> Id {
        self.rows.table().id()
    }

    fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }

    fn status(&self) -> Option<String> {
        let rows = self.rows.tree.outline.top().known()?;
        Some(counted(rows.len() as u64, "row", "rows"))
    }

    fn tag(&self, cx: &Cx<'_>) -> Option<String> {
        let count = cx.workspace.entries().len();
        (count > 1).then(|| format!("1–{count}"))
    }

    fn shared(&self) -> Option<Shared> {
        Some(self.rows.shared(""))
    }
}
