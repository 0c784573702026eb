//! The rows of a trend: what grew, under it what it is made of and some of its objects.

use std::cmp::Ordering;
use std::sync::Arc;

use eframe::egui::{Painter, Rect, StrokeKind, pos2, vec2};

use crate::analysis::series::Verdict;
use crate::base::index::NodeIx;
use crate::base::units::{counted, grouped};
use crate::gui::cx::Asker;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts, icons};
use crate::gui::widgets::badge::Tone;
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::series_chart::mark;
use crate::gui::widgets::sparkline;
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::{LineColor, Value};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::subject::{SnapshotId, What};
use crate::query::trend::{Trend, TrendHead, TrendRow, TrendRows, Values, columns_of};
use crate::snapshot::Snapshot;

/// The rows of a frame.
#[derive(Clone)]
pub(super) struct Rows {
    pub(super) asker: Asker,
    pub(super) trend: Arc<Trend>,
    /// The names of the snapshots among the open ones.
    pub(super) ids: Arc<[SnapshotId]>,
    pub(super) heads: Arc<[Head<TrendHead>]>,
    pub(super) growing: bool,
    pub(super) values: Values,
    pub(super) order: Order<TrendHead>,
    /// Rows that are shown in the chart, by the number of their line.
    pub(super) checked: Arc<[u32]>,
}

/// A row, by its place in the trend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Row {
    /// A row of the trend.
    Top(u32),
    /// What a row is made of.
    Part(u32, u32),
    /// A place beyond it that grew with it.
    Beyond(u32, u32),
    /// One of a row's objects.
    Object(u32, NodeIx),
}

/// The rows under another.
pub(super) enum Level {
    Top(Slot<TrendRows>),
    Under(u32),
}

/// Room for the marks of the rows in the chart.
const GUTTER: f32 = 20.0;
const BOX: f32 = 8.0;

/// The columns for snapshots that are called so; rates only where it is known when they were taken.
pub(super) fn heads(titles: &[String], has_times: bool) -> Arc<[Head<TrendHead>]> {
    let shown = columns_of(titles.len());
    let mut heads = vec![
        Head::new(TrendHead::What, "Holder", "What grew", 0.0),
        Head::new(TrendHead::Line, "Trend", "Bytes per snapshot as a line", 88.0),
    ];
    for (column, &at) in shown.iter().enumerate() {
        let by = TrendHead::At(u8::try_from(column).unwrap_or(0));
        let mut head = Head::new(by, "", "", 84.0);
        head.title = titles[at].clone().into();
        head.name = format!("Bytes in {}", titles[at]).into();
        // The first and the last tell most: those between go first where there is no room.
        head.is_between = column > 0 && column + 1 < shown.len();
        heads.push(head);
    }
    heads.push(Head::new(
        TrendHead::Growth,
        "Growth, B",
        "Growth in bytes",
        104.0,
    ));
    if has_times {
        heads.push(Head::new(
            TrendHead::PerHour,
            "Per hour",
            "Growth in an hour",
            92.0,
        ));
    }
    heads.extend([
        Head::new(TrendHead::Share, "% of heap", "Share of the last heap", 88.0),
        Head::new(TrendHead::Verdict, "Verdict", "What it does over time", 172.0),
    ]);
    heads.into()
}

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn top() -> Self {
        Self::Top(Slot::new(Lane::Frame))
    }

    /// How many rows the top has, if that is known.
    pub(super) fn known(&self) -> Option<&[u32]> {
        match self {
            Self::Top(slot) => slot.latest().map(Vec::as_slice),
            Self::Under(_) => None,
        }
    }
}

impl Rows {
    fn top(&self, at: u32) -> &TrendRow {
        &self.trend.rows[at as usize]
    }

    fn data(&self, row: &Row) -> Option<&TrendRow> {
        match *row {
            Row::Top(at) => Some(self.top(at)),
            Row::Part(at, part) => self.top(at).parts.get(part as usize),
            Row::Beyond(at, nth) => self.top(at).descendants.get(nth as usize),
            Row::Object(..) => None,
        }
    }

    /// The row number `nth` under the row `at`: what it is made of, what grew beyond it, some of its objects.
    fn under(&self, at: u32, nth: usize) -> Option<Row> {
        let top = self.top(at);
        let number = u32::try_from(nth).ok()?;
        let Some(beyond) = nth.checked_sub(top.parts.len()) else {
            return Some(Row::Part(at, number));
        };
        let Some(object) = beyond.checked_sub(top.descendants.len()) else {
            return Some(Row::Beyond(at, u32::try_from(beyond).ok()?));
        };
        let objects = self.objects(at).1;
        objects.get(object).map(|&node| Row::Object(at, node))
    }

    fn len_under(&self, at: u32) -> usize {
        let top = self.top(at);
        top.parts.len() + top.descendants.len() + self.objects(at).1.len()
    }

    fn objects(&self, at: u32) -> (usize, &[NodeIx]) {
        match &self.top(at).samples {
            Some((snapshot, nodes)) => (*snapshot, nodes),
            None => (0, &[]),
        }
    }

