//! The heap at a glance: where it comes from, what it is made of, who keeps it, and what is biggest in it.

mod classes;
mod facts;
mod made_of;
mod map;
mod objects;
mod section;

use eframe::egui::{Id, Rect, ScrollArea, Sense, Ui, UiBuilder, vec2};

use self::classes::Classes;
use self::objects::Objects;
use crate::gui::command::{Command, Showing};
use crate::gui::cx::{Cx, Place, Spec, View};
use crate::gui::rows::{RowTree, Subjects};
use crate::gui::theme::{Icon, Tokens};
use crate::gui::tile_map::TileMap;
use crate::gui::widgets::table::{HEADER, ROW};
use crate::job::{Lane, Slot};
use crate::query::made_of::MadeOf;
use crate::query::owners::FindOwners;
use crate::query::provenance::ProvenanceOf;
use crate::query::subject::{SnapshotId, What};

pub(super) const SPEC: Spec = Spec {
    id: "overview",
    title: "Overview",
    icon: Icon::SQUARES,
    place: Place::Centre,
    is_apart: false,
    is_of_two: false,
    stands_alone: true,
    key: None,
    takes: None,
    open: |id| Box::new(OverviewView::new(id)),
};

struct OverviewView {
    id: Id,
    provenance: Slot<ProvenanceOf>,
    owners: Slot<FindOwners>,
    /// What the objects are made of that pass the window's filter.
    made_of: Slot<MadeOf>,
    map: TileMap,
    classes: RowTree<Classes>,
    objects: RowTree<Objects>,
    of: Option<SnapshotId>,
    /// What in it had the keyboard last.
    focused: Id,
}

/// How many classes, and how many objects, are the biggest.
const BIGGEST: usize = 10;

const DONUT: f32 = 344.0;
/// Room for donut and map at least.
const LEAST_TOP: f32 = 420.0;
const BOTTOM: f32 = section::TITLE + HEADER + ROW * BIGGEST as f32 + 8.0;

impl OverviewView {
    fn new(id: Id) -> Self {
        let map = TileMap::new(id.with("map")).by_owner();
        Self {
            id,
            provenance: Slot::new(Lane::Frame),
            owners: Slot::new(Lane::Frame),
            made_of: Slot::new(Lane::Frame),
            focused: map.id(),
            map,
            classes: RowTree::new(
                "biggest classes",
                id,
                classes::level(),
                classes::DEFAULT_ORDER,
                ROW,
            ),
            objects: RowTree::new(
                "biggest objects",
                id,
                objects::Level::new(),
                objects::DEFAULT_ORDER,
                ROW,
            ),
            of: None,
        }
    }

    fn parts(&mut self, ui: &mut Ui, cx: &Cx<'_>, rect: Rect) {
        let tokens = Tokens::of(ui);
        let (head, rest) = rect.split_top_bottom_at_y(rect.top() + facts::HEIGHT);
        let (top, bottom) = rest.split_top_bottom_at_y(rest.bottom() - BOTTOM);
        let (donut, map) = top.split_left_right_at_x(top.left() + DONUT.min(top.width() * 0.4).round());
        let (classes, objects) = bottom.split_left_right_at_x(bottom.center().x.round());
        within(ui, head, |ui| facts::facts(ui, cx, self.provenance.latest()));
        within(ui, donut, |ui| made_of::made_of(ui, cx, &mut self.made_of));
        let owners = self.owners.latest().cloned();
        within(ui, map, |ui| map::show(ui, cx, &mut self.map, owners.as_deref()));
        within(ui, classes, |ui| self.classes(ui, cx));
        within(ui, objects, |ui| self.objects(ui, cx));
        let line = (1.0, tokens.stroke_subtle);
        for y in [head.bottom(), bottom.top()] {
            ui.painter().hline(rect.x_range(), y - 0.5, line);
        }
        ui.painter().vline(map.left() - 0.5, top.y_range(), line);
        ui.painter().vline(objects.left() - 0.5, bottom.y_range(), line);
    }

