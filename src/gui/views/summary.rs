//! Classes or other groups, their objects, and what those hold.

mod face;
mod rows;
mod tool_bar;

use eframe::egui::{Context, Id, Ui, UiBuilder};

use self::face::HEADS;
use self::rows::{Key, Level, Row, SummaryTree};
use self::tool_bar::{GROUPINGS, tool_bar};
use crate::analysis::filters::NodeFilter;
use crate::base::units::{grouped, share};
use crate::gui::command::Command;
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::rows::{Acted, RowTree};
use crate::gui::theme::Icon;
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::workspace::Limit;
use crate::job::{Lane, Slot};
use crate::query::groups::Grouping;
use crate::query::owners::FindOwners;
use crate::query::pattern::Pattern;
use crate::query::subject::{SnapshotId, What};
use crate::query::summary::{Summary, SummaryColumn};

pub(super) const SPEC: Spec = Spec {
    id: "summary",
    title: "Summary",
    icon: Icon::TABLE,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: Some("Reveal in Summary"),
    open: |id| Box::new(SummaryView::new(id)),
};

struct SummaryView {
    rows: RowTree<SummaryTree>,
    search: SearchBox,
    pattern: Option<Pattern>,
    /// What makes a group; none is the class.
    by: Option<Grouping>,
    /// Were rows left out in the last frame?
    is_filtered: bool,
    /// Is what is to be shown to be shown even if the window's filter hides it?
    is_wanted: bool,
    of: Option<(SnapshotId, Option<Grouping>)>,
    /// Whose the objects are: asked once some are on the screen.
    owners: Slot<FindOwners>,
}

const FOOTER: f32 = 28.0;

impl SummaryView {
    fn new(id: Id) -> Self {
        Self {
            rows: RowTree::new("summary", id, Level::top(None), Summary::DEFAULT_ORDER, DENSE_ROW),
            search: SearchBox::new("Filter by class name", id),
            pattern: None,
            by: None,
            is_filtered: false,
            is_wanted: false,
            of: None,
            owners: Slot::new(Lane::Frame),
        }
    }

    fn tool_bar(&mut self, ui: &mut Ui, cx: &Cx<'_>, tree: &SummaryTree) {
        let rows = self.rows.tree.outline.top().sum().map(|sum| sum.rows);
        let Self {
            rows: table,
            search,
            by,
            ..
        } = self;
        let tools = |ui: &mut Ui| table.tools(ui, cx, tree);
        if tool_bar(ui, cx, search, by, rows, tools) {
            ui.memory_mut(|memory| memory.request_focus(self.focus_id()));
        }
    }

    /// What the rows come to.
    fn footer(&self, ui: &mut Ui, total: u64) {
        let Some(answer) = self.rows.tree.outline.top().sum() else {
            return;
        };
        let is_all = answer.shallow_size == total;
        let label = if is_all {
            "Sum of all rows"
        } else {
            "Sum of the rows"
        };
        let (count, bytes) = (answer.count, answer.shallow_size);
        self.rows.table().footer(ui, HEADS, FOOTER, label, |at| {
            match (HEADS[at].by, HEADS[at].is_extra) {
                (SummaryColumn::Count, _) => grouped(count),
                (SummaryColumn::ShallowSize, false) => grouped(bytes),
                (SummaryColumn::ShallowSize, true) => share(bytes, total),
                (SummaryColumn::RetainedSize, true) => "retained sizes overlap".to_owned(),
                _ => String::new(),
            }
        });
    }

    /// Brings the selection under the cursor, if it was made elsewhere.
    fn follow(&mut self, cx: &Cx<'_>, classes: &SummaryTree) {
        // An object would have to be looked for in all other groups.
        if self.by.is_some() {
            return;
        }
        let Some(what) = cx.selected() else { return };
        let selection = cx.subject(what);
        if selection == self.rows.known {
            return;
        }
        let snapshot = &classes.asker.snapshot;
        let (class, node) = match what {
            What::Class(class) => (class, None),
            What::Object(node) => (snapshot.class_of(node), Some(node)),
        };
        if !self.rows.tree.outline.is_known(&[]) {
            return;
        }
        let outline = &mut self.rows.tree.outline;
        let Some(row) = outline.reveal(classes, &[], Key::Class(class)) else {
            // What is typed hides it, or the window's filter, or it has no row (objects of size 0 have none).
            self.unhide(cx, classes);
            if classes.pattern.is_none() {
                self.rows.known = selection;
                self.rows.tree.choose_nothing();
            }
            return;
        };
        let path = match node {
            None => Some(row),
            Some(node) => {
                outline.expand(classes, &row);
                if !outline.is_known(&row) {
                    return;
                }
                outline.reveal(classes, &row, Key::Object(node))
            }
        };
        self.rows.known = selection;
        match path {
            Some(path) => {
                self.is_wanted = false;
                self.rows.tree.go_to(classes, path);
            }
            None => self.unhide(cx, classes),
        }
    }

