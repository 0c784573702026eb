//! What stands in a cell: a number or a text, written one way on the screen, another in a file.

use std::sync::Arc;

use eframe::egui::Color32;

use super::badge::Tone;
use crate::base::units::{grouped, share, share_of_change, signed, signed_bytes};
use crate::gui::theme::{Icon, Tokens};

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Nothing.
    None,
    /// How many, or a size in bytes.
    Number(u64),
    /// How many, where only bounds are known.
    Range(u64, u64),
    /// A change of how many, or of a size in bytes.
    Delta(i64),
    /// How far from the roots; none is a dash: no root of the program reaches it.
    Distance(Option<u32>),
    /// A part of a whole: a bar and a percentage.
    Share(u64, u64),
    /// A change of a part of a whole, with the largest change there is: a bar as long as to that, and a percentage of the whole.
    Growth(i64, u64, u64),
    /// Of so many objects, a change of bytes.
    Objects(u64, i64),
    /// A text in a column of its own.
    Text(String),
    /// A change that does not lead its row: written as any number.
    Signed(i64),
    /// A change of a size in bytes, in an hour.
    Rate(i64),
    /// Numbers one after the other, as a line.
    Line(Arc<[u64]>, LineColor),
    /// A word on a ground of its own.
    Badge(Tone, Icon, &'static str),
}

/// How a line of numbers is coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineColor {
    /// It grew.
    Grew,
    /// Anything else.
    Quiet,
}

impl LineColor {
    /// The colour.
    pub(crate) const fn of(self, tokens: &Tokens) -> Color32 {
        match self {
            Self::Grew => tokens.grow_text,
            Self::Quiet => tokens.text_subdued,
        }
    }
}

impl Value {
    /// As it stands in a column.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::None => String::new(),
            Self::Number(number) => grouped(*number),
            Self::Range(least, most) => format!("{}–{}", grouped(*least), grouped(*most)),
            Self::Delta(delta) | Self::Signed(delta) => signed(*delta),
            Self::Distance(Some(edges)) => edges.to_string(),
            Self::Distance(None) => "–".to_owned(),
            Self::Share(part, whole) => share(*part, *whole),
            Self::Growth(change, whole, _) => share_of_change(*change, *whole),
            Self::Objects(0, 0) | Self::Rate(0) => "0".to_owned(),
            Self::Objects(0, bytes) => signed(*bytes),
            Self::Objects(count, bytes) => format!("{} obj  {}", grouped(*count), signed(*bytes)),
            Self::Text(text) => text.clone(),
            Self::Rate(bytes) => format!("{}/h", signed_bytes(*bytes)),
            Self::Line(numbers, _) => {
                let numbers: Vec<String> = numbers.iter().map(|&number| grouped(number)).collect();
                numbers.join(", ")
            }
            Self::Badge(_, _, text) => (*text).to_owned(),
        }
    }

    /// As it stands in a file and in what is copied: plain digits, ASCII signs.
    pub(crate) fn plain(&self) -> String {
        match self {
            Self::None | Self::Distance(None) => String::new(),
            Self::Number(number) => number.to_string(),
            Self::Range(least, _) => least.to_string(),
            Self::Delta(delta) | Self::Objects(_, delta) | Self::Signed(delta) => delta.to_string(),
            Self::Distance(Some(edges)) => edges.to_string(),
            Self::Share(..) | Self::Growth(..) => self
                .share()
                .map(|share| format!("{share:.6}"))
                .unwrap_or_default(),
            Self::Text(text) => text.clone(),
            Self::Rate(bytes) => bytes.to_string(),
            Self::Line(numbers, _) => {
                let numbers: Vec<String> = numbers.iter().map(u64::to_string).collect();
                numbers.join(" ")
            }
            Self::Badge(_, _, text) => (*text).to_owned(),
        }
    }

    /// What part of the whole it is: 0 to 1, signed.
    pub(crate) fn share(&self) -> Option<f64> {
        match self {
            Self::Share(part, whole) => Some(ratio(*part, *whole)),
            Self::Growth(change, whole, _) => Some(signed_ratio(*change, *whole)),
            _ => None,
        }
    }

    /// How long its bar is: 0 to 1, signed.
    pub(crate) fn fraction(&self) -> Option<f64> {
        match self {
            Self::Growth(change, _, largest) => Some(signed_ratio(*change, *largest)),
            _ => self.share(),
        }
    }
}

fn signed_ratio(part: i64, whole: u64) -> f64 {
    let size = ratio(part.unsigned_abs(), whole);
    if part < 0 { -size } else { size }
}

#[expect(clippy::cast_precision_loss, reason = "a share is shown with three digits")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 {
        0.0
    } else {
        part as f64 / whole as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_for_people_and_for_programs() {
        let both = |value: Value| (value.shown(), value.plain());
        let text = |shown: &str, plain: &str| (shown.to_owned(), plain.to_owned());
        assert_eq!(both(Value::Number(12_345)), text("12\u{2009}345", "12345"));
        assert_eq!(both(Value::Range(1, 2000)), text("1–2\u{2009}000", "1"));
        assert_eq!(both(Value::Delta(-1200)), text("\u{2212}1\u{2009}200", "-1200"));
        assert_eq!(both(Value::Delta(7)), text("+7", "7"));
        assert_eq!(both(Value::Distance(None)), text("–", ""));
        assert_eq!(both(Value::Share(1, 4)), text("25.0\u{A0}%", "0.250000"));
        assert_eq!(Value::Share(1, 0).fraction(), Some(0.0));
        let growth = Value::Growth(-28, 10_000, 56);
        assert_eq!(both(growth.clone()), text("\u{2212}0.28\u{A0}%", "-0.002800"));
        assert_eq!(growth.fraction(), Some(-0.5));
        assert_eq!(
            both(Value::Objects(1, 2000)),
            text("1 obj  +2\u{2009}000", "2000")
        );
        assert_eq!(both(Value::Objects(0, 0)), text("0", "0"));
    }
}
