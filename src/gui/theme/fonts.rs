//! The faces and the roles of type.

use std::sync::Arc;

use eframe::egui::{FontData, FontDefinitions, FontFamily, FontId};

/// Body text: names, prose.
pub(crate) fn body() -> FontId {
    FontId::new(12.5, FontFamily::Proportional)
}

/// Buttons, the lead of a banner.
pub(crate) fn strong() -> FontId {
    medium(12.5)
}

/// Titles of panels and sections.
pub(crate) fn heading() -> FontId {
    semibold(12.5)
}

/// Titles of pages.
pub(crate) fn page_title() -> FontId {
    semibold(16.0)
}

/// What is typed into the palette.
pub(crate) fn palette() -> FontId {
    FontId::new(14.0, FontFamily::Proportional)
}

/// Second lines, captions, the status bar.
pub(crate) fn small() -> FontId {
    FontId::new(11.0, FontFamily::Proportional)
}

/// Headers of tables.
pub(crate) fn header() -> FontId {
    medium(11.5)
}

/// Badges and key caps.
pub(crate) fn badge() -> FontId {
    medium(11.0)
}

/// Numbers in columns.
pub(crate) fn number() -> FontId {
    FontId::new(12.5, FontFamily::Name("num".into()))
}

/// Numbers that lead: the sorted column, sizes on cards.
pub(crate) fn number_strong() -> FontId {
    FontId::new(12.5, FontFamily::Name("num-medium".into()))
}

/// Numbers in small print.
pub(crate) fn number_small() -> FontId {
    FontId::new(11.0, FontFamily::Name("num".into()))
}

/// Numbers in badges.
pub(crate) fn number_badge() -> FontId {
    FontId::new(11.0, FontFamily::Name("num-medium".into()))
}

/// Titles of cards.
pub(crate) fn card_title() -> FontId {
    semibold(14.0)
}

/// The size on a card.
pub(crate) fn card_number() -> FontId {
    FontId::new(16.0, FontFamily::Name("num-semibold".into()))
}

/// Code among titles of cards.
pub(crate) fn card_code() -> FontId {
    FontId::monospace(13.5)
}

/// The one number of a chart.
pub(crate) fn hero() -> FontId {
    FontId::new(20.0, FontFamily::Name("num-semibold".into()))
}

/// Names of edges, commands.
pub(crate) fn code() -> FontId {
    FontId::monospace(12.0)
}

/// Ids of objects.
pub(crate) fn id() -> FontId {
    FontId::monospace(11.5)
}

/// Names of files.
pub(crate) fn file() -> FontId {
    FontId::monospace(11.0)
}

/// Icons.
pub(crate) fn icon(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("icons".into()))
}

fn medium(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("medium".into()))
}

fn semibold(size: f32) -> FontId {
    FontId::new(size, FontFamily::Name("semibold".into()))
}

/// The faces, all carried in the program, so that text is the same everywhere.
pub(super) fn definitions() -> FontDefinitions {
    macro_rules! face {
        ($path:literal) => {
            FontData::from_static(include_bytes!(concat!("../../../assets/fonts/", $path)))
        };
    }
    let mut fonts = FontDefinitions::empty();
    let faces = [
        ("inter", face!("inter/Inter_400Regular.ttf")),
        ("inter-medium", face!("inter/Inter_500Medium.ttf")),
        ("inter-semibold", face!("inter/Inter_600SemiBold.ttf")),
        // Inter with its tabular figures baked in, since font features cannot be asked for.
        ("inter-num", face!("inter/InterNum_400Regular.ttf")),
        ("inter-num-medium", face!("inter/InterNum_500Medium.ttf")),
        ("inter-num-semibold", face!("inter/InterNum_600SemiBold.ttf")),
        // Without ligatures: operators and flags stay as they were typed.
        ("mono", face!("jetbrains-mono/JetBrainsMonoPlain_400Regular.ttf")),
        ("phosphor", face!("phosphor/Phosphor.ttf")),
    ];
    for (name, data) in faces {
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    }
    let families = [
        (FontFamily::Proportional, ["inter", "mono"]),
        (FontFamily::Monospace, ["mono", "inter"]),
        (FontFamily::Name("medium".into()), ["inter-medium", "inter"]),
        (FontFamily::Name("semibold".into()), ["inter-semibold", "inter"]),
        (FontFamily::Name("num".into()), ["inter-num", "inter"]),
        (
            FontFamily::Name("num-medium".into()),
            ["inter-num-medium", "inter-medium"],
        ),
        (
            FontFamily::Name("num-semibold".into()),
            ["inter-num-semibold", "inter-semibold"],
        ),
    ];
    for (family, faces) in families {
        fonts.families.insert(family, faces.map(str::to_owned).to_vec());
    }
    // Alone: the text faces have glyphs of their own at the code points of the icons.
    fonts
        .families
        .insert(FontFamily::Name("icons".into()), vec!["phosphor".to_owned()]);
    fonts
}
