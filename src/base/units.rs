//! How numbers are written for people: one way for the window and the command line.
//!
//! Thousands are set apart by a thin space (U+2009), minus is U+2212, a no-break space stands before a unit; 1 kB is 1000
//! bytes, as in DevTools.

const THIN_SPACE: char = '\u{2009}';
const NO_BREAK_SPACE: char = '\u{A0}';
const MINUS: char = '\u{2212}';

/// `9 020`: digits in groups of three.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len());
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(THIN_SPACE);
        }
        out.push(digit);
    }
    out
}

/// `1 class`, `9 020 classes`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// `+9 020`, `−4`, `0`: a change.
pub fn signed(value: i64) -> String {
    sign(value) + &grouped(value.unsigned_abs())
}

/// `+2.48 MB`, `−64 B`, `0 B`: a change of bytes.
pub fn signed_bytes(value: i64) -> String {
    sign(value) + &human_bytes(value.unsigned_abs())
}

fn sign(value: i64) -> String {
    match value.signum() {
        1 => "+".to_owned(),
        -1 => MINUS.to_string(),
        _ => String::new(),
    }
}

/// A time for people: `870 ms`, `2.5 s`, `3 min 20 s`.
pub fn human_duration(microseconds: u64) -> String {
    match microseconds {
        0..1_000_000 => format!("{}\u{A0}ms", microseconds / 1000),
        1_000_000..60_000_000 => {
            let tenths = (microseconds + 50_000) / 100_000;
            format!("{}.{}\u{A0}s", tenths / 10, tenths % 10)
        }
        _ => {
            let seconds = microseconds / 1_000_000;
            format!("{}\u{A0}min {}\u{A0}s", seconds / 60, seconds % 60)
        }
    }
}

/// `64 B`, `449 kB`, `2.48 MB`: bytes in three figures.
#[expect(clippy::cast_precision_loss, reason = "three figures are shown")]
pub fn human_bytes(bytes: u64) -> String {
    if bytes < 1000 {
        return format!("{bytes}{NO_BREAK_SPACE}B");
    }
    let mut value = bytes as f64;
    for unit in ["kB", "MB", "GB", "TB", "PB", "EB"] {
        value /= 1000.0;
        // 999.5 would be shown as 1000: it belongs to the next unit.
        if value < 999.5 || unit == "EB" {
            let decimals = if value < 9.995 {
                2
            } else {
                usize::from(value < 99.95)
            };
            return format!("{value:.decimals$}{NO_BREAK_SPACE}{unit}");
        }
    }
    unreachable!("the last unit takes every value")
}

/// `30.2 %`, `<0.1 %`, `0 %`, `100 %`: a share of `total`.
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
pub fn share(part: u64, total: u64) -> String {
    if part == 0 || total == 0 {
        return format!("0{NO_BREAK_SPACE}%");
    }
    if part == total {
        return format!("100{NO_BREAK_SPACE}%");
    }
    let percent = part as f64 * 100.0 / total as f64;
    if percent < 0.1 {
        format!("<0.1{NO_BREAK_SPACE}%")
    } else {
        format!("{percent:.1}{NO_BREAK_SPACE}%")
    }
}

/// A share from 0 to 1, as [`share`] writes it.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number from 0 to a million"
)]
pub fn share_of_one(part: f64) -> String {
    const WHOLE: u64 = 1_000_000;
    share((part.clamp(0.0, 1.0) * WHOLE as f64).round() as u64, WHOLE)
}

/// `0.28 %`, `−0.05 %`, `<0.01 %`: a change as a share of `total`, as comparisons show it.
#[expect(clippy::cast_precision_loss, reason = "two decimals are shown")]
pub fn share_of_change(part: i64, total: u64) -> String {
    if part == 0 || total == 0 {
        return format!("0{NO_BREAK_SPACE}%");
    }
    let percent = part.unsigned_abs() as f64 * 100.0 / total as f64;
    let sign = if part < 0 {
        MINUS.to_string()
    } else {
        String::new()
    };
    if percent < 0.01 {
        format!("{sign}<0.01{NO_BREAK_SPACE}%")
    } else if percent < 1000.0 {
        format!("{sign}{percent:.2}{NO_BREAK_SPACE}%")
    } else {
        // Of what became many times as large nobody reads hundredths.
        let whole = u128::from(part.unsigned_abs()) * 100 / u128::from(total);
        let whole = u64::try_from(whole).unwrap_or(u64::MAX);
        format!("{sign}{}{NO_BREAK_SPACE}%", grouped(whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_the_design_says() {
        assert_eq!(grouped(82_122_696), "82\u{2009}122\u{2009}696");
        assert_eq!(
            (grouped(0), grouped(999), grouped(1000)),
            ("0".into(), "999".into(), "1\u{2009}000".into())
        );
        assert_eq!(
            (signed(1640), signed(-4), signed(0)),
            ("+1\u{2009}640".into(), "\u{2212}4".into(), "0".into())
        );
        let sizes = [
            (64, "64 B"),
            (999, "999 B"),
            (1000, "1.00 kB"),
            (449_123, "449 kB"),
            (2_479_456, "2.48 MB"),
            (82_122_696, "82.1 MB"),
            (999_600, "1.00 MB"),
        ];
        for (bytes, text) in sizes {
            assert_eq!(human_bytes(bytes).replace(NO_BREAK_SPACE, " "), text);
        }
        assert_eq!(
            [
                share_of_change(28, 10_000),
                share_of_change(-1, 1_000_000),
                share_of_change(0, 5),
                share_of_change(90_909, 1_000)
            ],
            [
                "0.28\u{A0}%",
                "\u{2212}<0.01\u{A0}%",
                "0\u{A0}%",
                "9\u{2009}090\u{a0}%"
            ]
        );
        assert_eq!(
            (share(0, 5), share(1, 5000), share(1, 3)),
            ("0\u{A0}%".into(), "<0.1\u{A0}%".into(), "33.3\u{A0}%".into())
        );
    }
}
