//! Who holds the selected object, and who holds them: a tree of which the shortest way to a root is open.

use std::sync::Arc;

use eframe::egui::{Align, Context, Id, Key, Layout, RichText, Sense, Ui, UiBuilder, vec2};

use crate::analysis::distances::Reach;
use crate::analysis::ignored_retainers::IgnoredRetainers;
use crate::base::index::{EdgeIx, NodeIx};
use crate::gui::cx::{Asker, Cx, Place, Spec, View};
use crate::gui::node_text;
use crate::gui::rows::{OwnLine, RowTree, Subjects};
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::button::{Button, Look};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::{Head, ROW};
use crate::gui::widgets::tree::Face;
use crate::gui::widgets::value::Value;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::edges::{EdgeColumn, EdgeRow};
use crate::query::retainers::{CHAIN_LEVELS, Ignore, Retainers};
use crate::query::subject::{SnapshotId, What};

pub(super) const SPEC: Spec = Spec {
    id: "retainers",
    title: "Retainers",
    icon: Icon::GIT_MERGE,
    place: Place::Bottom,
    is_apart: false,
    is_of_two: false,
    key: Some(Key::R),
    takes: Some("Retainers"),
    open: |id| Box::new(RetainersView::new(id)),
};

struct RetainersView {
    rows: RowTree<Holders>,
    of: Option<(SnapshotId, NodeIx)>,
    /// What the user wants to see left out, and the distances without it.
    ignored: Vec<NodeIx>,
    ignoring: Slot<Ignore>,
}

/// The tree of a frame: who is asked, and who holds whom.
#[derive(Clone)]
struct Holders {
    asker: Asker,
    object: NodeIx,
    order: Order<EdgeColumn>,
    ignoring: Option<Arc<IgnoredRetainers>>,
}

/// Those who hold a node.
struct Level {
    node: NodeIx,
    slot: Slot<Retainers>,
}

const HEADS: &[Head<EdgeColumn>] = &[
    head(EdgeColumn::EdgeName, "Held by", "Held by", 0.0),
    head(EdgeColumn::Distance, "Distance", "Distance from the roots", 80.0),
    head(
        EdgeColumn::ShallowSize,
        "Shallow size, B",
        "Shallow size in bytes",
        112.0,
    ),
    head(
        EdgeColumn::RetainedSize,
        "Retained, B",
        "Retained size in bytes",
        112.0,
    ),
];

const fn head(by: EdgeColumn, title: &'static str, name: &'static str, width: f32) -> Head<EdgeColumn> {
    Head {
        by,
        title,
        name,
        width,
        is_extra: false,
    }
}

impl Level {
    const fn of(node: NodeIx) -> Self {
        Self {
            node,
            slot: Slot::new(Lane::Frame),
        }
    }
}

impl Branches for Holders {
    type Row = EdgeRow;
    type Key = EdgeIx;
    type Level = Level;

    fn key(&self, row: &EdgeRow) -> EdgeIx {
        row.edge
    }

    fn can_open(&self, row: &EdgeRow) -> bool {
        self.asker.snapshot.retainers().count(row.node) > 0
    }

    fn repeats(&self, row: &EdgeRow, ancestors: &[EdgeRow]) -> bool {
        row.node == self.object || ancestors.iter().any(|above| above.node == row.node)
    }

    fn open(&self, row: &EdgeRow) -> Level {
        Level::of(row.node)
    }

    fn ask(&self, level: &mut Level) -> Asked {
        let question = Retainers {
            node: level.node,
            ignoring: self.ignoring.clone(),
            order: self.order,
        };
        self.asker.ask(&mut level.slot, &question)
    }

    fn len(&self, level: &Level) -> u64 {
        level.slot.latest().map_or(0, Vec::len) as u64
    }

    fn row(&self, level: &Level, at: u64) -> Option<EdgeRow> {
        level.slot.latest()?.get(usize::try_from(at).ok()?).copied()
    }

    fn find(&self, level: &Level, key: EdgeIx) -> Option<u64> {
        let at = level.slot.latest()?.iter().position(|row| row.edge == key)?;
        Some(at as u64)
    }

    fn nothing(&self, level: &Level) -> &'static str {
        let graph = self.asker.snapshot.graph();
        let mut holders = self.asker.snapshot.retainers().of(graph, level.node);
        if holders.any(|(holder, _)| holder == graph.root()) {
            "A root holds it"
        } else if level.node == graph.root() {
            "This is where everything hangs from"
        } else {
            "Nothing holds it, except weak references if there are any"
        }
    }

    fn page(&self, _level: &Level) -> u64 {
        100
    }

    fn unfolds(&self, row: &EdgeRow, depth: usize) -> bool {
        depth < CHAIN_LEVELS && row.distance.reach() != Reach::Unreachable && row.distance.sort_key() > 1
    }
}

impl Face for Holders {
    type Column = EdgeColumn;

