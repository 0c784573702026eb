//! Texts from files, made fit for a document: of bounded length, on one line.

/// Longer texts are cut.
const MOST_CHARACTERS: usize = 160;

/// Longer sentences are cut: they hold names.
const MOST_IN_SENTENCE: usize = 600;

/// `text` on one line, cut with an ellipsis where it is too long.
pub(super) fn short(text: &str) -> String {
    cut(text, MOST_CHARACTERS)
}

/// The same for what may be several sentences.
pub(super) fn sentence(text: &str) -> String {
    cut(text, MOST_IN_SENTENCE)
}

fn cut(text: &str, most: usize) -> String {
    let mut out = String::with_capacity(text.len().min(4 * most));
    let mut chars = text.chars().map(plain);
    out.extend(chars.by_ref().take(most));
    if chars.next().is_some() {
        out.push('…');
    }
    out
}

/// What breaks lines, has no glyph or turns the direction of the text stands as a sign that does not.
fn plain(c: char) -> char {
    match c {
        '\n' | '\u{2028}' | '\u{2029}' => '↵',
        '\t' | '\r' => ' ',
        '\u{200E}'
        | '\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}'
        | '\u{FFFE}'
        | '\u{FFFF}' => '□',
        c if c.is_control() => '□',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::{MOST_CHARACTERS, short};

    #[test]
    fn texts_are_short_and_on_one_line() {
        assert_eq!(short("a\nb\u{0}\u{202E}c\u{FFFE}"), "a↵b□□c□");
        assert_eq!(short("plain"), "plain");
        let long = short(&"é".repeat(1000));
        assert_eq!(long.chars().count(), MOST_CHARACTERS + 1);
        assert!(long.ends_with('…'));
    }
}
