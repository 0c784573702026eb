//! Objects that are there again and again: of one class and shape near the roots, and whole copies.

mod face;
mod rows;

use eframe::egui::{Align, Context, Id, Layout, RichText, Ui};

use self::face::HEADS;
use self::rows::{DuplicateTree, Level, Row};
use crate::base::units::counted;
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::rows::{Acted, RowTree, Subjects as _};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::segments::segments;
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::widgets::{tool_bar, unanswered};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::duplicates::{DuplicateColumn, DuplicateKind, FindDuplicates};
use crate::query::pattern::Pattern;
use crate::query::subject::SnapshotId;

pub(super) const SPEC: Spec = Spec {
    id: "duplicates",
    title: "Duplicates",
    icon: Icon::COPY,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: None,
    open: |id| Box::new(DuplicatesView::new(id)),
};

struct DuplicatesView {
    rows: RowTree<DuplicateTree>,
    search: SearchBox,
    pattern: Option<Pattern>,
    kind: DuplicateKind,
    finding: Slot<FindDuplicates>,
    of: Option<SnapshotId>,
}

const KINDS: [(DuplicateKind, &str); 2] = [
    (DuplicateKind::Close, "Close to the roots"),
    (DuplicateKind::Copies, "Equal with all they hold"),
];

/// In place of an order: as rows are found, what tells most first. No column on the screen has it.
const AS_FOUND: Order<DuplicateColumn> = Order::descending(DuplicateColumn::Package);

const TOOL_BAR: f32 = 36.0;

impl DuplicatesView {
    fn new(id: Id) -> Self {
        Self {
            rows: RowTree::new("duplicates", id, Level::groups(), AS_FOUND, DENSE_ROW),
            search: SearchBox::new("Filter by class or property", id),
            pattern: None,
            kind: DuplicateKind::default(),
            finding: Slot::new(Lane::Bulk),
            of: None,
        }
    }

    fn tool_bar(&mut self, ui: &mut Ui) {
        let mut bar = tool_bar(ui, TOOL_BAR);
        if self.search.show(&mut bar, "/", 240.0) {
            bar.memory_mut(|memory| memory.request_focus(self.focus_id()));
        }
        if let Some(kind) = segments(&mut bar, "Duplicates", &KINDS, self.kind) {
            self.kind = kind;
            self.rows.restart(Level::groups());
        }
        let Some(groups) = self.rows.tree.outline.top().answer() else {
            return;
        };
        let text = counted(groups.len() as u64, "group", "groups");
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let color = Tokens::of(ui).text_subdued;
            ui.label(RichText::new(text).font(fonts::number()).color(color));
        });
    }

    fn act(&mut self, cx: &Cx<'_>, groups: &DuplicateTree, acted: &Acted<Row>) {
        match &acted.opened {
            // Objects, and what they hold, stand elsewhere.
            Some(row @ (Row::Object(_) | Row::Property(_))) => {
                if let Some(subject) = groups.subject(cx, row) {
                    cx.go_home(subject);
                }
            }
            Some(Row::Group(..) | Row::Properties(..) | Row::Objects(..)) => {
                self.rows.tree.toggle_current(groups);
            }
            None => {}
        }
    }
}

impl View for DuplicatesView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, snapshot)) = cx.snapshot() else {
            return;
        };
        if self.of != Some(id) {
            self.of = Some(id);
            self.rows.restart(Level::groups());
        }
        self.search.keep_up(&mut self.pattern);
        let asker = cx.asker(snapshot);
        let asked = asker.ask(&mut self.finding, &FindDuplicates);
        self.tool_bar(ui);
        if let Some(reason) = asked.failure {
            return unanswered(ui, cx.jobs, "Duplicates cannot be told", &reason);
        }
        let order = self.rows.table().order;
        let groups = DuplicateTree {
            asker,
            lists: self.finding.latest().cloned(),
            kind: self.kind,
            pattern: self.pattern.clone(),
            order: (order != AS_FOUND).then_some(order),
        };
        let acted = self.rows.show(ui, cx, &groups, None);
        self.act(cx, &groups, &acted);
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
        let groups = self.rows.tree.outline.top().answer()?;
        Some(counted(groups.len() as u64, "group", "groups"))
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
