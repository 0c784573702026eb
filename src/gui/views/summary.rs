//! Classes, their objects, and what those hold.

mod rows;

use eframe::egui::{Align, Id, Layout, RichText, Sense, Ui, UiBuilder, vec2};

use self::rows::{Classes, HEADS, Key, Level, Row};
use crate::base::units::{grouped, share};
use crate::gui::command::Command;
use crate::gui::cx::{Cx, Place, Spec, View};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::widgets::tree::{Done, Tree};
use crate::query::pattern::{Pattern, Syntax};
use crate::query::subject::{SnapshotId, Subject, What};
use crate::query::summary::{Summary, SummaryColumn};

pub(super) const SPEC: Spec = Spec {
    id: "summary",
    title: "Summary",
    icon: Icon::TABLE,
    place: Place::Centre,
    key: None,
    open: || Box::new(SummaryView::new()),
};

struct SummaryView {
    tree: Tree<Classes>,
    filter: SearchBox,
    pattern: Option<Pattern>,
    of: Option<SnapshotId>,
    /// The selection that is under the cursor already.
    known: Option<Subject>,
}

const TOOL_BAR: f32 = 36.0;
const FOOTER: f32 = 28.0;

impl SummaryView {
    fn new() -> Self {
        Self {
            tree: Tree::new("summary", Level::classes(), Summary::DEFAULT_ORDER, DENSE_ROW),
            filter: SearchBox::new("Filter by class name"),
            pattern: None,
            of: None,
            known: None,
        }
    }

    /// The filter, and how many classes pass it.
    fn tool_bar(&mut self, ui: &mut Ui) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TOOL_BAR), Sense::hover());
        let layout = Layout::left_to_right(Align::Center);
        let mut bar = ui.new_child(
            UiBuilder::new()
                .max_rect(rect.shrink2(vec2(12.0, 0.0)))
                .layout(layout),
        );
        if self.filter.show(&mut bar, "Ctrl F", 240.0) {
            bar.memory_mut(|memory| memory.request_focus(self.focus_id()));
        }
        let count = match self.tree.outline.top().answer().map(|answer| answer.rows.len()) {
            None => return,
            Some(1) => "1 class".to_owned(),
            Some(count) => format!("{} classes", grouped(count as u64)),
        };
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let color = Tokens::of(ui).text_subdued;
            ui.label(RichText::new(count).font(fonts::number()).color(color));
        });
    }

    /// What the rows come to.
    fn footer(&self, ui: &mut Ui, total: u64) {
        let Some(answer) = self.tree.outline.top().answer() else {
            return;
        };
        let is_all = answer.shallow_size == total;
        let label = if is_all {
            "Sum of all rows"
        } else {
            "Sum of the rows"
        };
        let (count, bytes) = (answer.count, answer.shallow_size);
        self.tree.table.footer(ui, HEADS, FOOTER, label, |at| {
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
    fn follow(&mut self, cx: &Cx<'_>, classes: &Classes) {
        let selection = cx.workspace.selection();
        if selection == self.known || cx.selected().is_none() {
            return;
        }
        let snapshot = &classes.asker.snapshot;
        let (class, node) = match cx.selected() {
            None => return,
            Some(What::Class(class)) => (class, None),
            Some(What::Object(node)) => (snapshot.class_of(node), Some(node)),
        };
        if !self.tree.outline.is_known(&[]) {
            return;
        }
        let outline = &mut self.tree.outline;
        let Some(row) = outline.reveal(classes, &[], Key::Class(class)) else {
            // The filter hides it, or it has no row (objects of size 0 have none).
            if classes.pattern.is_none() {
                self.known = selection;
            }
            self.filter.clear();
            self.pattern = None;
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
        self.known = selection;
        if let Some(path) = path {
            self.tree.go_to(classes, path);
        }
    }

    fn done(&mut self, cx: &Cx<'_>, classes: &Classes, done: &Done<Row>) {
        if let Some(row) = &done.moved_to
            && let Some(subject) = cx.subject(row.what())
        {
            self.known = Some(subject);
            cx.send(Command::Select(subject));
        }
        match &done.opened {
            // What an edge leads to stands elsewhere.
            Some(Row::Edge(row)) => {
                if let Some(subject) = cx.subject(What::Object(row.node)) {
                    self.known = None;
                    cx.send(Command::Go(subject));
                }
            }
            Some(Row::Class(_) | Row::Object(_)) => self.tree.toggle_current(classes),
            None => {}
        }
    }
}

impl View for SummaryView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, snapshot)) = cx.snapshot() else {
            return;
        };
        if self.of != Some(id) {
            self.of = Some(id);
            self.known = None;
            self.tree.restart(Level::classes());
        }
        if self.pattern.as_ref().map_or("", Pattern::source) != self.filter.text() {
            self.pattern = pattern(self.filter.text());
        }
        let classes = Classes {
            asker: cx.asker(snapshot),
            pattern: self.pattern.clone(),
            order: self.tree.table.order,
        };
        self.tree.outline.refresh(&classes);
        self.follow(cx, &classes);
        self.tool_bar(ui);
        let rect = ui.available_rect_before_wrap();
        let (body, footer) = rect.split_top_bottom_at_y(rect.bottom() - FOOTER);
        let done = ui
            .scope_builder(UiBuilder::new().max_rect(body), |ui| self.tree.show(ui, &classes))
            .inner;
        ui.scope_builder(UiBuilder::new().max_rect(footer), |ui| {
            self.footer(ui, snapshot.total_size());
        });
        self.done(cx, &classes, &done);
    }

    fn focus_id(&self) -> Id {
        self.tree.table.id()
    }

    fn find(&mut self, ui: &Ui) {
        self.filter.focus(ui);
    }
}

/// What a typed text means: part of a name, whatever its case; all names if empty.
fn pattern(text: &str) -> Option<Pattern> {
    if text.is_empty() {
        return None;
    }
    Pattern::new(text, Syntax::Substring, false).ok()
}
