//! The section `edges`.

use super::arrays::{self, Found};
use super::columns::EdgeHead;
use super::division::ExactDivision;
use super::error::LoadError;
use super::input::Input;
use super::integers::{Window, digit, last, number};
use super::kind::EdgeKind;
use super::records::{Columns, Record, take};
use super::schema::{Fields, Schema};
use crate::base::index::to_u32;

/// The section this file reads.
pub(super) const SECTION: &str = "edges";

/// The fields of V8's edges.
const USUAL: [&str; 3] = ["type", "name_or_index", "to_node"];

/// Edges a snapshot may have at most.
const LIMIT: usize = u32::MAX as usize;

/// The edges of a file.
#[derive(Debug, Default)]
pub(super) struct Edges {
    pub(super) heads: Vec<EdgeHead>,
    pub(super) names: Vec<u32>,
    /// The largest index of a name among those that are indices of strings.
    pub(super) max_name: u32,
    /// Edges whose number is above 32 bits and was set to the largest there is.
    pub(super) clipped: usize,
}

/// Reads the edges from `start` (after the `[`); they must lead to one of `nodes` nodes.
pub(super) fn read(
    input: &Input<'_>,
    start: usize,
    schema: &Schema,
    nodes: usize,
) -> Result<(Edges, Found<Tally>), LoadError> {
    if schema.edge_fields.after(&USUAL) == Some(0) {
        read_as::<true>(input, start, schema, nodes)
    } else {
        read_as::<false>(input, start, schema, nodes)
    }
}

fn read_as<const USUAL: bool>(
    input: &Input<'_>,
    start: usize,
    schema: &Schema,
    nodes: usize,
) -> Result<(Edges, Found<Tally>), LoadError> {
    let width = schema.edge_fields.width();
    let room = arrays::room(input, start, width, schema.edge_count).min(LIMIT);
    let (mut heads, mut names) = (input.column(room)?, input.column(room)?);
    let columns = EdgeSlices {
        heads: &mut heads,
        names: &mut names,
    };
    let record = EdgeRecord::<USUAL>::new(schema, nodes);
    let found = arrays::read(input, SECTION, start, &record, columns)?;
    let limit = LIMIT as u64;
    if found.records > found.rows && schema.edge_count.is_none_or(|count| count > limit) {
        return Err(input.too_large(format!("{} edges", found.records), limit));
    }
    for column in [&mut heads, &mut names] {
        column.truncate(found.rows);
        column.shrink_to_fit();
    }
    let edges = Edges {
        // Collected in place: the same memory under another type.
        heads: heads.into_iter().map(EdgeHead::from_raw).collect(),
        names,
        max_name: found
            .tallies
            .iter()
            .map(|tally| tally.max_name)
            .max()
            .unwrap_or(0),
        clipped: found.tallies.iter().map(|tally| tally.clipped).sum(),
    };
    Ok((edges, found))
}

/// What an edge's record says.
struct Row {
    head: u32,
    name: u32,
    /// The name, if it is the index of a string.
    string: u32,
    clipped: bool,
}

/// Numbers of types that the usual way knows.
const TYPES: usize = 16;

struct EdgeRecord<'s, const USUAL: bool> {
    /// Heads of edges to node 0 by the number of their type, and which bits of their names are a string's index.
    kinds: [(EdgeHead, u32); TYPES],
    all_kinds: &'s [EdgeKind],
    fields: &'s Fields,
    positions: [Option<usize>; 3],
    node_width: ExactDivision,
    nodes: u64,
    index_limit: u64,
}

impl<'s, const FAST: bool> EdgeRecord<'s, FAST> {
    fn new(schema: &'s Schema, nodes: usize) -> Self {
        let node_width = schema.node_fields.width() as u64;
        let kinds = std::array::from_fn(|at| {
            let kind = schema.edge_kinds.get(at).copied().unwrap_or(EdgeKind::Other);
            (
                EdgeHead::new(kind, 0),
                if kind.is_indexed() { 0 } else { u32::MAX },
            )
        });
        Self {
            kinds,
            all_kinds: &schema.edge_kinds,
            fields: &schema.edge_fields,
            positions: USUAL.map(|field| schema.edge_fields.position(field)),
            node_width: ExactDivision::by(node_width),
            nodes: nodes as u64,
            index_limit: nodes as u64 * node_width,
        }
    }

    #[inline]
    fn target(&self, index: u64) -> Option<u32> {
        let target = self.node_width.below(index, self.nodes)?;
        u32::try_from(target).ok()
    }
}

impl<const FAST: bool> Record for EdgeRecord<'_, FAST> {
    type Row = Row;

    fn width(&self) -> usize {
        self.fields.width()
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the innermost loop")]
    fn fast<const WIDE: bool>(&self, window: &Window) -> Option<(Row, usize)> {
        if !FAST {
            return None;
        }
        let (kind, at) = digit(window, 0)?;
        let (name, at) = number::<WIDE>(window, at)?;
        let (to, end) = last::<WIDE>(window, at)?;
        let &(head, string) = self.kinds.get(kind as usize)?;
        let row = Row {
            head: head.raw() | self.target(u64::from(to))?,
            name,
            string: name & string,
            clipped: false,
        };
        Some((row, end))
    }

    fn slow(&self, values: &[u64]) -> Result<Row, String> {
        let [kind, name, to] = self.positions.map(|at| at.map_or(0, |at| values[at]));
        let kind = usize::try_from(kind)
            .ok()
            .and_then(|kind| self.all_kinds.get(kind));
        let kind = kind.copied().unwrap_or(EdgeKind::Other);
        let target = self.target(to).ok_or_else(|| {
            format!(
                "expected an edge to a node (a multiple of {} below {}), found one to {to}",
                self.index_limit / self.nodes.max(1),
                self.index_limit,
            )
        })?;
        let word = u32::try_from(name).unwrap_or(u32::MAX);
        Ok(Row {
            head: EdgeHead::new(kind, target).raw(),
            name: word,
            string: if kind.is_indexed() { 0 } else { word },
            clipped: kind.is_indexed() && u64::from(word) != name,
        })
    }
}

/// Rows to fill.
struct EdgeSlices<'c> {
    heads: &'c mut [u32],
    names: &'c mut [u32],
}

/// What is learnt from edges.
#[derive(Debug, Default)]
pub(super) struct Tally {
    max_name: u32,
    clipped: usize,
}

impl<'c> Columns for EdgeSlices<'c> {
    type Row = Row;
    type Slot = (&'c mut u32, &'c mut u32);
    type Tally = Tally;

    fn len(&self) -> usize {
        self.heads.len()
    }

    fn take(&mut self, rows: usize) -> Self {
        Self {
            heads: take(&mut self.heads, rows),
            names: take(&mut self.names, rows),
        }
    }

    fn slots(self) -> impl ExactSizeIterator<Item = Self::Slot> {
        self.heads.iter_mut().zip(self.names)
    }

    #[inline(always)]
    #[expect(clippy::inline_always, reason = "the innermost loop")]
    fn store((head, name): Self::Slot, _at: usize, row: Row, tally: &mut Tally) {
        *head = row.head;
        *name = row.name;
        tally.max_name = tally.max_name.max(row.string);
        tally.clipped += usize::from(row.clipped);
    }
}

/// Counts `names` of edges that are indices of strings and not below `strings`.
pub(super) fn nameless(edges: &Edges, strings: usize) -> usize {
    let strings = to_u32(strings.min(LIMIT));
    let edges = edges.heads.iter().zip(&edges.names);
    edges
        .filter(|&(head, &name)| !head.kind().is_indexed() && name >= strings)
        .count()
}
