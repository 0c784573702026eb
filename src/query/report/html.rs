//! The report as a page that needs nothing besides itself: no script, nothing from outside, light and dark, fit to print.

use super::markup::Markup;
use super::suspect::{Card, Sample};
use super::{Report, svg};
use crate::base::units::{counted, grouped, human_bytes, share, signed, signed_bytes};

const STYLE: &str = include_str!("report.css");

/// Writes `report`.
pub fn html(report: &Report) -> String {
    let mut out = Markup::default();
    out.raw("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n");
    // Whatever a name in a file may do, the page can load and run nothing.
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n");
    let names: Vec<&str> = report.files.iter().map(|file| file.name.as_str()).collect();
    out.raw("<title>Heap report: ")
        .text(&names.join(", "))
        .raw("</title>\n<style>\n");
    out.raw(STYLE).raw("</style>\n</head>\n<body>\n<main>\n");
    out.raw("<header>\n<h1>Heap report</h1>\n");
    out.element("<p class=\"lead\">", &report.lead(), "</p>\n");
    if let Some(said) = report.redacted() {
        out.element("<p>", said, "</p>\n");
    }
    out.raw("</header>\n");
    problems(&mut out, report);
    suspects(&mut out, report);
    files(&mut out, report);
    made_of(&mut out, report);
    growing(&mut out, report);
    classes(&mut out, report);
    texts(&mut out, report);
    out.raw("<footer>Written by Heapatlas ")
        .text(env!("CARGO_PKG_VERSION"));
    out.raw(". Sizes are of the objects in the snapshots; 1 kB is 1000 B.</footer>\n");
    out.raw("</main>\n</body>\n</html>\n");
    out.into_string()
}

fn problems(out: &mut Markup, report: &Report) {
    if report.problems.is_empty() {
        return;
    }
    out.raw("<section class=\"problems\">\n<h2>What is missing</h2>\n<ul>\n");
    for problem in &report.problems {
        out.element("<li>", problem, "</li>\n");
    }
    out.raw("</ul>\n</section>\n");
}

fn files(out: &mut Markup, report: &Report) {
    out.raw("<section>\n<h2>Snapshots</h2>\n");
    if let Some(said) = report.processes() {
        out.element("<p>", said, "</p>\n");
    }
    let sizes: Vec<u64> = report.files.iter().map(|file| file.size).collect();
    if sizes.len() > 1 {
        svg::totals(out, &sizes);
    }
    let several = report.is_one_process == Some(false);
    out.raw("<table>\n<thead><tr><th class=\"n\">#</th><th>File</th><th>Written by</th>");
    if several {
        out.raw("<th class=\"n\">Process</th>");
    }
    out.raw("<th class=\"n\">Objects</th><th class=\"n\">Size</th><th class=\"n\">Change</th></tr></thead>\n<tbody>\n");
    for (at, file) in report.files.iter().enumerate() {
        out.element("<tr><td class=\"n\">", &(at + 1).to_string(), "</td>");
        out.element("<td class=\"code\">", &file.name, "</td>");
        out.element(
            "<td>",
            file.producer.as_deref().unwrap_or("cannot be told"),
            "</td>",
        );
        if several {
            out.element("<td class=\"n\">", &file.process.to_string(), "</td>");
        }
        out.element("<td class=\"n\">", &grouped(file.objects), "</td>");
        out.element("<td class=\"n\">", &human_bytes(file.size), "</td>");
        change(out, report.change(at));
        out.raw("</tr>\n");
    }
    out.raw("</tbody>\n</table>\n</section>\n");
}

/// A cell with a change of bytes; its first snapshot of a process has none.
fn change(out: &mut Markup, change: Option<i64>) {
    let text = change.map_or_else(String::new, signed_bytes);
    let open = if change.is_some_and(|change| change > 0) {
        "<td class=\"n up\">"
    } else {
        "<td class=\"n\">"
    };
    out.element(open, &text, "</td>");
}

fn suspects(out: &mut Markup, report: &Report) {
    out.raw("<section>\n<h2>Suspects</h2>\n");
    if report.suspects.is_empty() {
        out.element("<p class=\"empty\">", report.no_suspects(), "</p>\n");
    }
    for card in &report.suspects {
        article(out, card);
    }
    if let Some(more) = report.unlisted() {
        out.element("<p>", &more, "</p>\n");
    }
    out.raw("</section>\n");
}

fn article(out: &mut Markup, card: &Card) {
    use crate::query::suspects::Severity;
    out.raw(match card.severity {
        Severity::High => "<article class=\"high\">\n",
        Severity::Medium => "<article class=\"medium\">\n",
        Severity::Note => "<article class=\"note\">\n",
    });
    out.raw("<div class=\"figures\">");
    out.element("<b>", &human_bytes(card.retained_size), "</b>");
    out.element("<span>", &card.share_text(), "</span>");
    match card.growth {
        Some(growth @ 1..) => out.element("<span class=\"up\">", &signed_bytes(growth), "</span>"),
        Some(0) => out.raw("<span>no growth</span>"),
        Some(growth) => out.element("<span>", &signed_bytes(growth), "</span>"),
        None => out,
    };
    out.raw("</div>\n<h3>");
    out.element("<span class=\"badge\">", card.severity.key(), "</span> ");
    out.phrase(&card.title).raw("</h3>\n");
    if !card.owner.is_empty() {
        out.element("<p class=\"owner\">", &card.owner.join(" · "), "</p>\n");
    }
    if !card.path.is_empty() {
        out.raw("<ol class=\"path\">");
        for step in &card.path {
            out.element("<li>", step, "</li>");
        }
        out.raw("</ol>\n");
    }
    out.raw("<p>").phrase(&card.why).raw("</p>\n");
    if !card.advice.0.is_empty() {
        out.raw("<p><b>Check next:</b> ")
            .phrase(&card.advice)
            .raw("</p>\n");
    }
    if card.counts.len() > 1 {
        let grew = card.growth.is_some_and(|growth| growth > 0);
        out.raw("<figure>");
        svg::count_bars(out, &card.counts, card.counted, grew);
        out.element(
            "<figcaption>",
            card.counted,
            " per snapshot</figcaption></figure>\n",
        );
    } else if let [count] = card.counts[..] {
        out.element(
            "<p class=\"owner\">",
            &format!("{} {}", grouped(count), card.counted),
            "</p>\n",
        );
    }
    samples(out, &card.samples);
    out.raw("</article>\n");
}

