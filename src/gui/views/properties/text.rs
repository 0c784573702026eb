//! The whole text of a string, to be read, selected and copied; a long one in pages.

use eframe::egui::{Align, Frame, Label, Layout, Margin, RichText, ScrollArea, Ui, UiBuilder, vec2};

use crate::base::index::NodeIx;
use crate::base::units::{counted, grouped};
use crate::gui::cx::Asker;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::button::{Button, Look, icon_button_if};
use crate::job::{Lane, Slot};
use crate::query::full_text::{FullText, FullTextAnswer};

/// The text of the string that is selected.
pub(super) struct TextBox {
    slot: Slot<FullText>,
    page: usize,
    shown: Option<Shown>,
}

/// What of the text is on the screen.
struct Shown {
    version: u64,
    page: usize,
    text: String,
    /// UTF-16 units of the whole text, as JavaScript counts.
    length: usize,
    /// Where the page begins and ends, in code points, and how many there are in all.
    from: usize,
    to: usize,
    count: usize,
    note: Option<String>,
}

/// Code points of a page: more would be long in laying out.
const PAGE: usize = 10_000;
/// Height of the line above the text.
const LINE: f32 = 28.0;
/// Of the room there is, as much is left to the rows below.
const LEFT_TO_ROWS: f32 = 0.45;

impl TextBox {
    pub(super) const fn new() -> Self {
        Self {
            slot: Slot::new(Lane::Frame),
            page: 0,
            shown: None,
        }
    }

    /// Paints the text of the string `node`.
    pub(super) fn show(&mut self, ui: &mut Ui, asker: &Asker, node: NodeIx) {
        asker.ask(&mut self.slot, &FullText { node });
        let (version, page) = (self.slot.version(), self.page);
        let is_known = |shown: &Shown| shown.version == version && shown.page == page;
        if !self.shown.as_ref().is_some_and(is_known) {
            self.shown = self.slot.latest().map(|answer| cut(answer, version, page));
        }
        let Some(shown) = &self.shown else { return };
        let most = (ui.available_height() * (1.0 - LEFT_TO_ROWS) - LINE).max(48.0);
        let mut turned = shown.page;
        let (line, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), LINE), eframe::egui::Sense::hover());
        let builder = UiBuilder::new()
            .max_rect(line.shrink2(vec2(12.0, 2.0)))
            .layout(Layout::left_to_right(Align::Center));
        let is_copied = ui.scope_builder(builder, |ui| head(ui, shown, &mut turned)).inner;
        let tokens = Tokens::of(ui);
        Frame::new()
            .fill(tokens.bg_canvas)
            .inner_margin(Margin::symmetric(12, 4))
            .show(ui, |ui| {
                ScrollArea::vertical()
                    .id_salt(("text", shown.page))
                    .max_height(most)
                    .auto_shrink([false, true])
                    .show(ui, |ui| {
                        let text = RichText::new(&shown.text)
                            .font(fonts::code())
                            .color(tokens.kinds.string);
                        ui.add(Label::new(text).wrap().selectable(true));
                    });
            });
        if is_copied && let Some(answer) = self.slot.latest() {
            ui.copy_text(answer.text.to_string());
        }
        self.page = turned;
    }
}

/// How long it is, what is to be known of it, and how to get at all of it. Returns whether it is to be copied.
fn head(ui: &mut Ui, shown: &Shown, page: &mut usize) -> bool {
    let tokens = Tokens::of(ui);
    ui.spacing_mut().item_spacing.x = 8.0;
    let mut text = counted(shown.length as u64, "character", "characters");
    if let Some(note) = &shown.note {
        text = format!("{text}. {note}.");
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let is_copied = ui
            .add(Button::new(Look::Ghost, "Copy text").icon(Icon::COPY))
            .clicked();
        if shown.count > PAGE {
            let is_last = shown.to >= shown.count;
            if icon_button_if(ui, Icon::ARROW_RIGHT, "Next page", 24.0, !is_last).clicked() {
                *page += 1;
            }
            if icon_button_if(ui, Icon::ARROW_LEFT, "Previous page", 24.0, *page > 0).clicked() {
                *page -= 1;
            }
            let range = format!("{}–{}", grouped(shown.from as u64 + 1), grouped(shown.to as u64));
            ui.label(
                RichText::new(range)
                    .font(fonts::number())
                    .color(tokens.text_subdued),
            );
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(Label::new(RichText::new(&text).color(tokens.text_subdued)).truncate())
                .on_hover_text(&text);
        });
        is_copied
    })
    .inner
}

/// The page at `page` of the text.
fn cut(answer: &FullTextAnswer, version: u64, page: usize) -> Shown {
    let whole = answer.text.as_js().to_string_lossy();
    let from = page * PAGE;
    let plain = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() || c == char::REPLACEMENT_CHARACTER => '□',
        c => c,
    };
    let text: String = whole.chars().skip(from).take(PAGE).map(plain).collect();
    let to = from + text.chars().count();
    Shown {
        version,
        page,
        text,
        length: answer.text.as_js().utf16_len(),
        from,
        to,
        count: whole.chars().count(),
        note: answer.note(),
    }
}
