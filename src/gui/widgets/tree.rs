//! A table whose rows can be expanded: an [`Outline`] on the screen, with a cursor and the keyboard.

use eframe::egui::{Event, EventFilter, Id, Key, Modifiers, Painter, Pos2, Rect, Role, Ui, WidgetInfo};

use super::find::Find;
use super::marks::Marks;
use super::outline::{Branches, Item, LineOf, Outline, Path};
use super::strip::Strip;
use super::table::{Head, Table};
use super::tree_row::{Offers, Rows, Touch};
use super::value::Value;
use crate::gui::theme::Tokens;
use crate::job::Jobs;
use crate::query::{Column, Order};

/// How the rows of a tree are written.
pub(crate) trait Face:
    Branches<Row: Send + Sync, Key: Send + Sync> + Clone + Send + Sync + 'static
{
    /// What the tree is sorted by.
    type Column: Column;

    /// The columns.
    fn heads(&self) -> &[Head<Self::Column>];
    /// Does no row ever open? Then no room is kept for twisties.
    fn is_flat(&self) -> bool {
        false
    }
    /// How much room is left free before the rows, for marks that a click or Space sets.
    fn gutter(&self) -> f32 {
        0.0
    }
    /// Paints the mark of a row into that room.
    fn write_mark(&self, _painter: &Painter, _room: Rect, _row: &Self::Row, _tokens: &Tokens) {}
    /// Writes the first cell of `row`, twisty and indent apart; `repeats` if it is the same as a row it stands under.
    fn write(&self, strip: &mut Strip<'_>, row: &Self::Row, repeats: bool, tokens: &Tokens);
    /// What stands in the cell of `row` under the head at `at`.
    fn value(&self, row: &Self::Row, at: usize) -> Value;
    /// Does `row` stand back, because it is not what is looked for?
    fn is_dim(&self, _row: &Self::Row) -> bool {
        false
    }
    /// `row` in words: what it is called, and after the level, what its numbers are.
    fn spoken(&self, row: &Self::Row) -> (String, String);
    /// What is copied of `row`.
    fn copied(&self, row: &Self::Row) -> String;
    /// The same for a worker, who asks nothing: it only knows how rows are written.
    fn quiet(&self) -> Self;
}

/// A tree on the screen.
pub(crate) struct Tree<F: Face> {
    /// Its rows.
    pub(crate) outline: Outline<F>,
    /// Its columns.
    pub(crate) table: Table<F::Column>,
    /// What is looked for in it.
    pub(crate) finder: Find<F>,
    /// What its rows offer under the pointer.
    pub(crate) offers: Offers,
    marks: Marks<F::Key>,
    row_height: f32,
    menu_column: Option<usize>,
}

/// What was done to a tree in a frame.
#[derive(Debug)]
pub(crate) struct Done<R> {
    /// The row to which the cursor was moved by hand.
    pub(crate) moved_to: Option<R>,
    /// The row that was opened, by Enter or a double click.
    pub(crate) opened: Option<R>,
    /// Where the menu of the row under the cursor was asked for.
    pub(crate) menu: Option<Pos2>,
    /// The row whose mark was set or taken away.
    pub(crate) marked: Option<R>,
    /// The row with which the view's own deed was done.
    pub(crate) own: Option<R>,
    /// Was the row under the cursor to be copied with all its cells?
    pub(crate) copies_row: bool,
}

impl<R> Done<R> {
    const fn nothing() -> Self {
        Self {
            moved_to: None,
            opened: None,
            menu: None,
            marked: None,
            own: None,
            copies_row: false,
        }
    }
}

impl<F: Face> Tree<F> {
    /// The tree `name` of the view `view` over `top`, sorted by `order`.
    pub(crate) fn new(
        name: &'static str,
        view: Id,
        top: F::Level,
        order: Order<F::Column>,
        row_height: f32,
    ) -> Self {
        Self {
            outline: Outline::new(top),
            table: Table::new(name, view, order),
            finder: Find::new(view.with(name)),
            offers: Offers::default(),
            marks: Marks::none(),
            row_height,
            menu_column: None,
        }
    }

    /// Begins anew over `top`: nothing is open, the first row is on the screen.
    pub(crate) fn restart(&mut self, top: F::Level) {
        self.outline = Outline::new(top);
        self.marks = Marks::none();
        self.finder.restart();
        self.table.scroll_to_top();
    }

    /// Chooses no row.
    pub(crate) fn choose_nothing(&mut self) {
        self.marks = Marks::none();
    }

    /// Puts the cursor on the row at the end of `path` and brings it on the screen.
    pub(crate) fn go_to(&mut self, face: &F, path: Path<F::Key>) {
        self.marks.set_path(path);
        self.marks.refresh(&self.outline, face);
        if let Some(index) = self.marks.cursor() {
            self.table.reveal_among(index);
        }
    }

    /// The rows that are chosen, the one under the cursor last.
    pub(crate) fn chosen(&self, face: &F) -> Vec<F::Row> {
        let rows = self.marks.paths();
        rows.filter_map(|path| self.outline.row_of(face, path)).collect()
    }

    /// What stands on the way to the row under the cursor, from the top.
    pub(crate) fn path_to(&self, face: &F) -> Vec<String> {
        let Some(path) = self.marks.paths().last() else {
            return Vec::new();
        };
        let rows = (1..=path.len()).filter_map(|end| self.outline.row_of(face, &path[..end]));
        rows.map(|row| face.spoken(&row).0).collect()
    }

    /// The cell of `row` in the column in which the menu was asked for: the column's title, and what stands there.
    pub(crate) fn menu_cell(&self, face: &F, row: &F::Row) -> Option<(String, String)> {
        let at = self.menu_column?;
        let value = face.value(row, at).plain();
        (at > 0 && !value.is_empty()).then(|| (face.heads()[at].title.to_string(), value))
    }

    /// Is more than one row chosen?
    pub(crate) const fn has_many(&self) -> bool {
        self.marks.len() > 1
    }

    /// Paints it in all the room there is. [`Outline::refresh`] comes first.
    pub(crate) fn show(&mut self, ui: &mut Ui, face: &F, jobs: &Jobs) -> Done<F::Row> {
        let mut done = Done::nothing();
        if let Some(path) = self.finder.show(ui, face, jobs, &mut self.outline) {
            self.go_to(face, path);
            done.moved_to = self.chosen(face).pop();
        }
        self.marks.refresh(&self.outline, face);
        let has_focus = ui.memory(|memory| memory.has_focus(self.table.id()));
        if has_focus && self.keys(ui, face, &mut done) {
            jobs.ask_again();
        }
        let heads = face.heads();
        let order = self.table.order;
        let rows = Rows {
            face,
            tokens: Tokens::of(ui),
            sorted: heads.iter().position(|head| head.by == order.by),
            has_focus,
            offers: self.offers,
        };
        let (outline, marks, mut touched) = (&self.outline, &self.marks, None);
        let cursor = marks.cursor();
        let mut cursor_at = None;
        let response = self
            .table
            .show(ui, heads, outline.rows(), self.row_height, |ui, index, rects| {
                let Some(line) = outline.at(face, index) else {
                    return;
                };
                if cursor == Some(index) {
                    cursor_at = Some(rects.rect.left_bottom() + eframe::egui::vec2(48.0, 0.0));
                }
                let touch = rows.paint(ui, index, &line, rects, marks.has(index));
                if let Some(touch) = touch {
                    touched = Some((index, line, touch));
                }
            });
        if has_focus {
            let filter = EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(self.table.id(), filter));
            if is_menu_key(ui) {
                done.menu = cursor_at;
                self.menu_column = None;
            }
        }
        response.widget_info(|| WidgetInfo::new(Role::TreeGrid));
        if let Some((index, line, touch)) = touched {
            response.request_focus();
            if matches!(touch, Touch::Again) {
                jobs.ask_again();
            }
            self.touched(ui, face, index, line, &touch, &mut done);
        }
        done
    }

    fn touched(
        &mut self,
        ui: &Ui,
        face: &F,
        index: u64,
        line: LineOf<F>,
        touch: &Touch,
        done: &mut Done<F::Row>,
    ) {
        let modifiers = ui.input(|input| input.modifiers);
        match touch {
            Touch::Toggle => self.toggle(face, &line),
            Touch::Open => done.opened = row_of(&line),
            Touch::Mark => done.marked = row_of(&line),
            Touch::Own => done.own = row_of(&line),
            Touch::ShowMore(rows) => {
                self.outline.show_more(&line.path, *rows);
                return;
            }
            Touch::Menu(at, column) => {
                done.menu = Some(*at);
                self.menu_column = *column;
                if self.marks.has(index) {
                    return;
                }
            }
            Touch::Select | Touch::Again => {}
        }
        done.moved_to = row_of(&line);
        if modifiers.shift {
            self.extend_to(face, index);
        } else if modifiers.command && matches!(touch, Touch::Select) {
            self.marks.toggle(line.path, index);
        } else {
            self.marks.set(line.path, index);
        }
    }

    fn extend_to(&mut self, face: &F, index: u64) {
        let outline = &self.outline;
        self.marks.extend_to(index, |index| {
            let line = outline.at(face, index)?;
            row_of(&line)?;
            Some(line.path)
        });
    }

    /// Expands the row under the cursor, or collapses it.
    pub(crate) fn toggle_current(&mut self, face: &F) {
        if let Some(index) = self.marks.cursor()
            && let Some(line) = self.outline.at(face, index)
        {
            self.toggle(face, &line);
        }
    }

    fn toggle(&mut self, face: &F, line: &LineOf<F>) {
        if line.is_open {
            self.outline.collapse(&line.path);
        } else if line.can_open {
            self.outline.expand(face, &line.path);
        }
    }

    /// Acts on keys; tells whether what was called off is asked for again.
    fn keys(&mut self, ui: &Ui, face: &F, done: &mut Done<F::Row>) -> bool {
        let mut asks_again = false;
        let cursor = self.marks.cursor();
        let last = self.outline.rows().saturating_sub(1);
        let page = self.table.page().saturating_sub(1).max(1);
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        let moves = [
            (Key::ArrowDown, cursor.map_or(0, |at| at + 1)),
            (Key::ArrowUp, cursor.map_or(0, |at| at.saturating_sub(1))),
            (Key::PageDown, cursor.map_or(0, |at| at + page)),
            (Key::PageUp, cursor.map_or(0, |at| at.saturating_sub(page))),
            (Key::Home, 0),
            (Key::End, last),
        ];
        let (mut target, mut extends) = (None, false);
        for (key, to) in moves {
            // With Shift the rows between are chosen too; `consume_key` would take the plain key for that one.
            if pressed(Modifiers::SHIFT, key) {
                (target, extends) = (Some(to), true);
            } else if pressed(Modifiers::NONE, key) {
                target = Some(to);
            }
        }
        let line = cursor.and_then(|at| self.outline.at(face, at));
        if let (Some(line), Some(cursor)) = (line, cursor) {
            if pressed(Modifiers::NONE, Key::ArrowRight) {
                if line.is_open {
                    target = Some(cursor + 1);
                } else {
                    self.toggle(face, &line);
                }
            } else if pressed(Modifiers::NONE, Key::ArrowLeft) {
                if line.is_open {
                    self.outline.collapse(&line.path);
                } else if line.path.len() > 1 {
                    target = self.outline.index_of(face, &line.path[..line.path.len() - 1]);
                }
            } else if face.gutter() > 0.0 && pressed(Modifiers::NONE, Key::Space) {
                done.marked = row_of(&line);
            } else if pressed(Modifiers::NONE, Key::Enter) {
                match line.item {
                    Item::Row(row) => done.opened = Some(row),
                    Item::More { page, .. } => self.outline.show_more(&line.path, page),
                    Item::Failed(_) => asks_again = true,
                    Item::Waiting | Item::Empty(_) => {}
                }
            }
        }
        if ui.input(|input| input.events.contains(&Event::Copy)) {
            if ui.input(|input| input.modifiers.shift) {
                done.copies_row = true;
                return asks_again;
            }
            let rows = self.chosen(face);
            let texts: Vec<String> = rows.iter().map(|row| face.copied(row)).collect();
            if !texts.is_empty() {
                ui.copy_text(texts.join("\n"));
            }
        }
        let index = target.map(|index| index.min(last));
        if let Some(index) = index
            && let Some(line) = self.outline.at(face, index)
        {
            self.table.reveal(index);
            done.moved_to = row_of(&line);
            if extends {
                self.extend_to(face, index);
            } else {
                self.marks.set(line.path, index);
            }
        }
        asks_again
    }
}

fn is_menu_key(ui: &Ui) -> bool {
    ui.input_mut(|input| input.consume_key(Modifiers::SHIFT, Key::F10))
}

const fn row_of<R: Copy, K>(line: &super::outline::Line<R, K>) -> Option<R> {
    match line.item {
        Item::Row(row) => Some(row),
        _ => None,
    }
}
