//! The rows of a comparison by class: classes, under them the objects of which something became, under these what changed in
//! them, or what they hold.

use std::sync::Arc;

use super::heads::HEADS;
use crate::analysis::comparison::{InBase, InCurrent, RowIx};
use crate::base::index::{EdgeIx, NodeIx};
use crate::base::units::{counted, grouped, signed};
use crate::gui::cx::Asker;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts, icons};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::job::{Lane, Slot};
use crate::query::comparison::objects::{ChangedObject, ChangedObjects, Note};
use crate::query::comparison::parts::{ChangedPart, ChangedParts, PartChange};
use crate::query::comparison::{Compared, ComparedClasses, ComparedRow, ComparisonColumn, RowOf};
use crate::query::edges::EdgeRow;
use crate::query::folding::Label;
use crate::query::object::Object;
use crate::query::pattern::Pattern;
use crate::query::subject::{SnapshotId, What};
use crate::query::{Cell, Column as _, Order};
use crate::snapshot::Snapshot;

/// The tree of a frame: the comparison, who is asked about it, and for what.
#[derive(Clone)]
pub(super) struct Changes {
    pub(super) asker: Asker,
    pub(super) compared: Arc<Compared>,
    /// The names of base and current snapshot among the open ones.
    pub(super) sides: (SnapshotId, SnapshotId),
    pub(super) pattern: Option<Pattern>,
    pub(super) unchanged: bool,
    pub(super) least: u64,
    pub(super) is_subtracted: bool,
    pub(super) order: Order<ComparisonColumn>,
}

/// In which of the snapshots an object is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Base,
    Current,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Row {
    Class(ComparedRow),
    Object(ChangedObject, Note),
    Part(ChangedPart),
    Edge(Side, EdgeRow),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    Class(RowOf),
    Object(Side, NodeIx),
    Edge(Side, EdgeIx),
}

pub(super) enum Level {
    Classes(Slot<ComparedClasses>),
    Objects(Option<RowIx>, Slot<ChangedObjects>),
    Parts(ChangedParts, Slot<ChangedParts>),
    Edges(Side, NodeIx, Slot<Object>),
}

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn classes() -> Self {
        Self::Classes(Slot::new(Lane::Frame))
    }

    /// The rows of the top, if they are known.
    pub(super) fn classes_known(&self) -> Option<&[ComparedRow]> {
        match self {
            Self::Classes(slot) => slot.latest().map(Vec::as_slice),
            Self::Objects(..) | Self::Parts(..) | Self::Edges(..) => None,
        }
    }
}

impl Changes {
    fn snapshot(&self, side: Side) -> &Arc<Snapshot> {
        match side {
            Side::Base => &self.compared.pair.base,
            Side::Current => &self.compared.pair.current,
        }
    }

    fn class_name(&self, row: &ComparedRow) -> String {
        match row.of {
            RowOf::Class(ix) => self.compared.row(ix).name().to_string(),
            RowOf::Cost => "Cost of taking the snapshot".to_owned(),
            RowOf::Below(count) => format!("{} below the threshold", counted(count, "class", "classes")),
        }
    }

    /// What an object is to what holds it, and how many more it holds.
    fn note(&self, side: Side, note: &Note) -> String {
        let snapshot = self.snapshot(side);
        let held = note.held.map(|(label, holder)| {
            let text = label.text(snapshot).to_string();
            match label {
                Label::Entry { .. } => text,
                _ => format!("{text} of {}", node_text::spoken_name(snapshot, holder)),
            }
        });
        let entries = note.entries.map(|count| format!("{} entries", signed(count)));
        let both: Vec<String> = held.into_iter().chain(entries).collect();
        both.join(", ")
    }

    fn heads() -> &'static [Head<ComparisonColumn>] {
        HEADS
    }
}