    fn classes(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((_, snapshot)) = cx.snapshot() else {
            return;
        };
        let face = Classes {
            asker: cx.asker(snapshot),
            order: self.classes.table().order,
            filter: cx.filter(),
        };
        let about = classes::about(face.order);
        if section::title(ui, "Biggest classes", about, "Open Summary") {
            cx.send(Command::Show(Showing::Focus("summary")));
        }
        let key = match cx.selected() {
            Some(What::Class(class)) => Some(class),
            _ => None,
        };
        follow(&mut self.classes, cx, &face, key);
        let acted = self.classes.show(ui, cx, &face, None);
        go(cx, &face, acted.opened.as_ref());
    }

    fn objects(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((_, snapshot)) = cx.snapshot() else {
            return;
        };
        let face = Objects {
            asker: cx.asker(snapshot),
            order: self.objects.table().order,
            owners: self.owners.latest().cloned(),
            only: cx.passing(),
        };
        if section::title(ui, "Biggest objects", "by retained size", "Open Dominators") {
            cx.send(Command::Show(Showing::Focus("dominators")));
        }
        let key = match cx.selected() {
            Some(What::Object(node)) => Some(node),
            _ => None,
        };
        follow(&mut self.objects, cx, &face, key);
        let acted = self.objects.show(ui, cx, &face, None);
        go(cx, &face, acted.opened.as_ref());
    }
}

impl View for OverviewView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let Some((id, snapshot)) = cx.snapshot() else {
            return;
        };
        if self.of != Some(id) {
            self.of = Some(id);
            self.map.restart(snapshot.graph().root());
            self.classes.restart(classes::level());
            self.objects.restart(objects::Level::new());
        }
        let asker = cx.asker(snapshot);
        asker.ask(&mut self.provenance, &ProvenanceOf);
        asker.ask(&mut self.owners, &FindOwners);
        let room = ui.available_rect_before_wrap();
        let height = room.height().max(facts::HEIGHT + LEAST_TOP + BOTTOM);
        ScrollArea::vertical()
            .id_salt(self.id)
            .auto_shrink(false)
            .show(ui, |ui| {
                let size = vec2(room.width(), height);
                let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
                self.parts(ui, cx, rect);
            });
        let parts = [
            self.map.id(),
            self.classes.table().id(),
            self.objects.table().id(),
        ];
        if let Some(focused) = ui.memory(eframe::egui::Memory::focused)
            && parts.contains(&focused)
        {
            self.focused = focused;
        }
    }

    fn focus_id(&self) -> Id {
        self.focused
    }

    fn heeds_limit(&self) -> bool {
        true
    }
}

fn within(ui: &mut Ui, rect: Rect, contents: impl FnOnce(&mut Ui)) {
    ui.scope_builder(UiBuilder::new().max_rect(rect), |ui| {
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        contents(ui);
    });
}

/// Puts the cursor of a table on what is selected, if that is in it and was not chosen there.
fn follow<F: Subjects>(rows: &mut RowTree<F>, cx: &Cx<'_>, face: &F, key: Option<F::Key>) {
    let selection = cx.selected().and_then(|what| cx.subject(what));
    let outline = &mut rows.tree.outline;
    if selection == rows.known || !outline.is_known(&[]) {
        return;
    }
    rows.known = selection;
    match key.and_then(|key| outline.reveal(face, &[], key)) {
        Some(path) => rows.tree.go_to(face, path),
        None => rows.tree.choose_nothing(),
    }
}

/// Shows what was opened where all of its kind stand.
fn go<F: Subjects>(cx: &Cx<'_>, face: &F, row: Option<&F::Row>) {
    if let Some(subject) = row.and_then(|row| face.subject(cx, row)) {
        cx.go_home(subject);
    }
}
