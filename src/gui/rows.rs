//! What can be done with a row, whatever the view: select it, open it elsewhere, copy it, keep it in mind, export its table.

use std::sync::Arc;

use eframe::egui::{Id, Key, Modifiers, Popup, PopupAnchor, PopupCloseBehavior, PopupKind, Pos2, Ui};

use super::bookmarks::Deed;
use super::command::{Command, Selection};
use super::copies;
use super::cx::{Cx, Place as Where, Shared};
use super::export::{self, TreeTable};
use super::history::Place;
use super::many::{self, Many};
use super::theme::Icon;
use super::views;
use super::widgets::button::icon_button;
use super::widgets::gathered::Gathered;
use super::widgets::menu;
use super::widgets::table::{Head, Table};
use super::widgets::tree::{Face, Tree};
use super::widgets::tree_row::Offers;
use super::workspace::Entry;
use crate::query::object_set::ObjectSet;
use crate::query::subject::{SnapshotId, Subject, What};
use crate::query::{Column as _, Direction, Order};
use crate::snapshot::Snapshot;

/// Rows that stand for things in a snapshot.
pub(crate) trait Subjects: Face {
    /// What `row` stands for; none if it is a group of its own making.
    fn what(&self, row: &Self::Row) -> Option<What>;
    /// In which snapshot; none is the one that the view shows.
    fn snapshot(&self, _row: &Self::Row) -> Option<SnapshotId> {
        None
    }

    /// Does `row` stand for many objects that can be looked at together?
    fn has_many(&self, row: &Self::Row) -> bool {
        matches!(self.what(row), Some(What::Class(_)))
    }

    /// The objects that `row` stands for.
    fn many(&self, row: &Self::Row) -> Option<ObjectSet> {
        Some(many::set_of(&[self.what(row)?]))
    }

    /// What the menu calls copying `row`.
    fn copying(&self, row: &Self::Row) -> &'static str {
        match self.what(row) {
            Some(What::Object(_)) => "Copy @id",
            Some(What::Class(_)) | None => "Copy name",
        }
    }

    /// What `row` stands for, and where.
    fn subject(&self, cx: &Cx<'_>, row: &Self::Row) -> Option<Subject> {
        let what = self.what(row)?;
        match self.snapshot(row) {
            Some(snapshot) => Some(Subject { snapshot, what }),
            None => cx.subject(what),
        }
    }
}

/// A tree whose rows are selected, opened, copied and exported.
pub(crate) struct RowTree<F: Subjects> {
    /// The tree.
    pub(crate) tree: Tree<F>,
    /// The selection that is under the cursor already, because it was made here.
    pub(crate) known: Option<Subject>,
    name: &'static str,
    menu: Option<Pos2>,
    /// Are the rows about the selection, so that moving among them does not change it?
    is_about_selection: bool,
    /// Are they about several files?
    is_about_several: bool,
}

/// What is left for the view to do.
#[derive(Debug)]
pub(crate) struct Acted<R> {
    /// The row that was opened, by Enter or a double click.
    pub(crate) opened: Option<R>,
    /// The row of whose menu the view's own line was chosen, or whose key was pressed.
    pub(crate) own: Option<R>,
    /// The row whose mark was set or taken away.
    pub(crate) marked: Option<R>,
}

/// A line of a view's own in the menus of its rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OwnLine {
    /// What stands before it.
    pub(crate) icon: Icon,
    /// What it does.
    pub(crate) text: &'static str,
    /// The key that does the same.
    pub(crate) key: Key,
}

impl<F: Subjects> RowTree<F> {
    /// The tree `name` of the view `view` over `top`, sorted by `order`.
    pub(crate) fn new(
        name: &'static str,
        view: Id,
        top: F::Level,
        order: Order<F::Column>,
        row_height: f32,
    ) -> Self {
        Self {
            tree: Tree::new(name, view, top, order, row_height),
            known: None,
            name,
            menu: None,
            is_about_selection: false,
            is_about_several: false,
        }
    }

    /// Its rows are about several files.
    pub(crate) const fn about_several(mut self) -> Self {
        self.is_about_several = true;
        self
    }

    /// Its rows are about the selection: moving among them does not change it.
    pub(crate) const fn about_selection(mut self) -> Self {
        self.is_about_selection = true;
        self
    }

    /// Nothing stands over its columns: its rows have one order.
    pub(crate) const fn without_header(mut self) -> Self {
        self.tree.table.hide_header();
        self
    }

    /// Its columns.
    pub(crate) const fn table(&self) -> &Table<F::Column> {
        &self.tree.table
    }

    /// What a view of these rows shares with the one beside it; `filter` is what is typed into its filter.
    pub(crate) fn shared(&self, filter: &str) -> Shared {
        let order = self.table().order;
        Shared {
            order: (order.by.key(), order.direction == Direction::Ascending),
            filter: filter.to_owned(),
            form: "",
            scrolled: self.table().scrolled(),
        }
    }

    /// Sorts as the view beside it, and scrolls by as much.
    pub(crate) fn adopt(&mut self, heads: &[Head<F::Column>], shared: &Shared, scrolled: f64) {
        let (key, ascending) = shared.order;
        self.tree.table.sort_by(heads, key, ascending);
        self.tree.table.scroll_by(scrolled);
    }

