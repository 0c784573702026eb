//! Buttons.

use eframe::egui::{Color32, Rect, Response, Role, Sense, StrokeKind, Ui, Widget, WidgetInfo, pos2, vec2};

use super::focus_ring;
use super::strip::{Strip, paint_icon};
use crate::gui::theme::{Icon, Tokens, fonts};

/// How much a button stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Look {
    /// The one thing to do.
    Primary,
    /// A thing to do.
    Neutral,
    /// A way out.
    Outline,
    /// One of many.
    Ghost,
}

/// A button that says what it does.
#[derive(Debug)]
pub(crate) struct Button<'a> {
    text: &'a str,
    icon: Option<Icon>,
    key_cap: Option<&'a str>,
    look: Look,
    height: f32,
    is_enabled: bool,
}

const PADDING: f32 = 8.0;

impl<'a> Button<'a> {
    /// A button of that look.
    pub(crate) const fn new(look: Look, text: &'a str) -> Self {
        Self {
            text,
            icon: None,
            key_cap: None,
            look,
            height: 24.0,
            is_enabled: true,
        }
    }

    /// With an icon before the text.
    pub(crate) const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// With the keys that do the same.
    pub(crate) const fn key_cap(mut self, keys: &'a str) -> Self {
        self.key_cap = Some(keys);
        self
    }

    /// Lower, for the status bar.
    pub(crate) const fn small(mut self) -> Self {
        self.height = 20.0;
        self
    }

    /// Larger, for pages with little else on them.
    pub(crate) const fn large(mut self) -> Self {
        self.height = 32.0;
        self
    }

    fn colors(&self, tokens: &Tokens, response: &Response) -> (Color32, Color32, Color32) {
        let is_over = response.hovered();
        let is_down = response.is_pointer_button_down_on();
        let none = Color32::TRANSPARENT;
        let text = tokens.text_strong;
        match self.look {
            _ if !self.is_enabled => (none, tokens.text_disabled, none),
            Look::Primary if is_over => (tokens.accent_fill_hover, tokens.accent_on_fill, none),
            Look::Primary => (tokens.accent_fill, tokens.accent_on_fill, none),
            Look::Neutral if is_over => (tokens.stroke_default, text, none),
            Look::Neutral => (tokens.bg_active, text, none),
            Look::Outline if is_over => (tokens.bg_hover, text, tokens.stroke_default),
            Look::Outline => (none, text, tokens.stroke_default),
            Look::Ghost if is_down => (tokens.bg_active, text, none),
            Look::Ghost if is_over => (tokens.bg_hover, text, none),
            Look::Ghost => (none, tokens.text, none),
        }
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let tokens = Tokens::of(ui);
        let large = if self.height > 24.0 { 4.0 } else { 0.0 };
        let measure = |text: &str, font| {
            ui.painter()
                .layout_no_wrap(text.to_owned(), font, tokens.text)
                .size()
                .x
        };
        let icon_width = self.icon.map_or(0.0, |_| 14.0 + 6.0);
        let cap_width = self.key_cap.map(|keys| measure(keys, fonts::badge()) + 12.0);
        let text_width = measure(self.text, fonts::strong());
        let width =
            text_width + icon_width + cap_width.map_or(0.0, |cap| cap + 10.0) + 2.0 * (PADDING + large);
        let sense = if self.is_enabled {
            Sense::click()
        } else {
            Sense::hover()
        };
        let (rect, response) = ui.allocate_exact_size(vec2(width.ceil(), self.height), sense);
        let (fill, text, stroke) = self.colors(tokens, &response);
        ui.painter()
            .rect(rect, 4.0, fill, (1.0, stroke), StrokeKind::Inside);
        if response.has_focus() {
            focus_ring(ui, rect.expand(1.0), 5.0);
        }
        let mut strip = Strip::new(
            ui.painter(),
            rect.shrink2(vec2(PADDING + large, 0.0)).expand2(vec2(1.0, 0.0)),
        );
        strip.space(1.0);
        if let Some(icon) = self.icon {
            strip.icon(icon, 14.0, text).space(6.0);
        }
        strip.text(self.text, fonts::strong(), text);
        if let (Some(keys), Some(width)) = (self.key_cap, cap_width) {
            let cap = Rect::from_center_size(rect.center(), vec2(0.0, 20.0));
            let cap = Rect::from_x_y_ranges(strip.x() + 10.0..=strip.x() + 10.0 + width, cap.y_range());
            key_cap(ui, cap, keys);
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Button, self.is_enabled, self.text));
        response
    }
}

/// Keys, as they are written on them.
pub(crate) fn key_cap(ui: &Ui, rect: Rect, keys: &str) {
    let tokens = Tokens::of(ui);
    let stroke = (1.0, tokens.stroke_default);
    ui.painter()
        .rect(rect, 4.0, tokens.bg_panel, stroke, StrokeKind::Inside);
    let galley = ui
        .painter()
        .layout_no_wrap(keys.to_owned(), fonts::badge(), tokens.text_subdued);
    let at = rect.center() - galley.size() / 2.0;
    ui.painter()
        .galley(pos2(at.x.round(), at.y.round()), galley, tokens.text_subdued);
}

/// A button that is an icon; `name` is its tooltip and what screen readers say.
pub(crate) fn icon_button(ui: &mut Ui, icon: Icon, name: &str, size: f32) -> Response {
    icon_button_if(ui, icon, name, size, true)
}

/// As [`icon_button`], usable if `is_enabled`.
pub(crate) fn icon_button_if(ui: &mut Ui, icon: Icon, name: &str, size: f32, is_enabled: bool) -> Response {
    let sense = if is_enabled {
        Sense::click()
    } else {
        Sense::hover()
    };
    let (rect, response) = ui.allocate_exact_size(vec2(size, size), sense);
    let tokens = Tokens::of(ui);
    let color = match (is_enabled, response.hovered()) {
        (false, _) => tokens.text_disabled,
        (_, true) => tokens.text_strong,
        _ => tokens.text_subdued,
    };
    if is_enabled && response.hovered() {
        ui.painter().rect_filled(rect, 4.0, tokens.bg_hover);
    }
    if response.has_focus() {
        focus_ring(ui, rect, 4.0);
    }
    paint_icon(ui.painter(), rect, icon, 16.0, color);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, is_enabled, name));
    response.on_hover_text(name)
}
