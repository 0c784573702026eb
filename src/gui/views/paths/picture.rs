//! The retaining graph on the screen: moved by dragging, enlarged by the wheel, walked with the arrow keys.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use eframe::egui::epaint::CubicBezierShape;
use eframe::egui::{
    Color32, EventFilter, FontId, Id, Key, Modifiers, Painter, Pos2, Rect, Role, Sense, Shape, StrokeKind,
    Ui, Vec2, WidgetInfo, pos2, vec2,
};
use petgraph::Direction;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef as _;

use crate::base::index::NodeIx;
use crate::base::task::Task;
use crate::gui::export::{Document, Stopped};
use crate::gui::theme::{Icon, Tokens, fonts, icons};
use crate::gui::widgets::button::icon_button;
use crate::gui::widgets::focus_ring;
use crate::gui::widgets::strip::{self, Strip};
use crate::query::paths::graph::svg::{self, BOX, GAP};
use crate::query::paths::graph::{RetainingGraph, Vertex};

/// How the picture is looked at.
pub(super) struct Look {
    id: Id,
    /// Where the picture's corner is, from that of the room.
    pan: Vec2,
    zoom: f32,
    chosen: Option<NodeIndex>,
    /// Is it still to be brought into the room?
    is_new: bool,
}

const LEAST_ZOOM: f32 = 0.25;
const MOST_ZOOM: f32 = 2.5;
const MARGIN: f32 = 16.0;
/// Lines are named where letters can be read.
const NAMED_FROM: f32 = 0.6;

impl Look {
    pub(super) fn new(id: Id) -> Self {
        Self {
            id,
            pan: Vec2::ZERO,
            zoom: 1.0,
            chosen: None,
            is_new: true,
        }
    }

    pub(super) const fn id(&self) -> Id {
        self.id
    }

    pub(super) fn restart(&mut self) {
        self.is_new = true;
        self.chosen = None;
    }

    /// Buttons for the tool bar.
    pub(super) fn tools(&mut self, ui: &mut Ui) {
        if icon_button(ui, Icon::PLUS, "Enlarge", 24.0).clicked() {
            self.zoom = (self.zoom * 1.25).min(MOST_ZOOM);
        }
        if icon_button(ui, Icon::MINUS, "Make smaller", 24.0).clicked() {
            self.zoom = (self.zoom / 1.25).max(LEAST_ZOOM);
        }
        if icon_button(ui, Icon::ARROW_CLOCKWISE, "Fit to the window", 24.0).clicked() {
            self.is_new = true;
        }
    }