fn samples(out: &mut Markup, samples: &[Sample]) {
    if samples.is_empty() {
        return;
    }
    out.raw("<p class=\"samples\">Samples: ");
    for (at, sample) in samples.iter().enumerate() {
        out.raw(if at > 0 { ", " } else { "" });
        out.element("<code>", &format!("{} {}", sample.name, sample.id), "</code>");
        out.text(&format!(" ({})", human_bytes(sample.retained_size)));
    }
    out.raw("</p>\n");
}

fn made_of(out: &mut Markup, report: &Report) {
    const SWATCHES: [&str; 6] = [
        "<i class=\"c1\"></i>",
        "<i class=\"c2\"></i>",
        "<i class=\"c3\"></i>",
        "<i class=\"c4\"></i>",
        "<i class=\"c5\"></i>",
        "<i class=\"c6\"></i>",
    ];
    if report.made_of.is_empty() {
        return;
    }
    out.raw("<section>\n<h2>What the last heap is made of</h2>\n");
    svg::parts(out, &report.made_of);
    let total: u64 = report.made_of.iter().map(|(_, bytes)| bytes).sum();
    out.raw("<table class=\"narrow\">\n<tbody>\n");
    for (at, (name, bytes)) in report.made_of.iter().enumerate() {
        out.raw("<tr><td>").raw(SWATCHES[at % SWATCHES.len()]).raw(name);
        out.element("</td><td class=\"n\">", &human_bytes(*bytes), "</td>");
        out.element("<td class=\"n\">", &share(*bytes, total), "</td></tr>\n");
    }
    out.raw("</tbody>\n<tfoot><tr><td>Total</td>");
    out.element(
        "<td class=\"n\">",
        &human_bytes(total),
        "</td><td class=\"n\"></td></tr></tfoot>\n",
    );
    out.raw("</table>\n</section>\n");
}

fn growing(out: &mut Markup, report: &Report) {
    if report.growing.is_empty() {
        return;
    }
    out.raw("<section>\n<h2>Classes that grew most</h2>\n<table>\n<thead><tr><th>Class</th><th class=\"n\">Objects</th>");
    out.raw("<th class=\"n\">More</th><th class=\"n\">Size</th><th class=\"n\">Growth</th><th>Over time</th></tr></thead>\n<tbody>\n");
    for line in &report.growing {
        out.element("<tr><td class=\"code\">", &line.name, "</td>");
        out.element("<td class=\"n\">", &grouped(line.last_count()), "</td>");
        out.element("<td class=\"n\">", &signed(line.count_growth()), "</td>");
        out.element("<td class=\"n\">", &human_bytes(line.last_size()), "</td>");
        change(out, Some(line.growth));
        out.element("<td>", line.verdict, "</td></tr>\n");
    }
    out.raw("</tbody>\n</table>\n</section>\n");
}

fn classes(out: &mut Markup, report: &Report) {
    if report.classes.is_empty() {
        return;
    }
    out.raw("<section>\n<h2>Biggest classes in the last snapshot</h2>\n<table>\n<thead><tr><th>Class</th>");
    out.raw("<th class=\"n\">Objects</th><th class=\"n\">Shallow size</th><th class=\"n\">Retained size</th></tr></thead>\n<tbody>\n");
    for line in &report.classes {
        out.element("<tr><td class=\"code\">", &line.name, "</td>");
        out.element("<td class=\"n\">", &grouped(line.count), "</td>");
        out.element("<td class=\"n\">", &human_bytes(line.shallow_size), "</td>");
        out.element(
            "<td class=\"n\">",
            &human_bytes(line.retained_size),
            "</td></tr>\n",
        );
    }
    out.raw("</tbody>\n</table>\n</section>\n");
}

fn texts(out: &mut Markup, report: &Report) {
    if report.texts.is_empty() {
        return;
    }
    out.raw("<section>\n<h2>Strings that are there more than once</h2>\n<table>\n<thead><tr><th>Text</th>");
    out.raw(
        "<th class=\"n\">Strings</th><th class=\"n\">Wasted</th><th>Held by</th></tr></thead>\n<tbody>\n",
    );
    for line in &report.texts {
        out.element("<tr><td class=\"code\">", &line.text, "</td>");
        out.element(
            "<td class=\"n\">",
            &counted(line.count, "string", "strings"),
            "</td>",
        );
        out.element("<td class=\"n\">", &human_bytes(line.wasted_size), "</td>");
        out.element(
            "<td class=\"code\">",
            line.held_by.as_deref().unwrap_or(""),
            "</td></tr>\n",
        );
    }
    out.raw("</tbody>\n</table>\n</section>\n");
}
