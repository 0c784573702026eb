//! The texts of the heap's strings: how often each is there, what it weighs, and who holds it.

mod face;
mod rows;

use std::sync::Arc;

use eframe::egui::{Align, Context, Id, Layout, RichText, Sense, Ui, UiBuilder, vec2};

use self::face::HEADS;
use self::rows::{Known, Level, Row, TextTree};
use crate::base::units::{counted, grouped};
use crate::gui::command::Command;
use crate::gui::cx::{Asker, Cx, Place, Shared, Spec, View};
use crate::gui::history::Place as To;
use crate::gui::limit;
use crate::gui::rows::{Acted, RowTree, Subjects as _};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::segments::{self, fitting};
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::widgets::unanswered;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::pattern::{Pattern, Syntax};
use crate::query::strings::{GroupStrings, LimitStrings, StringColumn, Which};
use crate::query::subject::SnapshotId;

pub(super) const SPEC: Spec = Spec {
    id: "strings",
    title: "Strings",
    icon: Icon::QUOTES,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: None,
    open: |id| Box::new(StringsView::new(id)),
};

struct StringsView {
    rows: RowTree<TextTree>,
    search: SearchBox,
    pattern: Option<Pattern>,
    which: Which,
    grouping: Slot<GroupStrings>,
    /// The texts of those strings that pass the window's filter.
    limiting: Slot<LimitStrings>,
    /// What is known of the texts of a snapshot.
    known: Option<Arc<Known>>,
    of: Option<SnapshotId>,
    /// Does the window's filter leave strings out?
    is_limited: bool,
}

/// Which texts, and in which order.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lens {
    All,
    Largest,
    Duplicates,
}

const LENSES: [(Lens, &str); 3] = [
    (Lens::All, "All"),
    (Lens::Largest, "Largest"),
    (Lens::Duplicates, "Duplicates"),
];

/// What the form of the rows is called if they are those.
const DUPLICATES: &str = "duplicates";

const TOOL_BAR: f32 = 36.0;
const FOOTER: f32 = 28.0;
/// What the buttons at the right end of the bar take, and what the number of texts takes.
const TOOLS: f32 = 64.0;
/// What the lenses take as a drop-down.
const LEAST_LENSES: f32 = 112.0;
const COUNT: f32 = 96.0;

impl Lens {
    const fn which(self) -> Which {
        match self {
            Self::All | Self::Largest => Which::All,
            Self::Duplicates => Which::Duplicates,
        }
    }

    const fn order(self) -> Order<StringColumn> {
        match self {
            Self::All => Order::ascending(StringColumn::Value),
            Self::Largest | Self::Duplicates => self.which().default_order(),
        }
    }
}

impl StringsView {
    fn new(id: Id) -> Self {
        let order = Lens::Largest.order();
        Self {
            rows: RowTree::new("strings", id, Level::texts(), order, DENSE_ROW),
            search: SearchBox::new("Filter by text", id),
            pattern: None,
            which: Lens::Largest.which(),
            grouping: Slot::new(Lane::Frame),
            limiting: Slot::new(Lane::Frame),
            known: None,
            of: None,
            is_limited: false,
        }
    }

    /// All texts sorted by size are the largest ones.
    fn lens(&self) -> Lens {
        match self.which {
            Which::Duplicates => Lens::Duplicates,
            Which::All if self.rows.table().order == Lens::Largest.order() => Lens::Largest,
            Which::All => Lens::All,
        }
    }

