//! A box to filter by text. What is typed counts once the typing pauses, so that not every letter starts a search.

use std::time::Duration;

use eframe::egui::{
    Context, CornerRadius, Frame, Id, Key, Modifiers, Rect, StrokeKind, TextEdit, Ui, UiBuilder, pos2, vec2,
};

use super::button::{icon_button, key_cap};
use super::strip::paint_icon;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::query::pattern::{Pattern, Syntax};

/// The box, and what is typed in it.
#[derive(Debug)]
pub(crate) struct SearchBox {
    id: Id,
    name: &'static str,
    typed: String,
    settled: String,
    changed_at: Option<f64>,
}

/// How long typing must pause.
const PAUSE: Duration = Duration::from_millis(80);

impl SearchBox {
    /// An empty box of the view `view`; `name` is its hint and what screen readers say.
    pub(crate) fn new(name: &'static str, view: Id) -> Self {
        Self {
            id: view.with(name),
            name,
            typed: String::new(),
            settled: String::new(),
            changed_at: None,
        }
    }

    /// Calls it something else.
    pub(crate) const fn rename(&mut self, name: &'static str) {
        self.name = name;
    }

    /// What counts now.
    pub(crate) fn text(&self) -> &str {
        &self.settled
    }

    /// Makes `pattern` what is typed: a part of a text, whatever its case; none if the box is empty.
    pub(crate) fn keep_up(&self, pattern: &mut Option<Pattern>) {
        if pattern.as_ref().map_or("", Pattern::source) != self.settled {
            let text = Some(self.settled.as_str()).filter(|text| !text.is_empty());
            *pattern = text.and_then(|text| Pattern::new(text, Syntax::Substring, false).ok());
        }
    }

    /// Empties it.
    pub(crate) fn clear(&mut self) {
        self.typed.clear();
        self.settled.clear();
        self.changed_at = None;
    }

    /// Puts `text` into it.
    pub(crate) fn set(&mut self, text: &str) {
        text.clone_into(&mut self.typed);
        text.clone_into(&mut self.settled);
        self.changed_at = None;
    }

    /// Puts `text` into it; without one, gives it the keyboard.
    pub(crate) fn take(&mut self, ctx: &Context, text: Option<&str>) {
        match text {
            Some(text) => self.set(text),
            None => self.focus(ctx),
        }
    }

    /// Gives it the keyboard.
    pub(crate) fn focus(&self, ctx: &Context) {
        ctx.memory_mut(|memory| memory.request_focus(self.id));
    }

    /// Paints it; `keys` bring the keyboard here. Tells whether Enter or the down arrow sent the keyboard on.
    pub(crate) fn show(&mut self, ui: &mut Ui, keys: &str, width: f32) -> bool {
        let tokens = Tokens::of(ui);
        let (_, rect) = ui.allocate_space(vec2(width, 24.0));
        let has_focus = ui.memory(|memory| memory.has_focus(self.id));
        let stroke = if has_focus {
            tokens.stroke_focus
        } else {
            tokens.stroke_default
        };
        let radius = CornerRadius::same(4);
        ui.painter()
            .rect(rect, radius, tokens.bg_canvas, (1.0, stroke), StrokeKind::Inside);
        let icon = Rect::from_min_size(rect.min + vec2(8.0, 0.0), vec2(14.0, rect.height()));
        paint_icon(ui.painter(), icon, Icon::FUNNEL, 14.0, tokens.text_subdued);

        let leaves = has_focus
            && ui.input_mut(|input| {
                input.consume_key(Modifiers::NONE, Key::ArrowDown)
                    || input.consume_key(Modifiers::NONE, Key::Enter)
            });
        if has_focus && !self.typed.is_empty() && ui.input(|input| input.key_pressed(Key::Escape)) {
            self.clear();
        }
        self.end(ui, rect, keys);
        let text_rect = Rect::from_min_max(
            pos2(rect.left() + 28.0, rect.top() + 4.0),
            pos2(rect.right() - 52.0, rect.bottom()),
        );
        let mut inner = ui.new_child(UiBuilder::new().max_rect(text_rect).id_salt(self.id));
        let edit = TextEdit::singleline(&mut self.typed)
            .id(self.id)
            .frame(Frame::NONE)
            .font(fonts::body())
            .text_color(tokens.text_strong)
            .desired_width(text_rect.width())
            .hint_text(self.name);
        let response = inner.add(edit).accessible_name(self.name);
        if response.changed() {
            self.changed_at = Some(ui.input(|input| input.time));
        }
        self.settle(ui);
        leaves
    }

    /// At the right end: the keys, or a cross to clear the box.
    fn end(&mut self, ui: &mut Ui, rect: Rect, keys: &str) {
        if self.typed.is_empty() {
            let cap = Rect::from_min_max(
                pos2(
                    rect.right() - if keys.len() > 2 { 46.0 } else { 24.0 },
                    rect.top() + 3.0,
                ),
                rect.max - vec2(4.0, 3.0),
            );
            key_cap(ui, cap, keys);
            return;
        }
        let cross = Rect::from_min_size(pos2(rect.right() - 24.0, rect.top()), vec2(24.0, 24.0));
        let mut inner = ui.new_child(UiBuilder::new().max_rect(cross).id_salt((self.id, "clear")));
        if icon_button(&mut inner, Icon::X, "Clear the filter", 24.0).clicked() {
            self.clear();
        }
    }

    fn settle(&mut self, ui: &Ui) {
        let Some(since) = self.changed_at else { return };
        let left = PAUSE.as_secs_f64() - (ui.input(|input| input.time) - since);
        if left <= 0.0 {
            self.settled.clone_from(&self.typed);
            self.changed_at = None;
        } else {
            ui.request_repaint_after(Duration::from_secs_f64(left));
        }
    }
}
