//! JavaScript text: UTF-8 that may hold lone surrogates.
//!
//! V8 writes strings that are no valid UTF-16 (a non-BMP character is cut to its low 16 bits), so a lone surrogate is
//! normal in a snapshot. It is kept in its generalised three-byte form (WTF-8): `ED A0..BF xx`. Pairs are always stored as
//! one four-byte sequence, so equal text is equal bytes.

use std::borrow::Cow;
use std::cmp::Ordering;

/// Borrowed JavaScript text (WTF-8 bytes). Compare with `==` for equality, with [`JsStr::cmp_utf16`] for JavaScript's order.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct JsStr<'a>(&'a [u8]);

/// Owned JavaScript text.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct JsString(Vec<u8>);

impl<'a> JsStr<'a> {
    /// Text from bytes that are WTF-8.
    #[inline]
    pub const fn from_wtf8(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[inline]
    pub const fn bytes(self) -> &'a [u8] {
        self.0
    }

    /// Is there no character?
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The text with each lone surrogate shown as U+FFFD.
    pub fn to_string_lossy(self) -> Cow<'a, str> {
        String::from_utf8_lossy_surrogates(self.0)
    }

    /// The text if it holds no lone surrogate.
    pub fn as_str(self) -> Option<&'a str> {
        std::str::from_utf8(self.0).ok()
    }

    /// Does it begin with `prefix`?
    pub fn starts_with(self, prefix: &str) -> bool {
        self.0.starts_with(prefix.as_bytes())
    }

    /// Does it end with `suffix`?
    pub fn ends_with(self, suffix: &str) -> bool {
        self.0.ends_with(suffix.as_bytes())
    }

    /// The UTF-16 code units, as JavaScript counts and compares them.
    pub fn utf16(self) -> Utf16<'a> {
        Utf16 {
            bytes: self.0,
            low: 0,
        }
    }

    /// How many UTF-16 code units it has.
    pub fn utf16_len(self) -> usize {
        self.0
            .iter()
            .map(|&b| usize::from(b & 0xC0 != 0x80) + usize::from(b >= 0xF0))
            .sum()
    }

    /// JavaScript's order of strings: by UTF-16 code unit.
    pub fn cmp_utf16(self, other: JsStr<'_>) -> Ordering {
        let same = self.0.iter().zip(other.0).take_while(|(a, b)| a == b).count();
        let (a, b) = (self.0.get(same), other.0.get(same));
        match (a, b) {
            // Bytes order as code points do; only a supplementary character (F0…) against U+E000..U+FFFF (EE, EF) differs.
            (Some(&a), Some(&b)) if a < 0xEE && b < 0xEE => a.cmp(&b),
            (Some(_), Some(_)) => {
                let start = (0..=same)
                    .rev()
                    .find(|&at| self.0[at] & 0xC0 != 0x80)
                    .unwrap_or(0);
                JsStr(&self.0[start..])
                    .utf16()
                    .cmp(JsStr(&other.0[start..]).utf16())
            }
            (a, b) => a.is_some().cmp(&b.is_some()),
        }
    }

    /// The integer it begins with, white space before it aside, as JavaScript's `parseInt` reads it. (Not those that
    /// JavaScript would have to round.)
    pub fn leading_integer(self) -> Option<i64> {
        let is_space = |c: char| c.is_whitespace() && c != '\u{85}' || c == '\u{FEFF}';
        let text = self.to_string_lossy();
        let text = text.trim_start_matches(is_space);
        let (sign, digits) = match text.as_bytes().first() {
            Some(b'-') => (-1, &text[1..]),
            Some(b'+') => (1, &text[1..]),
            _ => (1, text),
        };
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let number: i64 = digits[..end].parse().ok()?;
        (number < 1 << 53).then_some(sign * number)
    }

    /// An owned copy.
    pub fn to_owned(self) -> JsString {
        JsString(self.0.to_vec())
    }
}

impl<'a> From<&'a str> for JsStr<'a> {
    fn from(text: &'a str) -> Self {
        Self(text.as_bytes())
    }
}

impl PartialEq<str> for JsStr<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl PartialEq<&str> for JsStr<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl std::fmt::Display for JsStr<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.to_string_lossy())
    }
}

impl std::fmt::Debug for JsStr<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.to_string_lossy())
    }
}

impl JsString {
    /// Empty text.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Text from bytes that are WTF-8.
    pub const fn from_wtf8(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// Borrows it.
    #[inline]
    pub fn as_js(&self) -> JsStr<'_> {
        JsStr(&self.0)
    }

    /// The bytes (WTF-8).
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// Appends `text`; a high surrogate at the end and a low one at the start join into one character.
    pub fn push(&mut self, text: JsStr<'_>) {
        if let (Some(high), Some(low)) = (trailing_high(&self.0), leading_low(text.0)) {
            self.0.truncate(self.0.len() - 3);
            let code = 0x1_0000 + (u32::from(high - 0xD800) << 10) + u32::from(low - 0xDC00);
            push_code_point(&mut self.0, code);
            self.0.extend_from_slice(&text.0[3..]);
        } else {
            self.0.extend_from_slice(text.0);
        }
    }

