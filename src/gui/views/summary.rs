//! Classes, their objects, and what those hold.

mod rows;

use eframe::egui::{Align, Context, Id, Layout, RichText, Sense, Ui, UiBuilder, vec2};

use self::rows::{Classes, HEADS, Key, Level, Row};
use crate::analysis::filters::NodeFilter;
use crate::base::units::{grouped, share};
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::rows::{Acted, RowTree};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::select::{Choice, select};
use crate::gui::widgets::table::DENSE_ROW;
use crate::query::pattern::{Pattern, Syntax};
use crate::query::subject::{SnapshotId, What};
use crate::query::summary::{Summary, SummaryColumn};

pub(super) const SPEC: Spec = Spec {
    id: "summary",
    title: "Summary",
    icon: Icon::TABLE,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    key: None,
    takes: Some("Reveal in Summary"),
    open: |id| Box::new(SummaryView::new(id)),
};

struct SummaryView {
    rows: RowTree<Classes>,
    search: SearchBox,
    pattern: Option<Pattern>,
    filter: NodeFilter,
    of: Option<SnapshotId>,
}

const TOOL_BAR: f32 = 36.0;
const FOOTER: f32 = 28.0;

/// The filters that need no other snapshot.
const FILTERS: [(NodeFilter, &str); 6] = [
    (NodeFilter::All, "All objects"),
    (NodeFilter::DuplicatedStrings, "Duplicated strings"),
    (
        NodeFilter::RetainedByDetachedDom,
        "Retained by detached DOM nodes",
    ),
    (NodeFilter::RetainedByConsole, "Retained by the console"),
    (NodeFilter::RetainedByEventHandlers, "Retained by event handlers"),
    (NodeFilter::RetainedByContexts, "Retained by contexts of closures"),
];

impl SummaryView {
    fn new(id: Id) -> Self {
        Self {
            rows: RowTree::new("summary", id, Level::classes(), Summary::DEFAULT_ORDER, DENSE_ROW),
            search: SearchBox::new("Filter by class name", id),
            pattern: None,
            filter: NodeFilter::All,
            of: None,
        }
    }

    /// The filters, and how many classes pass them.
    fn tool_bar(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TOOL_BAR), Sense::hover());
        let layout = Layout::left_to_right(Align::Center);
        let mut bar = ui.new_child(
            UiBuilder::new()
                .max_rect(rect.shrink2(vec2(12.0, 0.0)))
                .layout(layout),
        );
        if self.search.show(&mut bar, "/", 240.0) {
            bar.memory_mut(|memory| memory.request_focus(self.focus_id()));
        }
        self.choose_filter(&mut bar, cx);
        let count = match self
            .rows
            .tree
            .outline
            .top()
            .answer()
            .map(|answer| answer.rows.len())
        {
            None => return,
            Some(1) => "1 class".to_owned(),
            Some(count) => format!("{} classes", grouped(count as u64)),
        };
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let color = Tokens::of(ui).text_subdued;
            ui.label(RichText::new(count).font(fonts::number()).color(color));
        });
    }

    /// DevTools' filters, and what was allocated after another snapshot was taken.
    fn choose_filter(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let mut filters: Vec<(NodeFilter, String)> = FILTERS
            .iter()
            .map(|(filter, text)| (*filter, (*text).to_owned()))
            .collect();
        filters.extend(cx.allocated_between());
        let chosen = filters
            .iter()
            .position(|(filter, _)| *filter == self.filter)
            .unwrap_or(0);
        let choices: Vec<Choice<'_>> = filters
            .iter()
            .map(|(_, text)| Choice {
                text,
                ..Choice::default()
            })
            .collect();
        if let Some((filter, _)) =
            select(ui, "Objects", &choices, chosen).and_then(|chosen| filters.get(chosen))
        {
            self.filter = *filter;
        }
    }

    /// What the rows come to.
    fn footer(&self, ui: &mut Ui, total: u64) {
        let Some(answer) = self.rows.tree.outline.top().answer() else {
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
    fn follow(&mut self, cx: &Cx<'_>, classes: &Classes) {
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
            // The filters hide it, or it has no row (objects of size 0 have none).
            if classes.pattern.is_none() && classes.filter == NodeFilter::All {
                self.rows.known = selection;
            }
            self.search.clear();
            self.pattern = None;
            self.filter = NodeFilter::All;
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
        if let Some(path) = path {
            self.rows.tree.go_to(classes, path);
        }
    }

    fn act(&mut self, cx: &Cx<'_>, classes: &Classes, acted: &Acted<Row>) {
        match &acted.opened {
            // What an edge leads to stands elsewhere.
            Some(row @ Row::Edge(_)) => self.rows.go(cx, classes, row),
            Some(Row::Class(_) | Row::Object(_)) => self.rows.tree.toggle_current(classes),
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
            self.filter = NodeFilter::All;
            self.rows.restart(Level::classes());
        }
        if self.pattern.as_ref().map_or("", Pattern::source) != self.search.text() {
            self.pattern = pattern(self.search.text());
        }
        let classes = Classes {
            asker: cx.asker(snapshot),
            pattern: self.pattern.clone(),
            filter: self.filter,
            order: self.rows.table().order,
        };
        self.rows.tree.outline.refresh(&classes);
        self.follow(cx, &classes);
        self.tool_bar(ui, cx);
        let rect = ui.available_rect_before_wrap();
        let (body, footer) = rect.split_top_bottom_at_y(rect.bottom() - FOOTER);
        let acted = ui
            .scope_builder(UiBuilder::new().max_rect(body), |ui| {
                self.rows.show(ui, cx, &classes, None)
            })
            .inner;
        ui.scope_builder(UiBuilder::new().max_rect(footer), |ui| {
            self.footer(ui, snapshot.total_size());
        });
        self.act(cx, &classes, &acted);
    }

    fn focus_id(&self) -> Id {
        self.rows.table().id()
    }

    fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }

    fn filter(&mut self, ctx: &Context, text: Option<&str>) {
        match text {
            Some(text) => self.search.set(text),
            None => self.search.focus(ctx),
        }
    }

    fn reveal(&mut self, _what: What) {
        self.rows.known = None;
    }

    fn status(&self) -> Option<String> {
        let answer = self.rows.tree.outline.top().answer()?;
        let (count, bytes) = (grouped(answer.count), grouped(answer.shallow_size));
        let is_filtered = self.pattern.is_some() || self.filter != NodeFilter::All;
        let lead = if is_filtered { "Filter: " } else { "" };
        Some(format!("{lead}{count} objects, {bytes}\u{A0}B"))
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

/// What a typed text means: part of a name, whatever its case; all names if empty.
fn pattern(text: &str) -> Option<Pattern> {
    if text.is_empty() {
        return None;
    }
    Pattern::new(text, Syntax::Substring, false).ok()
}
