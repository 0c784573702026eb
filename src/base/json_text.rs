//! Text as JSON writes it.

use super::text::{JsStr, push_code_point};

/// Appends `text` between quotation marks, as `JSON.stringify` writes it: short escapes where JSON has them, other control
/// characters and lone surrogates as `\uxxxx`, everything else as it is. What is appended holds no lone surrogate.
pub fn push_quoted(out: &mut Vec<u8>, text: JsStr<'_>) {
    out.push(b'"');
    let is_plain = |&byte: &u8| (0x20..0x7F).contains(&byte) && byte != b'"' && byte != b'\\';
    if text.bytes().iter().all(is_plain) {
        out.extend_from_slice(text.bytes());
        return out.push(b'"');
    }
    let mut units = text.utf16().peekable();
    while let Some(unit) = units.next() {
        match unit {
            0x08 => out.extend_from_slice(b"\\b"),
            0x09 => out.extend_from_slice(b"\\t"),
            0x0A => out.extend_from_slice(b"\\n"),
            0x0C => out.extend_from_slice(b"\\f"),
            0x0D => out.extend_from_slice(b"\\r"),
            0x22 => out.extend_from_slice(b"\\\""),
            0x5C => out.extend_from_slice(b"\\\\"),
            0xD800..0xDC00 => match units.next_if(|low| (0xDC00..0xE000).contains(low)) {
                Some(low) => {
                    let code = 0x1_0000 + (u32::from(unit - 0xD800) << 10) + u32::from(low - 0xDC00);
                    push_code_point(out, code);
                }
                None => push_escape(out, unit),
            },
            0..0x20 | 0xDC00..0xE000 => push_escape(out, unit),
            _ => push_code_point(out, u32::from(unit)),
        }
    }
    out.push(b'"');
}

fn push_escape(out: &mut Vec<u8>, unit: u16) {
    out.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::JsString;

    fn quoted(text: JsStr<'_>) -> String {
        let mut out = Vec::new();
        push_quoted(&mut out, text);
        String::from_utf8(out).expect("no lone surrogate is left")
    }

    #[test]
    fn what_json_escapes_is_escaped() {
        assert_eq!(quoted("a\"b\\c".into()), r#""a\"b\\c""#);
        assert_eq!(
            quoted("\u{8}\t\n\u{b}\u{c}\r\u{7f}".into()),
            "\"\\b\\t\\n\\u000b\\f\\r\u{7f}\""
        );
        assert_eq!(quoted("é€😀\u{2028}".into()), "\"é€😀\u{2028}\"");
    }

    #[test]
    fn lone_surrogates_are_escaped() {
        let mut text = Vec::new();
        for code in [0x61, 0xD83D, 0x62, 0xDE00] {
            push_code_point(&mut text, code);
        }
        assert_eq!(quoted(JsString::from_wtf8(text).as_js()), r#""a\ud83db\ude00""#);
    }
}
