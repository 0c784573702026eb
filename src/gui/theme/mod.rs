//! The look: colours, type, icons, and the style that the toolkit's own widgets take from them.

pub(crate) mod fonts;
pub(crate) mod icons;
mod tokens;

pub(crate) use icons::Icon;
pub(crate) use tokens::Tokens;

use eframe::egui::{
    Context, CornerRadius, FontFamily, FontId, Id, Margin, Shadow, Stroke, Style, TextStyle, Theme, vec2,
};

/// Gives `ctx` the faces and both themes; the system chooses between them until the user does. Contrast is as it was in an
/// earlier run.
pub(crate) fn install(ctx: &Context) {
    ctx.set_fonts(fonts::definitions());
    let is_high = ctx
        .data_mut(|data| data.get_persisted(contrast()))
        .unwrap_or(false);
    set_high_contrast(ctx, is_high);
}

/// Is everything painted that stands back as strongly as the rest?
pub(crate) fn is_high_contrast(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(contrast())).unwrap_or(false)
}

/// Paints with high contrast, or no longer, also in later runs.
pub(crate) fn set_high_contrast(ctx: &Context, is_high: bool) {
    ctx.data_mut(|data| data.insert_persisted(contrast(), is_high));
    for theme in [Theme::Dark, Theme::Light] {
        ctx.style_mut_of(theme, |style| apply(style, Tokens::for_theme(theme, is_high)));
    }
}

fn contrast() -> Id {
    Id::unique("heapatlas high contrast")
}

fn apply(style: &mut Style, tokens: &Tokens) {
    style.text_styles = [
        (TextStyle::Small, fonts::small()),
        (TextStyle::Body, fonts::body()),
        (TextStyle::Button, fonts::body()),
        (TextStyle::Heading, fonts::page_title()),
        (TextStyle::Monospace, FontId::new(12.0, FontFamily::Monospace)),
    ]
    .into();
    // Panels, popups and tooltips come at once.
    style.animation_time = 0.0;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;

    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(8.0, 4.0);
    spacing.button_padding = vec2(8.0, 4.0);
    spacing.interact_size.y = 24.0;
    spacing.menu_margin = Margin::same(4);
    spacing.menu_width = 272.0;
    spacing.tooltip_width = 312.0;
    spacing.window_margin = Margin::same(16);

    let visuals = &mut style.visuals;
    visuals.panel_fill = tokens.bg_panel;
    visuals.window_fill = tokens.bg_popup;
    visuals.window_stroke = Stroke::new(1.0, tokens.stroke_strong);
    visuals.extreme_bg_color = tokens.bg_canvas;
    visuals.faint_bg_color = tokens.bg_raised;
    visuals.code_bg_color = tokens.bg_canvas;
    visuals.hyperlink_color = tokens.accent_text;
    visuals.error_fg_color = tokens.high_text;
    visuals.weak_text_color = Some(tokens.text_subdued);
    visuals.override_text_color = None;
    visuals.menu_corner_radius = CornerRadius::same(6);
    visuals.window_corner_radius = CornerRadius::same(6);
    visuals.selection.bg_fill = tokens.bg_selected;
    visuals.selection.stroke = Stroke::new(1.0, tokens.stroke_focus);
    visuals.text_cursor.stroke = Stroke::new(1.0, tokens.text_strong);
    let shadow = Shadow {
        offset: [0, 8],
        blur: 24,
        spread: 0,
        color: tokens.shadow,
    };
    visuals.popup_shadow = shadow;
    visuals.window_shadow = shadow;

    let states = &mut visuals.widgets;
    let all = [
        (&mut states.noninteractive, tokens.bg_panel, tokens.text),
        (&mut states.inactive, tokens.bg_active, tokens.text),
        (&mut states.hovered, tokens.bg_hover, tokens.text_strong),
        (&mut states.active, tokens.bg_active, tokens.text_strong),
        (&mut states.open, tokens.bg_active, tokens.text_strong),
    ];
    for (visuals, fill, text) in all {
        visuals.bg_fill = fill;
        visuals.weak_bg_fill = fill;
        visuals.bg_stroke = Stroke::NONE;
        visuals.fg_stroke = Stroke::new(1.0, text);
        visuals.corner_radius = CornerRadius::same(4);
        visuals.expansion = 0.0;
    }
    states.noninteractive.bg_stroke = Stroke::new(1.0, tokens.stroke_default);
}
