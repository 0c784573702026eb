//! Limits for checks that run by themselves: `growth > 5%`, `class Session > 100`, `any class > 1 MB`.
//!
//! A limit names a quantity, says which way it must not go, and how far. The sub-commands say what they can measure.

mod counts;

use std::fmt;
use std::str::FromStr;

pub use counts::{Count, CountLimit};

use crate::base::units;

/// A limit as it is typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// What is limited.
    pub quantity: Quantity,
    beyond: Beyond,
    value: Value,
    text: String,
}

/// What can be limited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// How much larger the heap has become.
    Growth,
    /// How much of it came, and is there now (`added`).
    Added,
    /// How much larger something of that name has become.
    Of(Kind, String),
    /// How much larger any one thing of that sort has become.
    Any(Kind),
}

/// What limits can be set for by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A class.
    Class,
    /// A package, a module or what hangs from it.
    Owner,
    /// A retaining path.
    Path,
}

/// Which way is too far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Beyond {
    More,
    MoreOrEqual,
    Less,
    LessOrEqual,
}

/// How far.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Percent(f64),
    Bytes(f64),
    Count(f64),
}

/// What a quantity has become.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measure {
    /// Of what, for people.
    pub name: String,
    /// The change in bytes.
    pub bytes: i64,
    /// The change of how many.
    pub count: i64,
    /// How many bytes there were: what percentages are of.
    pub base: u64,
}

impl Limit {
    /// What is wrong if one of `measures` goes beyond the limit: of several the first.
    pub fn exceeded(&self, measures: &[Measure]) -> Option<String> {
        let broken = measures.iter().find(|measure| self.is_broken(measure))?;
        Some(format!("{}: {}", self.text, broken.told(self.value)))
    }

    #[expect(clippy::cast_precision_loss, reason = "limits are typed with a few digits")]
    fn is_broken(&self, measure: &Measure) -> bool {
        let (is, limit) = match self.value {
            Value::Bytes(limit) => (measure.bytes as f64, limit),
            Value::Count(limit) => (measure.count as f64, limit),
            // Of nothing, anything is more than any share.
            Value::Percent(limit) if measure.base == 0 => {
                let sign = measure.bytes.signum();
                (
                    if sign == 0 {
                        0.0
                    } else {
                        f64::INFINITY * sign as f64
                    },
                    limit,
                )
            }
            Value::Percent(limit) => (measure.bytes as f64 * 100.0 / measure.base as f64, limit),
        };
        match self.beyond {
            Beyond::More => is > limit,
            Beyond::MoreOrEqual => is >= limit,
            Beyond::Less => is < limit,
            Beyond::LessOrEqual => is <= limit,
        }
    }
}

impl Measure {
    #[expect(clippy::cast_precision_loss, reason = "two digits are shown")]
    fn told(&self, value: Value) -> String {
        let change = match value {
            Value::Count(_) => format!("{} objects", units::signed(self.count)),
            Value::Percent(_) if self.base > 0 => {
                let percent = self.bytes as f64 * 100.0 / self.base as f64;
                format!("{} ({percent:+.2} %)", units::signed_bytes(self.bytes))
            }
            _ => units::signed_bytes(self.bytes),
        };
        format!("{} {change}", self.name)
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

const HOW: &str = "a limit is QUANTITY > VALUE, as in 'growth > 5%', 'growth > 2 MB', 'class Session > 100', 'any class > 1 MB'";

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let wrong = |what: String| format!("{what}; {HOW}");
        let (quantity, rest) = quantity(text).map_err(wrong)?;
        let (beyond, rest) = beyond(rest).ok_or_else(|| {
            let rest = rest.trim();
            wrong(if rest.is_empty() {
                "there is no >, >=, < or <=".to_owned()
            } else {
                format!("`{rest}` does not begin with >, >=, < or <=")
            })
        })?;
        let value = value(rest.trim(), &quantity).map_err(wrong)?;
        Ok(Self {
            quantity,
            beyond,
            value,
            text: text.to_owned(),
        })
    }
}