/// Where an object is looked at, and what became of it in a word.
const fn told(object: ChangedObject) -> (Side, NodeIx) {
    match object {
        ChangedObject::Resized(InCurrent(node), _) | ChangedObject::Added(InCurrent(node), _) => {
            (Side::Current, node)
        }
        ChangedObject::Removed(InBase(node)) => (Side::Base, node),
    }
}

/// The same object in both, if both have it.
const fn both(object: ChangedObject) -> Option<ChangedParts> {
    match object {
        ChangedObject::Resized(now, before) | ChangedObject::Added(now, Some(before)) => {
            Some(ChangedParts { now, before })
        }
        ChangedObject::Added(_, None) | ChangedObject::Removed(_) => None,
    }
}

impl Row {
    fn node(&self) -> Option<(Side, NodeIx)> {
        match self {
            Self::Class(_) => None,
            Self::Object(object, _) => Some(told(*object)),
            Self::Part(part) => {
                let side = if part.now.is_some() {
                    Side::Current
                } else {
                    Side::Base
                };
                let row = part.row()?;
                Some((side, row.node.or(row.key)?))
            }
            Self::Edge(side, row) => Some((*side, row.node)),
        }
    }

    fn both(&self) -> Option<ChangedParts> {
        match self {
            Self::Object(object, _) => both(*object),
            Self::Part(part) => part.both().map(|(now, before)| ChangedParts { now, before }),
            Self::Class(_) | Self::Edge(..) => None,
        }
    }
}

impl Branches for Changes {
    type Row = Row;
    type Key = Key;
    type Level = Level;

    fn key(&self, row: &Row) -> Key {
        match row {
            Row::Class(row) => Key::Class(match row.of {
                RowOf::Below(_) => RowOf::Below(0),
                of => of,
            }),
            Row::Object(object, _) => {
                let (side, node) = told(*object);
                Key::Object(side, node)
            }
            Row::Part(part) => {
                let side = if part.now.is_some() {
                    Side::Current
                } else {
                    Side::Base
                };
                let edge = part.row().map_or(EdgeIx::from_raw(u32::MAX), |row| row.edge);
                Key::Edge(side, edge)
            }
            Row::Edge(side, row) => Key::Edge(*side, row.edge),
        }
    }

    fn can_open(&self, row: &Row) -> bool {
        match (row, row.node()) {
            (Row::Class(row), _) => {
                self.compared.is_matched() && !matches!(row.of, RowOf::Below(_)) && row.sums.have_changed()
            }
            (_, Some((side, node))) => !self.snapshot(side).graph().edge_range(node).is_empty(),
            _ => false,
        }
    }

    fn repeats(&self, row: &Row, ancestors: &[Row]) -> bool {
        row.node()
            .is_some_and(|node| ancestors.iter().any(|above| above.node() == Some(node)))
    }

    fn open(&self, row: &Row) -> Level {
        let slot = || Slot::new(Lane::Frame);
        if let Some(parts) = row.both() {
            return Level::Parts(parts, Slot::new(Lane::Frame));
        }
        match (row, row.node()) {
            (Row::Class(row), _) => {
                let ix = match row.of {
                    RowOf::Class(ix) => Some(ix),
                    RowOf::Cost | RowOf::Below(_) => None,
                };
                Level::Objects(ix, Slot::new(Lane::Frame))
            }
            (_, Some((side, node))) => Level::Edges(side, node, slot()),
            _ => Level::Objects(None, Slot::new(Lane::Frame)),
        }
    }

    fn ask(&self, level: &mut Level) -> Asked {
        match level {
            Level::Classes(slot) => {
                let question = ComparedClasses {
                    pattern: self.pattern.clone(),
                    unchanged: self.unchanged,
                    least: self.least,
                    cost_apart: true,
                    order: self.order,
                };
                self.asker.ask_about(&self.compared, slot, &question)
            }
            Level::Objects(row, slot) => {
                let question = ChangedObjects {
                    row: *row,
                    cost_apart: true,
                };
                self.asker.ask_about(&self.compared, slot, &question)
            }
            Level::Parts(question, slot) => self.asker.ask_about(&self.compared, slot, question),
            Level::Edges(side, node, slot) => {
                self.asker
                    .ask_about(self.snapshot(*side), slot, &Object::of(*node))
            }
        }
    }

