//! The rows of the inspector: sections, under them what an object holds, under that what those hold.

use std::sync::Arc;

use super::question::{Contents, Inside};
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::units::{counted, grouped};
use crate::gui::cx::Asker;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::value_text::{is_leaf, spoken_value, write_value};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::edges::EdgeColumn;
use crate::query::inspect::{InspectRow, Section, SectionKind};
use crate::query::subject::What;

/// The tree of a frame: who is asked, and what is known of the object it is about.
#[derive(Clone)]
pub(super) struct Contained {
    pub(super) asker: Asker,
    pub(super) object: NodeIx,
    pub(super) order: Order<EdgeColumn>,
    pub(super) asked: Asked,
    pub(super) inside: Option<Arc<Inside>>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    /// A section of `of`, and the first of its edges.
    Section {
        of: NodeIx,
        kind: SectionKind,
        count: usize,
        first: [Option<EdgeIx>; 3],
    },
    /// Something an object holds. An entry `has_key` if it is not that of a `Set`.
    Held {
        kind: SectionKind,
        row: InspectRow,
        has_key: bool,
    },
    /// The key or the value of an entry whose key is an object.
    Part { is_key: bool, node: Option<NodeIx> },
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    Section(SectionKind),
    Held(EdgeIx),
    Part(bool),
}

pub(super) enum Level {
    /// The sections of the object that the tree is about, and the rows of one.
    Top,
    TopSection(SectionKind),
    /// What an object holds, all in one, prototype and internals folded; and the rows of those.
    Object(NodeIx, Slot<Contents>),
    Section(NodeIx, SectionKind, Slot<Contents>),
    /// An entry's key and value.
    Entry(InspectRow),
}

/// The columns.
pub(super) const HEADS: &[Head<EdgeColumn>] = &[
    Head::new(
        EdgeColumn::EdgeName,
        "Property",
        "What it holds, as the object has it",
        0.0,
    ),
    Head::new(
        EdgeColumn::RetainedSize,
        "Retained, B",
        "Retained size in bytes",
        96.0,
    ),
];

/// Sections that are not open at first.
pub(super) const fn is_folded(kind: SectionKind) -> bool {
    matches!(kind, SectionKind::Internals)
}

/// Values stand below each other, so far from where names begin.
const NAME: f32 = 104.0;

const fn title(kind: SectionKind) -> &'static str {
    match kind {
        SectionKind::Properties => "Properties",
        SectionKind::Entries => "Entries",
        SectionKind::Elements => "Elements",
        SectionKind::Variables => "Variables",
        SectionKind::Prototypes => "Prototype",
        SectionKind::Internals => "Internals",
    }
}

/// Are its rows shown among those of other sections, where an object is opened in place?
const fn is_plain(kind: SectionKind) -> bool {
    !matches!(kind, SectionKind::Prototypes | SectionKind::Internals)
}

fn heading(of: NodeIx, section: &Section) -> Row {
    let edge = |at| section.rows.get(at).map(|row: &InspectRow| row.edge);
    Row::Section {
        of,
        kind: section.kind,
        count: section.rows.len(),
        first: [edge(0), edge(1), edge(2)],
    }
}

impl Row {
    /// The object it stands for.
    const fn node(&self) -> Option<NodeIx> {
        match self {
            Self::Section { .. } => None,
            Self::Held { row, .. } if row.node.is_none() => row.key,
            Self::Held { row, .. } => row.node,
            Self::Part { node, .. } => *node,
        }
    }
}

impl Contained {
    fn inside<'a>(&'a self, level: &'a Level) -> Option<&'a Inside> {
        match level {
            Level::Top | Level::TopSection(_) => self.inside.as_deref(),
            Level::Object(_, slot) | Level::Section(_, _, slot) => slot.latest().map(Arc::as_ref),
            Level::Entry(_) => None,
        }
    }

    fn opens(&self, node: NodeIx) -> bool {
        let snapshot = &*self.asker.snapshot;
        !is_leaf(snapshot, node) && !snapshot.graph().edge_range(node).is_empty()
    }