fn quantity(text: &str) -> Result<(Quantity, &str), String> {
    let (word, rest) = word(text);
    let kind = |word: &str| match word {
        "class" => Some(Kind::Class),
        "owner" => Some(Kind::Owner),
        "path" => Some(Kind::Path),
        _ => None,
    };
    match word {
        "growth" => Ok((Quantity::Growth, rest)),
        "added" => Ok((Quantity::Added, rest)),
        "any" => {
            let (what, rest) = self::word(rest.trim_start());
            let kind = kind(what).ok_or_else(|| format!("`any {what}` cannot be limited"))?;
            Ok((Quantity::Any(kind), rest))
        }
        "" => Err("there is no quantity".to_owned()),
        _ => {
            let kind = kind(word).ok_or_else(|| {
                format!("`{word}` cannot be limited: there are growth, added, class NAME, owner NAME, path NAME, any class, any owner, any path")
            })?;
            let (name, rest) = name(rest.trim_start())?;
            Ok((Quantity::Of(kind, name), rest))
        }
    }
}

/// The letters that `text` begins with.
fn word(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// A name: in quotes, or up to the last comparison.
fn name(text: &str) -> Result<(String, &str), String> {
    if let Some(rest) = text.strip_prefix('"') {
        let (name, rest) = rest
            .split_once('"')
            .ok_or_else(|| "the quoted name does not end".to_owned())?;
        return Ok((name.to_owned(), rest));
    }
    let end = text.rfind(['<', '>']).unwrap_or(text.len());
    let name = text[..end].trim_end_matches(['<', '>']).trim();
    if name.is_empty() {
        return Err("there is no name".to_owned());
    }
    Ok((name.to_owned(), &text[end..]))
}

fn beyond(text: &str) -> Option<(Beyond, &str)> {
    let text = text.trim_start();
    [
        (">=", Beyond::MoreOrEqual),
        ("<=", Beyond::LessOrEqual),
        (">", Beyond::More),
        ("<", Beyond::Less),
    ]
    .into_iter()
    .find_map(|(sign, beyond)| Some((beyond, text.strip_prefix(sign)?)))
}

/// A number with its unit. Without one it counts objects where these are counted, else bytes.
fn value(text: &str, quantity: &Quantity) -> Result<Value, String> {
    let (number, unit) = number_and_unit(text)?;
    Ok(match unit {
        "%" => Value::Percent(number),
        "" if matches!(quantity, Quantity::Growth | Quantity::Added) => Value::Bytes(number),
        "" | "objects" | "object" => Value::Count(number),
        unit => Value::Bytes(number * bytes_of(unit).ok_or_else(|| unknown(unit))?),
    })
}

fn number_and_unit(text: &str) -> Result<(f64, &str), String> {
    let end = text
        .find(|c: char| !matches!(c, '0'..='9' | '.' | '-' | '+'))
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number
        .parse()
        .map_err(|_malformed| format!("`{text}` is no number with a unit"))?;
    Ok((number, unit.trim()))
}

fn unknown(unit: &str) -> String {
    format!("`{unit}` is no unit: there are %, B, kB, MB, GB, KiB, MiB, GiB")
}

fn bytes_of(unit: &str) -> Option<f64> {
    Some(match unit.to_ascii_lowercase().as_str() {
        "b" | "bytes" | "byte" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "kib" => 1024.0,
        "mib" => 1024.0 * 1024.0,
        "gib" => 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    })
}

/// How large a thing must be to be told: bytes, or a share of the heap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Least(Value);

impl Least {
    /// The bytes that it stands for in a heap of `total` bytes.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "typed with a few digits, and never below 0"
    )]
    pub fn bytes(self, total: u64) -> u64 {
        match self.0 {
            Value::Percent(percent) => (total as f64 * percent / 100.0).ceil() as u64,
            Value::Bytes(bytes) | Value::Count(bytes) => bytes.ceil() as u64,
        }
    }
}