    /// Paints the picture in all the room there is; returns the object that was chosen now.
    pub(super) fn show(&mut self, ui: &mut Ui, graph: &RetainingGraph) -> Option<NodeIx> {
        let room = ui.available_rect_before_wrap();
        let response = ui.interact(room, self.id, Sense::click_and_drag());
        ui.advance_cursor_after_rect(room);
        response.widget_info(|| WidgetInfo::labeled(Role::Group, true, "Retaining graph"));
        if std::mem::take(&mut self.is_new) {
            self.fit(room, graph);
        }
        if response.dragged() {
            self.pan += response.drag_delta();
        }
        if response.clicked() {
            response.request_focus();
        }
        self.wheel(ui, room);
        let before = self.chosen;
        if response.has_focus() {
            self.keys(ui, room, graph);
        }
        let inner = ui.new_child(eframe::egui::UiBuilder::new().max_rect(room));
        let painter = inner.painter().with_clip_rect(room.intersect(ui.clip_rect()));
        let tokens = Tokens::of(ui);
        self.lines(&painter, room, graph, tokens);
        for at in graph.node_indices() {
            let rect = self.rect(room, &graph[at]);
            let seen = rect.intersect(room);
            if !seen.is_positive() {
                continue;
            }
            let touch = inner.interact(seen, self.id.with(at.index()), Sense::click());
            let is_chosen = self.chosen == Some(at);
            let vertex = &graph[at];
            let name = format!("{}, {}", vertex.title, vertex.note);
            touch.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, &name));
            if touch.clicked() {
                self.chosen = Some(at);
                response.request_focus();
            }
            let look = if is_chosen {
                tokens.bg_selected
            } else if touch.hovered() {
                tokens.bg_hover
            } else {
                tokens.bg_panel
            };
            self.paint(&painter, rect, vertex, look, tokens);
            if is_chosen && response.has_focus() {
                focus_ring(&inner, rect, 4.0);
            }
        }
        let chosen = self.chosen.filter(|_| self.chosen != before)?;
        graph.node_weight(chosen)?.node
    }

    fn fit(&mut self, room: Rect, graph: &RetainingGraph) {
        let [width, height] = svg::size(graph);
        let share = (room.width() - 2.0 * MARGIN) / width;
        let share = share.min((room.height() - 2.0 * MARGIN) / height);
        self.zoom = share.clamp(0.8, 1.0);
        let top = (room.height() - height * self.zoom) / 2.0;
        self.pan = vec2(MARGIN, top.max(MARGIN));
        // What does not fit is looked at from the root on.
        if height * self.zoom > room.height() - 2.0 * MARGIN
            && let Some(root) = graph.node_weight(NodeIndex::new(0))
        {
            let [_, y] = svg::corner(root);
            self.pan.y = room.height() / 2.0 - (y + BOX[1] / 2.0) * self.zoom;
        }
    }

    fn wheel(&mut self, ui: &Ui, room: Rect) {
        let Some(at) = ui
            .input(|input| input.pointer.hover_pos())
            .filter(|at| room.contains(*at))
        else {
            return;
        };
        let (scrolled, pinched) = ui.input(|input| (input.smooth_scroll_delta(), input.zoom_delta()));
        self.pan.x += scrolled.x;
        let factor = pinched * (scrolled.y / 240.0).exp();
        let zoom = (self.zoom * factor).clamp(LEAST_ZOOM, MOST_ZOOM);
        // What is under the pointer stays there.
        let from = at - room.min - self.pan;
        self.pan += from * (1.0 - zoom / self.zoom);
        self.zoom = zoom;
    }

    fn keys(&mut self, ui: &Ui, room: Rect, graph: &RetainingGraph) {
        let filter = EventFilter {
            horizontal_arrows: true,
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(self.id, filter));
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let now = self.chosen;
        let next = |direction| {
            let from = now?;
            graph.neighbors_directed(from, direction).min_by(|a, b| {
                let far = |at: &NodeIndex| (graph[*at].row - graph[from].row).abs();
                far(a).total_cmp(&far(b)).then(a.cmp(b))
            })
        };
        let beside = |is_below: bool| {
            let from = &graph[now?];
            let far = |at: &NodeIndex| (graph[*at].row - from.row) * if is_below { 1.0 } else { -1.0 };
            let others = graph
                .node_indices()
                .filter(|at| graph[*at].column == from.column && far(at) > 0.0);
            others.min_by(|a, b| far(a).total_cmp(&far(b)))
        };
        let root = Some(NodeIndex::new(0)).filter(|_| graph.node_count() > 0);
        for (key, to) in [
            (Key::ArrowLeft, next(Direction::Incoming)),
            (Key::ArrowRight, next(Direction::Outgoing)),
            (Key::ArrowUp, beside(false)),
            (Key::ArrowDown, beside(true)),
            (Key::Home, root),
        ] {
            if pressed(key) {
                self.chosen = to.or(now).or(root);
            }
        }
        if pressed(Key::Plus) {
            self.zoom = (self.zoom * 1.25).min(MOST_ZOOM);
        }
        if pressed(Key::Minus) {
            self.zoom = (self.zoom / 1.25).max(LEAST_ZOOM);
        }
        if self.chosen != now
            && let Some(chosen) = self.chosen
        {
            let rect = self.rect(room, &graph[chosen]);
            let inner = room.shrink(MARGIN);
            self.pan += vec2(
                (inner.left() - rect.left()).max(0.0) + (inner.right() - rect.right()).min(0.0),
                (inner.top() - rect.top()).max(0.0) + (inner.bottom() - rect.bottom()).min(0.0),
            );
        }
    }

    fn rect(&self, room: Rect, vertex: &Vertex) -> Rect {
        let [x, y] = svg::corner(vertex);
        let corner = room.min + self.pan + vec2(x, y) * self.zoom;
        Rect::from_min_size(corner, vec2(BOX[0], BOX[1]) * self.zoom)
    }

    fn scaled(&self, font: FontId) -> FontId {
        FontId::new(font.size * self.zoom, font.family)
    }

    fn paint(&self, painter: &Painter, rect: Rect, vertex: &Vertex, fill: Color32, tokens: &Tokens) {
        let stroke = if vertex.is_asked {
            tokens.accent_text
        } else {
            tokens.stroke_strong
        };
        painter.rect(rect, 4.0, fill, (1.0, stroke), StrokeKind::Inside);
        let inner = rect.shrink2(vec2(8.0, 3.0) * self.zoom);
        let (title, note) = inner.split_top_bottom_at_fraction(0.5);
        let mut line = Strip::new(painter, title);
        if vertex.node.is_some() {
            let (icon, tint) = icons::of_node(vertex.kind, &vertex.title, tokens);
            line.icon(icon, 13.0 * self.zoom, tint).space(5.0 * self.zoom);
        }
        line.text(&vertex.title, self.scaled(fonts::body()), tokens.text_strong);
        Strip::new(painter, note).text(&vertex.note, self.scaled(fonts::small()), tokens.text_subdued);
    }

    fn lines(&self, painter: &Painter, room: Rect, graph: &RetainingGraph, tokens: &Tokens) {
        for edge in graph.edge_references() {
            let from = self.rect(room, &graph[edge.source()]).right_center();
            let to = self.rect(room, &graph[edge.target()]).left_center();
            let stroke = (1.0, tokens.stroke_strong);
            let bend = vec2(GAP[0] / 2.0 * self.zoom, 0.0);
            if edge.weight().is_beside {
                painter.extend(Shape::dashed_line(&[from, to], stroke, 4.0, 3.0));
                continue;
            }
            let points: [Pos2; 4] = [from, from + bend, to - bend, to];
            painter.add(CubicBezierShape::from_points_stroke(
                points,
                false,
                Color32::TRANSPARENT,
                stroke,
            ));
            if self.zoom >= NAMED_FROM {
                let least = pos2(from.x + 4.0, to.y - 16.0 * self.zoom);
                let line = Rect::from_min_max(least, pos2(to.x - 4.0, to.y - 1.0));
                let font = self.scaled(fonts::small());
                let width = (GAP[0] - 8.0) * self.zoom;
                let text = strip::cut(painter, &edge.weight().name, font, tokens.text_subdued, width);
                let at = pos2(line.right() - text.size().x, line.top());
                painter.galley(at, text, tokens.text_subdued);
            }
        }
    }
}

/// The picture as a file.
#[derive(Debug)]
pub(super) struct GraphFile(pub(super) Arc<RetainingGraph>);

impl Document for GraphFile {
    fn name(&self) -> &'static str {
        "retaining-graph"
    }

    fn wish(&self) -> &'static str {
        "Export the picture"
    }

    fn forms(&self) -> &'static [(&'static str, &'static str)] {
        &[("SVG", "svg"), ("Graphviz", "dot")]
    }

    fn write(&self, path: &Path, out: &mut dyn Write, _task: &Task) -> Result<String, Stopped> {
        out.write_all(svg::as_file(&self.0, path).as_bytes())?;
        Ok(String::new())
    }
}
