//! Who keeps what alive: the dominator tree from the roots, by retained size, as rows or as tiles.

use std::sync::Arc;

use eframe::egui::{Align, Context, Id, Layout, Rect, RichText, Ui, UiBuilder, vec2};

use crate::base::index::NodeIx;
use crate::gui::command::Command;
use crate::gui::cx::{Cx, Place, Shared, Spec, View};
use crate::gui::dominator_tree::{DominatorTree, HEADS, Key, Level};
use crate::gui::limit;
use crate::gui::rows::RowTree;
use crate::gui::theme::{Icon, Tokens};
use crate::gui::tile_map::TileMap;
use crate::gui::widgets::segments::{self, fitting, segments};
use crate::gui::widgets::table::DENSE_ROW;
use crate::gui::widgets::tool_bar;
use crate::gui::workspace::Limit;
use crate::job::{Lane, Slot};
use crate::query::dominators::Dominated;
use crate::query::owners::FindOwners;
use crate::query::subject::{SnapshotId, What};
use crate::snapshot::Snapshot;

pub(super) const SPEC: Spec = Spec {
    id: "dominators",
    title: "Dominators",
    icon: Icon::TREE,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: Some(eframe::egui::Key::D),
    takes: Some("Show in Dominators"),
    open: |id| Box::new(DominatorsView::new(id)),
};

struct DominatorsView {
    rows: RowTree<DominatorTree>,
    by_class: bool,
    of: Option<(SnapshotId, bool)>,
    map: TileMap,
    /// Is the map shown, and not the rows?
    as_tiles: bool,
    /// Which heap the map shows.
    map_of: Option<SnapshotId>,
    owners: Slot<FindOwners>,
    /// Does the window's filter leave objects out?
    is_limited: bool,
    /// An object to be shown.
    wanted: Option<NodeIx>,
}

const TOOL_BAR: f32 = 36.0;
/// What the buttons at the right end of the bar take, and what is said of the rows.
const TOOLS: f32 = 64.0;
/// What the kinds of rows take as a drop-down.
const LEAST_ROWS: f32 = 96.0;
const ABOUT: f32 = 160.0;

/// What is shown, as tiles and by class, and what that is called.
const FORMS: [((bool, bool), &str); 4] = [
    ((false, false), "objects"),
    ((false, true), "classes"),
    ((true, false), "tiles"),
    ((true, true), "tiles, by class"),
];

impl DominatorsView {
    fn new(id: Id) -> Self {
        let nothing = Level::of(NodeIx::from_raw(0), false);
        Self {
            rows: RowTree::new("dominators", id, nothing, Dominated::DEFAULT_ORDER, DENSE_ROW),
            by_class: false,
            of: None,
            map: TileMap::new(id.with("map")),
            as_tiles: false,
            map_of: None,
            owners: Slot::new(Lane::Frame),
            is_limited: false,
            wanted: None,
        }
    }

    fn tool_bar(&mut self, ui: &mut Ui, cx: &Cx<'_>, tree: &DominatorTree) {
        let mut bar = tool_bar(ui, TOOL_BAR);
        let choices = [(false, "Table"), (true, "Treemap")];
        if let Some(as_tiles) = segments(&mut bar, "Shown as", &choices, self.as_tiles) {
            self.as_tiles = as_tiles;
        }
        limit::select(&mut bar, cx, TOOLS + LEAST_ROWS);
        bar.add_space(4.0);
        if self.as_tiles {
            let line = bar.available_rect_before_wrap();
            self.map.crumbs(&bar, &tree.asker.snapshot, line);
            return;
        }
        let color = Tokens::of(&bar).text_subdued;
        let choices = [(false, "Objects"), (true, "Classes")];
        let has_room = bar.available_width() >= TOOLS + segments::width(&bar, &choices);
        if let Some(by_class) = fitting(&mut bar, "Rows are", &choices, self.by_class, has_room) {
            self.by_class = by_class;
        }
        let text = if self.is_limited {
            "Each row with what passes the filter of all that only it keeps alive"
        } else {
            "Each row with all that only it keeps alive"
        };
        bar.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            self.rows.tools(ui, cx, tree);
            if ui.available_width() > ABOUT {
                ui.add_space(4.0);
                ui.add(eframe::egui::Label::new(RichText::new(text).color(color)).truncate());
            }
        });
    }

    /// The tree as tiles.
    fn tiles(&mut self, ui: &mut Ui, cx: &Cx<'_>, snapshot: &Arc<Snapshot>) {
        cx.asker(snapshot).ask(&mut self.owners, &FindOwners);
        let room = ui.available_rect_before_wrap();
        let room = Rect::from_min_max(room.min + vec2(12.0, 0.0), room.max - vec2(12.0, 8.0));
        let owners = self.owners.latest().cloned();
        ui.scope_builder(UiBuilder::new().max_rect(room), |ui| {
            self.map.show(ui, cx, "Dominators", owners.as_deref());
        });
    }

    /// Opens the way to the object that is to be shown, as far as its levels are known. Tells whether it has no row.
    fn follow(&mut self, tree: &DominatorTree) -> bool {
        let Some(node) = self.wanted else { return false };
        let outline = &mut self.rows.tree.outline;
        let mut path = Vec::new();
        for dominator in dominators_of(&tree.asker.snapshot, node) {
            if !path.is_empty() {
                outline.expand(tree, &path);
            }
            if !outline.is_known(&path) {
                return false;
            }
            match outline.reveal(tree, &path, Key::Object(dominator)) {
                Some(way) => path = way,
                // With the filter off it has one.
                None if self.is_limited => return true,
                None => break,
            }
        }
        self.wanted = None;
        if !path.is_empty() {
            self.rows.tree.go_to(tree, path);
        }
        false
    }
}

