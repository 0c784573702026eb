//! What the report says in sentences, whatever it is written in.

use super::{Card, GrowthLine, Report};
use crate::base::units::{counted, human_bytes, share, share_of_one, signed_bytes};

impl Report {
    /// What there is to say at first: how many suspects, and what they explain.
    pub(super) fn lead(&self) -> String {
        let files = counted(self.files.len() as u64, "snapshot", "snapshots");
        let size = self.files.last().map_or(0, |file| file.size);
        let what = match self.growth {
            Some(growth) if growth != 0 => {
                format!(
                    "{files}; the last holds {}, {}",
                    human_bytes(size),
                    signed_bytes(growth)
                )
            }
            Some(_) => format!("{files}; the last holds {}, as the first", human_bytes(size)),
            None => format!("{files} of {}", human_bytes(size)),
        };
        let alarms = self.suspects.iter().filter(|card| card.is_alarm()).count() as u64;
        let found = match (alarms, self.growth, self.explained) {
            (0, ..) => "No suspects".to_owned(),
            (_, Some(growth @ 1..), Some(explained)) => {
                let verb = if alarms == 1 { "explains" } else { "explain" };
                let part = share(explained.clamp(0, growth).unsigned_abs(), growth.unsigned_abs());
                format!(
                    "{} {verb} {part} of the growth",
                    counted(alarms, "suspect", "suspects")
                )
            }
            _ => counted(alarms, "suspect", "suspects"),
        };
        format!("{what}. {found}.")
    }

    /// That what strings say is not there, if so.
    pub(super) fn redacted(&self) -> Option<&'static str> {
        let said =
            "Redacted: tokens of the same length stand for what strings say. Equal tokens were equal texts.";
        self.is_redacted.then_some(said)
    }

    /// What is said where there are no suspects.
    pub(super) const fn no_suspects(&self) -> &'static str {
        if self.growth.is_some() {
            "No suspects. Nothing grew at every step and no object is held in excess."
        } else {
            "No suspects. No object is held in excess; whether something grows, a second snapshot of the same process tells."
        }
    }

    /// Whether the snapshots can be compared object by object.
    pub(super) const fn processes(&self) -> Option<&'static str> {
        match self.is_one_process {
            Some(true) => Some("All are of the same process: the ids of their objects agree."),
            Some(false) => Some("They are of different processes: compared by class and path."),
            None => None,
        }
    }

    /// That there are more suspects than are told of.
    pub(super) fn unlisted(&self) -> Option<String> {
        let more = self.suspect_count.checked_sub(self.suspects.len())?;
        (more > 0).then(|| format!("And {}.", counted(more as u64, "more suspect", "more suspects")))
    }

    /// By how many bytes the snapshot at `at` differs from the one of its process before it.
    pub(super) fn change(&self, at: usize) -> Option<i64> {
        let file = &self.files[at];
        let earlier = self.files[..at].iter().rev();
        let before = earlier
            .into_iter()
            .find(|before| before.process == file.process)?;
        Some(difference(before.size, file.size))
    }
}

impl Card {
    /// Is it more than a note?
    pub(super) fn is_alarm(&self) -> bool {
        self.severity != crate::query::suspects::Severity::Note
    }

    /// `3.0 % of heap`
    pub(super) fn share_text(&self) -> String {
        format!("{} of heap", share_of_one(self.share))
    }
}

impl GrowthLine {
    pub(super) fn last_count(&self) -> u64 {
        self.counts.last().copied().unwrap_or(0)
    }

    pub(super) fn last_size(&self) -> u64 {
        self.sizes.last().copied().unwrap_or(0)
    }

    /// How many objects more the last snapshot has than the first.
    pub(super) fn count_growth(&self) -> i64 {
        difference(self.counts.first().copied().unwrap_or(0), self.last_count())
    }
}

fn difference(before: u64, after: u64) -> i64 {
    i64::try_from(i128::from(after) - i128::from(before)).unwrap_or(i64::MAX)
}
