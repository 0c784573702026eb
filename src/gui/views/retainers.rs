//! Who holds the selected object, and who holds them: a tree of which the shortest way to a root is open.

use eframe::egui::{Id, RichText, Ui};

use crate::analysis::distances::Reach;
use crate::base::index::{EdgeIx, NodeIx};
use crate::gui::command::Command;
use crate::gui::cx::{Asker, Cx, Place, Spec, View};
use crate::gui::node_text;
use crate::gui::theme::{Icon, Tokens, fonts};
use crate::gui::widgets::outline::{Asked, Branches};
use crate::gui::widgets::strip::Strip;
use crate::gui::widgets::table::{Head, ROW};
use crate::gui::widgets::tree::{Face, Tree, Value};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::edges::{EdgeColumn, EdgeRow};
use crate::query::retainers::{CHAIN_LEVELS, Retainers};
use crate::query::subject::{Subject, What};

pub(super) const SPEC: Spec = Spec {
    id: "retainers",
    title: "Retainers",
    icon: Icon::GIT_MERGE,
    place: Place::Bottom,
    key: Some(eframe::egui::Key::R),
    open: || Box::new(RetainersView::new()),
};

struct RetainersView {
    tree: Tree<Holders>,
    of: Option<Subject>,
}

/// The tree of a frame: who is asked, and who holds whom.
struct Holders {
    asker: Asker,
    object: NodeIx,
    order: Order<EdgeColumn>,
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
            ignoring: None,
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
            EdgeColumn::ShallowSize => node_text::number(snapshot.shallow_size(row.node)),
            EdgeColumn::RetainedSize => node_text::number(snapshot.retained_size(row.node)),
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
}

impl RetainersView {
    fn new() -> Self {
        let nobody = Level::of(NodeIx::from_raw(0));
        Self {
            tree: Tree::new("retainers", nobody, Retainers::DEFAULT_ORDER, ROW),
            of: None,
        }
    }
}

impl View for RetainersView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let (Some((_, snapshot)), Some(What::Object(object))) = (cx.snapshot(), cx.selected()) else {
            self.of = None;
            empty(ui);
            return;
        };
        if self.of != cx.workspace.selection() {
            self.of = cx.workspace.selection();
            self.tree.restart(Level::of(object));
        }
        let holders = Holders {
            asker: cx.asker(snapshot),
            object,
            order: self.tree.table.order,
        };
        self.tree.outline.refresh(&holders);
        let done = self.tree.show(ui, &holders);
        if let Some(row) = done.opened
            && let Some(subject) = cx.subject(What::Object(row.node))
        {
            cx.send(Command::Go(subject));
        }
    }

    fn focus_id(&self) -> Id {
        self.tree.table.id()
    }
}

fn empty(ui: &mut Ui) {
    ui.add_space(24.0);
    ui.vertical_centered(|ui| {
        let text = "Select an object above to see what keeps it alive.";
        ui.label(RichText::new(text).color(Tokens::of(ui).text_subdued));
    });
}
