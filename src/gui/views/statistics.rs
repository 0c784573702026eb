//! What the heap is made of: bytes by category, as DevTools counts them.

use eframe::egui::{Id, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use crate::analysis::statistics::Statistics;
use crate::base::units::{grouped, share};
use crate::gui::cx::{Cx, Place, Spec, View};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::size_bar;
use crate::gui::widgets::strip::{self, Strip};
use crate::job::{Lane, Slot};
use crate::query::made_of::MadeOf;

pub(super) const SPEC: Spec = Spec {
    id: "statistics",
    title: "Statistics",
    icon: Icon::CHART_PIE,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: None,
    open: |id| {
        Box::new(StatisticsView {
            id,
            made_of: Slot::new(Lane::Frame),
        })
    },
};

struct StatisticsView {
    id: Id,
    /// What the objects are made of that pass the window's filter.
    made_of: Slot<MadeOf>,
}

const ROW: f32 = 28.0;
const MOST_WIDTH: f32 = 720.0;

/// The categories: name, how deep it stands, bytes, and what is in it.
fn categories(of: &Statistics) -> [(&'static str, u8, u64, &'static str); 9] {
    [
        ("Whole heap", 0, of.total, "everything the file tells of"),
        ("V8 heap", 1, of.v8_heap(), "what the garbage collector owns"),
        (
            "Code",
            2,
            of.code,
            "compiled functions, and what is kept for them",
        ),
        ("Strings", 2, of.strings, "texts, their joined and sliced forms"),
        ("JS arrays", 2, of.js_arrays, "the elements of arrays"),
        ("System objects", 2, of.system, "what the engine keeps for itself"),
        (
            "Other JS objects",
            2,
            of.other_js(),
            "objects, functions, closures’ contexts, numbers",
        ),
        ("Typed arrays", 1, of.typed_arrays, "the memory of ArrayBuffers"),
        (
            "Other native objects",
            1,
            of.other_native(),
            "memory outside the V8 heap",
        ),
    ]
}

impl View for StatisticsView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((_, snapshot)) = cx.snapshot() else {
            return;
        };
        let (statistics, title) = match cx.passing() {
            Ok(None) => (*snapshot.statistics(), "What the heap is made of"),
            Ok(Some(only)) => {
                let asker = cx.asker(snapshot);
                let Some(made_of) = asker.ready(&mut self.made_of, &MadeOf { only }) else {
                    return;
                };
                (*made_of, "What the objects that pass the filter are made of")
            }
            Err(_) => return,
        };
        let tokens = Tokens::of(ui);
        let rect = ui.available_rect_before_wrap();
        ui.interact(rect, self.id, Sense::focusable_noninteractive());
        let inner = rect.shrink2(vec2(24.0, 20.0));
        let inner = inner.with_max_x(inner.right().min(inner.left() + MOST_WIDTH));
        let mut page = ui.new_child(UiBuilder::new().max_rect(inner));
        ScrollArea::vertical().show(&mut page, |ui| {
            ui.label(
                RichText::new(title)
                    .font(fonts::page_title())
                    .color(tokens.text_strong),
            );
            ui.add_space(12.0);
            for (name, depth, bytes, about) in categories(&statistics) {
                line(ui, name, depth, bytes, statistics.total, about);
            }
        });
    }

    fn focus_id(&self) -> Id {
        self.id
    }

    fn heeds_limit(&self) -> bool {
        true
    }
}

fn line(ui: &mut Ui, name: &str, depth: u8, bytes: u64, total: u64, about: &str) {
    let tokens = Tokens::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let y = rect.bottom() - 0.5;
    ui.painter().hline(rect.x_range(), y, (1.0, tokens.stroke_subtle));
    let bar = rect.with_min_x(rect.right() - 160.0);
    let part = if total == 0 {
        0.0
    } else {
        bytes as f32 / total as f32
    };
    size_bar(ui.painter(), bar, part, tokens.bar_fill);
    let percent = share(bytes, total);
    strip::right(ui.painter(), bar, &percent, fonts::number(), tokens.text);
    let number = rect.with_max_x(bar.left() - 16.0);
    let end = strip::right(
        ui.painter(),
        number,
        &grouped(bytes),
        fonts::number_strong(),
        tokens.text_strong,
    );
    let mut strip = Strip::new(ui.painter(), rect.with_max_x(end - 12.0));
    strip.space(16.0 * f32::from(depth));
    let font = if depth == 0 {
        fonts::heading()
    } else {
        fonts::strong()
    };
    strip.text(name, font, tokens.text_strong).space(10.0);
    strip.text(about, fonts::body(), tokens.text_subdued);
    let spoken = format!("{name}, {} bytes, {percent}", grouped(bytes));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}
