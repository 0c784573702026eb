//! The report as Markdown, as issue trackers set it.

use std::fmt::Write as _;

use super::{Card, Report};
use crate::base::units::{grouped, human_bytes, share, signed, signed_bytes};
use crate::query::suspects::{Part, Phrase};

/// Writes `report`.
pub fn markdown(report: &Report) -> String {
    let mut out = format!("# Heap report\n\n{}\n", report.lead());
    if let Some(said) = report.redacted() {
        line(&mut out, &format!("\n{said}"));
    }
    if !report.problems.is_empty() {
        out.push_str("\n## What is missing\n\n");
        for problem in &report.problems {
            line(&mut out, &format!("- {}", escaped(problem)));
        }
    }
    suspects(&mut out, report);
    files(&mut out, report);
    let total: u64 = report.made_of.iter().map(|(_, bytes)| bytes).sum();
    let made_of = report
        .made_of
        .iter()
        .map(|(name, bytes)| vec![(*name).to_owned(), human_bytes(*bytes), share(*bytes, total)]);
    table(
        &mut out,
        "What the last heap is made of",
        &["Part", ">Size", ">Share"],
        made_of,
    );
    let growing = report.growing.iter().map(|line| {
        vec![
            code(&line.name),
            grouped(line.last_count()),
            signed(line.count_growth()),
            human_bytes(line.last_size()),
            signed_bytes(line.growth),
            line.verdict.to_owned(),
        ]
    });
    let heads = ["Class", ">Objects", ">More", ">Size", ">Growth", "Over time"];
    table(&mut out, "Classes that grew most", &heads, growing);
    let classes = report.classes.iter().map(|line| {
        vec![
            code(&line.name),
            grouped(line.count),
            human_bytes(line.shallow_size),
            human_bytes(line.retained_size),
        ]
    });
    let heads = ["Class", ">Objects", ">Shallow size", ">Retained size"];
    table(&mut out, "Biggest classes in the last snapshot", &heads, classes);
    let texts = report.texts.iter().map(|line| {
        let held_by = line.held_by.as_deref().map_or_else(String::new, code);
        vec![
            code(&line.text),
            grouped(line.count),
            human_bytes(line.wasted_size),
            held_by,
        ]
    });
    let heads = ["Text", ">Strings", ">Wasted", "Held by"];
    table(&mut out, "Strings that are there more than once", &heads, texts);
    line(
        &mut out,
        &format!(
            "\nWritten by Heapatlas {}. 1 kB is 1000 B.",
            env!("CARGO_PKG_VERSION")
        ),
    );
    out
}

fn suspects(out: &mut String, report: &Report) {
    out.push_str("\n## Suspects\n");
    if report.suspects.is_empty() {
        line(out, &format!("\n{}", report.no_suspects()));
    }
    for (at, card) in report.suspects.iter().enumerate() {
        line(out, &format!("\n### {}. {}\n", at + 1, phrase(&card.title)));
        line(out, &figures(card));
        if !card.owner.is_empty() {
            let owner: Vec<String> = card.owner.iter().map(|text| code(text)).collect();
            line(out, &format!("- **Owner:** {}", owner.join(", ")));
        }
        if !card.path.is_empty() {
            let path: Vec<String> = card.path.iter().map(|text| code(text)).collect();
            line(out, &format!("- **Path:** {}", path.join(" › ")));
        }
        if !card.counts.is_empty() {
            let counts: Vec<String> = card.counts.iter().map(|&count| grouped(count)).collect();
            line(
                out,
                &format!("- **{}:** {}", capital(card.counted), counts.join(" → ")),
            );
        }
        line(out, &format!("- **Why:** {}", phrase(&card.why)));
        if !card.advice.0.is_empty() {
            line(out, &format!("- **Check next:** {}", phrase(&card.advice)));
        }
        if !card.samples.is_empty() {
            let sample = |sample: &super::Sample| code(&format!("{} {}", sample.name, sample.id));
            let samples: Vec<String> = card.samples.iter().map(sample).collect();
            line(out, &format!("- **Samples:** {}", samples.join(", ")));
        }
    }
    if let Some(more) = report.unlisted() {
        line(out, &format!("\n{more}"));
    }
}

fn figures(card: &Card) -> String {
    let growth = match card.growth {
        Some(0) => ", no growth".to_owned(),
        Some(growth) => format!(", {}", signed_bytes(growth)),
        None => String::new(),
    };
    let (size, share) = (human_bytes(card.retained_size), card.share_text());
    format!("- **{}:** {size}, {share}{growth}", capital(card.severity.key()))
}

fn files(out: &mut String, report: &Report) {
    let rows = report.files.iter().enumerate().map(|(at, file)| {
        vec![
            (at + 1).to_string(),
            code(&file.name),
            escaped(file.producer.as_deref().unwrap_or("cannot be told")),
            file.process.to_string(),
            grouped(file.objects),
            human_bytes(file.size),
            report.change(at).map_or_else(String::new, signed_bytes),
        ]
    });
    let heads = [
        ">#",
        "File",
        "Written by",
        ">Process",
        ">Objects",
        ">Size",
        ">Change",
    ];
    table(out, "Snapshots", &heads, rows);
    if let Some(said) = report.processes() {
        line(out, &format!("\n{said}"));
    }
}

/// A table; heads that begin with `>` are of columns set from the right. Nothing if there are no rows.
fn table(out: &mut String, title: &str, heads: &[&str], rows: impl ExactSizeIterator<Item = Vec<String>>) {
    if rows.len() == 0 {
        return;
    }
    line(out, &format!("\n## {title}\n"));
    let titles: Vec<&str> = heads.iter().map(|head| head.trim_start_matches('>')).collect();
    line(out, &format!("| {} |", titles.join(" | ")));
    let rules = heads
        .iter()
        .map(|head| if head.starts_with('>') { "---:" } else { "---" });
    line(out, &format!("| {} |", rules.collect::<Vec<_>>().join(" | ")));
    for row in rows {
        line(out, &format!("| {} |", row.join(" | ")));
    }
}

fn line(out: &mut String, text: &str) {
    // Text takes all that is written into it.
    let _ = writeln!(out, "{text}");
}

fn phrase(phrase: &Phrase) -> String {
    let part = |part: &Part| match part {
        Part::Words(text) => escaped(text),
        Part::Code(text) => code(text),
    };
    phrase.0.iter().map(part).collect()
}

/// Text in which nothing is markup.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A name that stands after one of these is someone's who would be told, or a number that becomes a link.
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '!' | '$' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    // Addresses become no links.
    out.replace("://", "&#58;//")
}

/// Text as code: between more accents than there are in it, and with no bar that would end a cell.
fn code(text: &str) -> String {
    if text.trim().is_empty() {
        return "(empty)".to_owned();
    }
    let text = text.replace('|', "¦");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let room = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{fence}{room}{text}{room}{fence}")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::{code, escaped};

    #[test]
    fn nothing_from_a_file_is_markup() {
        assert_eq!(
            escaped("a_b *c* <img> [x](y) @you #1"),
            "a\\_b \\*c\\* &lt;img&gt; \\[x\\](y) &#64;you &#35;1"
        );
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code("a|b"), "`a¦b`");
        assert_eq!(code(" "), "(empty)");
    }
}
