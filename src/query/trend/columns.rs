//! The columns of a trend.

use super::{Trend, TrendRow};
use crate::base::text::JsString;
use crate::columns;
use crate::query::name_key::NameKey;
use crate::query::{Cell, Column as _, Direction, Order};

columns! {
    /// Columns of a trend.
    pub enum TrendColumn: |over: Trend, row: TrendRow| {
        /// What the row stands for: a class's name, a path.
        Key: Text "key" "What" = Cell::Text(row.key.clone());
        /// How many, in each snapshot.
        Counts: Number "counts" "Counts" = Cell::List(row.counts.iter().map(|&count| Cell::Count(count)).collect());
        /// Bytes in each snapshot.
        Sizes: Number "sizes" "Sizes" = Cell::List(row.sizes.iter().map(|&size| Cell::Bytes(size)).collect());
        /// By how many bytes it grew.
        Delta: Number "delta" "Growth" = Cell::BytesDelta(over.growth(row));
        /// The same as a part of the last heap.
        DeltaShare: Number "delta_share" "Of heap" = delta_share(over, row);
        /// Did it grow at every step?
        Monotone: Program "monotone" "Grew at every step" = Cell::Flag(row.grew());
        /// What it does over time.
        Verdict: Text "verdict" "Verdict" = Cell::Word(row.verdict.text());
        /// The same as small bars.
        Sparkline: Text "sparkline" "Trend" = Cell::Text(sparkline(&row.sizes));
        /// Growth in an hour.
        PerHour: Number "per_hour" "Per hour" = Cell::of(over.per_hour(over.growth(row)), rounded);
        /// What people call it.
        Name: Program "name" "Name" = Cell::Text(row.name.clone());
        /// The script or module that it belongs to.
        Owner: Text "owner" "Module" = Cell::of(row.owner.clone(), Cell::Text);
        /// The path, a step an entry.
        Path: Program "path" "Path" = Cell::List(row.path.iter().cloned().map(Cell::Text).collect());
        /// Some of its objects, in the last snapshot that has any.
        SampleIds: Program "sample_ids" "Objects" = samples(over, row);
        /// What it is made of, by class: sums to it. None but of a growing holder.
        Parts: Program "parts" "Made of" = nested(over, &row.parts);
        /// Places beyond a growing holder that grew with it.
        Descendants: Program "descendants" "Grew beyond it" = nested(over, &row.descendants);
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn delta_share(over: &Trend, row: &TrendRow) -> Cell {
    match over.last_total() {
        0 => Cell::None,
        total => Cell::Ratio(over.growth(row) as f64 / total as f64),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a rate in whole bytes")]
fn rounded(rate: f64) -> Cell {
    Cell::BytesDelta(rate.round() as i64)
}

fn samples(over: &Trend, row: &TrendRow) -> Cell {
    let ids = row.samples.iter().flat_map(|(at, nodes)| {
        let snapshot = &over.series.snapshots[*at];
        nodes.iter().map(move |&node| Cell::Id(snapshot.id(node)))
    });
    Cell::List(ids.collect())
}

/// Rows under another, as far as they are rows: each with its name, numbers and growth.
fn nested(over: &Trend, rows: &[TrendRow]) -> Cell {
    let record = |row: &TrendRow| {
        use TrendColumn as C;
        let columns = [C::Key, C::Counts, C::Sizes, C::Delta, C::Monotone, C::Path];
        let fields = columns.map(|column| (column.key(), column.cell(over, row)));
        Cell::Record(fields.into())
    };
    Cell::List(rows.iter().map(record).collect())
}

/// Numbers as small bars, from the least to the greatest of them; equal ones are in the middle.
fn sparkline(numbers: &[u64]) -> JsString {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let (least, most) = (numbers.iter().min(), numbers.iter().max());
    let (least, most) = (least.copied().unwrap_or(0), most.copied().unwrap_or(0));
    let bar = |&number: &u64| {
        let steps = u128::from(number - least) * (BARS.len() as u128 - 1);
        let at = steps.checked_div(u128::from(most - least)).unwrap_or(3);
        BARS[usize::try_from(at).unwrap_or(0)]
    };
    JsString::from(numbers.iter().map(bar).collect::<String>())
}

/// What grew first, each by its growth.
pub const DEFAULT_ORDER: Order<TrendColumn> = Order::descending(TrendColumn::Monotone);

/// Sorts places of the rows of a command line's answer by a column.
pub fn sort_answer(over: &Trend, rows: &mut [u32], order: Order<TrendColumn>) {
    let last = |numbers: &[u64]| i128::from(numbers.last().copied().unwrap_or(0));
    let key = |row: &TrendRow| -> (Option<JsString>, i128) {
        match order.by {
            TrendColumn::Key | TrendColumn::Path => (Some(row.key.clone()), 0),
            TrendColumn::Name => (Some(row.name.clone()), 0),
            TrendColumn::Owner => (Some(row.owner.clone().unwrap_or_default()), 0),
            TrendColumn::Counts => (None, last(&row.counts)),
            TrendColumn::Sizes => (None, last(&row.sizes)),
            TrendColumn::Delta | TrendColumn::DeltaShare | TrendColumn::PerHour => {
                (None, over.growth(row).into())
            }
            TrendColumn::Verdict | TrendColumn::Sparkline => (None, -(row.verdict as i128)),
            TrendColumn::Monotone
            | TrendColumn::SampleIds
            | TrendColumn::Parts
            | TrendColumn::Descendants => (None, row.grew().into()),
        }
    };
    sort_rows(over, rows, key, order.direction == Direction::Descending);
}

/// Sorts places of rows by a text, then a number; equal ones by growth, then by their keys. *Everything else* stays last.
pub(super) fn sort_rows(
    over: &Trend,
    all: &mut [u32],
    key: impl Fn(&TrendRow) -> (Option<JsString>, i128),
    is_descending: bool,
) {
    all.sort_by(|&a, &b| {
        let (a, b) = (&over.rows[a as usize], &over.rows[b as usize]);
        let (text_a, number_a) = key(a);
        let (text_b, number_b) = key(b);
        let text = |text: &Option<JsString>| text.clone().unwrap_or_default();
        let (text_a, text_b) = (text(&text_a), text(&text_b));
        let by_text = NameKey::of(text_a.as_js()).cmp(&NameKey::of(text_b.as_js()));
        let by_key = by_text.then(number_a.cmp(&number_b));
        let by_key = if is_descending { by_key.reverse() } else { by_key };
        (a.is_rest.cmp(&b.is_rest))
            .then(by_key)
            .then_with(|| over.growth(b).cmp(&over.growth(a)))
            .then_with(|| a.key.as_js().bytes().cmp(b.key.as_js().bytes()))
    });
}