    /// Takes off what hides the selection: the window's filter only if one came here to see it.
    fn unhide(&mut self, cx: &Cx<'_>, classes: &SummaryTree) {
        self.search.clear();
        self.pattern = None;
        if std::mem::take(&mut self.is_wanted) && classes.filter != NodeFilter::All {
            self.rows.known = None;
            cx.send(Command::Limit(Limit::No));
        }
    }

    fn act(&mut self, cx: &Cx<'_>, rows: &SummaryTree, acted: &Acted<Row>) {
        match &acted.opened {
            // What an edge leads to stands elsewhere.
            Some(row @ Row::Edge(_)) => self.rows.go(cx, rows, row),
            Some(Row::Class(_) | Row::Group(_) | Row::Object(_)) => self.rows.tree.toggle_current(rows),
            None => {}
        }
    }
}

impl View for SummaryView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, snapshot)) = cx.snapshot() else {
            return;
        };
        if self.of != Some((id, self.by)) {
            self.of = Some((id, self.by));
            self.rows.restart(Level::top(self.by));
        }
        self.search.keep_up(&mut self.pattern);
        let asker = cx.asker(snapshot);
        let outline = &mut self.rows.tree.outline;
        if self.owners.latest().is_some() || outline.has_open() {
            asker.ask(&mut self.owners, &FindOwners);
        }
        let mut tree = SummaryTree {
            asker,
            by: self.by,
            labels: None,
            owners: self.owners.latest().cloned(),
            pattern: self.pattern.clone(),
            filter: cx.filter(),
            order: self.rows.table().order,
        };
        self.is_filtered = tree.pattern.is_some() || tree.filter != NodeFilter::All;
        let outline = &mut self.rows.tree.outline;
        outline.refresh(&tree);
        tree.labels = outline.top().labels();
        self.follow(cx, &tree);
        self.tool_bar(ui, cx, &tree);
        let rect = ui.available_rect_before_wrap();
        let (body, footer) = rect.split_top_bottom_at_y(rect.bottom() - FOOTER);
        let acted = ui
            .scope_builder(UiBuilder::new().max_rect(body), |ui| {
                self.rows.show(ui, cx, &tree, None)
            })
            .inner;
        ui.scope_builder(UiBuilder::new().max_rect(footer), |ui| {
            self.footer(ui, snapshot.total_size());
        });
        self.act(cx, &tree, &acted);
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

    fn reveal(&mut self, _what: What) {
        self.rows.known = None;
        self.by = None;
        self.is_wanted = true;
    }

    fn heeds_limit(&self) -> bool {
        true
    }

    fn status(&self) -> Option<String> {
        let answer = self.rows.tree.outline.top().sum()?;
        let (count, bytes) = (grouped(answer.count), grouped(answer.shallow_size));
        let lead = if self.is_filtered { "Filter: " } else { "" };
        Some(format!("{lead}{count} objects, {bytes}\u{A0}B"))
    }

    fn shared(&self) -> Option<Shared> {
        let form = GROUPINGS.iter().find(|(by, _)| *by == self.by);
        Some(Shared {
            form: form.map_or("", |(_, name)| name),
            ..self.rows.shared(self.search.text())
        })
    }

    fn adopt(&mut self, shared: &Shared, scrolled: f64) {
        self.rows.adopt(HEADS, shared, scrolled);
        if let Some((by, _)) = GROUPINGS.iter().find(|(_, name)| *name == shared.form) {
            self.by = *by;
        }
        if self.search.text() != shared.filter {
            self.search.set(&shared.filter);
        }
    }
}
