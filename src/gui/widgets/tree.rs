//! A table whose rows can be expanded: an [`Outline`] on the screen, with a cursor and the keyboard.

use eframe::egui::{Event, EventFilter, Key, Modifiers, Role, Ui, WidgetInfo};

use super::outline::{Branches, Item, LineOf, Outline, Path};
use super::strip::Strip;
use super::table::{Head, Table};
use super::tree_row::{Rows, Touch};
use crate::gui::theme::Tokens;
use crate::query::{Column, Order};

/// How the rows of a tree are written.
pub(crate) trait Face: Branches {
    /// What the tree is sorted by.
    type Column: Column;

    /// The columns.
    fn heads(&self) -> &'static [Head<Self::Column>];
    /// Writes the first cell of `row`, twisty and indent apart; `repeats` if it is the same as a row it stands under.
    fn write(&self, strip: &mut Strip<'_>, row: &Self::Row, repeats: bool, tokens: &Tokens);
    /// What stands in the cell of `row` under the head at `at`.
    fn value(&self, row: &Self::Row, at: usize) -> Value;
    /// `row` in words: what it is called, and after the level, what its numbers are.
    fn spoken(&self, row: &Self::Row) -> (String, String);
    /// What is copied of `row`.
    fn copied(&self, row: &Self::Row) -> String;
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Nothing.
    None,
    /// A number.
    Number(String),
    /// A share: a bar and a number.
    Share(f32, String),
}

/// A tree on the screen.
pub(crate) struct Tree<F: Face> {
    /// Its rows.
    pub(crate) outline: Outline<F>,
    /// Its columns.
    pub(crate) table: Table<F::Column>,
    cursor: Option<Cursor<F::Key>>,
    row_height: f32,
}

/// The row that is chosen: the way to it, and where it stood when the outline last changed.
struct Cursor<K> {
    path: Path<K>,
    index: Option<u64>,
    generation: u64,
}

/// What was done to a tree in a frame.
#[derive(Debug)]
pub(crate) struct Done<R> {
    /// The row to which the cursor was moved by hand.
    pub(crate) moved_to: Option<R>,
    /// The row that was opened, by Enter or a double click.
    pub(crate) opened: Option<R>,
}

impl<F: Face> Tree<F> {
    /// A tree over `top`, sorted by `order`.
    pub(crate) fn new(id: &'static str, top: F::Level, order: Order<F::Column>, row_height: f32) -> Self {
        Self {
            outline: Outline::new(top),
            table: Table::new(id, order),
            cursor: None,
            row_height,
        }
    }

    /// Begins anew over `top`: nothing is open, the first row is on the screen.
    pub(crate) fn restart(&mut self, top: F::Level) {
        self.outline = Outline::new(top);
        self.cursor = None;
        self.table.scroll_to_top();
    }

    /// Puts the cursor on the row at the end of `path` and brings it on the screen.
    pub(crate) fn go_to(&mut self, face: &F, path: Path<F::Key>) {
        self.set_cursor(path);
        if let Some(index) = self.cursor_index(face) {
            self.table.reveal(index);
        }
    }

    /// Paints it in all the room there is. [`Outline::refresh`] comes first.
    pub(crate) fn show(&mut self, ui: &mut Ui, face: &F) -> Done<F::Row> {
        let mut done = Done {
            moved_to: None,
            opened: None,
        };
        let has_focus = ui.memory(|memory| memory.has_focus(self.table.id()));
        if has_focus {
            self.keys(ui, face, &mut done);
        }
        let cursor = self.cursor_index(face);
        let heads = face.heads();
        let order = self.table.order;
        let rows = Rows {
            face,
            tokens: Tokens::of(ui),
            sorted: heads.iter().position(|head| head.by == order.by),
            has_focus,
        };
        let (outline, mut touched) = (&self.outline, None);
        let response = self
            .table
            .show(ui, heads, outline.rows(), self.row_height, |ui, index, rects| {
                let Some(line) = outline.at(face, index) else {
                    return;
                };
                if let Some(touch) = rows.paint(ui, index, &line, rects, cursor == Some(index)) {
                    touched = Some((line, touch));
                }
            });
        if has_focus {
            let filter = EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(self.table.id(), filter));
        }
        response.widget_info(|| WidgetInfo::new(Role::TreeGrid));
        if let Some((line, touch)) = touched {
            response.request_focus();
            self.touched(face, line, &touch, &mut done);
        }
        done
    }

