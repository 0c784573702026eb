//! The colours: one table for each theme. The only place where a colour is made from numbers.

#![expect(clippy::disallowed_methods, reason = "the bans point here")]

use super::is_high_contrast;
use eframe::egui::{Color32, Theme, Ui};

/// A colour for each role. Views name roles, never colours.
#[derive(Debug)]
pub(crate) struct Tokens {
    /// Tables, views, text fields.
    pub(crate) bg_canvas: Color32,
    /// Bars, the left panel, headers, footers.
    pub(crate) bg_panel: Color32,
    /// Cards.
    pub(crate) bg_raised: Color32,
    /// Whatever is under the pointer.
    pub(crate) bg_hover: Color32,
    /// Buttons, neutral badges, the current card, the ground of progress bars.
    pub(crate) bg_active: Color32,
    /// Menus, tooltips.
    pub(crate) bg_popup: Color32,
    /// The selected row of the view that has the keyboard.
    pub(crate) bg_selected: Color32,
    /// The selected row of any other view.
    pub(crate) bg_selected_dim: Color32,
    /// Lines inside a surface.
    pub(crate) stroke_subtle: Color32,
    /// Lines between surfaces, borders.
    pub(crate) stroke_default: Color32,
    /// Drop areas, the scroll bar, borders of popups.
    pub(crate) stroke_strong: Color32,
    /// The focus ring.
    pub(crate) stroke_focus: Color32,
    /// Names, what is chosen.
    pub(crate) text_strong: Color32,
    /// Prose and numbers.
    pub(crate) text: Color32,
    /// Context.
    pub(crate) text_subdued: Color32,
    /// What cannot be used now.
    pub(crate) text_disabled: Color32,
    /// Links, icons of state.
    pub(crate) accent_text: Color32,
    /// Primary buttons.
    pub(crate) accent_fill: Color32,
    /// Primary buttons under the pointer.
    pub(crate) accent_fill_hover: Color32,
    /// Text on those.
    pub(crate) accent_on_fill: Color32,
    /// Faults, what is detached.
    pub(crate) high_text: Color32,
    /// Meters of high severity.
    pub(crate) high_fill: Color32,
    /// Meters of notes.
    pub(crate) note_fill: Color32,
    /// The ground of a fault.
    pub(crate) high_tint: Color32,
    /// What grew; the second colour of the mark.
    pub(crate) grow_text: Color32,
    /// Bars of growth, meters of medium severity, the border of tiles that grew.
    pub(crate) grow_fill: Color32,
    /// The ground of growth.
    pub(crate) grow_tint: Color32,
    /// What shrank.
    pub(crate) shrink_text: Color32,
    /// Bars of what shrank.
    pub(crate) shrink_fill: Color32,
    /// Ground of badges of what shrank.
    pub(crate) shrink_tint: Color32,
    /// Share bars.
    pub(crate) bar_fill: Color32,
    /// What a heap is made of: objects, strings, arrays, native, code, system.
    pub(crate) cat: [Color32; 6],
    /// Lines of a chart, and what is written at them.
    pub(crate) series: [Color32; 8],
    /// Tiles of treemaps; the fourth is for what grew, with a border.
    pub(crate) map: [Color32; 8],
    /// How much of white a tile takes on for each level it is nested: 0 to 1.
    pub(crate) map_step: f32,
    /// What a popup throws.
    pub(crate) shadow: Color32,
    /// Tints of the icons that stand for kinds of nodes.
    pub(crate) kinds: Kinds,
}

/// Tints of icons by kind of node.
#[derive(Debug)]
pub(crate) struct Kinds {
    pub(crate) object: Color32,
    pub(crate) collection: Color32,
    pub(crate) array: Color32,
    pub(crate) function: Color32,
    pub(crate) string: Color32,
    pub(crate) number: Color32,
    pub(crate) regexp: Color32,
    pub(crate) symbol: Color32,
    pub(crate) code: Color32,
    pub(crate) native: Color32,
    pub(crate) system: Color32,
    pub(crate) root: Color32,
}

impl Tokens {
    /// The table of the theme in which `ui` is painted.
    pub(crate) fn of(ui: &Ui) -> &'static Self {
        Self::for_theme(ui.theme(), is_high_contrast(ui))
    }

    /// The table of `theme`, with high contrast or without.
    pub(crate) fn for_theme(theme: Theme, is_high_contrast: bool) -> &'static Self {
        match (theme, is_high_contrast) {
            (Theme::Dark, false) => &DARK,
            (Theme::Light, false) => &LIGHT,
            (Theme::Dark, true) => &HIGH_DARK,
            (Theme::Light, true) => &HIGH_LIGHT,
        }
    }

    /// The fill of a tile nested `depth` levels in one of `color`.
    pub(crate) fn nested_tile(&self, color: Color32, depth: u32) -> Color32 {
        (0..depth.min(3)).fold(color, |color, _| {
            color.lerp_to_gamma(Color32::WHITE, self.map_step)
        })
    }
}

