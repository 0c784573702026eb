//! JavaScript text as plain text.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::base::text::JsStr;

/// The text with lone surrogates as `\uDxxx`.
pub(super) fn with_escapes(text: JsStr<'_>) -> Cow<'_, str> {
    if let Some(text) = text.as_str() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::new();
    for unit in char::decode_utf16(text.utf16()) {
        match unit {
            Ok(c) => plain.push(c),
            Err(lone) => push_escape(&mut plain, lone.unpaired_surrogate()),
        }
    }
    Cow::Owned(plain)
}

/// The text as it may be shown in a terminal, on one line: also control characters, which could move the cursor or break
/// the line, are written as escapes.
pub(super) fn for_terminal(text: JsStr<'_>) -> Cow<'_, str> {
    let plain = with_escapes(text);
    let is_harmful =
        |c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if !plain.contains(is_harmful) {
        return plain;
    }
    let mut shown = String::new();
    for c in plain.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if is_harmful(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    push_escape(&mut shown, *unit);
                }
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

fn push_escape(text: &mut String, unit: u16) {
    let _ = write!(text, "\\u{unit:04X}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_harm_a_terminal_is_escaped() {
        assert_eq!(
            for_terminal("a\n\u{1b}[2J\u{202e}é".into()),
            "a\\n\\u001B[2J\\u202Eé"
        );
        assert_eq!(for_terminal("plain — ok".into()), "plain — ok");
    }

    #[test]
    fn lone_surrogates_are_spelt_out() {
        let text = [b"x".as_slice(), &[0xED, 0xA1, 0x8A], b"y"].concat();
        assert_eq!(with_escapes(JsStr::from_wtf8(&text)), "x\\uD84Ay");
    }
}
