//! What would go with the selected object, split by what it immediately dominates.

use eframe::egui::{Context, Id, Ui};

use crate::base::index::NodeIx;
use crate::gui::cx::{Cx, Place, Spec, View};
use crate::gui::dominator_tree::{DominatorTree, Level};
use crate::gui::rows::RowTree;
use crate::gui::theme::Icon;
use crate::gui::widgets::empty;
use crate::gui::widgets::table::ROW;
use crate::query::dominators::Dominated;
use crate::query::subject::{SnapshotId, What};

pub(super) const SPEC: Spec = Spec {
    id: "dominated",
    title: "Dominated",
    icon: Icon::TREE,
    place: Place::Bottom,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: None,
    open: |id| Box::new(DominatedView::new(id)),
};

struct DominatedView {
    rows: RowTree<DominatorTree>,
    of: Option<(SnapshotId, NodeIx)>,
}

impl DominatedView {
    fn new(id: Id) -> Self {
        let nothing = Level::of(NodeIx::from_raw(0), false);
        Self {
            rows: RowTree::new("dominated", id, nothing, Dominated::DEFAULT_ORDER, ROW).about_selection(),
            of: None,
        }
    }
}

impl View for DominatedView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let (Some((id, snapshot)), Some(What::Object(object))) = (cx.snapshot(), cx.selected()) else {
            self.of = None;
            empty(ui, "Select an object above to see what would go with it.");
            return;
        };
        if self.of != Some((id, object)) {
            self.of = Some((id, object));
            self.rows.restart(Level::of(object, false));
        }
        let tree = DominatorTree {
            asker: cx.asker(snapshot),
            order: self.rows.table().order,
            by_class: false,
            only: Ok(None),
            marked: cx.passing().ok().flatten(),
        };
        let acted = self.rows.show(ui, cx, &tree, None);
        if let Some(row) = acted.opened {
            self.rows.go(cx, &tree, &row);
        }
    }

    fn focus_id(&self) -> Id {
        self.rows.table().id()
    }

    fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }
}
