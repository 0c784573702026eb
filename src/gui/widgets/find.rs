//! Finds text in the rows of a tree: all rows of the levels that are open, also those that are not shown yet.
//!
//! The rows are copied once for a worker, which writes and matches them; the frame only shows where the matches are.

use std::marker::PhantomData;
use std::sync::Arc;

use eframe::egui::{
    Context, Id, Key, Modifiers, Rect, RichText, Role, Sense, TextEdit, Ui, UiBuilder, WidgetInfo, vec2,
};

use super::button::icon_button;
use super::gathered::{Gathered, Spot};
use super::outline::{Outline, Path};
use super::tree::Face;
use crate::base::task::{Cancelled, Task};
use crate::base::units::grouped;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::job::{Jobs, Lane, Poll, Slot};
use crate::query::Query;
use crate::query::pattern::{Pattern, Syntax};

/// The bar over the rows, and what was found.
pub(crate) struct Find<F: Face> {
    id: Id,
    is_open: bool,
    typed: String,
    is_regex: bool,
    is_case_sensitive: bool,
    slot: Slot<FindRows<F>>,
    rows: Option<(u64, Arc<Gathered<F>>)>,
    /// The match that is shown.
    at: usize,
    version: u64,
}

/// Asks which rows match.
struct FindRows<F> {
    pattern: Pattern,
    of: PhantomData<fn() -> F>,
}

/// Height of the bar.
const BAR: f32 = 32.0;

impl<F: Face> Clone for FindRows<F> {
    fn clone(&self) -> Self {
        Self {
            pattern: self.pattern.clone(),
            of: PhantomData,
        }
    }
}

impl<F: Face> PartialEq for FindRows<F> {
    fn eq(&self, other: &Self) -> bool {
        self.pattern == other.pattern
    }
}

impl<F: Face> Query for FindRows<F> {
    type Over = Gathered<F>;
    type Answer = Vec<Spot>;

    fn run(&self, over: &Gathered<F>, task: &Task) -> Result<Vec<Spot>, Cancelled> {
        let mut found = Vec::new();
        over.each(task, |spot, _, row| {
            let (name, _) = over.face.spoken(row);
            if self.pattern.matches(name.as_str().into()) {
                found.push(spot);
            }
            Ok::<_, Cancelled>(())
        })?;
        Ok(found)
    }
}

impl<F: Face> Find<F> {
    pub(super) fn new(tree: Id) -> Self {
        Self {
            id: tree.with("find"),
            is_open: false,
            typed: String::new(),
            is_regex: false,
            is_case_sensitive: false,
            slot: Slot::new(Lane::Frame),
            rows: None,
            at: 0,
            version: 0,
        }
    }

    /// Opens the bar and gives it the keyboard.
    pub(crate) fn open(&mut self, ctx: &Context) {
        self.is_open = true;
        ctx.memory_mut(|memory| memory.request_focus(self.id));
    }

    /// Forgets the rows it looked through.
    pub(super) fn restart(&mut self) {
        self.rows = None;
        self.slot = Slot::new(Lane::Frame);
    }

    /// Paints the bar if it is open; the way to the row to go to, if there is one.
    pub(super) fn show(
        &mut self,
        ui: &mut Ui,
        face: &F,
        jobs: &Jobs,
        outline: &mut Outline<F>,
    ) -> Option<Path<F::Key>> {
        if !self.is_open {
            return None;
        }
        let pattern = self.pattern();
        let matches = match &pattern {
            Some(Ok(pattern)) => self.ask(face, jobs, outline, pattern),
            _ => None,
        };
        let is_new = self.slot.version() != self.version;
        self.version = self.slot.version();
        let count = matches.as_ref().map(Vec::len);
        let failure = match &pattern {
            Some(Err(reason)) => Some(reason.as_str()),
            _ => None,
        };
        let way = self.bar(ui, count, failure);
        let matches = matches.filter(|matches| !matches.is_empty())?;
        let count = matches.len();
        if is_new {
            self.at = 0;
        } else {
            self.at = match way {
                0 => return None,
                1.. => (self.at + 1) % count,
                _ => (self.at + count - 1) % count,
            };
        }
        let (_, rows) = self.rows.as_ref()?;
        let (level, row) = rows.row(*matches.get(self.at)?)?;
        outline.reveal(face, level, face.key(row))
    }

    fn pattern(&self) -> Option<Result<Pattern, String>> {
        if self.typed.is_empty() {
            return None;
        }
        let syntax = if self.is_regex {
            Syntax::Regex
        } else {
            Syntax::Substring
        };
        Some(Pattern::new(&self.typed, syntax, self.is_case_sensitive).map_err(|error| error.to_string()))
    }

