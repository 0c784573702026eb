//! Which strings are kept whole by slices of them?
//!
//! A part cut out of a long string (V8: a sliced string) owns no text: it leads to the whole. So a few characters can keep a
//! file's text alive. Which piece a slice is, snapshots do not tell.

use rustc_hash::FxHashMap;

use super::{NameKey, Pattern, SAMPLE, with_text};
use crate::base::index::{Ix as _, NodeIx};
use crate::base::task::{Cancelled, Task};
use crate::base::text::JsString;
use crate::columns;
use crate::graph::node_ref::NodeRef;
use crate::graph::{EdgeKind, NodeKind};
use crate::query::passing::{Passing, passes};
use crate::query::string_holders::most_frequent;
use crate::query::{Cell, Order, Query, sort};
use crate::snapshot::Snapshot;

/// Asks for all strings that slices lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlicedStrings {
    /// Only these strings, whole ones or slices, count.
    pub only: Option<Passing>,
    /// Only texts that match.
    pub pattern: Option<Pattern>,
    /// How they are sorted; equal ones by place in the file.
    pub order: Order<SlicedColumn>,
}

/// Asks for the slices of a string, in file order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlicesOf {
    /// The whole string.
    pub whole: NodeIx,
}

/// A string, and the slices of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SlicedRow {
    /// The whole string.
    pub whole: NodeIx,
    /// How many slices lead to it.
    pub slices: u64,
    /// Would it go if the slices were copies? That is so if nothing else leads to it.
    pub has_only_slices: bool,
    /// The first slices in the file.
    sample: [NodeIx; SAMPLE],
}

columns! {
    /// Columns of the strings that slices lead to.
    pub enum SlicedColumn: |snapshot: Snapshot, row: SlicedRow| {
        /// The whole text.
        Value: Text "value" "Whole text" = Cell::Text(snapshot.name(row.whole));
        /// Its length, as far as the file has it.
        Length: Number "length" "Length" = Cell::Count(row.length(snapshot));
        /// How many slices lead to it.
        Slices: Number "slices" "Slices" = Cell::Count(row.slices);
        /// Does nothing else lead to it?
        HasOnlySlices: Text "only_slices" "Only slices" = Cell::Flag(row.has_only_slices);
        /// Its own size.
        ShallowSize: Number "shallow_size" "Shallow size" = Cell::Bytes(snapshot.shallow_size(row.whole));
        /// What would go with it.
        RetainedSize: Number "retained_size" "Retained size" = Cell::Bytes(snapshot.retained_size(row.whole));
        /// By what most of some of the slices are held.
        HeldBy: Text "held_by" "Slices held by" = Cell::of(row.held_by(snapshot), Cell::Text);
    }
}

impl SlicedStrings {
    /// Those first that weigh the most.
    pub const DEFAULT_ORDER: Order<SlicedColumn> = Order::descending(SlicedColumn::ShallowSize);
}

impl SlicedRow {
    /// The text's length in UTF-16 units, as far as the file has it.
    pub fn length(&self, snapshot: &Snapshot) -> u64 {
        with_text(snapshot, self.whole, |text| text.utf16_len() as u64)
    }

    /// By what most of some of the slices are held, if by anything that counts.
    pub fn held_by(&self, snapshot: &Snapshot) -> Option<JsString> {
        let count = usize::try_from(self.slices).unwrap_or(SAMPLE).min(SAMPLE);
        most_frequent(snapshot, &self.sample[..count]).map(|hold| hold.text(snapshot))
    }
}

impl Query for SlicedStrings {
    type Over = Snapshot;
    type Answer = Vec<SlicedRow>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<SlicedRow>, Cancelled> {
        let mut rows: Vec<SlicedRow> = Vec::new();
        let mut row_of: FxHashMap<NodeIx, usize> = FxHashMap::default();
        for at in 0..snapshot.graph().node_count() {
            task.check_at(at)?;
            let slice = NodeIx::new(at);
            let Some(whole) = whole_of(snapshot, slice) else {
                continue;
            };
            if !passes(self.only.as_ref(), slice) && !passes(self.only.as_ref(), whole) {
                continue;
            }
            let row = *row_of.entry(whole).or_insert_with(|| {
                rows.push(SlicedRow {
                    whole,
                    slices: 0,
                    has_only_slices: has_only_slices(snapshot, whole),
                    sample: [slice; SAMPLE],
                });
                rows.len() - 1
            });
            let row = &mut rows[row];
            let nth = usize::try_from(row.slices).unwrap_or(SAMPLE);
            if let Some(place) = row.sample.get_mut(nth) {
                *place = slice;
            }
            row.slices += 1;
        }
        if let Some(pattern) = &self.pattern {
            rows.retain(|row| with_text(snapshot, row.whole, |text| pattern.matches(text)));
        }
        task.check()?;
        sort_sliced(snapshot, &mut rows, self.order);
        task.check()?;
        Ok(rows)
    }

    fn doing(&self) -> Option<&'static str> {
        Some("Looking for slices")
    }
}

impl Query for SlicesOf {
    type Over = Snapshot;
    type Answer = Vec<NodeIx>;

