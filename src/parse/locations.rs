//! The section `locations`: where functions and constructors stand in their scripts.

use rustc_hash::FxHashMap;

use super::arrays::{self, Found};
use super::columns::{Locations, Place};
use super::division::ExactDivision;
use super::error::LoadError;
use super::input::Input;
use super::integers::{Window, last, number};
use super::records::{Columns, Record, take};
use super::schema::{Fields, Schema};
use crate::base::index::{Ix as _, NodeIx, to_u32};
use crate::base::task::{Cancelled, Task};

/// The section this file reads.
pub(super) const SECTION: &str = "locations";

/// The fields that are read, by their positions in [`LocationRecord::positions`].
const WANTED: [&str; 4] = ["object_index", "script_id", "line", "column"];
/// The fields of V8's locations up to 14.6, and of those after.
const USUAL: [&str; 4] = WANTED;
const NEWER: [&str; 5] = [
    "object_index",
    "script_id",
    "script_object_index",
    "line",
    "column",
];

/// What stands for the node of a location that belongs to none.
const NO_NODE: u32 = u32::MAX;

/// A node and its script's id, line and column.
type Row = [u32; 4];

/// Reads the locations of `nodes` nodes from `start` (after the `[`); also returns how many belong to no node or repeat one,
/// and were left out.
pub(super) fn read(
    input: &Input<'_>,
    start: usize,
    schema: &Schema,
    nodes: usize,
) -> Result<(Locations, usize, Found<()>), LoadError> {
    let fields = &schema.location_fields;
    if fields.after(&NEWER) == Some(0) {
        read_as::<1>(input, start, schema, nodes)
    } else if fields.after(&USUAL) == Some(0) {
        read_as::<0>(input, start, schema, nodes)
    } else {
        read_as::<UNUSUAL>(input, start, schema, nodes)
    }
}

fn read_as<const SKIPPED: usize>(
    input: &Input<'_>,
    start: usize,
    schema: &Schema,
    nodes: usize,
) -> Result<(Locations, usize, Found<()>), LoadError> {
    let fields = &schema.location_fields;
    let room = arrays::room_to_close(input, start, fields.width())?;
    let mut rows: Vec<Row> = input.column(room)?;
    let record = LocationRecord::<SKIPPED> {
        fields,
        positions: WANTED.map(|field| fields.position(field)),
        node_width: ExactDivision::by(schema.node_fields.width() as u64),
        nodes: nodes as u64,
    };
    let found = arrays::read(input, SECTION, start, &record, RowSlice(&mut rows))?;
    rows.truncate(found.rows);
    let locations = group(&rows, nodes, input.task)?;
    let left_out = found.rows - locations.len();
    Ok((locations, left_out, found))
}

/// Locations in the order of their nodes, with their places numbered. Of several locations of a node the last counts.
fn group(rows: &[Row], nodes: usize, task: &Task) -> Result<Locations, Cancelled> {
    // Files have them in the order of a hash table. Nodes are many, but each has a slot: faster than to sort.
    let mut place_of_node = vec![0_u32; nodes];
    let (mut places, mut seen) = (Vec::new(), FxHashMap::default());
    let mut last = None;
    for (at, &[node, script_id, line, column]) in rows.iter().enumerate() {
        task.check_at(at)?;
        let place = Place {
            script_id,
            line,
            column,
        };
        let Some(slot) = place_of_node.get_mut(node as usize) else {
            continue;
        };
        // 0 is none. Objects of one constructor often stand together.
        let number = match last {
            Some((same, number)) if same == place => number,
            _ => *seen.entry(place).or_insert_with(|| {
                places.push(place);
                to_u32(places.len())
            }),
        };
        last = Some((place, number));
        *slot = number;
    }
    let located = place_of_node.iter().filter(|&&place| place != 0).count();
    let (mut nodes, mut place_of) = (Vec::with_capacity(located), Vec::with_capacity(located));
    for (node, &place) in place_of_node.iter().enumerate() {
        task.check_at(node)?;
        if let Some(place) = place.checked_sub(1) {
            nodes.push(NodeIx::new(node));
            place_of.push(place);
        }
    }
    Ok(Locations::from_parts(nodes, place_of, places))
}

/// The number of fields between the script and the line that stands for "in another order".
const UNUSUAL: usize = usize::MAX;

/// Reads records with `SKIPPED` unread fields between the script and the line.
struct LocationRecord<'s, const SKIPPED: usize> {
    fields: &'s Fields,
    positions: [Option<usize>; 4],
    node_width: ExactDivision,
    nodes: u64,
}

impl<const SKIPPED: usize> LocationRecord<'_, SKIPPED> {
    #[inline]
    fn node(&self, index: u64) -> u32 {
        let node = self.node_width.below(index, self.nodes);
        node.and_then(|node| u32::try_from(node).ok()).unwrap_or(NO_NODE)
    }
}

impl<const SKIPPED: usize> Record for LocationRecord<'_, SKIPPED> {
    type Row = Row;

    fn width(&self) -> usize {
        self.fields.width()
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the innermost loop")]
    fn fast<const WIDE: bool>(&self, window: &Window) -> Option<(Row, usize)> {
        if SKIPPED == UNUSUAL {
            return None;
        }
        let (object, at) = number::<WIDE>(window, 0)?;
        let (script_id, at) = number::<false>(window, at)?;
        let at = if SKIPPED == 0 {
            at
        } else {
            number::<WIDE>(window, at)?.1
        };
        let (line, at) = number::<false>(window, at)?;
        let (column, end) = last::<false>(window, at)?;
        Some(([self.node(u64::from(object)), script_id, line, column], end))
    }

    fn slow(&self, values: &[u64]) -> Result<Row, String> {
        let [object, place @ ..] = self.positions.map(|at| at.map_or(0, |at| values[at]));
        let [script_id, line, column] = place.map(|value| u32::try_from(value).unwrap_or(u32::MAX));
        Ok([self.node(object), script_id, line, column])
    }
}

/// Rows to fill.
struct RowSlice<'c>(&'c mut [Row]);

impl<'c> Columns for RowSlice<'c> {
    type Row = Row;
    type Slot = &'c mut Row;
    type Tally = ();

    fn len(&self) -> usize {
        self.0.len()
    }

    fn take(&mut self, rows: usize) -> Self {
        Self(take(&mut self.0, rows))
    }

    fn slots(self) -> impl ExactSizeIterator<Item = &'c mut Row> {
        self.0.iter_mut()
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the innermost loop")]
    fn store(slot: &'c mut Row, _at: usize, row: Row, _tally: &mut ()) {
        *slot = row;
    }
}