    /// Begins anew over `top`.
    pub(crate) fn restart(&mut self, top: F::Level) {
        self.known = None;
        self.menu = None;
        self.tree.restart(top);
    }

    /// Asks for the rows and paints them in all the room there is. What concerns the window is done; the rest is returned.
    pub(crate) fn show(&mut self, ui: &mut Ui, cx: &Cx<'_>, face: &F, own: Option<OwnLine>) -> Acted<F::Row> {
        self.tree.outline.refresh(face);
        self.tree.offers = Offers {
            menu: true,
            own: own.map(|line| (line.icon, line.text)),
        };
        let done = self.tree.show(ui, face, cx.jobs);
        if done.moved_to.is_some() && !self.is_about_selection {
            self.select(cx, face);
        }
        if done.copies_row {
            ui.copy_text(export::as_csv(face, &self.tree.chosen(face)));
        }
        if done.menu.is_some() {
            self.menu = done.menu;
        }
        let mut acted = Acted {
            opened: done.opened,
            own: done.own,
            marked: done.marked,
        };
        if ui.memory(|memory| memory.has_focus(self.tree.table.id())) {
            self.keys(ui, cx, face, own, &mut acted);
        }
        self.menu(ui, cx, face, own, &mut acted);
        acted
    }

    /// Goes to what `row` stands for.
    pub(crate) fn go(&mut self, cx: &Cx<'_>, face: &F, row: &F::Row) {
        if let Some(subject) = face.subject(cx, row) {
            self.known = None;
            cx.send(Command::Go(subject.into()));
        }
    }

    /// Buttons at the right end of a tool bar: which columns are shown, and writing the table into a file.
    pub(crate) fn tools(&mut self, ui: &mut Ui, cx: &Cx<'_>, face: &F) {
        if icon_button(ui, Icon::EXPORT, "Export the table", 24.0).clicked() {
            self.export(cx, face);
        }
        let columns = icon_button(ui, Icon::COLUMNS, "Choose columns", 24.0);
        Popup::menu(&columns)
            .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
            .width(menu::WIDTH)
            .show(|ui| self.tree.table.choose_columns(ui, face.heads()));
    }

    /// Asks for a file to write the table into.
    pub(crate) fn export(&self, cx: &Cx<'_>, face: &F) {
        let rows = Gathered::new(face, &self.tree.outline);
        let is_partial = |snapshot: &Arc<Snapshot>| !snapshot.problems().is_empty();
        let is_partial = if self.is_about_several {
            let mut read = cx.workspace.entries().iter().filter_map(Entry::snapshot);
            read.any(is_partial)
        } else {
            cx.snapshot().is_some_and(|(_, snapshot)| is_partial(snapshot))
        };
        let table = TreeTable::new(self.name.to_owned(), rows, is_partial);
        cx.send(Command::Export(Arc::new(table), None));
    }

    /// Do `rows`, of which the last is under the cursor, stand for many objects?
    fn has_many(face: &F, rows: &[F::Row]) -> bool {
        rows.len() > 1
            || rows
                .last()
                .is_some_and(|row| face.has_many(row) || face.what(row).is_some())
    }

    /// Shows why all objects that `rows` stand for are alive.
    fn show_paths(cx: &Cx<'_>, face: &F, rows: &[F::Row]) {
        let Some(row) = rows.last() else { return };
        let current = cx.snapshot().map(|(id, _)| id);
        let Some(snapshot) = face.snapshot(row).or(current) else {
            return;
        };
        let (set, title) = if let [row] = rows {
            (face.many(row), face.spoken(row).0)
        } else {
            let all: Vec<What> = rows.iter().filter_map(|row| face.what(row)).collect();
            (Some(many::set_of(&all)), format!("{} rows", rows.len()))
        };
        if let Some(set) = set {
            cx.send(Command::Paths(Many { snapshot, set, title }));
        }
    }

    fn select(&mut self, cx: &Cx<'_>, face: &F) {
        let rows = self.tree.chosen(face);
        let Some(subject) = rows.last().and_then(|row| face.subject(cx, row)) else {
            return;
        };
        let all = if self.tree.has_many() {
            rows.iter().filter_map(|row| face.what(row)).collect()
        } else {
            Arc::default()
        };
        self.known = Some(subject);
        cx.send(Command::Select(Selection {
            all,
            ..subject.into()
        }));
    }

    fn keys(&self, ui: &Ui, cx: &Cx<'_>, face: &F, own: Option<OwnLine>, acted: &mut Acted<F::Row>) {
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        let row = || self.tree.chosen(face).pop();
        let subject = || row().and_then(|row| face.subject(cx, &row));
        if pressed(Modifiers::COMMAND, Key::E) {
            self.export(cx, face);
        }
        if pressed(Modifiers::COMMAND, Key::Enter)
            && let Some(subject) = subject()
        {
            cx.send(Command::Go(Place {
                view: Some(views::HOME),
                subject: Some(subject),
            }));
        }
        if pressed(Modifiers::NONE, Key::B)
            && let Some(subject) = subject()
        {
            cx.send(Command::Bookmark(Deed::Toggle(subject)));
        }
        if pressed(Modifiers::SHIFT, Key::R) {
            let rows = self.tree.chosen(face);
            if Self::has_many(face, &rows) {
                Self::show_paths(cx, face, &rows);
            }
        }
        if let Some(own) = own
            && pressed(Modifiers::NONE, own.key)
        {
            acted.own = row();
        }
    }

