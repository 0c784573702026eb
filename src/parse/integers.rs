//! Whole numbers out of JSON text, eight digits at a time.
//!
//! Nearly all numbers of a snapshot have one to nine digits and a single comma after them. [`number`], [`digit`] and [`last`]
//! read such numbers without a loop and without a branch on their length, from a [`Window`] so long that no position within
//! a record can leave it; anything else makes them give up, and [`record`] reads the same bytes again, slowly, with any
//! white space, of any length, and with a reason when it cannot.

#![expect(
    clippy::inline_always,
    reason = "the innermost functions of loading: called, they take twice as long"
)]

use super::input::{is_white, shown};

/// Bytes that [`number`] and its like look at: as many as a record of seven numbers of nine digits takes, and some more, so
/// that eight bytes can be loaded at each of its positions.
pub(super) type Window = [u8; 96];

/// The most fields a record may have.
pub(super) const MAX_FIELDS: usize = 64;

/// Why a record could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// How many bytes after the record's start.
    pub(super) at: usize,
    /// What was expected, and what was found.
    pub(super) what: String,
}

const EACH: u64 = 0x0101_0101_0101_0101;

/// Up to eight digits at `at`: as many bytes with their values at the top of a word, zeros below, and how many they are.
#[inline(always)]
fn digits(window: &Window, at: usize) -> (u64, usize) {
    let mut word = [0; 8];
    word.copy_from_slice(&window[at..at + 8]);
    let values = u64::from_le_bytes(word) ^ (EACH * 0x30);
    // The top bit of each byte that is above 9; carries only spoil bytes after the first of them.
    let others = (values.wrapping_add(EACH * 0x76) | values) & (EACH * 0x80);
    let len = others.trailing_zeros() / 8;
    (values.wrapping_shl(64 - 8 * len), len as usize)
}

/// The number whose digits [`digits`] found: neighbours are joined to pairs, pairs to fours, fours to eight.
#[inline(always)]
fn value(digits: u64) -> u32 {
    let pairs = (digits.wrapping_mul(1 + (10 << 8)) >> 8) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(1 + (100 << 16)) >> 16) & 0x0000_FFFF_0000_FFFF;
    (fours.wrapping_mul(1 + (10_000 << 32)) >> 32) as u32
}

/// The number of up to eight digits (nine if `WIDE`) at `at` and the position after its last digit.
#[inline(always)]
fn bare<const WIDE: bool>(window: &Window, at: usize) -> Option<(u32, usize)> {
    let (digits, len) = digits(window, at);
    if len == 0 {
        return None;
    }
    let (number, end) = (value(digits), at + len);
    let ninth = window[end].wrapping_sub(b'0');
    // Without a branch: where lengths are mixed it would be guessed wrong half the time.
    let more = WIDE && ninth < 10;
    let joined = number.wrapping_mul(10).wrapping_add(u32::from(ninth));
    Some((if more { joined } else { number }, end + usize::from(more)))
}

/// The number at `at`, which a comma follows, and the position after the comma.
#[inline(always)]
pub(super) fn number<const WIDE: bool>(window: &Window, at: usize) -> Option<(u32, usize)> {
    let (number, end) = bare::<WIDE>(window, at)?;
    (window[end] == b',').then_some((number, end + 1))
}

/// As [`number`], fastest if there is but one digit.
#[inline(always)]
pub(super) fn digit(window: &Window, at: usize) -> Option<(u32, usize)> {
    let digit = window[at].wrapping_sub(b'0');
    if window[at + 1] == b',' && digit < 10 {
        Some((u32::from(digit), at + 2))
    } else {
        number::<false>(window, at)
    }
}

/// As [`number`], for the last of a record: there may be a line end before the comma.
#[inline(always)]
pub(super) fn last<const WIDE: bool>(window: &Window, at: usize) -> Option<(u32, usize)> {
    let (number, end) = bare::<WIDE>(window, at)?;
    if window[end] == b',' {
        Some((number, end + 1))
    } else if window[end] == b'\n' && window[end + 1] == b',' {
        Some((number, end + 2))
    } else {
        None
    }
}

