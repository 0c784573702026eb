//! The biggest classes: a table of the first of the Summary.

use super::BIGGEST;
use crate::analysis::class_totals::ClassTotals;
use crate::analysis::filters::NodeFilter;
use crate::base::index::ClassIx;
use crate::base::units::grouped;
use crate::gui::cx::Asker;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::Tokens;
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::subject::What;
use crate::query::summary::{Summary, SummaryColumn};

/// The table of a frame.
#[derive(Clone)]
pub(super) struct Classes {
    pub(super) asker: Asker,
    pub(super) order: Order<SummaryColumn>,
    pub(super) filter: NodeFilter,
}

/// How they are sorted at first.
pub(super) const DEFAULT_ORDER: Order<SummaryColumn> = Order::descending(SummaryColumn::ShallowSize);

const HEADS: &[Head<SummaryColumn>] = &[
    Head::new(SummaryColumn::Class, "Class", "Class", 0.0),
    Head::new(SummaryColumn::Count, "Count", "Number of objects", 88.0),
    Head::new(
        SummaryColumn::ShallowSize,
        "Shallow size, B",
        "Shallow size in bytes",
        112.0,
    ),
    Head::new(
        SummaryColumn::ShallowSize,
        "% of heap",
        "Shallow size as a share of the heap",
        104.0,
    )
    .extra(),
];

/// The classes, not asked for yet.
pub(super) const fn level() -> Slot<Summary> {
    Slot::new(Lane::Frame)
}

/// What they are the first by.
pub(super) const fn about(order: Order<SummaryColumn>) -> &'static str {
    match order.by {
        SummaryColumn::Class => "by name",
        SummaryColumn::Count => "by number of objects",
        _ => "by shallow size",
    }
}

impl Branches for Classes {
    type Row = ClassTotals;
    type Key = ClassIx;
    type Level = Slot<Summary>;

    fn key(&self, row: &ClassTotals) -> ClassIx {
        row.class
    }

    fn can_open(&self, _row: &ClassTotals) -> bool {
        false
    }

    fn repeats(&self, _row: &ClassTotals, _ancestors: &[ClassTotals]) -> bool {
        false
    }

    fn open(&self, _row: &ClassTotals) -> Slot<Summary> {
        level()
    }

    fn ask(&self, slot: &mut Slot<Summary>) -> Asked {
        let question = Summary {
            pattern: None,
            filter: self.filter,
            order: self.order,
        };
        self.asker.ask(slot, &question)
    }

    fn len(&self, slot: &Slot<Summary>) -> u64 {
        slot.latest().map_or(0, |answer| answer.rows.len().min(BIGGEST)) as u64
    }

    fn row(&self, slot: &Slot<Summary>, at: u64) -> Option<ClassTotals> {
        slot.latest()?.rows.get(usize::try_from(at).ok()?).copied()
    }

    fn find(&self, slot: &Slot<Summary>, class: ClassIx) -> Option<u64> {
        let rows = slot.latest()?.rows.iter().take(BIGGEST);
        (0..)
            .zip(rows)
            .find(|(_, row)| row.class == class)
            .map(|(at, _)| at)
    }

    fn nothing(&self, _slot: &Slot<Summary>) -> &'static str {
        "No object passes the filter"
    }

    fn page(&self, _slot: &Slot<Summary>) -> u64 {
        BIGGEST as u64
    }
}

impl Face for Classes {
    type Column = SummaryColumn;

    fn heads(&self) -> &'static [Head<SummaryColumn>] {
        HEADS
    }

    fn is_flat(&self) -> bool {
        true
    }

    fn write(&self, strip: &mut Strip<'_>, row: &ClassTotals, _repeats: bool, tokens: &Tokens) {
        node_text::write_class(strip, &self.asker.snapshot, row.class, tokens);
    }

    fn value(&self, row: &ClassTotals, at: usize) -> Value {
        match (HEADS[at].by, HEADS[at].is_extra) {
            (SummaryColumn::Count, _) => Value::Number(row.count),
            (SummaryColumn::ShallowSize, false) => Value::Number(row.shallow_size),
            (SummaryColumn::ShallowSize, true) => {
                Value::Share(row.shallow_size, self.asker.snapshot.total_size())
            }
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &ClassTotals) -> (String, String) {
        let (count, bytes) = (grouped(row.count), grouped(row.shallow_size));
        let name = self.asker.snapshot.classes().class(row.class).name.to_string();
        (name, format!("{count} objects, shallow {bytes} bytes"))
    }

    fn copied(&self, row: &ClassTotals) -> String {
        self.asker.snapshot.classes().class(row.class).name.to_string()
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for Classes {
    fn what(&self, row: &ClassTotals) -> Option<What> {
        Some(What::Class(row.class))
    }
}