/// `node` and all that dominate it, from below the root down to it. A long list is cut at its upper end: what would have to be
/// opened to see it is not opened.
fn dominators_of(snapshot: &Snapshot, node: NodeIx) -> Vec<NodeIx> {
    const MOST: usize = 1000;
    let root = snapshot.graph().root();
    let mut chain = vec![node];
    let mut above = snapshot.dominator(node);
    while above != root && chain.len() < MOST {
        chain.push(above);
        above = snapshot.dominator(above);
    }
    chain.reverse();
    chain
}

impl View for DominatorsView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, snapshot)) = cx.snapshot() else {
            return;
        };
        if self.map_of != Some(id) {
            self.map_of = Some(id);
            self.map.restart(snapshot.graph().root());
        }
        if self.wanted.is_some() {
            self.by_class = false;
            self.as_tiles = false;
        }
        if self.of != Some((id, self.by_class)) {
            self.of = Some((id, self.by_class));
            self.rows
                .restart(Level::of(snapshot.graph().root(), self.by_class));
        }
        let only = cx.passing();
        let tree = DominatorTree {
            asker: cx.asker(snapshot),
            order: self.rows.table().order,
            by_class: self.by_class,
            marked: only.as_ref().ok().cloned().flatten(),
            only,
        };
        self.is_limited = matches!(tree.only, Ok(Some(_)));
        self.tool_bar(ui, cx, &tree);
        if self.as_tiles {
            self.tiles(ui, cx, snapshot);
            return;
        }
        self.rows.tree.outline.refresh(&tree);
        if self.follow(&tree) && self.is_limited {
            cx.send(Command::Limit(Limit::No));
        }
        let acted = self.rows.show(ui, cx, &tree, None);
        if acted.opened.is_some() {
            self.rows.tree.toggle_current(&tree);
        }
    }

    fn focus_id(&self) -> Id {
        if self.as_tiles {
            self.map.id()
        } else {
            self.rows.table().id()
        }
    }

    fn find(&mut self, ctx: &Context) {
        // Text is found in rows.
        self.as_tiles = false;
        self.rows.tree.finder.open(ctx);
    }

    fn reveal(&mut self, what: What) {
        if let What::Object(node) = what {
            self.wanted = Some(node);
        }
    }

    fn heeds_limit(&self) -> bool {
        true
    }

    fn shared(&self) -> Option<Shared> {
        let form = FORMS.iter().find(|(of, _)| *of == (self.as_tiles, self.by_class));
        Some(Shared {
            form: form.map_or("", |(_, name)| name),
            ..self.rows.shared("")
        })
    }

    fn adopt(&mut self, shared: &Shared, scrolled: f64) {
        if let Some((form, _)) = FORMS.iter().find(|(_, name)| *name == shared.form) {
            (self.as_tiles, self.by_class) = *form;
        }
        self.rows.adopt(HEADS, shared, scrolled);
    }
}
