//! JSON string literals to text.

use crate::base::text::push_code_point;

const REPLACEMENT: u32 = 0xFFFD;

/// Appends the text of a string literal, given without its quotes: WTF-8, in which an escaped pair of surrogates is one
/// character and a lone one is kept. Invalid UTF-8 becomes U+FFFD, an unknown escape stands for the character after the
/// backslash, and control characters stand for themselves.
pub(super) fn unescape(raw: &[u8], text: &mut Vec<u8>) {
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        push_utf8(&rest[..at], text);
        let (code, used) = escape(&rest[at + 1..]);
        push_code_point(text, code);
        rest = &rest[at + 1 + used..];
    }
    push_utf8(rest, text);
}

/// Appends `bytes`, with U+FFFD for what is no UTF-8.
#[inline]
pub(super) fn push_utf8(bytes: &[u8], text: &mut Vec<u8>) {
    if bytes.is_ascii() {
        return text.extend_from_slice(bytes);
    }
    for chunk in bytes.utf8_chunks() {
        text.extend_from_slice(chunk.valid().as_bytes());
        if !chunk.invalid().is_empty() {
            push_code_point(text, REPLACEMENT);
        }
    }
}

/// The character of the escape whose backslash stands before `rest`, and how many bytes of `rest` belong to it.
fn escape(rest: &[u8]) -> (u32, usize) {
    let Some(&letter) = rest.first() else {
        return (u32::from(b'\\'), 0);
    };
    let character = match letter {
        b'b' => 0x08,
        b'f' => 0x0C,
        b'n' => 0x0A,
        b'r' => 0x0D,
        b't' => 0x09,
        b'u' => return unicode(&rest[1..]),
        // The backslash alone goes; the bytes of the character follow.
        0x80.. => return (REPLACEMENT, 0),
        other => other,
    };
    (u32::from(character), 1)
}

/// The character of an escape whose `\u` stands before `rest`, and how many bytes belong to it, the `u` included.
fn unicode(rest: &[u8]) -> (u32, usize) {
    let Some(unit) = hex(rest) else {
        return (REPLACEMENT, 1);
    };
    if (0xD800..0xDC00).contains(&unit)
        && let Some(b"\\u") = rest.get(4..6)
        && let Some(low @ 0xDC00..0xE000) = hex(&rest[6..])
    {
        return (0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00), 11);
    }
    (unit, 5)
}

/// The value of four hexadecimal digits.
fn hex(rest: &[u8]) -> Option<u32> {
    rest.first_chunk::<4>()?.iter().try_fold(0, |value, &digit| {
        char::from(digit).to_digit(16).map(|digit| value << 4 | digit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &[u8]) -> Vec<u8> {
        let mut text = Vec::new();
        unescape(raw, &mut text);
        text
    }

    #[test]
    fn escapes_of_json() {
        assert_eq!(text(br#"a\"\\\/\b\f\n\r\tz"#), b"a\"\\/\x08\x0C\n\r\tz");
        assert_eq!(text(br"\u0041\u00e9\u20AC"), "Aé€".as_bytes());
    }

    #[test]
    fn surrogates_join_in_pairs_and_stay_alone_otherwise() {
        assert_eq!(text(br"\uD83D\uDE00"), "😀".as_bytes());
        assert_eq!(text(br"\uD8AA"), [0xED, 0xA2, 0xAA]);
        assert_eq!(text(br"\uDC01x"), [0xED, 0xB0, 0x81, b'x']);
        assert_eq!(
            text(br"\uD83D\uD83D\uDE00"),
            [&[0xED, 0xA0, 0xBD], "😀".as_bytes()].concat()
        );
        assert_eq!(text(br"\uDE00\uD83D"), [0xED, 0xB8, 0x80, 0xED, 0xA0, 0xBD]);
        assert_eq!(
            text(br"\uD83Dx\uDE00"),
            [0xED, 0xA0, 0xBD, b'x', 0xED, 0xB8, 0x80]
        );
    }

    #[test]
    fn what_is_wrong_is_replaced_and_never_fails() {
        assert_eq!(text(b"\xFFa\xC3"), "\u{FFFD}a\u{FFFD}".as_bytes());
        assert_eq!(text(b"\xED\xA0\x80"), "\u{FFFD}\u{FFFD}\u{FFFD}".as_bytes());
        assert_eq!(text(br"\q\u12\uZZZZ"), "q\u{FFFD}12\u{FFFD}ZZZZ".as_bytes());
        assert_eq!(text(br"\"), b"\\");
        assert_eq!(text("\\é".as_bytes()), "\u{FFFD}é".as_bytes());
        assert_eq!(text(b"a\x00\nb\x7F"), b"a\x00\nb\x7F");
    }
}
