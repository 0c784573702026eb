//! The texts of the heap's strings: how often each is there, what it weighs, and who holds it.

mod face;
mod families;
mod lens;
mod rows;
mod slices;

use std::sync::Arc;

use eframe::egui::{Align, Context, Id, Layout, RichText, Ui, UiBuilder};

use self::face::HEADS;
use self::families::FamilyTree;
use self::lens::{LENSES, Lens};
use self::rows::{Known, Level, TextTree};
use self::slices::SliceTree;
use crate::base::units::{counted, grouped};
use crate::gui::cx::{Asker, Cx, Place, Shared, Spec, View};
use crate::gui::limit;
use crate::gui::rows::{RowTree, Subjects as _};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::segments::{self, fitting};
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::widgets::{tool_bar, unanswered};
use crate::job::{Lane, Slot};
use crate::query::pattern::Pattern;
use crate::query::strings::families::{Families, FindFamilies};
use crate::query::strings::sliced::SlicedStrings;
use crate::query::strings::{GroupStrings, LimitStrings, StringColumn};
use crate::query::subject::SnapshotId;
use crate::snapshot::Snapshot;

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
    /// What is looked at; of texts only whether all or duplicates.
    lens: Lens,
    rows: RowTree<TextTree>,
    families: RowTree<FamilyTree>,
    slices: RowTree<SliceTree>,
    search: SearchBox,
    pattern: Option<Pattern>,
    grouping: Slot<GroupStrings>,
    /// The texts of those strings that pass the window's filter.
    limiting: Slot<LimitStrings>,
    /// The families of those texts.
    finding: Slot<FindFamilies>,
    /// What is known of the texts of a snapshot.
    known: Option<Arc<Known>>,
    of: Option<SnapshotId>,
    /// Does the window's filter leave strings out?
    is_limited: bool,
}

/// The tree of what is looked at.
enum Trees {
    Texts(TextTree),
    Families(FamilyTree),
    Sliced(SliceTree),
}

const TOOL_BAR: f32 = 36.0;
const FOOTER: f32 = 28.0;
/// What the buttons at the right end of the bar take, and what the number of texts takes.
const TOOLS: f32 = 64.0;
/// What the lenses take as a drop-down.
const LEAST_LENSES: f32 = 112.0;
const COUNT: f32 = 96.0;

impl StringsView {
    fn new(id: Id) -> Self {
        let order = Lens::Largest.order();
        let (families, sliced) = (Families::DEFAULT_ORDER, SlicedStrings::DEFAULT_ORDER);
        let family = families::Level::families();
        Self {
            lens: Lens::Largest,
            rows: RowTree::new("strings", id, Level::texts(), order, DENSE_ROW),
            families: RowTree::new("text families", id.with("families"), family, families, DENSE_ROW),
            slices: RowTree::new(
                "sliced strings",
                id.with("slices"),
                slices::Level::wholes(),
                sliced,
                DENSE_ROW,
            ),
            search: SearchBox::new("Filter by text", id),
            pattern: None,
            grouping: Slot::new(Lane::Frame),
            limiting: Slot::new(Lane::Frame),
            finding: Slot::new(Lane::Frame),
            known: None,
            of: None,
            is_limited: false,
        }
    }

    /// All texts sorted by size are the largest ones.
    fn lens(&self) -> Lens {
        match self.lens {
            Lens::All | Lens::Largest if self.rows.table().order == Lens::Largest.order() => Lens::Largest,
            Lens::All | Lens::Largest => Lens::All,
            lens => lens,
        }
    }

    fn take_lens(&mut self, lens: Lens) {
        self.lens = lens;
        match lens {
            Lens::All | Lens::Largest | Lens::Duplicates => {
                self.rows.tree.table.order = lens.order();
                self.rows.tree.table.scroll_to_top();
            }
            Lens::Families | Lens::Sliced => {}
        }
    }