    fn len(&self, level: &Level) -> u64 {
        let len = match level {
            Level::Classes(slot) => slot.latest().map(Vec::len),
            Level::Objects(_, slot) => slot.latest().map(|list| list.objects.len()),
            Level::Parts(_, slot) => slot.latest().map(Vec::len),
            Level::Edges(_, _, slot) => slot.latest().map(Vec::len),
        };
        len.unwrap_or(0) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<Row> {
        let at = usize::try_from(at).ok()?;
        match level {
            Level::Classes(slot) => slot.latest()?.get(at).copied().map(Row::Class),
            Level::Objects(_, slot) => {
                let list = slot.latest()?;
                let note = list.notes.get(at).copied().unwrap_or_default();
                Some(Row::Object(*list.objects.get(at)?, note))
            }
            Level::Parts(_, slot) => slot.latest()?.get(at).copied().map(Row::Part),
            Level::Edges(side, _, slot) => Some(Row::Edge(*side, slot.latest()?.get(at).copied()?)),
        }
    }

    fn find(&self, level: &Level, key: Key) -> Option<u64> {
        (0..self.len(level)).find(|&at| self.row(level, at).is_some_and(|row| self.key(&row) == key))
    }

    fn nothing(&self, level: &Level) -> &'static str {
        match level {
            Level::Classes(_) => "Nothing changed",
            Level::Objects(..) => "No object was added or removed, and none grew or shrank",
            Level::Parts(..) => "Nothing it holds was added, removed or replaced",
            Level::Edges(..) => "Holds nothing",
        }
    }

    fn page(&self, level: &Level) -> u64 {
        match level {
            Level::Classes(_) => u64::MAX,
            Level::Objects(..) | Level::Parts(..) | Level::Edges(..) => 100,
        }
    }
}

impl Face for Changes {
    type Column = ComparisonColumn;