    fn ask(&mut self, face: &F, jobs: &Jobs, outline: &Outline<F>, pattern: &Pattern) -> Option<Vec<Spot>> {
        let is_current = self
            .rows
            .as_ref()
            .is_some_and(|(version, _)| *version == outline.rows_version());
        if !is_current {
            self.rows = Some((outline.rows_version(), Arc::new(Gathered::new(face, outline))));
        }
        let (_, rows) = self.rows.as_ref()?;
        let question = FindRows {
            pattern: pattern.clone(),
            of: PhantomData,
        };
        match self.slot.ask(jobs, rows, &question) {
            Poll::Ready(found) => Some(found.clone()),
            Poll::Busy { .. } | Poll::Failed(_) => None,
        }
    }

    /// Paints the bar; tells whether to go to the next match (1), the one before (-1) or neither.
    fn bar(&mut self, ui: &mut Ui, count: Option<usize>, failure: Option<&str>) -> i32 {
        let tokens = Tokens::of(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), BAR), Sense::hover());
        ui.painter().rect_filled(rect, 0.0, tokens.bg_panel);
        let y = rect.bottom() - 0.5;
        ui.painter()
            .hline(rect.x_range(), y, (1.0, tokens.stroke_default));
        let has_focus = ui.memory(|memory| memory.has_focus(self.id));
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        let mut way = 0;
        if pressed(Modifiers::SHIFT, Key::F3) || (has_focus && pressed(Modifiers::SHIFT, Key::Enter)) {
            way = -1;
        } else if pressed(Modifiers::NONE, Key::F3) || (has_focus && pressed(Modifiers::NONE, Key::Enter)) {
            way = 1;
        }
        if has_focus && pressed(Modifiers::NONE, Key::Escape) {
            self.is_open = false;
        }
        let line = rect.shrink2(vec2(12.0, 4.0));
        let field = Rect::from_min_size(line.min, vec2(280.0_f32.min(line.width() * 0.4), 24.0));
        let mut inner = ui.new_child(UiBuilder::new().max_rect(field).id_salt(self.id));
        let edit = TextEdit::singleline(&mut self.typed)
            .id(self.id)
            .font(fonts::body())
            .desired_width(field.width())
            .hint_text("Find in this view");
        inner.add(edit).accessible_name("Find in this view");

        let rest = line.with_min_x(field.right() + 8.0);
        let mut inner = ui.new_child(
            UiBuilder::new()
                .max_rect(rest)
                .id_salt((self.id, "rest"))
                .layout(eframe::egui::Layout::left_to_right(eframe::egui::Align::Center)),
        );
        inner.spacing_mut().item_spacing.x = 4.0;
        for (icon, name, step) in [
            (Icon::CARET_UP, "Previous match", -1),
            (Icon::CARET_DOWN, "Next match", 1),
        ] {
            if icon_button(&mut inner, icon, name, 24.0).clicked() {
                way = step;
            }
        }
        switch(&mut inner, "Aa", "Match case", &mut self.is_case_sensitive);
        switch(&mut inner, ".*", "Regular expression", &mut self.is_regex);
        let (said, color) = match (count, failure) {
            (_, Some(reason)) => (reason.to_owned(), tokens.high_text),
            (Some(0), _) => ("Nothing found".to_owned(), tokens.text_subdued),
            (Some(count), _) => {
                let at = (self.at + 1).min(count);
                let said = format!("{} of {}", grouped(at as u64), grouped(count as u64));
                (said, tokens.text_subdued)
            }
            (None, _) if self.typed.is_empty() => (String::new(), tokens.text_subdued),
            (None, _) => ("Looking…".to_owned(), tokens.text_subdued),
        };
        inner.add_space(4.0);
        let said = RichText::new(said).font(fonts::number()).color(color);
        inner.add(eframe::egui::Label::new(said).truncate());
        let end = eframe::egui::Layout::right_to_left(eframe::egui::Align::Center);
        inner.with_layout(end, |ui| {
            if icon_button(ui, Icon::X, "Close the find bar", 24.0).clicked() {
                self.is_open = false;
            }
        });
        way
    }
}

/// A letter that can be switched on.
fn switch(ui: &mut Ui, letters: &str, name: &str, is_on: &mut bool) {
    let (rect, response) = ui.allocate_exact_size(vec2(28.0, 24.0), Sense::click());
    let tokens = Tokens::of(ui);
    if *is_on || response.hovered() {
        let fill = if *is_on {
            tokens.bg_selected
        } else {
            tokens.bg_hover
        };
        ui.painter().rect_filled(rect, 4.0, fill);
    }
    if response.has_focus() {
        super::focus_ring(ui, rect, 4.0);
    }
    let color = if *is_on {
        tokens.accent_text
    } else {
        tokens.text_subdued
    };
    let at = eframe::egui::Align2::CENTER_CENTER;
    ui.painter()
        .text(rect.center(), at, letters, fonts::code(), color);
    if response.clicked() {
        *is_on = !*is_on;
    }
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, *is_on, name));
    response.on_hover_text(name);
}
