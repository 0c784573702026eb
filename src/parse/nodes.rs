//! The section `nodes`.

use rustc_hash::FxHashMap;

use super::arrays::{self, Found};
use super::error::LoadError;
use super::input::Input;
use super::integers::{Window, digit, last, number};
use super::kind::{Detachedness, NodeKind, NodeTag};
use super::records::{Columns, Record, take};
use super::schema::{Fields, Schema};
use crate::base::index::{NodeIx, to_u32};
use crate::base::packed::Packed;

/// The section this file reads.
pub(super) const SECTION: &str = "nodes";

/// The fields with which every V8 begins its nodes.
const USUAL: [&str; 5] = ["type", "name", "id", "self_size", "edge_count"];

/// Nodes whose edges are still to come.
#[derive(Debug)]
pub(super) struct Nodes {
    pub(super) tags: Vec<NodeTag>,
    pub(super) names: Vec<u32>,
    pub(super) ids: Packed<NodeIx>,
    pub(super) self_sizes: Packed<NodeIx>,
    /// How many edges each node has; room for one more entry.
    pub(super) edge_counts: Vec<u32>,
    /// The largest index of a name.
    pub(super) max_name: u32,
    /// Nodes whose size cannot be and was taken to be 0 (see [`MOST_BYTES`]).
    pub(super) oversized: usize,
}

/// What all sizes of 32 bits and more come to at most, so that no sum of sizes overflows.
pub(super) const MOST_BYTES: u64 = 1 << 62;

/// Reads the nodes from `start` (after the `[`).
pub(super) fn read(
    input: &Input<'_>,
    start: usize,
    schema: &Schema,
) -> Result<(Nodes, Found<Tally>), LoadError> {
    match schema.node_fields.after(&USUAL) {
        Some(0) => read_as::<0>(input, start, schema),
        Some(1) => read_as::<1>(input, start, schema),
        Some(2) => read_as::<2>(input, start, schema),
        _ => read_as::<UNUSUAL>(input, start, schema),
    }
}

fn read_as<const MORE: usize>(
    input: &Input<'_>,
    start: usize,
    schema: &Schema,
) -> Result<(Nodes, Found<Tally>), LoadError> {
    let width = schema.node_fields.width();
    let room = arrays::room(input, start, width, schema.node_count).min(NodeIx::LIMIT);
    // Zeroed memory that is not touched takes no room, so that room for more nodes than come costs nothing.
    let mut tags = input.column(room)?;
    let (mut names, mut ids, mut sizes) = (input.column(room)?, input.column(room)?, input.column(room)?);
    let mut edge_counts = input.column(room + 1)?;
    let columns = NodeSlices {
        tags: &mut tags,
        names: &mut names,
        ids: &mut ids,
        sizes: &mut sizes,
        edge_counts: &mut edge_counts[..room],
    };
    let found = arrays::read(input, SECTION, start, &NodeRecord::<MORE>::new(schema), columns)?;
    let limit = NodeIx::LIMIT as u64;
    if found.records > found.rows && schema.node_count.is_none_or(|count| count > limit) {
        return Err(input.too_large(format!("{} nodes", found.records), limit));
    }
    let (mut wide_ids, mut wide_sizes) = (FxHashMap::default(), FxHashMap::default());
    let (most, mut oversized) = (largest_size(&found.tallies), 0);
    for tally in &found.tallies {
        wide_ids.extend(tally.wide_ids.iter().copied());
        oversized += tally.wide_sizes.iter().filter(|&&(_, size)| size > most).count();
        let sizes = tally.wide_sizes.iter();
        wide_sizes.extend(sizes.map(|&(at, size)| (at, if size > most { 0 } else { size })));
    }
    tags.truncate(found.rows);
    tags.shrink_to_fit();
    for column in [&mut names, &mut ids, &mut sizes] {
        column.truncate(found.rows);
        column.shrink_to_fit();
    }
    edge_counts.truncate(found.rows + 1);
    edge_counts.shrink_to_fit();
    let nodes = Nodes {
        // Collected in place: the same memory under another type.
        tags: tags.into_iter().map(NodeTag::from_raw).collect(),
        names,
        ids: Packed::from_words(ids, wide_ids, input.task)?,
        self_sizes: Packed::from_words(sizes, wide_sizes, input.task)?,
        edge_counts,
        max_name: found
            .tallies
            .iter()
            .map(|tally| tally.max_name)
            .max()
            .unwrap_or(0),
        oversized,
    };
    Ok((nodes, found))
}

/// The largest size that a node may have: any, unless they come to more than a heap can hold.
fn largest_size(tallies: &[Tally]) -> u64 {
    let wide = || tallies.iter().flat_map(|tally| &tally.wide_sizes);
    let sum = wide().fold(0_u64, |sum, &(_, size)| sum.saturating_add(size));
    if sum <= MOST_BYTES {
        return u64::MAX;
    }
    MOST_BYTES / wide().count() as u64
}

/// What a node's record says.
#[derive(Clone, Copy)]
struct Row {
    tag: NodeTag,
    name: u32,
    id: u64,
    size: u64,
    edge_count: u32,
}

/// The number of fields after the usual ones that stands for "in another order".
const UNUSUAL: usize = usize::MAX;

