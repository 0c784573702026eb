//! Something to know about what is below, said in one line above it: never a dialog.

use eframe::egui::{Align, Label, Layout, Link, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use crate::gui::theme::{Icon, Tokens, fonts};

/// What kind of thing it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// As one would wish.
    Ok,
    /// To be kept in mind.
    Warn,
    /// Something is wrong.
    Bad,
}

/// A line above a view.
#[derive(Debug)]
pub(crate) struct Banner<'a> {
    tone: Tone,
    icon: Icon,
    lead: &'a str,
    text: &'a str,
    all: &'a str,
    link: &'a str,
}

const HEIGHT: f32 = 32.0;
/// A line with less room than this left is not followed from here; what it leads to stands elsewhere too.
const ROOM_FOR_LINK: f32 = 200.0;

impl<'a> Banner<'a> {
    /// A line that begins with `lead` and goes on with `text`.
    pub(crate) const fn new(tone: Tone, icon: Icon, lead: &'a str, text: &'a str) -> Self {
        Self {
            tone,
            icon,
            lead,
            text,
            all: "",
            link: "",
        }
    }

    /// With what the pointer shows of it.
    pub(crate) const fn all(mut self, all: &'a str) -> Self {
        self.all = all;
        self
    }

    /// With what can be done about it, at the right.
    pub(crate) const fn link(mut self, link: &'a str) -> Self {
        self.link = link;
        self
    }

    /// Paints it; was the link followed?
    pub(crate) fn show(self, ui: &mut Ui) -> bool {
        let tokens = Tokens::of(ui);
        let (ground, color) = match self.tone {
            Tone::Ok => (tokens.bg_selected, tokens.accent_text),
            Tone::Warn => (tokens.grow_tint, tokens.grow_text),
            Tone::Bad => (tokens.high_tint, tokens.high_text),
        };
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
        ui.painter().rect_filled(rect, 0.0, ground);
        let spoken = format!("{} {}", self.lead, self.text);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
        let line = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(12.0, 0.0)))
            .layout(Layout::left_to_right(Align::Center));
        ui.scope_builder(line, |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            ui.label(RichText::new(self.icon.0).font(fonts::icon(16.0)).color(color));
            let lead = RichText::new(self.lead)
                .font(fonts::strong())
                .color(tokens.text_strong);
            ui.add(Label::new(lead).truncate());
            let mut is_followed = false;
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if !self.link.is_empty() && ui.available_width() > ROOM_FOR_LINK {
                    let text = RichText::new(self.link).color(tokens.text_subdued);
                    is_followed = ui.add(Link::new(text)).clicked();
                    ui.add_space(8.0);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let said = ui.add(Label::new(RichText::new(self.text).color(tokens.text)).truncate());
                    if !self.all.is_empty() {
                        said.on_hover_text(self.all);
                    }
                });
            });
            is_followed
        })
        .inner
    }
}