    /// Is `row` an entry that opens to its key and its value?
    fn has_parts(&self, row: &Row) -> bool {
        let Row::Held { row, .. } = row else { return false };
        row.key.is_some_and(|key| self.opens(key))
    }

    /// The rows of an object that is opened in place.
    fn flat(of: NodeIx, inside: &Inside, at: usize) -> Option<Row> {
        let mut rest = at;
        for section in &inside.inspected.sections {
            if !is_plain(section.kind) {
                if rest == 0 {
                    return Some(heading(of, section));
                }
                rest -= 1;
            } else if let Some(row) = section.rows.get(rest) {
                return Some(held(inside, section.kind, *row));
            } else {
                rest -= section.rows.len();
            }
        }
        None
    }

    fn write_held(
        &self,
        strip: &mut Strip<'_>,
        kind: SectionKind,
        row: InspectRow,
        has_key: bool,
        tokens: &Tokens,
    ) {
        let snapshot = &*self.asker.snapshot;
        if kind == SectionKind::Entries {
            if has_key {
                write_value(strip, snapshot, row.key, tokens);
                strip.space(6.0);
                strip.text("→", fonts::body(), tokens.text_subdued).space(6.0);
            }
        } else {
            let from = strip.x();
            node_text::write_edge(strip, snapshot, row.edge, false, tokens);
            let gap = from + NAME - strip.x();
            strip.space(gap.max(8.0));
        }
        write_value(strip, snapshot, row.node, tokens);
    }
}

fn held(inside: &Inside, kind: SectionKind, row: InspectRow) -> Row {
    Row::Held {
        kind,
        row,
        has_key: kind == SectionKind::Entries && inside.has_keys,
    }
}

impl Branches for Contained {
    type Row = Row;
    type Key = Key;
    type Level = Level;

    fn key(&self, row: &Row) -> Key {
        match row {
            Row::Section { kind, .. } => Key::Section(*kind),
            Row::Held { row, .. } => Key::Held(row.edge),
            Row::Part { is_key, .. } => Key::Part(*is_key),
        }
    }

    fn can_open(&self, row: &Row) -> bool {
        matches!(row, Row::Section { .. })
            || self.has_parts(row)
            || row.node().is_some_and(|node| self.opens(node))
    }

    fn repeats(&self, row: &Row, ancestors: &[Row]) -> bool {
        let Some(node) = row.node().filter(|_| !self.has_parts(row)) else {
            return false;
        };
        let is_same = |above: &Row| above.node() == Some(node) && !self.has_parts(above);
        node == self.object || ancestors.iter().any(is_same)
    }

    fn open(&self, row: &Row) -> Level {
        let slot = || Slot::new(Lane::Frame);
        match row {
            Row::Section { of, kind, .. } if *of == self.object => Level::TopSection(*kind),
            Row::Section { of, kind, .. } => Level::Section(*of, *kind, slot()),
            Row::Held { row: entry, .. } if self.has_parts(row) => Level::Entry(*entry),
            Row::Held { .. } | Row::Part { .. } => Level::Object(row.node().unwrap_or(self.object), slot()),
        }
    }

    fn ask(&self, level: &mut Level) -> Asked {
        match level {
            Level::Top | Level::TopSection(_) => self.asked.clone(),
            Level::Object(node, slot) | Level::Section(node, _, slot) => {
                let order = self.order;
                self.asker.ask(slot, &Contents { node: *node, order })
            }
            Level::Entry(_) => Asked::default(),
        }
    }

    fn len(&self, level: &Level) -> u64 {
        if matches!(level, Level::Entry(_)) {
            return 2;
        }
        let Some(inside) = self.inside(level) else {
            return 0;
        };
        let sections = &inside.inspected.sections;
        let count = match level {
            Level::TopSection(kind) | Level::Section(_, kind, _) => {
                inside.section(*kind).map_or(0, |section| section.rows.len())
            }
            Level::Object(..) => {
                let rows = sections.iter().map(|section| match section.kind {
                    kind if is_plain(kind) => section.rows.len(),
                    _ => 1,
                });
                rows.sum()
            }
            Level::Top | Level::Entry(_) => sections.len(),
        };
        count as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        if let Level::Entry(entry) = level {
            let parts = [(true, entry.key), (false, entry.node)];
            return parts.get(at).map(|&(is_key, node)| Row::Part { is_key, node });
        }
        let inside = self.inside(level)?;
        match level {
            Level::Object(node, _) => Self::flat(*node, inside, at),
            Level::TopSection(kind) | Level::Section(_, kind, _) => {
                let row = inside.section(*kind)?.rows.get(at)?;
                Some(held(inside, *kind, *row))
            }
            Level::Top | Level::Entry(_) => {
                let section = inside.inspected.sections.get(at)?;
                Some(heading(self.object, section))
            }
        }
    }