    fn heads(&self) -> &'static [Head<EdgeColumn>] {
        HEADS
    }

    fn write(&self, strip: &mut Strip<'_>, row: &EdgeRow, repeats: bool, tokens: &Tokens) {
        let snapshot = &*self.asker.snapshot;
        node_text::write_edge(strip, snapshot, row.edge, true, tokens);
        strip.space(6.0);
        strip.text("in", fonts::body(), tokens.text_subdued).space(6.0);
        node_text::write_node(strip, snapshot, row.node, tokens);
        if repeats {
            node_text::write_repeats(strip, tokens);
        }
    }

    fn value(&self, row: &EdgeRow, at: usize) -> Value {
        let snapshot = &*self.asker.snapshot;
        match HEADS[at].by {
            EdgeColumn::Distance => node_text::distance(row.distance),
            EdgeColumn::ShallowSize => Value::Number(snapshot.shallow_size(row.node)),
            EdgeColumn::RetainedSize => Value::Number(snapshot.retained_size(row.node)),
            _ => Value::None,
        }
    }

    fn spoken(&self, row: &EdgeRow) -> (String, String) {
        let snapshot = &*self.asker.snapshot;
        let edge = node_text::edge_text(snapshot, row.edge, true);
        let node = node_text::spoken_node(snapshot, row.node);
        let numbers = node_text::spoken_numbers(row.distance, snapshot.retained_size(row.node));
        (format!("{edge} in {node}"), numbers)
    }

    fn copied(&self, row: &EdgeRow) -> String {
        self.asker.snapshot.id(row.node).to_string()
    }

    fn quiet(&self) -> Self {
        Self {
            asker: self.asker.quiet(),
            ..self.clone()
        }
    }
}

impl Subjects for Holders {
    fn what(&self, row: &EdgeRow) -> Option<What> {
        Some(What::Object(row.node))
    }
}

/// What can be done with a retainer besides what can be done with any row.
const IGNORE: OwnLine = OwnLine {
    icon: Icon::EYE_SLASH,
    text: "Ignore this retainer",
    key: Key::I,
};

const BAR: f32 = 28.0;

impl RetainersView {
    fn new(id: Id) -> Self {
        let nobody = Level::of(NodeIx::from_raw(0));
        Self {
            rows: RowTree::new("retainers", id, nobody, Retainers::DEFAULT_ORDER, ROW),
            of: None,
            ignored: Vec::new(),
            ignoring: Slot::new(Lane::Frame),
        }
    }

    /// The distances without the ignored retainers, once they are known.
    fn ignoring(&mut self, asker: &Asker) -> Option<Arc<IgnoredRetainers>> {
        if self.ignored.is_empty() {
            return None;
        }
        let question = Ignore {
            nodes: self.ignored.clone(),
        };
        asker.ask(&mut self.ignoring, &question);
        self.ignoring.latest().cloned()
    }

    /// How many retainers are ignored, and how to have them back.
    fn bar(&mut self, ui: &mut Ui) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), BAR), Sense::hover());
        let tokens = Tokens::of(ui);
        ui.painter().rect_filled(rect, 0.0, tokens.bg_panel);
        let line = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(12.0, 2.0)))
            .layout(Layout::left_to_right(Align::Center));
        let mut inner = ui.new_child(line);
        let text = match self.ignored.len() {
            1 => "1 retainer is ignored; distances are without it".to_owned(),
            count => format!("{count} retainers are ignored; distances are without them"),
        };
        inner.label(RichText::new(text).color(tokens.text));
        if inner.add(Button::new(Look::Ghost, "Show them again")).clicked() {
            self.ignored.clear();
        }
    }
}

impl View for RetainersView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let (Some((id, snapshot)), Some(What::Object(object))) = (cx.snapshot(), cx.selected()) else {
            self.of = None;
            empty(ui);
            return;
        };
        if self.of != Some((id, object)) {
            if self.of.is_none_or(|(of, _)| of != id) {
                self.ignored.clear();
            }
            self.of = Some((id, object));
            self.rows.restart(Level::of(object));
        }
        let asker = cx.asker(snapshot);
        let holders = Holders {
            ignoring: self.ignoring(&asker),
            asker,
            object,
            order: self.rows.table().order,
        };
        if !self.ignored.is_empty() {
            self.bar(ui);
        }
        let acted = self.rows.show(ui, cx, &holders, Some(IGNORE));
        if let Some(row) = acted.opened {
            self.rows.go(cx, &holders, &row);
        }
        if let Some(row) = acted.own
            && !self.ignored.contains(&row.node)
        {
            self.ignored.push(row.node);
            self.rows.restart(Level::of(object));
        }
    }

    fn focus_id(&self) -> Id {
        self.rows.table().id()
    }

    fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }
}

fn empty(ui: &mut Ui) {
    ui.add_space(24.0);
    ui.vertical_centered(|ui| {
        let text = "Select an object above to see what keeps it alive.";
        ui.label(RichText::new(text).color(Tokens::of(ui).text_subdued));
    });
}
