//! The rows of a comparison by owner or by path: what the bytes hang from that came or went.

use std::sync::Arc;

use super::face::grew;
use super::heads::TREE_HEADS;
use crate::analysis::comparison::{InBase, InCurrent};
use crate::analysis::delta_tree::{DeltaLabel, DeltaTree, PlaceIx};
use crate::base::units::counted;
use crate::gui::cx::Asker;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Icon, Tokens, fonts, icons};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::comparison::Compared;
use crate::query::comparison::deltas::{DeltaColumn, DeltaOf, DeltaRow, DeltaRows, Deltas};
use crate::query::subject::{SnapshotId, What};

/// The tree of a frame.
#[derive(Clone)]
pub(super) struct Places {
    pub(super) asker: Asker,
    pub(super) compared: Arc<Compared>,
    pub(super) deltas: Arc<Deltas>,
    /// The names of base and current snapshot among the open ones.
    pub(super) sides: (SnapshotId, SnapshotId),
    pub(super) least: u64,
    pub(super) order: Order<DeltaColumn>,
}

/// The rows right below a place.
pub(super) struct Level {
    place: PlaceIx,
    depth: u32,
    slot: Slot<DeltaRows>,
}

impl Level {
    /// The top of the tree, not asked for yet.
    pub(super) const fn top() -> Self {
        Self {
            place: DeltaTree::TOP,
            depth: 0,
            slot: Slot::new(Lane::Frame),
        }
    }
}

impl Branches for Places {
    type Row = DeltaRow;
    type Key = DeltaOf;
    type Level = Level;

    fn key(&self, row: &DeltaRow) -> DeltaOf {
        match row.of {
            DeltaOf::Others(place, _) => DeltaOf::Others(place, 0),
            of => of,
        }
    }

    fn can_open(&self, row: &DeltaRow) -> bool {
        matches!(row.of, DeltaOf::Place(ix) if !self.deltas.tree.children(ix).is_empty())
    }

    fn repeats(&self, _: &DeltaRow, _: &[DeltaRow]) -> bool {
        false
    }

    fn open(&self, row: &DeltaRow) -> Level {
        let place = match row.of {
            DeltaOf::Place(ix) | DeltaOf::Others(ix, _) | DeltaOf::Itself(ix) => ix,
        };
        Level {
            place,
            depth: row.depth + 1,
            slot: Slot::new(Lane::Frame),
        }
    }

    fn ask(&self, level: &mut Level) -> Asked {
        let question = DeltaRows {
            place: level.place,
            depth: level.depth,
            least: self.least,
            order: self.order,
        };
        self.asker.ask_about(&self.deltas, &mut level.slot, &question)
    }

    fn len(&self, level: &Level) -> u64 {
        level.slot.latest().map_or(0, Vec::len) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<DeltaRow> {
        level.slot.latest()?.get(usize::try_from(at).ok()?).copied()
    }

    fn find(&self, level: &Level, key: DeltaOf) -> Option<u64> {
        let rows = level.slot.latest()?;
        let at = rows.iter().position(|row| self.key(row) == key)?;
        Some(at as u64)
    }

    fn nothing(&self, level: &Level) -> &'static str {
        if level.place == DeltaTree::TOP {
            "Nothing changed"
        } else {
            "Only itself, and changes below the threshold"
        }
    }

    fn page(&self, level: &Level) -> u64 {
        if level.place == DeltaTree::TOP {
            u64::MAX
        } else {
            100
        }
    }
}

impl Face for Places {
    type Column = DeltaColumn;

    fn heads(&self) -> &'static [Head<DeltaColumn>] {
        TREE_HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &DeltaRow, _: bool, tokens: &Tokens) {
        let quiet = tokens.text_subdued;
        let DeltaOf::Place(ix) = row.of else {
            let icon = match row.of {
                DeltaOf::Others(..) => Icon::FUNNEL,
                _ => Icon::CUBE,
            };
            strip.icon(icon, 14.0, quiet).space(6.0);
            strip.text(&self.called(row), fonts::body(), quiet);
            return;
        };
        let (edge, name) = self.deltas.names(ix);
        let name = name.to_string();
        let (icon, tint) = match self.deltas.tree.place(ix).label {
            DeltaLabel::Group(_) if row.depth == 0 => (Icon::FOLDER, quiet),
            DeltaLabel::Group(_) => (Icon::FILE_JS, quiet),
            DeltaLabel::OwnCost => (Icon::GEAR, quiet),
            DeltaLabel::WithoutNodes => (Icon::CPU, quiet),
            DeltaLabel::Total | DeltaLabel::Step { .. } if name.ends_with("()") => {
                icons::of_class("Function", tokens)
            }
            DeltaLabel::Total | DeltaLabel::Step { .. } => icons::of_class(&name, tokens),
        };
        if !edge.as_js().is_empty() {
            strip.text(&edge.to_string(), fonts::code(), tokens.text_strong);
            strip.space(8.0);
        }
        strip.icon(icon, 14.0, tint).space(6.0);
        strip.text(&name, fonts::body(), tokens.text_strong);
        if let Some(id) = self.deltas.id(row.of) {
            strip.space(6.0).text(&id.to_string(), fonts::id(), quiet);
        }
    }

    fn value(&self, row: &DeltaRow, at: usize) -> Value {
        let head = &TREE_HEADS[at];
        match head.by {
            DeltaColumn::BaseCount => Value::Number(row.base.count),
            DeltaColumn::CurrentCount => Value::Number(row.current.count),
            DeltaColumn::BaseSize => Value::Number(row.base.size),
            DeltaColumn::CurrentSize => Value::Number(row.current.size),
            DeltaColumn::CountDelta => Value::Delta(row.count_delta()),
            DeltaColumn::SizeDelta if head.is_extra => Value::Growth(
                row.size_delta(),
                self.compared.pair.current.total_size(),
                self.deltas.largest(),
            ),
            DeltaColumn::SizeDelta => Value::Delta(row.size_delta()),
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &DeltaRow) -> (String, String) {
        let id = self
            .deltas
            .id(row.of)
            .map_or_else(String::new, |id| format!(" {id}"));
        (format!("{}{id}", self.called(row)), grew(row.size_delta()))
    }

    fn copied(&self, row: &DeltaRow) -> String {
        self.deltas
            .id(row.of)
            .map_or_else(|| self.called(row), |id| id.to_string())
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Places {
    fn called(&self, row: &DeltaRow) -> String {
        match row.of {
            DeltaOf::Others(_, count) => format!("{} below the threshold", counted(count, "other", "others")),
            DeltaOf::Itself(_) => "Itself".to_owned(),
            of @ DeltaOf::Place(_) => self.deltas.label(of).to_string(),
        }
    }
}

impl Subjects for Places {
    fn what(&self, row: &DeltaRow) -> Option<What> {
        let DeltaOf::Place(ix) = row.of else { return None };
        let place = self.deltas.tree.place(ix);
        let DeltaLabel::Step { row, .. } = place.label else {
            return None;
        };
        let one = match (place.in_current, place.in_base) {
            (Some(InCurrent(node)), _) if place.own_current.count == 1 => Some(node),
            (None, Some(InBase(node))) => Some(node),
            _ => None,
        };
        one.map(What::Object)
            .or_else(|| self.compared.current_class(row).map(What::Class))
    }

    fn snapshot(&self, row: &DeltaRow) -> Option<SnapshotId> {
        let DeltaOf::Place(ix) = row.of else { return None };
        let is_gone = self.deltas.tree.place(ix).in_current.is_none();
        Some(if is_gone { self.sides.0 } else { self.sides.1 })
    }
}