/// Reads the record of `values.len()` numbers that begins with `rest`: any white space, numbers up to 64 bits. Returns how
/// many bytes it takes, the comma after it included; the last record of an array ends before its bracket.
pub(super) fn record(rest: &[u8], values: &mut [u64]) -> Result<usize, Fault> {
    let fields = values.len();
    let mut at = 0;
    for (field, value) in values.iter_mut().enumerate() {
        at += white(&rest[at..]);
        let (number, digits) = long(&rest[at..]).map_err(|what| Fault { at, what })?;
        *value = number;
        at += digits;
        at += white(&rest[at..]);
        match rest.get(at) {
            Some(b',') => at += 1,
            Some(b']') if field + 1 == fields => {}
            other => {
                let what = match other {
                    Some(b'.' | b'e' | b'E') => "expected a whole number, found a fraction".to_owned(),
                    other => format!("expected a comma after a number, found {}", shown(other)),
                };
                return Err(Fault { at, what });
            }
        }
    }
    Ok(at)
}

fn white(rest: &[u8]) -> usize {
    rest.iter().take_while(|byte| is_white(**byte)).count()
}

/// The number at the start of `rest` and how many digits it has.
fn long(rest: &[u8]) -> Result<(u64, usize), String> {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 {
        return Err(match rest.first() {
            Some(b'-') => "expected a whole number, found a negative one".to_owned(),
            other => format!("expected a whole number, found {}", shown(other)),
        });
    }
    let value = rest[..digits].iter().try_fold(0_u64, |value, digit| {
        value.checked_mul(10)?.checked_add(u64::from(digit - b'0'))
    });
    match value {
        Some(value) => Ok((value, digits)),
        None => Err(format!(
            "expected a number of at most 64 bits, found one of {digits} digits"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> Window {
        let mut window = [b'x'; 96];
        window[..text.len()].copy_from_slice(text.as_bytes());
        window
    }

    #[test]
    fn numbers_of_every_length_are_read() {
        for digits in 1..=9 {
            for text in ["123456789", "999999999", "100000000", "000000000"] {
                let text = &text[..digits];
                let expected = Some((text.parse().unwrap(), digits + 1));
                let window = window(&format!("{text},7"));
                assert_eq!(number::<true>(&window, 0), expected, "{text}");
                assert_eq!(last::<true>(&window, 0), expected, "{text}");
                let narrow = expected.filter(|_| digits < 9);
                assert_eq!(number::<false>(&window, 0), narrow, "{text}");
                assert_eq!(digit(&window, 0), narrow, "{text}");
            }
        }
    }

    #[test]
    fn anything_unusual_makes_the_fast_way_give_up() {
        for text in [
            "",
            ",",
            " 1,",
            "1 ,",
            "-1,",
            "1.5,",
            "x,",
            "1234567890,",
            "1]",
            "1\n,",
            "1\n\n,",
            "\u{e9},",
            "1:,",
            "1/,",
        ] {
            let window = window(text);
            assert_eq!(number::<true>(&window, 0), None, "{text:?}");
            assert_eq!(digit(&window, 0), None, "{text:?}");
            let line = (text == "1\n,").then_some((1, 3));
            assert_eq!(last::<true>(&window, 0), line, "{text:?}");
        }
    }

    #[test]
    fn every_byte_after_a_digit_but_a_comma_is_refused() {
        for byte in 0..=u8::MAX {
            let mut window = window("1234567,");
            window[3] = byte;
            let expected = match byte {
                b',' => Some((123, 4)),
                b'0'..=b'9' => Some((1_230_567 + 1000 * u32::from(byte - b'0'), 8)),
                _ => None,
            };
            assert_eq!(number::<false>(&window, 0), expected, "{byte}");
        }
    }

    #[test]
    fn the_slow_way_takes_all_white_space_and_64_bits() {
        let mut values = [0; 3];
        let text = " 1 ,\t18446744073709551615\r\n,\n7 , 8";
        assert_eq!(record(text.as_bytes(), &mut values), Ok(text.len() - 2));
        assert_eq!(values, [1, u64::MAX, 7]);
        assert_eq!(record(b"1,2,3\n]", &mut values), Ok(6));
    }

    #[test]
    fn the_slow_way_says_what_is_wrong() {
        let cases = [
            ("1,-2,3", 2, "found a negative one"),
            ("1,2.5,3", 3, "found a fraction"),
            ("1,18446744073709551616,3", 2, "one of 20 digits"),
            ("1,2]", 3, "found ']'"),
            ("1,2,3", 5, "found the file's end"),
            ("1,,3", 2, "found ','"),
            ("1,\"2\",3", 2, "found '\\\"'"),
        ];
        for (text, at, what) in cases {
            let fault = record(text.as_bytes(), &mut [0; 3]).unwrap_err();
            assert_eq!(fault.at, at, "{text}");
            assert!(fault.what.contains(what), "{text}: {}", fault.what);
        }
    }
}
