//! Which texts match what a person typed.

use regex::bytes::{Regex, RegexBuilder};

use crate::base::text::JsStr;

/// What a person typed, ready to be matched against names. Equal patterns were typed alike.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: String,
    syntax: Syntax,
    case_sensitive: bool,
    regex: Regex,
}

/// How a pattern is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// As it stands.
    Substring,
    /// As a regular expression.
    Regex,
}

impl Pattern {
    /// Reads `source`; `Err` with the reason if it is no regular expression.
    pub fn new(source: &str, syntax: Syntax, case_sensitive: bool) -> Result<Self, regex::Error> {
        let expression = match syntax {
            Syntax::Substring => regex::escape(source),
            Syntax::Regex => source.to_owned(),
        };
        let regex = RegexBuilder::new(&expression)
            .case_insensitive(!case_sensitive)
            .build()?;
        Ok(Self {
            source: source.to_owned(),
            syntax,
            case_sensitive,
            regex,
        })
    }

    /// What was typed.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Does `text` hold a match?
    pub fn matches(&self, text: JsStr<'_>) -> bool {
        self.regex.is_match(text.bytes())
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
            && self.syntax == other.syntax
            && self.case_sensitive == other.case_sensitive
    }
}

impl Eq for Pattern {}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(source: &str, syntax: Syntax, case_sensitive: bool, text: &str) -> bool {
        Pattern::new(source, syntax, case_sensitive)
            .unwrap()
            .matches(text.into())
    }

    #[test]
    fn a_substring_is_taken_as_it_stands() {
        assert!(matches("a.b(", Syntax::Substring, false, "xA.B(y"));
        assert!(!matches("a.b(", Syntax::Substring, false, "aXb("));
        assert!(!matches("Map", Syntax::Substring, true, "map"));
        assert!(matches("", Syntax::Substring, true, ""));
        assert!(matches("ä", Syntax::Substring, false, "Ä"));
    }

    #[test]
    fn an_expression_that_is_none_is_refused() {
        assert!(matches("^M.p$", Syntax::Regex, false, "map"));
        assert!(Pattern::new("(", Syntax::Regex, false).is_err());
    }

    #[test]
    fn lone_surrogates_do_not_get_in_the_way() {
        let name = [b"tail ".as_slice(), &[0xED, 0xA0, 0xBD]].concat();
        let pattern = Pattern::new("tail", Syntax::Substring, false).unwrap();
        assert!(pattern.matches(JsStr::from_wtf8(&name)));
    }
}
