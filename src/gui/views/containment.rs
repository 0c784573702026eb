//! What the roots hold, and what that holds: every edge of the heap, from the top.

use eframe::egui::{Context, Id, Ui};

use crate::base::index::NodeIx;
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::edge_tree::{EdgeTree, Edges, Level};
use crate::gui::rows::RowTree;
use crate::gui::theme::Icon;
use crate::gui::widgets::table::{DENSE_ROW, Head};
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::edges::{EdgeColumn, EdgeRow};
use crate::query::object::Object;
use crate::query::paths::Paths;
use crate::query::subject::{SnapshotId, What};
use crate::snapshot::Snapshot;

pub(super) const SPEC: Spec = Spec {
    id: "containment",
    title: "Containment",
    icon: Icon::GIT_BRANCH,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: Some("Show in Containment"),
    open: |id| Box::new(ContainmentView::new(id)),
};

struct ContainmentView {
    rows: RowTree<EdgeTree<Held>>,
    of: Option<SnapshotId>,
    /// An object to be shown, and the shortest way to it.
    wanted: Option<(NodeIx, Slot<Paths>)>,
}

/// The edges of an object.
#[derive(Clone)]
struct Held;

impl Edges for Held {
    type Item = EdgeRow;
    type Question = Object;
    const IS_UPWARDS: bool = false;
    const HEADS: &'static [Head<EdgeColumn>] = &[
        Head::new(EdgeColumn::EdgeName, "Object", "Object", 0.0),
        Head::new(EdgeColumn::Distance, "Distance", "Distance from the roots", 80.0),
        Head::new(
            EdgeColumn::ShallowSize,
            "Shallow size, B",
            "Shallow size in bytes",
            112.0,
        ),
        Head::new(
            EdgeColumn::RetainedSize,
            "Retained, B",
            "Retained size in bytes",
            112.0,
        ),
        Head::new(
            EdgeColumn::RetainedSize,
            "% of heap",
            "Retained size as a share of the heap",
            104.0,
        )
        .extra(),
    ];

    fn question(&self, node: NodeIx, order: Order<EdgeColumn>) -> Object {
        Object { node, order }
    }

    fn has_any(&self, snapshot: &Snapshot, node: NodeIx) -> bool {
        !snapshot.graph().edge_range(node).is_empty()
    }

    fn nothing(&self, _snapshot: &Snapshot, _node: NodeIx) -> &'static str {
        "Holds nothing"
    }
}

impl ContainmentView {
    fn new(id: Id) -> Self {
        let nothing = Level::of(NodeIx::from_raw(0));
        Self {
            rows: RowTree::new("containment", id, nothing, Object::DEFAULT_ORDER, DENSE_ROW),
            of: None,
            wanted: None,
        }
    }

    /// Opens the shortest way to the object that is to be shown, as far as its levels are known.
    fn follow(&mut self, tree: &EdgeTree<Held>) {
        let Some((node, slot)) = &mut self.wanted else {
            return;
        };
        let question = Paths {
            targets: vec![*node],
            count: 1,
        };
        tree.asker.ask(slot, &question);
        let Some(answer) = slot.latest() else { return };
        let outline = &mut self.rows.tree.outline;
        let mut path = Vec::new();
        for edge in answer.steps.iter().filter_map(|step| step.edge) {
            if !path.is_empty() {
                outline.expand(tree, &path);
            }
            if !outline.is_known(&path) {
                return;
            }
            match outline.reveal(tree, &path, edge) {
                Some(way) => path = way,
                None => break,
            }
        }
        self.wanted = None;
        if !path.is_empty() {
            self.rows.tree.go_to(tree, path);
        }
    }
}

impl View for ContainmentView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, snapshot)) = cx.snapshot() else {
            return;
        };
        let root = snapshot.graph().root();
        if self.of != Some(id) {
            self.of = Some(id);
            self.rows.restart(Level::of(root));
        }
        let tree = EdgeTree {
            asker: cx.asker(snapshot),
            object: root,
            order: self.rows.table().order,
            edges: Held,
            marked: cx.passing().ok().flatten(),
        };
        self.rows.tree.outline.refresh(&tree);
        self.follow(&tree);
        let acted = self.rows.show(ui, cx, &tree, None);
        if acted.opened.is_some() {
            self.rows.tree.toggle_current(&tree);
        }
    }

    fn focus_id(&self) -> Id {
        self.rows.table().id()
    }

    fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }

    fn reveal(&mut self, what: What) {
        if let What::Object(node) = what {
            self.wanted = Some((node, Slot::new(Lane::Frame)));
        }
    }

    fn heeds_limit(&self) -> bool {
        true
    }

    fn shared(&self) -> Option<Shared> {
        Some(self.rows.shared(""))
    }

    fn adopt(&mut self, shared: &Shared, scrolled: f64) {
        self.rows.adopt(Held::HEADS, shared, scrolled);
    }
}