    fn set_cursor(&mut self, path: Path<F::Key>) {
        self.cursor = Some(Cursor {
            path,
            index: None,
            generation: u64::MAX,
        });
    }

    /// Where the cursor is. Looked up only when rows may have moved: the search may be long.
    fn cursor_index(&mut self, face: &F) -> Option<u64> {
        let cursor = self.cursor.as_mut()?;
        if cursor.generation != self.outline.generation() {
            cursor.generation = self.outline.generation();
            cursor.index = self.outline.index_of(face, &cursor.path);
        }
        cursor.index
    }

    fn touched(&mut self, face: &F, line: LineOf<F>, touch: &Touch, done: &mut Done<F::Row>) {
        match touch {
            Touch::Toggle => self.toggle(face, &line),
            Touch::Open => done.opened = row_of(&line),
            Touch::ShowMore(rows) => {
                self.outline.show_more(&line.path, *rows);
                return;
            }
            Touch::Select => {}
        }
        done.moved_to = row_of(&line);
        self.set_cursor(line.path);
    }

    /// Expands the row under the cursor, or collapses it.
    pub(crate) fn toggle_current(&mut self, face: &F) {
        if let Some(index) = self.cursor_index(face)
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

    fn keys(&mut self, ui: &Ui, face: &F, done: &mut Done<F::Row>) {
        let cursor = self.cursor_index(face);
        let last = self.outline.rows().saturating_sub(1);
        let page = self.table.page().saturating_sub(1).max(1);
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let mut target = None;
        if pressed(Key::ArrowDown) {
            target = Some(cursor.map_or(0, |at| at + 1));
        } else if pressed(Key::ArrowUp) {
            target = Some(cursor.map_or(0, |at| at.saturating_sub(1)));
        } else if pressed(Key::PageDown) {
            target = Some(cursor.map_or(0, |at| at + page));
        } else if pressed(Key::PageUp) {
            target = Some(cursor.map_or(0, |at| at.saturating_sub(page)));
        } else if pressed(Key::Home) {
            target = Some(0);
        } else if pressed(Key::End) {
            target = Some(last);
        }
        let line = cursor.and_then(|at| self.outline.at(face, at));
        if let (Some(line), Some(cursor)) = (line, cursor) {
            if pressed(Key::ArrowRight) {
                if line.is_open {
                    target = Some(cursor + 1);
                } else {
                    self.toggle(face, &line);
                }
            } else if pressed(Key::ArrowLeft) {
                if line.is_open {
                    self.outline.collapse(&line.path);
                } else if line.path.len() > 1 {
                    target = self.outline.index_of(face, &line.path[..line.path.len() - 1]);
                }
            } else if pressed(Key::Enter) {
                match line.item {
                    Item::Row(row) => done.opened = Some(row),
                    Item::More { page, .. } => self.outline.show_more(&line.path, page),
                    Item::Waiting | Item::Empty(_) | Item::Failed(_) => {}
                }
            }
            if let Item::Row(row) = &line.item
                && ui.input(|input| input.events.contains(&Event::Copy))
            {
                ui.copy_text(face.copied(row));
            }
        }
        if let Some(line) = target.and_then(|index| self.outline.at(face, index.min(last))) {
            self.table.reveal(target.unwrap_or(0).min(last));
            done.moved_to = row_of(&line);
            self.set_cursor(line.path);
        }
    }
}

const fn row_of<R: Copy, K>(line: &super::outline::Line<R, K>) -> Option<R> {
    match line.item {
        Item::Row(row) => Some(row),
        _ => None,
    }
}
