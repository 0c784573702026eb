//! The shortest way from a root to the selected object as a chain, and the next best ones beside it.

mod cut;
mod question;
mod rows;
mod side;

use std::sync::Arc;

use eframe::egui::{Context, Id, Key, Rect, Shape, Stroke, Ui, UiBuilder, pos2};

use self::question::{FindWays, Line};
use self::rows::{Level, Links, Row};
use self::side::Done;
use crate::base::index::NodeIx;
use crate::gui::cx::{Cx, Place, Spec, View};
use crate::gui::rows::{OwnLine, RowTree};
use crate::gui::theme::{Icon, Tokens};
use crate::gui::widgets::banner::{Banner, Tone};
use crate::gui::widgets::empty;
use crate::gui::widgets::outline::Item;
use crate::gui::widgets::table::PADDING;
use crate::job::{Lane, Slot};
use crate::query::Order;
use crate::query::edges::EdgeColumn;
use crate::query::owners::FindOwners;
use crate::query::subject::{SnapshotId, What};
use crate::snapshot::Snapshot;

pub(super) const SPEC: Spec = Spec {
    id: "chain",
    title: "Chain",
    icon: Icon::PATH,
    place: Place::Bottom,
    is_apart: false,
    is_of_two: false,
    stands_alone: false,
    key: None,
    takes: Some("Retaining chain"),
    open: |id| Box::new(ChainView::new(id)),
};

struct ChainView {
    rows: RowTree<Links>,
    of: Option<(SnapshotId, NodeIx)>,
    ways: Slot<FindWays>,
    owners: Slot<FindOwners>,
    /// Which way is shown.
    shown: usize,
    /// The step that is worth cutting, and of what that was found out.
    cut: Option<(Known, Option<usize>)>,
    /// Is the object to be brought on the screen?
    is_new: bool,
}

/// What was known: the answers about ways and owners, and which way was shown.
type Known = (u64, u64, usize);

/// What can be done with the chain besides what can be done with any row.
const COPY: OwnLine = OwnLine {
    icon: Icon::COPY,
    text: "Copy chain",
    key: Key::Y,
};

/// Height of a row.
const ROW: f32 = 26.0;
/// Other ways stand beside the chain if this much is left to it.
const LEAST_CHAIN: f32 = 560.0;
/// What a cut frees stands in its row if this much is left to it.
const WIDE_CHAIN: f32 = 800.0;
/// Where the rail runs, from the left.
const RAIL: f32 = PADDING + 16.0 + 6.0;

/// The way from the root on: it has no other order.
const fn order() -> Order<EdgeColumn> {
    Order::ascending(EdgeColumn::Distance)
}

impl ChainView {
    fn new(id: Id) -> Self {
        Self {
            rows: RowTree::new("chain", id, Level::Way, order(), ROW)
                .about_selection()
                .without_header(),
            of: None,
            ways: Slot::new(Lane::Frame),
            owners: Slot::new(Lane::Bulk),
            shown: 0,
            cut: None,
            is_new: true,
        }
    }

    /// What is known of the chain to `node`.
    fn links(&mut self, cx: &Cx<'_>, snapshot: &Arc<Snapshot>, node: NodeIx) -> Links {
        let asker = cx.asker(snapshot);
        let mut asked = asker.ask(&mut self.ways, &FindWays { node });
        asker.ask(&mut self.owners, &FindOwners);
        let known = (self.ways.version(), self.owners.version(), self.shown);
        // Rows change with all of these; the versions only ever grow.
        asked.version = asked.version + self.owners.version() + self.shown as u64;
        let mut links = Links {
            asker,
            asked,
            ways: self.ways.latest().cloned(),
            shown: self.shown,
            owners: self.owners.latest().cloned(),
            cut: None,
            is_wide: false,
        };
        links.cut = match self.cut {
            Some((of, cut)) if of == known => cut,
            _ => {
                let cut = cut::worth(&links);
                self.cut = Some((known, cut));
                cut
            }
        };
        links
    }

    fn show_way(&mut self, way: usize) {
        self.shown = way;
        self.rows.restart(Level::Way);
        self.is_new = true;
    }

    /// Puts the cursor on the object, once it is there.
    fn begin(&mut self, links: &Links) {
        let Some(last) = links.way().and_then(|way| way.lines.last()) else {
            return;
        };
        let outline = &mut self.rows.tree.outline;
        outline.refresh(links);
        self.is_new = false;
        if let Some(path) = outline.reveal(links, &[], *last) {
            self.rows.tree.go_to(links, path);
        }
    }

    fn chain(&mut self, ui: &mut Ui, cx: &Cx<'_>, links: &Links) -> Done {
        let acted = self.rows.show(ui, cx, links, Some(COPY));
        self.rail(ui, links);
        if let Some(row) = acted.opened {
            match row.line {
                Line::Fold { .. } => self.rows.tree.toggle_current(links),
                Line::Step(_) => self.rows.go(cx, links, &row),
            }
        }
        if acted.own.is_some() {
            return Done::Copy;
        }
        Done::Nothing
    }

