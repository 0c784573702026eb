//! JSON string escapes.

use crate::base::text::{JsStr, JsString, push_code_point};

/// The text of a JSON string literal without its quotes. Lone surrogates are kept, invalid UTF-8 becomes U+FFFD, unknown
/// escapes stand for the character after the backslash.
pub(super) fn unescape(raw: &[u8]) -> JsString {
    let mut text = JsString::new();
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        text.push_str(&String::from_utf8_lossy(&rest[..at]));
        let (used, code) = escape(&rest[at + 1..]);
        let mut one = Vec::with_capacity(4);
        push_code_point(&mut one, code);
        text.push(JsStr::from_wtf8(&one));
        rest = &rest[at + 1 + used..];
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

/// The escape whose backslash stands before `rest`: how many bytes it takes, and what it means.
fn escape(rest: &[u8]) -> (usize, u32) {
    let Some(&letter) = rest.first() else {
        return (0, u32::from(b'\\'));
    };
    let plain = match letter {
        b'b' => 8,
        b'f' => 12,
        b'n' => 10,
        b'r' => 13,
        b't' => 9,
        b'u' => return hex(&rest[1..]).map_or((1, 0xFFFD), |code| (5, code)),
        0x80.. => return (0, 0xFFFD),
        other => other,
    };
    (1, u32::from(plain))
}

fn hex(rest: &[u8]) -> Option<u32> {
    rest.first_chunk::<4>()?.iter().try_fold(0, |code, &digit| {
        char::from(digit).to_digit(16).map(|value| code << 4 | value)
    })
}