    fn tool_bar(&mut self, ui: &mut Ui, cx: &Cx<'_>, trees: &Trees) {
        let mut bar = tool_bar(ui, TOOL_BAR);
        let width = (bar.available_width() * 0.3).clamp(140.0, 240.0).round();
        if self.search.show(&mut bar, "/", width) {
            bar.memory_mut(|memory| memory.request_focus(self.focus_id()));
        }
        limit::select(&mut bar, cx, TOOLS + LEAST_LENSES);
        let has_room = bar.available_width() >= TOOLS + segments::width(&bar, &LENSES);
        if let Some(lens) = fitting(&mut bar, "Strings", &LENSES, self.lens(), has_room) {
            self.take_lens(lens);
        }
        let count = self.count();
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            match trees {
                Trees::Texts(texts) => self.rows.tools(ui, cx, texts),
                Trees::Families(families) => self.families.tools(ui, cx, families),
                Trees::Sliced(slices) => self.slices.tools(ui, cx, slices),
            }
            let color = Tokens::of(ui).text_subdued;
            if let Some(count) = count.filter(|_| ui.available_width() > COUNT) {
                ui.add_space(4.0);
                ui.label(RichText::new(count).font(fonts::number()).color(color));
            }
        });
    }

    /// How many rows there are, in words.
    fn count(&self) -> Option<String> {
        let count = |len: usize, one: &str, many: &str| counted(len as u64, one, many);
        match self.lens {
            Lens::All | Lens::Largest | Lens::Duplicates => {
                let answer = self.rows.tree.outline.top().answer()?;
                Some(count(answer.rows.len(), "text", "texts"))
            }
            Lens::Families => {
                let rows = self.families.tree.outline.top().answer()?;
                Some(count(rows.len(), "family", "families"))
            }
            Lens::Sliced => {
                let rows = self.slices.tree.outline.top().answer()?;
                Some(count(rows.len(), "sliced string", "sliced strings"))
            }
        }
    }

    /// Are texts left out?
    fn is_filtered(&self) -> bool {
        self.lens == Lens::Duplicates || self.pattern.is_some() || self.is_limited
    }

    /// What the rows of texts come to.
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

    /// The tree of what is looked at; or why it is not known.
    fn trees(&mut self, cx: &Cx<'_>, snapshot: &Arc<Snapshot>) -> Result<Trees, String> {
        let asker = cx.asker(snapshot);
        let pattern = self.pattern.clone();
        if self.lens == Lens::Sliced {
            let passing = cx.passing();
            let is_waiting = passing.is_err();
            let only = passing.unwrap_or_default();
            self.is_limited = only.is_some();
            return Ok(Trees::Sliced(SliceTree {
                asker,
                only,
                is_waiting,
                pattern,
                order: self.slices.table().order,
            }));
        }
        let known = self.known(cx, &asker)?;
        let texts = TextTree {
            asker: asker.clone(),
            known: known.clone(),
            which: self.lens.which(),
            pattern: pattern.clone(),
            order: self.rows.table().order,
        };
        if self.lens != Lens::Families {
            return Ok(Trees::Texts(texts));
        }
        let list = known.and_then(|known| {
            let texts = known.texts.clone();
            asker.ready(&mut self.finding, &FindFamilies { texts }).cloned()
        });
        Ok(Trees::Families(FamilyTree {
            texts,
            list,
            pattern,
            order: self.families.table().order,
        }))
    }

    /// Paints the rows, and does what was done to them.
    fn body(&mut self, ui: &mut Ui, cx: &Cx<'_>, trees: &Trees) {
        // Who holds a text, and the strings themselves, stand with all others of their class.
        let goes_to = match trees {
            Trees::Texts(texts) => {
                let acted = self.rows.show(ui, cx, texts, None);
                acted.opened.and_then(|row| {
                    if row.is_object() {
                        return texts.subject(cx, &row);
                    }
                    self.rows.tree.toggle_current(texts);
                    None
                })
            }
            Trees::Families(families) => {
                let acted = self.families.show(ui, cx, families, None);
                acted.opened.and_then(|row| {
                    if matches!(row, families::Row::Text(row) if row.is_object()) {
                        return families.subject(cx, &row);
                    }
                    self.families.tree.toggle_current(families);
                    None
                })
            }
            Trees::Sliced(slices) => {
                let acted = self.slices.show(ui, cx, slices, None);
                acted.opened.and_then(|row| slices.subject(cx, &row))
            }
        };
        if let Some(subject) = goes_to {
            cx.go_home(subject);
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
            self.families.restart(families::Level::families());
            self.slices.restart(slices::Level::wholes());
        }
        self.search.keep_up(&mut self.pattern);
        let trees = match self.trees(cx, snapshot) {
            Ok(trees) => trees,
            Err(reason) => return unanswered(ui, cx.jobs, "Strings cannot be told", &reason),
        };
        self.tool_bar(ui, cx, &trees);
        let rect = ui.available_rect_before_wrap();
        let footer_height = if matches!(trees, Trees::Texts(_)) {
            FOOTER
        } else {
            0.0
        };
        let (body, footer) = rect.split_top_bottom_at_y(rect.bottom() - footer_height);
        ui.scope_builder(UiBuilder::new().max_rect(body), |ui| self.body(ui, cx, &trees));
        if matches!(trees, Trees::Texts(_)) {
            ui.scope_builder(UiBuilder::new().max_rect(footer), |ui| self.footer(ui));
        }
    }

    fn focus_id(&self) -> Id {
        match self.lens {
            Lens::All | Lens::Largest | Lens::Duplicates => self.rows.table().id(),
            Lens::Families => self.families.table().id(),
            Lens::Sliced => self.slices.table().id(),
        }
    }

    fn find(&mut self, ctx: &Context) {
        match self.lens {
            Lens::All | Lens::Largest | Lens::Duplicates => self.rows.tree.finder.open(ctx),
            Lens::Families => self.families.tree.finder.open(ctx),
            Lens::Sliced => self.slices.tree.finder.open(ctx),
        }
    }

    fn filter(&mut self, ctx: &Context, text: Option<&str>) {
        self.search.take(ctx, text);
    }

    fn heeds_limit(&self) -> bool {
        true
    }

    fn status(&self) -> Option<String> {
        if matches!(self.lens, Lens::Families | Lens::Sliced) {
            return self.count();
        }
        let answer = self.rows.tree.outline.top().answer()?;
        let (count, bytes) = (grouped(answer.count), grouped(answer.shallow_size));
        let lead = if self.is_filtered() { "Filter: " } else { "" };
        Some(format!("{lead}{count} strings, {bytes}\u{A0}B"))
    }

    fn shared(&self) -> Option<Shared> {
        let filter = self.search.text();
        let shared = match self.lens {
            Lens::All | Lens::Largest | Lens::Duplicates => self.rows.shared(filter),
            Lens::Families => self.families.shared(filter),
            Lens::Sliced => self.slices.shared(filter),
        };
        Some(Shared {
            form: self.lens.form(),
            ..shared
        })
    }

    fn adopt(&mut self, shared: &Shared, scrolled: f64) {
        self.lens = Lens::of_form(shared.form);
        match self.lens {
            Lens::All | Lens::Largest | Lens::Duplicates => self.rows.adopt(HEADS, shared, scrolled),
            Lens::Families => self.families.adopt(families::HEADS, shared, scrolled),
            Lens::Sliced => self.slices.adopt(slices::HEADS, shared, scrolled),
        }
        if self.search.text() != shared.filter {
            self.search.set(&shared.filter);
        }
    }
}