    fn snapshot_of(&self, at: u32) -> &Arc<Snapshot> {
        &self.trend.series.snapshots[self.objects(at).0]
    }

    /// Which line of the chart shows the row.
    fn line_of(&self, row: &Row) -> Option<usize> {
        let Row::Top(at) = row else { return None };
        self.checked.iter().position(|checked| checked == at)
    }
}

impl Branches for Rows {
    type Row = Row;
    type Key = Row;
    type Level = Level;

    fn key(&self, row: &Row) -> Row {
        *row
    }

    fn can_open(&self, row: &Row) -> bool {
        match row {
            Row::Top(at) => self.len_under(*at) > 0,
            Row::Part(..) | Row::Beyond(..) | Row::Object(..) => false,
        }
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, row: &Row) -> Level {
        match *row {
            Row::Top(at) | Row::Part(at, _) | Row::Beyond(at, _) | Row::Object(at, _) => Level::Under(at),
        }
    }

    fn ask(&self, level: &mut Level) -> Asked {
        match level {
            Level::Top(slot) => {
                let question = TrendRows {
                    growing: self.growing,
                    values: self.values,
                    order: self.order,
                };
                self.asker.ask_about(&self.trend, slot, &question)
            }
            Level::Under(_) => Asked {
                version: 1,
                ..Asked::default()
            },
        }
    }

    fn len(&self, level: &Level) -> u64 {
        match level {
            Level::Top(slot) => slot.latest().map_or(0, Vec::len) as u64,
            Level::Under(at) => self.len_under(*at) as u64,
        }
    }

    fn row(&self, level: &Level, nth: u64) -> Option<Row> {
        let nth = usize::try_from(nth).ok()?;
        match level {
            Level::Top(slot) => slot.latest()?.get(nth).copied().map(Row::Top),
            Level::Under(at) => self.under(*at, nth),
        }
    }

    fn find(&self, level: &Level, key: Row) -> Option<u64> {
        (0..self.len(level)).find(|&at| self.row(level, at) == Some(key))
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match level {
            Level::Top(_) if self.growing => "Nothing grew at every step",
            Level::Top(_) => "Nothing to show",
            Level::Under(_) => "No objects",
        }
    }

    fn page(&self, level: &Level) -> u64 {
        match level {
            Level::Top(_) => u64::MAX,
            Level::Under(_) => 24,
        }
    }
}

impl Face for Rows {
    type Column = TrendHead;

    fn heads(&self) -> &[Head<TrendHead>] {
        &self.heads
    }

    fn gutter(&self) -> f32 {
        GUTTER
    }

