//! Why a file was not read, in a person's words: what happened, where, and what to do.

use crate::base::units::{grouped, human_bytes};
use crate::parse::error::LoadError;

/// What is said of a file that was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// What happened, in one sentence.
    pub(crate) what: String,
    /// The details.
    pub(crate) details: String,
    /// What to do.
    pub(crate) advice: String,
    /// Can it be tried all the same?
    pub(crate) anyway: bool,
}

impl Fault {
    /// What is said of `error`.
    pub(crate) fn of(error: &LoadError) -> Self {
        match error {
            LoadError::Open { source, .. } => Self {
                what: "The file cannot be read.".to_owned(),
                details: sentence(&source.to_string()),
                advice: "Check that it is still there and that you may read it, then read it again."
                    .to_owned(),
                anyway: false,
            },
            LoadError::NotASnapshot { found, advice, .. } => Self {
                what: "This is not a heap snapshot.".to_owned(),
                details: format!("It is {found}."),
                advice: advice.clone(),
                anyway: false,
            },
            LoadError::SamplingProfile { .. } => Self {
                what: "This is not a heap snapshot.".to_owned(),
                details: "It is an allocation sampling profile, which holds no objects.".to_owned(),
                advice: "Open it from its file to see which functions allocated.".to_owned(),
                anyway: false,
            },
            LoadError::Malformed {
                section,
                offset,
                what,
                advice,
                ..
            } => Self {
                what: "The snapshot is damaged.".to_owned(),
                details: format!(
                    "In section \u{201C}{section}\u{201D} at byte {}: {what}.",
                    grouped(*offset)
                ),
                advice: advice.clone(),
                anyway: false,
            },
            LoadError::TooLarge { what, limit, .. } => Self {
                what: "The snapshot is too large.".to_owned(),
                details: format!("{} The limit is {}.", sentence(what), grouped(*limit)),
                advice: "Heapatlas cannot open it. Take a snapshot earlier, while the heap is smaller."
                    .to_owned(),
                anyway: false,
            },
            LoadError::Memory { needed, allowed, .. } => Self {
                what: "There is not enough memory.".to_owned(),
                details: format!(
                    "This needs about {} of memory, and {} are free.",
                    human_bytes(*needed),
                    human_bytes(*allowed)
                ),
                advice: "Close other files and programs and read it again, or open it anyway: the computer may become slow, \
                         or end Heapatlas."
                    .to_owned(),
                anyway: true,
            },
            LoadError::Cancelled(_) => Self::of_panic("the load was called off"),
        }
    }

    /// What is said when this program failed, and not the file.
    pub(crate) fn of_panic(reason: &str) -> Self {
        Self {
            what: "Heapatlas failed to read this file.".to_owned(),
            details: sentence(reason),
            advice: "This is a fault of the program, not of the file. Please report it.".to_owned(),
            anyway: false,
        }
    }
}

/// `text` with a capital and a full stop.
fn sentence(text: &str) -> String {
    let mut chars = text.trim_end_matches('.').chars();
    let first = chars.next().map(|first| first.to_uppercase().collect::<String>());
    format!("{}{}.", first.unwrap_or_default(), chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_told_in_three_sentences() {
        let error = LoadError::Open {
            path: "a.heapsnapshot".into(),
            source: std::io::Error::other("permission denied"),
        };
        let fault = Fault::of(&error);
        assert_eq!(fault.what, "The file cannot be read.");
        assert_eq!(fault.details, "Permission denied.");
        assert!(fault.advice.contains("read it again"));
    }
}