/// Reads records of the usual fields with `MORE` after them.
struct NodeRecord<'s, const MORE: usize> {
    codes: [u8; 256],
    fields: &'s Fields,
    positions: [Option<usize>; 5],
    detachedness: Option<usize>,
}

impl<'s, const MORE: usize> NodeRecord<'s, MORE> {
    fn new(schema: &'s Schema) -> Self {
        let mut codes = [NodeKind::Other as u8; 256];
        for (code, &known) in codes.iter_mut().zip(&schema.node_codes) {
            *code = known;
        }
        let fields = &schema.node_fields;
        Self {
            codes,
            fields,
            positions: USUAL.map(|field| fields.position(field)),
            detachedness: fields.position("detachedness"),
        }
    }

    #[inline]
    fn tag(&self, kind: usize, detachedness: u32) -> NodeTag {
        let code = self.codes.get(kind).copied().unwrap_or(NodeKind::Other as u8);
        NodeTag::new(code, Detachedness::from_field(detachedness))
    }
}

impl<const MORE: usize> Record for NodeRecord<'_, MORE> {
    type Row = Row;

    fn width(&self) -> usize {
        self.fields.width()
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the innermost loop")]
    fn fast<const WIDE: bool>(&self, window: &Window) -> Option<(Row, usize)> {
        if MORE == UNUSUAL {
            return None;
        }
        let (kind, at) = digit(window, 0)?;
        let (name, at) = number::<WIDE>(window, at)?;
        let (id, at) = number::<WIDE>(window, at)?;
        let (size, at) = number::<WIDE>(window, at)?;
        let (edge_count, first, second, end);
        match MORE {
            0 => {
                (edge_count, end) = last::<false>(window, at)?;
                (first, second) = (0, 0);
            }
            1 => {
                let (count, at) = number::<false>(window, at)?;
                edge_count = count;
                (first, end) = last::<false>(window, at)?;
                second = 0;
            }
            _ => {
                let (count, at) = number::<false>(window, at)?;
                edge_count = count;
                let (value, at) = digit(window, at)?;
                first = value;
                (second, end) = last::<false>(window, at)?;
            }
        }
        let detachedness = match self.detachedness {
            Some(5) => first,
            Some(6) => second,
            _ => 0,
        };
        let row = Row {
            tag: self.tag(kind as usize, detachedness),
            name,
            id: u64::from(id),
            size: u64::from(size),
            edge_count,
        };
        Some((row, end))
    }

    fn slow(&self, values: &[u64]) -> Result<Row, String> {
        let [kind, name, id, size, edge_count] = self.positions.map(|at| at.map_or(0, |at| values[at]));
        let detachedness = self.detachedness.map_or(0, |at| values[at] & 3);
        let row = Row {
            tag: self.tag(
                usize::try_from(kind).unwrap_or(usize::MAX),
                u32::try_from(detachedness).unwrap_or_default(),
            ),
            // Neither can be right: such a name is missing, and such edges are.
            name: u32::try_from(name).unwrap_or(u32::MAX),
            edge_count: u32::try_from(edge_count).unwrap_or(u32::MAX),
            id,
            size,
        };
        Ok(row)
    }
}

/// Rows to fill.
struct NodeSlices<'c> {
    tags: &'c mut [u8],
    names: &'c mut [u32],
    ids: &'c mut [u32],
    sizes: &'c mut [u32],
    edge_counts: &'c mut [u32],
}

/// What is learnt from nodes.
#[derive(Debug, Default)]
pub(super) struct Tally {
    max_name: u32,
    wide_ids: Vec<(u32, u64)>,
    wide_sizes: Vec<(u32, u64)>,
}

/// A place of each column.
type Slot<'c> = (
    (((&'c mut u8, &'c mut u32), &'c mut u32), &'c mut u32),
    &'c mut u32,
);

impl<'c> Columns for NodeSlices<'c> {
    type Row = Row;
    type Slot = Slot<'c>;
    type Tally = Tally;

    fn len(&self) -> usize {
        self.tags.len()
    }

    fn take(&mut self, rows: usize) -> Self {
        Self {
            tags: take(&mut self.tags, rows),
            names: take(&mut self.names, rows),
            ids: take(&mut self.ids, rows),
            sizes: take(&mut self.sizes, rows),
            edge_counts: take(&mut self.edge_counts, rows),
        }
    }

    fn slots(self) -> impl ExactSizeIterator<Item = Slot<'c>> {
        let columns = self.tags.iter_mut().zip(self.names).zip(self.ids);
        columns.zip(self.sizes).zip(self.edge_counts)
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the innermost loop")]
    fn store(slot: Slot<'c>, at: usize, row: Row, tally: &mut Tally) {
        let ((((tag, name), id), size), edge_count) = slot;
        *tag = row.tag.raw();
        *name = row.name;
        *id = narrow(row.id, at, &mut tally.wide_ids);
        *size = narrow(row.size, at, &mut tally.wide_sizes);
        *edge_count = row.edge_count;
        tally.max_name = tally.max_name.max(row.name);
    }
}

/// The form of `value` in a column of words, as [`Packed::from_words`] wants it.
#[inline]
fn narrow(value: u64, at: usize, wide: &mut Vec<(u32, u64)>) -> u32 {
    match u32::try_from(value) {
        Ok(word) if word != u32::MAX => word,
        _ => {
            wide.push((to_u32(at), value));
            u32::MAX
        }
    }
}
