//! What there is to say of a class: what it is, and what its objects come to.

use eframe::egui::{Frame, Label, Margin, RichText, Role, Sense, Ui, WidgetInfo, vec2};

use crate::base::index::ClassIx;
use crate::base::units::{grouped, human_bytes, share};
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::ROW;
use crate::snapshot::Snapshot;

/// Where values begin.
const VALUE: f32 = 120.0;

/// Paints what is known of `class`.
pub(super) fn show(ui: &mut Ui, snapshot: &Snapshot, class: ClassIx) {
    let name = snapshot.classes().class(class).name.to_string();
    line(ui, &about(&name));
    let Some(totals) = snapshot
        .class_totals()
        .iter()
        .find(|totals| totals.class == class)
    else {
        line(ui, "Its objects take no memory of their own.");
        return;
    };
    let sized = |size: u64| {
        let share = share(size, snapshot.total_size());
        format!("{} B ({}, {share} of the heap)", grouped(size), human_bytes(size))
    };
    let facts = [
        ("Objects", grouped(totals.count)),
        ("Shallow size", sized(totals.shallow_size)),
        ("Retained size", sized(totals.retained_size)),
    ];
    for (name, value) in facts {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
        let tokens = Tokens::of(ui);
        let mut strip = Strip::new(ui.painter(), rect.shrink2(vec2(12.0, 0.0)));
        strip.text(name, fonts::body(), tokens.text_subdued);
        let gap = rect.left() + VALUE - strip.x();
        strip.space(gap).text(&value, fonts::number(), tokens.text_strong);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{name}: {value}")));
    }
    ui.add_space(8.0);
    line(
        ui,
        "Open the class in Summary and select one of its objects to see what it holds.",
    );
}

fn line(ui: &mut Ui, text: &str) {
    Frame::new()
        .inner_margin(Margin::symmetric(12, 4))
        .show(ui, |ui| {
            let text = RichText::new(text).color(Tokens::of(ui).text);
            ui.add(Label::new(text).wrap());
        });
}

/// What the objects of the class `name` are, in a sentence.
fn about(name: &str) -> String {
    let known = match name {
        "(system)" => "What the engine keeps for itself.",
        "(compiled code)" => "Code of functions, and what the engine notes about it.",
        "(array)" => "The engine's own arrays: the stores behind objects, arrays and collections.",
        "(string)" => "Strings with a text of their own.",
        "(concatenated string)" => "Strings made by joining two others, which they keep alive.",
        "(sliced string)" => "Strings that are a piece of another, which they keep alive whole.",
        "(object shape)" => "Descriptions of which properties objects have.",
        "(number)" => "Numbers that are no small integers.",
        "(bigint)" => "Integers of any length.",
        "(symbol)" | "symbol" => "Symbols.",
        "(regexp)" | "RegExp" => "Regular expressions.",
        "Function" | "(closure)" => "Functions with the variables they see.",
        "Object" => "Plain objects without a shape of their own.",
        "Array" => "Arrays. Their elements are mostly in an array of the engine's.",
        "Map" | "Set" | "WeakMap" | "WeakSet" => "Collections. Their entries are in a table of the engine's.",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    if let Some(rest) = name.strip_prefix("Detached ") {
        format!("{rest} that is no longer part of a page.")
    } else if name.starts_with('{') {
        format!("Plain objects with the properties {name}.")
    } else if name.starts_with('<') {
        "Elements of a page.".to_owned()
    } else if name.starts_with('(') || name.starts_with("system / ") {
        "Objects of the engine.".to_owned()
    } else {
        format!("Objects made by the constructor {name}.")
    }
}

#[cfg(test)]
mod tests {
    use super::about;

    #[test]
    fn every_class_is_explained() {
        for (name, start) in [
            ("PriceQuery", "Objects made by the constructor PriceQuery"),
            ("{id, name}", "Plain objects with the properties {id, name}"),
            ("(sliced string)", "Strings that are a piece"),
            ("Detached <div>", "<div> that is no longer"),
            ("<div>", "Elements"),
            ("(odd kind)", "Objects of the engine"),
        ] {
            assert!(about(name).starts_with(start), "{name}: {}", about(name));
        }
    }
}