    fn heads(&self) -> &'static [Head<ComparisonColumn>] {
        Self::heads()
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, repeats: bool, tokens: &Tokens) {
        match row {
            Row::Class(row) => self.write_class(strip, row, tokens),
            Row::Object(object, note) => {
                let (side, node) = told(*object);
                node_text::write_node(strip, self.snapshot(side), node, tokens);
                let (icon, text, color, ground) = self.badge(*object, tokens);
                strip.space(8.0).badge(icon, text, color, ground).space(8.0);
                strip.text(&self.was(*object), fonts::body(), tokens.text_subdued);
                strip.text(&self.note(side, note), fonts::body(), tokens.text_subdued);
            }
            Row::Part(part) => self.write_part(strip, part, tokens),
            Row::Edge(side, row) => node_text::write_held(strip, self.snapshot(*side), *row, tokens),
        }
        if repeats {
            node_text::write_repeats(strip, tokens);
        }
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        let head = &Self::heads()[at];
        let total = self.compared.pair.current.total_size();
        let delta = match row {
            Row::Class(row) => return self.class_value(row, head),
            Row::Object(object, _) => object.size_delta(&self.compared.pair),
            Row::Part(part) => part.retained_delta,
            Row::Edge(..) => return Value::None,
        };
        match head.by {
            ComparisonColumn::SizeDelta if head.is_extra => {
                Value::Growth(delta, total, self.compared.largest)
            }
            ComparisonColumn::SizeDelta => Value::Delta(delta),
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        match row {
            Row::Class(row) => (self.class_name(row), grew(row.sums.size_delta())),
            Row::Object(object, note) => {
                let (side, node) = told(*object);
                let word = self
                    .badge(*object, Tokens::for_theme(eframe::egui::Theme::Dark, false))
                    .1;
                let note = self.note(side, note);
                let what = if note.is_empty() {
                    word.to_owned()
                } else {
                    format!("{word}, {note}")
                };
                let delta = object.size_delta(&self.compared.pair);
                (
                    node_text::spoken_node(self.snapshot(side), node),
                    format!("{what}, {}", grew(delta)),
                )
            }
            Row::Part(part) => {
                let label = part.label(&self.compared.pair).to_string();
                let what = match row.node() {
                    Some((side, node)) => node_text::spoken_node(self.snapshot(side), node),
                    None => "a number".to_owned(),
                };
                (
                    format!("{label}: {what}"),
                    format!("{}, {}", part_word(part.change), grew(part.retained_delta)),
                )
            }
            Row::Edge(side, row) => {
                let snapshot = self.snapshot(*side);
                let numbers = node_text::spoken_numbers(row.distance, snapshot.retained_size(row.node));
                (node_text::spoken_held(snapshot, *row), numbers)
            }
        }
    }

    fn copied(&self, row: &Row) -> String {
        match row.node() {
            None => self.spoken(row).0,
            Some((side, node)) => self.snapshot(side).id(node).to_string(),
        }
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

/// A change of bytes in words.
pub(super) fn grew(delta: i64) -> String {
    match delta {
        0 => "of the same size".to_owned(),
        1.. => format!("grew by {} bytes", grouped(delta.unsigned_abs())),
        _ => format!("shrank by {} bytes", grouped(delta.unsigned_abs())),
    }
}

const fn part_word(change: PartChange) -> &'static str {
    match change {
        PartChange::Added => "added",
        PartChange::Removed => "removed",
        PartChange::Replaced => "replaced",
        PartChange::Resized => "retains more or less",
    }
}

impl Changes {
    fn write_class(&self, strip: &mut Strip<'_>, row: &ComparedRow, tokens: &Tokens) {
        let name = self.class_name(row);
        let quiet = tokens.text_subdued;
        match row.of {
            RowOf::Class(ix) => {
                let (icon, tint) = icons::of_class(&name, tokens);
                strip.icon(icon, 14.0, tint).space(6.0);
                strip.text(&name, fonts::body(), tokens.text_strong);
                if let Some(former) = &self.compared.row(ix).former {
                    strip.space(8.0);
                    strip.text(&format!("was {former}"), fonts::body(), quiet);
                }
            }
            RowOf::Cost => {
                strip.icon(Icon::GEAR, 14.0, quiet).space(6.0);
                strip.text(&name, fonts::body(), tokens.text_strong);
                let more = if self.is_subtracted { "not counted" } else { "" };
                strip.space(8.0).text(more, fonts::body(), quiet);
            }
            RowOf::Below(_) => {
                strip.icon(Icon::FUNNEL, 14.0, quiet).space(6.0);
                strip.text(&name, fonts::body(), quiet);
            }
        }
    }

    fn write_part(&self, strip: &mut Strip<'_>, part: &ChangedPart, tokens: &Tokens) {
        let label = part.label(&self.compared.pair).to_string();
        strip.text(&label, fonts::code(), tokens.text_strong);
        strip.text(" : ", fonts::code(), tokens.text_subdued);
        if let Some((side, node)) = Row::Part(*part).node() {
            node_text::write_node(strip, self.snapshot(side), node, tokens);
        }
        let (icon, color, ground) = match (part.change, part.retained_delta > 0) {
            (PartChange::Added, _) => (Icon::PLUS, tokens.grow_text, tokens.grow_tint),
            (PartChange::Removed, _) => (Icon::MINUS, tokens.shrink_text, tokens.shrink_tint),
            (PartChange::Replaced, _) => (Icon::SWAP, tokens.text, tokens.bg_active),
            (PartChange::Resized, true) => (Icon::ARROW_UP_RIGHT, tokens.grow_text, tokens.grow_tint),
            (PartChange::Resized, false) => (Icon::ARROW_DOWN_RIGHT, tokens.shrink_text, tokens.shrink_tint),
        };
        let word = match part.change {
            PartChange::Resized if part.retained_delta > 0 => "retains more",
            PartChange::Resized => "retains less",
            change => part_word(change),
        };
        strip.space(8.0).badge(icon, word, color, ground);
    }

    /// The badge of an object: icon, word, colours.
    fn badge(
        &self,
        object: ChangedObject,
        tokens: &Tokens,
    ) -> (Icon, &'static str, eframe::egui::Color32, eframe::egui::Color32) {
        let grown = (tokens.grow_text, tokens.grow_tint);
        let shrunk = (tokens.shrink_text, tokens.shrink_tint);
        let (icon, word, (color, ground)) = match object {
            ChangedObject::Added(_, None) => (Icon::PLUS, "added", grown),
            ChangedObject::Added(_, Some(_)) => (Icon::SWAP, "other class", (tokens.text, tokens.bg_active)),
            ChangedObject::Removed(_) => (Icon::MINUS, "removed", shrunk),
            ChangedObject::Resized(..) if object.size_delta(&self.compared.pair) > 0 => {
                (Icon::ARROW_UP_RIGHT, "grew", grown)
            }
            ChangedObject::Resized(..) => (Icon::ARROW_DOWN_RIGHT, "shrank", shrunk),
        };
        (icon, word, color, ground)
    }

    /// `was Object, `: of which class an object was that is of another now.
    fn was(&self, object: ChangedObject) -> String {
        let ChangedObject::Added(_, Some(before)) = object else {
            return String::new();
        };
        let row = self.compared.comparison.row_of_base(before);
        row.map_or_else(String::new, |row| {
            let row = self.compared.row(row);
            let name = row
                .former
                .as_ref()
                .map_or_else(|| row.name(), |former| former.as_js());
            format!("was {name}, ")
        })
    }

    fn class_value(&self, row: &ComparedRow, head: &Head<ComparisonColumn>) -> Value {
        let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let is_class = matches!(row.of, RowOf::Class(_));
        match (head.by, row.sums.changes) {
            (ComparisonColumn::BaseCount | ComparisonColumn::CurrentCount, _) if !is_class => Value::None,
            (ComparisonColumn::AddedCount, Some(changes)) => Value::Delta(signed(changes.added.count)),
            (ComparisonColumn::RemovedCount, Some(changes)) => Value::Delta(-signed(changes.removed.count)),
            (ComparisonColumn::GrownSize, Some(changes)) => {
                let count = changes.grown.count + changes.shrunk.count;
                let bytes = signed(changes.grown.size) - signed(changes.shrunk.size);
                Value::Objects(count, bytes)
            }
            (ComparisonColumn::SizeDelta, _) if head.is_extra => Value::Growth(
                row.sums.size_delta(),
                self.compared.pair.current.total_size(),
                self.compared.largest,
            ),
            _ => match head.by.cell(&self.compared, row) {
                Cell::Count(number) | Cell::Bytes(number) => Value::Number(number),
                Cell::CountDelta(delta) | Cell::BytesDelta(delta) => Value::Delta(delta),
                _ => Value::None,
            },
        }
    }
}

impl Subjects for Changes {
    fn what(&self, row: &Row) -> Option<What> {
        match row {
            Row::Class(ComparedRow {
                of: RowOf::Class(ix), ..
            }) => self.compared.current_class(*ix).map(What::Class),
            _ => row.node().map(|(_, node)| What::Object(node)),
        }
    }

    fn snapshot(&self, row: &Row) -> Option<SnapshotId> {
        Some(match row.node() {
            Some((Side::Base, _)) => self.sides.0,
            _ => self.sides.1,
        })
    }
}