    /// Appends `text`.
    pub fn push_str(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }
}

impl From<&str> for JsString {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().to_vec())
    }
}

impl From<String> for JsString {
    fn from(text: String) -> Self {
        Self(text.into_bytes())
    }
}

impl std::fmt::Display for JsString {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_js().fmt(f)
    }
}

impl std::fmt::Debug for JsString {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.as_js().fmt(f)
    }
}

/// Appends the generalised UTF-8 form of `code` (any code point, surrogates included).
pub fn push_code_point(out: &mut Vec<u8>, code: u32) {
    let [_, high, mid, low] = code.to_be_bytes();
    let six = |shift: u32| (code >> shift & 0x3F).to_le_bytes()[0] | 0x80;
    match code {
        0..0x80 => out.push(low),
        0x80..0x800 => out.extend([(code >> 6).to_le_bytes()[0] | 0xC0, six(0)]),
        0x800..0x1_0000 => out.extend([(mid >> 4) | 0xE0, six(6), six(0)]),
        _ => out.extend([high >> 2 | 0xF0, six(12), six(6), six(0)]),
    }
}

fn surrogate(bytes: &[u8]) -> Option<u16> {
    match *bytes {
        [0xED, b @ 0xA0..=0xBF, c] => Some(0xD000 | u16::from(b & 0x3F) << 6 | u16::from(c & 0x3F)),
        _ => None,
    }
}

fn trailing_high(bytes: &[u8]) -> Option<u16> {
    bytes
        .last_chunk::<3>()
        .and_then(|last| surrogate(last))
        .filter(|unit| *unit < 0xDC00)
}

fn leading_low(bytes: &[u8]) -> Option<u16> {
    bytes
        .first_chunk::<3>()
        .and_then(|first| surrogate(first))
        .filter(|unit| *unit >= 0xDC00)
}

/// Iterates over UTF-16 code units.
#[derive(Clone, Debug)]
pub struct Utf16<'a> {
    bytes: &'a [u8],
    low: u16,
}

impl Iterator for Utf16<'_> {
    type Item = u16;

    fn next(&mut self) -> Option<u16> {
        if self.low != 0 {
            return Some(std::mem::take(&mut self.low));
        }
        let (&lead, rest) = self.bytes.split_first()?;
        let follow = match lead {
            0..0xC0 => 0,
            0xC0..0xE0 => 1,
            0xE0..0xF0 => 2,
            _ => 3,
        }
        .min(rest.len());
        let mask = [0x7F, 0x1F, 0x0F, 0x07][follow];
        let code = rest[..follow]
            .iter()
            .fold(u32::from(lead & mask), |code, &b| code << 6 | u32::from(b & 0x3F));
        self.bytes = &rest[follow..];
        if let Ok(unit) = u16::try_from(code) {
            return Some(unit);
        }
        let offset = code - 0x1_0000;
        self.low = 0xDC00 | unit(offset & 0x3FF);
        Some(0xD800 | unit(offset >> 10 & 0x3FF))
    }
}

fn unit(bits: u32) -> u16 {
    u16::try_from(bits).unwrap_or(u16::MAX)
}

/// Lossy conversion that replaces a whole lone surrogate by one U+FFFD (the standard library would give three).
trait LossySurrogates {
    fn from_utf8_lossy_surrogates(bytes: &[u8]) -> Cow<'_, str>;
}

impl LossySurrogates for String {
    fn from_utf8_lossy_surrogates(bytes: &[u8]) -> Cow<'_, str> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(
                char::decode_utf16(JsStr(bytes).utf16())
                    .map(|c| c.unwrap_or('\u{FFFD}'))
                    .collect(),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn js(units: &[u16]) -> JsString {
        let mut text = JsString::new();
        for &unit in units {
            let mut one = Vec::new();
            push_code_point(&mut one, u32::from(unit));
            text.push(JsStr(&one));
        }
        text
    }

    #[test]
    fn code_units_survive_the_round_trip() {
        for units in [
            &[0x41, 0xE9, 0x20AC][..],
            &[0xD83D, 0xDE00],
            &[0xD83D],
            &[0xDE00, 0xD83D],
            &[0xFFFF, 0xE000],
        ] {
            assert_eq!(js(units).as_js().utf16().collect::<Vec<_>>(), units);
            assert_eq!(js(units).as_js().utf16_len(), units.len());
        }
        assert_eq!(js(&[0xD83D, 0xDE00]).as_js().as_str(), Some("😀"));
        assert_eq!(js(&[0x61, 0xD83D, 0x62]).to_string(), "a\u{FFFD}b");
    }

    #[test]
    fn order_is_by_code_unit() {
        let texts = [
            vec![0x61],
            vec![0x61, 0x62],
            vec![0xE9],
            vec![0xD83D, 0xDE00],
            vec![0xD83D, 0xDE01],
            vec![0xE000],
            vec![0xFFFF],
        ];
        for (i, a) in texts.iter().enumerate() {
            for (j, b) in texts.iter().enumerate() {
                assert_eq!(js(a).as_js().cmp_utf16(js(b).as_js()), i.cmp(&j), "{a:x?} {b:x?}");
            }
        }
    }
}
