//! Caches and other collections: whose they are, how full, and whether they grow from snapshot to snapshot.

mod face;
mod rows;

use std::sync::Arc;

use eframe::egui::{Align, Context, Id, Layout, RichText, Ui};

use self::face::HEADS;
use self::rows::{CacheTree, Level, Row};
use crate::base::units::counted;
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::rows::{Acted, RowTree, Subjects as _};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::segments::segments;
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::widgets::{tool_bar, unanswered};
use crate::job::{Lane, Slot};
use crate::query::caches::series::{Caches, Series, Whose};
use crate::query::caches::{CacheList, FindCaches};
use crate::query::pattern::Pattern;
use crate::query::subject::SnapshotId;

pub(super) const SPEC: Spec = Spec {
    id: "caches",
    title: "Caches",
    icon: Icon::STACK,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: None,
    open: |id| Box::new(CachesView::new(id)),
};

struct CachesView {
    rows: RowTree<CacheTree>,
    search: SearchBox,
    pattern: Option<Pattern>,
    whose: Whose,
    /// The caches of each snapshot up to the one that is shown.
    finding: Vec<(SnapshotId, Slot<FindCaches>)>,
    /// What is asked about, and of which snapshots it is.
    series: Option<Arc<Series>>,
    of: Option<SnapshotId>,
}

const WHOSE: [(Whose, &str); 4] = [
    (Whose::Anybody, "All"),
    (Whose::Own, "Mine"),
    (Whose::Installed, "Packages"),
    (Whose::Runtime, "Runtime"),
];

const TOOL_BAR: f32 = 36.0;

impl CachesView {
    fn new(id: Id) -> Self {
        Self {
            rows: RowTree::new("caches", id, Level::caches(), Caches::DEFAULT_ORDER, DENSE_ROW)
                .about_several(),
            search: SearchBox::new("Filter by name, owner or module", id),
            pattern: None,
            whose: Whose::Anybody,
            finding: Vec::new(),
            series: None,
            of: None,
        }
    }

    fn tool_bar(&mut self, ui: &mut Ui) {
        let mut bar = tool_bar(ui, TOOL_BAR);
        if self.search.show(&mut bar, "/", 240.0) {
            bar.memory_mut(|memory| memory.request_focus(self.focus_id()));
        }
        if let Some(whose) = segments(&mut bar, "Whose", &WHOSE, self.whose) {
            self.whose = whose;
            self.rows.tree.table.scroll_to_top();
        }
        let Some(caches) = self.rows.tree.outline.top().answer() else {
            return;
        };
        let mut text = counted(caches.len() as u64, "cache", "caches");
        let snapshots = self.series.as_ref().map_or(0, |series| series.lists.len());
        if snapshots > 1 {
            text = format!("{text} over {snapshots} snapshots");
        }
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let color = Tokens::of(ui).text_subdued;
            ui.label(RichText::new(text).font(fonts::number()).color(color));
        });
    }

    /// Asks for the caches of all snapshots up to the one that is shown, which alone are shown until all are known. Returns why
    /// some are not told, if they are not.
    fn find_caches(&mut self, cx: &Cx<'_>, shown: SnapshotId) -> Option<String> {
        let number = cx.workspace.number(shown);
        let entries = cx.workspace.entries().iter().take(number);
        let read: Vec<_> = entries
            .filter_map(|entry| Some((entry.id, entry.snapshot()?)))
            .collect();
        self.finding
            .retain(|(id, _)| read.iter().any(|(known, _)| known == id));
        let mut lists = Vec::with_capacity(read.len());
        let mut failure = None;
        for (id, snapshot) in &read {
            let at = self.finding.iter().position(|(known, _)| known == id);
            let at = at.unwrap_or_else(|| {
                self.finding.push((*id, Slot::new(Lane::Bulk)));
                self.finding.len() - 1
            });
            let slot = &mut self.finding[at].1;
            failure = cx.asker(snapshot).ask(slot, &FindCaches).failure.or(failure);
            lists.push(slot.latest().cloned());
        }
        let all: Option<Vec<CacheList>> = lists.iter().cloned().collect();
        let known = all.or_else(|| Some(vec![lists.last().cloned()??]));
        let is_known = match (&known, &self.series) {
            (Some(lists), Some(series)) => series.lists == *lists,
            (None, None) => true,
            _ => false,
        };
        if !is_known {
            self.series = known.map(|lists| Arc::new(Series { lists }));
        }
        failure
    }

    fn act(&mut self, cx: &Cx<'_>, caches: &CacheTree, acted: &Acted<Row>) {
        match &acted.opened {
            // What an entry holds stands elsewhere.
            Some(row @ Row::Entry { .. }) => {
                if let Some(subject) = caches.subject(cx, row) {
                    cx.go_home(subject);
                }
            }
            Some(Row::Cache(_) | Row::Instance(..) | Row::Part(..)) => self.rows.tree.toggle_current(caches),
            None => {}
        }
    }
}

impl View for CachesView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, snapshot)) = cx.snapshot() else {
            return;
        };
        if self.of != Some(id) {
            self.of = Some(id);
            self.series = None;
            self.rows.restart(Level::caches());
        }
        let failure = self.find_caches(cx, id);
        self.search.keep_up(&mut self.pattern);
        self.tool_bar(ui);
        if let Some(reason) = failure {
            return unanswered(ui, cx.jobs, "Caches cannot be told", &reason);
        }
        let caches = CacheTree {
            asker: cx.asker(snapshot),
            series: self.series.clone(),
            whose: self.whose,
            pattern: self.pattern.clone(),
            order: self.rows.table().order,
        };
        let acted = self.rows.show(ui, cx, &caches, None);
        self.act(cx, &caches, &acted);
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
        let caches = self.rows.tree.outline.top().answer()?;
        Some(counted(caches.len() as u64, "cache", "caches"))
    }

    fn shared(&self) -> Option<Shared> {
        Some(self.rows.shared(self.search.text()))
    }

    fn adopt(&mut self, shared: &Shared, scrolled: f64) {
        self.rows.adopt(HEADS, shared, scrolled);
        if self.search.text() != shared.filter {
            self.search.set(&shared.filter);
        }
    }
}