    fn write_mark(&self, painter: &Painter, room: Rect, row: &Row, tokens: &Tokens) {
        if !matches!(row, Row::Top(_)) {
            return;
        }
        let middle = pos2(room.left() + 16.0, room.center().y);
        if let Some(style) = self.line_of(row) {
            let color = tokens.series[style % tokens.series.len()];
            mark(painter, middle, style, color, tokens.bg_canvas);
        } else {
            let square = Rect::from_center_size(middle, vec2(BOX, BOX));
            painter.rect_stroke(square, 2.0, (1.0, tokens.stroke_strong), StrokeKind::Inside);
        }
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, _repeats: bool, tokens: &Tokens) {
        if let Row::Object(at, node) = row {
            node_text::write_node(strip, self.snapshot_of(*at), *node, tokens);
            return;
        }
        let Some(data) = self.data(row) else { return };
        let name = data.name.as_js().to_string_lossy();
        if data.is_rest {
            strip.text(&name, fonts::body(), tokens.text);
            return;
        }
        let (icon, tint) = if name.starts_with("Cache of ") {
            (Icon::STACK, tokens.kinds.collection)
        } else {
            icons::of_node(data.kind, &class_of(data), tokens)
        };
        strip.icon(icon, 14.0, tint).space(6.0);
        strip.text(&name, fonts::body(), tokens.text_strong);
        if matches!(row, Row::Beyond(..)) {
            strip.space(6.0);
            strip.text("grew with it", fonts::body(), tokens.text_subdued);
        }
        if let Some(owner) = &data.owner {
            strip.space(6.0);
            strip.text(
                &owner.as_js().to_string_lossy(),
                fonts::body(),
                tokens.text_subdued,
            );
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let Some(data) = self.data(row) else {
            return match (row, self.heads[at].by) {
                (Row::Object(top, node), TrendHead::At(column)) => {
                    let of = columns_of(self.trend.totals.len());
                    let is_own = of.get(usize::from(column)) == Some(&self.objects(*top).0);
                    if is_own && self.values == Values::Absolute {
                        Value::Number(self.snapshot_of(*top).retained_size(*node))
                    } else {
                        Value::None
                    }
                }
                _ => Value::None,
            };
        };
        let growth = self.trend.growth(data);
        match self.heads[at].by {
            TrendHead::What => Value::None,
            TrendHead::Line => {
                let color = if data.grew() {
                    LineColor::Grew
                } else {
                    LineColor::Quiet
                };
                Value::Line(data.sizes.as_slice().into(), color)
            }
            TrendHead::At(column) => {
                let Some(&at) = columns_of(data.sizes.len()).get(usize::from(column)) else {
                    return Value::None;
                };
                match self.values {
                    Values::Absolute => Value::Number(data.sizes[at]),
                    relative => relative
                        .of(&self.trend, &data.sizes, at)
                        .map_or(Value::None, Value::Delta),
                }
            }
            // One colour leads: that of what grew at every step, and of what shrank.
            TrendHead::Growth if data.grew() || growth < 0 => Value::Delta(growth),
            TrendHead::Growth => Value::Signed(growth),
            TrendHead::PerHour => match self.trend.per_hour(growth) {
                Some(rate) => Value::Rate(rate.round() as i64),
                None => Value::None,
            },
            TrendHead::Share => {
                Value::Share(data.sizes.last().copied().unwrap_or(0), self.trend.last_total())
            }
            TrendHead::Verdict if data.is_rest => Value::None,
            TrendHead::Verdict => {
                let (tone, icon) = match data.verdict {
                    Verdict::GrewAtEveryStep => (Tone::Up, Icon::ARROW_UP_RIGHT),
                    Verdict::Diffuse | Verdict::SlowingDown => (Tone::Neutral, Icon::ARROW_UP_RIGHT),
                    Verdict::LevelledOff | Verdict::Steady => (Tone::Neutral, Icon::EQUALS),
                    Verdict::UpAndDown => (Tone::Neutral, Icon::SWAP),
                    Verdict::Shrank => (Tone::Neutral, Icon::ARROW_DOWN_RIGHT),
                };
                Value::Badge(tone, icon, shown(data.verdict))
            }
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        if let Row::Object(at, node) = row {
            let snapshot = self.snapshot_of(*at);
            let size = snapshot.retained_size(*node);
            return (
                node_text::spoken_node(snapshot, *node),
                format!("retained {}", counted(size, "byte", "bytes")),
            );
        }
        let Some(data) = self.data(row) else {
            return Default::default();
        };
        let mut what = data.name.to_string();
        if let Some(owner) = &data.owner {
            what = format!("{what}, {owner}");
        }
        let growth = self.trend.growth(data);
        let bytes = grouped(growth.unsigned_abs());
        let change = match growth.cmp(&0) {
            Ordering::Greater => format!("grew by {bytes} bytes"),
            Ordering::Less => format!("shrank by {bytes} bytes"),
            Ordering::Equal => "of the same size".to_owned(),
        };
        let counts = if data.counts.iter().any(|&count| count > 0) {
            format!("{}, ", sparkline::spoken("entries", &data.counts))
        } else {
            String::new()
        };
        let checked = if self.line_of(row).is_some() {
            ", in the chart"
        } else {
            ""
        };
        (
            what,
            format!("{change}, {counts}{}{checked}", data.verdict.text()),
        )
    }

    fn copied(&self, row: &Row) -> String {
        match row {
            Row::Object(at, node) => self.snapshot_of(*at).id(*node).to_string(),
            _ => self
                .data(row)
                .map_or_else(String::new, |data| data.key.to_string()),
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for Rows {
    fn what(&self, row: &Row) -> Option<What> {
        match row {
            Row::Object(_, node) => Some(What::Object(*node)),
            Row::Top(at) | Row::Part(at, _) | Row::Beyond(at, _) => {
                self.objects(*at).1.first().map(|&node| What::Object(node))
            }
        }
    }

    fn snapshot(&self, row: &Row) -> Option<SnapshotId> {
        let (Row::Top(at) | Row::Part(at, _) | Row::Beyond(at, _) | Row::Object(at, _)) = row;
        self.ids.get(self.objects(*at).0).copied()
    }

    fn copying(&self, row: &Row) -> &'static str {
        match row {
            Row::Object(..) => "Copy @id",
            Row::Top(_) | Row::Part(..) | Row::Beyond(..) => "Copy path",
        }
    }
}

/// The verdict as there is room for it in a column.
const fn shown(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::SlowingDown => "growing, slowing down",
        other => other.text(),
    }
}

/// The class by which a row's icon is chosen: its last step's, or its own name.
fn class_of(data: &TrendRow) -> String {
    let text = data
        .path
        .len()
        .checked_sub(2)
        .and_then(|at| data.path.get(at))
        .unwrap_or(&data.name);
    let text = text.to_string();
    text.rsplit(" → ").next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_have_a_column_only_where_times_are_known() {
        let titles = ["a", "b", "c"].map(str::to_owned);
        let columns = |has_times| -> Vec<TrendHead> {
            let heads = heads(&titles, has_times);
            heads.iter().map(|head| head.by).collect()
        };
        assert!(columns(true).contains(&TrendHead::PerHour));
        assert!(!columns(false).contains(&TrendHead::PerHour));
        assert_eq!(columns(true).len(), columns(false).len() + 1);
    }
}
