//! What the Summary shows, and how it is grouped: the bar above its rows.

use eframe::egui::{Align, Layout, RichText, Sense, Ui, UiBuilder, vec2};

use crate::analysis::filters::NodeFilter;
use crate::base::units::grouped;
use crate::gui::cx::Cx;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::search_box::SearchBox;
use crate::gui::widgets::segments::{self, segments};
use crate::gui::widgets::select::{Choice, select};
use crate::query::groups::Grouping;

const HEIGHT: f32 = 36.0;

/// What rows can be grouped by; none is the class.
const GROUPINGS: [(Option<Grouping>, &str); 5] = [
    (None, "Class"),
    (Some(Grouping::Kind), "Kind"),
    (Some(Grouping::Owner), "Module"),
    (Some(Grouping::Package), "Package"),
    (Some(Grouping::NativeContext), "Context"),
];

/// The filters that need no other snapshot.
const FILTERS: [(NodeFilter, &str); 6] = [
    (NodeFilter::All, "All objects"),
    (NodeFilter::DuplicatedStrings, "Duplicated strings"),
    (
        NodeFilter::RetainedByDetachedDom,
        "Retained by detached DOM nodes",
    ),
    (NodeFilter::RetainedByConsole, "Retained by the console"),
    (NodeFilter::RetainedByEventHandlers, "Retained by event handlers"),
    (NodeFilter::RetainedByContexts, "Retained by contexts of closures"),
];

/// Paints filters, groupings, and how many rows there are. What has no room is left out: first that number, then what the
/// groupings are called. Tells whether the keyboard is to go from the filter to the rows.
pub(super) fn tool_bar(
    ui: &mut Ui,
    cx: &Cx<'_>,
    search: &mut SearchBox,
    chosen: &mut (NodeFilter, Option<Grouping>),
    rows: Option<usize>,
) -> bool {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let layout = Layout::left_to_right(Align::Center);
    let bar = UiBuilder::new().max_rect(rect.shrink2(vec2(12.0, 0.0)));
    let mut bar = ui.new_child(bar.layout(layout));
    let color = Tokens::of(&bar).text_subdued;
    let (filter, by) = chosen;
    search.rename(match by {
        None => "Filter by class name",
        Some(Grouping::Kind) => "Filter by kind",
        Some(Grouping::Owner) => "Filter by module name",
        Some(Grouping::Package) => "Filter by package name",
        Some(Grouping::NativeContext) => "Filter by context name",
    });
    let width = (bar.available_width() * 0.3).clamp(160.0, 240.0).round();
    let leaves = search.show(&mut bar, "/", width);
    choose_filter(&mut bar, cx, filter);

    let label = "Group by";
    let count = rows.map_or_else(String::new, |rows| counted(rows, *by));
    let measure = |text: &str, font| {
        let galley = bar.painter().layout_no_wrap(text.to_owned(), font, color);
        galley.size().x + bar.spacing().item_spacing.x
    };
    let (label_width, count_width) = (measure(label, fonts::body()), measure(&count, fonts::number()));
    let room = bar.available_width() - segments::width(&bar, &GROUPINGS);
    if room >= label_width {
        bar.label(RichText::new(label).color(color));
    }
    if let Some(new) = segments(&mut bar, label, &GROUPINGS, *by) {
        *by = new;
    }
    if room >= label_width + count_width {
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(RichText::new(count).font(fonts::number()).color(color));
        });
    }
    leaves
}

fn counted(rows: usize, by: Option<Grouping>) -> String {
    let (one, many) = match by {
        None => ("class", "classes"),
        Some(Grouping::Kind) => ("kind", "kinds"),
        Some(Grouping::Owner) => ("module", "modules"),
        Some(Grouping::Package) => ("package", "packages"),
        Some(Grouping::NativeContext) => ("context", "contexts"),
    };
    format!("{} {}", grouped(rows as u64), if rows == 1 { one } else { many })
}

/// DevTools' filters, and what was allocated after another snapshot was taken.
fn choose_filter(ui: &mut Ui, cx: &Cx<'_>, filter: &mut NodeFilter) {
    let mut filters: Vec<(NodeFilter, String)> = FILTERS
        .iter()
        .map(|(filter, text)| (*filter, (*text).to_owned()))
        .collect();
    filters.extend(cx.allocated_between());
    let chosen = filters.iter().position(|(of, _)| of == filter).unwrap_or(0);
    let choices: Vec<Choice<'_>> = filters
        .iter()
        .map(|(_, text)| Choice {
            text,
            ..Choice::default()
        })
        .collect();
    if let Some((new, _)) = select(ui, "Objects", &choices, chosen).and_then(|chosen| filters.get(chosen)) {
        *filter = *new;
    }
}