    fn run(&self, snapshot: &Snapshot, task: &Task) -> Result<Vec<NodeIx>, Cancelled> {
        let mut slices = Vec::new();
        for (nth, head) in snapshot.retainers().heads(self.whole).iter().enumerate() {
            task.check_at(nth)?;
            if whole_of(snapshot, head.target()) == Some(self.whole) {
                slices.push(head.target());
            }
        }
        slices.sort_unstable();
        slices.dedup();
        Ok(slices)
    }
}

/// The string that `slice` is a part of, if it is a slice.
fn whole_of(snapshot: &Snapshot, slice: NodeIx) -> Option<NodeIx> {
    let graph = snapshot.graph();
    let is_slice = graph.kind(slice) == NodeKind::SlicedString;
    let whole = is_slice.then(|| graph.node(slice).follow(EdgeKind::Internal, "parent"));
    whole.flatten().map(NodeRef::ix)
}

/// Do only slices, apart from weak references, lead to `whole`?
fn has_only_slices(snapshot: &Snapshot, whole: NodeIx) -> bool {
    let counts = |kind| !matches!(kind, EdgeKind::Weak | EdgeKind::Shortcut);
    let mut heads = snapshot.retainers().heads(whole).iter();
    heads.all(|head| !counts(head.kind()) || snapshot.graph().kind(head.target()) == NodeKind::SlicedString)
}

fn sort_sliced(snapshot: &Snapshot, rows: &mut [SlicedRow], order: Order<SlicedColumn>) {
    let by_place = |run: &mut [SlicedRow]| run.sort_unstable_by_key(|row| row.whole);
    let way = order.direction;
    match order.by {
        SlicedColumn::Value => {
            let text = |row: SlicedRow| NameKey::of_node(snapshot, row.whole);
            sort::by_text(rows, way, text, by_place);
        }
        SlicedColumn::HeldBy => {
            let held_by = |row: SlicedRow| NameKey::built(row.held_by(snapshot).unwrap_or_default());
            sort::by_text(rows, way, held_by, by_place);
        }
        SlicedColumn::Length => sort::by_number(rows, way, |row| row.length(snapshot), by_place),
        SlicedColumn::Slices => sort::by_number(rows, way, |row| row.slices, by_place),
        SlicedColumn::HasOnlySlices => {
            sort::by_number(rows, way, |row| u64::from(row.has_only_slices), by_place);
        }
        SlicedColumn::ShallowSize => {
            sort::by_number(rows, way, |row| snapshot.shallow_size(row.whole), by_place);
        }
        SlicedColumn::RetainedSize => {
            sort::by_number(rows, way, |row| snapshot.retained_size(row.whole), by_place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Column as _;
    use crate::query::pattern::Syntax;
    use crate::query::testing::{ask, lines, snapshot};

    const HEAP: &str = "
        root:synthetic/0 -shortcut:w-> window:object/8 -list-> Array:object/16 -internal:elements-> e=\"\":array/16
        e -internal:0-> s1=\"(sliced string)\":sliced_string/20 -internal:parent-> page=\"a whole page\":string/4000
        e -internal:1-> s2=\"(sliced string)\":sliced_string/20 -internal:parent-> page
        window -part-> s3=\"(sliced string)\":sliced_string/20 -internal:parent-> line=\"a line\":string/40
        window -line-> line
        window -weak:seen-> page
        window -other-> other=\"whole\":string/400
    ";

    fn rows(order: Order<SlicedColumn>, pattern: Option<&str>) -> Vec<String> {
        let snapshot = snapshot(HEAP);
        let pattern = pattern.map(|text| Pattern::new(text, Syntax::Substring, false).unwrap());
        let question = SlicedStrings {
            only: None,
            pattern,
            order,
        };
        let rows = ask(&question, &snapshot);
        lines(&snapshot, &rows, SlicedColumn::ALL)
    }

    #[test]
    fn the_whole_is_told_with_who_keeps_its_slices() {
        assert_eq!(
            rows(SlicedStrings::DEFAULT_ORDER, None),
            [
                "a whole page 12 2 true 4000 4000 [] of Array",
                "a line 6 1 false 40 40 .part of window"
            ]
        );
        let lines = rows(SlicedStrings::DEFAULT_ORDER, Some("LINE"));
        assert_eq!(lines, ["a line 6 1 false 40 40 .part of window"]);
    }

    #[test]
    fn the_slices_of_a_string() {
        let snapshot = snapshot(HEAP);
        let wholes = SlicedStrings {
            only: None,
            pattern: None,
            order: SlicedStrings::DEFAULT_ORDER,
        };
        let whole = ask(&wholes, &snapshot)[0].whole;
        let slices = ask(&SlicesOf { whole }, &snapshot);
        let parents = slices.iter().map(|&slice| whole_of(&snapshot, slice));
        assert_eq!(parents.collect::<Vec<_>>(), [Some(whole), Some(whole)]);
    }

    #[test]
    fn every_column_sorts() {
        for &column in SlicedColumn::ALL {
            let (up, mut down) = (
                rows(Order::ascending(column), None),
                rows(Order::descending(column), None),
            );
            down.reverse();
            assert_eq!(up, down, "{column:?}");
        }
    }
}