    fn find(&self, level: &Level, key: Key) -> Option<u64> {
        (0..self.len(level)).find(|&at| self.row(level, at).is_some_and(|row| self.key(&row) == key))
    }

    fn nothing(&self, _level: &Level) -> &'static str {
        "Holds nothing"
    }

    fn page(&self, _level: &Level) -> u64 {
        100
    }
}

impl Face for Contained {
    type Column = EdgeColumn;

    fn heads(&self) -> &'static [Head<EdgeColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, repeats: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        match *row {
            Row::Section {
                kind, count, first, ..
            } => {
                strip.text(title(kind), fonts::body(), tokens.text).space(8.0);
                if kind == SectionKind::Internals {
                    let names = first.iter().flatten();
                    let names: Vec<String> = names
                        .map(|&edge| node_text::edge_text(snapshot, edge, false))
                        .collect();
                    let more = if count > names.len() { ", …" } else { "" };
                    let text = format!("{}{more}", names.join(", "));
                    strip.text(&text, fonts::body(), tokens.text_subdued);
                } else if matches!(kind, SectionKind::Entries | SectionKind::Elements) {
                    strip.text(&grouped(count as u64), fonts::number(), tokens.text_subdued);
                }
            }
            Row::Held { kind, row, has_key } => self.write_held(strip, kind, row, has_key, tokens),
            Row::Part { is_key, node } => {
                let from = strip.x();
                let name = if is_key { "key" } else { "value" };
                strip.text(name, fonts::code(), tokens.text_subdued);
                let gap = from + NAME / 2.0 - strip.x();
                strip.space(gap.max(8.0));
                write_value(strip, snapshot, node, tokens);
            }
        }
        if repeats {
            node_text::write_repeats(strip, tokens);
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        match (HEADS[at].by, row) {
            (EdgeColumn::RetainedSize, Row::Held { row, .. }) => self.retained(row.node),
            (EdgeColumn::RetainedSize, Row::Part { node, .. }) => self.retained(*node),
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        let numbers = |node: Option<NodeIx>| match node {
            Some(node) => format!("retained {} bytes", grouped(snapshot.retained_size(node))),
            None => "of no size of its own".to_owned(),
        };
        match *row {
            Row::Section { kind, count, .. } => {
                (title(kind).to_owned(), counted(count as u64, "row", "rows"))
            }
            Row::Held { kind, row, has_key } => {
                let value = spoken_value(snapshot, row.node);
                let what = match (kind, has_key) {
                    (SectionKind::Entries, true) => format!("{} → {value}", spoken_value(snapshot, row.key)),
                    (SectionKind::Entries, false) => value,
                    _ => format!("{}: {value}", node_text::edge_text(snapshot, row.edge, false)),
                };
                (what, numbers(row.node))
            }
            Row::Part { is_key, node } => {
                let name = if is_key { "key" } else { "value" };
                (format!("{name}: {}", spoken_value(snapshot, node)), numbers(node))
            }
        }
    }

    fn copied(&self, row: &Row) -> String {
        match row.node() {
            Some(node) => self.asker.snapshot.id(node).to_string(),
            None => self.spoken(row).0,
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Contained {
    fn retained(&self, node: Option<NodeIx>) -> Value {
        node.map_or(Value::None, |node| {
            Value::Number(self.asker.snapshot.retained_size(node))
        })
    }
}

impl Subjects for Contained {
    fn what(&self, row: &Row) -> Option<What> {
        row.node().map(What::Object)
    }
}
