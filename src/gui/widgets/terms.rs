//! The terms of heaps, each in one plain sentence: what is said when the pointer rests on the header of a column.

use eframe::egui::{RichText, Ui};

use crate::gui::theme::{Tokens, fonts};

/// How the names of columns begin, the term, and what it means.
const TERMS: [(&str, &str, &str); 9] = [
    (
        "Shallow size",
        "Shallow size",
        "The bytes of the objects themselves, with the engine’s stores that only they use.",
    ),
    (
        "Retained size as a share",
        "Share of the heap",
        "The retained size as a part of all bytes of the snapshot.",
    ),
    (
        "Retained size",
        "Retained size",
        "Bytes that would be freed with these objects: their own, and all that only they keep alive. Retained sizes of classes \
         overlap, so they do not add up to the heap.",
    ),
    (
        "Distance",
        "Distance",
        "The least number of references from the program’s own roots to the object.",
    ),
    (
        "Number of objects",
        "Count",
        "How many objects there are, those without a size of their own left out.",
    ),
    (
        "Objects that would go with it",
        "Objects",
        "How many objects only this one keeps alive, itself included: its part of the dominator tree.",
    ),
    (
        "Length in UTF-16 units",
        "Length",
        "The length of the text as JavaScript counts it.",
    ),
    ("Number of strings", "Count", "How many strings have that text."),
    (
        "Bytes that all but the largest take",
        "Wasted",
        "What would be saved if each text were there once.",
    ),
];

/// The term of the column `name` and what it means, if that needs to be said.
pub(crate) fn of_column(name: &str) -> Option<(&'static str, &'static str)> {
    let known = TERMS.iter().find(|(start, ..)| name.starts_with(start));
    known.map(|&(_, term, meaning)| (term, meaning))
}

/// Says it in a tooltip.
pub(crate) fn tooltip(ui: &mut Ui, (term, meaning): (&str, &str)) {
    let tokens = Tokens::of(ui);
    ui.label(
        RichText::new(term)
            .font(fonts::strong())
            .color(tokens.text_strong),
    );
    ui.label(RichText::new(meaning).color(tokens.text));
}

#[cfg(test)]
mod tests {
    use super::of_column;

    #[test]
    fn the_more_particular_name_comes_first() {
        let term = |name| of_column(name).map(|(term, _)| term);
        assert_eq!(
            term("Retained size as a share of the heap"),
            Some("Share of the heap")
        );
        assert_eq!(term("Retained size in bytes"), Some("Retained size"));
        assert_eq!(term("Class"), None);
    }
}