impl FromStr for Least {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = number_and_unit(text.trim())?;
        if number < 0.0 {
            return Err("it cannot be less than nothing".to_owned());
        }
        Ok(Self(match unit {
            "%" => Value::Percent(number),
            "" => Value::Bytes(number),
            unit => Value::Bytes(number * bytes_of(unit).ok_or_else(|| unknown(unit))?),
        }))
    }
}

/// So many bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

impl FromStr for Size {
    type Err = String;

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "typed with a few digits, and not below 0"
    )]
    fn from_str(text: &str) -> Result<Self, String> {
        let (number, unit) = number_and_unit(text.trim())?;
        let unit = if unit.is_empty() { "b" } else { unit };
        let bytes = number * bytes_of(unit).ok_or_else(|| unknown(unit))?;
        if bytes >= 1.0 {
            Ok(Self(bytes as u64))
        } else {
            Err("it must be more than nothing".to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(bytes: i64, count: i64, base: u64) -> Measure {
        Measure {
            name: "the heap".to_owned(),
            bytes,
            count,
            base,
        }
    }

    fn is_exceeded(limit: &str, measure: &Measure) -> bool {
        let limit: Limit = limit.parse().unwrap();
        limit.exceeded(std::slice::from_ref(measure)).is_some()
    }

    #[test]
    fn limits_are_read_with_their_units() {
        let grown = measure(5_000, 12, 100_000);
        for (limit, exceeded) in [
            ("growth > 5%", false),
            ("growth >= 5 %", true),
            ("growth>4.9%", true),
            ("growth > 4.9kB", true),
            ("growth > 5 kB", false),
            ("growth > 4.8 KiB", true),
            ("growth > 4999", true),
            ("growth > 1 MB", false),
            ("class Session > 11", true),
            ("class Session > 12", false),
            ("class Session > 12 objects", false),
            ("class \"a > b\" > 1", true),
            ("class {id, name} >= 12", true),
            ("class Session > 4 kB", true),
            ("any class > 5%", false),
            ("growth < 6 kB", true),
            ("growth <= -1", false),
        ] {
            assert_eq!(is_exceeded(limit, &grown), exceeded, "{limit}");
        }
        assert!(is_exceeded("class Session > 5%", &measure(1, 1, 0)));
        assert!(!is_exceeded("class Session > 5%", &measure(0, 0, 0)));
        let named: Limit = "class a > b > 1".parse().unwrap();
        assert_eq!(named.quantity, Quantity::Of(Kind::Class, "a > b".to_owned()));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (limit, what) in [
            ("", "there is no quantity"),
            ("size > 5", "`size` cannot be limited"),
            ("growth", "there is no >"),
            ("growth = 5", "`= 5` does not begin with >"),
            ("growth > five", "`five` is no number"),
            ("growth > 5 parsecs", "`parsecs` is no unit"),
            ("class > 5", "there is no name"),
            ("class \"Session > 5", "does not end"),
            ("any size > 5", "`any size` cannot be limited"),
        ] {
            let error = limit.parse::<Limit>().unwrap_err();
            assert!(error.contains(what), "{limit}: {error}");
        }
        let limit: Limit = "growth > 5%".parse().unwrap();
        let told = limit.exceeded(&[measure(6_000, 1, 100_000)]).unwrap();
        assert_eq!(
            told.replace('\u{A0}', " "),
            "growth > 5%: the heap +6.00 kB (+6.00 %)"
        );
    }

    #[test]
    fn thresholds_are_bytes_or_shares() {
        let bytes = |text: &str| text.parse::<Least>().map(|least| least.bytes(1_000_000));
        assert_eq!(bytes("1%"), Ok(10_000));
        assert_eq!(bytes("0.01 %"), Ok(100));
        assert_eq!(bytes("8.2kB"), Ok(8200));
        assert_eq!(bytes("512"), Ok(512));
        for wrong in ["", "-1", "1 x", "%"] {
            assert!(bytes(wrong).is_err(), "{wrong}");
        }
    }
}