    fn menu(&mut self, ui: &Ui, cx: &Cx<'_>, face: &F, own: Option<OwnLine>, acted: &mut Acted<F::Row>) {
        let Some(at) = self.menu else { return };
        let mut rows = self.tree.chosen(face);
        let Some(row) = rows.pop() else {
            self.menu = None;
            return;
        };
        let mut is_open = true;
        let popup = Popup::new(
            self.tree.table.id().with("menu"),
            ui.ctx().clone(),
            PopupAnchor::Position(at),
            ui.layer_id(),
        );
        popup
            .kind(PopupKind::Menu)
            .close_behavior(PopupCloseBehavior::CloseOnClick)
            .open_bool(&mut is_open)
            .width(menu::WIDTH)
            .show(|ui| {
                let subject = face.subject(cx, &row);
                if let Some(subject) = subject {
                    destinations(ui, cx, subject);
                }
                rows.push(row);
                if Self::has_many(face, &rows) {
                    let text = if rows.len() > 1 || face.has_many(&row) {
                        "Paths for all"
                    } else {
                        "Paths and similar objects"
                    };
                    if menu::item(ui, Icon::PATH, text, "Shift R") {
                        Self::show_paths(cx, face, &rows);
                    }
                    menu::separator(ui);
                }
                if let Some(own) = own
                    && menu::item(ui, own.icon, own.text, &menu::key_name(own.key))
                {
                    acted.own = Some(row);
                }
                if let (Some(subject), Some((_, snapshot))) = (subject, cx.snapshot()) {
                    let is_marked = cx.bookmarks.has(snapshot, subject.what);
                    let text = if is_marked {
                        "Remove the bookmark"
                    } else {
                        "Bookmark"
                    };
                    if menu::item(ui, Icon::BOOKMARK, text, "B") {
                        cx.send(Command::Bookmark(Deed::Toggle(subject)));
                    }
                    let subjects: Vec<Subject> =
                        rows.iter().filter_map(|row| face.subject(cx, row)).collect();
                    if let Some(offer) = copies::extract_offer(cx, &subjects)
                        && menu::item(ui, offer.icon, offer.text, "")
                    {
                        cx.send(offer.command);
                    }
                    menu::separator(ui);
                }
                self.copies(ui, cx, face, &rows);
            });
        if !is_open {
            self.menu = None;
            // The keyboard goes back to the row, unless it went elsewhere.
            if ui.memory(|memory| memory.focused().is_none()) {
                ui.memory_mut(|memory| memory.request_focus(self.tree.table.id()));
            }
        }
    }

    fn copies(&self, ui: &mut Ui, cx: &Cx<'_>, face: &F, rows: &[F::Row]) {
        let Some(row) = rows.last() else { return };
        if menu::item(ui, Icon::COPY, face.copying(row), "Ctrl C") {
            let texts: Vec<String> = rows.iter().map(|row| face.copied(row)).collect();
            ui.copy_text(texts.join("\n"));
        }
        if menu::item(ui, Icon::COPY_SIMPLE, "Copy path", "") {
            ui.copy_text(self.tree.path_to(face).join(" › "));
        }
        let text = if rows.len() > 1 {
            "Copy rows as CSV"
        } else {
            "Copy row as CSV"
        };
        if menu::item(ui, Icon::ROWS, text, "Ctrl Shift C") {
            ui.copy_text(export::as_csv(face, rows));
        }
        if let Some((head, value)) = self.tree.menu_cell(face, row)
            && menu::item(ui, Icon::COPY_SIMPLE, &format!("Copy “{value}”"), &head)
        {
            ui.copy_text(value);
        }
        if menu::item(ui, Icon::EXPORT, "Export table…", "Ctrl E") {
            self.export(cx, face);
        }
    }
}

/// Lines of a menu: the views that show what a row stands for.
pub(crate) fn destinations(ui: &mut Ui, cx: &Cx<'_>, subject: Subject) {
    let is_object = matches!(subject.what, What::Object(_));
    for spec in views::ALL {
        let Some(text) = spec.takes else { continue };
        if !is_object && spec.place == Where::Bottom {
            continue;
        }
        let key = spec.key.map(menu::key_name).unwrap_or_default();
        if menu::item(ui, spec.icon, text, &key) {
            match spec.place {
                Where::Centre => cx.send(Command::Go(Place {
                    view: Some(spec.id),
                    subject: Some(subject),
                })),
                Where::Bottom => {
                    cx.send(Command::Select(subject.into()));
                    cx.send(Command::Show(super::command::Showing::Focus(spec.id)));
                }
            }
        }
    }
}
