//! Limits for how many: `suspects > 0`, `high > 0`.

use std::fmt;
use std::str::FromStr;

use super::{Beyond, beyond, word};
use crate::query::suspects::Severity;

/// A limit for how many suspects there may be, as it is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountLimit {
    /// What is counted.
    pub what: Count,
    beyond: Beyond,
    value: u64,
    text: String,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    /// Suspects that are an alarm: all but notes.
    Suspects,
    /// Secrets.
    Secrets,
    /// Those of one severity.
    Severity(Severity),
}

impl CountLimit {
    /// Is `count` beyond the limit?
    pub const fn is_exceeded(&self, count: u64) -> bool {
        match self.beyond {
            Beyond::More => count > self.value,
            Beyond::MoreOrEqual => count >= self.value,
            Beyond::Less => count < self.value,
            Beyond::LessOrEqual => count <= self.value,
        }
    }
}

impl fmt::Display for CountLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

const HOW: &str = "a limit is WHAT > NUMBER, as in 'suspects > 0', 'high > 0', 'medium > 2', 'note > 10'";

impl FromStr for CountLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let (what, rest) = word(text);
        let what = match what {
            "suspects" => Count::Suspects,
            "secrets" => Count::Secrets,
            "high" => Count::Severity(Severity::High),
            "medium" => Count::Severity(Severity::Medium),
            "note" | "notes" => Count::Severity(Severity::Note),
            "" => return Err(format!("nothing is counted; {HOW}")),
            other => return Err(format!("`{other}` is not counted; {HOW}")),
        };
        let (beyond, number) = beyond(rest).ok_or_else(|| format!("there is no >, >=, < or <=; {HOW}"))?;
        let number = number.trim();
        Ok(Self {
            what,
            beyond,
            value: number
                .parse()
                .map_err(|_malformed| format!("`{number}` is no number; {HOW}"))?,
            text: text.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_limited() {
        let is_exceeded = |limit: &str, count| limit.parse::<CountLimit>().unwrap().is_exceeded(count);
        assert!(is_exceeded("suspects > 0", 1));
        assert!(!is_exceeded("suspects>0", 0));
        assert!(is_exceeded(" high >= 2 ", 2));
        assert!(is_exceeded("notes < 1", 0));
        assert!(!is_exceeded("medium <= 3", 4));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (limit, what) in [
            ("", "nothing is counted"),
            ("leaks > 0", "`leaks` is not counted"),
            ("suspects", "there is no >"),
            ("suspects > few", "`few` is no number"),
            ("suspects > -1", "`-1` is no number"),
        ] {
            let error = limit.parse::<CountLimit>().unwrap_err();
            assert!(error.contains(what), "{limit}: {error}");
        }
    }
}
