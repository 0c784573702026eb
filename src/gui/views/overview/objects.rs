//! The biggest objects: a table of what holds the most, each chain of wrappers told once.

use std::cmp::Ordering;
use std::sync::Arc;

use super::BIGGEST;
use crate::analysis::owners::Owners;
use crate::base::index::NodeIx;
use crate::base::units::{grouped, share};
use crate::gui::cx::Asker;
use crate::gui::node_text;
use crate::gui::rows::Subjects;
use crate::gui::theme::{Tokens, fonts};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::Head;
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::gui::workspace::Pending;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::biggest::BiggestObjects;
use crate::query::instances::ObjectColumn;
use crate::query::passing::Passing;
use crate::query::subject::What;

/// The table of a frame.
#[derive(Clone)]
pub(super) struct Objects {
    pub(super) asker: Asker,
    pub(super) order: Order<ObjectColumn>,
    /// Whose they are, once that is known.
    pub(super) owners: Option<Arc<Owners>>,
    /// What passes the window's filter.
    pub(super) only: Result<Option<Passing>, Pending>,
}

/// The few objects there are, in the order that is asked for.
pub(super) struct Level {
    slot: Slot<BiggestObjects>,
    rows: Vec<NodeIx>,
    sorted: Option<(u64, Order<ObjectColumn>)>,
    version: u64,
}

/// How they are sorted at first.
pub(super) const DEFAULT_ORDER: Order<ObjectColumn> = Order::descending(ObjectColumn::RetainedSize);

const HEADS: &[Head<ObjectColumn>] = &[
    Head::new(ObjectColumn::Name, "Object", "Object", 0.0),
    Head::new(
        ObjectColumn::RetainedSize,
        "Retained, B",
        "Retained size in bytes",
        112.0,
    ),
    Head::new(
        ObjectColumn::RetainedSize,
        "% of heap",
        "Retained size as a share of the heap",
        104.0,
    )
    .extra(),
];

impl Level {
    /// The objects, not asked for yet.
    pub(super) const fn new() -> Self {
        Self {
            slot: Slot::new(Lane::Frame),
            rows: Vec::new(),
            sorted: None,
            version: 0,
        }
    }
}

impl Objects {
    fn compare(&self, a: NodeIx, b: NodeIx) -> Ordering {
        let snapshot = &self.asker.snapshot;
        let ordering = match self.order.by {
            ObjectColumn::Name => {
                node_text::spoken_node(snapshot, a).cmp(&node_text::spoken_node(snapshot, b))
            }
            _ => snapshot.retained_size(a).cmp(&snapshot.retained_size(b)),
        };
        self.order.direction.apply(ordering)
    }

    fn owner(&self, node: NodeIx) -> Option<String> {
        let owners = self.owners.as_ref()?;
        Some(owners.name(owners.of(node)?).to_string_lossy().into_owned())
    }
}

impl Branches for Objects {
    type Row = NodeIx;
    type Key = NodeIx;
    type Level = Level;

    fn key(&self, row: &NodeIx) -> NodeIx {
        *row
    }

    fn can_open(&self, _row: &NodeIx) -> bool {
        false
    }

    fn repeats(&self, _row: &NodeIx, _ancestors: &[NodeIx]) -> bool {
        false
    }

    fn open(&self, _row: &NodeIx) -> Level {
        Level::new()
    }

    fn ask(&self, level: &mut Level) -> Asked {
        let only = match &self.only {
            Ok(only) => only.clone(),
            Err(pending) => return pending.asked(),
        };
        let question = BiggestObjects { most: BIGGEST, only };
        let asked = self.asker.ask(&mut level.slot, &question);
        let sorted = Some((asked.version, self.order));
        if level.sorted != sorted {
            level.sorted = sorted;
            level.version += 1;
            level.rows = level.slot.latest().cloned().unwrap_or_default();
            level.rows.sort_by(|&a, &b| self.compare(a, b));
        }
        Asked {
            version: level.version,
            ..asked
        }
    }

    fn len(&self, level: &Level) -> u64 {
        level.rows.len() as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<NodeIx> {
        level.rows.get(usize::try_from(at).ok()?).copied()
    }

    fn find(&self, level: &Level, node: NodeIx) -> Option<u64> {
        let at = level.rows.iter().position(|&row| row == node)?;
        Some(at as u64)
    }

    fn nothing(&self, _level: &Level) -> &'static str {
        "No object passes the filter"
    }

    fn page(&self, _level: &Level) -> u64 {
        BIGGEST as u64
    }
}

impl Face for Objects {
    type Column = ObjectColumn;

    fn heads(&self) -> &'static [Head<ObjectColumn>] {
        HEADS
    }

    fn is_flat(&self) -> bool {
        true
    }

    fn write(&self, strip: &mut Strip<'_>, row: &NodeIx, _repeats: bool, tokens: &Tokens) {
        node_text::write_node(strip, &self.asker.snapshot, *row, tokens);
        if let Some(owner) = self.owner(*row) {
            strip.space(6.0).text(&owner, fonts::body(), tokens.text_subdued);
        }
    }

    fn value(&self, row: &NodeIx, at: usize) -> Value {
        let retained = self.asker.snapshot.retained_size(*row);
        match (HEADS[at].by, HEADS[at].is_extra) {
            (ObjectColumn::RetainedSize, false) => Value::Number(retained),
            (ObjectColumn::RetainedSize, true) => Value::Share(retained, self.asker.snapshot.total_size()),
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &NodeIx) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        let retained = snapshot.retained_size(*row);
        let percent = share(retained, snapshot.total_size());
        let numbers = format!("retained {} bytes, {percent} of heap", grouped(retained));
        let numbers = match self.owner(*row) {
            Some(owner) => format!("{numbers}, in {owner}"),
            None => numbers,
        };
        (node_text::spoken_node(snapshot, *row), numbers)
    }

    fn copied(&self, row: &NodeIx) -> String {
        self.asker.snapshot.id(*row).to_string()
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for Objects {
    fn what(&self, row: &NodeIx) -> Option<What> {
        Some(What::Object(*row))
    }
}