    fn tool_bar(&mut self, ui: &mut Ui, cx: &Cx<'_>, texts: &TextTree) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), TOOL_BAR), Sense::hover());
        let bar = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(12.0, 0.0)))
            .layout(Layout::left_to_right(Align::Center));
        let mut bar = ui.new_child(bar);
        let width = (bar.available_width() * 0.3).clamp(140.0, 240.0).round();
        if self.search.show(&mut bar, "/", width) {
            bar.memory_mut(|memory| memory.request_focus(self.focus_id()));
        }
        limit::select(&mut bar, cx, TOOLS + LEAST_LENSES);
        let has_room = bar.available_width() >= TOOLS + segments::width(&bar, &LENSES);
        if let Some(lens) = fitting(&mut bar, "Strings", &LENSES, self.lens(), has_room) {
            self.which = lens.which();
            self.rows.tree.table.order = lens.order();
            self.rows.tree.table.scroll_to_top();
        }
        let answer = self.rows.tree.outline.top().answer();
        let count = answer.map(|answer| counted(answer.rows.len() as u64, "text", "texts"));
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            self.rows.tools(ui, cx, texts);
            let color = Tokens::of(ui).text_subdued;
            if let Some(count) = count.filter(|_| ui.available_width() > COUNT) {
                ui.add_space(4.0);
                ui.label(RichText::new(count).font(fonts::number()).color(color));
            }
        });
    }

    /// Are texts left out?
    fn is_filtered(&self) -> bool {
        self.which != Which::All || self.pattern.is_some() || self.is_limited
    }

    /// What the rows come to.
    fn footer(&self, ui: &mut Ui) {
        let Some(answer) = self.rows.tree.outline.top().answer() else {
            return;
        };
        let is_all = !self.is_filtered();
        let label = if is_all {
            "Sum of all rows"
        } else {
            "Sum of the rows"
        };
        self.rows
            .table()
            .footer(ui, HEADS, FOOTER, label, |at| match HEADS[at].by {
                StringColumn::Count => grouped(answer.count),
                StringColumn::ShallowSize => grouped(answer.shallow_size),
                StringColumn::WastedSize => grouped(answer.wasted_size),
                _ => String::new(),
            });
    }

    /// The texts of the snapshot, of those strings that pass the window's filter, once they are grouped; or why they are not.
    fn known(&mut self, cx: &Cx<'_>, asker: &Asker) -> Result<Option<Arc<Known>>, String> {
        match asker.ask(&mut self.grouping, &GroupStrings).failure {
            Some(reason) => Err(reason),
            None => Ok(self.limited(cx, asker)),
        }
    }

    fn limited(&mut self, cx: &Cx<'_>, asker: &Asker) -> Option<Arc<Known>> {
        let all = self.grouping.latest()?.clone();
        let only = cx.passing().ok()?;
        self.is_limited = only.is_some();
        let texts = match only {
            None => all,
            Some(only) => {
                let question = LimitStrings { texts: all, only };
                asker.ready(&mut self.limiting, &question)?.clone()
            }
        };
        if self.known.as_ref().is_none_or(|known| known.texts != texts) {
            self.known = Some(Arc::new(Known::new(texts)));
        }
        self.known.clone()
    }

    fn act(&mut self, cx: &Cx<'_>, texts: &TextTree, acted: &Acted<Row>) {
        match &acted.opened {
            // Who holds a text, and the strings themselves, stand with all others of their class.
            Some(row @ (Row::Holder(_) | Row::String(_))) => {
                if let Some(subject) = texts.subject(cx, row) {
                    cx.send(Command::Go(To {
                        view: Some(super::HOME),
                        subject: Some(subject),
                    }));
                }
            }
            Some(Row::Text(_) | Row::HeldBy(_) | Row::Strings(_)) => self.rows.tree.toggle_current(texts),
            None => {}
        }
    }
}

impl View for StringsView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, snapshot)) = cx.snapshot() else {
            return;
        };
        if self.of != Some(id) {
            self.of = Some(id);
            self.known = None;
            self.rows.restart(Level::texts());
        }
        if self.pattern.as_ref().map_or("", Pattern::source) != self.search.text() {
            let text = Some(self.search.text()).filter(|text| !text.is_empty());
            self.pattern = text.and_then(|text| Pattern::new(text, Syntax::Substring, false).ok());
        }
        let asker = cx.asker(snapshot);
        let known = match self.known(cx, &asker) {
            Ok(known) => known,
            Err(reason) => return unanswered(ui, cx.jobs, "Strings cannot be told", &reason),
        };
        let texts = TextTree {
            asker,
            known,
            which: self.which,
            pattern: self.pattern.clone(),
            order: self.rows.table().order,
        };
        self.tool_bar(ui, cx, &texts);
        let rect = ui.available_rect_before_wrap();
        let (body, footer) = rect.split_top_bottom_at_y(rect.bottom() - FOOTER);
        let acted = ui
            .scope_builder(UiBuilder::new().max_rect(body), |ui| {
                self.rows.show(ui, cx, &texts, None)
            })
            .inner;
        ui.scope_builder(UiBuilder::new().max_rect(footer), |ui| self.footer(ui));
        self.act(cx, &texts, &acted);
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

    fn heeds_limit(&self) -> bool {
        true
    }

    fn status(&self) -> Option<String> {
        let answer = self.rows.tree.outline.top().answer()?;
        let (count, bytes) = (grouped(answer.count), grouped(answer.shallow_size));
        let lead = if self.is_filtered() { "Filter: " } else { "" };
        Some(format!("{lead}{count} strings, {bytes}\u{A0}B"))
    }

    fn shared(&self) -> Option<Shared> {
        let form = if self.which == Which::Duplicates {
            DUPLICATES
        } else {
            ""
        };
        Some(Shared {
            form,
            ..self.rows.shared(self.search.text())
        })
    }

    fn adopt(&mut self, shared: &Shared, scrolled: f64) {
        self.which = if shared.form == DUPLICATES {
            Which::Duplicates
        } else {
            Which::All
        };
        self.rows.adopt(HEADS, shared, scrolled);
        if self.search.text() != shared.filter {
            self.search.set(&shared.filter);
        }
    }
}
