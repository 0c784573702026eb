//! How large the snapshots are, one after the other: the growth over all of them, its rate, a chart.

use std::cmp::Ordering;

use eframe::egui::{Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use crate::base::units::{grouped, human_bytes, share, signed_bytes};
use crate::gui::cx::Cx;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::delta;
use crate::gui::widgets::line_chart::{Axis, ChartPoint, Room, line_chart};
use crate::gui::widgets::strip::{self, Strip};
use crate::gui::workspace::{Entry, seconds};

const MARGIN: f32 = 12.0;

/// Paints it, if at least two snapshots were read.
pub(super) fn total(ui: &mut Ui, cx: &Cx<'_>, is_narrow: bool) {
    let read: Vec<&Entry> = cx
        .workspace
        .entries()
        .iter()
        .filter(|entry| entry.snapshot().is_some())
        .collect();
    let sizes: Vec<u64> = read
        .iter()
        .filter_map(|entry| Some(entry.snapshot()?.total_size()))
        .collect();
    let (Some(&first), Some(&last)) = (sizes.first(), sizes.last()) else {
        return;
    };
    if sizes.len() < 2 {
        return;
    }
    let change = Change::of(first, last);
    let times = seconds(&read);
    ui.add_space(if is_narrow { 8.0 } else { 12.0 });
    let unit = Axis::of(sizes.iter().copied()).unit;
    let title = if is_narrow {
        format!("Total, {unit}")
    } else {
        format!("Total size, {unit}")
    };
    let mut spoken = format!("{title}, {} over {} snapshots", change.spoken(), read.len());
    let (line, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let line = line.shrink2(vec2(MARGIN, 0.0));
    let tokens = Tokens::of(ui);
    let font = fonts::number_strong();
    let end = delta::delta(ui.painter(), line, change.way, &change.text(), font, tokens);
    Strip::new(ui.painter(), line.with_max_x(end - 8.0)).text(&title, fonts::body(), tokens.text_subdued);
    if !is_narrow {
        let (line, _) = ui.allocate_exact_size(vec2(ui.available_width(), 16.0), Sense::hover());
        let span = times.as_ref().and_then(|times| times.last().copied());
        let said = second_line(ui, line.shrink2(vec2(MARGIN, 0.0)), change, span, read.len());
        spoken = format!("{spoken}, {said}");
        ui.add_space(8.0);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    let points = points(&read, times.as_deref());
    let room = if is_narrow { Room::Line } else { Room::Axis };
    let chart = ui.available_rect_before_wrap().shrink2(vec2(MARGIN, 0.0));
    let color = match change.way {
        Ordering::Equal => tokens.text_subdued,
        way => delta::color(way, tokens),
    };
    let chart = ui.scope_builder(UiBuilder::new().max_rect(chart), |ui| {
        let charted = line_chart(ui, "Total size", &points, color, room);
        if let Some(at) = charted.hovered {
            let text = format!("{}, {}", read[at].title(), human_bytes(points[at].bytes));
            charted.response.on_hover_text_at_pointer(text);
        }
    });
    ui.advance_cursor_after_rect(Rect::from_min_size(
        chart.response.rect.min,
        chart.response.rect.size(),
    ));
}

/// `6 min 1 s, 4 snapshots` and `+6.7 % · 51 MB/h`; the same in words.
fn second_line(ui: &Ui, line: Rect, change: Change, span: Option<f64>, count: usize) -> String {
    let tokens = Tokens::of(ui);
    let snapshots = format!("{count} snapshots");
    let (left, rate) = match span {
        Some(seconds) => (
            vec![format!("{}, {snapshots}", lasting(seconds)), lasting(seconds)],
            Some(change.rate(seconds)),
        ),
        None => (vec![snapshots], None),
    };
    let right = [Some(change.percent()), rate]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ");
    let font = fonts::number_small();
    let end = strip::right(ui.painter(), line, &right, font.clone(), tokens.text_subdued);
    strip::first_that_fits(
        ui.painter(),
        line.with_max_x(end - 8.0),
        &left,
        font,
        tokens.text_subdued,
    );
    format!("{}, {right}", left[0])
}

/// A change of a size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Change {
    /// Where it went.
    pub(crate) way: Ordering,
    by: u64,
    from: u64,
}

impl Change {
    /// From one size to another, in bytes.
    pub(crate) fn of(from: u64, to: u64) -> Self {
        Self {
            way: to.cmp(&from),
            by: to.abs_diff(from),
            from,
        }
    }

    fn signed(self) -> i64 {
        let by = i64::try_from(self.by).unwrap_or(i64::MAX);
        if self.way == Ordering::Less { -by } else { by }
    }

    /// `+1.64 MB`, `−12 kB`, `0 B`
    pub(crate) fn text(self) -> String {
        signed_bytes(self.signed())
    }

    /// `+2.0 %`, `−0.4 %`; what is nearly nothing has no sign.
    pub(crate) fn percent(self) -> String {
        let share = share(self.by, self.from);
        if share.starts_with('<') {
            return share;
        }
        match self.way {
            Ordering::Greater => format!("+{share}"),
            Ordering::Less => format!("\u{2212}{share}"),
            Ordering::Equal => share,
        }
    }

    /// `51.2 MB/h`: the percentage before it has the sign.
    fn rate(self, seconds: f64) -> String {
        let hourly = self.by as f64 * 3600.0 / seconds.max(1.0);
        format!("{}/h", human_bytes(hourly as u64))
    }

    /// `grew 1.64 MB`
    pub(crate) fn spoken(self) -> String {
        let by = human_bytes(self.by);
        match self.way {
            Ordering::Greater => format!("grew {by}"),
            Ordering::Less => format!("shrank {by}"),
            Ordering::Equal => "unchanged".to_owned(),
        }
    }
}

/// `58 s`, `6 min 1 s`, `2 h 5 min`, `3 d 4 h`
fn lasting(seconds: f64) -> String {
    let seconds = seconds.round() as u64;
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    let two = |great: u64, unit: &str, small: u64, small_unit: &str| match small {
        0 => format!("{}\u{A0}{unit}", grouped(great)),
        _ => format!("{}\u{A0}{unit} {small}\u{A0}{small_unit}", grouped(great)),
    };
    match () {
        () if minutes == 0 => format!("{seconds}\u{A0}s"),
        () if hours == 0 => two(minutes, "min", seconds % 60, "s"),
        () if days == 0 => two(hours, "h", minutes % 60, "min"),
        () => two(days, "d", hours % 24, "h"),
    }
}

/// The points of the chart: at their times, if these are known, else one after the other by their numbers.
fn points(read: &[&Entry], times: Option<&[f64]>) -> Vec<ChartPoint> {
    let span = times.and_then(|times| times.last().copied()).unwrap_or(0.0);
    let steps = (read.len() - 1).max(1) as f64;
    let format = match span {
        _ if times.is_none() => "",
        span if span >= 86400.0 * steps => "%-d\u{A0}%b",
        span if span >= 60.0 * steps => "%H:%M",
        _ => "%T",
    };
    let label = |at: usize, entry: &Entry| match (entry.taken, format) {
        (None, _) | (_, "") => (at + 1).to_string(),
        (Some(taken), format) => taken.at.strftime(format).to_string(),
    };
    let point = |(at, entry): (usize, &&Entry)| ChartPoint {
        time: times.and_then(|times| times.get(at).copied()),
        label: label(at, entry),
        bytes: entry.snapshot().map_or(0, |snapshot| snapshot.total_size()),
    };
    read.iter().enumerate().map(point).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_written_and_said() {
        let plain = |text: String| text.replace('\u{A0}', " ");
        let grew = Change::of(76_984_832, 82_122_696);
        assert_eq!(plain(grew.text()), "+5.14 MB");
        assert_eq!(plain(grew.percent()), "+6.7 %");
        assert_eq!(plain(grew.rate(361.0)), "51.2 MB/h");
        assert_eq!(plain(grew.spoken()), "grew 5.14 MB");
        let shrank = Change::of(200, 100);
        assert_eq!(plain(shrank.text()), "\u{2212}100 B");
        assert_eq!(
            (plain(shrank.percent()), plain(shrank.spoken())),
            ("\u{2212}50.0 %".into(), "shrank 100 B".into())
        );
        assert_eq!(plain(Change::of(1_000_000, 1_000_001).percent()), "<0.1 %");
        let same = Change::of(7, 7);
        assert_eq!(
            (plain(same.percent()), same.spoken()),
            ("0 %".into(), "unchanged".into())
        );
    }

    #[test]
    fn spans_are_written_in_two_units() {
        let plain = |seconds| lasting(seconds).replace('\u{A0}', " ");
        assert_eq!(
            [58.0, 361.0, 120.0, 7500.0, 273_600.0].map(plain),
            ["58 s", "6 min 1 s", "2 min", "2 h 5 min", "3 d 4 h"]
        );
    }
}
