//! Who waits to be called: listeners, timers, promises; functions made again and again, and what only their scopes keep.

mod face;
mod rows;

use eframe::egui::{Align, Context, Id, Layout, RichText, Ui};

use self::face::HEADS;
use self::rows::{CallbackTree, Level, Row};
use crate::base::units::counted;
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::rows::{RowTree, Subjects as _};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::segments::{self, fitting};
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::widgets::{tool_bar, unanswered};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::callbacks::{CallbackColumn, CallbackKind, FindCallbacks};
use crate::query::pattern::Pattern;
use crate::query::subject::SnapshotId;

pub(super) const SPEC: Spec = Spec {
    id: "callbacks",
    title: "Callbacks",
    icon: Icon::FUNCTION,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: None,
    open: |id| Box::new(CallbacksView::new(id)),
};

struct CallbacksView {
    rows: RowTree<CallbackTree>,
    search: SearchBox,
    pattern: Option<Pattern>,
    kind: Option<CallbackKind>,
    finding: Slot<FindCallbacks>,
    of: Option<SnapshotId>,
}

const KINDS: [(Option<CallbackKind>, &str); 6] = [
    (None, "All"),
    (Some(CallbackKind::Listener), "Listeners"),
    (Some(CallbackKind::Timer), "Timers"),
    (Some(CallbackKind::Reaction), "Promises"),
    (Some(CallbackKind::Function), "Functions"),
    (Some(CallbackKind::Variable), "Variables"),
];

/// No column is marked as sorted by: the program's own come first, then those that keep most.
const AS_FOUND: Order<CallbackColumn> = Order::descending(CallbackColumn::Samples);

const TOOL_BAR: f32 = 36.0;
/// What the number of rows and the buttons take.
const TOOLS: f32 = 168.0;

impl CallbacksView {
    fn new(id: Id) -> Self {
        Self {
            rows: RowTree::new("callbacks", id, Level::callbacks(), AS_FOUND, DENSE_ROW),
            search: SearchBox::new("Filter by event, function or module", id),
            pattern: None,
            kind: None,
            finding: Slot::new(Lane::Bulk),
            of: None,
        }
    }

    fn tool_bar(&mut self, ui: &mut Ui, cx: &Cx<'_>, callbacks: &CallbackTree) {
        let mut bar = tool_bar(ui, TOOL_BAR);
        if self.search.show(&mut bar, "/", 240.0) {
            bar.memory_mut(|memory| memory.request_focus(self.focus_id()));
        }
        let has_room = bar.available_width() >= TOOLS + segments::width(&bar, &KINDS);
        if let Some(kind) = fitting(&mut bar, "Callbacks", &KINDS, self.kind, has_room) {
            self.kind = kind;
            self.rows.tree.table.scroll_to_top();
        }
        let text = self.status();
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            self.rows.tools(ui, cx, callbacks);
            let color = Tokens::of(ui).text_subdued;
            if let Some(text) = text {
                ui.add_space(4.0);
                ui.label(RichText::new(text).font(fonts::number()).color(color));
            }
        });
    }
}

impl View for CallbacksView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, snapshot)) = cx.snapshot() else {
            return;
        };
        if self.of != Some(id) {
            self.of = Some(id);
            self.rows.restart(Level::callbacks());
        }
        self.search.keep_up(&mut self.pattern);
        let asker = cx.asker(snapshot);
        let asked = asker.ask(&mut self.finding, &FindCallbacks);
        if let Some(reason) = asked.failure {
            return unanswered(ui, cx.jobs, "Callbacks cannot be told", &reason);
        }
        let order = self.rows.table().order;
        let callbacks = CallbackTree {
            asker,
            list: self.finding.latest().cloned(),
            kind: self.kind,
            pattern: self.pattern.clone(),
            order: (order != AS_FOUND).then_some(order),
        };
        self.tool_bar(ui, cx, &callbacks);
        let acted = self.rows.show(ui, cx, &callbacks, None);
        match acted.opened {
            // What is called stands elsewhere.
            Some(row @ Row::Member(_)) => {
                if let Some(subject) = callbacks.subject(cx, &row) {
                    cx.go_home(subject);
                }
            }
            Some(Row::Callback(_)) => self.rows.tree.toggle_current(&callbacks),
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
        let callbacks = self.rows.tree.outline.top().answer()?;
        Some(counted(callbacks.len() as u64, "row", "rows"))
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