const fn hex(rgb: u32) -> Color32 {
    let [_, red, green, blue] = rgb.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

const DARK: Tokens = Tokens {
    bg_canvas: hex(0x0F_1215),
    bg_panel: hex(0x14_181C),
    bg_raised: hex(0x1A_1F24),
    bg_hover: hex(0x20_262C),
    bg_active: hex(0x2A_3138),
    bg_popup: hex(0x1D_2227),
    bg_selected: hex(0x17_3533),
    bg_selected_dim: hex(0x20_282C),
    stroke_subtle: hex(0x22_282E),
    stroke_default: hex(0x2E_363E),
    stroke_strong: hex(0x5A_6671),
    stroke_focus: hex(0x5C_D1BE),
    text_strong: hex(0xF2_F5F7),
    text: hex(0xC9_D1D8),
    text_subdued: hex(0x97_A2AD),
    text_disabled: hex(0x5F_6973),
    accent_text: hex(0x5C_D1BE),
    accent_fill: hex(0x14_796C),
    accent_fill_hover: hex(0x16_7F71),
    accent_on_fill: hex(0xFF_FFFF),
    high_text: hex(0xFF_8A80),
    high_fill: hex(0xE5_594E),
    note_fill: hex(0x6C_7782),
    high_tint: hex(0x33_1C1C),
    grow_text: hex(0xF5_A65B),
    grow_fill: hex(0xC8_752B),
    grow_tint: hex(0x2E_2318),
    shrink_text: hex(0x78_B7FA),
    shrink_fill: hex(0x3E_7FC6),
    shrink_tint: hex(0x17_2636),
    bar_fill: hex(0x3B_5068),
    cat: [
        hex(0x5C_86B3),
        hex(0x7C_9F66),
        hex(0x4A_9AA9),
        hex(0xB7_7B5E),
        hex(0x96_896F),
        hex(0x66_717C),
    ],
    series: [
        hex(0xF5_A65B),
        hex(0x5C_D1BE),
        hex(0xB7_9CF2),
        hex(0x78_B7FA),
        hex(0xE6_C66A),
        hex(0xF0_91B5),
        hex(0x9C_CB7D),
        hex(0x97_A2AD),
    ],
    map: [
        hex(0x2B_4257),
        hex(0x3B_3A5C),
        hex(0x2E_4A40),
        hex(0x4C_3F2B),
        hex(0x50_343A),
        hex(0x2D_3A40),
        hex(0x3A_4430),
        hex(0x2A_3036),
    ],
    map_step: 0.06,
    shadow: Color32::from_black_alpha(115),
    kinds: Kinds {
        object: hex(0xA9_BACD),
        collection: hex(0x7F_C8B4),
        array: hex(0x6C_C6DD),
        function: hex(0xB7_9CF2),
        string: hex(0x9C_CB7D),
        number: hex(0xE6_C66A),
        regexp: hex(0xF0_91B5),
        symbol: hex(0xD9_A0E4),
        code: hex(0xC2_B196),
        native: hex(0xE6_9B78),
        system: hex(0x97_A2AD),
        root: hex(0xF2_F5F7),
    },
};

const LIGHT: Tokens = Tokens {
    bg_canvas: hex(0xFF_FFFF),
    bg_panel: hex(0xF5_F7F8),
    bg_raised: hex(0xFF_FFFF),
    bg_hover: hex(0xEB_EEF1),
    bg_active: hex(0xDF_E4E8),
    bg_popup: hex(0xFF_FFFF),
    bg_selected: hex(0xD3_EEE9),
    bg_selected_dim: hex(0xE6_ECEE),
    stroke_subtle: hex(0xE6_EAED),
    stroke_default: hex(0xD3_D9DF),
    stroke_strong: hex(0x87_929D),
    stroke_focus: hex(0x0B_7568),
    text_strong: hex(0x11_161B),
    text: hex(0x32_3B44),
    text_subdued: hex(0x58_6370),
    text_disabled: hex(0x9A_A5B0),
    accent_text: hex(0x0A_6D61),
    accent_fill: hex(0x0D_7A6C),
    accent_fill_hover: hex(0x0A_6A5E),
    accent_on_fill: hex(0xFF_FFFF),
    high_text: hex(0xB3_261E),
    high_fill: hex(0xD5_443A),
    note_fill: hex(0x88_94A0),
    high_tint: hex(0xFC_E9E7),
    grow_text: hex(0x9A_4A00),
    grow_fill: hex(0xD0_7420),
    grow_tint: hex(0xFC_EFE2),
    shrink_text: hex(0x1B_5FA8),
    shrink_fill: hex(0x4E_8FD6),
    shrink_tint: hex(0xE5_F0FB),
    bar_fill: hex(0xB4_C8DD),
    cat: [
        hex(0x4F_81B8),
        hex(0x6B_964C),
        hex(0x32_8A9D),
        hex(0xBB_7650),
        hex(0x92_815D),
        hex(0x7A_8692),
    ],
    series: [
        hex(0xA0_4E00),
        hex(0x0A_6D61),
        hex(0x6B_4FC0),
        hex(0x1B_5FA8),
        hex(0x77_5A00),
        hex(0xA8_336A),
        hex(0x39_6E1F),
        hex(0x58_6370),
    ],
    map: [
        hex(0xC9_DBEC),
        hex(0xDA_D7F2),
        hex(0xCF_E8DC),
        hex(0xEF_E0C8),
        hex(0xF3_D6D6),
        hex(0xD9_E3E8),
        hex(0xE0_E8CF),
        hex(0xE4_E8EB),
    ],
    map_step: 0.45,
    shadow: Color32::from_rgba_premultiplied(4, 6, 7, 46),
    kinds: Kinds {
        object: hex(0x47_586B),
        collection: hex(0x1C_6B58),
        array: hex(0x0B_6B84),
        function: hex(0x6B_4FC0),
        string: hex(0x35_701B),
        number: hex(0x7A_5D00),
        regexp: hex(0xA8_336A),
        symbol: hex(0x8A_3D9B),
        code: hex(0x6C_5A3C),
        native: hex(0x99_481F),
        system: hex(0x58_6370),
        root: hex(0x11_161B),
    },
};

/// With high contrast what stands back stands out as the rest does, and so do lines.
const HIGH_DARK: Tokens = Tokens {
    text_subdued: DARK.text,
    text: DARK.text_strong,
    text_disabled: DARK.text_subdued,
    stroke_default: DARK.stroke_strong,
    stroke_subtle: DARK.stroke_default,
    ..DARK
};

const HIGH_LIGHT: Tokens = Tokens {
    text_subdued: LIGHT.text,
    text: LIGHT.text_strong,
    text_disabled: LIGHT.text_subdued,
    stroke_default: LIGHT.stroke_strong,
    stroke_subtle: LIGHT.stroke_default,
    ..LIGHT
};

#[cfg(test)]
mod tests {
    use super::*;

    /// The contrast ratio of two opaque colours, as WCAG defines it.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |color: Color32| {
            let linear = |value: u8| {
                let value = f32::from(value) / 255.0;
                if value <= 0.04045 {
                    value / 12.92
                } else {
                    ((value + 0.055) / 1.055).powf(2.4)
                }
            };
            0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn texts_can_be_read_on_what_they_stand_on() {
        for tokens in [&DARK, &LIGHT, &HIGH_DARK, &HIGH_LIGHT] {
            let on_tints = [
                (tokens.grow_text, tokens.grow_tint),
                (tokens.shrink_text, tokens.shrink_tint),
                (tokens.high_text, tokens.high_tint),
                (tokens.accent_text, tokens.bg_selected),
                (tokens.accent_on_fill, tokens.accent_fill),
            ];
            let on_tiles = tokens.map.iter().flat_map(|&tile| {
                (0..4).map(move |depth| (tokens.text_strong, tokens.nested_tile(tile, depth)))
            });
            let on_canvas = tokens.series.iter().map(|&line| (line, tokens.bg_canvas));
            for (text, ground) in on_tints.into_iter().chain(on_tiles).chain(on_canvas) {
                assert!(contrast(text, ground) >= 4.5, "{text:?} on {ground:?}");
            }
            let grounds = [
                tokens.bg_canvas,
                tokens.bg_panel,
                tokens.bg_raised,
                tokens.bg_popup,
            ];
            for ground in grounds {
                let least = contrast(tokens.text_subdued, ground);
                assert!(least >= 4.5, "{ground:?}");
            }
            for fill in tokens
                .cat
                .into_iter()
                .chain([tokens.grow_fill, tokens.shrink_fill])
            {
                assert!(contrast(fill, tokens.bg_canvas) >= 3.0, "{fill:?}");
            }
        }
    }

    #[test]
    fn with_high_contrast_nothing_stands_back() {
        for (high, plain) in [(&HIGH_DARK, &DARK), (&HIGH_LIGHT, &LIGHT)] {
            assert!(contrast(high.text_subdued, high.bg_canvas) > 10.0);
            assert!(contrast(high.stroke_default, high.bg_canvas) >= 3.0);
            assert!(
                contrast(high.text_disabled, high.bg_canvas) > contrast(plain.text_disabled, plain.bg_canvas)
            );
        }
    }
}
