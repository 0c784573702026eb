//! Which calls allocated the selected object, where the file tells. Opening a row limits the window to what was allocated by its
//! function, or under its call.

use std::borrow::Cow;

use eframe::egui::{Context, Id, Ui};

use crate::analysis::allocators::{Alike, Allocator};
use crate::analysis::filters::NodeFilter;
use crate::base::index::NodeIx;
use crate::gui::call_rows::{file_name, place};
use crate::gui::command::Command;
use crate::gui::cx::{Asker, Cx, Place, Spec, View};
use crate::gui::rows::{RowTree, Subjects};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::empty;
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::{Head, ROW};
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::gui::workspace::Limit;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::allocation_stack::{AllocationStack, Frame};
use crate::query::edges::EdgeColumn;
use crate::query::subject::{SnapshotId, What};

pub(super) const SPEC: Spec = Spec {
    id: "allocation-stack",
    title: "Allocation stack",
    icon: Icon::ROWS,
    place: Place::Bottom,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: None,
    open: |id| Box::new(AllocationView::new(id)),
};

struct AllocationView {
    rows: RowTree<Frames>,
    of: Option<(SnapshotId, NodeIx)>,
}

/// The stack of a frame of the window.
#[derive(Clone)]
struct Frames {
    asker: Asker,
    node: NodeIx,
}

/// A call: how many it called, and which function.
#[derive(Clone, Copy, Debug)]
struct Row(u64, Frame);

const HEADS: &[Head<EdgeColumn>] = &[
    Head::new(
        EdgeColumn::EdgeName,
        "Function, innermost first",
        "Function, innermost first",
        0.0,
    ),
    Head::new(EdgeColumn::Name, "Place", "Place", 240.0),
];

/// A stack has one order.
const ORDER: Order<EdgeColumn> = Order::ascending(EdgeColumn::EdgeName);

impl AllocationView {
    fn new(id: Id) -> Self {
        let nothing = Slot::new(Lane::Frame);
        Self {
            rows: RowTree::new("allocation stack", id, nothing, ORDER, ROW).about_selection(),
            of: None,
        }
    }
}

impl Frames {
    fn name(&self, frame: &Frame) -> Cow<'_, str> {
        let name = self.asker.snapshot.graph().strings().get(frame.name);
        if name.is_empty() {
            Cow::Borrowed("(anonymous)")
        } else {
            name.to_string_lossy()
        }
    }

    /// `a.js:7:3`
    fn place(&self, frame: &Frame) -> String {
        let script = self.asker.snapshot.graph().strings().get(frame.script);
        place(&script.to_string_lossy(), frame.place)
    }
}

impl Branches for Frames {
    type Row = Row;
    type Key = u64;
    type Level = Slot<AllocationStack>;

    fn key(&self, row: &Row) -> u64 {
        row.0
    }

    fn can_open(&self, _row: &Row) -> bool {
        false
    }

    fn repeats(&self, _row: &Row, _ancestors: &[Row]) -> bool {
        false
    }

    fn open(&self, _row: &Row) -> Self::Level {
        Slot::new(Lane::Frame)
    }

    fn ask(&self, level: &mut Self::Level) -> Asked {
        self.asker.ask(level, &AllocationStack { node: self.node })
    }

    fn len(&self, level: &Self::Level) -> u64 {
        level.latest().map_or(0, Vec::len) as u64
    }

    fn row(&self, level: &Self::Level, at: u64) -> Option<Row> {
        let frame = level.latest()?.get(usize::try_from(at).ok()?)?;
        Some(Row(at, *frame))
    }

    fn find(&self, level: &Self::Level, key: u64) -> Option<u64> {
        (key < self.len(level)).then_some(key)
    }

    fn nothing(&self, _level: &Self::Level) -> &'static str {
        "No stack was recorded for this object: it was there before the recording began, or V8 made it by itself"
    }

    fn page(&self, _level: &Self::Level) -> u64 {
        100
    }
}

impl Face for Frames {
    type Column = EdgeColumn;

    fn heads(&self) -> &'static [Head<EdgeColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &Row, _repeats: bool, tokens: &Tokens) {
        strip.icon(Icon::FUNCTION, 14.0, tokens.kinds.function).space(6.0);
        strip.text(&self.name(&row.1), fonts::body(), tokens.text_strong);
    }

    fn value(&self, row: &Row, at: usize) -> Value {
        match HEADS[at].by {
            EdgeColumn::Name => {
                let script = self.asker.snapshot.graph().strings().get(row.1.script);
                let script = script.to_string_lossy();
                Value::Text(place(file_name(&script), row.1.place))
            }
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &Row) -> (String, String) {
        (self.name(&row.1).into_owned(), self.place(&row.1))
    }

    fn copied(&self, row: &Row) -> String {
        format!("{} ({})", self.name(&row.1), self.place(&row.1))
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            node: self.node,
        }
    }
}

impl Subjects for Frames {
    fn what(&self, _row: &Row) -> Option<What> {
        None
    }
}

impl View for AllocationView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let (Some((id, snapshot)), Some(What::Object(node))) = (cx.snapshot(), cx.selected()) else {
            self.of = None;
            empty(ui, "Select an object above to see which calls allocated it.");
            return;
        };
        if snapshot.graph().traces().is_empty() {
            empty(
                ui,
                "This file holds no allocation stacks. Record “Allocations on timeline” with stack traces in DevTools, \
                 or start tracking heap objects with allocations over the inspector protocol.",
            );
            return;
        }
        if self.of != Some((id, node)) {
            self.of = Some((id, node));
            self.rows.restart(Slot::new(Lane::Frame));
        }
        let frames = Frames {
            asker: cx.asker(snapshot),
            node,
        };
        let acted = self.rows.show(ui, cx, &frames, None);
        if let Some(Row(nth, frame)) = acted.opened {
            let by = match nth {
                0 => Allocator::Function {
                    call: frame.call,
                    levels: 1,
                    alike: Alike::Function,
                },
                _ => Allocator::Under(frame.call),
            };
            let filter = NodeFilter::allocated_by(by);
            cx.send(Command::Limit(Limit::Recorded { of: id, filter }));
        }
        if self.rows.table().order != ORDER {
            self.rows.tree.table.order = ORDER;
        }
    }

    fn focus_id(&self) -> Id {
        self.rows.table().id()
    }

    fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }
}
