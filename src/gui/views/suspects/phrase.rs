//! Phrases laid out: words in the text face, code in its own.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat, TextWrapping};
use eframe::egui::{Color32, FontId, Galley, Painter};

use crate::base::units::human_bytes;
use crate::gui::widgets::strip::one_line;
use crate::query::suspects::{Part, Phrase, Suspect};

/// How a phrase is set.
#[derive(Clone)]
pub(super) struct Style {
    /// The face and the colour of its words.
    pub(super) words: (FontId, Color32),
    /// The face and the colour of its code.
    pub(super) code: (FontId, Color32),
    /// Height of a line.
    pub(super) line: f32,
}

/// `phrase` in at most `rows` lines of that width.
pub(super) fn galley(
    painter: &Painter,
    phrase: &[Part],
    style: &Style,
    width: f32,
    rows: usize,
) -> Arc<Galley> {
    let mut job = LayoutJob::default();
    for part in phrase {
        let (text, (font, color)) = match part {
            Part::Words(text) => (text, &style.words),
            Part::Code(text) => (text, &style.code),
        };
        let format = TextFormat {
            line_height: Some(style.line),
            ..TextFormat::simple(font.clone(), *color)
        };
        job.append(&one_line(text), 0.0, format);
    }
    job.wrap = TextWrapping {
        max_width: width.max(0.0),
        max_rows: rows,
        // A name without spaces is no reason to leave the card.
        break_anywhere: rows == 1,
        overflow_character: Some('…'),
    };
    painter.layout_job(job)
}

/// The longest beginning of `phrase` that ends with a sentence and fits in one line; cut within the first if none does.
pub(super) fn first_sentences(painter: &Painter, phrase: &Phrase, style: &Style, width: f32) -> Arc<Galley> {
    let ends = sentence_ends(phrase);
    for (part, at) in ends.into_iter().rev() {
        let mut beginning = phrase.0[..=part].to_vec();
        if let Some(Part::Words(text)) = beginning.last_mut() {
            text.truncate(at);
        }
        let whole = galley(painter, &beginning, style, f32::INFINITY, 1);
        if whole.size().x <= width {
            return whole;
        }
    }
    galley(painter, &phrase.0, style, width, 1)
}

/// Where sentences of `phrase` end: in which part, and behind which byte of it.
fn sentence_ends(phrase: &Phrase) -> Vec<(usize, usize)> {
    let mut ends = Vec::new();
    for (part, text) in phrase.0.iter().enumerate() {
        let Part::Words(text) = text else { continue };
        let within = text.match_indices(". ").map(|(at, _)| (part, at + 1));
        ends.extend(within);
        if text.ends_with('.') {
            ends.push((part, text.len()));
        }
    }
    ends
}

/// A suspect as text, for whoever it is sent to.
pub(super) fn copied(suspect: &Suspect) -> String {
    let mut lines = vec![format!(
        "{} ({}, {})",
        suspect.title.text(),
        suspect.severity.key(),
        human_bytes(suspect.retained_size)
    )];
    let owner = [&suspect.owner, &suspect.place(), &suspect.package];
    let owner: Vec<&str> = owner.into_iter().flatten().map(String::as_str).collect();
    if !owner.is_empty() {
        lines.push(owner.join(", "));
    }
    if !suspect.path.is_empty() {
        let path: Vec<&str> = suspect.path.iter().map(|step| step.text.as_str()).collect();
        lines.push(path.join(" › "));
    }
    lines.push(suspect.why.text());
    if !suspect.advice.0.is_empty() {
        lines.push(format!("Check next: {}", suspect.advice.text()));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::sentence_ends;
    use crate::query::suspects::Phrase;

    #[test]
    fn sentences_end_with_a_stop_and_not_within_code() {
        let phrase = Phrase::of("Grew. All keys of `a. b` differ. So no call hits.");
        assert_eq!(sentence_ends(&phrase), [(0, 5), (2, 8), (2, 25)]);
        assert_eq!(sentence_ends(&Phrase::of("4.5 kB")), []);
    }
}
