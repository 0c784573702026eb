//! Pictures in the page: bars for counts and sizes, one bar of parts. Colours are classes of the page's style.

#![expect(clippy::cast_precision_loss, reason = "places in a picture")]

use super::markup::Markup;
use crate::base::units::{grouped, human_bytes};

/// Bars side by side, the last one marked: one a snapshot, its number below, a caption under all.
pub(super) fn count_bars(out: &mut Markup, counts: &[u64], counted: &str, grew: bool) {
    const BAR: f64 = 42.0;
    const HIGH: f64 = 36.0;
    const MOST: usize = 8;
    let shown = evenly(counts, MOST);
    let most = shown.iter().max().copied().unwrap_or(0).max(1);
    let width = (BAR + 4.0) * shown.len() as f64;
    let spoken: Vec<String> = shown.iter().map(|&count| grouped(count)).collect();
    out.raw("<svg class=\"bars\" role=\"img\" width=\"").number(width);
    out.raw("\" height=\"52\" viewBox=\"0 0 ")
        .number(width)
        .raw(" 52\" aria-label=\"");
    out.text(&format!("{counted} per snapshot: {}", spoken.join(", ")))
        .raw("\">");
    for (at, &count) in shown.iter().enumerate() {
        let height = (count as f64 / most as f64 * HIGH).max(if count > 0 { 1.0 } else { 0.0 });
        let x = (BAR + 4.0) * at as f64;
        let is_last = at + 1 == shown.len();
        out.raw(if is_last && grew {
            "<rect class=\"grew\" x=\""
        } else {
            "<rect class=\"bar\" x=\""
        });
        out.number(x).raw("\" y=\"").number(HIGH - height);
        out.raw("\" width=\"42\" height=\"")
            .number(height)
            .raw("\" rx=\"1\"/><text x=\"");
        out.number(x + BAR / 2.0)
            .raw("\" y=\"48\">")
            .text(&spoken[at])
            .raw("</text>");
    }
    out.raw("</svg>");
}

/// The total of every snapshot as a line over an axis that begins where the caption says.
pub(super) fn totals(out: &mut Markup, totals: &[u64]) {
    const WIDE: f64 = 680.0;
    const HIGH: f64 = 140.0;
    const LEFT: f64 = 64.0;
    let (Some(&least), Some(&most)) = (totals.iter().min(), totals.iter().max()) else {
        return;
    };
    let span = (most - least).max(1) as f64;
    let steps = totals.len().saturating_sub(1).max(1) as f64;
    let x = |at: usize| LEFT + (WIDE - LEFT - 32.0) * at as f64 / steps;
    let y = |total: u64| {
        let part = if most > least {
            (total - least) as f64 / span
        } else {
            0.5
        };
        HIGH - 32.0 - part * (HIGH - 56.0)
    };
    let spoken: Vec<String> = totals.iter().map(|&total| human_bytes(total)).collect();
    out.raw(
        "<svg class=\"line\" role=\"img\" width=\"680\" height=\"140\" viewBox=\"0 0 680 140\" aria-label=\"",
    );
    out.text(&format!("Total size per snapshot: {}", spoken.join(", ")))
        .raw("\">");
    let axis = if most > least { &[least, most][..] } else { &[most] };
    for &value in axis {
        out.raw("<path class=\"grid\" d=\"M")
            .number(LEFT)
            .raw(" ")
            .number(y(value))
            .raw("H680\"/><text class=\"axis\" x=\"");
        out.number(LEFT - 8.0)
            .raw("\" y=\"")
            .number(y(value) + 4.0)
            .raw("\">");
        out.text(&human_bytes(value)).raw("</text>");
    }
    out.raw("<path class=\"trend\" d=\"");
    for (at, &total) in totals.iter().enumerate() {
        out.raw(if at == 0 { "M" } else { "L" })
            .number(x(at))
            .raw(" ")
            .number(y(total));
    }
    out.raw("\"/>");
    // Numbers that would stand in each other are left out, never the last.
    let every = totals.len().div_ceil(12).max(1);
    for (at, &total) in totals.iter().enumerate() {
        let is_last = at + 1 == totals.len();
        out.raw(if is_last {
            "<circle class=\"last\" cx=\""
        } else {
            "<circle cx=\""
        })
        .number(x(at));
        out.raw("\" cy=\"").number(y(total)).raw("\" r=\"3\"/>");
        if is_last || at % every == 0 && at + every <= totals.len() {
            out.raw("<text x=\"")
                .number(x(at))
                .raw("\" y=\"132\">")
                .text(&grouped(at as u64 + 1))
                .raw("</text>");
        }
    }
    out.raw("</svg>");
}

/// One bar, split by `parts`.
pub(super) fn parts(out: &mut Markup, parts: &[(&'static str, u64)]) {
    const WIDE: f64 = 680.0;
    const CLASSES: [&str; 6] = [
        "<rect class=\"c1\" x=\"",
        "<rect class=\"c2\" x=\"",
        "<rect class=\"c3\" x=\"",
        "<rect class=\"c4\" x=\"",
        "<rect class=\"c5\" x=\"",
        "<rect class=\"c6\" x=\"",
    ];
    let total = parts.iter().map(|(_, bytes)| bytes).sum::<u64>().max(1) as f64;
    let spoken: Vec<String> = parts
        .iter()
        .map(|(name, bytes)| format!("{name} {}", human_bytes(*bytes)))
        .collect();
    out.raw("<svg class=\"parts\" role=\"img\" width=\"680\" height=\"20\" viewBox=\"0 0 680 20\" preserveAspectRatio=\"none\" aria-label=\"");
    out.text(&spoken.join(", ")).raw("\">");
    let mut x = 0.0;
    for (at, (_, bytes)) in parts.iter().enumerate() {
        let width = *bytes as f64 / total * WIDE;
        out.raw(CLASSES[at % CLASSES.len()])
            .number(x)
            .raw("\" y=\"0\" width=\"");
        out.number((width - 1.0).max(0.0)).raw("\" height=\"20\"/>");
        x += width;
    }
    out.raw("</svg>");
}

/// At most `most` of `all`, the first and the last among them.
fn evenly(all: &[u64], most: usize) -> Vec<u64> {
    if all.len() <= most {
        return all.to_vec();
    }
    (0..most)
        .map(|at| all[at * (all.len() - 1) / (most - 1)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::evenly;

    #[test]
    fn the_first_and_the_last_are_shown() {
        let all: Vec<u64> = (0..100).collect();
        assert_eq!(evenly(&all, 4), [0, 33, 66, 99]);
        assert_eq!(evenly(&all[..3], 4), [0, 1, 2]);
        assert_eq!(evenly(&[], 4), [0; 0]);
    }
}
