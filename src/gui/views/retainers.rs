//! Who holds the selected object, and who holds them: a tree of which the shortest way to a root is open.

use std::sync::Arc;

use eframe::egui::{Align, Context, Id, Key, Layout, RichText, Sense, Ui, UiBuilder, vec2};

use crate::analysis::distances::Reach;
use crate::analysis::ignored_retainers::IgnoredRetainers;
use crate::base::index::NodeIx;
use crate::gui::cx::{Asker, Cx, Place, Spec, View};
use crate::gui::edge_tree::{EdgeTree, Edges, Level};
use crate::gui::rows::{OwnLine, RowTree};
use crate::gui::theme::{Icon, Tokens};
use crate::gui::widgets::button::{Button, Look};
use crate::gui::widgets::empty;
use crate::gui::widgets::table::{Head, ROW};
use crate::gui::widgets::toggle::toggle;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::edges::{EdgeColumn, EdgeRow};
use crate::query::folded_retainers::{FoldedRetainers, FoldedRow};
use crate::query::retainers::{CHAIN_LEVELS, Ignore, Retainers};
use crate::query::subject::{SnapshotId, What};
use crate::snapshot::Snapshot;

pub(super) const SPEC: Spec = Spec {
    id: "retainers",
    title: "Retainers",
    icon: Icon::GIT_MERGE,
    place: Place::Bottom,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: Some(Key::R),
    takes: Some("Retainers"),
    open: |id| Box::new(RetainersView::new(id)),
};

struct RetainersView {
    rows: RowTree<EdgeTree<Holding>>,
    of: Option<(SnapshotId, NodeIx)>,
    /// What the user wants to see left out, and the distances without it.
    ignored: Vec<NodeIx>,
    ignoring: Slot<Ignore>,
    /// Are the engine's own objects stepped over?
    folds: bool,
}

/// The edges that hold an object.
#[derive(Clone)]
struct Holding {
    ignoring: Option<Arc<IgnoredRetainers>>,
    folds: bool,
}

impl Edges for Holding {
    type Item = FoldedRow;
    type Question = FoldedRetainers;
    const IS_UPWARDS: bool = true;
    const HEADS: &'static [Head<EdgeColumn>] = &[
        Head::new(EdgeColumn::EdgeName, "Held by", "Held by", 284.0),
        Head::new(EdgeColumn::Distance, "Distance", "Distance from the roots", 80.0),
        Head::new(
            EdgeColumn::RetainedSize,
            "Retained, B",
            "Retained size in bytes",
            112.0,
        ),
        // Where there is no room the last goes first.
        Head::new(
            EdgeColumn::ShallowSize,
            "Shallow size, B",
            "Shallow size in bytes",
            112.0,
        ),
    ];

    fn question(&self, node: NodeIx, order: Order<EdgeColumn>) -> FoldedRetainers {
        FoldedRetainers {
            folds: self.folds,
            retainers: Retainers {
                node,
                ignoring: self.ignoring.clone(),
                order,
            },
        }
    }

    fn has_any(&self, snapshot: &Snapshot, node: NodeIx) -> bool {
        snapshot.retainers().count(node) > 0
    }

    fn nothing(&self, snapshot: &Snapshot, node: NodeIx) -> &'static str {
        let graph = snapshot.graph();
        let mut holders = snapshot.retainers().of(graph, node);
        if holders.any(|(holder, _)| holder == graph.root()) {
            "A root holds it"
        } else if node == graph.root() {
            "This is where everything hangs from"
        } else {
            "Nothing holds it, except weak references if there are any"
        }
    }

    fn unfolds(&self, row: &EdgeRow, depth: usize) -> bool {
        depth < CHAIN_LEVELS && row.distance.reach() != Reach::Unreachable && row.distance.sort_key() > 1
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
            rows: RowTree::new("retainers", id, nobody, Retainers::DEFAULT_ORDER, ROW).about_selection(),
            of: None,
            ignored: Vec::new(),
            ignoring: Slot::new(Lane::Frame),
            folds: true,
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

    /// Whether the engine's own objects are stepped over; how many retainers are ignored, and how to have them back.
    fn bar(&mut self, ui: &mut Ui) {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), BAR), Sense::hover());
        let tokens = Tokens::of(ui);
        ui.painter().rect_filled(rect, 0.0, tokens.bg_panel);
        let line = UiBuilder::new()
            .max_rect(rect.shrink2(vec2(12.0, 2.0)))
            .layout(Layout::left_to_right(Align::Center));
        let mut inner = ui.new_child(line);
        let before = self.folds;
        toggle(&mut inner, "Fold internals", &mut self.folds);
        if before != self.folds {
            self.of = None;
        }
        let text = match self.ignored.len() {
            0 => return,
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
            empty(ui, "Select an object above to see what keeps it alive.");
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
        let holders = EdgeTree {
            edges: Holding {
                ignoring: self.ignoring(&asker),
                folds: self.folds,
            },
            asker,
            object,
            order: self.rows.table().order,
            marked: cx.passing().ok().flatten(),
        };
        self.bar(ui);
        let acted = self.rows.show(ui, cx, &holders, Some(IGNORE));
        if let Some(row) = acted.opened {
            self.rows.go(cx, &holders, &row);
        }
        if let Some(row) = acted.own
            && !self.ignored.contains(&row.edge.node)
        {
            self.ignored.push(row.edge.node);
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
