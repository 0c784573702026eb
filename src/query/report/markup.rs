//! Markup in the making: what was written by us goes in as it is, all else only escaped.

use std::fmt::Write as _;

use crate::query::suspects::{Part, Phrase};

/// A page, or a part of one. Only literals of this program become markup.
#[derive(Debug, Default)]
pub(super) struct Markup(String);

impl Markup {
    /// Adds markup of our own.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Adds text: fit for what stands between tags and for values between double quotes.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Adds a coordinate, with a tenth at most.
    pub(super) fn number(&mut self, number: f64) -> &mut Self {
        let tenths = (number * 10.0).round() / 10.0;
        // Text takes all that is written into it. Adding 0 makes a minus zero plain.
        let _ = write!(self.0, "{}", tenths + 0.0);
        self
    }

    /// Adds an element that holds `text` alone; `open` and `close` are its tags.
    pub(super) fn element(&mut self, open: &'static str, text: &str, close: &'static str) -> &mut Self {
        self.raw(open).text(text).raw(close)
    }

    /// Adds a phrase, its code marked as such.
    pub(super) fn phrase(&mut self, phrase: &Phrase) -> &mut Self {
        for part in &phrase.0 {
            match part {
                Part::Words(text) => self.text(text),
                Part::Code(text) => self.element("<code>", text, "</code>"),
            };
        }
        self
    }

    /// All of it.
    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::Markup;

    #[test]
    fn text_is_escaped_and_numbers_are_short() {
        let mut markup = Markup::default();
        markup.raw("<b title=\"").text("\"'<&>").raw("\">");
        markup.number(12.345).raw(" ").number(-0.01).raw(" ").number(7.0);
        assert_eq!(
            markup.into_string(),
            "<b title=\"&quot;&#39;&lt;&amp;&gt;\">12.3 0 7"
        );
    }
}