    /// The rail with a dot for each row, over the rows.
    fn rail(&self, ui: &Ui, links: &Links) {
        let table = self.rows.table();
        // Only looked up: to ask for its response once more would take the keyboard from it.
        let rect = ui.viewport(|viewport| Some(viewport.this_pass.widgets.get(table.id())?.rect));
        let Some(rect) = rect else { return };
        let tokens = Tokens::of(ui);
        let body = rect;
        let painter = ui.painter().with_clip_rect(body.intersect(ui.clip_rect()));
        let outline = &self.rows.tree.outline;
        let rows = outline.rows();
        let first = (table.offset() / f64::from(ROW)) as u64;
        let top = body.top() - (table.offset() % f64::from(ROW)) as f32;
        let x = body.left() + RAIL;
        let object = links.way().and_then(|way| way.lines.last().copied());
        let mut y = top + ROW / 2.0;
        for index in first..rows {
            if y - ROW > body.bottom() {
                break;
            }
            let Some(line) = outline.at(links, index) else {
                break;
            };
            let Item::Row(Row { line, is_inner }) = line.item else {
                break;
            };
            let is_fold = matches!(line, Line::Fold { .. });
            if index + 1 < rows {
                let next = outline.at(links, index + 1);
                let leads_to_fold = next.is_some_and(|next| {
                    matches!(
                        next.item,
                        Item::Row(Row {
                            line: Line::Fold { .. },
                            ..
                        })
                    )
                });
                let stroke = (1.0, tokens.stroke_strong);
                // Where steps are folded away, the rail says so.
                if is_fold || leads_to_fold {
                    let ends = [pos2(x, y), pos2(x, y + ROW)];
                    painter.extend(Shape::dashed_line(&ends, stroke, 3.0, 3.0));
                } else {
                    painter.vline(x, y..=y + ROW, stroke);
                }
            }
            let center = pos2(x, y.round());
            match line {
                Line::Fold { .. } => {
                    let stroke = Stroke::new(1.0, tokens.text_subdued);
                    painter.circle(center, 3.5, tokens.bg_canvas, stroke);
                }
                line if Some(line) == object => {
                    painter.circle_filled(center, 4.5, tokens.accent_text);
                }
                Line::Step(_) => {
                    let radius = if is_inner { 2.5 } else { 3.5 };
                    painter.circle_filled(center, radius, tokens.text_subdued);
                }
            }
            y += ROW;
        }
    }
}

impl View for ChainView {
    fn ui(&mut self, ui: &mut Ui, cx: &Cx<'_>) {
        let (Some((id, snapshot)), Some(What::Object(object))) = (cx.snapshot(), cx.selected()) else {
            self.of = None;
            empty(
                ui,
                "Select an object above to see the shortest way from a root to it.",
            );
            return;
        };
        if self.of != Some((id, object)) {
            self.of = Some((id, object));
            // A new slot counts its answers anew: what was found out of the old ones' is not known of these.
            self.ways = Slot::new(Lane::Frame);
            self.cut = None;
            self.show_way(0);
        }
        let mut links = self.links(cx, snapshot, object);
        if links.ways.as_ref().is_some_and(|ways| ways.is_empty()) {
            let lead = "Nothing holds this object; it is garbage";
            Banner::new(Tone::Warn, Icon::LINK_BREAK, lead, "").show(ui);
            return;
        }
        if self.is_new {
            self.begin(&links);
        }
        let room = ui.available_rect_before_wrap();
        let has_side = room.width() >= LEAST_CHAIN + side::WIDTH && links.ways.is_some();
        links.is_wide = room.width() >= WIDE_CHAIN + side::WIDTH;
        let part =
            |ui: &mut Ui, rect: Rect, salt: &str| ui.new_child(UiBuilder::new().max_rect(rect).id_salt(salt));
        let (chain, beside) = if has_side {
            room.split_left_right_at_x(room.right() - side::WIDTH)
        } else {
            room.split_top_bottom_at_y(room.bottom() - side::BAR)
        };
        let mut done = self.chain(&mut part(ui, chain, "chain"), cx, &links);
        let mut beside = part(ui, beside, "side");
        let other = if has_side {
            side::show(&mut beside, &links)
        } else {
            side::bar(&mut beside, &links)
        };
        if !matches!(other, Done::Nothing) {
            done = other;
        }
        ui.advance_cursor_after_rect(room);
        match done {
            Done::Nothing => {}
            Done::Choose(way) => self.show_way(way),
            Done::Copy => ui.copy_text(links.text()),
        }
    }

    fn focus_id(&self) -> Id {
        self.rows.table().id()
    }

    fn find(&mut self, ctx: &Context) {
        self.rows.tree.finder.open(ctx);
    }
}
